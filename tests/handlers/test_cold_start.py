from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.registry.version import Status
from bot.core.votes.button import encode_button
from tests.doubles.builders import a_version, an_offer
from tests.handlers import slack_requests
from tests.handlers.cold_start import SECRET
from tests.world.embedded import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the function did for one click, in a process that had imported nothing of it."""
    return run(tmp_path_factory.mktemp("cold"))


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same with SnapStart, where INIT ends in a snapshot and the click is after a restore."""
    return run(tmp_path_factory.mktemp("restored"), "restored")


def run(folder: Path, *mode: str) -> Any:
    value = encode_button(an_offer(a_version(), Status.APPROVED))
    body = slack_requests.interaction(slack_requests.a_click(value, "approve", "U0ANA00000"))
    event = slack_requests.request(body, slack_requests.signed(body, SECRET["signing_secret"]))
    (folder / "event.json").write_text(json.dumps(event))
    subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-m", "tests.handlers.cold_start", "event.json", "report.json", *mode],
        cwd=folder,
        env={
            **os.environ,
            **slack_requests.surroundings("", ""),
            "SLACK_SECRET_ID": "slack",
            **PATHS,
        },
        check=True,
        timeout=60,
    )
    return json.loads((folder / "report.json").read_text())


PATHS = {"PYTHONPATH": str(ROOT)}


def test_a_cold_start_puts_the_click_into_the_queue(report: Any) -> None:
    assert report["answer"]["statusCode"] == 200
    assert report["calls"] == ["GetSecretValue", "open", "SendMessage"]


def test_a_cold_start_imports_bolt_and_nothing_that_only_the_worker_needs(
    report: Any,
) -> None:
    assert report["imported with the handler"] == ["slack_bolt"]
    assert report["imported at SendMessage"] == ["slack_bolt"]


@pytest.mark.parametrize("start", ["report", "restored"])
def test_all_that_a_click_needs_is_imported_while_lambda_initialises(
    request: pytest.FixtureRequest, start: str
) -> None:
    assert request.getfixturevalue(start)["imported by the click"] == []


def test_a_snapshot_holds_no_credentials_no_secret_and_no_connection(restored: Any) -> None:
    assert restored["calls until the click"] == []
    assert restored["calls"] == ["/credentials", "GetSecretValue", "open", "SendMessage"]


def test_nobody_looks_for_garbage_while_lambda_initialises(report: Any) -> None:
    assert report["collections while it initialised"] == 0
    assert report["collects from then on"]
    assert report["looks at again"] < 100  # not at what was imported, which is never garbage
