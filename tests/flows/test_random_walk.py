"""
Everything that may happen to a version, with failures, by a random walk.

Several people click, vote, withdraw and submit, evidence is written over, the registry is moved
from outside, events and messages come twice, late or never, and any call to SageMaker, DynamoDB,
SQS, S3 or Slack fails before it does anything or after it did, or ends the process. When all is
done, nothing may be lost, doubled or wrong, no decision is without its quorum, and the audit trail
holds together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, permutations
from typing import TYPE_CHECKING, Any

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

from bot.core.audit.chain import CHECKPOINTS
from bot.core.audit.checkpoints import checkpoints_in
from bot.core.audit.verify import verify
from bot.core.cards.forms import opened, working
from bot.core.errors import Ignored, Unavailable
from bot.core.jobs.messages import (
    CheckForm,
    Click,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
    decode_form_metadata,
    message_group,
)
from bot.core.registry.moves import move_between
from bot.core.registry.version import Report, Status
from bot.core.rules.people import MembershipStatus
from bot.core.rules.rule import People, Role, Rules
from bot.core.votes import button
from bot.flows.clock.sweep import sweep
from bot.flows.fetch.snapshot import fetch_for_card
from bot.flows.tell.cards import render_card
from bot.flows.work import work
from tests.doubles.builders import (
    ANA,
    BEN,
    CARDS,
    CHLOE,
    DAN,
    LEADS,
    RELEASES,
    RISK,
    RULE,
    a_version,
)
from tests.doubles.failures import Killed, none, nth
from tests.doubles.registry import FakeRegistry
from tests.flows.conftest import FakeBot

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.rules.people import Person
    from bot.core.votes.request import MessageRef
    from bot.core.votes.vote import Decision
    from tests.doubles.chat import Posted
    from tests.doubles.failures import Failures

FAILURES = st.one_of(
    st.just(none),
    st.builds(
        nth,
        st.integers(0, 14),
        st.sampled_from(["before", "after", "throttled", "killed before", "killed after"]),
    ),
)
EVERYBODY = (ANA, BEN, CHLOE, DAN)
MAY_DECIDE = {ANA.id, BEN.id}
ROLES = {"leads": {ANA.id, BEN.id}, "risk": {ANA.id, CHLOE.id}}
QUORUM = replace(
    RULE,
    patterns=("pair*",),
    name="pair",
    roles=(
        Role(name="leads", people=People(users=(ANA.id,), user_groups=(LEADS,))),
        Role(name="risk", people=People(users=(ANA.id,), user_groups=(RISK,))),
    ),
    veto=People(users=(BEN.id,)),
    break_glass=True,
)
BOTH = Rules("C0MODELS00", (RULE, QUORUM), digest="digest-of-the-rules")
EVIDENCE = (Report("model_quality", "s3://models/evaluation.json", numbers=True),)


def has_quorum(people: list[str]) -> bool:
    """Whether *people* fill both roles, each person one of them: tried in every order."""
    return any(a in ROLES["leads"] and b in ROLES["risk"] for a, b in permutations(people, 2))


def buttons_on(message: Message) -> list[str]:
    """The values of the buttons of the moves on *message*."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    elements = [element for row in rows for element in row["elements"]]
    return [each["value"] for each in elements if each["action_id"] != "withdraw"]


class StrictRegistry(FakeRegistry):
    """A registry that checks the status of the version when a decision reaches it."""

    def apply(self, decision: Decision) -> None:
        applied = {update.id for update in self.updates}
        if decision.id not in applied:
            move_between(self.registered[decision.arn].status, decision.target)
            assert self.registered[decision.arn].status is decision.source
        super().apply(decision)


@dataclass(frozen=True)
class Form:
    """An open form: who sees it, and what it offers."""

    id: str
    click: Click


class RandomWalk(RuleBasedStateMachine):
    forms = Bundle("forms")

    def __init__(self) -> None:
        super().__init__()
        self.bot = FakeBot(registry=StrictRegistry(), rules=BOTH)
        self.bot.chat.lag = timedelta(seconds=5)
        self.numbers = count(1)
        self.ids = count(1)
        self.submitted: dict[str, SubmitForm] = {}
        self.finished: list[Job] = []
        self.withdrawn: set[str] = set()
        """Votes that were withdrawn before they were part of any decision."""
        self.outside = 0

    # --- what people and the world do

    @initialize()
    def begin(self) -> None:
        """Two versions wait, each with its card: one takes one vote, the other two."""
        self.register("fraud", Status.PENDING, by_ana=False)
        self.register("pair", Status.PENDING, by_ana=False)
        self._drain()

    @rule(
        group=st.sampled_from(["fraud", "pair", "pair"]),
        status=st.sampled_from([Status.PENDING] * 4 + [Status.APPROVED, Status.REJECTED]),
        by_ana=st.booleans(),
    )
    def register(self, group: str, status: Status, by_ana: bool) -> None:
        if len(self.bot.registry.registered) < 4:
            version = a_version(next(self.numbers), status, group=group, reports=EVIDENCE)
            metadata = {"submitted-by": ANA.id} if by_ana else {}
            self._event(self.bot.registry.add(replace(version, metadata=metadata)).arn)

    @rule(target=forms, data=st.data(), person=st.sampled_from(EVERYBODY))
    def click(self, data: st.DataObject, person: Person) -> object:
        """Open a form and leave it open: it may be submitted later, or never."""
        posted = data.draw(st.sampled_from(self._cards()), label="card")
        values = buttons_on(posted.message)
        if not values:
            return multiple()
        return self._open(person, posted.place, data.draw(st.sampled_from(values), label="button"))

    @rule(
        data=st.data(),
        on_pair=st.sampled_from([True, True, False]),
        failures=FAILURES,
    )
    def vote(self, data: st.DataObject, on_pair: bool, failures: Failures) -> None:
        """
        Open a form, let it be updated, and submit it; something may fail while the job runs.

        Rather by somebody who has not voted yet: left to chance, few quorums would be reached.
        """
        of_pair = [p for p in self._cards() if ("/pair/" in p.key) == on_pair]
        posted = data.draw(st.sampled_from(of_pair or self._cards()), label="card")
        arn = next(a for a in self.bot.registry.registered if posted.key.startswith(f"card.{a}."))
        self._event(arn)
        self._drain(message_group(ReconcileVersion(arn)))
        voted = {vote.by for vote in self.bot.ledger.get(arn).request.votes}
        new = [each for each in (ANA, BEN, CHLOE) if each not in voted]
        person = data.draw(st.sampled_from(new or [ANA]), label="person")
        if values := buttons_on(posted.message):
            # The first button is the one towards Approved, where there is one.
            shown = data.draw(st.sampled_from([values[0], values[0], *values]), label="button")
            form = self._open(person, posted.place, shown)
            self._drain(message_group(ReconcileVersion(arn)))
            self.submit(form, late=False)
            if message_group(ReconcileVersion(arn)) in self.bot.queue.message_groups:
                self._work(message_group(ReconcileVersion(arn)), failures)

    def _cards(self) -> list[Posted]:
        """The cards of the versions that are registered."""
        keys = tuple(f"card.{arn}." for arn in self.bot.registry.registered)
        return [posted for posted in self.bot.chat.cards() if posted.key.startswith(keys)]

    def _open(self, person: Person, place: MessageRef, value: str) -> Form:
        click = Click(button=button.decode_button(value), person=person, message=place)
        form = Form(f"form-{next(self.ids)}", click)
        self.bot.chat.open_form(form.id, opened(click))
        job = CheckForm(form.click, form.id, self.bot.chat.hash_of(form.id))
        self.bot.queue.send(job, form.id)
        return form

    @rule(form=forms)
    def close(self, form: Form) -> None:
        """Close a form, before or after it is submitted."""
        self.bot.chat.closed.add(form.id)

    @rule(form=forms, late=st.booleans())
    def submit(self, form: Form, late: bool) -> None:
        """With *late*, the same submit comes once more when SQS has forgotten the first."""
        shown = self.bot.chat.forms[form.id]
        if "submit" not in shown:
            return
        brought = decode_form_metadata(shown["private_metadata"], form.click.person)
        id_ = f"{form.id}.{brought.round}"
        job = SubmitForm(id_, brought.click, "because", form.id, brought.shown, brought.round)
        self.submitted[id_] = job
        self.bot.chat.answer_submit(form.id, working(job))
        self.bot.queue.send(job, id_)
        if late:
            self.bot.queue.send(job, f"{id_} repeated")

    @rule(data=st.data(), person=st.sampled_from(EVERYBODY))
    def withdraw(self, data: st.DataObject, person: Person) -> None:
        posted = data.draw(st.sampled_from(self._cards()), label="card")
        arn = next(a for a in self.bot.registry.registered if posted.key.startswith(f"card.{a}."))
        id_ = f"withdrawal-{next(self.ids)}"
        job = WithdrawVote(id=id_, arn=arn, person=person, message=posted.place)
        self.bot.queue.send(job, id_)

    @rule(person=st.sampled_from([BEN, CHLOE]), back=st.booleans())
    def leave_or_come_back(self, person: Person, back: bool) -> None:
        """Somebody is deactivated in Slack, or activated again."""
        self.bot.directory.memberships[person.id] = (
            MembershipStatus.MEMBER if back else MembershipStatus.GONE
        )

    @rule(happens=st.sampled_from([True, False, False]))
    def write_the_evidence_over(self, happens: bool) -> None:
        if happens:
            self.bot.evidence.write_over(f"0.{next(self.ids)}")

    @rule(data=st.data(), status=st.sampled_from(Status), with_event=st.booleans())
    def move_outside(self, data: st.DataObject, status: Status, with_event: bool) -> None:
        arn = data.draw(st.sampled_from(sorted(self.bot.registry.registered)), label="arn")
        if self.bot.registry.registered[arn].status is status:
            return
        self.outside += 1
        self.bot.registry.move_outside(arn, status, f"outsider-{self.outside}")
        # An event may be lost; the sweep looks after what has a card.
        if with_event or self.bot.ledger.get(arn).request.cards == ():
            self._event(arn)

    @rule(data=st.data())
    def repeat_an_event(self, data: st.DataObject) -> None:
        self._event(data.draw(st.sampled_from(sorted(self.bot.registry.registered)), label="arn"))

    @precondition(lambda self: self.finished)
    @rule(data=st.data())
    def repeat_a_job(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.finished), label="job")
        self.bot.queue.send(job, f"repeated {next(self.ids)}")

    @rule(channel=st.sampled_from([CARDS, RELEASES]), how=st.sampled_from(["archived", "missing"]))
    def lose_a_channel(self, channel: str, how: str) -> None:
        """Somebody archives a channel, or removes the bot from it, until they undo that."""
        (self.bot.chat.archived if how == "archived" else self.bot.chat.missing).add(channel)

    @rule()
    def restore_the_channels(self) -> None:
        self.bot.chat.archived.clear()
        self.bot.chat.missing.clear()

    def _event(self, arn: Arn) -> None:
        self.bot.queue.send(ReconcileVersion(arn), f"event {next(self.ids)}")

    # --- what the bot does

    @precondition(lambda self: self.bot.queue.message_groups)
    @rule(data=st.data(), failures=FAILURES)
    def work(self, data: st.DataObject, failures: Failures) -> None:
        name = data.draw(
            st.sampled_from(sorted(self.bot.queue.message_groups)), label="message group"
        )
        self._work(name, failures)

    def _work(self, name: str, failures: Failures) -> None:
        job = self.bot.queue.next(name)
        try:
            work(job, self.bot.ports(failures))
        except Unavailable as error:
            if failures is none:  # the queue waits before it delivers the job again
                self.bot.clock += timedelta(seconds=error.retry_after)
            return
        except Killed:
            return
        except Ignored:
            pass
        if isinstance(job, WithdrawVote) and job not in self.finished:
            self._note_withdrawal(job)
        self.finished.append(job)
        self.bot.queue.done(name)

    def _note_withdrawal(self, job: WithdrawVote) -> None:
        """What this person had submitted before does not count, unless it is decided."""
        mine = {e.id for e in self.finished if isinstance(e, SubmitForm) and self._is_by(e, job)}
        decided = {vote.id for update in self.bot.registry.updates for vote in update.votes}
        self.withdrawn |= mine - decided

    @staticmethod
    def _is_by(decide: SubmitForm, job: WithdrawVote) -> bool:
        return (decide.click.person, decide.click.button.arn) == (job.person, job.arn)

    @rule(failures=FAILURES)
    def sweep(self, failures: Failures) -> None:
        try:
            sweep(self.bot.ports(failures))
        except (Unavailable, Killed):
            return

    @rule()
    def rest(self) -> None:
        """All jobs are done, time passes, and then everything has to be right."""
        self.restore_the_channels()
        for _ in range(2):
            self._drain()
            sweep(self.bot.ports())
        self._drain()
        # There is no event for overwritten evidence: the next job about the version finds it.
        for arn in self.bot.registry.registered:
            self._event(arn)
        self._drain()
        self._check_submits()
        self._check_receipts()
        self._check_cards()
        self._check_messages()
        self._check_the_trail()

    def _drain(self, only: str = "") -> None:
        """Do the jobs of every message group, or of *only* one."""
        while groups := [name for name in self.bot.queue.message_groups if only in ("", name)]:
            self._work(groups[0], none)

    # --- what has to be right

    @invariant()
    def no_decision_is_made_twice_or_otherwise_than_its_maker_submitted(self) -> None:
        updates = self.bot.registry.updates
        assert len({update.id for update in updates}) == len(updates)
        for update in updates:
            click = self.submitted[update.id].click
            assert (update.arn, update.source) == (click.button.arn, click.button.source)
            assert (update.target, update.by) == (click.button.target, click.person)
            assert update.brief_digest == click.button.brief_digest

    @invariant()
    def no_vote_decides_whose_form_said_that_it_is_one_of_several(self) -> None:
        for update in self.bot.registry.updates:
            shown = self.submitted[update.id].shown
            assert shown is None or shown.decides

    @invariant()
    def no_decision_is_made_without_the_quorum_for_that_move_on_that_brief(self) -> None:
        for update in self.bot.registry.updates:
            people = [vote.by.id for vote in update.votes]
            assert len(people) == len(set(people))
            for vote in update.votes:
                click = self.submitted[vote.id].click
                assert (vote.source, vote.target) == (update.source, update.target)
                assert vote.brief_digest == update.brief_digest == click.button.brief_digest
                assert vote.by == click.person
                assert vote.id not in self.withdrawn
            self._check_people(update, people)

    def _check_people(self, update: Decision, people: list[str]) -> None:
        version = self.bot.registry.registered[update.arn]
        mine = [vote for vote in update.votes if vote.by.id == version.metadata.get("submitted-by")]
        if update.target is Status.APPROVED:
            assert all(vote.override and version.group == "pair" for vote in mine)
        if version.group == "fraud":
            assert set(people) <= MAY_DECIDE
        elif update.target is Status.APPROVED:
            assert has_quorum(people)
        else:
            assert set(people) <= {ANA.id, BEN.id, CHLOE.id}

    def _check_submits(self) -> None:
        """Every submit became a vote or was refused, once, and whoever was refused was told."""
        entries = [entry for arn in self.bot.registry.registered for entry in self._trail(arn)]
        handled = [e["id"] for e in entries if e["kind"] in {"vote", "refusal"}]
        for id_ in self.submitted:
            assert handled.count(id_) == 1
        for person in EVERYBODY:
            messages = [who for who, _ in self.bot.chat.private_messages if who == person.id]
            refusals = [e for e in entries if e["kind"] == "refusal" and e["who"] == person.id]
            assert len([e for e in refusals if not e["id"].startswith("check.")]) <= len(messages)

    def _check_receipts(self) -> None:
        """A form that was submitted and is still open says what came of it, and what it is."""
        decided = {update.id for update in self.bot.registry.updates}
        for id_, job in self.submitted.items():
            shown = str(self.bot.chat.forms[job.view]["blocks"])
            last = id_ == f"{job.view}.{max(self._rounds(job.view))}"
            if last and job.view not in self.bot.chat.closed and "Working on it" not in shown:
                is_decided = "Done: " in shown and "is recorded" not in shown
                assert is_decided == (id_ in decided)

    def _rounds(self, view: str) -> list[int]:
        return [job.round for job in self.submitted.values() if job.view == view]

    def _arns(self) -> set[Arn]:
        """The ARNs that a version has, or had."""
        return set(self.bot.registry.registered)

    def _trail(self, arn: Arn) -> list[dict[str, Any]]:
        return [entry.content for entry in self.bot.ledger.entries(arn)]

    def _check_cards(self) -> None:
        """There is one card for each version that waits or waited, and each is up to date."""
        keys = [posted.key for posted in self.bot.chat.cards()]
        assert len(keys) == len(set(keys))
        for version in self.bot.registry.registered.values():
            request = self.bot.ledger.get(version.arn).request
            assert not request.unfinished
            if version.status is Status.PENDING:
                assert request.cards
            if request.cards:
                self._check_card(version)

    def _check_card(self, version: DescribedVersion) -> None:
        """The card of *version* is up to date."""
        snapshot = fetch_for_card(version.arn, self.bot.ports())
        assert self.bot.card(version) == render_card(snapshot)

    def _check_messages(self) -> None:
        """Decisions are announced once in their thread and once in the other channel."""
        notices = [p.key for p in self.bot.chat.posted if p.place.channel == RELEASES]
        threads = {p.key: p.message.text for p in self.bot.chat.posted if p.thread}
        assert len(notices) == len(set(notices))
        assert len(threads) == len([p for p in self.bot.chat.posted if p.thread])
        for update in self.bot.registry.updates:
            assert f"{update.id}.decided.thread" in threads
            assert f"{update.id}.decided.{RELEASES}" in notices
        for arn in self.bot.registry.registered:
            for entry in self._trail(arn):
                for vote in entry["votes"] if entry["kind"] == "void" else ():
                    void = [
                        t for t in threads.values() if "no longer count" in t or "was not made" in t
                    ]
                    recipients = [who for who, _ in self.bot.chat.private_messages]
                    assert any(vote["who"] in t for t in void) or vote["who"] in recipients

    def _check_the_trail(self) -> None:
        """The chains hold together, and hold each decision once."""
        ledger = self.bot.ledger
        all_checkpoints = list(checkpoints_in(ledger.entries(CHECKPOINTS)))
        for chain in ledger.chains():
            checkpoints = [checkpoint for name, checkpoint in all_checkpoints if name == chain]
            assert not list(
                verify(chain, ledger.entries(chain), ledger.chain_head(chain), checkpoints)
            )
        decided = [
            entry["id"]
            for arn in self._arns()
            for entry in self._trail(arn)
            if entry["kind"] == "decision"
        ]
        assert sorted(decided) == sorted(update.id for update in self.bot.registry.updates)

    def teardown(self) -> None:
        self.rest()


def test_nothing_is_lost_doubled_or_wrong_whatever_fails(walk_settings: object) -> None:
    run_state_machine_as_test(RandomWalk, settings=walk_settings)
