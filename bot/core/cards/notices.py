"""
What is said when something has changed: in the card's thread, in the rule's other channels, and
in private to somebody who was refused or came second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import decided, title
from bot.core.cards.consequences import consequence
from bot.core.cards.messages import Message, message
from bot.core.model import Decision, Status
from bot.core.words import Channel, Code, Mention, Sentence, Strong, When, cut, one_line

ELSEWHERE: Final = 1_000
"""So much of a comment is repeated in other channels; the thread has all that Slack takes."""
NOW: Final = {
    Status.PENDING: "set back to waiting",
    Status.APPROVED: "approved",
    Status.REJECTED: "rejected",
}

GONE: Final[Sentence] = (
    "This version is not in the registry any more, so there is nothing left to decide.",
)

if TYPE_CHECKING:
    from bot.core.model import Change, Described, Place
    from bot.core.offer import Offer


def in_thread(version: Described, change: Change) -> Message:
    """Who decided, when and why, and what it causes; for the thread below the card."""
    said = (*decided(change), " ", consequence(version.number, change.target, change.outcome))
    return _quoting(said, change.comment)


def for_channel(version: Described, change: Change, place: Place | None) -> Message:
    """The same for a channel that has not seen the card."""
    where = (" The card is in ", Channel(place.channel), ".") if place else ()
    causes = consequence(version.number, change.target, change.outcome)
    said = (Strong(title(version)), ": ", *decided(change), " ", causes, *where)
    return _quoting(said, cut(change.comment, ELSEWHERE))


def privately(said: Sentence, comment: str = "") -> Message:
    """A sentence for one person, who gets back the *comment* that came to nothing."""
    return _quoting(said, comment)


def _quoting(said: Sentence, comment: str) -> Message:
    return message(said, [quoted(said, comment) if one_line(comment) else rich(said)])


def who_was_first(version: Described, last: Change | None) -> Sentence:
    """Why a click came too late."""
    now = f"{title(version)} is {NOW[version.status]} by now. "
    match last:
        case Decision(by=by, at=at) if last.target is version.status:
            first: Sentence = (Mention(by.id), " was first, ", When(at), ".")
        case _ if version.modified_by:
            first = (f"It was not decided here, but by {version.modified_by}.",)
        case _:
            first = ("It was not decided here.",)
    return (now, *first, " The card shows what can be done now.")


def outcome_changed(offer: Offer) -> Sentence:
    """Why a submit was not carried out, although its move is still valid."""
    now = consequence(offer.number, offer.target, offer.outcome)
    return (
        (
            "Something else was decided since you opened the form, so your decision would now do "
            f"what the form did not say. Nothing was changed. As things stand: {now} "
            "Press the button again if you still want it."
        ),
    )


def declined(version: Described, decision: Decision) -> Sentence:
    """SageMaker said no to the call itself."""
    return (
        (
            f"SageMaker did not accept the change of {title(version)}, so nothing has changed. "
            "Whoever runs this bot finds the reason in its log, under decision "
        ),
        Code(decision.id),
        ".",
    )
