from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world.embedded import SLOW, running, starting, words

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = {
    "an unknown key": (
        "channel: C0MODELS00\nrules:\n  - groups: fraud-*\n    aprovers: {}\n",
        ("line 4", "aprovers"),
    ),
    "no YAML": ("channel: C0MODELS00\nrules: [\n", ("line 3", "expected")),
    "an approver who is none": (
        "channel: C0MODELS00\nrules:\n  - groups: x\n    approvers:\n      users: [ana]\n",
        ("line 5", "the id of a person"),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_rules_file_stops_the_start_with_the_line_and_the_reason(
    tmp_path: Path, what: str
) -> None:
    text, reasons = BROKEN[what]
    rules, errors = tmp_path / "rules.yml", tmp_path / "errors"
    rules.write_text(text)
    with starting("empty", tmp_path / "logs", errors, {"APPROVALS_FILE": str(rules)}) as process:
        process.wait(SLOW)
        assert process.stdout is not None
        stdout = process.stdout.read()
    message = errors.read_text()

    assert process.returncode not in {0, None}
    assert stdout == ""
    assert "Traceback" not in message
    assert "rules.yml" in message
    for reason in reasons:
        assert reason in message


def test_ones_own_rules_replace_the_example(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text(
        "channel: C0MINE0000\n"
        "rules:\n"
        "  - groups: mine\n"
        "    approvers: {users: [U0DAN00000]}\n"
        "    comment: []\n"
    )
    with running("empty", tmp_path, {"APPROVALS_FILE": str(rules)}) as world:
        world.sagemaker.create_model_package_group(ModelPackageGroupName="Mine")
        arn = world.register("Mine")
        card = world.card(arn)
        world.decide("U0DAN00000", arn, "reject", "")

        assert card["channel"] == "C0MINE0000"
        assert "@U0DAN00000" in words(card)
        assert world.status(arn) == "Rejected"
