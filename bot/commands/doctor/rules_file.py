"""The check of the rules file: a result for each of its problems."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.rules import read, text_of
from bot.adapters.rules.check import problems
from bot.adapters.slack.directory import SlackDirectory
from bot.commands.doctor.check import CheckCode, CheckResult, CheckState, run_check

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.commands.doctor.deployment import Deployment
    from bot.core.rules.rule import Rules


class RulesFile:
    """The rules file of *deployment*; its people are looked up with *client*, if there is one."""

    def __init__(self, deployment: Deployment, client: WebClient | None) -> None:
        self._deployment = deployment
        self._client = client
        self.rules: Rules | None = None
        """The rules, once they were checked and can be read."""

    def check(self) -> list[CheckResult]:
        """Check the file: one result for each problem, or a single one if there is none."""
        failures: list[CheckResult] = []
        result = run_check(CheckCode.RULES, lambda: self._check(failures))
        return failures or [result]

    def _check(self, failures: list[CheckResult]) -> str:
        path = Path(self._deployment.setting("APPROVALS_FILE"))
        text, client = text_of(path), self._client
        directory = SlackDirectory(lambda: client, time.monotonic) if client else None
        for problem in problems(text, directory):
            message = f"{path}, {problem}. Correct the file and deploy it, or change it in Slack."
            failures.append(CheckResult(CheckCode.RULES, CheckState.FAILED, message))
        self.rules = read(text, str(path))
        message = f"{path} has no problems"
        return message if client else f"{message}; people and user groups were not looked up"
