"""
What the audit trail says: who did what, on what they saw, under which rule, and what was known.

Each function puts one entry at the end of a version's chain, as part of the request: it is
written when the request is, in one transaction, or not at all. How entries hold together is for
`chain`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.core.audit.chain import append
from bot.core.errors import Refused
from bot.core.evidence.brief import brief_digest
from bot.core.registry.moves import between
from bot.core.rules.people import KnownPeople, LookupFailure, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.core.evidence.brief import Candidate
    from bot.core.jobs.messages import SubmitForm
    from bot.core.reason import Reason
    from bot.core.registry.version import Status
    from bot.core.rules.rule import Rule
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Change, Decision, ExternalChange, Vote


class EntryKind(StrEnum):
    """What an entry is about."""

    VOTE = "vote"
    WITHDRAWAL = "withdrawal"
    DECISION = "decision"
    REFUSAL = "refusal"
    VOID = "void"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditContext:
    """What held when something happened; *seen* is None where the version is gone."""

    seen: Candidate | None
    rule: Rule
    rules: str
    """Digest of the rules file."""
    facts: KnownPeople = KnownPeople()
    now: datetime


def vote(request: Request, cast: Vote, scene: AuditContext) -> Request:
    """Somebody voted."""
    known = _known_of(cast.by, scene.facts) | _known_of_others(cast.by, scene.facts)
    return _write(request, EntryKind.VOTE, scene, _vote(cast) | known)


def withdrawal(request: Request, withdrawn: Vote, id_: str, scene: AuditContext) -> Request:
    """Somebody took their vote back."""
    now = scene.now.isoformat()
    said = _vote(withdrawn) | {"id": id_, "comment": "", "at": now, "vote": withdrawn.id}
    return _write(request, EntryKind.WITHDRAWAL, scene, said)


def decision(request: Request, made: Decision, scene: AuditContext) -> Request:
    """A decision was made."""
    said = _change(made) | _who(made.by)
    votes = [{**_vote(each), "role": each.role} for each in made.votes]
    more = {
        "brief_digest": made.brief,
        "votes": votes,
        "veto": made.veto,
        "override": made.override,
    }
    return _write(request, EntryKind.DECISION, scene, said | more)


def refusal(request: Request, asked: SubmitForm, reason: Reason, scene: AuditContext) -> Request:
    """What somebody asked for was refused, for *reason*."""
    offer, person = asked.click.offer, asked.click.person
    said = {
        "id": asked.id,
        **_move(offer.source, offer.target),
        **_who(person),
        "comment": asked.comment,
        "reason": reason.stored,
        "brief_digest": offer.brief,
        **_known_of(person, scene.facts),
        **_known_of_others(person, scene.facts),
    }
    return _write(request, EntryKind.REFUSAL, scene, said)


def void(
    request: Request, id_: str, votes: Iterable[Vote], reason: Reason, scene: AuditContext
) -> Request:
    """Votes, or a decision that was written down, came to nothing, for *reason*."""
    said = {"id": id_, "reason": reason.stored, "votes": [_vote(each) for each in votes]}
    return _write(request, EntryKind.VOID, scene, said)


def outside(request: Request, change: ExternalChange, scene: AuditContext) -> Request:
    """The status changed, and not through us."""
    return _write(
        request, EntryKind.OUTSIDE, scene, _change(change) | {"who": "", "name": change.by}
    )


def _write(
    request: Request, kind: EntryKind, scene: AuditContext, said: Mapping[str, Any]
) -> Request:
    """*request* with one more entry at the end of its chain."""
    here = _scene(request, scene)
    entry, end = append(request.arn, request.chain, {**here, "kind": kind, **said})
    return replace(request, chain=end, unwritten=(*request.unwritten, entry))


def _scene(request: Request, scene: AuditContext) -> dict[str, Any]:
    seen = scene.seen
    return {
        "group": seen.version.group if seen else request.group,
        "version": seen.version.number if seen else request.number,
        "at": scene.now.isoformat(),
        "written": scene.now.isoformat(),
        "rule": scene.rule.name,
        "rule_digest": scene.rule.digest,
        "rules_digest": scene.rules,
        "submitter": asdict(scene.facts.submitter),
        "brief": _brief(seen) if seen else None,
    }


def _brief(seen: Candidate) -> dict[str, Any]:
    """What there was to see, whole: an auditor will not have the files any more."""
    brief = seen.brief
    return {
        "digest": brief_digest(seen),
        "status": seen.version.status,
        "artifact": seen.version.artifact,
        "metrics": [[metric.name, metric.value] for metric in brief.metrics],
        "notes": list(brief.notes),
        "sources": [[source.uri, source.digest] for source in brief.sources],
    }


def _vote(cast: Vote) -> dict[str, Any]:
    return {
        "id": cast.id,
        **_move(cast.source, cast.target),
        **_who(cast.by),
        "comment": cast.comment,
        "at": cast.at.isoformat(),
        "brief_digest": cast.brief,
        "override": cast.override,
    }


def _change(change: Change) -> dict[str, Any]:
    outcome = change.outcome
    return {
        "id": change.id,
        **_move(change.source, change.target),
        "comment": change.comment,
        "at": change.at.isoformat(),
        "live_before": outcome.now,
        "live_after": outcome.then,
    }


def _who(person: Person) -> dict[str, str]:
    return {"who": person.id, "name": person.name}


def _move(source: Status, target: Status) -> dict[str, str]:
    """A change of status; those made outside, and forged ones, are not always moves."""
    try:
        key = between(source, target).key
    except Refused:
        key = ""
    return {"move": key, "source": source, "target": target}


def _known_of(person: Person, facts: KnownPeople) -> dict[str, Any]:
    """What was known of *person*, so that another rule can be tried on it later."""
    groups = {
        group: members if isinstance(members, LookupFailure) else person.id in members
        for group, members in facts.members.items()
    }
    membership = facts.memberships.get(person.id)
    return {"membership": membership.value if membership else "", "user_groups": groups}


def _known_of_others(person: Person, facts: KnownPeople) -> dict[str, Any]:
    """What was known of those who had voted before *person*, for it decides who counts."""
    others = [Person(id_, "") for id_ in facts.memberships if id_ != person.id]
    return {"voters": {other.id: _known_of(other, facts) for other in others}}
