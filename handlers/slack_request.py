"""
HTTP API -> Lambda: what Slack sends. The only door that the internet can reach.

It can do nearly nothing: check the signature, open a form, put a message in the line.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from bot import wiring
from bot.adapters.aws.metrics import NAMESPACE, EmfMetrics
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace=NAMESPACE, service="slack_request")
meter = EmfMetrics(metrics)
_SORRY = {"statusCode": HTTPStatus.INTERNAL_SERVER_ERROR.value, "headers": {}, "body": ""}


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Answer within Slack's three seconds; an error is a 500, which Slack shows."""
    try:
        said = wiring.slack_door(event, meter)
    except (Misconfigured, Unavailable):
        logger.exception("the Slack door cannot work")
        said = _SORRY
    meter.count("Requests")
    meter.count("BadSignature", int(said["statusCode"] == HTTPStatus.UNAUTHORIZED))
    meter.count("Failed", int(said["statusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR))
    return said
