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
from bot.flows.fetch.version import glance
from bot.flows.tell.card import drawn

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


def answer(ask: AnswerQuestion, at: Ports) -> None:
    """Answer *ask* where it was asked; without an address, it is the person's Home."""
    if not ask.answer_url:
        waiting = require_own_registry(all_registries.having(Status.PENDING, at))
        view = answers.home(waiting.found, at.rules, at.now(), [*waiting.silent])
        at.chat.home(ask.person.id, view)
        return
    at.chat.answer(ask.answer_url, _answer(ask, at), replace=ask.replace)


def _answer(ask: AnswerQuestion, at: Ports) -> Message:
    match questions.parse(ask.text):
        case Overview():
            return _overview(ask.page, at)
        case Waiting():
            return _pending(ask.page, at)
        case OfArn(arn=arn):
            return _card(arn, at)
        case OfGroup() | OfVersion() | History() as question:
            return _of_a_group(question, ask, at)
        case Help(unclear=unclear):
            return answers.instructions(unclear)


def _overview(page: int, at: Ports) -> Message:
    heard = require_own_registry(all_registries.listings(at))
    groups = [group for each in heard.found for group in each.groups]
    approved = [version for each in heard.found for version in each.approved]
    waiting = [version for each in heard.found for version in each.waiting]
    return answers.overview(groups, approved, waiting, page, [*heard.silent])


def _pending(page: int, at: Ports) -> Message:
    waiting = require_own_registry(all_registries.having(Status.PENDING, at))
    return answers.pending(waiting.found, page, at.now(), [*waiting.silent])


def _of_a_group(question: OfGroup | OfVersion | History, ask: AnswerQuestion, at: Ports) -> Message:
    heard = require_own_registry(all_registries.groups_near(question.group, at))
    group = questions.named(question.group, heard.found)
    if group is None:
        return _unknown(
            question, heard if heard.silent else require_own_registry(all_registries.groups(at))
        )
    versions = at.registry.versions(group)
    match question:
        case OfGroup():
            return answers.versions(group, versions, ask.page, at.now())
        case OfVersion(number=number):
            found = [version for version in versions if version.number == number]
            return _card(found[0].arn, at) if found else answers.no_such_version(group, number)
        case History(number=number):
            return _history(group, number, versions, ask, at)


def _unknown(question: OfGroup | OfVersion | History, groups: PartialResult[str]) -> Message:
    near = questions.nearest(question.group, groups.found)
    instead = [questions.text_of(replace(question, group=each)) for each in near]
    return answers.unknown(question.group, instead, [*groups.silent])


def _history(
    group: str, number: int | None, versions: Sequence[Version], ask: AnswerQuestion, at: Ports
) -> Message:
    newest = sorted(versions, key=lambda version: -version.number)
    wanted = [version for version in newest if number in (None, version.number)]
    if number is not None and not wanted:
        return answers.no_such_version(group, number)
    title = group if number is None else f"{group} version {number}"
    chains = [_newest(version, at) for version in wanted[:MOST_VERSIONS]]
    is_all = len(wanted) <= MOST_VERSIONS and all(len(each) < MOST_ENTRIES for each in chains)
    # Side by side by time, but each chain in its own order.
    found = list(merge(*chains, key=written, reverse=True))
    return history(title, found, ask.text, ask.page, "" if is_all else _LEFT_OUT)


def _newest(version: Version, at: Ports) -> list[Entry]:
    """The latest entries about *version*, the newest first."""
    return list(islice(at.ledger.entries(version.arn, newest_first=True), MOST_ENTRIES))


def _card(arn: Arn, at: Ports) -> Message:
    """The card itself, for the asker alone."""
    request = at.ledger.get(arn)
    try:
        seen = glance(request, at)
    except (Ignored, Forbidden):
        return answers.no_such_arn(arn)
    if seen.version.arn != arn:  # asked for in another case than AWS writes it
        request = at.ledger.get(seen.version.arn)
    return drawn(request, seen, at)
