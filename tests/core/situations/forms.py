"""The situations in which people see a form, or the receipt that it becomes."""

from dataclasses import replace
from datetime import timedelta

from bot.core.cards.blocks import Json
from bot.core.cards.forms import (
    checked,
    not_checked,
    opened,
    refusal,
    shown_again,
    still_unchecked,
    still_working,
    working,
)
from bot.core.cards.receipts import receipt
from bot.core.decide.effect import CheckedForm, Decided, NotDone, Recorded, VoteCount, VoteEffect
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.votes.button import ButtonPayload
from bot.core.votes.refusals import outcome_changed, status_changed
from bot.core.votes.vote import Vote
from bot.core.words.reasons import reason_sentence
from tests.core.situations.cards import APPROVED, HOSTILE, LATER, NEW, OLD, PENDING, REJECTED
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    LEADS,
    a_click,
    a_decision,
    a_submit,
    a_version,
    a_vote,
    an_arn,
    an_offer,
)

FIRST = a_version(1)
ALONE = VoteEffect(count=VoteCount(have=1, needed=1, missing=()), decides=True)
ONE_OF_TWO = VoteEffect(count=VoteCount(have=1, needed=2, missing=(("risk", 1),)), decides=False)
LAST_OF_TWO = VoteEffect(count=VoteCount(have=2, needed=2, missing=()), decides=True)
VETO = replace(ONE_OF_TWO, decides=True, veto=True)
LONGEST = replace(
    an_offer(a_version(1, REJECTED), APPROVED),
    arn=an_arn(999_999_999, "g" * 63),
    group="g" * 63,
    number=999_999_999,
    outcome=Outcome(999_999_998, 999_999_999),
)


def offered(status: Status, target: Status, **changes: object) -> ButtonPayload:
    """What the button offers that moves the newest version of the group."""
    offer = an_offer(replace(NEW, status=status), target, *OLD)
    return replace(offer, **changes)  # type: ignore[arg-type]


def shown(offer: ButtonPayload, effect: VoteEffect = ALONE, **changes: object) -> Json:
    """The checked form for *offer*, with *effect* and changes to it."""
    effect = replace(effect, **changes)  # type: ignore[arg-type]
    return checked(a_click(offer), CheckedForm(offer, effect))


def voted(target: Status = APPROVED, role: str = "ml-leads", **changes: object) -> Vote:
    """Ben's vote on the newest version."""
    vote = a_vote(NEW, target, BEN, role=role, at=LATER, comment="AUC is up by two points.")
    return replace(vote, **changes)  # type: ignore[arg-type]


APPROVE = offered(PENDING, APPROVED)
REJECT = offered(PENDING, REJECTED)
REVOKE = offered(APPROVED, REJECTED)
SUBMIT = a_submit(APPROVE, comment="Recall is up by two points.\nLatency unchanged.")
NOT_AN_APPROVER = Reason(
    ReasonCode.NOT_AN_APPROVER,
    {
        "rule": "fraud",
        "move": "approve",
        "users": [ANA.id],
        "user_groups": [LEADS],
        "unreadable": {},
    },
)
VOTED_MEANWHILE = Reason(ReasonCode.VOTE_DECIDES_NOW, {"voted_meanwhile": True})


def situations() -> dict[str, Json]:
    return {**_opened(), **_checked(), **_with_votes(), **_refused(), **_receipts()}


def _opened() -> dict[str, Json]:
    return {
        "form-opened": opened(a_click(APPROVE)),
        "form-opened-for-ones-own": opened(
            a_click(offered(PENDING, APPROVED, override=True, comment_needed=True))
        ),
        "form-opened-with-the-longest-names": opened(a_click(LONGEST)),
        "form-that-could-not-be-checked": still_unchecked(a_click(APPROVE)),
        "form-that-nobody-checks": not_checked(a_click(APPROVE)),
    }


def _checked() -> dict[str, Json]:
    return {
        "form-approve": shown(APPROVE),
        "form-approve-with-a-comment-needed": shown(replace(APPROVE, comment_needed=True)),
        "form-approve-the-first": shown(an_offer(FIRST, APPROVED)),
        "form-approve-one-that-is-not-the-newest": shown(an_offer(a_version(3), APPROVED, *OLD)),
        "form-reject": shown(REJECT),
        "form-reject-without-a-comment-needed": shown(replace(REJECT, comment_needed=False)),
        "form-reject-while-none-is-approved": shown(an_offer(FIRST, REJECTED)),
        "form-reinstate": shown(offered(REJECTED, APPROVED)),
        "form-revoke": shown(REVOKE),
        "form-revoke-the-only-one": shown(an_offer(a_version(1, APPROVED), REJECTED)),
        "form-revoke-one-that-is-not-next": shown(an_offer(OLD[1], REJECTED, *OLD)),
        "form-with-the-longest-names": shown(LONGEST),
        "form-approve-ones-own": shown(replace(APPROVE, override=True, comment_needed=True)),
    }


def _with_votes() -> dict[str, Json]:
    three = (("", 1), ("risk", 2), ("legal", 1))
    own = a_vote(NEW, APPROVED, ANA, comment="AUC is up.")
    return {
        "form-first-vote-of-two": shown(APPROVE, ONE_OF_TWO),
        "form-one-vote-of-any-two": shown(
            APPROVE, count=VoteCount(have=1, needed=2, missing=((UNNAMED_ROLE, 1),)), decides=False
        ),
        "form-second-vote-of-five": shown(
            APPROVE,
            count=VoteCount(have=2, needed=5, missing=three[1:]),
            decides=False,
            earlier=(voted(),),
        ),
        "form-last-vote-of-two": shown(APPROVE, LAST_OF_TWO, earlier=(voted(),)),
        "form-last-vote-after-an-override": shown(
            APPROVE, LAST_OF_TWO, earlier=(voted(override=True, comment="Fraud wave, no time."),)
        ),
        "form-last-vote-after-one-without-a-comment": shown(
            APPROVE, LAST_OF_TWO, earlier=(voted(comment="", role=UNNAMED_ROLE),)
        ),
        "form-last-vote-of-many": shown(
            APPROVE,
            count=VoteCount(have=13, needed=13, missing=()),
            earlier=tuple(
                voted(at=LATER + timedelta(hours=n), comment=HOSTILE * n) for n in range(12)
            ),
        ),
        "form-vote-that-does-not-count": shown(
            APPROVE,
            count=VoteCount(have=1, needed=2, missing=(("risk", 1),), counts=False),
            decides=False,
            earlier=(voted(),),
        ),
        "form-voted-already": shown(APPROVE, ONE_OF_TWO, own=own),
        "form-voted-otherwise": shown(REJECT, own=own),
        "form-veto": shown(REJECT, VETO),
        "form-veto-of-an-approved-one": shown(REVOKE, VETO),
    }


def _refused() -> dict[str, Json]:
    return {
        "form-refused": refusal(reason_sentence(NOT_AN_APPROVER)),
        "form-refused-as-the-bot-may-not-look": refusal(
            reason_sentence(Reason(ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN))
        ),
        "form-refused-with-hostile-text": refusal((HOSTILE * 20,)),
        "form-again-as-somebody-voted-meanwhile": shown_again(
            SUBMIT, CheckedForm(APPROVE, replace(LAST_OF_TWO, earlier=(voted(),))), VOTED_MEANWHILE
        ),
        "form-again-as-the-outcome-changed": shown_again(
            a_submit(REVOKE, comment="Too slow."),
            CheckedForm(replace(REVOKE, outcome=Outcome(6, 4)), ALONE),
            outcome_changed(6, REJECTED, Outcome(6, 4)),
        ),
    }


def _receipts() -> dict[str, Json]:
    decision = a_decision(NEW, APPROVED, outcome=Outcome(5, 6), comment=SUBMIT.comment)
    revoked = a_decision(OLD[2], REJECTED, outcome=Outcome(6, 5))
    recorded = Recorded(a_vote(NEW, APPROVED), ONE_OF_TWO.count)
    late = status_changed(replace(NEW, status=REJECTED), a_decision(NEW, REJECTED, CHLOE))
    declined = Reason(ReasonCode.DECLINED, {"group": "fraud", "number": 6, "decision": "d"})
    return {
        "receipt-working": working(SUBMIT),
        "receipt-still-working": still_working(SUBMIT, Reason(ReasonCode.STILL_TRYING)),
        "receipt-decided": receipt(SUBMIT, Decided(decision)),
        "receipt-decided-without-a-comment": receipt(
            replace(SUBMIT, comment=""), Decided(decision)
        ),
        "receipt-revoked": receipt(a_submit(REVOKE, comment="Too slow."), Decided(revoked)),
        "receipt-vote-recorded": receipt(SUBMIT, recorded),
        "receipt-refused": receipt(SUBMIT, NotDone(late)),
        "receipt-not-made": receipt(SUBMIT, NotDone(declined, void=True)),
        "receipt-gone-undecided": receipt(
            SUBMIT, NotDone(Reason(ReasonCode.VERSION_GONE_UNDECIDED), void=True)
        ),
    }


SITUATIONS = situations()
