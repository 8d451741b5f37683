"""
The card of a version: what it is, what is known of it, and a button for each valid move.

A card shows the registry at one moment. Each button carries a `ButtonPayload`, all that the card
says of its move, so that a click can be compared with what holds when it is judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.core.cards import deciding
from bot.core.cards.blocks import actions, button, columns, header, quoted, rich, small
from bot.core.cards.changes import decided, external_change
from bot.core.cards.headline import NOT_SEEN, Production, headline, next_line, serving_lines
from bot.core.cards.messages import Message, message
from bot.core.followup.serving import is_named, standing
from bot.core.jobs.ids import WITHDRAW
from bot.core.registry.moves import moves_of
from bot.core.registry.version import Status
from bot.core.rules.judge import rule_problem
from bot.core.rules.people import SLACK_ID, SUBMITTED_BY
from bot.core.text import Code, Mention, Sentence, Strong, When, cut, one_line
from bot.core.votes.button import WithdrawButton, button_for, encode_button
from bot.core.words import bold, moves, say, text
from bot.core.words.notes import note_text, report_label
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slack_sdk.models.blocks import Block, ButtonElement

    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.registry.version import DescribedVersion, Version
    from bot.core.rules.rule import Rule
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.polls import Poll
    from bot.core.votes.vote import Change

_STYLES: Final = {Status.APPROVED: "primary", Status.REJECTED: "danger"}
_DESCRIPTION_LIMIT: Final = 1_000
_COMMENT_LIMIT: Final = 1_000
_FAILURE_LIMIT: Final = 500
_MOST_FAILURES: Final = 3
_MOST_NOTES: Final = 5
_MOST_REPORTS: Final = 9


def title(version: Version) -> str:
    """Name a version."""
    return text("version_title", group=version.group, number=version.number)


def card(
    candidate: Candidate,
    rule: Rule,
    last: Change | None,
    polls: Sequence[Poll] = (),
    production: Production = NOT_SEEN,
) -> Message:
    """
    Render the card of a version.

    *last* is its latest change, *polls* the votes so far, *production* what is known of endpoints.
    """
    version = candidate.version
    production = replace(production, versions=candidate.versions)
    name, now = title(version), headline(version, production, last, rule)
    blocks: list[Block] = [header(name), rich(_in_bold(now))]
    blocks += _latest(version, last)
    blocks += _failure(version, production)
    blocks.append(rich(*_facts(candidate, rule), *_production(version, production)))
    blocks += _evidence(candidate)
    blocks += _deciding(candidate, rule, polls)
    votes = deciding.poll_sentences(polls)
    return message(say("card_summary", title=name, state=now, votes=votes), blocks)


def gone(group: str, number: int) -> Message:
    """Render the card of a version that is no longer in the registry."""
    name, now = text("version_title", group=group, number=number), text("card_gone")
    summary = say("card_gone_summary", title=name, state=now)
    return message(summary, [header(name), rich((Strong(now),))])


def _latest(version: DescribedVersion, last: Change | None) -> list[Block]:
    """Who gave the version its status, and their comment; or why SageMaker could not make it."""
    if last is not None and last.target is version.status:
        return [_with_comment(decided(last), last.comment)]
    if version.status is not Status.PENDING:
        change = external_change(version.status, version.modified_by, version.modified)
        return [_with_comment(change, version.comment)]
    reasons = [cut(reason, _FAILURE_LIMIT) for reason in version.failures[:_MOST_FAILURES]]
    return [rich(say("card_failure", reason=reason)) for reason in reasons]


def _with_comment(sentence: Sentence, comment: str) -> Block:
    """*sentence* above a comment, cut to the room on a card; the thread has all of it."""
    limited = cut(comment, _COMMENT_LIMIT)
    return quoted(sentence, limited) if one_line(comment) else rich(sentence)


def _facts(candidate: Candidate, rule: Rule) -> Iterable[Sentence]:
    version = candidate.version
    if description := one_line(version.description):
        yield (cut(description, _DESCRIPTION_LIMIT),)
    by = say("card_registered_by", name=version.created_by) if version.created_by else ()
    yield say("card_registered", when=When(version.created), by=by)
    if submitter := one_line(version.metadata.get(SUBMITTED_BY, "")):
        is_pinged = SLACK_ID.fullmatch(submitter) and rule.mention is None
        yield say("card_submitted", who=Mention(submitter) if is_pinged else Code(submitter))


def _production(version: Version, production: Production) -> Iterable[Sentence]:
    """What is next to deploy, and what the endpoints serve, where the headline does not say it."""
    waits = version.status is Status.PENDING
    if waits:
        yield next_line(production)
    if waits or (len(production.servings) > 1 and is_named(version, production.servings)):
        yield from serving_lines(production)


def _failure(version: Version, production: Production) -> list[Block]:
    """Why a deployment of the version failed, in SageMaker's words."""
    reason = standing(version, production.servings).reason
    return [rich(say("card_failure", reason=cut(reason, _FAILURE_LIMIT)))] if reason else []


def _in_bold(sentence: Sentence) -> Sentence:
    return tuple(Strong(part) if isinstance(part, str) else part for part in sentence)


def _evidence(candidate: Candidate) -> Iterable[Block]:
    version, brief = candidate.version, candidate.brief
    if brief.metrics:
        yield columns([(metric.name, metric.value) for metric in brief.metrics])
    notes = [note_text(note) for note in brief.notes[:_MOST_NOTES]]
    reports = [f"{report_label(each.name)}: {each.uri}" for each in version.reports]
    for line in (*notes, *reports[:_MOST_REPORTS], version.arn):
        yield small(line)


def _deciding(candidate: Candidate, rule: Rule, polls: Sequence[Poll]) -> Iterable[Block]:
    """Who can decide, the votes so far, and the buttons; or why nobody can decide."""
    if reason := rule_problem(rule):
        yield rich(bold("card_nobody_decides", reason=reason_sentence(reason)))
        return
    valid = moves_of(candidate.version)
    possible = [move for move in valid if not rule_problem(rule, move)]
    yield from _blocked(valid, rule)
    if possible and polls:
        yield rich(bold("card_votes"), *_votes(polls))
    if possible:
        yield rich(*deciding.who_may(rule, possible))
        withdraw = [_withdraw_button(candidate.version)] if polls else []
        yield actions([*(_move_button(move, candidate, rule) for move in possible), *withdraw])


def _blocked(valid: Iterable[Move], rule: Rule) -> Iterable[Block]:
    """Which moves nobody can make under *rule*, and why."""
    for move in valid:
        if reason := rule_problem(rule, move):
            label, why = moves.label(move.key), reason_sentence(reason)
            yield rich(bold("card_move_blocked", move=label, reason=why))


def _votes(polls: Sequence[Poll]) -> Iterable[Sentence]:
    for poll in polls:
        yield deciding.how_far(poll)
        yield from deciding.overrides(poll)


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
