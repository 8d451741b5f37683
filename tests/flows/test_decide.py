from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Declined, Forbidden, Unavailable
from bot.core.jobs.messages import CheckForm, ReconcileVersion, SubmitForm, WithdrawVote
from bot.core.registry.outcome import Outcome
from bot.core.registry.registry_id import OWN_REGISTRY, full_group_name
from bot.core.registry.version import DescribedVersion, Readiness, Status
from bot.core.rules.people import LookupFailure
from bot.core.rules.rule import Rules
from bot.core.votes.approval_record import METADATA_LIMIT
from bot.core.votes.request import MessageRef
from tests.doubles.builders import (
    ANA,
    ANYWHERE,
    BEN,
    CARDS,
    DAN,
    LEADS,
    RELEASES,
    THERE,
    a_click,
    a_submit,
    a_version,
    an_offer,
)
from tests.doubles.chat import buttons
from tests.doubles.trouble import nth, on

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn
    from bot.core.votes.vote import Decision
    from tests.flows.conftest import Office

MOVES = [
    (Status.PENDING, Status.APPROVED, "Approved by", ["revoke"]),
    (Status.PENDING, Status.REJECTED, "Rejected by", ["reinstate"]),
    (Status.REJECTED, Status.APPROVED, "Reinstated by", ["revoke"]),
    (Status.APPROVED, Status.REJECTED, "Revoked by", ["reinstate"]),
]
NO_MOVES = [
    (Status.PENDING, Status.PENDING),
    (Status.APPROVED, Status.APPROVED),
    (Status.REJECTED, Status.REJECTED),
    (Status.APPROVED, Status.PENDING),
    (Status.REJECTED, Status.PENDING),
]


def a_card(office: Office, status: Status = Status.PENDING, number: int = 1) -> DescribedVersion:
    """A version at *status* with its card."""
    version = office.registry.add(a_version(number))
    office.do(ReconcileVersion(version.arn))
    if status is not Status.PENDING:
        office.registry.move_outside(version.arn, status)
        office.do(ReconcileVersion(version.arn))
        office.chat.posted = office.chat.cards()
    return office.registry.known[version.arn]


@pytest.mark.parametrize(("source", "target", "told", "left"), MOVES)
def test_each_of_the_four_moves_is_made_with_one_update(
    office: Office, source: Status, target: Status, told: str, left: list[str]
) -> None:
    version = a_card(office, source)

    office.do(a_submit(an_offer(version, target)))

    (update,) = office.registry.updates
    assert (update.arn, update.source, update.target) == (version.arn, source, target)
    assert office.status(version.arn) is target
    assert buttons(office.card(version)) == left
    assert told in str(office.card(version).blocks)


def test_the_comment_and_the_clicker_are_kept_in_the_registry(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.APPROVED), comment="better on\nall slices"))

    made = office.registry.known[version.arn]
    assert made.comment == "better on / all slices (ana, Slack U0ANA00000)"
    assert made.metadata["approval-move"] == "approve"
    assert made.metadata["approval-by"] == ANA.id
    assert made.metadata["approval-at"].startswith("2026-03-02T12:")


def test_the_thread_and_the_channels_hear_who_when_and_why(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.APPROVED)))

    place = office.chat.cards()[0].place
    (told,) = [posted for posted in office.chat.posted if posted.thread == place.ts]
    assert told.message.text.startswith("Approved by <@U0ANA00000>, 2026-03-02 12:0")
    assert "Version 1 goes live." in told.message.text
    assert "looks good" in str(told.message.blocks)
    (heard,) = office.chat.said_in(RELEASES)
    assert heard.startswith("fraud version 1: Approved by <@U0ANA00000>")
    assert f"<#{CARDS}>" in heard


@pytest.mark.parametrize(("source", "target"), NO_MOVES)
def test_no_other_pair_of_statuses_is_a_move(
    office: Office, source: Status, target: Status
) -> None:
    version = a_card(office, source)
    forged = replace(an_offer(version, _any_target(source)), target=target)

    office.do(a_submit(forged))

    assert office.registry.updates == []
    ((who, told),) = office.chat.whispers
    assert who == ANA.id
    assert told.startswith(f"A version that is {source} cannot be set to {target} here.")


def _any_target(source: Status) -> Status:
    return Status.REJECTED if source is not Status.REJECTED else Status.APPROVED


def test_the_validator_is_asked_again_on_the_status_of_that_moment(office: Office) -> None:
    version = a_card(office)
    offer = an_offer(version, Status.APPROVED)
    office.registry.move_outside(version.arn, Status.APPROVED, by="eve")

    office.do(a_submit(offer))

    assert office.registry.updates == []
    ((who, said),) = office.chat.whispers
    assert who == ANA.id
    assert "It was not decided here, but by eve." in said
    assert buttons(office.card(version)) == ["revoke"]


def test_trap_1_a_click_made_on_one_status_does_not_count_on_another(office: Office) -> None:
    version = a_card(office)
    approve = an_offer(version, Status.APPROVED)
    office.registry.move_outside(version.arn, Status.REJECTED)  # and Reinstate would be valid

    office.do(a_submit(approve))

    assert office.registry.updates == []
    assert office.status(version.arn) is Status.REJECTED


def test_somebody_who_may_not_is_told_who_may_and_the_card_stays(office: Office) -> None:
    version = a_card(office)
    before = office.card(version)

    office.do(a_submit(an_offer(version, Status.APPROVED), DAN))

    assert office.registry.updates == []
    who_may = f"<@{ANA.id}> or <!subteam^{LEADS}> may."
    said = f"You may not approve this version. {who_may} (Rule: fraud.)"
    assert office.chat.whispers == [(DAN.id, said)]
    assert office.card(version) == before


def test_a_member_of_an_approving_group_may_decide(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.APPROVED), BEN))

    assert office.status(version.arn) is Status.APPROVED


def test_a_group_that_cannot_be_read_lets_nobody_in_and_says_so(office: Office) -> None:
    version = a_card(office)
    office.directory.groups = {LEADS: LookupFailure.SCOPE}

    office.do(a_submit(an_offer(version, Status.APPROVED), BEN))

    assert office.registry.updates == []
    assert "could not be read" in office.chat.whispers[0][1]


def test_without_a_rule_nobody_may_decide(office: Office) -> None:
    version = a_card(office)
    office.rules = Rules("C0MODELS00")

    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert office.registry.updates == []
    assert office.chat.whispers == [(ANA.id, "Nobody may decide: no rule matches this group.")]


def test_a_rejection_without_its_comment_is_refused(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.REJECTED), comment=" \n"))

    assert office.registry.updates == []
    assert "say why in the comment" in office.chat.whispers[0][1]


def test_a_comment_that_cannot_be_seen_is_none(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.REJECTED), comment="\u200b\u2060"))

    assert office.registry.updates == []


def test_a_submit_that_was_refused_stays_refused(office: Office) -> None:
    version = a_card(office)
    approve = a_submit(an_offer(version, Status.APPROVED))
    office.registry.move_outside(version.arn, Status.REJECTED)
    office.do(approve)
    office.registry.move_outside(version.arn, Status.PENDING)

    office.do(approve)

    assert office.registry.updates == []
    assert len(office.chat.whispers) == 1
    assert buttons(office.card(version)) == ["approve", "reject"]


def test_an_approval_needs_no_comment_by_default(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.APPROVED), comment=""))

    assert office.registry.known[version.arn].comment.startswith("Approved without a comment")


def test_a_version_that_is_not_completed_cannot_be_approved(office: Office) -> None:
    version = a_card(office)
    office.change(version, readiness=Readiness.FAILED)

    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert office.registry.updates == []
    assert "cannot be approved: SageMaker could not make it" in office.chat.whispers[0][1]


def test_a_version_without_room_in_its_metadata_is_refused_with_the_reason(office: Office) -> None:
    version = a_card(office)
    office.change(version, metadata={f"key-{n}": "x" for n in range(METADATA_LIMIT)})

    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert office.registry.updates == []
    assert "entries of metadata" in office.chat.whispers[0][1]


def test_trap_2_a_submit_delivered_twice_is_one_decision(office: Office) -> None:
    version = a_card(office)
    submit = a_submit(an_offer(version, Status.APPROVED))

    office.do(submit)
    office.do(submit)

    assert len(office.registry.updates) == 1
    assert office.chat.whispers == []
    assert len(office.chat.thread(office.chat.cards()[0].place)) == 1


def test_trap_2_a_double_click_is_one_decision(office: Office) -> None:
    version = a_card(office)
    offer = an_offer(version, Status.APPROVED)

    office.do(a_submit(offer, form="form-1"))
    office.do(a_submit(offer, form="form-2"))

    assert len(office.registry.updates) == 1
    ((who, said),) = office.chat.whispers
    assert who == ANA.id
    assert f"<@{ANA.id}> was first" in said


def test_trap_2_of_two_people_at_once_the_second_hears_who_was_first(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.REJECTED), BEN, form="form-1"))
    office.do(a_submit(an_offer(version, Status.APPROVED), ANA, form="form-2"))

    assert [update.by for update in office.registry.updates] == [BEN]
    ((who, said),) = office.chat.whispers
    assert who == ANA.id
    assert f"fraud version 1 is now rejected. <@{BEN.id}> was first" in said


def test_an_old_submit_that_comes_again_after_the_status_returned_stays_over(
    office: Office,
) -> None:
    version = a_card(office, Status.REJECTED)
    reinstate = a_submit(an_offer(version, Status.APPROVED), form="form-1")
    office.do(reinstate)
    approved = office.registry.known[version.arn]
    office.do(a_submit(an_offer(approved, Status.REJECTED), form="form-2"))

    office.do(reinstate)

    assert office.status(version.arn) is Status.REJECTED
    assert len(office.registry.updates) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(20))
def test_trap_3_a_decision_is_made_and_told_once_whatever_call_fails(
    office: Office, when: str, call: int
) -> None:
    version = a_card(office)
    submit = a_submit(an_offer(version, Status.APPROVED))

    try:
        office.do(submit, nth(call, when))
    except Unavailable:
        office.do(submit)

    assert len(office.registry.updates) == 1
    assert office.status(version.arn) is Status.APPROVED
    assert len(office.chat.thread(office.chat.cards()[0].place)) == 1
    assert len(office.chat.said_in(RELEASES)) == 1
    assert office.chat.whispers == []
    assert office.ledger.get(version.arn).request.unfinished is False
    assert buttons(office.card(version)) == ["revoke"]


def test_trap_3_a_decision_left_half_done_is_finished_by_whoever_comes_next(
    office: Office,
) -> None:
    version = a_card(office)
    crash = on("apply", "before")  # written down, and then nothing
    with pytest.raises(Unavailable):
        office.do(a_submit(an_offer(version, Status.APPROVED)), crash)
    assert office.ledger.get(version.arn).request.unfinished

    office.do(ReconcileVersion(version.arn))

    assert [update.by for update in office.registry.updates] == [ANA]
    assert buttons(office.card(version)) == ["revoke"]


def test_if_somebody_outside_moves_first_the_decision_is_void_and_its_maker_hears_of_it(
    office: Office,
) -> None:
    version = a_card(office)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        office.do(submit, on("apply", "before"))
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(submit)

    assert office.registry.updates == []
    ((who, said),) = office.chat.whispers
    assert who == ANA.id
    assert "by eve" in said
    assert "Your decision was not made." in said
    assert buttons(office.card(version)) == ["reinstate"]
    assert "Rejected by eve" in office.chat.thread(office.chat.cards()[0].place)[0]


def test_a_decision_made_and_undone_outside_before_anybody_looked_is_told_as_both(
    office: Office,
) -> None:
    version = a_card(office)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        office.do(submit, on("apply", "after"))
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(submit)

    told = office.chat.thread(office.chat.cards()[0].place)
    assert told[0].startswith("Approved by")
    assert told[1].startswith("Rejected by eve")
    assert buttons(office.card(version)) == ["reinstate"]


def test_a_decision_that_sagemaker_declines_is_void_and_its_maker_hears_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = a_card(office)

    def decline(_: Decision) -> None:
        raise Declined("AccessDeniedException")

    monkeypatch.setattr(office.registry, "apply", decline)
    office.do(a_submit(an_offer(version, Status.APPROVED)))

    ((who, said),) = office.chat.whispers
    assert who == ANA.id
    assert "did not accept" in said
    assert "AccessDenied" not in said
    assert buttons(office.card(version)) == ["approve", "reject"]
    assert office.ledger.get(version.arn).request.unfinished is False


def test_a_click_never_changes_production_in_a_way_its_form_did_not_say(office: Office) -> None:
    live = a_card(office, Status.APPROVED, 3)
    a_card(office, Status.APPROVED, 2)
    offer = an_offer(live, Status.REJECTED, a_version(1, Status.APPROVED))

    office.do(a_submit(offer))

    assert office.registry.updates == []
    assert "With your decision, version 2 is next to deploy" in office.chat.whispers[0][1]


def test_a_click_that_changes_less_than_its_form_said_is_carried_out(office: Office) -> None:
    version = a_card(office, number=1)
    offer = an_offer(version, Status.APPROVED)
    a_card(office, Status.APPROVED, 5)

    office.do(a_submit(offer))

    assert office.status(version.arn) is Status.APPROVED
    assert "Version 5 stays live." in office.chat.thread(_place(office, version.arn))[0]


def _place(office: Office, arn: Arn) -> object:
    return office.ledger.get(arn).request.cards[0].ref


def test_a_decision_on_a_version_without_a_card_posts_one(office: Office) -> None:
    version = office.registry.add(a_version(status=Status.APPROVED))

    office.do(a_submit(an_offer(version, Status.REJECTED)))

    assert buttons(office.card(version)) == ["reinstate"]
    assert len(office.chat.thread(office.chat.cards()[0].place)) == 1


def test_the_clickers_own_copy_of_the_card_is_drawn_again(office: Office) -> None:
    version = a_card(office)
    click = a_click(an_offer(version, Status.APPROVED), answer_url="https://hooks.slack.com/1")

    office.do(SubmitForm("form-1", click, "fine"))

    ((url, drawn, replaced),) = office.chat.answers
    assert url == "https://hooks.slack.com/1"
    assert replaced
    assert buttons(drawn) == ["revoke"]


def test_a_form_that_says_what_holds_is_left_alone(office: Office) -> None:
    version = a_card(office)

    office.do(CheckForm(a_click(an_offer(version, Status.APPROVED)), "view-1"))

    assert office.chat.forms == {}


def test_a_form_that_says_what_held_before_is_filled_in_again(office: Office) -> None:
    version = a_card(office)
    offer = an_offer(version, Status.APPROVED)
    a_card(office, Status.APPROVED, 5)

    office.do(CheckForm(a_click(offer), "view-1"))

    assert "Version 5 stays live." in str(office.chat.forms["view-1"]["blocks"])


def test_a_form_opened_by_somebody_who_may_not_becomes_the_refusal(office: Office) -> None:
    version = a_card(office)

    office.do(CheckForm(a_click(an_offer(version, Status.APPROVED), DAN), "view-1"))

    form = office.chat.forms["view-1"]
    assert "You may not approve this version." in str(form["blocks"])
    assert "submit" not in form


def test_a_form_opened_too_late_says_who_was_first_and_the_card_follows(office: Office) -> None:
    version = a_card(office)
    offer = an_offer(version, Status.APPROVED)
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(CheckForm(a_click(offer), "view-1"))

    assert "eve" in str(office.chat.forms["view-1"]["blocks"])
    assert buttons(office.card(version)) == ["reinstate"]


def test_a_form_says_nothing_about_a_comment_that_is_still_to_be_written(office: Office) -> None:
    version = a_card(office)

    office.do(CheckForm(a_click(an_offer(version, Status.REJECTED)), "view-1"))

    assert office.chat.forms == {}


def test_the_comment_of_an_earlier_decision_is_not_laid_into_another_mouth(
    office: Office,
) -> None:
    version = a_card(office)
    office.do(a_submit(an_offer(version, Status.APPROVED), comment="ship it"))
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(ReconcileVersion(version.arn))

    last = office.ledger.get(version.arn).request.last
    assert last is not None
    assert last.comment == ""
    assert last.outcome == Outcome(1, None)


def test_a_maker_who_cannot_be_told_any_more_does_not_hold_up_the_version(office: Office) -> None:
    version = a_card(office)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        office.do(submit, on("apply", "before"))
    office.registry.move_outside(version.arn, Status.REJECTED)
    office.chat.left.add(ANA.id)

    office.do(submit)

    assert office.ledger.get(version.arn).request.unfinished is False
    assert buttons(office.card(version)) == ["reinstate"]


@pytest.fixture
def told(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that people are told in private from now on, with what is quoted."""
    said: list[str] = []
    whisper = office.chat.whisper

    def noted(channel: str, person: str, message: Message) -> None:
        said.append(str(message.blocks))
        whisper(channel, person, message)

    monkeypatch.setattr(office.chat, "whisper", noted)
    return said


def test_a_comment_that_waits_until_the_bot_may_look_is_given_back(
    office: Office, told: list[str]
) -> None:
    offer = an_offer(shut(office), Status.APPROVED)
    fails(office, a_submit(offer, comment="two pages of reasons"))

    assert "two pages of reasons" in told[0]


def test_a_refused_comment_is_given_back(office: Office, told: list[str]) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.APPROVED), DAN, comment="two pages of reasons"))

    assert "two pages of reasons" in told[0]


def test_another_channel_gets_the_beginning_of_a_long_comment(office: Office) -> None:
    version = a_card(office)

    office.do(a_submit(an_offer(version, Status.APPROVED), comment="long " * 400))

    (notice,) = [p.message for p in office.chat.posted if p.place.channel == RELEASES]
    (reply,) = [p.message for p in office.chat.posted if p.thread]
    assert len(str(notice.blocks)) < 1_800 < len(str(reply.blocks))
    assert "[cut]" in str(notice.blocks)


def test_a_click_on_a_version_that_is_gone_says_so_and_so_does_the_card(office: Office) -> None:
    version = a_card(office)
    offer = an_offer(version, Status.APPROVED)
    del office.registry.known[version.arn]

    office.do(CheckForm(a_click(offer), "view-1"))
    office.do(a_submit(offer))

    assert "not in the registry any more" in str(office.chat.forms["view-1"]["blocks"])
    assert "not in the registry any more" in office.chat.whispers[0][1]
    assert buttons(office.card(version)) == []


# --- registries elsewhere -------------------------------------------------------------------------

ELSEWHERE = full_group_name(THERE, "fraud")


def test_a_decision_elsewhere_changes_nothing_at_home(office: Office) -> None:
    office.rules = ANYWHERE
    namesake, version = a_card(office), office.registry.add(a_version(group=ELSEWHERE))
    office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert [update.arn for update in office.registry.updates] == [version.arn]
    assert office.status(namesake.arn) is Status.PENDING
    assert "222222222222/eu-west-1/fraud version 1" in str(office.card(version).blocks)
    assert "222222222222" not in str(office.card(namesake).blocks)


def test_a_rule_for_groups_at_home_lets_nobody_decide_elsewhere(office: Office) -> None:
    version = office.registry.add(a_version(group=ELSEWHERE))
    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert office.registry.updates == []
    assert "no rule matches this group" in office.chat.whispers[-1][1]


def test_a_click_on_a_card_of_a_registry_that_is_no_longer_named_is_told_so(office: Office) -> None:
    office.rules = ANYWHERE
    version = office.registry.add(a_version(group=ELSEWHERE))
    office.do(ReconcileVersion(version.arn))
    card = office.card(version)
    office.registry.sites = (OWN_REGISTRY,)
    offer = an_offer(version, Status.APPROVED)
    office.do(CheckForm(a_click(offer), "view-1"))
    office.do(a_submit(offer))
    office.do(WithdrawVote(id="w", arn=version.arn, person=ANA, message=MessageRef(CARDS, "1.1")))

    said = "does not watch the registry of this version any more"
    assert said in str(office.chat.forms["view-1"]["blocks"])
    assert [said in text for _, text in office.chat.whispers] == [True, True]
    assert office.registry.updates == []
    assert office.card(version) == card


MAY_NOT_LOOK = "AWS does not let this bot read the registry of this version at the moment"


def shut(office: Office) -> DescribedVersion:
    """A version elsewhere with its card, whose registry does not let the bot look any more."""
    office.rules = ANYWHERE
    version = office.registry.add(a_version(group=ELSEWHERE))
    office.do(ReconcileVersion(version.arn))
    office.registry.silent[THERE] = Forbidden("the bot may not take the role")
    return version


def fails(office: Office, job: Job) -> None:
    with pytest.raises(Forbidden):
        office.do(job)


def test_a_form_of_a_registry_that_the_bot_may_not_look_at_says_so(office: Office) -> None:
    offer = an_offer(shut(office), Status.APPROVED)
    fails(office, CheckForm(a_click(offer), "view-1"))

    form = office.chat.forms["view-1"]
    assert MAY_NOT_LOOK in str(form["blocks"])
    assert "submit" not in form
    assert office.chat.whispers == []


def test_a_decision_on_what_the_bot_may_not_look_at_is_told_once_and_made_later(
    office: Office,
) -> None:
    version = shut(office)
    submit = a_submit(an_offer(version, Status.APPROVED))
    for _ in range(3):
        fails(office, submit)
    told = list(office.chat.whispers)
    office.registry.silent.clear()
    office.do(submit)

    assert [(who, MAY_NOT_LOOK in text) for who, text in told] == [(ANA.id, True)]
    assert office.status(version.arn) is Status.APPROVED
    assert office.chat.whispers == told


def test_a_decision_that_was_made_before_the_bot_was_shut_out_is_settled_later(
    office: Office,
) -> None:
    """It is told that nothing is lost, which is so; not that nothing was decided."""
    version = shut(office)
    office.registry.silent.clear()
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        office.do(submit, on("apply", "after"))
    office.registry.silent[THERE] = Forbidden("the bot may not take the role")
    fails(office, submit)
    office.registry.silent.clear()
    office.do(submit)

    assert len(office.registry.updates) == 1
    assert buttons(office.card(version)) == ["revoke"]
    assert "Nothing was decided" not in office.chat.whispers[0][1]


def test_nobody_is_told_that_what_is_over_is_tried_again(office: Office) -> None:
    version = shut(office)
    office.registry.silent.clear()
    submit = a_submit(an_offer(version, Status.APPROVED))
    office.do(submit)
    office.registry.silent[THERE] = Forbidden("the bot may not take the role")
    fails(office, submit)

    assert office.chat.whispers == []


def test_a_withdrawal_from_what_the_bot_may_not_look_at_is_told_once(office: Office) -> None:
    version = shut(office)
    for _ in range(3):
        fails(
            office,
            WithdrawVote(id="w", arn=version.arn, person=ANA, message=MessageRef(CARDS, "1.1")),
        )

    assert [MAY_NOT_LOOK in text for _, text in office.chat.whispers] == [True]
