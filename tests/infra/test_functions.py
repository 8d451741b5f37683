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

HANDLERS = ("slack_request", "registry_event", "sweep", "worker")
SET_BY_LAMBDA = "AWS_"
READ_BY_POWERTOOLS = "POWERTOOLS_"
OPTIONAL = {"SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"}
"""They have a default, or only commands at a terminal read them."""


def test_serverless_yml_names_the_four_handlers_and_nothing_else() -> None:
    deployed = {raw["handler"] for raw in service()["functions"].values()}

    assert deployed == {f"handlers.{name}.lambda_handler" for name in HANDLERS}


def test_every_handler_is_deployed() -> None:
    files = {path.stem for path in (ROOT / "handlers").glob("*.py")} - {"__init__"}

    assert files == set(HANDLERS)


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_takes_an_event_and_a_context_and_is_imported_without_any_setting(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in service()["provider"]["environment"]:
        monkeypatch.delenv(variable, raising=False)
    handler = import_module(f"handlers.{name}").lambda_handler

    assert len(inspect.signature(inspect.unwrap(handler)).parameters) == 2


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_is_a_file_of_20_to_40_lines(name: str) -> None:
    lines = (ROOT / "handlers" / f"{name}.py").read_text(encoding="utf-8").splitlines()

    assert 20 <= len(lines) <= 40


def test_the_environment_holds_exactly_what_the_code_reads() -> None:
    read = {name for folder in ("bot", "handlers") for name in read_in(ROOT / folder)}
    deployed = {
        name
        for name in service()["provider"]["environment"]
        if name in read or not name.startswith(READ_BY_POWERTOOLS)
    }

    assert {"LEDGER_TABLE", "QUEUE_URL"} < read
    assert {name for name in read if not name.startswith(SET_BY_LAMBDA)} - OPTIONAL == deployed


def read_in(folder: Path) -> Iterator[str]:
    """The environment variables that the code in *folder* reads."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]) if (
                    ast.unparse(function)
                    in {
                        *("self.need", "self.environment.get", "self._settings.environment.get"),
                        *("self._settings.need", "os.environ.get", "os.getenv"),
                    }
                ):
                    yield name
                case ast.Subscript(value=value, slice=ast.Constant(value=str(name))) if (
                    ast.unparse(value) == "os.environ"
                ):
                    yield name


def test_the_timeout_of_a_function_is_shorter_than_its_caller_allows() -> None:
    """An HTTP API waits for 30 seconds, but Slack for three."""
    functions = service()["functions"]

    assert functions["slackRequest"]["timeout"] <= 10
    assert all(raw["timeout"] <= 900 for raw in functions.values())


def test_what_is_deployed_is_the_archive_that_make_package_builds() -> None:
    assert service()["package"]["artifact"] == "build/bot.zip"
