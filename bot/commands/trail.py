"""The ledger, for somebody at a terminal, who has to be told why it cannot be read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from bot import settings
from bot.adapters.aws import client
from bot.adapters.ledger import DynamoLedger
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened() -> Iterator[DynamoLedger]:
    """The ledger in LEDGER_TABLE. Raises Misconfigured where there is none, or none for us."""
    table = settings.need("LEDGER_TABLE")
    try:
        yield DynamoLedger(client("dynamodb"), table)
    except (BotoCoreError, ClientError) as error:
        raise Misconfigured(f"The table {table} cannot be read: {error}") from error
