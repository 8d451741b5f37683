"""
What the flows need of the world: one protocol per noun, in the flows' own words.

Each has an adapter in `bot.adapters` and a double in `tests/doubles`; the same contract tests hold
for both. An adapter raises nothing but `bot.core.errors`; every method that asks AWS or Slack
raises Unavailable if the other side is busy or does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from bot.core.audit.chain import ChainHead, Entry
    from bot.core.cards.blocks import Json
    from bot.core.cards.messages import Message
    from bot.core.decide.record import PostedCards, Record, RecordSummary
    from bot.core.evidence.brief import Brief
    from bot.core.followup.endpoints import Endpoint, EndpointMemory, Serving
    from bot.core.jobs.messages import Job
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, DescribedVersion, Report, Status, Version
    from bot.core.rules.people import LookupFailure, Members, Profile
    from bot.core.rules.rule import Rules
    from bot.core.votes.message_ref import MessageRef
    from bot.core.votes.rate_limit import RateLimit
    from bot.core.votes.vote import Decision


class Registry(Protocol):
    """
    The SageMaker model registries, the bot's own and those of other accounts and Regions.

    What names a version raises NotOurs for a registry that is not watched; everything raises
    Forbidden where the bot may not read, and `describe` UnknownRefusal for what AWS does not say.
    """

    @property
    def registry_ids(self) -> tuple[RegistryId, ...]:
        """Every registry that is watched, the bot's own first."""
        ...

    def registry_id_of(self, arn: Arn) -> RegistryId | None:
        """Return the registry of *arn*; None if it is not watched. Asks nobody."""
        ...

    def describe(self, arn: Arn) -> DescribedVersion:
        """Describe a version. Raises Gone, and Ignored for what is no version of a group."""
        ...

    def versions(
        self, group: str, *, status: Status | None = None, most: int | None = None
    ) -> tuple[Version, ...]:
        """
        List the versions of *group*, the newest first; none if there is no such group.

        Only those at *status*, and *most* at most: with it, no more is listed than it takes.
        """
        ...

    def versions_with_status(
        self, status: Status, registry_id: RegistryId, *, created_after: datetime | None = None
    ) -> tuple[Version, ...]:
        """List all versions at *status*, of all groups of one registry, or those that are newer."""
        ...

    def groups(self, registry_id: RegistryId, *, most: int | None = None) -> tuple[str, ...]:
        """List the names of the groups of one registry by name, *most* at most."""
        ...

    def apply(self, decision: Decision) -> None:
        """
        Set status, description and metadata in one call.

        The same decision again changes nothing (ClientToken). Raises Declined if AWS will not.
        """
        ...


class Evidence(Protocol):
    """The files that a version's metrics are in, and its model card."""

    def read(self, report: Report, arn: Arn) -> Brief:
        """Read one report of the version *arn*; what cannot be read is a note in the brief."""
        ...


class Endpoints(Protocol):
    """The endpoints of SageMaker."""

    def describe(self, arn: Arn) -> Endpoint:
        """
        Describe the endpoint *arn* and the versions in it.

        Raises Gone, Forbidden, and UnknownRefusal for what AWS does not say.
        """
        ...


class Ledger(Protocol):
    """
    What the bot remembers, by the keys of ARNs: an ARN is the same in any case (`arn_key`).

    Every write names the revision that was read; raises Stale. A record has the time by the store's
    clock: times that several workers write and compare come from that one, as theirs may differ.
    """

    def get(self, arn: Arn) -> Record:
        """Read the record of *arn*, and the time; a blank one, of revision 0, if there is none."""
        ...

    def get_with_servings(self, arn: Arn, group: str) -> tuple[Record, tuple[Serving, ...]]:
        """Read what `get` and `servings` do, in one call."""
        ...

    def posted_cards(self, arns: Sequence[Arn]) -> tuple[PostedCards, ...]:
        """
        Read the cards of many versions at once, without those of which there is no record.

        *arns* are at most a hundred; the answer is in no order.
        """
        ...

    def save(self, record: Record) -> Record:
        """
        Write *record* and its new audit entries in one transaction, all or nothing.

        Returns it with its new revision, and the time. Raises Stale if its revision is not the one
        stored, or an entry of that number is there.
        """
        ...

    def get_endpoint(self, arn: Arn) -> EndpointMemory:
        """Read what is remembered of the endpoint *arn*, and the time; of revision 0, nothing."""
        ...

    def save_endpoint(self, memory: EndpointMemory) -> EndpointMemory:
        """
        Write *memory*, and its servings where they are read by group, all or nothing.

        Returns it with its new revision, and the time. Raises Stale if its revision is not the
        one stored.
        """
        ...

    def endpoints(self) -> Iterator[Arn]:
        """List every endpoint of which something is remembered."""
        ...

    def servings(self, group: str) -> tuple[Serving, ...]:
        """Read what each endpoint does for *group*, whose name may be in any case."""
        ...

    def summaries(self, *, after: str = "") -> Iterator[RecordSummary]:
        """Read a summary of every record, in the order of their keys, from the one *after* on."""
        ...

    def open_summaries(self) -> Iterator[RecordSummary]:
        """Read a summary of every open record (`Request.is_open`), few as these are."""
        ...

    def summaries_of(self, arns: Sequence[Arn]) -> tuple[RecordSummary, ...]:
        """
        Read the summaries of some versions at once, without those of which there is no record.

        *arns* are at most a hundred; the answer is in no order.
        """
        ...

    def sweep_place(self) -> str:
        """Read which key the sweep got to in its round; empty before the first."""
        ...

    def save_sweep_place(self, place: str) -> None:
        """Remember which key the sweep got to."""
        ...

    def rate_limit(self, name: str) -> RateLimit:
        """Read which slots of the limit *name* are reserved, and the time; of revision 0, none."""
        ...

    def save_rate_limit(self, limit: RateLimit) -> None:
        """Write *limit*. Raises Stale if its revision is not the one stored."""
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
    """Slack. Raises Undeliverable for a message that it will not take, Unavailable if busy."""

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

        With *since*, a message with this *key* may have been posted after that time already; it is
        looked for first, and not posted again; of several, those after the first are deleted.
        Raises Throttled only if there is no such message.
        """
        ...

    def find(self, channel: str, *, key: str, since: datetime) -> MessageRef | None:
        """
        Find the message with *key* that was posted in *channel* after *since*; None if none was.

        Raises Undeliverable.
        """
        ...

    def permalink(self, place: MessageRef) -> str:
        """Return the address that opens the message at *place*. Raises Undeliverable."""
        ...

    def update(self, place: MessageRef, message: Message) -> None:
        """Let the message at *place* show *message*. The same again is harmless."""
        ...

    def post_private(self, channel: str, person: str, message: Message) -> None:
        """Tell *person* alone, in *channel* if the bot is there, else directly."""
        ...

    def answer(self, url: str, message: Message, *, replace: bool) -> None:
        """Answer a command or a click where it was made; an address that expired is ignored."""
        ...

    def update_form(self, view: str, form: Json, *, if_hash: str = "") -> None:
        """
        Let the open form *view* show *form*; a form that was closed is ignored.

        With *if_hash*, one that has changed since it had that hash is left as it is. Raises
        Undeliverable.
        """
        ...

    def publish_home(self, person: str, view: dict[str, Any]) -> None:
        """Let *person*'s Home show *view*. Raises Undeliverable."""
        ...


class Directory(Protocol):
    """Who is who in Slack. What was read may be minutes old; what failed is asked again."""

    def members(self, user_group: str) -> Members:
        """Return who is in *user_group*, or why that cannot be read."""
        ...

    def profile(self, person: str) -> Profile:
        """Return what *person* is in this workspace, and their real name."""
        ...

    def with_email(self, email: str) -> str | LookupFailure | None:
        """Return the id of who has *email*; None if nobody has; why, if that cannot be read."""
        ...


class JobQueue(Protocol):
    """The queue of jobs: one message group per version, worked off in order."""

    def send(self, job: Job, key: str) -> None:
        """Send *job*. The same *key* within five minutes is queued once."""
        ...

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        """Send many jobs, each with its key, in as few calls as can be."""
        ...


class MetricSink(Protocol):
    """What is counted and measured. It never fails. Few kinds per name: no ARN and no person."""

    def count(self, name: str, many: int = 1, **kind: str) -> None:
        """Count *many* more of *name*; of a *kind*, such as reason="late", if there are kinds."""
        ...

    def measure(self, name: str, time: timedelta) -> None:
        """Measure that *name* took so much *time*."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """All ports, the clock, and what makes names."""

    registry: Registry
    evidence: Evidence
    endpoints: Endpoints
    ledger: Ledger
    chat: Chat
    directory: Directory
    queue: JobQueue
    metrics: MetricSink
    rules: Rules
    now: Callable[[], datetime]
    """The machine's clock, for metrics and for what a schedule starts."""
    new_owner: Callable[[], str]
    """Makes a name for one run of a job, as the owner of a lease: another one each time."""
    job_sent_at: datetime | None = None
    """When the job was sent to the queue, if that is known."""
    attempt: int = 1
    """Which attempt at the job this is."""
