"""What the functions report to CloudWatch: numbers for alarms and the dashboard, of few kinds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from bot.adapters.slack.bolt_app import MAX_BODY
from tests.handlers import slack_requests
from tests.handlers.bench import SECRET, TRIES, Bench
from tests.handlers.logbook import SERVICES, blobs, dimensions, kinds, namespaces, printed, values
from tests.world.embedded import ANA, DAN, MODELS

if TYPE_CHECKING:
    from pathlib import Path

# Powertools warns of a call that counted nothing; a job that fails counts nothing.
pytestmark = pytest.mark.filterwarnings("ignore:No application metrics to publish")


def test_time_to_card_is_measured_once_and_from_the_registration_on(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = bench.a_card()
    first = values(capsys.readouterr().out)
    bench.people.outside(arn, "Rejected")
    bench.emit(bench.events[-1])
    bench.work_all()
    later = values(capsys.readouterr().out)

    assert [0 <= seconds < 60 for seconds in first["TimeToCard"]] == [True]
    assert "TimeToCard" not in later


def test_time_to_decision_is_measured_from_the_submit_on_however_long_the_queue_takes(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    form = bench.people.open_form(ANA, bench.a_card(), "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    (record,) = bench.take()
    waited = f"{round((time.time() - 90) * 1000)}"
    capsys.readouterr()
    bench.work([{**record, "attributes": {**record["attributes"], "SentTimestamp": waited}}])
    (seconds,) = values(capsys.readouterr().out)["TimeToDecision"]

    assert 89 <= seconds < 150


def test_a_decision_that_is_delivered_twice_is_measured_once(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    form = bench.people.open_form(ANA, bench.a_card(), "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    records = bench.take()
    bench.work(records)
    bench.work(records)
    log = capsys.readouterr().out

    assert len(values(log)["TimeToDecision"]) == 1
    assert kinds(log, "Jobs", "kind")["submit_form"] == 2


def test_a_refusal_is_counted_with_its_reason_and_as_a_whole(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.people.open_form(DAN, bench.a_card(), "approve")
    bench.work_all()
    log = capsys.readouterr().out

    assert kinds(log, "Refused", "reason") == {"not_an_approver": 1}
    assert values(log)["Refused"] == [1]


def test_the_sweep_measures_what_waits_and_what_it_repairs(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.a_card()
    bench.people.register("fraud-detector")  # and its event is lost
    capsys.readouterr()
    bench.sweep()
    before = values(capsys.readouterr().out)
    bench.work_all()
    capsys.readouterr()
    bench.sweep()
    after = values(capsys.readouterr().out)

    assert before["Waiting"] == [2]
    assert [0 <= seconds < 60 for seconds in before["OldestWaiting"]] == [True]
    assert before["Repaired"] == [1]
    assert after["Repaired"] == [0]
    assert after["Swept"] == [0]


@pytest.mark.parametrize(
    ("method", "error", "code"),
    [
        ("UpdateModelPackage", "AccessDeniedException", "AccessDeniedException"),
        ("DescribeModelPackage", "ThrottlingException", "ThrottlingException"),
        ("TransactWriteItems", "500", "InternalFailure"),
        ("BatchGetItem", "timeout", "ConnectionClosedError"),
        ("AssumeRole", "AccessDenied", "AccessDenied"),
    ],
)
def test_errors_of_aws_are_counted_by_their_code(
    bench: Bench, capsys: pytest.CaptureFixture[str], method: str, error: str, code: str
) -> None:
    form = bench.people.open_form(ANA, bench.a_card(), "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    capsys.readouterr()
    bench.calls.add(method, error, TRIES)
    bench.work(bench.take())

    assert kinds(capsys.readouterr().out, "AwsErrors", "code") == {code: 1}


@pytest.mark.parametrize(
    ("error", "code"),
    [("ratelimited", "ratelimited"), ("fatal_error", "fatal_error"), ("503", "503")],
)
def test_errors_of_slack_are_counted_by_their_code(
    bench: Bench, capsys: pytest.CaptureFixture[str], error: str, code: str
) -> None:
    arn = bench.a_card()
    bench.people.outside(arn, "Rejected")
    bench.emit(bench.events[-1])
    capsys.readouterr()
    bench.calls.add("chat.update", error, 1)
    failed = bench.work(bench.take())
    log = capsys.readouterr().out

    assert len(failed) == 1
    assert kinds(log, "SlackErrors", "code") == {code: 1}
    assert values(log)["Failed"] == [1]


def test_an_answer_that_slack_did_not_take_is_counted_as_well(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.people.act("command", user=ANA, channel=MODELS, text="help")
    capsys.readouterr()
    bench.calls.add("response_url", "503", 1)
    failed = bench.work(bench.take())
    log = capsys.readouterr().out

    assert len(failed) == 1
    assert kinds(log, "SlackErrors", "code") == {"503": 1}


def test_a_form_that_slack_did_not_open_is_counted_by_the_slack_request_function(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    card = bench.people.card(bench.a_card())
    capsys.readouterr()
    bench.calls.add("views.open", "expired_trigger_id", 1)
    bench.people.click(ANA, card, "approve")
    log = capsys.readouterr().out

    assert kinds(log, "SlackErrors", "code") == {"expired_trigger_id": 1}
    assert values(log)["Failed"] == [1]
    assert values(log)["Requests"] == [1]


def test_forged_requests_are_counted_by_the_slack_request_function(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.post("payload=", slack_requests.signed("payload=", "a guess"))

    assert values(capsys.readouterr().out)["BadSignature"] == [1]


@pytest.mark.parametrize(("age", "late"), [(0, 0), (5, 1)])
def test_an_answer_after_three_seconds_is_counted_as_late(
    bench: Bench, capsys: pytest.CaptureFixture[str], age: int, late: int
) -> None:
    body = "command=%2Fnone"
    bench.post(body, slack_requests.signed(body, SECRET, age=age))

    assert values(capsys.readouterr().out)["Late"] == [late]


@pytest.mark.parametrize("body", ["payload=", "x" * (MAX_BODY + 1)])
def test_a_forged_request_is_never_late(
    bench: Bench, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    bench.post(body, slack_requests.signed(body, "a guess", age=60), encoded=False)

    assert values(capsys.readouterr().out)["Late"] == [0]


@pytest.mark.parametrize("function", sorted(SERVICES))
def test_each_function_reports_its_cold_start_once(
    bench: Bench, tmp_path: Path, function: str
) -> None:
    event = {
        "slack_request": slack_requests.request("", {}),
        "registry_event": {},
        "sweep": {},
        "worker": {"Records": []},
    }[function]
    if function == "worker":
        bench.put("no job", "a")
        event = {"Records": bench.take()}
    log = printed(bench, tmp_path, function, [event, event])

    assert values(log)["ColdStart"] == [1]


def test_two_stages_in_one_account_do_not_mix_their_metrics(bench: Bench, tmp_path: Path) -> None:
    """By the name of the stack, which the template gives every function."""
    bench.environment["POWERTOOLS_METRICS_NAMESPACE"] = "model-approvals-another"
    bench.people.open_form(DAN, bench.a_card(), "approve")
    log = printed(bench, tmp_path, "worker", [{"Records": bench.take()}])

    assert kinds(log, "Refused", "reason") == {"not_an_approver": 1}
    assert values(log).keys() >= {"Refused", "ColdStart", "Failed"}
    assert namespaces(log) == {"model-approvals-another"}


def test_no_metric_has_a_kind_for_each_version_or_person(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.people.open_form(DAN, arn, "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    bench.calls.add("chat.update", "<html> of some proxy", 1)
    bench.work(records := bench.take())
    bench.work(records)
    bench.work_all()
    bench.sweep()
    all_dimensions = dimensions(log := capsys.readouterr().out)

    assert {value for name, value in all_dimensions if name == "service"} == SERVICES
    assert {name for name, _ in all_dimensions} <= {
        "service",
        "reason",
        "code",
        "function_name",
        "kind",
    }
    assert {value for name, value in all_dimensions if name == "code"} == {"200"}
    assert not [blob for blob in blobs(log) if arn in str(blob) or ANA in str(blob)]
