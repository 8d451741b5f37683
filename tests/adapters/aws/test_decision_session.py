"""The decision role: whom AWS records, and what happens if the role cannot be assumed."""

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
REQUEST = STS.shape_for("AssumeRoleRequest").members


@pytest.fixture
def role(aws: Aws) -> str:
    """The decision role, from the settings of the deployed functions."""
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
    """A version that waits for a decision."""
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return Arn(sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"])


@pytest.fixture
def in_aws(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)


def an_approval(arn: Arn, **changes: Any) -> Decision:
    """An approval that was not made yet."""
    changes = {"id": str(uuid4()), "arn": arn} | changes
    return a_decision(a_version(), Status.APPROVED, **changes)


def last_modified_by(sagemaker: Any, arn: Arn) -> Any:
    version = sagemaker.describe_model_package(ModelPackageName=arn)
    return version["LastModifiedBy"]["IamIdentity"]


# --- in whose name --------------------------------------------------------------------------------


def test_the_registry_names_the_person_the_role_and_the_decision(
    registry: SageMakerRegistry, sagemaker: Any, role: str, arn: Arn
) -> None:
    decision = an_approval(arn, by=BEN)
    registry.apply(decision)

    who = last_modified_by(sagemaker, arn)
    assert who["SourceIdentity"] == BEN.id
    assert who["Arn"].endswith(f":assumed-role/{role.rpartition('/')[2]}/approval-{decision.id}")


def test_everything_but_a_decision_is_done_in_the_bots_own_name(
    registry: SageMakerRegistry, sagemaker: Any, sts: Any, arn: Arn
) -> None:
    own_calls, sts_calls = recorded(sagemaker), recorded(sts)
    registry.describe(arn)
    registry.versions("fraud")
    registry.versions_with_status(Status.PENDING)
    registry.groups()

    assert {name for name, _ in own_calls} == {
        "DescribeModelPackage",
        "ListModelPackages",
        "ListModelPackageGroups",
    }
    assert sts_calls == []


def test_no_decision_is_made_in_the_bots_own_name(
    registry: SageMakerRegistry, sagemaker: Any, arn: Arn
) -> None:
    calls = recorded(sagemaker)
    registry.apply(an_approval(arn))

    assert registry.describe(arn).status is Status.APPROVED
    assert "UpdateModelPackage" not in dict(calls)


def test_each_decision_has_its_own_session_of_the_shortest_duration(
    registry: SageMakerRegistry, sts: Any, role: str, arn: Arn
) -> None:
    calls = recorded(sts)
    first, second = an_approval(arn, by=ANA), an_approval(arn, by=BEN)
    registry.apply(first)
    registry.apply(second)

    assert calls == [
        (
            "AssumeRole",
            {
                "RoleArn": role,
                "RoleSessionName": f"approval-{decision.id}",
                "SourceIdentity": decision.by.id,
                "DurationSeconds": REQUEST["DurationSeconds"].metadata["min"],
            },
        )
        for decision in (first, second)
    ]


@given(id_=st.text())
def test_the_session_name_of_any_decision_id_is_valid_for_sts(id_: str) -> None:
    limits = REQUEST["RoleSessionName"].metadata
    name = session_name(an_approval(Arn("arn"), id=id_))

    assert re.fullmatch(limits["pattern"], name, re.ASCII)
    assert limits["min"] <= len(name) <= limits["max"]


def test_the_same_decision_in_another_session_changes_nothing(
    registry: SageMakerRegistry, sagemaker: Any, arn: Arn
) -> None:
    decision = an_approval(arn)
    registry.apply(decision)
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")
    before = registry.describe(arn)
    registry.apply(decision)

    assert before.status is Status.REJECTED
    assert registry.describe(arn) == before


# --- when the role cannot be assumed --------------------------------------------------------------


@pytest.mark.parametrize("error", ["Throttling", *BUSY])
def test_an_outage_of_sts_is_a_reason_to_wait(
    aws: Aws, registry: SageMakerRegistry, arn: Arn, error: str
) -> None:
    decision = an_approval(arn)
    aws.faults.add("AssumeRole", error)
    with pytest.raises(Unavailable):
        registry.apply(decision)
    before = registry.describe(arn).status
    registry.apply(decision)

    assert before is Status.PENDING
    assert registry.describe(arn).status is Status.APPROVED


def test_a_decision_whose_role_may_not_be_assumed_is_declined_and_logged(
    aws: Aws, registry: SageMakerRegistry, arn: Arn, caplog: pytest.LogCaptureFixture
) -> None:
    decision = an_approval(arn)
    aws.faults.add("AssumeRole", "AccessDenied")

    with pytest.raises(Declined, match="AccessDenied"):
        registry.apply(decision)
    assert registry.describe(arn).status is Status.PENDING
    assert [vars(record)["decision"] for record in caplog.records] == [decision.id]


@pytest.mark.parametrize(
    ("error", "raised"), [("ExpiredTokenException", Unavailable), ("ValidationError", ClientError)]
)
def test_an_error_that_can_be_fixed_does_not_decline_a_decision(
    aws: Aws, registry: SageMakerRegistry, arn: Arn, error: str, raised: type[Exception]
) -> None:
    """Expired keys, or an invalid role: the decision stays in the ledger, and waits."""
    aws.faults.add("AssumeRole", error)

    with pytest.raises(raised, match=error):
        registry.apply(an_approval(arn))


def test_a_decision_that_sagemaker_denies_the_role_is_declined(
    aws: Aws, registry: SageMakerRegistry, arn: Arn
) -> None:
    aws.faults.add("UpdateModelPackage", "AccessDeniedException")

    with pytest.raises(Declined, match="AccessDeniedException"):
        registry.apply(an_approval(arn))


# --- as it is deployed ----------------------------------------------------------------------------


@pytest.mark.usefixtures("in_aws")
def test_the_deciding_client_has_the_configuration_of_the_bots_own_client(sts: Any) -> None:
    sessions = Sessions()
    own = sessions.client("sagemaker")
    keys = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/x", RoleSessionName="xx")
    other = client_like(sessions.own, own, keys["Credentials"])

    for name in ("retries", "connect_timeout", "read_timeout", "region_name"):
        assert getattr(other.meta.config, name) == getattr(own.meta.config, name)
    assert "model-approvals" in other.meta.config.user_agent
    assert other.meta.endpoint_url == own.meta.endpoint_url


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_sts_is_called_in_the_bots_own_region(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    """The global address, which older botocore called, is a single point of failure."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_STS_REGIONAL_ENDPOINTS", raising=False)

    assert Sessions().client("sts").meta.endpoint_url == f"https://sts.{region}.amazonaws.com"
