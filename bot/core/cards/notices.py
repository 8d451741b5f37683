"""
What is said when something has changed: in the card's thread, in the rule's other channels, and
in private to somebody who was refused or came second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import decided, title
from bot.core.cards.consequences import consequence
from bot.core.cards.deciding import how_far, mentions
from bot.core.cards.messages import Message, message
from bot.core.registry.moves import between
from bot.core.text import Channel, Mention, Sentence, Strong, cut, one_line
from bot.core.votes.vote import Decision, VoteEventKind

ELSEWHERE: Final = 1_000
"""So much of a comment is repeated in other channels; the thread has all that Slack takes."""

_SEEN_CHANGED: Final = "What this version is judged by has changed; the card shows it as it is now."

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.registry.version import DescribedVersion
    from bot.core.votes.polls import Poll
    from bot.core.votes.request import MessageRef
    from bot.core.votes.vote import Change, Vote, VoteEvent


def in_thread(version: DescribedVersion, change: Change, void: Sequence[Vote] = ()) -> Message:
    """Who decided, when and why, and what it causes; and whose votes are *void* by it."""
    causes = consequence(version.number, change.target, change.outcome)
    lost: Sentence = (" The votes cast before count no more: ", *_voters(void), ".") if void else ()
    return _quoting((*decided(change), " ", causes, *lost), change.comment)


def of_votes(news: VoteEvent, polls: Sequence[Poll]) -> Message:
    """What became of votes; for the thread below the card."""
    voters, (vote, *_) = _voters(news.votes), news.votes
    verb = between(vote.source, vote.target).key
    stands = [part for poll in polls for part in (" ", *how_far(poll), ".")]
    match news.what:
        case VoteEventKind.CAST:
            override = " and broke the glass: they registered this version" if vote.override else ""
            return _quoting((*voters, f" voted to {verb}{override}.", *stands), vote.comment)
        case VoteEventKind.WITHDRAWN:
            return _quoting((*voters, f" took their vote to {verb} back.", *stands), "")
        case VoteEventKind.VOID:
            return _quoting((_SEEN_CHANGED, " These votes count no more: ", *voters, "."), "")


def override_notice(version: DescribedVersion, vote: Vote) -> Message:
    """For everybody in the channel: somebody approves what they registered."""
    said = ("🚨 ", Mention(vote.by.id), " broke the glass: they registered ")
    verb = between(vote.source, vote.target).key
    return _quoting((*said, Strong(title(version)), f" and vote to {verb} it."), vote.comment)


def not_made(decision: Decision, why: Sentence) -> Message:
    """For those who voted for a decision that was void before it was made."""
    verb = between(decision.source, decision.target).key
    voters = _voters(decision.votes)
    return _quoting(
        (
            f"The decision to {verb} came to nothing. ",
            *why,
            " It rested on the votes of ",
            *voters,
            ".",
        ),
        "",
    )


def _voters(votes: Sequence[Vote]) -> Sentence:
    return mentions([vote.by for vote in votes])


def for_channel(version: DescribedVersion, change: Change, place: MessageRef | None) -> Message:
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
