"""What every job queue promises: SQS with boto3, SQS without it, and the one in memory."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from bot.adapters.aws.job_queue import SqsQueue
from bot.adapters.aws.sigv4_client import Sigv4Client
from bot.adapters.aws.sqs_sender import SqsSender
from bot.core.jobs.messages import AnswerQuestion, CheckForm, ReconcileVersion, SubmitForm, decode
from bot.core.registry.version import Status
from bot.settings import Settings
from tests.adapters.aws import in_one
from tests.doubles.builders import ANA, BEN, a_click, a_version, an_arn, an_offer
from tests.doubles.job_queue import FakeJobQueue

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job
    from bot.flows.ports import JobQueue
    from tests.adapters.aws import Aws

CLICK = replace(
    a_click(an_offer(a_version(), Status.APPROVED), answer_url="https://hooks.slack.com/1"),
    person=replace(ANA, name="Ana \u202e😀\n<!here>"),
)
ANNOUNCE = ReconcileVersion(an_arn(1))
CHECK = CheckForm(CLICK, "V01")
DECIDE = SubmitForm("decision-1", CLICK, 'because\nof "this", \\ and that \u2028')
ASK = AnswerQuestion(
    person=BEN, text="fraud 3", page=2, answer_url="https://hooks.slack.com/2", replace=True
)
EVERY_KIND = (ANNOUNCE, CHECK, DECIDE, ASK)


class Sender(Protocol):
    """The part of a queue that the Slack request function uses."""

    def send(self, job: Job, key: str) -> None: ...


class QueueCase(Protocol):
    """A queue, and a look at what is in it."""

    queue: Sender

    def groups(self) -> list[list[Job]]:
        """Take everything out: the jobs of each message group, in their order."""
        ...


class InMemory:
    def __init__(self) -> None:
        self.queue = FakeJobQueue()

    def groups(self) -> list[list[Job]]:
        return [[decode(body) for body in bodies] for bodies in self.queue.message_groups.values()]


class BatchQueueCase(QueueCase, Protocol):
    """A queue that takes many jobs at once."""

    queue: JobQueue


@dataclass
class InSqs:
    client: Any
    url: str
    queue: Any

    def groups(self) -> list[list[Job]]:
        groups: defaultdict[str, list[Job]] = defaultdict(list)
        while messages := self._some():
            for raw in messages:
                groups[raw["Attributes"]["MessageGroupId"]].append(decode(raw["Body"]))
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=raw["ReceiptHandle"])
        return list(groups.values())

    def _some(self) -> list[Any]:
        answer = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))


@pytest.fixture
def in_memory() -> QueueCase:
    return InMemory()


@pytest.fixture
def in_sqs(empty_aws: Aws) -> QueueCase:
    client, url = empty_aws.client("sqs"), empty_aws.settings["QUEUE_URL"]
    return InSqs(client, url, SqsQueue(client, in_one(url)))


@pytest.fixture
def in_sqs_without_boto3(empty_aws: Aws, as_in_lambda: None) -> QueueCase:  # noqa: ARG001
    url = empty_aws.settings["QUEUE_URL"]
    return InSqs(
        empty_aws.client("sqs"), url, SqsSender(Sigv4Client(Settings(), print), in_one(url))
    )


@pytest.fixture(params=["in_memory", "in_sqs", "in_sqs_without_boto3"])
def case(request: pytest.FixtureRequest) -> QueueCase:
    fixture: QueueCase = request.getfixturevalue(request.param)
    return fixture


@pytest.fixture(params=["in_memory", "in_sqs"])
def batch_case(request: pytest.FixtureRequest) -> BatchQueueCase:
    fixture: BatchQueueCase = request.getfixturevalue(request.param)
    return fixture


@pytest.mark.parametrize("job", EVERY_KIND, ids=lambda job: type(job).__name__)
def test_a_job_is_received_as_it_was_sent(case: QueueCase, job: Job) -> None:
    case.queue.send(job, "a key")

    assert case.groups() == [[job]]


def test_the_jobs_of_one_version_are_in_one_message_group_in_order(case: QueueCase) -> None:
    jobs = [DECIDE, ANNOUNCE, CHECK, DECIDE]
    for number, job in enumerate(jobs):
        case.queue.send(job, f"key {number}")

    assert case.groups() == [jobs]


def test_versions_do_not_wait_for_each_other(case: QueueCase) -> None:
    jobs = [ReconcileVersion(an_arn(number)) for number in (1, 2, 10)]
    for job in jobs:
        case.queue.send(job, job.arn)

    assert sorted(case.groups(), key=str) == sorted([[job] for job in jobs], key=str)


def test_people_who_ask_do_not_wait_for_each_other(case: QueueCase) -> None:
    of_ana, of_ben = (
        AnswerQuestion(person=ANA, text="help"),
        AnswerQuestion(person=BEN, text="help"),
    )
    case.queue.send(of_ana, "1")
    case.queue.send(of_ben, "2")
    case.queue.send(replace(of_ana, page=1), "3")

    groups = case.groups()
    assert len(groups) == 2
    assert [of_ana, replace(of_ana, page=1)] in groups
    assert [of_ben] in groups


def test_the_same_key_is_sent_once(case: QueueCase) -> None:
    for _ in range(5):
        case.queue.send(ANNOUNCE, "the same")

    assert case.groups() == [[ANNOUNCE]]


def test_of_two_jobs_with_the_same_key_the_first_is_sent(case: QueueCase) -> None:
    case.queue.send(DECIDE, DECIDE.id)
    case.queue.send(replace(DECIDE, comment="another"), DECIDE.id)

    assert case.groups() == [[DECIDE]]


def test_two_kinds_of_job_may_have_the_same_key(case: QueueCase) -> None:
    case.queue.send(ANNOUNCE, "the same")
    case.queue.send(CHECK, "the same")

    assert case.groups() == [[ANNOUNCE, CHECK]]


def test_the_same_job_with_another_key_is_sent_again(case: QueueCase) -> None:
    case.queue.send(ANNOUNCE, "now")
    case.queue.send(ANNOUNCE, "later")

    assert case.groups() == [[ANNOUNCE, ANNOUNCE]]


@pytest.mark.parametrize("many", [0, 1, 10, 11, 25])
def test_many_are_sent_at_once(batch_case: BatchQueueCase, many: int) -> None:
    jobs = [ReconcileVersion(an_arn(number)) for number in range(many)]
    batch_case.queue.send_all((job, job.arn) for job in jobs)

    received = [job for group in batch_case.groups() for job in group]
    assert sorted(received, key=str) == sorted(jobs, key=str)


def test_jobs_sent_at_once_keep_their_order_and_are_sent_once_each(
    batch_case: BatchQueueCase,
) -> None:
    pairs = [(ANNOUNCE, "1"), (CHECK, "2"), (ANNOUNCE, "1"), (DECIDE, "3")]
    batch_case.queue.send_all(pairs)
    batch_case.queue.send_all(pairs)
    batch_case.queue.send(ANNOUNCE, "1")

    assert batch_case.groups() == [[ANNOUNCE, CHECK, DECIDE]]


def test_a_key_may_be_any_text(case: QueueCase) -> None:
    for key in ("", "ä 😀 \n", "k" * 1000, "k" * 1001):
        case.queue.send(ANNOUNCE, key)

    assert case.groups() == [[ANNOUNCE] * 4]
