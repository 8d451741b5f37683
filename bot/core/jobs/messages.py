"""
What the doors ask of the worker, and how it is written on the line.

A job is a value; `encode` and `decode` turn it into the body of a message and back. Nothing
here knows who carries it out, or how Slack and AWS spell things (`intake` does).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from bot.core.errors import UnknownJob, malformed_if_unreadable
from bot.core.registry.version import Arn
from bot.core.rules.people import Person
from bot.core.votes.button import ButtonPayload, non_empty_text, payload_from
from bot.core.votes.request import MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Somebody pressed the button of a move."""

    offer: ButtonPayload
    person: Person
    place: MessageRef
    answer_url: str = ""
    """Where the clicked message can be replaced, if only the clicker sees it."""


@dataclass(frozen=True, slots=True)
class ReconcileVersion:
    """Look at a version again, and let its card say what is."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class ReconcileEndpoint:
    """Look at an endpoint, and tell those who follow its versions what became of it."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class CheckForm:
    """A form was opened for a click: let it say what holds now."""

    click: Click
    view: str


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """The form was submitted. *id* is the same however often it is delivered."""

    id: str
    click: Click
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    """A question to `/model-status`, and where its answer goes."""

    person: Person
    text: str
    page: int = 0
    answer_url: str = ""
    """Empty for the person's Home."""
    replace: bool = False
    """Whether the answer takes the place of the message that was clicked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVote:
    """Somebody takes their vote back. *id* is the same however often it is delivered."""

    id: str
    arn: Arn
    person: Person
    place: MessageRef
    answer_url: str = ""


Job = ReconcileVersion | ReconcileEndpoint | CheckForm | SubmitForm | WithdrawVote | AnswerQuestion

_KINDS: Final[dict[type[Job], str]] = {
    ReconcileVersion: "reconcile_version",
    ReconcileEndpoint: "reconcile_endpoint",
    CheckForm: "check_form",
    SubmitForm: "submit_form",
    WithdrawVote: "withdraw_vote",
    AnswerQuestion: "answer_question",
}
"""What each kind of job is called in the queue, the log and the metrics. Never changes."""


def kind_of(job: Job) -> str:
    """The kind of *job*, as a stable code."""
    return _KINDS[type(job)]


def message_group(job: Job) -> str:
    """
    The group in which *job* waits: one per version, per endpoint, per person who asks.

    A digest, because a long ARN is longer than the 128 characters that SQS allows.
    """
    match job:
        case AnswerQuestion(person=person):
            return _digest("person", person.id)
        case ReconcileEndpoint(arn=arn):
            return _digest("endpoint", arn)
        case ReconcileVersion(arn=arn) | WithdrawVote(arn=arn):
            return _digest("version", arn)
        case _:
            return _digest("version", job.click.offer.arn)


def log_fields(job: Job) -> dict[str, str]:
    """What of *job* a log line should carry: its kind, and whom or what it is about."""
    match job:
        case ReconcileVersion(arn=arn) | ReconcileEndpoint(arn=arn):
            return {"job": kind_of(job), "arn": arn}
        case AnswerQuestion(person=person):
            return {"job": kind_of(job), "person": person.id}
        case WithdrawVote(arn=arn, person=person):
            return {"job": kind_of(job), "arn": arn, "person": person.id}
        case _:
            click = job.click
            return {"job": kind_of(job), "arn": click.offer.arn, "person": click.person.id}


def encode(job: Job) -> str:
    """*job* as the body of a message."""
    return json.dumps({"job": kind_of(job), **asdict(job)})


def decode(body: str) -> Job:
    """The job in *body*. Raises Malformed; and Newer while two versions share the line."""
    with malformed_if_unreadable("the body of a message"):
        raw = json.loads(body)
        if (kind := non_empty_text(raw["job"])) not in _READERS:
            raise UnknownJob(f"{kind[:40]!r} is no job that this version knows")
        return _READERS[kind](raw)


def _digest(kind: str, name: str) -> str:
    return f"{kind}-{sha256(name.lower().encode()).hexdigest()[:40]}"


def _announce(raw: dict[str, Any]) -> ReconcileVersion:
    return ReconcileVersion(Arn(non_empty_text(raw["arn"])))


def _deployed(raw: dict[str, Any]) -> ReconcileEndpoint:
    return ReconcileEndpoint(Arn(non_empty_text(raw["arn"])))


def _check(raw: dict[str, Any]) -> CheckForm:
    return CheckForm(_click(raw["click"]), non_empty_text(raw["view"]))


def _decide(raw: dict[str, Any]) -> SubmitForm:
    return SubmitForm(non_empty_text(raw["id"]), _click(raw["click"]), str(raw["comment"]))


def _withdraw(raw: dict[str, Any]) -> WithdrawVote:
    return WithdrawVote(
        id=non_empty_text(raw["id"]),
        arn=Arn(non_empty_text(raw["arn"])),
        person=_person(raw["person"]),
        place=_place(raw["place"]),
        answer_url=str(raw["answer_url"]),
    )


def _ask(raw: dict[str, Any]) -> AnswerQuestion:
    return AnswerQuestion(
        person=_person(raw["person"]),
        text=str(raw["text"]),
        page=int(raw["page"]),
        answer_url=str(raw["answer_url"]),
        replace=bool(raw["replace"]),
    )


def _click(raw: dict[str, Any]) -> Click:
    return Click(
        offer=payload_from(raw["offer"]),
        person=_person(raw["person"]),
        place=_place(raw["place"]),
        answer_url=str(raw["answer_url"]),
    )


def _place(raw: dict[str, Any]) -> MessageRef:
    return MessageRef(non_empty_text(raw["channel"]), non_empty_text(raw["ts"]))


def _person(raw: dict[str, Any]) -> Person:
    return Person(non_empty_text(raw["id"]), str(raw["name"]))


_READERS: Final[dict[str, Callable[[dict[str, Any]], Job]]] = {
    "reconcile_version": _announce,
    "reconcile_endpoint": _deployed,
    "check_form": _check,
    "submit_form": _decide,
    "withdraw_vote": _withdraw,
    "answer_question": _ask,
}
