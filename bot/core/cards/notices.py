"""
What is said when something has changed: in the card's thread, in the rule's other channels, and
in private to somebody who was refused or came second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import decided, title
from bot.core.cards.consequences import consequence
from bot.core.cards.deciding import how_far, mentions
from bot.core.cards.messages import Message, message
from bot.core.registry.moves import between
from bot.core.registry.version import Status
from bot.core.text import Channel, Code, Mention, Sentence, Strong, When, cut, one_line
from bot.core.votes.vote import Decision

ELSEWHERE: Final = 1_000
"""So much of a comment is repeated in other channels; the thread has all that Slack takes."""
NOW: Final = {
    Status.PENDING: "set back to waiting",
    Status.APPROVED: "approved",
    Status.REJECTED: "rejected",
}

_SEEN_CHANGED: Final = "What this version is judged by has changed; the card shows it as it is now."
CHANGED_SINCE: Final[Sentence] = (
    "What this version is judged by has changed since the decision was taken.",
)
GONE_MEANWHILE: Final[Sentence] = (
    "This version is not in the registry any more.",
    " Whether your decision was made before it went cannot be told.",
)
GLASS_UNSAID: Final[Sentence] = (
    "You registered this version: to approve it yourself breaks the glass, and your form did not",
    " say so. Nothing was changed. Press the button again if you want that.",
)
NO_VOTE: Final[Sentence] = (
    "You have no vote on this version to withdraw. The card shows what stands.",
)
NOT_OURS: Final[Sentence] = (
    "This bot does not look at the registry of this version any more, so it decides nothing there.",
)
_MAY_NOT_LOOK: Final = (
    "AWS does not let this bot look at the registry of this version at the moment."
)
PUT_OFF: Final[Sentence] = (
    _MAY_NOT_LOOK,
    " What you asked for is not lost: the bot tries it again for some minutes.",
)
PRESS_AGAIN: Final[Sentence] = (
    _MAY_NOT_LOOK,
    " Nothing was decided. Press the button again in some minutes.",
)
GONE: Final[Sentence] = (
    "This version is not in the registry any more, so there is nothing left to decide.",
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.evidence.brief import Brief
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.judge import Poll
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.request import MessageRef
    from bot.core.votes.vote import Change, Vote


def in_thread(version: DescribedVersion, change: Change, void: Sequence[Vote] = ()) -> Message:
    """Who decided, when and why, and what it causes; and whose votes are *void* by it."""
    causes = consequence(version.number, change.target, change.outcome)
    lost: Sentence = (" The votes cast before count no more: ", *_voters(void), ".") if void else ()
    return _quoting((*decided(change), " ", causes, *lost), change.comment)


def of_votes(kind: str, votes: Sequence[Vote], polls: Sequence[Poll]) -> Message:
    """What became of votes; for the thread below the card."""
    voters, (vote, *_) = _voters(votes), votes
    verb = between(vote.source, vote.target).key
    stands = [part for poll in polls for part in (" ", *how_far(poll), ".")]
    match kind:
        case "vote_cast":
            override = " and broke the glass: they registered this version" if vote.override else ""
            return _quoting((*voters, f" voted to {verb}{override}.", *stands), vote.comment)
        case "vote_withdrawn":
            return _quoting((*voters, f" took their vote to {verb} back.", *stands), "")
        case _:
            return _quoting((_SEEN_CHANGED, " These votes count no more: ", *voters, "."), "")


def private_reason(reason, comment=""):
    from bot.core.words.reasons import reason_sentence

    return privately(reason_sentence(reason), comment)


def render_notice(notice, way, group, number, *, cards_channel, polls):
    from types import SimpleNamespace
    from bot.core.words.reasons import reason_sentence

    version = SimpleNamespace(group=group, number=number, status=None)
    change = notice.decision or notice.external
    match notice.kind:
        case "decided" | "changed_elsewhere":
            if way == "thread":
                return in_thread(version, change, notice.votes)
            return for_channel(
                version, change, SimpleNamespace(channel=cards_channel) if cards_channel else None
            )
        case "vote_cast" | "vote_withdrawn" | "votes_void":
            return of_votes(notice.kind.value, notice.votes, polls)
        case "override":
            return override_notice(version, notice.votes[0])
        case "not_made":
            why = reason_sentence(notice.reason)
            if way == "private":
                return privately((*why, " Your decision was not made."), notice.comment)
            return not_made(notice.decision, why)
        case _:
            return private_reason(notice.reason, notice.comment)


def override_notice(version: DescribedVersion, vote: Vote) -> Message:
    """For everybody in the channel: somebody approves what they registered."""
    said = ("🚨 ", Mention(vote.by.id), " broke the glass: they registered ")
    verb = between(vote.source, vote.target).key
    return _quoting((*said, Strong(title(version)), f" and vote to {verb} it."), vote.comment)


def not_made(decision: Decision, why: Sentence) -> Message:
    """For those who voted for a decision that was void before it was made."""
    verb = between(decision.source, decision.target).key
    voters = _voters(decision.votes)
    return _quoting(
        (
            f"The decision to {verb} came to nothing. ",
            *why,
            " It rested on the votes of ",
            *voters,
            ".",
        ),
        "",
    )


def _voters(votes: Sequence[Vote]) -> Sentence:
    return mentions([vote.by for vote in votes])


def for_channel(version: DescribedVersion, change: Change, place: MessageRef | None) -> Message:
    """The same for a channel that has not seen the card."""
    where = (" The card is in ", Channel(place.channel), ".") if place else ()
    causes = consequence(version.number, change.target, change.outcome)
    said = (Strong(title(version)), ": ", *decided(change), " ", causes, *where)
    return _quoting(said, cut(change.comment, ELSEWHERE))


def privately(said: Sentence, comment: str = "") -> Message:
    """A sentence for one person, who gets back the *comment* that came to nothing."""
    return _quoting(said, comment)


def _quoting(said: Sentence, comment: str) -> Message:
    return message(said, [quoted(said, comment) if one_line(comment) else rich(said)])


def who_was_first(version: DescribedVersion, last: Change | None) -> Sentence:
    """Why a click came too late."""
    now = f"{title(version)} is {NOW[version.status]} by now. "
    match last:
        case Decision(by=by, at=at) if last.target is version.status:
            first: Sentence = (Mention(by.id), " was first, ", When(at), ".")
        case _ if version.modified_by:
            first = (f"It was not decided here, but by {version.modified_by}.",)
        case _:
            first = ("It was not decided here.",)
    return (now, *first, " The card shows what can be done now.")


def brief_changed(shown: Brief, now: Brief) -> Sentence:
    """Why a click on an older picture is refused."""
    again = " Nothing was decided. The card shows it as it is now: look again, then decide."
    return (*what_changed(shown, now), again)


def what_changed(shown: Brief, now: Brief) -> Sentence:
    """That a version is judged by something else now, and what that is as far as it shows."""
    was = {metric.name: metric.value for metric in shown.metrics}
    differ = [
        f"{metric.name} was {was[metric.name]} and is {metric.value}"
        for metric in now.metrics
        if was.get(metric.name, metric.value) != metric.value
    ]
    what = f" For example, {differ[0]}." if differ else ""
    return (f"What this version is judged by has changed since this was shown.{what}",)


def outcome_changed(offer: ButtonPayload) -> Sentence:
    """Why a submit was not carried out, although its move is still valid."""
    now = consequence(offer.number, offer.target, offer.outcome)
    return (
        (
            "Something else was decided since you opened the form, so your decision would now do "
            f"what the form did not say. Nothing was changed. As things stand: {now} "
            "Press the button again if you still want it."
        ),
    )


def declined(version: DescribedVersion, decision: Decision) -> Sentence:
    """SageMaker said no to the call itself."""
    return (
        (
            f"SageMaker did not accept the change of {title(version)}, so nothing has changed. "
            "Whoever runs this bot finds the reason in its log, under decision "
        ),
        Code(decision.id),
        ".",
    )
