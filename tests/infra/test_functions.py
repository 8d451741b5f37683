from __future__ import annotations

import ast
import inspect
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from tests.infra.cloudformation import ROOT, service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOORS = ("slack_request", "registry_event", "sweep", "worker")
LAMBDAS_OWN = "AWS_"
LIBRARIES_OWN = "POWERTOOLS_"
OPTIONAL = {"SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"}
"""Has a default, or is for the commands at a terminal: no function needs it set."""


def test_serverless_yml_names_the_four_doors_and_nothing_else() -> None:
    handlers = {raw["handler"] for raw in service()["functions"].values()}

    assert handlers == {f"handlers.{door}.lambda_handler" for door in DOORS}


def test_every_door_that_is_there_is_named() -> None:
    files = {path.stem for path in (ROOT / "handlers").glob("*.py")} - {"__init__"}

    assert files == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_can_be_imported_without_any_setting_and_called(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in service()["provider"]["environment"]:
        monkeypatch.delenv(name, raising=False)
    handler = import_module(f"handlers.{door}").lambda_handler

    assert len(inspect.signature(inspect.unwrap(handler)).parameters) == 2


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_a_file_of_20_to_40_lines(door: str) -> None:
    lines = (ROOT / "handlers" / f"{door}.py").read_text(encoding="utf-8").splitlines()

    assert 20 <= len(lines) <= 40


def test_the_functions_are_told_exactly_what_the_code_asks_for() -> None:
    asked = {name for folder in ("bot", "handlers") for name in asked_in(ROOT / folder)}
    told = {
        name
        for name in service()["provider"]["environment"]
        if name in asked or not name.startswith(LIBRARIES_OWN)
    }

    assert {"LEDGER_TABLE", "QUEUE_URL"} < asked
    assert {name for name in asked if not name.startswith(LAMBDAS_OWN)} - OPTIONAL == told


def asked_in(folder: Path) -> Iterator[str]:
    """The environment variables that the code in *folder* reads."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]) if (
                    ast.unparse(function)
                    in {"need", "settings.need", "os.environ.get", "os.getenv"}
                ):
                    yield name
                case ast.Subscript(value=value, slice=ast.Constant(value=str(name))) if (
                    ast.unparse(value) == "os.environ"
                ):
                    yield name


def test_every_function_has_less_time_than_what_calls_it_allows() -> None:
    """An HTTP API waits for 30 seconds, but Slack for three."""
    functions = service()["functions"]

    assert functions["slackRequest"]["timeout"] <= 10
    assert all(raw["timeout"] <= 900 for raw in functions.values())


def test_what_is_deployed_is_the_archive_that_make_package_builds() -> None:
    assert service()["package"]["artifact"] == "build/bot.zip"
