"""8. Lists of groups and packages: filtered, in order, and in pages that cannot break."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Final

from moto.sagemaker.exceptions import ValidationError

from infra.local.registry.package import Package

if TYPE_CHECKING:
    from collections.abc import Mapping

    Position = tuple[str, str, int]
    """Time of creation unless the order is by name, then name, then version."""

_PAGE_SIZE: Final = 10
"""The model states no default for the two lists; for most of their siblings its text says 10."""


def page(resources: list[Any], request: Mapping[str, Any]) -> tuple[list[Any], str | None]:
    """
    8. Return one page and its token, which is a position in the order, not an item.

    moto's token names the next item; when that leaves the filter (because it was approved), the
    next page is an error. AWS: by CreationTime and Ascending unless asked (model: texts of
    SortBy and SortOrder). Assumed: the same time is told apart by name, then version.
    """
    sort_by = request.get("SortBy", "CreationTime")
    descending = request.get("SortOrder") == "Descending"
    rest = sorted(resources, key=lambda each: _position(each, sort_by), reverse=descending)
    if token := request.get("NextToken"):
        last = _decoded(token, sort_by)
        rest = [
            each
            for each in rest
            if _is_after(_position(each, sort_by), last, descending=descending)
        ]
    items = rest[: request.get("MaxResults", _PAGE_SIZE)]
    return items, _encoded(sort_by, items[-1]) if len(items) < len(rest) else None


def matches(request: Mapping[str, Any], resource: Any) -> bool:
    """Whether a group or a package passes the filters of *request*."""
    created = resource.creation_time
    return (
        ("CreationTimeAfter" not in request or created > request["CreationTimeAfter"])
        and ("CreationTimeBefore" not in request or created < request["CreationTimeBefore"])
        and request.get("NameContains", "") in _name(resource)
        and _status_matches(request, resource)
    )


def _status_matches(request: Mapping[str, Any], resource: Any) -> bool:
    if "ModelApprovalStatus" not in request:
        return True
    return bool(resource["ModelApprovalStatus"] == request["ModelApprovalStatus"])


def _is_after(position: Position, last: Position, *, descending: bool) -> bool:
    return position < last if descending else position > last


def _position(resource: Any, sort_by: str) -> Position:
    version = resource["ModelPackageVersion"] if isinstance(resource, Package) else None
    created = resource.creation_time.isoformat(timespec="microseconds")
    return "" if sort_by == "Name" else created, _name(resource), version or 0


def _name(resource: Any) -> str:
    """Return the name to sort and filter by: of a version, the name of its group."""
    if isinstance(resource, Package):
        return str(resource["ModelPackageGroupName"] or resource["ModelPackageName"])
    return str(resource.model_package_group_name)


def _encoded(sort_by: str, resource: Any) -> str:
    return b64encode(json.dumps([sort_by, *_position(resource, sort_by)]).encode()).decode()


def _decoded(token: str, sort_by: str) -> Position:
    """
    8. Return the position in a token; refuse one that is malformed or of another order.

    moto answers InvalidToken, which SageMaker does not have. Assumed: ValidationException, as
    for every other bad input.
    """
    try:
        order, created, name, version = json.loads(b64decode(token, validate=True))
        position = (str(created), str(name), int(version))
    except (ValueError, TypeError):
        order, position = None, ("", "", 0)
    if order != sort_by:
        raise ValidationError("Invalid NextToken.")
    return position
