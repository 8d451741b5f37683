"""Each claim about the corrected registry, made by a real client."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.events.models import Rule
from moto.sagemaker.models import sagemaker_backends
from moto.server import ThreadedMotoServer

from infra.local.registry import correct, deliver_to_functions, finish_validation

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]

REGION = "eu-west-1"
ACCOUNT = "123456789012"  # moto's own
MODEL: Any = botocore.session.get_session().get_service_model("sagemaker")
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:registry-event"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/churn:1"
INFERENCE = {
    "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/churn/model.tar.gz"}],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}
CARD = {
    "intended_uses": {"risk_rating": "High", "purpose_of_model": "to see who leaves"},
    "business_details": {"line_of_business": "retention"},
}
VALIDATION = {
    "ValidationRole": f"arn:aws:iam::{ACCOUNT}:role/validation",
    "ValidationProfiles": [
        {
            "ProfileName": "smoke",
            "TransformJobDefinition": {
                "TransformInput": {
                    "DataSource": {
                        "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://models/in"}
                    }
                },
                "TransformOutput": {"S3OutputPath": "s3://models/out"},
                "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            },
        }
    ],
}
EVERYTHING: Json = {
    "ModelPackageDescription": "the third try",
    "ModelPackageRegistrationType": "Registered",
    "InferenceSpecification": INFERENCE,
    "ModelApprovalStatus": "Rejected",
    "MetadataProperties": {"CommitId": "abc123", "GeneratedBy": "pipeline/churn"},
    "ModelMetrics": {
        "ModelQuality": {
            "Statistics": {"ContentType": "application/json", "S3Uri": "s3://models/eval.json"}
        }
    },
    "Domain": "MACHINE_LEARNING",
    "Task": "CLASSIFICATION",
    "SamplePayloadUrl": "s3://models/sample.tar.gz",
    "CustomerMetadataProperties": {"team": "growth"},
    "DriftCheckBaselines": {"Bias": {"ConfigFile": {"S3Uri": "s3://models/bias.json"}}},
    "AdditionalInferenceSpecifications": [{"Name": "gpu", "Containers": [{"Image": IMAGE}]}],
    "SkipModelValidation": "None",
    "SourceUri": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/churn",
    "SecurityConfig": {"KmsKeyId": "alias/models"},
    "ModelCard": {"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "Draft"},
    "ModelLifeCycle": {"Stage": "Development", "StageStatus": "PendingApproval"},
}


@cache
def client(service: str, *keys: str) -> Any:
    """Make one client per service and caller; it checks nothing, so that the registry has to."""
    key, secret, *token = keys or ("AKIDann", "secret")
    return boto3.client(
        service,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token[0] if token else None,
        config=Config(parameter_validation=False),
    )


@pytest.fixture
def events() -> list[Json]:
    return []


@pytest.fixture
def registry(events: list[Json]) -> Iterator[Any]:
    with mock_aws():
        correct(events.append)
        sagemaker = client("sagemaker")
        sagemaker.create_model_package_group(ModelPackageGroupName="Churn")
        yield sagemaker


def a_version(registry: Any, **said: Any) -> str:
    arn: str = registry.create_model_package(**{"ModelPackageGroupName": "Churn"} | said)[
        "ModelPackageArn"
    ]
    return arn


def described(registry: Any, name: str, **more: Any) -> Json:
    answer: Json = registry.describe_model_package(ModelPackageName=name, **more)
    del answer["ResponseMetadata"]
    return answer


def listed(registry: Any, **asked: Any) -> list[int]:
    page = registry.list_model_packages(**{"ModelPackageGroupName": "Churn"} | asked)
    return [each["ModelPackageVersion"] for each in page["ModelPackageSummaryList"]]


def refusal(call: Any, **sent: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**sent)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return str(refused.value.response["Error"]["Message"])


def stated(shape: str, constraint: str) -> Any:
    return MODEL.shape_for(shape).metadata[constraint]


# --- 1. update ----------------------------------------------------------------------------------


def test_trap_11_an_update_changes_only_what_it_sends(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)
    before = described(registry, arn)

    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="looks good")

    after = described(registry, arn)
    assert after.pop("ApprovalDescription") == "looks good"
    assert after.keys() - before.keys() == {"LastModifiedTime", "LastModifiedBy"}
    assert {field: after[field] for field in before} == before


def test_a_status_alone_leaves_the_description_and_the_metadata(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth"})
    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="looks good")

    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    package = described(registry, arn)
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["ApprovalDescription"] == "looks good"
    assert package["CustomerMetadataProperties"] == {"team": "growth"}


def test_an_empty_description_is_a_description(registry: Any) -> None:
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="looks good")

    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="")

    assert described(registry, arn)["ApprovalDescription"] == ""


def test_metadata_is_merged(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth", "tier": "1"})

    registry.update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"tier": "2", "by": "ann"}
    )

    properties = described(registry, arn)["CustomerMetadataProperties"]
    assert properties == {"team": "growth", "tier": "2", "by": "ann"}


def test_metadata_can_be_removed_without_sending_any(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth", "tier": "1"})

    registry.update_model_package(
        ModelPackageArn=arn, CustomerMetadataPropertiesToRemove=["tier", "never-there"]
    )

    assert described(registry, arn)["CustomerMetadataProperties"] == {"team": "growth"}


def test_the_last_property_removed_leaves_no_metadata(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth"})

    registry.update_model_package(ModelPackageArn=arn, CustomerMetadataPropertiesToRemove=["team"])

    assert "CustomerMetadataProperties" not in described(registry, arn)


def test_more_inference_specifications_are_appended(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    registry.update_model_package(
        ModelPackageArn=arn,
        AdditionalInferenceSpecificationsToAdd=[{"Name": "cpu", "Containers": [{"Image": IMAGE}]}],
    )

    specifications = described(registry, arn)["AdditionalInferenceSpecifications"]
    assert [each["Name"] for each in specifications] == ["gpu", "cpu"]


def test_there_cannot_be_more_inference_specifications_in_total_than_the_model_says(
    registry: Any,
) -> None:
    most = stated("AdditionalInferenceSpecifications", "max")
    arn = a_version(registry, **EVERYTHING)
    more = [{"Name": f"n{n}", "Containers": [{"Image": IMAGE}]} for n in range(most)]

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        AdditionalInferenceSpecificationsToAdd=more,
    )

    assert message.endswith(f"Member must have length less than or equal to {most}")
    assert len(described(registry, arn)["AdditionalInferenceSpecifications"]) == 1


def test_an_update_that_is_refused_changes_nothing(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    before = described(registry, arn)

    refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="two\nlines",
    )

    assert described(registry, arn) == before
    assert len(events) == 1


# --- 2. fields ----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", EVERYTHING)
def test_what_create_takes_and_describe_returns_is_kept(registry: Any, field: str) -> None:
    assert field in MODEL.operation_model("CreateModelPackage").input_shape.members
    assert field in MODEL.operation_model("DescribeModelPackage").output_shape.members

    assert described(registry, a_version(registry, **EVERYTHING))[field] == EVERYTHING[field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ModelLifeCycle", {"Stage": "QA", "StageStatus": "Approved", "StageDescription": "ok"}),
        ("SourceUri", "s3://models/other"),
        ("ModelPackageRegistrationType", "Logged"),
        ("InferenceSpecification", {"Containers": [{"Image": "other:2"}]}),
    ],
)
def test_an_update_replaces_the_field_it_sends(registry: Any, field: str, value: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    registry.update_model_package(ModelPackageArn=arn, **{field: value})

    assert described(registry, arn)[field] == value


def test_a_new_card_status_keeps_the_cards_content(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    registry.update_model_package(ModelPackageArn=arn, ModelCard={"ModelCardStatus": "Approved"})

    card = described(registry, arn)["ModelCard"]
    assert card == {"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "Approved"}


def test_metadata_only_keeps_of_the_card_what_needs_no_key(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    whole = described(registry, arn, IncludedData="AllData")
    cut = described(registry, arn, IncludedData="MetadataOnly")

    card = cut.pop("ModelCard")
    assert json.loads(card["ModelCardContent"]) == {"intended_uses": {"risk_rating": "High"}}
    assert card["ModelCardStatus"] == "Draft"
    assert cut == {field: whole[field] for field in whole if field != "ModelCard"}


def test_what_is_not_set_is_absent(registry: Any) -> None:
    package = described(registry, a_version(registry))

    assert not {"ModelCard", "CustomerMetadataProperties", "LastModifiedTime"} & package.keys()
    assert None not in package.values()


# --- 3. approval status -------------------------------------------------------------------------


def test_a_version_starts_as_pending(registry: Any) -> None:
    arn = a_version(registry)

    summary = registry.list_model_packages(ModelPackageGroupName="Churn")
    assert described(registry, arn)["ModelApprovalStatus"] == "PendingManualApproval"
    assert summary["ModelPackageSummaryList"][0]["ModelApprovalStatus"] == "PendingManualApproval"
    assert listed(registry, ModelApprovalStatus="PendingManualApproval") == [1]


def test_a_version_can_start_as_approved(registry: Any) -> None:
    arn = a_version(registry, ModelApprovalStatus="Approved")

    assert described(registry, arn)["ModelApprovalStatus"] == "Approved"


def test_a_summary_has_the_summarys_fields_only(registry: Any) -> None:
    a_version(registry, **EVERYTHING)

    [summary] = registry.list_model_packages(ModelPackageGroupName="Churn")[
        "ModelPackageSummaryList"
    ]
    fields = MODEL.shape_for("ModelPackageSummary").members.keys()
    assert summary.keys() == fields - {"ModelPackageName"}
    assert summary["ModelLifeCycle"] == EVERYTHING["ModelLifeCycle"]
    assert summary["ModelPackageRegistrationType"] == "Registered"


# --- 4. ARNs and names --------------------------------------------------------------------------


def test_trap_11_an_arn_keeps_the_case_of_the_group(registry: Any) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/Churn/1"

    assert a_version(registry) == arn
    assert described(registry, arn)["ModelPackageArn"] == arn


def test_a_version_is_found_by_group_and_number(registry: Any) -> None:
    arn = a_version(registry)

    assert described(registry, "Churn/1")["ModelPackageArn"] == arn


def test_a_version_is_found_whatever_the_case(registry: Any) -> None:
    arn = a_version(registry)

    assert described(registry, arn.lower())["ModelPackageArn"] == arn


def test_the_exact_spelling_is_found_first(registry: Any) -> None:
    for name in ("Alone", "alone"):
        registry.create_model_package(ModelPackageName=name)

    assert described(registry, "Alone")["ModelPackageName"] == "Alone"
    assert described(registry, "alone")["ModelPackageName"] == "alone"


def test_the_name_of_a_group_is_not_a_package(registry: Any) -> None:
    a_version(registry)

    assert refusal(registry.describe_model_package, ModelPackageName="Churn").endswith(
        "model-package/Churn does not exist."
    )


def test_a_group_is_found_by_arn(registry: Any) -> None:
    by_name = registry.describe_model_package_group(ModelPackageGroupName="Churn")
    arn = by_name["ModelPackageGroupArn"]

    by_arn = registry.describe_model_package_group(ModelPackageGroupName=arn)

    assert by_arn["ModelPackageGroupName"] == "Churn"
    assert by_arn["CreationTime"] == by_name["CreationTime"]


def test_a_version_is_registered_and_listed_by_the_arn_of_its_group(registry: Any) -> None:
    group = registry.describe_model_package_group(ModelPackageGroupName="Churn")
    arn = a_version(registry, ModelPackageGroupName=group["ModelPackageGroupArn"])

    assert arn.endswith(":model-package/Churn/1")
    assert described(registry, arn)["ModelPackageGroupName"] == "Churn"
    assert listed(registry, ModelPackageGroupName=group["ModelPackageGroupArn"]) == [1]


def test_the_arn_of_a_group_elsewhere_is_not_the_one_here(registry: Any) -> None:
    elsewhere = f"arn:aws:sagemaker:{REGION}:999999999999:model-package-group/Churn"

    message = refusal(registry.create_model_package, ModelPackageGroupName=elsewhere)

    assert message == f"ModelPackageGroup {elsewhere} does not exist."


def test_a_version_has_no_package_name_and_a_single_package_no_group(registry: Any) -> None:
    version = described(registry, a_version(registry))
    registry.create_model_package(ModelPackageName="Alone")
    alone = described(registry, "Alone")

    assert "ModelPackageName" not in version
    assert alone["ModelPackageName"] == "Alone"
    assert alone["ModelPackageArn"].endswith(":model-package/Alone")
    assert not {"ModelPackageGroupName", "ModelPackageVersion"} & alone.keys()


# --- 5. created and modified by -----------------------------------------------------------------


def test_the_caller_is_named(registry: Any) -> None:
    arn = a_version(registry)
    client("sagemaker", "AKIDbob", "secret").update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved"
    )

    package = described(registry, arn)
    ann, bob = (f"arn:aws:iam::{ACCOUNT}:user/{key}" for key in ("AKIDann", "AKIDbob"))
    assert package["CreatedBy"] == {"IamIdentity": {"Arn": ann, "PrincipalId": "AKIDann"}}
    assert package["LastModifiedBy"] == {"IamIdentity": {"Arn": bob, "PrincipalId": "AKIDbob"}}


def test_a_role_is_named_with_its_session(registry: Any) -> None:
    arn = a_version(registry)
    role = f"arn:aws:iam::{ACCOUNT}:role/approvals"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="U012ABC")["Credentials"]
    bot = client("sagemaker", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    bot.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    who = described(registry, arn)["LastModifiedBy"]["IamIdentity"]
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/approvals/U012ABC"
    assert who["PrincipalId"].endswith(":U012ABC")


def test_a_user_that_iam_knows_is_named(registry: Any) -> None:
    user = client("iam").create_user(UserName="carol")["User"]
    keys = client("iam").create_access_key(UserName="carol")["AccessKey"]

    arn = a_version(client("sagemaker", keys["AccessKeyId"], keys["SecretAccessKey"]))

    who = described(registry, arn)["CreatedBy"]["IamIdentity"]
    assert who == {"Arn": user["Arn"], "PrincipalId": user["UserId"]}


# --- 6. not there, there twice ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Churn/7", "Nothing/1", "Alone"])
def test_a_package_that_is_not_there_does_not_exist(registry: Any, name: str) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{name}"

    assert refusal(registry.describe_model_package, ModelPackageName=name) == (
        f"ModelPackage {arn} does not exist."
    )
    assert refusal(registry.update_model_package, ModelPackageArn=arn) == (
        f"ModelPackage {arn} does not exist."
    )


def test_a_group_that_is_not_there_does_not_exist(registry: Any) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/Nothing"
    message = f"ModelPackageGroup {arn} does not exist."

    assert message == refusal(
        registry.describe_model_package_group, ModelPackageGroupName="Nothing"
    )
    assert message == refusal(registry.create_model_package, ModelPackageGroupName="Nothing")


def test_a_group_that_is_there_is_refused_and_not_replaced(registry: Any) -> None:
    before = registry.describe_model_package_group(ModelPackageGroupName="Churn")

    message = refusal(
        registry.create_model_package_group,
        ModelPackageGroupName="Churn",
        ModelPackageGroupDescription="another",
    )

    after = registry.describe_model_package_group(ModelPackageGroupName="Churn")
    assert message == f"Model Package Group already exists: {before['ModelPackageGroupArn']}"
    assert after["CreationTime"] == before["CreationTime"]
    assert "ModelPackageGroupDescription" not in after


def test_a_group_that_does_not_exist_has_no_versions(registry: Any) -> None:
    a_version(registry)

    assert listed(registry, ModelPackageGroupName="Nothing") == []


# --- 7. client token ----------------------------------------------------------------------------


def test_a_repeated_create_is_answered_and_not_repeated(registry: Any, events: list[Json]) -> None:
    first = a_version(registry, ClientToken="same-one")

    assert a_version(registry, ClientToken="same-one") == first
    assert listed(registry) == [1]
    assert len(events) == 1


def test_a_repeated_update_is_answered_and_not_repeated(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    decision = {"ModelPackageArn": arn, "ModelApprovalStatus": "Approved", "ClientToken": "d-1"}
    registry.update_model_package(**decision)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")

    assert registry.update_model_package(**decision)["ModelPackageArn"] == arn

    assert described(registry, arn)["ModelApprovalStatus"] == "Rejected"
    assert len(events) == 3


def test_a_token_is_not_used_up_by_a_refusal(registry: Any) -> None:
    arn = a_version(registry)
    refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        ApprovalDescription="two\nlines",
        ClientToken="d-1",
    )

    registry.update_model_package(
        ModelPackageArn=arn, ApprovalDescription="one line", ClientToken="d-1"
    )

    assert described(registry, arn)["ApprovalDescription"] == "one line"


def test_without_a_token_each_call_counts(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    for _ in range(2):
        registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert len(events) == 3


# --- 8. versions and pages ----------------------------------------------------------------------


def test_a_number_is_the_highest_plus_one(registry: Any) -> None:
    for _ in range(3):
        a_version(registry)
    backend = sagemaker_backends[ACCOUNT][REGION]
    del backend.model_packages[f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/Churn/1"]

    assert a_version(registry).endswith("/4")


def test_a_page_survives_that_its_neighbour_leaves_the_filter(registry: Any) -> None:
    arns = [a_version(registry) for _ in range(4)]
    pending = {"ModelApprovalStatus": "PendingManualApproval", "ModelPackageGroupName": "Churn"}
    first = registry.list_model_packages(**pending, MaxResults=1)
    for arn in arns[:2]:
        registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert listed(registry, **pending, MaxResults=1, NextToken=first["NextToken"]) == [3]


@pytest.mark.parametrize("by", stated("ModelPackageSortBy", "enum"))
@pytest.mark.parametrize("order", stated("SortOrder", "enum"))
def test_pages_put_together_are_the_whole_list(registry: Any, by: str, order: str) -> None:
    for _ in range(11):
        a_version(registry)
    pages = registry.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName="Churn", SortBy=by, SortOrder=order, PaginationConfig={"PageSize": 4}
    )

    found = [[each["ModelPackageVersion"] for each in p["ModelPackageSummaryList"]] for p in pages]
    ascending = list(range(1, 12))
    assert [len(page) for page in found] == [4, 4, 3]
    assert list(chain.from_iterable(found)) == (
        ascending if order == "Ascending" else ascending[::-1]
    )


def test_equal_creation_times_are_ordered_by_version(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.registry.backend.utcnow", lambda: datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 - moto's times are naive
    for _ in range(11):
        a_version(registry)

    assert listed(registry, MaxResults=100) == list(range(1, 12))
    assert listed(registry, MaxResults=100, SortOrder="Descending") == list(range(11, 0, -1))


def test_a_list_is_ascending_unless_asked_as_the_model_says(registry: Any) -> None:
    text = MODEL.operation_model("ListModelPackages").input_shape.members["SortOrder"]
    assert "The default is <code>Ascending</code>" in text.documentation
    for _ in range(3):
        a_version(registry)

    assert listed(registry) == [1, 2, 3]


def test_a_page_has_ten_unless_asked(registry: Any) -> None:
    for _ in range(11):
        a_version(registry)

    assert listed(registry) == list(range(1, 11))


@pytest.mark.parametrize("token", ["garbage", "e30=", "WyJOYW1lIl0=", "MQ==", "äöü"])
def test_a_token_that_is_none_is_refused(registry: Any, token: str) -> None:
    assert refusal(registry.list_model_packages, NextToken=token) == "Invalid NextToken."
    assert refusal(registry.list_model_package_groups, NextToken=token) == "Invalid NextToken."


def test_a_token_of_another_order_is_refused(registry: Any) -> None:
    for _ in range(2):
        a_version(registry)
    page = registry.list_model_packages(ModelPackageGroupName="Churn", MaxResults=1)

    message = refusal(
        registry.list_model_packages,
        ModelPackageGroupName="Churn",
        SortBy="Name",
        NextToken=page["NextToken"],
    )

    assert message == "Invalid NextToken."


def test_without_group_or_type_only_single_packages_are_listed(registry: Any) -> None:
    a_version(registry)
    registry.create_model_package(ModelPackageName="Alone")

    def names(**asked: Any) -> list[str]:
        page = registry.list_model_packages(**asked)
        return [
            each["ModelPackageArn"].split("/", 1)[1] for each in page["ModelPackageSummaryList"]
        ]

    assert names() == ["Alone"]
    assert names(ModelPackageType="Unversioned") == ["Alone"]
    assert names(ModelPackageType="Versioned") == ["Churn/1"]
    assert names(ModelPackageType="Both", SortBy="Name") == ["Alone", "Churn/1"]


def test_lists_are_filtered_by_name_and_time(registry: Any) -> None:
    a_version(registry)
    registry.create_model_package_group(ModelPackageGroupName="Risk")
    a_version(registry, ModelPackageGroupName="Risk")
    soon = datetime.now(UTC) + timedelta(minutes=1)

    def groups(**asked: Any) -> list[str]:
        page = registry.list_model_package_groups(**asked)
        return [each["ModelPackageGroupName"] for each in page["ModelPackageGroupSummaryList"]]

    assert groups(NameContains="is") == ["Risk"]
    assert groups(CreationTimeAfter=soon) == []
    assert groups(CreationTimeBefore=soon, SortOrder="Descending") == ["Risk", "Churn"]
    assert listed(registry, CreationTimeAfter=soon) == []
    assert listed(registry, CreationTimeBefore=soon, NameContains="hur") == [1]


def test_groups_are_paged_alike(registry: Any) -> None:
    registry.create_model_package_group(ModelPackageGroupName="Risk")
    first = registry.list_model_package_groups(MaxResults=1, SortBy="Name")

    second = registry.list_model_package_groups(SortBy="Name", NextToken=first["NextToken"])

    assert second["ModelPackageGroupSummaryList"][0]["ModelPackageGroupName"] == "Risk"
    assert "NextToken" not in second


# --- 9. limits ----------------------------------------------------------------------------------


def test_a_description_may_be_as_long_as_the_model_says_and_no_longer(registry: Any) -> None:
    most = stated("ApprovalDescription", "max")
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="é" * most)

    message = refusal(
        registry.update_model_package, ModelPackageArn=arn, ApprovalDescription="x" * (most + 1)
    )

    assert message == (
        f"1 validation error detected: Value '{'x' * (most + 1)}' at 'approvalDescription' failed "
        f"to satisfy constraint: Member must have length less than or equal to {most}"
    )


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_a_description_is_one_line(registry: Any, newline: str) -> None:
    text = f"looks{newline}good"

    message = refusal(
        registry.update_model_package, ModelPackageArn=a_version(registry), ApprovalDescription=text
    )

    assert message == (
        f"1 validation error detected: Value '{text}' at 'approvalDescription' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: "
        f"{stated('ApprovalDescription', 'pattern')}"
    )


@pytest.mark.parametrize("call", ["create_model_package", "update_model_package"])
def test_a_status_is_one_that_the_model_knows(registry: Any, call: str) -> None:
    about = {
        "create_model_package": {"ModelPackageGroupName": "Churn"},
        "update_model_package": {"ModelPackageArn": a_version(registry)},
    }

    message = refusal(getattr(registry, call), **about[call], ModelApprovalStatus="approved")

    assert message == (
        "1 validation error detected: Value 'approved' at 'modelApprovalStatus' failed to satisfy "
        "constraint: Member must satisfy enum value set: "
        f"[{', '.join(stated('ModelApprovalStatus', 'enum'))}]"
    )


@pytest.mark.parametrize(
    "value",
    ["U012ABC", "ann@example.org", "2026-03-01T09:00:00Z", "https://x.slack.com/archives/C0/p17"],
)
def test_metadata_takes_ids(registry: Any, value: str) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"by": value})

    assert described(registry, arn)["CustomerMetadataProperties"] == {"by": value}


@pytest.mark.parametrize(
    "value",
    [
        "looks good, ship",
        "<@U1>",
        "100%",
        '{"a": 1}',
        "(ok)",
        "two\nlines",
        "?thread_ts=1",
        "x" * 257,
    ],
)
def test_metadata_takes_no_prose(registry: Any, value: str) -> None:
    arn = a_version(registry)

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        CustomerMetadataProperties={"ok": "yes", "why": value},
    )

    assert message == (
        f"1 validation error detected: Value '{{ok=yes, why={value}}}' at "
        "'customerMetadataProperties' failed to satisfy constraint: Map value must satisfy "
        f"constraint: [Member must have length less than or equal to "
        f"{stated('CustomerMetadataValue', 'max')}, Member must have length greater than or equal "
        f"to {stated('CustomerMetadataValue', 'min')}, Member must satisfy regular expression "
        f"pattern: {stated('CustomerMetadataValue', 'pattern')}]"
    )


@pytest.mark.parametrize("key", ["a,b", "x" * 129, ""])
def test_metadata_keys_are_limited_too(registry: Any, key: str) -> None:
    message = refusal(
        registry.create_model_package,
        ModelPackageGroupName="Churn",
        CustomerMetadataProperties={key: "x"},
    )

    assert "Map keys must satisfy constraint: [Member must have length less than" in message


def test_metadata_is_counted_after_the_merge(registry: Any) -> None:
    most = stated("CustomerMetadataMap", "max")
    arn = a_version(registry, CustomerMetadataProperties={f"k{n}": "x" for n in range(most)})

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        CustomerMetadataProperties={"one-more": "x"},
    )

    assert "at 'customerMetadataProperties' failed" in message
    assert message.endswith(f"Member must have length less than or equal to {most}")


def test_a_limit_deep_inside_is_found_and_its_place_named(registry: Any) -> None:
    containers = [{"Image": IMAGE}, {"Image": "has space"}]

    message = refusal(
        registry.create_model_package,
        ModelPackageGroupName="Churn",
        InferenceSpecification={"Containers": containers},
    )

    assert message == (
        "1 validation error detected: Value 'has space' at "
        "'inferenceSpecification.containers.2.member.image' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {stated('ContainerImage', 'pattern')}"
    )


def test_items_of_a_plain_list_are_reported_by_the_list(registry: Any) -> None:
    message = refusal(
        registry.create_model_package,
        ModelPackageGroupName="Churn",
        InferenceSpecification=INFERENCE | {"SupportedContentTypes": ["x" * 300]},
    )

    assert "'inferenceSpecification.supportedContentTypes' failed to satisfy" in message
    assert "Member must satisfy constraint: [Member must have length less than" in message


def test_every_broken_limit_is_counted(registry: Any) -> None:
    message = refusal(
        registry.update_model_package,
        ModelPackageArn=a_version(registry),
        ModelApprovalStatus="Nope",
        ApprovalDescription="x\n" * 1000,
    )

    assert message.startswith("3 validation errors detected: Value 'Nope'")
    assert message.count("; Value ") == 2


def test_what_the_model_calls_sensitive_is_not_repeated(registry: Any) -> None:
    most = stated("ModelCardContent", "max")

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=a_version(registry),
        ModelCard={"ModelCardContent": "x" * (most + 1)},
    )

    assert message == (
        "1 validation error detected: Value at 'modelCard.modelCardContent' failed to satisfy "
        f"constraint: Member must have length less than or equal to {most}"
    )


def test_what_the_model_requires_must_be_there(registry: Any) -> None:
    assert refusal(registry.update_model_package) == (
        "1 validation error detected: Value null at 'modelPackageArn' failed to satisfy "
        "constraint: Member must not be null"
    )
    assert "'modelLifeCycle.stageStatus'" in refusal(
        registry.update_model_package,
        ModelPackageArn=a_version(registry),
        ModelLifeCycle={"Stage": "QA"},
    )


@pytest.mark.parametrize(("size", "bound"), [(0, "greater"), (101, "less")])
def test_a_page_size_is_within_the_models_range(registry: Any, size: int, bound: str) -> None:
    limit = stated("MaxResults", "min" if bound == "greater" else "max")

    for call in (registry.list_model_packages, registry.list_model_package_groups):
        assert refusal(call, MaxResults=size) == (
            f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy "
            f"constraint: Member must have value {bound} than or equal to {limit}"
        )


@pytest.mark.parametrize(
    ("call", "sent", "place"),
    [
        ("create_model_package_group", {"ModelPackageGroupName": "a_b"}, "modelPackageGroupName"),
        ("create_model_package", {"ModelPackageName": "a_b"}, "modelPackageName"),
        ("describe_model_package", {"ModelPackageName": "Churn/1/2"}, "modelPackageName"),
        ("update_model_package", {"ModelPackageArn": "Churn/1"}, "modelPackageArn"),
        ("list_model_packages", {"NameContains": "a b"}, "nameContains"),
        ("list_model_package_groups", {"SortBy": "Age"}, "sortBy"),
    ],
)
def test_every_operation_of_the_registry_keeps_its_limits(
    registry: Any, call: str, sent: Json, place: str
) -> None:
    assert f" at '{place}' failed to satisfy constraint: " in refusal(
        getattr(registry, call), **sent
    )


def test_nothing_is_enforced_that_the_model_does_not_state(registry: Any) -> None:
    text = MODEL.operation_model("CreateModelPackage").input_shape.members["Domain"]
    assert not text.metadata

    arn = a_version(registry, Domain="two\nlines" * 1000)
    for status in ("Approved", "PendingManualApproval", "Rejected"):
        registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus=status)

    assert described(registry, arn)["ModelApprovalStatus"] == "Rejected"


def test_a_version_refuses_tags_and_a_single_package_takes_them(registry: Any) -> None:
    tags = [{"Key": "team", "Value": "growth"}]
    text = MODEL.operation_model("CreateModelPackage").input_shape.members["Tags"].documentation
    assert "you cannot supply a <code>tag</code> argument" in text

    message = refusal(registry.create_model_package, ModelPackageGroupName="Churn", Tags=tags)
    registry.create_model_package(ModelPackageName="Alone", Tags=tags)

    assert message.startswith("Tags are not supported in Model Package versions.")
    assert listed(registry) == []


def test_a_package_has_a_group_or_a_name_and_not_both(registry: Any) -> None:
    assert refusal(registry.create_model_package) == "Missing ARN."
    assert "Cannot determine which one to use." in refusal(
        registry.create_model_package, ModelPackageGroupName="Churn", ModelPackageName="Alone"
    )


# --- 10. events ---------------------------------------------------------------------------------


def test_trap_11_a_new_version_is_an_event(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, **EVERYTHING)

    [event] = events
    package = described(registry, arn)
    detail = event.pop("detail")
    created = package["CreationTime"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert datetime.fromisoformat(event.pop("time")).utcoffset() == timedelta(0)
    assert len(event.pop("id")) == 36
    assert event == {
        "version": "0",
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "region": REGION,
        "resources": [arn],
    }
    assert detail.pop("CreationTime") == created
    assert detail == {field: package[field] for field in detail}
    assert detail.keys() == {
        "ModelPackageGroupName",
        "ModelPackageVersion",
        "ModelPackageArn",
        "ModelPackageDescription",
        "InferenceSpecification",
        "ModelPackageStatus",
        "ModelPackageStatusDetails",
        "CertifyForMarketplace",
        "ModelApprovalStatus",
        "MetadataProperties",
        "ModelMetrics",
        "ModelLifeCycle",
    }


def test_an_update_is_an_event_that_names_the_fields(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)

    registry.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="looks good",
        CustomerMetadataPropertiesToRemove=["team"],
        SourceUri="s3://models/other",
        ModelLifeCycle={"Stage": "QA", "StageStatus": "Approved"},
    )

    detail = events[-1]["detail"]
    # "sourceUri" is spelled so on the events page.
    assert set(detail["UpdatedModelPackageFields"]) == {
        "ModelApprovalStatus",
        "ApprovalDescription",
        "CustomerMetadataProperties",
        "sourceUri",
        "ModelLifeCycle",
    }
    assert detail["ModelApprovalStatus"] == "Approved"
    assert detail["ApprovalDescription"] == "looks good"
    assert datetime.fromisoformat(detail["LastModifiedTime"]).utcoffset() == timedelta(0)


def test_an_update_that_changes_nothing_is_an_event(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    again = {"ModelPackageArn": arn, "ModelApprovalStatus": "PendingManualApproval"}

    registry.update_model_package(**again)
    registry.update_model_package(ModelPackageArn=arn)

    assert [each["detail"].get("UpdatedModelPackageFields") for each in events] == [
        None,
        ["ModelApprovalStatus"],
        [],
    ]
    assert len({each["id"] for each in events}) == 3


def test_no_event_names_an_actor(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert len(events) == 2
    assert "AKIDann" not in json.dumps(events)


def test_a_package_without_a_group_is_an_event_too(registry: Any, events: list[Json]) -> None:
    registry.create_model_package(ModelPackageName="Alone")

    detail = events[0]["detail"]
    assert detail["ModelPackageName"] == "Alone"
    assert not {"ModelPackageGroupName", "ModelPackageVersion", "ModelApprovalStatus"} & set(detail)


def test_reading_is_no_event(registry: Any, events: list[Json]) -> None:
    registry.list_model_packages()
    registry.describe_model_package_group(ModelPackageGroupName="Churn")

    assert events == []


def test_an_event_is_a_copy(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, **EVERYTHING)

    events[0]["detail"]["ModelLifeCycle"]["Stage"] = "Production"

    assert described(registry, arn)["ModelLifeCycle"]["Stage"] == "Development"


def test_an_event_that_is_not_taken_is_no_business_of_the_caller(
    registry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_event: Json) -> None:
        raise RuntimeError("nobody listens")

    correct(refuse)

    assert a_version(registry).endswith("/1")
    assert "nobody listens" in caplog.text


def test_correcting_again_changes_who_listens_and_keeps_what_is_registered(registry: Any) -> None:
    arn = a_version(registry)
    others: list[Json] = []

    correct(others.append)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert [each["resources"] for each in others] == [[arn]]


def test_without_a_listener_motos_bus_matches_its_rules(registry: Any) -> None:
    correct()
    queue = client("sqs").create_queue(QueueName="approved")["QueueUrl"]
    a_rule(
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:approved",
        EventPattern=json.dumps(PATTERN | {"detail": {"ModelApprovalStatus": ["Approved"]}}),
    )
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    [message] = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    event = json.loads(message["Body"])
    assert event["resources"] == [arn]
    assert event["detail"]["UpdatedModelPackageFields"] == ["ModelApprovalStatus"]


# --- 11. rules ----------------------------------------------------------------------------------

PATTERN: Json = {
    "source": ["aws.sagemaker"],
    "detail-type": ["SageMaker Model Package State Change"],
}


@pytest.fixture
def calls(
    registry: Any,  # noqa: ARG001 - it starts the world
    monkeypatch: pytest.MonkeyPatch,
) -> list[tuple[str, Json]]:
    """What functions were called with, by the events that the registry puts on moto's bus."""
    monkeypatch.setattr(Rule, "send_to_targets", Rule.send_to_targets)  # put back afterwards
    found: list[tuple[str, Json]] = []
    correct()
    deliver_to_functions(lambda function, event: found.append((function, event)))
    return found


def a_rule(*targets: str, name: str = "registry", **said: str) -> None:
    client("events").put_rule(**{"Name": name, "EventPattern": json.dumps(PATTERN)} | said)
    client("events").put_targets(
        Rule=name, Targets=[{"Id": str(n), "Arn": arn} for n, arn in enumerate(targets)]
    )


def test_a_function_gets_the_whole_event(registry: Any, calls: list[tuple[str, Json]]) -> None:
    a_rule(FUNCTION)

    arn = a_version(registry)

    [(function, event)] = calls
    assert function == FUNCTION
    assert event["resources"] == [arn]
    assert event["detail"]["ModelPackageArn"] == arn
    assert event["account"] == ACCOUNT
    assert event["time"].endswith("Z")
    assert datetime.fromisoformat(event["time"]).utcoffset() == timedelta(0)
    fields = "version id detail-type source account time region resources detail"
    assert event.keys() == set(fields.split())


def test_a_function_is_not_called_for_what_its_rule_does_not_match(
    registry: Any, calls: list[tuple[str, Json]]
) -> None:
    a_rule(FUNCTION, EventPattern=json.dumps(PATTERN | {"detail": {"ModelPackageVersion": [2]}}))

    a_version(registry)
    second = a_version(registry)

    assert [event["resources"] for _, event in calls] == [[second]]


def test_a_disabled_rule_delivers_nothing(registry: Any, calls: list[tuple[str, Json]]) -> None:
    queue = client("sqs").create_queue(QueueName="all")["QueueUrl"]
    a_rule(FUNCTION, f"arn:aws:sqs:{REGION}:{ACCOUNT}:all")
    client("events").disable_rule(Name="registry")
    a_version(registry)
    assert calls == []
    assert "Messages" not in client("sqs").receive_message(QueueUrl=queue)

    client("events").enable_rule(Name="registry")
    a_version(registry)

    assert len(calls) == 1


def test_a_schedule_matches_no_event(registry: Any, calls: list[tuple[str, Json]]) -> None:
    client("events").put_rule(Name="sweep", ScheduleExpression="rate(15 minutes)")
    client("events").put_targets(Rule="sweep", Targets=[{"Id": "1", "Arn": f"{FUNCTION}-sweep"}])
    a_rule(FUNCTION)

    a_version(registry)

    assert [function for function, _ in calls] == [FUNCTION]


def test_other_targets_of_the_rule_are_still_motos(
    registry: Any, calls: list[tuple[str, Json]]
) -> None:
    queue = client("sqs").create_queue(QueueName="all")["QueueUrl"]
    a_rule(FUNCTION, f"arn:aws:sqs:{REGION}:{ACCOUNT}:all")

    arn = a_version(registry)

    [message] = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["resources"] == [arn]
    assert len(calls) == 1


def test_a_clients_own_event_reaches_a_function(calls: list[tuple[str, Json]]) -> None:
    a_rule(FUNCTION)
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Model Package State Change",
        "Detail": "{}",
        "Time": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    }

    answer = client("events").put_events(Entries=[entry])

    assert answer["FailedEntryCount"] == 0
    assert calls[0][1]["time"] == "2026-03-01T09:00:00Z"
    assert calls[0][1]["id"] == answer["Entries"][0]["EventId"]


def test_a_function_that_fails_stops_nobody(
    registry: Any, calls: list[tuple[str, Json]], caplog: pytest.LogCaptureFixture
) -> None:
    def invoke(function: str, event: Json) -> None:
        calls.append((function, event))
        raise RuntimeError("out of memory")

    deliver_to_functions(invoke)
    a_rule(FUNCTION, f"{FUNCTION}-2")

    assert a_version(registry).endswith("/1")
    assert [function for function, _ in calls] == [FUNCTION, f"{FUNCTION}-2"]
    assert "out of memory" in caplog.text


# --- 12. validation -----------------------------------------------------------------------------


def test_a_package_without_validation_is_completed_at_once(registry: Any) -> None:
    package = described(registry, a_version(registry))

    assert package["ModelPackageStatus"] == "Completed"
    assert package["ModelPackageStatusDetails"] == {
        "ValidationStatuses": [],
        "ImageScanStatuses": [],
    }


def test_a_package_with_validation_waits_for_it(registry: Any, events: list[Json]) -> None:
    package = described(registry, a_version(registry, ValidationSpecification=VALIDATION))

    details = package["ModelPackageStatusDetails"]
    assert package["ModelPackageStatus"] == "InProgress"
    assert details["ValidationStatuses"] == [{"Name": "smoke", "Status": "InProgress"}]
    assert events[0]["detail"]["ModelPackageStatus"] == "InProgress"


def test_validation_that_is_skipped_is_not_waited_for(registry: Any) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION, SkipModelValidation="All")

    assert described(registry, arn)["ModelPackageStatus"] == "Completed"


def test_validation_completes_with_an_event(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION)

    finish_validation(arn)

    package = described(registry, arn)
    details = package["ModelPackageStatusDetails"]
    assert package["ModelPackageStatus"] == "Completed"
    assert details["ValidationStatuses"] == [{"Name": "smoke", "Status": "Completed"}]
    assert len(events) == 2
    assert events[1]["detail"]["ModelPackageStatus"] == "Completed"
    assert events[1]["detail"]["ModelApprovalStatus"] == "PendingManualApproval"
    assert "UpdatedModelPackageFields" not in events[1]["detail"]


def test_validation_fails_with_its_reason(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION)

    finish_validation(arn, "ClientError: no such image")

    package = described(registry, arn)
    [item] = package["ModelPackageStatusDetails"]["ValidationStatuses"]
    failed = {"Name": "smoke", "Status": "Failed", "FailureReason": "ClientError: no such image"}
    assert item == failed
    assert item.keys() == MODEL.shape_for("ModelPackageStatusItem").members.keys()
    assert events[1]["detail"]["ModelPackageStatus"] == "Failed"


def test_validation_ends_once(registry: Any) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION)
    finish_validation(arn)

    with pytest.raises(ValueError, match="is not being validated"):
        finish_validation(arn)


# --- 14. source identity ------------------------------------------------------------------------

ROLE = f"arn:aws:iam::{ACCOUNT}:role/decisions"


def a_session(name: str = "approval-1", **more: Any) -> Json:
    answer: Json = client("sts").assume_role(RoleArn=ROLE, RoleSessionName=name, **more)
    return answer


def of_session(session: Json) -> Any:
    keys = session["Credentials"]
    return client("sagemaker", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def test_a_session_is_named_with_its_source_identity(registry: Any) -> None:
    arn = a_version(registry)
    session = a_session(SourceIdentity="U0ANA00000")
    of_session(session).update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    who = described(registry, arn)["LastModifiedBy"]["IamIdentity"]
    assert session["SourceIdentity"] == who["SourceIdentity"] == "U0ANA00000"
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/decisions/approval-1"
    assert who.keys() == MODEL.shape_for("IamIdentity").members.keys()


def test_each_session_has_a_source_identity_of_its_own(registry: Any) -> None:
    arn = a_version(registry)
    ana, ben = (of_session(a_session(SourceIdentity=each)) for each in ("U0ANA", "U0BEN"))
    named = []
    for each in (ben, ana):
        each.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
        named.append(described(registry, arn)["LastModifiedBy"]["IamIdentity"]["SourceIdentity"])

    assert named == ["U0BEN", "U0ANA"]


def test_a_session_without_a_source_identity_has_none(registry: Any) -> None:
    session = a_session()
    arn = a_version(of_session(session))

    assert "SourceIdentity" not in session
    assert "SourceIdentity" not in described(registry, arn)["CreatedBy"]["IamIdentity"]


def test_whoever_keeps_calling_as_themselves_has_no_source_identity(registry: Any) -> None:
    a_session(SourceIdentity="U0ANA00000")
    arn = a_version(registry)

    assert "SourceIdentity" not in described(registry, arn)["CreatedBy"]["IamIdentity"]


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"SourceIdentity": "Ana Silva"}, "sourceIdentity"),
        ({"SourceIdentity": "U"}, "sourceIdentity"),
        ({"SourceIdentity": "U" * 65}, "sourceIdentity"),
        ({"name": "approval of 1"}, "roleSessionName"),
        ({"name": "a" * 65}, "roleSessionName"),
        ({"DurationSeconds": 60}, "durationSeconds"),
    ],
)
def test_sts_keeps_the_limits_of_its_model(sent: Json, place: str) -> None:
    with pytest.raises(ClientError, match=f"at '{place}' failed to satisfy") as refused:
        a_session(**sent)
    assert refused.value.response["Error"]["Code"] == "ValidationError"


# --- the same over HTTP -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def served(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Connect to a server that has just been started, as far as the clients can see."""
    monkeypatch.setattr(Rule, "send_to_targets", Rule.send_to_targets)  # put back afterwards
    BackendDict.reset()
    correct()
    made: list[Any] = []

    def connect(service: str) -> Any:
        made.append(
            boto3.client(
                service,
                region_name=REGION,
                endpoint_url=address,
                aws_access_key_id="AKIDann",
                aws_secret_access_key="secret",
            )
        )
        return made[-1]

    yield connect
    for each in made:
        each.close()


def test_a_moto_server_is_corrected_too(served: Any) -> None:
    sagemaker = served("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="Churn")

    arn = a_version(sagemaker)

    assert arn.endswith(":model-package/Churn/1")
    package = described(sagemaker, "Churn/1")
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["CreatedBy"]["IamIdentity"]["PrincipalId"] == "AKIDann"


def test_sts_is_corrected_on_a_server_too(served: Any) -> None:
    said = served("sts").assume_role(
        RoleArn=ROLE, RoleSessionName="approval-1", SourceIdentity="U0ANA00000"
    )

    assert said["SourceIdentity"] == "U0ANA00000"


def test_many_at_once_get_a_number_each(served: Any) -> None:
    sagemaker = served("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="Churn")
    with ThreadPoolExecutor(8) as pool:
        arns = list(pool.map(lambda _: a_version(sagemaker), range(24)))

    assert sorted(int(arn.rpartition("/")[2]) for arn in arns) == list(range(1, 25))


def test_a_function_may_ask_the_registry_about_its_event(served: Any) -> None:
    sagemaker, rules = served("sagemaker"), served("events")
    seen: list[Json] = []
    deliver_to_functions(lambda _, event: seen.append(described(sagemaker, event["resources"][0])))
    rules.put_rule(Name="asks", EventPattern=json.dumps(PATTERN))
    rules.put_targets(Rule="asks", Targets=[{"Id": "1", "Arn": FUNCTION}])
    sagemaker.create_model_package_group(ModelPackageGroupName="Churn")

    arn = a_version(sagemaker)

    assert [package["ModelPackageArn"] for package in seen] == [arn]
