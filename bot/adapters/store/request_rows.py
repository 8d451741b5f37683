"""
A request as an item of the ledger's table, and back.

Its body is JSON, with what an index or a condition needs beside it. A field that this version of
the code does not know is left alone in reading, and one that an older version did not write has
its default: so two versions of the worker can run side by side. The end of the audit chain stands
beside the body alone: said twice, it could be said in two ways.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bot.adapters.store.audit_rows import end_item, end_key, end_of
from bot.core.evidence.brief import Brief, Metric, Source
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status
from bot.core.rules.people import Person
from bot.core.votes.request import MessageRef, Request
from bot.core.votes.vote import Decision, ExternalChange, Vote, VoteEvent, VoteEventKind
from bot.flows.ports import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.core.votes.vote import Change

    Raw = dict[str, Any]
    T = TypeVar("T")


_CODES = {Decision: "decision", ExternalChange: "external_change", VoteEvent: "vote_event"}


def item_of(request: Request) -> Raw:
    """*request* as an item, without its unwritten entries: those are items of their own."""
    half_done = request.open is not None or request.posting is not None
    item: Raw = {
        **end_key(request.arn),
        **end_item(request.chain),
        "revision": {"N": str(request.revision)},
        "half_done": {"BOOL": half_done},
        "rule": {"S": request.rule},
        "body": {"S": json.dumps(_writable(request), default=datetime.isoformat)},
    }
    if request.status:
        item["status"] = {"S": request.status}
    if request.live:
        item["live"] = {"N": str(request.live)}
    return item


def row_of(item: Raw) -> Row:
    """What the sweep needs of an *item*, from what stands beside its body."""
    status = item.get("status")
    return Row(
        arn=Arn(item["arn"]["S"]),
        status=Status(status["S"]) if status else None,
        open=item["half_done"]["BOOL"],
        live=int(item["live"]["N"]) if "live" in item else None,
        rule=item["rule"]["S"] if "rule" in item else "",
        chain=end_of(item),
    )


def _writable(request: Request) -> Raw:
    """*request* as plain values; what may be of several kinds goes with the name of its kind."""
    raw = asdict(request) | {"open": _named(request.open), "last": _named(request.last)}
    del raw["chain"], raw["unwritten"]
    return raw


def _named(value: Change | VoteEvent | None) -> Raw | None:
    return {_CODES[type(value)]: asdict(value)} if value else None


def request_of(item: Raw) -> Request:
    """The request that *item* is."""
    raw = json.loads(item["body"]["S"])
    return Request(
        arn=Arn(raw["arn"]),
        revision=raw["revision"],
        group=raw.get("group", ""),
        number=raw.get("number", 0),
        status=Status(raw["status"]) if raw.get("status") else None,
        place=MessageRef(raw["place"]["channel"], raw["place"]["ts"]) if raw.get("place") else None,
        posting=_time(raw["posting"]) if raw.get("posting") else None,
        face=raw.get("face", ""),
        live=raw.get("live"),
        rule=raw.get("rule", ""),
        brief=_brief(raw.get("brief") or {}),
        votes=_all(_vote, raw.get("votes")),
        open=_open(raw.get("open")),
        last=_change(raw.get("last")),
        done=tuple(raw.get("done", ())),
        chain=end_of(item),
    )


def _open(named: Raw | None) -> Change | VoteEvent | None:
    if named and "vote_event" in named:
        return _news(named["vote_event"])
    return _change(named)


def _change(named: Raw | None) -> Change | None:
    if not named:
        return None
    ((kind, raw),) = named.items()
    return _outside(raw) if kind == "external_change" else _decision(raw)


def _outside(raw: Raw) -> ExternalChange:
    return ExternalChange(by=raw["by"], outcome=_outcome(raw["outcome"]), **_move(raw))


def _decision(raw: Raw) -> Decision:
    return Decision(
        arn=Arn(raw["arn"]),
        by=_person(raw["by"]),
        outcome=_outcome(raw["outcome"]),
        brief=raw.get("brief", ""),
        votes=_all(_vote, raw.get("votes")),
        veto=raw.get("veto", False),
        **_move(raw),
    )


def _news(raw: Raw) -> VoteEvent:
    votes = _all(_vote, raw["votes"])
    return VoteEvent(
        id=raw["id"], what=VoteEventKind(raw["what"]), votes=votes, at=_time(raw["at"])
    )


def _vote(raw: Raw) -> Vote:
    return Vote(
        by=_person(raw["by"]),
        brief=raw["brief"],
        override=raw.get("override", False),
        role=raw.get("role", ""),
        **_move(raw),
    )


def _move(raw: Raw) -> Raw:
    """What every change of status and every vote for one has."""
    return {
        "id": raw["id"],
        "source": Status(raw["source"]),
        "target": Status(raw["target"]),
        "comment": raw["comment"],
        "at": _time(raw["at"]),
    }


def _brief(raw: Raw) -> Brief:
    return Brief(
        metrics=_all(lambda metric: Metric(metric["name"], metric["value"]), raw.get("metrics")),
        notes=tuple(raw.get("notes", ())),
        sources=_all(lambda source: Source(source["uri"], source["digest"]), raw.get("sources")),
    )


def _outcome(raw: Raw) -> Outcome:
    return Outcome(raw["now"], raw["then"])


def _person(raw: Raw) -> Person:
    return Person(raw["id"], raw["name"])


def _time(raw: str) -> datetime:
    return datetime.fromisoformat(raw)


def _all(read: Callable[[Raw], T], raws: Iterable[Raw] | None) -> tuple[T, ...]:
    return tuple(map(read, raws or ()))
