"""The situations in which people see a card."""

from dataclasses import replace
from datetime import timedelta

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
    a_decision,
    a_version,
    a_vote,
    an_arn,
    seen,
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
    """A decision by which *version* came where it is."""
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
KNOWN = KnownPeople(
    members={LEADS: frozenset({ANA.id, BEN.id}), RISK: frozenset({CHLOE.id})},
    memberships=dict.fromkeys([ANA.id, BEN.id, CHLOE.id], MembershipStatus.MEMBER),
)


def voted(
    version: DescribedVersion, rule: Rule, *people: Person, **changes: object
) -> tuple[Poll, ...]:
    """What stands when *people* voted to approve *version*."""
    return polls(rule, [a_vote(version, APPROVED, who, **changes) for who in people], KNOWN)


def drawn(
    version: DescribedVersion,
    *others: DescribedVersion,
    last: Change | None = None,
    rule: Rule = RULE,
    brief: Brief = BRIEF,
    polls: tuple[Poll, ...] = (),
) -> Message:
    return card(seen(version, *others, brief=brief), rule, last, polls)


def at(status: Status, **changes: object) -> DescribedVersion:
    return replace(NEW, status=status, **changes)  # type: ignore[arg-type]


def long_everything() -> Message:
    text = "five thousand characters " * 200
    reports = tuple(Report(f"{name} {text}"[:60], f"s3://{text}"[:1024]) for name in "abcdefgh")
    version = at(
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
    return drawn(
        version, last=last, rule=rule, brief=Brief(metrics, (Note(NoteCode.UNREADABLE, text),) * 5)
    )


def hostile_text_everywhere() -> Message:
    version = at(
        APPROVED,
        description=HOSTILE,
        created_by=HOSTILE,
        modified_by=HOSTILE,
        comment=HOSTILE,
        reports=(Report(HOSTILE, f"s3://{HOSTILE}"),),
    )
    metrics = (Metric(HOSTILE, HOSTILE), Metric("\u200b", "\u200b"))
    last = decided(version, comment=HOSTILE * 20, by=Person(ANA.id, HOSTILE))
    return drawn(
        version, *OLD, last=last, brief=Brief(metrics, (Note(NoteCode.UNREADABLE, HOSTILE),))
    )


UNSEEN = "\u200b\u202e\ufeff"


def text_that_cannot_be_seen() -> Message:
    version = at(
        APPROVED,
        description=UNSEEN,
        created_by=UNSEEN,
        modified_by=UNSEEN,
        reports=(Report(UNSEEN, UNSEEN),),
    )
    last = outside(APPROVED, by=UNSEEN, comment=UNSEEN)
    return drawn(
        version,
        last=last,
        brief=Brief((Metric(UNSEEN, UNSEEN),), (Note(NoteCode.UNREADABLE, UNSEEN),)),
    )


def situations() -> dict[str, Message]:
    return {
        "card-waiting": drawn(NEW, *OLD),
        "card-waiting-first-of-its-group": drawn(NEW),
        "card-of-a-version-elsewhere": drawn(
            replace(NEW, group=f"{THERE}/fraud", arn=an_arn(NEW.number, f"{THERE}/fraud"))
        ),
        "card-waiting-again-after-a-change-outside": drawn(
            NEW, *OLD, last=outside(PENDING, source=REJECTED)
        ),
        "card-waiting-but-failed": drawn(
            at(
                PENDING,
                readiness=Readiness.FAILED,
                failures=("The container image could not be pulled.", "Validation timed out."),
                reports=(),
            ),
            *OLD,
            brief=Brief(),
        ),
        "card-in-the-making": drawn(
            at(PENDING, readiness=Readiness.IN_PROGRESS, reports=()), *OLD, brief=Brief()
        ),
        "card-waiting-but-being-deleted": drawn(at(PENDING, readiness=Readiness.DELETING), *OLD),
        "card-rejected-and-being-deleted": drawn(at(REJECTED, readiness=Readiness.DELETING), *OLD),
        "card-approved-here-and-live": drawn(
            at(APPROVED), *OLD, last=decided(at(APPROVED), outcome=Outcome(5, 6))
        ),
        "card-approved-here-without-a-comment": drawn(
            at(APPROVED), *OLD, last=decided(at(APPROVED), comment=" ")
        ),
        "card-approved-but-not-live": drawn(OLD[1], *OLD[2:], NEW, last=decided(OLD[1])),
        "card-rejected-here": drawn(
            at(REJECTED), *OLD, last=decided(at(REJECTED), comment="The bias report\nis missing.")
        ),
        "card-rejected-outside": drawn(
            at(REJECTED, modified_by=STUDIO),
            *OLD,
            last=outside(REJECTED, comment="Not in this quarter."),
        ),
        "card-approved-outside-by-nobody-known": drawn(
            at(APPROVED), *OLD, last=outside(APPROVED, by="")
        ),
        "card-approved-before-the-bot-knew-it": drawn(
            at(APPROVED, modified_by=STUDIO, comment="Approved by ModelBuilder"), *OLD
        ),
        "card-changed-since-the-last-known-change": drawn(
            at(APPROVED, modified_by=STUDIO), *OLD, last=decided(at(REJECTED))
        ),
        "card-without-a-rule": drawn(NEW, *OLD, rule=Rule(patterns=(), channel="C0MODELS00")),
        "card-without-an-approver": drawn(
            NEW, *OLD, rule=Rule(patterns=("*",), channel="C0MODELS00")
        ),
        "card-that-takes-two-roles": drawn(NEW, *OLD, rule=PAIR),
        "card-that-takes-two-roles-and-pings-nobody": drawn(
            NEW, *OLD, rule=replace(PAIR, mention=())
        ),
        "card-that-takes-any-two": drawn(NEW, *OLD, rule=ANY_TWO),
        "card-that-pings-one-of-its-approvers": drawn(
            NEW, *OLD, rule=replace(RULE, mention=(ANA.id,))
        ),
        "card-that-pings-somebody-who-may-not-decide": drawn(
            NEW, *OLD, rule=replace(RULE, mention=(ANA.id, "S0ONCALL00"))
        ),
        "card-on-which-nobody-may-reject": drawn(
            NEW, *OLD, rule=replace(RULE, moves={"reject": ()})
        ),
        "card-with-one-vote-of-two": drawn(NEW, *OLD, rule=PAIR, polls=voted(NEW, PAIR, ANA)),
        "card-with-a-vote-that-counts-for-nothing": drawn(
            NEW, *OLD, rule=PAIR, polls=voted(NEW, PAIR, ANA, BEN)
        ),
        "card-with-an-emergency-override": drawn(
            NEW,
            *OLD,
            rule=ANY_TWO,
            polls=voted(NEW, ANY_TWO, ANA, override=True, comment="Outage!"),
        ),
        "card-of-a-version-somebody-submitted": drawn(
            replace(NEW, metadata={"submitted-by": "ana@example.com"}), *OLD
        ),
        "card-of-a-version-somebody-in-slack-submitted": drawn(
            replace(NEW, metadata={"submitted-by": ANA.id}), *OLD
        ),
        "card-approved-by-two": drawn(
            at(APPROVED),
            *OLD,
            last=decided(at(APPROVED), votes=(a_vote(NEW, APPROVED, BEN), a_vote(NEW, APPROVED))),
        ),
        "card-rejected-by-veto": drawn(at(REJECTED), *OLD, last=decided(at(REJECTED), veto=True)),
        "card-whose-metrics-could-not-be-read": drawn(
            NEW, *OLD, brief=Brief((), (Note(NoteCode.NOT_JSON, "model_quality"),))
        ),
        "card-with-long-everything": long_everything(),
        "card-with-hostile-text-everywhere": hostile_text_everywhere(),
        "card-with-text-that-cannot-be-seen": text_that_cannot_be_seen(),
        "card-of-a-version-that-is-gone": gone("fraud", 6),
    }


SITUATIONS = situations()
