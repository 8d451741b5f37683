"""
The stand-in for Slack in tests: its people and channels, what they do, and what it shows.

A test moves the clock, and decides what the bot answers.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from infra.local.faults import Faults
from infra.local.slack.model import Answer, Deliver
from infra.local.slack.workspace import Channel, User, Usergroup, Workspace

TOKEN = "xoxb-local"
SECRET = "local-signing-secret"

ANN = User("U0ANN", "ann", "Ann Lee", email="ann@example.com")
BEN = User("U0BEN", "ben", "Ben Okafor", email="ben@example.com")
GONE = User("U0GONE", "gone", "Gone Long", email="gone@example.com", deleted=True)
GUEST = User("U0GUEST", "gast", "Gast Guest", guest=True, team="T0ELSEWHERE")

GENERAL = Channel("C0GENERAL", "general")
PRIVATE = Channel("C0PRIVATE", "private", bot_is_member=False)
HIDDEN = Channel("C0HIDDEN", "hidden", private=True, bot_is_member=False)
CLOSED = Channel("C0CLOSED", "closed", archived=True)

APPROVERS = Usergroup("S0APPROVE", "approvers", "Approvers", ("U0ANN", "U0BEN"))

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


class Clock:
    def __init__(self) -> None:
        # Bolt compares the age of a signature with the real time.
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


def new_workspace(clock: Clock) -> Workspace:
    return Workspace(
        users=[ANN, BEN, GONE, GUEST],
        usergroups=[APPROVERS],
        channels=[GENERAL, PRIVATE, HIDDEN, CLOSED],
        bot_token=TOKEN,
        signing_secret=SECRET,
        clock=clock,
    )


@dataclass
class StandIn:
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)
    bot: Deliver = lambda _headers, _body: (200, {}, "")
    queue: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.workspace = new_workspace(self.clock)

    def deliver(self, headers: dict[str, str], body: str) -> Answer:
        self.requests.append((headers, body))
        return self.bot(headers, body)

    def settle(self) -> None:
        self.queue()

    @property
    def web(self) -> WebClient:
        return WebClient(TOKEN, base_url=f"{self.workspace.url}/api/", retry_handlers=[])

    @property
    def payload(self) -> Any:
        """The last payload that the bot got."""
        fields = {name: values[0] for name, values in parse_qs(self.requests[-1][1]).items()}
        return json.loads(fields["payload"]) if "payload" in fields else fields

    def act(self, action: str, **body: Any) -> Any:
        """Do what a person does, and return what they see."""
        status, answer = self.http(f"/client/{action}", body)
        assert status == 200, answer
        return answer

    def refusal(self, action: str, **body: Any) -> str:
        """The sentence with which an action is refused."""
        status, answer = self.http(f"/client/{action}", body)
        assert (status, answer["ok"]) == (400, False)
        return str(answer["error"])

    def state(self) -> Any:
        return self.http("/client/state")[1]

    def http(self, path: str, body: Any = None) -> tuple[int, Any]:
        """GET, or POST: bytes are sent as they are, anything else as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.workspace.url}{path}", data, headers)
        try:
            with urlopen(request) as response:
                return response.status, json.loads(response.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def open_form(self, user: User, view: dict[str, Any]) -> Any:
        trigger_id = self.workspace.triggers.issue(user)
        return self.web.views_open(trigger_id=trigger_id, view=view)["view"]


@contextmanager
def refused(error: str) -> Iterator[dict[str, Any]]:
    """Passes if Slack refuses with this error; afterwards the value holds the whole answer."""
    answer: dict[str, Any] = {}
    with pytest.raises(SlackApiError) as caught:
        yield answer
    answer.update(caught.value.response.data)
    assert answer["error"] == error


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), **more}


def actions(*elements: dict[str, Any], block_id: str = "row") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field_block(block_id: str = "why", **element: Any) -> dict[str, Any]:
    """An input block with one text field, called *text*."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Why?"),
        "element": {"type": "plain_text_input", "action_id": "text", **element},
    }


def form(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    empty = {"type": "modal", "title": plain("A form"), "submit": plain("Send")}
    return {**empty, "blocks": list(blocks or [field_block()]), **more}


def typed(text: str, block_id: str = "why") -> dict[str, Any]:
    """The values of a form in which a person typed *text*, as in Slack's view.state.values."""
    return {block_id: {"text": {"type": "plain_text_input", "value": text}}}
