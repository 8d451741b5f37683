"""
Synthetic events through the road: each rule is tried with one, and the line is given a job.

AWS keeps sources that begin with `aws.` for itself, so nobody can put an event like SageMaker's
onto a bus. What stands in for it proves each part but EventBridge's own delivery.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from bot.adapters.aws.job_queue import SqsQueue
from bot.adapters.aws.sessions import Sessions
from bot.commands.doctor.aws import attributes, waiting
from bot.commands.doctor.check_result import Failed, LeftOut
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Arn

if TYPE_CHECKING:
    from bot.commands.doctor.stack import Stack

UNDELIVERED: Final = "Undelivered"
"""The queue for events that no function took, in infra/queues.yml."""
SAGEMAKER: Final = "aws.sagemaker"
_LOOK_AGAIN: Final = 1.0
"""Seconds. SQS counts what it holds only so often."""


def look_at_rule(rule: str, stack: Stack | None, source: str) -> str:
    """Whether *rule*, one of RULES, is on, and lets its event from *source* through."""
    if stack is None:
        raise LeftOut("without --stack it is not known which rule it is")
    events, name, bus = Sessions().client("events"), *_rule_and_bus(stack.physical(rule))
    found = events.describe_rule(Name=name, **bus)
    if found.get("State") == "DISABLED":
        raise Failed(f"{name} is off", f"Switch it on: aws events enable-rule --name {name}")
    event = json.dumps(an_event(source, stack.line_arn, *RULES[rule]))
    if not events.test_event_pattern(EventPattern=found["EventPattern"], Event=event)["Result"]:
        raise Failed(f"{name} lets no event of {source} through", "Correct infra/events.yml.")
    return f"{name} lets through what {source} says"


def _rule_and_bus(physical: str) -> tuple[str, dict[str, str]]:
    """CloudFormation calls a rule on another bus than the default one `bus|rule`."""
    bus, _, name = physical.rpartition("|")
    return name, ({"EventBusName": bus} if bus else {})


def look_at_undelivered(stack: Stack | None) -> str:
    """Whether there are events that no function took."""
    if stack is None:
        raise LeftOut("without --stack it is not known which queue it is")
    url = stack.physical(UNDELIVERED)
    if many := waiting(attributes(Sessions().client("sqs"), url)):
        do = "Each names its error: aws sqs receive-message --attribute-names All --queue-url"
        raise Failed(
            f"{many} in {url}", f"{do} {url}. The sweep has repaired what they said of versions."
        )
    return "no event was left behind"


def walk(url: str, patience: float) -> str:
    """
    Let the worker look at a version that nobody has; wait, at most *patience* s, until it did.

    It finds nothing and changes nothing. Proven: the line takes jobs, the worker takes them
    from it, it reads its secret and its rules, and the registry and the table answer it.
    """
    if not url:
        raise LeftOut("QUEUE_URL is not set")
    sqs = Sessions().client("sqs")
    arn = made_up(attributes(sqs, url)["QueueArn"])
    SqsQueue(sqs, url).send(ReconcileVersion(arn), str(uuid4()))
    latest, empty = time.monotonic() + patience, 0
    while empty < 2:  # noqa: PLR2004 - SQS counts approximately, so one look is not enough
        if time.monotonic() > latest:
            do = f"The worker's log says why, where it names {arn}."
            raise Failed(f"the line is not empty after {patience:g} s", do)
        time.sleep(_LOOK_AGAIN)
        empty = 0 if waiting(attributes(sqs, url)) else empty + 1
    return f"the worker took {arn} from the line; its log says that it was set aside"


def made_up(queue: str) -> Arn:
    """The ARN of a version that nobody has, in the account and the Region of the ARN *queue*."""
    _, partition, _, region, account, _ = queue.split(":", 5)
    group = f"no-such-group-{uuid4().hex[:8]}"
    return Arn(f"arn:{partition}:sagemaker:{region}:{account}:model-package/{group}/1")


def an_event(source: str, line: str, kind: str, detail: dict[str, str]) -> dict[str, Any]:
    """What SageMaker says of something made up in the place of *line*, had *source* said it."""
    arn = made_up(line)
    _, _, _, region, account, _ = arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": f"SageMaker {kind} State Change",
        "source": source,
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [arn],
        "detail": detail,
    }


RULES: Final = {
    "VersionChanged": ("Model Package", {"ModelApprovalStatus": "PendingManualApproval"}),
    "EndpointChanged": ("Endpoint", {"EndpointStatus": "IN_SERVICE"}),
}
"""The rules by their names in infra/events.yml, and what each has to let through."""
