"""A running stand-in for Slack, and Bolt behind it; tests name this file in `pytest_plugins`."""

from collections.abc import Iterator
from threading import Thread

import pytest
from slack_bolt import App, BoltRequest
from werkzeug.serving import make_server

from infra.local.slack.app import create_app
from infra.local.slack.model import Answer
from tests.local.slack_stand_in import SECRET, TOKEN, StandIn


def running() -> Iterator[StandIn]:
    slack = StandIn()
    app = create_app(slack.workspace, slack.faults, slack.deliver, slack.settle)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    slack.workspace.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.005,))
    thread.start()
    yield slack
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def slack() -> Iterator[StandIn]:
    yield from running()


@pytest.fixture(scope="module")
def lasting_slack() -> Iterator[StandIn]:
    """For tests that leave nothing that other tests would see."""
    yield from running()


@pytest.fixture
def bolt(slack: StandIn) -> App:
    """A real Bolt application behind the stand-in; the test gives it its listeners."""
    app = App(client=slack.web, token=TOKEN, signing_secret=SECRET, process_before_response=True)

    def deliver(headers: dict[str, str], body: str) -> Answer:
        response = app.dispatch(BoltRequest(body=body, headers=headers))  # type: ignore[arg-type]
        return response.status, dict(response.first_headers()), response.body

    slack.bot = deliver
    return app
