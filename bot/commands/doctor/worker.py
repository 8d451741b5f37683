"""The check of the whole way of a job: the worker is sent one, and must carry it out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from bot.adapters.aws.job_queue import SqsQueue
from bot.commands.doctor.check import Failed
from bot.commands.doctor.event_rules import made_up_version
from bot.commands.doctor.queues import job_queues, message_count, queue_attributes
from bot.core.jobs.messages import ReconcileVersion
from bot.core.jobs.queues import QueueName

if TYPE_CHECKING:
    from bot.commands.doctor.deployment import Deployment

_INTERVAL: Final = 1.0
"""Seconds between two looks: SQS updates its counts only so often."""
_EMPTY_LOOKS: Final = 2
"""SQS counts approximately, so one look is not enough."""


def check_worker(deployment: Deployment, patience: float) -> str:
    """
    Send a job about a version that nobody has, and wait at most *patience* s until it is done.

    The job finds nothing and changes nothing. It proves that each queue takes jobs and the worker
    receives them, that the worker can read its secret and its rules, and that the registry and the
    table answer it.
    """
    urls, sqs = job_queues(deployment), deployment.client("sqs")
    arn = made_up_version(deployment)
    for url in urls:
        to_it = dict.fromkeys(QueueName, url)
        SqsQueue(sqs, to_it).send(ReconcileVersion(arn), str(uuid4()))
    if not _are_emptied(sqs, urls, patience):
        remedy = f"The worker's log says why, where it names {arn}."
        raise Failed(f"the queues are not empty after {patience:g} s", remedy)
    return f"the worker took {arn} from each queue; its log says that it was ignored"


def _are_emptied(sqs: Any, urls: list[str], patience: float) -> bool:
    deadline, empty = time.monotonic() + patience, 0
    while empty < _EMPTY_LOOKS:
        if time.monotonic() > deadline:
            return False
        time.sleep(_INTERVAL)
        left = sum(message_count(queue_attributes(sqs, url)) for url in urls)
        empty = 0 if left else empty + 1
    return True
