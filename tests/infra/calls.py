"""The calls to AWS in the code, found by parsing it, without importing it."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore import xform_name

from tests.infra.cloudformation import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = ("dynamodb", "s3", "sagemaker", "sqs", "sts")
RIGHTS = {
    "sts:AssumeRole": {"sts:AssumeRole", "sts:SetSourceIdentity"},
    "s3:HeadObject": {"s3:GetObject"},
    "sqs:SendMessageBatch": {"sqs:SendMessage"},
    "dynamodb:TransactWriteItems": {"dynamodb:PutItem"},
}
"""The rights for a call, where they are not called like it (service authorization reference)."""


def needed_by_the_adapters() -> set[str]:
    """The rights for every operation of AWS that an adapter names, as IAM calls them."""
    calls = {call for path in (ROOT / "bot" / "adapters").rglob("*.py") for call in calls_in(path)}
    rights = {right for call in calls for right in RIGHTS.get(call, {call})}
    return {*rights, "secretsmanager:GetSecretValue"}  # which Powertools calls for us


def calls_in(path: Any) -> Iterator[str]:
    """The operations that a file names, of the services that it has a client for."""
    words = {*words_in(ast.parse(path.read_text(encoding="utf-8")))}
    for service in SERVICES:
        if {f"_{service}", f"_{service}_for"} & words:
            names = operations(service)
            yield from (f"{service}:{names[word]}" for word in words & names.keys())


def words_in(tree: ast.AST) -> Iterator[str]:
    """Attributes, and names of operations that are handed on as text."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=word) | ast.Constant(value=str(word)):
                yield word


@cache
def operations(service: str) -> dict[str, str]:
    """The operations of a service, as Python calls them and as AWS does."""
    model: Any = botocore.session.get_session().get_service_model(service)
    return {xform_name(operation): operation for operation in model.operation_names}
