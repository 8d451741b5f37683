"""What the log says of the job in hand, on every line: ids only, no text of anybody."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bot.core.errors import Ignored
from bot.core.jobs.messages import CheckForm, SubmitForm, WithdrawVote, log_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_lambda_powertools import Logger

    from bot.core.jobs.messages import Job

_KEYS: Final = ("job", "arn", "person", "decision", "form")


def clear_job(logger: Logger) -> None:
    """Remove what the log's lines say of a job, the one before included."""
    logger.remove_keys(_KEYS)


def begin_job(logger: Logger, job: Job) -> None:
    """Add to every line from now on what it needs to be found by: the ids of *job*."""
    clear_job(logger)
    logger.append_keys(**log_fields(job), **_decision_fields(job))


@contextmanager
def job_outcome(logger: Logger, attempt: int) -> Iterator[None]:
    """Log that a job finished, or was ignored because there is nothing to do about it."""
    try:
        yield
    except Ignored as reason:
        logger.warning("Job ignored", extra={"reason": str(reason), "attempt": attempt})
    else:
        logger.info("Job finished", extra={"attempt": attempt})


def _decision_fields(job: Job) -> dict[str, str]:
    """Return the id under which the ledger, SageMaker and CloudTrail know what a form asked for."""
    match job:
        case SubmitForm(id=id_) | WithdrawVote(id=id_):
            return {"decision": id_}
        case CheckForm(view=view):
            return {"form": view}
        case _:
            return {}
