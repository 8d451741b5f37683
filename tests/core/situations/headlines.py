"""The situations of a version in production: each has a headline of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.cards.card import card
from bot.core.cards.headline import Production
from bot.core.cards.messages import Message
from bot.core.followup.endpoints import EndpointStatus, Served, Serving
from bot.core.registry.version import Version
from bot.core.rules.rule import Rule
from bot.core.votes.vote import Change
from tests.core.situations.cards import (
    APPROVED,
    BRIEF,
    LATER,
    NEW,
    PENDING,
    REJECTED,
    decided,
    outside,
    with_status,
)
from tests.doubles.builders import RULE, a_candidate, a_version
from tests.doubles.endpoints import an_endpoint

FOUR, FIVE = a_version(4, APPROVED), a_version(5, APPROVED)
AN_HOUR_LATER = LATER + timedelta(hours=1)
UPDATING, MIXED = EndpointStatus.UPDATING, EndpointStatus.MIXED
REASON = "The primary container did not pass the ping health check."


def serving(*versions: Version, name: str = "fraud-prod", **changes: Any) -> Serving:
    """What the endpoint *name* does for the group: it serves *versions*."""
    named = ("replaced", "earlier", "pending", "failed")
    lists = {key: _served(*changes[key]) for key in named if key in changes}
    fields: dict[str, Any] = {
        "group": "fraud",
        "endpoint": an_endpoint(name),
        "name": name,
        "state": EndpointStatus.IN_SERVICE,
        "versions": _served(*versions),
        "since": AN_HOUR_LATER if versions else None,
        "changed": AN_HOUR_LATER,
    }
    return Serving(**{**fields, **changes, **lists})


def _served(*versions: Version) -> tuple[Served, ...]:
    return tuple(Served(version.arn, version.number) for version in versions)


def in_production(
    status: Any,
    *servings: Serving,
    others: tuple[Version, ...] = (FOUR, FIVE),
    last: Change | None = None,
    awaited: bool = False,
    rule: Rule = RULE,
) -> Message:
    """The card of version 6 at *status*, decided a day after it was registered."""
    version = with_status(status)
    candidate = a_candidate(version, *others, brief=BRIEF)
    if last is None and status is not PENDING:
        last = decided(version)
    production = Production(servings=servings, awaited=awaited)
    return card(candidate, rule, last, production=production)


NEWER = a_version(7, APPROVED, created=NEW.created + timedelta(days=3))
REVOKED = replace(decided(with_status(REJECTED)), source=APPROVED)
BY_PIPELINE = outside(APPROVED, by="arn:aws:iam::123456789012:role/pipeline")
AT_CREATION = replace(BY_PIPELINE, source=None)
SILENT = replace(RULE, warn_outside=False)


def situations() -> dict[str, Message]:
    return {
        "headline-waiting": in_production(PENDING, serving(FIVE)),
        "headline-waiting-beside-two-endpoints": in_production(
            PENDING, serving(FIVE), serving(FOUR, name="fraud-staging", pending=(FIVE,))
        ),
        "headline-waiting-but-serving": in_production(PENDING, serving(NEW)),
        "headline-next-to-deploy": in_production(APPROVED),
        "headline-another-is-next-to-deploy": in_production(APPROVED, others=(NEWER,)),
        "headline-awaited": in_production(APPROVED, serving(FIVE), awaited=True),
        "headline-unheard": in_production(APPROVED, serving(FIVE)),
        "headline-deploying": in_production(
            APPROVED, serving(FIVE, state=UPDATING, pending=(NEW,)), awaited=True
        ),
        "headline-serving": in_production(APPROVED, serving(NEW, replaced=(FIVE,))),
        "headline-serving-while-deployed-again": in_production(
            APPROVED, serving(NEW, state=UPDATING, pending=(NEW,))
        ),
        "headline-serving-on-two": in_production(
            APPROVED, serving(NEW), serving(NEW, name="fraud-staging")
        ),
        "headline-replaced": in_production(
            APPROVED, serving(NEWER, replaced=(NEW,)), others=(NEWER,)
        ),
        "headline-replaced-long-ago": in_production(
            APPROVED, serving(NEWER, replaced=(FIVE,)), others=(NEWER,)
        ),
        "headline-failed": in_production(APPROVED, serving(FIVE, failed=(NEW,), reason=REASON)),
        "headline-failed-and-nothing-serves": in_production(
            APPROVED, serving(state=EndpointStatus.FAILED, failed=(NEW,)), others=()
        ),
        "headline-failed-on-one-of-two": in_production(
            APPROVED,
            serving(FIVE, failed=(NEW,), reason=REASON),
            serving(NEW, name="fraud-staging"),
        ),
        "headline-mix": in_production(APPROVED, serving(NEW, FIVE, state=MIXED)),
        "headline-endpoint-out-of-service": in_production(
            APPROVED, serving(state=EndpointStatus.OUT_OF_SERVICE, replaced=(NEW,))
        ),
        "headline-endpoint-deleted": in_production(
            APPROVED, serving(state=EndpointStatus.GONE, replaced=(NEW,))
        ),
        "headline-two-endpoints-deleted": in_production(
            APPROVED,
            serving(state=EndpointStatus.GONE, replaced=(NEW,)),
            serving(state=EndpointStatus.GONE, replaced=(NEW,), name="fraud-staging"),
        ),
        "headline-approved-outside": in_production(APPROVED, last=BY_PIPELINE, rule=SILENT),
        "headline-approved-around-the-rule": in_production(APPROVED, last=BY_PIPELINE),
        "headline-approved-around-the-rule-and-serving": in_production(
            APPROVED, serving(NEW), last=BY_PIPELINE
        ),
        "headline-approved-at-creation": in_production(APPROVED, last=AT_CREATION, rule=SILENT),
        "headline-approved-at-creation-around-the-rule": in_production(APPROVED, last=AT_CREATION),
        "headline-rejected": in_production(REJECTED, serving(FIVE)),
        "headline-rejected-but-serving": in_production(REJECTED, serving(NEW)),
        "headline-revoked": in_production(REJECTED, last=REVOKED),
        "headline-revoked-and-none-left": in_production(REJECTED, last=REVOKED, others=()),
        "headline-revoked-still-serving": in_production(
            REJECTED, serving(NEW), last=REVOKED, others=()
        ),
        "headline-revoked-while-another-is-deployed": in_production(
            REJECTED, serving(NEW, state=UPDATING, pending=(FIVE,)), last=REVOKED
        ),
        "headline-revoked-and-rolled-back": in_production(
            REJECTED, serving(FIVE, replaced=(NEW,), earlier=(FIVE, NEW)), last=REVOKED
        ),
        "headline-revoked-after-a-failure": in_production(
            REJECTED, serving(FIVE, failed=(NEW,)), last=REVOKED
        ),
    }


SITUATIONS = situations()
