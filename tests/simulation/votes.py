"""
What the bot promises about votes, held against the audit trail, which is read from its beginning.

From the entries alone follows which votes stand. The row has to hold the same, a decision rests on
votes that stand, and each is told.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING, Any

from bot.core.registry.version import Status, arn_key
from bot.core.rules.people import SUBMITTED_BY
from tests.doubles.builders import ANA, BEN, CHLOE
from tests.simulation import faults
from tests.simulation.doubles import REGISTRY_LAG, name_of
from tests.simulation.required import require
from tests.simulation.trails import trail_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.vote import Decision
    from tests.simulation.simulation import Simulation

    Entries = Sequence[dict[str, Any]]

ROLES = {"leads": {ANA.id, BEN.id}, "risk": {ANA.id, CHLOE.id}}
NOT_MADE = "Your decision was not made."
"""The end of what the maker of a void decision reads (bot/core/words)."""
_EVIDENCE = {"brief_changed", "brief_changed_since_votes", "brief_changed_since_decision"}
_OUTCOME = "outcome_changed_since_decision"
_PEOPLE = {"not_allowed_since_decision", "votes_missing_since_decision", "not_a_member"}


def check_row(arn: Arn, simulation: Simulation) -> None:
    """Hold the votes in the row of *arn* against its trail, as they are at any moment."""
    request = simulation.ledger.get(arn).request
    version = simulation.registry.registered.get(request.arn)
    if version is None or version.created != request.created:
        return  # the bot has not heard of it yet
    standing = _standing(trail_of(version, simulation), simulation)
    pending = request.open_decision.votes if request.open_decision else ()
    require(
        {vote.id for vote in (*request.votes, *pending)}
        == {entry["id"] for entry in standing.values()},
        "a vote stands until it is withdrawn, void or decided",
        name_of(version.arn),
    )
    if version.group == "pair" and not request.open_decision:
        _check_not_enough(standing, version, simulation)


def _check_not_enough(
    standing: dict[str, dict[str, Any]], version: DescribedVersion, simulation: Simulation
) -> None:
    """Check that the votes that stand are too few, or it was not asked since somebody came back."""
    stayed = {w: entry for w, entry in standing.items() if w not in simulation.world.have_left}
    for target in (Status.APPROVED, Status.REJECTED):
        people = [who for who, entry in stayed.items() if entry["target"] == target]
        decides = has_quorum(people, target) or has_veto(people, target)
        require(not decides, "votes that are enough decide", (name_of(version.arn), people))


def check_votes(trail: Entries, version: DescribedVersion, simulation: Simulation) -> None:
    """Hold the votes of *version* against its *trail*, since it was created, at rest."""
    check_row(version.arn, simulation)
    standing = _standing(trail, simulation)
    _check_cast_since(standing, trail)


def _check_cast_since(standing: dict[str, dict[str, Any]], trail: Entries) -> None:
    """Check that no vote stands that was cast before a change outside that the bot missed."""
    missed = [entry["at"] for entry in trail if entry["kind"] == "missed_change"]
    old = [vote["id"] for vote in standing.values() if any(vote["at"] < time for time in missed)]
    require(not old, "a vote from before a change outside does not count", old)


def has_quorum(people: Iterable[str], target: Status) -> bool:
    """Whether *people* are enough for a version of `pair` to come to *target*."""
    if target is Status.REJECTED:
        return {ANA.id, BEN.id, CHLOE.id} <= set(people)
    pairs = permutations(people, 2)
    return any(one in ROLES["leads"] and other in ROLES["risk"] for one, other in pairs)


def has_veto(people: Iterable[str], target: Status) -> bool:
    """Whether one of *people* decides alone that a version of `pair` comes to *target*."""
    return target is Status.REJECTED and BEN.id in people


def _standing(trail: Entries, simulation: Simulation) -> dict[str, dict[str, Any]]:
    """Return the votes that stand after *trail*, by who cast them."""
    standing: dict[str, dict[str, Any]] = {}
    cast = {entry["id"] for entry in trail if entry["kind"] == "vote"}
    for entry in trail:
        match entry["kind"]:
            case "vote":
                standing[entry["who"]] = entry
                _check_override(entry, simulation)
            case "withdrawal":
                _check_withdrawal(entry, standing, simulation)
                del standing[entry["who"]]
            case "decision":
                used = {vote["id"] for vote in entry["votes"]}
                stood = {vote["id"] for vote in standing.values()}
                require(used <= stood, "a decision rests on votes that stand", used - stood)
                standing = _without(used, standing)
            case "void":
                void = {vote["id"] for vote in entry["votes"]}
                stood = {vote["id"] for vote in standing.values()}
                require(void & cast <= stood, "what is void stood", void & cast - stood)
                standing = _without(void, standing)
    return standing


def _without(ids: set[str], standing: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {who: entry for who, entry in standing.items() if entry["id"] not in ids}


def _check_withdrawal(
    entry: dict[str, Any], standing: dict[str, dict[str, Any]], simulation: Simulation
) -> None:
    promise = "a withdrawal takes back the vote of who asks, once"
    asked = simulation.world.withdrawals.get(entry["id"])
    require(asked and asked.person.id == entry["who"], promise, entry["id"])
    vote = standing.get(entry["who"])
    require(vote and vote["id"] == entry["vote"], promise, entry["id"])


def _check_override(entry: dict[str, Any], simulation: Simulation) -> None:
    form = simulation.world.submitted[entry["id"]].click.button
    require(
        form.override or not entry["override"],
        "nobody makes an override by a form that did not say so",
        entry["id"],
    )


def check_decision(update: Decision, simulation: Simulation) -> None:
    """Check that nobody decided more than their form said, or about what they registered."""
    button = simulation.world.submitted[update.id].click.button
    outcome, promise = update.outcome, "a decision deploys what its form said"
    said = not outcome.changes or outcome.after == button.outcome.after
    require(said, promise, (update.id, outcome, button.outcome))
    version = simulation.registry.registered.get(update.arn)
    if version is None or version.created != button.created:
        return
    owner = version.metadata.get(SUBMITTED_BY)
    own = [v for v in update.votes if v.by.id == owner and update.target is Status.APPROVED]
    allowed = name_of(update.arn).startswith("pair/") and all(vote.override for vote in own)
    require(not own or allowed, "nobody approves what they registered", update.id)


def check_attempts(simulation: Simulation) -> None:
    """Check that a decision that was resumed was judged by what held by then, and not made."""
    for attempt in simulation.attempts:
        decision, since = attempt.decision, attempt.judged_since
        require(not attempt.is_needless, "a decision that was made is not asked for", decision.id)
        button = simulation.world.submitted[decision.id].click.button
        older = attempt.created and attempt.created + REGISTRY_LAG < since
        require(
            not older or attempt.created == button.created,
            "nobody decides about another version than their form's",
            decision.id,
        )
        rewritten = [t for t in simulation.world.rewritten_at if decision.at < t < since]
        require(not rewritten, "nobody decides on evidence that they did not see", decision.id)
        gone = {vote.by.id for vote in decision.votes} & attempt.gone
        require(not gone, "who left does not decide", (decision.id, gone))


def check_reasons(entries: Entries, simulation: Simulation) -> None:
    """Check that each reason why something was refused, or is void, is true."""
    declined = {
        attempt.decision.id
        for attempt in simulation.attempts
        if attempt.fault in {faults.REFUSED, faults.DONE_AND_REFUSED} or attempt.created is None
    }
    have_left = simulation.world.have_left
    evidence = simulation.world.rewritten or any(
        call == "evidence.read" for call, _ in simulation.faults
    )
    for entry in entries:
        if entry["kind"] not in {"refusal", "void"}:
            continue
        code = entry["reason"]["code"]
        true = (
            (evidence or code not in _EVIDENCE)
            and (code not in _PEOPLE or have_left & _concerned(entry))
            and (code != "own_version" or entry["group"] == "fraud")
            and (code != "declined" or entry["id"] in declined)
            and (code != _OUTCOME or _has_other_outcome(entry, simulation))
        )
        require(true, "a reason is true", (entry["id"], code))


def _has_other_outcome(entry: dict[str, Any], simulation: Simulation) -> bool:
    """Whether another version would have been next to deploy than the last vote's form said."""
    shown = simulation.decisions[entry["id"]].outcome.after
    return bool(entry["reason"]["params"]["after"] != shown)


def _concerned(entry: dict[str, Any]) -> set[str]:
    """Whose click was refused, or whose votes are void."""
    return {vote["who"] for vote in entry.get("votes", ())} | {entry.get("who", "")}


def check_voters_are_told(entries: Entries, simulation: Simulation) -> None:
    """Check that votes and withdrawals are told in the thread, and void decisions in private."""
    submitted = simulation.world.submitted
    void = [entry for entry in entries if entry["kind"] == "void" and entry["id"] in submitted]
    makers = Counter(
        submitted[entry["id"]].click.person.id
        for entry in void
        if entry["reason"]["code"] != "version_gone_undecided"
    )
    told = Counter(who for who, text in simulation.chat.private_messages if NOT_MADE in text)
    lost = simulation.faults["chat.post_private", faults.REFUSED]
    for who, many in makers.items():
        require(
            told[who] >= many - lost, "who made a void decision is told so", (who, many, told[who])
        )
    if not simulation.world.refused:
        _check_threads(entries, {entry["id"] for entry in void}, simulation)


def _check_threads(entries: Entries, void: set[str], simulation: Simulation) -> None:
    threads = {posted.key for posted in simulation.chat.posted if posted.thread}
    decided = {update.id for update in simulation.registry.updates} | void
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    for entry in entries:
        job = simulation.world.submitted.get(entry["id"]) or simulation.world.withdrawals.get(
            entry["id"]
        )
        if job is None or arn_key(job.arn) in deleted or entry["id"] in decided:
            continue
        if kind := {"vote": "vote_cast", "withdrawal": "vote_withdrawn"}.get(entry["kind"]):
            key = f"{entry['id']}.{kind}.thread"
            require(key in threads, "a vote is told in the thread, and so is its withdrawal", key)
