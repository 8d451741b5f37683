"""The Slack app: its manifest is valid, and asks for exactly what the bot needs."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.__main__ import main
from bot.adapters.slack import listeners
from bot.commands import manifest
from infra.local import example
from infra.local.slack import scopes as stand_in
from infra.local.slack.api import METHODS
from infra.local.slack.api_sockets import METHODS as OF_THE_APP
from infra.local.slack.workspace import Channel
from tests.infra.calls import words_in
from tests.infra.cloudformation import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local.slack_stand_in import StandIn

pytest_plugins = ["tests.local.slack_fixtures"]

FILE = ROOT / manifest.FILE
SCHEMA = json.loads((Path(__file__).parent / "slack-manifest.schema.json").read_text("utf-8"))
URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/slack"
DIRECT = {"im:history", "im:read"}
"""Cards are in channels: the bot reads no direct messages."""
IF_SWITCHED_ON = {"users:read.email"}
"""Only with `lookup_by_email: true`, and until then a comment in the manifest."""


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The manifest that a command prints, as Slack reads it."""
    assert main(["manifest", *arguments]) == 0
    return yaml.safe_load(capsys.readouterr().out)


def problems(document: Any) -> list[str]:
    """The errors that the schema finds in a manifest."""
    return [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(document)]


# --- scopes ---------------------------------------------------------------------------------------


def called() -> set[str]:
    """The methods of Slack's Web API that the bot calls, found by reading its code."""
    paths = [*(ROOT / "bot" / "adapters").rglob("*.py"), *(ROOT / "bot" / "commands").rglob("*.py")]
    words = {word for path in paths for word in words_in(ast.parse(path.read_text("utf-8")))}
    return {word.replace("_", ".") for word in words if is_a_method(word)}


def is_a_method(word: str) -> bool:
    """Whether Slack's client has a method of this name: chat_postMessage is chat.postMessage."""
    through = word == "api_call"  # what every method goes through
    named = "_" in word and not word.startswith("_") and not through
    return named and callable(getattr(WebClient, word, None))


def asked_for() -> set[str]:
    return set(yaml.safe_load(FILE.read_text("utf-8"))["oauth_config"]["scopes"]["bot"])


def needed() -> set[str]:
    """The scopes for what the bot calls, and for the slash command that it listens to."""
    of_methods = {scope for name in called() - {*OF_THE_APP} for scope in stand_in.NEEDED[name]}
    return (of_methods | {"commands"}) - DIRECT - IF_SWITCHED_ON


def test_the_app_asks_for_the_scopes_of_what_the_bot_calls_and_for_no_other() -> None:
    assert asked_for() == needed()


def test_the_methods_that_the_bot_calls_are_found_in_its_code() -> None:
    assert {"chat.postMessage", "conversations.history", "views.open", "auth.test"} <= called()


def test_the_stand_in_has_every_method_that_the_bot_calls() -> None:
    """Otherwise a new call could need a scope that no test knows."""
    assert called() <= {*METHODS}


def test_every_method_of_the_stand_in_has_its_scopes_in_the_table() -> None:
    assert {*stand_in.NEEDED} == {*METHODS} - {*OF_THE_APP}


def test_the_scope_for_email_addresses_can_be_switched_on() -> None:
    assert "users.lookupByEmail" in called()
    assert re.search(r"^ +# - users:read\.email$", FILE.read_text("utf-8"), re.MULTILINE)
    assert manifest.scopes(emails=True) == asked_for() | IF_SWITCHED_ON


def test_the_bot_of_the_example_has_only_scopes_that_the_app_asks_for() -> None:
    """So it can do in a workspace whatever it does there."""
    granted = example.workspace("xoxb-of-the-test", "a secret").scopes

    assert granted == asked_for() | IF_SWITCHED_ON


def test_every_scope_has_a_comment_with_its_purpose() -> None:
    lines = re.findall(r"^ +- [a-z.]+(?::[a-z.]+)?(?: .*)?$", FILE.read_text("utf-8"), re.MULTILINE)
    scopes = [line for line in lines if line.split()[1] in asked_for()]

    assert len(scopes) == len(asked_for())
    assert all("# " in line for line in scopes)


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("chat:write", lambda web: web.chat_postMessage(channel="C0GENERAL", text="Hello")),
        ("channels:history", lambda web: web.conversations_history(channel="C0GENERAL")),
        ("groups:history", lambda web: web.conversations_history(channel="C0SECRET")),
        ("channels:read", lambda web: web.conversations_info(channel="C0GENERAL")),
        ("groups:read", lambda web: web.conversations_info(channel="C0SECRET")),
        ("usergroups:read", lambda web: web.usergroups_users_list(usergroup="S0APPROVE")),
        ("users:read", lambda web: web.users_info(user="U0ANN")),
    ],
)
def test_a_call_is_refused_without_its_scope_only(scope: str, call: Any, slack: StandIn) -> None:
    slack.workspace.channels["C0SECRET"] = Channel("C0SECRET", "secret", private=True)
    slack.workspace.scopes = asked_for()
    assert call(slack.web)["ok"]

    slack.workspace.scopes = asked_for() - {scope}
    with pytest.raises(SlackApiError) as caught:
        call(slack.web)
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == scope


# --- what Slack sends -----------------------------------------------------------------------------


def test_slack_sends_what_the_bot_listens_to() -> None:
    document = yaml.safe_load(FILE.read_text("utf-8"))
    (command,) = document["features"]["slash_commands"]

    assert command["command"] == listeners.COMMAND
    assert document["settings"]["event_subscriptions"]["bot_events"] == list(events_listened_to())
    assert document["settings"]["interactivity"]["is_enabled"] is True
    assert document["features"]["app_home"]["home_tab_enabled"] is True


def events_listened_to() -> Iterator[str]:
    """The events that have a listener, found by parsing the code."""
    for node in ast.walk(ast.parse(Path(listeners.__file__).read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="event"), args=[ast.Constant(value=str(event))]):
                yield event


# --- with an address ------------------------------------------------------------------------------


def test_a_manifest_with_an_address_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert problems(printed(capsys, URL)) == []


def test_a_manifest_has_the_address_in_every_place_that_slack_asks_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = printed(capsys, URL)

    assert document["features"]["slash_commands"][0]["url"] == URL
    assert document["settings"]["interactivity"]["request_url"] == URL
    assert document["settings"]["event_subscriptions"]["request_url"] == URL


def test_a_manifest_without_an_address_is_not_valid() -> None:
    assert len(problems(yaml.safe_load(FILE.read_text("utf-8")))) == 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "description"), "x" * 141),
        (("features", "slash_commands", 0, "command"), "model-status"),
        (("settings", "interactivity", "request_url"), "http://bot.example.com/"),
        (("settings", "surprise"), True),
        (("oauth_config", "scopes", "bot"), ["chat:write", "chat:write"]),
    ],
)
def test_the_schema_knows_what_slack_refuses(
    path: tuple[Any, ...], value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    document = part = printed(capsys, URL)
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value

    assert len(problems(document)) == 1


def test_a_manifest_for_socket_mode_needs_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    document = printed(capsys, "--socket")

    assert problems(document) == []
    assert document["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(document)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "URL",
        "http://bot.example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://bot.example.com/?stage=dev",
        "https://bot.example.com/#top",
        "https://ana:secret@bot.example.com/",
        "https://bot.example.com/\nsocket_mode_enabled: true",
        "https://bot.example.com/ # no",
        "https://bot.example.com/" + "x" * 3000,
    ],
)
def test_a_bad_address_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["manifest", url])

    output = capsys.readouterr()
    assert ended.value.code == 2
    assert output.out == ""
    assert "argument URL: " in output.err or "is required" in output.err


@given(
    st.from_regex(
        r"https://[a-z]{1,20}\.example\.com(:[0-9]{2,4})?(/[a-z0-9._~%+-]{0,30}){0,3}",
        fullmatch=True,
    )
)
def test_an_accepted_address_is_in_the_manifest_unchanged(url: str) -> None:
    filled = yaml.safe_load(manifest.with_url(FILE.read_text("utf-8"), manifest.https_url(url)))

    assert filled["settings"]["interactivity"]["request_url"] == url


def test_make_prints_the_manifest_or_refuses() -> None:
    def make(url: str) -> subprocess.CompletedProcess[str]:
        command = ["make", "--silent", "slack-manifest", f"URL={url}"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603

    assert yaml.safe_load(make(URL).stdout)["settings"]["interactivity"]["request_url"] == URL
    assert make("").returncode != 0
    assert make("http://bot.example.com/").returncode != 0
