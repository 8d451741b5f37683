"""`python -m bot rules explain`: its output, its calls to Slack, and its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infra.local.deployment import ROOT
from infra.local.example import USERGROUPS, USERS
from tests.local.slack_stand_in import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.shell import Shell
    from tests.local.slack_stand_in import StandIn

pytest_plugins = ["tests.local.slack_fixtures"]

ANA, BEN, CHLOE, DAN = "U0ANA00000", "U0BEN00000", "U0CHLOE000", "U0DAN00000"
RISK = "S0RISK0000"
RULES = f"""\
channel: C0MODELS00
rules:
  - name: fraud
    groups: fraud-*
    channel: C0FRAUD000
    approvers:
      - role: ml-leads
        users: [{ANA}]
      - role: risk
        user_groups: [{RISK}]
    notify: [C0RELEASES]
"""
LEFT_OUT = (
    "Slack was not asked: everybody counts as a member of the workspace, and who is in a user "
    "group that --members does not name is unknown; set SLACK_BOT_TOKEN (or SLACK_SECRET_ID) to "
    "ask it."
)


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A rules file, and an environment that names it and nothing else of the bot's."""
    monkeypatch.chdir(ROOT)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SECRET_ID", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "approvals.yml"
    path.write_text(RULES)
    monkeypatch.setenv("APPROVALS_FILE", str(path))
    return path


@pytest.fixture
def members(tmp_path: Path) -> Path:
    path = tmp_path / "members.yml"
    path.write_text(f"{RISK}: [{BEN}, {CHLOE}]\n")
    return path


def arguments_for(
    user: str, *more: str, group: str = "fraud-eu", move: str = "approve"
) -> list[str]:
    return ["rules", "explain", "--group", group, "--user", user, "--move", move, *more]


def test_a_person_who_may_decide_is_told_what_their_vote_does(shell: Shell, members: Path) -> None:
    exit_code, lines, err = shell.run(*arguments_for(ANA, "--members", str(members)))

    assert exit_code == 0
    assert lines == [
        "Rule: fraud, whose pattern fraud-* matches fraud-eu.",
        "Channel: #C0FRAUD000.",
        f"@{ANA} may approve a version of fraud-eu.",
        "It counts for ml-leads. 1 more is needed: risk.",
        f"Could vote next: a member of @{RISK} (@{BEN} or @{CHLOE}).",
        "No comment is needed.",
        "Whoever registered it may not approve it.",
        f"The card pings 3 people: @{ANA} and @{RISK}.",
        "The decision is told in the card's thread and #C0RELEASES.",
    ]
    assert err == f"{LEFT_OUT}\n"


def test_a_person_who_may_not_decide_is_told_why_and_the_exit_code_is_1(
    shell: Shell, members: Path
) -> None:
    exit_code, lines, _ = shell.run(*arguments_for(DAN, "--members", str(members)))

    assert exit_code == 1
    assert (
        "They would be told: You may not approve this version. "
        f"@{ANA} or @{RISK} may. (Rule: fraud.)" in lines
    )


def test_whether_a_person_may_is_unknown_where_nobody_said_who_is_in_a_user_group(
    shell: Shell,
) -> None:
    exit_code, lines, err = shell.run(*arguments_for(BEN))

    assert exit_code == 1
    assert lines[2] == (
        f"Whether @{BEN} may approve a version of fraud-eu is unknown: it depends on who is in "
        f"@{RISK}."
    )
    assert lines[-1] == f"Who is in @{RISK} is unknown."
    assert not [line for line in lines if "may not approve a version" in line or "told:" in line]
    assert err == f"{LEFT_OUT}\n"


def test_what_does_not_depend_on_an_unknown_user_group_is_said_without_slack(shell: Shell) -> None:
    exit_code, lines, _ = shell.run(*arguments_for(ANA))

    assert exit_code == 0
    assert f"@{ANA} may approve a version of fraud-eu." in lines
    assert lines[-1] == f"Who is in @{RISK} is unknown."


def test_who_registered_a_version_may_not_approve_it_whoever_is_in_an_unknown_user_group(
    shell: Shell,
) -> None:
    exit_code, lines, _ = shell.run(*arguments_for(ANA, "--submitter", ANA))

    assert exit_code == 1
    assert f"@{ANA} may not approve a version of fraud-eu." in lines


def test_the_members_of_a_user_group_come_from_slack(
    shell: Shell, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.workspace.users |= {user.id: user for user in USERS}
    slack.workspace.usergroups |= {team.id: team for team in USERGROUPS}
    monkeypatch.setenv("SLACK_API_URL", f"{slack.workspace.url}/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    (chosen,) = (team for team in USERGROUPS if team.id == RISK)

    answers = {user.id: shell.run(*arguments_for(user.id)) for user in USERS if not user.guest}

    may = {who for who, (exit_code, _, _) in answers.items() if exit_code == 0}
    assert may == {ANA, *chosen.users} & set(answers)
    assert {err for _, _, err in answers.values()} == {""}


def test_the_submitter_of_the_version_can_be_given(shell: Shell, members: Path) -> None:
    options = ("--members", str(members))

    exit_code, lines, _ = shell.run(*arguments_for(ANA, "--submitter", ANA, *options))

    assert exit_code == 1
    assert any("You registered this version, so you may not approve it." in each for each in lines)
    assert shell.run(*arguments_for(ANA, "--submitter", ANA, *options, move="reject"))[0] == 0


def test_another_rules_file_can_be_given(shell: Shell, rules: Path, members: Path) -> None:
    other = rules.with_name("other.yml")
    other.write_text(RULES.replace("fraud-*", "rent-*"))
    options = ("--members", str(members), "--file", str(other))

    assert shell.run(*arguments_for(ANA, *options))[0] == 1
    assert shell.run(*arguments_for(ANA, *options, group="rent-lisbon"))[0] == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("risk: [U0BEN00000]", "line 1: `risk` stands where the id of a user group"),
        (f"{RISK}:\n  - ben", "line 2: `ben` stands where the id of a person"),
        (f"{RISK}: U0BEN00000", "line 1: "),
        (f"{RISK}: []\n{RISK}: []", f"line 2: `{RISK}` is there twice"),
        ("[", "line 1: "),
    ],
)
def test_a_bad_list_of_members_is_refused_with_the_line(
    shell: Shell, members: Path, text: str, why: str
) -> None:
    members.write_text(text)

    exit_code, lines, err = shell.run(*arguments_for(ANA, "--members", str(members)))

    assert exit_code == 2
    assert lines == []
    assert f"{members}, {why}" in err


def test_missing_files_are_named(shell: Shell, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.yml")

    for option in ("--file", "--members"):
        exit_code, _, err = shell.run(*arguments_for(ANA, option, missing))

        assert exit_code == 2
        assert f"{missing}: cannot be read" in err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (arguments_for("@ana"), "'@ana' is not the Slack id of a person, such as U0ANA00000"),
        (arguments_for(ANA, "--submitter", "ana"), "'ana' is not the Slack id of a person"),
        (arguments_for(ANA, move="deploy"), "invalid choice: 'deploy'"),
        (arguments_for(ANA)[:-2], "the following arguments are required: --move"),
    ],
)
def test_invalid_arguments_are_refused(shell: Shell, arguments: list[str], why: str) -> None:
    exit_code, lines, err = shell.run(*arguments)

    assert exit_code == 2
    assert lines == []
    assert why in err
