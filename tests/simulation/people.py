"""What people can do in a simulation: each act with the words that a story has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.jobs.messages import (
    ReconcileVersion,
    decode_form_metadata,
    message_group,
)
from bot.core.registry.moves import move_between
from bot.core.registry.version import Status
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
)
from tests.simulation.answers import QUESTIONS
from tests.simulation.doubles import name_of
from tests.simulation.world import EVERYBODY, RECENT, Form, buttons_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.core.rules.people import Person
    from tests.doubles.chat import Posted
    from tests.simulation.world import World

    Possible = Iterator[tuple[str, Callable[[], None]]]


def register(world: World) -> Possible:
    if len(world.registered()) >= world.simulation.odds.most_versions:
        return
    for group in world.simulation.odds.groups:
        yield f"a version of {group} is registered", lambda g=group: world.register(g)
        yield (
            f"a version of {group} is registered, and the event is lost",
            lambda g=group: world.register(g, event=False),
        )
        yield (
            f"a version of {group} is registered as Approved",
            lambda g=group: world.register(g, Status.APPROVED),
        )
        yield (
            f"a version of {group} is registered as Approved, and the event is lost",
            lambda g=group: world.register(g, Status.APPROVED, event=False),
        )


def register_own(world: World) -> Possible:
    """Ana registers what she may not approve, or only as an override."""
    if len(world.registered()) >= world.simulation.odds.most_versions:
        return
    for group in world.simulation.odds.groups:
        what = f"Ana registers a version of {group}"
        yield what, lambda g=group: world.register(g, by_ana=True)


def click(world: World) -> Possible:
    """Somebody presses a button on a card: the form opens."""
    for posted in world.cards():
        arn = world.arn(posted)
        for key, value in buttons_on(posted.message).items():
            for person in EVERYBODY:
                yield (
                    f"{person.name} opens {key} of {name_of(arn)}",
                    lambda p=person, m=posted, v=value, k=key: world.open_form(p, m, v, k),
                )


def vote(world: World) -> Possible:
    """Somebody presses a button and submits the form at once."""
    return _votes_on(world, world.cards())


def vote_at_rest(world: World) -> Possible:
    """Somebody votes on a card of which no job is waiting, as most people do."""
    return _votes_on(world, _cards_at_rest(world))


def _cards_at_rest(world: World) -> list[Posted]:
    busy = {name.split()[1] for name in world.simulation.queue.groups}
    return [p for p in world.cards() if message_group(ReconcileVersion(world.arn(p))) not in busy]


def _votes_on(world: World, cards: Iterable[Posted]) -> Possible:
    for posted in cards:
        arn = world.arn(posted)
        for key, value in buttons_on(posted.message).items():
            for person in (ANA, BEN, CHLOE):
                yield (
                    f"{person.name} opens and submits {key} of {name_of(arn)}",
                    lambda p=person, m=posted, v=value, k=key: world.submit(
                        world.open_form(p, m, v, k)
                    ),
                )


def vote_with_others(world: World) -> Possible:
    """Somebody votes for what another has voted for."""
    return _votes_with_others(world, world.cards())


def vote_at_rest_with_others(world: World) -> Possible:
    """The same, on a card of which no job is waiting."""
    return _votes_with_others(world, _cards_at_rest(world))


def _votes_with_others(world: World, cards: Iterable[Posted]) -> Possible:
    for posted in cards:
        votes = world.simulation.ledger.get(world.arn(posted)).request.votes
        names = tuple(f"{vote.by.name} " for vote in votes)
        moves = {move_between(vote.source, vote.target).key for vote in votes}
        for what, act in _votes_on(world, [posted] if votes else []):
            if not what.startswith(names) and any(f" submits {key} of " in what for key in moves):
                yield what, act


def submit(world: World) -> Possible:
    return _submits(world, list(world.forms.items())[-RECENT:])


def confirm(world: World) -> Possible:
    """A form is submitted that shows by now what its vote does."""
    recent = list(world.forms.items())[-RECENT:]
    return _submits(world, ((name, form) for name, form in recent if _is_checked(world, form)))


def _is_checked(world: World, form: Form) -> bool:
    shown = world.simulation.chat.forms[form.id]
    if "submit" not in shown:
        return False
    metadata = decode_form_metadata(shown["private_metadata"], form.click.person)
    return metadata.shown is not None


def _submits(world: World, forms: Iterable[tuple[str, Form]]) -> Possible:
    for name, form in forms:
        if "submit" in world.simulation.chat.forms[form.id]:
            yield f"{name} is submitted", lambda f=form: world.submit(f)
            yield f"{name} is submitted and closed", lambda f=form: world.submit(f, close=True)


def withdraw_any(world: World) -> Possible:
    """Somebody withdraws, with or without a vote: the card that they see may be out of date."""
    for posted in world.cards():
        for person in (ANA, BEN, CHLOE):
            yield _withdrawal(world, person, posted)


def withdraw_own(world: World) -> Possible:
    """Somebody withdraws who has a vote, or whose vote the card still shows."""
    for posted in world.cards():
        for vote in world.simulation.ledger.get(world.arn(posted)).request.votes:
            yield _withdrawal(world, vote.by, posted)


def _withdrawal(world: World, person: Person, posted: Posted) -> tuple[str, Callable[[], None]]:
    arn = world.arn(posted)
    what = f"{person.name} withdraws from {name_of(arn)}"
    return what, lambda: world.withdraw(person, posted, arn)


def ask(world: World) -> Possible:
    for text in QUESTIONS:
        yield f"Ana asks /model-status {text}".rstrip(), lambda t=text: world.ask(t)
