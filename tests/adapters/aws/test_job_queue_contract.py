"""What every line promises: SQS's, the Slack door's, and the one in memory of the flows' tests."""

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
from tests.doubles.builders import ANA, BEN, a_click, a_version, an_arn, an_offer
from tests.doubles.line import FakeLine

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
    """All of a line that the Slack door has."""

    def send(self, job: Job, key: str) -> None: ...


class Hall(Protocol):
    """A line, and a look at what stands in it."""

    line: Sender

    def lanes(self) -> list[list[Job]]:
        """What stands in the line, lane by lane, each in its order. Takes it out."""
        ...


class InMemory:
    def __init__(self) -> None:
        self.line = FakeLine()

    def lanes(self) -> list[list[Job]]:
        return [[decode(body) for body in bodies] for bodies in self.line.lanes.values()]


class Crowd(Hall, Protocol):
    """One that takes many at once."""

    line: JobQueue


@dataclass
class InSqs:
    client: Any
    url: str
    line: Any

    def lanes(self) -> list[list[Job]]:
        found: defaultdict[str, list[Job]] = defaultdict(list)
        while messages := self._some():
            for raw in messages:
                found[raw["Attributes"]["MessageGroupId"]].append(decode(raw["Body"]))
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=raw["ReceiptHandle"])
        return list(found.values())

    def _some(self) -> list[Any]:
        answer = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return list(answer.get("Messages", []))


@pytest.fixture
def in_memory() -> Hall:
    return InMemory()


@pytest.fixture
def in_sqs(empty_aws: Aws) -> Hall:
    client, url = empty_aws.client("sqs"), empty_aws.settings["QUEUE_URL"]
    return InSqs(client, url, SqsQueue(client, url))


@pytest.fixture
def in_sqs_leanly(empty_aws: Aws, as_in_lambda: None) -> Hall:  # noqa: ARG001
    url = empty_aws.settings["QUEUE_URL"]
    return InSqs(empty_aws.client("sqs"), url, SqsSender(Sigv4Client(Settings(), print), url))


@pytest.fixture(params=["in_memory", "in_sqs", "in_sqs_leanly"])
def hall(request: pytest.FixtureRequest) -> Hall:
    found: Hall = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["in_memory", "in_sqs"])
def crowd(request: pytest.FixtureRequest) -> Crowd:
    found: Crowd = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("job", EVERY_KIND, ids=lambda job: type(job).__name__)
def test_a_job_comes_out_as_it_went_in(hall: Hall, job: Job) -> None:
    hall.line.send(job, "a key")

    assert hall.lanes() == [[job]]


def test_all_that_is_about_one_version_waits_in_one_lane_in_its_order(hall: Hall) -> None:
    jobs = [DECIDE, ANNOUNCE, CHECK, DECIDE]
    for number, job in enumerate(jobs):
        hall.line.send(job, f"key {number}")

    assert hall.lanes() == [jobs]


def test_versions_do_not_wait_for_each_other(hall: Hall) -> None:
    jobs = [ReconcileVersion(an_arn(number)) for number in (1, 2, 10)]
    for job in jobs:
        hall.line.send(job, job.arn)

    assert sorted(hall.lanes(), key=str) == sorted([[job] for job in jobs], key=str)


def test_people_who_ask_do_not_wait_for_each_other(hall: Hall) -> None:
    of_ana, of_ben = (
        AnswerQuestion(person=ANA, text="help"),
        AnswerQuestion(person=BEN, text="help"),
    )
    hall.line.send(of_ana, "1")
    hall.line.send(of_ben, "2")
    hall.line.send(replace(of_ana, page=1), "3")

    found = hall.lanes()
    assert len(found) == 2
    assert [of_ana, replace(of_ana, page=1)] in found
    assert [of_ben] in found


def test_the_same_key_is_put_there_once(hall: Hall) -> None:
    for _ in range(5):
        hall.line.send(ANNOUNCE, "the same")

    assert hall.lanes() == [[ANNOUNCE]]


def test_the_first_job_with_a_key_is_the_one_that_counts(hall: Hall) -> None:
    hall.line.send(DECIDE, DECIDE.id)
    hall.line.send(replace(DECIDE, comment="another"), DECIDE.id)

    assert hall.lanes() == [[DECIDE]]


def test_a_key_belongs_to_a_kind_of_job(hall: Hall) -> None:
    hall.line.send(ANNOUNCE, "the same")
    hall.line.send(CHECK, "the same")

    assert hall.lanes() == [[ANNOUNCE, CHECK]]


def test_the_same_job_with_another_key_is_another_turn(hall: Hall) -> None:
    hall.line.send(ANNOUNCE, "now")
    hall.line.send(ANNOUNCE, "later")

    assert hall.lanes() == [[ANNOUNCE, ANNOUNCE]]


@pytest.mark.parametrize("many", [0, 1, 10, 11, 25])
def test_many_are_put_there_at_once(crowd: Crowd, many: int) -> None:
    jobs = [ReconcileVersion(an_arn(number)) for number in range(many)]
    crowd.line.send_all((job, job.arn) for job in jobs)

    found = [job for lane in crowd.lanes() for job in lane]
    assert sorted(found, key=str) == sorted(jobs, key=str)


def test_many_at_once_keep_their_order_and_are_put_there_once_each(crowd: Crowd) -> None:
    pairs = [(ANNOUNCE, "1"), (CHECK, "2"), (ANNOUNCE, "1"), (DECIDE, "3")]
    crowd.line.send_all(pairs)
    crowd.line.send_all(pairs)
    crowd.line.send(ANNOUNCE, "1")

    assert crowd.lanes() == [[ANNOUNCE, CHECK, DECIDE]]


def test_any_key_will_do(hall: Hall) -> None:
    for key in ("", "ä 😀 \n", "k" * 1000, "k" * 1001):
        hall.line.send(ANNOUNCE, key)

    assert hall.lanes() == [[ANNOUNCE] * 4]
