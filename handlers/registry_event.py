"""EventBridge -> Lambda: a version or an endpoint changed. A hint: only its ARN goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from bot import wiring
from bot.adapters.aws import job_log
from bot.adapters.aws.metrics import NAMESPACE, EmfMetrics
from bot.core.errors import Ignored
from bot.core.jobs.intake import job_of_event

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace=NAMESPACE, service="registry_event")
meter = EmfMetrics(metrics)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Put what the event names in its line; what fails here, Lambda tries again."""
    meter.count("Events")
    try:
        job = job_of_event(event)
    except Ignored as nothing:
        logger.warning("event set aside", extra={"why": str(nothing)})
        return
    job_log.begin_job(logger, job)
    wiring.line(meter).send(job, str(event.get("id", context.aws_request_id)))
    logger.info("put in the line")
