"""10. The events of the registry, and where they go."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import uuid4

from moto.core.utils import iso_8601_datetime_without_milliseconds, utcnow
from moto.events.models import events_backends

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from infra.local.registry.package import Package

Event = dict[str, Any]

_logger: Final = logging.getLogger(__name__)
# The fields of the example on the events page, then three it lacks: the name of a package without
# a group and the two descriptions, which public rules and handlers read. No actor is named.
_FIELDS: Final[tuple[str, ...]] = (
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


@dataclass
class _Destination:
    """Where events go. One per process, as moto's state is."""

    emit: Callable[[Event], None] | None = None


_destination = _Destination()


def send_to(emit: Callable[[Event], None] | None) -> None:
    """Send all further events to *emit*; None means moto's own default bus."""
    _destination.emit = emit


def send(event: Event) -> None:
    """Send a copy of *event* to whoever receives events. Nothing goes wrong for the caller."""
    deliver(_destination.emit or _put_on_bus, copied(event))


def deliver(receive: Callable[[Event], None], event: Event) -> None:
    """Call *receive*, and log what it raises: in AWS the caller of an API never learns of it."""
    try:
        receive(event)
    except Exception:
        _logger.exception("an event was not taken: %s", event["detail-type"])


def state_change(package: Package, updated: list[str] | None = None) -> Event:
    """
    10. Return the event of one create, update or validation.

    moto has none. AWS: events page, "SageMaker model package state change". An update that
    changes nothing is an event too, and *updated* names what was sent; the page says neither.
    """
    fields = package.gen_response_object()
    detail = {name: fields[name] for name in _FIELDS if name in fields}
    if updated is not None:
        detail["UpdatedModelPackageFields"] = [_listed_name(name) for name in updated]
    _, _, _, region, account, _ = package.arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": account,
        "time": iso(utcnow()),
        "region": region,
        "resources": [package.arn],
        "detail": copied(detail),
    }


def copied(event: Mapping[str, Any]) -> Event:
    """Copy through JSON, as on the wire: whoever gets it cannot reach the package."""
    return cast("Event", json.loads(json.dumps(event, default=iso)))


def iso(moment: datetime) -> str:
    """Write a time as events have it, in whole seconds."""
    return iso_8601_datetime_without_milliseconds(moment)


def _listed_name(field: str) -> str:
    """Spell a field's name as the events page does: this one with a small letter."""
    return "sourceUri" if field == "SourceUri" else field


def _put_on_bus(event: Event) -> None:
    """Let moto's own default bus match its rules; it gives the event another id."""
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event["resources"],
    }
    events_backends[event["account"]][event["region"]].put_events([entry])
