"""
The answers of `/model-status`, and the Home. One person sees them; the card in the channel is
for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.core.cards.blocks import Json, actions, button, divider, header, line, rich
from bot.core.cards.card import not_ready, state, title
from bot.core.cards.messages import Message, message
from bot.core.jobs.questions import QuestionButton, encode_question_button
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.registry_id import registry_in_words
from bot.core.registry.version import Readiness
from bot.core.text import Channel, Code, Sentence, Strong, many

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Version
    from bot.core.rules.rule import Rules

HOME_ROWS: Final = 20
ROWS: Final = 10
"""How many rows one page holds."""
COMMANDS: Final = (
    ("/model-status", "the groups, what is live in each and how many versions wait"),
    ("/model-status GROUP", "the versions of a group, newest first"),
    ("/model-status GROUP 3", "the card of a version; GROUP/3 and the ARN do as well"),
    ("/model-status pending", "everything that waits, oldest first"),
    ("/model-status history GROUP", "who voted and decided what; GROUP 3 for one version"),
    ("/model-status help", "this list"),
)


def overview(
    groups: Sequence[str],
    approved: Sequence[Version],
    waiting: Sequence[Version],
    page: int,
    silent: Sequence[RegistryId] = (),
) -> Message:
    """The groups, with their live version and how many versions wait; *silent* were not asked."""
    rows = [
        line(_of_group(group, approved, waiting), _versions_of(group))
        for group in _slice(groups, page)
    ]
    top = _count(len(groups), "model package group", "No model package groups yet.")
    return _paged(top, rows, "", len(groups), page, silent=silent)


def _versions_of(group: str) -> ButtonElement:
    return ask(f"ask.{group}", "Versions", group, label=f"Versions of {group}")


def _of_group(group: str, approved: Sequence[Version], waiting: Sequence[Version]) -> str:
    newest = next_to_deploy(version for version in approved if version.group == group)
    waits = sum(version.group == group for version in waiting)
    what = f"version {newest.number} is live" if newest else "no version is approved"
    return f"{group}\n{what}, {waits or 'nothing'} {'wait' if waits > 1 else 'waits'}"


def versions(group: str, found: Sequence[Version], page: int, now: datetime) -> Message:
    """The versions of *group*, newest first."""
    newest_first = sorted(found, key=lambda version: -version.number)
    rows = [_row(version, f"Version {version.number}", found, now) for version in newest_first]
    top = f"{group}: {_count(len(rows), 'version', 'no versions yet.')}"
    return _paged(top, _slice(rows, page), group, len(rows), page)


def pending(
    found: Sequence[Version], page: int, now: datetime, silent: Sequence[RegistryId] = ()
) -> Message:
    """Everything that waits, oldest first; but for what is at *silent*, which did not answer."""
    rows = [_row(version, title(version), (), now) for version in _oldest_first(found)]
    top = _count(len(rows), "version", "Nothing waits for a decision.", " waiting for a decision")
    return _paged(top, _slice(rows, page), "pending", len(rows), page, silent=silent)


def home(
    found: Sequence[Version], rules: Rules, now: datetime, silent: Sequence[RegistryId] = ()
) -> Json:
    """The Home: what waits and in which channel its card is, and what one can ask."""
    lines = [_at_home(version, rules, now) for version in _oldest_first(found)]
    if left := lines[HOME_ROWS:]:
        lines = [*lines[:HOME_ROWS], (f"{len(left)} more: ", Code("/model-status pending"))]
    waiting = rich(*(lines or [("Nothing waits for a decision.",)]))
    blocks = [header("Waiting for a decision"), waiting, *_but(silent), divider(), *_help()]
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def _at_home(version: Version, rules: Rules, now: datetime) -> Sentence:
    known = (Strong(title(version)), f", registered {age(now - version.created)} ago; ")
    if version.readiness in (Readiness.COMPLETED, Readiness.FAILED):
        return (*known, "its card is in ", Channel(rules.find(version.group).channel))
    return (*known, not_ready(version))


def instructions(unclear: str) -> Message:
    """What can be asked."""
    sorry: tuple[Block, ...] = (rich((f"I do not understand “{unclear}”.",)),) if unclear else ()
    return message(("What you can ask of /model-status.",), [*sorry, *_help()])


def unknown(name: str, instead: Sequence[str], silent: Sequence[RegistryId] = ()) -> Message:
    """There is no group *name*; did you mean to ask one of these questions *instead*?"""
    said = f"There is no model package group “{name}”."
    text = ("\n".join([said, *_unheard(silent)]),)
    buttons = [ask(f"ask.{question}", question, question) for question in instead]
    if not buttons:
        lists = rich((said, " ", Code("/model-status"), " lists them all."))
        return message(text, [lists, *_but(silent)])
    return message(text, [rich((f"{said} Did you mean:",)), actions(buttons), *_but(silent)])


def _but(silent: Sequence[RegistryId]) -> list[Block]:
    """Which registries did not answer, if any."""
    return [rich(*((said,) for said in _unheard(silent)))] if silent else []


def _unheard(silent: Sequence[RegistryId]) -> list[str]:
    return [f"The registry of {registry_in_words(site)} could not be asked." for site in silent]


def no_such_version(group: str, number: int) -> Message:
    """The group is there, the version is not."""
    said = f"{group} has no version {number}."
    return message((said,), [rich((said,)), actions([ask("ask", "Its versions", group)])])


def no_such_arn(arn: str) -> Message:
    """Nothing in the registry has this ARN."""
    said: Sentence = ("The registry knows no version ", Code(arn), ", or this bot may not see it.")
    return message(said, [rich(said)])


def ask(  # noqa: PLR0913 - every need is named
    action: str, text: str, question: str, page: int = 0, *, turn: bool = False, label: str = ""
) -> ButtonElement:
    """A button that asks *question*; *turn* if its answer takes the place of this one."""
    value = encode_question_button(QuestionButton(question, page, replace=turn))
    return button(text, action, value, label=label)


def _oldest_first(found: Sequence[Version]) -> list[Version]:
    return sorted(found, key=lambda version: (version.created, version.number))


def _row(version: Version, name: str, among: Sequence[Version], now: datetime) -> SectionBlock:
    text = f"{name}\n{state(version, among)}, registered {age(now - version.created)} ago"
    label = f"Open the card of {title(version)}"
    action = f"ask.{version.group}.{version.number}"
    return line(text, ask(action, "Open card", version.arn, label=label))


def age(passed: timedelta) -> str:
    """How long that is, in its largest unit: 3 days, 1 hour."""
    seconds = max(0, int(passed.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return many(seconds // size, unit)
    return "less than a minute"


def _count(number: int, what: str, none: str, more: str = "") -> str:
    return f"{many(number, what)}{more}" if number else none


def _slice(rows: Sequence[Any], page: int) -> Sequence[Any]:
    return rows[page * ROWS : (page + 1) * ROWS]


def _paged(  # noqa: PLR0913 - every need is named
    top: str,
    rows: Sequence[SectionBlock],
    question: str,
    total: int,
    page: int,
    *,
    silent: Sequence[RegistryId] = (),
) -> Message:
    turns = paged_buttons(question, total, page)
    headline = rich((Strong(f"{top}{where(total, page)}"),))
    blocks = [headline, *rows, *_but(silent), *([actions(turns)] if turns else [])]
    shown = [row.text.text for row in rows if row.text]
    said = "\n".join([top, *shown, *_unheard(silent)])
    return message((said,), blocks)


def paged_buttons(question: str, total: int, page: int) -> list[ButtonElement]:
    """The buttons that turn the pages of an answer to *question* with *total* rows."""
    before = [ask("page.before", "◀ Previous", question, page - 1, turn=True)] if page else []
    after = page < _last_page(total)
    return [*before, *([ask("page.next", "Next ▶", question, page + 1, turn=True)] * after)]


def where(total: int, page: int) -> str:
    """On which page of an answer with *total* rows one is, if there is more than one."""
    last = _last_page(total)
    return f", page {page + 1} of {last + 1}" if last else ""


def _last_page(total: int) -> int:
    return max(0, (total - 1) // ROWS)


def _help() -> list[Block]:
    lines: list[Sentence] = [(Code(command), f"  {what}") for command, what in COMMANDS]
    return [rich((Strong("What you can ask"),), *lines)]
