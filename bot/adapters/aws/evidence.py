"""All that a version is judged by, wherever AWS keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.evidence.model_card import MODEL_CARD

if TYPE_CHECKING:
    from bot.core.evidence.brief import Brief
    from bot.core.registry.version import Arn, Report
    from bot.flows.ports import Evidence


class AwsEvidence:
    """`bot.flows.ports.Evidence`: *files* in S3, and *model_cards* in the versions themselves."""

    def __init__(self, files: Evidence, model_cards: Evidence) -> None:
        self._files = files
        self._model_cards = model_cards

    def read(self, report: Report, arn: Arn) -> Brief:
        source = self._model_cards if report.name == MODEL_CARD else self._files
        return source.read(report, arn)
