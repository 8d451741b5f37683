"""Model cards in versions: the second look at a version that has one, and what it may meet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.adapters.aws.model_cards import ModelCards
from bot.adapters.aws.model_registry import SageMakerRegistry
from bot.core.errors import Unavailable
from bot.core.evidence.brief import Brief, Metric, Note, NoteCode, Source
from bot.core.evidence.model_card import MODEL_CARD
from bot.core.registry.version import Arn, Report
from infra.local.registry.package import DENIED_KEY
from tests.adapters.aws import BUSY, Aws, recorded

if TYPE_CHECKING:
    from bot.flows.ports import Evidence

KEY: Final = {"KmsKeyId": "alias/models"}


@pytest.fixture
def sagemaker(aws: Aws) -> Any:
    return aws.client("sagemaker")


@pytest.fixture
def cards(sagemaker: Any) -> Evidence:
    return ModelCards(lambda _: sagemaker)


def a_card(auc: float = 0.94) -> dict[str, str]:
    data = [{"name": "auc", "type": "number", "value": auc}]
    evaluation = {"name": "holdout", "metric_groups": [{"name": "all", "metric_data": data}]}
    content = {"intended_uses": {"risk_rating": "High"}, "evaluation_details": [evaluation]}
    return {"ModelCardContent": json.dumps(content), "ModelCardStatus": "Draft"}


def register(sagemaker: Any, group: str, **fields: Any) -> Arn:
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    created = sagemaker.create_model_package(ModelPackageGroupName=group, **fields)
    return Arn(created["ModelPackageArn"])


def read(cards: Evidence, arn: Arn) -> Brief:
    return cards.read(Report(MODEL_CARD, arn, numbers=True), arn)


def test_a_version_is_described_without_the_content_of_its_card(sagemaker: Any, group: str) -> None:
    arn = register(sagemaker, group, ModelCard=a_card())
    calls = recorded(sagemaker)
    version = SageMakerRegistry(sagemaker).describe(arn)

    asked = {"ModelPackageName": arn, "IncludedData": "MetadataOnly"}
    assert calls == [("DescribeModelPackage", asked)]
    assert version.reports == (Report(MODEL_CARD, arn, numbers=True),)


def test_a_version_whose_card_may_not_be_decrypted_is_described_all_the_same(
    sagemaker: Any, group: str
) -> None:
    denied = {"KmsKeyId": DENIED_KEY}
    arn = register(sagemaker, group, ModelCard=a_card(), SecurityConfig=denied)

    assert SageMakerRegistry(sagemaker).describe(arn).reports == (
        Report(MODEL_CARD, arn, numbers=True),
    )


@pytest.mark.parametrize("fields", [{}, {"SecurityConfig": KEY}], ids=["no key", "a key"])
def test_a_version_without_a_card_has_no_card_to_read(
    sagemaker: Any, group: str, fields: dict[str, Any]
) -> None:
    arn = register(sagemaker, group, **fields)

    assert SageMakerRegistry(sagemaker).describe(arn).reports == ()


@pytest.mark.parametrize("fields", [{}, {"SecurityConfig": KEY}], ids=["no key", "a key"])
def test_a_card_is_read_with_one_call_for_all_data(
    sagemaker: Any, cards: Evidence, group: str, fields: dict[str, Any]
) -> None:
    arn = register(sagemaker, group, ModelCard=a_card(), **fields)
    calls = recorded(sagemaker)
    brief = read(cards, arn)

    assert calls == [("DescribeModelPackage", {"ModelPackageName": arn, "IncludedData": "AllData"})]
    assert brief.metrics == (Metric("risk_rating", "High"), Metric("holdout.all.auc", "0.94"))
    assert brief.notes == ()


def test_a_card_whose_key_may_not_be_used_is_a_note_without_a_digest(
    sagemaker: Any, cards: Evidence, group: str
) -> None:
    denied = {"KmsKeyId": DENIED_KEY}
    arn = register(sagemaker, group, ModelCard=a_card(), SecurityConfig=denied)

    note = Note(NoteCode.UNREADABLE, MODEL_CARD)
    assert read(cards, arn) == Brief(notes=(note,), sources=(Source(arn, ""),))


def test_a_changed_content_has_another_digest_and_a_changed_status_has_not(
    sagemaker: Any, cards: Evidence, group: str
) -> None:
    arn = register(sagemaker, group, ModelCard=a_card())
    before = read(cards, arn).sources
    status = {"ModelCardStatus": "Approved"}
    sagemaker.update_model_package(ModelPackageArn=arn, ModelCard=status)
    same = read(cards, arn).sources
    sagemaker.update_model_package(ModelPackageArn=arn, ModelCard=a_card(0.71))
    after = read(cards, arn).sources

    assert before == same != after
    assert all(source.digest for source in (*before, *after))


@pytest.mark.parametrize("error", BUSY)
def test_a_busy_registry_is_not_taken_for_an_unreadable_card(
    aws: Aws, sagemaker: Any, cards: Evidence, group: str, error: str
) -> None:
    arn = register(sagemaker, group, ModelCard=a_card())
    aws.faults.add("DescribeModelPackage", error)

    with pytest.raises(Unavailable):
        read(cards, arn)
