"""Votes, the decisions that they lead to, and changes that were made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status
from bot.core.rules.people import Person
from bot.core.wire import AwareDatetime, NonEmpty


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A yes to one move, cast on one brief. It counts for no other move and no other brief."""

    id: NonEmpty
    source: Status
    target: Status
    brief_digest: str
    """Digest of the brief that the voter saw."""
    by: Person
    comment: str
    at: AwareDatetime
    override: bool = False
    """Whether the voter registered the version: an emergency override."""
    seen_modified: AwareDatetime | None = None
    """When the version that it was judged on was last modified, by the registry's clock."""
    role: str = ""
    """The role that it counted for, once there is a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A change of status that somebody made here. Its id is also the ClientToken."""

    id: NonEmpty
    arn: Arn
    source: Status
    target: Status
    outcome: Outcome
    by: Person
    """Who made it: the one whose vote was the last that it took."""
    comment: str
    at: AwareDatetime
    brief_digest: str = ""
    """Digest of the brief that it was made on."""
    votes: tuple[Vote, ...] = ()
    """All votes that it rests on, the maker's at the end."""
    veto: bool = False
    seen_modified: AwareDatetime | None = None
    """When the version that it was judged on was last modified, by the registry's clock."""
    made_modified: AwareDatetime | None = None
    """
    When the version was last modified as the registry showed it right after the decision was made;
    None if it was not asked then.
    """

    @property
    def override(self) -> bool:
        """Whether somebody approved what they registered."""
        return any(vote.override for vote in self.votes)

    @property
    def others(self) -> tuple[Person, ...]:
        """Who voted for it besides its maker."""
        return tuple(vote.by for vote in self.votes if vote.by.id != self.by.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalChange:
    """A change of status that was not made here: in the console, by an SDK, by a pipeline."""

    id: NonEmpty
    source: Status | None
    """The status that the bot last saw; None if the version was registered with this one."""
    target: Status
    outcome: Outcome
    by: str
    comment: str
    at: AwareDatetime


Change = Decision | ExternalChange
