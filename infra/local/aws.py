"""
AWS on one machine: moto's server, with the registry corrected, outages on order, and the stack
of `infra/*.yml` in it.

Roles are made, and STS gives sessions of them; what they may do, moto does not check.
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

from infra.local.deployment import ACCOUNT, REGION, ROOT, load
from infra.local.outages import Outages
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
_MADE: Final = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::SQS::Queue",
}
"""What is made here. The rest watches, encrypts or lets in, and nobody here asks it."""

_loader: Final = cache(create_loader)
"""For all sessions of a process: moto makes dozens, and each would read AWS's models anew."""


def serve(
    faults: Faults, around: Callable[[WSGIApplication], WSGIApplication] | None = None
) -> Server:
    """
    moto's server, with our corrections. One per process, as moto's state is.

    *around* may look at each call on its way in.
    """
    correct()
    botocore.session.create_loader = _loader
    logging.getLogger("moto").setLevel(logging.WARNING)
    app = Outages(_Dispatcher(create_backend_app), faults)
    return Server(around(app) if around else app, handler=MotoRequestHandler)


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
    """A client for the AWS at *url*."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


def client_at(service: str, url: str, site: str, role: str = "pipeline") -> Any:
    """A client at *site*, account/region, for somebody in the role *role* of that account."""
    account, _, region = site.partition("/")
    named = f"arn:aws:iam::{account}:role/{role}"
    taken = client("sts", url).assume_role(RoleArn=named, RoleSessionName=role)["Credentials"]
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=taken["AccessKeyId"],
        aws_secret_access_key=taken["SecretAccessKey"],
        aws_session_token=taken["SessionToken"],
    )


def lend(url: str, sites: Iterable[str]) -> None:
    """Deploy `infra/registry-account.yml` at *sites*, and its roles once in each account."""
    made = client("cloudformation", url).describe_stack_resources(StackName=_STACK)
    roles = {
        raw["LogicalResourceId"]: f"arn:aws:iam::{ACCOUNT}:role/{raw['PhysicalResourceId']}"
        for raw in made["StackResources"]
        if raw.get("ResourceType") == "AWS::IAM::Role"
    }
    with_roles: set[str] = set()
    for site in sites:
        account = site.partition("/")[0]
        given = {
            "EventBusArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default",
            "MakeRoles": "off" if account in with_roles else "on",
            "BotRoles": f"{roles['WorkerRole']},{roles['SweepRole']}",
            "WorkerRoles": roles["WorkerRole"],
        }
        client_at("cloudformation", url, site, "administrator").create_stack(
            StackName=f"{_STACK}-registry",
            TemplateBody=_as_json(load(ROOT / "infra" / "registry-account.yml")),
            Parameters=_parameters(given),
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        with_roles.add(account)


def _parameters(given: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]


def deploy(
    deployment: Deployment, url: str, slack_secret: dict[str, str], **parameters: str
) -> dict[str, str]:
    """Make what *deployment* describes; returns the environment of its functions."""
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
    (made,) = stacks.describe_stacks(StackName=_STACK)["Stacks"]
    return {raw["OutputKey"]: raw["OutputValue"] for raw in made["Outputs"]}


def _as_json(template: Any) -> str:
    """
    Write *template* as JSON that is no YAML, since no YAML is indented by tabs.

    moto reads any template as YAML first, which takes a hundred times as long.
    """
    return json.dumps(template, indent="\t")


def _for_moto(deployment: Deployment, secret: str) -> Any:
    """The template without what nobody asks here, and with the environment as its outputs."""
    made = {name: raw for name, raw in deployment.resources.items() if raw["Type"] in _MADE}
    outputs = {name: {"Value": value} for name, value in deployment.environment.items()}
    return _with_secret({**deployment.template, "Resources": made, "Outputs": outputs}, secret)


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
