"""What all AWS adapters share: how a client is made, and what its errors mean to us."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=3,
    read_timeout=5,
    user_agent_extra="model-approvals",
)
HASTY: Final = Config(
    retries={"total_max_attempts": 2},
    connect_timeout=0.5,
    read_timeout=1,
)
"""For the Slack door, which has three seconds for everything."""
_BUSY: Final = frozenset(
    {
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestThrottled",
        "RequestLimitExceeded",
        "ProvisionedThroughputExceededException",
        "TooManyRequestsException",
        "SlowDown",
        "RequestTimeout",
        "RequestTimeoutException",
        # UpdateModelPackage: somebody else is changing the same version right now.
        "ConflictException",
    }
)
_SERVER_ERROR: Final = 500


def client(service: str, config: Config = _CONFIG) -> Any:
    """A client for *service*, in the Region and with the endpoint of the environment."""
    return boto3.client(service, config=config)


@contextmanager
def busy_is_unavailable() -> Iterator[None]:
    """Let throttling, server errors and lost answers be Unavailable, and the rest be itself."""
    try:
        yield
    except (ConnectionError, HTTPClientError) as error:
        raise Unavailable(str(error)) from error
    except ClientError as error:
        if code(error) in _BUSY or status(error) >= _SERVER_ERROR:
            raise Unavailable(str(error)) from error
        raise


def code(error: ClientError) -> str:
    """The error's code, such as ValidationException."""
    return error.response.get("Error", {}).get("Code", "")


def status(error: ClientError) -> int:
    """The HTTP status that the error came with."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
