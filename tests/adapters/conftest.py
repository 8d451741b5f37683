"""AWS with the deployed stack in it: one server for all, a new stack for each file of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from moto.moto_api._internal.models import moto_api_backend

from infra.local import deployment
from infra.local.aws import ACCESS_KEY, SECRET_KEY, deploy, serve
from infra.local.faults import Faults
from infra.local.registry import correct
from tests.adapters.aws import SLACK_SECRET, Aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.server import Server


@pytest.fixture(scope="session")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="session")
def aws_server(faults: Faults) -> Iterator[Server]:
    server = serve(faults)
    correct(lambda _event: None)  # nobody listens to the registry's events here
    server.start()
    yield server
    server.stop()
    correct()


def deployed(server: Server, faults: Faults) -> Iterator[Aws]:
    """moto has one state in a process, so it is emptied before and after."""
    moto_api_backend.reset()
    yield Aws(server.url, faults, deploy(deployment.read(), server.url, SLACK_SECRET))
    moto_api_backend.reset()


@pytest.fixture(scope="module")
def aws(aws_server: Server, faults: Faults) -> Iterator[Aws]:
    """For tests that use names of their own, so that they do not see each other's data."""
    yield from deployed(aws_server, faults)


@pytest.fixture
def empty_aws(aws_server: Server, faults: Faults) -> Iterator[Aws]:
    """For tests that read all there is. Not to be used together with `aws`."""
    yield from deployed(aws_server, faults)


@pytest.fixture
def as_in_lambda(aws_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a Lambda function, with the address of this AWS."""
    monkeypatch.setenv("AWS_REGION", deployment.REGION)
    monkeypatch.setenv("AWS_DEFAULT_REGION", deployment.REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_server.url)


@pytest.fixture
def group() -> str:
    """The name of a group that no other test uses."""
    return f"fraud-{uuid4().hex[:12]}"
