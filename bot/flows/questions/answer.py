"""Answer what somebody asked of `/model-status`, or show them their Home."""

from __future__ import annotations

from dataclasses import replace
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.cards import answers
from bot.core.cards.history import history, written
from bot.core.errors import Forbidden, Ignored
from bot.core.jobs import questions
from bot.core.jobs.questions import Help, History, OfArn, OfGroup, OfVersion, Overview, Waiting
from bot.core.registry.version import Status
from bot.flows.fetch import all_registries
from bot.flows.fetch.all_registries import require_own_registry
from bot.flows.fetch.snapshot import fetch_for_card
from bot.flows.tell.cards import render_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.audit.chain import Entry
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import AnswerQuestion
    from bot.core.registry.version import Arn, Version
    from bot.flows.fetch.all_registries import PartialResult
    from bot.flows.ports import Ports

MOST_VERSIONS: Final = 20
MOST_ENTRIES: Final = 50
_LEFT_OUT: Final = (
    f"At most the {MOST_ENTRIES} newest entries of each of the {MOST_VERSIONS} newest versions."
)
"""So much of the trail is read for one answer; `python -m bot audit export` has all of it."""


def answer(ask: AnswerQuestion, ports: Ports) -> None:
    """Answer *ask* where it was asked; without an address, it is the person's Home."""
    if not ask.answer_url:
        waiting = require_own_registry(all_registries.having(Status.PENDING, ports))
        view = answers.home(waiting.found, ports.rules, ports.now(), [*waiting.silent])
        ports.chat.home(ask.person.id, view)
        return
    ports.chat.answer(ask.answer_url, _answer(ask, ports), replace=ask.replace)


def _answer(ask: AnswerQuestion, ports: Ports) -> Message:
    match questions.parse(ask.text):
        case Overview():
            return _overview(ask.page, ports)
        case Waiting():
            return _pending(ask.page, ports)
        case OfArn(arn=arn):
            return _card(arn, ports)
        case OfGroup() | OfVersion() | History() as question:
            return _of_a_group(question, ask, ports)
        case Help(unclear=unclear):
            return answers.instructions(unclear)


def _overview(page: int, ports: Ports) -> Message:
    heard = require_own_registry(all_registries.listings(ports))
    groups = [group for each in heard.found for group in each.groups]
    approved = [version for each in heard.found for version in each.approved]
    waiting = [version for each in heard.found for version in each.waiting]
    return answers.overview(groups, approved, waiting, page, [*heard.silent])


def _pending(page: int, ports: Ports) -> Message:
    waiting = require_own_registry(all_registries.having(Status.PENDING, ports))
    return answers.pending(waiting.found, page, ports.now(), [*waiting.silent])


def _of_a_group(
    question: OfGroup | OfVersion | History, ask: AnswerQuestion, ports: Ports
) -> Message:
    heard = require_own_registry(all_registries.groups_near(question.group, ports))
    group = questions.named(question.group, heard.found)
    if group is None:
        return _unknown(
            question, heard if heard.silent else require_own_registry(all_registries.groups(ports))
        )
    versions = ports.registry.versions(group)
    match question:
        case OfGroup():
            return answers.versions(group, versions, ask.page, ports.now())
        case OfVersion(number=number):
            found = [version for version in versions if version.number == number]
            return _card(found[0].arn, ports) if found else answers.no_such_version(group, number)
        case History(number=number):
            return _history(group, number, versions, ask, ports)


def _unknown(question: OfGroup | OfVersion | History, groups: PartialResult[str]) -> Message:
    near = questions.nearest(question.group, groups.found)
    instead = [questions.text_of(replace(question, group=each)) for each in near]
    return answers.unknown(question.group, instead, [*groups.silent])


def _history(
    group: str, number: int | None, versions: Sequence[Version], ask: AnswerQuestion, ports: Ports
) -> Message:
    newest = sorted(versions, key=lambda version: -version.number)
    wanted = [version for version in newest if number in (None, version.number)]
    if number is not None and not wanted:
        return answers.no_such_version(group, number)
    title = group if number is None else f"{group} version {number}"
    chains = [_newest(version, ports) for version in wanted[:MOST_VERSIONS]]
    is_all = len(wanted) <= MOST_VERSIONS and all(len(each) < MOST_ENTRIES for each in chains)
    # Side by side by time, but each chain in its own order.
    found = list(merge(*chains, key=written, reverse=True))
    return history(title, found, ask.text, ask.page, "" if is_all else _LEFT_OUT)


def _newest(version: Version, ports: Ports) -> list[Entry]:
    """The latest entries about *version*, the newest first."""
    return list(islice(ports.ledger.entries(version.arn, newest_first=True), MOST_ENTRIES))


def _card(arn: Arn, ports: Ports) -> Message:
    """The card itself, for the asker alone."""
    try:
        return render_card(fetch_for_card(arn, ports))
    except (Ignored, Forbidden):
        return answers.no_such_arn(arn)
