"""The Home: what waits for a decision, first for whom the rules name, and what can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.answers import age, help_block, oldest_first, warnings
from bot.core.cards.blocks import divider, header, rich
from bot.core.cards.card import title
from bot.core.cards.headline import home_servings, not_ready
from bot.core.cards.places import card_place
from bot.core.registry.moves import moves_from
from bot.core.registry.version import Readiness, Status, arn_key
from bot.core.words import bold, say, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from slack_sdk.models.blocks import Block

    from bot.core.cards.blocks import Json
    from bot.core.followup.endpoints import Serving
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Version
    from bot.core.rules.rule import Rules
    from bot.core.text import Sentence
    from bot.core.votes.request import Card
    from bot.core.words import Item

HOME_ROWS: Final = 20
_NO_CARDS: Final[Mapping[str, Card]] = {}
_NO_SERVINGS: Final[Mapping[str, Sequence[Serving]]] = {}


def on_home(waiting: Sequence[Version], rules: Rules, person: str) -> Sequence[Version]:
    """Return those of *waiting* that the Home of *person* shows: first theirs, oldest first."""
    ordered = oldest_first(waiting)
    return sorted(ordered, key=lambda each: not _is_theirs(each, rules, person))[:HOME_ROWS]


def _is_theirs(version: Version, rules: Rules, person: str) -> bool:
    """Whether a rule names *person* by id for *version*; who is in a user group is not asked."""
    rule = rules.find(version.group)
    return any(person in rule.voters(move).users for move in moves_from(Status.PENDING))


def home(  # noqa: PLR0913, PLR0917 - what a Home shows
    waiting: Sequence[Version],
    rules: Rules,
    now: datetime,
    unreachable: Sequence[RegistryId] = (),
    person: str = "",
    cards: Mapping[str, Card] = _NO_CARDS,
    servings: Mapping[str, Sequence[Serving]] = _NO_SERVINGS,
) -> Json:
    """
    Render the Home of *person*: what waits, where its card is, and what can be asked.

    *cards* are by the keys of ARNs, *servings* what endpoints do, by group.
    """
    heading = header(text("home_heading"))
    waits = _waiting(waiting, rules, person, lambda each: _row(each, now, cards, servings))
    blocks = [heading, *waits, *warnings(unreachable), divider(), help_block()]
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def _waiting(
    waiting: Sequence[Version], rules: Rules, person: str, row: Callable[[Version], Sentence]
) -> list[Block]:
    shown = on_home(waiting, rules, person)
    if not shown:
        return [rich(say("pending_empty"))]
    theirs = [each for each in shown if _is_theirs(each, rules, person)]
    more = len(waiting) - len(shown)
    others = [row(each) for each in shown[len(theirs) :]]
    others += [say("home_more", count=more, command=text("command_pending"))] if more else []
    if not theirs:
        return [rich(*others)]
    first = rich(bold("home_theirs"), *map(row, theirs))
    return [first, *([rich(bold("home_others"), *others)] if others else [])]


def _row(
    version: Version,
    now: datetime,
    cards: Mapping[str, Card],
    servings: Mapping[str, Sequence[Serving]],
) -> Sentence:
    registered = age(now - version.created)
    place = _place(version, cards.get(arn_key(version.arn)))
    serving = home_servings(servings.get(version.group, ()))
    return say("home_row", title=title(version), age=registered, card=place, serving=serving)


def _place(version: Version, card: Card | None) -> Item:
    """Where the card of *version* is, or why it has none."""
    if card is not None:
        return card_place(text("home_card"), card)
    if version.readiness in (Readiness.COMPLETED, Readiness.FAILED):
        return say("home_no_card")
    return not_ready(version)
