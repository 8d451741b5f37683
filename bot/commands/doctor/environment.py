"""Checks of what everything else needs: all settings, and credentials for AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.commands.doctor.check import CheckCode, CheckResult, Failed, run_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.doctor.deployment import Deployment

NEEDED: Final = (
    *("LEDGER_TABLE", "QUEUE_URL", "SLACK_SECRET_ID"),
    *("APPROVALS_FILE", "HOME_REGISTRY"),
)
"""The settings without which the bot does not work."""


def checks(deployment: Deployment) -> Iterator[CheckResult]:
    """Run these checks, one after the other."""
    yield run_check(CheckCode.ENVIRONMENT, lambda: check_settings(deployment))
    yield run_check(CheckCode.ACCOUNT, lambda: check_account(deployment))


def check_settings(deployment: Deployment) -> str:
    """Check that all settings are there."""
    if missing := [name for name in NEEDED if not deployment.environment.get(name)]:
        remedy = "Set what is missing, or name the stack: --stack model-approvals-dev"
        raise Failed(f"{', '.join(missing)} not set", remedy)
    return "all settings are there"


def check_account(deployment: Deployment) -> str:
    """Check that there are credentials for AWS, and say whose they are."""
    sts = deployment.client("sts")
    identity = sts.get_caller_identity()
    return f"{identity['Account']} in {sts.meta.region_name}, as {identity['Arn']}"
