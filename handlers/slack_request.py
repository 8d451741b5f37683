"""
HTTP API -> Lambda: what Slack sends. The only function that the internet can reach.

It can do nearly nothing: check the signature, open a form, send a message to the queue.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from bot.adapters.aws.metrics import EmfMetrics
from bot.core.errors import Misconfigured, Unavailable
from bot.settings import Settings
from bot.wiring.slack_request import SlackRequestBot

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace=Settings().metrics_namespace, service="slack_request")
bot = SlackRequestBot(Settings(), EmfMetrics(metrics)).prepared()
_FAILED = {"statusCode": HTTPStatus.INTERNAL_SERVER_ERROR.value, "headers": {}, "body": ""}


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Answer within Slack's three seconds; an error is a 500, which Slack shows."""
    try:
        response = bot.handle(event)
    except (Misconfigured, Unavailable):
        logger.exception("Request failed; Slack shows an error")
        response = _FAILED
    bot.count(event, response["statusCode"])
    return response
