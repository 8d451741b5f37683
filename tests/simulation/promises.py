"""
What the bot promises, checked once everything has come to rest.

Everything is held against the registry, the endpoints and Slack as they are, and against the audit
trail: the code that decides and renders has no say in it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.core.audit.chain import CHECKPOINTS
from bot.core.audit.checkpoints import checkpoints_in
from bot.core.audit.verify import verify
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import SubmitForm, WithdrawVote
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Status, arn_key
from bot.core.rules.rule import DEPLOY_MINUTES
from tests.core.reading import as_read
from tests.doubles.builders import ANA, BEN, CHLOE, RELEASES, a_version
from tests.doubles.endpoints import an_endpoint
from tests.simulation import faults
from tests.simulation.answers import check_answers
from tests.simulation.doubles import DEATH, name_of
from tests.simulation.overridden import CHANGES, check_overridden
from tests.simulation.people import ENDPOINTS, EVERYBODY
from tests.simulation.required import Broken, require
from tests.simulation.votes import (
    check_attempts,
    check_decision,
    check_reasons,
    check_voters_are_told,
    check_votes,
    has_quorum,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.followup.endpoints import Endpoint
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.vote import Decision
    from tests.doubles.chat import Posted
    from tests.simulation.doubles import Message
    from tests.simulation.simulation import Simulation

UNREADABLE = "AWS does not let this bot read the registry"
DEAD_LETTER = "this failed too often"
"""What whoever submitted a dead letter reads (bot/core/words)."""
SERVING = {EndpointStatus.IN_SERVICE, EndpointStatus.UPDATING, EndpointStatus.OTHER}
STATUSES = {
    Status.APPROVED: ("Approved", "Registered as Approved"),
    Status.REJECTED: ("Rejected", "Revoked"),
    Status.PENDING: ("Waiting for a decision",),
}


def come_to_rest(simulation: Simulation) -> None:
    """Let all jobs be done, everything be mended, time pass, and two sweeps look."""
    simulation.calm = True
    _work_off(simulation)
    if not simulation.disturbed:  # then there is nothing to mend for a sweep
        _check_cards(simulation)
    simulation.world.mend()
    _work_off(simulation)
    for message in simulation.queue.dead:
        _check_dead_letter(simulation, message)
    simulation.queue.redrive()
    _work_off(simulation)
    simulation.advance(timedelta(minutes=DEPLOY_MINUTES))
    for _ in range(2):
        simulation.advance(timedelta(minutes=5))
        simulation.start_sweep()
        _work_off(simulation)
    if simulation.world.rewritten:  # of this there is no event: the next job finds it
        for arn in list(simulation.registry.registered):
            simulation.world.event(arn)
        _work_off(simulation)


def _work_off(simulation: Simulation) -> None:
    """Let all jobs be done, and the pauses between their attempts pass."""
    for _ in range(20_000):
        simulation.next_sweep = simulation.clock() + timedelta(days=1)
        if not simulation.step():
            return
    raise Broken("it comes to rest", list(simulation.queue.groups))


def check(simulation: Simulation) -> None:
    """Raise Broken for the first promise that was not kept."""
    _check_decisions(simulation)
    _check_submits(simulation)
    _check_presses(simulation)
    _check_history(simulation)
    _check_votes(simulation)
    _check_told_once(simulation)
    _check_deployments(simulation)
    _check_unreadable(simulation)
    check_overridden({arn: _trail(arn, simulation) for arn in _arns(simulation)}, simulation)
    _check_trail(simulation)
    _check_rest(simulation)
    _check_cards(simulation)
    _check_receipts(simulation)
    check_answers(simulation)


# --- decisions


def _check_decisions(simulation: Simulation) -> None:
    """Each decision was made once, as its maker submitted it, with its quorum."""
    updates, submitted = simulation.registry.updates, simulation.world.submitted
    require(len({u.id for u in updates}) == len(updates), "a decision is made once")
    for update in updates:
        require(update.id in submitted, "a decision is a submitted form", update.id)
        button = submitted[update.id].click.button
        require(
            (update.arn, update.source, update.target, update.by, update.brief_digest)
            == (
                button.arn,
                button.source,
                button.target,
                submitted[update.id].click.person,
                button.brief_digest,
            ),
            "a decision does what its form said",
            update.id,
        )
        shown = submitted[update.id].shown
        require(shown is None or shown.decides, "nobody decides by a form that said otherwise")
        _check_quorum(update, simulation)


def _check_quorum(update: Decision, simulation: Simulation) -> None:
    people = [vote.by.id for vote in update.votes]
    require(len(people) == len(set(people)), "each person counts once", update.id)
    for vote in update.votes:
        click = simulation.world.submitted[vote.id].click
        require(
            (vote.source, vote.target, vote.by, vote.brief_digest)
            == (update.source, update.target, click.person, update.brief_digest),
            "a vote counts for its own move on its own evidence",
            vote.id,
        )
    group = name_of(update.arn).split("/")[0]
    if group == "fraud":
        require(set(people) <= {ANA.id, BEN.id}, "only who may decides", people)
    elif update.source is Status.PENDING or update.target is Status.APPROVED:
        veto = update.target is Status.REJECTED and update.by == BEN
        enough = veto or has_quorum(people, update.target)
        require(enough, "a decision has its quorum", people)
    else:
        require(set(people) <= {ANA.id, BEN.id, CHLOE.id}, "only who may decides", people)


def _check_votes(simulation: Simulation) -> None:
    entries = [entry for arn in _arns(simulation) for entry in _trail(arn, simulation)]
    for version in simulation.registry.registered.values():
        check_votes(_trail_of(version, simulation), version, simulation)
    for update in simulation.registry.updates:
        check_decision(update, simulation)
    check_attempts(simulation)
    check_reasons(entries, simulation)
    check_voters_are_told(entries, simulation)


# --- what people were told


def _check_submits(simulation: Simulation) -> None:
    """Each submitted form ends in exactly one of vote and refusal, and its person was told."""
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    entries = [entry for arn in _arns(simulation) for entry in _trail(arn, simulation)]
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
        messages = [who for who, _ in simulation.chat.private_messages if who == person.id]
        require(
            len(refusals) <= len(messages),
            "who was refused is told in private",
            f"{person.name}: {refusals}",
        )


def _check_presses(simulation: Simulation) -> None:
    """What a person pressed earlier does not count after what they pressed later."""
    submitted, withdrawals = simulation.world.submitted, simulation.world.withdrawals
    pressed = {id_: job.click.pressed for id_, job in submitted.items()}
    pressed |= {id_: job.pressed for id_, job in withdrawals.items()}
    for arn in _arns(simulation):
        latest: dict[str, datetime] = {}
        for entry in _trail(arn, simulation):
            if entry["kind"] in {"vote", "withdrawal"}:
                time, before = pressed[entry["id"]], latest.get(entry["who"])
                require(time, "a press has its time", entry["id"])
                require(
                    not before or time > before, "the latest press of a person counts", entry["id"]
                )
                latest[entry["who"]] = time


def _check_history(simulation: Simulation) -> None:
    """The trail explains each version's status, and no vote counted after it was withdrawn."""
    counted = {vote.id for update in simulation.registry.updates for vote in update.votes}
    made = {update.id for update in simulation.registry.updates}
    for version in simulation.registry.registered.values():
        trail = _trail_of(version, simulation)
        withdrawn = {entry["vote"] for entry in trail if entry["kind"] == "withdrawal"}
        require(not withdrawn & counted, "a withdrawn vote does not count", withdrawn & counted)
        void = {entry["id"] for entry in trail if entry["kind"] == "void"}
        require(not void & made, "a void decision was not made", void & made)
        changes = [e for e in trail if e["kind"] in CHANGES]
        if not changes and version.status is Status.REJECTED:
            continue  # it was before the bot first saw it: nobody was asked
        status = changes[-1]["target"] if changes else Status.PENDING
        require(
            status == version.status,
            "the trail says what happened",
            f"{name_of(version.arn)} is {version.status}, the trail ends with {status}",
        )
        outside = [change for change in changes if change["kind"] == "external_change"]
        for change in outside:  # SageMaker may show an older status for a moment
            move = (version.arn, change["target"], change["at"])
            require(move in simulation.world.moved, "a change outside the bot was made", change)
        _check_outside_is_told(outside, simulation)


def _check_outside_is_told(outside: list[dict[str, Any]], simulation: Simulation) -> None:
    keys = {posted.key for posted in simulation.chat.posted}
    for change in outside:
        prefix = f"{change['id']}.external_change."
        is_told = any(key.startswith(prefix) for key in keys)
        require(is_told, "a change outside the bot is told", change["id"])


def _trail_of(version: DescribedVersion, simulation: Simulation) -> list[dict[str, Any]]:
    """The trail since *version* was created: its ARN may have been another's before."""
    created = version.created.isoformat()
    return [entry for entry in _trail(version.arn, simulation) if entry["written"] >= created]


def _check_told_once(simulation: Simulation) -> None:
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


def _check_deployments(simulation: Simulation) -> None:
    """That an endpoint is late is told when it is late; what it serves is told once it does."""
    changes = {e["id"]: e for arn in _arns(simulation) for e in _trail(arn, simulation)}
    for posted in simulation.chat.posted:
        id_, separator, _ = posted.key.partition(".unheard.")
        if separator:
            waited = posted.at - datetime.fromisoformat(changes[id_]["at"])
            is_late = waited >= timedelta(minutes=DEPLOY_MINUTES)
            require(is_late, "an endpoint is called late when it is", (id_, waited))
    if simulation.disturbed:
        return
    keys = [p.key for p in simulation.chat.posted if p.place.channel == RELEASES]
    for endpoint in simulation.endpoints.endpoints.values():
        is_ours = set(endpoint.versions) & set(simulation.registry.registered)
        if is_ours and endpoint.state is EndpointStatus.IN_SERVICE:
            told = any(key.startswith(f"{arn_key(endpoint.arn)}.") for key in keys)
            require(told, "what an endpoint serves is told", endpoint.name)


def _check_unreadable(simulation: Simulation) -> None:
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


# --- the trail, and what is left open


def _check_trail(simulation: Simulation) -> None:
    ledger = simulation.ledger
    every = list(checkpoints_in(ledger.entries(CHECKPOINTS)))
    for chain in ledger.chains():
        checkpoints = [checkpoint for name, checkpoint in every if name == chain]
        wrong = list(verify(chain, ledger.entries(chain), ledger.chain_head(chain), checkpoints))
        require(not wrong, "the audit trail is unbroken", wrong)


def _check_rest(simulation: Simulation) -> None:
    for record in simulation.ledger.records.values():
        request = record.request
        left = [request.open_decision, request.lease, *request.outbox, *request.deleted_cards]
        left += [*request.lost_cards, *(card for card in request.cards if card.begun)]
        require(not any(left), "nothing is left open", (request.arn, left))
        due = request.deploy_due
        overdue = due is not None and due < simulation.clock()
        require(not overdue, "who waits for an endpoint hears that it is late", request.arn)
    require(not simulation.queue.dead, "there is no dead letter", simulation.queue.dead)


def _check_dead_letter(simulation: Simulation, message: Message) -> None:
    """Whoever submitted what is a dead letter was told so, if Slack took a message then."""
    match message.job:
        case SubmitForm(click=click):
            person = click.person.id
        case WithdrawVote(person=who):
            person = who.id
        case _:
            return
    told = [
        text
        for id_, text in simulation.chat.private_messages
        # A worker that dies at the last attempt tells nobody that it was the last.
        if id_ == person and (DEAD_LETTER in text or DEATH in message.troubles)
    ]
    request = simulation.ledger.get(message.job.arn).request
    require(
        # What is over but for telling is told from the outbox, by the next job or the sweep.
        told or request.is_processed(message.job.id) or "chat.post_private" in message.troubles,
        "no dead letter is without a word",
        message.body,
    )


# --- cards


def _check_cards(simulation: Simulation) -> None:
    keys = [posted.key for posted in simulation.chat.cards()]
    require(len(keys) == len(set(keys)), "there is one card per version", keys)
    for version in simulation.registry.registered.values():
        request = simulation.ledger.get(version.arn).request
        if version.status is Status.PENDING:
            require(request.cards, "a version that waits has a card", name_of(version.arn))
        for card in request.cards:
            if card.ts and not card.frozen:
                _check_card(version, _posted(card.ts, simulation), simulation)
    _check_cards_of_deleted(simulation)


def _check_cards_of_deleted(simulation: Simulation) -> None:
    """The card of a version that is not there any more offers nothing."""
    current = {
        card.ts
        for version in simulation.registry.registered.values()
        for card in simulation.ledger.get(version.arn).request.cards
    }
    if simulation.world.uneditable:
        return
    frozen = {c.ts for r in simulation.ledger.records.values() for c in r.request.cards if c.frozen}
    for posted in simulation.chat.cards():
        if posted.place.ts not in current | frozen:
            rows = [b for b in posted.message.blocks if b["type"] == "actions"]
            require(not rows, "the card of a deleted version offers nothing", posted.key)


def _posted(ts: str, simulation: Simulation) -> Posted:
    (posted,) = [posted for posted in simulation.chat.posted if posted.place.ts == ts]
    return posted


def _check_card(version: DescribedVersion, posted: Posted, simulation: Simulation) -> None:
    read = as_read(posted.message)
    headline = read.split("\n")[1].replace("**", "")
    name = name_of(version.arn)
    status = headline.split(" ", 1)[1]
    require(
        status.startswith(STATUSES[version.status]),
        "a card says the status",
        f"{name} is {version.status}: {headline}",
    )
    _check_latest(version, read, simulation)
    _check_next_to_deploy(version, headline, read, simulation)
    _check_serving(version, headline, simulation)


def _check_latest(version: DescribedVersion, read: str, simulation: Simulation) -> None:
    """The card names who changed the status last."""
    kinds = {"decision", "external_change"}
    changes = [e for e in _trail_of(version, simulation) if e["kind"] in kinds]
    if changes and version.status is not Status.PENDING:
        who = changes[-1]["who"] or changes[-1]["name"]
        require(who in read, "a card names who changed the status", (who, read[:400]))


def _check_next_to_deploy(
    version: DescribedVersion, headline: str, read: str, simulation: Simulation
) -> None:
    group = [v for v in simulation.registry.registered.values() if v.group == version.group]
    newest, promise = next_to_deploy(group), "a card says what is next to deploy"
    detail = f"{name_of(version.arn)}, next {newest and newest.number}: {read[:200]}"
    if re.search("[;,] next to deploy", headline):
        require(newest is not None and newest.arn == version.arn, promise, detail)
    if other := re.search(r"version (\d+) is next to deploy", headline):
        require(newest is not None and newest.number == int(other[1]), promise, detail)
    if version.status is Status.PENDING:
        said = re.search(r"Next to deploy: version (\d+)", read)
        require((int(said[1]) if said else None) == (newest and newest.number), promise, detail)


def _check_serving(version: DescribedVersion, headline: str, simulation: Simulation) -> None:
    reused = {arn_key(old.arn) for old in simulation.world.deleted}
    is_unheard = version.arn in simulation.world.unheard or _first_seen_changing(
        version, simulation
    )
    if is_unheard and arn_key(version.arn) in reused:
        return  # which of two versions with one ARN an endpoint began to serve, nobody can know
    endpoint = simulation.endpoints.endpoints.get(an_endpoint(ENDPOINTS[version.group]))
    serves, promise = _is_served(version, endpoint, simulation), "a card says what serves"
    detail = f"{name_of(version.arn)} {version.status}: {headline}"
    known = simulation.ledger.get_endpoint(an_endpoint(ENDPOINTS[version.group])).servings
    if known or not serves:  # of an endpoint that was never heard of, nothing is said
        require(("serving on" in headline) == serves, promise, detail)
    if "not serving" in headline.lower():
        require(not serves, promise, detail)
    if "is deleted" in headline:
        require(endpoint is None, promise, detail)
    if others := re.search(r"version (\d+) (still serves|is$|serving again|is serving)", headline):
        numbers = {a_version(int(others[1]), group=version.group).arn}
        require(endpoint is not None and numbers <= set(endpoint.versions), promise, detail)
    if "deploying to" in headline:
        require(endpoint is not None and version.arn in endpoint.pending_versions, promise, detail)


def _first_seen_changing(version: DescribedVersion, simulation: Simulation) -> bool:
    """Whether the bot saw an endpoint only once it was being changed again: it has no date then."""
    servings = simulation.ledger.servings(version.group)
    return any(serving.versions and serving.since is None for serving in servings)


def _is_served(
    version: DescribedVersion, endpoint: Endpoint | None, simulation: Simulation
) -> bool:
    """Whether *endpoint* serves it: not an older version that had its ARN."""
    if endpoint is None or endpoint.state not in SERVING or version.arn not in endpoint.versions:
        return False
    return not simulation.world.is_older(version, endpoint)


# --- receipts


def _check_receipts(simulation: Simulation) -> None:
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


def _trail(arn: Arn, simulation: Simulation) -> list[dict[str, Any]]:
    return [entry.content for entry in simulation.ledger.entries(arn)]


def _arns(simulation: Simulation) -> Iterator[Arn]:
    yield from dict.fromkeys(
        [*simulation.registry.registered, *(v.arn for v in simulation.world.deleted)]
    )
