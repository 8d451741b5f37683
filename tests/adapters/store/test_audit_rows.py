"""The audit trail in DynamoDB: how it is written and read, and what damage to it does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import CHECKPOINTS, ChainHead, append
from bot.core.audit.checkpoints import checkpoint_entry
from bot.core.errors import Stale, Unavailable
from tests.adapters.aws import Aws, recorded
from tests.adapters.table import Table, record, with_entries
from tests.doubles.builders import an_arn

if TYPE_CHECKING:
    from bot.core.registry.version import Arn

    Json = dict[str, Any]


def test_entries_whose_answer_was_lost_are_written_once(
    aws: Aws, ledger: DynamoLedger, arn: Arn
) -> None:
    new = with_entries(record(arn), "one")
    aws.faults.add("TransactWriteItems", "timeout")
    with pytest.raises(Unavailable):
        ledger.save(new)

    assert ledger.get(arn) == replace(new, revision=1, new_entries=())
    with pytest.raises(Stale):
        ledger.save(new)
    assert list(ledger.entries(arn)) == list(new.new_entries)


def test_a_record_and_its_entries_are_one_transaction_that_replaces_no_entry(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    first = ledger.save(record(arn))
    calls = recorded(table.dynamodb)
    ledger.save(with_entries(first, "one", "two"))

    ((operation, parameters),) = calls
    puts = [item["Put"] for item in parameters["TransactItems"]]
    assert operation == "TransactWriteItems"
    assert [put["ConditionExpression"] for put in puts] == [
        "revision = :read",
        "attribute_not_exists(pk)",
        "attribute_not_exists(pk)",
    ]
    assert [put["Item"]["sk"]["S"] for put in puts] == [
        "request",
        "audit#0000000001",
        "audit#0000000002",
    ]


def test_a_record_without_new_entries_is_no_transaction(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    saved = ledger.save(with_entries(record(arn), "one"))
    calls = recorded(table.dynamodb)
    ledger.save(saved)

    assert [operation for operation, _ in calls] == ["PutItem"]


def test_new_entries_are_not_written_into_the_request(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(with_entries(record(arn), "of all things this"))

    assert "of all things this" not in str(table.item(arn))
    assert "of all things this" in str(table.item(arn, "audit#0000000001"))


@pytest.mark.parametrize(
    ("codes", "raised"),
    [
        (["ConditionalCheckFailed", "None"], Stale),
        (["None", "ConditionalCheckFailed"], Stale),
        (["TransactionConflict", "ConditionalCheckFailed"], Stale),
        (["TransactionConflict", "None"], Unavailable),
        (["None", "ProvisionedThroughputExceeded"], Unavailable),
        (["None", "ThrottlingError"], Unavailable),
        (["None", "ValidationError"], ClientError),
        ([], ClientError),
    ],
)
def test_the_reason_of_a_cancelled_transaction_decides_whether_it_may_be_retried(
    ledger: DynamoLedger, table: Table, arn: Arn, codes: list[str], raised: type[Exception]
) -> None:
    reasons = {"CancellationReasons": [{"Code": code} for code in codes]} if codes else {}
    with Stubber(table.dynamodb) as stubbed:
        stubbed.add_client_error(
            "transact_write_items", "TransactionCanceledException", modeled_fields=reasons
        )

        with pytest.raises(raised):
            ledger.save(with_entries(record(arn), "one"))


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("PutItem", "TransactionConflictException"),
        ("TransactWriteItems", "TransactionInProgressException"),
    ],
)
def test_a_transaction_of_somebody_else_is_a_reason_to_wait(
    aws: Aws, ledger: DynamoLedger, arn: Arn, operation: str, error: str
) -> None:
    texts = {"PutItem": (), "TransactWriteItems": ("one",)}[operation]
    aws.faults.add(operation, error)

    with pytest.raises(Unavailable):
        ledger.save(with_entries(record(arn), *texts))


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_trail_is_read_page_by_page_and_no_further_than_asked(
    ledger: DynamoLedger, table: Table, arn: Arn, *, newest_first: bool
) -> None:
    ledger.save(with_entries(record(arn), *map(str, range(1, 8))))
    table.limit("Query", 3)
    calls = recorded(table.dynamodb)
    order = [str(number) for number in range(1, 8)][:: -1 if newest_first else 1]

    entries = ledger.entries(arn, newest_first=newest_first)
    assert [next(entries).content["text"] for _ in range(3)] == order[:3]
    assert len(calls) == 1
    assert [entry.content["text"] for entry in entries] == order[3:]


def test_reading_the_newest_entry_fetches_at_most_ten(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    ledger.save(with_entries(record(arn), *map(str, range(30))))
    pages = table.pages("Query")

    assert next(ledger.entries(arn, newest_first=True)).number == 30
    assert [page["Count"] <= 10 for page in pages] == [True]


def test_the_trail_is_read_consistently(ledger: DynamoLedger, table: Table, arn: Arn) -> None:
    calls = recorded(table.dynamodb)
    list(ledger.entries(arn))
    list(ledger.chains())
    ledger.chain_head(arn)

    assert [(operation, parameters["ConsistentRead"]) for operation, parameters in calls] == [
        ("Query", True),
        ("Scan", True),
        ("GetItem", True),
    ]


def test_chains_are_listed_once_however_many_pages_they_fill(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    arns = [an_arn(number, group) for number in range(1, 4)]
    for arn in arns:
        ledger.save(with_entries(record(arn), "one", "two", "three"))
    table.limit("Scan", 2)

    assert sorted(name for name in ledger.chains() if name in arns) == arns


@pytest.mark.parametrize("sk", ["request", "end", "audit#0000000007"])
def test_a_chain_with_only_one_item_left_is_listed(
    ledger: DynamoLedger, table: Table, arn: Arn, sk: str
) -> None:
    table.put({"pk": {"S": arn}, "sk": {"S": sk}})

    assert arn in ledger.chains()


def test_an_item_of_an_unknown_kind_is_not_a_chain(
    ledger: DynamoLedger, table: Table, arn: Arn
) -> None:
    item = {"pk": {"S": arn}, "sk": {"S": "something of tomorrow"}}
    table.put(item)

    assert arn not in ledger.chains()


@pytest.mark.parametrize(
    ("damage", "read"),
    [
        ({"sk": {"S": "audit#1"}}, {"number": 0}),
        ({"sk": {"S": "audit#000000000x"}}, {"number": 0}),
        ({"body": {"N": "1"}}, {"body": ""}),
        ({"hash": {"NULL": True}}, {"hash": ""}),
    ],
)
def test_a_damaged_entry_is_still_read(
    ledger: DynamoLedger, table: Table, arn: Arn, damage: Json, read: Json
) -> None:
    """`verify` could not name it if reading it failed."""
    entry, _ = append(arn, ChainHead(), {"text": "one"})
    item = {
        "pk": {"S": arn},
        "sk": {"S": "audit#0000000001"},
        "body": {"S": entry.body},
        "hash": {"S": entry.hash},
    }
    table.put(item | damage)

    assert list(ledger.entries(arn)) == [replace(entry, **read)]


@pytest.mark.parametrize(
    ("damage", "end"),
    [
        ({"chain_count": {"S": "two"}}, ChainHead(0, "a hash")),
        ({"chain_count": {"N": "1.5"}}, ChainHead(0, "a hash")),
        ({"chain_head": {"N": "2"}}, ChainHead(2)),
    ],
)
def test_a_damaged_chain_head_is_still_read(
    ledger: DynamoLedger, table: Table, arn: Arn, damage: Json, end: ChainHead
) -> None:
    ledger.save(replace(record(arn), chain=ChainHead(2, "a hash")))
    table.put(table.item(arn) | damage)

    assert ledger.chain_head(arn) == end


def test_a_checkpoint_is_not_overwritten_when_the_chain_head_is_missing(
    empty_aws: Aws,
) -> None:
    table = Table.of(empty_aws)
    ledger = DynamoLedger(table.dynamodb, table.name)
    entry, end = checkpoint_entry(ChainHead(), "2026-03-02", {}, more=False)
    ledger.append_checkpoint(entry, end)
    table.remove(CHECKPOINTS, "end")

    with pytest.raises(Stale):
        ledger.append_checkpoint(*checkpoint_entry(ChainHead(), "2026-03-03", {}, more=False))
    assert list(ledger.entries(CHECKPOINTS)) == [entry]
    assert ledger.chain_head(CHECKPOINTS) is None
