"""`serverless.yml` and the files that it includes, as they are written."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SERVICE = ROOT / "serverless.yml"


class Loader(yaml.SafeLoader):
    """YAML in which !Ref JobQueue is ("Ref", "JobQueue"), and so on."""


def _short_form(loader: Loader, tag: str, node: yaml.Node) -> tuple[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return tag, loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return tag, loader.construct_sequence(node, deep=True)
    return tag, loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]


Loader.add_multi_constructor("!", _short_form)


def load(path: Path) -> Any:
    """Read *path*. Each file is parsed once; what is returned is the caller's own."""
    return deepcopy(_parsed(path))


@cache
def _parsed(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - a SafeLoader


def service() -> Any:
    return load(SERVICE)


def parts() -> list[Path]:
    """The files that `resources` includes."""
    included = [each for each in service()["resources"] if isinstance(each, str)]
    matches = (re.fullmatch(r"\$\{file\((.+)\)\}", each) for each in included)
    return [ROOT / part[1] for part in matches if part]


def options() -> dict[str, str]:
    """The parameters of a deploy, each with the expression that gives its value."""
    (parameters,) = (
        each["Parameters"] for each in service()["resources"] if isinstance(each, dict)
    )
    return {name: raw["Default"] for name, raw in parameters.items()}


def section(name: str) -> dict[str, Any]:
    """A section of all parts. A name that is there twice is an error of CloudFormation's."""
    items = [pair for part in parts() for pair in load(part).get(name, {}).items()]
    assert len(items) == len(dict(items))
    return dict(items)


def resources() -> dict[str, Any]:
    """All resources of all parts."""
    return section("Resources")


def made_for_functions() -> set[str]:
    """The resources that the framework makes, and parts refer to."""
    names = {f"{name[0].upper()}{name[1:]}" for name in service()["functions"]}
    return {name + kind for name in names for kind in ("LambdaFunction", "LogGroup")}


def named(node: Any) -> Iterator[str]:
    """The resources that *node* refers to."""
    match node:
        case ("Ref", str(name)):
            yield name
        case ("GetAtt", str(name)):
            yield name.partition(".")[0]
        case ("Sub", str(text)):
            yield from re.findall(r"\$\{([\w:]+)", text)
        case tuple() | list():
            for child in node:
                yield from named(child)
        case dict():
            for child in node.values():
                yield from named(child)


def of_type(kind: str) -> dict[str, Any]:
    """The properties of all resources of a type, by name."""
    all_resources = resources().items()
    return {name: raw["Properties"] for name, raw in all_resources if raw["Type"] == kind}


def conditions_in(node: Any) -> Iterator[str]:
    """The conditions that *node* names: of a resource, or of a value that depends on one."""
    match node:
        case ("If", [str(name), *values]):
            yield name
            yield from conditions_in(values)
        case ("Condition", str(name)):
            yield name
        case tuple() | list():
            for child in node:
                yield from conditions_in(child)
        case dict():
            if isinstance(name := node.get("Condition"), str):
                yield name
            for child in node.values():
                yield from conditions_in(child)
