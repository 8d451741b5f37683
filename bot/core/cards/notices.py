"""
What people are told when something changed: in the card's thread, in the rule's channels, and in
private, to somebody who was refused or came second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import title
from bot.core.cards.changes import decided
from bot.core.cards.consequences import consequence
from bot.core.cards.deciding import mentions, poll_sentences
from bot.core.cards.messages import Message, message
from bot.core.registry.moves import between
from bot.core.text import Channel, Mention, Sentence, When, cut, one_line
from bot.core.votes.vote import Decision, VoteEventKind
from bot.core.words import moves, say, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.evidence.brief import Brief
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.judge import Poll
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.request import MessageRef
    from bot.core.votes.vote import Change, Vote, VoteEvent
    from bot.core.words import Item

CHANNEL_COMMENT_LIMIT: Final = 1_000
"""In other channels a comment is cut to this; the thread has all that Slack takes."""

CHANGED_SINCE: Final = say("brief_changed_since_decision")
GONE_MEANWHILE: Final = say("version_gone_meanwhile")
GLASS_UNSAID: Final = say("override_not_confirmed")
NO_VOTE: Final = say("no_vote")
NOT_OURS: Final = say("registry_not_watched")
PUT_OFF: Final = say("registry_unreadable")
PRESS_AGAIN: Final = say("registry_unreadable_press_again")
GONE: Final = say("version_gone")


def in_thread(version: DescribedVersion, change: Change, void: Sequence[Vote] = ()) -> Message:
    """Say who made *change*, when and why, what it causes, and whose votes are *void* by it."""
    sentence = say(
        "notice_change",
        change=decided(change),
        outcome=consequence(version.number, change.target, change.outcome),
        void=say("notice_void", people=_voters(void)) if void else (),
    )
    return _with_comment(sentence, change.comment)


def of_votes(event: VoteEvent, polls: Sequence[Poll]) -> Message:
    """Say what became of votes, below the card; *polls* are the votes so far."""
    voters, vote = _voters(event.votes), event.votes[0]
    move, so_far = _verb(vote), poll_sentences(polls)
    match event.what:
        case VoteEventKind.CAST:
            override = say("notice_vote_override") if vote.override else ()
            sentence = say("notice_vote", people=voters, move=move, override=override, polls=so_far)
            return _with_comment(sentence, vote.comment)
        case VoteEventKind.WITHDRAWN:
            return _with_comment(say("notice_withdrawn", people=voters, move=move, polls=so_far))
        case VoteEventKind.VOID:
            return _with_comment(say("notice_votes_void", people=voters))


def override_notice(version: DescribedVersion, vote: Vote) -> Message:
    """Tell everybody in the channel that somebody approves what they registered."""
    who, name = Mention(vote.by.id), title(version)
    return _with_comment(
        say("notice_override", who=who, title=name, move=_verb(vote)), vote.comment
    )


def not_made(decision: Decision, why: Sentence) -> Message:
    """Tell those who voted for a decision that it was not made."""
    people = _voters(decision.votes)
    return _with_comment(say("notice_not_made", move=_verb(decision), why=why, people=people))


def for_channel(version: DescribedVersion, change: Change, place: MessageRef | None) -> Message:
    """Say the same in a channel that has not seen the card, which is at *place*."""
    sentence = say(
        "notice_channel",
        title=title(version),
        change=decided(change),
        outcome=consequence(version.number, change.target, change.outcome),
        card=say("notice_channel_card", channel=Channel(place.channel)) if place else (),
    )
    return _with_comment(sentence, cut(change.comment, CHANNEL_COMMENT_LIMIT))


def privately(sentence: Sentence, comment: str = "") -> Message:
    """A sentence for one person, who gets back the *comment* that was not used."""
    return _with_comment(sentence, comment)


def _with_comment(sentence: Sentence, comment: str = "") -> Message:
    block = quoted(sentence, comment) if one_line(comment) else rich(sentence)
    return message(sentence, [block])


def _verb(change: Vote | Decision) -> str:
    return moves.verb(between(change.source, change.target).key)


def _voters(votes: Sequence[Vote]) -> list[Item]:
    return mentions([vote.by for vote in votes])


def who_was_first(version: DescribedVersion, last: Change | None) -> Sentence:
    """Say why a click came too late."""
    match last:
        case Decision(by=by, at=when) if last.target is version.status:
            first = say("late_first", who=Mention(by.id), when=When(when))
        case _ if version.modified_by:
            first = say("late_external", name=version.modified_by)
        case _:
            first = say("late_unknown")
    status = text(f"late_status_{version.status.name.lower()}")
    return say("late", title=title(version), status=status, first=first)


def brief_changed(shown: Brief, now: Brief) -> Sentence:
    """Say why a click on an older card is refused."""
    return say("brief_changed_refused", changed=what_changed(shown, now))


def what_changed(shown: Brief, now: Brief) -> Sentence:
    """Say that the evidence has changed, with the first metric that differs as an example."""
    before = {metric.name: metric.value for metric in shown.metrics}
    examples = [
        say(
            "brief_changed_example",
            metric=metric.name,
            before=before[metric.name],
            after=metric.value,
        )
        for metric in now.metrics
        if before.get(metric.name, metric.value) != metric.value
    ]
    return say("brief_changed", example=examples[0] if examples else ())


def outcome_changed(offer: ButtonPayload) -> Sentence:
    """Say why a submit was not carried out, although its move is still valid."""
    now = consequence(offer.number, offer.target, offer.outcome)
    return say("outcome_changed", outcome=now)


def declined(version: DescribedVersion, decision: Decision) -> Sentence:
    """Say that SageMaker did not accept the update."""
    return say("declined", title=title(version), decision=decision.id)
