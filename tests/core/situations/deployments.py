"""The situations in which people are told what became of an endpoint."""

from typing import Any

from bot.core.cards.endpoints import of_endpoint
from bot.core.cards.messages import Message
from bot.core.followup.endpoints import EndpointResult, EndpointStatus
from tests.core.situations.cards import HOSTILE, NEW, OLD

VERSIONS = {version.arn: version for version in (NEW, *OLD)}
REASON = "The primary container did not pass the ping health check."


def became(state: EndpointStatus = EndpointStatus.IN_SERVICE, **changes: Any) -> Message:
    """What is told of `fraud-prod`, which serves the newest version unless it is said otherwise."""
    told = {"endpoint": "fraud-prod", "serves": (NEW.arn,), **changes}
    return of_endpoint(EndpointResult(state=state, **told), VERSIONS)


def situations() -> dict[str, Message]:
    return {
        "endpoint-in-service": became(),
        "endpoint-in-service-with-two-versions": became(serves=(NEW.arn, OLD[0].arn)),
        "endpoint-in-service-after-a-change-nobody-saw-failed": became(reason=REASON),
        "endpoint-not-changed": became(serves=(OLD[0].arn,), missed=(NEW.arn,), reason=REASON),
        "endpoint-not-changed-and-nobody-knows-why": became(
            serves=(OLD[0].arn,), missed=(NEW.arn,)
        ),
        "endpoint-not-changed-from-what-is-no-version": became(serves=(), missed=(NEW.arn,)),
        "endpoint-failed": became(EndpointStatus.FAILED, reason=REASON),
        "endpoint-failed-and-nobody-knows-why": became(EndpointStatus.FAILED),
        "endpoint-with-a-mix": became(
            EndpointStatus.MIXED, serves=(NEW.arn, OLD[0].arn), reason=REASON
        ),
        "endpoint-out-of-service": became(EndpointStatus.OUT_OF_SERVICE),
        "endpoint-with-hostile-text": became(
            EndpointStatus.FAILED, endpoint=HOSTILE, reason=HOSTILE * 20
        ),
    }


SITUATIONS = situations()
