"""What all bots have in common."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from bot.flows.ports import MetricSink
    from bot.settings import Settings


class Bot:
    """*settings*, and *metrics*, which are told of every error of AWS and Slack."""

    def __init__(self, settings: Settings, metrics: MetricSink) -> None:
        self.settings = settings
        self.metrics = metrics

    def prepare(self) -> None:
        """Make the parts that can be made before the first call. Raises Misconfigured."""

    def prepared(self) -> Self:
        """
        Prepare, if the settings allow it: if not, the first call says what is wrong.

        Ends what a function does to initialise: garbage is collected from now on (`handlers`), but
        not among what there is by now.
        """
        with suppress(Misconfigured):
            self.prepare()
        gc.freeze()
        gc.enable()
        return self

    def count_aws_error(self, code: str) -> None:
        """Count a call of AWS that ended in the error *code*."""
        self.metrics.count("AwsErrors", code=code)

    def count_slack_error(self, code: str) -> None:
        """Count a call of Slack that ended in the error *code*."""
        self.metrics.count("SlackErrors", code=code)
