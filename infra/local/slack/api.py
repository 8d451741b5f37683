"""The Web API: authenticates a call, finds its method, and answers in Slack's form."""

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
    scopes,
    slack_faults,
)
from infra.local.slack.arguments import Arguments
from infra.local.slack.model import Json, SlackError
from infra.local.slack.rates import RateLimited
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
        return slack_faults.answer_or_fail(faults.take(method), lambda: _answer(workspace, method))

    return api


def _answer(workspace: Workspace, method: str) -> Response:
    try:
        return jsonify(ok=True, **_call(workspace, method))
    except RateLimited as error:
        return slack_faults.rate_limited(error.seconds)
    except SlackError as error:
        return jsonify(error.answer())


def _call(workspace: Workspace, method: str) -> Json:
    if method not in METHODS:
        raise SlackError("unknown_method")
    args = Arguments.of(request)
    _authenticate(workspace, method, args)
    scopes.check(workspace, method, args)
    workspace.rates.count(method, args.text("channel"))
    return METHODS[method](workspace, args)


def _authenticate(workspace: Workspace, method: str, args: Arguments) -> None:
    token = request.authorization.token if request.authorization else args.text("token")
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.bot_token, workspace.app_token}:
        raise SlackError("invalid_auth")
    needs_app_token = method in api_sockets.METHODS
    if token != (workspace.app_token if needs_app_token else workspace.bot_token):
        raise SlackError("not_allowed_token_type")
    if not needs_app_token:
        after_this_request(partial(_with_scopes, workspace))


def _with_scopes(workspace: Workspace, response: Response) -> Response:
    """Add the scopes that the token was granted, as every answer of Slack's has them."""
    granted = scopes.everything() if workspace.scopes is None else workspace.scopes
    response.headers["x-oauth-scopes"] = ",".join(sorted(granted))
    return response
