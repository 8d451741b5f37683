"""Values with defaults, so that a test says only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.evidence.brief import Brief, Candidate, Metric, Source
from bot.core.jobs.messages import Click, SubmitForm
from bot.core.registry.moves import move_between
from bot.core.registry.outcome import Outcome, outcome_of
from bot.core.registry.registry_id import RegistryId, split_group_name
from bot.core.registry.version import Arn, DescribedVersion, Readiness, Status
from bot.core.rules.people import Person
from bot.core.rules.rule import People, Role, Rule, Rules
from bot.core.votes.button import ButtonPayload
from bot.core.votes.button import quorum as quorum_of
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.vote import Decision, Vote

HERE = RegistryId("123456789012/us-east-1")
THERE = RegistryId("222222222222/eu-west-1")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""Before the bot was there: what happened then is no news."""
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
"""The brief of every version with evidence in these tests."""


def an_arn(number: int = 1, group: str = "fraud") -> Arn:
    """The ARN of a version of *group*, whose name may begin with another registry."""
    registry_id, name = split_group_name(group)
    account, _, region = (registry_id or HERE).partition("/")
    return Arn(f"arn:aws:sagemaker:{region}:{account}:model-package/{name}/{number}")


def a_version(number: int = 1, status: Status = Status.PENDING, **changes: Any) -> DescribedVersion:
    """Version *number* of `fraud`, made that many hours after noon."""
    group = changes.pop("group", "fraud")
    version = DescribedVersion(
        arn=an_arn(number, group),
        group=group,
        number=number,
        status=status,
        readiness=Readiness.COMPLETED,
        created=NOON + timedelta(hours=number),
        created_by="training-pipeline",
        region=(split_group_name(group)[0] or HERE).partition("/")[2],
    )
    return replace(version, **changes)


def a_candidate(
    version: DescribedVersion, *others: DescribedVersion, brief: Brief = Brief()
) -> Candidate:
    return Candidate.of(version, others, brief)


def an_offer(
    version: DescribedVersion, target: Status, *others: DescribedVersion, **changes: Any
) -> ButtonPayload:
    """What a button on the card of *version* offers, among *others* of its group."""
    move = move_between(version.status, target)
    shown = SHOWN if version.reports else Brief()
    offer = ButtonPayload(
        arn=version.arn,
        created=version.created,
        group=version.group,
        number=version.number,
        source=version.status,
        target=target,
        outcome=outcome_of(version, target, others),
        comment_needed=move.key in RULE.comment,
        brief_digest=a_candidate(version, *others, brief=shown).brief_digest,
        quorum=quorum_of(RULE.roles_for(move)),
    )
    return replace(offer, **changes)


def a_click(offer: ButtonPayload, person: Person = ANA, **changes: Any) -> Click:
    return Click(button=offer, person=person, message=MessageRef(CARDS, "1.1"), **changes)


def a_submit(
    offer: ButtonPayload,
    person: Person = ANA,
    comment: str = "looks good",
    form: str = "form-1",
    **click: Any,
) -> SubmitForm:
    return SubmitForm(form, a_click(offer, person, **click), comment)


def a_decision(
    version: DescribedVersion, target: Status, by: Person = ANA, **changes: Any
) -> Decision:
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


def a_vote(version: DescribedVersion, target: Status, by: Person = ANA, **changes: Any) -> Vote:
    vote = Vote(
        id=f"vote-of-{by.name}",
        source=version.status,
        target=target,
        brief_digest=a_candidate(version, brief=SHOWN if version.reports else Brief()).brief_digest,
        by=by,
        comment="looks good",
        at=NOON,
    )
    return replace(vote, **changes)
