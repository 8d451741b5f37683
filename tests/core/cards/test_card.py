import re
from dataclasses import replace
from typing import Any

import pytest

from bot.core.cards.card import card
from bot.core.cards.messages import Message
from bot.core.evidence.brief import Brief, Metric, Note, NoteCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import DescribedVersion, Readiness, Report, Status
from bot.core.rules.people import Person
from bot.core.rules.rule import People, Role, Rule
from bot.core.text import CUT
from bot.core.votes.button import ButtonPayload, decode_button
from bot.core.votes.vote import Change
from tests.core.reading import as_read, as_sent, nodes
from tests.core.situations.cards import (
    APPROVED,
    BRIEF,
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
    polls_after_votes,
    with_status,
)
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    DAN,
    RISK,
    RULE,
    a_candidate,
    a_decision,
    a_version,
    a_vote,
)


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
    assert "Evidence: Model quality, Bias" in read
    assert NEW.arn in read


def test_a_card_names_who_may_decide() -> None:
    assert "Can decide: @U0ANA00000 or @S0MLLEADS0" in as_read(card_of(NEW))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(PENDING, "Can veto"), (APPROVED, "Can revoke by veto"), (REJECTED, "")],
)
def test_a_card_names_the_vetoers_where_the_version_can_be_rejected_or_revoked(
    status: Status, expected: str
) -> None:
    read = as_read(card_of(with_status(status), rule=replace(RULE, veto=People(users=(CHLOE.id,)))))

    assert re.findall("(.*): @U0CHLOE000", read) == ([expected] if expected else [])


def test_a_card_names_the_approvers_of_the_move_where_it_has_its_own() -> None:
    others = (Role(people=People(users=(DAN.id,))),)
    rule = replace(RULE, moves={"reinstate": others})

    assert "Can reinstate: @U0DAN00000\n" in as_read(card_of(with_status(REJECTED), rule=rule))
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

    assert "Rejected 2026-03-03 12:00 UTC by @U0ANA00000: “The bias report / is missing.”\n" in read
    assert "outside this bot" not in read


def test_an_empty_comment_is_not_quoted() -> None:
    read = as_read(SITUATIONS["card-approved-here-without-a-comment"])

    assert "Approved 2026-03-03 12:00 UTC by @U0ANA00000\n" in read


def test_a_long_comment_is_cut_on_the_card_with_a_sign() -> None:
    read = as_read(
        card_of(with_status(APPROVED), last=decided(with_status(APPROVED), comment="w" * 5_000))
    )

    (quote,) = re.findall("“(w.*)” \\(whole in the thread\\)", read)
    assert quote.endswith(CUT)
    assert len(quote) == 250


def test_a_long_description_leaves_room_for_the_rest_of_the_card() -> None:
    read = as_read(card_of(replace(NEW, description="w" * 5_000)))

    (description,) = re.findall("\n(w.*)\n", read)
    assert description.endswith(CUT)
    assert len(description) == 300


def test_a_decided_card_has_a_line_for_each_voter_with_their_role_and_comment() -> None:
    votes = (
        a_vote(NEW, APPROVED, BEN, role="ml-leads", comment="AUC is up,\nrecall too."),
        a_vote(NEW, APPROVED, CHLOE, role="risk", comment="x" * 300),
        a_vote(NEW, APPROVED, ANA, role="approvers", comment="Outage!", override=True),
    )
    last = decided(with_status(APPROVED), votes=votes)

    assert lines_after("Approved 2026", card_of(with_status(APPROVED), last=last), 4) == [
        "Approved 2026-03-03 12:00 UTC with 3 votes:",
        "• @U0BEN00000 (ml-leads): “AUC is up, / recall too.”",
        f"• @U0CHLOE000 (risk): “{'x' * 246}{CUT}” (whole in the thread)",
        "• @U0ANA00000 (🚨 emergency override): “Outage!”",
    ]


def lines_after(beginning: str, message: Message, count: int) -> list[str]:
    """So many lines of *message* from the one with this *beginning*."""
    lines = as_read(message).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(beginning))
    return lines[first : first + count]


def test_a_decision_of_one_vote_is_one_line_with_its_role_and_its_veto() -> None:
    vote = a_vote(NEW, REJECTED, CHLOE, role="risk", comment="Bias.")
    last = decided(with_status(REJECTED), by=CHLOE, votes=(vote,), veto=True)

    assert lines_after("Rejected 2026", card_of(with_status(REJECTED), last=last), 1) == [
        "Rejected 2026-03-03 12:00 UTC by @U0CHLOE000 (risk, veto): “Bias.”"
    ]


def test_a_decision_that_was_stored_without_its_votes_names_who_made_it() -> None:
    last = decided(with_status(APPROVED), votes=())

    assert lines_after("Approved 2026", card_of(with_status(APPROVED), last=last), 1) == [
        "Approved 2026-03-03 12:00 UTC by @U0ANA00000: “AUC is up, bias is fine.”"
    ]


def test_a_revoked_version_is_headed_revoked_whoever_revoked_it() -> None:
    revoked = a_decision(with_status(APPROVED), REJECTED, comment="It drifts.")
    elsewhere = outside(REJECTED, source=APPROVED)
    rejected = decided(with_status(REJECTED))

    for last, expected in ((revoked, True), (elsewhere, True), (rejected, False), (None, False)):
        read = as_read(card_of(with_status(REJECTED), last=last))
        assert ("\n↩️ Revoked\n" in read) is expected
    assert "↩️ Revoked" not in as_read(card_of(with_status(APPROVED), last=revoked))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (PENDING, "Can decide: "),
        (APPROVED, "Can revoke: "),
        (REJECTED, "Can reinstate: "),
    ],
)
def test_a_card_says_what_people_can_do(status: Status, expected: str) -> None:
    assert f"\n{expected}@U0ANA00000 or @S0MLLEADS0\n" in as_read(card_of(with_status(status)))


SILENT = replace(
    RULE,
    mention=(),
    roles=(Role(people=People(users=(ANA.id, BEN.id, DAN.id), user_groups=(RISK,))),),
    veto=People(users=(CHLOE.id,)),
)
NAMES = {ANA.id: "Ana Silva", BEN.id: "Ben Okoye", CHLOE.id: "Chloe Martin"}


def test_a_card_that_may_mention_nobody_names_people_without_their_ids() -> None:
    version = replace(NEW, metadata={"submitted-by": BEN.id})
    cast = polls_after_votes(version, SILENT, Person(CHLOE.id, "Chloe Martin"), override=True)

    silent = card(a_candidate(version, *OLD), SILENT, None, cast, NAMES, (BEN,))

    read = as_read(silent)
    assert "Can decide: Ana Silva, Ben Okoye, 1 other or members of 1 user group\n" in read
    assert "Can veto: Chloe Martin\n" in read
    assert "Submitted by Ben Okoye\n" in read
    assert "Emergency override: Chloe Martin voted for their own version" in read
    assert "These earlier votes no longer count: Ben Okoye." in read
    assert not re.search("[@<]?[US]0[A-Z0-9]{8}", read + silent.text)


def test_a_submitter_whose_name_is_not_known_is_not_shown_by_their_id() -> None:
    version = replace(NEW, metadata={"submitted-by": BEN.id})

    read = as_read(card(a_candidate(version), replace(RULE, mention=()), None))

    assert "Submitted by somebody in Slack whose name is not known\n" in read


def test_whoever_the_rule_lets_a_card_mention_is_mentioned() -> None:
    version = replace(NEW, metadata={"submitted-by": ANA.id})
    rule = replace(SILENT, mention=(ANA.id,))

    read = as_read(card(a_candidate(version), rule, None, (), NAMES))

    assert "Can decide: @U0ANA00000, Ben Okoye, 1 other or members of 1 user group\n" in read
    assert "Submitted by @U0ANA00000\n" in read


@pytest.mark.parametrize("brief", [Brief(), BRIEF])
def test_a_card_says_loudly_that_there_is_no_evaluation(brief: Brief) -> None:
    only_bias = replace(NEW, reports=NEW.reports[1:])

    for version in (only_bias, replace(NEW, reports=())):
        blocks = card_of(version, brief=brief).blocks
        bold = [node["text"] for node in nodes(list(blocks)) if node.get("style") == {"bold": True}]
        assert "⚠️ No evaluation registered." in bold
    assert "No evaluation" not in as_read(card_of(NEW, brief=brief))


def test_evidence_that_could_not_be_read_is_as_loud_as_missing_evidence() -> None:
    note = Note(NoteCode.UNREADABLE, "model_quality")

    blocks = card_of(NEW, brief=Brief(notes=(note,))).blocks

    bold = [node["text"] for node in nodes(list(blocks)) if node.get("style") == {"bold": True}]
    assert "⚠️ Model quality could not be read." in bold


@pytest.mark.parametrize(
    ("version", "last", "expected"),
    [
        (NEW, None, "🟡 Waiting for a decision. If approved: Version 6 "),
        (
            with_status(APPROVED),
            decided(with_status(APPROVED)),
            "🟢 Approved; next to deploy. By <@U0ANA00000>: “AUC is up, bias is fine.”.",
        ),
        (
            with_status(REJECTED),
            outside(REJECTED, comment="Not now."),
            ", 2026-03-03 12:00 UTC. “Not now.”",
        ),
        (with_status(PENDING, readiness=Readiness.FAILED), None, "SageMaker could not make it."),
    ],
)
def test_a_notification_has_the_verdict_the_words_and_what_follows(
    version: DescribedVersion, last: Change | None, expected: str
) -> None:
    assert expected in card_of(version, *OLD, last=last).text


def addresses(message: Message) -> dict[str, str]:
    return {
        node["text"]: node["url"] for node in nodes(as_sent(message)) if node.get("type") == "link"
    }


def test_a_card_links_evidence_studio_and_commit() -> None:
    version = replace(
        NEW,
        domain="d-abc123",
        repository="https://github.com/acme/fraud.git",
        commit="9f1c2ab0d4",
    )

    linked = addresses(card_of(version))

    assert linked.keys() == {"Model quality", "Bias", "Open in SageMaker Studio", "9f1c2ab"}
    assert linked["9f1c2ab"] == "https://github.com/acme/fraud/commit/9f1c2ab0d4"


def test_a_commit_and_a_report_without_an_address_are_text() -> None:
    version = replace(
        NEW, commit="9f1c2ab0d4", reports=(Report("bias", "https://models.example/bias.json"),)
    )

    message = card_of(version)

    assert addresses(message) == {}
    assert "by training-pipeline, commit 9f1c2ab\n" in as_read(message)
    assert "Evidence: Bias (https://models.example/bias.json)\n" in as_read(message)


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
