"""
The SageMaker Model Registry of one site. AWS's habits end here.

Among them (API model and documentation): not found is a ValidationException; a listing needs
ModelPackageType and SortOrder spelled out, or it leaves out the versions; a page may be empty
and not be the last; every optional field may be absent.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import DENIED, code, retryable_is_unavailable
from bot.core.errors import Declined, Forbidden, Gone, Ignored
from bot.core.registry.registry_id import (
    OWN_REGISTRY,
    RegistryId,
    full_group_name,
    split_group_name,
)
from bot.core.registry.version import Arn, DescribedVersion, Readiness, Report, Status, Version
from bot.core.votes.approval_record import description, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.core.votes.vote import Decision

_logger: Final = Logger(child=True)

_FINAL: Final = DENIED | {"ValidationException", "ResourceLimitExceeded"}
"""Noes that no later attempt turns into a yes; the rest, an expired token say, may pass."""
_REPORTS: Final = (
    (("ModelQuality", "Statistics"), "Model quality", True),
    (("ModelQuality", "Constraints"), "Model quality constraints", False),
    (("ModelDataQuality", "Statistics"), "Data quality", False),
    (("ModelDataQuality", "Constraints"), "Data quality constraints", False),
    (("Bias", "Report"), "Bias", False),
    (("Bias", "PreTrainingReport"), "Bias before training", False),
    (("Bias", "PostTrainingReport"), "Bias after training", False),
    (("Explainability", "Report"), "Explainability", False),
)
"""Where a version names its metrics files, what we call each, and whether we show its numbers."""
_DEPLOYED: Final = (
    "InferenceSpecification",
    "AdditionalInferenceSpecifications",
    "SourceAlgorithmSpecification",
    "SourceUri",
)
"""Where a version names what is deployed of it: images, model data, environment."""


class SageMakerRegistry:
    """
    What `bot.flows.ports.Registry` has of *site*, kept by SageMaker.

    *as_decider* makes the client for one decision, in the name of its maker; without it the bot
    decides in its own.
    """

    def __init__(
        self,
        sagemaker: Any,
        as_decider: Callable[[Decision], Any] | None = None,
        site: RegistryId = OWN_REGISTRY,
    ) -> None:
        self._site = site
        self._sagemaker = sagemaker
        self._as_decider = as_decider or (lambda _: sagemaker)

    def describe(self, arn: Arn) -> DescribedVersion:
        try:
            with retryable_is_unavailable():
                raw = self._sagemaker.describe_model_package(ModelPackageName=arn)
        except ClientError as error:
            if code(error) == "ValidationException":
                raise Gone(f"the registry knows no {arn}") from error
            if code(error) in DENIED:
                raise Forbidden(f"the bot may not describe {arn}") from error
            raise
        if "ModelPackageVersion" not in raw:
            raise Ignored(f"{arn} is no version of a group")
        return _described(raw, self._site)

    def versions(self, group: str) -> tuple[Version, ...]:
        """All versions of *group*, which is at this site."""
        return tuple(self._list(ModelPackageGroupName=split_group_name(group)[1]))

    def having(self, status: Status) -> tuple[Version, ...]:
        return tuple(self._list(ModelApprovalStatus=status.value))

    def groups(self) -> tuple[str, ...]:
        pages = self._sagemaker.get_paginator("list_model_package_groups")
        with retryable_is_unavailable():
            found = [
                full_group_name(self._site, group["ModelPackageGroupName"])
                for page in pages.paginate(SortBy="Name", SortOrder="Ascending")
                for group in page["ModelPackageGroupSummaryList"]
            ]
        return tuple(found)

    def apply(self, decision: Decision) -> None:
        sagemaker = self._as_decider(decision)
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
            if code(error) not in _FINAL:
                raise
            _logger.exception("SageMaker declined a decision", extra={"decision": decision.id})
            raise Declined(code(error)) from error

    def _list(self, **filters: str) -> Iterator[Version]:
        pages = self._sagemaker.get_paginator("list_model_packages")
        found = pages.paginate(
            ModelPackageType="Versioned",
            SortBy="CreationTime",
            SortOrder="Descending",
            PaginationConfig={"PageSize": 100},
            **filters,
        )
        with retryable_is_unavailable():
            for page in found:
                for raw in page["ModelPackageSummaryList"]:
                    if "ModelPackageVersion" in raw:
                        yield Version(**_summary(raw, self._site))


def _summary(raw: dict[str, Any], site: RegistryId) -> dict[str, Any]:
    return {
        "arn": Arn(raw["ModelPackageArn"]),
        "group": full_group_name(site, raw["ModelPackageGroupName"]),
        "number": raw["ModelPackageVersion"],
        "status": Status(raw.get("ModelApprovalStatus", Status.PENDING)),
        "readiness": Readiness(raw["ModelPackageStatus"]),
        "created": raw["CreationTime"],
        "description": raw.get("ModelPackageDescription", ""),
    }


def _described(raw: dict[str, Any], site: RegistryId) -> DescribedVersion:
    return DescribedVersion(
        **_summary(raw, site),
        created_by=_who(raw.get("CreatedBy")),
        modified=raw.get("LastModifiedTime"),
        modified_by=_who(raw.get("LastModifiedBy")),
        comment=raw.get("ApprovalDescription") or "",
        metadata=raw.get("CustomerMetadataProperties") or {},
        reports=tuple(_reports(raw.get("ModelMetrics") or {})),
        failures=tuple(_failures(raw.get("ModelPackageStatusDetails") or {})),
        artifact=_artifact(raw),
    )


def _who(context: dict[str, Any] | None) -> str:
    """A UserContext in a word: the Studio user, else the end of the IAM identity's ARN."""
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
    """A digest of what would be deployed; none if the version names nothing."""
    named = {name: raw[name] for name in _DEPLOYED if raw.get(name)}
    canonical = json.dumps(named, sort_keys=True, default=str)
    return sha256(canonical.encode()).hexdigest() if named else ""
