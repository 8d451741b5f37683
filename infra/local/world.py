"""
Puts the embedded world together: AWS, Slack, and between them the four functions.

What goes from one to the other goes as it does in life: Slack's requests as HTTP API events,
the registry's events through the deployed rule, jobs through the queue.
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
    from infra.local.slack.delivery import Answer

SIGNING_SECRET: Final = "the-embedded-worlds-signing-secret"  # noqa: S105
BOT_TOKEN: Final = "xoxb-embedded-world"  # noqa: S105
SLACKS_PATIENCE: Final = 3.0
QUIET_AT_THE_LATEST: Final = 5.0


class World:
    """AWS and Slack on this machine, with the bot between them; *call* runs its functions."""

    environment: dict[str, str]
    """What the functions are told, once the bot is deployed."""

    def __init__(self, port: int = 0, call: Call = in_this_process) -> None:
        self._plan = deployment.read()
        self.faults = Faults()
        self._aws = aws.serve(self.faults)
        self._aws.start()
        functions = {**self._plan.functions, cicd.FUNCTION.name: cicd.FUNCTION}
        self._functions = Functions(functions, call)
        self.slack = example.workspace(BOT_TOKEN, SIGNING_SECRET)
        app = create_app(self.slack, self.faults, self._deliver, self.settle)
        self._slack = Server(app, port)
        self.slack.url = self._slack.url

    @property
    def addresses(self) -> dict[str, str]:
        """What others need to know in order to use this world."""
        return {
            "slack": self._slack.url,
            "aws": self._aws.url,
            "region": REGION,
            "account": ACCOUNT,
        }

    def start(self) -> None:
        """Deploy the bot and let it run. Raises Misconfigured if its rules are broken."""
        secret = {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET}
        sites = list(filter(None, os.environ.get("REGISTRIES", "").split(",")))
        accounts = dict.fromkeys(site.partition("/")[0] for site in sites)
        others = {"Registries": ",".join(sites), "RegistryAccounts": ",".join(accounts)}
        made = aws.deploy(self._plan, self._aws.url, secret, **others)
        aws.lend(self._aws.url, sites)
        rules = os.environ.get("APPROVALS_FILE") or str(ROOT / made["APPROVALS_FILE"])
        self.environment = {**self._surroundings(), **made, "APPROVALS_FILE": rules}
        os.environ.update(self.environment)
        self._check_rules()
        self._slack.start()
        self._connect()

    def deploy_decisions(self) -> None:
        """From now on, let a stand-in for CI/CD deploy what is decided."""
        cicd.listen(aws.client("events", self._aws.url))

    def _surroundings(self) -> dict[str, str]:
        """What Lambda itself puts into a function's environment, and where AWS and Slack are."""
        return {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": aws.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": aws.SECRET_KEY,
            "AWS_ENDPOINT_URL": self._aws.url,
            "SLACK_API_URL": f"{self._slack.url}/api/",
            "POWERTOOLS_DEV": "false",
        }

    def _check_rules(self) -> None:
        example.open_channels(self.slack, load(Settings().approvals_file))

    def _connect(self) -> None:
        """Let events, messages and time reach the functions."""
        deliver_to_functions(self._functions.invoke_later)
        self._sqs = aws.client("sqs", self._aws.url)
        for function in self._plan.functions.values():
            if function.batch_size:
                self._functions.feed(function.name, self._sqs, os.environ["QUEUE_URL"])
        for resource in self._plan.resources.values():
            if expression := resource["Properties"].get("ScheduleExpression"):
                for target in resource["Properties"]["Targets"]:
                    self._functions.schedule(target["Arn"], expression)

    def stop(self) -> None:
        """Take everything down."""
        self._functions.stop()
        self._slack.stop()
        self._aws.stop()

    def _deliver(self, headers: dict[str, str], body: str) -> Answer:
        """Slack's request, as the HTTP API hands it to the Slack door."""
        began = monotonic()
        try:
            said = self._functions.invoke("slackRequest", http_api_event(headers, body))
        except Exception:  # noqa: BLE001 - what the function raises, the API answers as 500
            sys.excepthook(*sys.exc_info())
            return 500, {}, "Internal Server Error"
        if monotonic() - began > SLACKS_PATIENCE:
            raise TimeoutError
        return said["statusCode"], said["headers"], said["body"]

    def settle(self) -> None:
        """Wait until nothing stands in the line, but not for ever: something may be failing."""
        latest = monotonic() + QUIET_AT_THE_LATEST
        while monotonic() < latest and not self._quiet():
            sleep(0.02)

    def _quiet(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        pulse = self._functions.pulse
        found = self._sqs.get_queue_attributes(
            QueueUrl=os.environ["QUEUE_URL"], AttributeNames=names
        )
        empty = not any(map(int, found["Attributes"].values()))
        return empty and self._functions.idle and self._functions.pulse == pulse


def http_api_event(headers: dict[str, str], body: str) -> dict[str, Any]:
    """A request as an HTTP API writes it (payload 2.0): names in lower case, body encoded."""
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
