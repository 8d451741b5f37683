"""The files in S3 that a version's metrics lie in. A file that cannot be read is a note."""

from __future__ import annotations

from typing import Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from bot.core import brief
from bot.core.model import Brief, Report

_logger: Final = Logger(child=True)


class S3Evidence:
    """`bot.flows.ports.Evidence`, kept in S3."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def read(self, report: Report) -> Brief:
        scheme, _, place = report.uri.partition("://")
        bucket, _, key = place.partition("/")
        if scheme != "s3" or not key:
            return Brief(notes=(f"{report.name} does not lie in S3 and was not read.",))
        try:
            content = self._first_bytes(bucket, key)
        except (ClientError, BotoCoreError):
            _logger.warning("a report could not be read", extra={"uri": report.uri}, exc_info=True)
            return Brief(notes=(f"{report.name} could not be read.",))
        return brief.read(report.name, content)

    def _first_bytes(self, bucket: str, key: str) -> bytes:
        """No more than shows that the file is too long."""
        found = self._s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{brief.MOST_BYTES}")
        return bytes(found["Body"].read())
