"""The ledger, for somebody at a terminal, who must be told why it cannot be read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.core.errors import Misconfigured
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.adapters.store.ledger import DynamoLedger


@contextmanager
def open_ledger() -> Iterator[DynamoLedger]:
    """Open the ledger in LEDGER_TABLE. Raises Misconfigured if it cannot be read."""
    # boto3 is imported here: the commands that need no AWS start without it.
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    from bot.adapters.aws.sessions import Sessions  # noqa: PLC0415
    from bot.adapters.store.ledger import DynamoLedger  # noqa: PLC0415

    table = Settings().ledger_table
    try:
        yield DynamoLedger(Sessions().client("dynamodb"), table)
    except (BotoCoreError, ClientError) as error:
        raise Misconfigured(f"The table {table} cannot be read: {error}") from error
