"""What the audit trail holds of each thing that can happen, and how Slack shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.audit import entries
from bot.core.audit.entries import AuditContext
from bot.core.audit.verify import verify
from bot.core.errors import Unavailable
from bot.core.jobs.messages import AnswerQuestion, CheckForm, ReconcileVersion
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import Status
from bot.core.votes.lease import LAG
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    DAN,
    NOON,
    RULE,
    a_click,
    a_submit,
    a_version,
    an_offer,
)
from tests.doubles.failures import nth, on
from tests.flows.test_votes import a_card, a_vote, ruled, vote, withdraw

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

URL = "https://hooks.slack.com/x"


def trail(bot: FakeBot, version: DescribedVersion) -> list[dict[str, Any]]:
    """The entries in the trail of *version*, which has to hold together."""
    entries = list(bot.ledger.entries(version.arn))
    assert not list(verify(version.arn, entries, bot.ledger.chain_head(version.arn)))
    return [entry.content for entry in entries]


def kinds(bot: FakeBot, version: DescribedVersion) -> list[str]:
    return [entry["kind"] for entry in trail(bot, version)]


def answer_to(bot: FakeBot, question: str) -> str:
    bot.do(AnswerQuestion(person=ANA, text=question, answer_url=URL))
    return as_read(bot.chat.answers[-1][1])


def test_the_entry_of_a_vote_holds_the_person_the_brief_and_the_rule(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot, artifact="digest-of-the-artifact")

    vote(bot, version, Status.APPROVED, ANA, "AUC is up")

    (entry,) = trail(bot, version)
    assert (entry["kind"], entry["who"], entry["name"]) == ("vote", ANA.id, "ana")
    assert (entry["move"], entry["comment"]) == ("approve", "AUC is up")
    assert entry["at"].startswith("2026-03-02T12:")
    assert (entry["group"], entry["version"]) == ("fraud", 1)
    assert entry["brief"] == {
        "digest": entry["brief_digest"],
        "status": "PendingManualApproval",
        "artifact": "digest-of-the-artifact",
        "metrics": [["auc", "0.94"]],
        "notes": [],
        "sources": [["s3://models/evaluation.json", "etag-1"]],
    }
    assert (entry["rule"], entry["rules_digest"]) == ("pair", "digest-of-the-rules")
    assert entry["rule_digest"] == bot.rules.find("fraud").digest
    assert entry["user_groups"] == {"S0MLLEADS0": True, "S0RISK0000": False}
    assert entry["membership"] == "member"


def test_the_entry_of_a_decision_holds_its_votes_with_their_roles(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA, "AUC is up")
    vote(bot, version, Status.APPROVED, CHLOE, "bias is fine")

    assert kinds(bot, version) == ["vote", "vote", "decision"]
    decision = trail(bot, version)[-1]
    assert [(v["who"], v["role"], v["comment"]) for v in decision["votes"]] == [
        (ANA.id, "ml-leads", "AUC is up"),
        (CHLOE.id, "risk", "bias is fine"),
    ]
    assert (decision["next_to_deploy_before"], decision["next_to_deploy_after"]) == (None, 1)


def test_the_entry_of_a_decision_names_the_submitter_even_if_another_job_finished_it(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "after"))
    bot.do(ReconcileVersion(version.arn))

    cast, made = trail(bot, version)
    assert (cast["kind"], made["kind"]) == ("vote", "decision")
    assert made["submitter"] == cast["submitter"]
    assert made["submitter"]["name"] == "training-pipeline"


def test_the_entry_of_a_refusal_holds_the_person_and_the_reason(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)

    vote(bot, version, Status.APPROVED, DAN, "please")

    (entry,) = trail(bot, version)
    assert (entry["kind"], entry["who"], entry["comment"]) == ("refusal", DAN.id, "please")
    assert entry["reason"]["code"] == "not_an_approver"
    assert entry["user_groups"] == {"S0MLLEADS0": False, "S0RISK0000": False}


def test_a_click_that_was_refused_is_in_the_trail_once(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    click = CheckForm(a_click(an_offer(version, Status.APPROVED), DAN), "view-1")

    bot.do(click)
    bot.do(click)

    assert kinds(bot, version) == ["refusal"]


def test_the_entry_of_a_withdrawal_names_the_vote(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)

    withdraw(bot, version, ANA)

    cast, withdrawal = trail(bot, version)
    assert (withdrawal["kind"], withdrawal["who"], withdrawal["vote"]) == (
        "withdrawal",
        ANA.id,
        cast["id"],
    )


def test_void_votes_are_named_with_what_made_them_void(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.evidence.write_over("0.71")

    bot.do(ReconcileVersion(version.arn))

    entry = trail(bot, version)[-1]
    assert (entry["kind"], [v["who"] for v in entry["votes"]]) == ("void", [ANA.id])
    changed = {"metric": "auc", "before": "0.94", "after": "0.71"}
    assert entry["reason"] == {"code": "brief_changed_since_votes", "params": changed}


def test_a_change_outside_is_named_with_the_votes_that_it_made_void(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve", comment="no")

    bot.do(ReconcileVersion(version.arn))

    assert kinds(bot, version) == ["vote", "external_change", "void"]
    changed = trail(bot, version)[1]
    assert (changed["name"], changed["target"], changed["comment"]) == ("eve", "Rejected", "no")


def test_a_decision_overtaken_is_void_and_never_a_decision(bot: FakeBot) -> None:
    version = a_card(bot)
    submit = a_vote(bot, version, Status.APPROVED, ANA)
    with pytest.raises(Unavailable):
        bot.do(submit, on("apply", "before"))
    bot.clock += LAG
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(submit)

    assert kinds(bot, version) == ["vote", "void", "external_change"]


@pytest.mark.parametrize("when", ["", "before", "after"])
def test_a_decision_on_a_deleted_version_and_each_vote_on_it_are_void_once(
    bot: FakeBot, when: str
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    submit = a_vote(bot, version, Status.REJECTED, BEN, "no")
    with pytest.raises(Unavailable):  # saved, and then a crash
        bot.do(submit, on("apply", "before"))
    del bot.registry.registered[version.arn]

    if when:
        with pytest.raises(Unavailable):
            bot.do(ReconcileVersion(version.arn), on("save", when))
    bot.do(ReconcileVersion(version.arn))
    bot.do(ReconcileVersion(version.arn))

    void = [entry for entry in trail(bot, version) if entry["kind"] == "void"]
    assert [[cast["who"] for cast in entry["votes"]] for entry in void] == [[BEN.id], [ANA.id]]
    assert void[0]["reason"] == {"code": "version_gone_undecided", "params": {}}
    assert {who for who, _ in bot.chat.private_messages} == {BEN.id}
    assert all("is not known" in text for _, text in bot.chat.private_messages)
    assert bot.ledger.get(version.arn).request.votes == ()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(20))
def test_trap_3_each_entry_is_written_once_whatever_call_fails(
    bot: FakeBot, when: str, call: int
) -> None:
    version = a_card(bot)
    submit = a_vote(bot, version, Status.APPROVED, ANA)

    try:
        bot.do(submit, nth(call, when))
    except Unavailable:
        bot.do(submit)

    assert kinds(bot, version) == ["vote", "decision"]


def test_the_trail_keeps_its_order_if_the_clock_goes_back_or_times_are_equal(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.clock -= timedelta(days=2)
    withdraw(bot, version, ANA)
    bot.clock -= timedelta(seconds=1)  # the next look at the clock shows the same time
    vote(bot, version, Status.APPROVED, BEN)

    assert kinds(bot, version) == ["vote", "withdrawal", "vote"]


def test_history_shows_who_did_what_newest_first(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, DAN)
    vote(bot, version, Status.APPROVED, ANA, "AUC is up")
    vote(bot, version, Status.APPROVED, CHLOE)

    answer = answer_to(bot, "history FRAUD")

    lines = [line for line in answer.splitlines() if "version 1" in line]
    assert "Approved by @U0CHLOE000 for risk, with @U0ANA00000 for ml-leads." in lines[0]
    assert "@U0CHLOE000 voted to approve" in lines[1]
    assert "@U0ANA00000 voted to approve. “AUC is up”" in lines[2]
    assert "@U0DAN00000 tried to approve and was refused: They may not" in lines[3]


def test_history_of_one_version_leaves_out_the_others(bot: FakeBot) -> None:
    first, second = a_card(bot), a_card(bot, number=2)
    vote(bot, first, Status.APPROVED, ANA)
    vote(bot, second, Status.REJECTED, ANA, "no")

    assert "version 2" in answer_to(bot, "history fraud")
    assert "version 2" not in answer_to(bot, "history fraud 1")
    assert answer_to(bot, "history fraud 7") == answer_to(bot, "fraud 7")


def test_history_alone_says_how_to_ask(bot: FakeBot) -> None:
    assert "/model-status history GROUP" in answer_to(bot, "history")
    assert "There is no" not in answer_to(bot, "history")


def test_history_says_if_nothing_was_ever_decided(bot: FakeBot) -> None:
    a_card(bot)

    assert "fraud: no votes or decisions here." in answer_to(bot, "history fraud")


def a_context() -> AuditContext:
    return AuditContext(
        candidate=None, group="fraud", number=1, rule=RULE, rules_digest="", now=NOON
    )


@pytest.mark.parametrize(("count", "left_out"), [(3, False), (51, True)])
def test_history_says_where_it_leaves_something_out(
    bot: FakeBot, count: int, *, left_out: bool
) -> None:
    version = a_card(bot)
    for number in range(count):
        record = bot.ledger.get(version.arn)
        content = entries.void(f"{number}", (), Reason(ReasonCode.VERSION_GONE), a_context())
        bot.ledger.save(record.with_entry(content))

    answer = answer_to(bot, "history fraud")

    assert ("At most the 50 newest entries of each" in answer) is left_out
    assert f"fraud: {min(count, 50)} entries in the audit trail" in answer


@pytest.mark.parametrize(("versions", "left_out"), [(20, False), (21, True)])
def test_history_says_where_it_leaves_versions_out(
    bot: FakeBot, versions: int, *, left_out: bool
) -> None:
    for number in range(1, versions + 1):
        bot.registry.add(a_version(number))
    vote(bot, a_card(bot, number=versions), Status.APPROVED, ANA)

    answer = answer_to(bot, "history fraud")

    assert ("of each of the 20 newest versions" in answer) is left_out


def test_an_unreadable_entry_is_shown_as_unreadable(bot: FakeBot) -> None:
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    written = bot.ledger.audit[version.arn]
    written[1] = replace(written[1], body="{")

    assert f"Entry 1 of {version.arn} cannot be read." in answer_to(bot, "history fraud")
