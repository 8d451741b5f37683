"""The ledger's table in AWS, with the environment that leads to it, and a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.retries.standard import ExponentialBackoff

from bot.adapters.store.ledger import DynamoLedger
from tests.adapters.conftest import aws_server, empty_aws, faults  # noqa: F401
from tests.adapters.table import Table
from tests.commands.shell import Shell

if TYPE_CHECKING:
    from tests.adapters.aws import Aws


@pytest.fixture
def table(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Table:  # noqa: F811
    environment = {
        "LEDGER_TABLE": empty_aws.settings["LEDGER_TABLE"],
        "AWS_ENDPOINT_URL": empty_aws.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    return Table.of(empty_aws)


@pytest.fixture
def ledger(table: Table) -> DynamoLedger:
    return DynamoLedger(table.dynamodb, table.name)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)
