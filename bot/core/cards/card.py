"""
The card of a version: what it is, what is known of it, and a button for each valid move.

A card shows the registry at one moment. Each button carries a `ButtonPayload`, all that the card
says of its move, so that a click can be compared with what holds when it is judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.core.cards import deciding, links
from bot.core.cards.blocks import actions, button, header, rich, small
from bot.core.cards.consequences import consequence
from bot.core.cards.evidence import evidence
from bot.core.cards.headline import (
    NOT_SEEN,
    Production,
    headline,
    next_line,
    serving_lines,
)
from bot.core.cards.latest import FAILURE_LIMIT, latest, latest_in_short
from bot.core.cards.messages import Message, message
from bot.core.cards.naming import Naming
from bot.core.cards.origin import origin
from bot.core.followup.standing import is_named, standing
from bot.core.jobs.ids import WITHDRAW
from bot.core.registry.moves import moves_of
from bot.core.registry.outcome import outcome_of
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
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.polls import Poll
    from bot.core.votes.vote import Change

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
    production: Production = NOT_SEEN,
) -> Message:
    """
    Render the card of a version; *last* is its latest change, *polls* the votes so far.

    *names* are those of people, by id, whom the card names and may not mention; *void* is whose
    earlier votes no longer count; *production* is what is known of the group's endpoints.
    """
    version, naming = candidate.version, Naming(rule.mention, names)
    production = replace(production, versions=candidate.versions)
    name, now = title(version), headline(version, production, last, rule)
    blocks: list[Block] = [header(name), rich(_in_bold(now))]
    blocks += latest(version, last, naming)
    blocks += _failure(version, production)
    blocks.append(rich(*_facts(candidate, naming), *_production(version, production)))
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


def _outcome(candidate: Candidate) -> Sentence:
    """What approval leads to; of a decided version, the headline says what is known."""
    version = candidate.version
    if version.status is Status.PENDING and version.readiness is Readiness.COMPLETED:
        outcome = outcome_of(version, Status.APPROVED, candidate.versions)
        approved = consequence(version.number, Status.APPROVED, outcome)
        return say("card_summary_if_approved", outcome=approved)
    return ()


def _facts(candidate: Candidate, naming: Naming) -> Iterable[Sentence]:
    version = candidate.version
    if description := one_line(version.description):
        yield (cut(description, _DESCRIPTION_LIMIT),)
    yield from origin(version, naming)
    if address := links.studio(version):
        yield (Link(address, text("card_studio")),)


def _production(version: Version, production: Production) -> Iterable[Sentence]:
    """What is next to deploy, and what the endpoints serve, where the headline does not say it."""
    waits = version.status is Status.PENDING
    if waits:
        yield next_line(production)
    if waits or (len(production.servings) > 1 and is_named(version, production.servings)):
        yield from serving_lines(production)


def _failure(version: Version, production: Production) -> list[Block]:
    """Why a deployment of an approved version failed, in SageMaker's words."""
    reason = standing(version, production.servings).reason
    if not reason or version.status is not Status.APPROVED:
        return []
    return [rich(say("card_deployment_failed", reason=cut(reason, FAILURE_LIMIT)))]


def _in_bold(sentence: Sentence) -> Sentence:
    return tuple(Strong(part) if isinstance(part, str) else part for part in sentence)


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
    offer = button_for(move, candidate, rule)
    name = moves.label(move.key)
    label = text("card_button_label", move=name, title=title(candidate.version))
    shown, style = _button_text(offer, name), _STYLES[move.target]
    return button(shown, move.key, encode_button(offer), label=label, style=style)


def _button_text(offer: ButtonPayload, name: str) -> str:
    """What is on a button: the move, and for a rollback the version that it goes back to."""
    after = offer.outcome.after
    if offer.source is not Status.APPROVED or not offer.outcome.changes or after is None:
        return name
    return text("card_revoke_back", number=after)


def _withdraw_button(version: Version) -> ButtonElement:
    label = text("card_withdraw_label", title=title(version))
    value = encode_button(WithdrawButton(version.arn))
    return button(text("card_withdraw"), WITHDRAW, value, label=label)
