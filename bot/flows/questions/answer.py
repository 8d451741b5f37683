"""Answer what somebody asked of `/model-status`, or show them their Home."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.core.cards import answers
from bot.core.cards.home import home, on_home
from bot.core.errors import Forbidden, Ignored, Undeliverable, UnknownRefusal
from bot.core.jobs import questions
from bot.core.jobs.questions import (
    Help,
    History,
    HistoryHelp,
    OfArn,
    OfGroup,
    OfVersion,
    Overview,
    Waiting,
)
from bot.core.registry.version import Status
from bot.flows.fetch.all_registries import versions_with
from bot.flows.fetch.cards import posted_cards
from bot.flows.fetch.snapshot import fetch_for_card
from bot.flows.questions.of_group import of_group
from bot.flows.questions.overview import overview
from bot.flows.tell.cards import render_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.cards.messages import Message
    from bot.core.followup.endpoints import Serving
    from bot.core.jobs.messages import AnswerQuestion
    from bot.core.registry.version import Arn, Version
    from bot.flows.ports import Ledger, Ports


def answer(job: AnswerQuestion, ports: Ports) -> None:
    """Answer *job* where it was asked; without an address, it is the person's Home."""
    if job.answer_url:
        ports.chat.answer(job.answer_url, _answer(job, ports), replace=job.replace)
        return
    waiting = versions_with(Status.PENDING, ports.registry).require_own()
    person = job.person.id
    shown = on_home(waiting.items, ports.rules, person)
    cards, servings = posted_cards(shown, ports.ledger), _servings(shown, ports.ledger)
    unreachable = [*waiting.unreachable]
    view = home(waiting.items, ports.rules, ports.now(), unreachable, person, cards, servings)
    with suppress(Undeliverable):  # the person's next question must not wait for it
        ports.chat.publish_home(person, view)


def _servings(versions: Sequence[Version], ledger: Ledger) -> dict[str, Sequence[Serving]]:
    """Read what the endpoints of the groups of *versions* do, each group once."""
    groups = dict.fromkeys(version.group for version in versions)
    return {group: ledger.servings(group) for group in groups}


def _answer(job: AnswerQuestion, ports: Ports) -> Message:
    match questions.parse(job.text):
        case Overview():
            return overview(job.page, ports.registry, ports.ledger)
        case Waiting():
            return _pending(job.page, ports)
        case OfArn(arn=arn):
            return _card(arn, ports)
        case OfGroup() | OfVersion() | History() as question:
            return of_group(question, job, ports)
        case HistoryHelp():
            return answers.history_instructions()
        case Help(unclear=unclear):
            return answers.instructions(unclear)


def _pending(page: int, ports: Ports) -> Message:
    waiting = versions_with(Status.PENDING, ports.registry).require_own()
    cards = posted_cards(answers.pending_on_page(waiting.items, page), ports.ledger)
    return answers.pending(waiting.items, page, ports.now(), [*waiting.unreachable], cards)


def _card(arn: Arn, ports: Ports) -> Message:
    """Render the card itself, for the asker alone."""
    try:
        return render_card(fetch_for_card(arn, ports))
    except (Ignored, Forbidden, UnknownRefusal):  # people can write an ARN that none can be
        return answers.no_such_arn(arn)
