"""The values that the samples are made of. FREE_TEXT holds whatever people wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.core.audit.chain import ChainHead
from bot.core.audit.entries import AuditContext
from bot.core.decide.record import Record
from bot.core.evidence.brief import Brief, Candidate, Metric, Note, NoteCode, Source
from bot.core.followup.endpoints import (
    EndpointMemory,
    EndpointMessage,
    EndpointStatus,
    Served,
    Serving,
)
from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    Click,
    FormMetadata,
    Job,
    ReconcileEndpoint,
    ReconcileVersion,
    ShownEffect,
    SubmitForm,
    UpdateWaitingCards,
    WithdrawVote,
)
from bot.core.jobs.question_button import QuestionButton
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, DatedStatus, DescribedVersion, Readiness, Status
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Person, Submitter
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.button import ButtonPayload, WithdrawButton
from bot.core.votes.lease import DURATION, LAG, Lease
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.presses import Presses
from bot.core.votes.processed import ProcessedIds
from bot.core.votes.rate_limit import Slot
from bot.core.votes.request import Card, Request, UpdateAttempt
from bot.core.votes.vote import Decision, ExternalChange, Vote

COMMENT: Final = "AUC is up,\nbias is <fine> 👍"
NOTE: Final = Note(NoteCode.UNREADABLE, "bias")
FREE_TEXT: Final = frozenset({COMMENT})
"""Text of people or files. Nothing else in a sample may be a sentence."""

ARN = Arn("arn:aws:sagemaker:us-east-1:123456789012:model-package/fraud-detector/1")
OTHER_ARN = Arn("arn:aws:sagemaker:us-east-1:123456789012:model-package/fraud-detector/2")
ENDPOINT = Arn("arn:aws:sagemaker:us-east-1:123456789012:endpoint/fraud-detector")
ANA = Person("U0ANA00000", "ana")
CHLOE = Person("U0CHLOE000", "chloe")
NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, UTC)
BRIEF_DIGEST = "1:" + "b" * 32
CARD_DIGEST = "c" * 32
RULE_DIGEST = "d" * 32
MESSAGE = MessageRef("C0FRAUD000", "1772452800.000100")
ROLES = (
    Role(name="ml-leads", people=People(users=(ANA.id,))),
    Role(name="risk", people=People(user_groups=("S0RISK0000",)), needs=2),
)


def button(move: Move) -> ButtonPayload:
    """What the button of *move* holds; to approve takes a quorum here."""
    return ButtonPayload(
        arn=ARN,
        created=NOON,
        group="fraud-detector",
        number=1,
        source=move.source,
        target=move.target,
        outcome=Outcome(None, 1) if move.target is Status.APPROVED else Outcome(2, 2),
        comment_needed=move.key != "approve",
        brief_digest=BRIEF_DIGEST,
        quorum=(("ml-leads", 1), ("risk", 2)) if move.key == "approve" else (),
        override=move.key == "reinstate",
    )


BUTTONS = {move.key: button(move) for move in MOVES}
WITHDRAW = WithdrawButton(ARN)
QUESTION = QuestionButton("fraud-detector", 1, replace=True)
CLICK = Click(
    button=BUTTONS["approve"],
    person=ANA,
    message=MESSAGE,
    answer_url="https://hooks.slack.com/actions/T0/1/x",
    pressed=NOON,
)
SHOWN = ShownEffect(decides=False, have=1)
FORM = FormMetadata(CLICK, SHOWN, 1)
REPORTED = DatedStatus(Status.REJECTED, NOON)
JOBS: tuple[Job, ...] = (
    ReconcileVersion(ARN, REPORTED),
    ReconcileEndpoint(ENDPOINT),
    UpdateWaitingCards(group="fraud-detector", cause="1" * 32),
    CheckForm(CLICK, "V0FORM0000", "1772452800.0123abcd"),
    SubmitForm("e" * 32, CLICK, COMMENT, "V0FORM0000", SHOWN, 1),
    WithdrawVote(id="f" * 32, arn=ARN, person=ANA, message=MESSAGE, pressed=NOON),
    AnswerQuestion(
        person=ANA,
        text="fraud-detector",
        page=1,
        answer_url="https://hooks.slack.com/commands/T0/1/x",
        replace=True,
    ),
)

VOTE = Vote(
    id="1" * 32,
    source=Status.PENDING,
    target=Status.APPROVED,
    brief_digest=BRIEF_DIGEST,
    by=CHLOE,
    comment=COMMENT,
    at=NOON,
    seen_modified=NOON,
)
OVERRIDE = replace(VOTE, id="2" * 32, by=ANA, override=True)
DECISION = Decision(
    id=OVERRIDE.id,
    arn=ARN,
    source=Status.PENDING,
    target=Status.APPROVED,
    outcome=Outcome(2, 1),
    by=ANA,
    comment=COMMENT,
    at=NOON,
    brief_digest=BRIEF_DIGEST,
    votes=(replace(VOTE, role="risk"), replace(OVERRIDE, role="ml-leads")),
    seen_modified=NOON,
    made_modified=NOON,
)
VETO = replace(
    DECISION,
    id="3" * 32,
    target=Status.REJECTED,
    outcome=Outcome(None, None),
    votes=(),
    veto=True,
    seen_modified=None,
    made_modified=None,
)
EXTERNAL = ExternalChange(
    id="4" * 32,
    source=Status.APPROVED,
    target=Status.REJECTED,
    outcome=Outcome(1, None),
    by="the-pipeline",
    comment=COMMENT,
    at=NOON,
)
REASON = Reason(
    ReasonCode.STATUS_CHANGED,
    {
        "group": "fraud-detector",
        "number": 1,
        "status": "Rejected",
        "decided_by": "",
        "decided_at": "",
        "modified_by": "the-pipeline",
    },
)
CARD = Card(
    channel=MESSAGE.channel,
    ts=MESSAGE.ts,
    digest=CARD_DIGEST,
    next_to_deploy=2,
    rule=RULE_DIGEST,
    permalink=f"https://acme.slack.com/archives/{MESSAGE.channel}/p{MESSAGE.ts.replace('.', '')}",
)
BRIEF = Brief(
    (Metric("auc", "0.94"),),
    (NOTE,),
    (Source("s3://models/evaluation.json", "etag-1"), Source("s3://models/bias.json", "")),
)
WAITING = Request(
    arn=ARN,
    created=NOON,
    group="fraud-detector",
    number=1,
    status=Status.PENDING,
    brief=BRIEF,
    cards=(CARD,),
)
REQUESTS = {
    "waiting": WAITING,
    "posting": replace(
        WAITING,
        status=None,
        brief=Brief(),
        cards=(Card(channel=MESSAGE.channel, post_started=NOON),),
    ),
    "held": replace(
        WAITING,
        cards=(replace(CARD, digest=""),),
        lease=Lease("7" * 32, NOON + DURATION),
        history_complete_at=NOON + LAG,
    ),
    "waiting-for-a-slot": replace(WAITING, cards=(), slot=Slot(MESSAGE.channel, NOON)),
    "voted": replace(
        WAITING,
        votes=(VOTE,),
        void_voters=(OVERRIDE.by,),
        processed=ProcessedIds({VOTE.id: NOON}, ("e" * 32,)),
        presses=Presses({ANA.id: NOON}),
        processed_ids=(VOTE.id, "e" * 32),
    ),
    "pending-decision": replace(WAITING, votes=(VOTE, OVERRIDE), open_decision=DECISION),
    "declined": replace(
        WAITING,
        votes=(VOTE, OVERRIDE),
        open_decision=DECISION,
        update_attempt=UpdateAttempt(NOON + LAG, declined=True),
    ),
    "decided": replace(
        WAITING,
        status=Status.APPROVED,
        last_decision=DECISION,
        processed=ProcessedIds({VOTE.id: NOON, DECISION.id: NOON}),
        processed_ids=(VOTE.id, DECISION.id),
    ),
    # As a version of the code left it that knew no other list of ids.
    "vetoed": replace(
        WAITING, status=Status.REJECTED, last_decision=VETO, processed_ids=(VETO.id,)
    ),
    "external-change": replace(WAITING, status=Status.REJECTED, last_external=EXTERNAL),
    "deleted": replace(WAITING, status=None, brief=Brief(), last_decision=DECISION),
}

_THREAD = To(Way.THREAD)
_EVERYWHERE = (_THREAD, To(Way.CHANNEL, "C0RELEASES"))
_CARD_CHANNEL = To(Way.CARD_CHANNEL)
_ANA = To(Way.PRIVATE, MESSAGE.channel, ANA.id)
NOTICES = (
    Notice(
        id=DECISION.id,
        kind=NoticeKind.DECIDED,
        to=_EVERYWHERE,
        at=NOON,
        decision=DECISION,
        votes=(VOTE,),
    ),
    Notice(
        id=EXTERNAL.id,
        kind=NoticeKind.EXTERNAL_CHANGE,
        to=_EVERYWHERE,
        at=NOON,
        external=EXTERNAL,
        votes=(VOTE,),
    ),
    Notice(
        id="8" * 32,
        kind=NoticeKind.MISSED,
        to=_EVERYWHERE,
        at=NOON,
        decision=replace(DECISION, comment="", votes=()),
        reported=REPORTED,
        votes=(VOTE,),
    ),
    Notice(id=VOTE.id, kind=NoticeKind.VOTE_CAST, to=(_THREAD,), at=NOON, votes=(VOTE,)),
    Notice(id="5" * 32, kind=NoticeKind.VOTE_WITHDRAWN, to=(_THREAD,), at=NOON, votes=(VOTE,)),
    Notice(id="6" * 32, kind=NoticeKind.VOTES_VOID, to=(_THREAD,), at=NOON, votes=(VOTE,)),
    Notice(
        id=f"{OVERRIDE.id}.override",
        kind=NoticeKind.OVERRIDE,
        to=(_CARD_CHANNEL,),
        at=NOON,
        votes=(OVERRIDE,),
    ),
    Notice(
        id=DECISION.id,
        kind=NoticeKind.NOT_MADE,
        to=(_ANA,),
        at=NOON,
        decision=DECISION,
        reason=replace(REASON, code=ReasonCode.STATUS_CHANGED_SINCE_DECISION),
    ),
    Notice(
        id="e" * 32,
        kind=NoticeKind.REFUSED,
        to=(_ANA,),
        at=NOON,
        reason=REASON,
        comment=COMMENT,
    ),
    Notice(
        id=f"card_not_posted.{MESSAGE.channel}",
        kind=NoticeKind.CARD_NOT_POSTED,
        to=(To(Way.CHANNEL, "C0MODELS00"),),
        at=NOON,
        reason=Reason(
            ReasonCode.CARD_NOT_POSTED, {"channel": MESSAGE.channel, "error": "is_archived"}
        ),
    ),
    Notice(
        id=f"{DECISION.id}.unheard",
        kind=NoticeKind.DEPLOY_UNHEARD,
        to=(To(Way.THREAD), To(Way.CHANNEL, "C0RELEASES")),
        at=NOON,
        votes=DECISION.votes,
        reason=Reason(
            ReasonCode.DEPLOY_UNHEARD, {"number": 1, "minutes": 30, "endpoints": ["fraud-prod"]}
        ),
    ),
    Notice(
        id=f"{DECISION.id}.cards",
        kind=NoticeKind.UPDATE_CARDS,
        to=(To(Way.QUEUE),),
        at=NOON,
        arns=(OTHER_ARN,),
        waiting_in="fraud-detector",
    ),
)
RECORDS = {
    **{
        name: Record(request=request, revision=3, read_at=NOON)
        for name, request in REQUESTS.items()
    },
    **{
        f"notice-{notice.kind}": Record(
            request=replace(WAITING, outbox=(notice,)), revision=3, read_at=NOON
        )
        for notice in NOTICES
    },
}
ENDPOINT_MEMORY = EndpointMemory(
    arn=ENDPOINT,
    read_at=NOON,
    revision=2,
    created=NOON,
    told_digest="7" * 32,
    pending_versions=(ARN,),
    pending_config="fraud-detector-2026-03-02",
    reason="AllTrafficShifted",
    servings=(
        Serving(
            group="fraud-detector",
            endpoint=ENDPOINT,
            name="Fraud-Detector",
            state=EndpointStatus.UPDATING,
            versions=(Served(OTHER_ARN, 2),),
            since=NOON,
            replaced=(Served(OTHER_ARN, 2),),
            earlier=(Served(OTHER_ARN, 2),),
            pending=(Served(ARN, 1),),
            failed=(Served(ARN, 1),),
            reason="AllTrafficShifted",
            changed=NOON,
        ),
    ),
    outdated=(ARN,),
    subject=(ARN,),
    messages=(EndpointMessage(MESSAGE.channel, MESSAGE.ts, MESSAGE.ts),),
    told_failure=True,
    told_serving=(OTHER_ARN,),
    lease=Lease("a-run-of-a-job", NOON),
    post_started=NOON,
    history_complete_at=NOON,
)

VERSION = DescribedVersion(
    arn=ARN,
    group="fraud-detector",
    number=1,
    status=Status.PENDING,
    readiness=Readiness.COMPLETED,
    created=NOON,
    created_by="ci",
    artifact="8" * 32,
)
PEOPLE = KnownPeople(
    {"S0RISK0000": frozenset({CHLOE.id}), "S0MLLEADS0": LookupFailure.SCOPE},
    {ANA.id: MembershipStatus.MEMBER, CHLOE.id: MembershipStatus.GUEST},
    Submitter("ci", (), LookupFailure.UNCLEAR),
)
CONTEXT = AuditContext(
    candidate=Candidate.of(VERSION, (), BRIEF),
    group="fraud-detector",
    number=1,
    rule=Rule(patterns=("fraud-*",), channel=MESSAGE.channel, name="fraud", roles=ROLES),
    rules_digest="9" * 64,
    people=PEOPLE,
    now=NOON,
)
GONE = replace(CONTEXT, candidate=None)
HEAD = ChainHead(3, "0" * 64)
