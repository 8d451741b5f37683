"""What is stored and sent stays as it is, whatever is renamed or reworded (see README.md)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.audit.entries import EntryKind
from bot.core.audit.verify import linked
from bot.core.jobs.messages import kind_of
from bot.core.registry.moves import MOVES
from bot.core.votes.outbox import NoticeKind
from tests.samples import made, values
from tests.world.embedded import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]

SAVED = made.saved()
EACH = pytest.mark.parametrize("name", SAVED)
READ_BACK = [name for name in SAVED if not name.startswith("registry/")]
EXPECTED = {
    *(f"queue/{kind_of(job)}" for job in values.JOBS),
    *(f"buttons/{move.key}" for move in MOVES),
    *(f"requests/notice-{kind}" for kind in NoticeKind),
    *(f"audit/{kind}" for kind in EntryKind),
}


def words(sample: Any) -> Iterator[str]:
    """All text in *sample*, but the names of fields."""
    match sample:
        case str():
            yield sample
        case dict():
            for value in sample.values():
                yield from words(value)
        case list():
            for value in sample:
                yield from words(value)


def test_there_is_a_sample_of_every_kind() -> None:
    assert made.samples().keys() == SAVED.keys()
    assert SAVED.keys() >= EXPECTED
    assert len(EXPECTED) == 7 + 4 + 12 + 7


@EACH
def test_this_code_makes_the_samples_in_the_files(name: str) -> None:
    assert made.text(made.samples()[name]) == made.text(SAVED[name])


@pytest.mark.parametrize("name", READ_BACK)
def test_a_sample_that_is_read_and_written_again_has_the_same_bytes(name: str) -> None:
    assert made.text(made.round_trip(name, SAVED[name])) == made.text(SAVED[name])


@EACH
def test_every_format_has_a_version(name: str) -> None:
    sample = SAVED[name].get("body", SAVED[name])

    assert sample.get("v") == 1 or name in WITHOUT_VERSION


WITHOUT_VERSION = {
    "audit/checkpoints_end",  # two attributes of an item, and no text of ours
    "registry/decision",  # entries of the version's metadata, whose names are the format
}


@EACH
def test_no_text_in_a_sample_is_a_sentence_of_the_bot(name: str) -> None:
    """Only text of people and files is: a stored sentence could never be reworded."""
    sentences = {word for word in words(SAVED[name]) if re.search(r"\s", word)}

    assert sentences <= values.FREE_TEXT


def test_every_audit_entry_has_the_hash_of_its_content() -> None:
    entries = [made.entry_of(SAVED[f"audit/{kind}"]) for kind in (*EntryKind, "checkpoint")]

    for entry in entries:
        assert [*linked([entry])] == []
    assert [*linked([replace(entries[0], body=entries[1].body)])] != []


@pytest.fixture(scope="module")
def renamed() -> Json:
    """What the same code makes with other words and other names of classes."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.samples.renamed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    printed: Json = json.loads(done.stdout)
    return printed


def test_other_sentences_and_other_class_names_change_no_sample(
    renamed: Json,
) -> None:
    assert renamed["made"] == {name: made.text(sample) for name, sample in SAVED.items()}
    assert renamed["round_trips"] == {name: made.text(SAVED[name]) for name in READ_BACK}
    assert renamed["read"] == {name: made.read(name, SAVED[name]) for name in SAVED}
    assert renamed["read"]["audit/vote"]["votes"][0]["by"]["id"] == values.ANA.id


def test_the_renamed_code_has_other_sentences_and_other_class_names(renamed: Json) -> None:
    assert re.fullmatch(r"Renamed[0-9]+", renamed["class"])
    assert re.fullmatch(r"zzz [0-9]+", renamed["sentence"])


@pytest.mark.parametrize("name", [name for name in SAVED if name.startswith("queue/")])
def test_fields_of_a_newer_version_are_ignored_in_messages(name: str) -> None:
    newer = {**SAVED[name], "tomorrow": {"x": [1]}}

    assert made.text(made.round_trip(name, newer)) == made.text(SAVED[name])


@pytest.mark.parametrize("name", [n for n in SAVED if n.startswith(("requests/", "endpoints/"))])
def test_fields_of_a_newer_version_are_kept_in_the_table(name: str) -> None:
    body = {**SAVED[name]["body"], "tomorrow": {"x": [1]}}
    newer = {**SAVED[name], "body": body, "someday": "y"}

    assert made.round_trip(name, newer) == newer
