"""
Bolt listeners for all that people do in Slack: parse the payload, open a form, send a job.

No listener decides anything, and none is lazy: Bolt swallows the errors of those (bolt-python
#635). An error here is a 500, which Slack shows to the person.
"""

from __future__ import annotations

import re
from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from slack_sdk.errors import SlackApiError

from bot.core.cards import forms
from bot.core.errors import Unavailable
from bot.core.jobs import parse_payloads
from bot.core.jobs.ids import FORM, WITHDRAW
from bot.core.jobs.messages import CheckForm
from bot.core.registry.moves import MOVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from bot.core.jobs.messages import Click, Job

COMMAND: Final = "/model-status"
_MOVES: Final = re.compile("|".join(move.key for move in MOVES))
_QUESTIONS: Final = re.compile(r"(ask|page)(\..*)?")


def _tell_not_checked(click: Click, view: dict[str, Any], client: WebClient) -> None:
    """Say in the open form that nothing checks it. It can fail as well; Slack shows an error."""
    form = forms.not_checked(click)
    with suppress(SlackApiError, OSError, HTTPException, Unavailable):
        client.views_update(view_id=view["id"], hash=view["hash"], view=form)


def register(app: App, send: Callable[[Job, str], None]) -> None:
    """Register a listener for all that cards and answers offer; *send* sends a job to the queue."""

    @app.action(_MOVES)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        click = parse_payloads.click_of(body)
        response = client.views_open(trigger_id=body["trigger_id"], view=forms.opened(click))
        view = response["view"]
        try:
            send(CheckForm(click, view["id"], view["hash"]), view["id"])
        except Unavailable:
            _tell_not_checked(click, view, client)
            raise
        ack()

    @app.view(FORM)
    def submit(ack: Ack, body: dict[str, Any]) -> None:
        job = parse_payloads.submit_of(body)
        send(job, job.id)
        ack(response_action="update", view=forms.working(job))

    @app.action(WITHDRAW)
    def withdraw(ack: Ack, body: dict[str, Any]) -> None:
        job = parse_payloads.withdraw_of(body)
        send(job, job.id)
        ack()

    @app.command(COMMAND)
    def command(ack: Ack, body: dict[str, Any]) -> None:
        send(parse_payloads.question_of_command(body), body["trigger_id"])
        ack()

    @app.action(_QUESTIONS)
    def question(ack: Ack, body: dict[str, Any]) -> None:
        send(parse_payloads.question_of_button(body), body["trigger_id"])
        ack()

    @app.event("app_home_opened")
    def home(body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("tab") == "messages":
            return  # Slack sends the event for the app's messages too, and they show no Home
        send(parse_payloads.question_of_home(event), body["event_id"])
