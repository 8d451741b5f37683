"""Tell somebody that the bot may not look at what they clicked on, and tries again later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards import notices
from bot.core.reason import Reason, ReasonCode
from bot.core.words.reasons import reason_sentence
from bot.flows.execute.decision import whisper
from bot.flows.tell.card import over

if TYPE_CHECKING:
    from bot.core.registry.version import Arn
    from bot.core.rules.people import Person
    from bot.core.votes.request import MessageRef
    from bot.flows.ports import Ports


def tell_put_off(  # noqa: PLR0913 - every need is named
    id_: str, arn: Arn, person: Person, place: MessageRef, at: Ports, *, comment: str = ""
) -> None:
    """Tell *person* that their job *id_* is tried again: once, and not if it is over."""
    request, told = at.ledger.get(arn), f"{id_}.put-off"
    if id_ in request.done or told in request.done:
        return
    sentence = reason_sentence(Reason(ReasonCode.REGISTRY_UNREADABLE))
    whisper(place.channel, person, notices.privately(sentence, comment), at)
    at.ledger.save(over(request, told))
