"""
The embedded world as tests drive it: a process of its own, over HTTP and boto3.

Nothing here depends on how the bot works. Every wait has a limit, and the message of a failed
wait shows the newest messages.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]
Result = TypeVar("Result")

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""
The limit of a wait in seconds. It is more than any test needs: the bot itself may wait for the ten
seconds in which an answer of SageMaker's, or Slack's history, may be old.
"""
SLOW = 60.0
"""The same limit where a job is retried, after pauses that grow."""

ANA, BEN, CHLOE, DAN = "U0ANA00000", "U0BEN00000", "U0CHLOE000", "U0DAN00000"
MODELS, FRAUD, PRICING, RELEASES = "C0MODELS00", "C0FRAUD000", "C0PRICING0", "C0RELEASES"
COMMENT = "comment"
PIPELINE = "training-pipeline"
EVENT_QUEUE = "events-of-the-registry"
VALIDATION: Json = {
    "ValidationRole": "arn:aws:iam::123456789012:role/validation",
    "ValidationProfiles": [
        {
            "ProfileName": "smoke",
            "TransformJobDefinition": {
                "TransformInput": {
                    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://m/in"}}
                },
                "TransformOutput": {"S3OutputPath": "s3://m/out"},
                "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            },
        }
    ],
}
"""With this, a version is validated for a while after it was registered."""


@dataclass(frozen=True)
class Embedded:
    """A running world. Each test makes its own groups, so that tests do not disturb each other."""

    slack: str
    aws: str
    region: str
    account: str
    logs: Path
    stderr: Path
    session: boto3.Session = field(default_factory=boto3.Session)
    _numbers: Iterator[int] = field(default_factory=count)
    _events: list[Json] = field(default_factory=list)

    # --- what a team does ---------------------------------------------------------------------

    def client(self, service: str, user: str = PIPELINE) -> Any:
        """A client of *user*, whom the registry will name as the author of a change."""
        return self.session.client(
            service,
            endpoint_url=self.aws,
            region_name=self.region,
            aws_access_key_id=user,
            aws_secret_access_key="none-is-checked-here",
        )

    @cached_property
    def sagemaker(self) -> Any:
        return self.client("sagemaker")

    @cached_property
    def sqs(self) -> Any:
        return self.client("sqs")

    def new_group(self, prefix: str = "fraud") -> str:
        group = f"{prefix}-{next(self._numbers)}-of-{os.getpid()}"
        self.sagemaker.create_model_package_group(ModelPackageGroupName=group)
        return group

    def register(self, group: str, status: str = "PendingManualApproval", **fields: Any) -> str:
        """Register a version, as a pipeline does; returns its ARN."""
        created = self.sagemaker.create_model_package(
            ModelPackageGroupName=group, ModelApprovalStatus=status, **fields
        )
        return str(created["ModelPackageArn"])

    def describe(self, arn: str) -> Json:
        version: Json = self.sagemaker.describe_model_package(
            ModelPackageName=arn, IncludedData="MetadataOnly"
        )
        return version

    def status(self, arn: str) -> str:
        return str(self.describe(arn)["ModelApprovalStatus"])

    def outside(self, arn: str, status: str, user: str = "somebody-in-the-console") -> None:
        """Decide without the bot."""
        self.client("sagemaker", user).update_model_package(
            ModelPackageArn=arn, ModelApprovalStatus=status
        )

    # --- what a person does -------------------------------------------------------------------

    def act(self, action: str, **body: Any) -> Json:
        """Do what a person does in Slack, and return what they see."""
        _, answer = self.http(f"/client/{action}", body)
        return answer

    def http(self, path: str, body: Json | None = None, wait: float = SLOW) -> tuple[int, Json]:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.slack + path, data, {"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=wait) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def click(self, person: str, message: Json, action: str) -> Json:
        place = {"channel": message["channel"], "ts": message["ts"]}
        return self.act("click", user=person, action_id=action, **place)

    def submit(self, person: str, view: Json, comment: str = "") -> Json:
        values = {COMMENT: {COMMENT: {"type": "plain_text_input", "value": comment}}}
        return self.act("submit", user=person, view_id=view["id"], values=values)

    def ask(self, person: str, text: str = "", channel: str = MODELS) -> Json:
        """The answer to `/model-status`, which only *person* sees."""
        answer = self.act("command", user=person, channel=channel, text=text)
        (shown,) = answer["ephemeral"]
        return dict(shown)

    def open_form(self, person: str, arn: str, action: str) -> Json:
        """Press the button of a move on the card of *arn*; returns the form."""
        answer = self.click(person, self.card(arn), action)
        assert answer["ok"], answer
        return dict(answer["view"])

    def decide(self, person: str, arn: str, action: str, comment: str = "because") -> None:
        """Click, comment, submit; and wait until the card has no such button."""
        form = self.open_form(person, arn, action)
        answer = self.submit(person, form, comment)
        assert answer["ok"], answer
        self.card_when(arn, lambda card: action not in buttons(card))

    def add_fault(self, method: str, error: str, times: int = 1) -> None:
        """Let the next calls of *method* fail, of Slack or of AWS."""
        answer = self.act("faults", method=method, error=error, times=times)
        assert answer == {"ok": True}

    # --- what people see ----------------------------------------------------------------------

    def state(self) -> Json:
        return self.http("/client/state")[1]

    def wait(
        self, search: Callable[[Json], Result | None], what: str, patience: float = PATIENCE
    ) -> Result:
        """The result of *search* in Slack's state, as soon as there is one."""
        latest = time.monotonic() + patience
        state = self.state()
        while (result := search(state)) is None:
            left = latest - time.monotonic()
            assert left > 0, f"{what}: not within {patience:g} s.\n{_newest_messages(state)}"
            state = self._next(state, left)
        return result

    def _next(self, state: Json, seconds: float) -> Json:
        """The state after its next change, or as it is when *seconds* have passed."""
        try:
            return self.http(f"/client/state?after={state['revision']}", wait=max(seconds, 0.1))[1]
        except TimeoutError:
            return state

    def cards(self, arn: str) -> list[Json]:
        """All cards of the version *arn* in channels."""
        return cards_in(self.state(), arn)

    def card(self, arn: str, patience: float = PATIENCE) -> Json:
        """The one card of *arn*, as soon as it is there."""
        return self.card_when(arn, lambda _: True, "a card", patience)

    def card_when(
        self,
        arn: str,
        holds: Callable[[Json], bool],
        what: str = "the updated card",
        patience: float = PATIENCE,
    ) -> Json:
        """The one card of *arn*, as soon as *holds* is true of it."""

        def search(state: Json) -> Json | None:
            cards = cards_in(state, arn)
            assert len(cards) < 2, f"{len(cards)} cards of {arn}"
            return next((card for card in cards if holds(card)), None)

        return self.wait(search, f"{what} of {arn}", patience)

    def thread(self, card: Json) -> list[str]:
        """The messages in the thread of *card*."""
        place = card["channel"], card["ts"]
        messages = self.state()["messages"]
        return [words(m) for m in messages if (m["channel"], m["thread_ts"]) == place]

    def thread_with(self, card: Json, many: int, patience: float = PATIENCE) -> list[str]:
        """The same, as soon as it has *many* messages."""
        self.wait(
            lambda _: True if len(self.thread(card)) >= many else None,
            f"{many} messages in the thread",
            patience,
        )
        return self.thread(card)

    def notices(self, group: str) -> list[str]:
        """The messages about *group* in the channel for releases."""
        messages = (m for m in self.state()["messages"] if m["channel"] == RELEASES)
        return [words(m) for m in messages if group in words(m)]

    def refusal(self, person: str, patience: float = PATIENCE) -> Json:
        """The form that *person* sees, as soon as there is nothing to submit in it."""

        def search(state: Json) -> Json | None:
            view = state["views"].get(person)
            return dict(view) if view and view["submit"] is None else None

        return self.wait(search, f"a refusal for {person}", patience)

    def private_messages(self, person: str, about: str = "") -> list[str]:
        """The private messages to *person* that mention *about*."""
        texts = (words(m) for m in self.state()["ephemeral"] if m["user"] == person)
        return [text for text in texts if about in text]

    def private_message(self, person: str, about: str, patience: float = PATIENCE) -> str:
        """The same, as soon as there is one."""
        self.wait(
            lambda _: True if self.private_messages(person, about) else None,
            f"a private message to {person} about {about}",
            patience,
        )
        return self.private_messages(person, about)[-1]

    # --- ledger, queue, events and log --------------------------------------------------------

    @cached_property
    def ledger(self) -> str:
        """The name of the bot's table."""
        (name,) = self.client("dynamodb").list_tables()["TableNames"]
        return str(name)

    @cached_property
    def queue_url(self) -> str:
        return self._queue("jobs")

    @cached_property
    def click_queue_url(self) -> str:
        return self._queue("clicks")

    @cached_property
    def question_queue_url(self) -> str:
        return self._queue("questions")

    @cached_property
    def dead_letters(self) -> str:
        return self._queue("dead-letters")

    def _queue(self, name: str) -> str:
        urls = self.sqs.list_queues()["QueueUrls"]
        (url,) = [url for url in urls if name in url.rsplit("/", 1)[1]]
        return str(url)

    def rest(self, patience: float = SLOW) -> None:
        """Wait until the queues are empty: clicks lead to jobs in the last one."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

        def is_empty(url: str) -> bool:
            response = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
            return not any(map(int, response["Attributes"].values()))

        for url in (self.question_queue_url, self.click_queue_url, self.queue_url):
            until(lambda url=url: is_empty(url), "an empty queue", patience)  # type: ignore[misc]

    def listen(self) -> None:
        """From now on, receive the registry's events through an EventBridge rule of the tests."""
        url = self.sqs.create_queue(QueueName=EVENT_QUEUE)["QueueUrl"]
        queue = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        events = self.client("events")
        events.put_rule(Name=EVENT_QUEUE, EventPattern='{"source": ["aws.sagemaker"]}')
        target = {"Id": "us", "Arn": queue["Attributes"]["QueueArn"]}
        events.put_targets(Rule=EVENT_QUEUE, Targets=[target])

    def updates(self, arn: str) -> list[list[str]]:
        """
        For each UpdateModelPackage that changed *arn*, the fields that it wrote.

        The registry emits one event for each, and none for a call whose ClientToken it knows.
        """
        self.rest()
        url = self.sqs.get_queue_url(QueueName=EVENT_QUEUE)["QueueUrl"]
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for raw in messages:
                self._events.append(json.loads(raw["Body"])["detail"])
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=raw["ReceiptHandle"])
        mine = [detail for detail in self._events if detail.get("ModelPackageArn") == arn]
        return [
            detail["UpdatedModelPackageFields"]
            for detail in mine
            if "UpdatedModelPackageFields" in detail
        ]

    def put_event(self, detail: Json, resources: list[str] | None = None) -> None:
        """Let EventBridge deliver an event of SageMaker's."""
        self.client("events").put_events(
            Entries=[
                {
                    "Source": "aws.sagemaker",
                    "DetailType": "SageMaker Model Package State Change",
                    "Detail": json.dumps(detail),
                    "Resources": resources or [],
                }
            ]
        )

    def log(self) -> list[Json]:
        """The entries of the functions' log that are JSON."""
        lines = self.logs.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def logged(self, message: str, **about: Any) -> Json:
        """The first log entry with this *message* and these fields, as soon as there is one."""

        def fits(entry: Json) -> bool:
            same_message = entry.get("message") == message
            return same_message and all(entry.get(name) == value for name, value in about.items())

        until(lambda: any(map(fits, self.log())), f"a log line “{message}” with {about}")
        return next(entry for entry in self.log() if fits(entry))


def until(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait for a condition that does not show in Slack's state."""
    latest = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < latest, f"{what}: not within {patience:g} s."
        time.sleep(0.02)


@contextmanager
def running(registry: str, folder: Path, env: dict[str, str] | None = None) -> Iterator[Embedded]:
    """An embedded world, which is ended afterwards."""
    logs, stderr = folder / "functions.log", folder / "stderr.log"
    with starting(registry, logs, stderr, env) as process:
        yield Embedded(**_addresses(process, stderr), logs=logs, stderr=stderr)


@contextmanager
def starting(
    registry: str, logs: Path, stderr: Path, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """The process, from its start to its end, whether or not it ever gets ready."""
    command = ["-m", "infra.local", "--port", "0", "--registry", registry, "--logs", str(logs)]
    settings = ("APPROVALS_FILE", "REGISTRIES")
    ours = {name: value for name, value in os.environ.items() if name not in settings}
    with stderr.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(  # noqa: S603 - the interpreter that runs the tests
            [sys.executable, *command],
            cwd=ROOT,
            env={**ours, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.terminate()
                end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Wait for a process that was told to end; kill it if it does not."""
    try:
        process.wait(SLOW)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _addresses(process: subprocess.Popen[str], stderr: Path) -> dict[str, str]:
    """The addresses that the world prints once it is ready."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 60)
    line = process.stdout.readline() if ready else ""
    assert line, f"the embedded world did not start.\n{stderr.read_text(encoding='utf-8')}"
    addresses: dict[str, str] = json.loads(line)
    return addresses


def cards_in(state: Json, arn: str) -> list[Json]:
    """A card is a message with a headline and the version's ARN in it."""
    return [message for message in state["messages"] if is_card(message, arn)]


def is_card(message: Json, arn: str) -> bool:
    blocks = message["blocks"] or [{"type": ""}]
    return blocks[0]["type"] == "header" and arn in words(message).split()


def buttons(message: Json) -> list[str]:
    """The action ids of the buttons on *message*, from top to bottom."""
    return list(_buttons(message["blocks"]))


def _buttons(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and node.get("type") == "button":
        yield node["action_id"]
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _buttons(child)


def words(thing: Json) -> str:
    """The text of a message or a view; mentions are ids, and each block has its own line."""
    return "\n".join(_words(block) for block in thing["blocks"] or [])


def _words(node: Any) -> str:  # noqa: C901, PLR0911 - one return for each kind of part
    match node:
        case {"type": "text" | "plain_text" | "mrkdwn" | "link", "text": str(text)}:
            return text
        case {"type": "user", "user_id": who} | {"type": "usergroup", "usergroup_id": who}:
            return f"@{who}"
        case {"type": "channel", "channel_id": channel}:
            return f"#{channel}"
        case {"type": "date", "fallback": when}:
            return str(when)
        case {"type": "section", "text": text, **more}:
            return "\n".join(filter(None, [_words(text), _words(more.get("accessory", ""))]))
        case {"fields": list(children)}:
            return "\n".join(map(_words, children))
        case {"type": "rich_text" | "actions", "elements": list(children)}:
            return "\n".join(map(_words, children))
        case {"type": "input", "label": label, **more}:
            return "\n".join(_words(part) for part in (label, more.get("hint", "")))
        case dict():
            return "".join(_words(child) for child in node.values())
        case list():
            return "".join(map(_words, node))
        case _:
            return ""


def _newest_messages(state: Json) -> str:
    """The newest messages, for a test that waited in vain."""
    newest = sorted(state["messages"], key=lambda message: str(message["ts"]))[-5:]
    return "\n---\n".join(f"{m['channel']} {m['ts']}\n{words(m) or m['text']}" for m in newest)
