"""Answer what somebody asked of `/model-status`, or show them their Home."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core import questions
from bot.core.cards import answers
from bot.core.cards.history import history, written
from bot.core.errors import Forbidden, SetAside
from bot.core.model import Status
from bot.core.questions import Help, History, OfArn, OfGroup, OfVersion, Overview, Waiting
from bot.flows.look import glance
from bot.flows.paint import drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.cards.messages import Message
    from bot.core.chain import Entry
    from bot.core.errands import Ask
    from bot.core.model import Arn, Version
    from bot.flows.ports import Ports

MOST_VERSIONS: Final = 20
MOST_ENTRIES: Final = 50
"""So much of the trail is read for one answer; `python -m bot audit export` has all of it."""


def answer(ask: Ask, at: Ports) -> None:
    """Answer *ask* where it was asked; without an address, it is the person's Home."""
    if not ask.answer_url:
        waiting = at.registry.having(Status.PENDING)
        at.chat.home(ask.person.id, answers.home(waiting, at.rules, at.now()))
        return
    at.chat.answer(ask.answer_url, _answer(ask, at), replace=ask.replace)


def _answer(ask: Ask, at: Ports) -> Message:  # noqa: PLR0911 - one return for each question
    match questions.parse(ask.text):
        case Overview():
            return _overview(ask.page, at)
        case Waiting():
            return answers.pending(at.registry.having(Status.PENDING), ask.page, at.now())
        case OfArn(arn=arn):
            return _card(arn, at)
        case OfGroup(group=name):
            return _group(name, ask.page, at)
        case OfVersion(group=name, number=number):
            return _version(name, number, at)
        case History(group=name, number=number):
            return _history(name, number, ask, at)
        case Help(unclear=unclear):
            return answers.instructions(unclear)


def _overview(page: int, at: Ports) -> Message:
    approved = at.registry.having(Status.APPROVED)
    waiting = at.registry.having(Status.PENDING)
    return answers.overview(at.registry.groups(), approved, waiting, page)


def _group(name: str, page: int, at: Ports) -> Message:
    groups = at.registry.groups()
    group = questions.named(name, groups)
    if group is None:
        return answers.unknown(name, questions.nearest(name, groups), None)
    return answers.versions(group, at.registry.versions(group), page, at.now())


def _version(name: str, number: int, at: Ports) -> Message:
    groups = at.registry.groups()
    group = questions.named(name, groups)
    if group is None:
        return answers.unknown(name, questions.nearest(name, groups), number)
    found = [version for version in at.registry.versions(group) if version.number == number]
    return _card(found[0].arn, at) if found else answers.no_such_version(group, number)


def _history(name: str, number: int | None, ask: Ask, at: Ports) -> Message:
    groups = at.registry.groups()
    group = questions.named(name, groups)
    if group is None:
        return answers.unknown(name, questions.nearest(name, groups), None)
    versions = sorted(at.registry.versions(group), key=lambda version: -version.number)
    if number is not None:
        versions = [version for version in versions if version.number == number]
        if not versions:
            return answers.no_such_version(group, number)
    note = f"Of its {MOST_VERSIONS} newest versions." if versions[MOST_VERSIONS:] else ""
    found = _entries(versions[:MOST_VERSIONS], at)
    title = f"{group} version {number}" if number is not None else group
    return history(title, found, ask.text, ask.page, note)


def _entries(versions: Sequence[Version], at: Ports) -> list[Entry]:
    """What the audit trail has on *versions*, newest first; of each in the order of its chain."""
    chains = [
        islice(at.ledger.entries(version.arn, newest_first=True), MOST_ENTRIES)
        for version in versions
    ]
    return list(merge(*chains, key=written, reverse=True))


def _card(arn: Arn, at: Ports) -> Message:
    """The card itself, for the asker alone."""
    try:
        seen = glance(at.ledger.get(arn), at)
    except (SetAside, Forbidden):
        return answers.no_such_arn(arn)
    return drawn(at.ledger.get(seen.version.arn), seen, at)
