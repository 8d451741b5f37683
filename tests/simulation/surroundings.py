"""What can happen around the bot in a simulation, with the words that a story has for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import VersionJob
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Status
from tests.doubles.builders import (
    BEN,
    CARDS,
    CHLOE,
    RELEASES,
)
from tests.doubles.endpoints import an_endpoint
from tests.simulation.doubles import name_of
from tests.simulation.world import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.core.registry.version import DescribedVersion
    from tests.simulation.world import World

    Possible = Iterator[tuple[str, Callable[[], None]]]


def move(world: World) -> Possible:
    """The registry is changed outside the bot; the event may be late or lost."""
    for arn, version in world.registered().items():
        for status in Status:
            if status is not version.status:
                what = f"{name_of(arn)} is set to {status.value} outside"
                yield what, lambda a=arn, s=status: world.move(a, s)
                yield f"{what}, event lost", lambda a=arn, s=status: world.move(a, s, None)
                yield (
                    f"{what}, event late",
                    lambda a=arn, s=status: world.move(a, s, timedelta(seconds=40)),
                )


def move_and_back(world: World) -> Possible:
    """Somebody sets another status outside, and sets the first one again; rather under votes."""
    registered, ledger = world.registered(), world.simulation.ledger
    with_votes = {a: v for a, v in registered.items() if ledger.get(a).request.votes}
    for arn, version in (with_votes or registered).items():
        for status in Status:
            if status is not version.status:
                what = f"{name_of(arn)} is set to {status.value} outside and back"
                yield what, lambda a=arn, s=status: world.move_and_back(a, s)


def edit(world: World) -> Possible:
    """Somebody changes a version outside, but not its status."""
    for arn in world.registered():
        yield f"{name_of(arn)} is edited outside", lambda a=arn: world.edit(a)


def delete(world: World) -> Possible:
    for arn in list(world.registered())[2:]:
        yield f"{name_of(arn)} is deleted", lambda a=arn: world.delete(a)
        yield f"{name_of(arn)} is deleted, event lost", lambda a=arn: world.delete(a, None)
        yield (
            f"{name_of(arn)} is deleted and registered again",
            lambda a=arn: world.replace(a),
        )
    for group in ("fraud", "pair"):
        if any(version.group == group for version in world.registered().values()):
            yield f"{group} is deleted as a whole", lambda g=group: world.delete_group(g)
    for old in world.deleted:
        if old.arn not in world.registered():
            for status in (Status.PENDING, Status.APPROVED):
                what = f"{name_of(old.arn)} is registered again as {status.value}"
                yield what, lambda o=old, s=status: world.register_again(o, s)
                yield (
                    f"{what}, event lost",
                    lambda o=old, s=status: world.register_again(o, s, event=False),
                )


def deploy(world: World) -> Possible:
    for arn, version in world.registered().items():
        endpoint = ENDPOINTS[version.group]
        now = world.simulation.endpoints.endpoints.get(an_endpoint(endpoint))
        if now and now.state is EndpointStatus.FAILED:
            continue  # it can only be deleted (DescribeEndpoint)
        for happens in ("begins to deploy", "serves", "fails to deploy", "breaks with"):
            what = f"{endpoint} {happens} {name_of(arn)}"
            yield what, lambda v=version, h=happens: world.deploy(v, h)
            yield (
                f"{what}, event lost",
                lambda v=version, h=happens: world.deploy(v, h, None),
            )
    for endpoint in ENDPOINTS.values():
        if an_endpoint(endpoint) in world.simulation.endpoints.endpoints:
            yield f"{endpoint} is deleted", lambda e=endpoint: world.delete_endpoint(e)


def slack(world: World) -> Possible:
    chat = world.simulation.chat
    if chat.missing or chat.archived or chat.refusing or chat.uneditable:
        yield "Slack takes messages again", world.mend_slack
        return
    yield "the channel of the cards is archived", world.archive
    yield "the bot is removed from the channel of the cards", lambda: world.remove_bot(CARDS)
    yield "the bot is removed from the other channel", lambda: world.remove_bot(RELEASES)
    yield (
        "Slack takes no messages in the channel of the cards",
        world.refuse_messages,
    )
    yield "messages cannot be edited", world.forbid_edits


def rates(world: World) -> Possible:
    if not world.simulation.keeps_rates:
        yield "Slack refuses what comes too fast from now on", world.keep_rates


def outage(world: World) -> Possible:
    """A service takes no calls for twenty minutes."""
    if not world.simulation.outages:
        yield "Slack throttles for twenty minutes", lambda: world.throttle("chat", "directory")
        for service in ("registry", "evidence", "endpoints", "ledger", "chat", "directory"):
            yield (
                f"the {service} throttles for twenty minutes",
                lambda s=service: world.throttle(s),
            )


def forbidden(world: World) -> Possible:
    if not world.simulation.forbidden_until:
        yield "the registry may not be read for twenty minutes", world.forbid_reading


def membership(world: World) -> Possible:
    for person in (BEN, CHLOE):
        if person.id in world.gone_since:
            yield f"{person.name} is back", lambda p=person: world.come_back(p)
        else:
            yield f"{person.name} leaves", lambda p=person: world.leave(p)


def evidence(world: World) -> Possible:
    yield "evidence is written over", world.write_over


def redeliver(world: World) -> Possible:
    """Something comes twice: an event, a message of SQS, a submit."""
    for arn in world.registered():
        yield f"an event of {name_of(arn)} comes again", lambda a=arn: world.event(a)
    for number, message in enumerate(world.simulation.queue.finished[-6:]):
        name = world.simulation.name_of_job(message.job)
        yield (
            f"{name} comes again ({number})",
            lambda m=message: world.send(m.job, f"repeated {next(world.ids)}"),
        )
    if world.simulation.queue.dead:
        yield "the dead letters are put back", world.simulation.queue.redrive


def disturb_unfinished(world: World) -> Possible:
    """Something happens to a group of which something is written down and not carried through."""
    records = world.simulation.ledger.records.values()
    open_groups = tuple(f"{r.request.group}/" for r in records if r.request.unfinished)
    for what, act in (*move(world), *delete(world)):
        if what.startswith(open_groups):
            yield what, act
    if open_groups:
        yield from evidence(world)
        yield from membership(world)


def disturb_others(world: World) -> Possible:
    """Another version than the one of which a decision is open comes to be next to deploy."""
    registered = world.registered()
    for arn in world.simulation.open_decisions():
        if own := registered.get(arn):
            others = [v for v in registered.values() if v.group == own.group and v != own]
            yield from _changing_next(others, world)


def _changing_next(versions: list[DescribedVersion], world: World) -> Possible:
    """The moves and deletions of *versions* that change which of them is next to deploy."""
    newest = next_to_deploy(versions)
    for version in versions:
        if version == newest:
            changes = ["set to Rejected", "set to PendingManualApproval", "deleted"]
        elif newest is None or version.created > newest.created:
            changes = ["set to Approved"]
        else:
            continue
        starts = tuple(f"{name_of(version.arn)} is {change}" for change in changes)
        for what, act in (*move(world), *delete(world)):
            if what.startswith(starts):
                yield what, act


def unnoticed_move(world: World) -> Possible:
    return _unnoticed(move(world))


def unnoticed_deletion(world: World) -> Possible:
    return _unnoticed(delete(world))


def unnoticed_deployment(world: World) -> Possible:
    return _unnoticed(deploy(world))


def _unnoticed(acts: Possible) -> Possible:
    return ((what, act) for what, act in acts if "lost" in what)


def impatient(world: World) -> Possible:
    """An operator does not wait for the next attempt at a job that failed."""
    for messages in world.simulation.queue.groups.values():
        if messages[0].attempts and isinstance(messages[0].job, VersionJob):
            arn = messages[0].job.arn
            what = f"a job of {name_of(arn)} is run by hand between two attempts"
            yield what, lambda a=arn: world.run_by_hand(a)


def by_hand(world: World) -> Possible:
    """An operator runs a job beside the queue: no message group holds it back."""
    for arn in world.registered():
        yield f"a job of {name_of(arn)} is run by hand", lambda a=arn: world.run_by_hand(a)


def time(world: World) -> Possible:
    for what, time in (
        ("ten seconds pass", timedelta(seconds=10)),
        ("five minutes pass", timedelta(minutes=5)),
        ("two hours pass", timedelta(hours=2)),
    ):
        yield what, lambda t=time: world.simulation.advance(t)
