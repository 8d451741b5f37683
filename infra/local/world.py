"""
The embedded world as a whole: AWS, Slack, and between them the four functions.

They are connected as in production: Slack's requests are HTTP API events, the registry's events go
through the deployed rules, jobs through the queue.
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import load
from bot.settings import Settings
from infra.local import aws, cicd, deployment, example
from infra.local.deployment import ACCOUNT, REGION, ROOT
from infra.local.faults import Faults
from infra.local.functions import Functions, in_this_process
from infra.local.registry import deliver_to_functions
from infra.local.server import Server
from infra.local.slack.app import create_app

if TYPE_CHECKING:
    from infra.local.functions import Call
    from infra.local.slack.model import Answer

SIGNING_SECRET: Final = "the-embedded-worlds-signing-secret"  # noqa: S105
BOT_TOKEN: Final = "xoxb-embedded-world"  # noqa: S105
SLACK_TIMEOUT: Final = 3.0
"""Seconds in which Slack wants an answer."""
_QUEUES: Final = ("CLICK_QUEUE_URL", "QUESTION_QUEUE_URL")
SETTLE_TIMEOUT: Final = 5.0
"""Seconds after which something that is still going on is probably failing."""


class World:
    """AWS and Slack on this machine with the bot between them; *call* runs one of its functions."""

    environment: dict[str, str]
    """The environment variables of the functions, once the bot is deployed."""

    def __init__(self, port: int = 0, call: Call = in_this_process) -> None:
        self._deployment = deployment.read()
        self.faults = Faults()
        self._aws = aws.serve(self.faults)
        self._aws.start()
        functions = {**self._deployment.functions, cicd.FUNCTION.name: cicd.FUNCTION}
        self._functions = Functions(functions, call)
        self.slack = example.workspace(BOT_TOKEN, SIGNING_SECRET)
        app = create_app(self.slack, self.faults, self._deliver, self.settle)
        self._slack = Server(app, port)
        self.slack.url = self._slack.url

    @property
    def addresses(self) -> dict[str, str]:
        """The JSON object that the command prints when it is ready."""
        return {
            "slack": self._slack.url,
            "aws": self._aws.url,
            "region": REGION,
            "account": ACCOUNT,
        }

    def start(self) -> None:
        """Deploy the bot and let it run. Raises Misconfigured if its rules are broken."""
        outputs = self._deploy()
        rules = os.environ.get("APPROVALS_FILE") or str(ROOT / outputs["APPROVALS_FILE"])
        self.environment = {**self._lambda_environment(), **outputs, "APPROVALS_FILE": rules}
        os.environ.update(self.environment)
        self._open_channels()
        self._slack.start()
        self._connect()

    def deploy_decisions(self) -> None:
        """Let a stand-in for CI/CD deploy what is decided from now on."""
        cicd.listen(aws.client("events", self._aws.url))

    def settle(self) -> None:
        """Wait until the bot has done all jobs, at most for SETTLE_TIMEOUT."""
        deadline = monotonic() + SETTLE_TIMEOUT
        while monotonic() < deadline and not self._is_idle():
            sleep(0.02)

    def stop(self) -> None:
        """Stop the functions and both servers."""
        self._functions.stop()
        self._slack.stop()
        self._aws.stop()

    def _deploy(self) -> dict[str, str]:
        """Deploy the bot here and to the other registries, and return its settings."""
        secret = {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET}
        registries = list(filter(None, os.environ.get("REGISTRIES", "").split(",")))
        accounts = dict.fromkeys(registry.partition("/")[0] for registry in registries)
        parameters = {"Registries": ",".join(registries), "RegistryAccounts": ",".join(accounts)}
        outputs = aws.deploy(self._deployment, self._aws.url, secret, **parameters)
        aws.deploy_registries(self._aws.url, registries)
        return outputs

    def _lambda_environment(self) -> dict[str, str]:
        """Return the variables that Lambda itself sets, and the addresses of AWS and Slack."""
        return {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": aws.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": aws.SECRET_KEY,
            "AWS_ENDPOINT_URL": self._aws.url,
            "SLACK_API_URL": f"{self._slack.url}/api/",
            "POWERTOOLS_DEV": "false",
        }

    def _open_channels(self) -> None:
        """Create the channels that the rules name. Raises Misconfigured if they are broken."""
        example.open_channels(self.slack, load(Settings().approvals_file))

    def _connect(self) -> None:
        """Let events, messages and time reach the functions."""
        deliver_to_functions(self._functions.invoke_later)
        self._sqs = aws.client("sqs", self._aws.url)
        for function in self._deployment.functions.values():
            for url in _queues() if function.batch_size else ():
                self._functions.poll(function.name, self._sqs, url)
        for resource in self._deployment.resources.values():
            if expression := resource["Properties"].get("ScheduleExpression"):
                for target in resource["Properties"]["Targets"]:
                    self._functions.schedule(target["Arn"], expression)

    def _deliver(self, headers: dict[str, str], body: str) -> Answer:
        """Pass on a request of Slack's as the HTTP API does. Raises TimeoutError if it is late."""
        start = monotonic()
        try:
            answer = self._functions.invoke("slackRequest", http_api_event(headers, body))
        except Exception:  # noqa: BLE001 - what the function raises, the API answers as 500
            sys.excepthook(*sys.exc_info())
            return 500, {}, "Internal Server Error"
        if monotonic() - start > SLACK_TIMEOUT:
            raise TimeoutError
        return answer["statusCode"], answer["headers"], answer["body"]

    def _is_idle(self) -> bool:
        changes = self._functions.changes
        empty = all(map(self._is_empty, _queues()))
        return empty and self._functions.idle and self._functions.changes == changes

    def _is_empty(self, url: str) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        queue = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return not any(map(int, queue["Attributes"].values()))


def _queues() -> tuple[str, ...]:
    """Return the addresses of the queues that the worker takes messages from."""
    return tuple(os.environ[name] for name in (*_QUEUES, "QUEUE_URL"))


def http_api_event(headers: dict[str, str], body: str) -> dict[str, Any]:
    """Return a request as an HTTP API passes it on: payload 2.0, body in base64."""
    return {
        "version": "2.0",
        "routeKey": "POST /slack",
        "rawPath": "/slack",
        "rawQueryString": "",
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {"http": {"method": "POST", "path": "/slack"}},
        "body": b64encode(body.encode()).decode(),
        "isBase64Encoded": True,
    }
