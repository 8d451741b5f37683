"""Calls of the corrected registry by real clients, shared by its tests."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

Json = dict[str, Any]

REGION = "eu-west-1"
ACCOUNT = "123456789012"  # moto's own
MODEL: Any = botocore.session.get_session().get_service_model("sagemaker")
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:registry-event"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/decisions"
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
EVENT_PATTERN: Json = {
    "source": ["aws.sagemaker"],
    "detail-type": ["SageMaker Model Package State Change"],
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


def a_version(registry: Any, **fields: Any) -> str:
    """Register a version of the group Churn, unless *fields* say otherwise; return its ARN."""
    answer = registry.create_model_package(**{"ModelPackageGroupName": "Churn"} | fields)
    return str(answer["ModelPackageArn"])


def described(registry: Any, name: str, **parameters: Any) -> Json:
    answer: Json = registry.describe_model_package(ModelPackageName=name, **parameters)
    del answer["ResponseMetadata"]
    return answer


def listed(registry: Any, **parameters: Any) -> list[int]:
    """Return the numbers of the versions on one page."""
    page = registry.list_model_packages(**{"ModelPackageGroupName": "Churn"} | parameters)
    return [each["ModelPackageVersion"] for each in page["ModelPackageSummaryList"]]


def refusal(call: Any, **parameters: Any) -> str:
    """Return the message of the ValidationException with which a call is refused."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return str(refused.value.response["Error"]["Message"])


def stated(shape: str, constraint: str) -> Any:
    """Return what the service model states for a shape."""
    return MODEL.shape_for(shape).metadata[constraint]


def a_rule(*targets: str, name: str = "registry", **parameters: str) -> None:
    """Put a rule that matches all events of the registry, unless *parameters* say otherwise."""
    pattern = json.dumps(EVENT_PATTERN)
    client("events").put_rule(**{"Name": name, "EventPattern": pattern} | parameters)
    client("events").put_targets(
        Rule=name, Targets=[{"Id": str(n), "Arn": arn} for n, arn in enumerate(targets)]
    )
