"""Trouble on order, before or after any call to any port."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from bot.core.errors import Unavailable

Trouble = Callable[[str], str]
"""Told the name of each call: whether it fails "before" it does anything, "after", or not ("")."""


def none(_name: str) -> str:
    """Nothing fails."""
    return ""


def nth(call: int, when: str) -> Trouble:
    """The call that comes after so many others fails."""
    numbers = count()
    return lambda _name: when if next(numbers) == call else ""


def on(name: str, when: str) -> Trouble:
    """The first call of that name fails."""
    left = [when]
    return lambda called: left.pop() if called == name and left else ""


class Troubled:
    """*port*, whose calls fail as *trouble* says."""

    def __init__(self, port: Any, trouble: Trouble) -> None:
        self._port = port
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._wrapped(name, found) if callable(found) else found

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def troubled(*given: Any, **named: Any) -> Any:
            when = self._trouble(name)
            if when == "before":
                raise Unavailable("nothing was done")
            answer = call(*given, **named)
            if when == "after":
                raise Unavailable("done, but nobody heard")
            return answer

        return troubled
