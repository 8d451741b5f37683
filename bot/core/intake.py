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

from bot.core.cards.forms import COMMENT
from bot.core.errands import Announce, Ask, Click, Decide, Deployed, Withdraw
from bot.core.errors import SetAside, malformed_if_unreadable
from bot.core.model import Arn, Person, Place
from bot.core.offer import offer_from, read, text

Payload = Mapping[str, Any]


def errand_of_event(event: Payload) -> Announce | Deployed:
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
        return Announce(Arn(named))
    if isinstance(named, str) and ":endpoint/" in named:
        return Deployed(_as_called(named, detail.get("EndpointName")))
    raise SetAside(f"event {event.get('id')} names no model package and no endpoint")


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
            offer=read(payload["actions"][0]["value"]),
            person=_person(payload["user"]),
            place=_place(payload["container"]),
            answer_url=_own_copy(payload),
        )


def decide_of(payload: Payload) -> Decide:
    """
    The decision that a submitted form asks for.

    Its id is a digest of the form's, so a form decides once, however often it is submitted.
    """
    with malformed_if_unreadable("a form"):
        view = payload["view"]
        kept = json.loads(view["private_metadata"])
        click = Click(
            offer=offer_from(kept["offer"]),
            person=_person(payload["user"]),
            place=Place(text(kept["place"]["channel"]), text(kept["place"]["ts"])),
            answer_url=str(kept["answer_url"]),
        )
        comment = view["state"]["values"][COMMENT][COMMENT]["value"]
        said = "" if comment is None or comment == "" else text(comment)
        return Decide(sha256(text(view["id"]).encode()).hexdigest()[:32], click, said)


def withdraw_of(payload: Payload) -> Withdraw:
    """
    The vote that somebody takes back.

    Its id is made of who pressed what and when, so that the same press counts once.
    """
    with malformed_if_unreadable("a withdrawal"):
        action, person = payload["actions"][0], _person(payload["user"])
        pressed = f"{action['value']} {person.id} {text(action['action_ts'])}"
        return Withdraw(
            id=sha256(pressed.encode()).hexdigest()[:32],
            arn=Arn(text(action["value"])),
            person=person,
            place=_place(payload["container"]),
            answer_url=_own_copy(payload),
        )


def ask_of_command(payload: Payload) -> Ask:
    """The question in a slash command."""
    with malformed_if_unreadable("a command"):
        return Ask(
            person=Person(text(payload["user_id"]), str(payload.get("user_name", ""))),
            text=str(payload.get("text", "")),
            answer_url=text(payload["response_url"]),
        )


def ask_of_button(payload: Payload) -> Ask:
    """The question behind a button of an answer."""
    with malformed_if_unreadable("a question"):
        question = json.loads(payload["actions"][0]["value"])
        return Ask(
            person=_person(payload["user"]),
            text=str(question["text"]),
            page=int(question["page"]),
            answer_url=text(payload["response_url"]),
            replace=bool(question["replace"]),
        )


def ask_of_home(event: Payload) -> Ask:
    """Somebody opened their Home."""
    with malformed_if_unreadable("an opened Home"):
        return Ask(person=Person(text(event["user"]), ""), text="")


def _person(user: Payload) -> Person:
    return Person(text(user["id"]), str(user.get("name") or user.get("username") or user["id"]))


def _place(container: Payload) -> Place:
    return Place(text(container["channel_id"]), text(container["message_ts"]))


def _own_copy(payload: Payload) -> str:
    """Where to redraw the clicked message, if only the clicker sees it."""
    ephemeral = payload["container"].get("is_ephemeral")
    return text(payload["response_url"]) if ephemeral else ""
