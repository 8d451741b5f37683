"""DynamoDB's ledger: any text, any version of the code beside it, and its outages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import ChainHead, append
from bot.core.errors import Stale, Unavailable
from bot.core.evidence.brief import Brief, Metric, Source
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status
from bot.core.rules.people import Person
from bot.core.votes.request import MessageRef, Request
from bot.core.votes.vote import Decision, ExternalChange, Vote, VoteEvent, VoteEventKind
from tests.adapters.aws import BUSY, Aws, recorded
from tests.adapters.table import Table, written
from tests.doubles.builders import NOON, a_decision, a_version, a_vote, an_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]
    Call = tuple[str, Callable[[DynamoLedger, Arn], object]]

BUSY_LEDGER = (*BUSY, "ProvisionedThroughputExceededException", "RequestLimitExceeded")
CALLS: list[Call] = [
    ("GetItem", lambda ledger, arn: ledger.get(arn)),
    ("GetItem", lambda ledger, arn: ledger.end(arn)),
    ("PutItem", lambda ledger, arn: ledger.save(Request(arn=arn))),
    ("TransactWriteItems", lambda ledger, arn: ledger.save(written(Request(arn=arn), "one"))),
    ("TransactWriteItems", lambda ledger, arn: ledger.gather(*append(arn, ChainHead(), {}))),
    ("Query", lambda ledger, arn: list(ledger.rows())),  # noqa: ARG005
    ("Query", lambda ledger, arn: list(ledger.entries(arn))),
    ("Scan", lambda ledger, arn: list(ledger.chains())),  # noqa: ARG005
]

texts = st.text(max_size=40)
some_text = st.text(min_size=1, max_size=20)
statuses = st.sampled_from(Status)
times = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.integers(min_value=1, max_value=2**31)
move = {
    "id": some_text,
    "source": statuses,
    "target": statuses,
    "comment": texts,
    "at": times,
}
change = {**move, "outcome": st.builds(Outcome, st.none() | numbers, st.none() | numbers)}
people = st.builds(Person, some_text, texts)
vote = st.builds(Vote, brief=texts, by=people, override=st.booleans(), role=texts, **move)
votes = st.lists(vote, max_size=2).map(tuple)
decisions = st.builds(
    Decision,
    arn=some_text.map(Arn),
    by=people,
    brief=texts,
    votes=votes,
    veto=st.booleans(),
    **change,
)
outsiders = st.builds(ExternalChange, by=texts, **change)
news = st.builds(
    VoteEvent, id=some_text, what=st.sampled_from(VoteEventKind), votes=votes, at=times
)
changes = st.none() | decisions | outsiders
briefs = st.builds(
    Brief,
    st.lists(st.builds(Metric, texts, texts), max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    st.lists(st.builds(Source, texts, texts), max_size=3).map(tuple),
)
requests = st.builds(
    Request,
    arn=st.just(Arn("")),  # each example gets one of its own
    group=texts,
    number=numbers,
    status=st.none() | statuses,
    place=st.none() | st.builds(MessageRef, texts, texts),
    posting=st.none() | times,
    face=texts,
    brief=briefs,
    votes=votes,
    open=changes | news,
    last=changes,
    done=st.lists(texts, max_size=3).map(tuple),
    chain=st.builds(ChainHead, st.integers(0, 2**31), texts),
)


@pytest.fixture
def table(aws: Aws) -> Table:
    return Table.of(aws)


@pytest.fixture
def ledger(table: Table) -> DynamoLedger:
    return DynamoLedger(table.dynamodb, table.name)


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(1, group)


def add_everywhere(node: Any) -> None:
    """Give every object under *node* a field that nobody knows yet."""
    if isinstance(node, list):
        for child in node:
            add_everywhere(child)
    elif isinstance(node, dict):
        for child in node.values():
            add_everywhere(child)
        if node.keys() - {"Decision", "Outside", "News"}:
            node["of_tomorrow"] = {"unknown": [1]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests)
def test_any_request_comes_back_as_it_was(ledger: DynamoLedger, request: Request) -> None:
    new = replace(request, arn=Arn(f"arn:{uuid4()}"))
    saved = ledger.save(new)

    assert ledger.get(new.arn) == saved == replace(new, revision=1)


def test_a_lone_half_of_a_letter_is_kept_as_well(ledger: DynamoLedger, arn: Arn) -> None:
    saved = ledger.save(Request(arn=arn, brief=Brief(notes=("\ud83d", "\x00"))))

    assert ledger.get(arn) == saved


def test_a_row_by_an_older_version_has_the_defaults(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(Request(arn=arn, group="fraud", face="a digest", done=("decision-1",)))

    def keep_the_least(body: Json) -> None:
        for name in body.keys() - {"arn", "revision"}:
            del body[name]

    table.rewrite(arn, keep_the_least)
    assert ledger.get(arn) == Request(arn=arn, revision=1)


def test_a_vote_a_decision_and_a_brief_by_an_older_version_have_the_defaults(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    decision = a_decision(a_version(), Status.APPROVED)
    brief = Brief((Metric("auc", "0.94"),))
    vote = a_vote(a_version(), Status.APPROVED)
    request = Request(arn=arn, brief=brief, votes=(vote,), open=decision, last=decision)
    saved = ledger.save(request)

    def without_what_was_added(body: Json) -> None:
        del body["brief"]["sources"], body["votes"][0]["override"], body["votes"][0]["role"]
        for change in (body["open"]["Decision"], body["last"]["Decision"]):
            del change["brief"], change["votes"], change["veto"]

    table.rewrite(arn, without_what_was_added)
    assert ledger.get(arn) == saved


@pytest.mark.parametrize(
    "part",
    [
        "brief",
        "votes",
        "open",
        "last",
        "place",
    ],
)
@pytest.mark.parametrize("kind", ["Decision", "News"])
def test_a_row_by_a_newer_version_is_read_as_far_as_we_know_it(
    ledger: DynamoLedger, table: Table, arn: Arn, part: str, kind: str
) -> None:
    votes = (a_vote(a_version(), Status.APPROVED),)
    decision = a_decision(a_version(), Status.APPROVED, votes=votes)
    half_done = {
        "Decision": decision,
        "News": VoteEvent(id="news-1", what=VoteEventKind.CAST, votes=votes, at=NOON),
    }
    place = MessageRef("C0FRAUD000", "1.1")
    brief = Brief((Metric("auc", "0.94"),), sources=(Source("s3://a/b", "etag"),))
    request = Request(arn=arn, place=place, brief=brief, votes=votes, last=decision)
    saved = ledger.save(replace(request, open=half_done[kind]))

    def add_fields(body: Json) -> None:
        body["of_tomorrow"] = {"unknown": [1]}
        add_everywhere(body[part])

    table.rewrite(arn, add_fields)
    assert ledger.get(arn) == saved


def test_a_read_sees_every_write_before_it(ledger: DynamoLedger, table: Table, arn: Arn) -> None:
    calls = recorded(table.dynamodb)
    ledger.get(arn)

    key = {"arn": {"S": arn}, "entry": {"S": "request"}}
    assert calls == [("GetItem", {"TableName": table.name, "Key": key, "ConsistentRead": True})]


def test_rows_are_read_to_the_last_page(ledger: DynamoLedger, table: Table, group: str) -> None:
    arns = {an_arn(number, group) for number in range(1, 8)}
    for arn in arns:
        ledger.save(Request(arn=arn))
    table.limit("Query", 3)
    pages = table.pages("Query")

    found = [row.arn for row in ledger.rows()]
    assert arns <= set(found)
    assert len(found) == len(set(found))
    assert len(pages) > 2
    assert all(page["Count"] <= 3 for page in pages)


def test_the_sweep_is_not_given_the_bodies(ledger: DynamoLedger, table: Table, arn: Arn) -> None:
    """The index holds no more than the sweep needs, so the table may grow."""
    ledger.save(Request(arn=arn, status=Status.PENDING, face="a digest", live=2))
    pages = table.pages("Query")
    list(ledger.rows())

    (mine,) = [item for page in pages for item in page["Items"] if item["arn"]["S"] == arn]
    known = {"arn", "entry", "status", "half_done", "live", "rule", "chain_count", "chain_head"}
    assert mine.keys() == known


@pytest.mark.parametrize("error", BUSY_LEDGER)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_an_outage_is_a_reason_to_wait(
    aws: Aws, ledger: DynamoLedger, arn: Arn, call: Call, error: str
) -> None:
    operation, make = call
    aws.faults.add(operation, error)

    with pytest.raises(Unavailable):
        make(ledger, arn)


def test_a_write_whose_answer_was_lost_is_there_and_is_not_made_twice(
    aws: Aws, ledger: DynamoLedger, arn: Arn
) -> None:
    aws.faults.add("PutItem", "timeout")
    with pytest.raises(Unavailable):
        ledger.save(Request(arn=arn, face="mine"))

    assert ledger.get(arn) == Request(arn=arn, revision=1, face="mine")
    with pytest.raises(Stale):
        ledger.save(Request(arn=arn, face="mine"))


def test_an_error_that_is_ours_is_not_taken_for_somebody_elses(
    aws: Aws, ledger: DynamoLedger, arn: Arn
) -> None:
    aws.faults.add("PutItem", "ValidationException")

    with pytest.raises(ClientError, match="ValidationException"):
        ledger.save(Request(arn=arn))
