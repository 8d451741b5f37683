"""The notices that a change leads to: what is told, and where. Data for the outbox."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.followup.endpoints import DELETED
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.outcome import newest_approved
from bot.core.registry.version import Status, arn_key
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.vote import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.decide.snapshot import Snapshot
    from bot.core.registry.version import DatedStatus, Version
    from bot.core.rules.people import Person
    from bot.core.rules.rule import Rule
    from bot.core.votes.vote import Change, ExternalChange, Vote

THREAD = To(Way.THREAD)


def decided(decision: Decision, void: tuple[Vote, ...], snapshot: Snapshot) -> tuple[Notice, ...]:
    """A decision was made: the thread, the rule's channels and the group's other cards."""
    notice = Notice(
        id=decision.id,
        kind=NoticeKind.DECIDED,
        to=_thread_and_channels(snapshot.rule),
        at=decision.at,
        decision=decision,
        votes=void,
        reason=_made_on_another(decision, snapshot),
    )
    last = override(decision.votes[-1:], snapshot)
    return (notice, *last, *_update_named_cards(decision, snapshot))


def _made_on_another(decision: Decision, snapshot: Snapshot) -> Reason | None:
    """Say that *decision* was judged on an older version, which had the ARN before, if it was."""
    judged_on, created = decision.seen_modified, snapshot.version.created
    is_other = judged_on is not None and judged_on < created
    return Reason(ReasonCode.MADE_ON_ANOTHER_VERSION) if is_other else None


def external_change(
    change: ExternalChange, void: tuple[Vote, ...], snapshot: Snapshot
) -> tuple[Notice, ...]:
    """
    The status was changed outside: the same people hear of it.

    Without a card, that is said in the channel where the card would be.
    """
    notice = Notice(
        id=change.id,
        kind=NoticeKind.EXTERNAL_CHANGE,
        to=_thread_and_channels_or_own(snapshot),
        at=snapshot.since,
        external=change,
        votes=void,
    )
    return (notice, *_update_named_cards(change, snapshot))


def missed(
    id_: str,
    reported: DatedStatus,
    by: Decision | None,
    void: tuple[Vote, ...],
    snapshot: Snapshot,
) -> Notice:
    """
    The bot missed a change outside, which was made while it made the decision *by*, if any.

    It is told in the same places as a change outside that the bot saw.
    """
    return Notice(
        id=id_,
        kind=NoticeKind.MISSED,
        to=_thread_and_channels_or_own(snapshot),
        at=snapshot.since,
        decision=by and replace(by, comment="", votes=()),  # they were told, and take room
        reported=reported,
        votes=void,
    )


def vote_cast(vote: Vote, snapshot: Snapshot) -> tuple[Notice, ...]:
    """Somebody voted, and the move needs more votes."""
    return (
        _of_votes(NoticeKind.VOTE_CAST, vote.id, (vote,), snapshot),
        *override([vote], snapshot),
    )


def vote_withdrawn(id_: str, vote: Vote, snapshot: Snapshot) -> Notice:
    """Somebody withdrew their vote."""
    return _of_votes(NoticeKind.VOTE_WITHDRAWN, id_, (vote,), snapshot)


def votes_void(id_: str, votes: tuple[Vote, ...], snapshot: Snapshot) -> Notice:
    """What the votes were cast on has changed."""
    return _of_votes(NoticeKind.VOTES_VOID, id_, votes, snapshot)


def override(votes: Iterable[Vote], snapshot: Snapshot) -> tuple[Notice, ...]:
    """Everybody in the channel sees that somebody approves what they registered."""
    return tuple(
        Notice(
            id=f"{vote.id}.override",
            kind=NoticeKind.OVERRIDE,
            to=(To(Way.CARD_CHANNEL),),
            at=snapshot.since,
            votes=(vote,),
        )
        for vote in votes
        if vote.override
    )


def not_made(decision: Decision, reason: Reason, snapshot: Snapshot) -> tuple[Notice, ...]:
    """
    A decision is void: its maker is told in private, everybody else in the thread.

    The thread is where the form said that one reads what came of the decision, and where one looks
    for why the card says that votes no longer count.
    """
    channel = _card_channel(snapshot)
    notice = Notice(
        id=f"{decision.id}.void",
        kind=NoticeKind.NOT_MADE,
        to=(To(Way.PRIVATE, channel, decision.by.id), THREAD),
        at=decision.at,
        decision=decision,
        reason=reason,
        comment=decision.comment,
    )
    return (notice,)


def refused(  # noqa: PLR0913, PLR0917 - every need is named
    id_: str, reason: Reason, person: Person, channel: str, snapshot: Snapshot, comment: str = ""
) -> Notice:
    """One person hears why what they asked for was not done, and gets their comment back."""
    return Notice(
        id=id_,
        kind=NoticeKind.REFUSED,
        to=(To(Way.PRIVATE, channel, person.id),),
        at=snapshot.now,
        reason=reason,
        comment=comment,
    )


def gone(decision: Decision, snapshot: Snapshot) -> Notice:
    """The version disappeared under an open decision: who made it is told."""
    reason = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
    channel = _card_channel(snapshot)
    return refused(decision.id, reason, decision.by, channel, snapshot, decision.comment)


def card_not_posted(channel: str, error: str, snapshot: Snapshot) -> Notice:
    """Those who run the bot hear, in the fallback channel, that *channel* takes no cards."""
    reason = Reason(ReasonCode.CARD_NOT_POSTED, {"channel": channel, "error": error})
    return Notice(
        id=f"card_not_posted.{channel}",
        kind=NoticeKind.CARD_NOT_POSTED,
        to=(To(Way.CHANNEL, snapshot.fallback_channel),),
        at=snapshot.now,
        reason=reason,
    )


def deploy_unheard(change: Change, number: int, minutes: int, snapshot: Snapshot) -> Notice:
    """No endpoint has reported version *number*, so many *minutes* after *change*."""
    params = {
        "number": number,
        "minutes": minutes,
        "endpoints": [each.name for each in snapshot.servings if each.state not in DELETED],
    }
    return Notice(
        id=f"{change.id}.unheard",
        kind=NoticeKind.DEPLOY_UNHEARD,
        to=_thread_and_channels(snapshot.rule),
        at=snapshot.now,
        votes=change.votes if isinstance(change, Decision) else (),
        reason=Reason(ReasonCode.DEPLOY_UNHEARD, params),
    )


def update_cards(id_: str, named: Iterable[Version], snapshot: Snapshot) -> Notice:
    """Have the group's waiting cards updated, and those of *named*: they name this version."""
    own = arn_key(snapshot.request.arn)
    return Notice(
        id=id_,
        kind=NoticeKind.UPDATE_CARDS,
        to=(To(Way.QUEUE),),
        at=snapshot.now,
        arns=tuple(version.arn for version in named if arn_key(version.arn) != own),
        waiting_in=snapshot.version.group if snapshot.candidate else snapshot.request.group,
    )


def update_siblings(id_: str, snapshot: Snapshot) -> Notice:
    """
    The version was deleted: the cards that may name it, and that of the one next to deploy.

    SageMaker may still list it for a moment: so it is left out before that one is looked for.
    """
    own = arn_key(snapshot.request.arn)
    others = [each for each in snapshot.group_approved if arn_key(each.arn) != own]
    return update_cards(id_, newest_approved(others, 1), snapshot)


def _update_named_cards(change: Change, snapshot: Snapshot) -> tuple[Notice, ...]:
    """
    Update the cards that name a version next to deploy: those that wait, and of those named.

    The outcome is of the registry as it is now. If other versions changed before this one was
    looked at, another version called itself next to deploy until now: the one that this version's
    card named; without a card, it may be one of the newest.
    """
    outcome, approved = change.outcome, snapshot.subject.versions
    shown = {card.next_to_deploy for card in snapshot.request.cards if card.ref}
    if isinstance(change, Decision) and {outcome.before, *shown} == {outcome.after}:
        return ()  # of a change elsewhere, nobody knows what was next to deploy before it
    others = shown or {each.number for each in newest_approved(approved, 3)}
    named = {outcome.before, outcome.after, *others}
    stale = [each for each in approved if each.number in named]
    return (update_cards(f"{change.id}.siblings", stale, snapshot),)


def _of_votes(kind: NoticeKind, id_: str, votes: tuple[Vote, ...], snapshot: Snapshot) -> Notice:
    return Notice(
        id=id_,
        kind=kind,
        to=(THREAD,),
        at=snapshot.since,
        votes=votes,
    )


def _thread_and_channels(rule: Rule) -> tuple[To, ...]:
    return (THREAD, *(To(Way.CHANNEL, channel) for channel in rule.notify))


def _thread_and_channels_or_own(snapshot: Snapshot) -> tuple[To, ...]:
    """Also the channel where the card would be, if there is none and the version does not wait."""
    rule, waits = snapshot.rule, snapshot.version.status is Status.PENDING
    own_channel = () if snapshot.request.cards or waits else (To(Way.CHANNEL, rule.channel),)
    return tuple(dict.fromkeys([*_thread_and_channels(rule), *own_channel]))


def _card_channel(snapshot: Snapshot) -> str:
    cards = snapshot.request.cards
    return cards[0].channel if cards else snapshot.rule.channel
