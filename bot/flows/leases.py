"""How a lease ends when the job under it fails."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bot.core.errors import BotError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def released_on_error(release: Callable[[Exception], int]) -> Iterator[None]:
    """
    End the lease if this fails, so that the job can be tried again soon.

    *release* ends it, and returns for how many seconds nothing can be told.
    """
    try:
        yield
    except Exception as error:
        with suppress(BotError):  # then the lease runs out
            lag = release(error)
            if isinstance(error, Unavailable):
                error.retry_after = max(error.retry_after, lag)
        raise
