"""
The deployment, read from `serverless.yml` and the parts that it includes.

This file depends on the syntax of the Serverless Framework and of CloudFormation. It starts
nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
_OF_A_FUNCTION: Final = re.compile(r"(\w+)(LambdaFunction|LogGroup)")
_FUNCTION_IN_TEXT: Final = re.compile(r"\$\{(\w+)LambdaFunction\}")
_FILE: Final = re.compile(r"\$\{file\((.+)\)\}")
_FRAMEWORK_SECTION: Final = "extensions"
"""The section that changes what the framework generates, and is not in the template."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: str(text).split(".", 1) if tag == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function as the deployment describes it."""

    name: str
    handler: str
    timeout: int
    """In seconds."""
    role: str
    """The logical name of its IAM role."""
    batch_size: int = 0
    """How many messages of the queue it takes at once; 0 if it takes none."""
    attempts: int = 3
    """How often it is called with one asynchronous event."""

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"

    @property
    def log_group(self) -> str:
        """The ARN as CloudFormation gives it: with all streams in it."""
        return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{self.name}:*"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The functions and their environment, and the template as CloudFormation would get it."""

    functions: dict[str, Function]
    environment: dict[str, Any]
    template: dict[str, dict[str, Any]]
    """The template by section, such as Parameters."""

    @property
    def resources(self) -> dict[str, Any]:
        return self.template["Resources"]


@cache
def read(root: Path = ROOT) -> Deployment:
    """
    Read the deployment that `serverless.yml` in *root* describes.

    A process reads it once: parsing takes longer than most tests. Callers share what is returned,
    and leave it as it is.
    """
    service = load(root / "serverless.yml")
    functions = {name: _function(name, raw) for name, raw in service["functions"].items()}
    template: dict[str, dict[str, Any]] = {}
    # Entries that name no file are options of one deploy; without any, the defaults apply.
    files = [_FILE.fullmatch(part) for part in service["resources"] if isinstance(part, str)]
    for file in files:
        for section, content in load(root / file[1]).items():  # type: ignore[index]
            if section != _FRAMEWORK_SECTION:
                template[section] = template.get(section, {}) | _with_functions(content, functions)
    resources = template["Resources"]
    functions = {name: _with_attempts(each, resources) for name, each in functions.items()}
    return Deployment(functions, service["provider"]["environment"], template)


def load(path: Path) -> Any:
    """Parse the YAML file *path*, with CloudFormation's short forms written out."""
    return yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader with short forms


def _function(name: str, raw: dict[str, Any]) -> Function:
    batches = [event["sqs"]["batchSize"] for event in raw.get("events", ()) if "sqs" in event]
    role, _ = raw["role"]["Fn::GetAtt"]
    return Function(name, raw["handler"], raw["timeout"], role, *batches[:1])  # of all its queues


def _function_of(match: re.Match[str], functions: dict[str, Function]) -> Function:
    """Return the function whose logical name, such as SweepLambdaFunction, was matched."""
    return functions[match[1][0].lower() + match[1][1:]]


def _with_attempts(function: Function, resources: dict[str, Any]) -> Function:
    """Return *function* with the attempts that an EventInvokeConfig in *resources* gives it."""
    for raw in resources.values():
        match raw:
            case {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties}:
                if properties["FunctionName"] == function.name:
                    return replace(function, attempts=1 + properties["MaximumRetryAttempts"])
    return function


def _with_functions(node: Any, functions: dict[str, Function]) -> Any:
    """Replace references to what the framework generates for a function by names and ARNs."""
    match node:
        case {"Fn::GetAtt": [str(name), "Arn"]} if match := _OF_A_FUNCTION.fullmatch(name):
            function = _function_of(match, functions)
            return function.arn if match[2] == "LambdaFunction" else function.log_group
        case {"Ref": str(name)} if match := _OF_A_FUNCTION.fullmatch(name):
            return _function_of(match, functions).name
        case {"Fn::Sub": str(text)}:
            return {
                "Fn::Sub": _FUNCTION_IN_TEXT.sub(
                    lambda match: _function_of(match, functions).name, text
                )
            }
        case dict():
            return {key: _with_functions(value, functions) for key, value in node.items()}
        case list():
            return [_with_functions(value, functions) for value in node]
        case _:
            return node
