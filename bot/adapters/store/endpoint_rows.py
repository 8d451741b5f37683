"""
What the bot remembers of an endpoint, as an item of the ledger's table.

It lies beside the requests, under the endpoint's ARN and an entry of its own kind: neither the
sweep nor the audit trail comes across it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.version import Arn

ENDPOINT: Final = "endpoint"


def key(arn: Arn) -> dict[str, Any]:
    """Where it lies."""
    return {"arn": {"S": arn}, "entry": {"S": ENDPOINT}}


def item_of(known: EndpointMemory) -> dict[str, Any]:
    """*known* as an item."""
    created = {"created": {"S": known.created.isoformat()}} if known.created else {}
    return {
        **key(known.arn),
        **created,
        "revision": {"N": str(known.revision)},
        "told": {"S": known.told},
        "coming": {"L": [{"S": arn} for arn in known.coming]},
        "reason": {"S": known.reason},
    }


def known_of(item: dict[str, Any]) -> EndpointMemory:
    """What *item* says; an older bot noted neither when the endpoint was made nor a reason."""
    return EndpointMemory(
        arn=Arn(item["arn"]["S"]),
        revision=int(item["revision"]["N"]),
        created=datetime.fromisoformat(item["created"]["S"]) if "created" in item else None,
        told=item["told"]["S"],
        coming=tuple(Arn(each["S"]) for each in item["coming"]["L"]),
        reason=item.get("reason", {"S": ""})["S"],
    )
