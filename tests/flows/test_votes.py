"""A decision that takes more than one person: votes, progress, changes of mind, voids."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.evidence.brief import Candidate, brief_digest
from bot.core.jobs.messages import ReconcileVersion, WithdrawVote
from bot.core.registry.version import DescribedVersion, Report, Status
from bot.core.rules.people import LookupFailure, MembershipStatus
from bot.core.rules.rule import People, Role, Rules
from bot.core.votes.request import MessageRef
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
from tests.doubles.trouble import nth

if TYPE_CHECKING:
    from bot.core.jobs.messages import SubmitForm
    from bot.core.rules.people import Person
    from bot.core.rules.rule import Rule
    from tests.flows.conftest import Office

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


def ruled(office: Office, rule: Rule = PAIR) -> None:
    office.rules = Rules("C0MODELS00", (rule,), digest="digest-of-the-rules")
    office.directory.groups = dict(MEMBERS)


def a_card(office: Office, status: Status = Status.PENDING, **changes: object) -> DescribedVersion:
    version = office.registry.add(a_version(status=Status.PENDING, reports=EVIDENCE, **changes))
    office.do(ReconcileVersion(version.arn))
    if status is not Status.PENDING:
        office.registry.move_outside(version.arn, status)
        office.do(ReconcileVersion(version.arn))
    return office.registry.known[version.arn]


def a_vote(
    office: Office,
    version: DescribedVersion,
    target: Status,
    person: Person,
    comment: str = "looks good",
) -> SubmitForm:
    """What *person* submits on the card as it is now."""
    shown = brief_digest(
        Candidate(version, (version,), office.ledger.get(version.arn).request.brief)
    )
    own = version.metadata.get("submitted-by") == person.id and target is Status.APPROVED
    override = own and office.rules.find(version.group).break_glass
    offer = an_offer(version, target, brief=shown, override=override)
    return a_submit(offer, person, comment, form=f"{person.name}-{target}-{office.clock}")


def vote(
    office: Office,
    version: DescribedVersion,
    target: Status,
    person: Person,
    comment: str = "looks good",
) -> None:
    office.do(a_vote(office, version, target, person, comment))


def withdraw(
    office: Office, version: DescribedVersion, person: Person, id_: str = "withdrawal-1"
) -> None:
    place = MessageRef(CARDS, "1.1")
    office.do(WithdrawVote(id=id_, arn=version.arn, person=person, message=place))


def thread(office: Office) -> list[str]:
    return office.chat.thread(office.chat.cards()[0].place)


def shown(office: Office, version: DescribedVersion) -> str:
    return as_read(office.card(version))


def test_one_of_each_role_decides(office: Office) -> None:
    ruled(office)
    version = a_card(office)

    vote(office, version, Status.APPROVED, ANA, "AUC is up")
    assert office.registry.updates == []
    vote(office, version, Status.APPROVED, CHLOE, "bias is fine")

    (update,) = office.registry.updates
    assert [(each.by, each.role) for each in update.votes] == [(ANA, "ml-leads"), (CHLOE, "risk")]
    assert office.status(version.arn) is Status.APPROVED
    made = office.registry.known[version.arn]
    assert made.comment == (
        f"ana: AUC is up / chloe: bias is fine (chloe, Slack {CHLOE.id}, with {ANA.id})"
    )
    assert made.metadata["approval-with"] == ANA.id


def test_the_card_shows_how_far_it_has_come(office: Office) -> None:
    ruled(office)
    version = a_card(office)

    vote(office, version, Status.APPROVED, ANA)

    assert "Approve, 1 of 2 votes: @U0ANA00000 for ml-leads, waiting for risk" in shown(
        office, version
    )
    assert buttons(office.card(version)) == ["approve", "reject", "withdraw"]
    assert thread(office)[-1].startswith("<@U0ANA00000> voted to approve. Approve, 1 of 2 votes:")


def test_any_two_of_these_decide_and_one_does_not(office: Office) -> None:
    people = People(users=(ANA.id, BEN.id, CHLOE.id))
    ruled(office, replace(RULE, roles=(Role(people=people, needs=2),)))
    version = a_card(office)

    vote(office, version, Status.APPROVED, CHLOE)
    assert office.registry.updates == []
    vote(office, version, Status.APPROVED, BEN)

    assert len(office.registry.updates) == 1


def test_the_same_person_twice_is_one_vote(office: Office) -> None:
    ruled(office)
    office.directory.groups[RISK] = frozenset({ANA.id, CHLOE.id})
    version = a_card(office)

    vote(office, version, Status.APPROVED, ANA, "once")
    vote(office, version, Status.APPROVED, ANA, "twice")

    assert office.registry.updates == []
    (kept,) = office.ledger.get(version.arn).request.votes
    assert kept.comment == "twice"


def test_a_person_counts_for_the_role_that_needs_them(office: Office) -> None:
    ruled(office)
    office.directory.groups[RISK] = frozenset({ANA.id})
    version = a_card(office)

    vote(office, version, Status.APPROVED, ANA)
    vote(office, version, Status.APPROVED, BEN)

    (update,) = office.registry.updates
    assert {each.by: each.role for each in update.votes} == {ANA: "risk", BEN: "ml-leads"}


def test_two_of_the_same_role_are_not_a_quorum_of_two_roles(office: Office) -> None:
    ruled(office)
    version = a_card(office)

    vote(office, version, Status.APPROVED, ANA)
    vote(office, version, Status.APPROVED, BEN)

    assert office.registry.updates == []
    assert "not counted: @U0BEN00000" in shown(office, version)


@pytest.mark.parametrize("person", [ANA, CHLOE])
def test_one_reject_by_an_approver_decides_at_once(office: Office, person: Person) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, BEN)

    vote(office, version, Status.REJECTED, person, "bias")

    assert office.status(version.arn) is Status.REJECTED
    assert office.ledger.get(version.arn).request.votes == ()


def test_a_rule_may_ask_for_more_than_one_reject(office: Office) -> None:
    ruled(office, replace(PAIR, moves={"reject": PAIR.roles}))
    version = a_card(office)

    vote(office, version, Status.REJECTED, ANA, "bias")
    assert office.registry.updates == []
    vote(office, version, Status.REJECTED, CHLOE, "bias")

    assert office.status(version.arn) is Status.REJECTED


def test_a_veto_decides_alone_where_others_need_more(office: Office) -> None:
    ruled(office, replace(PAIR, moves={"reject": PAIR.roles}, veto=People(users=(DAN.id,))))
    version = a_card(office)

    vote(office, version, Status.REJECTED, DAN, "not while the audit runs")

    (update,) = office.registry.updates
    assert update.veto
    assert "Rejected by @U0DAN00000 (veto)" in shown(office, version)


def test_a_vote_can_be_changed_until_the_decision(office: Office) -> None:
    ruled(office, replace(PAIR, moves={"reject": PAIR.roles}))
    version = a_card(office)

    vote(office, version, Status.APPROVED, ANA)
    vote(office, version, Status.REJECTED, ANA, "on second thoughts")
    vote(office, version, Status.APPROVED, CHLOE)

    assert office.registry.updates == []
    assert "Approve, 1 of 2 votes: @U0CHLOE000 for risk, waiting for ml-leads" in shown(
        office, version
    )
    assert "Reject, 1 of 2 votes: @U0ANA00000 for ml-leads, waiting for risk" in shown(
        office, version
    )


def test_a_vote_can_be_withdrawn_until_the_decision(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)

    withdraw(office, version, ANA)
    vote(office, version, Status.APPROVED, CHLOE)

    assert office.registry.updates == []
    assert "Approve, 1 of 2 votes: @U0CHLOE000 for risk, waiting for ml-leads" in shown(
        office, version
    )
    assert "<@U0ANA00000> withdrew their vote to approve." in thread(office)


def test_a_withdrawal_that_comes_twice_withdraws_once(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    withdraw(office, version, ANA)
    vote(office, version, Status.APPROVED, ANA)

    withdraw(office, version, ANA)

    assert [each.by for each in office.ledger.get(version.arn).request.votes] == [ANA]


def test_who_has_no_vote_has_none_to_withdraw_and_is_told(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)

    withdraw(office, version, BEN)

    ((who, said),) = office.chat.whispers
    assert who == BEN.id
    assert said.startswith("You have no vote on this version to withdraw.")
    assert [each.by for each in office.ledger.get(version.arn).request.votes] == [ANA]


def test_trap_1_votes_on_one_move_are_no_quorum_for_another(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")
    rejected = office.registry.known[version.arn]
    office.do(ReconcileVersion(version.arn))

    vote(office, rejected, Status.APPROVED, CHLOE)  # Reinstate

    assert office.registry.updates == []
    assert "Reinstate, 1 of 2 votes: @U0CHLOE000 for risk" in shown(office, version)


def test_whose_vote_comes_to_nothing_by_a_decision_is_told_so(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)

    vote(office, version, Status.REJECTED, CHLOE, "bias")

    assert "These earlier votes no longer count: <@U0ANA00000>." in thread(office)[-1]


def test_a_quorum_that_was_not_seen_when_it_was_reached_is_asked_for_again(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    office.directory.groups[LEADS] = LookupFailure.OTHER
    vote(office, version, Status.APPROVED, CHLOE)
    office.directory.groups[LEADS] = frozenset({ANA.id})

    office.do(ReconcileVersion(version.arn))

    assert "there are enough votes: one of them must press Approve again" in shown(office, version)
    vote(office, version, Status.APPROVED, CHLOE)
    assert office.status(version.arn) is Status.APPROVED


@pytest.mark.parametrize("name", ["@U0ANA00000", "u0ana00000", "slack:U0ANA00000", "<@U0ANA00000>"])
def test_a_slack_id_is_found_however_it_is_written(office: Office, name: str) -> None:
    ruled(office)
    version = a_card(office, metadata={"submitted-by": name})

    vote(office, version, Status.APPROVED, ANA)

    assert "You registered this version" in office.chat.whispers[0][1]


def test_where_two_people_are_named_as_the_submitter_nobody_may_approve(office: Office) -> None:
    ruled(office)
    version = a_card(office, metadata={"submitted-by": f"{ANA.id} {BEN.id}"})

    vote(office, version, Status.APPROVED, CHLOE)

    assert "the name could be that of several people" in office.chat.whispers[0][1]


def test_who_had_voted_is_told_who_moved_first_outside(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(ReconcileVersion(version.arn))

    told = thread(office)[-1]
    assert told.startswith("Rejected by eve")
    assert "These earlier votes no longer count: <@U0ANA00000>." in told


def test_everyone_in_a_decision_is_told_who_overtook_it(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    last = a_vote(office, version, Status.APPROVED, CHLOE)
    with pytest.raises(Unavailable):  # written down, and then nothing
        office.do(last, lambda call: "before" if call == "apply" else "")
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(last)

    assert office.registry.updates == []
    told = "\n".join(thread(office))
    assert "The decision to approve was not made." in told
    assert "by eve" in told
    assert "The decision was based on the votes of <@U0ANA00000> and <@U0CHLOE000>." in told
    assert [who for who, _ in office.chat.whispers] == [CHLOE.id]


def test_changed_evidence_refuses_the_click_and_repaints_the_card(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    late = a_vote(office, version, Status.APPROVED, ANA)
    office.evidence.write_over("0.71")

    office.do(late)

    assert office.ledger.get(version.arn).request.votes == ()
    ((who, said),) = office.chat.whispers
    assert who == ANA.id
    assert "auc was 0.94 and is 0.71" in said
    assert "0.71" in shown(office, version)


def test_changed_evidence_voids_the_votes_cast_before_and_their_voters_are_told(
    office: Office,
) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    second = a_vote(office, version, Status.APPROVED, CHLOE)
    office.evidence.write_over()

    office.do(second)

    assert office.registry.updates == []
    assert office.ledger.get(version.arn).request.votes == ()
    assert thread(office)[-1].endswith("These votes no longer count: <@U0ANA00000>.")
    vote(office, version, Status.APPROVED, CHLOE)
    assert office.registry.updates == []


def test_evidence_written_over_with_the_same_numbers_is_other_evidence(office: Office) -> None:
    version = a_card(office)
    late = a_vote(office, version, Status.APPROVED, ANA)
    office.evidence.write_over("0.94")

    office.do(late)

    assert office.registry.updates == []


def test_another_artifact_under_the_same_version_refuses_the_click(office: Office) -> None:
    version = a_card(office)
    late = a_vote(office, version, Status.APPROVED, ANA)
    office.change(version, artifact="another-digest")

    office.do(late)

    assert office.registry.updates == []
    assert "has changed since this card was shown" in office.chat.whispers[0][1]


def test_a_decision_left_half_done_is_not_made_on_other_evidence(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    last = a_vote(office, version, Status.APPROVED, CHLOE)
    with pytest.raises(Unavailable):  # written down, and then nothing
        office.do(last, lambda call: "before" if call == "apply" else "")
    office.evidence.write_over("0.51")

    office.do(last)

    assert office.registry.updates == []
    assert office.ledger.get(version.arn).request.votes == ()
    assert any("The decision to approve was not made." in said for said in thread(office))


def test_the_decision_and_its_votes_name_the_brief_they_were_made_on(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    vote(office, version, Status.APPROVED, CHLOE)

    (update,) = office.registry.updates
    assert update.brief
    assert {each.brief for each in update.votes} == {update.brief}
    assert office.registry.known[version.arn].metadata["approval-brief"] == update.brief


def test_somebody_deactivated_since_their_vote_does_not_count(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    office.directory.standings[ANA.id] = MembershipStatus.GONE

    vote(office, version, Status.APPROVED, CHLOE)

    assert office.registry.updates == []
    assert "not counted: @U0ANA00000" in shown(office, version)


@pytest.mark.parametrize(
    "standing", [MembershipStatus.GUEST, MembershipStatus.STRANGER, MembershipStatus.ROBOT]
)
def test_guests_and_strangers_in_a_group_do_not_count(
    office: Office, standing: MembershipStatus
) -> None:
    ruled(office)
    version = a_card(office)
    office.directory.standings[ANA.id] = standing

    vote(office, version, Status.APPROVED, ANA)

    assert office.ledger.get(version.arn).request.votes == ()
    assert text(f"reason.part.membership.{standing}") in office.chat.whispers[0][1]


def test_a_guest_whom_the_rule_names_counts(office: Office) -> None:
    ruled(office, RULE)
    version = a_card(office)
    office.directory.standings[ANA.id] = MembershipStatus.GUEST

    vote(office, version, Status.APPROVED, ANA)

    assert office.status(version.arn) is Status.APPROVED


@pytest.mark.parametrize("why", LookupFailure)
def test_a_group_that_cannot_be_read_counts_for_nobody_and_the_refusal_says_why(
    office: Office, why: LookupFailure
) -> None:
    ruled(office)
    version = a_card(office)
    office.directory.groups[LEADS] = why

    vote(office, version, Status.APPROVED, ANA)

    assert office.ledger.get(version.arn).request.votes == ()
    assert f"because {lookup_failure(why)}" in office.chat.whispers[0][1]


@pytest.mark.parametrize("named", [(ANA.id,), (ANA.id, DAN.id)])
def test_where_one_vote_of_somebody_named_by_id_is_enough_no_group_is_asked_for(
    office: Office, named: tuple[str, ...]
) -> None:
    people = People(users=named, user_groups=(LEADS,))
    ruled(office, replace(RULE, roles=(Role(people=people),)))
    version = a_card(office)

    office.do(
        a_vote(office, version, Status.APPROVED, ANA),
        lambda call: "before" if call == "members" else "",
    )

    assert office.status(version.arn) is Status.APPROVED


def test_who_registered_a_version_may_not_approve_it(office: Office) -> None:
    ruled(office)
    version = a_card(office, metadata={"submitted-by": ANA.id})

    vote(office, version, Status.APPROVED, ANA)

    assert office.ledger.get(version.arn).request.votes == ()
    assert office.chat.whispers == [
        (ANA.id, "You registered this version, so you may not approve it. (Rule: pair.)")
    ]


def test_who_registered_a_version_may_reject_it(office: Office) -> None:
    ruled(office)
    version = a_card(office, metadata={"submitted-by": ANA.id})

    vote(office, version, Status.REJECTED, ANA, "my mistake")

    assert office.status(version.arn) is Status.REJECTED


@pytest.mark.parametrize(
    "creator", ["Ana-Studio", "assumed-role/DataScientist/ana-studio"], ids=["studio", "session"]
)
def test_the_creator_is_found_by_the_rules_list_of_people(office: Office, creator: str) -> None:
    ruled(office)
    office.rules = replace(office.rules, people={"ana-studio": ANA.id})
    version = a_card(office, created_by=creator)

    vote(office, version, Status.APPROVED, ANA)

    assert "You registered this version" in office.chat.whispers[0][1]


@pytest.mark.parametrize("switched_on", [True, False])
def test_the_creator_is_found_by_e_mail_if_that_is_switched_on(
    office: Office, *, switched_on: bool
) -> None:
    ruled(office)
    office.rules = replace(office.rules, by_email=switched_on)
    office.directory.emails["ana@example.com"] = ANA.id
    version = a_card(office, created_by="assumed-role/Sso/ana@example.com")

    vote(office, version, Status.APPROVED, ANA)

    assert (office.ledger.get(version.arn).request.votes == ()) is switched_on


def test_if_the_submitter_cannot_be_looked_up_nobody_may_approve(office: Office) -> None:
    ruled(office)
    office.rules = replace(office.rules, by_email=True)
    office.directory.no_emails = LookupFailure.SCOPE
    version = a_card(office, metadata={"submitted-by": "eve@example.com"})

    vote(office, version, Status.APPROVED, ANA)

    assert office.ledger.get(version.arn).request.votes == ()
    assert "eve@example.com registered it" in office.chat.whispers[0][1]


def test_metadata_outweigh_the_creator(office: Office) -> None:
    ruled(office)
    office.rules = replace(office.rules, people={"ana-studio": ANA.id})
    version = a_card(office, created_by="ana-studio", metadata={"submitted-by": BEN.id})

    vote(office, version, Status.APPROVED, ANA)

    assert [each.by for each in office.ledger.get(version.arn).request.votes] == [ANA]


def glass(office: Office) -> DescribedVersion:
    ruled(office, replace(RULE, break_glass=True))
    return a_card(office, metadata={"submitted-by": ANA.id})


def test_breaking_the_glass_takes_a_reason(office: Office) -> None:
    version = glass(office)

    vote(office, version, Status.APPROVED, ANA, " ")

    assert office.registry.updates == []
    assert "say why" in office.chat.whispers[0][1]


def test_nobody_breaks_the_glass_by_a_form_that_did_not_say_so(office: Office) -> None:
    version = glass(office)
    vote_ = a_vote(office, version, Status.APPROVED, ANA)
    unsaid = replace(vote_.click, button=replace(vote_.click.button, override=False))

    office.do(replace(vote_, click=unsaid))

    assert office.registry.updates == []
    assert "your form did not say so" in office.chat.whispers[0][1]


def test_breaking_the_glass_is_shown_to_everybody_in_the_channel(office: Office) -> None:
    version = glass(office)

    vote(office, version, Status.APPROVED, ANA, "Production is down.")

    (update,) = office.registry.updates
    assert update.override
    (told,) = office.chat.said_in(CARDS)
    assert told.startswith("🚨 Emergency override: <@U0ANA00000> registered fraud version 1")
    assert "as an emergency override" in shown(office, version)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(16))
def test_trap_3_a_vote_is_cast_and_told_once_whatever_call_fails(
    office: Office, when: str, call: int
) -> None:
    ruled(office, replace(PAIR, break_glass=True))
    version = a_card(office, metadata={"submitted-by": ANA.id})
    submit = a_vote(office, version, Status.APPROVED, ANA)

    try:
        office.do(submit, nth(call, when))
    except Unavailable:
        office.do(submit)

    request = office.ledger.get(version.arn).request
    assert [each.by for each in request.votes] == [ANA]
    assert request.pending is None
    assert len(thread(office)) == 1
    assert len(office.chat.said_in(CARDS)) == 1
    assert office.chat.whispers == []
    assert "1 of 2" in shown(office, version)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(16))
def test_trap_3_votes_are_void_and_that_is_told_once_whatever_call_fails(
    office: Office, when: str, call: int
) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    office.evidence.write_over()

    with suppress(Unavailable):
        office.do(ReconcileVersion(version.arn), nth(call, when))
    office.do(ReconcileVersion(version.arn))

    assert office.ledger.get(version.arn).request.votes == ()
    assert len(thread(office)) == 2
    assert "waiting for risk" not in shown(office, version)


def test_the_channels_of_the_rule_hear_of_the_decision_and_not_of_each_vote(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    assert office.chat.said_in(RELEASES) == []

    vote(office, version, Status.APPROVED, CHLOE)

    (told,) = office.chat.said_in(RELEASES)
    assert "Approved by <@U0CHLOE000>, with <@U0ANA00000>" in told


def test_while_s3_is_busy_no_vote_is_void_and_the_click_comes_again(office: Office) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    second = a_vote(office, version, Status.APPROVED, CHLOE)

    office.do(ReconcileVersion(version.arn), lambda call: "before" if call == "read" else "")
    assert len(office.ledger.get(version.arn).request.votes) == 1
    with pytest.raises(Unavailable):
        office.do(second, lambda call: "before" if call == "read" else "")
    office.do(second)

    assert office.status(version.arn) is Status.APPROVED
