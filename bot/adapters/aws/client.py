"""What all AWS adapters share: how a client is made, and what its errors mean to us."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from bot.adapters.aws.retryable import is_retryable
from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=3,
    read_timeout=5,
    user_agent_extra="model-approvals",
)
_ELSEWHERE: Final = _CONFIG.merge(
    Config(
        retries={"mode": "standard", "total_max_attempts": 2},
        connect_timeout=2,
        read_timeout=3,
    )
)
"""Several sites may be silent at once, and others wait to hear of the rest within a minute."""
DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException"})
"""What AWS calls it when somebody may not do something; each service has its own spelling."""


def client(service: str, session: boto3.Session | None = None) -> Any:
    """
    A client for *service*, with the Region of *session*, else with that of the environment.

    A session is for a site elsewhere, which is given up sooner.
    """
    if session is None:
        return boto3.client(service, config=_CONFIG)
    return session.client(service, config=_ELSEWHERE)


@contextmanager
def retryable_is_unavailable() -> Iterator[None]:
    """Let throttling, server errors and lost answers be Unavailable, and the rest be itself."""
    try:
        yield
    except (ConnectionError, HTTPClientError) as error:
        raise Unavailable(str(error)) from error
    except ClientError as error:
        if is_retryable(code(error), status(error)):
            raise Unavailable(str(error)) from error
        raise


def code(error: ClientError) -> str:
    """The error's code, such as ValidationException."""
    return error.response.get("Error", {}).get("Code", "")


def status(error: ClientError) -> int:
    """The HTTP status that the error came with."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
