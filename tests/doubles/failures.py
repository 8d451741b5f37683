"""Failures as a test orders them, before or after any call to any port."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from bot.core.errors import Throttled, Unavailable

Failures = Callable[[str], str]
"""
Told the name of each call: whether it fails "before" it does anything, "after", or not ("").

If it is "throttled", it fails before it does anything, and says so where the port promises to.
"killed before" and "killed after" end the process there, and nothing can be done about it.
"""


class Killed(BaseException):
    """The process was ended, as by Lambda after its timeout."""


def none(_name: str) -> str:
    """Nothing fails."""
    return ""


def nth(call: int, when: str) -> Failures:
    """The call that comes after so many others fails."""
    numbers = count()
    return lambda _name: when if next(numbers) == call else ""


def on(name: str, when: str) -> Failures:
    """The first call of that name fails."""
    remaining = [when]
    return lambda called: remaining.pop() if called == name and remaining else ""


def nth_of(name: str, call: int, when: str) -> Failures:
    """The call of that name that comes after so many others of it fails."""
    numbers = count()
    return lambda called: when if called == name and next(numbers) == call else ""


class WithFailures:
    """*port*, whose calls fail as *failures* says."""

    def __init__(self, port: Any, failures: Failures) -> None:
        self._port = port
        self._failures = failures

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._port, name)
        return self._wrapped(name, attribute) if callable(attribute) else attribute

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*args: Any, **kwargs: Any) -> Any:
            when = self._failures(name)
            if when == "throttled":
                # Of a post that looks for an earlier one, it is the search.
                raise (Unavailable if kwargs.get("since") else Throttled)("over the rate limit", 1)
            if when == "killed before":
                raise Killed
            if when == "before":
                raise Unavailable("nothing was done")
            answer = call(*args, **kwargs)
            if when == "killed after":
                raise Killed
            if when == "after":
                raise Unavailable("done, but the answer was lost")
            return answer

        return failing
