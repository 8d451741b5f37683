"""The door of the Web API: who calls, which method, what goes wrong, and Slack's form of answer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from flask import Blueprint, Response, after_this_request, jsonify, request

from infra.local.faults import Faults
from infra.local.slack import (
    api_chat,
    api_conversations,
    api_people,
    api_sockets,
    api_views,
    outages,
    scopes,
)
from infra.local.slack.arguments import Arguments
from infra.local.slack.model import Json, SlackError
from infra.local.slack.workspace import Workspace

Method = Callable[[Workspace, Arguments], Json]

METHODS: Final[Mapping[str, Method]] = {
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_people.METHODS,
    **api_sockets.METHODS,
    **api_views.METHODS,
}


def blueprint(workspace: Workspace, faults: Faults) -> Blueprint:
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.route("/<method>", methods=["GET", "POST"])
    def call(method: str) -> Response:
        return outages.meet(faults.take(method), lambda: jsonify(_answer(workspace, method)))

    return api


def _answer(workspace: Workspace, method: str) -> Json:
    try:
        return {"ok": True, **_carry_out(workspace, method)}
    except SlackError as error:
        return error.answer()


def _carry_out(workspace: Workspace, method: str) -> Json:
    if method not in METHODS:
        raise SlackError("unknown_method")
    args = Arguments.of(request)
    _authenticate(workspace, method, args)
    scopes.check(workspace, method, args)
    return METHODS[method](workspace, args)


def _authenticate(workspace: Workspace, method: str, args: Arguments) -> None:
    token = request.authorization.token if request.authorization else args.text("token")
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.bot_token, workspace.app_token}:
        raise SlackError("invalid_auth")
    of_the_app = method in api_sockets.METHODS
    if token != (workspace.app_token if of_the_app else workspace.bot_token):
        raise SlackError("not_allowed_token_type")
    if not of_the_app:
        after_this_request(partial(_with_scopes, workspace))


def _with_scopes(workspace: Workspace, response: Response) -> Response:
    """Every answer tells what the token was granted."""
    granted = scopes.everything() if workspace.scopes is None else workspace.scopes
    response.headers["x-oauth-scopes"] = ",".join(sorted(granted))
    return response
