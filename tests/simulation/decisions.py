"""What the bot promises of decisions and of what its trail says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.decide.reconcile import NEWS
from bot.core.reason import ReasonCode
from bot.core.registry.version import Status
from bot.core.rules.people import SUBMITTED_BY
from tests.doubles.builders import ANA, BEN, CHLOE
from tests.simulation.doubles import name_of
from tests.simulation.missed import CHANGES
from tests.simulation.required import require
from tests.simulation.trails import arns, trail_of, trail_of_arn
from tests.simulation.votes import (
    check_attempts,
    check_decision,
    check_reasons,
    check_voters_are_told,
    check_votes,
    has_quorum,
    has_veto,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.vote import Decision
    from tests.simulation.simulation import Simulation


def check_decisions(simulation: Simulation) -> None:
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
        require(set(people) <= {ANA.id, BEN.id}, "only approvers decide", people)
    elif update.source is Status.PENDING or update.target is Status.APPROVED:
        veto = has_veto([update.by.id], update.target)
        enough = veto or has_quorum(people, update.target)
        require(enough, "a decision has its quorum", people)
    else:
        require(set(people) <= {ANA.id, BEN.id, CHLOE.id}, "only who may decides", people)


def check_votes_of_all(simulation: Simulation) -> None:
    entries = [entry for arn in arns(simulation) for entry in trail_of_arn(arn, simulation)]
    for version in simulation.registry.registered.values():
        check_votes(trail_of(version, simulation), version, simulation)
    for update in simulation.registry.updates:
        check_decision(update, simulation)
    check_attempts(simulation)
    check_reasons(entries, simulation)
    check_voters_are_told(entries, simulation)


def check_presses(simulation: Simulation) -> None:
    """What a person pressed earlier does not count after what they pressed later."""
    submitted, withdrawals = simulation.world.submitted, simulation.world.withdrawals
    pressed = {id_: job.click.pressed for id_, job in submitted.items()}
    pressed |= {id_: job.pressed for id_, job in withdrawals.items()}
    for arn in arns(simulation):
        latest: dict[str, datetime] = {}
        for entry in trail_of_arn(arn, simulation):
            if entry["kind"] in {"vote", "withdrawal"}:
                time, before = pressed[entry["id"]], latest.get(entry["who"])
                require(time, "a press has its time", entry["id"])
                require(
                    not before or time > before, "the latest press of a person counts", entry["id"]
                )
                latest[entry["who"]] = time


def check_history(simulation: Simulation) -> None:
    """The trail explains each version's status, and no vote counted after it was withdrawn."""
    counted = {vote.id for update in simulation.registry.updates for vote in update.votes}
    made = {update.id for update in simulation.registry.updates}
    for version in simulation.registry.registered.values():
        trail = trail_of(version, simulation)
        withdrawn = {entry["vote"] for entry in trail if entry["kind"] == "withdrawal"}
        require(not withdrawn & counted, "a withdrawn vote does not count", withdrawn & counted)
        # Of a decision about a deleted version, nobody can know whether it was made.
        void = {
            entry["id"]
            for entry in trail
            if entry["kind"] == "void"
            and entry["reason"]["code"] != ReasonCode.VERSION_GONE_UNDECIDED
        }
        require(not void & made, "a void decision was not made", void & made)
        _check_submitter(trail, version)
        changes = _changes_of(version, trail, simulation)
        if not changes and version.status is Status.REJECTED:
            continue  # it was before the bot first saw it: nobody was asked
        if not changes and simulation.clock() - version.created >= NEWS:
            continue  # the bot heard of it too late to tell who approved it when
        status = changes[-1]["target"] if changes else Status.PENDING
        require(
            status == version.status,
            "the trail says what happened",
            f"{name_of(version.arn)} is {version.status}, the trail ends with {status}",
        )
        outside = [change for change in changes if change["kind"] == "external_change"]
        for change in outside:  # SageMaker may show an older status for a moment
            move = (version.arn, change["target"], change["at"])
            require(move in _made_outside(simulation), "a change outside the bot was made", change)
        _check_outside_is_told(outside, simulation)


def _changes_of(
    version: DescribedVersion, trail: list[dict[str, Any]], simulation: Simulation
) -> list[dict[str, Any]]:
    """
    The changes of *version* in its trail, in their order.

    A decision can be made on it that was judged on the version before, which had its ARN.
    """
    made = simulation.registry.made
    since = {e["id"] for e in trail if e["kind"] in CHANGES}
    since |= {id_ for id_, time in made.items() if time >= version.created}
    whole = trail_of_arn(version.arn, simulation)
    return [e for e in whole if e["kind"] in CHANGES and e["id"] in since]


def _check_submitter(trail: list[dict[str, Any]], version: DescribedVersion) -> None:
    """Check that an approval says who registered the version, if the registry has their id."""
    owner = version.metadata.get(SUBMITTED_BY)
    for entry in trail:
        if owner and entry["kind"] == "decision" and entry["target"] == Status.APPROVED:
            named = entry["submitter"]["id"]
            require(named == owner, "an approval says who registered the version", entry["id"])


def _made_outside(simulation: Simulation) -> set[tuple[Arn, Status, str]]:
    """List each status that was set outside the bot, with its version and its time."""
    moves = {(m.arn, m.status, m.at.isoformat()) for m in simulation.registry.moves}
    registered = simulation.world.registrations
    return moves | {(v.arn, v.status, v.created.isoformat()) for v in registered}


def _check_outside_is_told(outside: list[dict[str, Any]], simulation: Simulation) -> None:
    keys = {posted.key for posted in simulation.chat.posted}
    for change in outside:
        prefix = f"{change['id']}.external_change."
        is_told = any(key.startswith(prefix) for key in keys)
        require(is_told, "a change outside the bot is told", change["id"])
