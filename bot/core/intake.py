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
from bot.core.errands import Ask, Click, Decide
from bot.core.errors import Malformed, SetAside
from bot.core.model import Arn, Person, Place
from bot.core.offer import offer_from, read

Payload = Mapping[str, Any]


def arn_of_event(event: Payload) -> Arn:
    """
    The version that an EventBridge event is about. Raises SetAside if it names none.

    Nothing else in the event is used: what the version is by now, only the registry can say.
    """
    detail, resources = event.get("detail"), event.get("resources")
    named = detail.get("ModelPackageArn") if isinstance(detail, dict) else None
    if not named and isinstance(resources, list) and resources:
        named = resources[0]
    if not isinstance(named, str) or ":model-package/" not in named:
        raise SetAside(f"event {event.get('id')} names no model package")
    return Arn(named)


def click_of(payload: Payload) -> Click:
    """The move whose button was pressed."""
    try:
        return Click(
            offer=read(payload["actions"][0]["value"]),
            person=_person(payload["user"]),
            place=_place(payload),
            answer_url=_own_copy(payload),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise Malformed(f"a click without {error}") from error


def decide_of(payload: Payload) -> Decide:
    """
    The decision that a submitted form asks for.

    Its id is a digest of the form's, so a form decides once, however often it is submitted.
    """
    try:
        view = payload["view"]
        kept = json.loads(view["private_metadata"])
        click = Click(
            offer=offer_from(kept["offer"]),
            person=_person(payload["user"]),
            place=Place(**kept["place"]),
            answer_url=kept["answer_url"],
        )
        comment = view["state"]["values"][COMMENT][COMMENT]["value"] or ""
        return Decide(sha256(view["id"].encode()).hexdigest()[:32], click, comment)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"a form without {error}") from error


def ask_of_command(payload: Payload) -> Ask:
    """The question in a slash command."""
    person = Person(payload["user_id"], payload.get("user_name", ""))
    return Ask(person=person, text=payload.get("text", ""), answer_url=payload["response_url"])


def ask_of_button(payload: Payload) -> Ask:
    """The question behind a button of an answer, or of the Home."""
    try:
        question = json.loads(payload["actions"][0]["value"])
        return Ask(
            person=_person(payload["user"]),
            text=question["text"],
            page=int(question["page"]),
            answer_url=payload.get("response_url", ""),
            replace=bool(question["replace"]),
        )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise Malformed(f"a question without {error}") from error


def ask_of_home(event: Payload) -> Ask:
    """Somebody opened their Home."""
    return Ask(person=Person(event["user"], ""), text="")


def _person(user: Payload) -> Person:
    return Person(user["id"], user.get("name") or user.get("username") or user["id"])


def _place(payload: Payload) -> Place:
    container = payload["container"]
    return Place(container["channel_id"], container["message_ts"])


def _own_copy(payload: Payload) -> str:
    """Where to redraw the clicked message, if only the clicker sees it."""
    ephemeral = payload["container"].get("is_ephemeral")
    return payload["response_url"] if ephemeral else ""
