"""Checks of the ledger: its table in DynamoDB, and whether it can be restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.adapters.store import items
from bot.commands.doctor.check import CheckCode, CheckResult, Failed, run_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.doctor.deployment import Deployment

KEYS: Final = ["pk", "sk"]
_RECOVERY: Final = (
    "Deploy again, or switch it on: aws dynamodb update-continuous-backups --table-name {} "
    "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
)


def checks(deployment: Deployment) -> Iterator[CheckResult]:
    """Run these checks, one after the other."""
    yield run_check(CheckCode.TABLE, lambda: check_table(deployment))
    yield run_check(CheckCode.BACKUPS, lambda: check_backups(deployment))


def check_table(deployment: Deployment) -> str:
    """Check that the table is there, with the keys that the bot writes."""
    name = deployment.setting("LEDGER_TABLE")
    table = deployment.client("dynamodb").describe_table(TableName=name)["Table"]
    keys = [key["AttributeName"] for key in table["KeySchema"]]
    indexes = [index["IndexName"] for index in table.get("GlobalSecondaryIndexes", ())]
    if table["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        remedy = "Wait until it is there, or deploy again."
        raise Failed(f"{name} is {table['TableStatus']}", remedy)
    if keys != KEYS or not {items.INDEX, items.OPEN_INDEX} <= {*indexes}:
        remedy = "Deploy again, from this version of the code."
        raise Failed(f"{name} has the keys {keys} and the indexes {indexes}", remedy)
    return f"{name}, {table.get('ItemCount', 0)} items some hours ago"


def check_backups(deployment: Deployment) -> str:
    """Check that the table can be restored to how it was at any moment."""
    name = deployment.setting("LEDGER_TABLE")
    response = deployment.client("dynamodb").describe_continuous_backups(TableName=name)
    recovery = response["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        raise Failed(f"point-in-time recovery of {name} is off", _RECOVERY.format(name))
    return f"point-in-time recovery of {name} is on"
