"""SQS's line: how a message is addressed, how many go at once, and when one comes again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.aws.job_queue import LONGEST_PAUSE, SqsQueue, pause
from bot.core.errors import Malformed, Stale, Unavailable, UnknownJob
from bot.core.jobs.messages import ReconcileVersion, message_group
from tests.adapters.aws import BUSY, recorded
from tests.doubles.builders import an_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.faults import Faults
    from tests.adapters.aws import Aws

    Json = dict[str, Any]

ERRAND = ReconcileVersion(an_arn(1))
ATTEMPTS = 14
"""As the queue is deployed: then a message goes to the dead letters."""
CALLS: dict[str, Callable[[SqsQueue], None]] = {
    "SendMessage": lambda line: line.send(ERRAND, "key"),
    "SendMessageBatch": lambda line: line.send_all([(ERRAND, "key")]),
}


@pytest.fixture
def sqs(empty_aws: Aws) -> Any:
    return empty_aws.client("sqs")


@pytest.fixture
def url(empty_aws: Aws) -> str:
    return empty_aws.settings["QUEUE_URL"]


@pytest.fixture
def line(sqs: Any, url: str) -> SqsQueue:
    return SqsQueue(sqs, url)


def received(sqs: Any, url: str) -> list[Json]:
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


def many(number: int) -> list[tuple[ReconcileVersion, str]]:
    return [(ReconcileVersion(an_arn(each)), str(each)) for each in range(number)]


def fail_with(line: SqsQueue, receipt: str, error: Exception, attempt: int = 1) -> None:
    """Hand a message back, as the worker does when its job fails."""
    with pytest.raises(type(error)) as caught, line.handing_back(receipt, attempt):
        raise error
    assert caught.value is error


# --- sending --------------------------------------------------------------------------------------


def test_the_message_group_is_the_lane(line: SqsQueue, sqs: Any, url: str) -> None:
    long = ReconcileVersion(an_arn(1, "g" * 63))
    line.send(long, "1")
    line.send_all([(ERRAND, "2")])

    groups = [raw["Attributes"]["MessageGroupId"] for raw in received(sqs, url)]
    assert groups == [message_group(long), message_group(ERRAND)]
    assert max(map(len, groups)) <= 128


def test_a_single_message_and_one_of_many_are_addressed_alike(line: SqsQueue, sqs: Any) -> None:
    calls = recorded(sqs)
    line.send(ERRAND, "key")
    line.send_all([(ERRAND, "key")])

    (_, single), (_, batch) = calls
    (entry,) = batch["Entries"]
    assert {**single, "Id": "0"} == {"QueueUrl": batch["QueueUrl"], **entry}


@pytest.mark.parametrize("key", ["key", "ä 😀 \n", "k" * 1000])
def test_whatever_the_key_is_its_id_is_one_that_sqs_takes(
    line: SqsQueue, sqs: Any, key: str
) -> None:
    """SQS allows 128 letters, digits and signs of ASCII; moto allows anything."""
    calls = recorded(sqs)
    line.send(ERRAND, key)

    assert re.fullmatch(r"[!-~]{1,128}", calls[0][1]["MessageDeduplicationId"])


def test_many_go_in_tens(line: SqsQueue, sqs: Any) -> None:
    calls = recorded(sqs)
    line.send_all(many(25))

    assert [(name, len(sent["Entries"])) for name, sent in calls] == [
        ("SendMessageBatch", 10),
        ("SendMessageBatch", 10),
        ("SendMessageBatch", 5),
    ]


def test_none_are_no_call(line: SqsQueue, sqs: Any) -> None:
    calls = recorded(sqs)
    line.send_all(iter(()))

    assert calls == []


def test_a_message_that_sqs_did_not_take_is_a_reason_to_send_all_again(
    line: SqsQueue, sqs: Any, url: str
) -> None:
    refused = {"Id": "3", "Code": "InternalError", "SenderFault": False}
    events = sqs.meta.events
    events.register_first(
        "after-call.sqs.SendMessageBatch",
        lambda parsed, **_: parsed.update(Failed=[refused]),
        unique_id="once",
    )

    with pytest.raises(Unavailable, match="InternalError"):
        line.send_all(many(5))
    events.unregister("after-call.sqs.SendMessageBatch", unique_id="once")
    line.send_all(many(5))
    assert len(received(sqs, url)) == 5


@pytest.mark.parametrize("error", [*BUSY, "RequestThrottled"])
@pytest.mark.parametrize("operation", CALLS)
def test_an_outage_is_a_reason_to_wait(
    faults: Faults, line: SqsQueue, operation: str, error: str
) -> None:
    faults.add(operation, error)

    with pytest.raises(Unavailable):
        CALLS[operation](line)


@pytest.mark.parametrize("operation", CALLS)
def test_what_is_sent_again_after_a_lost_answer_stands_there_once(
    faults: Faults, line: SqsQueue, sqs: Any, url: str, operation: str
) -> None:
    faults.add(operation, "timeout")
    with pytest.raises(Unavailable):
        CALLS[operation](line)
    CALLS[operation](line)

    assert len(received(sqs, url)) == 1


# --- handing back ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "attempt", "seconds"),
    [
        (Unavailable("busy"), 1, 1),
        (Unavailable("busy"), 2, 2),
        (Unavailable("busy"), 4, 8),
        (Unavailable("busy"), ATTEMPTS, LONGEST_PAUSE),
        (Stale("arn"), 3, 4),
        (KeyError("a bug"), 5, 16),
        (Unavailable("busy", retry_after=30), 1, 30),
        (Unavailable("busy", retry_after=30), 7, 64),
        (Unavailable("busy", retry_after=3600), 1, LONGEST_PAUSE),
        (UnknownJob("not known yet"), 3, 4),
        (Malformed("no job"), 1, 0),
        (Malformed("no job"), 9, 0),
    ],
)
def test_a_failed_job_comes_again_after_a_pause(
    line: SqsQueue, sqs: Any, error: Exception, attempt: int, seconds: int
) -> None:
    calls = recorded(sqs)
    line.send(ERRAND, "key")
    url = calls[0][1]["QueueUrl"]
    (message,) = received(sqs, url)
    fail_with(line, message["ReceiptHandle"], error, attempt)

    asked = {"ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": seconds}
    assert calls[-1] == ("ChangeMessageVisibility", {"QueueUrl": url, **asked})


def test_pauses_never_shrink() -> None:
    pauses = [pause(Unavailable("busy"), attempt) for attempt in range(1, ATTEMPTS + 1)]

    assert pauses == sorted(pauses)
    assert pauses[0] == 1
    assert max(pauses) == LONGEST_PAUSE


def test_what_can_never_work_comes_again_at_once(line: SqsQueue, sqs: Any, url: str) -> None:
    line.send(ERRAND, "key")
    (message,) = received(sqs, url)
    fail_with(line, message["ReceiptHandle"], Malformed("no job"))

    (again,) = received(sqs, url)
    assert again["MessageId"] == message["MessageId"]


def test_while_it_waits_it_is_not_to_be_had(line: SqsQueue, sqs: Any, url: str) -> None:
    line.send(ERRAND, "key")
    (message,) = received(sqs, url)
    fail_with(line, message["ReceiptHandle"], Unavailable("busy", retry_after=60))

    assert received(sqs, url) == []


def test_a_job_that_succeeds_is_not_handed_back(line: SqsQueue, sqs: Any, url: str) -> None:
    line.send(ERRAND, "key")
    (message,) = received(sqs, url)
    calls = recorded(sqs)
    with line.handing_back(message["ReceiptHandle"], 1):
        pass

    assert calls == []


def test_what_never_works_ends_among_the_dead_letters_and_those_behind_it_go_on(
    line: SqsQueue, sqs: Any, url: str
) -> None:
    dead_letters = url.replace("-jobs.fifo", "-dead-letters.fifo")
    line.send(ERRAND, "never works")
    line.send(ERRAND, "behind it")
    seen = []
    for _ in range(ATTEMPTS):
        first = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"][0]
        seen.append(first["MessageId"])
        fail_with(line, first["ReceiptHandle"], Malformed("no job"))

    (next_one,) = received(sqs, url)
    (dead,) = received(sqs, dead_letters)
    assert set(seen) == {dead["MessageId"]}
    assert next_one["MessageId"] != dead["MessageId"]
