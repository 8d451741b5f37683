"""
Every kind of item in the ledger's table: its keys `pk` and `sk`, and its other attributes.

| kind                     | pk                     | sk                 |
| a version's request      | the key of its ARN     | `request`          |
| an audit entry           | the name of its chain  | `audit#0000000001` |
| a long comment           | the version's ARN      | `comment#DIGEST`   |
| the end of checkpoints   | the name of that chain | `end`              |
| an endpoint              | the key of its ARN     | `endpoint`         |
| what some do for a group | `serving#GROUP`        | `part#0`           |
| where the sweep got to   | `sweep`                | `place`            |
| a rate limit             | `rate#NAME`            | `rate`             |

The key of an ARN is the ARN in lower case (`arn_key`): AWS spells one ARN in two cases.

An audit chain of a version ends in the version's request, that of the checkpoints in an item of
its own. What a condition or the index reads is an attribute; the rest is JSON in `body`, with the
version of its format (`bot.core.wire`). Nothing is written in both.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final, TypeVar

from bot.core import wire
from bot.core.audit.chain import CHECKPOINTS
from bot.core.registry.version import Arn, Status
from bot.core.wire import AwareDatetime, NonEmpty

Item = dict[str, Any]
"""As DynamoDB takes it: {"status": {"S": "Approved"}, "revision": {"N": "3"}}."""
Kind = TypeVar("Kind")

INDEX: Final = "requests"
"""The index over `sk`: by it, all requests are read without their bodies."""
OPEN_INDEX: Final = "open"
"""
The index over `open`, which only those requests have that the sweep has to see each time. There are
few of them, however many versions were decided.
"""
OPEN: Final = "yes"
SWEEP: Final = "sweep"
PLACE: Final = "place"
RATE: Final = "rate"
RATE_PREFIX: Final = "rate#"
REQUEST: Final = "request"
ENDPOINT: Final = "endpoint"
SERVING_PREFIX: Final = "serving#"
PART_PREFIX: Final = "part#"
END: Final = "end"
AUDIT_PREFIX: Final = "audit#"
COMMENT_PREFIX: Final = "comment#"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryItem:
    """A version's request as the index has it."""

    pk: NonEmpty
    sk: str = REQUEST
    arn: Arn
    created: AwareDatetime | None = None
    unfinished: bool
    status: Status | None = None
    next_to_deploy: int | None = None
    """As on the version's first card."""
    rule: str = ""
    """As on the version's first card."""
    deploy_due: AwareDatetime | None = None
    slot_at: AwareDatetime | None = None
    """Only the index over `open` has it."""
    chain_count: int
    chain_head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestItem(SummaryItem):
    """What the bot remembers of a version: `body` is a `Request` without `arn` and `created`."""

    body: str
    revision: int
    open: str | None = None
    """OPEN, if the version waits, something is unfinished, or an endpoint should report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceItem:
    """Where the sweep got to in its round through all requests: `body` is the key of an ARN."""

    pk: str = SWEEP
    sk: str = PLACE
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitItem:
    """Which slots of one of the bot's own rate limits are reserved."""

    pk: NonEmpty
    sk: str = RATE
    next_slot_at: AwareDatetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditItem:
    """An audit entry. It is put where none is, and never touched again."""

    pk: NonEmpty
    sk: NonEmpty
    body: str
    """The entry as it was hashed. Its format is for `bot.core.audit.entries`."""
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentItem:
    """A comment that is too long for the rows that refer to it (`comment_rows`)."""

    pk: NonEmpty
    sk: NonEmpty
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointsEndItem:
    """Where the chain of checkpoints ends."""

    pk: str = CHECKPOINTS
    sk: str = END
    chain_count: int
    chain_head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingsItem:
    """What some endpoints do for a group: `body` is a `Serving` of each, by the key of its ARN."""

    pk: NonEmpty
    sk: NonEmpty
    body: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointItem:
    """What the bot remembers of an endpoint: `body` is an `EndpointMemory` without these."""

    pk: NonEmpty
    sk: str = ENDPOINT
    arn: Arn
    body: str
    revision: int


def key(pk: str, sk: str) -> Item:
    """Make the key of an item."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def end_key(chain: str) -> Item:
    """Make the key of the item that says where *chain* ends."""
    return key(chain, END if chain == CHECKPOINTS else REQUEST)


def audit_key(chain: str, number: int) -> Item:
    """Make the key of entry *number* of *chain*."""
    return key(chain, f"{AUDIT_PREFIX}{number:010d}")


def to_item(
    value: RequestItem
    | AuditItem
    | CommentItem
    | CheckpointsEndItem
    | EndpointItem
    | ServingsItem
    | PlaceItem
    | RateLimitItem,
) -> Item:
    """Write *value* as DynamoDB takes it, without what is None."""
    pairs = asdict(value).items()
    return {name: _attribute(field) for name, field in pairs if field is not None}


def from_item(item: Item, kind: type[Kind]) -> Kind:
    """
    Read *item* as a *kind*. Attributes that the kind does not have are ignored.

    Raises Malformed, naming the key, for what somebody must have edited by hand.
    """
    names = names_of(kind)
    raw = {name: _value(attribute) for name, attribute in item.items() if name in names}
    return wire.convert(raw, kind, name_of(item))


def unknown_of(item: Item, kind: type[Any], value: type[Any]) -> dict[str, Any]:
    """
    Collect what only a newer version of the code wrote into *item*: mostly nothing.

    That is attributes that *kind* does not have, and under "body" the fields of its body that
    *value* does not have. While a newer version is deployed, both work on the same items: whoever
    rewrites one has to write this back. It is not collected from deeper inside the body.
    """
    attributes = {name: item[name] for name in item.keys() - names_of(kind)}
    body = wire.parse(item["body"]["S"], name_of(item))
    inside = {name: body[name] for name in body.keys() - names_of(value) - {wire.VERSION_FIELD}}
    return attributes | ({"body": inside} if inside else {})


def name_of(item: Item) -> str:
    """Name *item* in an error: by its key."""
    return f"item {item['pk']['S']}, {item['sk']['S']} of the ledger"


def names_of(kind: type[Any]) -> frozenset[str]:
    """List the names of the fields of a dataclass."""
    return frozenset(field.name for field in fields(kind))


def _attribute(value: str | int | datetime) -> dict[str, Any]:
    match value:
        case datetime():
            return {"S": value.isoformat()}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case _:
            return {"S": value}


def _value(attribute: dict[str, Any]) -> Any:
    """Unwrap *attribute*; what is of none of our types stays as it is, for `convert` to refuse."""
    match attribute:
        case {"S": value} | {"BOOL": value}:
            return value
        case {"N": str(digits)} if digits.isdecimal():
            return int(digits)
        case _:
            return attribute
