"""The answers of `/model-status`, which only the person who asked can see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import actions, line, rich
from bot.core.cards.card import title
from bot.core.cards.headline import NOT_SEEN, Production, headline, overview_of, short
from bot.core.cards.messages import Message, message
from bot.core.cards.pages import (
    ask_button,
    is_more,
    page_buttons,
    page_number,
    page_of,
    page_of_pages,
)
from bot.core.cards.places import card_place
from bot.core.jobs.questions import OfGroup, text_of
from bot.core.registry.version import arn_key
from bot.core.words import bold, say, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from slack_sdk.models.blocks import Block, SectionBlock

    from bot.core.followup.endpoints import Serving
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Version
    from bot.core.text import Sentence
    from bot.core.votes.request import Card

    Row = tuple[SectionBlock, Sentence]
    """A row of a list, and what stands below it."""

_COMMANDS: Final = ("overview", "group", "version", "pending", "history", "help")
_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
"""Units of age, with their seconds."""
_NO_CARDS: Final[Mapping[str, Card]] = {}


def commands() -> list[tuple[str, str]]:
    """What can be asked: each command, and what it answers."""
    return [(text(f"command_{key}"), text(f"answer_{key}")) for key in _COMMANDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """What a list of groups shows of one."""

    group: str
    waiting: int
    """How many of its versions wait for a decision."""
    newest: Version | None
    """Which one is next to deploy."""
    servings: Sequence[Serving] = ()
    """What its endpoints do."""


def overview(
    groups: Sequence[GroupRow],
    waiting: int,
    page: int,
    *,
    more: bool = False,
    unreachable: Sequence[RegistryId] = (),
) -> Message:
    """
    List the *groups* on *page*: what their endpoints serve, what is next to deploy and waits.

    *waiting* versions wait in all groups together; there are *more* groups after these, or not.
    """
    heading = _overview_heading(waiting, is_empty=not groups and not page)
    rows: list[Row] = [(_group_row(group), ()) for group in groups]
    numbered = _Page(heading, page_number(page, more=more), page, more)
    return _listing(numbered, rows, "", unreachable=unreachable)


def _overview_heading(waiting: int, *, is_empty: bool) -> str:
    if waiting:
        return text("overview_heading", count=waiting)
    return text("overview_empty") if is_empty else text("overview_heading_none_waiting")


def _group_row(row: GroupRow) -> SectionBlock:
    newest, count = row.newest, row.waiting
    deploys = (
        text("overview_next", number=newest.number) if newest else text("overview_none_approved")
    )
    waits = text("overview_waiting", count=count) if count else text("overview_none_waiting")
    serving = overview_of(row.servings)
    shown = text("overview_row", group=row.group, serving=serving, next=deploys, waiting=waits)
    heard, asked = text("overview_versions_label", group=row.group), text_of(OfGroup(row.group))
    label = text("overview_versions")
    return line(shown, ask_button(f"ask.{row.group}", label, asked, heard=heard))


def versions(  # noqa: PLR0913 - what a row shows
    group: str,
    listed: Sequence[Version],
    page: int,
    now: datetime,
    *,
    newest: Version | None = None,
    more: bool = False,
    cards: Mapping[str, Card] = _NO_CARDS,
    servings: Sequence[Serving] = (),
) -> Message:
    """
    List the versions of *group* on *page*, and whether there are *more* after these.

    *newest* is next to deploy; *cards* are by the keys of ARNs; *servings* are what the group's
    endpoints do.
    """
    production = Production(versions=(newest,) if newest else (), servings=servings)
    heading = text("versions_empty", group=group)
    if listed or page:
        heading = text("versions_heading", group=group)
    names = [text("versions_row", number=each.number) for each in listed]
    rows = [
        (_version_row(each, name, production, now), _place(each, cards))
        for each, name in zip(listed, names, strict=True)
    ]
    numbered = _Page(heading, page_number(page, more=more), page, more)
    return _listing(numbered, rows, text_of(OfGroup(group)))


def pending_on_page(waiting: Sequence[Version], page: int) -> Sequence[Version]:
    """Return those of *waiting* that `pending` shows on *page*, oldest first."""
    return page_of(oldest_first(waiting), page)


def pending(
    waiting: Sequence[Version],
    page: int,
    now: datetime,
    unreachable: Sequence[RegistryId] = (),
    cards: Mapping[str, Card] = _NO_CARDS,
) -> Message:
    """List what waits for a decision, oldest first, without what is in *unreachable* registries."""
    count = len(waiting)
    heading = text("pending_heading", count=count) if waiting else text("pending_empty")
    rows = [
        (_version_row(each, title(each), NOT_SEEN, now), _place(each, cards))
        for each in pending_on_page(waiting, page)
    ]
    numbered = _Page(heading, page_of_pages(count, page), page, is_more(count, page))
    return _listing(numbered, rows, "pending", unreachable=unreachable)


def _version_row(
    version: Version, name: str, production: Production, now: datetime
) -> SectionBlock:
    """A version that is called *name*, and how it stands in *production*."""
    registered = age(now - version.created)
    state = headline(version, short(production))
    row = text("list_row", title=name, state=state, age=registered)
    action = f"ask.{version.group}.{version.number}"
    heard = text("list_open_card_label", title=title(version))
    return line(row, ask_button(action, text("list_open_card"), version.arn, heard=heard))


def _place(version: Version, cards: Mapping[str, Card]) -> Sentence:
    """Where the card of *version* is; empty if it has none."""
    card = cards.get(arn_key(version.arn))
    return card_place(text("list_card"), card) if card else ()


@dataclass(frozen=True, slots=True)
class _Page:
    """Which page of a list it is."""

    heading: str
    number: str
    """The end of the heading."""
    page: int
    more: bool


def _listing(
    page: _Page,
    rows: Sequence[Row],
    question: str,
    *,
    unreachable: Sequence[RegistryId] = (),
) -> Message:
    """A page of rows that answer *question*, each with what stands below it."""
    buttons = page_buttons(question, page.page, more=page.more)
    numbered = bold("page_heading", heading=page.heading, page=page.number)
    row_texts = [row.text.text for row, _ in rows if row.text]
    summary = "\n".join([page.heading, *row_texts, *_unreachable(unreachable)])
    blocks: list[Block] = [rich(numbered)]
    for row, below in rows:
        blocks += [row, *([rich(below)] if below else [])]
    blocks += [*warnings(unreachable), *([actions(buttons)] if buttons else [])]
    return message((summary,), blocks)


def instructions(unclear: str) -> Message:
    """Say what can be asked; *unclear* is what was not understood, if anything."""
    blocks = [help_block()]
    if unclear:
        blocks = [rich(say("help_not_understood", question=unclear)), *blocks]
    return message(say("help_summary"), blocks)


def history_instructions() -> Message:
    """Say how to ask for the history of a group or a version."""
    group, version = text("command_history"), text("history_of_version")
    sentence = say("history_needs_group", group=group, version=version)
    return message(sentence, [rich(sentence)])


def help_block() -> Block:
    """List what can be asked."""
    rows = [say("help_row", command=command, answer=answer) for command, answer in commands()]
    return rich(bold("help_title"), *rows)


def unknown(name: str, instead: Sequence[str], unreachable: Sequence[RegistryId] = ()) -> Message:
    """Say that there is no group *name*, and offer the questions *instead*."""
    sentence = text("unknown_group", name=name)
    summary = ("\n".join([sentence, *_unreachable(unreachable)]),)
    buttons = [ask_button(f"ask.{question}", question, question) for question in instead]
    if buttons:
        blocks = [rich(say("unknown_group_instead", unknown=sentence)), actions(buttons)]
    else:
        command = text("command_overview")
        blocks = [rich(say("unknown_group_list", unknown=sentence, command=command))]
    return message(summary, [*blocks, *warnings(unreachable)])


def no_such_version(group: str, number: int) -> Message:
    """Say that *group* has no version *number*."""
    sentence = say("unknown_version", group=group, number=number)
    button = ask_button("ask", text("unknown_version_instead"), text_of(OfGroup(group)))
    return message(sentence, [rich(sentence), actions([button])])


def no_such_arn(arn: str) -> Message:
    """Say that the registry has no version *arn*."""
    sentence = say("unknown_arn", arn=arn)
    return message(sentence, [rich(sentence)])


def warnings(registries: Sequence[RegistryId]) -> list[Block]:
    """Say which *registries* did not answer, if any."""
    return [rich(*((sentence,) for sentence in _unreachable(registries)))] if registries else []


def _unreachable(registries: Sequence[RegistryId]) -> list[str]:
    return [text("registry_unreachable", registry=_registry(each)) for each in registries]


def _registry(registry: RegistryId) -> str:
    account, _, region = registry.partition("/")
    if not registry:
        return text("registry_own")
    return text("registry_other", account=account, region=region)


def oldest_first(waiting: Iterable[Version]) -> list[Version]:
    """Return *waiting*, what has waited longest first."""
    return sorted(waiting, key=lambda version: (version.created, version.number))


def age(passed: timedelta) -> str:
    """Say how long that is, in its largest unit: 3 days, 1 hour."""
    seconds = int(passed.total_seconds())
    for unit, size in _UNITS:
        if seconds >= size:
            return text(f"age_{unit}", count=seconds // size)
    return text("less_than_a_minute")
