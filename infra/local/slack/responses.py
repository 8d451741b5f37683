"""Response URLs: how the bot answers one interaction, without a token and for a short time."""

from flask import Blueprint, Response, jsonify, make_response, request

from infra.local.faults import Faults
from infra.local.slack import slack_faults
from infra.local.slack.arguments import Arguments
from infra.local.slack.content import content_of
from infra.local.slack.interactions import ResponseUrl
from infra.local.slack.model import BOT_USER, Message, SlackError
from infra.local.slack.workspace import Workspace


def blueprint(workspace: Workspace, faults: Faults) -> Blueprint:
    responses = Blueprint("responses", __name__)

    @responses.post("/response/<token>")
    def answer(token: str) -> Response:
        fault = faults.take("response_url")
        return slack_faults.answer_or_fail(fault, lambda: _answer(workspace, token))

    return responses


def respond(workspace: Workspace, interaction: ResponseUrl, args: Arguments) -> None:
    """Answer an interaction: by default with an ephemeral message in the same channel."""
    original = _original(workspace, interaction)
    if args.flag("delete_original"):
        if original:
            workspace.messages.delete(original)
        return
    content = content_of(args)
    if original and args.flag("replace_original"):
        workspace.messages.change(original, content.text, content.blocks, content.metadata)
        return
    workspace.messages.add(
        interaction.channel,
        BOT_USER,
        content.text,
        content.blocks or (),
        thread_ts=args.text("thread_ts") or None,
        metadata=content.metadata,
        only_for=None if args.text("response_type") == "in_channel" else interaction.user.id,
    )


def _answer(workspace: Workspace, token: str) -> Response:
    try:
        respond(workspace, workspace.response_urls.use(token), Arguments.of(request))
    except SlackError as error:
        status = 404 if error.error == "expired_url" else 400
        return make_response(jsonify(error.answer()), status)
    return jsonify(ok=True)


def _original(workspace: Workspace, interaction: ResponseUrl) -> Message | None:
    """Return the message that was clicked, as it is now; None for a command, or if it is gone."""
    clicked = interaction.message
    return workspace.messages.get(clicked.channel, clicked.ts) if clicked else None
