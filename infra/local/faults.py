"""
Fault injection: which calls fail next, and with which error.

The stand-ins for AWS and Slack ask here before they answer a call. How an error looks on the wire
is for them to decide (`aws_faults`, `slack.slack_faults`).
"""

from collections import defaultdict, deque
from threading import Lock


class Faults:
    """Errors for coming calls, by method and in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: defaultdict[str, deque[str]] = defaultdict(deque)

    def add(self, method: str, error: str, times: int = 1) -> None:
        """Let the next *times* calls of *method* fail with *error*."""
        with self._lock:
            self._waiting[method].extend([error] * times)

    def take(self, method: str) -> str | None:
        """Remove and return the error for this call of *method*; None if it succeeds."""
        with self._lock:
            waiting = self._waiting[method]
            return waiting.popleft() if waiting else None
