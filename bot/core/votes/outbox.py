"""
What people are still to be told about a request, as data: the outbox in its row.

A notice is written down with the change that it is about, and removed once everybody it goes to
was told. It holds codes and values; its sentences are made when it is delivered (`bot.core.words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.reason import Reason
from bot.core.registry.version import Arn, DatedStatus
from bot.core.votes.vote import Decision, ExternalChange, Vote
from bot.core.wire import AwareDatetime, NonEmpty


class NoticeKind(StrEnum):
    """What a notice is about. The codes are stored, so they never change."""

    DECIDED = "decided"
    """
    A decision was made: `decision`; `votes` are those that it made void. `reason`, if it was made
    on another version than it was judged on.
    """
    EXTERNAL_CHANGE = "external_change"
    """The status was changed outside the bot: `external`; `votes` are those that it made void."""
    MISSED = "missed"
    """
    The bot did not see a change outside before the next one: `reported`. `votes` are those that it
    made void. `decision`, without its votes and comment, if the bot was making one at that time.
    """
    VOTE_CAST = "vote_cast"
    """Somebody voted, and the move needs more votes: `votes`."""
    VOTE_WITHDRAWN = "vote_withdrawn"
    """Somebody withdrew their vote: `votes`."""
    VOTES_VOID = "votes_void"
    """What the votes were cast on has changed: `votes`."""
    OVERRIDE = "override"
    """Somebody approves what they registered, as an emergency override: `votes`."""
    NOT_MADE = "not_made"
    """A decision was written down and not made: `decision`, `reason`."""
    REFUSED = "refused"
    """For one person: why what they asked for was not done: `reason`, `comment`."""
    CARD_NOT_POSTED = "card_not_posted"
    """For those who run the bot: the card cannot be posted: `reason`."""
    DEPLOY_UNHEARD = "deploy_unheard"
    """No endpoint has reported the version next to deploy in time: `reason`, `votes`."""
    UPDATE_CARDS = "update_cards"
    """
    No message, but jobs: one for each of `arns`, whose cards name this version, and one for the
    cards that wait in the group `waiting_in`.
    """


NEEDS: Final[Mapping[NoticeKind, tuple[str, ...]]] = {
    NoticeKind.DECIDED: ("decision",),
    NoticeKind.EXTERNAL_CHANGE: ("external",),
    NoticeKind.MISSED: ("reported",),
    NoticeKind.VOTE_CAST: ("votes",),
    NoticeKind.VOTE_WITHDRAWN: ("votes",),
    NoticeKind.VOTES_VOID: ("votes",),
    NoticeKind.OVERRIDE: ("votes",),
    NoticeKind.NOT_MADE: ("decision", "reason"),
    NoticeKind.REFUSED: ("reason",),
    NoticeKind.CARD_NOT_POSTED: ("reason",),
    NoticeKind.DEPLOY_UNHEARD: ("reason",),
    NoticeKind.UPDATE_CARDS: (),
}
"""The fields of a notice that must not be empty, by its kind."""


class Way(StrEnum):
    """Where a notice goes."""

    THREAD = "thread"
    """Below each of the request's cards."""
    CHANNEL = "channel"
    """In a channel, as a message of its own."""
    CARD_CHANNEL = "card_channel"
    """In the channel of each of the request's cards, as a message of its own."""
    PRIVATE = "private"
    """To one person, in the channel where they can see it."""
    QUEUE = "queue"
    """To the bot itself, as jobs."""


@dataclass(frozen=True, slots=True)
class To:
    """Where a notice goes."""

    way: Way
    channel: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell, and to whom it was not told yet."""

    id: NonEmpty
    kind: NoticeKind
    to: tuple[To, ...]
    at: AwareDatetime
    """When it was written down: what an earlier attempt may have posted, it posted after this."""
    decision: Decision | None = None
    external: ExternalChange | None = None
    reported: DatedStatus | None = None
    votes: tuple[Vote, ...] = ()
    reason: Reason | None = None
    comment: str = ""
    arns: tuple[Arn, ...] = ()
    waiting_in: str = ""
    tries: int = 0
    """How often Slack refused it, for a reason that is on no list of ours."""
    untried: bool = False
    """Whether nobody can have been told: the job that wrote it down was throttled before that."""
