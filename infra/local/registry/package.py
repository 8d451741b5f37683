"""2. A model package that keeps every field Describe returns, under its own name."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from moto.core.exceptions import JsonRESTError
from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import ModelPackage

from infra.local.registry.service_model import package_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

DENIED_KEY: Final = "alias/embedded-world-denies"
"""A KMS key that nobody here may decrypt with: moto has no card to encrypt, and denies nothing."""
AGE: Final = "embedded-world-age"
"""
A key of CustomerMetadataProperties: the version was registered so many days ago. For an example
whose versions are older than the world that they are in.
"""
_PUBLIC_PATHS: Final = (
    ("model_overview", "model_id"),
    ("model_overview", "model_name"),
    ("intended_uses", "risk_rating"),
    ("model_package_details", "model_package_group_name"),
    ("model_package_details", "model_package_arn"),
)
"""DescribeModelPackageOutput.ModelCard, "sanitized to include only the following JSON paths"."""


class Package(ModelPackage):
    """
    2. A model package whose fields are those of DescribeModelPackage.

    moto accepts ModelLifeCycle, ModelCard, SourceUri, SkipModelValidation, SecurityConfig and
    ModelPackageRegistrationType, and drops them. AWS returns them: the members of
    DescribeModelPackageOutput are what is kept, so no list of ours can fall behind.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        # Not moto's constructor: it lower-cases the ARN (4), invents a user (5) and checks
        # instance types against a list of its own (9).
        for name in package_fields():
            self[name] = fields.get(name)
        self.arn = fields["ModelPackageArn"]
        self.tags = fields.get("Tags", [])

    def __getitem__(self, field: str) -> Any:
        return getattr(self, camelcase_to_underscores(field))

    def __setitem__(self, field: str, value: Any) -> None:
        # moto's Search finds a property by its attribute, so fields are attributes.
        setattr(self, camelcase_to_underscores(field), value)

    def gen_response_object(self) -> dict[str, Any]:
        """Return the fields that are set, as Describe does; a version has no ModelPackageName."""
        fields = {name: self[name] for name in package_fields()}
        if self["ModelPackageVersion"]:
            del fields["ModelPackageName"]
        return {name: value for name, value in fields.items() if value is not None}

    def described(self, included_data: str) -> dict[str, Any]:
        """
        2. Return the fields; with MetadataOnly, five paths of the card's content are kept of it.

        moto had no card to cut. AWS: DescribeModelPackageOutput.ModelCard lists the paths.
        """
        fields = self.gen_response_object()
        card = fields.get("ModelCard", {})
        if included_data == "MetadataOnly" and "ModelCardContent" in card:
            content = _public_content(card["ModelCardContent"])
            fields["ModelCard"] = {**card, "ModelCardContent": content}
        elif "ModelCardContent" in card:
            self._check_key()
        return fields

    def _check_key(self) -> None:
        """
        15. Refuse to decrypt a card with the key that nobody may use.

        Model: DescribeModelPackageInput.IncludedData, AllData "requires kms:Decrypt permission on
        the customer-managed key, if one is associated with the embedded model card". Assumed: the
        code is that of every denial (API reference, "Common Error Types"), and the words are IAM's.
        """
        if (self["SecurityConfig"] or {}).get("KmsKeyId") == DENIED_KEY:
            raise JsonRESTError(
                "AccessDeniedException",
                "You are not authorized to perform: kms:Decrypt on this resource because no "
                "identity-based policy allows the kms:Decrypt action",
            )


def age_in(fields: Mapping[str, Any]) -> timedelta:
    """Return how old a version with *fields* is to be when it is registered."""
    metadata = fields.get("CustomerMetadataProperties") or {}
    return timedelta(days=int(metadata.get(AGE, 0)))


def check_kind(request: Mapping[str, Any]) -> None:
    """
    9. Refuse a package that is not one of the two kinds; only one of them has tags.

    moto takes tags for a version. Model: CreateModelPackageInput.Tags, "you cannot supply a tag
    argument"; the words are AWS's (aws/aws-cdk#33699), the other two come from moto.
    """
    if "ModelPackageGroupName" in request and "ModelPackageName" in request:
        raise ValidationError(
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. "
            "Cannot determine which one to use."
        )
    if not {"ModelPackageGroupName", "ModelPackageName"} & request.keys():
        raise ValidationError("Missing ARN.")
    if "ModelPackageGroupName" in request and request.get("Tags"):
        raise ValidationError(
            "Tags are not supported in Model Package versions. "
            "Please add them to the Model Package Group."
        )


def _public_content(content: str) -> str:
    """Reduce a card's content, a JSON text, to what can be read without the card's KMS key."""
    card = json.loads(content)
    public: dict[str, dict[str, Any]] = {}
    for part, name in _PUBLIC_PATHS:
        if name in card.get(part, {}):
            public.setdefault(part, {})[name] = card[part][name]
    return json.dumps(public)
