"""What all AWS adapters share: how a client is made, and which errors are a reason to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    IncompleteReadError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)
from botocore.retries.standard import ExponentialBackoff

from bot.adapters.aws.client import (
    error_code,
    make_client,
    make_remote_client,
    retryable_is_unavailable,
)
from bot.core.errors import Unavailable
from infra.local.aws import ACCESS_KEY, SECRET_KEY
from infra.local.deployment import REGION

if TYPE_CHECKING:
    from tests.adapters.aws import Aws

URL = "https://sqs.us-east-1.amazonaws.com/"


@pytest.fixture
def sqs(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client as the bot makes it, but without a pause before it tries again."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    return make_client(boto3.Session(), "sqs")


def refusal(code: str, status: int = 400) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SomeOperation")


def named(error: Exception) -> str:
    return error_code(error) if isinstance(error, ClientError) else type(error).__name__


def test_a_short_outage_is_not_noticed(aws: Aws, sqs: Any) -> None:
    aws.faults.add("ListQueues", "ThrottlingException", times=2)

    with retryable_is_unavailable():
        assert sqs.list_queues()["QueueUrls"]


def test_a_client_gives_up_after_a_few_attempts(aws: Aws, sqs: Any) -> None:
    """The queue waits, and not the function, which is paid by the second."""
    aws.faults.add("ListQueues", "503", times=10)
    with pytest.raises(Unavailable), retryable_is_unavailable():
        sqs.list_queues()
    left = 0
    while aws.faults.take("ListQueues"):
        left += 1

    assert 10 - left <= 4


def test_a_client_of_another_registry_gives_up_sooner_so_that_several_may_be_down(
    aws: Aws, sqs: Any
) -> None:
    """Six registries may be down within the minute that a worker has."""
    remote = make_remote_client(boto3.Session(), "sqs")
    aws.faults.add("ListQueues", "503", times=10)
    with pytest.raises(Unavailable), retryable_is_unavailable():
        remote.list_queues()
    left = 0
    while aws.faults.take("ListQueues"):
        left += 1
    remote_config, own_config = remote.meta.config, sqs.meta.config

    assert 10 - left == 2
    assert (10 - left) * max(remote_config.connect_timeout, remote_config.read_timeout) <= 60 / 6
    assert remote_config.read_timeout < own_config.read_timeout


def test_the_user_agent_of_a_call_names_the_bot(sqs: Any) -> None:
    agents: list[str] = []
    sqs.meta.events.register(
        "before-send.sqs", lambda request, **_: agents.append(str(request.headers["User-Agent"]))
    )
    sqs.list_queues()

    assert b"model-approvals" in agents[0].encode()


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException"),
        refusal("Throttling"),
        refusal("RequestLimitExceeded"),
        refusal("ProvisionedThroughputExceededException"),
        refusal("TooManyRequestsException", 429),
        refusal("ConflictException"),
        refusal("KmsThrottled"),
        refusal("ExpiredTokenException", 403),
        refusal("RequestTimeTooSkewed", 403),
        refusal("429", 429),
        refusal("408", 408),
        IncompleteReadError(actual_bytes=1, expected_bytes=2),
        CredentialRetrievalError(provider="container-role", error_msg="no answer"),
        refusal("SlowDown", 503),
        refusal("InternalFailure", 500),
        refusal("SomethingNew", 599),
        EndpointConnectionError(endpoint_url=URL),
        ConnectionClosedError(endpoint_url=URL),
        ReadTimeoutError(endpoint_url=URL),
        ConnectTimeoutError(endpoint_url=URL),
        SSLError(endpoint_url=URL, error="EOF"),
        refusal("RequestTimeoutException"),
    ],
    ids=named,
)
def test_a_temporary_error_is_a_reason_to_wait(error: Exception) -> None:
    with pytest.raises(Unavailable) as caught, retryable_is_unavailable():
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        refusal("ValidationException"),
        refusal("AccessDeniedException"),
        refusal("ResourceNotFound", 404),
        refusal("LimitExceededException"),  # a quota, for some services
        refusal("KmsAccessDenied"),
        ParamValidationError(report="a bug of ours"),
        KeyError("a bug of ours"),
    ],
    ids=named,
)
def test_a_permanent_error_is_raised_unchanged(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, retryable_is_unavailable():
        raise error
    assert caught.value is error
