"""The decision role: whom AWS's records name, and what happens when the role cannot be had."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.aws.decision_session import (
    DecisionSessions,
    client_like,
    session_name,
)
from bot.adapters.aws.model_registry import SageMakerRegistry
from bot.adapters.aws.sessions import Sessions
from bot.core.errors import Declined, Unavailable
from bot.core.registry.version import Arn, Status
from infra.local.aws import ACCESS_KEY, SECRET_KEY
from infra.local.deployment import REGION
from tests.adapters.aws import BUSY, Aws, recorded
from tests.doubles.builders import ANA, BEN, a_decision, a_version

if TYPE_CHECKING:
    from bot.core.votes.vote import Decision

STS: Any = botocore.session.get_session().get_service_model("sts")
ASKED = STS.shape_for("AssumeRoleRequest").members


@pytest.fixture
def role(aws: Aws) -> str:
    """The decision role, as the deployed functions are told of it."""
    return aws.settings["DECISION_ROLE_ARN"]


@pytest.fixture
def sts(aws: Aws) -> Any:
    return aws.client("sts")


@pytest.fixture
def sagemaker(aws: Aws) -> Any:
    return aws.client("sagemaker")


@pytest.fixture
def registry(sagemaker: Any, sts: Any, role: str) -> SageMakerRegistry:
    return SageMakerRegistry(
        sagemaker, DecisionSessions(sts, role, partial(client_like, boto3.Session(), sagemaker))
    )


@pytest.fixture
def arn(sagemaker: Any, group: str) -> Arn:
    """A version that waits."""
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return Arn(sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"])


@pytest.fixture
def in_aws(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)


def a_yes(arn: Arn, **changes: Any) -> Decision:
    """An approval that AWS never heard of."""
    changes = {"id": str(uuid4()), "arn": arn} | changes
    return a_decision(a_version(), Status.APPROVED, **changes)


def last_modified_by(sagemaker: Any, arn: Arn) -> Any:
    found = sagemaker.describe_model_package(ModelPackageName=arn)
    return found["LastModifiedBy"]["IamIdentity"]


# --- in whose name --------------------------------------------------------------------------------


def test_the_registry_names_the_person_the_role_and_the_decision(
    registry: SageMakerRegistry, sagemaker: Any, role: str, arn: Arn
) -> None:
    decision = a_yes(arn, by=BEN)
    registry.apply(decision)

    who = last_modified_by(sagemaker, arn)
    assert who["SourceIdentity"] == BEN.id
    assert who["Arn"].endswith(f":assumed-role/{role.rpartition('/')[2]}/approval-{decision.id}")


def test_everything_but_deciding_is_done_in_the_bots_own_name(
    registry: SageMakerRegistry, sagemaker: Any, sts: Any, arn: Arn
) -> None:
    in_its_own, as_somebody = recorded(sagemaker), recorded(sts)
    registry.describe(arn)
    registry.versions("fraud")
    registry.versions_with_status(Status.PENDING)
    registry.groups()

    assert {name for name, _ in in_its_own} == {
        "DescribeModelPackage",
        "ListModelPackages",
        "ListModelPackageGroups",
    }
    assert as_somebody == []


def test_the_bots_own_name_decides_nothing(
    registry: SageMakerRegistry, sagemaker: Any, arn: Arn
) -> None:
    calls = recorded(sagemaker)
    registry.apply(a_yes(arn))

    assert registry.describe(arn).status is Status.APPROVED
    assert "UpdateModelPackage" not in dict(calls)


def test_each_decision_has_a_session_of_its_own_and_no_longer_than_it_must_be(
    registry: SageMakerRegistry, sts: Any, role: str, arn: Arn
) -> None:
    calls = recorded(sts)
    first, second = a_yes(arn, by=ANA), a_yes(arn, by=BEN)
    registry.apply(first)
    registry.apply(second)

    assert calls == [
        (
            "AssumeRole",
            {
                "RoleArn": role,
                "RoleSessionName": f"approval-{decision.id}",
                "SourceIdentity": decision.by.id,
                "DurationSeconds": ASKED["DurationSeconds"].metadata["min"],
            },
        )
        for decision in (first, second)
    ]


@given(id_=st.text())
def test_whatever_the_id_sts_takes_the_name_of_the_session(id_: str) -> None:
    stated = ASKED["RoleSessionName"].metadata
    name = session_name(a_yes(Arn("arn"), id=id_))

    assert re.fullmatch(stated["pattern"], name, re.ASCII)
    assert stated["min"] <= len(name) <= stated["max"]


def test_the_same_decision_in_another_session_changes_nothing(
    registry: SageMakerRegistry, sagemaker: Any, arn: Arn
) -> None:
    decision = a_yes(arn)
    registry.apply(decision)
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")
    before = registry.describe(arn)
    registry.apply(decision)

    assert before.status is Status.REJECTED
    assert registry.describe(arn) == before


# --- when the role cannot be had ------------------------------------------------------------------


@pytest.mark.parametrize("error", ["Throttling", *BUSY])
def test_an_outage_of_sts_is_a_reason_to_wait(
    aws: Aws, registry: SageMakerRegistry, arn: Arn, error: str
) -> None:
    decision = a_yes(arn)
    aws.faults.add("AssumeRole", error)
    with pytest.raises(Unavailable):
        registry.apply(decision)
    before = registry.describe(arn).status
    registry.apply(decision)

    assert before is Status.PENDING
    assert registry.describe(arn).status is Status.APPROVED


def test_who_may_not_take_the_role_decides_nothing_and_the_log_says_which_decision(
    aws: Aws, registry: SageMakerRegistry, arn: Arn, caplog: pytest.LogCaptureFixture
) -> None:
    decision = a_yes(arn)
    aws.faults.add("AssumeRole", "AccessDenied")

    with pytest.raises(Declined, match="AccessDenied"):
        registry.apply(decision)
    assert registry.describe(arn).status is Status.PENDING
    assert [vars(record)["decision"] for record in caplog.records] == [decision.id]


@pytest.mark.parametrize("error", ["ExpiredTokenException", "ValidationError"])
def test_what_can_be_mended_is_no_end_of_a_decision(
    aws: Aws, registry: SageMakerRegistry, arn: Arn, error: str
) -> None:
    """Keys that ran out, or a role that is none: the decision stays written down, and waits."""
    aws.faults.add("AssumeRole", error)

    with pytest.raises(ClientError, match=error):
        registry.apply(a_yes(arn))


def test_a_decision_that_sagemaker_denies_the_role_is_declined(
    aws: Aws, registry: SageMakerRegistry, arn: Arn
) -> None:
    aws.faults.add("UpdateModelPackage", "AccessDeniedException")

    with pytest.raises(Declined, match="AccessDeniedException"):
        registry.apply(a_yes(arn))


# --- as it is deployed ----------------------------------------------------------------------------


@pytest.mark.usefixtures("in_aws")
def test_the_deciding_client_is_as_patient_as_the_bots_own_and_says_whose_it_is(sts: Any) -> None:
    sessions = Sessions()
    own = sessions.client("sagemaker")
    keys = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/x", RoleSessionName="xx")
    other = client_like(sessions.own, own, keys["Credentials"])

    for name in ("retries", "connect_timeout", "read_timeout", "region_name"):
        assert getattr(other.meta.config, name) == getattr(own.meta.config, name)
    assert "model-approvals" in other.meta.config.user_agent
    assert other.meta.endpoint_url == own.meta.endpoint_url


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_sts_is_asked_in_the_bots_own_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    """The one address for the whole world, which older botocore took, is a single place to fail."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_STS_REGIONAL_ENDPOINTS", raising=False)

    assert Sessions().client("sts").meta.endpoint_url == f"https://sts.{region}.amazonaws.com"
