"""What can go wrong with one call, in words, and which calls it can happen to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import Declined, Forbidden, Stale, Throttled, Unavailable, Undeliverable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.workers import Call

FAILS: Final = "it fails"
LOST: Final = "it is done, but the answer is lost"
TWICE: Final = "it is done, and sent again"
THROTTLED: Final = "it is throttled"
FORBIDDEN: Final = "it is forbidden"
REFUSED: Final = "it is refused"
DONE_AND_REFUSED: Final = "it is done, its answer is lost, and sent again it is refused"
LATE: Final = "it takes eight seconds"
LAGS: Final = "its answer is some seconds old"
DIES_BEFORE: Final = "the worker dies before it"
DIES_AFTER: Final = "the worker dies after it"

DISTURBING: Final = {
    FAILS,
    LOST,
    TWICE,
    THROTTLED,
    FORBIDDEN,
    REFUSED,
    DONE_AND_REFUSED,
    LAGS,
    DIES_BEFORE,
    DIES_AFTER,
}
"""After these, only the next attempt or a sweep may bring things in order."""
ALL: Final = DISTURBING | {LATE}
_WRITES: Final = {
    "ledger.save",
    "ledger.save_endpoint",
    "ledger.save_sweep_place",
    "ledger.save_rate_limit",
    "ledger.append_checkpoint",
}
_LAGGING: Final = {
    "registry.describe",
    "registry.versions",
    "registry.versions_with_status",
    "endpoints.describe",
    "ledger.open_summaries",
    "ledger.summaries",
    "chat.post",
}
FORBIDDABLE: Final = {"registry.describe", "registry.versions", "registry.versions_with_status"}
"""What the role for reading a registry allows; another role makes decisions."""
_REFUSABLE: Final = {"registry.apply", "chat.post", "chat.update", "chat.post_private"}


_KINDS: Final = {
    "fails": (FAILS, LOST),
    "dies": (DIES_BEFORE, DIES_AFTER),
    "throttled": (THROTTLED,),
    "twice": (TWICE,),
    "refused": (REFUSED, DONE_AND_REFUSED),
    "late": (LATE,),
    "lags": (LAGS,),
}
_ONLY: Final = {
    TWICE: _WRITES | {"registry.apply", "queue.send_all"},
    REFUSED: _REFUSABLE,
    DONE_AND_REFUSED: {"registry.apply"},
    LAGS: _LAGGING,
}
"""The calls that a fault can happen to; the others can happen to each."""


def possible(kind: str, call: Call) -> list[str]:
    """List the faults of a *kind* that *call* can have."""
    if kind == "refused" and call.kwargs.get("since"):
        return []  # it is looked for first, and the search is not refused
    return [fault for fault in _KINDS.get(kind, ()) if call.name in _ONLY.get(fault, {call.name})]


def ending(fault: str, call: Call) -> Callable[[], Any]:
    """Return how *call* ends with *fault*, as a function that the worker calls in its place."""

    def end() -> Any:
        match fault:
            case _ if fault == FAILS:
                raise Unavailable("nothing was done")
            case _ if fault == THROTTLED:
                kind = Unavailable if call.kwargs.get("since") else Throttled
                raise kind("over the rate limit", 1)
            case _ if fault == FORBIDDEN:
                raise Forbidden("AccessDenied")
            case _ if fault == REFUSED:
                raise _refusal(call)
        answer = call.make()
        match fault:
            case _ if fault == LOST:
                raise Unavailable("it was done, but the answer was lost")
            case _ if fault == DONE_AND_REFUSED:
                raise _refusal(call)
            case _ if fault == TWICE and call.name in _WRITES:
                raise Stale("the condition of the second write did not hold")
            case _ if fault == TWICE:
                return call.make()
        return answer

    return end


def _refusal(call: Call) -> Exception:
    if call.name == "registry.apply":
        return Declined("AccessDeniedException")
    return Undeliverable("restricted_action")
