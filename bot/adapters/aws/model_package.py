"""SageMaker's descriptions of a version, as our values. Every optional field may be absent."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bot.core.evidence.model_card import MODEL_CARD
from bot.core.registry.registry_id import RegistryId, full_group_name
from bot.core.registry.version import Arn, DescribedVersion, Readiness, Report, Status, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def parse_summary(raw: dict[str, Any], registry_id: RegistryId) -> Version:
    """Parse a ModelPackageSummary of a version."""
    return Version(**_summary_fields(raw, registry_id))


def _summary_fields(raw: dict[str, Any], registry_id: RegistryId) -> dict[str, Any]:
    return {
        "arn": Arn(raw["ModelPackageArn"]),
        "group": full_group_name(registry_id, raw["ModelPackageGroupName"]),
        "number": raw["ModelPackageVersion"],
        "status": Status(raw.get("ModelApprovalStatus", Status.PENDING)),
        "readiness": Readiness(raw["ModelPackageStatus"]),
        "created": raw["CreationTime"],
        "description": raw.get("ModelPackageDescription", ""),
    }


def parse_description(raw: dict[str, Any], registry_id: RegistryId) -> DescribedVersion:
    """Parse the response of DescribeModelPackage for a version; MetadataOnly is enough."""
    properties = raw.get("MetadataProperties") or {}
    return DescribedVersion(
        **_summary_fields(raw, registry_id),
        created_by=_user_name(raw.get("CreatedBy")),
        modified=raw.get("LastModifiedTime"),
        modified_by=_user_name(raw.get("LastModifiedBy")),
        comment=raw.get("ApprovalDescription") or "",
        metadata=raw.get("CustomerMetadataProperties") or {},
        reports=(*_reports(raw.get("ModelMetrics") or {}), *_model_card(raw)),
        failures=tuple(_failures(raw.get("ModelPackageStatusDetails") or {})),
        artifact=_artifact(raw),
        region=raw["ModelPackageArn"].split(":")[3],
        domain=(raw.get("CreatedBy") or {}).get("DomainId") or "",
        repository=properties.get("Repository") or "",
        commit=properties.get("CommitId") or "",
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


def _model_card(raw: dict[str, Any]) -> Iterator[Report]:
    """
    Name the model card, if there is one: MetadataOnly keeps `ModelCard` and its status.

    API reference, DescribeModelPackage, "ModelCard": "ModelCardStatus is preserved".
    """
    if raw.get("ModelCard"):
        yield Report(MODEL_CARD, raw["ModelPackageArn"], numbers=True)


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
