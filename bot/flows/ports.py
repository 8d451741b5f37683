"""
What the jobs need of the world, in the jobs' own words.

Each protocol has its adapter of the same noun in `bot.adapters` and a double in
`tests/doubles`; both are held to the same contract tests. An adapter speaks of trouble only in
the words of `bot.core.errors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, timedelta

    from bot.core.audit.chain import ChainHead, Entry
    from bot.core.cards.blocks import Json
    from bot.core.cards.messages import Message
    from bot.core.evidence.brief import Brief
    from bot.core.followup.endpoints import Endpoint, EndpointMemory
    from bot.core.jobs.messages import Job
    from bot.core.jobs.record import Record, RecordSummary
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, DescribedVersion, Report, Status, Version
    from bot.core.rules.people import LookupFailure, Members, MembershipStatus
    from bot.core.rules.rule import Rules
    from bot.core.votes.request import MessageRef
    from bot.core.votes.vote import Decision


class Registry(Protocol):
    """
    The SageMaker Model Registry, of the bot's own site and of others.

    A group elsewhere is called account/region/name. Everything here raises Unavailable when AWS is
    busy, and Forbidden where the bot is not let in; what names a version raises NotOurs for a site
    that is none of these.
    """

    @property
    def sites(self) -> tuple[RegistryId, ...]:
        """Every site there is, the bot's own first."""
        ...

    def site_of(self, arn: Arn) -> RegistryId | None:
        """Where *arn* is; None if that is none of the sites. Asks nobody."""
        ...

    def describe(self, arn: Arn) -> DescribedVersion:
        """The version as it is now. Raises Gone, Forbidden, and SetAside for what is no version."""
        ...

    def versions(self, group: str) -> tuple[Version, ...]:
        """All versions of *group*; none if there is no such group."""
        ...

    def having(self, status: Status, site: RegistryId) -> tuple[Version, ...]:
        """All versions at *status*, of all groups at *site*, in one listing."""
        ...

    def groups(self, site: RegistryId) -> tuple[str, ...]:
        """The names of all groups at *site*."""
        ...

    def apply(self, decision: Decision) -> None:
        """
        Set the status, the description and the metadata in one call.

        The same decision again changes nothing (ClientToken). Raises Declined if AWS will not.
        """
        ...


class Evidence(Protocol):
    """The files that a version's metrics lie in."""

    def read(self, report: Report, arn: Arn) -> Brief:
        """
        What *report* of the version *arn* says, or a note on why it says nothing; with the
        digest of its file.

        Raises Unavailable when S3 is busy, and nothing else.
        """
        ...


class Deployments(Protocol):
    """What SageMaker serves. Raises Unavailable when AWS is busy."""

    def look(self, arn: Arn) -> Endpoint:
        """The endpoint *arn* as it is now, and the versions in it. Raises Gone, and Forbidden."""
        ...


class Ledger(Protocol):
    """What the bot remembers. Every write names the revision that was read; raises Stale."""

    def get(self, arn: Arn) -> Record:
        """Read the record of *arn*; a blank one, of revision 0, if there is none."""
        ...

    def save(self, record: Record) -> Record:
        """
        Write *record* and its new audit entries in one transaction, all or nothing.

        Returns it with its new revision. Raises Stale if its revision is not the one stored, or an
        entry of that number is there.
        """
        ...

    def get_endpoint(self, arn: Arn) -> EndpointMemory:
        """Read what is remembered of the endpoint *arn*; of revision 0, nothing."""
        ...

    def save_endpoint(self, memory: EndpointMemory) -> None:
        """Write *memory*. Raises Stale if its revision is not the one stored."""
        ...

    def summaries(self) -> Iterator[RecordSummary]:
        """Read a summary of every record there is."""
        ...

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        """Read the audit entries of *chain* (an ARN, or the checkpoints), by number."""
        ...

    def chains(self) -> Iterator[str]:
        """List the name of every chain of which there is an entry or an end, each once."""
        ...

    def chain_head(self, chain: str) -> ChainHead | None:
        """Read where *chain* is recorded to end; None if no record says so."""
        ...

    def append_checkpoint(self, entry: Entry, head: ChainHead) -> None:
        """
        Append *entry* to the chain of checkpoints, which then ends at *head*.

        Raises Stale if the entry is there, or does not follow the end that is recorded.
        """
        ...


class Chat(Protocol):
    """Slack. Raises Unavailable when Slack is busy, Lost when a message cannot be touched."""

    def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        since: datetime | None = None,
    ) -> MessageRef:
        """
        Post *message* in *channel*, or below the message *thread*.

        With *since*, a message with this *key* may have been posted after that time already; if
        so it is found and not posted again.
        """
        ...

    def update(self, place: MessageRef, message: Message) -> None:
        """Let the message at *place* say this instead. The same again is harmless."""
        ...

    def whisper(self, channel: str, person: str, message: Message) -> None:
        """Tell *person* alone, in *channel* if the bot is there, else directly."""
        ...

    def answer(self, url: str, message: Message, *, replace: bool) -> None:
        """Answer a command or a click where it was made. An address that expired is let go."""
        ...

    def fill(self, view: str, form: Json) -> None:
        """Let the open form *view* show *form*; nothing, if it was closed by now."""
        ...

    def home(self, person: str, view: dict[str, Any]) -> None:
        """Let *person*'s Home show *view*."""
        ...


class Directory(Protocol):
    """
    Who is who in Slack. Raises Unavailable when Slack is busy.

    What was read may be some minutes old; what could not be read is asked again.
    """

    def members(self, user_group: str) -> Members:
        """Who is in *user_group*, or why that cannot be read."""
        ...

    def standing(self, person: str) -> MembershipStatus:
        """What *person* is in this workspace."""
        ...

    def with_email(self, email: str) -> str | LookupFailure | None:
        """The id of who has *email*; None if nobody has; why, if that cannot be read."""
        ...


class JobQueue(Protocol):
    """The queue in which everything that touches one version waits in one line."""

    def send(self, job: Job, key: str) -> None:
        """Put *job* in its line. The same *key* within five minutes is put there once."""
        ...

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        """The same for many, in as few calls as can be."""
        ...


class MetricSink(Protocol):
    """
    What is counted and measured for whoever watches over the bot. It never fails.

    A name has few kinds at most: an ARN or a person is for the log.
    """

    def count(self, name: str, many: int = 1, **kind: str) -> None:
        """Count *many* more of *name*; of *kind*, such as reason="Late", if there are kinds."""
        ...

    def took(self, name: str, time: timedelta) -> None:
        """Note that *name* took so much *time*."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All of it, and the clock."""

    registry: Registry
    evidence: Evidence
    deployments: Deployments
    ledger: Ledger
    chat: Chat
    directory: Directory
    queue: JobQueue
    metrics: MetricSink
    rules: Rules
    now: Callable[[], datetime]
    asked: datetime | None = None
    """When the job in hand was put in the line, if that is known."""
