"""Takes to the bot what people do, signed as Slack signs it, and does what its answer says."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from infra.local.slack import form, payloads
from infra.local.slack.arguments import Arguments
from infra.local.slack.content import view_of
from infra.local.slack.model import Channel, Json, Message, SlackError, User, View
from infra.local.slack.responses import respond
from infra.local.slack.tickets import ResponseUrl
from infra.local.slack.workspace import Workspace

Answer = tuple[int, dict[str, str], str]
Deliver = Callable[[dict[str, str], str], Answer]

TROUBLE: Final = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Shown:
    """What Slack tells the person at once: an error, or complaints under the fields of a form."""

    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)


class Lost(Exception):
    """The bot did not answer in time, or not as it should; named as Slack shows it."""


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's v0 signature of a request to the bot."""
    signed = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return f"v0={signed.hexdigest()}"


class Delivery:
    def __init__(self, workspace: Workspace, deliver: Deliver) -> None:
        self._workspace = workspace
        self._deliver = deliver

    def click(self, user: User, place: Message | View, action: Json, values: Json) -> Shown:
        return self._told(payloads.click(self._workspace, user, place, action, values))

    def close(self, user: User, view: View) -> Shown:
        self._workspace.views.close(view)
        asked_for = view.body.get("notify_on_close")
        return self._told(payloads.closed(user, view)) if asked_for else Shown()

    def submit(self, user: User, view: View, values: Json) -> Shown:
        payload = payloads.submission(self._workspace, user, view, values)
        try:
            return self._obey(view, _as_object(self._send_form({"payload": json.dumps(payload)})))
        except (Lost, SlackError):
            return Shown(error=TROUBLE)

    def command(self, user: User, channel: Channel, name: str, text: str) -> Shown:
        fields = payloads.command(self._workspace, user, channel, name, text)
        try:
            body = self._send_form(fields)
            if body:
                asked = ResponseUrl(user, channel.id, None, self._workspace.clock())
                respond(self._workspace, asked, Arguments(_as_reply(body)))
        except Lost as lost:
            return Shown(error=str(lost))
        except SlackError:
            return Shown(error="invalid_command_response")
        return Shown()

    def open_home(self, user: User) -> Shown:
        event = json.dumps(payloads.home_opened(self._workspace, user))
        try:
            self._send("application/json", event)
        except Lost as lost:
            return Shown(error=str(lost))
        return Shown()

    def _told(self, payload: Json) -> Shown:
        """Deliver something to which the bot's answer, if it is a good one, says nothing."""
        try:
            self._send_form({"payload": json.dumps(payload)})
        except Lost as lost:
            return Shown(error=str(lost))
        return Shown()

    def _obey(self, view: View, answer: Json) -> Shown:
        """Do with a submitted form what the bot's answer says."""
        views = self._workspace.views
        match answer:
            case {"response_action": "errors", "errors": dict(errors)} if errors:
                return Shown(errors=_known(view, errors))
            case {"response_action": "update", "view": body}:
                views.update(view.id, view_of(body, "modal"))
            case {"response_action": "push", "view": body}:
                views.push(view.user, view_of(body, "modal"))
            case {"response_action": "clear"}:
                views.clear(view.user)
            case _ if not answer:
                views.close(view)
            case _:
                raise Lost(TROUBLE)
        return Shown()

    def _send_form(self, fields: dict[str, str]) -> str:
        return self._send("application/x-www-form-urlencoded", urlencode(fields))

    def _send(self, content_type: str, body: str) -> str:
        """The body of the bot's answer."""
        timestamp = str(int(self._workspace.clock()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.signing_secret, timestamp, body),
        }
        try:
            status, _, answer = self._deliver(headers, body)
        except TimeoutError:
            raise Lost("operation_timeout") from None
        if status != HTTPStatus.OK:
            raise Lost("dispatch_failed")
        return answer


def _as_object(body: str) -> Json:
    try:
        found = json.loads(body or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Lost(TROUBLE)
    return found


def _as_reply(body: str) -> Json:
    """A command may be answered with a message as JSON, or with nothing but its text."""
    try:
        return _as_object(body)
    except Lost:
        return {"text": body}


def _known(view: View, errors: Json) -> dict[str, str]:
    """Complaints of the bot; Slack takes them only for blocks that are questions."""
    if errors.keys() - {block["block_id"] for block in form.inputs(view.blocks)}:
        raise Lost(TROUBLE)
    return {block_id: str(complaint) for block_id, complaint in errors.items()}
