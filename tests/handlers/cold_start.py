"""
A program: the Slack request function in a process of its own, from cold, with one signed click.

It is AWS and Slack to itself, with nothing but the standard library, and reports which modules the
function had imported by the time of each call. With the argument "restored", it has credentials as
a function has that was restored from a snapshot.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

SECRET = {"bot_token": "xoxb-cold", "signing_secret": "cold"}
WATCHED = (
    *("boto3", "yaml", "slack_bolt"),
    *("bot.core.jobs.questions", "bot.core.rules.judge", "bot.core.votes.request"),
)
report: dict[str, Any] = {"calls": []}


def collections() -> int:
    """How often Python looked for garbage."""
    return sum(each["collections"] for each in gc.get_stats())


def imported() -> list[str]:
    return [name for name in WATCHED if name in sys.modules]


class FakeServices(BaseHTTPRequestHandler):
    """Secrets Manager, Slack's views.open and SQS, and Lambda's endpoint for credentials."""

    def do_GET(self) -> None:
        report["calls"].append(self.path)
        self._answer(json.dumps(CREDENTIALS).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = self.headers.get("X-Amz-Target", self.path).rpartition(".")[2]
        report["calls"].append(call)
        report[f"imported at {call}"] = imported()
        self._answer(json.dumps(ANSWERS[call](body)).encode())

    def _answer(self, answer: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def a_message(body: bytes) -> Any:
    text = json.loads(body)["MessageBody"].encode()
    digest = md5(text, usedforsecurity=False).hexdigest()
    return {"MessageId": "1", "MD5OfMessageBody": digest, "SequenceNumber": "1"}


CREDENTIALS = {
    "AccessKeyId": "a",
    "SecretAccessKey": "b",
    "Token": "c",
    "Expiration": "2099-01-01T00:00:00Z",
}
ANSWERS: dict[str, Any] = {
    "GetSecretValue": lambda _: {"SecretString": json.dumps(SECRET)},
    "open": lambda _: {"ok": True, "view": {"id": "V1", "hash": "1.a"}},
    "SendMessage": a_message,
}


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeServices)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    os.environ.update(AWS_ENDPOINT_URL=url, SLACK_API_URL=url, QUEUE_URL=f"{url}/1/jobs.fifo")
    if "restored" in sys.argv:
        del os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{url}/credentials"
    event = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    before_init = collections()
    from handlers import slack_request  # noqa: PLC0415 - the cold start begins here

    report["collections while it initialised"] = collections() - before_init
    report["collects from then on"] = gc.isenabled()
    report["looks at again"] = len(gc.get_objects())
    report["imported with the handler"] = imported()
    report["calls until the click"] = [*report["calls"]]
    before = set(sys.modules)
    report["answer"] = slack_request.lambda_handler(event, Context())
    report["imported by the click"] = sorted(set(sys.modules) - before)
    server.shutdown()
    Path(sys.argv[2]).write_text(json.dumps(report), encoding="utf-8")


class Context:
    function_name = "slack_request"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:slack_request"
    aws_request_id = "1"


if __name__ == "__main__":
    main()
