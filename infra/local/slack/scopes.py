"""
The scope that each method of the Web API needs, as far as the stand-in has the method.

Source: Slack's method reference (docs.slack.dev/reference/methods/<method>, "Scopes"), read in the
copy github.com/slack-ruby/slack-api-ref of 2026-08-20.
"""

from collections.abc import Mapping
from typing import Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.model import SlackError
from infra.local.slack.workspace import Workspace

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    # Of these, one is needed: for a public channel, a private one, a direct message.
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read", "im:read"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}


def everything() -> frozenset[str]:
    """Return all scopes that some method needs, and the one for slash commands."""
    return frozenset({"commands", *(scope for scopes in NEEDED.values() for scope in scopes)})


def check(workspace: Workspace, method: str, args: Arguments) -> None:
    """Raise SlackError for the call of a *method* for which the app lacks the scope."""
    granted = workspace.scopes
    needed = _needed(workspace, method, args)
    if granted is None or needed is None or needed in granted:
        return
    raise SlackError(
        "missing_scope", more={"needed": needed, "provided": ",".join(sorted(granted))}
    )


def _needed(workspace: Workspace, method: str, args: Arguments) -> str | None:
    scopes = NEEDED.get(method, ())
    if len(scopes) > 1:
        return scopes[_kind(workspace, args.text("channel"))]
    return scopes[0] if scopes else None


def _kind(workspace: Workspace, channel_id: str) -> int:
    """Return the index of a channel's scope: 0 if it is public, 1 private, 2 a direct message."""
    if channel_id.startswith("D"):
        return 2
    channel = workspace.channels.get(channel_id)
    return int(bool(channel and channel.private))
