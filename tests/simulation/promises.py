"""
What the bot promises, checked once everything has come to rest.

Everything is held against the registry, the endpoints and Slack as they are, and against the audit
trail. Of the bot's own code, only what is next to deploy (`next_to_deploy`), the verification of
the trail (`verify`) and some constants are used: they have tests of their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.audit.chain import CHECKPOINTS
from bot.core.audit.checkpoints import checkpoints_in
from bot.core.audit.verify import verify
from bot.core.rules.rule import DEPLOY_MINUTES
from bot.flows.clock.sweep import SAMPLE
from tests.simulation.answers import check_answers
from tests.simulation.cards import check_cards, check_known_to_serve, check_waiting
from tests.simulation.decisions import (
    check_decisions,
    check_history,
    check_presses,
    check_votes_of_all,
)
from tests.simulation.missed import check_missed
from tests.simulation.required import Broken, require
from tests.simulation.told import (
    check_dead_letters,
    check_deployments,
    check_receipts,
    check_submits,
    check_threads,
    check_told_once,
    check_unreadable,
)
from tests.simulation.trails import arns, trail_of_arn

if TYPE_CHECKING:
    from tests.simulation.simulation import Simulation


def come_to_rest(simulation: Simulation) -> None:
    """Let all jobs be done, everything be mended, time pass, and two sweeps look."""
    simulation.calm = True
    _work_off(simulation)
    if not simulation.disturbed:  # then there is nothing to mend for a sweep
        check_cards(simulation)
    simulation.world.mend()
    _work_off(simulation)
    check_dead_letters(simulation)
    simulation.queue.redrive()
    _work_off(simulation)
    check_known_to_serve(simulation)
    simulation.advance(timedelta(minutes=DEPLOY_MINUTES))
    _sweep(simulation, sample=0)
    check_waiting(simulation)  # beside thousands of decided versions, the sample finds none of ours
    _check_nothing_is_overdue(simulation)
    _sweep(simulation, SAMPLE)
    if simulation.world.rewritten:  # of this there is no event: the next job finds it
        for arn in list(simulation.registry.registered):
            simulation.world.event(arn)
        _work_off(simulation)


def _sweep(simulation: Simulation, sample: int) -> None:
    simulation.advance(timedelta(minutes=5))
    simulation.start_sweep(sample)
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
    check_decisions(simulation)
    check_submits(simulation)
    check_presses(simulation)
    check_history(simulation)
    check_votes_of_all(simulation)
    check_told_once(simulation)
    check_threads(simulation)
    check_deployments(simulation)
    check_unreadable(simulation)
    check_missed({arn: trail_of_arn(arn, simulation) for arn in arns(simulation)}, simulation)
    _check_trail(simulation)
    _check_rest(simulation)
    check_cards(simulation)
    check_receipts(simulation)
    check_answers(simulation)


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
    _check_nothing_is_overdue(simulation)
    require(not simulation.queue.dead, "there is no dead letter", simulation.queue.dead)


def _check_nothing_is_overdue(simulation: Simulation) -> None:
    for record in simulation.ledger.records.values():
        due = record.request.deploy_due
        overdue = due is not None and due < simulation.clock()
        require(not overdue, "who waits for an endpoint hears that it is late", record.request.arn)
