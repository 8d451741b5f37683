"""Trouble on order, before or after any call to any port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Troubled:
    """*port*, whose calls fail as *trouble* says: "before" they do anything, "after", or not."""

    def __init__(self, port: Any, trouble: Iterator[str]) -> None:
        self._port = port
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._wrapped(found) if callable(found) else found

    def _wrapped(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def troubled(*given: Any, **named: Any) -> Any:
            when = next(self._trouble, "")
            if when == "before":
                raise Unavailable("nothing was done")
            answer = call(*given, **named)
            if when == "after":
                raise Unavailable("done, but nobody heard")
            return answer

        return troubled
