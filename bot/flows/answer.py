"""Answer what somebody asked of `/model-status`, or show them their Home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import questions
from bot.core.cards import answers
from bot.core.cards.card import card
from bot.core.errors import Forbidden, SetAside
from bot.core.model import Status
from bot.core.questions import Help, OfArn, OfGroup, OfVersion, Overview, Waiting
from bot.flows.decide import look
from bot.flows.follow import read_reports

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.errands import Ask
    from bot.core.model import Arn
    from bot.flows.ports import Ports


def answer(ask: Ask, at: Ports) -> None:
    """Answer *ask* where it was asked; without an address, it is the person's Home."""
    if not ask.answer_url:
        waiting = at.registry.having(Status.PENDING)
        at.chat.home(ask.person.id, answers.home(waiting, at.rules, at.now()))
        return
    at.chat.answer(ask.answer_url, _answer(ask, at), replace=ask.replace)


def _answer(ask: Ask, at: Ports) -> Message:
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


def _card(arn: Arn, at: Ports) -> Message:
    """The card itself, for the asker alone."""
    try:
        seen = look(arn, at)
    except (SetAside, Forbidden):
        return answers.no_such_arn(arn)
    request = at.ledger.get(seen.version.arn)
    known = request.brief if request.place else read_reports(seen.version, at)
    return card(seen, known, at.rules.find(seen.version.group), request.last)
