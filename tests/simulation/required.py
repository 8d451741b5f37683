"""A promise that was not kept."""

from __future__ import annotations


class Broken(AssertionError):
    """A promise that was not kept: which, and how."""

    def __init__(self, promise: str, detail: object) -> None:
        super().__init__(f"{promise}: {detail}")
        self.promise = promise


def require(condition: object, promise: str, detail: object = "") -> None:
    """Raise Broken unless *condition* holds."""
    if not condition:
        raise Broken(promise, detail)
