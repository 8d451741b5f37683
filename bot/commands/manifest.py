"""`python -m bot manifest`: the manifest of the Slack app, ready to be pasted into Slack."""

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
_URL_LINE: Final = re.compile(r"^( *(?:request_)?url: )URL$", re.MULTILINE)
_URL: Final = re.compile(
    r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](?::[0-9]{1,5})?"
    r"(?:/[a-z0-9/._~%+-]*)?",
    re.IGNORECASE,
)
_MAX_LENGTH: Final = 3000
"""Slack takes no longer URL for a slash command (app manifest reference)."""


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("manifest", help="print the manifest of the Slack app, filled in")
    group = parser.add_mutually_exclusive_group(required=True)
    text = "where the bot is reached, such as https://abc.execute-api.eu-west-1.amazonaws.com/slack"
    group.add_argument("url", nargs="?", type=https_url, metavar="URL", help=text)
    text = "for Socket Mode, which needs no address: see `python -m bot socket --help`"
    group.add_argument("--socket", action="store_true", help=text)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the manifest. Raises Misconfigured if its file is not there."""
    text = text_of(FILE)
    print(for_socket_mode(text) if arguments.socket else with_url(text, arguments.url), end="")
    return 0


def https_url(text: str) -> str:
    """Return *text* if it is an https URL of the internet; else raise ArgumentTypeError."""
    if not text.lower().startswith("https://"):
        raise ArgumentTypeError(f"{text!r} does not begin with https://: Slack sends nowhere else")
    if len(text) > _MAX_LENGTH:
        raise ArgumentTypeError(f"{len(text)} characters are more than Slack takes")
    if not _URL.fullmatch(text):
        raise ArgumentTypeError(f"{text!r} is no address such as https://bot.example.com/slack")
    return text


def with_url(text: str, url: str) -> str:
    """Return the manifest in *text*, with *url* wherever Slack asks for one."""
    return _URL_LINE.sub(rf"\g<1>{url}", text)


def for_socket_mode(text: str) -> str:
    """Return the manifest in *text*, without URLs and with Socket Mode on."""
    lines = [line for line in text.splitlines(keepends=True) if not _URL_LINE.match(line.rstrip())]
    return "".join(lines).replace("socket_mode_enabled: false", "socket_mode_enabled: true")


def scopes(*, emails: bool) -> frozenset[str]:
    """Return the scopes that the bot needs; with *emails*, also the one for e-mail addresses."""
    granted = yaml.safe_load(text_of(FILE))["oauth_config"]["scopes"]["bot"]
    return frozenset(granted) | ({"users:read.email"} if emails else set())
