"""What the functions print is kept for months, and more people may read it than may decide."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.handlers import door
from tests.handlers.bench import SECRET, TOKEN, TRIES, TRIES_IN_HASTE, Bench
from tests.world.embedded import ANA, ROOT, buttons

if TYPE_CHECKING:
    from pathlib import Path

    from tests.handlers.door import Json

COMMENT = "the-comment-that-nobody-else-shall-read"
TRIGGER = re.compile(r"\d+\.\d+\.[0-9a-f]{32}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{20,}")


def printed(bench: Bench, folder: Path, function: str, events: list[Json]) -> str:
    """All that *function* prints when it is called with *events*, in a process of its own."""
    file = folder / "events.json"
    file.write_text(json.dumps(events))
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-m", "tests.handlers.invoke", function, str(file)],
        cwd=ROOT,
        env={**os.environ, **bench.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def assert_nothing_slipped_out(log: str) -> None:
    secrets = (TOKEN, SECRET, COMMENT)

    assert [secret for secret in secrets if secret in log] == []
    assert TRIGGER.findall(log) == []
    assert SIGNATURE.findall(log) == []


def requests_of_a_decision(bench: Bench) -> list[tuple[dict[str, str], str]]:
    """A click and a submit, and every way of sending them that goes wrong."""
    form = bench.people.open_form(ANA, bench.a_card(), "approve")
    bench.work_all()
    bench.people.submit(ANA, form, COMMENT)
    bench.work_all()
    bench.people.act("command", user=ANA, channel="C0MODELS00", text=COMMENT)
    bench.work_all()
    good = list(bench.requests)
    click, submit, _ = (body for _, body in good)
    broken = submit.replace("private_metadata", "private_matters")
    unknown = submit.replace("decide", "something-else")
    forged = [(door.signed(body, "a guess"), body) for _, body in good]
    old = [(door.signed(body, SECRET, age=301), body) for _, body in good]
    odd = [(door.signed(body, SECRET), body) for body in (broken, unknown, click[:-40])]
    return [*good, *forged, *old, *odd]


def test_the_slack_door_logs_no_secret_no_signature_no_trigger_and_no_comment(
    bench: Bench, tmp_path: Path
) -> None:
    sent = requests_of_a_decision(bench)
    bench.calls.add("SendMessage", "500", TRIES_IN_HASTE)
    bench.calls.add("views.open", "invalid_arguments", 3)
    events = [door.request(body, headers) for headers, body in sent]
    log = printed(bench, tmp_path, "slack_request", events)

    assert "Failed to run listener function" in log
    assert_nothing_slipped_out(log)


def test_the_worker_logs_no_secret_and_no_comment(bench: Bench, tmp_path: Path) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.people.submit(ANA, form, COMMENT)
    bench.calls.add("chat.update", "fatal_error", 1)
    bench.calls.add("chat.postMessage", "invalid_blocks", 1)
    bench.calls.add("UpdateModelPackage", "500", TRIES)
    (record,) = bench.take()
    broken = {**record, "messageId": "2", "body": record["body"].replace("offer", "other")}
    calls = [{"Records": [each]} for each in (record, record, record, broken)]
    log = printed(bench, tmp_path, "worker", calls)

    assert buttons(bench.people.card(arn)) == ["revoke"]
    assert "an errand failed and goes back to the line" in log
    assert_nothing_slipped_out(log)


def test_what_fails_in_the_worker_is_logged_with_its_errand_and_its_reason(
    bench: Bench, tmp_path: Path
) -> None:
    arn = bench.a_card()
    bench.put(json.dumps({"format": 1, "errand": "Announce", "arn": arn}), "a")
    bench.calls.add("DescribeModelPackage", "500", TRIES)
    log = printed(bench, tmp_path, "worker", [{"Records": bench.take()}])
    entries = [json.loads(line) for line in log.splitlines() if line.startswith('{"level"')]
    (entry,) = [each for each in entries if each["level"] == "ERROR"]

    assert entry["function_name"] == "worker"
    assert entry["errand"] == "Announce"
    assert "InternalFailure" in entry["exception"]
