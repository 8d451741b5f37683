"""Two versions of the code at work on the same rows: neither loses what the other one wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.store import request_rows, unknown_fields
from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import verify
from bot.core.registry.version import Status
from bot.core.votes.request import Request
from tests.adapters.table import Table, written
from tests.doubles.builders import an_arn

if TYPE_CHECKING:
    from bot.core.registry.version import Arn
    from tests.adapters.aws import Aws

ARN = an_arn()
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
new_names = st.text(min_size=1, max_size=8).map(lambda name: f"new {name}")


@pytest.fixture
def table(aws: Aws) -> Table:
    return Table.of(aws)


@pytest.fixture
def ledger(table: Table) -> DynamoLedger:
    return DynamoLedger(table.dynamodb, table.name)


def newly(table: Table, arn: Arn) -> None:
    """A version of the code that knows more wrote the row of *arn*."""
    table.rewrite(arn, lambda body: body.update(expires="2027-01-01", watchers=["U0ANA00000"]))
    table.put({**table.item(arn), "expires": {"N": "1798761600"}})


def test_a_rewritten_row_keeps_what_only_a_newer_version_knows(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    saved = ledger.save(Request(arn=an_arn(1, group)))
    newly(table, saved.arn)
    read = ledger.get(saved.arn)
    ledger.save(ledger.save(replace(read, status=Status.REJECTED)))
    item = table.item(saved.arn)

    assert item["expires"] == {"N": "1798761600"}
    assert unknown_fields.part_of(item)["body"] == {
        "expires": "2027-01-01",
        "watchers": ["U0ANA00000"],
    }
    assert ledger.get(saved.arn).status is Status.REJECTED


def test_what_a_newer_version_took_back_stays_away(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    saved = ledger.save(Request(arn=an_arn(1, group)))
    plain_item = table.item(saved.arn)
    newly(table, saved.arn)
    ledger.get(saved.arn)
    table.put(plain_item)
    ledger.save(ledger.get(saved.arn))

    assert unknown_fields.part_of(table.item(saved.arn)) == {}


def test_what_is_unknown_of_one_version_is_written_to_no_other(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    saved = ledger.save(Request(arn=an_arn(1, group)))
    newly(table, saved.arn)
    ledger.get(saved.arn)
    other = ledger.save(Request(arn=an_arn(2, group)))

    assert unknown_fields.part_of(table.item(other.arn)) == {}


def test_of_what_this_version_writes_nothing_is_unknown_to_it() -> None:
    full = Request(arn=ARN, status=Status.APPROVED, live=3)

    assert unknown_fields.part_of(request_rows.item_of(full)) == {}
    assert unknown_fields.kept(request_rows.item_of(full), {}) == request_rows.item_of(full)


@given(
    beside=st.dictionaries(new_names, st.builds(lambda text: {"S": text}, st.text(max_size=9))),
    body=st.dictionaries(new_names, plain, min_size=1),
)
def test_whatever_is_unknown_comes_back_as_it_was(
    beside: dict[str, object], body: dict[str, object]
) -> None:
    item = unknown_fields.kept(request_rows.item_of(Request(arn=ARN)), beside | {"body": body})

    assert unknown_fields.part_of(item) == beside | {"body": body}
    assert request_rows.request_of(item) == Request(arn=ARN)


def forgetful(table: Table, arn: Arn) -> None:
    """A version of the code that is older than the trail rewrote the row of *arn*."""
    item = table.item(arn)
    table.put({name: item[name] for name in item if not name.startswith("chain_")})


def test_a_chain_goes_on_after_a_version_that_knows_no_chains(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    saved = ledger.save(written(Request(arn=an_arn(1, group)), "one", "two"))
    forgetful(table, saved.arn)
    again = ledger.get(saved.arn)
    ledger.save(written(again, "three"))

    assert again == saved
    assert [*verify(saved.arn, ledger.entries(saved.arn), ledger.end(saved.arn))] == []
    assert len([*ledger.entries(saved.arn)]) == 3


def test_a_row_of_before_the_trail_begins_a_chain(
    ledger: DynamoLedger, table: Table, group: str
) -> None:
    saved = ledger.save(Request(arn=an_arn(1, group)))
    forgetful(table, saved.arn)
    ledger.save(written(ledger.get(saved.arn), "one"))

    assert [entry.number for entry in ledger.entries(saved.arn)] == [1]
