"""What people and the world do in a simulation: each thing that can be done now, by its label."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.core.cards.forms import opened, working
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import (
    CheckForm,
    Click,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
    decode_form_metadata,
    encode,
    message_group,
)
from bot.core.registry.version import Report, ReportedStatus, Status
from bot.core.rules.people import MembershipStatus
from bot.core.rules.rule import People, Role, Rules
from bot.core.votes.button import decode_button
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
from tests.doubles.endpoints import an_endpoint
from tests.simulation.answers import QUESTIONS, question
from tests.simulation.doubles import Message, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from bot.core.cards.messages import Message as Shown
    from bot.core.followup.endpoints import Endpoint
    from bot.core.jobs.messages import AnswerQuestion, Job
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.rules.people import Members, Person
    from tests.doubles.chat import Posted
    from tests.simulation.simulation import Simulation

EVERYBODY = (ANA, BEN, CHLOE, DAN)
GROUPS: dict[str, Members] = {LEADS: frozenset({BEN.id}), RISK: frozenset({CHLOE.id})}
QUORUM = replace(
    RULE,
    patterns=("pair*",),
    name="pair",
    roles=(
        Role(name="leads", people=People(users=(ANA.id,), user_groups=(LEADS,))),
        Role(name="risk", people=People(users=(ANA.id,), user_groups=(RISK,))),
    ),
    # So two votes can stand without deciding; Ben's decides alone.
    moves={"reject": (Role(people=People(users=(ANA.id, BEN.id, CHLOE.id)), needs=3),)},
    veto=People(users=(BEN.id,)),
    break_glass=True,
)
OPERATORS = "C0MODELS00"
RULES = Rules(OPERATORS, (RULE, QUORUM), digest="digest-of-the-rules")
EVIDENCE = (Report("model_quality", "s3://models/evaluation.json", numbers=True),)
ENDPOINTS = {"fraud": "fraud-prod", "pair": "pair-prod"}
RECENT = 6
"""Of so many forms that were opened last, one may be submitted: of all, most are of no use."""


@dataclass(frozen=True)
class Form:
    """An open form: who sees it, and which click opened it."""

    id: str
    click: Click


def buttons_on(message: Shown) -> dict[str, str]:
    """The values of the buttons of the moves on *message*, by the keys of the moves."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    elements = [element for row in rows for element in row["elements"]]
    return {e["action_id"]: e["value"] for e in elements if e["action_id"] != "withdraw"}


@dataclass
class World:
    """People, pipelines and vendors around the bot of *simulation*."""

    simulation: Simulation
    numbers: dict[str, int] = field(default_factory=lambda: {"fraud": 0, "pair": 0})
    forms: dict[str, Form] = field(default_factory=dict)
    """The open forms, by what they are called."""
    submitted: dict[str, SubmitForm] = field(default_factory=dict)
    withdrawals: dict[str, WithdrawVote] = field(default_factory=dict)
    asked: list[AnswerQuestion] = field(default_factory=list)
    deleted: list[DescribedVersion] = field(default_factory=list)
    outside: int = 0
    moved: set[tuple[Arn, Status, str]] = field(default_factory=set)
    """Changes outside the bot: of which version, to which status, and when."""
    refused: bool = False
    """Whether Slack ever refused messages for a reason that is on no list."""
    uneditable: bool = False
    """Whether messages could not be edited for some time."""
    rewritten: bool = False
    """Whether evidence was written over: there is no event for that."""
    rewritten_at: list[datetime] = field(default_factory=list)
    gone_since: dict[str, datetime] = field(default_factory=dict)
    """Since when people are gone, by their ids."""
    somebody_left: bool = False
    unheard: set[Arn] = field(default_factory=set)
    """What an endpoint began to serve, and the bot heard too late of it, or never."""
    served_since: dict[tuple[Arn, Arn], datetime] = field(default_factory=dict)
    """Since when an endpoint serves what has an ARN."""
    actions: dict[str, Callable[[], None]] = field(default_factory=dict)
    """What can be done now, by its label, as it was listed last."""
    ids: count[int] = field(default_factory=lambda: count(1))

    # --- what can be done

    def labels(self, kind: str) -> list[str]:
        """List what of *kind* can be done now."""
        found = dict(getattr(self, f"_{kind}")())
        if not self.simulation.odds.loses_events:
            found = {label: act for label, act in found.items() if "lost" not in label}
        self.actions.update(found)
        return list(found)

    def act(self, label: str) -> None:
        """Do what *label* says."""
        act = self.actions[label]
        self.actions.clear()
        act()

    def begin(self) -> None:
        """Two versions wait: one takes one vote, the other two."""
        self.register("fraud", Status.PENDING)
        self.register("pair", Status.PENDING)

    def _register(self) -> Iterator[tuple[str, Callable[[], None]]]:
        if len(self._registered()) >= self.simulation.odds.most_versions:
            return
        for group in ("fraud", "pair"):
            yield f"a version of {group} is registered", lambda g=group: self.register(g)
            yield (
                f"a version of {group} is registered, and the event is lost",
                lambda g=group: self.register(g, event=False),
            )
            yield (
                f"a version of {group} is registered as Approved",
                lambda g=group: self.register(g, Status.APPROVED),
            )
            yield (
                f"a version of {group} is registered as Approved, and the event is lost",
                lambda g=group: self.register(g, Status.APPROVED, event=False),
            )

    def _register_own(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Ana registers what she may not approve, or only as an override."""
        if len(self._registered()) >= self.simulation.odds.most_versions:
            return
        for group in ("fraud", "pair"):
            what = f"Ana registers a version of {group}"
            yield what, lambda g=group: self.register(g, by_ana=True)

    def _click(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Somebody presses a button on a card: the form opens."""
        for posted in self._cards():
            arn = self._arn(posted)
            for key, value in buttons_on(posted.message).items():
                for person in EVERYBODY:
                    yield (
                        f"{person.name} opens {key} of {name_of(arn)}",
                        lambda p=person, m=posted, v=value, k=key: self._open(p, m, v, k),
                    )

    def _vote(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Somebody presses a button and submits the form at once."""
        return self._votes_on(self._cards())

    def _decide(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """The same, as most people do it: when nothing happens to the card any more."""
        busy = self.simulation.queue.groups
        at_rest = (
            p for p in self._cards() if message_group(ReconcileVersion(self._arn(p))) not in busy
        )
        return self._votes_on(at_rest)

    def _votes_on(self, cards: Iterable[Posted]) -> Iterator[tuple[str, Callable[[], None]]]:
        for posted in cards:
            arn = self._arn(posted)
            for key, value in buttons_on(posted.message).items():
                for person in (ANA, BEN, CHLOE):
                    yield (
                        f"{person.name} opens and submits {key} of {name_of(arn)}",
                        lambda p=person, m=posted, v=value, k=key: self.submit(
                            self._open(p, m, v, k)
                        ),
                    )

    def _join(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Somebody votes for what another has voted for."""
        for posted in self._cards():
            votes = self.simulation.ledger.get(self._arn(posted)).request.votes
            names = {f"{vote.by.name} " for vote in votes}
            for what, act in self._votes_on([posted] if votes else []):
                if not what.startswith(tuple(names)):
                    yield what, act

    def _submit(self) -> Iterator[tuple[str, Callable[[], None]]]:
        return self._submits(list(self.forms.items())[-RECENT:])

    def _confirm(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """A form is submitted that shows by now what its vote does."""
        recent = list(self.forms.items())[-RECENT:]
        return self._submits((name, form) for name, form in recent if self._is_checked(form))

    def _is_checked(self, form: Form) -> bool:
        shown = self.simulation.chat.forms[form.id]
        if "submit" not in shown:
            return False
        metadata = decode_form_metadata(shown["private_metadata"], form.click.person)
        return metadata.shown is not None

    def _submits(
        self, forms: Iterable[tuple[str, Form]]
    ) -> Iterator[tuple[str, Callable[[], None]]]:
        for name, form in forms:
            if "submit" in self.simulation.chat.forms[form.id]:
                yield f"{name} is submitted", lambda f=form: self.submit(f)
                yield f"{name} is submitted and closed", lambda f=form: self.submit(f, close=True)

    def _withdraw(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for posted in self._cards():
            for person in (ANA, BEN, CHLOE):
                yield self._withdrawal(person, posted)

    def _take_back(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Somebody withdraws who has a vote, or whose vote the card still shows."""
        for posted in self._cards():
            for vote in self.simulation.ledger.get(self._arn(posted)).request.votes:
                yield self._withdrawal(vote.by, posted)

    def _withdrawal(self, person: Person, posted: Posted) -> tuple[str, Callable[[], None]]:
        arn = self._arn(posted)
        what = f"{person.name} withdraws from {name_of(arn)}"
        return what, lambda: self._do_withdraw(person, posted, arn)

    def _move(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """The registry is changed outside the bot; the event may be late or lost."""
        for arn, version in self._registered().items():
            for status in Status:
                if status is not version.status:
                    what = f"{name_of(arn)} is set to {status.value} outside"
                    yield what, lambda a=arn, s=status: self._do_move(a, s)
                    yield f"{what}, event lost", lambda a=arn, s=status: self._do_move(a, s, None)
                    yield (
                        f"{what}, event late",
                        lambda a=arn, s=status: self._do_move(a, s, timedelta(seconds=40)),
                    )

    def _delete(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for arn in list(self._registered())[2:]:
            yield f"{name_of(arn)} is deleted", lambda a=arn: self._do_delete(a)
            yield f"{name_of(arn)} is deleted, event lost", lambda a=arn: self._do_delete(a, None)
        for group in ("fraud", "pair"):
            if any(version.group == group for version in self._registered().values()):
                yield f"{group} is deleted as a whole", lambda g=group: self._delete_group(g)
        for old in self.deleted:
            if old.arn not in self._registered():
                for status in (Status.PENDING, Status.APPROVED):
                    what = f"{name_of(old.arn)} is registered again as {status.value}"
                    yield what, lambda o=old, s=status: self._register_again(o, s)
                    yield (
                        f"{what}, event lost",
                        lambda o=old, s=status: self._register_again(o, s, event=False),
                    )

    def _deploy(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for arn, version in self._registered().items():
            endpoint = ENDPOINTS[version.group]
            now = self.simulation.endpoints.endpoints.get(an_endpoint(endpoint))
            if now and now.state is EndpointStatus.FAILED:
                continue  # it can only be deleted (DescribeEndpoint)
            for happens in ("begins to deploy", "serves", "fails to deploy", "breaks with"):
                what = f"{endpoint} {happens} {name_of(arn)}"
                yield what, lambda v=version, h=happens: self._do_deploy(v, h)
                yield (
                    f"{what}, event lost",
                    lambda v=version, h=happens: self._do_deploy(v, h, None),
                )
        for endpoint in ENDPOINTS.values():
            if an_endpoint(endpoint) in self.simulation.endpoints.endpoints:
                yield f"{endpoint} is deleted", lambda e=endpoint: self._delete_endpoint(e)

    def _slack(self) -> Iterator[tuple[str, Callable[[], None]]]:
        chat = self.simulation.chat
        if chat.missing or chat.archived or chat.refusing or chat.uneditable:
            yield "Slack takes messages again", self.mend
            return
        yield "the channel of the cards is archived", self._archive
        yield "the bot is removed from the channel of the cards", lambda: self._remove(CARDS)
        yield "the bot is removed from the other channel", lambda: self._remove(RELEASES)
        yield (
            "Slack takes no messages in the channel of the cards",
            self._refuse,
        )
        yield "messages cannot be edited", self._forbid_edits

    def _rates(self) -> Iterator[tuple[str, Callable[[], None]]]:
        if not self.simulation.keeps_rates:
            yield "Slack refuses what comes too fast from now on", self._keep_rates

    def _keep_rates(self) -> None:
        self.simulation.keeps_rates = True

    def _outage(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """A service takes no calls for twenty minutes."""
        if not self.simulation.outages:
            for service in ("registry", "evidence", "endpoints", "ledger", "chat", "directory"):
                yield (
                    f"the {service} throttles for twenty minutes",
                    lambda s=service: self._throttle(s),
                )

    def _forbidden(self) -> Iterator[tuple[str, Callable[[], None]]]:
        if not self.simulation.forbidden_until:
            yield "the registry may not be read for twenty minutes", self._forbid

    def _forbid(self) -> None:
        self.simulation.disturbed = True
        self.simulation.forbidden_until = self._now() + timedelta(minutes=20)

    def _throttle(self, service: str) -> None:
        self.simulation.disturbed = True
        self.simulation.outages[service] = self._now() + timedelta(minutes=20)

    def _people(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for person in (BEN, CHLOE):
            if person.id in self.gone_since:
                yield f"{person.name} is back", lambda p=person: self._come_back(p)
            else:
                yield f"{person.name} leaves", lambda p=person: self._leave(p)

    def _leave(self, person: Person) -> None:
        self.somebody_left = True
        self.gone_since[person.id] = self._now()
        self.simulation.directory.memberships[person.id] = MembershipStatus.GONE

    def _come_back(self, person: Person) -> None:
        del self.gone_since[person.id]
        self.simulation.directory.memberships[person.id] = MembershipStatus.MEMBER

    def _evidence(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "evidence is written over", self._write_over

    def _repeat(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Something comes twice: an event, a message of SQS, a submit."""
        for arn in self._registered():
            yield f"an event of {name_of(arn)} comes again", lambda a=arn: self.event(a)
        for number, message in enumerate(self.simulation.queue.finished[-6:]):
            name = self.simulation.name_of_job(message.job)
            yield (
                f"{name} comes again ({number})",
                lambda m=message: self._send(m.job, f"repeated {next(self.ids)}"),
            )
        if self.simulation.queue.dead:
            yield "the dead letters are put back", self.simulation.queue.redrive

    def _by_hand(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """An operator runs a job beside the queue: no message group holds it back."""
        for arn in self._registered():
            yield f"a job of {name_of(arn)} is run by hand", lambda a=arn: self._run_by_hand(a)

    def _run_by_hand(self, arn: Arn) -> None:
        self.simulation.start(Message(encode(ReconcileVersion(arn)), self._now(), self._now()))

    def _ask(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for text in QUESTIONS:
            yield f"Ana asks /model-status {text}".rstrip(), lambda t=text: self._do_ask(t)

    def _do_ask(self, text: str) -> None:
        job = question(text, next(self.ids))
        self.asked.append(job)
        self._send(job, job.answer_url)

    def _time(self) -> Iterator[tuple[str, Callable[[], None]]]:
        for what, time in (
            ("ten seconds pass", timedelta(seconds=10)),
            ("five minutes pass", timedelta(minutes=5)),
            ("two hours pass", timedelta(hours=2)),
        ):
            yield what, lambda t=time: self.simulation.advance(t)

    # --- doing it

    def register(
        self,
        group: str,
        status: Status = Status.PENDING,
        *,
        by_ana: bool = False,
        event: bool = True,
    ) -> DescribedVersion:
        number = self._next_number(group)
        version = a_version(number, status, group=group, reports=EVIDENCE)
        metadata = {"submitted-by": ANA.id} if by_ana else {}
        return self._add(replace(version, created=self._now(), metadata=metadata), event=event)

    def _next_number(self, group: str) -> int:
        self.numbers[group] += 1
        while a_version(self.numbers[group], group=group).arn in self._registered():
            self.numbers[group] += 1
        return self.numbers[group]

    def _register_again(self, old: DescribedVersion, status: Status, *, event: bool = True) -> None:
        self.simulation.advance(timedelta(seconds=1))  # two versions have two times of creation
        new = a_version(old.number, status, group=old.group, reports=EVIDENCE)
        self._add(replace(new, created=self._now()), event=event)

    def _add(self, version: DescribedVersion, *, event: bool = True) -> DescribedVersion:
        self.moved.add((version.arn, version.status, version.created.isoformat()))
        self.simulation.registry.keep()
        self.simulation.registry.add(version)
        self.event(version.arn, timedelta(0) if event else None)
        return version

    def _open(self, person: Person, posted: Posted, value: str, key: str) -> Form:
        click = Click(
            button=decode_button(value),
            person=person,
            message=posted.place,
            pressed=self._now(),
        )
        number = next(self.ids)
        form = Form(f"form-{number}", click)
        self.simulation.chat.open_form(form.id, opened(click))
        name = f"{person.name}'s form {key} of {name_of(click.button.arn)}"
        self.forms.pop(name, None)  # the form that was opened last comes last
        self.forms[name] = form
        job = CheckForm(form.click, form.id, self.simulation.chat.hash_of(form.id))
        self._send(job, form.id)
        return form

    def submit(self, form: Form, *, close: bool = False) -> None:
        chat = self.simulation.chat
        shown = chat.forms[form.id]
        if "submit" not in shown:
            return
        brought = decode_form_metadata(shown["private_metadata"], form.click.person)
        id_ = f"{form.id}.{brought.round}"
        job = SubmitForm(id_, brought.click, "because", form.id, brought.shown, brought.round)
        self.submitted[id_] = job
        chat.answer_submit(form.id, working(job))
        if close:
            chat.closed.add(form.id)
        self._send(job, id_)

    def _do_withdraw(self, person: Person, posted: Posted, arn: Arn) -> None:
        id_ = f"withdrawal-{next(self.ids)}"
        job = WithdrawVote(
            id=id_, arn=arn, person=person, message=posted.place, pressed=self._now()
        )
        self.withdrawals[id_] = job
        self._send(job, id_)

    def _do_move(self, arn: Arn, status: Status, event: timedelta | None = timedelta(0)) -> None:
        self.outside += 1
        self.simulation.registry.keep()
        self.simulation.registry.move_outside(
            arn, status, f"outsider-{self.outside}", at=self._now()
        )
        modified = self._registered()[arn].modified
        self.moved.add((arn, status, modified.isoformat() if modified else ""))
        self.event(arn, event)

    def _delete_group(self, group: str) -> None:
        """Delete all that is in *group*, and the group: its numbers begin anew."""
        self.simulation.advance(timedelta(seconds=1))  # two versions have two times of creation
        for arn, version in list(self._registered().items()):
            if version.group == group:
                self._do_delete(arn)
        self.numbers[group] = 0

    def _do_delete(self, arn: Arn, event: timedelta | None = timedelta(0)) -> None:
        self.simulation.registry.keep()
        version = self._registered().pop(arn)
        self.deleted.append(version)
        endpoint = self.simulation.ledger.get_endpoint(an_endpoint(ENDPOINTS[version.group]))
        if arn not in {each.arn for served in endpoint.servings for each in served.versions}:
            self.unheard.add(arn)
        self.event(arn, event)

    def _do_deploy(
        self, version: DescribedVersion, happens: str, event: timedelta | None = timedelta(0)
    ) -> None:
        name = ENDPOINTS[version.group]
        now = self.simulation.endpoints.endpoints.get(an_endpoint(name))
        changes: dict[str, Any] = {
            "modified": self._now(),
            "versions": now.versions if now else (),
            "config": now.config if now else "",
        }
        if now is None:
            changes["created"] = self._now()
        match happens:
            case "begins to deploy":
                changes |= {"state": EndpointStatus.UPDATING, "pending_versions": (version.arn,)}
            case "serves":
                changes |= {"versions": (version.arn,), "config": f"config-{next(self.ids)}"}
                self.served_since[an_endpoint(name), version.arn] = self._now()
                self.unheard |= {version.arn} if event is None else set()
            case "fails to deploy":
                changes |= {"reason": "no memory"}
            case _:
                changes |= {"state": EndpointStatus.FAILED, "reason": "no memory"}
        self.simulation.endpoints.put(name=name, **changes)
        self._endpoint_event(name, event)

    def _delete_endpoint(self, name: str) -> None:
        self.simulation.endpoints.delete(name)
        self._endpoint_event(name, timedelta(0))

    def _endpoint_event(self, name: str, delay: timedelta | None) -> None:
        self.simulation.disturbed |= delay is None
        self._send(ReconcileEndpoint(an_endpoint(name)), f"event {next(self.ids)}", delay)

    def _write_over(self) -> None:
        self.rewritten = self.simulation.disturbed = True
        self.rewritten_at.append(self._now())
        self.simulation.evidence.write_over(f"0.{next(self.ids)}")

    def is_older(self, version: DescribedVersion, endpoint: Endpoint) -> bool:
        """Whether *endpoint* serves an older version of the same ARN, which was deleted."""
        return self.served_since.get((endpoint.arn, version.arn), version.created) < version.created

    def _archive(self) -> None:
        self.simulation.disturbed = True
        self.simulation.chat.archived.add(CARDS)

    def _remove(self, channel: str) -> None:
        self.simulation.disturbed = True
        self.simulation.chat.missing.add(channel)

    def _refuse(self) -> None:
        self.refused = self.simulation.disturbed = True
        self.simulation.chat.refusing[CARDS] = "message_limit_exceeded"

    def _forbid_edits(self) -> None:
        self.uneditable = self.simulation.disturbed = True
        self.simulation.chat.uneditable = True

    def mend(self) -> None:
        """Let Slack take everything again."""
        chat = self.simulation.chat
        chat.missing.clear()
        chat.archived.clear()
        self.simulation.outages.clear()
        self.simulation.forbidden_until = None
        self.simulation.keeps_rates = False  # it allows short bursts, after all
        chat.refusing.clear()
        chat.uneditable = False

    # --- helpers

    def event(self, arn: Arn, delay: timedelta | None = timedelta(0)) -> None:
        """Send the event of a change of *arn*; None if it is lost."""
        self.simulation.disturbed |= delay is None
        number = next(self.ids)
        reported = self._reported(arn, cut=number % 2 == 0)
        self._send(ReconcileVersion(arn, reported), f"event {number}", delay)

    def _reported(self, arn: Arn, *, cut: bool) -> ReportedStatus | None:
        """Return what an event of *arn* says now; its time is *cut* to seconds in some events."""
        version = self._registered().get(arn)
        if version is None:
            return None
        modified = version.last_modified
        return ReportedStatus(version.status, modified.replace(microsecond=0) if cut else modified)

    def _send(self, job: Job, key: str, delay: timedelta | None = timedelta(0)) -> None:
        if delay is None:
            return
        if delay:
            self.simulation.later.append((self._now() + delay, job, key))
        else:
            self.simulation.queue.send(job, key)

    def _now(self) -> datetime:
        return self.simulation.clock()

    def _registered(self) -> dict[Arn, DescribedVersion]:
        return self.simulation.registry.registered

    def _cards(self) -> list[Posted]:
        """The cards of the versions that are registered."""
        keys = tuple(f"card.{arn}." for arn in self._registered())
        return [posted for posted in self.simulation.chat.cards() if posted.key.startswith(keys)]

    def _arn(self, posted: Posted) -> Arn:
        return next(a for a in self._registered() if posted.key.startswith(f"card.{a}."))
