"""`python -m bot socket`: requests of Slack reach the queue through a connection."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin import client as slack_client
from slack_sdk.socket_mode.builtin.connection import ConnectionState

from bot.commands import socket
from infra.local.deployment import REGION, ROOT
from infra.local.slack import sockets
from infra.local.slack.sockets import Sockets
from tests.adapters.conftest import deployed
from tests.local.slack_stand_in import ANN, GENERAL, SECTION, TOKEN, StandIn, actions, button
from tests.world.embedded import ANA, running, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from infra.local.faults import Faults
    from infra.local.server import Server
    from tests.adapters.aws import Aws
    from tests.commands.shell import Shell

pytest_plugins = ["tests.local.slack_fixtures"]

APP_TOKEN = "xapp-local"
CONNECTED = "Connected to local as Model approvals. Ctrl-C ends it."
MAKE_ONE = (
    "Make one in the Slack app's settings: Basic Information, App-Level Tokens, with the scope "
    "connections:write."
)


@pytest.fixture(autouse=True)
def environment(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Slack and its tokens; a queue that only exists by name."""
    monkeypatch.delenv("SLACK_SECRET_ID", raising=False)
    for name, value in {
        "SLACK_API_URL": f"{slack.workspace.url}/api/",
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_BOT_TOKEN": TOKEN,
        "QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/1/jobs.fifo",
    }.items():
        monkeypatch.setenv(name, value)


@contextmanager
def connected(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """
    The command, once it says that it is connected; ended as with Ctrl-C, if it still runs.

    A shell that starts something in the background lets it ignore SIGINT, and its children as well.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "socket"],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            ready, _, _ = select.select([process.stdout], [], [], 30)
            greeting = process.stdout.readline() if ready else ""
            assert greeting == f"{CONNECTED}\n", greeting
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


# --- what reaches the queue -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def aws_of_all(aws_server: Server, faults: Faults) -> Iterator[Aws]:
    yield from deployed(aws_server, faults)


@pytest.fixture
def patient_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's three seconds are no claim here: a busy machine takes longer for a first job."""
    monkeypatch.setattr(sockets, "_TIMEOUT", 30.0)


@pytest.fixture(scope="module")
def next_job(aws_of_all: Aws, lasting_slack: StandIn) -> Iterator[Callable[[], Any]]:
    """Connect the command; return a function that takes the one message out of the queue."""
    url, sqs = aws_of_all.settings["QUEUE_URL"], aws_of_all.client("sqs")
    env = {
        "SLACK_API_URL": f"{lasting_slack.workspace.url}/api/",
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_BOT_TOKEN": TOKEN,
        "AWS_ENDPOINT_URL": aws_of_all.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
        "QUEUE_URL": url,
    }

    def take() -> Any:
        (raw,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=raw["ReceiptHandle"])
        return json.loads(raw["Body"])

    with connected(env):
        yield take


@pytest.mark.usefixtures("patient_slack")
def test_a_command_reaches_the_queue(next_job: Callable[[], Any], lasting_slack: StandIn) -> None:
    answer = lasting_slack.act("command", user=ANN.id, channel=GENERAL.id, text="pending")

    job = next_job()
    assert answer["ok"]
    assert (job["job"], job["text"], job["person"]["id"]) == ("answer_question", "pending", ANN.id)


@pytest.mark.usefixtures("patient_slack")
def test_the_home_tab_reaches_the_queue(
    next_job: Callable[[], Any], lasting_slack: StandIn
) -> None:
    assert lasting_slack.act("home", user=ANN.id)["ok"]

    job = next_job()
    assert (job["job"], job["answer_url"]) == ("answer_question", "")


@pytest.mark.usefixtures("patient_slack")
def test_a_button_reaches_the_queue(next_job: Callable[[], Any], lasting_slack: StandIn) -> None:
    value = json.dumps({"v": 1, "text": "pending", "page": 2, "replace": True})
    blocks = [SECTION, actions(button("ask", value=value))]
    card = lasting_slack.web.chat_postMessage(channel=GENERAL.id, text="Card", blocks=blocks)
    click = {"user": ANN.id, "channel": GENERAL.id, "ts": card["ts"], "action_id": "ask"}

    assert lasting_slack.act("click", **click)["ok"]
    assert next_job()["page"] == 2


@pytest.mark.usefixtures("patient_slack")
def test_nothing_is_sent_to_the_address_while_a_socket_is_open(
    next_job: Callable[[], Any], lasting_slack: StandIn
) -> None:
    lasting_slack.act("command", user=ANN.id, channel=GENERAL.id, text="pending")

    assert next_job()
    assert lasting_slack.requests == []


def test_without_a_socket_requests_are_sent_to_the_address_again(slack: StandIn) -> None:
    with connected({}):
        assert slack.workspace.sockets.count == 1

    until(lambda: slack.workspace.sockets.count == 0, "the socket is closed")
    slack.act("command", user=ANN.id, channel=GENERAL.id, text="pending")
    assert len(slack.requests) == 1


def test_ctrl_c_ends_the_command_cleanly() -> None:
    with connected({}) as process:
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)

    assert (process.returncode, stderr) == (0, "Disconnected.\n")


class _CtrlC(Event):
    """An event: while the command waits for Ctrl-C, somebody presses it."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout == socket.NOTICE_SECONDS:
            raise KeyboardInterrupt
        return super().wait(timeout)


def test_ctrl_c_ends_a_connection_that_began_to_receive_early(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    """Slack's client may receive by a state that its close does not end (slack_sdk 3.47)."""
    states: list[ConnectionState] = []

    def new_state() -> ConnectionState:
        """Make the state of the session only when the thread has begun with the one before."""
        if states:
            until(lambda: not states[0].terminated, "the thread receives")
        states.append(ConnectionState())
        states[-1].terminated = True
        return states[-1]

    monkeypatch.setattr(slack_client, "ConnectionState", new_state)
    monkeypatch.setattr(socket, "Event", _CtrlC)

    assert shell.run("socket") == (0, [CONNECTED], "Disconnected.\n")
    until(lambda: slack.workspace.sockets.count == 0, "the socket is closed")


def test_an_unreachable_queue_is_an_error_to_the_person(slack: StandIn) -> None:
    env = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
    }
    with connected(env):
        answer = slack.act("command", user=ANN.id, channel=GENERAL.id, text="pending")

    assert answer["error"] == "operation_timeout"


def test_a_decision_reaches_the_registry_through_the_socket(tmp_path: Path) -> None:
    with running("empty", tmp_path) as world:
        arn = world.register(world.new_group())
        world.card(arn)
        env = {
            "SLACK_API_URL": f"{world.slack}/api/",
            "SLACK_BOT_TOKEN": "xoxb-embedded-world",
            "AWS_ENDPOINT_URL": world.aws,
            "AWS_DEFAULT_REGION": world.region,
            "AWS_ACCESS_KEY_ID": "of-somebody-who-tries-it",
            "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
            "QUEUE_URL": world.queue_url,
        }
        with connected(env):
            world.decide(ANA, arn, "approve")

        assert world.status(arn) == "Approved"


# --- what is missing or wrong ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SLACK_APP_TOKEN", "", f"SLACK_APP_TOKEN is not set in the environment. {MAKE_ONE}"),
        (
            "SLACK_APP_TOKEN",
            TOKEN,
            f"SLACK_APP_TOKEN is no app's token, which begins with xapp-. {MAKE_ONE}",
        ),
        (
            "SLACK_APP_TOKEN",
            f"{APP_TOKEN}-of-others",
            f"Slack does not take SLACK_APP_TOKEN: invalid_auth. {MAKE_ONE}",
        ),
        ("SLACK_BOT_TOKEN", "", "Neither SLACK_BOT_TOKEN nor SLACK_SECRET_ID is set."),
        (
            "SLACK_BOT_TOKEN",
            f"{TOKEN}-of-others",
            "Slack does not take the bot's token: invalid_auth.",
        ),
        (
            "SLACK_BOT_TOKEN",
            APP_TOKEN,
            "Slack does not take the bot's token: not_allowed_token_type.",
        ),
        ("QUEUE_URL", "", "QUEUE_URL is not set in the environment."),
    ],
)
def test_a_missing_or_wrong_setting_is_explained_in_a_sentence(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    monkeypatch.setenv(name, value)

    exit_code, out, err = shell.run("socket")

    assert (exit_code, out, err) == (2, [], f"{message}\n")


def test_a_busy_slack_is_not_reported_as_a_wrong_token(slack: StandIn, shell: Shell) -> None:
    slack.faults.add("apps.connections.open", "fatal_error")

    assert shell.run("socket") == (2, [], "Slack is busy: fatal_error\n")


def _accept_silently(accept: Callable[[], Any]) -> Any:
    return accept()


def test_a_slack_that_never_says_hello_is_not_called_connected(
    slack: StandIn, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack.workspace.sockets, "join", _accept_silently)
    monkeypatch.setattr(socket, "_HELLO_SECONDS", 2.0)

    exit_code, out, err = shell.run("socket")

    assert (exit_code, out) == (2, [])
    assert err == "Slack did not open the connection. Try again in a minute.\n"


def test_the_help_says_that_the_deployed_worker_does_the_work(shell: Shell) -> None:
    exit_code, out, _ = shell.run("socket", "--help")

    assert exit_code == 0
    assert "the deployed worker does" in " ".join(out)


# --- the stand-in ---------------------------------------------------------------------------------


def test_a_ticket_opens_one_socket() -> None:
    sockets = Sockets()
    ticket = sockets.issue_ticket()

    assert [sockets.use_ticket(each) for each in (ticket, ticket, "")] == [True, False, False]


def test_a_long_message_arrives_complete(slack: StandIn) -> None:
    """Slack's own client reads what the stand-in writes, whatever the form of its length."""
    client = SocketModeClient(app_token=APP_TOKEN, web_client=slack.web)
    client.socket_mode_request_listeners.append(
        lambda client, request: client.send_socket_mode_response(
            {"envelope_id": request.envelope_id, "payload": {"size": len(request.payload["text"])}}
        )
    )
    deliver = slack.workspace.sockets.or_else(slack.deliver)
    client.connect()
    try:
        for size in (0, 1, 125, 126, 65_535, 65_536, 200_000):
            sent = json.dumps({"text": "x" * size})
            _, _, answer = deliver({"Content-Type": "application/json"}, sent)
            assert json.loads(answer) == {"size": size}
    finally:
        client.close()
