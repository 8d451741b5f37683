"""What all bots have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.flows.ports import MetricSink
    from bot.settings import Settings


class Bot:
    """*settings*, and *metrics*, which are told of every error of AWS and Slack."""

    def __init__(self, settings: Settings, metrics: MetricSink) -> None:
        self.settings = settings
        self.metrics = metrics

    def count_aws_error(self, code: str) -> None:
        """Count a call of AWS that ended in the error *code*."""
        self.metrics.count("AwsErrors", code=code)

    def count_slack_error(self, code: str) -> None:
        """Count a call of Slack that ended in the error *code*."""
        self.metrics.count("SlackErrors", code=code)
