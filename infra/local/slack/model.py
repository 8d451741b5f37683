"""The parts of a workspace as values, and how Slack writes messages and views as JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]
Answer = tuple[int, dict[str, str], str]
"""Status, headers and body of the bot's answer to a request."""
Deliver = Callable[[dict[str, str], str], Answer]
"""Sends the bot headers and body of a request. Raises TimeoutError if no answer comes."""

TEAM: Final = "T0LOCAL000"
DOMAIN: Final = "local"
APP: Final = "A0LOCAL000"
BOT: Final = "B0LOCAL000"
BOT_USER: Final = "U0LOCALBOT"
BOT_NAME: Final = "Model approvals"
SLACKBOT: Final = "USLACKBOT"


class SlackError(Exception):
    """A refusal of Slack's: the name of the error and, where Slack lists them, the problems."""

    def __init__(
        self, error: str, problems: Sequence[str] = (), more: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error, *problems)
        self.error = error
        self.problems = list(problems)
        self.more = more or {}

    def answer(self) -> Json:
        """Return the body of Slack's answer."""
        answer: Json = {"ok": False, "error": self.error, **self.more}
        if self.problems:
            messages = [f"[ERROR] {each}" for each in self.problems]
            answer["response_metadata"] = {"messages": messages}
        # The problems of a view are in the metadata alone.
        if self.problems and self.error != "invalid_arguments":
            answer["errors"] = self.problems
        return answer


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    real_name: str
    email: str = ""
    deleted: bool = False
    guest: bool = False
    team: str = TEAM
    robot: bool = False


@dataclass(frozen=True, slots=True)
class Usergroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    bot_is_member: bool = True
    archived: bool = False
    private: bool = False
    members: tuple[str, ...] | None = None
    """The ids of the people in it; None if everybody is."""

    def has(self, user_id: str) -> bool:
        """Return whether a person is in the channel."""
        return self.members is None or user_id in self.members


@dataclass(frozen=True, slots=True)
class Message:
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    revision: int
    thread_ts: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    only_for: str | None = None
    """The id of the one reader of an ephemeral message."""
    deleted: bool = False
    """Whether this is what Slack leaves of a deleted message that has replies."""

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None

    def as_json(self, *, with_metadata: bool = False) -> Json:
        """Return the message as Slack writes it."""
        if self.deleted:
            return self._tombstone()
        fields: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        fields |= {"team": TEAM, "blocks": self.blocks}
        if self.user == BOT_USER:
            fields |= {"bot_id": BOT, "app_id": APP}
        if self.thread_ts:
            fields["thread_ts"] = self.thread_ts
        if self.edited_ts:
            fields["edited"] = {"user": self.user, "ts": self.edited_ts}
        if self.metadata and with_metadata:
            fields["metadata"] = self.metadata
        return fields

    def _tombstone(self) -> Json:
        fields: Json = {"type": "message", "subtype": "tombstone", "hidden": True}
        return fields | {"user": self.user, "ts": self.ts, "text": self.text}


@dataclass(frozen=True, slots=True)
class View:
    id: str
    user: str
    hash: str
    body: Json = field(repr=False)
    root: str
    previous: str | None = None

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body["blocks"]
        return blocks

    def as_json(self, values: Json | None = None) -> Json:
        """Return the view as Slack writes it, with what the person has filled in so far."""
        unset: Json = {"title": None, "submit": None, "close": None}
        unset |= {"callback_id": "", "external_id": "", "private_metadata": ""}
        unset |= {"notify_on_close": False, "clear_on_close": False}
        ids = {"id": self.id, "hash": self.hash, "root_view_id": self.root}
        ids |= {"team_id": TEAM, "app_id": APP, "bot_id": BOT}
        state = {"values": values or {}}
        return unset | self.body | ids | {"previous_view_id": self.previous, "state": state}


def interactive(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every element that a person can use, with its block."""
    for block, _ in every_block(blocks):
        for element in elements_of(block):
            if "action_id" in element:
                yield block, element


def elements_of(block: Json) -> list[Json]:
    """Return all elements of a block, those that a person can use and others."""
    elements = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    return [element for element in elements if element]


def every_block(blocks: Sequence[Json], pointer: str = "") -> Iterator[tuple[Json, str]]:
    """Yield every block, and every one inside a container, with its JSON pointer."""
    for index, block in enumerate(blocks):
        yield block, f"{pointer}/{index}"
        yield from every_block(block.get("child_blocks", ()), f"{pointer}/{index}/child_blocks")
