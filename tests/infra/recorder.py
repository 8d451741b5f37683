"""
The calls of the functions to AWS, recorded on arrival: in which role, which action, on what.

It knows AWS's protocols, and which right a call needs. Whether the role has it, is
for `policies` to say.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from moto.sts.models import sts_backends

from bot.adapters.aws.read_roles import DECIDE, READ
from infra.local.aws import ACCESS_KEY
from infra.local.deployment import ACCOUNT, REGION
from tests.doubles.builders import THERE

if TYPE_CHECKING:
    from collections.abc import Iterator

ELSEWHERE = THERE.partition("/")[0]
ASSUMED_ROLES = ("DecisionRole", READ, DECIDE)
"""The roles that functions assume, in their own and in other accounts."""
CREDENTIAL = re.compile(r"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/")


@dataclass(frozen=True)
class AwsRequest:
    """A right that a call needs, on one resource; *context* is what conditions can use."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass
class Recorder:
    """A WSGI application around AWS's that records the calls of the running function."""

    app: Any
    role: str = ""
    """The role of the running function; empty while a test itself calls."""
    requests: dict[str, set[AwsRequest]] = field(default_factory=dict)

    @contextmanager
    def in_role(self, role: str) -> Iterator[None]:
        self.role = role
        try:
            yield
        finally:
            self.role = ""

    def __call__(self, environ: Any, start: Any) -> Any:
        key, service = _signed_by(environ)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        if self.role and (role := self._role_of(key)):
            account = ELSEWHERE if role in {READ, DECIDE} else ACCOUNT
            self.requests.setdefault(role, set()).update(needed(service, environ, body, account))
        return self.app(environ, start)

    def _role_of(self, key: str) -> str:
        """The function's role, or the one that it assumed; empty for any other caller."""
        if key == ACCESS_KEY:
            return self.role
        for account in (ACCOUNT, ELSEWHERE):
            if taken := sts_backends[account]["aws"].get_assumed_role_from_access_key(key):
                return next((role for role in ASSUMED_ROLES if role in str(taken.role_arn)), "")
        return ""


def _signed_by(environ: Any) -> tuple[str, str]:
    """The key that signed a request, and for which service."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (match[1], match[2]) if match else ("", "")


def needed(service: str, environ: Any, body: bytes, account: str) -> Iterator[AwsRequest]:
    """The rights that a call of *account* needs (service authorization reference)."""
    if service == "s3":
        yield _of_s3(environ)
    elif service == "sts":
        yield from _of_sts({name: values[0] for name, values in parse_qs(body.decode()).items()})
    elif (operation := environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]) in SERVING:
        yield _of_serving(operation, json.loads(body), account)
    else:
        yield from OTHERS[service](operation, json.loads(body))


def _of_s3(environ: Any) -> AwsRequest:
    path = unquote(environ["PATH_INFO"])
    assert environ["REQUEST_METHOD"] in {"GET", "HEAD"}
    assert path.count("/") >= 2, f"{path} is a bucket, and no object"
    return AwsRequest("s3:GetObject", f"arn:aws:s3:::{path.removeprefix('/')}")


def _of_sts(form: dict[str, str]) -> Iterator[AwsRequest]:
    identity = form.get("SourceIdentity")
    account = ("aws:ResourceAccount", form["RoleArn"].split(":")[4])
    context = (account, ("sts:SourceIdentity", identity)) if identity else (account,)
    yield AwsRequest(f"sts:{form['Action']}", form["RoleArn"], context)
    if identity:
        yield AwsRequest("sts:SetSourceIdentity", form["RoleArn"], context)


def _of_sqs(operation: str, body: dict[str, Any]) -> Iterator[AwsRequest]:
    queue = body["QueueUrl"].rpartition("/")[2]
    yield AwsRequest(f"sqs:{operation.removesuffix('Batch')}", _arn("sqs", queue))


def _of_secrets(operation: str, body: dict[str, Any]) -> Iterator[AwsRequest]:
    yield AwsRequest(f"secretsmanager:{operation}", body["SecretId"])


def _of_dynamodb(operation: str, body: dict[str, Any]) -> Iterator[AwsRequest]:
    if operation == "TransactWriteItems":
        for item in body["TransactItems"]:
            for kind, what in item.items():
                yield from _of_dynamodb(f"{kind}Item", what)
        return
    (name,) = body.get("RequestItems", [body.get("TableName")])  # BatchGetItem names it by its keys
    table = f"table/{name}"
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    yield AwsRequest(f"dynamodb:{operation}", _arn("dynamodb", f"{table}{index}"))


def _of_serving(operation: str, body: dict[str, Any], account: str) -> AwsRequest:
    kind, name = SERVING[operation]
    place = f"arn:aws:sagemaker:{REGION}:{account}:{kind}"
    return AwsRequest(f"sagemaker:{operation}", f"{place}/{body[name]}")


def _of_sagemaker(operation: str, body: dict[str, Any]) -> Iterator[AwsRequest]:
    version = body.get("ModelPackageArn", body.get("ModelPackageName", "*"))
    status = body.get("ModelApprovalStatus") if operation == "UpdateModelPackage" else None
    context = (("sagemaker:ModelApprovalStatus", status),) if status else ()
    yield AwsRequest(f"sagemaker:{operation}", version, context)


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


SERVING = {
    "DescribeEndpoint": ("endpoint", "EndpointName"),
    "DescribeEndpointConfig": ("endpoint-config", "EndpointConfigName"),
    "DescribeModel": ("model", "ModelName"),
}
"""The resources that are described by name, and their kind in an ARN."""
OTHERS = {
    "dynamodb": _of_dynamodb,
    "sagemaker": _of_sagemaker,
    "secretsmanager": _of_secrets,
    "sqs": _of_sqs,
}
