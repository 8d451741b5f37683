"""What the bot promises of cards, which are read as people read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.followup.endpoints import EndpointStatus
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Status, arn_key
from tests.core.reading import as_read
from tests.doubles.builders import a_version
from tests.doubles.endpoints import an_endpoint
from tests.simulation.doubles import name_of
from tests.simulation.required import require
from tests.simulation.trails import trail_of
from tests.simulation.world import ENDPOINTS

if TYPE_CHECKING:
    from bot.core.followup.endpoints import Endpoint
    from bot.core.registry.version import DescribedVersion
    from tests.doubles.chat import Posted
    from tests.simulation.simulation import Simulation

SERVING = {EndpointStatus.IN_SERVICE, EndpointStatus.UPDATING, EndpointStatus.OTHER}
GONE = "Not in the registry any more"
STATUSES = {
    Status.APPROVED: ("Approved", "Registered as Approved"),
    Status.REJECTED: ("Rejected", "Revoked"),
    Status.PENDING: ("Waiting for a decision",),
}


def check_cards(simulation: Simulation) -> None:
    keys = [posted.key for posted in simulation.chat.cards()]
    require(len(keys) == len(set(keys)), "there is one card per version", keys)
    for version in simulation.registry.registered.values():
        _check_cards_of(version, simulation)
    _check_cards_of_deleted(simulation)


def check_waiting(simulation: Simulation) -> None:
    """The cards of versions that wait, which the sweep sees all of."""
    for version in simulation.registry.registered.values():
        if version.status is Status.PENDING:
            _check_cards_of(version, simulation)


def check_known_to_serve(simulation: Simulation) -> None:
    """The cards say what is written down of endpoints, though no sweep has looked yet."""
    world = simulation.world
    if world.uneditable or world.refused or world.shut_out:
        return  # a sweep has to update the cards that could not be updated
    reused = {arn_key(old.arn) for old in simulation.world.deleted}
    for version in simulation.registry.registered.values():
        request = simulation.ledger.get(version.arn).request
        is_known = request.created == version.created and request.status is version.status
        is_other = arn_key(version.arn) in reused  # an endpoint may serve what had the ARN before
        for card in request.cards if is_known and not is_other else ():
            if card.ts and not card.frozen:
                _check_known_to_serve(
                    version, as_read(_posted(card.ts, simulation).message), simulation
                )


def _check_known_to_serve(version: DescribedVersion, read: str, simulation: Simulation) -> None:
    servings = simulation.ledger.servings(version.group)
    serves = any(
        each.arn == version.arn
        for serving in servings
        if serving.state in SERVING
        for each in serving.versions
    )
    headline = read.split("\n")[1]
    detail = (name_of(version.arn), headline, [(s.state, s.versions) for s in servings])
    require(
        ("serving on" in headline) == serves,
        "a card says what is written down of its endpoint",
        detail,
    )


def _check_cards_of(version: DescribedVersion, simulation: Simulation) -> None:
    request = simulation.ledger.get(version.arn).request
    if version.status is Status.PENDING:
        has_card = request.cards and request.created == version.created
        require(has_card, "a version that waits has a card", name_of(version.arn))
    for card in request.cards:
        if card.ts and not card.frozen:
            posted = _posted(card.ts, simulation)
            if request.created == version.created:
                _check_card(version, posted, simulation)
            else:
                read = as_read(posted.message)
                require(GONE in read, "the card of a deleted version says so", read)


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
    if version.status is Status.PENDING:
        _check_endpoint_of_group(version, read, simulation)


def _check_endpoint_of_group(version: DescribedVersion, read: str, simulation: Simulation) -> None:
    """A waiting card that says that the endpoint of its group serves something is right."""
    name = ENDPOINTS[version.group]
    endpoint = simulation.endpoints.endpoints.get(an_endpoint(name))
    if stated := re.search(rf"{name} serves version (\d+)", read):
        arn = a_version(int(stated[1]), group=version.group).arn
        serves = endpoint is not None and endpoint.state in SERVING and arn in endpoint.versions
        require(serves, "a waiting card says what its endpoint serves", stated[0])


def _check_latest(version: DescribedVersion, read: str, simulation: Simulation) -> None:
    """The card names who changed the status last."""
    kinds = {"decision", "external_change"}
    changes = [e for e in trail_of(version, simulation) if e["kind"] in kinds]
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
        stated = re.search(r"Next to deploy: version (\d+)", read)
        require((int(stated[1]) if stated else None) == (newest and newest.number), promise, detail)


def _check_serving(version: DescribedVersion, headline: str, simulation: Simulation) -> None:
    reused = {arn_key(old.arn) for old in simulation.world.deleted}
    is_unnoticed = version.arn in simulation.world.served_unnoticed or _first_seen_changing(
        version, simulation
    )
    if is_unnoticed and arn_key(version.arn) in reused:
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
