"""What all AWS adapters share: how clients are made, and which of their errors pass."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config
from botocore.exceptions import (
    ChecksumError,
    ClientError,
    ConnectionError,  # noqa: A004
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
)

from bot.adapters.aws.retryable import is_retryable
from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import boto3

_CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=3,
    read_timeout=5,
    user_agent_extra="model-approvals",
)
_REMOTE_CONFIG: Final = _CONFIG.merge(
    Config(
        retries={"mode": "standard", "total_max_attempts": 2},
        connect_timeout=2,
        read_timeout=3,
    )
)
"""Several registries may be silent at once, and the rest must answer within a minute."""


LOST: Final = (
    ConnectionError,
    HTTPClientError,
    # The answer came, and its body broke off or was damaged on the way.
    IncompleteReadError,
    ChecksumError,
    # Whoever gives the bot its own credentials did not answer.
    CredentialRetrievalError,
)
"""
botocore's errors of calls that got no whole answer (botocore.exceptions). Its others say that a
call cannot be made at all: a bucket's name that none can have, no Region.
"""


def make_client(session: boto3.Session, service: str) -> Any:
    """Make a client of *service* in the account and the Region of *session*."""
    return session.client(service, config=_CONFIG)


def make_remote_client(session: boto3.Session, service: str) -> Any:
    """Make a client for another registry, which is given up sooner than the bot's own AWS."""
    return session.client(service, config=_REMOTE_CONFIG)


@contextmanager
def retryable_is_unavailable() -> Iterator[None]:
    """Raise Unavailable for throttling, server errors and lost answers; leave the rest alone."""
    try:
        yield
    except LOST as error:
        raise Unavailable(str(error)) from error
    except ClientError as error:
        if is_retryable(error_code(error), http_status(error)):
            raise Unavailable(str(error)) from error
        raise


def error_code(error: ClientError) -> str:
    """Return the error's code, such as ValidationException."""
    return error.response.get("Error", {}).get("Code", "")


def http_status(error: ClientError) -> int:
    """Return the HTTP status that the error came with."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
