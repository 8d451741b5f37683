"""
What a newer version of the code wrote into a request's item, and this one does not know.

While a new version is deployed, both work on the same rows. Whoever rewrites a row writes back
what it could not read, or the newer one would lose it. That holds for what stands beside the body
and for the body's own fields, not for what is inside of those.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Final

from bot.core.votes.request import Request

_BESIDE: Final = frozenset(
    {
        "arn",
        "entry",
        "revision",
        "half_done",
        "rule",
        "status",
        "live",
        "chain_count",
        "chain_head",
        "body",
    }
)
"""The attributes that `rows` writes; it leaves some of them out."""
_IN_BODY: Final = frozenset(field.name for field in fields(Request))


def part_of(item: dict[str, Any]) -> dict[str, Any]:
    """What of *item* is unknown, the body as what it holds; mostly nothing."""
    body = json.loads(item["body"]["S"])
    unread = {name: value for name, value in body.items() if name not in _IN_BODY}
    beside = {name: value for name, value in item.items() if name not in _BESIDE}
    return beside | ({"body": unread} if unread else {})


def kept(item: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """*item*, about to be written, with the *part* that was unknown when it was read."""
    body = json.loads(item["body"]["S"]) | part.get("body", {})
    return {**item, **part, "body": {"S": json.dumps(body)}} if part else item
