"""A request: what the bot stores about a version, from its first card to its last decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.evidence.brief import Brief
from bot.core.registry.version import Arn, DatedStatus, Status
from bot.core.rules.people import Person
from bot.core.votes.lease import Lease
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.outbox import Notice
from bot.core.votes.presses import Presses
from bot.core.votes.processed import ProcessedIds
from bot.core.votes.rate_limit import Slot
from bot.core.votes.vote import Decision, ExternalChange, Vote
from bot.core.wire import AwareDatetime

SEEN = 20
"""How many states of a version are kept; each edit of it makes one, whatever was edited."""
PROCESSED_IDS = 50
"""How many ids are written for older versions of the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message that shows the version, and what it showed when it was last written."""

    channel: str
    ts: str = ""
    """Empty while the card is being posted."""
    post_started: AwareDatetime | None = None
    """Set before the card is posted, so that the next job looks for it after a crash."""
    digest: str = ""
    """Digest of the message as it was last written; empty while it is written."""
    next_to_deploy: int | None = None
    """The version that the card says is next to deploy."""
    rule: str = ""
    """Digest of the rule by which the card was made."""
    permalink: str = ""
    """The address that opens it in Slack; empty if Slack did not say."""
    frozen: bool = False
    """Whether Slack lets the bot edit it no more: it stays, and its thread goes on."""

    @property
    def ref(self) -> MessageRef | None:
        """Where the card is; None while it is not posted."""
        return MessageRef(self.channel, self.ts) if self.ts else None

    @property
    def begun(self) -> bool:
        """Whether it was being posted or edited when it was last stored."""
        return bool(self.post_started) or bool(self.ts and not self.digest and not self.frozen)


@dataclass(frozen=True, slots=True)
class UpdateAttempt:
    """An attempt to make the open decision that may have made it, though its answer did not say."""

    visible_at: AwareDatetime
    """From then on, the registry shows the decision if that attempt made it."""
    declined: bool = False
    """Whether AWS declined in the end; an earlier try of the same call may have made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCard:
    """A card that may have been posted, of a version that was deleted meanwhile."""

    channel: str
    created: AwareDatetime | None
    """When that version was created: the card is found by it."""
    post_started: AwareDatetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What the ledger remembers of a version.

    *open_decision* is written down, and not yet proved to be made in the registry. *outbox* is
    what people are still to be told. At most one of *last_decision* and *last_external* is set:
    the latest change of status that the bot knows of.
    """

    arn: Arn
    """As DescribeModelPackage spells it."""
    created: AwareDatetime | None = None
    """When the version was created: another time means another version of the same ARN."""
    group: str = ""
    number: int = 0
    status: Status | None = None
    """The status that the bot last saw, and told of; None before that, and once it is deleted."""
    seen: tuple[DatedStatus, ...] = ()
    """
    The states of the version that the bot knows of, oldest first: those that it saw, those that an
    event told of, and what a decision set that was proved late.
    """
    brief: Brief = Brief()
    """The brief that people were last shown."""
    cards: tuple[Card, ...] = ()
    deleted_cards: tuple[MessageRef, ...] = ()
    """Cards of an earlier version of this ARN, which still have to say that it was deleted."""
    lost_cards: tuple[LostCard, ...] = ()
    """Such cards that may have been posted: they are looked for first."""
    unposted: str = ""
    """The channel in which the card could not be posted, once somebody was told of that."""
    votes: tuple[Vote, ...] = ()
    void_voters: tuple[Person, ...] = ()
    """Whose votes on this status no longer count, because what they were cast on has changed."""
    open_decision: Decision | None = None
    update_attempt: UpdateAttempt | None = None
    """The latest attempt to make the open decision, if it failed."""
    last_decision: Decision | None = None
    last_external: ExternalChange | None = None
    description_digest: str | None = None
    """
    Digest of the ApprovalDescription that was last seen, which says nothing about later changes;
    None in rows that were written before it was recorded.
    """
    gone_since: AwareDatetime | None = None
    """When the registry first showed that the version was deleted; None while it is there."""
    deploy_due: AwareDatetime | None = None
    """By when an endpoint should have reported what the latest change put next to deploy."""
    outbox: tuple[Notice, ...] = ()
    processed: ProcessedIds = ProcessedIds()
    """Ids of jobs, votes and decisions that are over: a redelivered one stays over."""
    presses: Presses = Presses()
    """When those who voted or withdrew a vote pressed the button for it."""
    lease: Lease | None = None
    """Who works on the version, from the first effect of their job to its end."""
    history_complete_at: AwareDatetime | None = None
    """From then on, Slack's history shows what may have been posted without an answer."""
    slot: Slot | None = None
    """For which slot of a rate limit the next message or edit waits."""
    processed_ids: tuple[str, ...] = ()
    """
    The last of these ids as versions of the code read and wrote them that knew no other list.

    What only such a version wrote counts as a change, for nobody knows what it was.
    """

    @property
    def modified(self) -> datetime | None:
        """When the version was last modified, by SageMaker's clock, as the bot last saw it."""
        return self.seen[-1].modified if self.seen else self.created

    @property
    def last(self) -> Decision | ExternalChange | None:
        """The latest change of status that the bot knows of."""
        return self.last_decision or self.last_external

    def is_processed(self, id_: str) -> bool:
        """Whether the job, vote or decision with *id_* is over."""
        return id_ in self.processed or id_ in self.processed_ids

    def with_change(self, id_: str, now: datetime) -> Request:
        """Return the request with the id of a vote, a decision or a withdrawal that is over."""
        return self._with_processed(self.processed.with_changes([*self._unsorted, id_], now), id_)

    def with_refusal(self, id_: str, now: datetime) -> Request:
        """Return the request with the id of a job that is over and changed nothing."""
        processed = self.processed.with_changes(self._unsorted, now).with_refusal(id_)
        return self._with_processed(processed, id_)

    @property
    def _unsorted(self) -> list[str]:
        """Ids that only an older version of the code wrote."""
        return [id_ for id_ in self.processed_ids if id_ not in self.processed]

    def _with_processed(self, processed: ProcessedIds, id_: str) -> Request:
        ids = [each for each in (*self.processed_ids, id_) if each in processed]
        return replace(self, processed=processed, processed_ids=tuple(ids[-PROCESSED_IDS:]))

    def with_seen(self, state: DatedStatus) -> tuple[DatedStatus, ...]:
        """Return the last states in which the bot saw the version, with *state* as the newest."""
        return self.seen if self.seen[-1:] == (state,) else (*self.seen, state)[-SEEN:]

    def with_void(self, votes: Iterable[Vote]) -> tuple[Person, ...]:
        """Return whose votes no longer count once *votes* do not, each once."""
        people = {person.id: person for person in (*self.void_voters, *(each.by for each in votes))}
        return tuple(people.values())

    @property
    def may_be_posted(self) -> bool:
        """Whether there may be a message of which Slack's answer was lost."""
        begun = any(card.post_started for card in self.cards)
        return begun or any(not notice.untried for notice in self.outbox)

    @property
    def unfinished(self) -> bool:
        """Whether something was written down and not carried through."""
        deleted = self.deleted_cards or self.lost_cards
        begun = deleted or any(card.begun for card in self.cards)
        return bool(self.open_decision or self.outbox or begun)

    @property
    def is_open(self) -> bool:
        """Whether each sweep looks at it: it waits for people or an endpoint, or is unfinished."""
        return self.status is Status.PENDING or self.unfinished or self.deploy_due is not None
