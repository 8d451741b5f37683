"""Say what the rules say of a person and a move (`bot.core.rules.explain`), line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.registry.version import Status
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.text import Channel, Mention, Sentence, Team
from bot.core.words import moves, say
from bot.core.words.reasons import lookup_failure, reason_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.rules.explain import Explanation
    from bot.core.rules.judge import Verdict
    from bot.core.rules.people import LookupFailure
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Role
    from bot.core.words import Item

_MOST_NAMED: Final = 5
"""At most this many members of a user group are named one by one."""


def explanation_lines(explanation: Explanation) -> Iterator[Sentence]:
    """Say *explanation*, a sentence or two on each line."""
    yield _rule(explanation)
    yield say("explain_channel", channel=Channel(explanation.rule.channel))
    yield from _attempt(explanation)
    yield from _submitter(explanation)
    if veto := explanation.rule.veto:
        yield say("explain_veto", people=[*veto.mentions])
    yield _pings(explanation)
    yield _channels(explanation)
    for group, failure in explanation.unreadable.items():
        yield _unreadable(group, failure)


def votes_needed(tally: Tally) -> Sentence:
    """Say how many more votes *tally* needs, and for which roles."""
    count = tally.needed - tally.have
    roles = [
        _of_role(role, lacking) for role, lacking in tally.waiting_for if role.name != UNNAMED_ROLE
    ]
    if roles:
        return say("votes_needed_by_role", count=count, roles=roles)
    return say("votes_needed", count=count)


def _of_role(role: Role, lacking: int) -> Item:
    return role.name if lacking == 1 else say("votes_needed_of_role", count=lacking, role=role.name)


def _rule(explanation: Explanation) -> Sentence:
    group, name, pattern = explanation.attempt.group, explanation.rule.name, explanation.pattern
    if pattern is None:
        return say("explain_no_rule", group=group)
    if not name:
        return say("explain_rule_without_name", pattern=pattern, group=group)
    return say("explain_rule", rule=name, pattern=pattern, group=group)


def _attempt(explanation: Explanation) -> Iterator[Sentence]:
    """Whether the person may, and what their vote would do or what they would be told."""
    attempt = explanation.attempt
    who, move, group = Mention(attempt.person), moves.verb(attempt.move.key), attempt.group
    if explanation.depends_on:
        teams: list[Item] = [*map(Team, explanation.depends_on)]
        yield say("explain_unknown", who=who, move=move, group=group, user_groups=teams)
    if explanation.reason:
        yield say("explain_refused", who=who, move=move, group=group)
        yield say("explain_told", reason=reason_sentence(explanation.reason))
    if explanation.verdict:
        yield say("explain_allowed", who=who, move=move, group=group)
        yield from _vote(explanation, explanation.verdict)
        yield _comment(explanation, explanation.verdict)


def _vote(explanation: Explanation, verdict: Verdict) -> Iterator[Sentence]:
    """What the vote would do, and who else could bring the move further."""
    if verdict.granted:
        yield say("explain_vetoes") if verdict.veto else say("explain_decides")
        return
    role, needed = verdict.tally.role_of(explanation.attempt.person), votes_needed(verdict.tally)
    if role == UNNAMED_ROLE:
        yield say("explain_counts", needed=needed)
    else:
        yield say("explain_counts_for_role", role=role, needed=needed)
    people = _next_voters(explanation)
    yield say("explain_next", people=people) if people else say("explain_nobody_next")


def _next_voters(explanation: Explanation) -> list[Item]:
    voters = explanation.next_voters
    groups = [_member(group, members) for group, members in voters.user_groups.items()]
    return [*map(Mention, voters.users), *groups]


def _member(group: str, members: frozenset[str] | None) -> Sentence:
    if members is None:
        return say("explain_member", user_group=Team(group))
    if len(members) > _MOST_NAMED:
        return say("explain_member_counted", user_group=Team(group), count=len(members))
    named: Sequence[Item] = [Mention(member) for member in sorted(members)]
    return say("explain_member_named", user_group=Team(group), members=named)


def _comment(explanation: Explanation, verdict: Verdict) -> Sentence:
    if verdict.override:
        return say("explain_override")
    if explanation.attempt.move.key in explanation.rule.comment:
        return say("explain_comment_needed")
    return say("explain_no_comment_needed")


def _submitter(explanation: Explanation) -> Iterator[Sentence]:
    """Whether whoever registered the version may approve it."""
    move = explanation.attempt.move
    if move.target is not Status.APPROVED:
        return
    if explanation.rule.break_glass:
        yield say("explain_submitter_may", move=moves.verb(move.key))
    else:
        yield say("explain_submitter_may_not", move=moves.verb(move.key))


def _pings(explanation: Explanation) -> Sentence:
    pings = explanation.pings
    people: list[Item] = [*pings.people.mentions]
    if not people:
        return say("explain_pings_nobody")
    if pings.is_complete:
        return say("explain_pings", count=pings.count, people=people)
    return say("explain_pings_at_least", count=pings.count, people=people)


def _channels(explanation: Explanation) -> Sentence:
    channels: list[Item] = [Channel(channel) for channel in explanation.rule.notify]
    if not channels:
        return say("explain_thread")
    return say("explain_thread_and_channels", channels=channels)


def _unreadable(group: str, failure: LookupFailure | None) -> Sentence:
    if failure is None:
        return say("explain_not_asked", user_group=Team(group))
    because = say("explain_because", failure=lookup_failure(failure))
    return say("explain_unreadable", user_group=Team(group), because=because)
