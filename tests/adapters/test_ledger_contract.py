"""What every ledger promises: DynamoDB's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.adapters.ledger import DynamoLedger
from bot.core.errors import Stale
from bot.core.model import Arn, Brief, Metric, Outcome, Outside, Place, Request, Status
from bot.flows.ports import Row
from tests.doubles.builders import CARDS, NOON, a_decision, a_version, an_arn
from tests.doubles.ledger import MemoryLedger

if TYPE_CHECKING:
    from bot.core.model import Change
    from bot.flows.ports import Ledger
    from tests.adapters.aws import Aws

DECIDED = a_decision(
    a_version(3), Status.APPROVED, outcome=Outcome(5, 3), comment="two\nlines, \u202e😀 and <!here>"
)
FOUND = Outside(
    id="outside-1",
    source=Status.APPROVED,
    target=Status.REJECTED,
    outcome=Outcome(3, None),
    by="the-pipeline",
    comment="",
    at=NOON + timedelta(hours=1),
)


@pytest.fixture
def in_memory() -> Ledger:
    return MemoryLedger()


@pytest.fixture
def in_dynamodb(aws: Aws) -> Ledger:
    return DynamoLedger(aws.client("dynamodb"), aws.settings["LEDGER_TABLE"])


@pytest.fixture(params=["in_memory", "in_dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    found: Ledger = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(3, group)


def full(arn: Arn, change: Change = DECIDED, last: Change | None = FOUND) -> Request:
    """A request of which nothing is left out."""
    return Request(
        arn=arn,
        group="fraud",
        number=3,
        status=Status.APPROVED,
        place=Place(CARDS, "1772452800.000100"),
        posting=NOON,
        face="a digest",
        live=2,
        rule="a digest",
        brief=Brief((Metric("auc", "0.94"), Metric("f1", "NaN")), ("one note", "another")),
        open=change,
        last=last,
        done=("decision-0", "outside-1"),
    )


def rows_of(ledger: Ledger, *arns: Arn) -> list[Row]:
    """The rows of this test: in DynamoDB, those of others stand beside them."""
    return sorted((row for row in ledger.rows() if row.arn in arns), key=lambda row: row.arn)


def test_what_was_never_written_is_a_blank_request(ledger: Ledger, arn: Arn) -> None:
    assert ledger.get(arn) == Request(arn=arn)


@pytest.mark.parametrize("change", [DECIDED, FOUND])
@pytest.mark.parametrize("last", [DECIDED, FOUND, None])
def test_everything_about_a_request_is_remembered(
    ledger: Ledger, arn: Arn, change: Change, last: Change | None
) -> None:
    written = full(arn, change, last)
    saved = ledger.save(written)

    assert saved == replace(written, revision=1)
    assert ledger.get(arn) == saved


def test_the_full_request_of_these_tests_leaves_no_field_at_its_default(arn: Arn) -> None:
    request = full(arn)

    blank = [each.name for each in fields(Request) if getattr(request, each.name) == each.default]
    assert blank == ["revision"]


def test_what_is_taken_away_is_forgotten(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(full(arn))
    emptied = ledger.save(Request(arn=arn, revision=saved.revision))

    assert ledger.get(arn) == emptied == Request(arn=arn, revision=2)


def test_each_write_is_a_new_revision(ledger: Ledger, arn: Arn) -> None:
    request = Request(arn=arn)
    for revision in (1, 2, 3):
        request = ledger.save(replace(request, face=f"face {revision}"))

        assert request.revision == ledger.get(arn).revision == revision


def test_a_write_based_on_an_old_read_is_refused(ledger: Ledger, arn: Arn) -> None:
    old = ledger.save(Request(arn=arn))
    new = ledger.save(replace(old, face="theirs"))

    with pytest.raises(Stale):
        ledger.save(replace(old, face="mine"))
    assert ledger.get(arn) == new


def test_two_first_writes_cannot_both_be_the_first(ledger: Ledger, arn: Arn) -> None:
    first = ledger.save(Request(arn=arn, face="theirs"))

    with pytest.raises(Stale):
        ledger.save(Request(arn=arn, face="mine"))
    assert ledger.get(arn) == first


def test_a_write_based_on_a_row_that_is_not_there_is_refused(ledger: Ledger, arn: Arn) -> None:
    with pytest.raises(Stale):
        ledger.save(Request(arn=arn, revision=4))
    assert ledger.get(arn) == Request(arn=arn)


def test_a_write_based_on_a_revision_that_never_was_is_refused(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(Request(arn=arn))

    with pytest.raises(Stale):
        ledger.save(replace(saved, revision=2))
    assert ledger.get(arn) == saved


def test_versions_do_not_get_in_each_others_way(ledger: Ledger, group: str) -> None:
    first, second = an_arn(1, group), an_arn(2, group)
    saved = ledger.save(full(first))
    ledger.save(Request(arn=second))

    assert ledger.get(first) == saved
    assert ledger.get(second) == Request(arn=second, revision=1)


def test_there_is_a_row_for_every_request_as_it_is_now(ledger: Ledger, group: str) -> None:
    waiting, decided = an_arn(1, group), an_arn(2, group)
    ledger.save(Request(arn=waiting, status=Status.PENDING))
    before = ledger.save(Request(arn=decided, status=Status.PENDING))
    ledger.save(replace(before, status=Status.REJECTED))

    assert rows_of(ledger, waiting, decided) == [
        Row(waiting, Status.PENDING, open=False),
        Row(decided, Status.REJECTED, open=False),
    ]


def test_a_row_says_whether_something_was_left_half_done(ledger: Ledger, group: str) -> None:
    requests = [
        Request(arn=an_arn(1, group), open=DECIDED),
        Request(arn=an_arn(2, group), open=FOUND),
        Request(arn=an_arn(3, group), posting=NOON),
        Request(arn=an_arn(4, group), last=DECIDED, place=Place(CARDS, "1.1")),
    ]
    for request in requests:
        ledger.save(request)

    found = rows_of(ledger, *(request.arn for request in requests))
    assert [row.open for row in found] == [True, True, True, False]
    assert {row.status for row in found} == {None}


def test_what_is_settled_is_no_longer_half_done(ledger: Ledger, arn: Arn) -> None:
    begun = ledger.save(Request(arn=arn, posting=NOON, open=DECIDED))
    ledger.save(replace(begun, posting=None, open=None))

    assert rows_of(ledger, arn) == [Row(arn, None, open=False)]
