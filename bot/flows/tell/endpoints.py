"""
Tell what became of an endpoint: below the cards of the versions concerned, and in the channels that
their rules name.

What an endpoint makes of one version is one message, which is edited. Slack notifies nobody of an
edit, so bad news after good news is a message of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards.endpoints import of_endpoint
from bot.core.errors import ChannelNotFound, MessageNotFound, NotEditable, Undeliverable
from bot.core.followup.endpoints import EndpointMessage
from bot.core.registry.version import Status, arn_key
from bot.core.votes.message_ref import MessageRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.core.cards.messages import Message
    from bot.core.followup.endpoints import EndpointMemory
    from bot.core.followup.results import EndpointResult
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.rules.people import Person
    from bot.flows.ports import Chat, Ledger, Ports


def tell_result(
    result: EndpointResult,
    memory: EndpointMemory,
    versions: Mapping[Arn, DescribedVersion],
    since: datetime | None,
    ports: Ports,
) -> tuple[EndpointMemory, bool]:
    """
    Tell *result* in each place once; return *memory* with where that was, and whether one is left.

    One is left if its channel is archived, or not for the bot, until somebody changes that.

    *versions* are those that it is about, by ARN; *since* is when an earlier attempt began to tell
    it, which did not end.
    """
    replaced = result.replaced(memory)
    earlier = {} if _is_new(result, memory) else {(m.channel, m.thread): m for m in memory.messages}
    messages, is_left = [], False
    for (channel, thread), people in _places(result, versions, ports).items():
        message = of_endpoint(result, versions, replaced=replaced, people=people)
        sent = _tell(message, earlier.get((channel, thread)), ports.chat)
        if sent is None:
            key = _key(memory, result, thread or channel)
            try:
                sent = _post(channel, thread, message, key, since, ports.chat)
            except ChannelNotFound:
                is_left = True
        messages += [sent] if sent else []
    memory = replace(
        memory,
        subject=result.subject,
        messages=tuple(messages),
        told_failure=result.is_failure,
    )
    return memory, is_left


def _is_new(result: EndpointResult, memory: EndpointMemory) -> bool:
    """Whether *result* needs a message of its own: about other versions, or worse than before."""
    is_worse = result.is_deleted or (result.is_failure and not memory.told_failure)
    return result.subject != memory.subject or is_worse


def _key(memory: EndpointMemory, result: EndpointResult, place: str) -> str:
    """
    By this, a message is found again after a crash.

    When telling began stays the same until all is told. What an endpoint does can come again,
    within minutes, and is another message then.
    """
    return f"{arn_key(memory.arn)}.{memory.post_started}.{result.digest}.{place}"


def _tell(message: Message, earlier: EndpointMessage | None, chat: Chat) -> EndpointMessage | None:
    """Edit the message that was sent *earlier*; None if there is none, or Slack keeps it as is."""
    if earlier is None:
        return None
    try:
        chat.update(MessageRef(earlier.channel, earlier.ts), message)
    except (MessageNotFound, NotEditable):
        return None
    except Undeliverable:
        pass  # the adapter has logged it; another message would be refused as well
    return earlier


def _post(  # noqa: PLR0913, PLR0917 - a message, and where it goes
    channel: str, thread: str, message: Message, key: str, since: datetime | None, chat: Chat
) -> EndpointMessage | None:
    """Post *message*; None if Slack refuses it. Raises ChannelNotFound."""
    try:
        ref = chat.post(channel, message, key=key, thread=thread or None, since=since)
    except ChannelNotFound:
        raise
    except Undeliverable:
        return None  # the adapter has logged it, and the other places still hear of it
    return EndpointMessage(ref.channel, thread, ref.ts)


def _places(
    result: EndpointResult, versions: Mapping[Arn, DescribedVersion], ports: Ports
) -> dict[tuple[str, str], tuple[Person, ...]]:
    """List each channel and thread, with the people whom the message mentions there."""
    places: dict[tuple[str, str], tuple[Person, ...]] = {}
    for arn, version in versions.items():
        for channel, thread, voters in _cards(version, ports.ledger):
            is_failure = result.is_failure and arn in result.subject
            places[channel, thread] = voters if is_failure else ()
        for channel in ports.rules.find(version.group).notify:
            places.setdefault((channel, ""), ())
    return places


def _cards(
    version: DescribedVersion, ledger: Ledger
) -> Iterator[tuple[str, str, tuple[Person, ...]]]:
    """List where the cards of *version* are, each with those who voted for its approval."""
    request = ledger.get(version.arn).request
    decision = request.last_decision
    is_approval = decision is not None and decision.target is Status.APPROVED
    voters = tuple(vote.by for vote in decision.votes) if decision and is_approval else ()
    is_same = request.created in {None, version.created}
    for card in request.cards if is_same else ():
        if card.ts:
            yield card.channel, card.ts, voters
