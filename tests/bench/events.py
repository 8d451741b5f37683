"""The requests that are timed, signed afresh for each call; both bots get the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from bot.core.jobs.messages import Click, FormMetadata, encode_form_metadata
from bot.core.registry.version import Status
from bot.core.votes.button import encode_button
from bot.core.votes.message_ref import MessageRef
from tests.doubles.builders import ANA, a_version, an_offer
from tests.handlers import slack_requests

if TYPE_CHECKING:
    from tests.handlers.slack_requests import Json

SECRET: Final = "signing-secret-of-the-benchmark"
CLICK: Final = "click"
KINDS: Final = (CLICK, "submit", "command")
ARN: Final = a_version().arn
_OFFER: Final = an_offer(a_version(), Status.APPROVED)


def event(kind: str) -> Json:
    """A request of this kind, as the HTTP API hands it over now."""
    body = {CLICK: _click, "submit": _submit, "command": _command}[kind]()
    return slack_requests.request(body, slack_requests.signed(body, SECRET))


def _click() -> str:
    return slack_requests.interaction(
        slack_requests.a_click(encode_button(_OFFER), "approve", ANA.id)
    )


def _submit() -> str:
    click = Click(button=_OFFER, person=ANA, message=MessageRef("C0FRAUD000", "1.1"))
    kept = encode_form_metadata(FormMetadata(click))
    return slack_requests.interaction(slack_requests.a_submission("V1", kept, ANA.id, "AUC is up"))


def _command() -> str:
    who = {"team_id": "T0LOCAL000", "user_id": ANA.id, "user_name": ANA.name}
    where = {"channel_id": "C0FRAUD000", "channel_name": "fraud-models"}
    asked = {"command": "/model-status", "text": "pending", "trigger_id": "1.2.3"}
    return urlencode({**who, **where, **asked, "response_url": "https://hooks.slack.invalid/1"})
