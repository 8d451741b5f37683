from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.adapters.slack.directory import MAX_AGE
from bot.core.errors import Misconfigured
from handlers import worker
from infra.local.registry import finish_validation
from tests.handlers import slack_requests
from tests.handlers.bench import PAST, SECRET, TRIES, Bench
from tests.handlers.processes import restart
from tests.world.embedded import ANA, CHLOE, VALIDATION, buttons, words

if TYPE_CHECKING:
    from pathlib import Path

    from tests.handlers.conftest import Clock

# Powertools warns of a call that counted nothing; a job that fails counts nothing.
pytestmark = pytest.mark.filterwarnings("ignore:No application metrics to publish")


def an_announcement(arn: str) -> str:
    return json.dumps({"v": 1, "job": "reconcile_version", "arn": arn})


def two_versions(bench: Bench) -> tuple[str, str]:
    """Two versions that nobody has announced yet."""
    for group in ("fraud-detector", "house-prices"):
        bench.people.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return bench.people.register("fraud-detector"), bench.people.register("house-prices")


def test_only_the_malformed_message_of_a_batch_fails(bench: Bench) -> None:
    first, second = two_versions(bench)
    bench.put(an_announcement(first), "a")
    bench.put("no job", "b")
    bench.put(an_announcement(second), "c")
    failed = bench.work(bench.take())

    assert failed == ["no job"]
    assert buttons(bench.people.card(first)) == ["approve", "reject"]
    assert buttons(bench.people.card(second)) == ["approve", "reject"]


def test_a_message_behind_a_failed_one_waits_with_it_and_other_groups_do_not(bench: Bench) -> None:
    first, second = two_versions(bench)
    bench.put(an_announcement(first), "a")
    bench.put(an_announcement(second), "b")
    fails, goes_on = bench.take()
    behind = {**fails, "messageId": "behind", "body": an_announcement(first) + " "}
    bench.calls.add("DescribeModelPackage", "500", TRIES)
    failed = bench.work([fails, behind, goes_on])

    assert failed == [fails["body"], behind["body"]]
    assert buttons(bench.people.card(second)) == ["approve", "reject"]


def test_a_card_that_waits_for_its_slot_comes_back_when_that_is_due_and_has_not_failed(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    version, _ = two_versions(bench)
    bench.put(an_announcement(version), "a")
    bench.reserve_slots("C0FRAUD000", datetime.now(UTC) + timedelta(hours=1))
    done = bench.work(bench.take())
    (waiting,) = bench.take()
    capsys.readouterr()
    too_early = bench.work([waiting])
    log = capsys.readouterr().out
    cards = bench.people.cards(version)

    assert (done, too_early, cards, bench.take()) == ([], [waiting["body"]], [], [])
    assert '"Failed":[0.0]' in log
    bench.let_slot_come(version)
    job = json.loads(waiting["body"])
    job["slot"]["time"] = PAST
    assert bench.work([{**waiting, "body": json.dumps(job)}]) == []
    assert len(bench.people.cards(version)) == 1


def test_a_message_about_a_version_that_does_not_exist_is_no_failure(bench: Bench) -> None:
    bench.put(
        an_announcement(f"{'arn:aws:sagemaker:us-east-1:123456789012:'}model-package/x/1"), "a"
    )

    assert bench.work(bench.take()) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '{"v": 1, "job": "reconcile_version"}',
        '{"v": 1, "job": "reconcile_version", "arn": ""}',
        '{"v": 1, "job": "Deploy", "arn": "arn:aws:sagemaker:us-east-1:1:model-package/x/1"}',
        '{"v": 1, "job": "submit_form", "id": "1", "comment": "", "click": {}}',
    ],
)
def test_a_message_that_is_no_job_fails_and_stops_nothing(bench: Bench, body: str) -> None:
    first, _ = two_versions(bench)
    bench.put(body or " ", "a")
    bench.put(an_announcement(first), "b")
    failed = bench.work(bench.take())

    assert failed == [body or " "]
    assert buttons(bench.people.card(first)) == ["approve", "reject"]


def an_unfinished_version(bench: Bench) -> str:
    """A version that SageMaker still validates; its event has been processed."""
    bench.people.sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    arn = bench.people.register("fraud-detector", ValidationSpecification=VALIDATION)
    bench.emit(bench.events[-1])
    bench.work_all()
    return arn


def test_a_version_is_announced_once_sagemaker_has_finished_it(bench: Bench) -> None:
    arn = an_unfinished_version(bench)
    before = bench.people.cards(arn)
    finish_validation(arn)
    bench.emit(bench.events[-1])
    bench.work_all()

    assert before == []
    assert buttons(bench.people.card(arn)) == ["approve", "reject"]


def test_a_version_that_sagemaker_could_not_make_says_so_and_cannot_be_approved(
    bench: Bench,
) -> None:
    arn = an_unfinished_version(bench)
    finish_validation(arn, failed_because="the container did not answer")
    bench.emit(bench.events[-1])
    bench.work_all()
    card = bench.people.card(arn)

    assert "SageMaker could not make" in words(card)
    assert "the container did not answer" in words(card)
    assert buttons(card) == ["reject"]


def test_a_submit_that_is_processed_twice_is_one_call_to_sagemaker(bench: Bench) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    records = bench.take()
    bench.call(worker, {"Records": records})
    bench.work(records)
    bench.work_all()

    assert bench.calls.made.count("UpdateModelPackage") == 1
    assert len(bench.people.thread(bench.people.card(arn))) == 1
    assert bench.people.private_messages(ANA) == []


def test_a_refused_submit_stays_refused_when_it_comes_again(bench: Bench) -> None:
    """Its maker was refused; what has changed since needs a new click."""
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.people.outside(arn, "Rejected")
    bench.people.submit(ANA, form, "fine")
    records = bench.take()
    bench.call(worker, {"Records": records})
    private_messages = bench.people.private_messages(ANA)
    bench.people.outside(arn, "PendingManualApproval")
    bench.work(records)

    assert ["is now rejected" in text.lower() for text in private_messages] == [True]
    assert bench.people.status(arn) == "PendingManualApproval"


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("UpdateModelPackage", "ThrottlingException"),
        ("UpdateModelPackage", "500"),
        ("UpdateModelPackage", "timeout"),
        ("UpdateModelPackage", "refused"),
        ("DescribeModelPackage", "ThrottlingException"),
        ("ListModelPackages", "500"),
        ("BatchGetItem", "500"),
        ("TransactWriteItems", "ProvisionedThroughputExceededException"),
        ("TransactWriteItems", "timeout"),
    ],
)
def test_a_decision_that_an_outage_of_aws_interrupted_is_made_once_when_it_comes_again(
    bench: Bench, method: str, error: str
) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(CHLOE, arn, "approve")
    bench.work_all()
    bench.people.submit(CHLOE, form, "fine")
    events = len(bench.events)
    bench.calls.add(method, error, TRIES)
    records = bench.take()
    first = bench.work(records)
    bench.let_ten_seconds_pass(arn)
    second = bench.work(records)
    bench.work_all()

    assert first == [record["body"] for record in records]
    assert second == []
    assert len(bench.events) == events + 1
    assert_told_once(bench, arn)


def assert_told_once(bench: Bench, arn: str) -> None:
    """The approval of *arn* is on its card, in its thread and in the channel."""
    card = bench.people.card(arn)
    assert buttons(card) == ["revoke"]
    assert len(bench.people.thread(card)) == 1
    assert len(bench.people.notices("fraud-detector")) == 1


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("chat.update", "ratelimited"),
        ("chat.update", "500"),
        ("chat.update", "timeout"),
        ("chat.update", "refused"),
        ("chat.postMessage", "ratelimited"),
        ("chat.postMessage", "503"),
        ("chat.postMessage", "timeout"),
        ("chat.postMessage", "refused"),
    ],
)
def test_a_decision_is_made_though_slack_is_busy_and_another_job_tells_it_once(
    bench: Bench, method: str, error: str
) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(CHLOE, arn, "approve")
    bench.work_all()
    bench.people.submit(CHLOE, form, "fine")
    events = len(bench.events)
    bench.calls.add(method, error, 1)
    failed = bench.work(bench.take())
    bench.let_ten_seconds_pass(arn)
    bench.work_all()

    assert failed == []
    assert len(bench.events) == events + 1
    assert_told_once(bench, arn)


@pytest.mark.parametrize("method", ["usergroups.users.list", "users.info", "auth.test"])
def test_a_click_waits_while_slack_cannot_say_who_its_person_is(bench: Bench, method: str) -> None:
    arn = bench.a_card()
    bench.people.open_form(CHLOE, arn, "approve")
    bench.calls.add(method, "ratelimited", 1)
    records = bench.take()
    first = bench.work(records)
    second = bench.work(records)

    assert first == [record["body"] for record in records]
    assert second == []
    assert bench.people.state()["views"][CHLOE]["submit"] is not None


def test_a_broken_rules_file_stops_the_worker_with_the_line_and_the_reason(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text("channel: C0MODELS00\nrules:\n  - groups: fraud-*\n    aprovers: {}\n")
    monkeypatch.setenv("APPROVALS_FILE", str(rules))
    restart()
    bench.put(an_announcement("arn"), "a")

    with pytest.raises(Misconfigured, match=r"rules\.yml, line 4: .*`aprovers`"):
        bench.call(worker, {"Records": bench.take()})


def test_a_forged_form_is_judged_by_the_person_who_submits_it(bench: Bench) -> None:
    """The signature names the person: what a form says about its person is never read."""
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    kept = json.loads(form["private_metadata"])
    kept["person"] = {"id": ANA, "name": "ana"}
    payload = slack_requests.a_submission("V0FORGED00", json.dumps(kept), "U0DAN00000", "let me in")
    body = slack_requests.interaction(payload)
    response = bench.post(body, slack_requests.signed(body, SECRET))
    bench.work_all()

    assert response["statusCode"] == 200
    assert bench.people.status(arn) == "PendingManualApproval"
    assert "may not approve" in bench.people.private_message("U0DAN00000", "approve")


def test_a_person_is_looked_up_again_after_lambda_had_frozen_the_process_for_long(
    bench: Bench, clock: Clock
) -> None:
    """Else, somebody who has left a user group could go on approving."""
    arn = bench.a_card()
    bench.people.open_form(CHLOE, arn, "approve")
    bench.work_all()
    bench.people.open_form(CHLOE, arn, "approve")
    messages = bench.take()
    clock.now += MAX_AGE + 1
    bench.calls.forget()
    bench.work(messages)

    assert {"users.info", "usergroups.users.list"} <= {*bench.calls.made}
