"""Say what would have gone another way under other rules (`bot.core.audit.replay`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.findings import (
    ClickAllowed,
    DecisionByFewer,
    DecisionEarlier,
    DecisionNotMade,
    Unknown,
    VoteDecides,
    VoteRefused,
)
from bot.core.audit.replay.records import GapKind
from bot.core.registry.moves import move_between
from bot.core.text import Mention, Sentence, Team, When, one_line, plain_text
from bot.core.words import moves, say, text
from bot.core.words.explanations import votes_needed
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.audit.replay.findings import Difference, Finding, RefusedVoter
    from bot.core.audit.replay.past import PastEntry
    from bot.core.audit.replay.records import Gap
    from bot.core.words import Item


def finding_line(finding: Finding) -> str:
    """Say *finding* on one line of plain text: which entry, what happened, what would happen."""
    entry = finding.entry
    when = entry.time.isoformat(timespec="seconds")
    sentence = say(
        "finding",
        group=entry.group,
        version=entry.version,
        number=entry.number,
        when=when,
        difference=_difference(entry, finding.difference) if finding.difference else (),
    )
    return one_line(plain_text(sentence))


def _difference(entry: PastEntry, difference: Difference) -> Sentence:
    match difference:
        case VoteRefused(reason=reason):
            why = reason_sentence(reason)
            return say("finding_vote_refused", who=_who(entry), move=_verb(entry), reason=why)
        case VoteDecides(vote=vote, instead=instead):
            verb = moves.verb(move_between(vote.source, vote.target).key)
            then = text(f"finding_instead_{instead.name.lower()}")
            return say("finding_vote_decides", who=Mention(vote.by.id), move=verb, instead=then)
        case Unknown(gaps=gaps):
            return say("finding_unknown", what=_what(entry), gaps=[_gap(gap) for gap in gaps])
        case ClickAllowed(decides=decides):
            now = text("finding_would_decide") if decides else text("finding_would_count")
            return say("finding_click", refusal=_refusal(entry), now=now)
        case _:
            return say("finding_decision", decision=_decision(entry), now=_now(difference))


def _now(difference: DecisionNotMade | DecisionEarlier | DecisionByFewer) -> Sentence:
    """How a decision would be made now, or that it would not be."""
    match difference:
        case DecisionNotMade(refused=refused, tally=tally):
            needed = say("finding_needed", needed=votes_needed(tally)) if tally.have else ()
            return say("finding_not_made", refused=_refused(refused), needed=needed)
        case DecisionByFewer(voters=voters, refused=refused):
            people: list[Item] = [Mention(voter) for voter in voters]
            return say("finding_by_fewer", people=people, refused=_refused(refused))
        case DecisionEarlier(vote=vote, was_refused=was_refused):
            done = moves.done(move_between(vote.source, vote.target).key)
            who, when = Mention(vote.by.id), When(vote.at)
            if was_refused:
                return say("finding_earlier_by_refused", done=done, who=who, when=when)
            return say("finding_earlier", done=done, who=who, when=when)


def _what(entry: PastEntry) -> Sentence:
    """What happened, of which it is unknown how it would have gone."""
    match entry.kind:
        case EntryKind.REFUSAL:
            return say("finding_unknown_click", refusal=_refusal(entry))
        case EntryKind.DECISION:
            return say("finding_unknown_decision", decision=_decision(entry))
        case _:
            return say("finding_unknown_vote", who=_who(entry), move=_verb(entry))


def _refusal(entry: PastEntry) -> Sentence:
    reason = reason_sentence(entry.reason) if entry.reason else ()
    return say("finding_refusal", who=_who(entry), move=_verb(entry), reason=reason)


def _decision(entry: PastEntry) -> Sentence:
    people: list[Item] = [Mention(vote.by.id) for vote in entry.votes]
    return say("finding_made", done=moves.done(entry.move.key) if entry.move else "", people=people)


def _who(entry: PastEntry) -> Mention:
    return Mention(entry.votes[0].by.id)


def _verb(entry: PastEntry) -> str:
    return moves.verb(entry.move.key) if entry.move else text("finding_change")


def _refused(voters: Sequence[RefusedVoter]) -> Sentence:
    """What those would be told whose votes would be refused."""
    sentences = [
        say("finding_told", who=Mention(voter.person), reason=reason_sentence(voter.reason))
        for voter in voters
    ]
    return tuple(part for sentence in sentences for part in sentence)


def _gap(gap: Gap) -> Sentence:
    match gap.kind:
        case GapKind.MEMBERSHIP:
            return say("finding_gap_membership", who=Mention(gap.person))
        case GapKind.IN_GROUP:
            group = Team(gap.user_group)
            return say("finding_gap_in_group", who=Mention(gap.person), user_group=group)
        case GapKind.OTHERS_IN_GROUP:
            return say("finding_gap_others", user_group=Team(gap.user_group))
        case GapKind.SUBMITTER:
            return say("finding_gap_submitter")
