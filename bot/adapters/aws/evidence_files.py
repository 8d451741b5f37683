"""
The files in S3 that hold a version's metrics. A file that cannot be read becomes a note.

Every file is identified by its ETag, so that one that was overwritten counts as another, whether
its numbers are shown or not. That S3 is busy is no reason to say that a file cannot be read: a
minute later that would look like changed evidence.

What S3's codes mean (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the pages
API_GetObject and API_HeadObject). The note names no cause, since no code has only one:

    403 AccessDenied           no permission, or missing where the bot may not list the bucket, or
                               no kms:Decrypt for the file's key: a note
    403 InvalidObjectState     archived, and to be restored first: a note
    404 NoSuchKey, NoSuchBucket  missing, or never written; for a HEAD without a code: a note
    400 KMS.Disabled..., KMS.NotFound..., InvalidRequest (SSE-C), and others: a note
    400 ThrottlingException, KMS.ThrottlingException, 503 SlowDown: `retryable`
    400 ExpiredToken, 403 RequestTimeTooSkewed  the bot's keys or clock: `retryable`
    400 without a code         a HEAD has no body: any of the 400 above. A GET says which
    416 InvalidRange           the file is empty, so that no range fits: it is read as empty
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.client import error_code, http_status, retryable_is_unavailable
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
        return Brief(sources=(_source(report, _head(s3, bucket, key)),))
    response, body = _get(s3, bucket, key)
    content = reader.read_report(report.name, body)
    return Brief(content.metrics, content.notes, (_source(report, response),))


def _get(s3: Any, bucket: str, key: str) -> tuple[dict[str, Any], bytes]:
    """Return what S3 says of a file, and its first bytes."""
    try:
        response = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{reader.MOST_BYTES}")
    except ClientError as error:
        if error_code(error) != "InvalidRange":
            raise
        return _head(s3, bucket, key), b""
    return response, bytes(response["Body"].read())


def _head(s3: Any, bucket: str, key: str) -> dict[str, Any]:
    """Return what S3 says of a file. Raises the error that a GET has, where a HEAD has no code."""
    try:
        response: dict[str, Any] = s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if http_status(error) != HTTPStatus.BAD_REQUEST:
            raise
        response = s3.get_object(Bucket=bucket, Key=key, Range="bytes=0-0")
    return response


def _source(report: Report, response: dict[str, Any]) -> Source:
    return Source(report.uri, str(response.get("ETag", "")).strip('"'))


def unread(report: Report, code: NoteCode) -> Brief:
    """Return the brief of a *report* that was not read: why, and that it has no digest."""
    return Brief(notes=(Note(code, report.name),), sources=(Source(report.uri, ""),))
