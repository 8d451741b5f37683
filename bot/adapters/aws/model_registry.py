"""
The SageMaker Model Registry of one account and Region.

What is peculiar to AWS is handled here (API model and documentation; for its errors, `refusals`): a
listing needs ModelPackageType and SortOrder spelled out, or it leaves out the versions; a page may
be empty and not be the last; every optional field may be absent.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.model_package import parse_description, parse_summary
from bot.adapters.aws.refusals import DENIED, INVALID, is_missing
from bot.core.errors import Declined, Forbidden, Gone, Ignored, UnknownRefusal
from bot.core.registry.registry_id import (
    OWN_REGISTRY,
    RegistryId,
    full_group_name,
    registry_in_words,
    split_group_name,
)
from bot.core.votes.approval_record import description, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.core.registry.version import Arn, DescribedVersion, Status, Version
    from bot.core.votes.vote import Decision

_logger: Final = Logger(child=True)

_LARGE_PAGES: Final = {"PageSize": 100}
"""The most that AWS allows; without it, a page has ten (API reference, MaxResults)."""
_FINAL: Final = DENIED | {INVALID, "ResourceLimitExceeded"}
"""
The codes after which UpdateModelPackage fails again, however often it is called. Which meaning of
ValidationException it is does not matter: the version is described again after each refusal, and
that says whether it was deleted. ConflictException may pass, so it is tried again (`retryable`).
"""


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
            # The content of a model card may need a KMS key: it is evidence (`model_cards`).
            raw = self._sagemaker.describe_model_package(
                ModelPackageName=arn, IncludedData="MetadataOnly"
            )
        if "ModelPackageVersion" not in raw:
            raise Ignored(f"{arn} is no version of a group")
        return parse_description(raw, self._id)

    def versions(
        self, group: str, *, status: Status | None = None, most: int | None = None
    ) -> tuple[Version, ...]:
        """List the versions of *group*, which is in this registry."""
        at_status = {"ModelApprovalStatus": status.value} if status else {}
        return self._list(most, ModelPackageGroupName=split_group_name(group)[1], **at_status)

    def versions_with_status(
        self, status: Status, created_after: datetime | None = None
    ) -> tuple[Version, ...]:
        newer = {"CreationTimeAfter": created_after} if created_after else {}
        return self._list(None, ModelApprovalStatus=status.value, **newer)

    def groups(self, *, most: int | None = None) -> tuple[str, ...]:
        pages = self._sagemaker.get_paginator("list_model_package_groups").paginate(
            SortBy="Name", SortOrder="Ascending", PaginationConfig=_LARGE_PAGES
        )
        with self._errors_translated():
            groups = (group for page in pages for group in page["ModelPackageGroupSummaryList"])
            return tuple(
                full_group_name(self._id, group["ModelPackageGroupName"])
                for group in islice(groups, most)
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

    def _list(self, most: int | None, **filters: Any) -> tuple[Version, ...]:
        """List the newest versions, *most* at most: a page that is not needed is not asked for."""
        pages = self._sagemaker.get_paginator("list_model_packages").paginate(
            ModelPackageType="Versioned",
            SortBy="CreationTime",
            SortOrder="Descending",
            PaginationConfig=_LARGE_PAGES,
            **filters,
        )
        with self._errors_translated():
            listed = (raw for page in pages for raw in page["ModelPackageSummaryList"])
            of_groups = (raw for raw in listed if "ModelPackageVersion" in raw)
            return tuple(parse_summary(raw, self._id) for raw in islice(of_groups, most))

    @contextmanager
    def _errors_translated(self, missing: Arn | None = None) -> Iterator[None]:
        """
        Translate AWS's errors of a read into ours; what each one means is only decided here.

        Gone: AWS says that the version *missing* does not exist. Unavailable: what passes.
        UnknownRefusal: AWS does not take the name of *missing*, and may mean anything. Forbidden:
        whatever else it refuses, such as a Region that was not switched on.
        """
        try:
            with retryable_is_unavailable():
                yield
        except ClientError as error:
            if missing and is_missing(error):
                raise Gone(f"the registry has no {missing}") from error
            if missing and error_code(error) == INVALID:
                raise UnknownRefusal(f"{missing} cannot be described: {error}") from error
            name = registry_in_words(self._id)
            reason = f"the registry of {name} cannot be read: {error_code(error)}"
            raise Forbidden(reason) from error
