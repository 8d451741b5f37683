"""The situations in which people are told what happened to an endpoint."""

from typing import Any

from bot.core.cards.endpoints import of_endpoint
from bot.core.cards.messages import Message
from bot.core.followup.endpoints import EndpointStatus
from bot.core.followup.results import EndpointResult
from tests.core.situations.cards import HOSTILE, NEW, OLD

VERSIONS = {version.arn: version for version in (NEW, *OLD)}
REASON = "The primary container did not pass the ping health check."


def message_about(state: EndpointStatus = EndpointStatus.IN_SERVICE, **changes: Any) -> Message:
    """The message about `fraud-prod`, which serves the newest version unless *changes* say more."""
    fields = {"endpoint": "fraud-prod", "serves": (NEW.arn,), **changes}
    return of_endpoint(EndpointResult(state=state, **fields), VERSIONS)


def situations() -> dict[str, Message]:
    return {
        "endpoint-in-service": message_about(),
        "endpoint-in-service-with-two-versions": message_about(serves=(NEW.arn, OLD[0].arn)),
        "endpoint-in-service-after-a-change-nobody-saw-failed": message_about(reason=REASON),
        "endpoint-not-changed": message_about(
            serves=(OLD[0].arn,), missed=(NEW.arn,), reason=REASON
        ),
        "endpoint-not-changed-and-nobody-knows-why": message_about(
            serves=(OLD[0].arn,), missed=(NEW.arn,)
        ),
        "endpoint-not-changed-from-what-is-no-version": message_about(serves=(), missed=(NEW.arn,)),
        "endpoint-failed": message_about(EndpointStatus.FAILED, reason=REASON),
        "endpoint-failed-and-nobody-knows-why": message_about(EndpointStatus.FAILED),
        "endpoint-with-a-mix": message_about(
            EndpointStatus.MIXED, serves=(NEW.arn, OLD[0].arn), reason=REASON
        ),
        "endpoint-out-of-service": message_about(EndpointStatus.OUT_OF_SERVICE),
        "endpoint-with-hostile-text": message_about(
            EndpointStatus.FAILED, endpoint=HOSTILE, reason=HOSTILE * 20
        ),
    }


SITUATIONS = situations()
