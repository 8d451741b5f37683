"""
What the functions are called with. The requests are signed afresh for each call, and both bots get
the same.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from bot.core.jobs.messages import (
    AnswerQuestion,
    Click,
    FormMetadata,
    encode,
    encode_form_metadata,
    message_group,
)
from bot.core.registry.version import Status
from bot.core.votes.button import encode_button
from bot.core.votes.message_ref import MessageRef
from infra.local.functions import record_of
from tests.doubles.builders import ANA, a_version, an_offer
from tests.handlers import slack_requests

if TYPE_CHECKING:
    from tests.handlers.slack_requests import Json

SECRET: Final = "signing-secret-of-the-benchmark"
CLICK: Final = "click"
KINDS: Final = (CLICK, "submit", "command")
"""The requests of Slack."""
QUESTION: Final = "question"
"""A job of the worker: what a card shows of one version."""
VERSION: Final = a_version(group="fraud-detector")
_OFFER: Final = an_offer(VERSION, Status.APPROVED)


def event(kind: str, url: str) -> Json:
    """An event of this kind, as Lambda hands it over now. Slack takes answers at *url*."""
    if kind == QUESTION:
        return {"Records": [_question(f"{url}/api/answer")]}
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


def _question(answer_url: str) -> Json:
    """A message of the queue: somebody asked for one version."""
    asked = f"{VERSION.group} {VERSION.number}"
    job = AnswerQuestion(person=ANA, text=asked, answer_url=answer_url)
    attributes = {
        "MessageGroupId": message_group(job),
        "ApproximateReceiveCount": "1",
        "SentTimestamp": str(int(time.time() * 1000)),
    }
    raw = {"MessageId": "1", "ReceiptHandle": "1", "Body": encode(job), "MD5OfBody": ""}
    return record_of({**raw, "Attributes": attributes}, "https://sqs/1/questions.fifo")
