"""
The SageMaker Model Registry of one account and Region.

What is peculiar to AWS is handled here (API model and documentation): not found is a
ValidationException; a listing needs ModelPackageType and SortOrder spelled out, or it leaves out
the versions; a page may be empty and not be the last; every optional field may be absent.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import DENIED, error_code, retryable_is_unavailable
from bot.core.errors import Declined, Forbidden, Gone, Ignored, Unavailable
from bot.core.registry.registry_id import (
    OWN_REGISTRY,
    RegistryId,
    full_group_name,
    registry_in_words,
    split_group_name,
)
from bot.core.registry.version import Arn, DescribedVersion, Readiness, Report, Status, Version
from bot.core.votes.approval_record import description, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.core.votes.vote import Decision

_logger: Final = Logger(child=True)

_NOT_FOUND: Final = "ValidationException"
"""
What DescribeModelPackage says of a version that is not there: the API model has no code for it, and
AWS's Kubernetes controller reads it so as well (sagemaker-controller, generator.yaml).
"""
_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
"""
The codes of credentials or a signature that are too old (SageMaker and STS, "Common Errors"): the
next attempt has new ones.
"""
_FINAL: Final = DENIED | {"ValidationException", "ResourceLimitExceeded"}
"""
The codes after which UpdateModelPackage fails again, however often it is called (SageMaker, "Common
Errors"; ResourceLimitExceeded: API model). Any other, an expired token say, may pass.
"""
_REPORTS: Final = (
    (("ModelQuality", "Statistics"), "model_quality", True),
    (("ModelQuality", "Constraints"), "model_quality_constraints", False),
    (("ModelDataQuality", "Statistics"), "data_quality", False),
    (("ModelDataQuality", "Constraints"), "data_quality_constraints", False),
    (("Bias", "Report"), "bias", False),
    (("Bias", "PreTrainingReport"), "bias_before_training", False),
    (("Bias", "PostTrainingReport"), "bias_after_training", False),
    (("Explainability", "Report"), "explainability", False),
)
"""
Where a version names its metrics files, what we call each, and whether we show its numbers (API
model, `ModelMetrics`).
"""
_DEPLOYED: Final = (
    "InferenceSpecification",
    "AdditionalInferenceSpecifications",
    "SourceAlgorithmSpecification",
    "SourceUri",
)
"""The fields that say what is deployed: images, model data, environment (API model)."""


class SageMakerRegistry:
    """
    The registry *registry_id*, through its client *sagemaker*.

    *decision_client* makes the client for one decision, in the name of its maker; without it the
    bot decides in its own name. Its methods have the names of `bot.flows.ports.Registry`, and raise
    the same errors.
    """

    def __init__(
        self,
        sagemaker: Any,
        decision_client: Callable[[Decision], Any] | None = None,
        registry_id: RegistryId = OWN_REGISTRY,
    ) -> None:
        self._id = registry_id
        self._sagemaker = sagemaker
        self._decision_client = decision_client or (lambda _: sagemaker)

    def describe(self, arn: Arn) -> DescribedVersion:
        with self._errors_translated(missing=arn):
            raw = self._sagemaker.describe_model_package(ModelPackageName=arn)
        if "ModelPackageVersion" not in raw:
            raise Ignored(f"{arn} is no version of a group")
        return _described_version(raw, self._id)

    def versions(self, group: str) -> tuple[Version, ...]:
        """Return all versions of *group*, which is in this registry."""
        return self._list(ModelPackageGroupName=split_group_name(group)[1])

    def having(self, status: Status) -> tuple[Version, ...]:
        return self._list(ModelApprovalStatus=status.value)

    def groups(self) -> tuple[str, ...]:
        pages = self._sagemaker.get_paginator("list_model_package_groups")
        with self._errors_translated():
            return tuple(
                full_group_name(self._id, group["ModelPackageGroupName"])
                for page in pages.paginate(SortBy="Name", SortOrder="Ascending")
                for group in page["ModelPackageGroupSummaryList"]
            )

    def apply(self, decision: Decision) -> None:
        sagemaker = self._decision_client(decision)
        try:
            with retryable_is_unavailable():
                sagemaker.update_model_package(
                    ModelPackageArn=decision.arn,
                    ModelApprovalStatus=decision.target.value,
                    ApprovalDescription=description(decision),
                    CustomerMetadataProperties=metadata(decision),
                    ClientToken=decision.id,
                )
        except ClientError as error:
            if error_code(error) not in _FINAL:
                raise
            _logger.exception("SageMaker declined a decision", extra={"decision": decision.id})
            raise Declined(error_code(error)) from error

    def _list(self, **filters: str) -> tuple[Version, ...]:
        pages = self._sagemaker.get_paginator("list_model_packages").paginate(
            ModelPackageType="Versioned",
            SortBy="CreationTime",
            SortOrder="Descending",
            PaginationConfig={"PageSize": 100},
            **filters,
        )
        with self._errors_translated():
            return tuple(
                Version(**_summary(raw, self._id))
                for page in pages
                for raw in page["ModelPackageSummaryList"]
                if "ModelPackageVersion" in raw
            )

    @contextmanager
    def _errors_translated(self, missing: Arn | None = None) -> Iterator[None]:
        """
        Translate AWS's errors of a read into ours; only here it is said what each one means.

        Gone: the version *missing* is not there. Unavailable: AWS is busy, or our credentials have
        expired. Forbidden: whatever else AWS refuses, such as a Region that was not switched on.
        """
        try:
            with retryable_is_unavailable():
                yield
        except ClientError as error:
            code = error_code(error)
            if missing and code == _NOT_FOUND:
                raise Gone(f"the registry knows no {missing}") from error
            reason = f"the registry of {registry_in_words(self._id)} cannot be read: {code}"
            raise (Unavailable if code in _EXPIRED else Forbidden)(reason) from error


def _summary(raw: dict[str, Any], registry_id: RegistryId) -> dict[str, Any]:
    return {
        "arn": Arn(raw["ModelPackageArn"]),
        "group": full_group_name(registry_id, raw["ModelPackageGroupName"]),
        "number": raw["ModelPackageVersion"],
        "status": Status(raw.get("ModelApprovalStatus", Status.PENDING)),
        "readiness": Readiness(raw["ModelPackageStatus"]),
        "created": raw["CreationTime"],
        "description": raw.get("ModelPackageDescription", ""),
    }


def _described_version(raw: dict[str, Any], registry_id: RegistryId) -> DescribedVersion:
    return DescribedVersion(
        **_summary(raw, registry_id),
        created_by=_user_name(raw.get("CreatedBy")),
        modified=raw.get("LastModifiedTime"),
        modified_by=_user_name(raw.get("LastModifiedBy")),
        comment=raw.get("ApprovalDescription") or "",
        metadata=raw.get("CustomerMetadataProperties") or {},
        reports=tuple(_reports(raw.get("ModelMetrics") or {})),
        failures=tuple(_failures(raw.get("ModelPackageStatusDetails") or {})),
        artifact=_artifact(raw),
    )


def _user_name(context: dict[str, Any] | None) -> str:
    """Return who a UserContext is: the Studio user, else the end of the IAM identity's ARN."""
    context = context or {}
    identity = (context.get("IamIdentity") or {}).get("Arn") or ""
    return context.get("UserProfileName") or identity.rpartition(":")[2]


def _reports(metrics: dict[str, Any]) -> Iterator[Report]:
    for (kind, leaf), name, numbers in _REPORTS:
        source = (metrics.get(kind) or {}).get(leaf)
        if source and source.get("S3Uri"):
            yield Report(name, source["S3Uri"], numbers)


def _failures(details: dict[str, Any]) -> Iterator[str]:
    for kind in ("ValidationStatuses", "ImageScanStatuses"):
        for item in details.get(kind) or ():
            if item.get("Status") == "Failed":
                yield item.get("FailureReason") or f"{item.get('Name', kind)} failed."


def _artifact(raw: dict[str, Any]) -> str:
    """Return a digest of what would be deployed; nothing if the version names nothing."""
    deployed = {name: raw[name] for name in _DEPLOYED if raw.get(name)}
    canonical = json.dumps(deployed, sort_keys=True, default=str)
    return sha256(canonical.encode()).hexdigest() if deployed else ""
