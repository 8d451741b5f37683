"""Why something was refused, in a sentence: each code has one, made of its parameters alone."""

from __future__ import annotations

import ast
import inspect
import re
from string import Formatter
from typing import Any

import pytest

from bot.core import reason
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES
from bot.core.registry.version import Readiness, Status
from bot.core.rules.people import LookupFailure, MembershipStatus
from bot.core.text import Mention, Team, When, plain_text
from bot.core.words import LANGUAGES
from bot.core.words.reasons import check_reason, reason_sentence, reason_to_others
from tests.doubles.builders import ANA, BEN, LEADS, NOON, RISK

SAMPLES: dict[str, Any] = {
    "channel": "C0FRAUD000",
    "error": "is_archived",
    "source": "Approved",
    "target": "Approved",
    "group": "fraud",
    "number": 6,
    "status": "Approved",
    "decided_by": BEN.id,
    "decided_at": NOON.isoformat(),
    "modified_by": "studio",
    "metric": "auc",
    "before": 5,
    "after": 6,
    "readiness": "Failed",
    "entries": 46,
    "limit": 50,
    "excess": 3,
    "move": "approve",
    "rule": "credit",
    "role": "risk",
    "membership": "guest",
    "name": "ana@example.com",
    "failure": "scope",
    "needed": 2,
    "able": 1,
    "users": [ANA.id, BEN.id],
    "user_groups": [LEADS],
    "unreadable": {},
    "decision": "decision-1",
    "minutes": 30,
    "endpoints": ["fraud-prod"],
    "voted_meanwhile": True,
    "refusal": "not_a_member",
    "have": 1,
}
AS_LATE = {ReasonCode.STATUS_CHANGED_SINCE_DECISION, ReasonCode.STATUS_CHANGED_SINCE_VOTES}
OF_PARTS = {"who", "example", "people", "not_read", "cause"}
"""What a template names in addition: sentences that are made of several parameters."""


def documented() -> dict[ReasonCode, tuple[str, ...]]:
    """The parameters of each code, as the text below it names them."""
    (codes,) = (
        node
        for node in ast.parse(inspect.getsource(reason)).body
        if isinstance(node, ast.ClassDef) and node.name == "ReasonCode"
    )
    parameters: dict[ReasonCode, tuple[str, ...]] = {}
    for assigned, text in zip(codes.body[1::2], codes.body[2::2], strict=True):
        assert isinstance(assigned, ast.Assign)
        assert isinstance(text, ast.Expr)
        head, colon, _ = ast.literal_eval(text.value).strip().partition(": ")
        names = tuple(head.split(", ")) if colon and head[0].islower() else ()
        parameters[ReasonCode(ast.literal_eval(assigned.value))] = names
    return parameters | dict.fromkeys(AS_LATE, parameters[ReasonCode.STATUS_CHANGED])


PARAMETERS = documented()


def a_reason(code: ReasonCode, **changes: Any) -> Reason:
    return Reason(code, {name: SAMPLES[name] for name in PARAMETERS[code]} | changes)


def text_of(code: ReasonCode, **changes: Any) -> str:
    return plain_text(reason_sentence(a_reason(code, **changes)))


@pytest.mark.parametrize("code", ReasonCode)
def test_a_reason_that_this_version_makes_can_be_said(code: ReasonCode) -> None:
    check_reason(a_reason(code))


@pytest.mark.parametrize(
    "reason",
    [
        Reason(ReasonCode.OWN_VERSION),
        a_reason(ReasonCode.NOT_A_MEMBER, membership="ghost"),
        a_reason(ReasonCode.NOT_A_MEMBER, membership=["guest"]),
        a_reason(ReasonCode.NOT_A_MEMBER, move=["approve"]),
        a_reason(ReasonCode.NOT_READY, readiness="Ready"),
        a_reason(ReasonCode.STATUS_CHANGED, decided_at="noon"),
        a_reason(ReasonCode.STATUS_CHANGED, decided_at=5),
        a_reason(ReasonCode.NOT_AN_APPROVER, users=5),
        a_reason(ReasonCode.NOT_AN_APPROVER, unreadable=[]),
        a_reason(ReasonCode.NOT_AN_APPROVER, unreadable={"S0RISK0000": []}),
    ],
    ids=str,
)
def test_a_reason_whose_parameters_do_not_fit_its_code_is_found(reason: Reason) -> None:
    with pytest.raises(ValueError, match=r"^does not fit its code: "):
        check_reason(reason)


# --- every code -----------------------------------------------------------------------------------


def test_every_code_is_documented_with_its_parameters() -> None:
    assert set(PARAMETERS) == set(ReasonCode)
    assert PARAMETERS[ReasonCode.METADATA_FULL] == ("entries", "limit", "excess")
    assert PARAMETERS[ReasonCode.VERSION_GONE] == ()
    assert {name for names in PARAMETERS.values() for name in names} == set(SAMPLES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_sentence_for_every_code(language: str) -> None:
    assert {f"reason_{code}" for code in ReasonCode} <= set(LANGUAGES[language].sentences)


@pytest.mark.parametrize("code", ReasonCode)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_no_parameter_that_its_code_does_not_have(
    language: str, code: ReasonCode
) -> None:
    template = LANGUAGES[language].sentences[f"reason_{code}"]
    named = {name for _, name, _, _ in Formatter().parse(template) if name}

    assert named <= {*PARAMETERS[code], *OF_PARTS}


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_is_written_in_whole_sentences(code: ReasonCode) -> None:
    text = text_of(code)

    assert text.rstrip(")").endswith(".")
    assert "{" not in text
    assert "  " not in text


@pytest.mark.parametrize(
    ("code", "name", "values"),
    [
        (ReasonCode.STATUS_CHANGED, "status", Status),
        (ReasonCode.NOT_READY, "readiness", set(Readiness) - {Readiness.COMPLETED}),
        (ReasonCode.NOT_A_MEMBER, "membership", MembershipStatus),
        (ReasonCode.SUBMITTER_UNKNOWN, "failure", LookupFailure),
        (ReasonCode.MAYBE_OWN_VERSION, "move", [move.key for move in MOVES]),
        (ReasonCode.OWN_VERSION, "move", [move.key for move in MOVES]),
    ],
)
def test_there_are_words_for_every_code_in_a_parameter(
    code: ReasonCode, name: str, values: Any
) -> None:
    texts = {text_of(code, **{name: value}) for value in values}

    assert len(texts) >= len(values) - 1  # two readinesses are the same to people


NEVER_AUDITED = {
    ReasonCode.REGISTRY_UNREADABLE,
    ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN,
}
"""Told to one person while the registry cannot be read, and in no entry of the audit trail."""


@pytest.mark.parametrize("code", [code for code in ReasonCode if code not in NEVER_AUDITED])
def test_nobody_else_is_addressed_with_what_somebody_was_refused_for(code: ReasonCode) -> None:
    text = plain_text(reason_to_others(a_reason(code)))

    assert not re.search(r"\b(you|your|yourself|Press|look)\b", text, re.IGNORECASE)
    assert text.rstrip(")").endswith(".")
    assert "{" not in text


def test_others_read_of_the_person_what_the_person_was_told() -> None:
    as_guest = plain_text(reason_to_others(a_reason(ReasonCode.NOT_A_MEMBER)))

    assert as_guest.startswith(
        "They may not approve this version: they are a guest in this workspace."
    )


def test_whoever_registered_a_version_by_slack_id_is_mentioned() -> None:
    assert Mention(ANA.id) in reason_sentence(a_reason(ReasonCode.MAYBE_OWN_VERSION, name=ANA.id))


# --- the sentences that are made of several -------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        ReasonCode.STATUS_CHANGED,
        ReasonCode.STATUS_CHANGED_SINCE_DECISION,
        ReasonCode.STATUS_CHANGED_SINCE_VOTES,
    ],
)
def test_a_late_refusal_says_who_was_first_and_when(code: ReasonCode) -> None:
    sentence = reason_sentence(a_reason(code))

    assert plain_text(sentence).startswith(
        "fraud version 6 is now approved. @U0BEN00000 was first, "
    )
    assert Mention(BEN.id) in sentence
    assert When(NOON) in sentence


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("PendingManualApproval", "fraud version 6 is now waiting for a decision again. "),
        ("Approved", "fraud version 6 is now approved. "),
        ("Rejected", "fraud version 6 is now rejected. "),
    ],
)
def test_a_late_refusal_says_which_status_the_version_has(status: str, words: str) -> None:
    assert text_of(ReasonCode.STATUS_CHANGED, status=status).startswith(words)


def test_trap_4_a_change_outside_names_only_who_changed_the_version_last() -> None:
    by_somebody = text_of(ReasonCode.STATUS_CHANGED, decided_by="", decided_at="")
    by_nobody = text_of(ReasonCode.STATUS_CHANGED, decided_by="", decided_at="", modified_by="")

    assert "That was changed outside this bot; last changed by studio. The card" in by_somebody
    assert "That was changed outside this bot. The card" in by_nobody


def test_changed_evidence_is_shown_by_an_example_where_there_is_one() -> None:
    changed = text_of(ReasonCode.BRIEF_CHANGED, before="0.94", after="0.91")

    assert "For example, auc was 0.94 and is 0.91. The card" in changed
    assert "example" not in text_of(ReasonCode.BRIEF_CHANGED, metric="", before="", after="")


def test_a_changed_outcome_says_what_would_be_next_to_deploy() -> None:
    assert (
        "With your decision, version 6 is next to deploy; at the moment, version 5 is"
        in text_of(ReasonCode.OUTCOME_CHANGED)
    )
    assert "With your decision, no version is next to deploy" in text_of(
        ReasonCode.OUTCOME_CHANGED, after=None
    )


def test_a_refusal_mentions_who_may_decide_and_names_the_rule() -> None:
    sentence = reason_sentence(a_reason(ReasonCode.NOT_AN_APPROVER))

    assert plain_text(sentence) == (
        f"You may not approve this version. @{ANA.id}, @{BEN.id} or @{LEADS} may. (Rule: credit.)"
    )
    assert {Mention(ANA.id), Mention(BEN.id), Team(LEADS)} <= set(sentence)


def test_a_rule_without_a_name_is_not_named() -> None:
    assert "Rule" not in text_of(ReasonCode.NOT_AN_APPROVER, rule="")


def test_user_groups_that_could_not_be_read_are_named_with_the_reason() -> None:
    unreadable = {LEADS: "plan", RISK: "plan", "S0OTHERS00": ""}

    text = text_of(ReasonCode.NOT_AN_APPROVER, unreadable=unreadable)

    assert text.endswith(
        f" Nobody counts as a member of @{LEADS} or @{RISK}, which could not be read, because "
        "user groups need a paid plan of Slack. Nobody counts as a member of @S0OTHERS00, which "
        "could not be read. (Rule: credit.)"
    )


def test_people_are_counted_in_the_singular_and_in_the_plural() -> None:
    assert "needs 2 people, and only 1 person can" in text_of(ReasonCode.TOO_FEW_PEOPLE)


def test_a_parameter_from_outside_stays_text() -> None:
    sentence = reason_sentence(a_reason(ReasonCode.EMPTY_ROLE, role="<@U1> {rule}"))

    assert "for the role <@U1> {rule}. " in str(sentence[0])
    assert all(isinstance(part, str) for part in sentence)


@pytest.mark.parametrize(
    "forged",
    [
        Reason(ReasonCode.STATUS_CHANGED),
        a_reason(ReasonCode.STATUS_CHANGED, decided_at="yesterday"),
        a_reason(ReasonCode.NOT_A_MEMBER, membership="king"),
        a_reason(ReasonCode.NOT_AN_APPROVER, users=3),
    ],
)
def test_parameters_that_are_not_those_of_the_code_are_an_error(forged: Reason) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        reason_sentence(forged)
