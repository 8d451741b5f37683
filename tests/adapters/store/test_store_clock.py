"""The store's clock, as DynamoDB's answers show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.store.items import key
from bot.adapters.store.store_clock import time_of

if TYPE_CHECKING:
    from tests.adapters.table import Table


def answer(**headers: str) -> dict[str, Any]:
    return {"ResponseMetadata": {"HTTPHeaders": headers}}


def test_the_time_is_that_of_the_answers_date() -> None:
    time = time_of(answer(date="Mon, 02 Mar 2026 12:00:00 GMT"))

    assert time == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("without", [answer(), {}, answer(date=""), answer(date="soon")])
def test_an_answer_without_a_readable_date_has_the_machines_time(without: dict[str, Any]) -> None:
    time = time_of(without)

    assert abs(datetime.now(UTC) - time) < timedelta(seconds=30)
    assert time.microsecond == 0


def test_dynamodb_says_the_time_with_each_answer(table: Table) -> None:
    read = table.dynamodb.get_item(TableName=table.name, Key=key("nothing", "request"))

    assert time_of(read).strftime("%H:%M:%S") in read["ResponseMetadata"]["HTTPHeaders"]["date"]
