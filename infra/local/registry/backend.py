"""The corrected registry of one account and Region: its groups and packages, and what is done."""

from __future__ import annotations

from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from moto.core.utils import utcnow
from moto.sagemaker import urls
from moto.sagemaker.exceptions import ValidationError

from infra.local.endpoints import Endpoints
from infra.local.registry import events, listing, names, validation
from infra.local.registry.api import RegistryApi
from infra.local.registry.package import Package, age_in, check_kind
from infra.local.registry.update import update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.local.registry.events import Event

# A moto server answers each request in its own thread. Whoever reads and then writes holds this
# lock. No event is sent while holding it: whoever gets an event may ask the registry about it.
_lock: Final = RLock()


class Registry(Endpoints):
    """moto's SageMaker of one account and Region, with a corrected model registry in it."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._arns_by_token: dict[tuple[str, str], str] = {}

    @property
    def _url_module(self) -> Any:
        """Return moto's urls, answered by the corrected API; moto looks for them here."""
        paths = dict.fromkeys(urls.url_paths, RegistryApi.dispatch)
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)

    def emit(self, event: Event) -> None:
        """Send the *event* of an endpoint."""
        events.send(event)

    def package(self, name: str) -> Package:
        """Return a package by ARN, by `group/version`, or by its own name."""
        arn = self._arn("ModelPackage", name)
        return cast("Package", names.find("ModelPackage", arn, self._packages()))

    def group(self, name: str) -> Any:
        """4. Return a group by name or ARN; moto knows the name only. Model: ArnOrName."""
        arn = self._arn("ModelPackageGroup", name)
        return names.find("ModelPackageGroup", arn, self._groups())

    def describe(self, name: str, included_data: str) -> dict[str, Any]:
        """Return the fields of a package, as they are at one moment."""
        with _lock:
            return self.package(name).described(included_data)

    def add_group(self, request: Mapping[str, Any]) -> str:
        """
        6. Create a group and return its ARN; refuse one that exists already.

        moto replaces it, and its tags and its creation time are lost. AWS: ValidationException
        "Model Package Group already exists", which Airflow's SageMaker hook relies on.
        """
        with _lock:
            arn = self._arn("ModelPackageGroup", request["ModelPackageGroupName"])
            if names.lookup(arn, self._groups()):
                raise ValidationError(f"Model Package Group already exists: {arn}")
            return self.create_model_package_group(
                request["ModelPackageGroupName"],
                request.get("ModelPackageGroupDescription"),  # type: ignore[arg-type]  # moto says str, and stores None
                request.get("Tags"),
            )

    def list_groups(self, request: Mapping[str, Any]) -> tuple[list[Any], str | None]:
        """Return one page of groups and the token of the next."""
        groups = [group for group in self._groups() if listing.matches(request, group)]
        return listing.page(groups, request)

    def list_packages(self, request: Mapping[str, Any]) -> tuple[list[Package], str | None]:
        """
        Return one page of packages and the token of the next.

        A group that does not exist has none, in moto and in AWS.
        """
        with _lock:
            packages = [each for each in self._listed(request) if listing.matches(request, each)]
        return listing.page(packages, request)

    def add(self, request: Mapping[str, Any], caller: dict[str, Any]) -> str:
        """Create a package and return its ARN."""
        return self._once("CreateModelPackage", request, lambda: self._add(request, caller))

    def change(self, request: Mapping[str, Any], caller: dict[str, Any]) -> str:
        """Update a package and return its ARN."""
        return self._once("UpdateModelPackage", request, lambda: self._change(request, caller))

    def delete(self, name: str) -> None:
        """
        13. Remove a package.

        moto has no such operation. Model: DeleteModelPackage. Its event is not documented, so
        there is none.
        """
        with _lock:
            del self.model_packages[self.package(name).arn]

    def finish_validation(self, arn: str, failed_because: str | None) -> None:
        """12. End a validation, with an event."""
        with _lock:
            package = self.package(arn)
            validation.finish(package, failed_because)
            event = events.state_change(package)
        events.send(event)

    def _once(self, operation: str, request: Mapping[str, Any], act: Callable[[], Event]) -> str:
        """
        7. Answer a repeated token as the first time: nothing changes and no event is sent.

        moto ignores it. Model: ClientToken, "guarantees that the call to this API is idempotent".
        Assumed: a call that failed has used no token, and a token is not compared with the rest.
        """
        token = request.get("ClientToken")
        with _lock:
            if token and (operation, token) in self._arns_by_token:
                return self._arns_by_token[operation, token]
            event = act()
            arn = str(event["detail"]["ModelPackageArn"])
            if token:
                self._arns_by_token[operation, token] = arn
        events.send(event)
        return arn

    def _add(self, request: Mapping[str, Any], caller: dict[str, Any]) -> Event:
        check_kind(request)
        fields = {**request, **validation.initial_status(request), "CreatedBy": caller}
        fields["CertifyForMarketplace"] = request.get("CertifyForMarketplace", False)
        fields["CreationTime"] = utcnow() - age_in(fields)
        if "ModelPackageGroupName" in request:
            fields |= self._version_fields(request)
        fields["ModelPackageArn"] = self._arn("ModelPackage", fields["ModelPackageName"])
        package = Package(fields)
        self.model_packages[package.arn] = package
        return events.state_change(package)

    def _version_fields(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """
        3, 4, 8. A version is pending unless said otherwise, and its number is the highest plus one.

        moto leaves the status out, knows a group by name only, and counts. AWS: registry pages,
        whose versions wait for approval, and the Python SDK, where that is the default; the group
        may be given by ARN (model: ArnOrName); a number is never given twice.
        """
        group = self.group(request["ModelPackageGroupName"]).model_package_group_name
        numbers = [package["ModelPackageVersion"] for package in self._versions(group)]
        number = max(numbers, default=0) + 1
        return {
            "ModelPackageGroupName": group,
            "ModelPackageVersion": number,
            "ModelPackageName": f"{group}/{number}",
            "ModelApprovalStatus": request.get("ModelApprovalStatus", "PendingManualApproval"),
        }

    def _change(self, request: Mapping[str, Any], caller: dict[str, Any]) -> Event:
        package = self.package(request["ModelPackageArn"])
        return events.state_change(package, update(package, request, caller))

    def _arn(self, kind: str, name: str) -> str:
        return names.arn_of(kind, name, self.account_id, self.region_name)

    def _groups(self) -> list[Any]:
        return list(self.model_package_groups.values())

    def _packages(self) -> list[Package]:
        return [cast("Package", package) for package in list(self.model_packages.values())]

    def _versions(self, group: str) -> list[Package]:
        return [each for each in self._packages() if each["ModelPackageGroupName"] == group]

    def _listed(self, request: Mapping[str, Any]) -> list[Package]:
        """Return those of the group, or of the type: unversioned by default (model: its text)."""
        if name := request.get("ModelPackageGroupName"):
            group = names.lookup(self._arn("ModelPackageGroup", name), self._groups())
            return self._versions(group.model_package_group_name) if group else []
        versioned = {"Versioned": {True}, "Both": {True, False}}
        kinds = versioned.get(request.get("ModelPackageType", "Unversioned"), {False})
        return [each for each in self._packages() if bool(each["ModelPackageVersion"]) in kinds]
