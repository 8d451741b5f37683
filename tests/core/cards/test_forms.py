import json
from dataclasses import replace

import pytest

from bot.core.cards import effects
from bot.core.cards.blocks import INPUT_LIMIT, LABEL_LIMIT
from bot.core.cards.consequences import consequence
from bot.core.cards.forms import checked, opened
from bot.core.decide.effect import CheckedForm, VoteCount, VoteEffect
from bot.core.jobs import parse_payloads
from bot.core.jobs.ids import COMMENT, FORM
from bot.core.jobs.messages import Click, ShownEffect
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from bot.core.rules.rule import Role
from bot.core.votes.button import quorum as quorum_of
from tests.core.reading import Json, as_read
from tests.core.situations import forms as situations
from tests.core.situations.forms import ALONE, LAST_OF_TWO, ONE_OF_TWO, SITUATIONS, VETO
from tests.doubles.builders import ANA, BEN, a_click, a_version, an_offer

APPROVED, REJECTED, PENDING = Status.APPROVED, Status.REJECTED, Status.PENDING
CLICK = a_click(an_offer(a_version(), APPROVED), answer_url="https://hooks.slack.com/x")


def submitted(view: Json, comment: str | None) -> Json:
    """What Slack sends when Ben submits *view*."""
    values = {COMMENT: {COMMENT: {"type": "plain_text_input", "value": comment}}}
    filled = {**view, "id": "V1", "state": {"values": values}}
    return {"user": {"id": BEN.id, "name": BEN.name}, "view": filled}


def the_input(view: Json) -> Json:
    (block,) = [block for block in view["blocks"] if block["type"] == "input"]
    return block


def read(name: str) -> str:
    """What a person reads of the form *name*, on one line."""
    return " ".join(as_read(SITUATIONS[name]).split())


# --- what it brings back --------------------------------------------------------------------------


def test_a_submitted_form_holds_the_button_that_it_showed_and_its_submitter() -> None:
    job = parse_payloads.submit_of(submitted(opened(CLICK), "looks good"))

    assert job.click == Click(
        button=CLICK.button, person=BEN, message=CLICK.message, answer_url=CLICK.answer_url
    )
    assert (job.comment, job.view) == ("looks good", "V1")
    assert ANA.id not in json.dumps(opened(CLICK))


def test_a_form_brings_back_what_it_said_its_vote_does() -> None:
    def said(view: Json) -> ShownEffect | None:
        return parse_payloads.submit_of(submitted(view, "")).shown

    assert said(SITUATIONS["form-opened"]) is None
    assert said(SITUATIONS["form-first-vote-of-two"]) == ShownEffect(decides=False, have=1)
    assert said(SITUATIONS["form-last-vote-of-two"]) == ShownEffect(decides=True, have=2)


def test_a_checked_form_brings_back_the_button_as_it_is_now() -> None:
    now = replace(CLICK.button, outcome=Outcome(7, 8))
    job = parse_payloads.submit_of(submitted(checked(CLICK, CheckedForm(now, ALONE)), ""))

    assert job.click.button == now


def test_a_form_that_is_shown_again_is_another_submit() -> None:
    first = parse_payloads.submit_of(submitted(SITUATIONS["form-first-vote-of-two"], "x"))
    again = SITUATIONS["form-again-as-somebody-voted-meanwhile"]
    second = parse_payloads.submit_of(submitted(again, "x"))

    assert (first.view, second.view) == ("V1", "V1")
    assert first.id != second.id
    assert (first.round, second.round) == (0, 1)


def test_the_comment_stays_while_the_form_is_updated() -> None:
    before, after = (the_input(SITUATIONS[name]) for name in ("form-opened", "form-approve"))

    assert before["block_id"] == after["block_id"]
    assert before["element"]["action_id"] == after["element"]["action_id"]


def test_a_form_that_is_shown_again_has_the_comment_that_was_typed() -> None:
    again = the_input(SITUATIONS["form-again-as-somebody-voted-meanwhile"])

    assert again["element"]["initial_value"] == situations.SUBMIT.comment
    assert "initial_value" not in the_input(SITUATIONS["form-approve"])["element"]


def test_a_comment_is_as_long_as_slack_lets_one_be() -> None:
    assert the_input(SITUATIONS["form-opened"])["element"]["max_length"] == INPUT_LIMIT == 3000


@pytest.mark.parametrize(
    ("name", "optional"),
    [
        ("form-approve", True),
        ("form-approve-with-a-comment-needed", False),
        ("form-reject", False),
        ("form-reject-without-a-comment-needed", True),
        ("form-reinstate", False),
        ("form-revoke", False),
    ],
)
def test_a_comment_may_be_left_out_where_the_rule_lets_it(name: str, *, optional: bool) -> None:
    assert the_input(SITUATIONS[name])["optional"] is optional


# --- what it says ---------------------------------------------------------------------------------


def test_a_form_opens_with_what_its_move_causes_and_says_that_its_vote_is_checked() -> None:
    assert read("form-opened").startswith(
        "Approve version 6 fraud version 6 Once this is decided: version 6 is deployed, in place "
        "of version 5. ⏳ Checking what your vote does…"
    )
    assert read("form-opened").endswith("[Approve] [Cancel]")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "form-last-vote-of-two",
            "Your vote completes it: version 6 is deployed now, in place of version 5.",
        ),
        ("form-first-vote-of-two", "Your vote is 1 of 2; then risk is missing."),
        ("form-one-vote-of-any-two", "Your vote is 1 of 2; then 1 more is missing."),
        ("form-second-vote-of-five", "Your vote is 2 of 5; then 2 of risk and legal are missing."),
        ("form-veto", "Your veto rejects it alone: nothing new is deployed."),
        ("form-veto-of-an-approved-one", "Your veto revokes it alone: version"),
        ("form-approve", "Your vote decides it: version 6 is deployed now, in place of version 5."),
        ("form-voted-already", "You already voted to approve it. Submitting changes your comment."),
        ("form-voted-otherwise", "You voted to approve it. Submitting takes that vote back."),
        (
            "form-vote-that-does-not-count",
            "Your vote does not count, because others have filled your",
        ),
        ("form-that-could-not-be-checked", "What your vote does could not be checked so far."),
    ],
)
def test_a_form_says_what_the_vote_of_its_person_does(name: str, sentence: str) -> None:
    assert sentence in read(name)


@pytest.mark.parametrize("name", ["form-last-vote-of-two", "form-veto", "form-approve"])
def test_a_form_whose_vote_decides_does_not_say_what_is_missing(name: str) -> None:
    assert "missing" not in read(name)
    assert "Once this is decided" not in read(name)


def test_earlier_votes_are_shown_with_role_and_comment() -> None:
    assert f"@{BEN.id} voted for it, for ml-leads, 2026-03-03 12:00 UTC > AUC is up by two" in read(
        "form-last-vote-of-two"
    )


def test_an_override_among_the_earlier_votes_is_marked() -> None:
    assert "🚨 Emergency override: they registered this version > Fraud wave" in read(
        "form-last-vote-after-an-override"
    )
    assert "🚨" not in read("form-last-vote-of-two")


def test_of_many_votes_the_first_ten_are_shown_and_the_others_counted() -> None:
    text = read("form-last-vote-of-many")

    assert text.count("voted for it, for ml-leads") == 10
    assert "2 more people voted for it" in text


OUTCOMES = [
    (APPROVED, Outcome(None, 3), "version 3 is deployed now. No other version is approved."),
    (APPROVED, Outcome(2, 3), "version 3 is deployed now, in place of version 2."),
    (APPROVED, Outcome(5, 5), "nothing new is deployed. Version 5 is newer than version 3"),
    (
        REJECTED,
        Outcome(3, 2),
        "version 2, the latest one that is still approved, is next to deploy now",
    ),
    (
        REJECTED,
        Outcome(3, None),
        "no version is approved any more, so CI/CD finds nothing to deploy",
    ),
    (REJECTED, Outcome(5, 5), "nothing new is deployed. Version 5 stays next to deploy."),
    (REJECTED, Outcome(None, None), "nothing new is deployed. No version is approved."),
]


@pytest.mark.parametrize(("target", "outcome", "beginning"), OUTCOMES)
def test_a_form_says_which_version_is_deployed(
    target: Status, outcome: Outcome, beginning: str
) -> None:
    now = effects.production(3, target, outcome, now=True)

    assert now.startswith(beginning)
    assert effects.production(3, target, outcome) == now.replace(" now", "", 1).replace(
        "runs keeps", "runs now keeps"
    )


@pytest.mark.parametrize(
    ("target", "outcome", "phrases"),
    [
        (APPROVED, Outcome(None, 3), ["Version 3 is next to deploy", "No other version"]),
        (APPROVED, Outcome(2, 3), ["Version 3 is next to deploy", "in place of version 2"]),
        (APPROVED, Outcome(5, 5), ["Version 5 stays next to deploy", "version 5 is newer"]),
        (REJECTED, Outcome(3, 2), ["Version 2 is next to deploy: the latest one"]),
        (REJECTED, Outcome(3, None), ["No version is approved any more", "CI/CD finds nothing"]),
        (REJECTED, Outcome(5, 5), ["Version 5 stays next to deploy"]),
        (REJECTED, Outcome(None, None), ["No version is approved"]),
        (PENDING, Outcome(3, 2), ["Version 2 is next to deploy: the latest one"]),
    ],
)
def test_the_consequence_says_which_version_is_next_to_deploy(
    target: Status, outcome: Outcome, phrases: list[str]
) -> None:
    sentence = consequence(3, target, outcome)

    assert [words for words in phrases if words not in sentence] == []
    assert ("stays" in sentence) == (outcome.before == outcome.after is not None)


# --- its button -----------------------------------------------------------------------------------

DEPLOYS, CHANGES_NOTHING = Outcome(3, 4), Outcome(5, 5)


def label(move: tuple[Status, Status], effect: VoteEffect, outcome: Outcome) -> str:
    source, target = move
    offer = an_offer(a_version(4, source), target, outcome=outcome)
    return effects.submit_label(CheckedForm(offer, effect))


APPROVE, REJECT = (PENDING, APPROVED), (PENDING, REJECTED)
REINSTATE, REVOKE = (REJECTED, APPROVED), (APPROVED, REJECTED)
OWN = situations.voted()


@pytest.mark.parametrize(
    ("move", "effect", "outcome", "expected"),
    [
        (APPROVE, ALONE, DEPLOYS, "Approve and deploy"),
        (APPROVE, LAST_OF_TWO, Outcome(None, 4), "Approve and deploy"),
        (APPROVE, LAST_OF_TWO, CHANGES_NOTHING, "Approve"),
        (APPROVE, ONE_OF_TWO, DEPLOYS, "Approve (1 of 2)"),
        (REINSTATE, ALONE, DEPLOYS, "Reinstate and deploy"),
        (REINSTATE, ONE_OF_TWO, DEPLOYS, "Reinstate (1 of 2)"),
        (REJECT, ALONE, CHANGES_NOTHING, "Reject"),
        (REJECT, VETO, CHANGES_NOTHING, "Veto"),
        (REVOKE, ALONE, Outcome(4, 2), "Revoke, back to v2"),
        (REVOKE, ALONE, Outcome(4, None), "Revoke"),
        (REVOKE, ALONE, CHANGES_NOTHING, "Revoke"),
        (REVOKE, VETO, Outcome(4, 2), "Veto, back to v2"),
        (REVOKE, ONE_OF_TWO, Outcome(4, 2), "Revoke (1 of 2)"),
        (REVOKE, ALONE, Outcome(4, 1_234_567), "Revoke, back to v1234567"),
        (REVOKE, ALONE, Outcome(4, 12_345_678), "Revoke"),
        (APPROVE, replace(ONE_OF_TWO, own=OWN), DEPLOYS, "Change my comment"),
        (REJECT, replace(ONE_OF_TWO, own=OWN), DEPLOYS, "Reject (1 of 2)"),
        (
            APPROVE,
            replace(ONE_OF_TWO, count=replace(ONE_OF_TWO.count, counts=False)),
            DEPLOYS,
            "Approve",
        ),
        (
            REINSTATE,
            replace(ONE_OF_TWO, count=VoteCount(have=1000, needed=1001, missing=(("x", 1),))),
            DEPLOYS,
            "Reinstate (1000 of 1001)",
        ),
    ],
)
def test_the_button_names_the_act(
    move: tuple[Status, Status], effect: VoteEffect, outcome: Outcome, expected: str
) -> None:
    assert label(move, effect, outcome) == expected
    assert len(expected) <= LABEL_LIMIT == 24


# --- what it becomes ------------------------------------------------------------------------------


def test_a_refusal_has_nothing_to_submit() -> None:
    assert "submit" not in SITUATIONS["form-refused"]
    assert SITUATIONS["form-refused"]["callback_id"] != SITUATIONS["form-approve"]["callback_id"]


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name.startswith("receipt-")])
def test_a_receipt_has_nothing_to_submit(name: str) -> None:
    assert "submit" not in SITUATIONS[name]
    assert SITUATIONS[name]["callback_id"] != FORM


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("receipt-working", ["Working on it…", "You can close this."]),
        ("receipt-still-working", ["Still trying", "You can close this."]),
        (
            "receipt-decided",
            [
                "Done: fraud version 6 is approved.",
                "What CI/CD does: version 6 is deployed now, in place of version 5.",
            ],
        ),
        (
            "receipt-revoked",
            [
                "Done: fraud version 6 is revoked.",
                "version 5, the latest one that is still approved, is next to deploy now",
            ],
        ),
        (
            "receipt-vote-recorded",
            [
                "Done: your vote to approve fraud version 6 is recorded.",
                "That is 1 of 2 votes; risk is still missing.",
            ],
        ),
        ("receipt-refused", ["fraud version 6 is now rejected.", f"@{situations.CHLOE.id} was"]),
        ("receipt-not-made", ["SageMaker did not accept", "Your decision was not made."]),
        ("receipt-gone-undecided", ["Whether your decision was made"]),
    ],
)
def test_a_receipt_says_what_became_of_the_form(name: str, sentences: list[str]) -> None:
    assert [each for each in sentences if each not in read(name)] == []


@pytest.mark.parametrize("name", ["receipt-working", "receipt-refused", "receipt-not-made"])
def test_a_receipt_keeps_the_comment(name: str) -> None:
    assert "Your comment > Recall is up by two points." in read(name)


def test_no_form_speaks_of_a_live_version() -> None:
    assert [name for name in SITUATIONS if " live" in read(name)] == []


@pytest.mark.parametrize(
    ("roles", "quorum"),
    [
        ([], ()),
        ([Role()], ()),
        ([Role(needs=2)], (("approvers", 2),)),
        ([Role(name="risk"), Role(name="ml-leads", needs=2)], (("risk", 1), ("ml-leads", 2))),
    ],
)
def test_a_button_holds_the_roles_of_a_quorum_as_data(
    roles: list[Role], quorum: tuple[tuple[str, int], ...]
) -> None:
    assert quorum_of(roles) == quorum
