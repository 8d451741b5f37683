"""
AWS on one machine: moto's server with the registry corrected, fault injection, and the stack of
`infra/*.yml` in it.

Roles exist, and STS gives sessions of them; moto does not check what they may do.
"""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.session
from botocore.loaders import create_loader
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)

from infra.local.aws_faults import AwsFaults
from infra.local.deployment import ACCOUNT, REGION, ROOT, load
from infra.local.registry import correct
from infra.local.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from _typeshed.wsgi import WSGIApplication

    from infra.local.deployment import Deployment
    from infra.local.faults import Faults

ACCESS_KEY: Final = "model-approvals-bot"
SECRET_KEY: Final = "none-is-checked-here"  # noqa: S105
_STACK: Final = "model-approvals"
_RESOURCE_TYPES: Final = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::SQS::Queue",
}
"""What is created here. The rest monitors, encrypts or grants access, which nothing here uses."""

_loader: Final = cache(create_loader)
"""For all sessions of a process: moto makes dozens, and each would read AWS's models anew."""


def serve(
    faults: Faults, wrap: Callable[[WSGIApplication], WSGIApplication] | None = None
) -> Server:
    """
    Return moto's server, with our corrections. One per process, as moto's state is.

    *wrap* may add middleware that sees each call.
    """
    correct()
    botocore.session.create_loader = _loader
    logging.getLogger("moto").setLevel(logging.WARNING)
    app = AwsFaults(_Dispatcher(create_backend_app), faults)
    return Server(wrap(app) if wrap else app, handler=MotoRequestHandler)


class _Dispatcher(DomainDispatcherApplication):
    """moto's dispatcher, which remembers what it found: moto lists its own folder for each call."""

    def __init__(self, create_app: Callable[[Any], Any]) -> None:
        super().__init__(create_app)
        self._backends: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """Return the name of the service that *host* stands for, or None."""
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        return self._backends[host]


def client(service: str, url: str) -> Any:
    """Return a client for the AWS behind *url*."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


def client_in(service: str, url: str, registry: str, role: str = "pipeline") -> Any:
    """Return a client in *registry*, account/region, with a session of a *role* in that account."""
    account, _, region = registry.partition("/")
    role_arn = f"arn:aws:iam::{account}:role/{role}"
    session = client("sts", url).assume_role(RoleArn=role_arn, RoleSessionName=role)
    credentials = session["Credentials"]
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def deploy_registries(url: str, registries: Iterable[str]) -> None:
    """Deploy `infra/registry-account.yml` to *registries*, its roles once in each account."""
    stack = client("cloudformation", url).describe_stack_resources(StackName=_STACK)
    roles = {
        raw["LogicalResourceId"]: f"arn:aws:iam::{ACCOUNT}:role/{raw['PhysicalResourceId']}"
        for raw in stack["StackResources"]
        if raw.get("ResourceType") == "AWS::IAM::Role"
    }
    with_roles: set[str] = set()
    for registry in registries:
        account = registry.partition("/")[0]
        parameters = {
            "EventBusArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default",
            "MakeRoles": "off" if account in with_roles else "on",
            "BotRoles": f"{roles['WorkerRole']},{roles['SweepRole']}",
            "WorkerRoles": roles["WorkerRole"],
        }
        client_in("cloudformation", url, registry, "administrator").create_stack(
            StackName=f"{_STACK}-registry",
            TemplateBody=_as_json(load(ROOT / "infra" / "registry-account.yml")),
            Parameters=_parameters(parameters),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        with_roles.add(account)


def _parameters(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


def deploy(
    deployment: Deployment, url: str, slack_secret: dict[str, str], **parameters: str
) -> dict[str, str]:
    """Create what *deployment* describes, and return the environment of its functions."""
    secret = client("secretsmanager", url).create_secret(
        Name=f"{_STACK}-slack", SecretString=json.dumps(slack_secret)
    )
    stacks = client("cloudformation", url)
    stacks.create_stack(
        StackName=_STACK,
        TemplateBody=_as_json(_for_moto(deployment, secret["ARN"])),
        Parameters=_parameters(parameters),
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = stacks.describe_stacks(StackName=_STACK)["Stacks"]
    return {raw["OutputKey"]: raw["OutputValue"] for raw in stack["Outputs"]}


def _as_json(template: Any) -> str:
    """
    Write *template* as JSON that is no YAML, since no YAML is indented by tabs.

    moto reads any template as YAML first, which takes a hundred times as long.
    """
    return json.dumps(template, indent="\t")


def _for_moto(deployment: Deployment, secret: str) -> Any:
    """Return the template without unused resources, and with the environment as its outputs."""
    used = {
        name: raw for name, raw in deployment.resources.items() if raw["Type"] in _RESOURCE_TYPES
    }
    outputs = {name: {"Value": value} for name, value in deployment.environment.items()}
    return _with_secret({**deployment.template, "Resources": used, "Outputs": outputs}, secret)


def _with_secret(node: Any, secret: str) -> Any:
    match node:
        case {"Ref": "SlackSecret"}:
            return secret
        case dict():
            return {key: _with_secret(value, secret) for key, value in node.items()}
        case list():
            return [_with_secret(value, secret) for value in node]
        case _:
            return node
