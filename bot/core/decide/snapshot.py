"""A snapshot: everything that a job about a version is decided on, as it was at one moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.audit.entries import AuditContext
from bot.core.rules.people import KnownPeople
from bot.core.votes.polls import counting_votes

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from bot.core.decide.record import Record
    from bot.core.evidence.brief import Candidate
    from bot.core.followup.endpoints import Serving
    from bot.core.registry.version import DescribedVersion, Version
    from bot.core.rules.rule import Rule
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    What a job is decided on. Deciding returns it with another *record*, and nothing else changed.

    *stored* is the record as the ledger holds it. *candidate* is None if the registry has no such
    version any more.
    """

    stored: Record
    record: Record
    candidate: Candidate | None
    group_approved: tuple[Version, ...] = ()
    """The newest Approved versions of the group, if the registry has no such version any more."""
    rule: Rule
    rules_digest: str
    fallback_channel: str = ""
    """Where those who run the bot hear of a card that cannot be posted."""
    people: KnownPeople = KnownPeople()
    servings: tuple[Serving, ...] = ()
    """What the endpoints of the group do, as far as the bot knows."""
    resumed: bool = False
    """Whether an earlier job wrote the open decision down, and may have told of it."""
    inherited: tuple[str, ...] = ()
    """Ids of the notices that an earlier job left in the outbox, and may have delivered."""
    held_for: int = 0
    """For so many seconds another worker may hold the version: nothing is written or told then."""
    history_lag: int = 0
    """For so many seconds Slack's history may still lack what was posted: nothing is told then."""
    registry_lag: int = 0
    """For so many seconds the registry may not show yet that the open decision was made."""
    declined: bool = False
    """Whether AWS declined to make the open decision."""
    updated: bool = False
    """Whether the version was fetched right after the open decision was made, by this job."""

    @property
    def request(self) -> Request:
        """The request, as changed so far."""
        return self.record.request

    @property
    def now(self) -> datetime:
        """The time by the store's clock, as of the last answer of the store."""
        return self.stored.read_at

    @property
    def since(self) -> datetime:
        """Since when an earlier attempt may have posted what this job tells."""
        decision = self.stored.request.open_decision
        return decision.at if self.resumed and decision else self.now

    @property
    def subject(self) -> Candidate:
        """The version with its group and its brief. Raises ValueError if it is gone."""
        if self.candidate is None:
            raise ValueError("the registry has no such version")
        return self.candidate

    @property
    def version(self) -> DescribedVersion:
        """The version as the registry describes it. Raises ValueError if it is gone."""
        return self.subject.version

    @property
    def brief_digest(self) -> str:
        """The digest of what the version is judged by now."""
        return self.subject.brief_digest

    @property
    def counting(self) -> tuple[Vote, ...]:
        """The votes that count for the version as it is now."""
        return counting_votes(self.request.votes, self.version.status, self.brief_digest)

    @property
    def context(self) -> AuditContext:
        """What the audit trail says about this moment."""
        return AuditContext(
            candidate=self.candidate,
            group=self.request.group,
            number=self.request.number,
            rule=self.rule,
            rules_digest=self.rules_digest,
            people=self.people,
            now=self.now,
        )

    def change(self, **changes: Any) -> Snapshot:
        """Return the snapshot with these fields of its request changed."""
        request = replace(self.request, **changes)
        return replace(self, record=replace(self.record, request=request))

    def mark_change(self, id_: str) -> Snapshot:
        """Return the snapshot with *id_* among the ids of changes that are over."""
        request = self.request.with_change(id_, self.now)
        return replace(self, record=replace(self.record, request=request))

    def mark_press(self, person: str, pressed: datetime | None) -> Snapshot:
        """Return the snapshot with the press that *person*'s vote or withdrawal came from."""
        return self.change(presses=self.request.presses.with_press(person, pressed))

    def mark_refusal(self, id_: str) -> Snapshot:
        """Return the snapshot with the id of a job that is over and changed nothing."""
        request = self.request.with_refusal(id_, self.now)
        return replace(self, record=replace(self.record, request=request))

    def audit(self, content: dict[str, Any]) -> Snapshot:
        """Return the snapshot with one more entry for the audit trail."""
        return replace(self, record=self.record.with_entry(content))
