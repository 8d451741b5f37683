"""
Checks of the EventBridge rules: each one is tried with an event that it must let through.

AWS keeps sources that begin with `aws.` for itself, so nobody can put an event like SageMaker's
onto a bus. TestEventPattern proves all but EventBridge's own delivery.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from bot.commands.doctor.check import CheckCode, CheckResult, Failed, Skipped, run_check
from bot.commands.doctor.queues import queue_attributes
from bot.core.registry.version import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.doctor.deployment import Deployment

SAGEMAKER: Final = "aws.sagemaker"
RULES: Final = {
    "VersionChanged": ("Model Package", {"ModelApprovalStatus": "PendingManualApproval"}),
    "EndpointChanged": ("Endpoint", {"EndpointStatus": "IN_SERVICE"}),
}
"""The rules by their names in infra/events.yml: of what an event each must let through is."""


def checks(deployment: Deployment, source: str) -> Iterator[CheckResult]:
    """Check each rule with an event from *source*."""
    for rule in RULES:
        yield run_check(CheckCode.EVENT_RULE, partial(check_rule, rule, deployment, source), rule)


def check_rule(rule: str, deployment: Deployment, source: str) -> str:
    """Check that *rule*, one of RULES, is enabled, and lets an event from *source* through."""
    if deployment.stack is None:
        raise Skipped("without --stack it is not known which rule it is")
    name, bus = _rule_and_bus(deployment.stack.physical_id(rule))
    eventbridge = deployment.client("events")
    description = eventbridge.describe_rule(Name=name, **bus)
    if description.get("State") == "DISABLED":
        raise Failed(f"{name} is off", f"Switch it on: aws events enable-rule --name {name}")
    event, pattern = json.dumps(_event(rule, deployment, source)), description["EventPattern"]
    if not eventbridge.test_event_pattern(EventPattern=pattern, Event=event)["Result"]:
        raise Failed(f"{name} lets no event of {source} through", "Correct infra/events.yml.")
    return f"{name} lets through what {source} says"


def _rule_and_bus(physical_id: str) -> tuple[str, dict[str, str]]:
    """CloudFormation calls a rule on another bus than the default one `bus|rule`."""
    bus, _, name = physical_id.rpartition("|")
    return name, ({"EventBusName": bus} if bus else {})


def _event(rule: str, deployment: Deployment, source: str) -> dict[str, Any]:
    """Make the event that *rule* must let through, as SageMaker would send it from *source*."""
    kind, detail = RULES[rule]
    arn = made_up_version(deployment)
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


def made_up_version(deployment: Deployment) -> Arn:
    """Make the ARN of a version that nobody has, in the account and the Region of the queue."""
    url = deployment.setting("QUEUE_URL")
    queue = queue_attributes(deployment.client("sqs"), url)["QueueArn"]
    _, partition, _, region, account, _ = queue.split(":", 5)
    group = f"no-such-group-{uuid4().hex[:8]}"
    return Arn(f"arn:{partition}:sagemaker:{region}:{account}:model-package/{group}/1")
