"""
What people are told when something changed: in the card's thread, in the rule's channels, and in
private, to somebody who was refused or came second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.changes import decided
from bot.core.cards.consequences import consequence
from bot.core.cards.deciding import poll_sentences
from bot.core.cards.headline import goes_around, is_around_rule
from bot.core.cards.messages import Message, message
from bot.core.cards.naming import EVERYBODY, Naming
from bot.core.cards.places import card_place
from bot.core.cards.shared import COMMENT_LIMIT
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import move_between
from bot.core.registry.version import DatedStatus
from bot.core.text import Sentence, When, cut, one_line
from bot.core.votes.outbox import Notice, NoticeKind, Way
from bot.core.votes.vote import Decision, ExternalChange
from bot.core.words import moves, say, text
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.rules.rule import Rule
    from bot.core.votes.polls import Poll
    from bot.core.votes.request import Card
    from bot.core.votes.vote import Change, Vote
    from bot.core.words import Item

CHANNEL_COMMENT_LIMIT: Final = 1_000
"""In other channels a comment is cut to this; the thread has all that Slack takes."""


def render_notice(  # noqa: PLR0913, PLR0917 - a notice, and where it is read
    notice: Notice,
    way: Way,
    group: str,
    number: int,
    card: Card | None = None,
    polls: Sequence[Poll] = (),
    naming: Naming = EVERYBODY,
    rule: Rule | None = None,
) -> Message:
    """
    Render *notice* about version *number* of *group* for people who get it by *way*.

    *card* is the one of the version, if it has one; *polls* are the votes so far; *rule* is the
    one for the group, which an approval outside may have gone around. Raises
    ValueError for a notice that is no message (UPDATE_CARDS), or lacks what its kind is about.
    """
    name = text("version_title", group=group, number=number)
    sentence, comment = _content(notice, way, name, number, polls, naming, rule)
    if way is Way.CHANNEL and notice.kind is not NoticeKind.OVERRIDE:
        return _in_channel(name, sentence, comment, card)
    if way is Way.PRIVATE:
        return _giving_back(sentence, comment)
    return _with_comment(sentence, comment)


def _content(  # noqa: PLR0913, PLR0917 - all that a notice can say
    notice: Notice,
    way: Way,
    name: str,
    number: int,
    polls: Sequence[Poll],
    naming: Naming,
    rule: Rule | None,
) -> tuple[Sentence, str]:
    """What *notice* says, and the comment that it quotes."""
    match notice:
        case (
            Notice(kind=NoticeKind.DECIDED, decision=Decision() as change)
            | Notice(kind=NoticeKind.EXTERNAL_CHANGE, external=ExternalChange() as change)
        ):
            void = notice.votes if way is Way.THREAD else ()
            return _change(number, change, void, naming, rule, notice.reason), change.comment
        case Notice(kind=NoticeKind.MISSED, reported=DatedStatus() as reported):
            void = notice.votes if way is Way.THREAD else ()
            warning = _warning(rule, naming) if rule and goes_around(reported.status, rule) else ()
            return _missed(reported, notice.decision, void, warning, naming), ""
        case Notice(kind=NoticeKind.DEPLOY_UNHEARD, reason=Reason() as reason):
            return _deploy_unheard(reason, notice.votes, naming), ""
        case Notice(
            kind=NoticeKind.NOT_MADE, decision=Decision() as decision, reason=Reason() as why
        ):
            return _of_not_made(decision, why, way, naming)
        case Notice(
            kind=NoticeKind.REFUSED | NoticeKind.CARD_NOT_POSTED, reason=Reason() as reason
        ):
            return reason_sentence(reason), notice.comment
        case Notice(votes=(_, *_) as votes):
            return _of_votes(notice.kind, votes, name, polls, naming)
    raise ValueError(f"there is nothing to say of {notice.kind} {notice.id}")


def _of_votes(
    kind: NoticeKind, votes: tuple[Vote, ...], name: str, polls: Sequence[Poll], naming: Naming
) -> tuple[Sentence, str]:
    match kind:
        case NoticeKind.VOTE_CAST:
            return _vote_cast(votes, polls, naming), votes[0].comment
        case NoticeKind.VOTE_WITHDRAWN:
            return _vote_withdrawn(votes, polls, naming), ""
        case NoticeKind.VOTES_VOID:
            return say("notice_votes_void", people=_voters(votes, naming)), ""
        case NoticeKind.OVERRIDE:
            return _override(name, votes[-1], naming), votes[-1].comment
    raise ValueError(f"a notice of kind {kind} is not about votes")


def _of_not_made(
    decision: Decision, reason: Reason, way: Way, naming: Naming
) -> tuple[Sentence, str]:
    """Why *decision* was not made: to its maker, who gets the comment back, or in the thread."""
    why = reason_sentence(reason)
    if way is not Way.PRIVATE:
        return _not_made(decision, why, naming), ""
    if reason.code is ReasonCode.VERSION_GONE_UNDECIDED:
        return why, decision.comment
    return say("notice_private_not_made", why=why), decision.comment


def private_reason(reason: Reason, comment: str = "") -> Message:
    """Render *reason* for one person, who gets their *comment* back."""
    return _giving_back(reason_sentence(reason), comment)


def _giving_back(sentence: Sentence, comment: str) -> Message:
    """*sentence* above the reader's own comment, which no notification has to repeat."""
    return message(sentence, [quoted(sentence, comment) if one_line(comment) else rich(sentence)])


def _with_comment(sentence: Sentence, comment: str = "") -> Message:
    line = cut(one_line(comment), COMMENT_LIMIT)
    if not line:
        return message(sentence, [rich(sentence)])
    summary = say("notice_summary", notice=sentence, comment=line)
    return message(summary, [quoted(sentence, comment)])


def _in_channel(name: str, sentence: Sentence, comment: str, card: Card | None) -> Message:
    """A notice for people who have not seen the *card* of the version that is called *name*."""
    place = card_place(text("notice_card"), card) if card else ()
    there = say("notice_channel_card", place=place) if place else ()
    whole = say("notice_channel", title=name, notice=sentence, card=there)
    return _with_comment(whole, cut(comment, CHANNEL_COMMENT_LIMIT))


def _change(  # noqa: PLR0913, PLR0917 - what a change is told with
    number: int,
    change: Change,
    void: Sequence[Vote],
    naming: Naming,
    rule: Rule | None,
    reason: Reason | None,
) -> Sentence:
    warning = _warning(rule, naming) if rule and is_around_rule(change, rule) else ()
    return say(
        "notice_change",
        change=decided(change, naming),
        warning=say("warning_reason", why=reason_sentence(reason)) if reason else warning,
        outcome=consequence(number, change.target, change.outcome),
        void=say("notice_void", people=_voters(void, naming)) if void else (),
    )


def _warning(rule: Rule, naming: Naming) -> Sentence:
    """An approval went around *rule*: say so, and mention who may approve by it."""
    approvers = naming.people(rule.approvers)
    people = say("warning_around_people", people=approvers, count=len(approvers))
    return say("warning_around", rule=rule.name, people=people if approvers else ())


def _missed(
    reported: DatedStatus,
    decision: Decision | None,
    void: Sequence[Vote],
    warning: Sentence,
    naming: Naming,
) -> Sentence:
    status, when = text(f"external_status_{reported.status.name.lower()}"), When(reported.modified)
    no_longer = say("notice_void", people=_voters(void, naming)) if void else ()
    if decision is None:
        return say("notice_missed", status=status, when=when, warning=warning, void=no_longer)
    return say(
        "notice_missed_at_decision",
        status=status,
        when=when,
        warning=warning,
        who=naming.person(decision.by),
        done=moves.done(move_between(decision.source, decision.target).key),
        void=no_longer,
    )


def _deploy_unheard(reason: Reason, votes: Sequence[Vote], naming: Naming) -> Sentence:
    people = say("notice_for_voters", people=_voters(votes, naming)) if votes else ()
    return say("notice_deploy_unheard", why=reason_sentence(reason), people=people)


def _vote_cast(votes: Sequence[Vote], polls: Sequence[Poll], naming: Naming) -> Sentence:
    override = say("notice_vote_override") if votes[0].override else ()
    people, move = _voters(votes, naming), _verb(votes[0])
    so_far = poll_sentences(polls, naming)
    return say("notice_vote", people=people, move=move, override=override, polls=so_far)


def _vote_withdrawn(votes: Sequence[Vote], polls: Sequence[Poll], naming: Naming) -> Sentence:
    people, so_far = _voters(votes, naming), poll_sentences(polls, naming)
    return say("notice_withdrawn", people=people, move=_verb(votes[0]), polls=so_far)


def _override(name: str, vote: Vote, naming: Naming) -> Sentence:
    return say("notice_override", who=naming.person(vote.by), title=name, move=_verb(vote))


def _not_made(decision: Decision, why: Sentence, naming: Naming) -> Sentence:
    people = _voters(decision.votes, naming)
    return say("notice_not_made", move=_verb(decision), why=why, people=people)


def _verb(change: Vote | Decision) -> str:
    return moves.verb(move_between(change.source, change.target).key)


def _voters(votes: Sequence[Vote], naming: Naming) -> list[Item]:
    return naming.persons([vote.by for vote in votes])
