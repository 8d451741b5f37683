"""Schedule -> Lambda: time passed. Send a job for every version whose card may be stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from bot.adapters.aws.metrics import EmfMetrics
from bot.flows.clock.sweep import sweep
from bot.settings import Settings
from bot.wiring.jobs import JobBot

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace=Settings().metrics_namespace, service="sweep")
bot = JobBot(Settings(), EmfMetrics(metrics)).prepared()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """Find what may be stale; the worker repairs it. Only a sweep that ended is counted."""
    jobs = sweep(bot.ports)
    logger.info("Sweep finished", extra={"jobs": jobs})
    bot.metrics.count("Swept", jobs)
