"""The archive, unpacked, under AWS's own Lambda runtime, in the embedded world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.local import deployment
from tests.runtime.lambdas import Lambda
from tests.runtime.world import lambdas_own
from tests.world.embedded import ANA, SLOW, buttons, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.conftest import Deployed
    from tests.runtime.lambdas import Image

FUNCTIONS = deployment.read().functions


def test_a_version_is_registered_and_approved_from_its_card(deployed: Deployed) -> None:
    world = deployed.world
    arn = world.register(world.new_group())
    # Her first visit starts the Slack request function: the benchmark measures cold starts.
    world.act("home", user=ANA)
    card = world.card(arn, patience=SLOW)
    assert buttons(card)[:2] == ["approve", "reject"]

    form = world.open_form(ANA, arn, "approve")
    assert world.submit(ANA, form, comment := "AUC beats the live version's")["ok"]
    world.card_when(arn, lambda shown: "approve" not in buttons(shown), patience=SLOW)

    assert world.status(arn) == "Approved"
    assert world.describe(arn)["ApprovalDescription"].startswith(comment)
    until(
        lambda: {"registryEvent", "worker"} <= loggers(deployed, arn), "log lines of both functions"
    )


def loggers(deployed: Deployed, arn: str) -> set[str]:
    """The functions that logged something about *arn*. Only functions write a log here."""
    return {entry["function_name"] for entry in deployed.world.log() if entry.get("arn") == arn}


@pytest.fixture
def started(runs_on: Image, deployed: Deployed) -> Iterator[Any]:
    """Starts a function beside those of the world, for the test to call by itself."""
    running: list[Lambda] = []

    def start(name: str, handler: str = "", **environment: str) -> Lambda:
        function = FUNCTIONS[name]
        variables = {**deployed.environment, **lambdas_own(function), **environment}
        running.append(Lambda(runs_on, handler or function.handler, variables))
        return running[-1]

    yield start
    for function_ in running:
        function_.stop()


def test_the_sweep_accepts_its_scheduled_event(started: Any) -> None:
    assert started("sweep").invoke({"detail-type": "Scheduled Event", "detail": {}}) is None


def test_an_unsigned_request_gets_401(started: Any) -> None:
    request = {"version": "2.0", "headers": {}, "body": "payload=%7B%7D", "isBase64Encoded": False}

    assert started("slackRequest").invoke(request)["statusCode"] == 401


def test_an_error_of_a_function_reaches_its_caller(started: Any) -> None:
    with pytest.raises(RuntimeError, match="Misconfigured: LEDGER_TABLE is not set"):
        started("sweep", LEDGER_TABLE="").invoke({})


def test_a_handler_that_is_not_in_the_archive_cannot_be_called(started: Any) -> None:
    with pytest.raises(RuntimeError, match=r"bot\.commands"):
        started("sweep", handler="bot.commands.check.main").invoke({})


def test_a_function_that_was_stopped_leaves_no_process(started: Any) -> None:
    sweep = started("sweep")
    sweep.invoke({})
    family = [sweep.process.pid, *children(sweep.process.pid)]
    sweep.stop()

    assert len(family) == 2
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []


def children(pid: int) -> list[int]:
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [child for child in pids if parent(child) == pid]


def parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:  # it ended meanwhile
        return 0
    return int(stat.rpartition(")")[2].split()[1])
