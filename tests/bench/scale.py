"""
The calls that questions and jobs take in a large registry, and a sweep with a large table.

    python -m tests.bench.scale [--groups 2000] [--versions 10] [--waiting 500] [--decided 100000]

Counted through the bot's own adapters, on clients that page as AWS does: SageMaker by ten where no
size is asked for and by a hundred at most, DynamoDB by a megabyte. It prints JSON.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.aws.all_registries import AllRegistries
from bot.adapters.aws.registry_clients import RegistryClients
from bot.adapters.store import audit_rows, items, request_rows
from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.audit.checkpoints import checkpoint_entry
from bot.core.decide.record import Record
from bot.core.jobs.messages import AnswerQuestion, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from bot.core.rules.rule import Rules
from bot.core.votes.request import Card, Request
from bot.flows.clock.sweep import sweep
from bot.flows.work import work
from tests.doubles.builders import ANA, HERE, NOON, RULE, a_submit, a_version, an_arn, an_offer
from tests.flows.conftest import FakeBot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.core.jobs.messages import Job

DEFAULT_PAGE: Final = 10
LARGEST_PAGE: Final = 100
QUESTIONS: Final = {
    "/model-status": "",
    "/model-status pending": "pending",
    "/model-status GROUP": "group-0001",
    "/model-status GROUP 3": "group-0001 3",
    "the same in another case": "GROUP-0001 3",
    "an unknown group": "gruop-0001",
    "history of a group": "history group-0001",
}


_IN_INDEX: Final = items.names_of(items.SummaryItem) | {"open"}


@dataclass
class PagedSageMaker:
    """A client of SageMaker with *groups* groups of *versions* versions, that counts its calls."""

    groups: int
    versions: int
    waiting: int
    calls: Counter[str] = field(default_factory=Counter)
    registered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The versions of each group, the newest first."""

    def __post_init__(self) -> None:
        for number in range(1, self.groups + 1):
            name = f"group-{number:04}"
            self.registered[name] = [self._version(name, each) for each in self._numbers()]
        waiting = [group[each] for each in range(self.versions) for group in self._all()]
        for version in waiting[: self.waiting]:
            version["ModelApprovalStatus"] = "PendingManualApproval"

    def _numbers(self) -> range:
        return range(self.versions, 0, -1)

    def _all(self) -> list[list[dict[str, Any]]]:
        return list(self.registered.values())

    @staticmethod
    def _version(group: str, number: int) -> dict[str, Any]:
        return {
            "ModelPackageArn": str(an_arn(number, group)),
            "ModelPackageGroupName": group,
            "ModelPackageVersion": number,
            "ModelPackageStatus": "Completed",
            "ModelApprovalStatus": "Approved" if number % 2 else "Rejected",
            "CreationTime": NOON - timedelta(days=100) + timedelta(minutes=number),
        }

    def get_paginator(self, operation: str) -> _Pages:
        """Return what lists by pages, as a client of boto3 does."""
        return _Pages(operation, self)

    def describe_model_package(self, *, ModelPackageName: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - AWS's name
        self.calls["DescribeModelPackage"] += 1
        group, number = ModelPackageName.split("/")[-2:]
        return self.registered[group][self.versions - int(number)]

    def update_model_package(self, *, ModelPackageArn: str, **fields: Any) -> None:  # noqa: N803
        version = self.describe_model_package(ModelPackageName=ModelPackageArn)
        self.calls["DescribeModelPackage"] -= 1
        self.calls["UpdateModelPackage"] += 1
        version.update({name: value for name, value in fields.items() if name != "ClientToken"})


@dataclass
class _Pages:
    """The pages of a listing."""

    operation: str
    client: PagedSageMaker

    def paginate(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield one page for each call."""
        asked = parameters.get("PaginationConfig", {}).get("PageSize", DEFAULT_PAGE)
        size = min(asked, LARGEST_PAGE)
        name, rows = self._rows(parameters)
        for start in range(0, max(len(rows), 1), size):
            self.client.calls[self.operation] += 1
            yield {name: rows[start : start + size]}

    def _rows(self, parameters: dict[str, Any]) -> tuple[str, Sequence[dict[str, Any]]]:
        registered = self.client.registered
        if self.operation == "list_model_package_groups":
            rows = [{"ModelPackageGroupName": group} for group in sorted(registered)]
            return "ModelPackageGroupSummaryList", rows
        of_group = parameters.get("ModelPackageGroupName")
        groups = [registered.get(of_group, [])] if of_group else self.client._all()  # noqa: SLF001
        status, after = parameters.get("ModelApprovalStatus"), parameters.get("CreationTimeAfter")
        listed = [
            version
            for group in groups
            for version in group
            if (status is None or version["ModelApprovalStatus"] == status)
            and (after is None or version["CreationTime"] > after)
        ]
        return "ModelPackageSummaryList", listed


@dataclass
class PagedDynamoDB:
    """A client of DynamoDB with one table, that counts its calls. Its requests never change."""

    rows: list[dict[str, Any]]
    """What the index `requests` has, by the keys of ARNs."""
    calls: int = 0

    def __post_init__(self) -> None:
        day = NOON.date().isoformat()
        entry, head = checkpoint_entry(ChainHead(), day, {}, more=False)
        self._checkpoint = audit_rows.item_of(entry)
        self._others = {CHECKPOINTS: audit_rows.end_item(head)}

    def get_paginator(self, _operation: str) -> PagedDynamoDB:
        """Return what reads by pages, as a client of boto3 does."""
        return self

    def paginate(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield one page for each call: a megabyte, as the items are in the index."""
        rows = self._found(parameters)
        while True:
            self.calls += 1
            page = list(_megabyte(rows))
            yield {"Items": page}
            rows = rows[len(page) :]
            if not rows:
                return

    def _found(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        after = parameters.get("ExclusiveStartKey", {"pk": {"S": ""}})["pk"]["S"]
        match parameters.get("IndexName"):
            case items.OPEN_INDEX:
                return [row for row in self.rows if "open" in row]
            case items.INDEX if {"S": items.REQUEST} in _values(parameters):
                return [row for row in self.rows if row["pk"]["S"] > after]
            case items.INDEX:
                return []
            case _:
                return [self._checkpoint]

    def get_item(self, *, Key: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        item = self._others.get(Key["pk"]["S"])
        return {"Item": item} if item else {}

    def put_item(self, *, Item: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        self._others[Item["pk"]["S"]] = Item
        return {}


def _values(parameters: dict[str, Any]) -> list[Any]:
    return [*parameters["ExpressionAttributeValues"].values()]


def _megabyte(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield those of *rows* that fit on a page of DynamoDB's (API reference, Query)."""
    left = 1_000_000
    for row in rows:
        left -= len(json.dumps(row))  # more than its size, by DynamoDB's count
        if left < 0:
            return
        yield row


def sweep_pages(decided: int, waiting: int) -> int:
    """Return how many calls of DynamoDB a sweep makes that finds today's checkpoint written."""
    statuses = [*[Status.APPROVED] * decided, *[Status.PENDING] * waiting]
    rows = [_row(number, status) for number, status in enumerate(statuses, 1)]
    dynamodb = PagedDynamoDB(sorted(rows, key=lambda row: row["pk"]["S"]))
    bot = FakeBot()
    for number in range(decided + 1, decided + waiting + 1):
        bot.registry.add(a_version(number))
    bot.ledger = _Ledger(dynamodb, "ledger")  # type: ignore[assignment]
    sweep(bot.ports())
    return dynamodb.calls


class _Ledger(DynamoLedger):
    """The ledger, whose `now` a `FakeBot` sets: DynamoDB has a clock of its own."""

    now: Any


def _row(number: int, status: Status) -> dict[str, Any]:
    """A row as the index has it."""
    card = Card(channel="C0FRAUD000", ts="1.1", digest="d", next_to_deploy=1, rule="r" * 32)
    request = Request(arn=an_arn(number), created=NOON, status=status, cards=(card,))
    item = request_rows.item_of(Record(request=request, read_at=NOON))
    return {name: item[name] for name in item.keys() & _IN_INDEX}


@dataclass
class Scale:
    """The bot on a large registry."""

    client: PagedSageMaker
    bot: FakeBot = field(default_factory=FakeBot)

    def __post_init__(self) -> None:
        clients = RegistryClients(HERE, [], lambda *_: self.client)
        self.bot.registry = AllRegistries(clients, lambda *_: None)  # type: ignore[assignment]
        self.bot.rules = Rules("C0MODELS00", (replace(RULE, patterns=("*",)),), digest="all")

    def counted(self, act: Callable[[], object]) -> int:
        """Return how many calls of SageMaker *act* takes."""
        before = self.client.calls.total()
        act()
        return self.client.calls.total() - before

    def job(self, job: Job) -> int:
        """Carry out *job*; return its calls."""
        return self.counted(lambda: work(job, self.bot.ports()))


def measure(groups: int, versions: int, waiting: int) -> dict[str, int]:
    """Return how many calls of SageMaker each question and job takes."""
    scale = Scale(PagedSageMaker(groups, versions, waiting))
    calls = {what: scale.job(_question(text)) for what, text in QUESTIONS.items()}
    calls["Home"] = scale.job(AnswerQuestion(person=ANA, text=""))
    arn = an_arn(versions, "group-0001")
    calls["a new version is announced"] = scale.job(ReconcileVersion(arn))
    for each in scale.bot.registry.versions_with_status(Status.PENDING, OWN_REGISTRY):
        scale.job(ReconcileVersion(each.arn))
    calls["a sweep"] = scale.counted(lambda: sweep(scale.bot.ports()))
    version = scale.bot.registry.describe(arn)
    newest = scale.bot.registry.versions("group-0001", status=Status.APPROVED, most=1)
    listed = [scale.bot.registry.describe(each.arn) for each in newest]
    submit = a_submit(an_offer(version, Status.APPROVED, *listed))
    calls["a decision"] = scale.job(submit)
    if not scale.client.calls["UpdateModelPackage"]:
        raise AssertionError("the decision was not made")
    return calls


def _question(text: str) -> AnswerQuestion:
    return AnswerQuestion(person=ANA, text=text, answer_url="https://hooks.slack.com/x")


def main() -> None:
    """Measure, and print the calls."""
    parser = ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--groups", type=int, default=2000)
    parser.add_argument("--versions", type=int, default=10, help="of each group")
    parser.add_argument("--waiting", type=int, default=500, help="of all versions")
    parser.add_argument("--decided", type=int, default=100_000, help="in the table, for the sweep")
    options = parser.parse_args()
    calls = measure(options.groups, options.versions, options.waiting)
    pages = sweep_pages(options.decided, options.waiting)
    counted = {"calls of SageMaker": calls, "calls of DynamoDB": {"a sweep": pages}}
    sys.stdout.write(json.dumps({**vars(options), **counted}, indent=2) + "\n")


if __name__ == "__main__":
    main()
