"""Find where the cards of versions are, for lists that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.registry.version import Version
    from bot.core.votes.request import Card
    from bot.flows.ports import Ledger


def posted_cards(versions: Sequence[Version], ledger: Ledger) -> dict[str, Card]:
    """
    Read the first card of each of *versions* that has one, by the key of its ARN, in one call.

    A card of a deleted version whose ARN was used again is not one of its successor.
    """
    created = {arn_key(version.arn): version.created for version in versions}
    records = ledger.posted_cards([version.arn for version in versions])
    same = [each for each in records if each.created in {None, created[arn_key(each.arn)]}]
    posted = ((record.arn, card) for record in same for card in record.cards[::-1] if card.ts)
    return {arn_key(arn): card for arn, card in posted}
