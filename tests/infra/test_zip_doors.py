"""The handlers of the archive, run where no library but the archive's own can be found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from tests.handlers import slack_requests
from tests.handlers.bench import SECRET, Bench, Servers
from tests.handlers.processes import restart
from tests.infra.archive import unpacked_here
from tests.infra.cloudformation import service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = {
    "command": "/model-status",
    "text": "",
    "user_id": "U0ANA00000",
    "team_id": "T0LOCAL000",
    "channel_id": "C0MODELS00",
    "response_url": "https://hooks.slack.example/1",
    "trigger_id": "1.2.3",
}
CALL_HANDLER = """
import importlib, json, sys
sys.path.insert(0, ".")
class Context:
    function_name, memory_limit_in_mb, aws_request_id = sys.argv[1], 1024, "1"
    invoked_function_arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function_name}"
handler = importlib.import_module(f"handlers.{sys.argv[1]}").lambda_handler
answer = handler(json.load(sys.stdin), Context())
print("ANSWER", json.dumps(answer))
"""
IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, ".")
import bot, handlers
for package in (bot, handlers):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
        print(module.name)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive for this machine, as Lambda lays it out."""
    return unpacked_here(tmp_path_factory)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    servers = Servers.started()
    yield servers
    servers.stop()


@pytest.fixture
def bench(servers: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(servers)
    bench.deploy(monkeypatch, tmp_path)
    yield bench
    restart()


def run(folder: Path, program: str, *arguments: str, stdin: str = "", **environment: str) -> str:
    """Return the output of *program*, run where only *folder* and Python itself can be imported."""
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-I", "-S", "-B", "-c", program, *arguments],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def call(folder: Path, bench: Bench, name: str, event: Any) -> Any:
    """Return the answer of a function in the archive, with the rules in the archive."""
    rules = service()["provider"]["environment"]["APPROVALS_FILE"]
    environment = {**bench.environment, "APPROVALS_FILE": rules}
    printed = run(folder, CALL_HANDLER, name, stdin=json.dumps(event), **environment)
    return json.loads(printed.rpartition("ANSWER ")[2])


def test_every_module_in_the_archive_can_be_imported(unpacked: Path) -> None:
    imported = run(unpacked, IMPORT_ALL).split()

    assert {"bot.adapters.store.ledger", "bot.flows.work", "handlers.sweep"} < set(imported)


def test_the_archives_bytecode_is_what_runs(unpacked: Path, tmp_path: Path) -> None:
    shutil.copytree(unpacked, tmp_path / "task")
    for source in (tmp_path / "task" / "bot").rglob("*.py"):
        source.write_text("raise AssertionError('this was compiled here')")

    assert run(tmp_path / "task", IMPORT_ALL) == run(unpacked, IMPORT_ALL)


def test_without_the_archive_no_handler_can_be_imported(bench: Bench, tmp_path: Path) -> None:
    """Otherwise the tests below would prove nothing."""
    with pytest.raises(AssertionError, match="No module named 'handlers'"):
        call(tmp_path, bench, "sweep", {})


def a_version(bench: Bench) -> str:
    bench.people.sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    return bench.people.register("fraud-detector")


def test_the_slack_handler_of_the_archive_answers_a_command(unpacked: Path, bench: Bench) -> None:
    body = urlencode(COMMAND)
    answer = call(
        unpacked,
        bench,
        "slack_request",
        slack_requests.request(body, slack_requests.signed(body, SECRET)),
    )

    assert answer["statusCode"] == 200
    assert len(bench.waiting()) == 1


def test_the_registry_handler_of_the_archive_sends_a_job_for_a_version(
    unpacked: Path, bench: Bench
) -> None:
    arn = a_version(bench)
    call(unpacked, bench, "registry_event", bench.events[-1])

    assert [job["arn"] for job in bench.waiting()] == [arn]


def test_the_sweep_of_the_archive_finds_a_version_without_an_event(
    unpacked: Path, bench: Bench
) -> None:
    arn = a_version(bench)
    call(unpacked, bench, "sweep", {"detail-type": "Scheduled Event"})

    assert [job["arn"] for job in bench.waiting()] == [arn]


def test_the_worker_of_the_archive_posts_a_card(unpacked: Path, bench: Bench) -> None:
    arn = a_version(bench)
    bench.emit(bench.events[-1])
    answer = call(unpacked, bench, "worker", {"Records": bench.take()})

    assert answer == {"batchItemFailures": []}
    assert bench.people.card(arn)["channel"]


def test_every_handler_of_serverless_yml_was_called() -> None:
    """The four tests above; a fifth function needs its own."""
    handlers = [raw["handler"].split(".")[1] for raw in service()["functions"].values()]

    assert sorted(handlers) == ["registry_event", "slack_request", "sweep", "worker"]
