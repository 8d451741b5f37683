"""Values with defaults, so that a test says only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core import brief
from bot.core.cards import deciding
from bot.core.errands import Click, Decide
from bot.core.model import (
    Arn,
    Brief,
    Decision,
    Described,
    Metric,
    Outcome,
    Person,
    Place,
    Readiness,
    Seen,
    Source,
    Status,
    Vote,
)
from bot.core.offer import Offer
from bot.core.rules import People, Role, Rule, Rules
from bot.core.sites import Site, parted
from bot.core.transitions import between, outcome

HERE = Site("123456789012/us-east-1")
THERE = Site("222222222222/eu-west-1")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
ANA = Person("U0ANA00000", "ana")
BEN = Person("U0BEN00000", "ben")
CHLOE = Person("U0CHLOE000", "chloe")
DAN = Person("U0DAN00000", "dan")
LEADS = "S0MLLEADS0"
RISK = "S0RISK0000"
CARDS = "C0FRAUD000"
RELEASES = "C0RELEASES"
RULE = Rule(
    patterns=("fraud*",),
    channel=CARDS,
    name="fraud",
    roles=(Role(people=People(users=(ANA.id,), user_groups=(LEADS,))),),
    notify=(RELEASES,),
)
RULES = Rules("C0MODELS00", (RULE,), digest="digest-of-the-rules")
ANYWHERE = Rules("C0MODELS00", (replace(RULE, patterns=("fraud*", "*/fraud*")),))
"""The same rule, for groups elsewhere as well."""
SHOWN = Brief((Metric("auc", "0.94"),), sources=(Source("s3://models/evaluation.json", "etag-1"),))
"""What the evidence of every version says in these tests, where it is read."""


def an_arn(number: int = 1, group: str = "fraud") -> Arn:
    """The ARN of a version of *group*, at home or at the site that its name begins with."""
    site, name = parted(group)
    account, _, region = (site or HERE).partition("/")
    return Arn(f"arn:aws:sagemaker:{region}:{account}:model-package/{name}/{number}")


def a_version(number: int = 1, status: Status = Status.PENDING, **changes: Any) -> Described:
    """Version *number* of `fraud`, made that many hours after noon."""
    group = changes.pop("group", "fraud")
    version = Described(
        arn=an_arn(number, group),
        group=group,
        number=number,
        status=status,
        readiness=Readiness.COMPLETED,
        created=NOON + timedelta(hours=number),
        created_by="training-pipeline",
    )
    return replace(version, **changes)


def seen(version: Described, *others: Described, brief: Brief = Brief()) -> Seen:  # noqa: B008
    return Seen.of(version, others, brief)


def an_offer(version: Described, target: Status, *others: Described, **changes: Any) -> Offer:
    """What a button on the card of *version* offers, among *others* of its group."""
    move = between(version.status, target)
    shown = SHOWN if version.reports else Brief()
    offer = Offer(
        arn=version.arn,
        group=version.group,
        number=version.number,
        source=version.status,
        target=target,
        outcome=outcome(version, target, others),
        comment_needed=move.key in RULE.comment,
        brief=brief.digest(seen(version, *others, brief=shown)),
        quorum=deciding.quorum(RULE.roles_for(move)),
    )
    return replace(offer, **changes)


def a_click(offer: Offer, person: Person = ANA, answer_url: str = "") -> Click:
    return Click(offer=offer, person=person, place=Place(CARDS, "1.1"), answer_url=answer_url)


def a_submit(
    offer: Offer, person: Person = ANA, comment: str = "looks good", form: str = "form-1"
) -> Decide:
    return Decide(form, a_click(offer, person), comment)


def a_decision(version: Described, target: Status, by: Person = ANA, **changes: Any) -> Decision:
    decision = Decision(
        id="decision-1",
        arn=version.arn,
        source=version.status,
        target=target,
        outcome=Outcome(None, None),
        by=by,
        comment="looks good",
        at=NOON,
    )
    return replace(decision, **changes)


def a_vote(version: Described, target: Status, by: Person = ANA, **changes: Any) -> Vote:
    vote = Vote(
        id=f"vote-of-{by.name}",
        source=version.status,
        target=target,
        brief=brief.digest(seen(version, brief=SHOWN if version.reports else Brief())),
        by=by,
        comment="looks good",
        at=NOON,
    )
    return replace(vote, **changes)
