"""Where the connections of Socket Mode arrive: the end of each has a thread of its own."""

from contextlib import closing

from flask import Blueprint, Response, make_response, request

from infra.local.slack.websocket import WebSocket
from infra.local.slack.workspace import Workspace


def blueprint(workspace: Workspace) -> Blueprint:
    found = Blueprint("link", __name__)
    sockets = workspace.sockets

    @found.route("/link", methods=["GET"], websocket=True)
    def link() -> Response:
        if not sockets.admits(request.args.get("ticket", "")):
            return make_response("", 401)
        line, key = request.environ["werkzeug.socket"], request.headers["Sec-WebSocket-Key"]
        with closing(WebSocket(line, key)) as connection:
            sockets.join(connection)
            try:
                for text in connection:
                    sockets.hear(text)
            finally:
                sockets.leave(connection)
        # The line is closed: nobody hears this.
        return make_response("")

    return found
