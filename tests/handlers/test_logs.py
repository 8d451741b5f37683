"""What the functions print is kept for months, and more people may read it than may decide."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from handlers import registry_event, slack_request, sweep, worker
from tests.handlers import slack_requests
from tests.handlers.bench import SECRET, TOKEN, TRIES, TRIES_FOR_SLACK, Bench
from tests.handlers.logbook import SERVICES, lines, printed
from tests.world.embedded import ANA, CHLOE, DAN, buttons

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


COMMENT = "the-comment-that-nobody-else-shall-read"
ROTATED = {"bot_token": "xoxb-rotated-0123456789", "signing_secret": "rotated-signing-0123456789"}
TRIGGER = re.compile(r"\d+\.\d+\.[0-9a-f]{32}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{20,}")


def assert_no_secret_in(log: str) -> None:
    secrets = (TOKEN, SECRET, COMMENT, *ROTATED.values(), "xoxb-")

    assert [secret for secret in secrets if secret in log] == []
    assert TRIGGER.findall(log) == []
    assert SIGNATURE.findall(log) == []


def requests_of_a_decision(bench: Bench) -> list[tuple[dict[str, str], str]]:
    """A click and a submit, and every way of sending them that goes wrong."""
    form = bench.people.open_form(ANA, bench.a_card(), "approve")
    bench.work_all()
    bench.people.submit(ANA, form, COMMENT)
    bench.work_all()
    bench.people.act("command", user=ANA, channel="C0MODELS00", text=COMMENT)
    bench.work_all()
    good = list(bench.requests)
    click, submit, _ = (body for _, body in good)
    broken = submit.replace("private_metadata", "private_matters")
    unknown = submit.replace("decide", "something-else")
    forged = [(slack_requests.signed(body, "a guess"), body) for _, body in good]
    old = [(slack_requests.signed(body, SECRET, age=301), body) for _, body in good]
    odd = [(slack_requests.signed(body, SECRET), body) for body in (broken, unknown, click[:-40])]
    return [*good, *forged, *old, *odd]


def test_the_slack_request_function_logs_no_secret_no_signature_no_trigger_and_no_comment(
    bench: Bench, tmp_path: Path
) -> None:
    sent = requests_of_a_decision(bench)
    bench.calls.add("SendMessage", "500", TRIES_FOR_SLACK)
    bench.calls.add("views.open", "invalid_arguments", 3)
    events = [slack_requests.request(body, headers) for headers, body in sent]
    log = printed(bench, tmp_path, "slack_request", events)

    assert "Failed to run listener function" in log
    assert_no_secret_in(log)


def test_the_worker_logs_no_secret_and_no_comment(bench: Bench, tmp_path: Path) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.people.submit(ANA, form, COMMENT)
    bench.calls.add("chat.update", "fatal_error", 1)
    bench.calls.add("chat.postMessage", "invalid_blocks", 1)
    bench.calls.add("UpdateModelPackage", "500", TRIES)
    (record,) = bench.take()
    broken = {**record, "messageId": "2", "body": record["body"].replace("button", "other")}
    calls = [{"Records": [each]} for each in (record, record, record, broken)]
    log = printed(bench, tmp_path, "worker", calls)

    assert buttons(bench.people.card(arn)) == ["revoke"]
    assert "Job failed; it returns to the queue" in log
    assert_no_secret_in(log)


def test_a_failure_in_the_worker_is_logged_with_its_job_and_its_reason(
    bench: Bench, tmp_path: Path
) -> None:
    arn = bench.a_card()
    bench.put(json.dumps({"v": 1, "job": "reconcile_version", "arn": arn}), "a")
    bench.calls.add("DescribeModelPackage", "500", TRIES)
    log = printed(bench, tmp_path, "worker", [{"Records": bench.take()}])
    (entry,) = [each for each in lines(log) if each["level"] == "ERROR"]

    assert entry["function_name"] == "worker"
    assert entry["job"] == "reconcile_version"
    assert "InternalFailure" in entry["exception"]


# --- a whole scenario -----------------------------------------------------------------------------


def a_scenario(bench: Bench) -> str:
    """Clicks, refusals, outages and a rotation, with comments; returns the ARN of the version."""
    arn = bench.a_card()
    bench.people.open_form(DAN, arn, "reject")
    bench.work_all()
    submit(bench, ANA, arn, "reject")
    bench.calls.add("UpdateModelPackage", "AccessDeniedException", 1)
    bench.calls.add("chat.postEphemeral", "fatal_error", 1)
    records = bench.take()
    bench.work(records)
    bench.calls.forget()
    bench.let_ten_seconds_pass(arn)
    bench.work(records)
    bench.let_ten_seconds_pass(arn)
    bench.work(records)
    bench.work_all()
    submit(bench, ANA, arn, "reject")
    bench.work_all()
    submit(bench, CHLOE, arn, "reinstate", rotate_secrets)
    bench.work_all()
    bench.people.act("command", user=ANA, channel="C0MODELS00", text=COMMENT)
    bench.people.act("home", user=ANA)
    bench.emit({"detail": {"comment": COMMENT}, "resources": [COMMENT]})
    bench.put(json.dumps({"v": 1, "job": "submit_form", "comment": COMMENT, "token": TOKEN}), "a")
    bench.work(bench.take())
    bench.sweep()
    return arn


def submit(
    bench: Bench,
    person: str,
    arn: str,
    action: str,
    meanwhile: Callable[[Bench], None] = lambda _: None,
) -> None:
    """Open a form and submit it; *meanwhile* happens while it is open."""
    form = bench.people.open_form(person, arn, action)
    bench.work_all()
    meanwhile(bench)
    bench.people.submit(person, form, COMMENT)


def rotate_secrets(bench: Bench) -> None:
    bench.slack.bot_token, bench.slack.signing_secret = ROTATED.values()
    bench.people.client("secretsmanager").put_secret_value(
        SecretId=bench.environment["SLACK_SECRET_ID"], SecretString=json.dumps(ROTATED)
    )


@pytest.fixture
def output(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> str:
    """The ARN of a scenario, and all that the functions print and any library logs meanwhile."""
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME")  # as when the handlers were imported here
    written = StringIO()
    for function in (slack_request, registry_event, sweep, worker):
        monkeypatch.setattr(function.logger.registered_handler, "stream", written)
    arn = a_scenario(bench)
    out, err = capsys.readouterr()
    return f"{arn}\n{written.getvalue()}\n{out}\n{err}\n{caplog.text}"


def test_no_function_logs_a_secret_in_a_whole_scenario(output: str) -> None:
    functions = {line["function_name"] for line in lines(output)}

    assert functions == SERVICES
    assert "Job failed; it returns to the queue" in output
    assert "Event ignored" in output
    assert_no_secret_in(output)


def test_every_log_line_about_a_job_names_its_version_and_its_person(output: str) -> None:
    arn = output.splitlines()[0]
    about = [line for line in lines(output) if "job" in line]
    clicks = [line for line in about if line["job"] in {"check_form", "submit_form"}]
    decides = [line for line in about if line["job"] == "submit_form"]

    of_no_version = {"answer_question": "person", "update_waiting_cards": "group"}
    assert {line["arn"] for line in about if line["job"] not in of_no_version} == {arn}
    assert all(of_no_version[line["job"]] in line for line in about if "arn" not in line)
    assert {line["person"] for line in clicks} == {ANA, CHLOE, DAN}
    assert {line["person"] for line in about if line["job"] == "answer_question"} == {ANA}
    assert all(re.fullmatch("[0-9a-f]{32}", line["decision"]) for line in decides)
    assert {line["function_name"] for line in decides} == {"slack_request", "worker"}


def test_no_log_line_names_the_person_of_the_job_before(bench: Bench, tmp_path: Path) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    (decide,) = bench.take()
    (announce, broken) = (
        {**decide, "messageId": str(number), "body": body}
        for number, body in enumerate(
            [json.dumps({"v": 1, "job": "reconcile_version", "arn": arn}), "none"]
        )
    )
    log = printed(bench, tmp_path, "worker", [{"Records": [decide, announce, broken]}])
    first, *others = [line for line in lines(log) if line["location"].startswith(PLACES)]

    assert (first["person"], first["job"]) == (ANA, "submit_form")
    assert [line.get("job") for line in others] == ["reconcile_version", None]
    assert [line.get("person") for line in others] == [None, None]


def test_no_log_line_names_the_form_of_the_job_before(bench: Bench, tmp_path: Path) -> None:
    arn = bench.a_card()
    bench.people.open_form(ANA, arn, "approve")
    (check,) = bench.take()
    announce = {
        **check,
        "messageId": "2",
        "body": json.dumps({"v": 1, "job": "reconcile_version", "arn": arn}),
    }
    log = printed(bench, tmp_path, "worker", [{"Records": [check, announce]}])
    named = [(line["job"], "form" in line) for line in lines(log) if "job" in line]

    assert named == [("check_form", True), ("reconcile_version", False)]


PLACES = ("job_outcome", "return_on_error")
