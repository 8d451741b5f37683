"""SQS -> Lambda: carry out what stands in the line. What fails goes back to it, nothing else."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from bot import wiring
from bot.adapters.aws import job_log
from bot.adapters.aws.metrics import NAMESPACE, EmfMetrics
from bot.core.jobs.messages import decode, kind_of
from bot.flows.work import work

logger = Logger()
metrics = Metrics(namespace=NAMESPACE, service="worker")
meter = EmfMetrics(metrics)
batch = SqsFifoPartialProcessor(skip_group_on_error=True)
batch.raise_on_entire_batch_failure = False


def carry_out(record: SQSRecord) -> None:
    """One job. There may be nothing to do about it; anything else it raises sends it back."""
    attempt = int(record.attributes.approximate_receive_count)
    job_log.clear_job(logger)
    with wiring.line(meter).handing_back(record.receipt_handle, attempt):
        job_log.begin_job(logger, job := decode(record.body))
        with job_log.job_outcome(logger, attempt):
            work(job, wiring.ports_for(record.attributes.sent_timestamp, meter))
    meter.count("Jobs", kind=kind_of(job))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Work off the batch; a broken rules file stops the bot here, not once for each job."""
    wiring.ports(meter)
    done = process_partial_response(event, carry_out, batch, context)
    meter.count("Failed", len(done["batchItemFailures"]))
    return done
