"""
What the bot remembers of an endpoint, as an item of the ledger's table.

It lies beside the requests, under the endpoint's ARN and an entry of its own kind: neither the
sweep nor the audit trail comes across it.
"""

from __future__ import annotations

from typing import Any, Final

from bot.core.deployments import Known
from bot.core.model import Arn

ENDPOINT: Final = "endpoint"


def key(arn: Arn) -> dict[str, Any]:
    """Where it lies."""
    return {"arn": {"S": arn}, "entry": {"S": ENDPOINT}}


def item_of(known: Known) -> dict[str, Any]:
    """*known* as an item."""
    return {
        **key(known.arn),
        "revision": {"N": str(known.revision)},
        "told": {"S": known.told},
        "coming": {"L": [{"S": arn} for arn in known.coming]},
    }


def known_of(item: dict[str, Any]) -> Known:
    """What *item* says."""
    return Known(
        arn=Arn(item["arn"]["S"]),
        revision=int(item["revision"]["N"]),
        told=item["told"]["S"],
        coming=tuple(Arn(each["S"]) for each in item["coming"]["L"]),
    )
