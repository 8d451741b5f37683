"""
Outages on order: what shall go wrong the next time somebody calls a method.

The stand-ins for AWS and Slack ask here before they carry a call out. What an error's name means
on the wire is theirs to know.
"""

from collections import defaultdict, deque
from threading import Lock


class Faults:
    """Errors waiting for their call, in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: defaultdict[str, deque[str]] = defaultdict(deque)

    def add(self, method: str, error: str, times: int = 1) -> None:
        """Let the next *times* calls of *method* meet *error*."""
        with self._lock:
            self._waiting[method].extend([error] * times)

    def take(self, method: str) -> str | None:
        """The error that this call of *method* meets; None if it goes well."""
        with self._lock:
            waiting = self._waiting[method]
            return waiting.popleft() if waiting else None
