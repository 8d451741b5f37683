"""Schedule -> Lambda: time passed. Put every version in its line whose card may be stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics

from bot import wiring
from bot.adapters.aws.metrics import NAMESPACE, EmfMetrics
from bot.flows.clock.sweep import sweep

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace=NAMESPACE, service="sweep")
meter = EmfMetrics(metrics)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """Find what may be stale; the worker mends it. Only a sweep that ended is counted."""
    found = sweep(wiring.ports(meter))
    logger.info("swept", extra={"announced": found})
    meter.count("Swept", found)
