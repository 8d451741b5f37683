"""
Incoming payloads, made into our values.

Only this file and `slack_payloads` know the names of their fields.
A payload of Slack's that lacks what is needed raises Malformed, an event that names nothing of
ours raises Ignored. Whatever else a payload holds is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from bot.core import wire
from bot.core.errors import Ignored, Malformed
from bot.core.jobs.messages import (
    AnswerQuestion,
    Click,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
    decode_form_metadata,
)
from bot.core.jobs.question_button import decode_question_button
from bot.core.jobs.slack_payloads import AnswerClick, CardClick, Command, HomeOpened, Submission
from bot.core.registry.version import Arn, DatedStatus, Status
from bot.core.rules.people import Person
from bot.core.votes.button import decode_button, decode_withdraw_button

Payload = Mapping[str, Any]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def job_of_event(event: Payload) -> ReconcileVersion | ReconcileEndpoint:
    """
    Make the job for the version or the endpoint that an EventBridge event is about.

    What has become of it by now, only AWS can say. The status that the event reports goes on as
    well: a later change may have hidden it. Raises Ignored if the event names neither.
    """
    raw, resources = event.get("detail"), event.get("resources")
    detail = raw if isinstance(raw, dict) else {}
    arn = detail.get("ModelPackageArn") or detail.get("EndpointArn")
    if not arn and isinstance(resources, list) and resources:
        arn = resources[0]
    if isinstance(arn, str) and ":model-package/" in arn:
        return ReconcileVersion(Arn(arn), _reported_status(detail))
    if isinstance(arn, str) and ":endpoint/" in arn:
        return ReconcileEndpoint(_endpoint_arn(arn, detail.get("EndpointName")))
    raise Ignored(f"event {event.get('id')} names no model package and no endpoint")


def _reported_status(detail: Payload) -> DatedStatus | None:
    """Read which status an event reports, and since when; None if it does not say both."""
    status, modified = detail.get("ModelApprovalStatus"), _moment(detail.get("LastModifiedTime"))
    if modified is None or status not in tuple(Status):
        return None
    return DatedStatus(Status(status), modified)


def _moment(raw: Any) -> datetime | None:
    """
    Read a time as events write it: ISO 8601 with a time zone, or milliseconds since the epoch.

    AWS's documentation has the one, captured events have the other (`tests/core/payloads`).
    """
    try:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return _EPOCH + timedelta(milliseconds=raw)
        moment = datetime.fromisoformat(raw)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


def _endpoint_arn(arn: str, name: Any) -> Arn:
    """
    Put the endpoint's *name*, as it was given, into its *arn*.

    SageMaker writes the ARN in small letters, and asks for an endpoint by its name.
    """
    before, separator, tail = arn.rpartition("/")
    same = isinstance(name, str) and name.lower() == tail.lower()
    return Arn(f"{before}{separator}{name}" if same else arn)


def click_of(payload: Payload) -> Click:
    """Read which move's button was pressed, by whom and where. Raises Malformed."""
    click = wire.convert(payload, CardClick, "a click")
    return Click(
        button=decode_button(click.actions[0].value),
        person=click.user.person,
        message=click.container.message,
        answer_url=click.answer_url,
        pressed=click.actions[0].pressed,
    )


def submit_of(payload: Payload) -> SubmitForm:
    """
    Read the decision that a submitted form asks for. Raises Malformed.

    Its id is a digest of the form's, so a form decides once, however often it is submitted; a form
    that was shown again, with something else in it, has another.
    """
    form = wire.convert(payload, Submission, "a form")
    view, brought = form.view.id, decode_form_metadata(form.view.private_metadata, form.user.person)
    return SubmitForm(
        id=_id_of(f"{view} {brought.round}" if brought.round else view),
        click=brought.click,
        comment=form.view.state.values.comment.comment.value or "",
        view=view,
        shown=brought.shown,
        round=brought.round,
    )


def withdraw_of(payload: Payload) -> WithdrawVote:
    """
    Read which vote somebody takes back. Raises Malformed.

    Its id is made of who pressed what and when, so that the same press counts once.
    """
    click = wire.convert(payload, CardClick, "a withdrawal")
    person, action = click.user.person, click.actions[0]
    if not action.action_ts:
        raise Malformed("a withdrawal does not say when it was pressed")
    return WithdrawVote(
        id=_id_of(f"{action.value} {person.id} {action.action_ts}"),
        arn=decode_withdraw_button(action.value).arn,
        person=person,
        message=click.container.message,
        answer_url=click.answer_url,
        pressed=action.pressed,
    )


def question_of_command(payload: Payload) -> AnswerQuestion:
    """Read the question in a slash command. Raises Malformed."""
    command = wire.convert(payload, Command, "a command")
    person = Person(command.user_id, command.user_name)
    return AnswerQuestion(person=person, text=command.text, answer_url=command.response_url)


def question_of_button(payload: Payload) -> AnswerQuestion:
    """Read the question of an answer's button that was pressed. Raises Malformed."""
    click = wire.convert(payload, AnswerClick, "a question")
    question = decode_question_button(click.actions[0].value)
    return AnswerQuestion(
        person=click.user.person,
        text=question.text,
        page=question.page,
        answer_url=click.response_url,
        replace=question.replace,
    )


def question_of_home(event: Payload) -> AnswerQuestion:
    """Make the question of somebody who opened their Home. Raises Malformed."""
    opened = wire.convert(event, HomeOpened, "an opened Home")
    return AnswerQuestion(person=Person(opened.user, ""), text="")


def _id_of(text: str) -> str:
    """Make an id of *text* that AWS takes as a ClientToken: 32 hexadecimal digits."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
