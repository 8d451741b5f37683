"""
The model cards in versions. One that cannot be read becomes a note, as a file does.

A card may be encrypted with a KMS key. To read it whole, DescribeModelPackage then needs
`kms:Decrypt` (API reference, "IncludedData"): so nothing but this asks for all data.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.client import retryable_is_unavailable
from bot.adapters.aws.evidence_files import unread
from bot.core.errors import Forbidden, NotOurs
from bot.core.evidence.brief import Brief, NoteCode, Source
from bot.core.evidence.model_card import read_model_card

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.registry.version import Arn, Report

_logger: Final = Logger(child=True)


class ModelCards:
    """The model cards of versions. *sagemaker_for* returns the client for a version's ARN."""

    def __init__(self, sagemaker_for: Callable[[Arn], Any]) -> None:
        self._sagemaker_for = sagemaker_for

    def read(self, report: Report, arn: Arn) -> Brief:
        try:
            with retryable_is_unavailable():
                raw = self._sagemaker_for(arn).describe_model_package(
                    ModelPackageName=arn, IncludedData="AllData"
                )
        except (ClientError, BotoCoreError, Forbidden, NotOurs):
            _logger.warning("A model card could not be read", extra={"uri": arn}, exc_info=True)
            return unread(report, NoteCode.UNREADABLE)
        content = (raw.get("ModelCard") or {}).get("ModelCardContent") or ""
        brief = read_model_card(content)
        digest = sha256(content.encode(errors="surrogatepass")).hexdigest()
        return Brief(brief.metrics, brief.notes, (Source(report.uri, digest),))
