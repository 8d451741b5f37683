"""Text from outside is text: trap 5 of the design, on everything that can be rendered."""

import re
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cards.messages import fallback
from bot.core.evidence.brief import Brief, Candidate, Metric, Note, NoteCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Report, Status
from bot.core.rules.people import KnownPeople
from bot.core.text import Channel, Code, Mention, Strong, Team, When
from bot.core.votes.vote import ExternalChange
from tests.core.cards.everything import Subject, everything, texts
from tests.core.reading import as_read, nodes
from tests.core.situations.all import ALL
from tests.core.situations.cards import LATER
from tests.core.strategies import outside
from tests.doubles.builders import NOON, RULE, a_version

MARK = "ꙮ"
"""A letter that only text from outside has here."""
FOR_THE_BOT_ALONE = {"value", "action_id", "private_metadata", "accessibility_label"}
"""What Slack hands back to us, or to a screen reader, and shows nowhere."""
marked = outside.map(lambda text: f"{MARK}{text}{MARK}")


@st.composite
def full_of_outside_text(draw: st.DrawFn) -> Subject:
    """Everything about a version that holds text from outside wherever it can."""
    version = a_version(
        group=f"{MARK}<!channel>",
        status=draw(st.sampled_from(Status)),
        description=draw(marked),
        created_by=draw(marked),
        modified_by=draw(marked),
        comment=draw(marked),
        reports=(Report(draw(marked), draw(marked)),),
        failures=(draw(marked),),
    )
    change = ExternalChange(
        id="outside",
        source=Status.PENDING,
        target=draw(st.sampled_from(Status)),
        outcome=Outcome(None, None),
        by=draw(marked),
        comment=draw(marked),
        at=NOON,
    )
    note = Note(NoteCode.UNREADABLE, draw(marked))
    brief = Brief((Metric(draw(marked), draw(marked)),), (note,))
    return Subject(Candidate.of(version, (), brief), change, RULE, KnownPeople(), LATER)


@settings(max_examples=60)
@given(full_of_outside_text())
def test_trap_5_text_from_outside_is_only_where_slack_reads_no_markup(about: Subject) -> None:
    for whole in everything(about):
        for text, holder in texts(whole.get("blocks", whole)):
            if MARK in text:
                assert _is_plain(text, holder) or _is_unseen(text, holder)


def _is_plain(text: str, holder: dict[str, Any]) -> bool:
    kind = holder.get("type")
    if kind == "plain_text_input":
        return holder["initial_value"] == text
    is_literal = kind in {"text", "link"} or (kind == "plain_text" and holder["emoji"] is False)
    return is_literal and holder["text"] == text


def _is_unseen(text: str, holder: dict[str, Any]) -> bool:
    return text in [value for key, value in holder.items() if key in FOR_THE_BOT_ALONE]


@pytest.mark.parametrize("name", ALL)
def test_trap_5_no_text_is_rendered_with_emoji_switched_on(name: str) -> None:
    emoji = [node.get("emoji") for node in nodes(ALL[name]) if node.get("type") == "plain_text"]

    assert set(emoji) <= {False}


@pytest.mark.parametrize("name", [name for name in ALL if "hostile" in name])
def test_trap_5_hostile_text_is_shown_unchanged_except_for_invisible_characters(name: str) -> None:
    read = as_read(ALL[name])

    assert "<!channel> <@U1>" in read
    assert ":aws: :tada: *bold* _it_ ~no~ `code`" in read
    assert "👩‍🚀 🇵🇹 نمی‌خواهم" in read
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]", read
    )


@pytest.mark.parametrize("name", [name for name in ALL if "text" in ALL[name]])
def test_trap_5_the_fallback_of_no_situation_mentions_what_outside_text_names(name: str) -> None:
    assert not re.search(r"<!channel|<@U1>|<http", ALL[name]["text"])


@given(st.lists(outside | outside.map(Code) | outside.map(Strong), max_size=4).map(tuple))
def test_trap_5_the_fallback_escapes_what_slack_would_read(parts: tuple[str, ...]) -> None:
    unescaped = re.sub("&(amp|lt|gt);", "", fallback(parts))

    assert not set(unescaped) & set("<>&")


def test_the_fallback_shows_times_in_utc_whatever_their_zone() -> None:
    lisbon = NOON.astimezone(timezone(timedelta(hours=1)))

    assert fallback((When(lisbon),)) == "2026-03-02 12:00 UTC"


def test_the_fallback_keeps_the_mentions_that_are_ours() -> None:
    parts = ("1 < 2 & ", Mention("U1"), " ", Team("S1"), " ", Channel("C1"), " ", When(NOON))

    assert fallback(parts) == "1 &lt; 2 &amp; <@U1> <!subteam^S1> <#C1> 2026-03-02 12:00 UTC"
