"""Answer what somebody asked of one group: its versions, one version, or its history."""

from __future__ import annotations

from dataclasses import replace
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.cards import answers
from bot.core.cards.history import history, left_out, written
from bot.core.cards.pages import ROWS
from bot.core.errors import Forbidden, Gone, Ignored, Unavailable, UnknownRefusal
from bot.core.jobs import questions
from bot.core.jobs.questions import History, OfGroup, OfVersion
from bot.core.registry.registry_id import OWN_REGISTRY, split_group_name
from bot.core.registry.version import sibling_arn
from bot.flows.fetch.all_registries import groups_of
from bot.flows.fetch.cards import posted_cards
from bot.flows.fetch.snapshot import fetch_for_card
from bot.flows.fetch.version import fetch_next
from bot.flows.tell.cards import render_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.audit.chain import Entry
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import AnswerQuestion
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, Version
    from bot.flows.fetch.all_registries import PartialResult
    from bot.flows.ports import Ledger, Ports, Registry

    Question = OfGroup | OfVersion | History

MOST_VERSIONS: Final = 20
MOST_ENTRIES: Final = 50
"""So much of the trail is read for one answer; `python -m bot audit export` has all of it."""


def of_group(question: Question, job: AnswerQuestion, ports: Ports) -> Message:
    """
    Answer *question*, whose group may be written in any case.

    Most people spell the name right, so its versions are listed first. Only if there are none are
    the groups listed.
    """
    most = _most(question, job.page)
    try:
        listed = ports.registry.versions(question.group, most=most)
    except Forbidden:  # AWS refuses a name that no group can have, too
        listed = ()
    except Unavailable:
        if (registry_id := _registry_of(question)) == OWN_REGISTRY:
            raise
        return answers.unknown(question.group, (), [registry_id])
    if listed:
        return _answer(question, listed[0].group, listed, job, ports)
    own = [each for each in ports.registry.registry_ids if each == _registry_of(question)]
    beside = groups_of(own, ports.registry)
    group = questions.named(question.group, beside.require_own().items)
    if group is None:
        return _unknown(question, beside, ports.registry)
    return _answer(question, group, ports.registry.versions(group, most=most), job, ports)


def _most(question: Question, page: int) -> int:
    """How many of the newest versions the answer needs; one more says whether there are more."""
    match question:
        case OfGroup():
            return (page + 1) * ROWS + 1
        case History(number=None):
            return MOST_VERSIONS + 1
        case _:
            return 1  # the ARN of the one that is asked for is made from that of any


def _registry_of(question: Question) -> RegistryId:
    """The registry that the group's name belongs to."""
    return split_group_name(question.group.lower())[0]


def _unknown(question: Question, beside: PartialResult[str], registry: Registry) -> Message:
    """
    Say that there is no such group, and suggest groups with a similar name, of any registry.

    *beside* are those of the registry that is asked about, which are listed already.
    """
    others = [each for each in registry.registry_ids if each != _registry_of(question)]
    listed = groups_of(others, registry).require_own()
    near = questions.nearest(question.group, [*beside.items, *listed.items])
    instead = [questions.text_of(replace(question, group=each)) for each in near]
    unreachable = [*beside.unreachable, *listed.unreachable]
    return answers.unknown(question.group, instead, unreachable)


def _answer(
    question: Question, group: str, listed: Sequence[Version], job: AnswerQuestion, ports: Ports
) -> Message:
    match question:
        case OfGroup():
            return _versions(group, listed, job.page, ports)
        case OfVersion(number=number):
            return _version(group, number, listed, ports)
        case History(number=int(number)):
            return _history_of_version(group, number, listed, job, ports)
        case History():
            return _history(group, [each.arn for each in listed], job, ports.ledger)


def _versions(group: str, listed: Sequence[Version], page: int, ports: Ports) -> Message:
    end = (page + 1) * ROWS
    shown = listed[page * ROWS : end]
    return answers.versions(
        group,
        shown,
        page,
        ports.now(),
        newest=fetch_next(group, ports.registry),
        more=len(listed) > end,
        cards=posted_cards(shown, ports.ledger),
        servings=ports.ledger.servings(group),
    )


def _version(group: str, number: int, listed: Sequence[Version], ports: Ports) -> Message:
    """Render the card of a version, for the asker alone."""
    try:
        arn = _arn(group, number, listed)
        return render_card(fetch_for_card(arn, ports))
    except (Ignored, UnknownRefusal):  # people can write a number that none can have
        return answers.no_such_version(group, number)


def _history_of_version(
    group: str, number: int, listed: Sequence[Version], job: AnswerQuestion, ports: Ports
) -> Message:
    try:
        version = ports.registry.describe(_arn(group, number, listed))
    except (Ignored, UnknownRefusal):
        return answers.no_such_version(group, number)
    return _history(f"{group} version {number}", [version.arn], job, ports.ledger)


def _arn(group: str, number: int, listed: Sequence[Version]) -> Arn:
    """Make the ARN of version *number* from that of another. Raises Gone if there is none."""
    if not listed:
        raise Gone(f"{group} has no versions")
    return sibling_arn(listed[0].arn, number)


def _history(title: str, arns: Sequence[Arn], job: AnswerQuestion, ledger: Ledger) -> Message:
    chains = [_newest_entries(arn, ledger) for arn in arns[:MOST_VERSIONS]]
    is_all = len(arns) <= MOST_VERSIONS and all(len(each) < MOST_ENTRIES for each in chains)
    # Side by side by time, but each chain in its own order.
    entries = list(merge(*chains, key=written, reverse=True))
    return history(
        title, entries, job.text, job.page, "" if is_all else left_out(MOST_ENTRIES, MOST_VERSIONS)
    )


def _newest_entries(arn: Arn, ledger: Ledger) -> list[Entry]:
    """Read the latest entries about the version *arn*, the newest first."""
    return list(islice(ledger.entries(arn, newest_first=True), MOST_ENTRIES))
