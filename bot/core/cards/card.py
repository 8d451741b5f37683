"""
The card of a version: what it is, what is known of it, and a button for each valid move.

A card shows the registry at one moment. Each button carries a `ButtonPayload`, all that the card
says of its move, so that a click can be compared with what holds when it is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards import deciding, links
from bot.core.cards.blocks import actions, button, header, rich, small
from bot.core.cards.consequences import consequence
from bot.core.cards.evidence import evidence
from bot.core.cards.latest import latest, latest_in_short, was_revoked
from bot.core.cards.messages import Message, message
from bot.core.cards.naming import Naming
from bot.core.cards.origin import origin
from bot.core.jobs.ids import WITHDRAW
from bot.core.registry.moves import moves_of
from bot.core.registry.outcome import next_to_deploy, outcome_of
from bot.core.registry.version import Readiness, Status
from bot.core.rules.judge import rule_problem
from bot.core.text import Link, Sentence, Strong, cut, one_line
from bot.core.votes.button import WithdrawButton, button_for, encode_button
from bot.core.words import bold, moves, say, text
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slack_sdk.models.blocks import Block, ButtonElement

    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.registry.version import Version
    from bot.core.rules.people import Person
    from bot.core.rules.rule import Rule
    from bot.core.votes.polls import Poll
    from bot.core.votes.vote import Change

_NEVER_READY: Final = (Readiness.FAILED, Readiness.DELETING)
_STYLES: Final = {Status.APPROVED: "primary", Status.REJECTED: "danger"}
_DESCRIPTION_LIMIT: Final = 300
_NO_NAMES: Final[Mapping[str, str]] = {}


def title(version: Version) -> str:
    """Name a version."""
    return text("version_title", group=version.group, number=version.number)


def card(  # noqa: PLR0913, PLR0917 - what a card shows
    candidate: Candidate,
    rule: Rule,
    last: Change | None,
    polls: Sequence[Poll] = (),
    names: Mapping[str, str] = _NO_NAMES,
    void: Sequence[Person] = (),
) -> Message:
    """
    Render the card of a version; *last* is its latest change, *polls* the votes so far.

    *names* are those of people, by id, whom the card names and may not mention; *void* is whose
    earlier votes no longer count.
    """
    version, naming = candidate.version, Naming(rule.mention, names)
    name, now = title(version), _heading(candidate, last)
    blocks: list[Block] = [header(name), rich((Strong(now),))]
    blocks += latest(version, last, naming)
    blocks.append(rich(*_facts(candidate, naming)))
    blocks += evidence(version, candidate.brief)
    blocks.append(small(version.arn))
    blocks += _deciding(candidate, rule, polls, naming, void)
    votes = deciding.poll_sentences(polls, naming)
    change, outcome = latest_in_short(version, last, naming), _outcome(candidate)
    summary = say(
        "card_summary", title=name, state=now, change=change, outcome=outcome, votes=votes
    )
    return message(summary, blocks)


def gone(group: str, number: int) -> Message:
    """Render the card of a version that is no longer in the registry."""
    name, now = text("version_title", group=group, number=number), text("card_gone")
    summary = say("card_gone_summary", title=name, state=now)
    return message(summary, [header(name), rich((Strong(now),))])


def state(version: Version, versions: Sequence[Version]) -> str:
    """Say what the state of *version* is among all *versions* of its group, in a few words."""
    if version.status is Status.PENDING and version.readiness is not Readiness.COMPLETED:
        reason = not_ready(version)
        if version.readiness in _NEVER_READY:
            return text("state_never_ready", reason=reason)
        return text("state_not_ready_yet", reason=reason)
    newest = next_to_deploy(versions)
    if newest is not None and newest.number == version.number:
        return text("state_approved_live")
    return text(f"status_{version.status.name.lower()}")


def not_ready(version: Version) -> str:
    """Say why a version that is not Completed cannot be approved."""
    return text(f"readiness_{version.readiness.name.lower()}")


def _heading(candidate: Candidate, last: Change | None) -> str:
    """The state of a version; of one that was approved before, that it was revoked."""
    if was_revoked(candidate.version, last):
        return text("card_revoked")
    return state(candidate.version, candidate.versions)


def _outcome(candidate: Candidate) -> Sentence:
    """What approval leads to; of a decided version, which one is next to deploy."""
    version = candidate.version
    if version.status is Status.PENDING and version.readiness is Readiness.COMPLETED:
        outcome = outcome_of(version, Status.APPROVED, candidate.versions)
        approved = consequence(version.number, Status.APPROVED, outcome)
        return say("card_summary_if_approved", outcome=approved)
    newest = next_to_deploy(candidate.versions)
    return say("card_summary_next", number=newest.number) if newest else say("card_summary_none")


def _facts(candidate: Candidate, naming: Naming) -> Iterable[Sentence]:
    version = candidate.version
    if description := one_line(version.description):
        yield (cut(description, _DESCRIPTION_LIMIT),)
    yield from origin(version, naming)
    if version.status is Status.PENDING:
        newest = next_to_deploy(candidate.versions)
        yield say("card_live", number=newest.number) if newest else say("card_none_approved")
    if address := links.studio(version):
        yield (Link(address, text("card_studio")),)


def _deciding(
    candidate: Candidate,
    rule: Rule,
    polls: Sequence[Poll],
    naming: Naming,
    void: Sequence[Person],
) -> Iterable[Block]:
    """Who can decide, the votes so far, and the buttons; or why nobody can decide."""
    if reason := rule_problem(rule):
        yield rich(bold("card_nobody_decides", reason=reason_sentence(reason)))
        return
    valid = moves_of(candidate.version)
    possible = [move for move in valid if not rule_problem(rule, move)]
    yield from _blocked(valid, rule)
    if possible and polls:
        yield rich(bold("card_votes"), *_votes(polls, naming))
    if possible and void:
        yield rich(say("card_void", people=naming.persons(void)))
    if possible:
        yield rich(*deciding.who_may(rule, possible, naming))
        withdraw = [_withdraw_button(candidate.version)] if polls else []
        yield actions([*(_move_button(move, candidate, rule) for move in possible), *withdraw])


def _blocked(valid: Iterable[Move], rule: Rule) -> Iterable[Block]:
    """Which moves nobody can make under *rule*, and why."""
    for move in valid:
        if reason := rule_problem(rule, move):
            label, why = moves.label(move.key), reason_sentence(reason)
            yield rich(bold("card_move_blocked", move=label, reason=why))


def _votes(polls: Sequence[Poll], naming: Naming) -> Iterable[Sentence]:
    for poll in polls:
        yield deciding.how_far(poll, naming)
        yield from deciding.votes_cast(poll, naming)


def _move_button(move: Move, candidate: Candidate, rule: Rule) -> ButtonElement:
    value = encode_button(button_for(move, candidate, rule))
    name = moves.label(move.key)
    label = text("card_button_label", move=name, title=title(candidate.version))
    return button(name, move.key, value, label=label, style=_STYLES[move.target])


def _withdraw_button(version: Version) -> ButtonElement:
    label = text("card_withdraw_label", title=title(version))
    value = encode_button(WithdrawButton(version.arn))
    return button(text("card_withdraw"), WITHDRAW, value, label=label)
