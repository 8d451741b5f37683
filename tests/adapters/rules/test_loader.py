"""The rules file: what is read from it, and what is refused, with the line."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.rules import load, read
from bot.adapters.rules.check import problems
from bot.core.errors import Misconfigured
from bot.core.rules.rule import COMMENT_BY_DEFAULT, People, Role, Rule
from infra.local.deployment import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = ROOT / "infra" / "approvals.yml"
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
FULL = """\
channel: C0MODELS00
people:
  Ana-Studio: U0ANA00000
  ben@example.com: U0BEN00000
lookup_by_email: true
rules:
  - name: credit risk
    groups: credit-*
    channel: C0CREDIT00
    approvers:
      - role: ml leads
        user_groups: [S0MLLEADS0]
      - role: risk
        users: [U0CHLOE000]
        user_groups: [S0RISK0000]
        needs: 2
    moves:
      reject: {approvers: {users: [U0ANA00000, U0BEN00000], needs: 2}}
      revoke:
        approvers:
          - role: on call
            users: [U0DAN00000]
    veto: {users: [U0EVE00000], user_groups: [S0LEGAL000]}
    mention: [U0CHLOE000, S0RISK0000]
    break_glass: true
"""


def changed(old: str, new: str, text: str = GOOD) -> str:
    """The good file, or another *text*, with one mistake in it."""
    assert text.count(old) == 1
    return text.replace(old, new)


# --- what is read ---------------------------------------------------------------------------------


def test_every_key_is_read() -> None:
    fraud, prices = read(GOOD, "rules.yml").rules
    people = People(users=("U0ANA00000", "W0BEN00000"), user_groups=("S0RISK0000",))

    assert fraud == Rule(
        patterns=("fraud-*",),
        channel="C0FRAUD000",
        name="fraud-*",
        roles=(Role(name="approvers", people=people, needs=1),),
        notify=("C0RELEASES", "G0PRIVATE0"),
        comment=frozenset({"approve", "revoke"}),
    )
    assert prices.patterns == ("house-prices", "rent-*")


def test_roles_moves_and_all_other_keys_of_a_rule_are_read() -> None:
    (credit,) = read(FULL, "rules.yml").rules
    ml_leads = Role(name="ml leads", people=People(user_groups=("S0MLLEADS0",)))
    risk = People(users=("U0CHLOE000",), user_groups=("S0RISK0000",))
    both = People(users=("U0ANA00000", "U0BEN00000"))

    assert credit == Rule(
        patterns=("credit-*",),
        channel="C0CREDIT00",
        name="credit risk",
        roles=(ml_leads, Role(name="risk", people=risk, needs=2)),
        moves={
            "reject": (Role(name="approvers", people=both, needs=2),),
            "revoke": (Role(name="on call", people=People(users=("U0DAN00000",))),),
        },
        veto=People(users=("U0EVE00000",), user_groups=("S0LEGAL000",)),
        mention=("U0CHLOE000", "S0RISK0000"),
        break_glass=True,
    )


def test_the_names_of_people_are_read_in_any_case() -> None:
    rules = read(FULL, "rules.yml")

    assert rules.people == {"ana-studio": "U0ANA00000", "ben@example.com": "U0BEN00000"}
    assert rules.by_email is True


def test_a_key_that_is_left_out_has_a_default() -> None:
    rules = read(GOOD, "rules.yml")
    prices = rules.rules[1]

    assert prices == Rule(
        patterns=("house-prices", "rent-*"),
        channel="C0MODELS00",
        name="house-prices, rent-*",
        roles=(Role(people=People(users=("U0ANA00000",))),),
        comment=COMMENT_BY_DEFAULT,
        mention=None,
    )
    assert rules.people == {}
    assert rules.by_email is False


def test_an_empty_list_of_moves_with_comments_is_not_the_default() -> None:
    (rule, _) = read(changed("[approve, revoke]", "[]"), "rules.yml").rules

    assert rule.comment == frozenset()


def test_an_empty_list_of_people_to_ping_is_not_the_default() -> None:
    (rule,) = read(changed("[U0CHLOE000, S0RISK0000]", "[]", FULL), "rules.yml").rules

    assert rule.mention == ()


def test_without_rules_nobody_may_decide() -> None:
    rules = read("channel: C0MODELS00\nrules: []\n", "rules.yml")

    assert rules.rules == ()
    assert rules.find("fraud-1").roles == ()


@pytest.mark.parametrize("nobody", ["{}", "{users: []}", "{needs: 2}", "[]"])
def test_an_empty_list_of_approvers_is_read_as_nobody(nobody: str) -> None:
    (rule,) = read(
        f"channel: C0MODELS00\nrules: [{{groups: x, approvers: {nobody}}}]\n", "rules.yml"
    ).rules

    assert rule.roles == ()


def test_rules_keep_their_order() -> None:
    rules = read(changed("rent-*", '"*"'), "rules.yml")

    assert rules.find("fraud-1").patterns == ("fraud-*",)
    assert rules.find("anything").patterns == ("house-prices", "*")


def test_the_rules_have_the_digest_of_the_files_exact_bytes(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert load(path).digest == sha256(path.read_bytes()).hexdigest()
    assert load(path).digest != read(GOOD, "rules.yml").digest


def test_the_shipped_file_has_no_problems() -> None:
    assert load(SHIPPED).rules
    assert problems(SHIPPED.read_text(encoding="utf-8")) == []


def test_the_commented_keys_of_the_shipped_file_work_as_well() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    keys = "moves|  revoke|veto|mention|break_glass"
    text, uncommented = re.subn(rf"^    # (?=({keys}):)", "    ", text, flags=re.MULTILINE)
    (credit,) = (rule for rule in read(text, "rules.yml").rules if rule.name == "credit")

    assert uncommented == 5
    assert problems(text) == []
    assert list(credit.moves) == ["revoke"]
    assert credit.veto
    assert credit.mention
    assert credit.break_glass


def test_the_shipped_file_has_the_rule_for_credit_models_that_it_describes() -> None:
    credit = load(SHIPPED).find("credit-scorer")

    assert credit.channel == "C0CREDIT00"
    assert [(role.name, role.people.user_groups, role.needs) for role in credit.roles] == [
        ("ml-leads", ("S0MLLEADS0",), 1),
        ("risk", ("S0RISK0000",), 1),
    ]


# --- what is wrong, and where ---------------------------------------------------------------------

MISTAKES = {
    "an unknown key at the top": (changed("channel: C0MODELS00", "chanel: x"), 2, "`chanel`"),
    "an unknown key of a rule": (changed("notify:", "notfy:"), 10, "`notfy`"),
    "an unknown key of approvers": (changed("user_groups:", "user-groups:"), 9, "`user-groups`"),
    "no channel": (changed("channel: C0MODELS00", ""), 4, "`channel`"),
    "no rules": ("channel: C0MODELS00\n", 1, "`rules`"),
    "no approvers": (changed("    approvers:\n      users:\n        - ", "#"), 13, "`approvers`"),
    "no channel id": (changed("C0FRAUD000", "'#fraud'"), 6, "the id of a channel"),
    "a person for a channel": (changed("C0RELEASES", "U0ANA00000"), 10, "the id of a channel"),
    "a name for an id": (changed("W0BEN00000", "ben"), 8, "the id of a person"),
    "a person for a group": (changed("S0RISK0000", "U0ANA00000"), 9, "the id of a user group"),
    "an id in a list of lines": (changed("- U0ANA00000", "- u0ana00000"), 18, "the id of a person"),
    "an unknown move": (changed("[approve,", "[aprove,"), 11, "`aprove` stands where a move"),
    "a status for a move": (changed("revoke]", "Approved]"), 11, "`Approved` stands where a move"),
    "one comment for a list": (
        changed("[approve, revoke]", "approve"),
        11,
        "`approve` stands where a list",
    ),
    "a key at the top twice": (GOOD + "channel: C0MODELS00\n", 19, "`channel` is there twice"),
    "a key of a rule twice": (changed("- rent-*", "- rent-*\n    groups: x"), 16, "`groups`"),
    "a key of approvers twice": (
        changed("user_groups: [S0RISK0000]", "users: [U0BEN00000]"),
        9,
        "`users` is there twice",
    ),
    "an empty pattern": (changed("fraud-*", '""'), 5, "nothing stands where a pattern"),
    "a key without a value": (
        changed("[C0RELEASES, G0PRIVATE0]", ""),
        10,
        "nothing stands where a l",
    ),
    "a key that is a number": ("1: x\n" + GOOD, 1, "`1`"),
    "a list that is not closed": (changed("S0RISK0000]", "S0RISK0000"), 10, "expected ',' or ']'"),
    "a text that is not closed": (changed("fraud-*", '"fraud-*'), 19, "unexpected end"),
    "an alias of nothing": (changed("fraud-*", "*fraud"), 5, "undefined alias"),
    "a star alone": (changed("fraud-*", "*"), 5, "expected alphabetic"),
    "a tag that makes things": (changed("fraud-*", "!!python/name:os.x"), 5, "nothing stands"),
    "a second document": (GOOD + "---\n" + GOOD, 19, "another document"),
    "wrong indentation": (changed("    channel: C0FRAUD000", "   channel: x"), 6, "block"),
    "tabs": (changed("    approvers:\n      users: [", "\tapprovers:\n\t\tusers: ["), 7, r"'\\t'"),
    "nothing": ("", 1, "there is nothing in it"),
    "comments alone": ("# Who decides.\n", 1, "there is nothing in it"),
    "a list": ("- groups: fraud-*\n- groups: rent-*\n", 1, "a list stands where a block"),
    "a list below a comment": (
        "# Who decides.\n\n- groups: fraud-*\n",
        3,
        "a list stands where a block",
    ),
    "a text": ("approve everything\n", 1, "`approve everything` stands"),
    "one rule for a list": (
        "channel: C0MODELS00\nrules:\n  groups: x\n",
        3,
        "a block of keys stands where a list",
    ),
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
def test_any_mistake_is_named_with_its_line(cut: int, end: int, new: str) -> None:
    """A piece of the file is removed, or replaced by something else."""
    text = GOOD[: min(cut, end)] + new + GOOD[max(cut, end) :]
    try:
        read(text, "rules.yml")
    except Misconfigured as error:
        message, lines = str(error), text.count("\n") + 1

        assert any(message.startswith(f"rules.yml, line {n + 1}: ") for n in range(lines))


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


def test_a_mistake_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.yml"
    path.write_text("rules: []\n", encoding="utf-8")

    with pytest.raises(Misconfigured) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}, line 1: ")


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "windows.yml"
    path.write_text(GOOD.replace("\n", "\r\n"), encoding="utf-8-sig")

    assert replace(load(path), digest="") == replace(read(GOOD, "rules.yml"), digest="")


# --- mistakes in roles, moves and people ----------------------------------------------------------

MORE_MISTAKES = {
    "no number": (changed("needs: 2\n", "needs: two\n", FULL), 16, "`two` .* from 1 to 20"),
    "nobody needed": (changed("needs: 2\n", "needs: 0\n", FULL), 16, "`0` .* from 1 to 20"),
    "too many needed": (changed("needs: 2\n", "needs: 21\n", FULL), 16, "`21` .* from 1 to 20"),
    "half a person": (changed("needs: 2\n", "needs: 1.5\n", FULL), 16, "`1.5` .* from 1 to 20"),
    "no yes and no no": (changed("break_glass: true", "break_glass: yes", FULL), 25, "true or f"),
    "an empty yes": (changed("by_email: true", "by_email:", FULL), 5, "nothing stands where true"),
    "a list in place of a role": (changed("role: ml leads", "[x]", FULL), 12, "expected"),
    "a role that is a text": (changed("- role: on call\n            users:", "- x #", FULL), 21,
        "`x` stands where a block of keys belongs"),
    "no role at all": (changed("role: ml leads\n        ", "", FULL), 11, "`role` is missing"),
    "an empty role name": (changed("ml leads", "''", FULL), 11, "nothing stands where a name"),
    "a role name of two lines": (changed("ml leads", '"ml\\nleads"', FULL), 11, "where a name"),
    "a role name too long": (changed("ml leads", "m" * 61, FULL), 11, "where a name of at most 60"),
    "an empty rule name": (changed("credit risk", "' '", FULL), 7, "where a name"),
    "an unknown key of a role": (changed("user_groups: [S0MLLEADS0]", "groups: []", FULL), 12,
        r"unknown key `groups`: did you mean `user_groups`\?"),
    "an unknown key of a quorum": (changed("U0BEN00000], needs", "U0BEN00000], need", FULL), 18,
        r"unknown key `need`: did you mean `needs`\?"),
    "an unknown key of a move": (
        changed("{approvers: {users: [U0ANA", "{users: {x: [U0ANA", FULL), 18,
        "unknown key `users`: known are approvers"),
    "an unknown move": (changed("revoke:", "withdraw:", FULL), 19, "`withdraw` stands where"),
    "moves in a list": (changed("moves:", "moves: []\n    x:", FULL), 17, "a list stands"),
    "a quorum of a veto": (changed("[S0LEGAL000]", "[], needs: 2", FULL), 23, "`needs`"),
    "a channel that is pinged": (changed("mention: [U0CHLOE000", "mention: [C0MODELS00", FULL), 24,
        "`C0MODELS00` stands where the id of a person or a user group"),
    "pinging nothing": (changed("[U0CHLOE000, S0RISK0000]", "", FULL), 24, "nothing stands where"),
    "null": (changed("[U0CHLOE000, S0RISK0000]", "null", FULL), 24, "`null` stands where a list"),
    "a person without an id": (changed("Studio: U0ANA00000", "Studio: ana", FULL), 3,
        "`ana` stands where the id of a person"),
    "a person without a name": (changed("Ana-Studio:", "'':", FULL), 3, "nothing stands where a n"),
    "people in a list": (changed("people:", "people: []\nx:", FULL), 2, "a list stands where"),
    "a number for a yes": (changed("break_glass: true", "break_glass: 1", FULL), 25, "`1` stands"),
    "a quoted yes": (changed("break_glass: true", "break_glass: 'true'", FULL), 25, "true or f"),
    "a quoted number": (changed("needs: 2\n", "needs: '2'\n", FULL), 16, "`2` .* from 1 to 20"),
    "half a character": (changed("credit risk", '"credit \\uD800"', FULL), 7, "half of a "),
    "half a character in a key": (changed("Ana-Studio", '"\\uDC00"', FULL), 3, "half of a "),
    "a control character": (changed("ml leads", '"ml\\0leads"', FULL), 11, "a control character"),
    "a line behind an id": (changed("channel: C0CREDIT00", 'channel: "C0CREDIT00\\n"', FULL), 9,
        "id of a channel"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "reason"), MORE_MISTAKES.values(), ids=MORE_MISTAKES)
def test_a_mistake_in_a_newer_key_is_named_as_well(text: str, line: int, reason: str) -> None:
    with pytest.raises(Misconfigured, match=rf"^rules\.yml, line {line}: .*{reason}"):
        read(text, "rules.yml")


def test_a_role_may_be_listed_only_once() -> None:
    text = changed("role: risk", "role: ML leads", FULL)

    with pytest.raises(Misconfigured) as refused:
        read(text, "rules.yml")
    assert (
        str(refused.value) == "rules.yml, line 13: `ML leads` is there twice (case does not matter)"
    )


def test_a_role_may_be_listed_only_once_for_a_move() -> None:
    text = changed(
        "users: [U0DAN00000]\n", "users: [U0DAN00000]\n          - role: on call\n", FULL
    )

    with pytest.raises(Misconfigured, match=r"^rules\.yml, line 23: `on call` is there twice"):
        read(text, "rules.yml")


def test_a_role_may_be_listed_again_for_another_move() -> None:
    assert read(changed("role: on call", "role: risk", FULL), "rules.yml")


def test_a_person_may_be_listed_only_once_in_any_case() -> None:
    with pytest.raises(Misconfigured, match=r"^rules\.yml, line 4: `ANA-studio` is there twice"):
        read(changed("ben@example.com", "ANA-studio", FULL), "rules.yml")


# --- patterns that never match --------------------------------------------------------------------


@pytest.mark.parametrize("groups", ["['fraud-*', fraud-eu]", "['*', fraud]", "fraud_*", "'-*'"])
def test_a_pattern_that_never_applies_does_not_stop_the_start(groups: str) -> None:
    text = f"channel: C0MODELS00\nrules: [{{groups: {groups}, approvers: {{}}}}]\n"

    assert read(text, "rules.yml").rules


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["2", "+2", "02", "2.0", "0x2", "20e-1"])
def test_a_number_is_read_as_editors_read_it(spelling: str) -> None:
    (rule,) = read(changed("needs: 2\n", f"needs: {spelling}\n", FULL), "rules.yml").rules

    assert rule.roles[1].needs == 2


@pytest.mark.parametrize("name", ["2024", "yes", "2026-01-01", "1e3", "null"])
def test_a_name_is_read_as_it_is_written_whatever_its_type_in_yaml(name: str) -> None:
    rules = read(changed("fraud-*", name), "rules.yml")

    assert rules.rules[0].patterns == (name,)
