"""`python -m bot rules check`: its output, its calls to Slack, and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters
from moto.server import ThreadedMotoServer

from bot.__main__ import main
from infra.local.deployment import REGION, ROOT
from infra.local.example import USERGROUPS, USERS
from infra.local.slack.workspace import User
from tests.local.slack_stand_in import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local.slack_stand_in import StandIn

pytest_plugins = ["tests.local.slack_fixtures"]

SHIPPED = "infra/approvals.yml"
LEFT_OUT = (
    "Slack was not asked: user groups and people were not checked; set SLACK_BOT_TOKEN (or "
    "SLACK_SECRET_ID) to ask it."
)
GOOD = """\
channel: C0MODELS00
rules:
  - groups: fraud-*
    approvers:
      users: [U0ANA00000]
      user_groups: [S0RISK0000]
"""
BAD = GOOD.replace("fraud-*", "fraud_*").replace("[U0ANA00000]", "[ana]")


@pytest.fixture(autouse=True)
def _no_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run at the root of the project, without the bot's variables in the environment."""
    monkeypatch.chdir(ROOT)
    for name in ("APPROVALS_FILE", "SLACK_BOT_TOKEN", "SLACK_SECRET_ID", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A Slack with the people of the example, and the environment that leads to it."""
    slack.workspace.users |= {user.id: user for user in USERS}
    slack.workspace.usergroups |= {team.id: team for team in USERGROUPS}
    monkeypatch.setenv("SLACK_API_URL", f"{slack.workspace.url}/api/")
    return slack


@pytest.fixture
def token(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The same Slack, with its token in the environment."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    return slack


def file(folder: Path, text: str) -> str:
    path = folder / "rules.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


# --- the file alone -------------------------------------------------------------------------------


def test_a_good_file_is_reported_without_problems(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", SHIPPED]) == 0

    assert capsys.readouterr().out == "infra/approvals.yml: 4 rules, no problems.\n"


def test_every_problem_is_printed_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, BAD)

    assert main(["rules", "check", path]) == 1

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{path}, line 3: warning: `fraud_*` matches no group: ")
    assert second.startswith(f"{path}, line 5: `ana` stands where the id of a person")


def test_a_file_with_warnings_alone_is_a_good_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, GOOD.replace("fraud-*", "[fraud-*, fraud-eu, fraud_*]"))

    assert main(["rules", "check", path]) == 0

    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{path}, line 3: warning: `fraud-eu` is never used: ")
    assert second.startswith(f"{path}, line 3: warning: `fraud_*` matches no group: ")
    assert last == f"{path}: 1 rule, no problems, 2 warnings."


def test_a_rule_that_nobody_can_decide_by_is_a_problem_although_the_bot_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, "channel: C0MODELS00\nrules: [{groups: x, approvers: {}}]\n")

    assert main(["rules", "check", path]) == 1

    problem = "no approver is named here, so nobody may decide"
    assert capsys.readouterr().out == f"{path}, line 2: {problem}\n"


def test_one_rule_is_reported_in_the_singular(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, GOOD)

    assert main(["rules", "check", path]) == 0

    assert capsys.readouterr().out == f"{path}: 1 rule, no problems.\n"


def test_without_an_argument_the_file_of_the_environment_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(tmp_path, GOOD)
    monkeypatch.setenv("APPROVALS_FILE", path)

    assert main(["rules", "check"]) == 0

    assert capsys.readouterr().out.startswith(f"{path}: ")


@pytest.mark.parametrize("empty", [True, False])
def test_without_argument_and_environment_the_shipped_file_is_checked(
    empty: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if empty:
        monkeypatch.setenv("APPROVALS_FILE", "")

    assert main(["rules", "check"]) == 0

    assert capsys.readouterr().out.startswith(f"{SHIPPED}: ")


def test_a_missing_file_has_another_exit_code_than_a_bad_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "none.yml")

    assert main(["rules", "check", path]) == 2

    out, stderr = capsys.readouterr()
    assert out == ""
    assert stderr.startswith(f"{path}: cannot be read: ")


@pytest.mark.parametrize("text", [GOOD, BAD], ids=["good", "bad"])
def test_without_a_token_the_command_says_that_slack_was_not_asked(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["rules", "check", file(tmp_path, text)])

    assert capsys.readouterr().err == f"{LEFT_OUT}\n"


# --- with Slack -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("token")
def test_with_a_token_slack_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", file(tmp_path, GOOD)]) == 0

    assert capsys.readouterr().err == ""


def test_the_shipped_file_has_no_problems_in_the_example_workspace(
    token: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "check", SHIPPED]) == 0

    del token.workspace.usergroups["S0MLLEADS0"]
    assert main(["rules", "check", SHIPPED]) == 1
    lines = capsys.readouterr().out.splitlines()[1:]
    assert len(lines) == 2  # the roles of credit, and support
    assert all("`S0MLLEADS0` cannot be read: there is no such user gr" in line for line in lines)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("plan_upgrade_required", "user groups need a paid plan of Slack"),
        ("missing_scope", "the Slack app lacks the scope for it"),
        ("no_such_subteam", "there is no such user group"),
    ],
)
def test_the_reason_why_a_user_group_cannot_be_read_is_printed(
    error: str,
    reason: str,
    token: StandIn,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    token.faults.add("usergroups.users.list", error)
    path = file(tmp_path, GOOD.replace("      users: [U0ANA00000]\n", ""))

    assert main(["rules", "check", path]) == 1

    assert f"{path}, line 5: `S0RISK0000` cannot be read: {reason}\n" in capsys.readouterr().out


def test_a_person_who_left_is_named(
    token: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token.workspace.users["U0ANA00000"] = User("U0ANA00000", "ana", "Ana Silva", deleted=True)
    path = file(tmp_path, GOOD)

    assert main(["rules", "check", path]) == 1

    assert capsys.readouterr().out == f"{path}, line 5: `U0ANA00000` is deactivated in Slack\n"


def test_a_busy_slack_has_another_exit_code_than_a_bad_file(
    token: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token.faults.add("users.info", "ratelimited")

    assert main(["rules", "check", file(tmp_path, GOOD)]) == 2

    out, stderr = capsys.readouterr()
    assert out == ""
    assert "ratelimited" in stderr


@pytest.mark.usefixtures("token")
def test_a_token_that_slack_refuses_is_no_problem_of_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", f"{TOKEN}-of-others")

    assert main(["rules", "check", SHIPPED]) == 2

    out, stderr = capsys.readouterr()
    assert out == ""
    assert stderr == "Slack does not take the bot's token: invalid_auth.\n"


@pytest.mark.usefixtures("token")
def test_the_command_prints_nothing_but_the_problem(tmp_path: Path) -> None:
    path = file(tmp_path, GOOD.replace("S0RISK0000", "S0NOBODY00"))
    command = [sys.executable, "-m", "bot", "rules", "check", path]
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        command, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert (
        done.stdout == f"{path}, line 6: `S0NOBODY00` cannot be read: there is no such user group\n"
    )
    assert done.stderr == ""


# --- with the secret ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The address of an empty AWS."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def secret(aws: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a secret with the token, and the environment that leads to it."""
    parameters.clear_caches()
    for name, value in {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "anybody",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
        "AWS_ENDPOINT_URL": aws,
        "AWS_CONFIG_FILE": os.devnull,
    }.items():
        monkeypatch.setenv(name, value)
    name = f"slack-{uuid4().hex}"
    value = json.dumps({"bot_token": TOKEN, "signing_secret": "x"})
    boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)
    monkeypatch.setenv("SLACK_SECRET_ID", name)
    return name


@pytest.mark.usefixtures("secret")
def test_with_the_secret_slack_is_asked(
    slack: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del slack.workspace.usergroups["S0RISK0000"]
    path = file(tmp_path, GOOD)

    assert main(["rules", "check", path]) == 1

    out, stderr = capsys.readouterr()
    assert out == f"{path}, line 6: `S0RISK0000` cannot be read: there is no such user group\n"
    assert LEFT_OUT not in stderr


def test_a_secret_that_is_not_there_is_named(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_SECRET_ID", f"{secret}-of-others")

    assert main(["rules", "check", SHIPPED]) == 2

    stderr = capsys.readouterr().err
    assert stderr.startswith(f"The Slack secret {secret}-of-others cannot be read: ")


def test_without_a_region_the_secret_is_named_as_well(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    parameters.clear_caches()

    assert main(["rules", "check", SHIPPED]) == 2

    stderr = capsys.readouterr().err
    assert stderr.startswith(f"The Slack secret {secret} cannot be read: ")
