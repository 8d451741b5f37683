"""SQS -> Lambda: carry out what stands in the line. What fails goes back to it, nothing else."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from bot import wiring
from bot.adapters import log
from bot.adapters.meter import NAMESPACE, EmfMeter
from bot.core.errands import decode
from bot.flows.work import work

logger = Logger()
metrics = Metrics(namespace=NAMESPACE, service="worker")
meter = EmfMeter(metrics)
batch = SqsFifoPartialProcessor(skip_group_on_error=True)
batch.raise_on_entire_batch_failure = False


def carry_out(record: SQSRecord) -> None:
    """One errand. There may be nothing to do about it; anything else it raises sends it back."""
    attempt = int(record.attributes.approximate_receive_count)
    log.no_errand(logger)
    with wiring.line(meter).handing_back(record.receipt_handle, attempt):
        log.begin(logger, errand := decode(record.body))
        with log.outcome(logger, attempt):
            work(errand, wiring.ports_for(record.attributes.sent_timestamp, meter))
    meter.count(type(errand).__name__)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Work off the batch; a broken rules file stops the bot here, not once for each errand."""
    wiring.ports(meter)
    done = process_partial_response(event, carry_out, batch, context)
    meter.count("Failed", len(done["batchItemFailures"]))
    return done
