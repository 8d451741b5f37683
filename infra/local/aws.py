"""
AWS on one machine: moto's server, with the registry corrected, outages on order, and the stack
of `infra/*.yml` in it.
"""

from __future__ import annotations

import json
import logging
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import boto3
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

from infra.local.deployment import REGION
from infra.local.registry import correct
from infra.local.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from infra.local.deployment import Deployment
    from infra.local.faults import Faults

ACCESS_KEY: Final = "model-approvals-bot"
SECRET_KEY: Final = "none-is-checked-here"  # noqa: S105
_STACK: Final = "model-approvals"
_NOT_IN_MOTO: Final = {"AWS::SecretsManager::Secret", "AWS::Lambda::Permission"}
_THROTTLES: Final = {"ThrottlingException", "ProvisionedThroughputExceededException"}


def serve(faults: Faults) -> Server:
    """moto's server, with our corrections. One per process, as moto's state is."""
    correct()
    logging.getLogger("moto").setLevel(logging.WARNING)
    app = DomainDispatcherApplication(create_backend_app)
    return Server(Outages(app, faults), handler=MotoRequestHandler)


def client(service: str, url: str) -> Any:
    """A client for the AWS at *url*."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


def deploy(deployment: Deployment, url: str, slack_secret: dict[str, str]) -> dict[str, str]:
    """Make what *deployment* describes; returns the environment of its functions."""
    template = {
        name: raw for name, raw in deployment.resources.items() if raw["Type"] not in _NOT_IN_MOTO
    }
    stacks = client("cloudformation", url)
    stacks.create_stack(StackName=_STACK, TemplateBody=json.dumps({"Resources": template}))
    made = stacks.describe_stack_resources(StackName=_STACK)["StackResources"]
    refs = {raw["LogicalResourceId"]: raw["PhysicalResourceId"] for raw in made}
    refs["SlackSecret"] = client("secretsmanager", url).create_secret(
        Name=f"{_STACK}-slack", SecretString=json.dumps(slack_secret)
    )["ARN"]
    return {name: _value(raw, refs) for name, raw in deployment.environment.items()}


def _value(raw: Any, refs: dict[str, str]) -> str:
    return refs[raw["Ref"]] if isinstance(raw, dict) else str(raw)


class Outages:
    """Lets a call of AWS fail as ordered. See `infra.local.slack.outages` for Slack's."""

    def __init__(self, app: WSGIApplication, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        match self._faults.take(operation) if operation else None:
            case None:
                return self._app(environ, start)
            case "timeout":
                list(self._app(environ, _unheard))
                return _hang_up(environ, start)
            case "refused":
                return _hang_up(environ, start)
            case error:
                # Unread, the body would be taken for the connection's next request.
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                return _failing(error, start)


def _unheard(*_: Any) -> Any:
    """A start_response that nobody listens to."""
    return lambda _: None


def _hang_up(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start("200 OK", [])
    return []


def _failing(error: str, start: StartResponse) -> Iterable[bytes]:
    status = HTTPStatus(int(error)) if error.isdecimal() else HTTPStatus.BAD_REQUEST
    code = "InternalFailure" if error.isdecimal() else error
    message = "Rate exceeded" if error in _THROTTLES else "As ordered."
    start(f"{status.value} {status.phrase}", [("Content-Type", "application/x-amz-json-1.1")])
    return [json.dumps({"__type": code, "message": message}).encode()]
