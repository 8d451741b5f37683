"""`python -m bot manifest`: the Slack app, filled in and ready to be pasted into Slack."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from bot.adapters.rules import text_of

if TYPE_CHECKING:
    from argparse import Namespace

FILE: Final = Path("infra/slack-manifest.yml")
_PLACE: Final = re.compile(r"^( *(?:request_)?url: )URL$", re.MULTILINE)
_ADDRESS: Final = re.compile(
    r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](?::[0-9]{1,5})?"
    r"(?:/[a-z0-9/._~%+-]*)?",
    re.IGNORECASE,
)
_LONGEST: Final = 3000
"""Slack takes no longer address for a slash command."""


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("manifest", help="print the manifest of the Slack app, filled in")
    way = parser.add_mutually_exclusive_group(required=True)
    said = "where the bot is reached, such as https://abc.execute-api.eu-west-1.amazonaws.com/slack"
    way.add_argument("url", nargs="?", type=address, metavar="URL", help=said)
    said = "for Socket Mode, which needs no address: see `python -m bot socket --help`"
    way.add_argument("--socket", action="store_true", help=said)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the manifest. Raises Misconfigured if it is not there."""
    text = text_of(FILE)
    print(for_socket_mode(text) if arguments.socket else filled_in(text, arguments.url), end="")
    return 0


def address(text: str) -> str:
    """*text*, which must be an https address of the internet. Raises what argparse understands."""
    if not text.lower().startswith("https://"):
        raise ArgumentTypeError(f"{text!r} does not begin with https://: Slack sends nowhere else")
    if len(text) > _LONGEST:
        raise ArgumentTypeError(f"{len(text)} characters are more than Slack takes")
    if not _ADDRESS.fullmatch(text):
        raise ArgumentTypeError(f"{text!r} is no address such as https://bot.example.com/slack")
    return text


def filled_in(text: str, url: str) -> str:
    """The manifest in *text*, with *url* wherever Slack asks for one."""
    return _PLACE.sub(rf"\g<1>{url}", text)


def for_socket_mode(text: str) -> str:
    """The manifest in *text*, without addresses and with Socket Mode on."""
    lines = [line for line in text.splitlines(keepends=True) if not _PLACE.match(line.rstrip())]
    return "".join(lines).replace("socket_mode_enabled: false", "socket_mode_enabled: true")


def scopes(*, emails: bool) -> frozenset[str]:
    """What the bot has to be granted; with *emails*, also to know who has an e-mail address."""
    granted = yaml.safe_load(text_of(FILE))["oauth_config"]["scopes"]["bot"]
    return frozenset(granted) | ({"users:read.email"} if emails else set())
