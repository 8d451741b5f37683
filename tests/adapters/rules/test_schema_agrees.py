"""The JSON Schema and the bot accept the same files, so that an editor is never wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from bot.adapters.rules import read
from bot.adapters.rules.format import Approvers, MoveEntry, People, RoleEntry, RuleEntry, RulesFile
from bot.adapters.rules.schema import json_schema
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "channel: C0MODELS00\n"
RULE = HEAD + "rules: [{groups: x, approvers: {users: [U0ANA00000]}, %s}]\n"
ROLE = HEAD + "rules: [{groups: x, approvers: [{role: risk, %s}]}]\n"
NAMES = [
    HEAD + "rules: [{groups: VALUE, approvers: {}}]\n",
    HEAD + "rules: [{groups: [VALUE], approvers: {}}]\n",
    HEAD + "rules: [{groups: x, approvers: [{role: VALUE}]}]\n",
    RULE % "name: VALUE",
]
PLACES = [
    *NAMES,
    "channel: VALUE\nrules: []\n",
    HEAD + "rules: VALUE\n",
    HEAD + "rules: [VALUE]\n",
    HEAD + "rules: []\npeople: VALUE\n",
    HEAD + "rules: []\npeople: {ana: VALUE}\n",
    HEAD + "rules: []\npeople: {? VALUE : U0ANA00000}\n",
    HEAD + "rules: []\nlookup_by_email: VALUE\n",
    HEAD + "rules: [{groups: x, approvers: VALUE}]\n",
    HEAD + "rules: [{groups: x, approvers: {users: VALUE}}]\n",
    HEAD + "rules: [{groups: x, approvers: {user_groups: [VALUE]}}]\n",
    HEAD + "rules: [{groups: x, approvers: {needs: VALUE}}]\n",
    *(ROLE % each for each in ("users: [VALUE]", "user_groups: VALUE", "needs: VALUE")),
    *(RULE % each for each in ("channel: VALUE", "veto: VALUE", "veto: {users: [VALUE]}")),
    *(RULE % each for each in ("moves: VALUE", "moves: {revoke: {approvers: VALUE}}")),
    *(
        RULE % each
        for each in (
            "moves: {? VALUE : {approvers: {}}}",
            "break_glass: VALUE",
            "warn_outside: VALUE",
            "deploy_minutes: VALUE",
        )
    ),
    *(RULE % each for each in ("mention: VALUE", "mention: [VALUE]", "notify: [VALUE]")),
    *(RULE % each for each in ("comment: VALUE", "comment: [VALUE]", "notify: VALUE")),
]
SPELLINGS = [
    *("0", "1", "20", "21", "-1", "+2", "02", "0x2", "0o2", "1_0", "2.0", "20e-1", "0b1", "\u0662"),
    *("1.5", "1e400", ".inf", ".nan", "1" * 25, "true", "True", "TRUE", "tRUE", "FALSE", "yes"),
    *("off", "'true'", "'1'", '"2"', "''", "' '", "2026-01-01", "12:30", "<<", "fraud"),
    *("C0MODELS00", "U0ANA00000", "S0RISK0000", "approve", "Approve", "c0x", "m" * 61),
    *('"a\\nb"', '"C0MODELS00\\n"', "[]", "{}", "[1]", "[true]", "{a: b}", "[U0ANA00000]"),
    *("{users: [], needs: 1}", "[{role: 1}]", "[{role: risk, needs: true}]"),
]


READ: dict[str, Callable[[str], Any]] = {
    "str": str,
    "bool": lambda text: text.lower() == "true",
    "null": lambda _: None,
    "int": lambda text: int(text, 0) if text[:2] in {"0o", "0x"} else int(text),
    "float": lambda text: float(re.sub(r"\.(?=[a-z])", "", text.lower())),
}


class Core(yaml.BaseLoader):
    """YAML 1.2 with its core schema, which editors read: `yes` is a text and `0o2` a number."""


for tag, expression, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
]:
    pattern = re.compile(rf"(?:{expression})\Z", re.ASCII)
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, [*first])


def as_json(node: yaml.Node) -> Any:
    """What an editor gives to the schema."""
    match node:
        case yaml.MappingNode():
            return {str(key.value): as_json(each) for key, each in node.value}
        case yaml.SequenceNode():
            return [as_json(each) for each in node.value]
    return node.value if node.style else READ[node.tag.rpartition(":")[2]](node.value)


def javascripts(schema: str) -> Any:
    r"""The schema as JavaScript reads it: to Python, `$` is also before a line break, `\Z` not."""
    return json.loads(schema.replace('$"', r'\\Z"').replace("$)", r"\\Z)"))


SCHEMA = jsonschema.Draft202012Validator(javascripts(json_schema()))


def differs(text: str) -> bool:
    """Whether the schema and the bot disagree about the file *text*."""
    try:
        read(text, "rules.yml")
        is_accepted = True
    except Misconfigured:
        is_accepted = False
    try:
        tree = yaml.compose(text, Loader=Core)
    except yaml.YAMLError:
        return is_accepted
    return is_accepted is not SCHEMA.is_valid(as_json(tree))


def differing(spelling: str, places: list[str]) -> list[str]:
    """The files with *spelling* at one of *places* about which schema and bot disagree."""
    if spelling[:1] in {"[", "{"}:  # no key, to either
        places = [place for place in places if "? VALUE" not in place]
    return [place for place in places if differs(place.replace("VALUE", spelling))]


def test_every_key_has_its_place() -> None:
    shapes = [RulesFile, RuleEntry, MoveEntry, Approvers, RoleEntry, People]
    keys = {key for shape in shapes for key in shape.__struct_fields__}

    assert {key for key in keys if not any(f"{key}: " in place for place in PLACES)} == set()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_schema_and_bot_take_the_same_values_at_each_place(spelling: str) -> None:
    assert differing(spelling, PLACES) == []


@pytest.mark.parametrize("spelling", ["~", "null", "Null", "NULL"])
def test_they_differ_about_a_name_that_is_null(spelling: str) -> None:
    """It is a name to the bot; for JSON it is the same as no text, which is none."""
    assert differing(spelling, PLACES) == NAMES


def test_they_agree_that_no_text_is_no_value() -> None:
    assert differing("", PLACES) == []
