import re
from dataclasses import replace
from typing import Any

import pytest

from bot.core.cards.messages import Message
from bot.core.evidence.brief import Brief, Metric
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Readiness, Status
from bot.core.rules.rule import People, Role, Rule
from bot.core.text import CUT
from bot.core.votes.button import ButtonPayload, decode_button
from tests.core.reading import as_read, as_sent, nodes
from tests.core.situations.cards import (
    APPROVED,
    LATER,
    NEW,
    OLD,
    PENDING,
    REJECTED,
    SITUATIONS,
    STUDIO,
    card_of,
    decided,
    outside,
    with_status,
)
from tests.doubles.builders import CHLOE, DAN, RULE, a_version


def buttons(message: Message) -> list[dict[str, Any]]:
    return [node for node in nodes(as_sent(message)) if node.get("type") == "button"]


def offers(message: Message) -> list[ButtonPayload]:
    return [decode_button(button["value"]) for button in buttons(message)]


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("card-waiting", ["approve", "reject"]),
        ("card-waiting-but-failed", ["reject"]),
        ("card-approved-here-and-live", ["revoke"]),
        ("card-approved-but-not-live", ["revoke"]),
        ("card-rejected-outside", ["reinstate"]),
        ("card-waiting-but-being-deleted", []),
        ("card-rejected-and-being-deleted", []),
        ("card-without-a-rule", []),
        ("card-without-an-approver", []),
        ("card-of-a-version-that-is-gone", []),
    ],
)
def test_a_card_has_a_button_for_each_valid_move_and_no_other(name: str, moves: list[str]) -> None:
    assert [button["action_id"] for button in buttons(SITUATIONS[name])] == moves


def test_a_button_holds_its_move_and_its_outcome() -> None:
    approve, reject = offers(SITUATIONS["card-waiting"])

    assert (approve.arn, approve.group, approve.number) == (NEW.arn, "fraud", 6)
    assert (approve.source, approve.target) == (PENDING, APPROVED)
    assert approve.outcome == Outcome(before=5, after=6)
    assert (reject.target, reject.outcome) == (REJECTED, Outcome(before=5, after=5))


def test_a_button_knows_whether_the_rule_wants_a_comment() -> None:
    silent = replace(RULE, comment=frozenset({"approve"}))

    assert [offer.comment_needed for offer in offers(card_of(NEW))] == [False, True]
    assert [offer.comment_needed for offer in offers(card_of(NEW, rule=silent))] == [True, False]


def test_a_screen_reader_hears_which_version_a_button_is_for() -> None:
    labels = [button["accessibility_label"] for button in buttons(card_of(NEW))]

    assert labels == ["Approve fraud version 6", "Reject fraud version 6"]


@pytest.mark.parametrize(
    ("others", "expected"), [(OLD, "Next to deploy: version 5"), ((), "No version is approved")]
)
def test_a_waiting_card_says_what_is_next_to_deploy(others: tuple[Any, ...], expected: str) -> None:
    read = as_read(card_of(NEW, *others))

    assert expected in read
    assert ("Next to deploy" in read) == bool(others)


def test_a_card_describes_the_version() -> None:
    read = as_read(SITUATIONS["card-waiting"])

    assert read.startswith("fraud version 6\n🟡 Waiting for a decision\n")
    assert "Trained on the transactions of February" in read
    assert "Registered 2026-03-02 18:00 UTC by training-pipeline" in read
    assert "auc" in read
    assert "0.94 ± 0.01" in read
    assert "Bias: s3://models-123456789012/fraud/6/bias.json" in read
    assert NEW.arn in read


def test_a_card_names_who_may_decide() -> None:
    assert "Can decide: @U0ANA00000 or @S0MLLEADS0" in as_read(card_of(NEW))


@pytest.mark.parametrize(
    ("status", "expected"), [(PENDING, True), (APPROVED, True), (REJECTED, False)]
)
def test_a_card_names_the_vetoers_where_the_version_can_be_rejected_or_revoked(
    status: Status, *, expected: bool
) -> None:
    read = as_read(card_of(with_status(status), rule=replace(RULE, veto=People(users=(CHLOE.id,)))))

    assert ("Can veto: @U0CHLOE000" in read) is expected


def test_a_card_names_the_approvers_of_the_move_where_it_has_its_own() -> None:
    others = (Role(people=People(users=(DAN.id,))),)
    rule = replace(RULE, moves={"reinstate": others})

    assert "Can decide: @U0DAN00000\n" in as_read(card_of(with_status(REJECTED), rule=rule))
    assert "Can decide: @U0ANA00000 or @S0MLLEADS0\n" in as_read(card_of(NEW, rule=rule))


@pytest.mark.parametrize(
    ("people", "end"), [(20, "@U18 or @U19"), (21, "@U19 or 1 other"), (40, "@U19 or 20 others")]
)
def test_a_card_names_twenty_of_many_approvers_and_counts_the_rest(people: int, end: str) -> None:
    users = tuple(f"U{number:02}" for number in range(people))
    (line,) = re.findall(
        "Can decide: .*",
        as_read(card_of(NEW, rule=replace(RULE, roles=(Role(people=People(users=users)),)))),
    )

    assert line.endswith(end)
    assert line.count("@") == 20


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("card-without-a-rule", "Nobody may decide: no rule matches this group."),
        (
            "card-without-an-approver",
            "Nobody may decide: the rule for this group names no approver.",
        ),
        ("card-waiting-but-failed", "SageMaker says: Validation timed out."),
        ("card-in-the-making", "⏳ Cannot be approved yet: SageMaker is still making it"),
        ("card-whose-metrics-could-not-be-read", "Model quality is not JSON and was not read."),
        ("card-of-a-version-that-is-gone", "Not in the registry any more."),
    ],
)
def test_a_card_says_why_something_is_missing(name: str, expected: str) -> None:
    assert expected in as_read(SITUATIONS[name])


def test_a_card_decided_here_says_by_whom_when_and_why() -> None:
    read = as_read(SITUATIONS["card-rejected-here"])

    assert "Rejected by @U0ANA00000, 2026-03-03 12:00 UTC." in read
    assert "> The bias report\nis missing." in read
    assert "outside this bot" not in read


def test_an_empty_comment_is_not_quoted() -> None:
    assert ">" not in as_read(SITUATIONS["card-approved-here-without-a-comment"])


def test_a_long_comment_is_cut_on_the_card_with_a_sign() -> None:
    read = as_read(
        card_of(with_status(APPROVED), last=decided(with_status(APPROVED), comment="w" * 5_000))
    )

    (quote,) = re.findall("> (w.*)", read)
    assert quote.endswith(CUT)
    assert len(quote) == 1_000


def test_trap_4_a_card_decided_elsewhere_says_so_with_what_was_written_there() -> None:
    read = as_read(SITUATIONS["card-rejected-outside"])

    assert f"Rejected outside this bot; last changed by {STUDIO}, 2026-03-03 12:00 UTC." in read
    assert "> Not in this quarter." in read


def test_trap_4_a_card_does_not_credit_a_decision_with_a_status_that_it_did_not_set() -> None:
    by_dan = with_status(APPROVED, modified_by="dan", modified=LATER)
    moved_on = as_read(card_of(by_dan, last=decided(with_status(REJECTED))))
    unknown = as_read(card_of(with_status(APPROVED)))

    assert "Rejected by" not in moved_on
    assert "\nApproved outside this bot; last changed by dan, 2026-03-03 12:00 UTC." in moved_on
    assert "\nApproved outside this bot." in unknown


def test_a_version_set_back_to_waiting_outside_says_so_and_can_be_decided_again() -> None:
    card = card_of(NEW, last=outside(PENDING, source=APPROVED))

    expected = (
        f"Set back to waiting outside this bot; last changed by {STUDIO}, 2026-03-03 12:00 UTC."
    )
    assert expected in as_read(card)
    assert len(buttons(card)) == 2


def test_a_failed_version_cannot_be_approved_and_says_so() -> None:
    read = as_read(card_of(a_version(readiness=Readiness.FAILED)))

    assert "\n⚫ Cannot be approved: SageMaker could not make it\n" in read
    assert "[Approve]" not in read


def test_the_first_reasons_of_a_failure_are_shown_and_a_long_one_is_cut_with_a_sign() -> None:
    failed = a_version(readiness=Readiness.FAILED, failures=("no " * 400, "b", "c", "never shown"))

    reasons = [line for line in as_read(card_of(failed)).splitlines() if "SageMaker says" in line]

    assert len(reasons) == 3
    assert reasons[0].endswith(CUT)
    assert reasons[1:] == ["SageMaker says: b", "SageMaker says: c"]


def test_equal_cards_have_equal_digests_and_other_cards_have_others() -> None:
    cards = [
        card_of(NEW, *OLD),
        card_of(NEW),
        card_of(with_status(APPROVED)),
        card_of(NEW, *OLD, brief=Brief((Metric("auc", "0.95"),))),
        card_of(
            NEW,
            *OLD,
            rule=Rule(patterns=("*",), channel="C1", roles=(Role(people=People(users=("U1",))),)),
        ),
    ]

    assert len({card.digest for card in cards}) == len(cards)
    assert card_of(NEW, *OLD).digest == cards[0].digest


def test_a_changed_card_has_a_new_id_for_its_row_of_buttons() -> None:
    first, second = card_of(NEW), card_of(NEW, *OLD)

    assert first.blocks[-1]["type"] == second.blocks[-1]["type"] == "actions"
    assert first.blocks[-1]["block_id"] != second.blocks[-1]["block_id"]
    assert first.blocks[-1]["block_id"] == card_of(NEW).blocks[-1]["block_id"]
