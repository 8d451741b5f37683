"""What can go wrong with one call, in words, and which calls it can happen to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import Declined, Stale, Throttled, Unavailable, Undeliverable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.workers import Call

FAILS: Final = "it fails"
LOST: Final = "it is done, but the answer is lost"
TWICE: Final = "it is done, and sent again"
THROTTLED: Final = "it is throttled"
REFUSED: Final = "it is refused"
DONE_AND_REFUSED: Final = "it is done, its answer is lost, and sent again it is refused"
LATE: Final = "it takes eight seconds"
LAGS: Final = "its answer is some seconds old"
DIES_BEFORE: Final = "the worker dies before it"
DIES_AFTER: Final = "the worker dies after it"

_WRITES: Final = {"ledger.save", "ledger.save_endpoint", "ledger.append_checkpoint"}
_LAGGING: Final = {
    "registry.describe",
    "registry.versions",
    "registry.versions_with_status",
    "ledger.summaries",
    "chat.post",
}
_REFUSABLE: Final = {"registry.apply", "chat.post", "chat.update", "chat.post_private"}


def possible(kind: str, call: Call) -> list[str]:
    """List the faults of a *kind* that *call* can have."""
    match kind:
        case "fails":
            return [FAILS, LOST]
        case "dies":
            return [DIES_BEFORE, DIES_AFTER]
        case "throttled":
            return [THROTTLED]
        case "twice":
            return [TWICE] if call.name in _WRITES | {"registry.apply", "queue.send_all"} else []
        case "refused":
            done = [DONE_AND_REFUSED] if call.name == "registry.apply" else []
            return [REFUSED, *done] if call.name in _REFUSABLE else []
        case "late":
            return [LATE]
        case "lags":
            return [LAGS] if call.name in _LAGGING else []
        case _:
            return []


def every(call: Call) -> list[str]:
    """List every fault that *call* can have."""
    kinds = ("fails", "dies", "throttled", "twice", "refused", "late", "lags")
    return [fault for kind in kinds for fault in possible(kind, call)]


def ending(fault: str, call: Call) -> Callable[[], Any]:
    """Return how *call* ends with *fault*, as a function that the worker calls in its place."""

    def end() -> Any:
        match fault:
            case _ if fault == FAILS:
                raise Unavailable("nothing was done")
            case _ if fault == THROTTLED:
                kind = Unavailable if call.kwargs.get("since") else Throttled
                raise kind("over the rate limit", 1)
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
