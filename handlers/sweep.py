"""Schedule -> Lambda: time passed. Put every version in its line whose card may be stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from bot import wiring
from bot.flows.sweep import sweep

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
metrics = Metrics(namespace="ModelApprovals", service="sweep")


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """Find what may be stale; the worker mends it."""
    found = sweep(wiring.ports())
    logger.info("swept", extra={"announced": found})
    metrics.add_metric(name="Swept", unit=MetricUnit.Count, value=found)
