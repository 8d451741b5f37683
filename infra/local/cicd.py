"""
A stand-in for the CI/CD of the example: after a decision it deploys as the project templates do.

Those start on the event of a decision and look for the newest created version that is Approved
(aws-samples/sagemaker-custom-project-templates, `get_approved_package`). It uses AWS alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import boto3

from infra.local.deployment import ACCOUNT, Function
from infra.local.endpoints import FAILS

if TYPE_CHECKING:
    from infra.local.functions import Context

FUNCTION: Final = Function("cicd", "infra.local.cicd.lambda_handler", timeout=30, role="")
_DECISION_PATTERN: Final = {
    "source": ["aws.sagemaker"],
    "detail-type": ["SageMaker Model Package State Change"],
    "detail": {"ModelApprovalStatus": [{"anything-but": ["PendingManualApproval"]}]},
}


def listen(events: Any) -> None:
    """Deploy after each decision from now on; *events* is a client of EventBridge."""
    events.put_rule(Name=FUNCTION.name, EventPattern=json.dumps(_DECISION_PATTERN))
    events.put_targets(Rule=FUNCTION.name, Targets=[{"Id": FUNCTION.name, "Arn": FUNCTION.arn}])


def lambda_handler(event: dict[str, Any], context: Context) -> None:  # noqa: ARG001
    """Let the endpoint of the group serve the newest created Approved version."""
    sagemaker, group = boto3.client("sagemaker"), event["detail"]["ModelPackageGroupName"]
    approved = sagemaker.list_model_packages(
        ModelPackageGroupName=group,
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
    )["ModelPackageSummaryList"]
    if approved:
        serve(sagemaker, f"{group}-prod", approved[0]["ModelPackageArn"])


def serve(sagemaker: Any, endpoint: str, package: str) -> None:
    """Let *endpoint* serve *package*, which fails if the metadata of the package say so."""
    metadata = sagemaker.describe_model_package(ModelPackageName=package)
    reason = metadata.get("CustomerMetadataProperties", {}).get(FAILS)
    name = f"{endpoint}-{uuid4().hex[:8]}"
    role = f"arn:aws:iam::{ACCOUNT}:role/serves-models"
    model = {"ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_model(
        ModelName=name, Containers=[{"ModelPackageName": package}], ExecutionRoleArn=role
    )
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[{"VariantName": "all", **model}],
        Tags=[{"Key": FAILS, "Value": reason}] if reason else [],
    )
    existing = sagemaker.list_endpoints(NameContains=endpoint)["Endpoints"]
    deploy = sagemaker.update_endpoint if existing else sagemaker.create_endpoint
    deploy(EndpointName=endpoint, EndpointConfigName=name)
