"""A deployed stack: what CloudFormation made of it, and the environment of its functions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.sessions import Sessions
from bot.commands.doctor.aws import attributes
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKER = "WorkerLambdaFunction"
"""What the framework calls the worker, which has all settings that there are."""


class Stack:
    """The stack *name*, in the account and the Region of whoever asks."""

    def __init__(self, name: str) -> None:
        self.name = name

    def physical(self, logical: str) -> str:
        """What the resource *logical* of the template is called in AWS."""
        found = (
            Sessions()
            .client("cloudformation")
            .describe_stack_resource(StackName=self.name, LogicalResourceId=logical)
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The settings with which the worker runs. Raises Misconfigured if they cannot be read."""
        try:
            worker = self.physical(WORKER)
            found = Sessions().client("lambda").get_function_configuration(FunctionName=worker)
        except (BotoCoreError, ClientError) as error:
            raise Misconfigured(f"The stack {self.name} cannot be read: {error}") from error
        variables: dict[str, str] = found.get("Environment", {}).get("Variables", {})
        return variables

    @property
    def parameters(self) -> Mapping[str, str]:
        """With what the stack was deployed."""
        (found,) = (
            Sessions().client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        )
        return {
            each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())
        }

    @property
    def line_arn(self) -> str:
        """The ARN of the line."""
        return attributes(Sessions().client("sqs"), self.environment["QUEUE_URL"])["QueueArn"]
