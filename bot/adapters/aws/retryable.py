"""Which errors of AWS are temporary. Without boto3, for the Slack request function."""

from http import HTTPStatus
from typing import Final

_RETRYABLE_CODES: Final = frozenset(
    {
        # Throttling, as each service spells it (AWS SDKs reference guide, "Retry behavior").
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestThrottled",
        "RequestLimitExceeded",
        "ProvisionedThroughputExceededException",
        "TooManyRequestsException",
        "SlowDown",
        # The service waited in vain for the request (same page; S3, "Error responses").
        "RequestTimeout",
        "RequestTimeoutException",
        # UpdateModelPackage: somebody else is changing the same version right now (API model).
        "ConflictException",
    }
)


def is_retryable(code: str, http_status: int) -> bool:
    """Return whether an error may be gone when the same call is made again later."""
    return code in _RETRYABLE_CODES or http_status >= HTTPStatus.INTERNAL_SERVER_ERROR
