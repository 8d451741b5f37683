"""
A new version is deployed while the one before is still at work: they share the rows and the line.

`older/` holds what the version of 22 November 2026 wrote, before there were votes and a trail;
`NEEDED` is what its code reads without a default.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.jobs.messages import decode, log_fields
from tests.world.embedded import ANA, CHLOE, buttons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.handlers.bench import Bench
    from tests.handlers.door import Json

OLDER = Path(__file__).parent / "older"
ROWS = sorted(OLDER.glob("row-*.json"))
MESSAGES = sorted(OLDER.glob("message-*.json"))
ARN = "arn:aws:sagemaker:us-east-1:123456789012:model-package/fraud-detector/1"

CLICK = {
    "offer": {
        "arn": str,
        "group": str,
        "number": int,
        "source": str,
        "target": str,
        "outcome": {"now": (int, None), "then": (int, None)},
        "comment_needed": bool,
    },
    "person": {"id": str, "name": str},
    "place": {"channel": str, "ts": str},
    "answer_url": str,
}
CHANGE = {
    "id": str,
    "source": str,
    "target": str,
    "outcome": {"now": (int, None), "then": (int, None)},
    "comment": str,
    "at": str,
}
NEEDED: dict[str, Any] = {
    "item": {
        "arn": {"S": str},
        "entry": {"S": str},
        "half_done": {"BOOL": bool},
        "rule": {"S": str},
        "revision": {"N": str},
        "body": {"S": str},
    },
    "body": {"arn": str, "revision": int, "done": [str], "brief": {"notes": [str]}},
    "metric": {"name": str, "value": str},
    "Place": {"channel": str, "ts": str},
    "decision": {**CHANGE, "arn": str, "by": {"id": str, "name": str}},
    "external_change": {**CHANGE, "by": str},
    "reconcile_version": {"arn": str},
    "check_form": {"click": CLICK, "view": str},
    "submit_form": {"id": str, "click": CLICK, "comment": str},
    "answer_question": {
        "person": {"id": str, "name": str},
        "text": str,
        "page": int,
        "answer_url": str,
        "replace": bool,
    },
}
NOT_KNOWN = {"withdraw_vote", "reconcile_endpoint", "vote_event"}
"""Kinds of jobs, and of what can be open in a row, that the older code cannot read."""


def lacks(value: Any, needed: Any, path: str = "") -> Iterator[str]:
    """Where *value* is not as the older code *needed* it."""
    if isinstance(needed, dict):
        for name, inner in needed.items():
            if not isinstance(value, dict) or name not in value:
                yield f"{path}.{name}"
            else:
                yield from lacks(value[name], inner, f"{path}.{name}")
    elif isinstance(needed, list):
        for each in value:
            yield from lacks(each, needed[0], f"{path}[]")
    elif not any(value is k or type(value) is k for k in kinds_of(needed)):
        yield f"{path} is {value!r}"


def kinds_of(needed: Any) -> tuple[Any, ...]:
    return needed if isinstance(needed, tuple) else (needed,)


def literal(path: Path) -> Json:
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def table(bench: Bench) -> dict[str, Any]:
    return {"TableName": bench.environment["LEDGER_TABLE"]}


def rows(bench: Bench) -> list[Json]:
    """The requests in the ledger."""
    found = bench.people.client("dynamodb").scan(**table(bench))["Items"]
    return [item for item in found if item["entry"]["S"] == "request"]


def a_version(bench: Bench) -> None:
    """The version that the older rows and messages are about, without a card."""
    bench.people.sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    assert bench.people.register("fraud-detector") == ARN


# --- what the older version wrote -----------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda path: path.stem)
def test_a_row_that_the_older_version_wrote_is_read_and_followed(bench: Bench, row: Path) -> None:
    a_version(bench)
    bench.people.client("dynamodb").put_item(**table(bench), Item=literal(row))
    bench.tell(bench.events[-1])
    bench.work_all()
    bench.sweep()
    bench.work_all()
    (item,) = rows(bench)
    before, after = json.loads(literal(row)["body"]["S"]), json.loads(item["body"]["S"])

    assert after["revision"] > before["revision"]
    assert after["open"] is after["posting"] is None
    assert after["status"] == bench.people.status(ARN)
    assert {*before.get("done", ())} <= {*after["done"]}
    assert int(item["chain_count"]["N"]) >= 0


def test_a_decision_that_the_older_version_wrote_down_is_made_or_its_maker_told_why_not(
    bench: Bench,
) -> None:
    """It does not say on which brief it was made: that may be too little to make it now."""
    a_version(bench)
    row = literal(OLDER / "row-decided-and-not-settled.json")
    bench.people.client("dynamodb").put_item(**table(bench), Item=row)
    bench.tell(bench.events[-1])
    bench.work_all()

    made = bench.calls.made.count("UpdateModelPackage")
    told = [said for said in bench.people.whispers(ANA) if "was not made" in said]
    shown = buttons(bench.people.card(ARN))

    assert (made, len(told), shown) in [(1, 0, ["revoke"]), (0, 1, ["approve", "reject"])]
    assert json.loads(rows(bench)[0]["body"]["S"])["open"] is None


@pytest.mark.parametrize("message", MESSAGES, ids=lambda path: path.stem)
def test_a_message_that_the_older_version_sent_is_carried_out(bench: Bench, message: Path) -> None:
    a_version(bench)
    bench.tell(bench.events[-1])
    bench.work_all()
    here = message.read_text(encoding="utf-8").replace("https://hooks.slack.com", bench.slack.url)
    bench.put(here, "a")
    records = bench.take()
    kind = log_fields(decode(records[0]["body"]))["job"]

    assert bench.work(records) == []
    assert message.stem == f"message-{kind.lower()}"


def test_a_click_on_a_card_of_the_older_version_is_told_to_look_again(bench: Bench) -> None:
    """Its button carries no brief, and a decision is made on a brief that was seen."""
    a_version(bench)
    bench.tell(bench.events[-1])
    bench.work_all()
    bench.put((OLDER / "message-submit_form.json").read_text(encoding="utf-8"), "a")
    bench.work_all()

    assert bench.people.status(ARN) == "PendingManualApproval"
    assert len(bench.people.whispers(ANA)) == 1


# --- what the older version has to read -----------------------------------------------------------


def a_story(bench: Bench) -> tuple[list[Json], list[Json]]:
    """A version from its registration to its reinstatement: all rows and messages on the way."""
    seen_rows: list[Json] = []
    messages: list[Json] = []

    def step() -> None:
        while records := bench.take():
            messages.extend(json.loads(record["body"]) for record in records)
            assert bench.work(records) == []
            seen_rows.extend(rows(bench))

    a_version(bench)
    bench.tell(bench.events[-1])
    step()
    for person, action in ((ANA, "reject"), (CHLOE, "reinstate")):
        form = bench.people.open_form(person, ARN, action)
        step()
        bench.people.submit(person, form, "because")
        step()
    bench.people.outside(ARN, "Rejected")
    bench.tell(bench.events[-1])
    bench.people.act("command", user=ANA, channel="C0MODELS00", text="pending")
    step()
    return seen_rows, messages


def test_the_older_version_finds_in_a_row_whatever_it_needs(bench: Bench) -> None:
    found, _ = a_story(bench)
    kinds = set()
    for item in found:
        body = json.loads(item["body"]["S"])
        wrong = [*lacks(item, NEEDED["item"]), *lacks(body, NEEDED["body"])]
        wrong += [w for metric in body["brief"]["metrics"] for w in lacks(metric, NEEDED["metric"])]
        wrong += lacks(body["place"], NEEDED["Place"]) if body["place"] else []
        for kind, change in {**(body["open"] or {}), **(body["last"] or {})}.items():
            kinds.add(kind)
            wrong += lacks(change, NEEDED[kind]) if kind not in NOT_KNOWN else []
        assert wrong == []

    assert {"decision", "external_change"} <= kinds


def test_the_older_version_finds_in_a_message_whatever_it_needs(bench: Bench) -> None:
    _, found = a_story(bench)
    wrong = [w for message in found for w in lacks(message, NEEDED[message["job"]])]

    assert wrong == []
    assert {message["job"] for message in found} == {
        "reconcile_version",
        "check_form",
        "submit_form",
        "answer_question",
    }


@pytest.mark.parametrize("path", [*ROWS, *MESSAGES], ids=lambda path: path.stem)
def test_what_is_asked_of_the_new_version_the_older_one_did_itself(path: Path) -> None:
    """So that the two tests before this one ask for what is so."""
    raw = literal(path)
    if "job" in raw:
        assert [*lacks(raw, NEEDED[raw["job"]])] == []
        return
    body = json.loads(raw["body"]["S"])
    assert [*lacks(raw, NEEDED["item"]), *lacks(body, NEEDED["body"])] == []
    for kind, change in {**(body["open"] or {}), **(body["last"] or {})}.items():
        assert [*lacks(change, NEEDED[kind])] == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, [".arn"]),
        ({"arn": None}, [".arn is None"]),
        ({"arn": 7}, [".arn is 7"]),
        ({"arn": "x", "more": 1}, []),
    ],
)
def test_what_is_lacking_is_found(value: Json, said: list[str]) -> None:
    assert [*lacks(value, NEEDED["reconcile_version"])] == said
