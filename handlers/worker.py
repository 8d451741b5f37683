"""SQS -> Lambda: carry out jobs. A job that fails returns to its queue; the others do not."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response

from bot.adapters.aws import job_log
from bot.adapters.aws.metrics import EmfMetrics
from bot.core.jobs.messages import decode, kind_of
from bot.flows.work import work
from bot.settings import Settings
from bot.wiring.jobs import JobBot

logger = Logger()
metrics = Metrics(namespace=Settings().metrics_namespace, service="worker")
bot = JobBot(Settings(), EmfMetrics(metrics)).prepared()
batch = SqsFifoPartialProcessor(skip_group_on_error=True)
batch.raise_on_entire_batch_failure = False


def handle_record(record: Any) -> None:
    """Carry out one job. What it raises sends it back, unless there is nothing to do about it."""
    job_log.clear_job(logger)
    with bot.returned_on_error(record) as attempt:
        job_log.begin_job(logger, job := decode(record.body))
        with job_log.job_outcome(logger, attempt):
            work(job, bot.ports_for(record.attributes.sent_timestamp, attempt))
    bot.metrics.count("Jobs", kind=kind_of(job))


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Carry out a batch; a broken rules file stops the bot here, not once for each job."""
    _ = bot.ports
    return process_partial_response(event, handle_record, batch, context)
