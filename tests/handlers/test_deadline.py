"""A click that arrives at once is answered in time, though each call takes all of its time-out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.message import Message
from hashlib import md5
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from slack_sdk.web import base_client
from urllib3 import HTTPResponse, PoolManager
from urllib3.exceptions import ReadTimeoutError

from bot.adapters.aws.deadline import LEAST, SLACK_WAITS
from bot.core.jobs.messages import FormMetadata, encode_form_metadata
from bot.core.registry.version import Status
from bot.core.votes.button import encode_button
from bot.settings import Settings
from bot.wiring.slack_request import SlackRequestBot
from tests.doubles import builders
from tests.doubles.builders import a_version, an_offer
from tests.doubles.metrics import FakeMetrics
from tests.handlers import slack_requests
from tests.handlers.cold_start import CREDENTIALS, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = {
    "AWS_REGION": "us-east-1",
    "SLACK_SECRET_ID": "slack",
    "QUEUE_URL": "https://queue/1/jobs.fifo",
}
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
SNAP_START = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9001/credentials"}


@dataclass
class SlowServices:
    """Secrets Manager, Slack and SQS: each call takes all the time that it is given."""

    unanswered: list[str]
    """The calls that are not answered in it, each once."""
    seconds: float = 0.0
    calls: list[str] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)
    """What each of the calls was given."""

    def clock(self) -> float:
        return self.seconds

    def _take(self, call: str, timeout: float) -> bool:
        """Let *call* take *timeout* seconds; return whether it is answered then."""
        self.calls.append(call)
        self.timeouts.append(timeout)
        self.seconds += timeout
        if call in self.unanswered:
            self.unanswered.remove(call)
            return False
        return True

    def request(self, _method: str, url: str, **more: Any) -> HTTPResponse:
        """Answer as AWS does, in place of urllib3."""
        call = more["headers"].get("X-Amz-Target", "credentials").rpartition(".")[2]
        if not self._take(call, more["timeout"].total):
            raise ReadTimeoutError(None, url, "slow")  # type: ignore[arg-type]
        if call == "credentials":
            answer: dict[str, str] = CREDENTIALS
        elif call == "GetSecretValue":
            answer = {"SecretString": json.dumps(SECRET)}
        else:
            body = json.loads(more["body"])["MessageBody"].encode()
            digest = md5(body, usedforsecurity=False).hexdigest()
            answer = {"MessageId": "1", "MD5OfMessageBody": digest, "SequenceNumber": "1"}
        return HTTPResponse(json.dumps(answer).encode(), status=HTTPStatus.OK)

    def urlopen(self, request: Any, *, timeout: float, **_: Any) -> Any:
        """Answer as Slack does, in place of urllib."""
        if not self._take(request.full_url.rpartition("/")[2], timeout):
            raise TimeoutError("slow")
        return _SlackResponse()


class _SlackResponse(BytesIO):
    code = HTTPStatus.OK.value

    def __init__(self) -> None:
        super().__init__(json.dumps({"ok": True, "view": {"id": "V1", "hash": "1.a"}}).encode())
        self.headers = Message()
        self.headers["Content-Type"] = "application/json"


def request(body: str) -> Any:
    return slack_requests.request(body, slack_requests.signed(body, SECRET["signing_secret"]))


def a_click() -> Any:
    value = encode_button(an_offer(a_version(), Status.APPROVED))
    click = slack_requests.a_click(value, "approve", "U0ANA00000")
    return request(slack_requests.interaction(click))


def a_command() -> Any:
    fields = {"command": "/model-status", "text": "", "user_id": "U0ANA00000", "user_name": "ana"}
    more = {"trigger_id": "1.2.3", "response_url": "https://slack/answer"}
    return request(urlencode(fields | more))


def a_submission() -> Any:
    metadata = encode_form_metadata(
        FormMetadata(builders.a_click(an_offer(a_version(), Status.APPROVED)))
    )
    form = slack_requests.a_submission("V1", metadata, "U0ANA00000", "fine")
    return request(slack_requests.interaction(form))


def bot_on(
    services: SlowServices, monkeypatch: pytest.MonkeyPatch, credentials: dict[str, str] = KEYS
) -> SlackRequestBot:
    monkeypatch.setattr(PoolManager, "request", services.request)
    monkeypatch.setattr(base_client, "urlopen", services.urlopen)
    return SlackRequestBot(Settings(PLACES | credentials), FakeMetrics(), services.clock)


def test_a_click_is_answered_in_time_though_each_call_takes_all_the_time_that_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = SlowServices(unanswered=["GetSecretValue"])
    response = bot_on(services, monkeypatch).handle(a_click())

    assert response["statusCode"] == HTTPStatus.OK
    assert services.calls == ["GetSecretValue", "GetSecretValue", "views.open", "SendMessage"]
    assert services.seconds < SLACK_WAITS


def test_a_click_after_a_restore_is_answered_in_time_though_its_credentials_take_time_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = SlowServices(unanswered=["GetSecretValue"])
    response = bot_on(services, monkeypatch, SNAP_START).handle(a_click())

    assert response["statusCode"] == HTTPStatus.OK
    assert services.calls[:3] == ["credentials", "GetSecretValue", "GetSecretValue"]
    assert services.calls[3:] == ["views.open", "SendMessage"]
    assert services.seconds < SLACK_WAITS


def test_a_click_that_the_queue_did_not_take_in_time_is_told_so_in_its_form(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = SlowServices(unanswered=["SendMessage"] * 2)
    response = bot_on(services, monkeypatch).handle(a_click())

    assert response["statusCode"] == HTTPStatus.INTERNAL_SERVER_ERROR  # Slack shows that as well
    assert services.calls[:2] == ["GetSecretValue", "views.open"]
    assert services.calls[-2:] == ["SendMessage", "views.update"]
    assert services.seconds < SLACK_WAITS


def test_the_next_click_has_the_whole_time_again(monkeypatch: pytest.MonkeyPatch) -> None:
    services = SlowServices(unanswered=[])
    bot = bot_on(services, monkeypatch)
    for _ in range(3):
        bot.handle(a_click())

    given = [
        time
        for call, time in zip(services.calls, services.timeouts, strict=True)
        if call == "views.open"
    ]
    assert len(given) == 3
    assert min(given[1:]) > 3 * LEAST  # for these, the secret did not have to be read


@pytest.mark.parametrize("make", [a_command, a_submission])
def test_a_request_that_opens_no_form_keeps_no_time_for_one(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], Any]
) -> None:
    given: dict[Any, list[float]] = {}
    for event in (a_click, make):
        services = SlowServices(unanswered=["GetSecretValue"])
        assert bot_on(services, monkeypatch).handle(event())["statusCode"] == HTTPStatus.OK
        assert services.seconds < SLACK_WAITS
        given[event] = services.timeouts

    _, again, _, queue = given[a_click]
    assert given[make][1] > again
    assert given[make][2] > queue
