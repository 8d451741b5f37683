"""
The handlers under test: AWS and Slack of the embedded world, but nothing happens by itself.

A test calls a function with a request or an event, looks at the jobs in the queue, and lets the
worker carry them out, batch by batch. Every call to AWS and Slack is recorded.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3

from handlers import registry_event, slack_request, sweep, worker
from infra.local import aws, deployment, example
from infra.local.faults import Faults
from infra.local.functions import record_of
from infra.local.registry import correct
from infra.local.server import Server
from infra.local.slack.app import create_app
from tests.handlers import slack_requests
from tests.handlers.processes import start
from tests.world.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    import pytest

    from tests.handlers.slack_requests import Json

TOKEN = "xoxb-of-the-bench-0123456789"
SECRET = "signing-secret-of-the-bench-0123456789"
PAST = "2026-01-01T00:00:00+00:00"
TRIES = 4
"""How often botocore calls AWS before it gives up: once, and three times more."""
TRIES_FOR_SLACK = 2
"""How often the Slack request function calls AWS: Slack would not wait for more."""


class Calls(Faults):
    """Outages on order, and a record of every call that was made to AWS or Slack."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []

    def take(self, method: str) -> str | None:
        self.made.append(method)
        return super().take(method)

    def forget(self) -> None:
        self.made.clear()
        self._waiting.clear()


class Switch:
    """A WSGI application that can be exchanged while its server runs."""

    app: Any = None

    def __call__(self, environ: Any, start: Any) -> Any:
        return self.app(environ, start)


@dataclass
class Servers:
    """AWS and Slack, listening; they outlive the single test, what is in them does not."""

    calls: Calls
    aws: Server
    slack: Server
    switch: Switch
    session: boto3.Session
    """Shared as well: reading AWS's service models takes longer than most tests."""

    @classmethod
    def started(cls) -> Servers:
        calls, switch = Calls(), Switch()
        servers = cls(calls, aws.serve(calls), Server(switch), switch, boto3.Session())
        servers.aws.start()
        servers.slack.start()
        return servers

    def stop(self) -> None:
        self.slack.stop()
        self.aws.stop()


@dataclass
class Bench:
    """What a test of the handlers works with."""

    servers: Servers
    events: list[Json] = field(default_factory=list)
    """The registry's events. One reaches a handler only if the test calls it with the event."""
    requests: list[tuple[dict[str, str], str]] = field(default_factory=list)
    """What Slack sent: headers and body."""
    environment: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    """What the stack is deployed with, besides what it comes with."""

    def deploy(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        """Deploy into an empty AWS and an empty Slack."""
        _post(f"{self.servers.aws.url}/moto-api/reset")
        correct(self.events.append)
        self.slack = example.workspace(TOKEN, SECRET)
        self.slack.url = self.servers.slack.url
        self.servers.switch.app = create_app(
            self.slack, self.servers.calls, self._deliver, lambda: None
        )
        secret = {"bot_token": TOKEN, "signing_secret": SECRET}
        environment = aws.deploy(deployment.read(), self.servers.aws.url, secret, **self.parameters)
        surroundings = slack_requests.surroundings(self.servers.aws.url, self.servers.slack.url)
        rules = str(deployment.ROOT / environment["APPROVALS_FILE"])
        self.environment = {**surroundings, **environment, "APPROVALS_FILE": rules}
        start(patch, self.environment)
        self.people = Embedded(
            slack=self.servers.slack.url,
            aws=self.servers.aws.url,
            region=slack_requests.REGION,
            account="123456789012",
            logs=folder / "none",
            stderr=folder / "none",
            session=self.servers.session,
        )
        self.calls.forget()

    @property
    def calls(self) -> Calls:
        return self.servers.calls

    # --- the functions -------------------------------------------------------------------------

    def _deliver(self, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
        self.requests.append((headers, body))
        response = self.post(body, headers)
        return response["statusCode"], response["headers"], response["body"]

    def post(self, body: str, headers: dict[str, str], *, encoded: bool = True) -> Json:
        """Call the Slack request function with a request."""
        return self.call(slack_request, slack_requests.request(body, headers, encoded=encoded))

    def send(self, payload: Json) -> Json:
        """Call the Slack request function with an interaction, properly signed."""
        body = slack_requests.interaction(payload)
        return self.post(body, slack_requests.signed(body, SECRET))

    def call(self, handler: Any, event: Json) -> Any:
        return handler.lambda_handler(
            event, slack_requests.context(handler.__name__.rpartition(".")[2])
        )

    def emit(self, event: Json) -> None:
        """Call the registry event function with an event."""
        self.call(registry_event, event)

    def sweep(self) -> None:
        self.call(sweep, {"detail-type": "Scheduled Event"})

    # --- the queue -----------------------------------------------------------------------------

    def take(self, many: int = 10) -> list[Json]:
        """Receive the next messages, as the event source mappings pass them to the worker."""
        return [record for queue in self.queues for record in self._take(queue, many)]

    def _take(self, queue: str, many: int) -> list[Json]:
        response = self.people.sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=many, AttributeNames=["All"]
        )
        return [record_of(raw, queue) for raw in response.get("Messages", [])]

    @property
    def queues(self) -> list[str]:
        """The URLs of the queues: of clicks, of questions, of other jobs."""
        names = ("CLICK_QUEUE_URL", "QUESTION_QUEUE_URL", "QUEUE_URL")
        return [self.environment[name] for name in names]

    def queue_of(self, record: Json) -> str:
        """The URL of the queue that *record* was received from."""
        name = record["eventSourceARN"].rpartition(":")[2]
        return next(url for url in self.queues if url.endswith(f"/{name}"))

    def waiting(self) -> list[Json]:
        """Return the jobs that can be received now. They stay in their queues."""
        records = self.take()
        for record in records:
            self.people.sqs.change_message_visibility(
                QueueUrl=self.queue_of(record),
                ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=0,
            )
        return [json.loads(record["body"]) for record in records]

    def put(self, body: str, group: str, queue: str = "") -> None:
        """Put a message into a *queue* that no function sent; that of the jobs if none is named."""
        self.people.sqs.send_message(
            QueueUrl=queue or self.environment["QUEUE_URL"],
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=f"{group} {body}"[:128].encode().hex()[:128],
        )

    def work(self, records: list[Json]) -> list[str]:
        """Let the worker carry out *records*; returns the bodies of those that it says failed."""
        answer = self.call(worker, {"Records": records})
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        for record in records:
            if record["messageId"] not in failed:
                self.people.sqs.delete_message(
                    QueueUrl=self.queue_of(record), ReceiptHandle=record["receiptHandle"]
                )
        return [record["body"] for record in records if record["messageId"] in failed]

    def work_all(self) -> None:
        """Let the worker carry out everything until the queue is empty; nothing may fail."""
        while records := self.take():
            assert self.work(records) == []

    # --- a start that many tests share ---------------------------------------------------------

    def let_ten_seconds_pass(self, arn: str) -> None:
        """Let the time pass for which the bot waits until Slack and SageMaker show everything."""
        with self._row(arn) as body:
            if body.get("history_complete_at"):
                body["history_complete_at"] = PAST
            if body.get("update_attempt"):
                body["update_attempt"]["visible_at"] = PAST

    def let_slot_come(self, arn: str) -> None:
        """Let the time come for which the version waits to be told of in Slack."""
        with self._row(arn) as body:
            body["slot"]["time"] = PAST

    @contextmanager
    def _row(self, arn: str) -> Iterator[Json]:
        """What is stored about the version; what is changed of it is stored."""
        table, dynamodb = self.environment["LEDGER_TABLE"], self.people.client("dynamodb")
        key = {"pk": {"S": arn.lower()}, "sk": {"S": "request"}}
        item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        body = json.loads(item["body"]["S"])
        yield body
        item["body"]["S"] = json.dumps(body)
        dynamodb.put_item(TableName=table, Item=item)

    def reserve_slots(self, limit: str, until: datetime) -> None:
        """Let all slots of the bot's own rate limit *limit* be reserved until then."""
        item = {
            "pk": {"S": f"rate#{limit}"},
            "sk": {"S": "rate"},
            "next_slot_at": {"S": until.isoformat()},
            "revision": {"N": "1"},
        }
        table = self.environment["LEDGER_TABLE"]
        self.people.client("dynamodb").put_item(TableName=table, Item=item)

    def a_card(self, group: str = "fraud-detector") -> str:
        """A version that waits, with its card in the channel; returns its ARN."""
        client = self.people.sagemaker
        client.create_model_package_group(ModelPackageGroupName=group)
        arn = self.people.register(group)
        self.emit(self.events[-1])
        self.work_all()
        self.calls.made.clear()
        return arn


def _post(url: str) -> None:
    with urlopen(Request(url, b"")):
        pass
