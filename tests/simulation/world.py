"""The world around the bot in a simulation: what people and vendors did, and how they do it."""

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
)
from bot.core.registry.version import DatedStatus, Report, Status
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
    RISK,
    RULE,
    a_version,
)
from tests.doubles.endpoints import an_endpoint
from tests.simulation.answers import question
from tests.simulation.doubles import Message, name_of

if TYPE_CHECKING:
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
    registrations: list[DescribedVersion] = field(default_factory=list)
    """Every version as it was registered."""
    refused: bool = False
    """Whether Slack ever refused messages for a reason that is on no list."""
    shut_out: bool = False
    """Whether a channel was ever archived, or the bot removed from it."""
    uneditable: bool = False
    """Whether messages could not be edited for some time."""
    rewritten: bool = False
    """Whether evidence was written over: there is no event for that."""
    rewritten_at: list[datetime] = field(default_factory=list)
    gone_since: dict[str, datetime] = field(default_factory=dict)
    """Since when people are gone, by their ids."""
    have_left: set[str] = field(default_factory=set)
    """The ids of who ever left."""
    served_unnoticed: set[Arn] = field(default_factory=set)
    """What an endpoint began to serve, and the bot heard too late of it, or never."""
    served_since: dict[tuple[Arn, Arn], datetime] = field(default_factory=dict)
    """Since when an endpoint serves what has an ARN."""
    ids: count[int] = field(default_factory=lambda: count(1))

    def begin(self) -> None:
        """Two versions wait: one takes one vote, the other two."""
        self.register("fraud", Status.PENDING)
        self.register("pair", Status.PENDING)

    def keep_rates(self) -> None:
        self.simulation.keeps_rates = True

    def forbid_reading(self) -> None:
        self.simulation.disturbed = True
        self.simulation.forbidden_until = self.now() + timedelta(minutes=20)

    def throttle(self, *services: str) -> None:
        self.simulation.disturbed = True
        end = self.now() + timedelta(minutes=20)
        self.simulation.outages |= dict.fromkeys(services, end)

    def leave(self, person: Person) -> None:
        self.have_left.add(person.id)
        self.gone_since[person.id] = self.now()
        self.simulation.directory.memberships[person.id] = MembershipStatus.GONE

    def come_back(self, person: Person) -> None:
        del self.gone_since[person.id]
        self.simulation.directory.memberships[person.id] = MembershipStatus.MEMBER

    def run_by_hand(self, arn: Arn) -> None:
        self.simulation.start(Message(encode(ReconcileVersion(arn)), self.now(), self.now()))

    def ask(self, text: str) -> None:
        job = question(text, next(self.ids))
        self.asked.append(job)
        self.send(job, job.answer_url)

    def register(
        self,
        group: str,
        status: Status = Status.PENDING,
        *,
        by_ana: bool = False,
        event: bool = True,
    ) -> DescribedVersion:
        number = self.next_number(group)
        version = a_version(number, status, group=group, reports=EVIDENCE)
        metadata = {"submitted-by": ANA.id} if by_ana else {}
        return self.add(replace(version, created=self.now(), metadata=metadata), event=event)

    def next_number(self, group: str) -> int:
        self.numbers[group] += 1
        while a_version(self.numbers[group], group=group).arn in self.registered():
            self.numbers[group] += 1
        return self.numbers[group]

    def register_again(self, old: DescribedVersion, status: Status, *, event: bool = True) -> None:
        self.simulation.advance(timedelta(seconds=1))  # two versions have two times of creation
        new = a_version(old.number, status, group=old.group, reports=EVIDENCE)
        self.add(replace(new, created=self.now()), event=event)

    def replace(self, arn: Arn) -> None:
        """Delete *arn*, and register another version under it."""
        version = self.registered()[arn]
        self.delete(arn)
        self.register_again(version, Status.PENDING)

    def add(self, version: DescribedVersion, *, event: bool = True) -> DescribedVersion:
        self.registrations.append(version)
        self.simulation.registry.keep()
        self.simulation.registry.add(version)
        self.event(version.arn, timedelta(0) if event else None)
        return version

    def open_form(self, person: Person, posted: Posted, value: str, key: str) -> Form:
        click = Click(
            button=decode_button(value),
            person=person,
            message=posted.place,
            pressed=self.now(),
        )
        number = next(self.ids)
        form = Form(f"form-{number}", click)
        self.simulation.chat.open_form(form.id, opened(click))
        name = f"{person.name}'s form {key} of {name_of(click.button.arn)}"
        self.forms.pop(name, None)  # the form that was opened last comes last
        self.forms[name] = form
        job = CheckForm(form.click, form.id, self.simulation.chat.hash_of(form.id))
        self.send(job, form.id)
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
        self.send(job, id_)

    def withdraw(self, person: Person, posted: Posted, arn: Arn) -> None:
        id_ = f"withdrawal-{next(self.ids)}"
        job = WithdrawVote(id=id_, arn=arn, person=person, message=posted.place, pressed=self.now())
        self.withdrawals[id_] = job
        self.send(job, id_)

    def move(self, arn: Arn, status: Status, event: timedelta | None = timedelta(0)) -> None:
        self.outside += 1
        self.simulation.registry.keep()
        self.simulation.registry.move_outside(
            arn, status, f"outsider-{self.outside}", at=self.now()
        )
        self.event(arn, event)

    def move_and_back(self, arn: Arn, status: Status) -> None:
        first = self.registered()[arn].status
        self.move(arn, status)
        self.move(arn, first)

    def edit(self, arn: Arn) -> None:
        """Change *arn* without its status: to the registry it is an update like another."""
        self.move(arn, self.registered()[arn].status)

    def delete_group(self, group: str) -> None:
        """Delete all that is in *group*, and the group: its numbers begin anew."""
        self.simulation.advance(timedelta(seconds=1))  # two versions have two times of creation
        for arn, version in list(self.registered().items()):
            if version.group == group:
                self.delete(arn)
        self.numbers[group] = 0

    def delete(self, arn: Arn, event: timedelta | None = timedelta(0)) -> None:
        self.simulation.registry.keep()
        version = self.registered().pop(arn)
        self.deleted.append(version)
        endpoint = self.simulation.ledger.get_endpoint(an_endpoint(ENDPOINTS[version.group]))
        if arn not in {each.arn for served in endpoint.servings for each in served.versions}:
            self.served_unnoticed.add(arn)
        self.event(arn, event)

    def deploy(
        self, version: DescribedVersion, happens: str, event: timedelta | None = timedelta(0)
    ) -> None:
        name = ENDPOINTS[version.group]
        now = self.simulation.endpoints.endpoints.get(an_endpoint(name))
        changes: dict[str, Any] = {
            "modified": self.now(),
            "versions": now.versions if now else (),
            "config": now.config if now else "",
        }
        if now is None:
            changes["created"] = self.now()
        match happens:
            case "begins to deploy":
                changes |= {"state": EndpointStatus.UPDATING, "pending_versions": (version.arn,)}
            case "serves":
                changes |= {"versions": (version.arn,), "config": f"config-{next(self.ids)}"}
                self.served_since[an_endpoint(name), version.arn] = self.now()
                self.served_unnoticed |= {version.arn} if event is None else set()
            case "fails to deploy":
                changes |= {"reason": "no memory"}
            case _:
                changes |= {"state": EndpointStatus.FAILED, "reason": "no memory"}
        self.simulation.endpoints.put(name=name, **changes)
        self.endpoint_event(name, event)

    def delete_endpoint(self, name: str) -> None:
        self.simulation.endpoints.delete(name)
        self.endpoint_event(name, timedelta(0))

    def endpoint_event(self, name: str, delay: timedelta | None) -> None:
        self.simulation.disturbed |= delay is None
        self.send(ReconcileEndpoint(an_endpoint(name)), f"event {next(self.ids)}", delay)

    def write_over(self) -> None:
        self.rewritten = self.simulation.disturbed = True
        self.rewritten_at.append(self.now())
        self.simulation.evidence.write_over(f"0.{next(self.ids)}")

    def is_older(self, version: DescribedVersion, endpoint: Endpoint) -> bool:
        """Whether *endpoint* serves an older version of the same ARN, which was deleted."""
        return self.served_since.get((endpoint.arn, version.arn), version.created) < version.created

    def archive(self) -> None:
        self.shut_out = self.simulation.disturbed = True
        self.simulation.chat.archived.add(CARDS)

    def remove_bot(self, channel: str) -> None:
        self.shut_out = self.simulation.disturbed = True
        self.simulation.chat.missing.add(channel)

    def refuse_messages(self) -> None:
        self.refused = self.simulation.disturbed = True
        self.simulation.chat.refusing[CARDS] = "message_limit_exceeded"

    def forbid_edits(self) -> None:
        self.uneditable = self.simulation.disturbed = True
        self.simulation.chat.uneditable = True

    def mend(self) -> None:
        """End every outage, refusal and prohibition."""
        self.mend_slack()
        self.simulation.outages.clear()
        self.simulation.forbidden_until = None
        self.simulation.keeps_rates = False  # it allows short bursts, after all

    def mend_slack(self) -> None:
        """Let Slack take messages and edits in each channel."""
        chat = self.simulation.chat
        chat.missing.clear()
        chat.archived.clear()
        chat.refusing.clear()
        chat.uneditable = False

    def event(self, arn: Arn, delay: timedelta | None = timedelta(0)) -> None:
        """Send the event of a change of *arn*; None if it is lost."""
        self.simulation.disturbed |= delay is None
        number = next(self.ids)
        reported = self.reported(arn, cut=number % 2 == 0)
        self.send(ReconcileVersion(arn, reported), f"event {number}", delay)

    def reported(self, arn: Arn, *, cut: bool) -> DatedStatus | None:
        """Return what an event of *arn* says now; its time is *cut* to seconds in some events."""
        version = self.registered().get(arn)
        if version is None:
            return None
        modified = version.last_modified
        return DatedStatus(version.status, modified.replace(microsecond=0) if cut else modified)

    def send(self, job: Job, key: str, delay: timedelta | None = timedelta(0)) -> None:
        if delay is None:
            return
        if delay:
            self.simulation.later.append((self.now() + delay, job, key))
        else:
            self.simulation.queue.send(job, key)

    def now(self) -> datetime:
        return self.simulation.clock()

    def registered(self) -> dict[Arn, DescribedVersion]:
        return self.simulation.registry.registered

    def cards(self) -> list[Posted]:
        """The cards of the versions that are registered."""
        keys = tuple(f"card.{arn}." for arn in self.registered())
        return [posted for posted in self.simulation.chat.cards() if posted.key.startswith(keys)]

    def arn(self, posted: Posted) -> Arn:
        return next(a for a in self.registered() if posted.key.startswith(f"card.{a}."))
