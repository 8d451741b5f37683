"""
What of an endpoint is worth telling: what a change brought, or did not.

`bot.adapters.aws.endpoints` asks AWS, `bot.core.cards.endpoints` makes the message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.core import wire
from bot.core.followup.endpoints import DELETED, Endpoint, EndpointMemory, EndpointStatus
from bot.core.registry.version import Arn, arn_key

TOLD: Final = frozenset(
    {
        EndpointStatus.IN_SERVICE,
        EndpointStatus.FAILED,
        EndpointStatus.MIXED,
        EndpointStatus.OUT_OF_SERVICE,
        EndpointStatus.DELETING,
        EndpointStatus.GONE,
    }
)
"""The states that are told. Of the others, an endpoint comes to one of these."""
_FAILED: Final = frozenset({EndpointStatus.FAILED, EndpointStatus.MIXED})
"""The states that have a reason of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointResult:
    """What there is to tell of an endpoint."""

    endpoint: str
    state: EndpointStatus
    serves: tuple[Arn, ...]
    missed: tuple[Arn, ...] = ()
    """What a change was to bring into service, and did not."""
    reason: str = ""

    def replaced(self, memory: EndpointMemory) -> tuple[Arn, ...]:
        """Return what it was last told to serve and serves no more; nothing if it serves none."""
        if self.state is not EndpointStatus.IN_SERVICE:
            return ()
        serving = {arn_key(arn) for arn in self.serves}
        return tuple(arn for arn in memory.told_serving if arn_key(arn) not in serving)

    @property
    def subject(self) -> tuple[Arn, ...]:
        """The versions that it is about: those that were to come into service, or have."""
        return self.missed or self.serves

    @property
    def is_failure(self) -> bool:
        """Whether something failed, or is out of service; who deletes an endpoint wants that."""
        is_bad = self.state is not EndpointStatus.IN_SERVICE and not self.is_deleted
        return bool(self.missed or self.reason) or is_bad

    @property
    def is_deleted(self) -> bool:
        """Whether there is no such endpoint any more."""
        return self.state in DELETED

    @property
    def lasting(self) -> str:
        """The same as long as nothing is new. What a change missed, and why, is told once."""
        return wire.digest(self.endpoint, self.state.value, self.serves)

    @property
    def digest(self) -> str:
        """The same for the same result, with what is told once."""
        return wire.digest(self.lasting, self.missed, self.reason)

    def is_news(self, memory: EndpointMemory) -> bool:
        """Whether it was not told already."""
        told = self.lasting == memory.told_digest and self.reason in {"", memory.reason}
        return bool(self.missed) or not told


def memory_of_same(endpoint: Endpoint, memory: EndpointMemory) -> EndpointMemory:
    """
    Return what is remembered of *endpoint*.

    If it was created anew under its name, that is what the deleted one served, and which cards are
    still out of date.
    """
    if memory.created in {None, endpoint.created}:
        return replace(memory, created=endpoint.created)
    return EndpointMemory(
        arn=memory.arn,
        read_at=memory.read_at,
        revision=memory.revision,
        created=endpoint.created,
        servings=memory.servings,
        outdated=memory.outdated,
    )


def under_way(endpoint: Endpoint, memory: EndpointMemory) -> EndpointMemory:
    """
    Return what to remember of a change while it is under way; *memory* if that is nothing new.

    While a change is rolled back, the reason is already its own: that one is still to be told.
    """
    if not endpoint.pending_versions:
        return memory
    updating = endpoint.state is EndpointStatus.UPDATING
    reason = endpoint.reason if updating else memory.reason
    return replace(
        memory,
        pending_versions=endpoint.pending_versions,
        pending_config=endpoint.pending_config,
        reason=reason,
        told_failure=False,  # should this change fail as well, that is told anew
    )


def result_of(endpoint: Endpoint, memory: EndpointMemory) -> EndpointResult | None:
    """
    Return what became of an endpoint; None while a change is under way.

    An update that fails leaves the endpoint in service as before, and does not name what it was
    about: so that is remembered while it is under way. A reason that was seen before belongs to an
    older change, unless something failed now.
    """
    if endpoint.state not in TOLD:
        return None
    if endpoint.state in DELETED:
        return result_of_deletion(endpoint.name, endpoint.state, memory)
    serves, missed = served_versions(endpoint, memory), missed_versions(endpoint, memory)
    failed = missed or endpoint.state in _FAILED
    reason = endpoint.reason if failed or endpoint.reason != memory.reason else ""
    if endpoint.state is EndpointStatus.IN_SERVICE:
        is_new = endpoint.is_complete and memory.told_serving
        return _result(endpoint, serves, missed, reason) if serves or missed or is_new else None
    return _result(endpoint, (*endpoint.versions, *memory.pending_versions), (), reason)


def result_of_deletion(
    name: str, state: EndpointStatus, memory: EndpointMemory
) -> EndpointResult | None:
    """Return what an endpoint was told to serve that is not there any more; None if nothing."""
    versions = memory.told_serving
    return EndpointResult(endpoint=name, state=state, serves=versions) if versions else None


def served_versions(endpoint: Endpoint, memory: EndpointMemory) -> tuple[Arn, ...]:
    """
    Return the versions in service.

    Where they cannot be read: those that the change under way was to bring, or that were known of
    the same configuration before.
    """
    if endpoint.is_complete:
        return endpoint.versions
    brought = memory.pending_versions if memory.pending_config == endpoint.config else ()
    known = [each.arn for serving in memory.servings for each in serving.versions]
    before = known if memory.config == endpoint.config else ()
    return tuple(dict.fromkeys([*endpoint.versions, *brought, *before]))


def missed_versions(endpoint: Endpoint, memory: EndpointMemory) -> tuple[Arn, ...]:
    """
    Return what the change that was remembered did not bring.

    If not all versions in service could be read, the names of the configurations tell: after a
    change that failed, the one in service is still the old one.
    """
    if not endpoint.is_complete:
        failed = memory.pending_config not in {"", endpoint.config}
        return memory.pending_versions if failed else ()
    serving = {arn_key(arn) for arn in endpoint.versions}
    return tuple(arn for arn in memory.pending_versions if arn_key(arn) not in serving)


def _result(
    endpoint: Endpoint, serves: tuple[Arn, ...], missed: tuple[Arn, ...], reason: str
) -> EndpointResult:
    return EndpointResult(
        endpoint=endpoint.name,
        state=endpoint.state,
        serves=tuple(dict.fromkeys(serves)),
        missed=missed,
        reason=reason,
    )
