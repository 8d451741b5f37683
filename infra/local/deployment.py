"""
What would be deployed, read from `serverless.yml` and the parts that it includes.

This file knows the Serverless Framework's and CloudFormation's way of writing. It starts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
_FUNCTION: Final = re.compile(r"(\w+)LambdaFunction")
_FILE: Final = re.compile(r"\$\{file\((.+)\)\}")


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
    """A Lambda function: its name, its handler, and how long it may take."""

    name: str
    handler: str
    timeout: int
    batch_size: int = 0
    """How many messages of the line it takes at once; 0 if it takes none."""

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The functions, their environment, and the resources, as CloudFormation would get them."""

    functions: dict[str, Function]
    environment: dict[str, Any]
    resources: dict[str, Any]


def read(root: Path = ROOT) -> Deployment:
    """The deployment that `serverless.yml` in *root* describes."""
    service = _load(root / "serverless.yml")
    functions = {name: _function(name, raw) for name, raw in service["functions"].items()}
    resources: dict[str, Any] = {}
    for part in service["resources"]:
        resources |= _load(root / _FILE.fullmatch(part)[1])["Resources"]  # type: ignore[index]
    return Deployment(
        functions, service["provider"]["environment"], _with_functions(resources, functions)
    )


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader with short forms


def _function(name: str, raw: dict[str, Any]) -> Function:
    batches = [event["sqs"]["batchSize"] for event in raw.get("events", ()) if "sqs" in event]
    return Function(name, raw["handler"], raw["timeout"], *batches)


def _with_functions(node: Any, functions: dict[str, Function]) -> Any:
    """*node* with the functions' ARNs in it, where the framework would have put functions."""
    match node:
        case {"Fn::GetAtt": [str(name), "Arn"]} if found := _FUNCTION.fullmatch(name):
            return functions[found[1][0].lower() + found[1][1:]].arn
        case dict():
            return {key: _with_functions(value, functions) for key, value in node.items()}
        case list():
            return [_with_functions(value, functions) for value in node]
        case _:
            return node
