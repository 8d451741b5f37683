"""
Incoming payloads, made into our values. The only place that knows their field names.

Whatever a payload lacks of what is needed raises Malformed (Slack's) or SetAside (events'): the
doors answer the one with an error and log the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.core.errors import Ignored, malformed_if_unreadable
from bot.core.jobs.ids import COMMENT
from bot.core.jobs.messages import (
    AnswerQuestion,
    Click,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
)
from bot.core.registry.version import Arn
from bot.core.rules.people import Person
from bot.core.votes.button import decode_button, non_empty_text, payload_from
from bot.core.votes.request import MessageRef

Payload = Mapping[str, Any]


def job_of_event(event: Payload) -> ReconcileVersion | ReconcileEndpoint:
    """
    The version or the endpoint that an EventBridge event is about. Raises SetAside without one.

    Nothing else in the event is used: what has become of it by now, only AWS can say.
    """
    raw, resources = event.get("detail"), event.get("resources")
    detail = raw if isinstance(raw, dict) else {}
    named = detail.get("ModelPackageArn") or detail.get("EndpointArn")
    if not named and isinstance(resources, list) and resources:
        named = resources[0]
    if isinstance(named, str) and ":model-package/" in named:
        return ReconcileVersion(Arn(named))
    if isinstance(named, str) and ":endpoint/" in named:
        return ReconcileEndpoint(_as_called(named, detail.get("EndpointName")))
    raise Ignored(f"event {event.get('id')} names no model package and no endpoint")


def _as_called(arn: str, name: Any) -> Arn:
    """
    The endpoint *arn* with its name as it was given.

    SageMaker writes its ARN in small letters, and asks for an endpoint by its name.
    """
    before, mark, tail = arn.rpartition("/")
    same = isinstance(name, str) and name.lower() == tail.lower()
    return Arn(f"{before}{mark}{name}" if same else arn)


def click_of(payload: Payload) -> Click:
    """The move whose button was pressed."""
    with malformed_if_unreadable("a click"):
        return Click(
            offer=decode_button(payload["actions"][0]["value"]),
            person=_person(payload["user"]),
            place=_place(payload["container"]),
            answer_url=_own_copy(payload),
        )


def submit_of(payload: Payload) -> SubmitForm:
    """
    The decision that a submitted form asks for.

    Its id is a digest of the form's, so a form decides once, however often it is submitted.
    """
    with malformed_if_unreadable("a form"):
        view = payload["view"]
        kept = json.loads(view["private_metadata"])
        click = Click(
            offer=payload_from(kept["offer"]),
            person=_person(payload["user"]),
            place=MessageRef(
                non_empty_text(kept["place"]["channel"]), non_empty_text(kept["place"]["ts"])
            ),
            answer_url=str(kept["answer_url"]),
        )
        comment = view["state"]["values"][COMMENT][COMMENT]["value"]
        said = "" if comment is None or comment == "" else non_empty_text(comment)
        return SubmitForm(sha256(non_empty_text(view["id"]).encode()).hexdigest()[:32], click, said)


def withdraw_of(payload: Payload) -> WithdrawVote:
    """
    The vote that somebody takes back.

    Its id is made of who pressed what and when, so that the same press counts once.
    """
    with malformed_if_unreadable("a withdrawal"):
        action, person = payload["actions"][0], _person(payload["user"])
        pressed = f"{action['value']} {person.id} {non_empty_text(action['action_ts'])}"
        return WithdrawVote(
            id=sha256(pressed.encode()).hexdigest()[:32],
            arn=Arn(non_empty_text(action["value"])),
            person=person,
            place=_place(payload["container"]),
            answer_url=_own_copy(payload),
        )


def question_of_command(payload: Payload) -> AnswerQuestion:
    """The question in a slash command."""
    with malformed_if_unreadable("a command"):
        return AnswerQuestion(
            person=Person(non_empty_text(payload["user_id"]), str(payload.get("user_name", ""))),
            text=str(payload.get("text", "")),
            answer_url=non_empty_text(payload["response_url"]),
        )


def question_of_button(payload: Payload) -> AnswerQuestion:
    """The question behind a button of an answer."""
    with malformed_if_unreadable("a question"):
        question = json.loads(payload["actions"][0]["value"])
        return AnswerQuestion(
            person=_person(payload["user"]),
            text=str(question["text"]),
            page=int(question["page"]),
            answer_url=non_empty_text(payload["response_url"]),
            replace=bool(question["replace"]),
        )


def question_of_home(event: Payload) -> AnswerQuestion:
    """Somebody opened their Home."""
    with malformed_if_unreadable("an opened Home"):
        return AnswerQuestion(person=Person(non_empty_text(event["user"]), ""), text="")


def _person(user: Payload) -> Person:
    return Person(
        non_empty_text(user["id"]), str(user.get("name") or user.get("username") or user["id"])
    )


def _place(container: Payload) -> MessageRef:
    return MessageRef(
        non_empty_text(container["channel_id"]), non_empty_text(container["message_ts"])
    )


def _own_copy(payload: Payload) -> str:
    """Where to redraw the clicked message, if only the clicker sees it."""
    ephemeral = payload["container"].get("is_ephemeral")
    return non_empty_text(payload["response_url"]) if ephemeral else ""
