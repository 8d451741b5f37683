"""DynamoDB's ledger: any text, items of other versions of the code, and outages."""

from __future__ import annotations

import json
import operator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.store import items, serving_rows
from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import ChainHead, append
from bot.core.decide.record import Record, RecordSummary
from bot.core.errors import Malformed, Stale, Unavailable
from bot.core.evidence.brief import Brief, Metric, Note, NoteCode, Source
from bot.core.followup.endpoints import EndpointStatus, Serving
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, DatedStatus, Status
from bot.core.rules.people import Person
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.presses import Presses
from bot.core.votes.processed import ProcessedIds
from bot.core.votes.rate_limit import RateLimit, Slot
from bot.core.votes.request import Card, Request
from bot.core.votes.vote import Decision, ExternalChange, Vote
from tests.adapters.aws import BUSY, Aws, recorded
from tests.adapters.table import Table, changed, record, with_entries
from tests.doubles.builders import CARDS, NOON, a_decision, a_version, a_vote, an_arn
from tests.doubles.endpoints import a_memory, an_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    Json = dict[str, Any]
    Call = tuple[str, Callable[[DynamoLedger, Arn], object]]

VOTE = a_vote(a_version(), Status.APPROVED)
DECISION = a_decision(a_version(), Status.APPROVED)
BUSY_LEDGER = (*BUSY, "ProvisionedThroughputExceededException", "RequestLimitExceeded")
CALLS: list[Call] = [
    ("GetItem", lambda ledger, arn: ledger.get(arn)),
    ("GetItem", lambda ledger, arn: ledger.chain_head(arn)),
    ("PutItem", lambda ledger, arn: ledger.save(record(arn))),
    ("TransactWriteItems", lambda ledger, arn: ledger.save(with_entries(record(arn), "one"))),
    (
        "TransactWriteItems",
        lambda ledger, arn: ledger.append_checkpoint(*append(arn, ChainHead(), {})),
    ),
    ("Query", lambda ledger, arn: list(ledger.summaries())),  # noqa: ARG005
    ("Query", lambda ledger, arn: list(ledger.open_summaries())),  # noqa: ARG005
    ("GetItem", lambda ledger, arn: ledger.sweep_place()),  # noqa: ARG005
    ("PutItem", lambda ledger, arn: ledger.save_sweep_place("")),  # noqa: ARG005
    ("GetItem", lambda ledger, arn: ledger.rate_limit(CARDS)),  # noqa: ARG005
    ("PutItem", lambda ledger, arn: ledger.save_rate_limit(RateLimit(name=arn, read_at=NOON))),
    ("Query", lambda ledger, arn: list(ledger.entries(arn))),
    ("Scan", lambda ledger, arn: list(ledger.chains())),  # noqa: ARG005
]

texts = st.text(max_size=40)
some_text = st.text(min_size=1, max_size=20)
arns = some_text.map(Arn)
statuses = st.sampled_from(Status)
times = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.integers(min_value=1, max_value=2**31)
outcomes = st.builds(Outcome, st.none() | numbers, st.none() | numbers)
named = {"id": some_text, "comment": texts, "at": times}
people = st.builds(Person, some_text, texts)
moves = st.sampled_from(MOVES).map(lambda move: {"source": move.source, "target": move.target})
vote = st.builds(
    lambda move, **more: Vote(**move, **more),
    moves,
    brief_digest=texts,
    by=people,
    override=st.booleans(),
    role=texts,
    seen_modified=st.none() | times,
    **named,
)
votes = st.lists(vote, max_size=2).map(tuple)
decisions = st.builds(
    lambda move, **more: Decision(**move, **more),
    moves,
    arn=arns,
    by=people,
    brief_digest=texts,
    votes=votes,
    veto=st.booleans(),
    outcome=outcomes,
    seen_modified=st.none() | times,
    made_modified=st.none() | times,
    **named,
)
external_changes = st.builds(
    ExternalChange, by=texts, source=statuses, target=statuses, outcome=outcomes, **named
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
notices = st.builds(
    Notice,
    id=some_text,
    kind=st.sampled_from(NoticeKind),
    to=st.lists(st.builds(To, st.sampled_from(Way), texts, texts), max_size=2).map(tuple),
    at=times,
    decision=decisions,
    external=external_changes,
    reported=st.builds(DatedStatus, statuses, times),
    votes=st.lists(vote, min_size=1, max_size=2).map(tuple),
    reason=st.builds(
        Reason,
        st.sampled_from([ReasonCode.VERSION_GONE, ReasonCode.NO_VOTE]),
        st.dictionaries(texts, texts | numbers, max_size=3),
    ),
    comment=texts,
    arns=st.lists(arns, min_size=1, max_size=2).map(tuple),
)
briefs = st.builds(
    Brief,
    st.lists(st.builds(Metric, texts, texts), max_size=3).map(tuple),
    st.lists(st.builds(Note, st.sampled_from(NoteCode), texts, st.integers(0, 9)), max_size=3).map(
        tuple
    ),
    st.lists(st.builds(Source, texts, texts), max_size=3).map(tuple),
)
cards = st.builds(
    Card,
    channel=some_text,
    ts=texts,
    post_started=st.none() | times,
    digest=texts,
    next_to_deploy=st.none() | numbers,
    rule=texts,
)
requests = st.builds(
    Request,
    arn=st.just(Arn("")),  # each example gets one of its own
    group=texts,
    number=numbers,
    status=st.none() | statuses,
    brief=briefs,
    cards=st.lists(cards, max_size=2).map(tuple),
    votes=votes,
    open_decision=st.none() | decisions,
    last_decision=st.none() | decisions,
    last_external=st.none() | external_changes,
    outbox=st.lists(notices, max_size=2).map(tuple),
    processed=st.builds(
        ProcessedIds, st.dictionaries(some_text, times, max_size=3), st.lists(texts).map(tuple)
    ),
    processed_ids=st.lists(texts, max_size=3).map(tuple),
    presses=st.builds(Presses, st.dictionaries(some_text, times, max_size=3)),
)
new_names = texts.map(lambda name: f"new {name}")
unknown_attributes = st.dictionaries(new_names, st.builds(lambda text: {"S": text}, texts))
unknown_fields = st.builds(
    lambda fields: {"body": fields} if fields else {}, st.dictionaries(new_names, plain)
)
records = st.builds(
    Record,
    request=requests,
    chain=st.builds(ChainHead, st.integers(0, 2**31), texts),
    unknown=st.builds(operator.or_, unknown_attributes, unknown_fields),
)


def add_everywhere(node: Any) -> None:
    """Give every object under *node* a field that nobody knows yet."""
    if isinstance(node, list):
        for child in node:
            add_everywhere(child)
    elif isinstance(node, dict):
        for child in node.values():
            add_everywhere(child)
        node["of_tomorrow"] = {"unknown": [1]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=records)
def test_any_record_is_read_as_it_was_saved(ledger: DynamoLedger, record: Record) -> None:
    new = changed(record, arn=Arn(f"arn:{uuid4()}"))
    saved = ledger.save(new)

    assert ledger.get(new.request.arn) == saved == replace(new, revision=1)


def test_half_a_surrogate_pair_is_stored_as_well(ledger: DynamoLedger, arn: Arn) -> None:
    saved = ledger.save(record(arn, brief=Brief(metrics=(Metric("\ud83d", "\x00"),))))

    assert ledger.get(arn) == saved


def test_a_field_that_an_older_version_did_not_write_has_its_default(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    saved = ledger.save(record(arn, group="fraud", processed_ids=("decision-1",)))

    def keep_the_least(body: Json) -> None:
        for name in body.keys() - {"v"}:
            del body[name]

    table.rewrite(arn, keep_the_least)
    assert ledger.get(arn) == replace(saved, request=Request(arn=arn))


def test_a_nested_field_that_an_older_version_did_not_write_has_its_default(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    brief = Brief((Metric("auc", "0.94"),))
    saved = ledger.save(record(arn, brief=brief, votes=(VOTE,), open_decision=DECISION))

    def without_what_was_added(body: Json) -> None:
        del body["brief"]["sources"], body["votes"][0]["override"], body["votes"][0]["role"]
        del body["open_decision"]["brief_digest"], body["open_decision"]["veto"]

    table.rewrite(arn, without_what_was_added)
    assert ledger.get(arn) == saved


@pytest.mark.parametrize(
    "part", ["brief", "cards", "votes", "open_decision", "last_decision", "outbox"]
)
def test_unknown_fields_of_a_newer_version_are_ignored_when_a_request_is_read(
    ledger: DynamoLedger, table: Table, arn: Arn, part: str
) -> None:
    decision = replace(DECISION, votes=(VOTE,))
    saved_notice = Notice(
        id="notice-1",
        kind=NoticeKind.NOT_MADE,
        to=(To(Way.THREAD),),
        at=NOON,
        decision=decision,
        reason=Reason(ReasonCode.VERSION_GONE),
    )
    saved = ledger.save(
        record(
            arn,
            brief=Brief((Metric("auc", "0.94"),), sources=(Source("s3://a/b", "etag"),)),
            cards=(Card(channel="C0FRAUD000", ts="1.1"),),
            votes=(VOTE,),
            open_decision=decision,
            last_decision=decision,
            outbox=(saved_notice,),
        )
    )

    def add_fields(body: Json) -> None:
        add_everywhere(body[part])
        for notice in body["outbox"]:  # the code of a reason decides its parameters
            notice["reason"]["params"] = {}

    table.rewrite(arn, add_fields)
    assert ledger.get(arn) == saved


def newer(table: Table, pk: str, sk: str = "request") -> None:
    """Let an item be as a newer version of the code writes it."""
    table.rewrite(pk, lambda body: body.update(watchers=["U0ANA00000"]), sk)
    table.put({**table.item(pk, sk), "expires": {"N": "1798761600"}})


UNKNOWN = {"expires": {"N": "1798761600"}, "body": {"watchers": ["U0ANA00000"]}}


def test_fields_that_only_a_newer_version_knows_are_written_back(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(record(arn))
    newer(table, arn)
    read = ledger.get(arn)
    ledger.save(ledger.save(changed(read, status=Status.REJECTED)))
    item = table.item(arn)

    assert read.unknown == UNKNOWN
    assert item["expires"] == UNKNOWN["expires"]
    assert json.loads(item["body"]["S"])["watchers"] == ["U0ANA00000"]
    assert ledger.get(arn).request.status is Status.REJECTED


def test_fields_that_a_newer_version_removed_are_not_written_back(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(record(arn))
    before = table.item(arn)
    newer(table, arn)
    ledger.get(arn)
    table.put(before)
    ledger.save(ledger.get(arn))

    assert ledger.get(arn).unknown == {}


def endpoints_in_one_part(group: str) -> tuple[Arn, Arn]:
    """Two endpoints of which the servings of *group* are in the same item."""
    arns = (an_endpoint(f"{group}-{number}") for number in count())
    one = next(arns)
    same = (arn for arn in arns if place_of(group, arn) == place_of(group, one))
    return one, next(same)


def place_of(group: str, endpoint: Arn) -> Any:
    return serving_rows.key_of(a_serving(group, endpoint))


def a_serving(group: str, endpoint: Arn) -> Serving:
    return Serving(
        group=group, endpoint=endpoint, name="e", state=EndpointStatus.IN_SERVICE, changed=NOON
    )


def test_what_a_newer_version_wrote_of_another_endpoint_stays_beside_what_is_written(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    mine, other = endpoints_in_one_part(group)
    ledger.save_endpoint(a_memory(arn=other, servings=(a_serving(group, other),)))
    place = place_of(group, other)
    pk, sk = place["pk"]["S"], place["sk"]["S"]
    table.rewrite(pk, lambda body: body["servings"][other.lower()].update(of_tomorrow=1), sk)
    ledger.save_endpoint(a_memory(arn=mine, servings=(a_serving(group, mine),)))

    body = json.loads(table.item(pk, sk)["body"]["S"])
    assert body["servings"].keys() == {mine.lower(), other.lower()}
    assert body["servings"][other.lower()]["of_tomorrow"] == 1
    assert {each.endpoint for each in ledger.servings(group)} == {mine, other}


def test_the_endpoints_that_were_deleted_first_are_dropped_before_an_item_grows_too_large() -> None:
    reason, item = "x" * 1000, None
    place = serving_rows.key_of(a_serving("fraud", an_endpoint("1")))
    for number in range(500):
        serving = replace(
            a_serving("fraud", an_endpoint(str(number))),
            state=EndpointStatus.GONE if number else EndpointStatus.IN_SERVICE,
            changed=NOON + timedelta(minutes=number),
            reason=reason,
        )
        item, _ = serving_rows.item_with(item, [serving], place)
    assert item
    kept = [each.name for each in serving_rows.servings_of(item)]
    changed = sorted(each.changed for each in serving_rows.servings_of(item))

    assert 200 < len(kept) < 300
    assert len(item["body"]["S"]) < 330_000
    assert changed[0] == NOON  # which is in service
    assert changed[-1] == NOON + timedelta(minutes=499)
    assert changed[1] > NOON + timedelta(minutes=200)


def test_of_two_workers_that_write_servings_of_one_group_at_once_one_is_refused_and_none_is_lost(
    aws: Aws, ledger: DynamoLedger, table: Table, group: str
) -> None:
    mine, other = endpoints_in_one_part(group)
    memory = a_memory(arn=mine, servings=(a_serving(group, mine),))
    client = aws.client("dynamodb")
    slow = DynamoLedger(client, table.name)

    def write_another(**_: Any) -> None:
        ledger.save_endpoint(a_memory(arn=other, servings=(a_serving(group, other),)))

    client.meta.events.register("before-call.dynamodb.TransactWriteItems", write_another)

    with pytest.raises(Stale):
        slow.save_endpoint(memory)
    ledger.save_endpoint(memory)
    assert {each.endpoint for each in ledger.servings(group)} == {mine, other}


def test_fields_of_an_endpoint_that_only_a_newer_version_knows_are_written_back(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    arn = an_endpoint(group)
    ledger.save_endpoint(a_memory(arn=arn))
    newer(table, arn, "endpoint")
    read = ledger.get_endpoint(arn)
    ledger.save_endpoint(replace(read, told_digest="a digest"))

    assert read.unknown == UNKNOWN
    assert table.item(arn, "endpoint")["expires"] == UNKNOWN["expires"]
    assert ledger.get_endpoint(arn) == replace(read, told_digest="a digest", revision=2)


def test_this_version_knows_every_field_that_it_writes(ledger: DynamoLedger, arn: Arn) -> None:
    card = Card(channel="C0FRAUD000", next_to_deploy=3, rule="a digest")
    ledger.save(record(arn, status=Status.APPROVED, cards=(card,), deploy_due=NOON))

    assert ledger.get(arn).unknown == {}


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ({"body": {"S": "{"}}, "it is no JSON"),
        ({"body": {"S": '{"v":2}'}}, "its format is 2, not 1"),
        ({"body": {"S": '{"v":1,"number":"three"}'}}, "Expected `int`, got `str`"),
        ({"body": {"S": '{"v":1,"votes":[{"id":""}]}'}}, r"at `\$.votes\[0\].id`"),
        ({"body": {"N": "1"}}, "Expected `str`"),
        ({"revision": {"S": "1"}}, "Expected `int`, got `str`"),
        ({"revision": {"N": "1.5"}}, "Expected `int`"),
        ({"status": {"S": "approved"}}, "Invalid enum value 'approved'"),
        ({"unfinished": {"NULL": True}}, "Expected `bool`"),
        ({"chain_count": {"S": "two"}}, "Expected `int`, got `str`"),
    ],
)
def test_a_damaged_item_is_malformed_and_named(
    ledger: DynamoLedger, table: Table, arn: Arn, damage: Json, why: str
) -> None:
    ledger.save(record(arn))
    table.put(table.item(arn) | damage)

    with pytest.raises(Malformed, match=f"item {arn}, request of the ledger is malformed: .*{why}"):
        ledger.get(arn)


def test_a_damaged_item_of_an_endpoint_is_malformed_and_named(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    arn = an_endpoint(group)
    ledger.save_endpoint(a_memory(arn=arn))
    table.rewrite(arn, lambda body: body.update(pending_versions="all"), "endpoint")

    with pytest.raises(Malformed, match=f"item {arn}, endpoint of the ledger is malformed"):
        ledger.get_endpoint(arn)


def test_a_damaged_item_counts_as_unfinished_and_hides_no_other_from_the_sweep(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    """Its version then gets a job, which fails and says what is wrong."""
    damaged, whole = an_arn(1, group), an_arn(2, group)
    ledger.save(record(damaged))
    ledger.save(record(whole))
    table.put(table.item(damaged) | {"status": {"S": "approved"}})

    mine = {
        summary.arn: summary for summary in ledger.summaries() if summary.arn in {damaged, whole}
    }
    assert mine == {
        damaged: RecordSummary(damaged, None, unfinished=True),
        whole: RecordSummary(whole, None, unfinished=False),
    }


def test_a_read_sees_every_write_before_it(ledger: DynamoLedger, table: Table, arn: Arn) -> None:
    calls = recorded(table.dynamodb)
    ledger.get(arn)

    key = {"pk": {"S": arn}, "sk": {"S": "request"}}
    assert calls == [("GetItem", {"TableName": table.name, "Key": key, "ConsistentRead": True})]


def test_summaries_are_read_to_the_last_page(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    arns = {an_arn(number, group) for number in range(1, 8)}
    for arn in arns:
        ledger.save(record(arn))
    table.limit("Query", 3)
    pages = table.pages("Query")

    listed = [summary.arn for summary in ledger.summaries()]
    assert arns <= set(listed)
    assert len(listed) == len(set(listed))
    assert len(pages) > 2
    assert all(page["Count"] <= 3 for page in pages)


def test_the_sweep_does_not_read_the_bodies(ledger: DynamoLedger, table: Table, arn: Arn) -> None:
    """The index holds no more than the sweep needs, so the table may grow."""
    card = Card(channel="C0FRAUD000", next_to_deploy=2, rule="a digest")
    shown = {"created": NOON, "status": Status.PENDING, "cards": (card,), "deploy_due": NOON}
    ledger.save(record(arn, **shown, slot=Slot(CARDS, NOON)))
    only_open = {"open", "slot_at"}
    for read, only in ((ledger.summaries, set()), (ledger.open_summaries, only_open)):
        pages = table.pages("Query")
        list(read())

        (mine,) = [item for page in pages for item in page["Items"] if item["pk"]["S"] == arn]
        assert mine.keys() == items.names_of(items.SummaryItem) - {"slot_at"} | only
        assert "body" not in mine


@pytest.mark.parametrize("error", BUSY_LEDGER)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_an_outage_is_a_reason_to_wait(
    aws: Aws, ledger: DynamoLedger, arn: Arn, call: Call, error: str
) -> None:
    operation, make = call
    aws.faults.add(operation, error)

    with pytest.raises(Unavailable):
        make(ledger, arn)


def test_a_write_whose_answer_was_lost_is_made_once(
    aws: Aws, ledger: DynamoLedger, arn: Arn
) -> None:
    aws.faults.add("PutItem", "timeout")
    with pytest.raises(Unavailable):
        ledger.save(record(arn, group="mine"))

    assert ledger.get(arn) == replace(record(arn, group="mine"), revision=1)
    with pytest.raises(Stale):
        ledger.save(record(arn, group="mine"))


def test_an_error_of_our_own_is_not_taken_for_an_outage_or_a_conflict(
    aws: Aws, ledger: DynamoLedger, arn: Arn
) -> None:
    aws.faults.add("PutItem", "ValidationException")

    with pytest.raises(ClientError, match="ValidationException"):
        ledger.save(record(arn))


def test_rows_that_dynamodb_is_too_busy_to_read_are_a_reason_to_wait(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(record(arn))

    def leave_out(parsed: Json, **_: object) -> None:
        parsed["UnprocessedKeys"] = {table.name: {"Keys": [{"pk": {"S": arn}}]}}

    events = ledger._dynamodb.meta.events  # noqa: SLF001 - what AWS answers is changed here
    events.register("after-call.dynamodb.BatchGetItem", leave_out)
    with pytest.raises(Unavailable):
        ledger.posted_cards([arn])


def test_a_row_from_before_cards_had_addresses_is_read(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(record(arn, cards=(Card(channel="C0FRAUD000", ts="1.1", permalink="https://x"),)))
    table.rewrite(arn, lambda body: body["cards"][0].pop("permalink"))

    (posted,) = ledger.posted_cards([arn])
    assert posted.cards == ledger.get(arn).request.cards == (Card(channel="C0FRAUD000", ts="1.1"),)
