"""DynamoDB's ledger: any text, any version of the code beside it, and its outages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.ledger import DynamoLedger
from bot.core.errors import Stale, Unavailable
from bot.core.model import (
    Arn,
    Brief,
    Decision,
    Metric,
    Outcome,
    Outside,
    Person,
    Place,
    Request,
    Status,
)
from tests.adapters.aws import BUSY, Aws, recorded
from tests.doubles.builders import a_decision, a_version, an_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]

BUSY_LEDGER = (*BUSY, "ProvisionedThroughputExceededException", "RequestLimitExceeded")
CALLS: dict[str, Callable[[DynamoLedger, Arn], object]] = {
    "GetItem": lambda ledger, arn: ledger.get(arn),
    "PutItem": lambda ledger, arn: ledger.save(Request(arn=arn)),
    "Query": lambda ledger, arn: list(ledger.rows()),  # noqa: ARG005
}

texts = st.text(max_size=40)
some_text = st.text(min_size=1, max_size=20)
statuses = st.sampled_from(Status)
times = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.integers(min_value=1, max_value=2**31)
shared = {
    "id": some_text,
    "source": statuses,
    "target": statuses,
    "outcome": st.builds(Outcome, st.none() | numbers, st.none() | numbers),
    "comment": texts,
    "at": times,
}
people = st.builds(Person, some_text, texts)
decisions = st.builds(Decision, arn=some_text.map(Arn), by=people, **shared)
outsiders = st.builds(Outside, by=texts, **shared)
changes = st.none() | decisions | outsiders
briefs = st.builds(
    Brief,
    st.lists(st.builds(Metric, texts, texts), max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
)
requests = st.builds(
    Request,
    arn=st.just(Arn("")),  # each example gets one of its own
    group=texts,
    number=numbers,
    status=st.none() | statuses,
    place=st.none() | st.builds(Place, texts, texts),
    posting=st.none() | times,
    face=texts,
    brief=briefs,
    open=changes,
    last=changes,
    done=st.lists(texts, max_size=3).map(tuple),
)


@pytest.fixture
def dynamodb(aws: Aws) -> Any:
    return aws.client("dynamodb")


@pytest.fixture
def table(aws: Aws) -> str:
    return aws.settings["LEDGER_TABLE"]


@pytest.fixture
def ledger(dynamodb: Any, table: str) -> DynamoLedger:
    return DynamoLedger(dynamodb, table)


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(1, group)


def stored(dynamodb: Any, table: str, arn: Arn) -> Json:
    key = {"arn": {"S": arn}, "entry": {"S": "request"}}
    item: Json = dynamodb.get_item(TableName=table, Key=key)["Item"]
    return item


def rewrite(dynamodb: Any, table: str, arn: Arn, change: Callable[[Json], object]) -> None:
    """Let the body of a row be as *change* makes it: another version of the bot wrote it."""
    item = stored(dynamodb, table, arn)
    body = json.loads(item["body"]["S"])
    change(body)
    dynamodb.put_item(TableName=table, Item={**item, "body": {"S": json.dumps(body)}})


def add_everywhere(node: Any) -> None:
    """Give every object under *node* a field that nobody knows yet."""
    if isinstance(node, list):
        for child in node:
            add_everywhere(child)
    elif isinstance(node, dict):
        for child in node.values():
            add_everywhere(child)
        if node.keys() - {"Decision", "Outside"}:
            node["of_tomorrow"] = {"unknown": [1]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests)
def test_any_request_comes_back_as_it_was(ledger: DynamoLedger, request: Request) -> None:
    written = replace(request, arn=Arn(f"arn:{uuid4()}"))
    saved = ledger.save(written)

    assert ledger.get(written.arn) == saved == replace(written, revision=1)


def test_a_lone_half_of_a_letter_is_kept_as_well(ledger: DynamoLedger, arn: Arn) -> None:
    saved = ledger.save(Request(arn=arn, brief=Brief(notes=("\ud83d", "\x00"))))

    assert ledger.get(arn) == saved


def test_a_row_by_an_older_version_has_the_defaults(
    ledger: DynamoLedger, dynamodb: Any, table: str, arn: Arn
) -> None:
    ledger.save(Request(arn=arn, group="fraud", face="a digest", done=("decision-1",)))

    def keep_the_least(body: Json) -> None:
        for name in body.keys() - {"arn", "revision"}:
            del body[name]

    rewrite(dynamodb, table, arn, keep_the_least)
    assert ledger.get(arn) == Request(arn=arn, revision=1)


@pytest.mark.parametrize(
    "part",
    [
        "brief",
        "open",
        "last",
        "place",
    ],
)
def test_a_row_by_a_newer_version_is_read_as_far_as_we_know_it(
    ledger: DynamoLedger, dynamodb: Any, table: str, arn: Arn, part: str
) -> None:
    decision = a_decision(a_version(), Status.APPROVED)
    place = Place("C0FRAUD000", "1.1")
    brief = Brief((Metric("auc", "0.94"),))
    saved = ledger.save(Request(arn=arn, place=place, brief=brief, open=decision, last=decision))

    def add_fields(body: Json) -> None:
        body["of_tomorrow"] = {"unknown": [1]}
        add_everywhere(body[part])

    rewrite(dynamodb, table, arn, add_fields)
    assert ledger.get(arn) == saved


def test_a_read_sees_every_write_before_it(
    ledger: DynamoLedger, dynamodb: Any, table: str, arn: Arn
) -> None:
    calls = recorded(dynamodb)
    ledger.get(arn)

    key = {"arn": {"S": arn}, "entry": {"S": "request"}}
    assert calls == [("GetItem", {"TableName": table, "Key": key, "ConsistentRead": True})]


def test_rows_are_read_to_the_last_page(ledger: DynamoLedger, dynamodb: Any, group: str) -> None:
    arns = {an_arn(number, group) for number in range(1, 8)}
    for arn in arns:
        ledger.save(Request(arn=arn))
    pages: list[Json] = []
    events = dynamodb.meta.events
    events.register(
        "provide-client-params.dynamodb.Query", lambda params, **_: {**params, "Limit": 3}
    )
    events.register("after-call.dynamodb.Query", lambda parsed, **_: pages.append(parsed))

    found = [row.arn for row in ledger.rows()]
    assert arns <= set(found)
    assert len(found) == len(set(found))
    assert len(pages) > 2
    assert all(page["Count"] <= 3 for page in pages)


def test_the_sweep_is_not_given_the_bodies(ledger: DynamoLedger, dynamodb: Any, arn: Arn) -> None:
    """The index holds no more than the sweep needs, so the table may grow."""
    ledger.save(Request(arn=arn, status=Status.PENDING, face="a digest", live=2))
    items: list[Json] = []
    dynamodb.meta.events.register(
        "after-call.dynamodb.Query", lambda parsed, **_: items.extend(parsed["Items"])
    )
    list(ledger.rows())

    (mine,) = [item for item in items if item["arn"]["S"] == arn]
    assert mine.keys() == {"arn", "entry", "status", "half_done", "live", "rule"}


@pytest.mark.parametrize("error", BUSY_LEDGER)
@pytest.mark.parametrize("operation", CALLS)
def test_an_outage_is_a_reason_to_wait(
    aws: Aws, ledger: DynamoLedger, arn: Arn, operation: str, error: str
) -> None:
    aws.faults.add(operation, error)

    with pytest.raises(Unavailable):
        CALLS[operation](ledger, arn)


def test_a_write_whose_answer_was_lost_is_there_and_is_not_made_twice(
    aws: Aws, ledger: DynamoLedger, arn: Arn
) -> None:
    aws.faults.add("PutItem", "timeout")
    with pytest.raises(Unavailable):
        ledger.save(Request(arn=arn, face="mine"))

    assert ledger.get(arn) == Request(arn=arn, revision=1, face="mine")
    with pytest.raises(Stale):
        ledger.save(Request(arn=arn, face="mine"))
