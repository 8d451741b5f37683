"""By when Slack wants its answer: the time is shared out among the calls that a request takes."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SLACK_WAITS: Final = 3.0
"""Seconds, from the timestamp of a request on (Slack, "Acknowledgment response")."""
MARGIN: Final = 0.2
"""Seconds for the answer's way back to Slack, and for the function's own work."""
LEAST: Final = 0.4
"""Seconds that each call gets, even after the deadline: a late vote is better than a lost one."""
FOR_FORM: Final = 0.6
"""Seconds that are kept for opening a form."""
FOR_QUEUE: Final = 0.8
"""Seconds that are kept for the queue, and for telling it in the form if that did not answer."""


class Deadline:
    """By when the current request has to be answered. *clock* counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end = inf
        self.opens_form = False

    def begin(self, age: float, *, opens_form: bool) -> None:
        """
        Begin with a request that Slack sent *age* seconds ago, by its timestamp.

        The timestamp is cut to whole seconds: on average, half a second has been cut. If it
        *opens_form*, time is kept for that.
        """
        self.opens_form = opens_form
        passed = max(0.0, age - 0.5)
        self._end = self._clock() + max(LEAST, SLACK_WAITS - MARGIN - passed)

    def seconds(self, most: float, *, keep: float = 0.0) -> float:
        """Return how long a call may take: *most*, or what is left if *keep* seconds are kept."""
        return max(LEAST, min(most, self._end - self._clock() - keep))

    @property
    def is_over(self) -> bool:
        """Whether there is time for one more call at most: nothing is tried again."""
        return round(self._end - self._clock(), 3) <= LEAST


NO_DEADLINE: Final = Deadline(lambda: 0.0)
"""For calls that nobody waits for; it never begins."""
