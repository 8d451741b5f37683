"""
The samples as this version of the code makes them, and what it makes of those in the files.

A sample is JSON: what is stored or sent, with attributes as plain values and with the JSON that is
inside of a text as what it holds.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.store import audit_rows, endpoint_rows, request_rows, serving_rows
from bot.core.audit import entries
from bot.core.audit.chain import ChainHead, append
from bot.core.audit.checkpoints import checkpoint_entry
from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.past import parse_entry
from bot.core.jobs import messages, question_button
from bot.core.votes import button
from bot.core.votes.approval_record import metadata
from tests.samples import values as v

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.audit.chain import Entry
    from bot.core.followup.endpoints import Serving

    Json = dict[str, Any]
    RoundTrip = Callable[[Json], Json]

FOLDER: Final = Path(__file__).parent
_OF_ENTRY: Final = ("chain", "number", "before")
"""What `append` adds to the content of an audit entry."""


def samples() -> dict[str, Json]:
    """Every sample, by its file's name without `.json`, as this code makes it."""
    return {
        **{f"queue/{messages.kind_of(job)}": _json(messages.encode(job)) for job in v.JOBS},
        **{f"buttons/{key}": _json(button.encode_button(b)) for key, b in v.BUTTONS.items()},
        "buttons/withdraw": _json(button.encode_button(v.WITHDRAW)),
        "buttons/question": _json(question_button.encode_question_button(v.QUESTION)),
        "forms/private_metadata": _json(messages.encode_form_metadata(v.FORM)),
        **{f"requests/{name}": _plain(request_rows.item_of(r)) for name, r in v.RECORDS.items()},
        "endpoints/endpoint": _plain(endpoint_rows.item_of(v.ENDPOINT_MEMORY)),
        "servings/part": _servings_item(v.ENDPOINT_MEMORY.servings[:1]),
        **{f"audit/{kind}": _of_entry(content) for kind, content in _contents().items()},
        "audit/checkpoint": _plain(audit_rows.item_of(_checkpoint()[0])),
        "audit/checkpoints_end": _plain(audit_rows.end_item(_checkpoint()[1])),
        "registry/decision": dict(metadata(v.DECISION)),
    }


def round_trip(name: str, sample: Json) -> Json:
    """Read the *sample* called *name*, and write it again."""
    folder = name.partition("/")[0]
    return _ROUND_TRIPS.get(name, _ROUND_TRIPS[folder])(sample)


def read(name: str, sample: Json) -> Json:
    """The audit entry called *name*, as a replay under other rules reads it."""
    if name not in {f"audit/{kind}" for kind in EntryKind}:
        return {}
    meaning: Json = json.loads(json.dumps(asdict(parse_entry(sample["body"])), default=str))
    return meaning


def saved() -> dict[str, Json]:
    """The samples in the files."""
    paths = sorted(FOLDER.glob("*/*.json"))
    return {
        path.relative_to(FOLDER).with_suffix("").as_posix(): _json(path.read_text("utf-8"))
        for path in paths
    }


def save(samples: Mapping[str, Json]) -> None:
    """Write all files again."""
    for path in FOLDER.glob("*/*.json"):
        path.unlink()
    for name, sample in samples.items():
        path = FOLDER / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        pretty = json.dumps(sample, indent=2, ensure_ascii=False)
        path.write_text(f"{pretty}\n", encoding="utf-8")


def entry_of(sample: Json) -> Entry:
    """The audit entry that is stored as *sample*."""
    return audit_rows.entry_of(item(sample))


def _contents() -> dict[str, Json]:
    """An audit entry of each kind."""
    return {
        EntryKind.VOTE: entries.vote(v.OVERRIDE, v.CONTEXT),
        EntryKind.WITHDRAWAL: entries.withdrawal("5" * 32, v.VOTE, v.CONTEXT),
        EntryKind.DECISION: entries.decision(v.DECISION, v.CONTEXT),
        EntryKind.REFUSAL: entries.refusal(
            "e" * 32, v.BUTTONS["approve"], v.CHLOE, v.COMMENT, v.REASON, v.CONTEXT
        ),
        EntryKind.VOID: entries.void("6" * 32, (v.VOTE,), v.REASON, v.GONE),
        EntryKind.EXTERNAL_CHANGE: entries.external_change(v.EXTERNAL, v.CONTEXT),
        EntryKind.MISSED_CHANGE: entries.missed_change("8" * 32, v.REPORTED, v.DECISION, v.CONTEXT),
    }


def _servings_item(servings: Sequence[Serving]) -> Json:
    written, _ = serving_rows.item_with(None, servings, serving_rows.key_of(servings[0]))
    return _plain(written)


def _of_entry(content: Json) -> Json:
    entry, _ = append(v.ARN, v.HEAD, content)
    return _plain(audit_rows.item_of(entry))


def _checkpoint() -> tuple[Entry, ChainHead]:
    return checkpoint_entry(ChainHead(), "2026-03-02", {v.ARN: v.HEAD}, more=False)


def _json(written: str) -> Json:
    sample: Json = json.loads(written)
    return sample


def text(sample: Json) -> str:
    """JSON as `bot.core.wire` and `bot.core.audit.chain` write it, in the order of the sample."""
    return json.dumps(sample, separators=(",", ":"))


def _plain(item: Json) -> Json:
    """An item of the table with plain values."""
    return {name: _value(name, *attribute.items()) for name, attribute in item.items()}


def _value(name: str, attribute: tuple[str, Any]) -> Any:
    kind, value = attribute
    if name == "body":
        return _json(value)
    return int(value) if kind == "N" else value


def item(sample: Json) -> Json:
    """The item of the table that `_plain` made a *sample* of."""
    return {name: _attribute(value) for name, value in sample.items()}


def _attribute(value: Any) -> Json:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case dict():
            return {"S": text(value)}
        case _:
            return {"S": value}


def _rewritten_entry(sample: Json) -> Json:
    """An audit entry whose content is appended to its chain once more: its hash is the same."""
    entry = entry_of(sample)
    content = {name: part for name, part in entry.content.items() if name not in _OF_ENTRY}
    before = ChainHead(entry.number - 1, entry.content["before"])
    return _plain(audit_rows.item_of(append(entry.chain, before, content)[0]))


_ROUND_TRIPS: Final[dict[str, RoundTrip]] = {
    "queue": lambda raw: _json(messages.encode(messages.decode(text(raw)))),
    "buttons": lambda raw: _json(button.encode_button(button.decode_button(text(raw)))),
    "buttons/withdraw": lambda raw: _json(
        button.encode_button(button.decode_withdraw_button(text(raw)))
    ),
    "buttons/question": lambda raw: _json(
        question_button.encode_question_button(question_button.decode_question_button(text(raw)))
    ),
    "forms": lambda raw: _json(
        messages.encode_form_metadata(messages.decode_form_metadata(text(raw), v.ANA))
    ),
    "requests": lambda raw: _plain(request_rows.item_of(request_rows.record_of(item(raw), v.NOON))),
    "endpoints": lambda raw: _plain(
        endpoint_rows.item_of(endpoint_rows.memory_of(item(raw), v.NOON))
    ),
    "servings": lambda raw: _servings_item(serving_rows.servings_of(item(raw))),
    "audit": _rewritten_entry,
    "audit/checkpoints_end": lambda raw: _plain(audit_rows.end_item(audit_rows.head_of(item(raw)))),
}
"""How a sample is read and written again, by its name or its folder."""
