"""The stand-in as one Flask application: Web API, response URLs, client calls and the page."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from flask import Flask, Response, redirect, request, send_from_directory
from werkzeug.wrappers import Response as Redirect

from infra.local.faults import Faults
from infra.local.slack import api, link, responses
from infra.local.slack.client import Client
from infra.local.slack.delivery import Delivery
from infra.local.slack.model import Deliver
from infra.local.slack.workspace import Workspace

PAGE: Final = Path(__file__).parent / "page"


def create_app(
    workspace: Workspace, faults: Faults, deliver: Deliver, settle: Callable[[], None]
) -> Flask:
    """
    Build the stand-in.

    *deliver* sends the bot a signed request and returns its answer, or raises TimeoutError; it is
    not used while the bot has a connection of Socket Mode.
    *settle* returns once the bot has done all its jobs.
    """
    app = Flask("slack", static_folder=PAGE, static_url_path="/page")
    app.register_blueprint(api.blueprint(workspace, faults))
    app.register_blueprint(responses.blueprint(workspace, faults))
    app.register_blueprint(link.blueprint(workspace))
    delivery = Delivery(workspace, workspace.sockets.or_else(deliver))
    client = Client(workspace, faults, delivery, settle)
    app.register_blueprint(client.blueprint())
    app.add_url_rule("/", view_func=_page)
    app.add_url_rule("/archives/<channel>/<message>", view_func=_permalink)
    return app


def _page() -> Response:
    return send_from_directory(PAGE, "index.html")


def _permalink(channel: str, message: str) -> Redirect:
    """Redirect a permalink in Slack's form, p1700000000000100, to the page's own."""
    ts = f"{message[1:-6]}.{message[-6:]}"
    return redirect(f"/#{channel}/{request.args.get('thread_ts', ts)}")
