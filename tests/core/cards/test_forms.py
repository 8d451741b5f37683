import json
from dataclasses import replace

import pytest

from bot.core.cards.consequences import consequence
from bot.core.cards.forms import form
from bot.core.jobs import parse_payloads
from bot.core.jobs.ids import COMMENT
from bot.core.jobs.messages import Click
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from bot.core.rules.rule import Role
from bot.core.votes.button import quorum as quorum_of
from tests.core.reading import Json, as_read
from tests.core.situations.forms import SITUATIONS
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


def test_a_submitted_form_holds_the_button_that_it_showed_and_its_submitter() -> None:
    job = parse_payloads.submit_of(submitted(form(CLICK), "looks good"))

    assert job.click == Click(
        button=CLICK.button, person=BEN, message=CLICK.message, answer_url=CLICK.answer_url
    )
    assert job.comment == "looks good"
    assert ANA.id not in json.dumps(form(CLICK))


def test_the_comment_stays_while_the_form_is_updated() -> None:
    before, after = (the_input(SITUATIONS[name]) for name in ("form-approve", "form-reject"))

    assert before["block_id"] == after["block_id"]
    assert before["element"]["action_id"] == after["element"]["action_id"]


@pytest.mark.parametrize(
    ("name", "optional"),
    [
        ("form-approve", True),
        ("form-approve-with-a-comment-needed", False),
        ("form-reject", False),
        ("form-reject-without-a-comment-needed", True),
        ("form-reinstate", False),
        ("form-revoke-the-live-one", False),
    ],
)
def test_a_comment_may_be_left_out_where_the_rule_lets_it(name: str, *, optional: bool) -> None:
    assert the_input(SITUATIONS[name])["optional"] is optional


@pytest.mark.parametrize("verb", ["Approve", "Reject", "Reinstate"])
def test_a_form_has_its_move_as_its_title_and_its_submit_button(verb: str) -> None:
    read = as_read(SITUATIONS[f"form-{verb.lower()}"])

    assert read.startswith(f"{verb} version 6\nfraud version 6\n")
    assert read.endswith(f"[{verb}]\n[Cancel]")


def test_a_refusal_has_nothing_to_submit() -> None:
    assert "submit" not in SITUATIONS["form-refused"]
    assert SITUATIONS["form-refused"]["callback_id"] != SITUATIONS["form-approve"]["callback_id"]


@pytest.mark.parametrize(
    ("target", "outcome", "phrases"),
    [
        (APPROVED, Outcome(None, 3), ["Version 3 is next to deploy", "No other version"]),
        (APPROVED, Outcome(2, 3), ["Version 3 is next to deploy", "in place of version 2"]),
        (APPROVED, Outcome(5, 5), ["Version 5 stays next to deploy", "version 5 is newer"]),
        (REJECTED, Outcome(3, 2), ["Version 2 is next to deploy: the latest one"]),
        (REJECTED, Outcome(3, None), ["No version is approved any more", "CI/CD finds nothing"]),
        (REJECTED, Outcome(5, 5), ["does not change", "Version 5 stays next to deploy"]),
        (REJECTED, Outcome(None, None), ["does not change", "No version is approved"]),
        (PENDING, Outcome(3, 2), ["Version 2 is next to deploy: the latest one"]),
    ],
)
def test_the_consequence_says_which_version_is_next_to_deploy(
    target: Status, outcome: Outcome, phrases: list[str]
) -> None:
    sentence = consequence(3, target, outcome)

    assert [words for words in phrases if words not in sentence] == []
    assert ("stays" in sentence) == (outcome.before == outcome.after is not None)


def test_a_form_says_whose_votes_the_move_needs() -> None:
    many = [Role(name=f"role-{number}") for number in range(1, 9)]
    offer = replace(CLICK.button, quorum=quorum_of(many))

    assert (
        "1 of role-1, 1 of role-2, 1 of role-3, 1 of role-4, 1 of role-5 and 3 of other roles."
    ) in as_read(form(a_click(offer)))


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
