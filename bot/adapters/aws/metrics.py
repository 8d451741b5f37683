"""
What is counted, in CloudWatch's embedded metric format: a line of the log, which costs no call.

A metric that has kinds is written with them and without: a dashboard shows the kinds, and an
alarm, which cannot add them up, looks at the whole. It knows no ARN and no person: each would be
a metric of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

from bot import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from aws_lambda_powertools import Metrics

NAMESPACE: Final = settings.metrics_namespace()
"""Two stages in one account have one each; their functions are called alike."""
_ERROR: Final = 300
"""The lowest HTTP status that is no answer to what was asked."""
_OURS: Final = "model-approvals-meter"


class EmfMetrics:
    """`bot.flows.ports.Meter`, in the log of the function whose *metrics* these are."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def count(self, name: str, many: int = 1, **kind: str) -> None:
        if not kind:
            self._metrics.add_metric(name, MetricUnit.Count, many)
            return
        service = str(self._metrics.service)
        # On its own: the kinds would else be those of everything that is counted beside it.
        alone = AmazonCloudWatchEMFProvider(namespace=NAMESPACE, service=service)
        alone.add_metric(name, MetricUnit.Count, many)
        alone.add_dimensions(service=service, **kind)
        alone.flush_metrics()

    def took(self, name: str, time: timedelta) -> None:
        seconds = max(0.0, time.total_seconds())  # clocks differ
        self._metrics.add_metric(name, MetricUnit.Seconds, seconds)


def watch_aws(events: Any, failed: Callable[[str], None]) -> None:
    """
    Let *failed* hear the code of every call of AWS that ends in an error, after all attempts.

    *events* are those of a session; every client that is made of it from now on reports.
    """

    def answered(http_response: Any, parsed: Any, **_: Any) -> None:
        if http_response.status_code >= _ERROR:
            failed(str(parsed.get("Error", {}).get("Code") or http_response.status_code))

    def lost(exception: Exception, **_: Any) -> None:
        failed(type(exception).__name__)

    for name, hear in (("after-call", answered), ("after-call-error", lost)):
        events.unregister(name, unique_id=f"{_OURS} {name}")
        events.register(name, hear, unique_id=f"{_OURS} {name}")
