"""Which errors of AWS are temporary. Without boto3, for the Slack request function."""

from http import HTTPStatus
from typing import Final

_RETRYABLE_CODES: Final = frozenset(
    {
        # Throttling, as each service spells it (AWS SDKs reference guide, "Retry behavior":
        # docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html; botocore,
        # retries/standard.py). Not LimitExceededException: for some services it is a quota.
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "ProvisionedThroughputExceededException",
        "TooManyRequestsException",
        "SlowDown",
        # KMS is busy, as a service says it that encrypts with a key (SQS, SendMessage: API model;
        # "KMS." is how query clients see it, and S3: docs.aws.amazon.com/AmazonS3/latest/API/
        # ErrorResponses.html).
        "KmsThrottled",
        "KMS.ThrottlingException",
        # The service waited in vain for the request (same page of the SDKs; S3, "Error responses").
        "RequestTimeout",
        "RequestTimeoutException",
        # The credentials, or the signature, are too old: the next attempt has new ones ("Common
        # Error Types" of each service; S3 and STS have names of their own).
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "TokenRefreshRequired",
        # UpdateModelPackage: somebody else is changing the same version right now (API model). It
        # may also mean that the version cannot be changed; then it ends as a dead letter.
        "ConflictException",
    }
)
_RETRYABLE_STATUSES: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""What a proxy answers as well, and S3 to a HEAD, which has no code: 408 and 429."""


def is_retryable(code: str, http_status: int) -> bool:
    """Return whether an error may be gone when the same call is made again later."""
    return (
        code in _RETRYABLE_CODES
        or http_status in _RETRYABLE_STATUSES
        or http_status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )
