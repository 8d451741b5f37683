"""What the bot promises of what people are told: once, in each place, and true."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import SubmitForm, WithdrawVote
from bot.core.registry.version import arn_key
from bot.core.rules.rule import DEPLOY_MINUTES
from tests.doubles.builders import RELEASES
from tests.simulation import faults
from tests.simulation.doubles import DEATH
from tests.simulation.required import require
from tests.simulation.trails import arns, trail_of_arn
from tests.simulation.world import EVERYBODY

if TYPE_CHECKING:
    from bot.core.followup.endpoints import Endpoint
    from bot.core.rules.people import Person
    from tests.simulation.doubles import Message
    from tests.simulation.simulation import Simulation

UNREADABLE = "AWS does not let this bot read the registry"
TELLING = {"chat.update_form", "chat.post_private"}
"""The calls with which somebody is told that a job is tried for the last time."""
LAST_TRY = "this is the last try"
DEAD_LETTER = "this failed too often"
"""What whoever submitted a dead letter reads (bot/core/words), and before the last try."""


def check_submits(simulation: Simulation) -> None:
    """Each submitted form ends in exactly one of vote and refusal, and its person was told."""
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    entries = [entry for arn in arns(simulation) for entry in trail_of_arn(arn, simulation)]
    handled = [e["id"] for e in entries if e["kind"] in {"vote", "refusal"}]
    for id_, job in simulation.world.submitted.items():
        many = handled.count(id_)
        was_deleted = arn_key(job.click.button.arn) in deleted
        require(
            many == 1 or (was_deleted and many == 0),
            "each submitted form ends in exactly one of vote and refusal",
            f"{id_}: {many}",
        )
    _check_outcomes(entries, simulation)


def _check_outcomes(entries: list[dict[str, Any]], simulation: Simulation) -> None:
    """A decision in the trail was made, and a void one was not."""
    made = {update.id for update in simulation.registry.updates}
    decided = [e["id"] for e in entries if e["kind"] == "decision"]
    require(len(decided) == len(set(decided)), "the trail has each decision once", decided)
    require(set(decided) <= made, "a decision in the trail was made", set(decided) - made)
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    missing = [
        u.id
        for u in simulation.registry.updates
        if u.id not in decided and arn_key(u.arn) not in deleted
    ]
    require(not missing, "a decision that was made is in the trail", missing)
    for person in EVERYBODY:
        refusals = [
            e["id"]
            for e in entries
            if e["kind"] == "refusal" and e["who"] == person.id and not e["id"].startswith("check.")
        ]
        refusals += _refused_withdrawals(person, entries, simulation)
        messages = [who for who, _ in simulation.chat.private_messages if who == person.id]
        require(
            len(refusals) <= len(messages),
            "who was refused is told in private",
            f"{person.name}: {refusals}",
        )


def _refused_withdrawals(
    person: Person, entries: list[dict[str, Any]], simulation: Simulation
) -> list[str]:
    """The withdrawals of *person* that were carried out, and withdrew nothing."""
    done = {entry["id"] for entry in entries if entry["kind"] == "withdrawal"}
    jobs = {message.job for message in simulation.queue.finished}
    return [
        job.id
        for job in simulation.world.withdrawals.values()
        if job.person == person and job in jobs and job.id not in done
    ]


def check_told_once(simulation: Simulation) -> None:
    """Nobody is told twice in one place, and decisions are told in each."""
    # That a channel takes no cards may be noticed for two versions in one moment: each is named.
    told = [
        (p.place.channel, p.thread, p.key, p.key.startswith("card_not_posted.") and p.message.text)
        for p in simulation.chat.posted
    ]
    twice = {each for each in told if told.count(each) > 1}
    require(not twice, "nobody is told twice in one place", twice)
    keys = {(p.place.channel, p.key) for p in simulation.chat.posted}
    threads = {p.key for p in simulation.chat.posted if p.thread}
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    for update in simulation.registry.updates:
        if arn_key(update.arn) in deleted or simulation.world.refused:
            continue  # what Slack refuses for an unknown reason is given up after three tries
        require(
            f"{update.id}.decided.thread" in threads, "a decision is told in its thread", update.id
        )
        require(
            (RELEASES, f"{update.id}.decided.{RELEASES}") in keys,
            "a decision is told in the other channel",
            update.id,
        )


def check_threads(simulation: Simulation) -> None:
    """What is told below a card is about the version of that card."""
    posted = simulation.chat.posted
    cards = {each.place.ts: each.key for each in posted if each.key.startswith("card.")}
    last = {each.decision.id: each for each in simulation.attempts if each.created}
    for attempt in last.values():  # by the last one it was made, on whatever had the ARN by then
        assert attempt.created is not None
        card = f"card.{attempt.decision.arn}.{attempt.created.timestamp():.0f}"
        key = f"{attempt.decision.id}.decided.thread"
        threads = {cards.get(each.thread or "") for each in posted if each.key == key}
        require(threads <= {card}, "a decision is told below its own card", (card, threads))


def check_deployments(simulation: Simulation) -> None:
    """That an endpoint is late is told when it is late; what it serves is told once it does."""
    changes = {e["id"]: e for arn in arns(simulation) for e in trail_of_arn(arn, simulation)}
    for posted in simulation.chat.posted:
        id_, separator, _ = posted.key.partition(".unheard.")
        if separator:
            waited = posted.at - datetime.fromisoformat(changes[id_]["at"])
            is_late = waited >= timedelta(minutes=DEPLOY_MINUTES)
            require(is_late, "an endpoint is called late when it is", (id_, waited))
    if simulation.disturbed:
        return
    for endpoint in simulation.endpoints.endpoints.values():
        versions = [simulation.registry.registered.get(arn) for arn in endpoint.versions]
        if endpoint.state is EndpointStatus.IN_SERVICE:
            told = _last_told(endpoint, simulation)
            # Of a deleted version that it serves, the ARN may be another version's now.
            current = [v for v in versions if v and not simulation.world.is_older(v, endpoint)]
            for version in current:
                name = f"{version.group} version {version.number}"
                require(name in told, "what an endpoint serves is told", (endpoint.name, told))


def _last_told(endpoint: Endpoint, simulation: Simulation) -> str:
    """Return what the latest message about *endpoint* says in the other channel."""
    about = [
        posted.message.text
        for posted in simulation.chat.posted
        if posted.place.channel == RELEASES and posted.key.startswith(f"{arn_key(endpoint.arn)}.")
    ]
    return about[-1] if about else ""


def check_unreadable(simulation: Simulation) -> None:
    """That the registry cannot be read is told once for each thing that somebody asked for."""
    asked = [job.click.person.id for job in simulation.world.submitted.values()]
    asked += [job.person.id for job in simulation.world.withdrawals.values()]
    deaths = {faults.DIES_BEFORE, faults.DIES_AFTER}
    spare = sum(  # that it was told may not be written down
        many
        for (call, fault), many in simulation.faults.items()
        if fault in deaths or call.startswith(("ledger.", "chat."))
    )
    for person in EVERYBODY:
        told = [
            text
            for who, text in simulation.chat.private_messages
            if who == person.id and UNREADABLE in text
        ]
        many = asked.count(person.id) + spare
        require(len(told) <= many, "that nothing can be read is told once", person.name)


def check_dead_letters(simulation: Simulation) -> None:
    """Whoever submitted what is a dead letter was told so, if Slack took a message then."""
    dead = Counter(
        _told_of(message, simulation)
        for message in simulation.queue.dead
        if DEATH not in message.troubles
    )
    promise = "whoever clicked is told of a dead letter"
    for person in EVERYBODY:
        messages = [text for who, text in simulation.chat.private_messages if who == person.id]
        told = [text for text in messages if DEAD_LETTER in text]
        require(len(told) >= dead[person.id], promise, (person.name, dead[person.id], told))
    for message in simulation.queue.dead:
        # A worker that dies in the last attempt tells nobody so; but it told that it was the last.
        if DEATH in message.troubles and (person_id := _told_of(message, simulation)):
            told = [text for who, text in simulation.chat.private_messages if who == person_id]
            is_mute = not message.looked or message.troubles & {"ledger.get", *TELLING}
            require(is_mute or any(LAST_TRY in text for text in told), promise, message.body)


def _told_of(message: Message, simulation: Simulation) -> str:
    """Return the id of who has to have been told that *message* is a dead letter; "" if nobody."""
    job = message.job
    if not isinstance(job, SubmitForm | WithdrawVote):
        return ""
    # What is over but for telling is told from the outbox, by the next job or the sweep.
    is_over = simulation.ledger.get(job.arn).request.is_processed(job.id)
    is_mute = "chat.post_private" in message.troubles
    person = job.click.person if isinstance(job, SubmitForm) else job.person
    return "" if is_over or is_mute else person.id


def check_receipts(simulation: Simulation) -> None:
    """A form that was submitted and is still open says what came of it."""
    decided = {update.id for update in simulation.registry.updates}
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    for id_, job in simulation.world.submitted.items():
        shown = str(simulation.chat.forms[job.view]["blocks"])
        rounds = [
            each.round for each in simulation.world.submitted.values() if each.view == job.view
        ]
        last = job.round == max(rounds) and job.view not in simulation.chat.closed
        if last and "Done: " in shown and arn_key(job.click.button.arn) not in deleted:
            require(
                ("is recorded" not in shown) == (id_ in decided),
                "a receipt says what came of the form",
                id_,
            )
