"""
12. Validation of a package: InProgress at first, then Completed or Failed.

moto completes all packages at once, with the ARN where the model has an EntityName. AWS: events
page and ModelPackageStatusDetails; one status per validation profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.registry.package import Package


def initial_status(request: Mapping[str, Any]) -> dict[str, Any]:
    """
    12. Return the status of a new package: InProgress with a ValidationSpecification.

    Assumed: SkipModelValidation "All" skips it, as the name says.
    """
    validated = "ValidationSpecification" in request and request.get("SkipModelValidation") != "All"
    profiles = request["ValidationSpecification"]["ValidationProfiles"] if validated else []
    items = [{"Name": profile["ProfileName"], "Status": "InProgress"} for profile in profiles]
    return {
        "ModelPackageStatus": "InProgress" if validated else "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": items, "ImageScanStatuses": []},
    }


def finish(package: Package, failed_because: str | None) -> None:
    """12. Move *package* from InProgress to Completed or Failed. Raises ValueError otherwise."""
    if package["ModelPackageStatus"] != "InProgress":
        raise ValueError(f"{package.arn} is not being validated")
    status = "Failed" if failed_because else "Completed"
    reason = {"FailureReason": failed_because} if failed_because else {}
    details = package["ModelPackageStatusDetails"]
    items = [{**item, "Status": status, **reason} for item in details["ValidationStatuses"]]
    package["ModelPackageStatus"] = status
    package["ModelPackageStatusDetails"] = {**details, "ValidationStatuses": items}
