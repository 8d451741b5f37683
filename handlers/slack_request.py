"""
Function URL -> Lambda: what Slack sends. The only door that the internet can reach.

It can do nearly nothing: check the signature, open a form, put a message in the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from bot import wiring
from bot.adapters.bolt import answer

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Answer within Slack's three seconds; an error is a 500, which Slack shows."""
    return answer(wiring.slack_app(), event)
