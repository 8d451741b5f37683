"""SageMaker's registry: its special cases, its outages, and the calls that are made."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.stub import Stubber

from bot.adapters.aws.model_registry import SageMakerRegistry
from bot.core.errors import Declined, Gone, Ignored, Unavailable, UnknownRefusal
from bot.core.registry.version import Arn, Readiness, Report, Status
from bot.core.votes.approval_record import DESCRIPTION_LIMIT, description, metadata
from infra.local.registry import finish_validation
from tests.adapters.aws import BUSY, Aws, recorded
from tests.doubles.builders import a_decision, a_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Json = dict[str, Any]

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/fraud:1"
NEWEST_FIRST = {"SortBy": "CreationTime", "SortOrder": "Descending"}
LISTING = {"ModelPackageType": "Versioned", "MaxResults": 100, **NEWEST_FIRST}
BORN = datetime(2026, 3, 2, 12, tzinfo=UTC)
CALLS: dict[str, Callable[[SageMakerRegistry, Arn], object]] = {
    "DescribeModelPackage": lambda registry, arn: registry.describe(arn),
    "ListModelPackages": lambda registry, arn: registry.versions_with_status(Status.PENDING),  # noqa: ARG005
    "ListModelPackageGroups": lambda registry, arn: registry.groups(),  # noqa: ARG005
    "UpdateModelPackage": lambda registry, arn: registry.apply(approval(arn)),
}


WHAT_IS_DEPLOYED: dict[str, tuple[Any, Any]] = {
    "InferenceSpecification": (
        {"Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/1.tar.gz"}]},
        {"Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/2.tar.gz"}]},
    ),
    "AdditionalInferenceSpecifications": (
        [{"Name": "gpu", "Containers": [{"Image": IMAGE}]}],
        [{"Name": "cpu", "Containers": [{"Image": IMAGE}]}],
    ),
    "SourceAlgorithmSpecification": (
        {"SourceAlgorithms": [{"AlgorithmName": "xgboost"}]},
        {"SourceAlgorithms": [{"AlgorithmName": "linear"}]},
    ),
    "SourceUri": ("s3://models/source-1", "s3://models/source-2"),
}
"""The fields of Describe that say what would be deployed, and two values of each."""


@pytest.fixture
def sagemaker(aws: Aws) -> Any:
    return aws.client("sagemaker")


@pytest.fixture
def registry(sagemaker: Any) -> SageMakerRegistry:
    return SageMakerRegistry(sagemaker)


@pytest.fixture
def answers(sagemaker: Any) -> Iterator[Stubber]:
    """SageMaker's answers, written by the test; they and the calls must fit AWS's model."""
    with Stubber(sagemaker) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def approval(arn: Arn, **changes: Any) -> Any:
    return a_decision(a_version(), Status.APPROVED, id=uuid4().hex, arn=arn, **changes)


def register(sagemaker: Any, group: str, **more: Any) -> Arn:
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    created = sagemaker.create_model_package(ModelPackageGroupName=group, **more)
    return Arn(created["ModelPackageArn"])


def arn_of(number: int) -> str:
    return f"arn:aws:sagemaker:us-east-1:123456789012:model-package/fraud/{number}"


def a_summary(number: int, **more: Any) -> Json:
    """The fields of a listed version that AWS always returns."""
    return {
        "ModelPackageArn": arn_of(number),
        "ModelPackageGroupName": "fraud",
        "ModelPackageVersion": number,
        "ModelPackageStatus": "Completed",
        "CreationTime": BORN,
        **more,
    }


def a_description(**more: Any) -> Json:
    details: Json = {"ValidationStatuses": []}
    needed = {"ModelPackageName": "fraud/1", "ModelPackageStatusDetails": details}
    return {**a_summary(1), **needed, **more}


def containers(**more: Any) -> Json:
    return {"InferenceSpecification": {"Containers": [{"Image": IMAGE, **more}]}}


def artifact_of(registry: SageMakerRegistry, answers: Stubber, **fields: Any) -> str:
    """The digest of a version that AWS describes with *fields*."""
    answers.add_response("describe_model_package", a_description(**fields))
    return registry.describe(Arn(arn_of(1))).artifact


# --- describing -----------------------------------------------------------------------------------


def test_a_description_needs_only_the_fields_that_aws_always_returns(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    answers.add_response("describe_model_package", a_description())

    assert registry.describe(Arn(arn_of(1))) == a_version(
        status=Status.PENDING, created=BORN, created_by="", description=""
    )


def test_every_field_of_a_description_is_read(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    modified = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    raw = a_description(
        ModelApprovalStatus="Rejected",
        ModelPackageDescription="the second try",
        ApprovalDescription="it drifts",
        MetadataProperties={"Repository": "https://git.acme.io/fraud", "CommitId": "9f1c2ab"},
        CreatedBy={
            "UserProfileName": "ann",
            "DomainId": "d-abc",
            "IamIdentity": {"Arn": "arn:aws:iam::1:role/studio"},
        },
        LastModifiedBy={"IamIdentity": {"Arn": "arn:aws:iam::1:role/pipeline"}},
        LastModifiedTime=modified,
        CustomerMetadataProperties={"team": "growth"},
    )
    answers.add_response("describe_model_package", raw)

    assert registry.describe(Arn(arn_of(1))) == a_version(
        status=Status.REJECTED,
        created=BORN,
        created_by="ann",
        description="the second try",
        comment="it drifts",
        modified=modified,
        modified_by="role/pipeline",
        metadata={"team": "growth"},
        domain="d-abc",
        repository="https://git.acme.io/fraud",
        commit="9f1c2ab",
    )


def test_the_evaluation_is_the_report_whose_numbers_are_shown(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    def file(name: str) -> Json:
        return {"ContentType": "application/json", "S3Uri": f"s3://models/{name}.json"}

    metrics = {
        "ModelQuality": {"Statistics": file("quality")},
        "Bias": {"Report": file("bias")},
        "Explainability": {"Report": file("shap")},
    }
    arn = register(sagemaker, group, ModelMetrics=metrics)

    assert registry.describe(arn).reports == (
        Report("model_quality", "s3://models/quality.json", numbers=True),
        Report("bias", "s3://models/bias.json"),
        Report("explainability", "s3://models/shap.json"),
    )


@pytest.mark.parametrize("field", WHAT_IS_DEPLOYED)
def test_what_would_be_deployed_has_its_own_digest(
    registry: SageMakerRegistry, answers: Stubber, field: str
) -> None:
    """A change of any part changes the digest; without any part there is none."""
    one, other = WHAT_IS_DEPLOYED[field]
    digests = [
        artifact_of(registry, answers, **fields) for fields in ({}, {field: one}, {field: other})
    ]

    assert digests[0] == ""
    assert re.fullmatch("[0-9a-f]{64}", digests[1])
    assert len(set(digests)) == 3


def test_the_digest_depends_only_on_what_would_be_deployed(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    """A decision, and what others write to a version, do not change it."""
    (specification, _) = WHAT_IS_DEPLOYED["InferenceSpecification"]
    before = artifact_of(registry, answers, InferenceSpecification=specification)
    after = artifact_of(
        registry,
        answers,
        InferenceSpecification=specification,
        ModelApprovalStatus="Approved",
        ApprovalDescription="better",
        CustomerMetadataProperties={"team": "growth"},
        LastModifiedTime=BORN,
        LastModifiedBy={"UserProfileName": "ann"},
    )

    assert before == after


def test_the_digest_does_not_depend_on_the_order_of_the_keys(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    environment = {"THRESHOLD": "0.5", "LOCALE": "de"}
    turned = dict(reversed(environment.items()))

    assert artifact_of(registry, answers, **containers(Environment=environment)) == artifact_of(
        registry, answers, **containers(Environment=turned)
    )


def test_a_failed_version_says_why(registry: SageMakerRegistry, sagemaker: Any, group: str) -> None:
    profile = {
        "ProfileName": "smoke",
        "TransformJobDefinition": {
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://in"}}
            },
            "TransformOutput": {"S3OutputPath": "s3://out"},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        },
    }
    role = "arn:aws:iam::123456789012:role/validation"
    validation = {"ValidationRole": role, "ValidationProfiles": [profile]}
    arn = register(sagemaker, group, ValidationSpecification=validation)
    before = registry.describe(arn)
    finish_validation(arn, "the container does not start")

    after = registry.describe(arn)
    assert (before.readiness, before.failures) == (Readiness.IN_PROGRESS, ())
    assert after.readiness is Readiness.FAILED
    assert after.failures == ("the container does not start",)


def test_a_failure_without_a_reason_is_named(registry: SageMakerRegistry, answers: Stubber) -> None:
    details = {
        "ValidationStatuses": [{"Name": "smoke", "Status": "Completed"}],
        "ImageScanStatuses": [{"Name": IMAGE, "Status": "Failed"}],
    }
    raw = a_description(ModelPackageStatus="Failed", ModelPackageStatusDetails=details)
    answers.add_response("describe_model_package", raw)

    assert registry.describe(Arn(arn_of(1))).failures == (f"{IMAGE} failed.",)


def test_an_unversioned_package_is_set_aside(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    created = sagemaker.create_model_package(ModelPackageName=group)

    with pytest.raises(Ignored) as caught:
        registry.describe(Arn(created["ModelPackageArn"]))
    assert not isinstance(caught.value, Gone)


def test_trap_8_a_version_that_is_not_found_is_a_validation_exception_and_gone(
    registry: SageMakerRegistry,
) -> None:
    with pytest.raises(Gone):
        registry.describe(Arn(arn_of(1)))


def test_an_arn_that_no_version_can_have_is_no_deleted_version(
    registry: SageMakerRegistry,
) -> None:
    with pytest.raises(UnknownRefusal, match="1 validation error detected"):
        registry.describe(Arn("arn:aws:nonsense"))


@pytest.mark.parametrize(
    "message",
    [
        # aws/amazon-sagemaker-examples#1438: the version may be there, in another Region.
        "ARN should be scoped to correct region: us-west-2",
        "1 validation error detected: Value at 'modelPackageName' failed to satisfy constraint",
        # aws/amazon-sagemaker-feedback#232
        "The requested resource was not found. Please check the capitalization of the resource",
        "Key 'arn:aws:kms:us-east-1:123456789012:key/1' does not exist",
        "",
    ],
)
def test_another_validation_exception_is_not_taken_for_a_deleted_version(
    registry: SageMakerRegistry, answers: Stubber, message: str
) -> None:
    answers.add_client_error("describe_model_package", "ValidationException", message)

    with pytest.raises(UnknownRefusal, match="ValidationException"):
        registry.describe(Arn(arn_of(1)))


@pytest.mark.parametrize(
    "message",
    [
        f"ModelPackage {arn_of(1)} does not exist.",
        f"Model Package {arn_of(1)} does not exist",
    ],
)
def test_a_version_that_does_not_exist_is_gone(
    registry: SageMakerRegistry, answers: Stubber, message: str
) -> None:
    answers.add_client_error("describe_model_package", "ValidationException", message)

    with pytest.raises(Gone):
        registry.describe(Arn(arn_of(1)))


# --- listing --------------------------------------------------------------------------------------


def test_trap_8_type_and_order_are_spelled_out_in_every_listing(
    registry: SageMakerRegistry, sagemaker: Any
) -> None:
    calls = recorded(sagemaker)
    registry.versions("fraud")
    registry.versions_with_status(Status.REJECTED)

    assert calls == [
        ("ListModelPackages", {**LISTING, "ModelPackageGroupName": "fraud"}),
        ("ListModelPackages", {**LISTING, "ModelApprovalStatus": "Rejected"}),
    ]


def test_unversioned_packages_are_in_no_listing(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    sagemaker.create_model_package(ModelPackageName=group, ModelApprovalStatus="Rejected")
    arn = register(sagemaker, group, ModelApprovalStatus="Rejected")

    assert [version.arn for version in registry.versions_with_status(Status.REJECTED)] == [arn]


def test_one_listing_answers_for_all_groups(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    for number in range(3):
        register(sagemaker, f"{group}-{number}")
    calls = recorded(sagemaker)
    registry.versions_with_status(Status.PENDING)

    assert [name for name, _ in calls] == ["ListModelPackages"]


def test_trap_8_an_empty_page_need_not_be_the_last(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    pages: list[Json] = [
        {"ModelPackageSummaryList": [], "NextToken": "a"},
        {"ModelPackageSummaryList": [a_summary(2)], "NextToken": "b"},
        {"ModelPackageSummaryList": [], "NextToken": "c"},
        {"ModelPackageSummaryList": [a_summary(1)]},
    ]
    for page in pages:
        answers.add_response("list_model_packages", page)

    assert [version.number for version in registry.versions("fraud")] == [2, 1]


def test_no_page_is_asked_for_that_is_not_needed(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    page = {"ModelPackageSummaryList": [a_summary(3), a_summary(2)], "NextToken": "a"}
    answers.add_response("list_model_packages", {"ModelPackageSummaryList": [], "NextToken": "b"})
    answers.add_response("list_model_packages", page)

    assert [version.number for version in registry.versions("fraud", most=2)] == [3, 2]
    answers.assert_no_pending_responses()


def test_a_listing_needs_only_the_fields_that_aws_always_returns(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    answers.add_response("list_model_packages", {"ModelPackageSummaryList": [a_summary(1)]})

    (version,) = registry.versions("fraud")
    assert (version.status, version.description) == (Status.PENDING, "")


def test_a_listed_package_without_a_number_is_not_a_version(
    registry: SageMakerRegistry, answers: Stubber
) -> None:
    unversioned = a_summary(2)
    del unversioned["ModelPackageVersion"], unversioned["ModelPackageGroupName"]
    page = {"ModelPackageSummaryList": [unversioned, a_summary(1)]}
    answers.add_response("list_model_packages", page)

    assert [version.number for version in registry.versions_with_status(Status.PENDING)] == [1]


def test_groups_are_read_to_the_last_page(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    names = [f"{group}-{number:03}" for number in range(101)]
    for name in names:
        sagemaker.create_model_package_group(ModelPackageGroupName=name)
    calls = recorded(sagemaker)

    listed = [name for name in registry.groups() if name.startswith(group)]
    assert listed == names
    assert len(calls) > 1


# --- deciding -------------------------------------------------------------------------------------


def test_one_call_contains_the_whole_decision(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    arn = register(sagemaker, group)
    calls = recorded(sagemaker)
    decision = approval(arn)
    registry.apply(decision)

    assert calls == [
        (
            "UpdateModelPackage",
            {
                "ModelPackageArn": arn,
                "ModelApprovalStatus": "Approved",
                "ApprovalDescription": description(decision),
                "CustomerMetadataProperties": metadata(decision),
                "ClientToken": decision.id,
            },
        )
    ]


def test_a_comment_of_any_length_and_characters_is_accepted(
    registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    arn = register(sagemaker, group)
    registry.apply(approval(arn, comment="gut\r\n😀\u2028\u202eevil <!channel> " * 400))

    version = registry.describe(arn)
    assert version.status is Status.APPROVED
    assert "\n" not in version.comment
    assert (
        DESCRIPTION_LIMIT - 10 < len(version.comment.encode("utf-16-le")) // 2 <= DESCRIPTION_LIMIT
    )


@pytest.mark.parametrize("error", ["AccessDeniedException", "ValidationException"])
def test_a_decision_that_aws_will_never_accept_is_declined(
    aws: Aws, registry: SageMakerRegistry, sagemaker: Any, group: str, error: str
) -> None:
    arn = register(sagemaker, group)
    aws.faults.add("UpdateModelPackage", error)

    with pytest.raises(Declined, match=error):
        registry.apply(approval(arn))
    assert registry.describe(arn).status is Status.PENDING


def test_a_change_by_somebody_else_at_the_same_moment_is_a_reason_to_wait(
    aws: Aws, registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    arn = register(sagemaker, group)
    aws.faults.add("UpdateModelPackage", "ConflictException")

    with pytest.raises(Unavailable):
        registry.apply(approval(arn))


def test_a_decision_whose_answer_was_lost_is_made_once(
    aws: Aws, registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    arn = register(sagemaker, group)
    decision = approval(arn)
    aws.faults.add("UpdateModelPackage", "timeout")
    with pytest.raises(Unavailable):
        registry.apply(decision)
    decided = registry.describe(arn)
    registry.apply(decision)

    assert decided.status is Status.APPROVED
    assert registry.describe(arn) == decided


# --- outages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", BUSY)
@pytest.mark.parametrize("operation", CALLS)
def test_an_outage_is_a_reason_to_wait(  # noqa: PLR0917
    aws: Aws, registry: SageMakerRegistry, sagemaker: Any, group: str, operation: str, error: str
) -> None:
    arn = register(sagemaker, group)
    aws.faults.add(operation, error)

    with pytest.raises(Unavailable):
        CALLS[operation](registry, arn)
    CALLS[operation](registry, arn)


def test_an_outage_between_two_pages_returns_no_partial_listing(
    aws: Aws, registry: SageMakerRegistry, sagemaker: Any, group: str
) -> None:
    for number in range(101):
        sagemaker.create_model_package_group(ModelPackageGroupName=f"{group}-{number:03}")

    def fail_the_second(model: Any, params: Json, **_: Any) -> None:
        if "NextToken" in params:
            aws.faults.add(model.name, "ThrottlingException")

    sagemaker.meta.events.register(
        "provide-client-params.sagemaker.ListModelPackageGroups", fail_the_second
    )

    with pytest.raises(Unavailable):
        registry.groups()
