"""
The files in S3 that hold a version's metrics. A file that cannot be read becomes a note.

Every file is identified by its ETag, so that one that was overwritten counts as another, whether
its numbers are shown or not. That S3 is busy is no reason to say that a file cannot be read: a
minute later that would look like changed evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.client import retryable_is_unavailable
from bot.core.errors import Forbidden, NotOurs
from bot.core.evidence import reader
from bot.core.evidence.brief import Brief, Note, NoteCode, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.registry.version import Arn, Report

_logger: Final = Logger(child=True)


class S3Evidence:
    """The reports that are files in S3. *s3_for* returns the client for a version's ARN."""

    def __init__(self, s3_for: Callable[[Arn], Any]) -> None:
        self._s3_for = s3_for

    def read(self, report: Report, arn: Arn) -> Brief:
        scheme, _, path = report.uri.partition("://")
        bucket, _, key = path.partition("/")
        if scheme != "s3" or not key:
            return unread(report, NoteCode.NOT_IN_S3)
        try:
            with retryable_is_unavailable():
                return _read(self._s3_for(arn), report, bucket, key)
        except (ClientError, BotoCoreError, Forbidden, NotOurs):
            _logger.warning(
                "An evidence file could not be read", extra={"uri": report.uri}, exc_info=True
            )
            return unread(report, NoteCode.UNREADABLE)


def _read(s3: Any, report: Report, bucket: str, key: str) -> Brief:
    """Read the numbers, if they are shown; at most one byte more than a file may have."""
    if not report.numbers:
        response = s3.head_object(Bucket=bucket, Key=key)
        return Brief(sources=(_source(report, response),))
    response = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{reader.MOST_BYTES}")
    content = reader.read_report(report.name, bytes(response["Body"].read()))
    return Brief(content.metrics, content.notes, (_source(report, response),))


def _source(report: Report, response: dict[str, Any]) -> Source:
    return Source(report.uri, str(response.get("ETag", "")).strip('"'))


def unread(report: Report, code: NoteCode) -> Brief:
    """Return the brief of a *report* that was not read: why, and that it has no digest."""
    return Brief(notes=(Note(code, report.name),), sources=(Source(report.uri, ""),))
