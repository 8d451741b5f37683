"""How the parts of a workspace change: one at a time, counted, and so that readers can wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Changes:
    """Counts the changes; the number of the last one is the revision of the whole workspace."""

    def __init__(self) -> None:
        self._changed = Condition()
        self.revision = 0

    @contextmanager
    def one(self) -> Iterator[int]:
        """Make one change, alone, and be told its number. A change that fails is not counted."""
        with self._changed:
            coming = self.revision + 1
            yield coming
            # Counted last: who reads this number without the lock finds the change made.
            self.revision = coming
            self._changed.notify_all()

    def wait(self, after: int, seconds: float) -> int:
        """Wait for a revision other than *after*, but not longer than *seconds*."""
        with self._changed:
            self._changed.wait_for(lambda: self.revision != after, seconds)
            return self.revision
