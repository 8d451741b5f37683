"""The function that Slack calls."""

from __future__ import annotations

import encodings.utf_16_le  # noqa: F401 - otherwise imported on first use
import time
from functools import cached_property, lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger

from bot.adapters.aws import job_log
from bot.adapters.aws.deadline import SLACK_WAITS, Deadline
from bot.adapters.aws.sigv4_client import Sigv4Client
from bot.adapters.aws.slack_secret import CachedSecret
from bot.adapters.aws.sqs_sender import SqsSender
from bot.adapters.slack.bolt_app import TIMEOUT, age_of, handle_slack_request, make_app
from bot.adapters.slack.listeners import register
from bot.adapters.slack.web_client import RotatingTokenClient
from bot.wiring.base import Bot

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

    from bot.adapters.aws.slack_secret import SlackSecret
    from bot.core.jobs.messages import Job
    from bot.flows.ports import MetricSink
    from bot.settings import Settings

_UNSIGNED: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
"""The statuses for requests whose signature does not fit, or was not checked."""


class SlackRequestBot(Bot):
    """
    The function that Slack calls. It uses no boto3, which takes too long to load from cold.

    *clock* counts the seconds until a request has to be answered.
    """

    def __init__(
        self,
        settings: Settings,
        metrics: MetricSink,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(settings, metrics)
        self._deadline = Deadline(clock)
        self._app = lru_cache(maxsize=1)(self._new_app)

    def prepare(self) -> None:
        """Make what needs no secret to be read. Raises Misconfigured."""
        _ = (self._secret, self._queue)

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer an HTTP API event. Raises Misconfigured, and Unavailable."""
        return handle_slack_request(event, self._secret, self._app, self._deadline)

    def count(self, event: dict[str, Any], status: int) -> None:
        """Count the request *event*, which was answered with the HTTP *status*."""
        is_late = status not in _UNSIGNED and age_of(event) > SLACK_WAITS
        self.metrics.count("Requests")
        self.metrics.count("BadSignature", int(status == HTTPStatus.UNAUTHORIZED))
        self.metrics.count("Late", int(is_late))
        self.metrics.count("Failed", int(status >= HTTPStatus.INTERNAL_SERVER_ERROR))

    @cached_property
    def _aws(self) -> Sigv4Client:
        return Sigv4Client(self.settings, self.count_aws_error, self._deadline)

    @cached_property
    def _secret(self) -> CachedSecret:
        return CachedSecret(self._aws, self.settings.slack_secret_id, time.time)

    @cached_property
    def _queue(self) -> SqsSender:
        return SqsSender(self._aws, self.settings.queue_urls)

    def _new_app(self, secret: SlackSecret) -> App:
        client = RotatingTokenClient(
            None,
            self.settings.slack_api_url,
            timeout=TIMEOUT,
            refresh_token=lambda: self._secret.refresh().bot_token,
            on_error=self.count_slack_error,
            deadline=self._deadline,
        )
        app = make_app(secret, client)
        register(app, self._send)
        return app

    def _send(self, job: Job, key: str) -> None:
        """Send *job* to the queue, and log that."""
        job_log.begin_job(logger := Logger(), job)
        self._queue.send(job, key)
        logger.info("Job sent to the queue")
