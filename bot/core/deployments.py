"""
What becomes of a version when CI/CD deploys it: an endpoint serves it, or fails to.

This file says what of an endpoint is worth telling. How AWS is asked is for
`bot.adapters.deployments`, in which words it is told for `cards.deployments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.model import Arn


class State(StrEnum):
    """EndpointStatus, as the API spells it; whatever else it says is OTHER."""

    IN_SERVICE = "InService"
    FAILED = "Failed"
    MIXED = "UpdateRollbackFailed"
    """In service with a mix of old and new."""
    OUT_OF_SERVICE = "OutOfService"
    UPDATING = "Updating"
    OTHER = "another state"

    @classmethod
    def _missing_(cls, value: object) -> State:  # noqa: ARG003 - as Enum calls it
        return cls.OTHER


TOLD: Final = frozenset({State.IN_SERVICE, State.FAILED, State.MIXED, State.OUT_OF_SERVICE})
"""The states that are told. Of the others, an endpoint comes to one of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """An endpoint as it is now, and the versions that it serves."""

    arn: Arn
    name: str
    state: State
    versions: tuple[Arn, ...]
    coming: tuple[Arn, ...] = ()
    """What it will serve if the change under way succeeds."""
    reason: str = ""
    """Why it, or its last change, failed, in SageMaker's words."""
    modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the bot remembers of an endpoint."""

    arn: Arn
    revision: int = 0
    told: str = ""
    """Digest of what was last told, as far as it lasts."""
    coming: tuple[Arn, ...] = ()
    """What the change that was last seen under way was to bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What there is to tell of an endpoint."""

    endpoint: str
    state: State
    serves: tuple[Arn, ...]
    missed: tuple[Arn, ...] = ()
    """What a change was to bring into service, and did not."""
    reason: str = ""

    @property
    def digest(self) -> str:
        """The same for what reads the same."""
        return _digest((self.lasting, self.missed))

    @property
    def lasting(self) -> str:
        """The same as long as nothing is new. What a change missed is said once, and is over."""
        return _digest((self.endpoint, self.state.value, self.serves, self.reason))

    def is_news(self, known: Known) -> bool:
        """Whether it was not told already."""
        return bool(self.missed) or self.lasting != known.told


def result(found: Deployment, known: Known) -> Result | None:
    """
    What became of an endpoint; None while that is open.

    An update that fails leaves it in service as before, and names nothing of what was to come:
    so that is remembered while it is under way.
    """
    if found.state not in TOLD:
        return None
    if found.state is not State.IN_SERVICE:
        return _of(found, (*found.versions, *known.coming), (), found.reason)
    missed = tuple(arn for arn in known.coming if arn not in found.versions)
    changed = known.coming and not missed
    # What succeeded has no reason to fail: that one is of an older change.
    return _of(found, found.versions, missed, "" if changed else found.reason)


def _digest(said: tuple[object, ...]) -> str:
    return sha256(repr(said).encode()).hexdigest()[:32]


def _of(found: Deployment, serves: tuple[Arn, ...], missed: tuple[Arn, ...], reason: str) -> Result:
    once = tuple(dict.fromkeys(serves))
    return Result(endpoint=found.name, state=found.state, serves=once, missed=missed, reason=reason)
