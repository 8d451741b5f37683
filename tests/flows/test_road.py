"""
The whole road under trouble, by a random walk.

Several people click and submit, the registry is moved from outside, events and messages come
twice, late or never, and any call to SageMaker, DynamoDB, SQS, S3 or Slack fails before it does
anything or after it did. When all is at rest again, nothing may be lost, doubled or untrue.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.core import offer
from bot.core.cards.card import card
from bot.core.errands import Announce, Check, Click, Decide
from bot.core.errors import SetAside, Unavailable
from bot.core.model import Status
from bot.core.transitions import between
from bot.flows.decide import look
from bot.flows.sweep import sweep
from bot.flows.work import work
from tests.doubles.builders import ANA, BEN, DAN, RELEASES, RULES, a_version
from tests.doubles.registry import FakeRegistry
from tests.flows.conftest import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.errands import Errand
    from bot.core.model import Arn, Decision, Person

TROUBLES = st.one_of(
    st.just(()),
    st.tuples(st.integers(0, 12), st.sampled_from(["before", "after"])),
)
MAY_DECIDE = {ANA.id, BEN.id}


def plan(trouble: tuple[int, str] | tuple[()]) -> Iterator[str]:
    """No trouble, or one call that fails."""
    return iter([""] * trouble[0] + [trouble[1]]) if trouble else iter(())


class StrictRegistry(FakeRegistry):
    """A registry that remembers how the version stood when a decision reached it."""

    def apply(self, decision: Decision) -> None:
        known = {update.id for update in self.updates}
        if decision.id not in known:
            between(self.known[decision.arn].status, decision.target)
            assert self.known[decision.arn].status is decision.source
        super().apply(decision)


@dataclass(frozen=True)
class Form:
    """An open form: who sees it, and what it offers."""

    id: str
    click: Click


class Road(RuleBasedStateMachine):
    forms = Bundle("forms")

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(registry=StrictRegistry())
        self.numbers = count(1)
        self.form_ids = count(1)
        self.submitted: dict[str, Decide] = {}
        self.worked_off: list[Errand] = []
        self.outside = 0

    # --- what people and the world do

    @initialize()
    def begin(self) -> None:
        """Two versions wait, each with its card."""
        for _ in range(2):
            self.register(Status.PENDING)
        self._drain()

    @rule(status=st.sampled_from([Status.PENDING] * 4 + [Status.APPROVED, Status.REJECTED]))
    def register(self, status: Status) -> None:
        if len(self.office.registry.known) < 4:
            self._event(self.office.registry.add(a_version(next(self.numbers), status)).arn)

    @rule(
        target=forms,
        data=st.data(),
        person=st.sampled_from([ANA, BEN, ANA, BEN, DAN]),
        at_once=st.booleans(),
    )
    def click(self, data: st.DataObject, person: Person, at_once: bool) -> object:
        """Open a form, and submit it *at_once* or never or later."""
        posted = data.draw(st.sampled_from(self.office.chat.cards()), label="card")
        values = [
            element["value"]
            for block in posted.message.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]
        if not values:
            return multiple()
        drawn = offer.read(data.draw(st.sampled_from(values), label="button"))
        opened = Form(
            f"form-{next(self.form_ids)}", Click(offer=drawn, person=person, place=posted.place)
        )
        self.office.line.send(Check(opened.click, opened.id), opened.id)
        if at_once:
            self.submit(opened, late=False)
        return opened

    @rule(form=forms, late=st.booleans())
    def submit(self, form: Form, late: bool) -> None:
        """With *late*, the same submit comes once more when SQS has forgotten the first."""
        errand = Decide(form.id, self._shown(form), "because")
        self.submitted.setdefault(form.id, errand)
        self.office.line.send(self.submitted[form.id], form.id)
        if late:
            self.office.line.send(self.submitted[form.id], f"{form.id} again")

    def _shown(self, form: Form) -> Click:
        """The click with the offer that its form shows by now."""
        filled = self.office.chat.forms.get(form.id, {}).get("private_metadata")
        if not filled:
            return form.click
        fresh = offer.offer_from(json.loads(filled)["offer"])
        return Click(offer=fresh, person=form.click.person, place=form.click.place)

    @precondition(lambda self: self.office.registry.known)
    @rule(data=st.data(), status=st.sampled_from(Status), heard=st.booleans())
    def move_outside(self, data: st.DataObject, status: Status, heard: bool) -> None:
        arn = data.draw(st.sampled_from(sorted(self.office.registry.known)), label="arn")
        if self.office.registry.known[arn].status is status:
            return
        self.outside += 1
        self.office.registry.move_outside(arn, status, f"outsider-{self.outside}")
        # An event may be lost; the sweep looks after what has a card.
        if heard or self.office.ledger.get(arn).place is None:
            self._event(arn)

    @precondition(lambda self: self.office.registry.known)
    @rule(data=st.data())
    def repeat_an_event(self, data: st.DataObject) -> None:
        self._event(data.draw(st.sampled_from(sorted(self.office.registry.known)), label="arn"))

    @precondition(lambda self: self.worked_off)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        errand = data.draw(st.sampled_from(self.worked_off), label="errand")
        self.office.line.send(errand, f"again {next(self.form_ids)}")

    def _event(self, arn: Arn) -> None:
        self.office.line.send(Announce(arn), f"event {next(self.form_ids)}")

    # --- what the bot does

    @precondition(lambda self: self.office.line.lanes)
    @rule(data=st.data(), trouble=TROUBLES)
    def work(self, data: st.DataObject, trouble: tuple[int, str] | tuple[()]) -> None:
        name = data.draw(st.sampled_from(sorted(self.office.line.lanes)), label="lane")
        self._work(name, plan(trouble))

    def _work(self, name: str, trouble: Iterator[str]) -> None:
        errand = self.office.line.next(name)
        try:
            work(errand, self.office.ports(trouble))
        except Unavailable:
            return
        except SetAside:
            pass
        self.worked_off.append(errand)
        self.office.line.done(name)

    @rule(trouble=TROUBLES)
    def sweep(self, trouble: tuple[int, str] | tuple[()]) -> None:
        try:
            sweep(self.office.ports(plan(trouble)))
        except Unavailable:
            return

    @rule()
    def rest(self) -> None:
        """Everything is worked off, time passes, and then all has to be right."""
        for _ in range(2):
            self._drain()
            sweep(self.office.ports())
        self._drain()
        self._check_decisions()
        self._check_cards()
        self._check_what_was_told()

    def _drain(self) -> None:
        while self.office.line.lanes:
            self._work(next(iter(self.office.line.lanes)), iter(()))

    # --- what has to be right

    @invariant()
    def no_decision_is_made_twice_or_by_somebody_who_may_not(self) -> None:
        updates = self.office.registry.updates
        assert len({update.id for update in updates}) == len(updates)
        assert {update.by.id for update in updates} <= MAY_DECIDE
        for update in updates:
            click = self.submitted[update.id].click
            assert (update.arn, update.source) == (click.offer.arn, click.offer.source)
            assert (update.target, update.by) == (click.offer.target, click.person)

    def _check_decisions(self) -> None:
        """Every submit was made, or its maker was told why not."""
        made = {update.id for update in self.office.registry.updates}
        for person in (ANA, BEN, DAN):
            mine = [id_ for id_, errand in self.submitted.items() if errand.click.person == person]
            told = [who for who, _ in self.office.chat.whispers if who == person.id]
            assert len(set(mine) - made) <= len(told)

    def _check_cards(self) -> None:
        """One card for each version that waits or waited, and each says what is."""
        keys = [posted.key for posted in self.office.chat.cards()]
        assert len(keys) == len(set(keys))
        for version in self.office.registry.known.values():
            request = self.office.ledger.get(version.arn)
            assert request.open is None
            assert request.posting is None
            if version.status is Status.PENDING:
                assert request.place is not None
            if request.place:
                now = look(version.arn, self.office.ports())
                drawn = card(now, request.brief, RULES.find(version.group), request.last)
                assert self.office.card(version) == drawn

    def _check_what_was_told(self) -> None:
        """Each decision was told once in the thread of its card, and once in the other channel."""
        heard = [p.key for p in self.office.chat.posted if p.place.channel == RELEASES]
        threads = [p.key for p in self.office.chat.posted if p.thread]
        assert len(heard) == len(set(heard))
        assert len(threads) == len(set(threads))
        for update in self.office.registry.updates:
            assert f"{update.id}.thread" in threads
            assert f"{update.id}.{RELEASES}" in heard

    def teardown(self) -> None:
        self.rest()


def test_nothing_is_lost_doubled_or_untrue_whatever_fails(road_settings: object) -> None:
    run_state_machine_as_test(Road, settings=road_settings)
