"""
The jobs that the handlers send to the worker, and how they are written in the queue.

A job is a value; `encode` and `decode` turn it into the body of a message and back. Nothing here
knows what a job does, or how Slack and AWS spell things (`parse_payloads` does).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from bot.core import wire
from bot.core.errors import NewerFormat
from bot.core.registry.version import Arn, DatedStatus
from bot.core.rules.people import Person
from bot.core.votes.button import ButtonPayload
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.rate_limit import Slot
from bot.core.wire import AwareDatetime, NonEmpty


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Somebody pressed the button of a move."""

    button: ButtonPayload
    person: Person
    message: MessageRef
    answer_url: str = ""
    """Where the clicked message can be replaced, if only the clicker sees it."""
    pressed: AwareDatetime | None = None
    """When, by Slack's clock; None from an older version of the code."""


@dataclass(frozen=True, slots=True)
class ReconcileVersion:
    """Fetch a version again, and update its card."""

    arn: Arn
    reported: DatedStatus | None = None
    """What the event said that led to it; None if none did, or if it does not say a status."""
    from_sweep: bool = False
    """Whether the sweep sent it, which sends another as long as there is something to do."""
    of_click: bool = False
    """Whether it tells what a click led to, which the click's own job could not tell."""
    slot: Slot | None = None
    """The slot for which it waits, to tell what another job could not tell."""


@dataclass(frozen=True, slots=True)
class ReconcileEndpoint:
    """Fetch an endpoint, and tell what became of it below the cards of its versions."""

    arn: Arn
    from_sweep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWaitingCards:
    """
    Have the cards of the versions of *group* updated that wait: one of its versions has changed.

    A job of its own, so that whoever changes a version does not list its group.
    """

    group: NonEmpty
    cause: NonEmpty
    """The id of the change. The jobs that this one sends have keys that are made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEffect:
    """What a form said that its vote does."""

    decides: bool
    """Whether the vote decides the move at once."""
    have: int
    """How many votes the move had with this one."""


@dataclass(frozen=True, slots=True)
class CheckForm:
    """A form was opened for a click: check the click, and update the form."""

    click: Click
    view: NonEmpty
    hash: str = ""
    """Slack's hash of the form as it was opened: one that was submitted meanwhile has another."""

    @property
    def arn(self) -> Arn:
        """The version whose button was clicked."""
        return self.click.button.arn


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """
    The form was submitted.

    *id* is the same however often it is delivered. It becomes the id of the vote; the last vote's
    is the decision's, and the ClientToken of its update.
    """

    id: NonEmpty
    click: Click
    comment: str
    view: str = ""
    """The form, which becomes the receipt; empty if the job's sender did not name it."""
    shown: ShownEffect | None = None
    """What the form said that the vote does; None if it was submitted before that was checked."""
    round: int = 0
    """How often the form was shown again because it was not right any more."""

    @property
    def arn(self) -> Arn:
        """The version whose button was clicked."""
        return self.click.button.arn


@dataclass(frozen=True, slots=True)
class FormMetadata:
    """What a form brings back when it is submitted."""

    click: Click
    """The click that opened it, with the button as the form shows it."""
    shown: ShownEffect | None = None
    round: int = 0


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
    """Withdraw a person's vote. *id* is the same however often it is delivered."""

    id: NonEmpty
    arn: Arn
    person: Person
    message: MessageRef
    answer_url: str = ""
    pressed: AwareDatetime | None = None
    """When, by Slack's clock; None from an older version of the code."""


VersionJob = ReconcileVersion | CheckForm | SubmitForm | WithdrawVote
Job = VersionJob | ReconcileEndpoint | UpdateWaitingCards | AnswerQuestion

_KINDS: Final[dict[type[Job], str]] = {
    ReconcileVersion: "reconcile_version",
    ReconcileEndpoint: "reconcile_endpoint",
    UpdateWaitingCards: "update_waiting_cards",
    CheckForm: "check_form",
    SubmitForm: "submit_form",
    WithdrawVote: "withdraw_vote",
    AnswerQuestion: "answer_question",
}
"""What each kind of job is called in the queue, the log and the metrics. Never changes."""
_TYPES: Final[dict[str, type[Job]]] = {kind: job for job, kind in _KINDS.items()}
_BODY: Final = "the body of a message"
_METADATA: Final = "the private metadata of a form"


@dataclass(frozen=True, slots=True)
class _Header:
    """What says how the rest of a message is to be read."""

    v: int
    job: NonEmpty


@dataclass(frozen=True, slots=True)
class _BesidesClick:
    """What the metadata of a form has besides its click; that of an older version has nothing."""

    shown: ShownEffect | None = None
    round: int = 0


def kind_of(job: Job) -> str:
    """The kind of *job*, as a stable code."""
    return _KINDS[type(job)]


def message_group(job: Job) -> str:
    """
    The message group in which *job* waits: one per version, endpoint, group, person who asks.

    What waits for a slot of a rate limit has a group for that limit, and what a click left to tell
    has one of its own: no other job of the version waits behind them.

    A digest, because a long ARN is longer than the 128 characters that SQS allows.
    """
    match job:
        case AnswerQuestion(person=person):
            return _digest("person", person.id)
        case ReconcileEndpoint(arn=arn):
            return _digest("endpoint", arn)
        case UpdateWaitingCards(group=group):
            return _digest("group", group)
        case ReconcileVersion(arn=arn, of_click=True):
            return _digest("click", arn)
        case ReconcileVersion(arn=arn, slot=Slot() as slot):
            return _digest("slot", f"{slot.limit} {arn}")
        case _:
            return _digest("version", job.arn)


def log_fields(job: Job) -> dict[str, str]:
    """What of *job* a log line should carry: its kind, and whom or what it is about."""
    match job:
        case ReconcileVersion(arn=arn) | ReconcileEndpoint(arn=arn):
            return {"job": kind_of(job), "arn": arn}
        case UpdateWaitingCards(group=group):
            return {"job": kind_of(job), "group": group}
        case AnswerQuestion(person=person):
            return {"job": kind_of(job), "person": person.id}
        case WithdrawVote(person=person):
            return {"job": kind_of(job), "arn": job.arn, "person": person.id}
        case _:
            return {"job": kind_of(job), "arn": job.arn, "person": job.click.person.id}


def encode(job: Job) -> str:
    """Write *job* as the body of a message."""
    return wire.encode(job, extra={"job": kind_of(job)})


def decode(body: str) -> Job:
    """
    Read the job in *body*.

    Raises Malformed for what is no job, and NewerFormat for one that only a newer version of the
    code can read: while that one is deployed, both take messages from the same queue.
    """
    header = wire.convert(wire.parse(body, _BODY), _Header, _BODY)
    if header.v > wire.FORMAT or header.job not in _TYPES:
        raise NewerFormat(
            f"{header.job[:40]!r} (format {header.v}) is no job known to this version"
        )
    return wire.decode(body, _TYPES[header.job], _BODY)


def encode_form_metadata(form: FormMetadata) -> str:
    """Write what *form* brings back, without the person: Slack says who submits."""
    more = {"shown": form.shown and asdict(form.shown), "round": form.round}
    return wire.encode(form.click, omit=("person",), extra=more)


def decode_form_metadata(text: str, person: Person) -> FormMetadata:
    """Read what a form that *person* submitted brought back. Raises Malformed."""
    click = wire.decode(text, Click, _METADATA, extra={"person": person})
    more = wire.decode(text, _BesidesClick, _METADATA)
    return FormMetadata(click, more.shown, more.round)


def _digest(kind: str, name: str) -> str:
    return f"{kind}-{sha256(name.lower().encode(errors='surrogatepass')).hexdigest()[:40]}"
