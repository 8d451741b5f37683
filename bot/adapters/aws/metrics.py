"""
Metrics in CloudWatch's embedded metric format: a line of the log, which costs no call.

A metric with a dimension is written with it and without: a dashboard shows the parts, and an
alarm, which cannot add them up, watches the whole. No ARN and no person is a dimension: each
would be a metric of its own.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from aws_lambda_powertools import Metrics

# An invocation that has nothing to measure is no mistake; the warning says nothing else.
warnings.filterwarnings("ignore", "No application metrics to publish", UserWarning)


class EmfMetrics:
    """`bot.flows.ports.MetricSink`, in the log of the function whose *metrics* these are."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def count(self, name: str, many: int = 1, **dimensions: str) -> None:
        if not dimensions:
            self._metrics.add_metric(name, MetricUnit.Count, many)
            return
        namespace, service = self._metrics.namespace, str(self._metrics.service)
        # In a record of its own: else the dimensions would be those of every metric beside it.
        record = AmazonCloudWatchEMFProvider(namespace=namespace, service=service)
        record.add_metric(name, MetricUnit.Count, many)
        record.add_dimensions(service=service, **dimensions)
        record.flush_metrics()

    def measure(self, name: str, time: timedelta) -> None:
        seconds = max(0.0, time.total_seconds())  # clocks differ
        self._metrics.add_metric(name, MetricUnit.Seconds, seconds)
