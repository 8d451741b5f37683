"""
What the doors ask of the worker, and how it is written on the line.

An errand is a value; `encode` and `decode` turn it into the body of a message and back. Nothing
here knows who carries it out, or how Slack and AWS spell things (`intake` does).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import Newer, malformed_if_unreadable
from bot.core.model import Arn, Person, Place
from bot.core.offer import Offer, offer_from, text

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Somebody pressed the button of a move."""

    offer: Offer
    person: Person
    place: Place
    answer_url: str = ""
    """Where the clicked message can be replaced, if only the clicker sees it."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Look at a version again, and let its card say what is."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class Deployed:
    """Look at an endpoint, and tell those who follow its versions what became of it."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class Check:
    """A form was opened for a click: let it say what holds now."""

    click: Click
    view: str


@dataclass(frozen=True, slots=True)
class Decide:
    """The form was submitted. *id* is the same however often it is delivered."""

    id: str
    click: Click
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to `/model-status`, and where its answer goes."""

    person: Person
    text: str
    page: int = 0
    answer_url: str = ""
    """Empty for the person's Home."""
    replace: bool = False
    """Whether the answer takes the place of the message that was clicked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Somebody takes their vote back. *id* is the same however often it is delivered."""

    id: str
    arn: Arn
    person: Person
    place: Place
    answer_url: str = ""


Errand = Announce | Deployed | Check | Decide | Withdraw | Ask


def lane(errand: Errand) -> str:
    """
    The group in which *errand* waits: one per version, per endpoint, per person who asks.

    A digest, because a long ARN is longer than the 128 characters that SQS allows.
    """
    match errand:
        case Ask(person=person):
            return _digest("person", person.id)
        case Deployed(arn=arn):
            return _digest("endpoint", arn)
        case Announce(arn=arn) | Withdraw(arn=arn):
            return _digest("version", arn)
        case _:
            return _digest("version", errand.click.offer.arn)


def about(errand: Errand) -> dict[str, str]:
    """What of *errand* a log line should carry: its kind, and whom or what it is about."""
    match errand:
        case Announce(arn=arn) | Deployed(arn=arn):
            return {"errand": type(errand).__name__, "arn": arn}
        case Ask(person=person):
            return {"errand": "Ask", "person": person.id}
        case Withdraw(arn=arn, person=person):
            return {"errand": "Withdraw", "arn": arn, "person": person.id}
        case _:
            click = errand.click
            kind = type(errand).__name__
            return {"errand": kind, "arn": click.offer.arn, "person": click.person.id}


def encode(errand: Errand) -> str:
    """*errand* as the body of a message."""
    return json.dumps({"errand": type(errand).__name__, **asdict(errand)})


def decode(body: str) -> Errand:
    """The errand in *body*. Raises Malformed; and Newer while two versions share the line."""
    with malformed_if_unreadable("the body of a message"):
        raw = json.loads(body)
        if (kind := text(raw["errand"])) not in _READERS:
            raise Newer(f"{kind[:40]!r} is no errand that this version knows")
        return _READERS[kind](raw)


def _digest(kind: str, name: str) -> str:
    return f"{kind}-{sha256(name.lower().encode()).hexdigest()[:40]}"


def _announce(raw: dict[str, Any]) -> Announce:
    return Announce(Arn(text(raw["arn"])))


def _deployed(raw: dict[str, Any]) -> Deployed:
    return Deployed(Arn(text(raw["arn"])))


def _check(raw: dict[str, Any]) -> Check:
    return Check(_click(raw["click"]), text(raw["view"]))


def _decide(raw: dict[str, Any]) -> Decide:
    return Decide(text(raw["id"]), _click(raw["click"]), str(raw["comment"]))


def _withdraw(raw: dict[str, Any]) -> Withdraw:
    return Withdraw(
        id=text(raw["id"]),
        arn=Arn(text(raw["arn"])),
        person=_person(raw["person"]),
        place=_place(raw["place"]),
        answer_url=str(raw["answer_url"]),
    )


def _ask(raw: dict[str, Any]) -> Ask:
    return Ask(
        person=_person(raw["person"]),
        text=str(raw["text"]),
        page=int(raw["page"]),
        answer_url=str(raw["answer_url"]),
        replace=bool(raw["replace"]),
    )


def _click(raw: dict[str, Any]) -> Click:
    return Click(
        offer=offer_from(raw["offer"]),
        person=_person(raw["person"]),
        place=_place(raw["place"]),
        answer_url=str(raw["answer_url"]),
    )


def _place(raw: dict[str, Any]) -> Place:
    return Place(text(raw["channel"]), text(raw["ts"]))


def _person(raw: dict[str, Any]) -> Person:
    return Person(text(raw["id"]), str(raw["name"]))


_READERS: Final[dict[str, Callable[[dict[str, Any]], Errand]]] = {
    "Announce": _announce,
    "Deployed": _deployed,
    "Check": _check,
    "Decide": _decide,
    "Withdraw": _withdraw,
    "Ask": _ask,
}
