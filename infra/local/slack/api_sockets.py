"""apps.connections.open: the address for a connection of Socket Mode, for the app-level token."""

from typing import Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.model import Json
from infra.local.slack.workspace import Workspace


def connections_open(workspace: Workspace, _args: Arguments) -> Json:
    host = workspace.url.partition("://")[2]
    return {"url": f"ws://{host}/link?ticket={workspace.sockets.issue_ticket()}"}


METHODS: Final = {"apps.connections.open": connections_open}
