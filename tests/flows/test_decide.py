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
from bot.core.votes.lease import LAG
from bot.core.votes.message_ref import MessageRef
from bot.flows.work import work
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANA,
    ANYWHERE,
    BEN,
    CARDS,
    DAN,
    LEADS,
    LONG_AGO,
    RELEASES,
    THERE,
    a_click,
    a_submit,
    a_version,
    an_offer,
)
from tests.doubles.chat import buttons
from tests.doubles.failures import nth, on

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn
    from bot.core.votes.vote import Decision
    from tests.flows.conftest import FakeBot

MOVES = [
    (Status.PENDING, Status.APPROVED, "Approved ", ["revoke"]),
    (Status.PENDING, Status.REJECTED, "Rejected ", ["reinstate"]),
    (Status.REJECTED, Status.APPROVED, "Reinstated ", ["revoke"]),
    (Status.APPROVED, Status.REJECTED, "Revoked ", ["reinstate"]),
]
NO_MOVES = [
    (Status.PENDING, Status.PENDING),
    (Status.APPROVED, Status.APPROVED),
    (Status.REJECTED, Status.REJECTED),
    (Status.APPROVED, Status.PENDING),
    (Status.REJECTED, Status.PENDING),
]


def a_card(bot: FakeBot, status: Status = Status.PENDING, number: int = 1) -> DescribedVersion:
    """A version with this *status*, with its card."""
    version = bot.registry.add(a_version(number))
    bot.do(ReconcileVersion(version.arn))
    if status is not Status.PENDING:
        bot.registry.move_outside(version.arn, status)
        bot.do(ReconcileVersion(version.arn))
        bot.chat.posted = bot.chat.cards()
    return bot.registry.registered[version.arn]


@pytest.mark.parametrize(("source", "target", "done", "moves_left"), MOVES)
def test_each_of_the_four_moves_is_made_with_one_update(
    bot: FakeBot, source: Status, target: Status, done: str, moves_left: list[str]
) -> None:
    version = a_card(bot, source)

    bot.do(a_submit(an_offer(version, target)))

    (update,) = bot.registry.updates
    assert (update.arn, update.source, update.target) == (version.arn, source, target)
    assert bot.status(version.arn) is target
    assert buttons(bot.card(version)) == moves_left
    assert f"\n{done}" in as_read(bot.card(version))


def test_the_comment_and_the_clicker_are_kept_in_the_registry(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.APPROVED), comment="better on\nall slices"))

    updated = bot.registry.registered[version.arn]
    assert updated.comment == "better on / all slices (ana, Slack U0ANA00000)"
    assert updated.metadata["approval-move"] == "approve"
    assert updated.metadata["approval-by"] == ANA.id
    assert updated.metadata["approval-at"].startswith("2026-03-02T12:")


def test_the_thread_and_the_channels_are_told_who_decided_when_and_why(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    place = bot.chat.cards()[0].place
    (reply,) = [posted for posted in bot.chat.posted if posted.thread == place.ts]
    assert reply.message.text.startswith("Approved by <@U0ANA00000>, 2026-03-02 12:0")
    assert "Version 1 is next to deploy." in reply.message.text
    assert "looks good" in str(reply.message.blocks)
    (notice,) = bot.chat.texts_in_channel(RELEASES)
    assert notice.startswith("fraud version 1: Approved by <@U0ANA00000>")
    assert f"<#{CARDS}>" in notice
    (told,) = [each.message for each in bot.chat.posted if each.place.channel == RELEASES]
    assert bot.chat.permalink(place) in str(told.blocks)


@pytest.mark.parametrize(("source", "target"), NO_MOVES)
def test_no_other_pair_of_statuses_is_a_move(bot: FakeBot, source: Status, target: Status) -> None:
    version = a_card(bot, source)
    forged = replace(an_offer(version, _any_target(source)), target=target)

    bot.do(a_submit(forged))

    assert bot.registry.updates == []
    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert message.startswith(f"A version that is {source} cannot be set to {target} here.")


def _any_target(source: Status) -> Status:
    return Status.REJECTED if source is not Status.REJECTED else Status.APPROVED


def test_a_move_is_validated_again_with_the_current_status(bot: FakeBot) -> None:
    version = a_card(bot)
    offer = an_offer(version, Status.APPROVED)
    bot.registry.move_outside(version.arn, Status.APPROVED, by="eve")

    bot.do(a_submit(offer))

    assert bot.registry.updates == []
    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert "That was changed outside this bot; last changed by eve." in message
    assert buttons(bot.card(version)) == ["revoke"]


def test_trap_1_a_click_made_on_one_status_does_not_count_on_another(bot: FakeBot) -> None:
    version = a_card(bot)
    approve = an_offer(version, Status.APPROVED)
    bot.registry.move_outside(version.arn, Status.REJECTED)  # and Reinstate would be valid

    bot.do(a_submit(approve))

    assert bot.registry.updates == []
    assert bot.status(version.arn) is Status.REJECTED


def test_somebody_who_may_not_decide_is_told_who_may_and_the_card_stays(bot: FakeBot) -> None:
    version = a_card(bot)
    before = bot.card(version)

    bot.do(a_submit(an_offer(version, Status.APPROVED), DAN))

    assert bot.registry.updates == []
    who_may = f"<@{ANA.id}> or <!subteam^{LEADS}> may."
    refusal = f"You may not approve this version. {who_may} (Rule: fraud.)"
    assert bot.chat.private_messages == [(DAN.id, refusal)]
    assert bot.card(version) == before


def test_a_member_of_an_approving_group_may_decide(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.APPROVED), BEN))

    assert bot.status(version.arn) is Status.APPROVED


def test_a_group_that_cannot_be_read_lets_nobody_decide_and_the_refusal_says_so(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    bot.directory.groups = {LEADS: LookupFailure.SCOPE}

    bot.do(a_submit(an_offer(version, Status.APPROVED), BEN))

    assert bot.registry.updates == []
    assert "could not be read" in bot.chat.private_messages[0][1]


def test_nobody_may_decide_without_a_rule(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.rules = Rules("C0MODELS00")

    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert bot.registry.updates == []
    assert bot.chat.private_messages == [(ANA.id, "Nobody may decide: no rule matches this group.")]


def test_a_rejection_without_its_comment_is_refused(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.REJECTED), comment=" \n"))

    assert bot.registry.updates == []
    assert "say why in the comment" in bot.chat.private_messages[0][1]


@pytest.mark.parametrize("comment", ["\u200b\u2060", "\u200d", "\u2800 \ufe0f", "\u3164", "\u0301"])
def test_an_invisible_comment_is_no_comment(bot: FakeBot, comment: str) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.REJECTED), comment=comment))

    assert bot.registry.updates == []


def test_a_submit_that_was_refused_stays_refused(bot: FakeBot) -> None:
    version = a_card(bot)
    approve = a_submit(an_offer(version, Status.APPROVED))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(approve)
    bot.registry.move_outside(version.arn, Status.PENDING)

    bot.do(approve)

    assert bot.registry.updates == []
    assert len(bot.chat.private_messages) == 1
    assert buttons(bot.card(version)) == ["approve", "reject"]


def test_an_approval_needs_no_comment_by_default(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.APPROVED), comment=""))

    assert bot.registry.registered[version.arn].comment.startswith("Approved without a comment")


def test_a_version_that_is_not_completed_cannot_be_approved(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.change(version, readiness=Readiness.FAILED)

    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert bot.registry.updates == []
    assert "cannot be approved: SageMaker could not make it" in bot.chat.private_messages[0][1]


def test_a_version_without_room_in_its_metadata_is_refused_with_the_reason(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    bot.change(version, metadata={f"key-{n}": "x" for n in range(METADATA_LIMIT)})

    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert bot.registry.updates == []
    assert "entries of metadata" in bot.chat.private_messages[0][1]


def test_trap_2_a_submit_delivered_twice_is_one_decision(bot: FakeBot) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))

    bot.do(submit)
    bot.do(submit)

    assert len(bot.registry.updates) == 1
    assert bot.chat.private_messages == []
    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1


def test_trap_2_a_double_click_is_one_decision(bot: FakeBot) -> None:
    version = a_card(bot)
    offer = an_offer(version, Status.APPROVED)

    bot.do(a_submit(offer, form="form-1"))
    bot.do(a_submit(offer, form="form-2"))

    assert len(bot.registry.updates) == 1
    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert f"<@{ANA.id}> was first" in message


def test_trap_2_the_second_of_two_people_at_once_is_told_who_was_first(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.REJECTED), BEN, form="form-1"))
    bot.do(a_submit(an_offer(version, Status.APPROVED), ANA, form="form-2"))

    assert [update.by for update in bot.registry.updates] == [BEN]
    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert f"fraud version 1 is now rejected. <@{BEN.id}> was first" in message


def test_an_old_submit_that_comes_again_after_the_status_changed_back_does_nothing(
    bot: FakeBot,
) -> None:
    version = a_card(bot, Status.REJECTED)
    reinstate = a_submit(an_offer(version, Status.APPROVED), form="form-1")
    bot.do(reinstate)
    approved = bot.registry.registered[version.arn]
    bot.do(a_submit(an_offer(approved, Status.REJECTED), form="form-2"))

    bot.do(reinstate)

    assert bot.status(version.arn) is Status.REJECTED
    assert len(bot.registry.updates) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(20))
def test_trap_3_a_decision_is_made_and_announced_once_whatever_call_fails(
    bot: FakeBot, when: str, call: int
) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))

    try:
        bot.do(submit, nth(call, when))
    except Unavailable:
        bot.do(submit)

    assert len(bot.registry.updates) == 1
    assert bot.status(version.arn) is Status.APPROVED
    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    assert bot.chat.private_messages == []
    assert bot.ledger.get(version.arn).request.unfinished is False
    assert buttons(bot.card(version)) == ["revoke"]


def test_trap_3_an_unfinished_decision_is_finished_by_the_next_job(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    crash = on("apply", "before")  # saved, and then a crash
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), crash)
    assert bot.ledger.get(version.arn).request.unfinished

    bot.do(ReconcileVersion(version.arn))

    assert [update.by for update in bot.registry.updates] == [ANA]
    assert buttons(bot.card(version)) == ["revoke"]


def test_a_change_outside_that_comes_first_voids_the_decision_and_its_maker_is_told(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(submit, on("apply", "before"))
    bot.clock += LAG
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(submit)

    assert bot.registry.updates == []
    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert "by eve" in message
    assert "Your decision was not made." in message
    assert buttons(bot.card(version)) == ["reinstate"]
    not_made, change = bot.chat.thread(bot.chat.cards()[0].place)
    assert not_made.startswith("The decision to approve was not made.")
    assert "Rejected outside this bot; last changed by eve" in change


def test_a_decision_and_a_change_outside_right_after_it_are_both_announced(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(submit, on("apply", "after"))
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(submit)

    replies = bot.chat.thread(bot.chat.cards()[0].place)
    assert replies[0].startswith("Approved by")
    assert replies[1].startswith("Rejected outside this bot; last changed by eve")
    assert buttons(bot.card(version)) == ["reinstate"]


def test_a_decision_that_sagemaker_declines_is_void_and_its_maker_is_told(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = a_card(bot)

    def decline(_: Decision) -> None:
        raise Declined("AccessDeniedException")

    monkeypatch.setattr(bot.registry, "apply", decline)
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job)
    bot.do(job)

    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert "did not accept" in message
    assert "AccessDenied" not in message
    assert buttons(bot.card(version)) == ["approve", "reject"]
    assert bot.ledger.get(version.arn).request.unfinished is False


def test_a_click_never_changes_production_in_a_way_its_form_did_not_say(bot: FakeBot) -> None:
    live = a_card(bot, Status.APPROVED, 3)
    a_card(bot, Status.APPROVED, 2)
    offer = an_offer(live, Status.REJECTED, a_version(1, Status.APPROVED))

    bot.do(a_submit(offer))

    assert bot.registry.updates == []
    assert "With your decision, version 2 is next to deploy" in bot.chat.private_messages[0][1]


def test_a_click_that_changes_less_than_its_form_said_is_carried_out(bot: FakeBot) -> None:
    version = a_card(bot, number=1)
    offer = an_offer(version, Status.APPROVED)
    a_card(bot, Status.APPROVED, 5)

    bot.do(a_submit(offer))

    assert bot.status(version.arn) is Status.APPROVED
    assert "Version 5 stays next to deploy." in bot.chat.thread(_place(bot, version.arn))[0]


def _place(bot: FakeBot, arn: Arn) -> object:
    return bot.ledger.get(arn).request.cards[0].ref


def test_a_decision_on_a_version_without_a_card_posts_one(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED, created=LONG_AGO))

    bot.do(a_submit(an_offer(version, Status.REJECTED)))

    assert buttons(bot.card(version)) == ["reinstate"]
    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1


def test_the_clickers_own_copy_of_the_card_is_updated(bot: FakeBot) -> None:
    version = a_card(bot)
    click = a_click(an_offer(version, Status.APPROVED), answer_url="https://hooks.slack.com/1")

    bot.do(SubmitForm("form-1", click, "fine"))

    ((url, card, replaced),) = bot.chat.answers
    assert url == "https://hooks.slack.com/1"
    assert replaced
    assert buttons(card) == ["revoke"]


def test_the_clickers_own_copy_is_updated_also_if_slack_is_too_busy_for_the_others(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    click = a_click(an_offer(version, Status.APPROVED), answer_url="https://hooks.slack.com/1")

    bot.do(SubmitForm("form-1", click, "fine"), on("update", "throttled"))

    ((_, card, _),) = bot.chat.answers
    assert buttons(card) == ["revoke"]


def test_a_decision_whose_copy_could_not_be_updated_either_is_not_repeated(bot: FakeBot) -> None:
    version = a_card(bot)
    click = a_click(an_offer(version, Status.APPROVED), answer_url="https://hooks.slack.com/1")

    work(
        SubmitForm("form-1", click, "fine"),
        bot.ports(lambda name: "before" if name in {"update", "answer"} else ""),
    )

    assert bot.status(version.arn) is Status.APPROVED
    assert bot.queue.waiting() == [ReconcileVersion(version.arn, of_click=True)]


def test_a_decision_is_over_though_the_clickers_copy_cannot_be_updated(bot: FakeBot) -> None:
    version = a_card(bot)
    click = a_click(an_offer(version, Status.APPROVED), answer_url="https://hooks.slack.com/1")

    work(SubmitForm("form-1", click, "fine"), bot.ports(on("answer", "before")))

    assert bot.ledger.get(version.arn).request.outbox == ()


def test_an_outdated_form_is_updated(bot: FakeBot) -> None:
    version = a_card(bot)
    offer = an_offer(version, Status.APPROVED)
    a_card(bot, Status.APPROVED, 5)

    bot.do(CheckForm(a_click(offer), "view-1"))

    assert "Version 5 is newer than version 1" in str(bot.chat.forms["view-1"]["blocks"])


def test_a_form_opened_by_somebody_who_may_not_becomes_the_refusal(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(CheckForm(a_click(an_offer(version, Status.APPROVED), DAN), "view-1"))

    form = bot.chat.forms["view-1"]
    assert "You may not approve this version." in str(form["blocks"])
    assert "submit" not in form


def test_a_form_opened_too_late_says_who_was_first_and_the_card_is_updated(bot: FakeBot) -> None:
    version = a_card(bot)
    offer = an_offer(version, Status.APPROVED)
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(CheckForm(a_click(offer), "view-1"))

    assert "eve" in str(bot.chat.forms["view-1"]["blocks"])
    assert buttons(bot.card(version)) == ["reinstate"]


def test_a_form_says_nothing_about_a_comment_that_is_still_to_be_written(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(CheckForm(a_click(an_offer(version, Status.REJECTED)), "view-1"))

    assert "say why in the comment" not in str(bot.chat.forms["view-1"])


def test_the_comment_of_a_decision_is_not_repeated_for_a_later_change_outside(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, Status.APPROVED), comment="ship it"))
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(ReconcileVersion(version.arn))

    last = bot.ledger.get(version.arn).request.last
    assert last is not None
    assert last.comment == ""
    assert last.outcome == Outcome(1, None)


def test_an_unreachable_maker_of_a_decision_does_not_hold_up_the_version(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(submit, on("apply", "before"))
    bot.clock += LAG
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.chat.left.add(ANA.id)

    bot.do(submit)

    assert bot.ledger.get(version.arn).request.unfinished is False
    assert buttons(bot.card(version)) == ["reinstate"]


@pytest.fixture
def private_blocks(bot: FakeBot, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The blocks of all private messages from now on, with what is quoted."""
    sent: list[str] = []
    post_private = bot.chat.post_private

    def recorded(channel: str, person: str, message: Message) -> None:
        sent.append(str(message.blocks))
        post_private(channel, person, message)

    monkeypatch.setattr(bot.chat, "post_private", recorded)
    return sent


def test_the_comment_of_a_postponed_decision_is_quoted_to_its_author(
    bot: FakeBot, private_blocks: list[str]
) -> None:
    offer = an_offer(in_unreadable_registry(bot), Status.APPROVED)
    do_and_fail(bot, a_submit(offer, comment="two pages of reasons"))

    assert "two pages of reasons" in private_blocks[0]


def test_the_comment_of_a_refused_decision_is_quoted_to_its_author(
    bot: FakeBot, private_blocks: list[str]
) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.APPROVED), DAN, comment="two pages of reasons"))

    assert "two pages of reasons" in private_blocks[0]


def test_another_channel_gets_the_beginning_of_a_long_comment(bot: FakeBot) -> None:
    version = a_card(bot)

    bot.do(a_submit(an_offer(version, Status.APPROVED), comment="long " * 400))

    (notice,) = [p.message for p in bot.chat.posted if p.place.channel == RELEASES]
    (reply,) = [p.message for p in bot.chat.posted if p.thread]
    assert len(str(notice.blocks)) < 1_800 < len(str(reply.blocks))
    assert "[…]" in str(notice.blocks)


def test_a_click_on_a_version_that_is_gone_says_so_and_so_does_the_card(bot: FakeBot) -> None:
    version = a_card(bot)
    offer = an_offer(version, Status.APPROVED)
    del bot.registry.registered[version.arn]

    bot.do(CheckForm(a_click(offer), "view-1"))
    bot.do(a_submit(offer))

    assert "not in the registry any more" in str(bot.chat.forms["view-1"]["blocks"])
    assert "not in the registry any more" in bot.chat.private_messages[0][1]
    assert buttons(bot.card(version)) == []


# --- registries elsewhere -------------------------------------------------------------------------

ELSEWHERE = full_group_name(THERE, "fraud")


def test_a_decision_elsewhere_changes_nothing_in_our_own_registry(bot: FakeBot) -> None:
    bot.rules = ANYWHERE
    namesake, version = a_card(bot), bot.registry.add(a_version(group=ELSEWHERE))
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert [update.arn for update in bot.registry.updates] == [version.arn]
    assert bot.status(namesake.arn) is Status.PENDING
    assert "222222222222/eu-west-1/fraud version 1" in str(bot.card(version).blocks)
    assert "222222222222" not in str(bot.card(namesake).blocks)


def test_a_rule_for_groups_of_our_own_registry_lets_nobody_decide_elsewhere(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(group=ELSEWHERE))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert bot.registry.updates == []
    assert "no rule matches this group" in bot.chat.private_messages[-1][1]


def test_a_click_on_a_card_of_a_registry_that_is_not_configured_any_more_says_so(
    bot: FakeBot,
) -> None:
    bot.rules = ANYWHERE
    version = bot.registry.add(a_version(group=ELSEWHERE))
    bot.do(ReconcileVersion(version.arn))
    card = bot.card(version)
    bot.registry.registry_ids = (OWN_REGISTRY,)
    offer = an_offer(version, Status.APPROVED)
    bot.do(CheckForm(a_click(offer), "view-1"))
    bot.do(a_submit(offer))
    bot.do(WithdrawVote(id="w", arn=version.arn, person=ANA, message=MessageRef(CARDS, "1.1")))

    message = "does not watch the registry of this version any more"
    assert message in str(bot.chat.forms["view-1"]["blocks"])
    assert [message in text for _, text in bot.chat.private_messages] == [True, True]
    assert bot.registry.updates == []
    assert bot.card(version) == card


MAY_NOT_LOOK = "AWS does not let this bot read the registry of this version at the moment"


def in_unreadable_registry(bot: FakeBot) -> DescribedVersion:
    """A version elsewhere with its card, whose registry the bot may not read any more."""
    bot.rules = ANYWHERE
    version = bot.registry.add(a_version(group=ELSEWHERE))
    bot.do(ReconcileVersion(version.arn))
    bot.registry.unreachable[THERE] = Forbidden("the bot may not take the role")
    return version


def do_and_fail(bot: FakeBot, job: Job) -> None:
    with pytest.raises(Forbidden):
        bot.do(job)


def test_a_form_of_a_registry_that_the_bot_may_not_read_says_so(bot: FakeBot) -> None:
    offer = an_offer(in_unreadable_registry(bot), Status.APPROVED)
    do_and_fail(bot, CheckForm(a_click(offer), "view-1"))

    form = bot.chat.forms["view-1"]
    assert MAY_NOT_LOOK in str(form["blocks"])
    assert "submit" not in form
    assert bot.chat.private_messages == []


def test_a_decision_in_a_registry_that_the_bot_may_not_read_is_told_once_and_made_later(
    bot: FakeBot,
) -> None:
    version = in_unreadable_registry(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))
    for _ in range(3):
        do_and_fail(bot, submit)
    messages = list(bot.chat.private_messages)
    bot.registry.unreachable.clear()
    bot.do(submit)

    assert [(who, MAY_NOT_LOOK in text) for who, text in messages] == [(ANA.id, True)]
    assert bot.status(version.arn) is Status.APPROVED
    assert bot.chat.private_messages == messages


def test_a_decision_made_before_the_bot_lost_access_to_the_registry_is_settled_later(
    bot: FakeBot,
) -> None:
    """The message says that nothing is lost, and not that nothing was decided."""
    version = in_unreadable_registry(bot)
    bot.registry.unreachable.clear()
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(submit, on("apply", "after"))
    bot.registry.unreachable[THERE] = Forbidden("the bot may not take the role")
    do_and_fail(bot, submit)
    bot.registry.unreachable.clear()
    bot.do(submit)

    assert len(bot.registry.updates) == 1
    assert buttons(bot.card(version)) == ["revoke"]
    assert "Nothing was decided" not in bot.chat.private_messages[0][1]


def test_nobody_is_told_that_a_settled_decision_is_tried_again(bot: FakeBot) -> None:
    version = in_unreadable_registry(bot)
    bot.registry.unreachable.clear()
    submit = a_submit(an_offer(version, Status.APPROVED))
    bot.do(submit)
    bot.registry.unreachable[THERE] = Forbidden("the bot may not take the role")
    do_and_fail(bot, submit)

    assert bot.chat.private_messages == []


def test_a_withdrawal_in_a_registry_that_the_bot_may_not_read_is_answered_once(
    bot: FakeBot,
) -> None:
    version = in_unreadable_registry(bot)
    for _ in range(3):
        do_and_fail(
            bot,
            WithdrawVote(id="w", arn=version.arn, person=ANA, message=MessageRef(CARDS, "1.1")),
        )

    assert [MAY_NOT_LOOK in text for _, text in bot.chat.private_messages] == [True]
