from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.adapters.store.ledger import DynamoLedger
from tests.adapters.table import Table
from tests.doubles.builders import an_arn

if TYPE_CHECKING:
    from bot.core.registry.version import Arn
    from tests.adapters.aws import Aws


@pytest.fixture
def table(aws: Aws) -> Table:
    return Table.of(aws)


@pytest.fixture
def ledger(table: Table) -> DynamoLedger:
    return DynamoLedger(table.dynamodb, table.name)


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(1, group)
