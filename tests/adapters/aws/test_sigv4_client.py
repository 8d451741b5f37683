"""A signed call of AWS without boto3: at most two quick attempts, and AWS's error codes."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from botocore.loaders import Loader

from bot.adapters.aws.sigv4_client import PROTOCOLS, CallRefused, Sigv4Client
from bot.adapters.aws.sqs_sender import SqsSender
from bot.core.errors import Misconfigured, Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.settings import Settings
from infra.local.server import Server
from tests.adapters.aws import BUSY, in_one
from tests.doubles.builders import an_arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from infra.local.faults import Faults
    from tests.adapters.aws import Aws

pytestmark = pytest.mark.usefixtures("as_in_lambda")
JOB = ReconcileVersion(an_arn(1))


@pytest.fixture
def failed() -> list[str]:
    """The codes of the errors that were reported."""
    return []


@pytest.fixture
def client(failed: list[str]) -> Sigv4Client:
    return Sigv4Client(Settings(), failed.append)


@pytest.fixture
def queue(empty_aws: Aws, client: Sigv4Client) -> SqsSender:
    return SqsSender(client, in_one(empty_aws.settings["QUEUE_URL"]))


def queued(aws: Aws) -> int:
    """How many messages are in the queue."""
    answer = aws.client("sqs").receive_message(
        QueueUrl=aws.settings["QUEUE_URL"], MaxNumberOfMessages=10
    )
    return len(answer.get("Messages", []))


@pytest.mark.parametrize("service", PROTOCOLS)
def test_a_service_is_called_with_the_protocol_of_its_api_model(service: str) -> None:
    model = Loader().load_service_model(service, "service-2")["metadata"]

    assert "json" in model["protocols"]
    assert PROTOCOLS[service] == (model["targetPrefix"], model["jsonVersion"])


@pytest.mark.parametrize("error", [*BUSY, "RequestThrottled"])
def test_a_single_failed_call_is_retried_and_not_counted(
    empty_aws: Aws, faults: Faults, queue: SqsSender, failed: list[str], error: str
) -> None:
    faults.add("SendMessage", error)
    queue.send(JOB, "key")

    assert queued(empty_aws) == 1
    assert failed == []


@pytest.mark.parametrize("error", [*BUSY, "RequestThrottled"])
def test_a_lasting_outage_is_a_reason_to_wait_and_is_counted_once(
    empty_aws: Aws, faults: Faults, queue: SqsSender, failed: list[str], error: str
) -> None:
    faults.add("SendMessage", error, 2)
    with pytest.raises(Unavailable, match="sqs is busy"):
        queue.send(JOB, "key")

    assert len(failed) == 1
    assert faults.take("SendMessage") is None
    queue.send(JOB, "key")
    assert queued(empty_aws) == 1


def test_a_queue_that_refuses_is_called_once_and_named(
    empty_aws: Aws, faults: Faults, queue: SqsSender, failed: list[str]
) -> None:
    url = empty_aws.settings["QUEUE_URL"]
    faults.add("SendMessage", "AccessDeniedException")
    with pytest.raises(Misconfigured) as caught:
        queue.send(JOB, "key")

    assert str(caught.value) == f"The queue {url} takes no message: AccessDeniedException."
    assert failed == ["AccessDeniedException"]


def test_a_queue_that_does_not_exist_is_named(empty_aws: Aws, client: Sigv4Client) -> None:
    missing = empty_aws.settings["QUEUE_URL"].replace("jobs", "nowhere")

    with pytest.raises(Misconfigured, match=r"nowhere.*: \w+\."):
        SqsSender(client, in_one(missing)).send(JOB, "key")


ANSWERS = {
    "no JSON": ("200 OK", b"<html>"),
    "nothing": ("200 OK", b""),
    "a list": ("200 OK", b"[]"),
    "a proxy's no": ("403 Forbidden", b"<html>"),
    "a code in a text": ("400 Bad Request", b'"ThrottlingException"'),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_not_from_aws_is_an_error_with_its_status(
    monkeypatch: pytest.MonkeyPatch, client: Sigv4Client, failed: list[str], answer: str
) -> None:
    status, body = ANSWERS[answer]

    with answering(status, body) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        with pytest.raises((Unavailable, CallRefused)):
            client.call("sqs", "SendMessage", {})
    assert failed == [status[:3]]


def test_an_answer_that_cannot_be_read_may_have_been_a_success_and_is_a_reason_to_wait(
    monkeypatch: pytest.MonkeyPatch, client: Sigv4Client
) -> None:
    with answering("200 OK", b'{"Mess') as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        with pytest.raises(Unavailable):
            client.call("sqs", "SendMessage", {})


@pytest.mark.parametrize(("hangs_up", "connections"), [(False, 1), (True, 2)])
def test_a_connection_is_kept_and_opened_again_after_it_was_closed(
    monkeypatch: pytest.MonkeyPatch,
    client: Sigv4Client,
    failed: list[str],
    *,
    hangs_up: bool,
    connections: int,
) -> None:
    """The server closes it without notice, as happens while Lambda has frozen the process."""
    with listening(hangs_up=hangs_up) as (url, callers):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        answers = [client.call("sqs", "SendMessage", {}) for _ in range(2)]

    assert answers == [{}, {}]
    assert len(callers) == 2
    assert len({*callers}) == connections
    assert failed == []


@contextmanager
def listening(*, hangs_up: bool) -> Iterator[tuple[str, list[int]]]:
    """A server that keeps connections, as AWS does, and the ports of those who called it."""
    callers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            callers.append(self.client_address[1])
            self.rfile.read(int(self.headers["Content-Length"]))
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            self.close_connection = hangs_up

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", callers
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def answering(status: str, body: bytes) -> Iterator[Server]:
    """A server that gives this answer to every request."""

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start(status, [("Content-Length", str(len(body)))])
        return [body]

    server = Server(app)
    server.start()
    yield server
    server.stop()
