"""Answer what somebody asked of `/model-status`, or show them their Home."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.cards import answers
from bot.core.cards.history import history, left_out, written
from bot.core.cards.home import home, on_home
from bot.core.cards.pages import page_of
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
from bot.flows.fetch.all_registries import all_groups, groups_beside, listings, versions_with
from bot.flows.fetch.cards import posted_cards
from bot.flows.fetch.snapshot import fetch_for_card
from bot.flows.tell.cards import render_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.audit.chain import Entry
    from bot.core.cards.messages import Message
    from bot.core.followup.endpoints import Serving
    from bot.core.jobs.messages import AnswerQuestion
    from bot.core.registry.version import Arn, Version
    from bot.flows.fetch.all_registries import PartialResult
    from bot.flows.ports import Ledger, Ports, Registry

MOST_VERSIONS: Final = 20
MOST_ENTRIES: Final = 50
"""So much of the trail is read for one answer; `python -m bot audit export` has all of it."""


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
            return _overview(job.page, ports.registry, ports.ledger)
        case Waiting():
            return _pending(job.page, ports)
        case OfArn(arn=arn):
            return _card(arn, ports)
        case OfGroup() | OfVersion() | History() as question:
            return _of_group(question, job, ports)
        case HistoryHelp():
            return answers.history_instructions()
        case Help(unclear=unclear):
            return answers.instructions(unclear)


def _overview(page: int, registry: Registry, ledger: Ledger) -> Message:
    result = listings(registry).require_own()
    groups = [group for each in result.items for group in each.groups]
    approved = [version for each in result.items for version in each.approved]
    waiting = [version for each in result.items for version in each.waiting]
    servings = {group: ledger.servings(group) for group in page_of(groups, page)}
    return answers.overview(
        groups, approved, waiting, page, unreachable=[*result.unreachable], servings=servings
    )


def _pending(page: int, ports: Ports) -> Message:
    waiting = versions_with(Status.PENDING, ports.registry).require_own()
    cards = posted_cards(answers.pending_on_page(waiting.items, page), ports.ledger)
    return answers.pending(waiting.items, page, ports.now(), [*waiting.unreachable], cards)


def _of_group(
    question: OfGroup | OfVersion | History, job: AnswerQuestion, ports: Ports
) -> Message:
    groups = groups_beside(question.group, ports.registry).require_own()
    group = questions.named(question.group, groups.items)
    if group is None:
        return _unknown_group(question, groups, ports.registry)
    versions = ports.registry.versions(group)
    match question:
        case OfGroup():
            cards = posted_cards(answers.versions_on_page(versions, job.page), ports.ledger)
            servings = ports.ledger.servings(group)
            return answers.versions(group, versions, job.page, ports.now(), cards, servings)
        case OfVersion(number=number):
            arn = next((each.arn for each in versions if each.number == number), None)
            return _card(arn, ports) if arn else answers.no_such_version(group, number)
        case History(number=number):
            return _history(group, number, versions, job, ports.ledger)


def _unknown_group(
    question: OfGroup | OfVersion | History, beside: PartialResult[str], registry: Registry
) -> Message:
    """Say that there is no such group, and suggest those of any registry with such a name."""
    groups = beside if beside.unreachable else all_groups(registry).require_own()
    near = questions.nearest(question.group, groups.items)
    instead = [questions.text_of(replace(question, group=each)) for each in near]
    return answers.unknown(question.group, instead, [*groups.unreachable])


def _history(
    group: str, number: int | None, versions: Sequence[Version], job: AnswerQuestion, ledger: Ledger
) -> Message:
    newest = sorted(versions, key=lambda version: -version.number)
    wanted = [version for version in newest if number in (None, version.number)]
    if number is not None and not wanted:
        return answers.no_such_version(group, number)
    title = group if number is None else f"{group} version {number}"
    chains = [_newest_entries(version, ledger) for version in wanted[:MOST_VERSIONS]]
    is_all = len(wanted) <= MOST_VERSIONS and all(len(each) < MOST_ENTRIES for each in chains)
    # Side by side by time, but each chain in its own order.
    entries = list(merge(*chains, key=written, reverse=True))
    return history(
        title, entries, job.text, job.page, "" if is_all else left_out(MOST_ENTRIES, MOST_VERSIONS)
    )


def _newest_entries(version: Version, ledger: Ledger) -> list[Entry]:
    """Read the latest entries about *version*, the newest first."""
    return list(islice(ledger.entries(version.arn, newest_first=True), MOST_ENTRIES))


def _card(arn: Arn, ports: Ports) -> Message:
    """Render the card itself, for the asker alone."""
    try:
        return render_card(fetch_for_card(arn, ports))
    except (Ignored, Forbidden, UnknownRefusal):  # people can write an ARN that none can be
        return answers.no_such_arn(arn)
