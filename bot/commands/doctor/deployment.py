"""The deployment that is checked: its settings, its stack, and the AWS of whoever runs this."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.sessions import Sessions
from bot.commands.doctor.check import Skipped
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKER = "WorkerLambdaFunction"
"""What the framework calls the worker, which has all settings that there are."""


class Stack:
    """The CloudFormation stack *name*, in the account and the Region of *sessions*."""

    def __init__(self, name: str, sessions: Sessions) -> None:
        self.name = name
        self._sessions = sessions

    def physical_id(self, logical_id: str) -> str:
        """Return what a resource of the template is called in AWS."""
        response = self._sessions.client("cloudformation").describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(response["StackResourceDetail"]["PhysicalResourceId"])

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The settings with which the worker runs. Raises Misconfigured if they cannot be read."""
        try:
            worker = self.physical_id(WORKER)
            functions = self._sessions.client("lambda")
            response = functions.get_function_configuration(FunctionName=worker)
        except (BotoCoreError, ClientError) as error:
            raise Misconfigured(f"The stack {self.name} cannot be read: {error}") from error
        variables: dict[str, str] = response.get("Environment", {}).get("Variables", {})
        return variables

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters with which the stack was deployed."""
        cloudformation = self._sessions.client("cloudformation")
        (stack,) = cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return {
            each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())
        }


@dataclass(frozen=True)
class Deployment:
    """The settings in *environment*; *stack* is None if no stack was named."""

    environment: Mapping[str, str]
    stack: Stack | None = None
    sessions: Sessions = field(default_factory=Sessions)

    def client(self, service: str) -> Any:
        """Make a client of AWS, with the credentials of whoever runs this."""
        return self.sessions.client(service)

    def setting(self, name: str) -> str:
        """Return a setting. Raises Skipped if it is not set: another check says so."""
        value = self.environment.get(name, "")
        if not value:
            raise Skipped(f"{name} is not set")
        return value
