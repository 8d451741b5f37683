"""The SQS queue: how messages are addressed and batched, and when one is delivered again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.aws.job_queue import MAX_PAUSE, MAX_WAIT, SqsQueue, pause
from bot.core.errors import (
    Held,
    Malformed,
    Misconfigured,
    NewerFormat,
    Stale,
    Unavailable,
    WaitsForSlot,
)
from bot.core.jobs.messages import ReconcileVersion, message_group
from bot.core.jobs.queues import QueueName
from bot.core.votes.rate_limit import Slot
from tests.adapters.aws import BUSY, in_one, recorded
from tests.doubles.builders import NOON, an_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.faults import Faults
    from tests.adapters.aws import Aws

    Json = dict[str, Any]

JOB = ReconcileVersion(an_arn(1))
QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:model-approvals-jobs.fifo"
ATTEMPTS = 14
"""As the queue is deployed: after these, a message becomes a dead letter."""
CALLS: dict[str, Callable[[SqsQueue], None]] = {
    "SendMessage": lambda queue: queue.send(JOB, "key"),
    "SendMessageBatch": lambda queue: queue.send_all([(JOB, "key")]),
}


@pytest.fixture
def sqs(empty_aws: Aws) -> Any:
    return empty_aws.client("sqs")


@pytest.fixture
def url(empty_aws: Aws) -> str:
    return empty_aws.settings["QUEUE_URL"]


@pytest.fixture
def queue(sqs: Any, url: str) -> SqsQueue:
    return SqsQueue(sqs, in_one(url))


def received(sqs: Any, url: str) -> list[Json]:
    answer = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    return list(answer.get("Messages", []))


def jobs(count: int) -> list[tuple[ReconcileVersion, str]]:
    return [(ReconcileVersion(an_arn(number)), str(number)) for number in range(count)]


def fail_with(queue: SqsQueue, receipt: str, error: Exception, attempt: int = 1) -> None:
    """Return a message to the queue, as the worker does when its job fails."""
    with pytest.raises(type(error)) as caught, queue.return_on_error(QUEUE_ARN, receipt, attempt):
        raise error
    assert caught.value is error


# --- sending --------------------------------------------------------------------------------------


def test_a_message_has_the_message_group_of_its_job(queue: SqsQueue, sqs: Any, url: str) -> None:
    long = ReconcileVersion(an_arn(1, "g" * 63))
    queue.send(long, "1")
    queue.send_all([(JOB, "2")])

    groups = [raw["Attributes"]["MessageGroupId"] for raw in received(sqs, url)]
    assert groups == [message_group(long), message_group(JOB)]
    assert max(map(len, groups)) <= 128


def test_a_single_message_and_one_of_many_are_addressed_alike(queue: SqsQueue, sqs: Any) -> None:
    calls = recorded(sqs)
    queue.send(JOB, "key")
    queue.send_all([(JOB, "key")])

    (_, single), (_, batch) = calls
    (entry,) = batch["Entries"]
    assert {**single, "Id": "0"} == {"QueueUrl": batch["QueueUrl"], **entry}


@pytest.mark.parametrize("key", ["key", "ä 😀 \n", "k" * 1000])
def test_whatever_the_key_is_its_id_is_one_that_sqs_takes(
    queue: SqsQueue, sqs: Any, key: str
) -> None:
    """SQS allows 128 letters, digits and signs of ASCII; moto allows anything."""
    calls = recorded(sqs)
    queue.send(JOB, key)

    assert re.fullmatch(r"[!-~]{1,128}", calls[0][1]["MessageDeduplicationId"])


def test_many_jobs_are_sent_in_batches_of_ten(queue: SqsQueue, sqs: Any) -> None:
    calls = recorded(sqs)
    queue.send_all(jobs(25))

    assert [(name, len(sent["Entries"])) for name, sent in calls] == [
        ("SendMessageBatch", 10),
        ("SendMessageBatch", 10),
        ("SendMessageBatch", 5),
    ]


def test_no_jobs_make_no_call(queue: SqsQueue, sqs: Any) -> None:
    calls = recorded(sqs)
    queue.send_all(iter(()))

    assert calls == []


def test_a_message_that_sqs_refused_is_a_reason_to_send_all_again(
    queue: SqsQueue, sqs: Any, url: str
) -> None:
    refused = {"Id": "3", "Code": "InternalError", "SenderFault": False}
    events = sqs.meta.events
    events.register_first(
        "after-call.sqs.SendMessageBatch",
        lambda parsed, **_: parsed.update(Failed=[refused]),
        unique_id="once",
    )

    with pytest.raises(Unavailable, match="InternalError"):
        queue.send_all(jobs(5))
    events.unregister("after-call.sqs.SendMessageBatch", unique_id="once")
    queue.send_all(jobs(5))
    assert len(received(sqs, url)) == 5


@pytest.mark.parametrize(
    ("refused", "raised"),
    [
        ({"Code": "InternalError", "SenderFault": False}, Unavailable),
        ({"Code": "RequestThrottled", "SenderFault": True}, Unavailable),
        ({"Code": "KmsThrottled", "SenderFault": True}, Unavailable),
        ({"Code": "InvalidMessageContents", "SenderFault": True}, Misconfigured),
        ({"Code": "KmsAccessDenied", "SenderFault": True}, Misconfigured),
    ],
)
def test_a_refused_message_of_a_batch_is_a_reason_to_wait_unless_it_stays_refused(
    queue: SqsQueue, sqs: Any, refused: dict[str, Any], raised: type[Exception]
) -> None:
    sqs.meta.events.register_first(
        "after-call.sqs.SendMessageBatch",
        lambda parsed, **_: parsed.update(Failed=[{"Id": "0", **refused}]),
    )

    with pytest.raises(raised, match=refused["Code"]):
        queue.send_all(jobs(2))


@pytest.mark.parametrize("error", ["AccessDeniedException", "KmsAccessDenied", "QueueDoesNotExist"])
@pytest.mark.parametrize("operation", CALLS)
def test_a_queue_that_takes_no_message_is_misconfigured(
    faults: Faults, queue: SqsQueue, operation: str, error: str
) -> None:
    faults.add(operation, error)

    with pytest.raises(Misconfigured, match=f"takes no message: .*{error}"):
        CALLS[operation](queue)


@pytest.mark.parametrize("error", [*BUSY, "RequestThrottled", "KmsThrottled", "ExpiredToken"])
@pytest.mark.parametrize("operation", CALLS)
def test_an_outage_is_a_reason_to_wait(
    faults: Faults, queue: SqsQueue, operation: str, error: str
) -> None:
    faults.add(operation, error)

    with pytest.raises(Unavailable):
        CALLS[operation](queue)


@pytest.mark.parametrize("operation", CALLS)
def test_a_job_sent_again_after_a_lost_answer_is_in_the_queue_once(
    faults: Faults, queue: SqsQueue, sqs: Any, url: str, operation: str
) -> None:
    faults.add(operation, "timeout")
    with pytest.raises(Unavailable):
        CALLS[operation](queue)
    CALLS[operation](queue)

    assert len(received(sqs, url)) == 1


# --- returning to the queue -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "attempt", "seconds"),
    [
        (Unavailable("busy"), 1, 1),
        (Unavailable("busy"), 2, 2),
        (Unavailable("busy"), 4, 8),
        (Unavailable("busy"), ATTEMPTS, MAX_PAUSE),
        (Stale("arn"), 3, 4),
        (KeyError("a bug"), 5, 16),
        (Unavailable("busy", retry_after=30), 1, 30),
        (Unavailable("busy", retry_after=30), 7, 64),
        (Unavailable("busy", retry_after=3600), 1, MAX_PAUSE),
        (Held("by another worker", retry_after=75), 1, 1),
        (Held("by another worker", retry_after=75), 9, 75),
        (Held("by another worker", retry_after=3), 3, 3),
        (WaitsForSlot(Slot("C0FRAUD000", NOON), timedelta(minutes=15)), 1, 900),
        (WaitsForSlot(Slot("C0FRAUD000", NOON), timedelta(seconds=2)), 5, 2),
        (WaitsForSlot(Slot("C0FRAUD000", NOON), timedelta(days=2)), 1, MAX_WAIT),
        (NewerFormat("not known yet"), 3, 4),
        (Malformed("no job"), 1, 0),
        (Malformed("no job"), 9, 0),
    ],
)
def test_a_failed_job_is_delivered_again_after_a_pause(
    queue: SqsQueue, sqs: Any, error: Exception, attempt: int, seconds: int
) -> None:
    calls = recorded(sqs)
    queue.send(JOB, "key")
    url = calls[0][1]["QueueUrl"]
    (message,) = received(sqs, url)
    fail_with(queue, message["ReceiptHandle"], error, attempt)

    asked = {"ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": seconds}
    assert calls[-1] == ("ChangeMessageVisibility", {"QueueUrl": url, **asked})


@pytest.mark.parametrize(
    "refusal", ["ReceiptHandleIsInvalid", "MessageNotInflight", "RequestThrottled", "refused"]
)
def test_a_job_that_fails_has_its_own_error_also_if_its_pause_cannot_be_set(
    faults: Faults, queue: SqsQueue, sqs: Any, url: str, refusal: str
) -> None:
    """It took longer than SQS waits for it, say: then SQS has delivered it again already."""
    queue.send(JOB, "key")
    (message,) = received(sqs, url)
    faults.add("ChangeMessageVisibility", refusal)

    fail_with(queue, message["ReceiptHandle"], Stale("arn"))


def test_pauses_never_shrink() -> None:
    pauses = [pause(Unavailable("busy"), attempt) for attempt in range(1, ATTEMPTS + 1)]

    assert pauses == sorted(pauses)
    assert pauses[0] == 1
    assert max(pauses) == MAX_PAUSE


def test_a_malformed_job_is_delivered_again_at_once(queue: SqsQueue, sqs: Any, url: str) -> None:
    queue.send(JOB, "key")
    (message,) = received(sqs, url)
    fail_with(queue, message["ReceiptHandle"], Malformed("no job"))

    (redelivered,) = received(sqs, url)
    assert redelivered["MessageId"] == message["MessageId"]


def test_a_failed_job_is_not_delivered_during_its_pause(
    queue: SqsQueue, sqs: Any, url: str
) -> None:
    queue.send(JOB, "key")
    (message,) = received(sqs, url)
    fail_with(queue, message["ReceiptHandle"], Unavailable("busy", retry_after=60))

    assert received(sqs, url) == []


def test_a_job_that_succeeds_is_not_returned_to_the_queue(
    queue: SqsQueue, sqs: Any, url: str
) -> None:
    queue.send(JOB, "key")
    (message,) = received(sqs, url)
    calls = recorded(sqs)
    with queue.return_on_error(QUEUE_ARN, message["ReceiptHandle"], 1):
        pass

    assert calls == []


def test_a_job_that_never_works_becomes_a_dead_letter_and_the_next_one_is_delivered(
    queue: SqsQueue, sqs: Any, url: str
) -> None:
    dead_letters = url.replace("-jobs.fifo", "-dead-letters.fifo")
    queue.send(JOB, "never works")
    queue.send(JOB, "behind it")
    seen = []
    for _ in range(ATTEMPTS):
        first = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"][0]
        seen.append(first["MessageId"])
        fail_with(queue, first["ReceiptHandle"], Malformed("no job"))

    (next_one,) = received(sqs, url)
    (dead,) = received(sqs, dead_letters)
    assert set(seen) == {dead["MessageId"]}
    assert next_one["MessageId"] != dead["MessageId"]


def test_a_message_returns_to_the_queue_that_it_came_from(sqs: Any, empty_aws: Aws) -> None:
    names = ("CLICK_QUEUE_URL", "QUESTION_QUEUE_URL", "QUEUE_URL")
    urls = dict(zip(QueueName, map(empty_aws.settings.get, names), strict=True))
    queue, calls = SqsQueue(sqs, urls), recorded(sqs)  # type: ignore[arg-type]
    for url in urls.values():
        arn = f"arn:aws:sqs:us-east-1:123456789012:{str(url).rpartition('/')[2]}"
        with pytest.raises(Stale), queue.return_on_error(arn, "a-receipt", 1):
            raise Stale("arn")

    assert [asked["QueueUrl"] for _, asked in calls] == [*urls.values()]


def test_a_job_that_waits_for_its_slot_is_not_logged_as_failed(
    queue: SqsQueue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for error in (WaitsForSlot(Slot("C0FRAUD000", NOON), timedelta(minutes=1)), Stale("arn")):
        with pytest.raises(type(error)), queue.return_on_error(QUEUE_ARN, "a-receipt", 1):
            raise error
    logged = [(record.levelname, record.getMessage()) for record in caplog.records]

    assert ("INFO", "Job waits in the queue for its slot") in logged
    assert [text for level, text in logged if level == "ERROR"] == [
        "Job failed; it returns to the queue"
    ]
