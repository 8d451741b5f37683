"""Which of AWS's errors pass by themselves. It loads nothing: the Slack door needs it as well."""

from http import HTTPStatus
from typing import Final

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


def is_retryable(code: str, status: int) -> bool:
    """Whether an error with this *code* and HTTP *status* is gone when one asks again later."""
    return code in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR
