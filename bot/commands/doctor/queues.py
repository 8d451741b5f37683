"""Checks of the queues: the three of jobs, their dead letters, and events that no function took."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bot.commands.doctor.check import CheckCode, CheckResult, Failed, Skipped, run_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.commands.doctor.deployment import Deployment

UNDELIVERED: Final = "Undelivered"
"""The queue for events that no function took, in infra/queues.yml."""
_DEPLOY: Final = "Deploy again, from this version of the code."
_REDRIVE: Final = (
    "The worker's log says why. When that is repaired, send them back: "
    "aws sqs start-message-move-task --source-arn {}"
)
_READ_UNDELIVERED: Final = (
    "Each names its error: aws sqs receive-message --attribute-names All --queue-url {}. "
    "The sweep has repaired what they said of versions."
)


def checks(deployment: Deployment) -> Iterator[CheckResult]:
    """Run the checks of the queues, one after the other."""
    yield run_check(CheckCode.QUEUE, lambda: check_queue(deployment))
    yield run_check(CheckCode.DEAD_LETTERS, lambda: check_dead_letters(deployment))


def check_queue(deployment: Deployment) -> str:
    """Check that the queues are there, and say how many messages wait in each."""
    sqs = deployment.client("sqs")
    waiting = [queue_attributes(sqs, url) for url in job_queues(deployment)]
    return "; ".join(f"{each['QueueArn']}, {message_count(each)} waiting" for each in waiting)


def check_dead_letters(deployment: Deployment) -> str:
    """Check that no job failed for good."""
    url, sqs = deployment.setting("QUEUE_URL"), deployment.client("sqs")
    attributes = queue_attributes(sqs, url)
    if "RedrivePolicy" not in attributes:
        raise Failed("the queue has no dead-letter queue", _DEPLOY)
    arn = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
    account, name = arn.split(":")[4:6]
    dead_letters = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    if count := message_count(queue_attributes(sqs, dead_letters)):
        raise Failed(f"{count} in {name}", _REDRIVE.format(arn))
    return f"none in {name}"


def check_undelivered(deployment: Deployment) -> str:
    """Check that every event reached its function."""
    if deployment.stack is None:
        raise Skipped("without --stack it is not known which queue it is")
    url = deployment.stack.physical_id(UNDELIVERED)
    if count := message_count(queue_attributes(deployment.client("sqs"), url)):
        raise Failed(f"{count} in {url}", _READ_UNDELIVERED.format(url))
    return "no event was left behind"


def job_queues(deployment: Deployment) -> list[str]:
    """List the URLs of the queues of jobs, each once."""
    jobs = deployment.setting("QUEUE_URL")
    others = map(deployment.environment.get, ("CLICK_QUEUE_URL", "QUESTION_QUEUE_URL"))
    return [*dict.fromkeys(filter(None, (*others, jobs)))]


def queue_attributes(sqs: Any, url: str) -> dict[str, str]:
    """Return all attributes of the queue at *url*."""
    response = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    attributes: dict[str, str] = response["Attributes"]
    return attributes


def message_count(attributes: Mapping[str, str]) -> int:
    """Return how many messages are in a queue, with those in work and those that come later."""
    kinds = ("", "NotVisible", "Delayed")
    return sum(int(attributes.get(f"ApproximateNumberOfMessages{kind}", 0)) for kind in kinds)
