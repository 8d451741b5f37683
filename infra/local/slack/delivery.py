"""Sends the bot what people do, signed as Slack signs it, and does what its answer says."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from infra.local.slack import form, payloads
from infra.local.slack.arguments import Arguments
from infra.local.slack.content import view_of
from infra.local.slack.interactions import ResponseUrl
from infra.local.slack.model import Channel, Deliver, Json, Message, SlackError, User, View
from infra.local.slack.responses import respond
from infra.local.slack.workspace import Workspace

TROUBLE: Final = "We had some trouble connecting. Try again?"
EVENT_RETRIES: Final = 3
NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """What Slack shows the person at once: an error, or errors under the fields of a form."""

    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)


class DeliveryFailed(Exception):
    """
    The bot did not answer in time, or not as it should; the message is what Slack shows.

    *last* says that the bot does not want it again.
    """

    def __init__(self, shown: str, *, last: bool = False) -> None:
        super().__init__(shown)
        self.last = last


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return Slack's v0 signature of a request to the bot."""
    signed = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return f"v0={signed.hexdigest()}"


class Delivery:
    """Sends interactions to the bot by way of *deliver*."""

    def __init__(self, workspace: Workspace, deliver: Deliver) -> None:
        self._workspace = workspace
        self._deliver = deliver

    def click(self, user: User, surface: Message | View, action: Json, values: Json) -> Shown:
        return self._send_interaction(
            payloads.click(self._workspace, user, surface, action, values)
        )

    def close(self, user: User, view: View) -> Shown:
        self._workspace.views.close(view)
        if not view.body.get("notify_on_close"):
            return Shown()
        return self._send_interaction(payloads.closed(user, view))

    def submit(self, user: User, view: View, values: Json) -> Shown:
        payload = payloads.submission(self._workspace, user, view, values)
        try:
            return self._apply(view, _as_object(self._send_form({"payload": json.dumps(payload)})))
        except (DeliveryFailed, SlackError):
            return Shown(error=TROUBLE)

    def command(self, user: User, channel: Channel, name: str, text: str) -> Shown:
        fields = payloads.command(self._workspace, user, channel, name, text)
        try:
            body = self._send_form(fields)
            if body:
                interaction = ResponseUrl(user, channel.id, None, self._workspace.clock())
                respond(self._workspace, interaction, Arguments(_as_reply(body)))
        except DeliveryFailed as error:
            return Shown(error=str(error))
        except SlackError:
            return Shown(error="invalid_command_response")
        return Shown()

    def open_app(self, user: User, tab: str) -> Shown:
        return self._send_event(payloads.app_opened(self._workspace, user, tab))

    def _send_event(self, event: Json) -> Shown:
        """
        Send an event; up to three times more, the same, while the bot does not answer as it should.

        Slack waits a minute before the second of these, and five before the third; here they come
        at once (docs.slack.dev/apis/events-api, "Retries").
        """
        body, retry = json.dumps(event), NOTHING
        for attempt in range(1, 1 + EVENT_RETRIES + 1):
            try:
                self._send("application/json", body, retry)
            except DeliveryFailed as failed:
                shown = Shown(error=str(failed))
                if failed.last:
                    return shown
                retry = _retry_headers(attempt, failed)
            else:
                return Shown()
        return shown

    def _send_interaction(self, payload: Json) -> Shown:
        """Send an interaction to which a good answer of the bot's is empty."""
        try:
            self._send_form({"payload": json.dumps(payload)})
        except DeliveryFailed as error:
            return Shown(error=str(error))
        return Shown()

    def _apply(self, view: View, answer: Json) -> Shown:
        """Apply the bot's answer to a submitted form. Raises DeliveryFailed or SlackError."""
        views = self._workspace.views
        match answer:
            case {"response_action": "errors", "errors": dict(errors)} if errors:
                return Shown(errors=_field_errors(view, errors))
            case {"response_action": "update", "view": body}:
                views.update(view.id, view_of(body, "modal"))
            case {"response_action": "push", "view": body}:
                views.push(view.user, view_of(body, "modal"))
            case {"response_action": "clear"}:
                views.clear(view.user)
            case _ if not answer:
                views.close(view)
            case _:
                raise DeliveryFailed(TROUBLE)
        return Shown()

    def _send_form(self, fields: dict[str, str]) -> str:
        return self._send("application/x-www-form-urlencoded", urlencode(fields))

    def _send(self, content_type: str, body: str, more: Mapping[str, str] = NOTHING) -> str:
        """Sign a request, deliver it, and return the body of the answer. Raises DeliveryFailed."""
        timestamp = str(int(self._workspace.clock()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.signing_secret, timestamp, body),
            **more,
        }
        try:
            status, answered, answer = self._deliver(headers, body)
        except TimeoutError:
            raise DeliveryFailed("operation_timeout") from None
        if status != HTTPStatus.OK:
            no_retry = {name.lower(): value for name, value in answered.items()}
            raise DeliveryFailed("dispatch_failed", last="x-slack-no-retry" in no_retry)
        return answer


def _retry_headers(attempt: int, failed: DeliveryFailed) -> dict[str, str]:
    reason = "http_timeout" if str(failed) == "operation_timeout" else "http_error"
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}


def _as_object(body: str) -> Json:
    try:
        answer = json.loads(body or "{}")
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise DeliveryFailed(TROUBLE)
    return answer


def _as_reply(body: str) -> Json:
    """Read the answer to a command: a message as JSON, or nothing but its text."""
    try:
        return _as_object(body)
    except DeliveryFailed:
        return {"text": body}


def _field_errors(view: View, errors: Json) -> dict[str, str]:
    """Return the bot's errors by block; Slack takes them only for input blocks."""
    if errors.keys() - {block["block_id"] for block in form.input_blocks(view.blocks)}:
        raise DeliveryFailed(TROUBLE)
    return {block_id: str(error) for block_id, error in errors.items()}
