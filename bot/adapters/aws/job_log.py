"""What every line of the log says of the job that it is about: ids only, no text of anybody."""

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
    """From now on the lines are about no job: not about the one before, either."""
    logger.remove_keys(_KEYS)


def begin_job(logger: Logger, job: Job) -> None:
    """From now on the lines are about *job*."""
    clear_job(logger)
    logger.append_keys(**log_fields(job), **_decision(job))


@contextmanager
def job_outcome(logger: Logger, attempt: int) -> Iterator[None]:
    """Say how a job went: done, or set aside because there is nothing to do about it."""
    try:
        yield
    except Ignored as nothing:
        logger.warning("set aside", extra={"why": str(nothing), "attempt": attempt})
    else:
        logger.info("done", extra={"attempt": attempt})


def _decision(job: Job) -> dict[str, str]:
    """The id under which the ledger, SageMaker and CloudTrail know what a form asked for."""
    match job:
        case SubmitForm(id=id_) | WithdrawVote(id=id_):
            return {"decision": id_}
        case CheckForm(view=view):
            return {"form": view}
        case _:
            return {}
