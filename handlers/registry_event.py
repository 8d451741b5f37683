"""
EventBridge -> Lambda: a version or an endpoint changed.

A hint: only its ARN goes on, and which status it reports since when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from bot.adapters.aws import job_log
from bot.adapters.aws.metrics import EmfMetrics
from bot.core.errors import Ignored
from bot.core.jobs.parse_payloads import job_of_event
from bot.settings import Settings
from bot.wiring.events import EventBot

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace=Settings().metrics_namespace, service="registry_event")
bot = EventBot(Settings(), EmfMetrics(metrics)).prepared()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Send a job for what the event names; if that fails, Lambda tries again."""
    bot.metrics.count("Events")
    try:
        job = job_of_event(event)
    except Ignored as reason:
        logger.warning("Event ignored", extra={"reason": str(reason)})
        return
    job_log.begin_job(logger, job)
    bot.queue.send(job, str(event.get("id", context.aws_request_id)))
    logger.info("Job sent to the queue")
