"""Changes of a workspace: one at a time, counted, and readers can wait for the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Changes:
    """The changes so far; the number of the last one is the revision of the whole workspace."""

    def __init__(self) -> None:
        self._changed = Condition()
        self.revision = 0

    @contextmanager
    def one(self) -> Iterator[int]:
        """Make one change while nobody else makes one. A change that fails is not counted."""
        with self._changed:
            revision = self.revision + 1
            yield revision
            # Last: whoever reads the number without the lock sees the change made.
            self.revision = revision
            self._changed.notify_all()

    def wait(self, after: int, seconds: float) -> int:
        """Wait for a revision other than *after*, but not longer than *seconds*."""
        with self._changed:
            self._changed.wait_for(lambda: self.revision != after, seconds)
            return self.revision
