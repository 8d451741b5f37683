from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.slack.bolt_app import MAX_BODY
from handlers import slack_request
from tests.handlers import slack_requests
from tests.handlers.bench import SECRET, TRIES_FOR_SLACK, Bench
from tests.handlers.processes import restart
from tests.world.embedded import ANA, DAN, RELEASES, words

if TYPE_CHECKING:
    from tests.handlers.slack_requests import Json


def a_pressed_button(bench: Bench) -> tuple[dict[str, str], str]:
    """Headers and body of a click as Slack sent it; what it caused is forgotten."""
    bench.people.open_form(ANA, bench.a_card(), "approve")
    bench.work_all()
    bench.calls.made.clear()
    return bench.requests.pop()


def resigned(headers: dict[str, str], body: str, **how: Any) -> dict[str, str]:
    return {**headers, **slack_requests.signed(body, how.pop("secret", SECRET), **how)}


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


FORGERIES = {
    "unsigned": lambda headers, body: (
        without(headers, "X-Slack-Signature", "X-Slack-Request-Timestamp"),
        body,
    ),
    "without a signature": lambda headers, body: (without(headers, "X-Slack-Signature"), body),
    "without a time": lambda headers, body: (without(headers, "X-Slack-Request-Timestamp"), body),
    "with a time that is none": lambda headers, body: (
        {**headers, "X-Slack-Request-Timestamp": "now"},
        body,
    ),
    "with a time beyond all clocks": lambda headers, body: (
        {**headers, "X-Slack-Request-Timestamp": "9" * 400},
        body,
    ),
    "with a signature in letters that no signature has": lambda headers, body: (
        {**headers, "X-Slack-Signature": "v0=é"},
        body,
    ),
    "forged": lambda headers, body: (resigned(headers, body, secret="a guess"), body),
    "replayed": lambda headers, body: (resigned(headers, body, age=301), body),
    "from the future": lambda headers, body: (resigned(headers, body, age=-302), body),
    "tampered with": lambda headers, body: (headers, body.replace(ANA, DAN)),
    "empty": lambda headers, _body: (headers, ""),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_request_without_a_valid_signature_gets_401_and_does_nothing(
    bench: Bench, forgery: str
) -> None:
    headers, body = a_pressed_button(bench)
    headers, body = FORGERIES[forgery](headers, body)
    response = bench.post(body, headers)

    assert response["statusCode"] == 401
    assert {*bench.calls.made} <= {"GetSecretValue"}
    assert bench.waiting() == []


def test_a_request_without_headers_or_body_gets_401(bench: Bench) -> None:
    event = {"version": "2.0", "rawPath": "/favicon.ico", "isBase64Encoded": False}
    response = bench.call(slack_request, event)

    assert response["statusCode"] == 401


def test_a_body_that_is_no_text_gets_401(bench: Bench) -> None:
    event = {**slack_requests.request("", {}), "body": "/////w==", "isBase64Encoded": True}
    response = bench.call(slack_request, event)

    assert response["statusCode"] == 401


def test_a_signature_is_valid_for_five_minutes(bench: Bench) -> None:
    body = "command=%2Fmodel-status&text=&user_id=U0ANA00000&user_name=ana&trigger_id=1.2.3"
    body += "&response_url=http%3A%2F%2F127.0.0.1%2Fanswer&channel_id=C0MODELS00"
    response = bench.post(body, slack_requests.signed(body, SECRET, age=295))

    assert response["statusCode"] == 200


@pytest.mark.parametrize("encoded", [True, False])
def test_a_body_in_base64_and_a_body_in_text_are_both_read(bench: Bench, encoded: bool) -> None:
    response = bench.post(*reversed(a_command(bench, "pending")), encoded=encoded)

    assert response["statusCode"] == 200
    assert [job["text"] for job in bench.waiting()] == ["pending"]


def a_command(bench: Bench, text: str) -> tuple[dict[str, str], str]:
    """Headers and body of a command as Slack sent it. It is not in the queue any more."""
    bench.people.act("command", user=ANA, channel=RELEASES, text=text)
    bench.work_all()
    headers, body = bench.requests.pop()
    body = body.replace("trigger_id=", "trigger_id=another.")
    return resigned(headers, body), body


def test_trap_10_a_click_opens_the_form_before_its_trigger_expires(bench: Bench) -> None:
    form = bench.people.open_form(ANA, bench.a_card(), "approve")
    (job,) = bench.waiting()

    assert "version 1 is deployed. No other version is approved." in words(form)
    assert "Checking what your vote does…" in words(form)
    assert job["job"] == "check_form"
    assert (job["view"], job["hash"]) == (form["id"], form["hash"])
    assert job["click"]["person"]["id"] == ANA


def test_a_submitted_form_says_that_it_is_worked_on_and_waits_in_the_queue(bench: Bench) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "reject")
    bench.work_all()
    answer = bench.people.submit(ANA, form, "too slow")
    (job,) = bench.waiting()

    assert answer["ok"]
    assert (answer["view"]["id"], answer["view"]["submit"]) == (form["id"], None)
    assert "Working on it…" in words(answer["view"])
    assert "too slow" in words(answer["view"])
    assert (job["job"], job["view"]) == ("submit_form", form["id"])
    assert job["shown"] == {"decides": True, "have": 1}
    assert job["comment"] == "too slow"
    assert job["click"]["button"]["arn"] == arn
    assert bench.people.status(arn) == "PendingManualApproval"


def test_an_opened_home_and_its_visitor_wait_in_the_queue(bench: Bench) -> None:
    bench.people.act("home", user=DAN)
    (job,) = bench.waiting()

    assert job["job"] == "answer_question"
    assert job["person"]["id"] == DAN
    assert job["answer_url"] == ""


def test_the_messages_tab_shows_no_home_so_nothing_is_asked(bench: Bench) -> None:
    """Slack sends app_home_opened for both tabs."""
    assert bench.people.act("home", user=DAN, tab="messages")["ok"]

    assert bench.waiting() == []


def test_an_event_that_comes_again_waits_in_the_queue_once(bench: Bench) -> None:
    """Slack sends an event again, with the same id, if it did not get the answer in time."""
    assert bench.people.act("home", user=DAN)["ok"]
    headers, body = bench.requests[-1]
    bench.post(body, headers | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})

    assert len(bench.waiting()) == 1


def test_the_url_verification_of_slack_is_answered(bench: Bench) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "what-slack-made-up"})
    response = bench.post(
        body, slack_requests.signed(body, SECRET, content_type="application/json")
    )

    assert response["statusCode"] == 200
    assert "what-slack-made-up" in response["body"]


def test_trap_10_the_function_calls_nothing_but_the_secret_the_form_and_the_queue(
    bench: Bench,
) -> None:
    arn = bench.a_card()
    restart()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.people.submit(ANA, form)
    bench.people.act("command", user=ANA, channel=RELEASES, text="")
    bench.people.act("home", user=ANA)

    assert bench.calls.made == ["GetSecretValue", "views.open", *["SendMessage"] * 4]


def test_an_unknown_action_gets_404_and_queues_nothing(bench: Bench) -> None:
    response = bench.send(slack_requests.a_click("{}", "deploy", ANA))

    assert response["statusCode"] == 404
    assert bench.waiting() == []


@pytest.mark.parametrize(
    "value",
    ["", "approve", "[]", "{}", '{"arn": 7}', '{"arn": "arn:aws:sagemaker:…", "source": "Live"}'],
)
def test_a_button_with_an_invalid_value_opens_nothing(bench: Bench, value: str) -> None:
    response = bench.send(slack_requests.a_click(value, "approve", ANA))

    assert response["statusCode"] == 500
    assert "views.open" not in bench.calls.made
    assert bench.waiting() == []


def test_a_submit_that_the_queue_could_not_take_is_an_error_and_can_be_sent_again(
    bench: Bench,
) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.calls.add("SendMessage", "500", TRIES_FOR_SLACK)
    first = bench.people.submit(ANA, form, "fine")
    view = bench.people.state()["views"][ANA]
    second = bench.people.submit(ANA, form, "fine")

    assert first["error"] == "We had some trouble connecting. Try again?"
    assert view["id"] == form["id"]
    assert second["ok"]
    assert [job["job"] for job in bench.waiting()] == ["submit_form"]


def test_a_submit_whose_sending_was_not_confirmed_is_not_made_twice(
    bench: Bench,
) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.calls.add("SendMessage", "timeout", TRIES_FOR_SLACK)
    failed = bench.people.submit(ANA, form, "fine")
    bench.people.submit(ANA, form, "fine")
    jobs = bench.waiting()
    bench.work_all()

    assert not failed["ok"]
    assert [job["job"] for job in jobs] == ["submit_form"]
    assert bench.calls.made.count("UpdateModelPackage") == 1


def test_a_click_that_the_queue_could_not_take_is_an_error_and_can_be_made_again(
    bench: Bench,
) -> None:
    arn = bench.a_card()
    card = bench.people.card(arn)
    bench.calls.add("SendMessage", "500", TRIES_FOR_SLACK)
    failed = bench.people.click(ANA, card, "approve")
    lost = bench.waiting()
    bench.people.open_form(ANA, arn, "approve")

    assert not failed["ok"]
    assert lost == []
    assert [job["job"] for job in bench.waiting()] == ["check_form"]


def test_a_click_on_an_outdated_card_is_told_the_current_status(bench: Bench) -> None:
    arn = bench.a_card()
    old = a_button(bench.people.card(arn), "approve")
    bench.people.outside(arn, "Rejected")
    bench.emit(bench.events[-1])
    bench.work_all()
    ana = bench.slack.user(ANA)
    assert ana is not None
    bench.send(slack_requests.a_click(old, "approve", ANA, trigger=bench.slack.triggers.issue(ana)))
    bench.work_all()
    view = bench.people.state()["views"][ANA]

    assert "is now rejected" in words(view).lower()
    assert "changed outside this bot" in words(view)
    assert view["submit"] is None
    assert "UpdateModelPackage" not in bench.calls.made[1:]


def a_button(card: Json, action: str) -> str:
    """The value of the button *action* on *card*."""
    rows = [block for block in card["blocks"] if block["type"] == "actions"]
    (button,) = [each for row in rows for each in row["elements"] if each["action_id"] == action]
    return str(button["value"])


def test_a_body_that_is_longer_than_any_of_slacks_gets_413_and_makes_no_call(bench: Bench) -> None:
    body = "x" * (MAX_BODY + 1)
    response = bench.post(body, slack_requests.signed(body, SECRET), encoded=False)

    assert response["statusCode"] == 413
    assert bench.calls.made == []
