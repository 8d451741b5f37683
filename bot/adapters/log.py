"""What every line of the log says of the errand that it is about: ids only, no text of anybody."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bot.core.errands import Check, Decide, Withdraw, about
from bot.core.errors import SetAside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_lambda_powertools import Logger

    from bot.core.errands import Errand

_KEYS: Final = ("errand", "arn", "person", "decision", "form")


def no_errand(logger: Logger) -> None:
    """From now on the lines are about no errand: not about the one before, either."""
    logger.remove_keys(_KEYS)


def begin(logger: Logger, errand: Errand) -> None:
    """From now on the lines are about *errand*."""
    no_errand(logger)
    logger.append_keys(**about(errand), **_decision(errand))


@contextmanager
def outcome(logger: Logger, attempt: int) -> Iterator[None]:
    """Say how an errand went: done, or set aside because there is nothing to do about it."""
    try:
        yield
    except SetAside as nothing:
        logger.warning("set aside", extra={"why": str(nothing), "attempt": attempt})
    else:
        logger.info("done", extra={"attempt": attempt})


def _decision(errand: Errand) -> dict[str, str]:
    """The id under which the ledger, SageMaker and CloudTrail know what a form asked for."""
    match errand:
        case Decide(id=id_) | Withdraw(id=id_):
            return {"decision": id_}
        case Check(view=view):
            return {"form": view}
        case _:
            return {}
