"""A decision that takes more than one person: votes, progress, changes of mind, voids."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.evidence.brief import Candidate
from bot.core.evidence.model_card import MODEL_CARD
from bot.core.jobs.messages import ReconcileVersion, WithdrawVote
from bot.core.registry.version import DescribedVersion, Report, Status
from bot.core.rules.people import LookupFailure, MembershipStatus
from bot.core.rules.rule import People, Role, Rules
from bot.core.votes.lease import LAG
from bot.core.votes.message_ref import MessageRef
from bot.core.words import text
from bot.core.words.reasons import lookup_failure
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANA,
    BEN,
    CARDS,
    CHLOE,
    DAN,
    LEADS,
    RELEASES,
    RISK,
    RULE,
    a_submit,
    a_version,
    an_offer,
)
from tests.doubles.chat import buttons
from tests.doubles.failures import nth, on

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.jobs.messages import SubmitForm
    from bot.core.rules.people import Person
    from bot.core.rules.rule import Rule
    from tests.flows.conftest import FakeBot

PAIR = replace(
    RULE,
    name="pair",
    roles=(
        Role(name="ml-leads", people=People(user_groups=(LEADS,))),
        Role(name="risk", people=People(user_groups=(RISK,))),
    ),
)
MEMBERS = {LEADS: frozenset({ANA.id, BEN.id}), RISK: frozenset({CHLOE.id})}
EVIDENCE = (Report("model_quality", "s3://models/evaluation.json", numbers=True),)


def ruled(bot: FakeBot, rule: Rule = PAIR) -> None:
    bot.rules = Rules("C0MODELS00", (rule,), digest="digest-of-the-rules")
    bot.directory.groups = dict(MEMBERS)


def a_card(bot: FakeBot, status: Status = Status.PENDING, **changes: object) -> DescribedVersion:
    version = bot.registry.add(a_version(status=Status.PENDING, **{"reports": EVIDENCE, **changes}))
    bot.do(ReconcileVersion(version.arn))
    if status is not Status.PENDING:
        bot.registry.move_outside(version.arn, status)
        bot.do(ReconcileVersion(version.arn))
    return bot.registry.registered[version.arn]


def a_vote(
    bot: FakeBot,
    version: DescribedVersion,
    target: Status,
    person: Person,
    comment: str = "looks good",
) -> SubmitForm:
    """What *person* submits on the card as it is now."""
    shown = Candidate(version, (version,), bot.ledger.get(version.arn).request.brief).brief_digest
    own = version.metadata.get("submitted-by") == person.id and target is Status.APPROVED
    override = own and bot.rules.find(version.group).break_glass
    offer = an_offer(version, target, brief_digest=shown, override=override)
    return a_submit(offer, person, comment, form=f"{person.name}-{target}-{bot.clock}")


def vote(
    bot: FakeBot,
    version: DescribedVersion,
    target: Status,
    person: Person,
    comment: str = "looks good",
) -> None:
    bot.do(a_vote(bot, version, target, person, comment))


def withdraw(
    bot: FakeBot,
    version: DescribedVersion,
    person: Person,
    id_: str = "withdrawal-1",
    pressed: datetime | None = None,
) -> None:
    place = MessageRef(CARDS, "1.1")
    bot.do(WithdrawVote(id=id_, arn=version.arn, person=person, message=place, pressed=pressed))


def thread(bot: FakeBot) -> list[str]:
    return bot.chat.thread(bot.chat.cards()[0].place)


def shown(bot: FakeBot, version: DescribedVersion) -> str:
    return as_read(bot.card(version))


def test_one_of_each_role_decides(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA, "AUC is up")
    assert bot.registry.updates == []
    vote(bot, version, Status.APPROVED, CHLOE, "bias is fine")

    (update,) = bot.registry.updates
    assert [(each.by, each.role) for each in update.votes] == [(ANA, "ml-leads"), (CHLOE, "risk")]
    assert bot.status(version.arn) is Status.APPROVED
    updated = bot.registry.registered[version.arn]
    assert updated.comment == (
        f"ana: AUC is up / chloe: bias is fine (chloe, Slack {CHLOE.id}, with ana)"
    )
    assert updated.metadata["approval-with"] == ANA.id


def test_votes_and_the_registry_have_the_real_names_that_slack_knows(bot: FakeBot) -> None:
    ruled(bot)
    bot.directory.names = {ANA.id: "Ana Silva", CHLOE.id: "Chloe Martin"}
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA, "AUC is up")
    vote(bot, version, Status.APPROVED, CHLOE, "bias is fine")

    (update,) = bot.registry.updates
    assert [each.by.name for each in update.votes] == ["Ana Silva", "Chloe Martin"]
    updated = bot.registry.registered[version.arn]
    assert updated.comment == (
        "Ana Silva: AUC is up / Chloe Martin: bias is fine "
        f"(Chloe Martin, Slack {CHLOE.id}, with Ana Silva)"
    )
    assert updated.metadata["approval-by-name"] == "Chloe Martin"


def test_a_description_with_ids_of_earlier_times_is_not_taken_for_a_comment_elsewhere(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA, "AUC is up")
    vote(bot, version, Status.APPROVED, CHLOE, "bias is fine")
    approved = bot.registry.registered[version.arn]
    earlier = approved.comment.replace("with ana", f"with {ANA.id}")

    bot.change(approved, status=Status.REJECTED, comment=earlier, modified_by="studio")
    bot.do(ReconcileVersion(version.arn))

    external = bot.ledger.get(version.arn).request.last_external
    assert external
    assert external.comment == ""


def test_the_card_shows_the_progress_of_the_votes(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA)

    assert "Approve, 1 of 2 votes: @U0ANA00000 for ml-leads, waiting for risk" in shown(
        bot, version
    )
    assert buttons(bot.card(version)) == ["approve", "reject", "withdraw"]
    assert thread(bot)[-1].startswith("<@U0ANA00000> voted to approve. Approve, 1 of 2 votes:")


def test_any_two_of_the_listed_people_decide_and_one_does_not(bot: FakeBot) -> None:
    people = People(users=(ANA.id, BEN.id, CHLOE.id))
    ruled(bot, replace(RULE, roles=(Role(people=people, needs=2),)))
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, CHLOE)
    assert bot.registry.updates == []
    vote(bot, version, Status.APPROVED, BEN)

    assert len(bot.registry.updates) == 1


def test_two_votes_of_the_same_person_count_once(bot: FakeBot) -> None:
    ruled(bot)
    bot.directory.groups[RISK] = frozenset({ANA.id, CHLOE.id})
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA, "once")
    vote(bot, version, Status.APPROVED, ANA, "twice")

    assert bot.registry.updates == []
    (kept,) = bot.ledger.get(version.arn).request.votes
    assert kept.comment == "twice"


def test_a_person_counts_for_the_role_that_needs_them(bot: FakeBot) -> None:
    ruled(bot)
    bot.directory.groups[RISK] = frozenset({ANA.id})
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA)
    vote(bot, version, Status.APPROVED, BEN)

    (update,) = bot.registry.updates
    assert {each.by: each.role for each in update.votes} == {ANA: "risk", BEN: "ml-leads"}


def test_two_of_the_same_role_are_not_a_quorum_of_two_roles(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA)
    vote(bot, version, Status.APPROVED, BEN)

    assert bot.registry.updates == []
    assert "not counted: @U0BEN00000" in shown(bot, version)


@pytest.mark.parametrize("person", [ANA, CHLOE])
def test_one_reject_by_an_approver_decides_at_once(bot: FakeBot, person: Person) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, BEN)

    vote(bot, version, Status.REJECTED, person, "bias")

    assert bot.status(version.arn) is Status.REJECTED
    assert bot.ledger.get(version.arn).request.votes == ()


def test_a_rule_may_ask_for_more_than_one_reject(bot: FakeBot) -> None:
    ruled(bot, replace(PAIR, moves={"reject": PAIR.roles}))
    version = a_card(bot)

    vote(bot, version, Status.REJECTED, ANA, "bias")
    assert bot.registry.updates == []
    vote(bot, version, Status.REJECTED, CHLOE, "bias")

    assert bot.status(version.arn) is Status.REJECTED


def test_a_veto_decides_alone_where_others_need_more(bot: FakeBot) -> None:
    ruled(bot, replace(PAIR, moves={"reject": PAIR.roles}, veto=People(users=(DAN.id,))))
    version = a_card(bot)

    vote(bot, version, Status.REJECTED, DAN, "not while the audit runs")

    (update,) = bot.registry.updates
    assert update.veto
    assert "by @U0DAN00000 (veto): “not while the audit runs”" in shown(bot, version)


def test_a_vote_can_be_changed_until_the_decision(bot: FakeBot) -> None:
    ruled(bot, replace(PAIR, moves={"reject": PAIR.roles}))
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, ANA)
    vote(bot, version, Status.REJECTED, ANA, "on second thoughts")
    vote(bot, version, Status.APPROVED, CHLOE)

    assert bot.registry.updates == []
    assert "Approve, 1 of 2 votes: @U0CHLOE000 for risk, waiting for ml-leads" in shown(
        bot, version
    )
    assert "Reject, 1 of 2 votes: @U0ANA00000 for ml-leads, waiting for risk" in shown(bot, version)


def test_a_vote_can_be_withdrawn_until_the_decision(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)

    withdraw(bot, version, ANA)
    vote(bot, version, Status.APPROVED, CHLOE)

    assert bot.registry.updates == []
    assert "Approve, 1 of 2 votes: @U0CHLOE000 for risk, waiting for ml-leads" in shown(
        bot, version
    )
    assert "<@U0ANA00000> withdrew their vote to approve." in thread(bot)


def test_a_withdrawal_that_comes_twice_withdraws_once(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    withdraw(bot, version, ANA)
    vote(bot, version, Status.APPROVED, ANA)

    withdraw(bot, version, ANA)

    assert [each.by for each in bot.ledger.get(version.arn).request.votes] == [ANA]


def test_a_withdrawal_without_a_vote_is_refused(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)

    withdraw(bot, version, BEN)

    ((who, message),) = bot.chat.private_messages
    assert who == BEN.id
    assert message.startswith("You have no vote on this version to withdraw.")
    assert [each.by for each in bot.ledger.get(version.arn).request.votes] == [ANA]


def test_trap_1_votes_on_one_move_are_no_quorum_for_another(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")
    rejected = bot.registry.registered[version.arn]
    bot.do(ReconcileVersion(version.arn))

    vote(bot, rejected, Status.APPROVED, CHLOE)  # Reinstate

    assert bot.registry.updates == []
    assert "Reinstate, 1 of 2 votes: @U0CHLOE000 for risk" in shown(bot, version)


def test_voters_are_told_that_a_decision_made_their_votes_void(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)

    vote(bot, version, Status.REJECTED, CHLOE, "bias")

    assert "These earlier votes no longer count: <@U0ANA00000>." in thread(bot)[-1]


def test_a_quorum_that_was_missed_when_it_was_reached_asks_for_another_click(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.directory.groups[LEADS] = LookupFailure.OTHER
    vote(bot, version, Status.APPROVED, CHLOE)
    bot.directory.groups[LEADS] = frozenset({ANA.id})

    bot.do(ReconcileVersion(version.arn))

    assert "there are enough votes: one of them must press Approve again" in shown(bot, version)
    vote(bot, version, Status.APPROVED, CHLOE)
    assert bot.status(version.arn) is Status.APPROVED


@pytest.mark.parametrize(
    "name", ["@U0ANA00000", "u0aNa00000", "slack:U0ANA00000", "<@U0ANA00000>", "by <@U0ANA00000>"]
)
def test_a_slack_id_is_found_however_it_is_written(bot: FakeBot, name: str) -> None:
    ruled(bot)
    version = a_card(bot, metadata={"submitted-by": name})

    vote(bot, version, Status.APPROVED, ANA)

    assert "You registered this version" in bot.chat.private_messages[0][1]


ALONE = replace(RULE, name="alone", roles=(Role(people=People(users=(ANA.id, BEN.id, CHLOE.id))),))


@pytest.mark.parametrize(
    "role",
    [
        "assumed-role/WebTeam2024Role/ana@example.com",
        "assumed-role/WebTeam2024Role-Underwriter7/ana@example.com",
        "ana@example.com/U0BEN00000",
        "WebTeam2024Role <ana@example.com>",
    ],
)
def test_a_word_of_a_role_that_looks_like_a_slack_id_does_not_outrank_an_email_address(
    bot: FakeBot, role: str
) -> None:
    ruled(bot, ALONE)
    bot.rules = replace(bot.rules, by_email=True)
    bot.directory.emails["ana@example.com"] = ANA.id
    version = a_card(bot, created_by=role)

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.status(version.arn) is Status.PENDING
    assert "You registered this version" in bot.chat.private_messages[0][1]
    vote(bot, version, Status.APPROVED, BEN)
    assert bot.status(version.arn) is Status.APPROVED


def test_two_words_that_look_like_slack_ids_keep_nobody_from_approving(bot: FakeBot) -> None:
    ruled(bot, ALONE)
    version = a_card(bot, created_by="assumed-role/WebTeam2024Role/Underwriter2024")

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.status(version.arn) is Status.APPROVED


def test_an_email_address_that_begins_like_a_slack_id_is_looked_up(bot: FakeBot) -> None:
    ruled(bot, ALONE)
    bot.rules = replace(bot.rules, by_email=True)
    bot.directory.emails["u0ben00000@corp.com"] = ANA.id
    version = a_card(bot, metadata={"submitted-by": "U0BEN00000@corp.com"})

    vote(bot, version, Status.APPROVED, ANA)
    assert bot.status(version.arn) is Status.PENDING
    vote(bot, version, Status.APPROVED, BEN)
    assert bot.status(version.arn) is Status.APPROVED


def test_an_employee_number_that_looks_like_a_slack_id_is_found_in_the_rules(bot: FakeBot) -> None:
    ruled(bot, ALONE)
    bot.rules = replace(bot.rules, people={"w123456789": ANA.id})
    version = a_card(bot, created_by="W123456789")

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.status(version.arn) is Status.PENDING


@pytest.mark.parametrize(
    "name",
    [
        f"{ANA.id} {BEN.id}",
        f"{ANA.id}/{BEN.id.lower()}",
        f"<@{ANA.id}> and <@{BEN.id}|ben>",
        "assumed-role/ana-role/ben@example.com",
        "ana@example.com ben@example.com",
    ],
)
def test_each_of_several_people_who_may_have_registered_a_version_may_not_approve_it(
    bot: FakeBot, name: str
) -> None:
    ruled(bot, ALONE)
    bot.rules = replace(bot.rules, people={"ana-role": ANA.id}, by_email=True)
    bot.directory.emails |= {"ana@example.com": ANA.id, "ben@example.com": BEN.id}
    version = a_card(bot, metadata={"submitted-by": name})

    vote(bot, version, Status.APPROVED, ANA)
    vote(bot, version, Status.APPROVED, BEN)

    assert bot.status(version.arn) is Status.PENDING
    assert [who for who, _ in bot.chat.private_messages] == [ANA.id, BEN.id]
    assert all("may mean you" in sentence for _, sentence in bot.chat.private_messages)
    vote(bot, version, Status.APPROVED, CHLOE)
    assert bot.status(version.arn) is Status.APPROVED


def test_voters_are_told_who_changed_the_status_outside(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(ReconcileVersion(version.arn))

    reply = thread(bot)[-1]
    assert reply.startswith("Rejected outside this bot; last changed by eve")
    assert "These earlier votes no longer count: <@U0ANA00000>." in reply


def test_everyone_in_a_decision_is_told_who_overtook_it(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    last = a_vote(bot, version, Status.APPROVED, CHLOE)
    with pytest.raises(Unavailable):  # saved, and then a crash
        bot.do(last, lambda call: "before" if call == "apply" else "")
    bot.clock += LAG
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(last)

    assert bot.registry.updates == []
    replies = "\n".join(thread(bot))
    assert "The decision to approve was not made." in replies
    assert "by eve" in replies
    assert "The decision was based on the votes of <@U0ANA00000> and <@U0CHLOE000>." in replies
    assert [who for who, _ in bot.chat.private_messages] == [CHLOE.id]


def test_changed_evidence_refuses_the_click_and_updates_the_card(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    late = a_vote(bot, version, Status.APPROVED, ANA)
    bot.evidence.write_over("0.71")

    bot.do(late)

    assert bot.ledger.get(version.arn).request.votes == ()
    ((who, message),) = bot.chat.private_messages
    assert who == ANA.id
    assert "auc was 0.94 and is 0.71" in message
    assert "0.71" in shown(bot, version)


def test_changed_evidence_voids_the_votes_cast_before_and_their_voters_are_told(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    second = a_vote(bot, version, Status.APPROVED, CHLOE)
    bot.evidence.write_over()

    bot.do(second)

    assert bot.registry.updates == []
    assert bot.ledger.get(version.arn).request.votes == ()
    assert thread(bot)[-1].endswith("These votes no longer count: <@U0ANA00000>.")
    vote(bot, version, Status.APPROVED, CHLOE)
    assert bot.registry.updates == []


def test_a_changed_model_card_voids_the_votes_as_a_changed_file_does(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot, reports=(Report(MODEL_CARD, a_version().arn, numbers=True),))
    vote(bot, version, Status.APPROVED, ANA)
    second = a_vote(bot, version, Status.APPROVED, CHLOE)
    bot.evidence.write_over()

    bot.do(second)

    assert bot.registry.updates == []
    assert bot.ledger.get(version.arn).request.votes == ()


def test_the_card_says_whose_earlier_votes_no_longer_count_until_the_next_decision(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    assert "no longer count" not in shown(bot, version)

    bot.evidence.write_over("0.71")
    bot.do(ReconcileVersion(version.arn))
    assert "⚠️ These earlier votes no longer count: @U0ANA00000.\n" in shown(bot, version)

    now = bot.registry.registered[version.arn]
    vote(bot, now, Status.APPROVED, CHLOE)
    assert "no longer count: @U0ANA00000." in shown(bot, version)

    vote(bot, now, Status.REJECTED, BEN, "not now")
    assert "no longer count" not in shown(bot, version)
    assert bot.ledger.get(version.arn).request.void_voters == ()


def test_whoever_votes_again_is_not_said_to_have_a_vote_that_does_not_count(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.evidence.write_over("0.71")
    bot.do(ReconcileVersion(version.arn))

    vote(bot, version, Status.APPROVED, ANA)

    assert "Approve, 1 of 2 votes: @U0ANA00000" in shown(bot, version)
    assert "no longer count" not in shown(bot, version)


def test_a_change_elsewhere_ends_what_the_card_says_of_earlier_votes(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.evidence.write_over("0.71")
    bot.do(ReconcileVersion(version.arn))

    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))

    assert "no longer count" not in shown(bot, version)


def test_evidence_written_over_with_the_same_numbers_is_other_evidence(bot: FakeBot) -> None:
    version = a_card(bot)
    late = a_vote(bot, version, Status.APPROVED, ANA)
    bot.evidence.write_over("0.94")

    bot.do(late)

    assert bot.registry.updates == []


def test_another_artifact_under_the_same_version_refuses_the_click(bot: FakeBot) -> None:
    version = a_card(bot)
    late = a_vote(bot, version, Status.APPROVED, ANA)
    bot.change(version, artifact="another-digest")

    bot.do(late)

    assert bot.registry.updates == []
    assert "has changed since this card was shown" in bot.chat.private_messages[0][1]


def test_an_unfinished_decision_is_not_made_on_other_evidence(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    last = a_vote(bot, version, Status.APPROVED, CHLOE)
    with pytest.raises(Unavailable):  # saved, and then a crash
        bot.do(last, lambda call: "before" if call == "apply" else "")
    bot.clock += LAG
    bot.evidence.write_over("0.51")

    bot.do(last)

    assert bot.registry.updates == []
    assert bot.ledger.get(version.arn).request.votes == ()
    assert any("The decision to approve was not made." in reply for reply in thread(bot))


def test_an_unfinished_decision_waits_while_its_evidence_cannot_be_read(bot: FakeBot) -> None:
    """The card could show what it showed before; a decision may not rest on that."""
    version = a_card(bot)
    with pytest.raises(Unavailable):  # saved, and then a crash
        bot.do(a_vote(bot, version, Status.APPROVED, ANA), on("apply", "before"))
    bot.clock += LAG
    bot.evidence.write_over("0.51")
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("read", "before"))
    assert bot.registry.updates == []

    bot.do(ReconcileVersion(version.arn))

    assert bot.registry.updates == []
    assert bot.status(version.arn) is Status.PENDING


def test_the_decision_and_its_votes_name_the_brief_they_were_made_on(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    vote(bot, version, Status.APPROVED, CHLOE)

    (update,) = bot.registry.updates
    assert update.brief_digest
    assert {each.brief_digest for each in update.votes} == {update.brief_digest}
    assert bot.registry.registered[version.arn].metadata["approval-brief"] == update.brief_digest


def test_somebody_deactivated_since_their_vote_does_not_count(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.directory.memberships[ANA.id] = MembershipStatus.GONE

    vote(bot, version, Status.APPROVED, CHLOE)

    assert bot.registry.updates == []
    assert "not counted: @U0ANA00000" in shown(bot, version)


@pytest.mark.parametrize(
    "membership", [MembershipStatus.GUEST, MembershipStatus.STRANGER, MembershipStatus.ROBOT]
)
def test_guests_and_strangers_in_a_group_do_not_count(
    bot: FakeBot, membership: MembershipStatus
) -> None:
    ruled(bot)
    version = a_card(bot)
    bot.directory.memberships[ANA.id] = membership

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.ledger.get(version.arn).request.votes == ()
    assert text(f"reason_part_membership_{membership}") in bot.chat.private_messages[0][1]


def test_a_guest_whom_the_rule_names_counts(bot: FakeBot) -> None:
    ruled(bot, RULE)
    version = a_card(bot)
    bot.directory.memberships[ANA.id] = MembershipStatus.GUEST

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.status(version.arn) is Status.APPROVED


@pytest.mark.parametrize("why", LookupFailure)
def test_a_group_that_cannot_be_read_counts_for_nobody_and_the_refusal_says_why(
    bot: FakeBot, why: LookupFailure
) -> None:
    ruled(bot)
    version = a_card(bot)
    bot.directory.groups[LEADS] = why

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.ledger.get(version.arn).request.votes == ()
    assert f"because {lookup_failure(why)}" in bot.chat.private_messages[0][1]


@pytest.mark.parametrize("named", [(ANA.id,), (ANA.id, DAN.id)])
def test_no_group_is_looked_up_where_one_vote_of_a_named_person_is_enough(
    bot: FakeBot, named: tuple[str, ...]
) -> None:
    people = People(users=named, user_groups=(LEADS,))
    ruled(bot, replace(RULE, roles=(Role(people=people),)))
    version = a_card(bot)

    bot.do(
        a_vote(bot, version, Status.APPROVED, ANA),
        lambda call: "before" if call == "members" else "",
    )

    assert bot.status(version.arn) is Status.APPROVED


def test_the_submitter_of_a_version_may_not_approve_it(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot, metadata={"submitted-by": ANA.id})

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.ledger.get(version.arn).request.votes == ()
    assert bot.chat.private_messages == [
        (ANA.id, "You registered this version, so you may not approve it. (Rule: pair.)")
    ]


def test_the_submitter_of_a_version_may_reject_it(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot, metadata={"submitted-by": ANA.id})

    vote(bot, version, Status.REJECTED, ANA, "my mistake")

    assert bot.status(version.arn) is Status.REJECTED


@pytest.mark.parametrize(
    "creator", ["Ana-Studio", "assumed-role/DataScientist/ana-studio"], ids=["studio", "session"]
)
def test_the_creator_is_found_by_the_rules_list_of_people(bot: FakeBot, creator: str) -> None:
    ruled(bot)
    bot.rules = replace(bot.rules, people={"ana-studio": ANA.id})
    version = a_card(bot, created_by=creator)

    vote(bot, version, Status.APPROVED, ANA)

    assert "You registered this version" in bot.chat.private_messages[0][1]


@pytest.mark.parametrize("switched_on", [True, False])
def test_the_creator_is_found_by_e_mail_if_that_is_switched_on(
    bot: FakeBot, *, switched_on: bool
) -> None:
    ruled(bot)
    bot.rules = replace(bot.rules, by_email=switched_on)
    bot.directory.emails["ana@example.com"] = ANA.id
    version = a_card(bot, created_by="assumed-role/Sso/ana@example.com")

    vote(bot, version, Status.APPROVED, ANA)

    assert (bot.ledger.get(version.arn).request.votes == ()) is switched_on


def test_nobody_may_approve_if_the_submitter_cannot_be_looked_up(bot: FakeBot) -> None:
    ruled(bot)
    bot.rules = replace(bot.rules, by_email=True)
    bot.directory.no_emails = LookupFailure.SCOPE
    version = a_card(bot, metadata={"submitted-by": "eve@example.com"})

    vote(bot, version, Status.APPROVED, ANA)

    assert bot.ledger.get(version.arn).request.votes == ()
    assert "eve@example.com registered it" in bot.chat.private_messages[0][1]


def test_metadata_outweigh_the_creator(bot: FakeBot) -> None:
    ruled(bot)
    bot.rules = replace(bot.rules, people={"ana-studio": ANA.id})
    version = a_card(bot, created_by="ana-studio", metadata={"submitted-by": BEN.id})

    vote(bot, version, Status.APPROVED, ANA)

    assert [each.by for each in bot.ledger.get(version.arn).request.votes] == [ANA]


def own_version(bot: FakeBot) -> DescribedVersion:
    ruled(bot, replace(RULE, break_glass=True))
    return a_card(bot, metadata={"submitted-by": ANA.id})


def test_an_override_takes_a_reason(bot: FakeBot) -> None:
    version = own_version(bot)

    vote(bot, version, Status.APPROVED, ANA, " ")

    assert bot.registry.updates == []
    assert "say why" in bot.chat.private_messages[0][1]


def test_a_form_that_did_not_mention_an_override_makes_none(bot: FakeBot) -> None:
    version = own_version(bot)
    submit = a_vote(bot, version, Status.APPROVED, ANA)
    without_override = replace(submit.click, button=replace(submit.click.button, override=False))

    bot.do(replace(submit, click=without_override))

    assert bot.registry.updates == []
    assert "your form did not say so" in bot.chat.private_messages[0][1]


def test_an_override_is_shown_to_everybody_in_the_channel(bot: FakeBot) -> None:
    version = own_version(bot)

    vote(bot, version, Status.APPROVED, ANA, "Production is down.")

    (update,) = bot.registry.updates
    assert update.override
    (notice,) = bot.chat.texts_in_channel(CARDS)
    assert notice.startswith("🚨 Emergency override: <@U0ANA00000> registered fraud version 1")
    assert "by @U0ANA00000 (🚨 emergency override): “Production is down.”" in shown(bot, version)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(16))
def test_trap_3_a_vote_is_cast_and_announced_once_whatever_call_fails(
    bot: FakeBot, when: str, call: int
) -> None:
    ruled(bot, replace(PAIR, break_glass=True))
    version = a_card(bot, metadata={"submitted-by": ANA.id})
    submit = a_vote(bot, version, Status.APPROVED, ANA)

    try:
        bot.do(submit, nth(call, when))
    except Unavailable:
        bot.do(submit)

    request = bot.ledger.get(version.arn).request
    assert [each.by for each in request.votes] == [ANA]
    assert request.open_decision is None
    assert len(thread(bot)) == 1
    assert len(bot.chat.texts_in_channel(CARDS)) == 1
    assert bot.chat.private_messages == []
    assert "1 of 2" in shown(bot, version)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(16))
def test_trap_3_votes_are_void_and_that_is_announced_once_whatever_call_fails(
    bot: FakeBot, when: str, call: int
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.evidence.write_over()

    with suppress(Unavailable):
        bot.do(ReconcileVersion(version.arn), nth(call, when))
    bot.do(ReconcileVersion(version.arn))

    assert bot.ledger.get(version.arn).request.votes == ()
    assert len(thread(bot)) == 2
    assert "waiting for risk" not in shown(bot, version)


def test_the_channels_of_the_rule_are_told_of_the_decision_and_not_of_each_vote(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    assert bot.chat.texts_in_channel(RELEASES) == []

    vote(bot, version, Status.APPROVED, CHLOE)

    (notice,) = bot.chat.texts_in_channel(RELEASES)
    assert "Approved by <@U0CHLOE000>, with <@U0ANA00000>" in notice


def test_no_vote_is_void_while_s3_is_busy_and_the_click_comes_again(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    second = a_vote(bot, version, Status.APPROVED, CHLOE)

    bot.do(ReconcileVersion(version.arn), lambda call: "before" if call == "read" else "")
    assert len(bot.ledger.get(version.arn).request.votes) == 1
    with pytest.raises(Unavailable):
        bot.do(second, lambda call: "before" if call == "read" else "")
    bot.do(second)

    assert bot.status(version.arn) is Status.APPROVED
