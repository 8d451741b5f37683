import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Malformed
from bot.core.jobs import parse_payloads
from bot.core.jobs.messages import AnswerQuestion, Click, SubmitForm
from bot.core.registry.version import Status
from bot.core.votes.message_ref import MessageRef
from tests.core.paths import paths, replaced, without
from tests.core.saved import saved
from tests.core.strategies import any_json
from tests.doubles.builders import ANA, BEN, CARDS, a_version, an_offer

OFFER = an_offer(a_version(3), Status.APPROVED, a_version(2, Status.APPROVED))
CARD = MessageRef(CARDS, "1772452800.000100")


def home_of(payload: dict[str, Any]) -> AnswerQuestion:
    return parse_payloads.question_of_home(payload["event"])


Reader = Callable[[Any], Any]
READERS: dict[str, Reader] = {
    "click-on-a-card": parse_payloads.click_of,
    "click-on-an-ephemeral-card": parse_payloads.click_of,
    "click-on-an-answer": parse_payloads.question_of_button,
    "form-submitted": parse_payloads.submit_of,
    "slash-command": parse_payloads.question_of_command,
    "home-opened": home_of,
}
NEEDED = {
    "click-on-a-card": "user user.id container container.channel_id container.message_ts "
    "actions actions.0 actions.0.value",
    "click-on-an-ephemeral-card": "user user.id container container.channel_id "
    "container.message_ts actions actions.0 actions.0.value response_url",
    "click-on-an-answer": "user user.id actions actions.0 actions.0.value response_url",
    "form-submitted": "user user.id view view.id view.private_metadata view.state "
    "view.state.values view.state.values.comment view.state.values.comment.comment "
    "view.state.values.comment.comment.value",
    "slash-command": "user_id response_url",
    "home-opened": "event.user",
}
PRESSED = datetime(2026, 3, 2, 12, 1, 40, 123456, UTC)
EACH_NEEDED = [(name, path) for name, needed in NEEDED.items() for path in needed.split()]


def test_a_click_on_a_card_holds_its_button_its_person_and_its_message() -> None:
    click = parse_payloads.click_of(saved("click-on-a-card"))

    assert click == Click(button=OFFER, person=ANA, message=CARD, pressed=PRESSED)


def test_a_click_on_an_ephemeral_card_holds_the_address_that_updates_the_clickers_copy() -> None:
    click = parse_payloads.click_of(saved("click-on-an-ephemeral-card"))

    assert click.button == OFFER
    assert click.message == MessageRef("C0MODELS00", "1772452800.000200")
    assert click.answer_url == "https://hooks.slack.com/actions/T0ACME0000/2/y"


def test_a_withdrawal_holds_its_person_its_version_and_its_message() -> None:
    job = parse_payloads.withdraw_of(saved("withdrawal"))

    assert job.arn == OFFER.arn
    assert (job.person, job.message, job.pressed) == (ANA, CARD, PRESSED)
    assert job.answer_url == ""


@pytest.mark.parametrize("action_ts", ["yesterday", "1e400", "9" * 20])
def test_a_press_at_a_time_that_is_none_is_malformed(action_ts: str) -> None:
    payload = saved("click-on-a-card")
    payload["actions"][0]["action_ts"] = action_ts
    with pytest.raises(Malformed, match="is no time of a press"):
        parse_payloads.click_of(payload)


def test_each_press_withdraws_once_however_often_it_is_delivered() -> None:
    first, second = (parse_payloads.withdraw_of(saved("withdrawal")) for _ in range(2))
    later = saved("withdrawal")
    later["actions"][0]["action_ts"] = "1772452999.000001"

    assert first.id == second.id != parse_payloads.withdraw_of(later).id


def test_two_people_who_press_at_the_same_moment_both_withdraw() -> None:
    of_ana, of_ben = saved("withdrawal"), saved("withdrawal")
    of_ben["user"]["id"] = BEN.id

    assert parse_payloads.withdraw_of(of_ana).id != parse_payloads.withdraw_of(of_ben).id


@pytest.mark.parametrize("path", [("actions", 0, "value"), ("actions", 0, "action_ts"), ("user",)])
def test_a_withdrawal_that_lacks_anything_is_malformed(path: tuple[str | int, ...]) -> None:
    with pytest.raises(Malformed):
        parse_payloads.withdraw_of(without(saved("withdrawal"), path))


def test_a_click_is_not_read_from_the_text_of_its_message() -> None:
    payload = saved("click-on-a-card")
    payload["message"] = {"text": "fraud version 9", "blocks": [{"type": "header"}]}

    assert parse_payloads.click_of(payload).button == OFFER


def test_a_submitted_form_holds_its_click_its_submitter_and_the_comment() -> None:
    job = parse_payloads.submit_of(saved("form-submitted"))

    assert job.click == Click(button=OFFER, person=ANA, message=MessageRef(CARDS, "1.1"))
    assert job.comment == "AUC is up,\nbias is fine"


def test_the_person_of_a_submitted_form_is_its_submitter_and_not_one_in_its_metadata() -> None:
    payload = saved("form-submitted")
    kept = json.loads(payload["view"]["private_metadata"])
    payload["view"]["private_metadata"] = json.dumps(kept | {"person": {"id": "U0EVE00000"}})

    assert parse_payloads.submit_of(payload).click.person == ANA


def test_an_empty_comment_is_no_comment() -> None:
    payload = replaced(
        saved("form-submitted"), ("view", "state", "values", "comment", "comment", "value"), None
    )

    assert parse_payloads.submit_of(payload).comment == ""


@given(st.text(min_size=1))
def test_a_form_always_has_the_same_id_and_aws_takes_it_as_a_token(view_id: str) -> None:
    payload = saved("form-submitted")
    payload["view"]["id"] = view_id.encode("utf-8", "replace").decode()

    first, second = parse_payloads.submit_of(payload), parse_payloads.submit_of(payload)

    assert first.id == second.id
    assert first.id != parse_payloads.submit_of(saved("form-submitted")).id
    assert first.id.isalnum()
    assert first.id.isascii()
    assert len(first.id) <= 36


def test_a_slash_command_is_a_question_and_its_answer_has_an_address() -> None:
    assert parse_payloads.question_of_command(saved("slash-command")) == AnswerQuestion(
        person=ANA,
        text="fraud 3",
        answer_url="https://hooks.slack.com/commands/T0ACME0000/3/z",
    )


def test_a_slash_command_without_text_asks_for_the_overview() -> None:
    assert parse_payloads.question_of_command(without(saved("slash-command"), ("text",))).text == ""


def test_a_button_of_an_answer_is_a_question_whose_answer_replaces_the_message() -> None:
    assert parse_payloads.question_of_button(saved("click-on-an-answer")) == AnswerQuestion(
        person=ANA,
        text="fraud",
        page=1,
        answer_url="https://hooks.slack.com/actions/T0ACME0000/2/y",
        replace=True,
    )


def test_an_opened_home_is_a_question_without_an_address() -> None:
    ask = home_of(saved("home-opened"))

    assert ask == AnswerQuestion(person=replace(ANA, name=""), text="", answer_url="")


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"id": "U1", "name": "ana", "username": "old"}, "ana"),
        ({"id": "U1", "username": "ana"}, "ana"),
        ({"id": "U1", "name": ""}, "U1"),
        ({"id": "U1"}, "U1"),
    ],
)
def test_a_person_without_a_name_is_called_by_their_id(user: dict[str, str], name: str) -> None:
    click = parse_payloads.click_of(saved("click-on-a-card") | {"user": user})

    assert (click.person.id, click.person.name) == ("U1", name)


@pytest.mark.parametrize(
    ("name", "path"), EACH_NEEDED, ids=[" ".join(each) for each in EACH_NEEDED]
)
def test_a_payload_that_lacks_what_is_needed_is_malformed(name: str, path: str) -> None:
    steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))

    with pytest.raises(Malformed):
        READERS[name](without(saved(name), steps))


@pytest.mark.parametrize("missing", ["v", "button", "message", "button.arn", "message.ts"])
def test_a_form_that_lost_part_of_its_metadata_is_malformed(missing: str) -> None:
    payload = saved("form-submitted")
    kept = json.loads(payload["view"]["private_metadata"])
    payload["view"]["private_metadata"] = json.dumps(without(kept, tuple(missing.split("."))))

    with pytest.raises(Malformed):
        parse_payloads.submit_of(payload)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"v": 1, "text": "a", "page": "b"}',
        '{"text": "a", "page": 1, "replace": true}',
    ],
)
def test_a_button_of_an_answer_without_a_question_is_malformed(value: str) -> None:
    payload = replaced(saved("click-on-an-answer"), ("actions", 0, "value"), value)

    with pytest.raises(Malformed):
        parse_payloads.question_of_button(payload)


@pytest.mark.parametrize("name", READERS)
def test_a_payload_without_a_field_that_is_not_needed_is_still_read(name: str) -> None:
    payload = saved(name)
    needed = {tuple(path.split(".")) for path in NEEDED[name].split()}

    for path in paths(payload):
        if tuple(map(str, path)) not in needed and path != ("event",):
            READERS[name](without(payload, path))


@pytest.mark.parametrize("name", READERS)
@given(junk=any_json, data=st.data())
def test_a_payload_with_junk_in_it_is_either_read_or_malformed(
    name: str, junk: Any, data: st.DataObject
) -> None:
    payload = saved(name)
    steps = [tuple(path.split(".")) for path in NEEDED[name].split()]
    path = data.draw(st.sampled_from([path for path in paths(payload) if _text(path) in steps]))

    try:
        read = READERS[name](replaced(payload, path, junk))
    except Malformed:
        return

    assert isinstance(read, Click | SubmitForm | AnswerQuestion)


def _text(path: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(map(str, path))
