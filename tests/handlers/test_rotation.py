"""Somebody gives the Slack app a new token or signing secret: the bot goes on undeployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from bot.adapters.aws.slack_secret import MAX_AGE, MIN_AGE
from tests.handlers import slack_requests
from tests.handlers.bench import SECRET, TOKEN, TRIES_FOR_SLACK, Bench
from tests.handlers.processes import restart
from tests.world.embedded import ANA, CHLOE, buttons

if TYPE_CHECKING:
    from tests.handlers.conftest import Clock
    from tests.handlers.slack_requests import Json

NEW_TOKEN, NEW_SECRET = "xoxb-new-0123456789", "the-new-signing-secret-0123456789"
THIRD = "the-third-signing-secret-0123456789"


def store_secret(bench: Bench, secret: Any) -> None:
    """Put *secret* into Secrets Manager, as whoever rotates it does."""
    bench.people.client("secretsmanager").put_secret_value(
        SecretId=bench.environment["SLACK_SECRET_ID"], SecretString=json.dumps(secret)
    )


def rotate(bench: Bench, token: str = NEW_TOKEN, secret: str = NEW_SECRET) -> None:
    """From now on Slack knows only these."""
    bench.slack.bot_token, bench.slack.signing_secret = token, secret
    store_secret(bench, {"bot_token": token, "signing_secret": secret})


def ask(bench: Bench, secret: str, number: int = 1) -> Json:
    """A command of somebody whose Slack signs with *secret*."""
    fields = {"command": "/model-status", "text": "", "user_id": ANA, "user_name": "ana"}
    fields |= {"trigger_id": f"1.2.{number}", "response_url": f"{bench.slack.url}/nowhere"}
    body = urlencode(fields)
    return bench.post(body, slack_requests.signed(body, secret))


def reads(bench: Bench) -> int:
    return bench.calls.made.count("GetSecretValue")


def test_a_rotation_between_two_clicks_disturbs_nobody(bench: Bench) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(CHLOE, arn, "approve")
    bench.work_all()
    rotate(bench)
    submitted = bench.people.submit(CHLOE, form, "fine")
    bench.work_all()

    assert submitted["ok"]
    assert bench.people.status(arn) == "Approved"
    assert buttons(bench.people.card(arn)) == ["revoke"]


def test_a_form_is_opened_with_the_new_token(bench: Bench) -> None:
    arn = bench.a_card()
    ask(bench, SECRET)
    rotate(bench, secret=SECRET)
    form = bench.people.open_form(ANA, arn, "approve")

    assert form["submit"] is not None
    assert bench.calls.made.count("views.open") == 2


# --- the Slack request function ------------------------------------------------------------


@pytest.mark.usefixtures("clock")
def test_a_request_signed_with_the_new_secret_is_answered_at_once(bench: Bench) -> None:
    first = ask(bench, SECRET)
    rotate(bench)
    second = ask(bench, NEW_SECRET)
    third = ask(bench, NEW_SECRET)

    assert [response["statusCode"] for response in (first, second, third)] == [200, 200, 200]
    assert reads(bench) == 2


@pytest.mark.usefixtures("clock")
def test_the_old_secret_is_rejected_once_the_new_one_is_known(bench: Bench) -> None:
    ask(bench, SECRET)
    rotate(bench)
    ask(bench, NEW_SECRET)

    assert ask(bench, SECRET)["statusCode"] == 401


def test_the_old_secret_is_rejected_after_some_minutes_even_if_the_new_one_is_unused(
    bench: Bench, clock: Clock
) -> None:
    ask(bench, SECRET)
    rotate(bench)
    clock.now += MAX_AGE + 1

    assert ask(bench, SECRET)["statusCode"] == 401


def test_forged_requests_cannot_make_the_function_read_the_secret_again_and_again(
    bench: Bench, clock: Clock
) -> None:
    ask(bench, SECRET)
    for number in range(50):
        assert ask(bench, "a guess", number)["statusCode"] == 401
    at_once = reads(bench)
    clock.now += MIN_AGE
    for number in range(50):
        ask(bench, "a guess", number)

    assert at_once == 2
    assert reads(bench) == 3
    assert ask(bench, SECRET)["statusCode"] == 200


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("age", [-400, 400])
def test_an_old_request_does_not_make_the_function_read_the_secret_again(
    bench: Bench, age: int
) -> None:
    ask(bench, SECRET)
    bench.post("x=1", slack_requests.signed("x=1", NEW_SECRET, age=age))

    assert reads(bench) == 1


def test_a_rotation_is_noticed_within_seconds_despite_forged_requests(
    bench: Bench, clock: Clock
) -> None:
    ask(bench, SECRET)
    ask(bench, "a guess")
    rotate(bench)
    during = ask(bench, NEW_SECRET)
    clock.now += MIN_AGE
    after = ask(bench, NEW_SECRET)

    assert (during["statusCode"], after["statusCode"]) == (401, 200)
    assert MIN_AGE <= 10


def test_a_second_rotation_is_noticed_like_the_first(bench: Bench, clock: Clock) -> None:
    ask(bench, SECRET)
    rotate(bench)
    ask(bench, NEW_SECRET)
    clock.now += MIN_AGE
    rotate(bench, secret=THIRD)

    assert ask(bench, THIRD)["statusCode"] == 200
    assert ask(bench, NEW_SECRET)["statusCode"] == 401


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("AccessDeniedException", "cannot be read: AccessDeniedException"),
        ("ResourceNotFoundException", "cannot be read: ResourceNotFoundException"),
        ("503", "secretsmanager is busy"),
        ("refused", "secretsmanager is busy"),
    ],
)
def test_the_function_answers_500_without_its_secret_and_logs_why(
    bench: Bench, caplog: pytest.LogCaptureFixture, trouble: str, reason: str
) -> None:
    bench.calls.add("GetSecretValue", trouble, TRIES_FOR_SLACK if "busy" in reason else 1)
    failed = ask(bench, SECRET)
    second = ask(bench, SECRET)

    assert (failed["statusCode"], failed["body"]) == (500, "")
    assert "Request failed; Slack shows an error" in caplog.messages
    assert reason in str(caplog.records[0].exc_info)
    assert second["statusCode"] == 200


# --- the worker ----------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["invalid_auth", "not_authed", "token_revoked"])
def test_a_job_whose_token_is_rejected_goes_on_with_the_new_one(bench: Bench, error: str) -> None:
    arn = bench.a_card()
    bench.people.outside(arn, "Rejected")
    bench.emit(bench.events[-1])
    rotate(bench)
    bench.calls.add("chat.update", error)
    failed = bench.work(bench.take())

    assert failed == []
    assert buttons(bench.people.card(arn)) == ["reinstate"]


def test_a_job_waits_for_a_new_token_and_nobody_is_refused_meanwhile(
    bench: Bench,
) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(CHLOE, arn, "approve")
    bench.work_all()
    bench.people.submit(CHLOE, form, "fine")
    restart()  # so that the worker has to ask who Chloe is
    bench.slack.bot_token = NEW_TOKEN
    records = bench.take()
    first = bench.work(records)
    store_secret(bench, {"bot_token": NEW_TOKEN, "signing_secret": SECRET})
    second = bench.work(records)
    bench.work_all()

    assert first == [record["body"] for record in records]
    assert second == []
    assert bench.people.status(arn) == "Approved"
    assert bench.people.private_messages(CHLOE) == []


def test_a_rejected_token_is_read_again_once_for_each_call(bench: Bench) -> None:
    arn = bench.a_card()
    bench.people.outside(arn, "Rejected")
    bench.emit(bench.events[-1])
    bench.slack.bot_token = NEW_TOKEN
    bench.calls.made.clear()
    failed = bench.work(bench.take())

    assert len(failed) == 1
    assert reads(bench) == 1
    assert bench.calls.made.count("chat.update") == 1


def test_no_token_gets_into_the_log_when_slack_rejects_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    arn = bench.a_card()
    bench.people.outside(arn, "Rejected")
    bench.emit(bench.events[-1])
    rotate(bench, token="xoxb-not-in-secrets-manager")
    store_secret(bench, {"bot_token": NEW_TOKEN, "signing_secret": NEW_SECRET})
    bench.work(bench.take())

    assert "does not accept the bot's token: invalid_auth" in caplog.text
    assert TOKEN not in caplog.text
    assert NEW_TOKEN not in caplog.text
