"""
The files in S3 that a version's metrics lie in. A file that cannot be read is a note.

Every file is told apart by its ETag, so that one that was written over is seen to be another,
whether its numbers are shown or not. S3 being busy is no reason to say that a file cannot be
read: that would look like changed evidence a minute later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.client import retryable_is_unavailable
from bot.core.errors import Forbidden, NotOurs
from bot.core.evidence import reader
from bot.core.evidence.brief import Brief, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.registry.version import Arn, Report

_logger: Final = Logger(child=True)


class S3Evidence:
    """`bot.flows.ports.Evidence`, kept in S3; *s3* gives the client that may read for a version."""

    def __init__(self, s3: Callable[[Arn], Any]) -> None:
        self._s3 = s3

    def read(self, report: Report, arn: Arn) -> Brief:
        scheme, _, place = report.uri.partition("://")
        bucket, _, key = place.partition("/")
        if scheme != "s3" or not key:
            return _unread(report, "does not lie in S3 and was not read")
        try:
            with retryable_is_unavailable():
                return _read(self._s3(arn), report, bucket, key)
        except (ClientError, BotoCoreError, Forbidden, NotOurs):
            _logger.warning("a report could not be read", extra={"uri": report.uri}, exc_info=True)
            return _unread(report, "could not be read")


def _read(s3: Any, report: Report, bucket: str, key: str) -> Brief:
    """The numbers, if they are shown, of no more bytes than show that the file is too long."""
    if not report.numbers:
        found = s3.head_object(Bucket=bucket, Key=key)
        return Brief(sources=(_source(report, found),))
    found = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{reader.MOST_BYTES}")
    said = reader.read_report(report.name, bytes(found["Body"].read()))
    return Brief(said.metrics, said.notes, (_source(report, found),))


def _source(report: Report, found: dict[str, Any]) -> Source:
    return Source(report.uri, str(found.get("ETag", "")).strip('"'))


def _unread(report: Report, why: str) -> Brief:
    return Brief(notes=(f"{report.name} {why}.",), sources=(Source(report.uri, ""),))
