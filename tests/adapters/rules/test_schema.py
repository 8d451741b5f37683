"""The JSON Schema for editors: it is generated, shipped, and accepts the right files."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from bot.adapters.rules.schema import json_schema
from infra.local.deployment import ROOT
from tests.adapters.rules.test_loader import FULL, GOOD, MISTAKES, SHIPPED

SCHEMA: dict[str, Any] = json.loads(json_schema())
README_RULES = [
    block
    for readme in (ROOT / "README.md", ROOT / "infra" / "README.md")
    if readme.exists()
    for block in re.findall(r"```yaml\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    if "\nrules:" in block
]


def valid(text: str) -> bool:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return bool(validator.is_valid(yaml.safe_load(text)))


def test_the_shipped_schema_is_the_generated_one() -> None:
    shipped = ROOT / "infra" / "approvals.schema.json"

    assert shipped.read_text(encoding="utf-8") == json_schema(), "run `make schema`"


def test_the_schema_is_valid_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_rules_are_valid_and_lead_editors_to_the_schema() -> None:
    text = SHIPPED.read_text(encoding="utf-8")

    assert text.startswith("# yaml-language-server: $schema=approvals.schema.json\n")
    assert valid(text)


def test_the_readme_shows_rules_that_are_valid() -> None:
    assert README_RULES
    assert all(valid(block) for block in README_RULES)


@pytest.mark.parametrize("text", [GOOD, FULL])
def test_good_rules_are_valid(text: str) -> None:
    assert valid(text)


@pytest.mark.parametrize(
    "mistake",
    [
        *("an unknown key at the top", "an unknown key of a rule", "an unknown key of approvers"),
        *("no channel", "no rules", "no approvers", "no channel id", "a person for a channel"),
        *("a name for an id", "a person for a group", "an unknown move", "a status for a move"),
        *("one comment for a list", "an empty pattern", "one rule for a list"),
    ],
)
def test_mistakes_are_not_valid(mistake: str) -> None:
    assert not valid(MISTAKES[mistake][0])


def test_a_move_that_does_not_exist_is_not_valid() -> None:
    assert not valid(FULL.replace("revoke:", "withdraw:"))


def test_patterns_are_valid_in_javascript() -> None:
    assert r"\Z" not in json_schema()
