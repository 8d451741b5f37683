"""
SQS -> Lambda: carry out what stands in the line, one errand after the other.

An errand that fails goes back to its place and comes again; nothing else does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response

from bot import wiring
from bot.core.errands import decode
from bot.core.errors import SetAside
from bot.flows.work import work

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="worker")
metrics = Metrics(namespace="ModelApprovals", service="worker")
batch = SqsFifoPartialProcessor(skip_group_on_error=True)
batch.raise_on_entire_batch_failure = False


def carry_out(record: SQSRecord) -> None:
    """One errand; whatever it raises sends it back, but for what there is nothing to do about."""
    attempt = int(record.attributes.approximate_receive_count)
    with wiring.line().handing_back(record.receipt_handle, attempt):
        errand = decode(record.body)
        name = type(errand).__name__
        logger.append_keys(errand=name, lane=record.attributes.message_group_id, attempt=attempt)
        try:
            work(errand, wiring.ports())
        except SetAside as nothing:
            logger.warning("set aside", extra={"why": str(nothing)})
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Report which of the errands failed."""
    wiring.ports()  # a broken rules file stops the bot here, not once for each errand
    return process_partial_response(event, carry_out, batch, context)
