"""SQS -> Lambda: carry out what stands in the line. What fails goes back to it, nothing else."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from bot import wiring
from bot.core.errands import about, decode
from bot.core.errors import SetAside
from bot.flows.work import work

logger = Logger()
metrics = Metrics(namespace="ModelApprovals", service="worker")
batch = SqsFifoPartialProcessor(skip_group_on_error=True)
batch.raise_on_entire_batch_failure = False


def carry_out(record: SQSRecord) -> None:
    """One errand. There may be nothing to do about it; anything else it raises sends it back."""
    attempt = int(record.attributes.approximate_receive_count)
    with wiring.line().handing_back(record.receipt_handle, attempt):
        logger.append_keys(attempt=attempt, **about(errand := decode(record.body)))
        try:
            work(errand, wiring.ports())
        except SetAside as nothing:
            logger.warning("set aside", extra={"why": str(nothing)})
    metrics.add_metric(name=type(errand).__name__, unit="Count", value=1)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Work off the batch; a broken rules file stops the bot here, not once for each errand."""
    wiring.ports()
    done = process_partial_response(event, carry_out, batch, context)
    metrics.add_metric(name="Failed", unit="Count", value=len(done["batchItemFailures"]))
    return done
