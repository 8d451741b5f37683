"""
What DynamoDB's error codes mean for a write, where they do not pass (`retryable` knows those).

Sources: docs.aws.amazon.com/amazondynamodb/latest/APIReference, API_PutItem and
API_TransactWriteItems (with its list of cancellation reasons), and the developer guide,
Programming.Errors.

    ConditionalCheckFailed...     somebody else wrote the item; or we did, the answer was lost, and
                                  botocore sent it again. The job reads it again either way: Stale
    TransactionConflict...        somebody else writes the item in a transaction: Unavailable
    TransactionInProgress...      our own transaction, sent again, is not through: Unavailable
    TransactionCanceledException  one of the reasons in CancellationReasons, which are looked at
    ValidationException, ValidationError, ItemCollectionSizeLimitExceeded
                                  an item that is too large or malformed: raised as it is, the job
                                  becomes a dead letter
    ResourceNotFoundException     no such table or index (any more), or still being made: the same
    AccessDeniedException         no permission for the table, or for its KMS key: the same
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.core.errors import Stale, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSED: Final = frozenset(
    {
        "ConditionalCheckFailedException",
        "ConditionalCheckFailed",  # as a reason for which a transaction was cancelled
    }
)
_BUSY: Final = frozenset(
    {
        "TransactionConflictException",
        "TransactionInProgressException",
        # The same, and throttling, as reasons for which a transaction was cancelled.
        "TransactionConflict",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
    }
)


@contextmanager
def stale_if_refused(what: str) -> Iterator[None]:
    """Raise Stale if the condition of a write did not hold, Unavailable if AWS is busy."""
    try:
        with retryable_is_unavailable():
            yield
    except ClientError as error:
        reasons: Any = error.response.get("CancellationReasons", ())
        codes = {error_code(error), *(reason.get("Code") for reason in reasons)}
        if codes & _REFUSED:
            raise Stale(what) from error
        if codes & _BUSY:
            raise Unavailable(str(error)) from error
        raise
