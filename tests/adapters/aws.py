"""The AWS of these tests, and how one looks at the calls that an adapter makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from infra.local.aws import ACCESS_KEY, SECRET_KEY
from infra.local.deployment import REGION

if TYPE_CHECKING:
    from infra.local.faults import Faults

SLACK_SECRET: Final = {"bot_token": "xoxb-of-the-tests", "signing_secret": "signed-by-the-tests"}
BUSY: Final = ("ThrottlingException", "500", "503", "timeout", "refused")
"""Orders for `Faults`: too many calls, AWS in trouble, an answer lost, a call lost."""


@dataclass(frozen=True, slots=True)
class Aws:
    """Where AWS is, how it is told to fail, and what was deployed there."""

    url: str
    faults: Faults
    settings: dict[str, str]

    def client(self, service: str) -> Any:
        """A client of its own for each test; it tries once, so one fault is an outage."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        )


def recorded(client: Any) -> list[tuple[str, dict[str, Any]]]:
    """The calls that *client* makes from now on: operation and parameters."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def keep(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.append((model.name, params))

    client.meta.events.register("provide-client-params", keep)
    return calls
