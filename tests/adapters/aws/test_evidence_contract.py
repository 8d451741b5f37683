"""What all evidence promises: AWS's, and that in memory which the flows are tested on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import pytest

from bot.adapters.aws.evidence import AwsEvidence
from bot.adapters.aws.evidence_files import S3Evidence
from bot.adapters.aws.model_cards import ModelCards
from bot.core.evidence.brief import Brief, Note, NoteCode, Source
from bot.core.evidence.model_card import MODEL_CARD
from bot.core.registry.version import Arn, Report
from infra.local.registry.package import DENIED_KEY
from tests.doubles.builders import an_arn
from tests.doubles.evidence import FakeEvidence

if TYPE_CHECKING:
    from bot.flows.ports import Evidence
    from tests.adapters.aws import Aws

KINDS = ("model_quality", MODEL_CARD)


class EvidenceCase(Protocol):
    """Evidence, and what a pipeline does with it."""

    evidence: Evidence

    def write(self, kind: str, auc: str) -> tuple[Report, Arn]:
        """Write a report of *kind*, again if it is there."""
        ...

    def deny(self, kind: str) -> tuple[Report, Arn]:
        """Write a report of *kind* that the bot may not read."""
        ...


class InMemory:
    def __init__(self) -> None:
        self.evidence = FakeEvidence()

    def write(self, kind: str, auc: str) -> tuple[Report, Arn]:
        self.evidence.write_over(auc)
        return Report(kind, f"where-{kind}-lies", numbers=True), an_arn()

    def deny(self, kind: str) -> tuple[Report, Arn]:
        self.evidence.unreadable.add(kind)
        return self.write(kind, "0.94")


class InAws:
    def __init__(self, aws: Aws, group: str) -> None:
        self._s3, self._sagemaker = aws.client("s3"), aws.client("sagemaker")
        self.evidence = AwsEvidence(
            S3Evidence(lambda _: self._s3), ModelCards(lambda _: self._sagemaker)
        )
        self._bucket, self._group = f"models-{uuid4()}", group
        self._arn: Arn | None = None
        self._s3.create_bucket(Bucket=self._bucket)
        self._sagemaker.create_model_package_group(ModelPackageGroupName=group)

    def write(self, kind: str, auc: str) -> tuple[Report, Arn]:
        metrics = [{"name": "auc", "type": "number", "value": float(auc)}]
        if kind == MODEL_CARD:
            return self._write_card({"evaluation_details": [{"metric_data": metrics}]})
        key = f"{kind}.json"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=json.dumps({"auc": float(auc)}))
        return Report(kind, f"s3://{self._bucket}/{key}", numbers=True), an_arn()

    def deny(self, kind: str) -> tuple[Report, Arn]:
        """S3 denies nothing here, so the file is missing: the bot cannot tell which it is."""
        if kind == MODEL_CARD:
            return self._write_card({}, SecurityConfig={"KmsKeyId": DENIED_KEY})
        return Report(kind, f"s3://{self._bucket}/missing.json", numbers=True), an_arn()

    def _write_card(self, content: dict[str, Any], **fields: Any) -> tuple[Report, Arn]:
        card = {"ModelCardContent": json.dumps(content), "ModelCardStatus": "Draft"}
        if self._arn is None:
            created = self._sagemaker.create_model_package(
                ModelPackageGroupName=self._group, ModelCard=card, **fields
            )
            self._arn = Arn(created["ModelPackageArn"])
        else:
            self._sagemaker.update_model_package(ModelPackageArn=self._arn, ModelCard=card)
        return Report(MODEL_CARD, self._arn, numbers=True), self._arn


@pytest.fixture
def in_memory() -> EvidenceCase:
    return InMemory()


@pytest.fixture
def in_aws(aws: Aws, group: str) -> EvidenceCase:
    return InAws(aws, group)


@pytest.fixture(params=["in_memory", "in_aws"])
def case(request: pytest.FixtureRequest) -> EvidenceCase:
    fixture: EvidenceCase = request.getfixturevalue(request.param)
    return fixture


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_was_not_changed_reads_the_same(case: EvidenceCase, kind: str) -> None:
    report, arn = case.write(kind, "0.94")
    first, again = case.evidence.read(report, arn), case.evidence.read(report, arn)

    assert first == again
    assert [(metric.name, metric.value) for metric in first.metrics] == [("auc", "0.94")]
    assert [source.uri for source in first.sources if source.digest] == [report.uri]


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_was_changed_has_another_digest(case: EvidenceCase, kind: str) -> None:
    before = case.evidence.read(*case.write(kind, "0.94"))
    after = case.evidence.read(*case.write(kind, "0.71"))

    assert [metric.value for metric in after.metrics] == ["0.71"]
    assert before.sources != after.sources


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_may_not_be_read_is_a_note_without_a_digest(
    case: EvidenceCase, kind: str
) -> None:
    report, arn = case.deny(kind)

    assert case.evidence.read(report, arn) == Brief(
        notes=(Note(NoteCode.UNREADABLE, kind),), sources=(Source(report.uri, ""),)
    )
