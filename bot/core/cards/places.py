"""Where the card of a version is: its channel, with a link to the card itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.text import Channel, Link
from bot.core.words import say

if TYPE_CHECKING:
    from bot.core.text import Sentence
    from bot.core.votes.request import Card


def card_place(label: str, card: Card) -> Sentence:
    """Say in which channel *card* is; *label* links to it, if Slack said at which address it is."""
    linked = Link(card.permalink, label) if card.permalink else label
    return say("card_place", card=linked, channel=Channel(card.channel))
