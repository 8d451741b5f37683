"""EventBridge -> Lambda: a version changed. The event is a hint; only its ARN goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from bot import wiring
from bot.core.errands import Announce
from bot.core.errors import SetAside
from bot.core.intake import arn_of_event

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Put the version in its line; what fails here, Lambda tries again."""
    try:
        arn = arn_of_event(event)
    except SetAside as nothing:
        logger.warning("event set aside", extra={"why": str(nothing)})
        return
    logger.info("version changed", extra={"arn": arn})
    wiring.line().send(Announce(arn), str(event.get("id", context.aws_request_id)))
