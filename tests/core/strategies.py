"""Any value of ours, for hypothesis: names as SageMaker and Slack allow them, text as people do."""

from datetime import UTC, datetime
from typing import Any, Self

from hypothesis import strategies as st

from bot.core.evidence.brief import Brief, Candidate, Metric, Note, NoteCode, Source
from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    Click,
    FormMetadata,
    Job,
    ReconcileEndpoint,
    ReconcileVersion,
    ShownEffect,
    SubmitForm,
    UpdateWaitingCards,
    WithdrawVote,
)
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.outcome import Outcome
from bot.core.registry.registry_id import RegistryId, full_group_name
from bot.core.registry.version import DatedStatus, DescribedVersion, Readiness, Report, Status
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Person, Submitter
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.button import ButtonPayload
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.rate_limit import Slot
from bot.core.votes.vote import Change, Decision, ExternalChange
from tests.doubles.builders import an_arn
from tests.doubles.endpoints import an_endpoint

HOSTILE = [
    "<!channel>",
    "<@U0ANA00000> & <https://evil.example|click>",
    ":aws: :tada:",
    "*bold* _it_ ~no~ `code`",
    "```\nline\r\nline\n```",
    "\u202egpj.exe\u202c",
    "\u200b",
    "\u200d",
    "naïve 👩‍🚀 🇵🇹 نمی‌خواهم",
    "\x00\x07\x1b[31m",
    "\ud800",
    " \t ",
]


class Repeated(str):
    """A long text that hypothesis can show in a short line."""

    __slots__ = ("short",)

    def __new__(cls, piece: str, times: int) -> Self:
        text = super().__new__(cls, piece * times)
        text.short = f"{piece!r} * {times}"
        return text

    def __repr__(self) -> str:
        return self.short

    def __deepcopy__(self, memo: object) -> Self:
        return self


longish = st.builds(Repeated, st.text(min_size=1, max_size=40), st.integers(2, 150))
outside = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE), longish)
"""Text that somebody wrote somewhere else."""

_names = st.from_regex(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", fullmatch=True).map(
    lambda name: name[:63].rstrip("-")
)
names = _names | st.builds(
    full_group_name, st.just(RegistryId("222222222222/ap-southeast-2")), _names
)
"""Names of groups, as SageMaker allows them, in our own registry and elsewhere."""
numbers = st.one_of(st.integers(1, 30), st.integers(1, 999_999_999))
users = st.from_regex(r"[UW][A-Z0-9]{8,11}", fullmatch=True)
user_groups = st.from_regex(r"S[A-Z0-9]{8,11}", fullmatch=True)
channels = st.from_regex(r"[CG][A-Z0-9]{8,11}", fullmatch=True)
moments = st.integers(1_500_000_000, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
statuses = st.sampled_from(Status)
people = st.builds(Person, users, outside)
places = st.builds(MessageRef, channels, st.from_regex(r"[0-9]{10}\.[0-9]{6}", fullmatch=True))
maybe_number = st.none() | numbers
outcomes = st.builds(Outcome, maybe_number, maybe_number)
moves = st.sampled_from(MOVES)


@st.composite
def offers(draw: st.DrawFn) -> ButtonPayload:
    group, number, move = draw(names), draw(numbers), draw(moves)
    return ButtonPayload(
        arn=an_arn(number, group),
        created=draw(moments),
        group=group,
        number=number,
        source=move.source,
        target=move.target,
        outcome=draw(_likely(number, move)),
        comment_needed=draw(st.booleans()),
        brief_digest=draw(st.text("0123456789abcdef", max_size=32)),
        quorum=draw(st.sampled_from([(), (("ml-leads", 1), ("risk", 2)), (("approvers", 2),)])),
        override=draw(st.booleans()),
    )


def _likely(number: int, move: Move) -> st.SearchStrategy[Outcome]:
    """What can come out of *move* on version *number*."""
    other = numbers.filter(lambda n: n != number)
    stays = other.map(lambda n: Outcome(n, n))
    if move.target is Status.APPROVED:
        return stays | st.builds(Outcome, st.none() | other, st.just(number))
    goes = st.builds(Outcome, st.just(number), st.none() | other)
    return stays | (goes if move.source is Status.APPROVED else st.just(Outcome(None, None)))


answer_urls = st.sampled_from(["", "https://hooks.slack.com/actions/T1/1/abc"])
presses = st.none() | moments
clicks = st.builds(
    Click,
    button=offers(),
    person=people,
    message=places,
    answer_url=answer_urls,
    pressed=presses,
)
shown_effects = st.builds(ShownEffect, decides=st.booleans(), have=st.integers(0, 9))
rounds = st.integers(0, 9)
form_metadata = st.builds(FormMetadata, clicks, st.none() | shown_effects, rounds)
jobs: st.SearchStrategy[Job] = st.one_of(
    st.builds(
        ReconcileVersion,
        st.builds(an_arn, numbers, names),
        st.none() | st.builds(DatedStatus, statuses, moments),
        st.booleans(),
        st.booleans(),
        st.none() | st.builds(Slot, st.text(min_size=1), moments),
    ),
    st.builds(ReconcileEndpoint, st.builds(an_endpoint, names)),
    st.builds(UpdateWaitingCards, group=names, cause=st.text(min_size=1)),
    st.builds(CheckForm, clicks, st.text(min_size=1), st.text()),
    st.builds(
        SubmitForm,
        st.text(min_size=1),
        clicks,
        outside,
        view=st.text(),
        shown=st.none() | shown_effects,
        round=rounds,
    ),
    st.builds(
        WithdrawVote,
        id=st.text(min_size=1),
        arn=st.builds(an_arn, numbers, names),
        person=people,
        message=places,
        answer_url=answer_urls,
        pressed=presses,
    ),
    st.builds(
        AnswerQuestion,
        person=people,
        text=outside,
        page=st.integers(),
        answer_url=st.text(),
        replace=st.booleans(),
    ),
)


@st.composite
def decisions(draw: st.DrawFn, version: DescribedVersion | None = None) -> Decision:
    offer = draw(offers())
    return Decision(
        id=draw(st.from_regex(r"[0-9a-f]{32}", fullmatch=True)),
        arn=version.arn if version else offer.arn,
        source=offer.source,
        target=offer.target,
        outcome=offer.outcome,
        by=draw(people),
        comment=draw(outside),
        at=draw(moments),
    )


changes: st.SearchStrategy[Change] = st.one_of(
    decisions(),
    st.builds(
        ExternalChange,
        id=st.just("outside"),
        source=statuses,
        target=statuses,
        outcome=outcomes,
        by=outside,
        comment=outside,
        at=moments,
    ),
)
reports = st.builds(Report, outside, outside, st.booleans())


@st.composite
def versions(draw: st.DrawFn, group: str | None = None) -> DescribedVersion:
    name, number = group or draw(names), draw(numbers)
    return DescribedVersion(
        arn=an_arn(number, name),
        group=name,
        number=number,
        status=draw(statuses),
        readiness=draw(st.sampled_from(Readiness)),
        created=draw(moments),
        description=draw(outside),
        created_by=draw(outside),
        modified=draw(st.none() | moments),
        modified_by=draw(outside),
        comment=draw(outside),
        reports=tuple(draw(st.lists(reports, max_size=8))),
        failures=tuple(draw(st.lists(outside, max_size=5))),
    )


metrics = st.builds(Metric, outside, outside)
briefs = st.builds(
    Brief,
    st.lists(metrics, max_size=10).map(tuple),
    st.lists(st.builds(Note, st.sampled_from(NoteCode), outside), max_size=3).map(tuple),
    st.lists(st.builds(Source, outside, outside), max_size=3).map(tuple),
)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    """A version among others of its group, with its brief."""
    version = draw(versions())
    return Candidate.of(version, draw(st.lists(versions(version.group), max_size=3)), draw(briefs))


people_of_a_rule = st.builds(
    People,
    users=st.lists(users, max_size=30, unique=True).map(tuple),
    user_groups=st.lists(user_groups, max_size=5, unique=True).map(tuple),
)
role_names = st.sampled_from(["approvers", "ml-leads", "risk", "a role with a long name" * 2])
roles = st.lists(
    st.builds(Role, name=role_names, people=people_of_a_rule, needs=st.integers(1, 3)),
    max_size=3,
    unique_by=lambda role: role.name,
).map(tuple)
rules = st.builds(
    Rule,
    patterns=st.sampled_from([(), ("*",)]),
    channel=channels,
    name=st.sampled_from(["", "fraud", "fraud-*, *-fraud"]),
    roles=roles,
    moves=st.dictionaries(st.sampled_from([move.key for move in MOVES]), roles, max_size=2),
    veto=people_of_a_rule,
    mention=st.none() | st.lists(users, max_size=5).map(tuple),
    break_glass=st.booleans(),
    comment=st.frozensets(st.sampled_from([move.key for move in MOVES])),
)
members = st.frozensets(users, max_size=5) | st.sampled_from(LookupFailure)
facts = st.builds(
    KnownPeople,
    members=st.dictionaries(user_groups, members, max_size=5),
    memberships=st.dictionaries(users, st.sampled_from(MembershipStatus), max_size=5),
    submitter=st.builds(
        Submitter,
        outside,
        st.lists(users, max_size=2, unique=True).map(tuple),
        st.none() | st.sampled_from(LookupFailure),
    ),
)

leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(HOSTILE)
)
any_json: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
"""Any JSON, with the NaN and Infinity that Python writes although JSON knows none."""
