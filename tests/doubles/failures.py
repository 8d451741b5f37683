"""Failures as a test orders them, before or after any call to any port."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from bot.core.errors import Unavailable

Failures = Callable[[str], str]
"""Told the name of each call: whether it fails "before" it does anything, "after", or not ("")."""


def none(_name: str) -> str:
    """Nothing fails."""
    return ""


def nth(call: int, when: str) -> Failures:
    """The call that comes after so many others fails."""
    numbers = count()
    return lambda _name: when if next(numbers) == call else ""


def on(name: str, when: str) -> Failures:
    """The first call of that name fails."""
    left = [when]
    return lambda called: left.pop() if called == name and left else ""


class WithFailures:
    """*port*, whose calls fail as *failures* says."""

    def __init__(self, port: Any, failures: Failures) -> None:
        self._port = port
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._wrapped(name, found) if callable(found) else found

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*given: Any, **named: Any) -> Any:
            when = self._failures(name)
            if when == "before":
                raise Unavailable("nothing was done")
            answer = call(*given, **named)
            if when == "after":
                raise Unavailable("done, but nobody heard")
            return answer

        return failing
