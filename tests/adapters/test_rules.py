"""The rules file: what is read from it, and where it is wrong, if it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.rules import load, read
from bot.core.errors import Misconfigured
from bot.core.policy import COMMENT_BY_DEFAULT, Rule, Rules
from infra.local.deployment import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = """\
# Who decides.
channel: C0MODELS00

rules:
  - groups: fraud-*
    channel: C0FRAUD000
    approvers:
      users: [U0ANA00000, W0BEN00000]
      user_groups: [S0RISK0000]
    notify: [C0RELEASES, G0PRIVATE0]
    comment: [approve, revoke]

  - groups:
      - house-prices
      - rent-*
    approvers:
      users:
        - U0ANA00000
"""


def changed(old: str, new: str) -> str:
    """The good file with one mistake in it."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


# --- what is read ---------------------------------------------------------------------------------


def test_every_key_is_read() -> None:
    fraud, prices = read(GOOD, "rules.yml").rules

    assert fraud == Rule(
        patterns=("fraud-*",),
        channel="C0FRAUD000",
        users=("U0ANA00000", "W0BEN00000"),
        user_groups=("S0RISK0000",),
        notify=("C0RELEASES", "G0PRIVATE0"),
        comment=frozenset({"approve", "revoke"}),
    )
    assert prices.patterns == ("house-prices", "rent-*")


def test_what_is_left_out_has_a_default() -> None:
    prices = read(GOOD, "rules.yml").rules[1]

    assert prices.channel == "C0MODELS00"
    assert prices.comment == COMMENT_BY_DEFAULT
    assert prices.notify == prices.user_groups == ()


def test_no_comments_at_all_is_no_default() -> None:
    (rule, _) = read(changed("[approve, revoke]", "[]"), "rules.yml").rules

    assert rule.comment == frozenset()


def test_without_rules_nobody_may_decide() -> None:
    rules = read("channel: C0MODELS00\nrules: []\n", "rules.yml")

    assert rules == Rules("C0MODELS00")
    assert rules.find("fraud-1").approvers == ()


def test_rules_keep_their_order() -> None:
    rules = read(changed("rent-*", '"*"'), "rules.yml")

    assert rules.find("fraud-1").patterns == ("fraud-*",)
    assert rules.find("anything").patterns == ("house-prices", "*")


def test_the_shipped_file_is_a_good_one() -> None:
    rules = load(ROOT / "infra" / "approvals.yml")

    assert rules.rules
    assert all(rule.patterns and rule.approvers for rule in rules.rules)


# --- what is wrong, and where ---------------------------------------------------------------------

MISTAKES = {
    "an unknown key at the top": (changed("channel: C0MODELS00", "chanel: x"), 2, "`chanel`"),
    "an unknown key of a rule": (changed("notify:", "notfy:"), 10, "`notfy`"),
    "an unknown key of approvers": (changed("user_groups:", "user-groups:"), 9, "`user-groups`"),
    "no channel": (changed("channel: C0MODELS00", ""), 4, "`channel`"),
    "no rules": ("channel: C0MODELS00\n", 1, "`rules`"),
    "no approvers": (changed("    approvers:\n      users:\n        - ", "#"), 13, "`approvers`"),
    "no channel id": (changed("C0FRAUD000", "'#fraud'"), 6, r"\^\[CG\]"),
    "a person for a channel": (changed("C0RELEASES", "U0ANA00000"), 10, r"\^\[CG\]"),
    "a name for an id": (changed("W0BEN00000", "ben"), 8, r"\^\[UW\]"),
    "a person for a group": (changed("S0RISK0000", "U0ANA00000"), 9, r"\^S"),
    "an id in a list of lines": (changed("- U0ANA00000", "- u0ana00000"), 18, r"\^\[UW\]"),
    "an unknown move": (changed("[approve,", "[aprove,"), 11, "'aprove'"),
    "a status for a move": (changed("revoke]", "Approved]"), 11, "'Approved'"),
    "one comment for a list": (changed("[approve, revoke]", "approve"), 11, "array"),
    "a key at the top twice": (GOOD + "channel: C0MODELS00\n", 19, "`channel` is there twice"),
    "a key of a rule twice": (changed("- rent-*", "- rent-*\n    groups: x"), 16, "`groups`"),
    "a key of approvers twice": (
        changed("user_groups: [S0RISK0000]", "users: [U0BEN00000]"),
        9,
        "`users` is there twice",
    ),
    "an empty pattern": (changed("fraud-*", '""'), 5, "length >= 1"),
    "a key without a value": (changed("[C0RELEASES, G0PRIVATE0]", ""), 10, "got `str`"),
    "a key that is a number": ("1: x\n" + GOOD, 1, "`1`"),
    "a list that is not closed": (changed("S0RISK0000]", "S0RISK0000"), 10, "expected ',' or ']'"),
    "a text that is not closed": (changed("fraud-*", '"fraud-*'), 19, "unexpected end"),
    "an alias of nothing": (changed("fraud-*", "*fraud"), 5, "undefined alias"),
    "a star alone": (changed("fraud-*", "*"), 5, "expected alphabetic"),
    "a tag that makes things": (changed("fraud-*", "!!python/name:os.x"), 5, "length >= 1"),
    "a second document": (GOOD + "---\n" + GOOD, 19, "another document"),
    "wrong indentation": (changed("    channel: C0FRAUD000", "   channel: x"), 6, "block"),
    "tabs": (changed("    approvers:\n      users: [", "\tapprovers:\n\t\tusers: ["), 7, r"'\\t'"),
    "nothing": ("", 1, "got `null`"),
    "comments alone": ("# Who decides.\n", 1, "got `null`"),
    "a list": ("- groups: fraud-*\n- groups: rent-*\n", 1, "got `array`"),
    "a list below a comment": ("# Who decides.\n\n- groups: fraud-*\n", 3, "got `array`"),
    "a text": ("approve everything\n", 1, "got `str`"),
    "one rule for a list": ("channel: C0MODELS00\nrules:\n  groups: x\n", 3, "got `object`"),
}


@pytest.mark.parametrize(("text", "line", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(Misconfigured, match=rf"^rules\.yml, line {line}: .*{reason}"):
        read(text, "rules.yml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("channel: C0MODELS00\n# \x07\nrules: []\n", 2),
        ("channel: C0MODELS00\n[a, b]: c\nrules: []\n", 2),
        (changed("notify:", "<<: {notfy: x}\n    notify:"), 10),
        (changed("notify:", "1: x\n    notify:"), 10),
    ],
    ids=["a control character", "a list for a key", "a merged typo", "a number for key"],
)
def test_a_rare_mistake_is_named_as_well(text: str, line: int) -> None:
    with pytest.raises(Misconfigured, match=rf"^rules\.yml, line {line}: "):
        read(text, "rules.yml")


@given(
    cut=st.integers(0, len(GOOD)),
    end=st.integers(0, len(GOOD)),
    new=st.sampled_from(["", " ", "\n", ":", "- ", "[", "}", '"', "&a", "# ", "x", "~", "%"]),
)
def test_whatever_is_wrong_the_bot_says_where(cut: int, end: int, new: str) -> None:
    """A piece of the file is lost, or something else stands there."""
    text = GOOD[: min(cut, end)] + new + GOOD[max(cut, end) :]
    try:
        read(text, "rules.yml")
    except Misconfigured as error:
        said, lines = str(error), text.count("\n") + 1

        assert any(said.startswith(f"rules.yml, line {n + 1}: ") for n in range(lines))


def missing(folder: Path) -> Path:
    return folder / "none.yml"


def no_utf8(folder: Path) -> Path:
    path = folder / "latin.yml"
    path.write_bytes("channel: C0MODELS00 # für alle".encode("latin-1"))
    return path


@pytest.mark.parametrize("make", [missing, no_utf8, Path], ids=["missing", "latin", "folder"])
def test_a_file_that_cannot_be_read_is_named(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path)

    with pytest.raises(Misconfigured) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: cannot be read: ")


def test_a_mistake_names_the_file_it_is_in(tmp_path: Path) -> None:
    path = tmp_path / "ours.yml"
    path.write_text("rules: []\n", encoding="utf-8")

    with pytest.raises(Misconfigured) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}, line 1: ")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.yml"
    path.write_text(GOOD.replace("\n", "\r\n"), encoding="utf-8-sig")

    assert load(path) == read(GOOD, "rules.yml")


@pytest.mark.parametrize("name", ["2024", "yes", "2026-01-01", "1e3", "null"])
def test_a_name_stays_what_is_written_whatever_yaml_makes_of_it(name: str) -> None:
    rules = read(changed("fraud-*", name), "rules.yml")

    assert rules.rules[0].patterns == (name,)
