"""The history of a version under some rules, recorded as the bot records it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.core.audit import entries
from bot.core.audit.entries import AuditContext
from bot.core.audit.replay.past import PastEntry, parse_entry
from bot.core.decide.record import Record
from bot.core.errors import Refused
from bot.core.evidence.brief import Brief, Candidate, Metric, Source
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import Move, move_between
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import DatedStatus, Status
from bot.core.rules.judge import Verdict, judge
from bot.core.rules.people import KnownPeople, MembershipStatus, Person
from bot.core.votes.decision import decision_from
from bot.core.votes.polls import counting_votes, voters_on, votes_on
from bot.core.votes.request import Request
from bot.core.votes.vote import ExternalChange, Vote
from tests.doubles.builders import NOON, a_version, an_offer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.people import Members, Submitter
    from bot.core.rules.rule import Rules
    from bot.core.votes.vote import Decision


@dataclass
class Trail:
    """A version, what people did about it, and what the audit trail says of that."""

    rules: Rules
    members: Mapping[str, Members] = field(default_factory=dict)
    memberships: Mapping[str, MembershipStatus] = field(default_factory=dict)
    """Of those who are not simply members."""
    submitter: Submitter | None = None
    version: DescribedVersion = field(default_factory=a_version)
    auc: str = "0.94"
    votes: tuple[Vote, ...] = ()
    decisions: list[Decision] = field(default_factory=list)
    record: Record = field(init=False)
    clock: datetime = NOON

    def __post_init__(self) -> None:
        self.record = Record(request=Request(arn=self.version.arn), read_at=NOON)

    @property
    def exported(self) -> list[dict[str, Any]]:
        """The entries, as an export writes them."""
        return [{**entry.content, "hash": entry.hash} for entry in self.record.new_entries]

    @property
    def past(self) -> list[PastEntry]:
        """The entries, read back from JSON."""
        return [parse_entry(json.loads(json.dumps(entry))) for entry in self.exported]

    @property
    def candidate(self) -> Candidate:
        source = Source("s3://models/evaluation.json", f"etag-{self.auc}")
        brief = Brief((Metric("auc", self.auc),), sources=(source,))
        return Candidate.of(self.version, (), brief)

    def _write(self, content: dict[str, Any]) -> None:
        self.record = self.record.with_entry(content)

    def context(self, people: KnownPeople = KnownPeople()) -> AuditContext:
        self.clock += timedelta(minutes=1)
        rule = self.rules.find(self.version.group)
        return AuditContext(
            candidate=self.candidate,
            group=self.version.group,
            number=self.version.number,
            rule=rule,
            rules_digest=self.rules.digest,
            people=people,
            now=self.clock,
        )

    def click(self, person: Person, target: Status = Status.APPROVED) -> None:
        """Somebody votes: it is refused, or it counts, or it decides."""
        move = move_between(self.version.status, target)
        counting = counting_votes(self.votes, move.source, self.candidate.brief_digest)
        facts = self._facts(person, votes_on(counting, move), move)
        rule = self.rules.find(self.version.group)
        try:
            verdict = judge(rule, move, person.id, voters_on(counting, move), facts)
        except Refused as refusal:
            self.refused(person, target, refusal.reason, facts)
            return
        others = tuple(vote for vote in self.votes if vote.by.id != person.id)
        vote = self._vote(person, move, verdict)
        self._write(entries.vote(vote, self.context(facts)))
        self.votes = (*others, vote)
        if verdict.granted:
            self._decide(vote, others, verdict)

    def refused(
        self,
        person: Person,
        target: Status,
        reason: Reason,
        facts: KnownPeople = KnownPeople(),
    ) -> None:
        """Somebody is refused."""
        offer = an_offer(self.version, target, brief_digest=self.candidate.brief_digest)
        context = self.context(facts)
        self._write(entries.refusal(self._id(), offer, person, "looks good", reason, context))

    def withdraw(self, person: Person) -> None:
        """Somebody takes their vote back."""
        (vote,) = (vote for vote in self.votes if vote.by.id == person.id)
        self.votes = tuple(vote for vote in self.votes if vote.by.id != person.id)
        self._write(entries.withdrawal(self._id(), vote, self.context()))

    def change_evidence(self, auc: str) -> None:
        """The evaluation changes: votes on the old evidence are void."""
        self.auc, void_votes, self.votes = auc, self.votes, ()
        if void_votes:
            self.void(self._id(), void_votes, Reason(ReasonCode.BRIEF_CHANGED))

    def void(self, id_: str, votes: tuple[Vote, ...], reason: Reason) -> None:
        """Votes are void."""
        self._write(entries.void(id_, votes, reason, self.context()))

    def change_outside(self, target: Status, *, created: bool = False) -> None:
        """Somebody sets the status in the console, or registers the version with that status."""
        change = ExternalChange(
            id=self._id(),
            source=None if created else self.version.status,
            target=target,
            outcome=Outcome(None, None),
            by="studio",
            comment="",
            at=self.clock,
        )
        self.version = replace(self.version, status=target)
        self._write(entries.external_change(change, self.context()))
        if self.votes:
            self.void(
                f"{change.id}.votes", self.votes, Reason(ReasonCode.STATUS_CHANGED_SINCE_VOTES)
            )
        self.votes = ()

    def change_unseen(self, status: Status) -> None:
        """An event says that somebody set *status* while the last decision was made."""
        made = self.decisions[-1]
        reported = DatedStatus(status, self.clock)
        self._write(entries.missed_change(self._id(), reported, made, self.context()))

    def _facts(self, person: Person, votes: tuple[Vote, ...], move: Move) -> KnownPeople:
        people = {person.id: MembershipStatus.MEMBER} | {
            vote.by.id: MembershipStatus.MEMBER for vote in votes
        }
        groups = self.rules.find(self.version.group).voters(move).user_groups
        facts = KnownPeople(
            members={group: self.members[group] for group in groups},
            memberships={who: self.memberships.get(who, usual) for who, usual in people.items()},
        )
        asked = self.submitter and move.target is Status.APPROVED
        return replace(facts, submitter=self.submitter) if asked else facts

    def _vote(self, person: Person, move: Move, verdict: Verdict) -> Vote:
        return Vote(
            id=self._id(),
            source=move.source,
            target=move.target,
            brief_digest=self.candidate.brief_digest,
            by=person,
            comment="looks good",
            at=self.clock,
            override=verdict.override,
        )

    def _decide(self, vote: Vote, others: tuple[Vote, ...], verdict: Verdict) -> None:
        decision = decision_from(vote, others, verdict, self.version, Outcome(None, None))
        self.version = replace(self.version, status=vote.target)
        self.votes = ()
        self.decisions.append(decision)
        self._write(entries.decision(decision, self.context()))

    def _id(self) -> str:
        return f"{self.version.number}.{self.record.chain.count}.{len(self.votes)}"
