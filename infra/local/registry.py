"""
The one place where moto's model registry is made to behave as AWS says the real one does.

`correct()` puts the corrected registry into this process, before a moto server starts or inside
`mock_aws`. It knows AWS and moto; it must not know the bot, Slack, or who reads the events.
Of what moto lacks, only DeleteModelPackage is added. STS is corrected too, because the registry
names the session of whoever calls it. Endpoints are corrected in `endpoints`.

    what                     moto 5.2.5                       AWS
 1  update                   nulls whatever is not sent       changes only what is sent
 2  fields                   drops life cycle, card, source   keeps all that Describe returns
 3  approval status          none unless sent                 a version starts as pending
 4  ARNs and names           lower case, one way to look up   as spelled, by ARN or by name
 5  created/modified by      a made-up Studio user            the caller
 6  not there, there twice   other words; replaced silently   "does not exist."; refused
 7  client token             ignored                          the same call, done once
 8  versions and pages       count + 1; a page can break      highest + 1; a page cannot
 9  limits                   one enum                         what the service model states
10  events                   none                             one after each create and update
11  rules                    no functions, disabled deliver   functions called, disabled silent
12  validation               Completed at once                InProgress, then settled
13  deletion                 no such operation                the package is gone
14  source identity          forgotten by STS                 kept, and named with the caller

Sources, as the docstrings name them. Model: botocore's service model sagemaker/2017-07-24 (for 14
sts/2011-06-15), by shape. Events page: developer guide, automating-sagemaker-with-eventbridge.
Registry pages: developer guide, model-registry-*. None of it was compared with a live account;
where AWS says nothing, the docstring says what was assumed.
"""

from __future__ import annotations

import json
import logging
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import partial
from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import regex
from moto.core.responses import ActionResult
from moto.core.utils import (
    camelcase_to_underscores,
    get_service_model,
    iso_8601_datetime_without_milliseconds,
    utcfromtimestamp,
    utcnow,
)
from moto.events.models import Rule, events_backends
from moto.iam.models import iam_backends
from moto.sagemaker import urls
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import ModelPackage, sagemaker_backends
from moto.sagemaker.utils import arn_formatter
from moto.sts import urls as sts_urls
from moto.sts.exceptions import STSValidationError
from moto.sts.models import STSBackend, sts_backends
from moto.sts.responses import TokenResponse

from infra.local.endpoints import Endpoints, EndpointsApi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from moto.core.model import StructureShape
    from moto.events.utils import EventMessageType

    Event = dict[str, Any]
    Position = tuple[str, str, int]
    Rules = list[tuple[Callable[[Any], bool], str]]

log = logging.getLogger(__name__)


@dataclass
class _Outlet:
    """Where events go. One per process, as moto's state is."""

    emit: Callable[[Event], None] | None = None


_outlet = _Outlet()

# A moto server answers each request in its own thread. What reads and then writes takes its turn.
# Nothing is handed over while holding it: whoever gets an event may ask the registry about it.
_turn = RLock()


# --- what others call ---------------------------------------------------------------------------


def correct(emit: Callable[[Event], None] | None = None) -> None:
    """
    Put the corrected registry into moto, in this process, and let *emit* have its events.

    Without *emit* they go to moto's own default event bus. May be called again, with another
    *emit*: what is registered stays. The first call starts from an empty registry.
    """
    _outlet.emit = emit
    if sagemaker_backends.backend is not Registry:
        sagemaker_backends.backend = Registry
        sagemaker_backends.clear()
        sts_backends.backend = Sessions
        sts_backends.clear()


def finish_validation(arn: str, failed_because: str | None = None) -> None:
    """End the validation that a package waits for: it is Completed, or Failed and why."""
    _, _, _, region, account, _ = arn.split(":", 5)
    registry = cast("Registry", sagemaker_backends[account][region])
    with _turn:
        package = registry.package(arn)
        package.settle(failed_because)
        event = _state_change(package)
    _hand_over(_send_out, event)


def deliver_to_functions(invoke: Callable[[str, Event], None]) -> None:
    """
    11. Call `invoke(function_arn, event)` for each function that a matching rule targets.

    moto raises NotImplementedError out of PutEvents for a function, delivers for disabled rules,
    takes a rule that has only a schedule to match everything, and gives the time as a number.
    EventBridge user guide: the target gets the whole event, with its time in ISO 8601; a disabled
    rule and a scheduled one match no event. Targets other than functions stay moto's business.
    """

    def send(
        self: Rule,
        original_event: EventMessageType,
        transform_input: bool = True,  # noqa: FBT001, FBT002 - the signature is moto's
    ) -> None:
        if not _listens(self):
            return
        if self.event_pattern.matches_event(original_event):
            for arn in filter(_is_function, _target_arns(self)):
                _hand_over(partial(invoke, arn), _as_delivered(original_event))
        _moto_sends(cast("Rule", _OtherTargets(self)), original_event, transform_input)

    Rule.send_to_targets = send  # type: ignore[method-assign]  # rules are made by moto


# --- 9. limits ----------------------------------------------------------------------------------


def _validate(shape: StructureShape, sent: Mapping[str, Any]) -> None:
    """
    9. Refuse what the model's *shape* does not allow, and nothing else.

    moto checks the approval status only, and so does botocore. AWS checks every stated enum,
    bound and pattern before anything happens. Model: the input shapes. The wording is that of
    AWS's common validator, as quoted in public reports.
    """
    _refuse([each for name in shape.members for each in _complaints_at(shape, name, sent)])


def _refuse(complaints: list[str]) -> None:
    if complaints:
        errors = "error" if len(complaints) == 1 else "errors"
        listed = "; ".join(complaints)
        raise ValidationError(f"{len(complaints)} validation {errors} detected: {listed}")


def _complaints_at(
    shape: Any, name: str, values: Mapping[str, Any], path: str = ""
) -> Iterator[str]:
    """Look at one member of a structure."""
    here = path + name[0].lower() + name[1:]
    if values.get(name) is not None:
        yield from _complaints(shape.members[name], values[name], here)
    elif name in shape.required_members:
        yield _complaint(shape.members[name], None, here, "Member must not be null")


def _complaints(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Look at a value, and at what it holds."""
    for broken in _broken(shape, value):
        yield _complaint(shape, value, path, broken)
    if shape.type_name == "structure":
        for name in shape.members:
            yield from _complaints_at(shape, name, value, f"{path}.")
    elif shape.type_name == "list" and shape.member.type_name == "structure":
        for number, item in enumerate(value, start=1):
            yield from _complaints(shape.member, item, f"{path}.{number}.member")


def _complaint(shape: Any, value: Any, path: str, broken: str) -> str:
    """AWS does not repeat a value that its model calls sensitive."""
    if value is None:
        shown = "Value null"
    else:
        shown = "Value" if shape.metadata.get("sensitive") else f"Value '{_as_java(value)}'"
    return f"{shown} at '{path}' failed to satisfy constraint: {broken}"


def _as_java(value: Any) -> str:
    """AWS shows lists and maps the way Java prints them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_as_java(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_java, value)) + "]"
    return str(value)


def _broken(shape: Any, value: Any) -> Iterator[str]:
    """Say which constraints *value* breaks. Simple items are reported by the list or map."""
    yield from (text for holds, text in _rules(shape) if not holds(value))
    if shape.type_name == "map":
        yield from _broken_by_any(shape.key, value, "Map keys must satisfy constraint")
        yield from _broken_by_any(shape.value, value.values(), "Map value must satisfy constraint")
    elif shape.type_name == "list" and shape.member.type_name != "structure":
        yield from _broken_by_any(shape.member, value, "Member must satisfy constraint")


def _broken_by_any(shape: Any, values: Iterable[Any], lead: str) -> Iterator[str]:
    """One complaint however many items are wrong, and it lists every constraint."""
    rules = _rules(shape)
    if not all(holds(value) for value in values for holds, _ in rules):
        yield f"{lead}: [{', '.join(text for _, text in rules)}]"


def _rules(shape: Any) -> Rules:
    """Read the constraints that the model states for one shape."""
    stated = shape.metadata
    least, most, pattern = (stated.get(name) for name in ("min", "max", "pattern"))
    numeric = shape.type_name in {"integer", "long", "float", "double"}
    size: Callable[[Any], Any] = (lambda value: value) if numeric else len
    have = "Member must have value" if numeric else "Member must have length"
    known: dict[str, tuple[Callable[[Any], bool], str]] = {
        "max": (lambda value: size(value) <= most, f"{have} less than or equal to {most}"),
        "min": (lambda value: size(value) >= least, f"{have} greater than or equal to {least}"),
        "pattern": (
            lambda value: _matches(pattern, value),
            f"Member must satisfy regular expression pattern: {pattern}",
        ),
        "enum": (
            lambda value: value in stated["enum"],
            f"Member must satisfy enum value set: [{', '.join(stated.get('enum', []))}]",
        ),
    }
    return [rule for name, rule in known.items() if name in stated]


def _matches(pattern: str, value: str) -> bool:
    r"""
    Match the whole value. Python's `re` knows no \p{L}, and takes '.' to match a carriage return.

    WORD makes '.' stop at every line separator, as it does in Java and in Smithy's dialect.
    """
    return regex.fullmatch(pattern, value, regex.WORD) is not None


# --- the package --------------------------------------------------------------------------------


def _members(operation: str) -> Mapping[str, Any]:
    """Name the fields an operation returns, as the model has them."""
    shape = get_service_model("sagemaker").operation_model(operation).output_shape
    return cast("StructureShape", shape).members


class Package(ModelPackage):
    """
    2. A model package that keeps every field Describe returns, under its own name.

    moto accepts ModelLifeCycle, ModelCard, SourceUri, SkipModelValidation, SecurityConfig and
    ModelPackageRegistrationType, and drops them. AWS returns them: the members of
    DescribeModelPackageOutput are what is kept, so no list of ours can fall behind.
    """

    def __init__(self, known: Mapping[str, Any]) -> None:
        # Not moto's constructor: it lower-cases the ARN (4), invents a user (5) and checks
        # instance types against a list of its own (9).
        for field in _members("DescribeModelPackage"):
            self[field] = known.get(field)
        self.arn = known["ModelPackageArn"]
        self.tags = known.get("Tags", [])

    def __getitem__(self, field: str) -> Any:
        return getattr(self, camelcase_to_underscores(field))

    def __setitem__(self, field: str, value: Any) -> None:
        # moto's Search finds a property by its attribute, so fields are attributes.
        setattr(self, camelcase_to_underscores(field), value)

    def gen_response_object(self) -> dict[str, Any]:
        """Describe: what is not set is absent, and a version has no ModelPackageName."""
        known = {field: self[field] for field in _members("DescribeModelPackage")}
        if self["ModelPackageVersion"]:
            del known["ModelPackageName"]
        return {field: value for field, value in known.items() if value is not None}

    def described(self, included: str) -> dict[str, Any]:
        """
        2. Keep only five paths of the card's content when asked for MetadataOnly.

        moto had no card to cut. AWS: DescribeModelPackageOutput.ModelCard lists the paths.
        """
        known = self.gen_response_object()
        card = known.get("ModelCard", {})
        if included == "MetadataOnly" and "ModelCardContent" in card:
            known["ModelCard"] = {**card, "ModelCardContent": _public(card["ModelCardContent"])}
        return known

    def change(self, sent: Mapping[str, Any], caller: dict[str, Any]) -> list[str]:
        """
        1. Change only what is sent, and say which fields that were.

        moto sets everything that is not sent to null. AWS: UpdateModelPackageInput requires the
        ARN alone, and "CustomerMetadataPropertiesToRemove" makes no sense unless the rest stays.
        """
        after = self._after(sent)
        _refuse([each for field in after for each in _misfits(field, after[field])])
        for field, value in after.items():
            self[field] = value
        self["LastModifiedTime"] = utcnow()
        self["LastModifiedBy"] = caller
        return list(after)

    def _after(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Work out the new values: most replace the old ones, three are put together."""
        fields = _members("DescribeModelPackage").keys() - {"ModelPackageArn"}
        after = {field: value for field, value in sent.items() if field in fields}
        if {"CustomerMetadataProperties", "CustomerMetadataPropertiesToRemove"} & sent.keys():
            after["CustomerMetadataProperties"] = self._metadata(sent)
        if "ModelCard" in sent:
            # Assumed: clients send a new ModelCardStatus alone, and the content stays.
            after["ModelCard"] = {**(self["ModelCard"] or {}), **sent["ModelCard"]}
        if more := sent.get("AdditionalInferenceSpecificationsToAdd"):
            kept = self["AdditionalInferenceSpecifications"] or []
            after["AdditionalInferenceSpecifications"] = kept + more
        return after

    def _metadata(self, sent: Mapping[str, Any]) -> dict[str, str] | None:
        """
        1. Merge the properties, then remove; nothing left is the same as none.

        moto replaces them all, and fails on a removal that comes alone. The model does not say
        merge; that there is a way to remove single keys implies it.
        """
        merged = {
            **(self["CustomerMetadataProperties"] or {}),
            **sent.get("CustomerMetadataProperties", {}),
        }
        for key in sent.get("CustomerMetadataPropertiesToRemove", []):
            merged.pop(key, None)
        return merged or None

    def settle(self, failed_because: str | None) -> None:
        """12. Leave InProgress, once."""
        if self["ModelPackageStatus"] != "InProgress":
            raise ValueError(f"{self.arn} is not being validated")
        status = "Failed" if failed_because else "Completed"
        reason = {"FailureReason": failed_because} if failed_because else {}
        details = self["ModelPackageStatusDetails"]
        items = [{**item, "Status": status, **reason} for item in details["ValidationStatuses"]]
        self["ModelPackageStatus"] = status
        self["ModelPackageStatusDetails"] = {**details, "ValidationStatuses": items}


def _misfits(field: str, value: Any) -> Iterator[str]:
    """
    1, 9. What an update leads to must fit Describe's own shape.

    So 60 properties in two calls are refused like 60 in one; and the model says of
    AdditionalInferenceSpecificationsToAdd that there are 15 in total.
    """
    shape = _members("DescribeModelPackage")[field]
    return iter(()) if value is None else _complaints(shape, value, field[0].lower() + field[1:])


# DescribeModelPackageOutput.ModelCard, "sanitized to include only the following JSON paths".
_PUBLIC_PATHS = (
    ("model_overview", "model_id"),
    ("model_overview", "model_name"),
    ("intended_uses", "risk_rating"),
    ("model_package_details", "model_package_group_name"),
    ("model_package_details", "model_package_arn"),
)


def _public(content: str) -> str:
    """Cut a card's content down to what needs no key."""
    card = json.loads(content)
    kept: dict[str, dict[str, Any]] = {}
    for part, name in _PUBLIC_PATHS:
        if name in card.get(part, {}):
            kept.setdefault(part, {})[name] = card[part][name]
    return json.dumps(kept)


def _beginning(sent: Mapping[str, Any]) -> dict[str, Any]:
    """
    12. A package with a ValidationSpecification starts InProgress, any other Completed.

    moto completes all, with the ARN where the model has an EntityName. AWS: events page and
    ModelPackageStatusDetails; one status per validation profile. Assumed: SkipModelValidation
    "All" skips it, as the name says.
    """
    validated = "ValidationSpecification" in sent and sent.get("SkipModelValidation") != "All"
    profiles = sent["ValidationSpecification"]["ValidationProfiles"] if validated else []
    items = [{"Name": profile["ProfileName"], "Status": "InProgress"} for profile in profiles]
    return {
        "ModelPackageStatus": "InProgress" if validated else "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": items, "ImageScanStatuses": []},
        "CertifyForMarketplace": sent.get("CertifyForMarketplace", False),
        "CreationTime": utcnow(),
    }


# --- the registry -------------------------------------------------------------------------------


class Registry(Endpoints):
    """moto's SageMaker of one account and region, with a corrected model registry in it."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.answers: dict[tuple[str, str | None], str] = {}

    @property
    def _url_module(self) -> Any:
        """moto looks for urls beside the class; ours are moto's, answered by the corrected API."""
        paths = dict.fromkeys(urls.url_paths, RegistryApi.dispatch)
        return SimpleNamespace(url_bases=urls.url_bases, url_paths=paths)

    def emit(self, event: Event) -> None:
        _hand_over(_send_out, _copied(event))

    def package(self, name: str) -> Package:
        """Find a package by ARN, by `group/version`, or by its own name."""
        return cast("Package", self._find("ModelPackage", self.model_packages, name))

    def group(self, name: str) -> Any:
        """4. Find a group by name or ARN; moto knows the name only. Model: ArnOrName."""
        return self._find("ModelPackageGroup", self.model_package_groups, name)

    def _find(self, kind: str, things: Mapping[str, Any], name: str) -> Any:
        """
        6. Say that it "does not exist."

        moto has other words for a package. AWS: ValidationException with this ending, which its
        own Kubernetes controller relies on (sagemaker-controller, generator.yaml).
        """
        arn = self._arn(kind, name)
        found = _spelled(arn, {thing.arn: thing for thing in list(things.values())})
        if found is None:
            raise ValidationError(f"{kind} {arn} does not exist.")
        return found

    def _arn(self, kind: str, name: str) -> str:
        """
        4. Keep the case of the name.

        moto lower-cases a package's ARN, not a group's. AWS: every ARN of a version in the
        registry pages and on the events page is spelled as its group is.
        """
        if name.startswith("arn:"):
            return name
        resource = camelcase_to_underscores(kind).replace("_", "-")
        return arn_formatter(resource, name, self.account_id, self.region_name)

    def add_group(self, sent: Mapping[str, Any]) -> str:
        """
        6. Refuse a group that is there already.

        moto replaces it, and its tags and its creation time are lost. AWS: ValidationException
        "Model Package Group already exists", which Airflow's SageMaker hook relies on.
        """
        with _turn:
            arn = self._arn("ModelPackageGroup", sent["ModelPackageGroupName"])
            if _spelled(arn, {group.arn: group for group in self.model_package_groups.values()}):
                raise ValidationError(f"Model Package Group already exists: {arn}")
            return self.create_model_package_group(
                sent["ModelPackageGroupName"],
                sent.get("ModelPackageGroupDescription"),  # type: ignore[arg-type]  # moto says str, and stores None
                sent.get("Tags"),
            )

    def add(self, sent: Mapping[str, Any], caller: dict[str, Any]) -> str:
        """Create a package."""
        return self._once(
            ("CreateModelPackage", sent.get("ClientToken")), lambda: self._added(sent, caller)
        )

    def change(self, sent: Mapping[str, Any], caller: dict[str, Any]) -> str:
        """Update a package."""
        return self._once(
            ("UpdateModelPackage", sent.get("ClientToken")), lambda: self._changed(sent, caller)
        )

    def _once(self, token: tuple[str, str | None], act: Callable[[], Event]) -> str:
        """
        7. Answer a repeated token as the first time: nothing changes and nothing is emitted.

        moto ignores it. Model: ClientToken, "guarantees that the call to this API is idempotent".
        Assumed: a call that failed has used no token, and a token is not compared with the rest.
        """
        with _turn:
            if token in self.answers:
                return self.answers[token]
            event = act()
            arn = str(event["detail"]["ModelPackageArn"])
            if token[1]:
                self.answers[token] = arn
        _hand_over(_send_out, event)
        return arn

    def _added(self, sent: Mapping[str, Any], caller: dict[str, Any]) -> Event:
        _refuse_unclear(sent)
        known = {**sent, **_beginning(sent), "CreatedBy": caller}
        known |= self._as_version(sent) if "ModelPackageGroupName" in sent else {}
        known["ModelPackageArn"] = self._arn("ModelPackage", known["ModelPackageName"])
        package = Package(known)
        self.model_packages[package.arn] = package
        return _state_change(package)

    def _as_version(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """
        3, 4, 8. A version is pending unless said otherwise, and its number is the highest plus one.

        moto leaves the status out, knows a group by name only, and counts. AWS: registry pages,
        whose versions wait for approval, and the Python SDK, where that is the default; the group
        may be given by ARN (model: ArnOrName); a number is never given twice.
        """
        group = self.group(sent["ModelPackageGroupName"]).model_package_group_name
        taken = [package["ModelPackageVersion"] for package in self._versions(group)]
        number = max(taken, default=0) + 1
        return {
            "ModelPackageGroupName": group,
            "ModelPackageVersion": number,
            "ModelPackageName": f"{group}/{number}",
            "ModelApprovalStatus": sent.get("ModelApprovalStatus", "PendingManualApproval"),
        }

    def _changed(self, sent: Mapping[str, Any], caller: dict[str, Any]) -> Event:
        package = self.package(sent["ModelPackageArn"])
        return _state_change(package, package.change(sent, caller))

    def _packages(self) -> list[Package]:
        return [cast("Package", package) for package in self.model_packages.values()]

    def _versions(self, group: str) -> list[Package]:
        return [each for each in self._packages() if each["ModelPackageGroupName"] == group]

    def list_them(self, sent: Mapping[str, Any]) -> tuple[list[Package], str | None]:
        """List one page of packages. A group that does not exist has none, in moto and in AWS."""
        with _turn:
            found = [package for package in self._candidates(sent) if _wanted(sent, package)]
        return _page(found, sent)

    def _candidates(self, sent: Mapping[str, Any]) -> list[Package]:
        """Versions of the group, or of the type: unversioned by default (model: its text)."""
        if name := sent.get("ModelPackageGroupName"):
            groups = {group.arn: group for group in self.model_package_groups.values()}
            group = _spelled(self._arn("ModelPackageGroup", name), groups)
            return self._versions(group.model_package_group_name) if group else []
        versioned = {"Versioned": {True}, "Both": {True, False}}
        kinds = versioned.get(sent.get("ModelPackageType", "Unversioned"), {False})
        return [each for each in self._packages() if bool(each["ModelPackageVersion"]) in kinds]

    def list_groups(self, sent: Mapping[str, Any]) -> tuple[list[Any], str | None]:
        """List one page of groups."""
        with _turn:
            groups = list(self.model_package_groups.values())
        return _page([group for group in groups if _fits(sent, group, _name(group))], sent)


def _spelled(arn: str, things: Mapping[str, Any]) -> Any:
    """
    4. Look up the exact spelling first, then any.

    The model says it of an endpoint's name only, "case-insensitive ..., but the case is preserved"
    (CreateEndpointInput); assumed to hold here.
    """
    return things.get(arn) or {key.lower(): each for key, each in things.items()}.get(arn.lower())


def _refuse_unclear(sent: Mapping[str, Any]) -> None:
    """
    9. A package is one of two kinds, and only one of them has tags.

    moto takes tags for a version. Model: CreateModelPackageInput.Tags, "you cannot supply a tag
    argument"; the words are AWS's (aws/aws-cdk#33699), the other two are known from moto.
    """
    if "ModelPackageGroupName" in sent and "ModelPackageName" in sent:
        raise ValidationError(
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. "
            "Cannot determine which one to use."
        )
    if not {"ModelPackageGroupName", "ModelPackageName"} & sent.keys():
        raise ValidationError("Missing ARN.")
    if "ModelPackageGroupName" in sent and sent.get("Tags"):
        raise ValidationError(
            "Tags are not supported in Model Package versions. "
            "Please add them to the Model Package Group."
        )


# --- 8. pages -----------------------------------------------------------------------------------

# The model states no default for the two lists; for most of their siblings its text says 10.
_PAGE = 10


def _page(things: list[Any], sent: Mapping[str, Any]) -> tuple[list[Any], str | None]:
    """
    8. Cut a page whose token is a place in the order, not an item.

    moto's token names the next item; when that leaves the filter (because it was approved), the
    next page is an error. AWS: by CreationTime and Ascending unless asked (model: texts of
    SortBy and SortOrder). Assumed: the same time is told apart by name, then version.
    """
    by = sent.get("SortBy", "CreationTime")
    descending = sent.get("SortOrder") == "Descending"
    rest = sorted(things, key=lambda thing: _position(thing, by), reverse=descending)
    if token := sent.get("NextToken"):
        last = _place(token, by)
        rest = [each for each in rest if _beyond(_position(each, by), last, descending=descending)]
    page = rest[: sent.get("MaxResults", _PAGE)]
    return page, _token(by, page[-1]) if len(page) < len(rest) else None


def _beyond(position: Position, last: Position, *, descending: bool) -> bool:
    return position < last if descending else position > last


def _position(thing: Any, by: str) -> Position:
    version = thing["ModelPackageVersion"] if isinstance(thing, Package) else None
    born = thing.creation_time.isoformat(timespec="microseconds")
    return "" if by == "Name" else born, _name(thing), version or 0


def _name(thing: Any) -> str:
    """A version goes by the name of its group, as the first part of its own."""
    if isinstance(thing, Package):
        return str(thing["ModelPackageGroupName"] or thing["ModelPackageName"])
    return str(thing.model_package_group_name)


def _token(by: str, thing: Any) -> str:
    return b64encode(json.dumps([by, *_position(thing, by)]).encode()).decode()


def _place(token: str, by: str) -> Position:
    """
    8. Refuse a token that is none, or that belongs to another order.

    moto answers InvalidToken, which SageMaker does not have. Assumed: ValidationException, as
    for every other bad input.
    """
    try:
        order, born, name, version = json.loads(b64decode(token, validate=True))
        place = (str(born), str(name), int(version))
    except (ValueError, TypeError):
        order, place = None, ("", "", 0)
    if order != by:
        raise ValidationError("Invalid NextToken.")
    return place


def _wanted(sent: Mapping[str, Any], package: Package) -> bool:
    status = sent.get("ModelApprovalStatus", package["ModelApprovalStatus"])
    return bool(status == package["ModelApprovalStatus"]) and _fits(sent, package, _name(package))


def _fits(sent: Mapping[str, Any], thing: Any, name: str) -> bool:
    born = thing.creation_time
    late_enough = "CreationTimeAfter" not in sent or born > sent["CreationTimeAfter"]
    early_enough = "CreationTimeBefore" not in sent or born < sent["CreationTimeBefore"]
    return late_enough and early_enough and sent.get("NameContains", "") in name


# --- the API ------------------------------------------------------------------------------------


class RegistryApi(EndpointsApi):
    """moto's SageMaker API, of which the operations of the registry are answered here."""

    @property
    def _registry(self) -> Registry:
        return cast("Registry", self.sagemaker_backend)

    def create_model_package_group(self) -> ActionResult:
        return ActionResult({"ModelPackageGroupArn": self._registry.add_group(self._sent())})

    def describe_model_package_group(self) -> ActionResult:
        group = self._registry.group(self._get_param("ModelPackageGroupName"))
        return ActionResult(group.gen_response_object())

    def list_model_package_groups(self) -> ActionResult:
        groups, token = self._registry.list_groups(self._sent())
        summaries = [group.gen_response_object() for group in groups]
        return ActionResult({"ModelPackageGroupSummaryList": summaries, "NextToken": token})

    def create_model_package(self) -> ActionResult:
        return ActionResult({"ModelPackageArn": self._registry.add(self._sent(), self._caller())})

    def update_model_package(self) -> ActionResult:
        arn = self._registry.change(self._sent(), self._caller())
        return ActionResult({"ModelPackageArn": arn})

    def describe_model_package(self) -> ActionResult:
        sent = self._sent()
        with _turn:
            package = self._registry.package(sent["ModelPackageName"])
            return ActionResult(package.described(sent.get("IncludedData", "AllData")))

    def delete_model_package(self) -> ActionResult:
        """
        13. Take a package away.

        moto has no such operation. Model: DeleteModelPackage. Its event is not documented, so
        there is none.
        """
        with _turn:
            package = self._registry.package(self._get_param("ModelPackageName"))
            del self._registry.model_packages[package.arn]
        return ActionResult({})

    def list_model_packages(self) -> ActionResult:
        packages, token = self._registry.list_them(self._sent())
        # Fields that are none of the summary's are left out by moto, which follows the shapes.
        summaries = [package.gen_response_object() for package in packages]
        return ActionResult({"ModelPackageSummaryList": summaries, "NextToken": token})

    def _sent(self) -> dict[str, Any]:
        operation = get_service_model("sagemaker").operation_model(self._get_action())
        _validate(cast("StructureShape", operation.input_shape), self.params)
        return dict(self.params)

    def _caller(self) -> dict[str, Any]:
        """
        5. Name who asks.

        moto writes down a Studio user of its own. Model: UserContext.IamIdentity, which exists for
        "model package groups, model packages, project entities" and hubs. Read from the signature,
        because moto takes only twenty capitals and digits for a key. Assumed: no Studio profile.
        """
        signed = re.search(r"Credential=([^/,]+)/", self.headers.get("Authorization", ""))
        key = signed[1] if signed else "anonymous"
        return {"IamIdentity": _identity(key, self.current_account, self.partition)}


def _identity(key: str, account: str, partition: str) -> dict[str, str]:
    """
    5. A role's session or a user that moto's STS or IAM knows; else a user called like the key.

    The principal is the key where AWS has an id (AROA..., AIDA...), because moto makes up a new
    one each time it is asked.
    """
    sessions = cast("Sessions", sts_backends[account][partition])
    if session := sessions.get_assumed_role_from_access_key(key):
        who = {"Arn": session.arn, "PrincipalId": f"{key}:{session.session_name}"}
        return who | sessions.source_identity(key)
    user = iam_backends[account][partition].get_user_from_access_key_id(key)
    if user:
        return {"Arn": user.arn, "PrincipalId": user.id}
    return {"Arn": f"arn:{partition}:iam::{account}:user/{key}", "PrincipalId": key}


# --- 14. source identity ------------------------------------------------------------------------


class Sessions(STSBackend):
    """
    14. moto's STS, which remembers on whose behalf each session was taken.

    moto drops SourceIdentity. Model: AssumeRoleResponse has it, and so has IamIdentity, "the
    person or application which assumes the IAM identity". Assumed: whoever gave none has none.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.known: dict[str, str] = {}

    @property
    def _url_module(self) -> Any:
        """As the registry's: moto's urls, answered by the corrected API."""
        paths = dict.fromkeys(sts_urls.url_paths, SessionsApi.dispatch)
        return SimpleNamespace(url_bases=sts_urls.url_bases, url_paths=paths)

    def source_identity(self, key: str) -> dict[str, str]:
        """What was given for the session with this access key, as AWS writes it."""
        return {"SourceIdentity": self.known[key]} if key in self.known else {}


class SessionsApi(TokenResponse):
    """moto's STS API, of which AssumeRole is corrected here."""

    def assume_role(self) -> ActionResult:
        """
        9, 14. Keep the source identity, and refuse names that the model does not allow.

        moto checks one length, and botocore the lengths only. Model: AssumeRoleRequest.
        """
        self._refuse_what_the_model_refuses()
        answer = cast("dict[str, Any]", super().assume_role().result)
        role = answer["Credentials"]
        sessions = cast("Sessions", sts_backends[role.account_id][self.partition])
        if given := self._get_param("SourceIdentity"):
            sessions.known[role.access_key_id] = given
        return ActionResult(answer | sessions.source_identity(role.access_key_id))

    def _refuse_what_the_model_refuses(self) -> None:
        shape = get_service_model("sts").operation_model("AssumeRole").input_shape
        try:
            _validate(cast("StructureShape", shape), self.params)
        except ValidationError as error:
            raise STSValidationError(error.message) from error  # AWS's name for it in STS


# --- 10. events ---------------------------------------------------------------------------------

# The fields of the example on the events page, then three it lacks: the name of a package without
# a group and the two descriptions, which public rules and handlers read. No actor is named.
_EVENT_FIELDS = (
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "CreationTime",
    "InferenceSpecification",
    "ModelPackageStatus",
    "ModelPackageStatusDetails",
    "CertifyForMarketplace",
    "ModelApprovalStatus",
    "MetadataProperties",
    "ModelMetrics",
    "ModelLifeCycle",
    "LastModifiedTime",
    "ModelPackageName",
    "ModelPackageDescription",
    "ApprovalDescription",
)


def _state_change(package: Package, updated: list[str] | None = None) -> Event:
    """
    10. Write the event of one create, update or validation.

    moto has none. AWS: events page, "SageMaker model package state change". An update that
    changes nothing is an event too, and *updated* names what was sent; the page says neither.
    """
    known = package.gen_response_object()
    detail = {field: known[field] for field in _EVENT_FIELDS if field in known}
    if updated is not None:
        detail["UpdatedModelPackageFields"] = [_as_listed(field) for field in updated]
    _, _, _, region, account, _ = package.arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": account,
        "time": _iso(utcnow()),
        "region": region,
        "resources": [package.arn],
        "detail": _copied(detail),
    }


def _as_listed(field: str) -> str:
    """The events page spells this one value with a small letter."""
    return "sourceUri" if field == "SourceUri" else field


def _copied(event: Mapping[str, Any]) -> Event:
    """Through JSON, as on the wire: whoever gets it cannot reach the package."""
    return cast("Event", json.loads(json.dumps(event, default=_iso)))


def _iso(moment: datetime) -> str:
    return iso_8601_datetime_without_milliseconds(moment)


def _send_out(event: Event) -> None:
    if _outlet.emit:
        _outlet.emit(event)
    else:
        _put_on_bus(event)


def _put_on_bus(event: Event) -> None:
    """Let moto's own default bus match its rules; it gives the event another id."""
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event["resources"],
    }
    events_backends[event["account"]][event["region"]].put_events([entry])


def _hand_over(receive: Callable[[Event], None], event: Event) -> None:
    """In AWS the caller of an API never learns that an event was not taken; a log does."""
    try:
        receive(event)
    except Exception:
        log.exception("an event was not taken: %s", event["detail-type"])


# --- 11. rules ----------------------------------------------------------------------------------

_moto_sends = Rule.send_to_targets


class _OtherTargets:
    """A rule as moto shall see it: without its functions."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.targets = [target for target in rule.targets if not _is_function(target["Arn"])]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rule, name)


def _listens(rule: Rule) -> bool:
    return rule.state != "DISABLED" and rule.event_pattern.dump() is not None


def _target_arns(rule: Rule) -> list[str]:
    return [target["Arn"] for target in rule.targets]


def _is_function(arn: str) -> bool:
    return arn.split(":")[2] == "lambda"


def _as_delivered(event: EventMessageType) -> Event:
    """Give the whole event, without moto's own mark and with its time in words."""
    whole = {name: value for name, value in event.items() if name != "ingestion-time"}
    if isinstance(whole["time"], int | float):
        whole["time"] = _iso(utcfromtimestamp(int(whole["time"])))
    return _copied(whole)
