"""The situations in which people see a card."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.cards.card import card, gone
from bot.core.cards.messages import Message
from bot.core.evidence.brief import Brief, Metric, Note, NoteCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import DescribedVersion, Readiness, Report, Status
from bot.core.rules.people import KnownPeople, MembershipStatus, Person
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.polls import Poll, polls
from bot.core.votes.vote import Change, Decision, ExternalChange
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    LEADS,
    NOON,
    RISK,
    RULE,
    THERE,
    a_candidate,
    a_decision,
    a_version,
    a_vote,
    an_arn,
)

PENDING, APPROVED, REJECTED = Status.PENDING, Status.APPROVED, Status.REJECTED
LATER = NOON + timedelta(days=1)
STUDIO = "arn:aws:sts::123456789012:assumed-role/StudioUser/dan"
BUCKET = "s3://models-123456789012/fraud/6"
BRIEF = Brief((Metric("auc", "0.94 ± 0.01"), Metric("recall", "0.81")))

NEW = a_version(
    6,
    description="Trained on the transactions of February; adds the merchant's country.",
    created_by="training-pipeline",
    reports=(
        Report("model_quality", f"{BUCKET}/evaluation.json", numbers=True),
        Report("bias", f"{BUCKET}/bias.json"),
    ),
)
OLD = (a_version(3, REJECTED), a_version(4, APPROVED), a_version(5, APPROVED))

HOSTILE = (
    "<!channel> <@U1> <https://evil.example|a link> & :aws: :tada: *bold* _it_ ~no~ `code` "
    "```block```\r\nsecond line \u202e\u2066gpj.exe\u2069\u202c \u200bzero\u2060width\ufeff "
    "\x00\x07\x1b[31m 👩‍🚀 🇵🇹 نمی‌خواهم "
)


def decided(version: DescribedVersion, **changes: object) -> Decision:
    """The decision that gave *version* its status."""
    source = {APPROVED: PENDING, REJECTED: PENDING}[version.status]
    before = replace(version, status=source)
    decision = a_decision(before, version.status, at=LATER, comment="AUC is up, bias is fine.")
    return replace(decision, **changes)  # type: ignore[arg-type]


def outside(target: Status, **changes: object) -> ExternalChange:
    change = ExternalChange(
        id="outside-1",
        source=PENDING,
        target=target,
        outcome=Outcome(5, 5),
        by=STUDIO,
        comment="",
        at=LATER,
    )
    return replace(change, **changes)  # type: ignore[arg-type]


PAIR = replace(
    RULE,
    name="payments",
    roles=(
        Role(name="ml-leads", people=People(user_groups=(LEADS,))),
        Role(name="risk", people=People(user_groups=(RISK,))),
    ),
    veto=People(users=(CHLOE.id,)),
)
ANY_TWO = replace(RULE, roles=(Role(people=People(users=(ANA.id, BEN.id, CHLOE.id)), needs=2),))
PEOPLE = KnownPeople(
    members={LEADS: frozenset({ANA.id, BEN.id}), RISK: frozenset({CHLOE.id})},
    memberships=dict.fromkeys([ANA.id, BEN.id, CHLOE.id], MembershipStatus.MEMBER),
)


def polls_after_votes(
    version: DescribedVersion, rule: Rule, *people: Person, **changes: object
) -> tuple[Poll, ...]:
    """The polls after *people* voted to approve *version*."""
    return polls(rule, [a_vote(version, APPROVED, who, **changes) for who in people], PEOPLE)


def card_of(
    version: DescribedVersion,
    *others: DescribedVersion,
    last: Change | None = None,
    rule: Rule = RULE,
    brief: Brief = BRIEF,
    polls: tuple[Poll, ...] = (),
    **more: Any,
) -> Message:
    return card(a_candidate(version, *others, brief=brief), rule, last, polls, **more)


def with_status(status: Status, **changes: object) -> DescribedVersion:
    return replace(NEW, status=status, **changes)  # type: ignore[arg-type]


def long_everything() -> Message:
    text = "five thousand characters " * 200
    reports = tuple(Report(f"{name} {text}"[:60], f"s3://{text}"[:1024]) for name in "abcdefgh")
    version = with_status(
        REJECTED,
        group="g" * 63,
        description=text,
        created_by=text,
        reports=reports,
        failures=(text,) * 5,
    )
    metrics = tuple(Metric(f"{number} {text}", text) for number in range(10))
    people = People(users=tuple(f"U0PERSON{number:02}" for number in range(40)))
    rule = replace(RULE, roles=(Role(people=people),))
    last = decided(version, comment=text, by=Person(ANA.id, text))
    return card_of(
        version, last=last, rule=rule, brief=Brief(metrics, (Note(NoteCode.UNREADABLE, text),) * 5)
    )


def hostile_text_everywhere() -> Message:
    version = with_status(
        APPROVED,
        description=HOSTILE,
        created_by=HOSTILE,
        modified_by=HOSTILE,
        comment=HOSTILE,
        reports=(Report(HOSTILE, f"s3://{HOSTILE}"),),
    )
    metrics = (Metric(HOSTILE, HOSTILE), Metric("\u200b", "\u200b"))
    last = decided(version, comment=HOSTILE * 20, by=Person(ANA.id, HOSTILE))
    return card_of(
        version, *OLD, last=last, brief=Brief(metrics, (Note(NoteCode.UNREADABLE, HOSTILE),))
    )


UNSEEN = "\u200b\u202e\ufeff"


def text_that_cannot_be_seen() -> Message:
    version = with_status(
        APPROVED,
        description=UNSEEN,
        created_by=UNSEEN,
        modified_by=UNSEEN,
        reports=(Report(UNSEEN, UNSEEN),),
    )
    last = outside(APPROVED, by=UNSEEN, comment=UNSEEN)
    return card_of(
        version,
        last=last,
        brief=Brief((Metric(UNSEEN, UNSEEN),), (Note(NoteCode.UNREADABLE, UNSEEN),)),
    )


def situations() -> dict[str, Message]:
    return {
        "card-waiting": card_of(NEW, *OLD),
        "card-waiting-first-of-its-group": card_of(NEW),
        "card-of-a-version-elsewhere": card_of(
            replace(
                NEW,
                group=f"{THERE}/fraud",
                arn=an_arn(NEW.number, f"{THERE}/fraud"),
                region="eu-west-1",
            )
        ),
        "card-waiting-again-after-a-change-outside": card_of(
            NEW, *OLD, last=outside(PENDING, source=REJECTED)
        ),
        "card-waiting-but-failed": card_of(
            with_status(
                PENDING,
                readiness=Readiness.FAILED,
                failures=("The container image could not be pulled.", "Validation timed out."),
                reports=(),
            ),
            *OLD,
            brief=Brief(),
        ),
        "card-in-the-making": card_of(
            with_status(PENDING, readiness=Readiness.IN_PROGRESS, reports=()), *OLD, brief=Brief()
        ),
        "card-waiting-but-being-deleted": card_of(
            with_status(PENDING, readiness=Readiness.DELETING), *OLD
        ),
        "card-rejected-and-being-deleted": card_of(
            with_status(REJECTED, readiness=Readiness.DELETING), *OLD
        ),
        "card-approved-here-and-live": card_of(
            with_status(APPROVED), *OLD, last=decided(with_status(APPROVED), outcome=Outcome(5, 6))
        ),
        "card-approved-here-without-a-comment": card_of(
            with_status(APPROVED), *OLD, last=decided(with_status(APPROVED), comment=" ")
        ),
        "card-approved-but-not-live": card_of(OLD[1], *OLD[2:], NEW, last=decided(OLD[1])),
        "card-rejected-here": card_of(
            with_status(REJECTED),
            *OLD,
            last=decided(with_status(REJECTED), comment="The bias report\nis missing."),
        ),
        "card-rejected-outside": card_of(
            with_status(REJECTED, modified_by=STUDIO),
            *OLD,
            last=outside(REJECTED, comment="Not in this quarter."),
        ),
        "card-approved-outside-by-nobody-known": card_of(
            with_status(APPROVED), *OLD, last=outside(APPROVED, by="")
        ),
        "card-approved-before-the-bot-knew-it": card_of(
            with_status(APPROVED, modified_by=STUDIO, comment="Approved by ModelBuilder"), *OLD
        ),
        "card-changed-since-the-last-known-change": card_of(
            with_status(APPROVED, modified_by=STUDIO), *OLD, last=decided(with_status(REJECTED))
        ),
        "card-without-a-rule": card_of(NEW, *OLD, rule=Rule(patterns=(), channel="C0MODELS00")),
        "card-without-an-approver": card_of(
            NEW, *OLD, rule=Rule(patterns=("*",), channel="C0MODELS00")
        ),
        "card-that-takes-two-roles": card_of(NEW, *OLD, rule=PAIR),
        "card-that-takes-two-roles-and-pings-nobody": card_of(
            NEW, *OLD, rule=replace(PAIR, mention=()), names={CHLOE.id: "Chloe Martin"}
        ),
        "card-that-pings-nobody": card_of(
            replace(NEW, metadata={"submitted-by": BEN.id}),
            *OLD,
            rule=replace(RULE, mention=()),
            names={ANA.id: "Ana Silva", BEN.id: "Ben Okoye"},
        ),
        "card-approved-where-nobody-is-pinged": card_of(
            with_status(APPROVED),
            *OLD,
            rule=replace(RULE, mention=()),
            last=decided(with_status(APPROVED), by=Person(ANA.id, "Ana Silva")),
            names={ANA.id: "Ana Silva"},
        ),
        "card-revoked": card_of(
            with_status(REJECTED),
            *OLD,
            last=a_decision(with_status(APPROVED), REJECTED, at=LATER, comment="It drifts."),
        ),
        "card-approved-as-an-emergency-override": card_of(
            with_status(APPROVED),
            *OLD,
            last=decided(
                with_status(APPROVED),
                votes=(a_vote(NEW, APPROVED, override=True, comment="Production is down."),),
            ),
        ),
        "card-without-an-evaluation": card_of(replace(NEW, reports=()), *OLD, brief=Brief()),
        "card-whose-earlier-votes-no-longer-count": card_of(NEW, *OLD, void=(ANA, BEN)),
        "card-with-links": card_of(
            replace(
                NEW,
                domain="d-abc123def456",
                repository="https://github.com/acme/fraud-models.git",
                commit="9f1c2ab0d4e5f60718293a4b5c6d7e8f90a1b2c3",
            ),
            *OLD,
        ),
        "card-that-takes-any-two": card_of(NEW, *OLD, rule=ANY_TWO),
        "card-that-pings-one-of-its-approvers": card_of(
            NEW, *OLD, rule=replace(RULE, mention=(ANA.id,))
        ),
        "card-that-pings-somebody-who-may-not-decide": card_of(
            NEW, *OLD, rule=replace(RULE, mention=(ANA.id, "S0ONCALL00"))
        ),
        "card-on-which-nobody-may-reject": card_of(
            NEW, *OLD, rule=replace(RULE, moves={"reject": ()})
        ),
        "card-with-one-vote-of-two": card_of(
            NEW, *OLD, rule=PAIR, polls=polls_after_votes(NEW, PAIR, ANA)
        ),
        "card-with-a-vote-that-counts-for-nothing": card_of(
            NEW, *OLD, rule=PAIR, polls=polls_after_votes(NEW, PAIR, ANA, BEN)
        ),
        "card-with-an-emergency-override": card_of(
            NEW,
            *OLD,
            rule=ANY_TWO,
            polls=polls_after_votes(NEW, ANY_TWO, ANA, override=True, comment="Outage!"),
        ),
        "card-of-a-version-somebody-submitted": card_of(
            replace(NEW, metadata={"submitted-by": "ana@example.com"}), *OLD
        ),
        "card-of-a-version-somebody-in-slack-submitted": card_of(
            replace(NEW, metadata={"submitted-by": ANA.id}), *OLD
        ),
        "card-approved-by-two": card_of(
            with_status(APPROVED),
            *OLD,
            last=decided(
                with_status(APPROVED),
                votes=(
                    a_vote(NEW, APPROVED, BEN, role="ml-leads", comment="AUC is up."),
                    a_vote(NEW, APPROVED, role="risk", comment="AUC is up, bias is fine. " * 20),
                ),
            ),
        ),
        "card-rejected-by-veto": card_of(
            with_status(REJECTED), *OLD, last=decided(with_status(REJECTED), veto=True)
        ),
        "card-whose-metrics-could-not-be-read": card_of(
            NEW, *OLD, brief=Brief((), (Note(NoteCode.NOT_JSON, "model_quality"),))
        ),
        "card-with-long-everything": long_everything(),
        "card-with-hostile-text-everywhere": hostile_text_everywhere(),
        "card-with-text-that-cannot-be-seen": text_that_cannot_be_seen(),
        "card-of-a-version-that-is-gone": gone("fraud", 6),
    }


SITUATIONS = situations()
