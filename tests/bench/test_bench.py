from __future__ import annotations

import os
import socket
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from infra.local import deployment
from tests.bench import bots, certificate, timing
from tests.bench.calls import count
from tests.bench.events import CLICK, KINDS, QUESTION, event
from tests.bench.quota import FULL_SPEED, HALF, HALF_THROTTLED, THROTTLED, Profile
from tests.bench.stand_in import standing_in
from tests.infra.archive import unpacked_here
from tests.runtime.emulator import NotFetched, fetch
from tests.runtime.lambdas import Image, image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.bots import Bot
    from tests.bench.stand_in import StandIn


@pytest.fixture(scope="module")
def emulator() -> Path:
    try:
        return fetch()
    except NotFetched as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"AWS's Lambda emulator is not here: {reason}")


@pytest.fixture(scope="module")
def textbook(emulator: Path, tmp_path_factory: pytest.TempPathFactory) -> Bot:
    return bots.textbook(emulator, tmp_path_factory.mktemp("textbook"))


@pytest.fixture(scope="module")
def ours(emulator: Path, tmp_path_factory: pytest.TempPathFactory) -> Bot:
    task = unpacked_here(tmp_path_factory)
    return bots.slack_request(image(emulator, task, tmp_path_factory.mktemp("ours")))


@pytest.fixture
def server() -> Iterator[StandIn]:
    with standing_in() as server:
        yield server


def called(bot: Bot, kind: str, server: StandIn) -> list[str]:
    """What *bot* calls for this event, which must end well."""
    timing.measure((bot,), FULL_SPEED, timing.Plan(1, 0, (kind,)), server)
    calls = server.calls.copy()
    server.calls.clear()
    return calls


def test_ours_opens_a_form_and_puts_everything_into_the_queue(ours: Bot, server: StandIn) -> None:
    assert [called(ours, kind, server) for kind in KINDS] == [
        ["GetSecretValue", "views.open", "SendMessage"],
        ["GetSecretValue", "SendMessage"],
        ["GetSecretValue", "SendMessage"],
    ]


def test_each_host_that_a_bot_would_call_gets_a_connection_of_its_own(
    ours: Bot, server: StandIn
) -> None:
    assert called(ours, CLICK, server) == ["GetSecretValue", "views.open", "SendMessage"]
    assert server.connections == 3


def test_the_worker_needs_registry_ledger_report_and_slack_for_its_question(
    ours: Bot, server: StandIn
) -> None:
    calls = called(bots.worker(ours), QUESTION, server)

    assert {"DescribeModelPackage", "BatchGetItem", "GetObject", "answer"} <= set(calls)
    assert calls[-1] == "answer"


def test_the_textbook_bot_opens_a_form_and_leaves_the_rest_to_lazy_listeners(
    textbook: Bot, server: StandIn
) -> None:
    with timing.running(textbook, server) as function:
        answers = [function.invoke(event(kind, server.url))["statusCode"] for kind in KINDS]
        lazily = event("submit", server.url)
        lazily["headers"] |= {
            "x-slack-bolt-lazy-only": "1",
            "x-slack-bolt-lazy-function-name": "update",
        }
        function.invoke(lazily)

    assert answers == [200, 200, 200]
    assert server.calls == ["auth.test", "views.open", "Invoke", "Invoke", "UpdateModelPackage"]


# --- TLS ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ours", "the worker", "textbook"])
def test_a_bot_that_does_not_trust_the_stand_in_tells_it_nothing(
    name: str, server: StandIn, request: pytest.FixtureRequest
) -> None:
    bot = request.getfixturevalue("textbook" if name == "textbook" else "ours")
    kind = CLICK
    if name == "the worker":
        bot, kind = bots.worker(bot), QUESTION
    public = dict.fromkeys(server.trust, str(certificate.PUBLIC))
    careful = replace(bot, environment={**bot.environment, **public})

    with pytest.raises(RuntimeError, match=r"does not acknowledge|CERTIFICATE_VERIFY_FAILED"):
        called(careful, kind, server)

    assert server.calls == []


def test_whoever_trusts_the_stand_in_reads_all_public_authorities_as_well(server: StandIn) -> None:
    (file,) = set(server.trust.values())
    strict = ssl.create_default_context(cafile=file)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT  # which Python 3.13 does by itself
    with socket.create_connection(server.server_address[:2]) as plain:
        strict.wrap_socket(plain, server_hostname=certificate.HOST).close()

    only = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    only.load_verify_locations(certificate.PUBLIC)
    assert len(strict.get_ca_certs()) == len(only.get_ca_certs()) + 1 > 100


# --- times ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "profile", [Profile(885, init_is_free=False), Profile(885)], ids=lambda profile: profile.name
)
def test_each_call_is_timed_behind_a_limit(
    textbook: Bot, server: StandIn, profile: Profile
) -> None:
    times = timing.measure((textbook,), profile, timing.Plan(1, 2, ("click",)), server)

    many = {(cell.start, cell.kind): len(values.all) for cell, values in times.items()}
    assert many == {
        (start, what): number
        for start, number in ((timing.COLD, 1), (timing.WARM, 2))
        for what in ("click", timing.FORM)
    }
    medians = {(cell.start, cell.kind): values.median for cell, values in times.items()}
    assert (
        medians[timing.COLD, "click"]
        > medians[timing.COLD, timing.FORM]
        > medians[timing.WARM, "click"]
    )


def test_an_answer_that_is_no_acknowledgement_is_not_timed(textbook: Bot, server: StandIn) -> None:
    stranger = replace(
        textbook, environment={**textbook.environment, "SLACK_SIGNING_SECRET": "another"}
    )

    with pytest.raises(RuntimeError, match=r"textbook does not acknowledge a click: .*401"):
        called(stranger, CLICK, server)


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
def test_a_decision_updates_the_version_once_and_a_vote_does_not() -> None:
    steps = {step.name: step.counts for step in count()}

    updates = {name: counts.aws["sagemaker:UpdateModelPackage"] for name, counts in steps.items()}
    assert [name for name, many in updates.items() if many == 1] == [
        "one vote decides",
        "one vote decides, functions just started",
        "the second vote decides",
    ]
    assert sum(updates.values()) == 3
    assert (
        steps["one vote decides"].aws.total() == steps["the second vote decides"].aws.total() == 11
    )
    assert steps["one vote decides"].slack["chat.update"] == 1
    assert not {name for counts in steps.values() for name in counts.aws if "?" in name}


# --- the bots and what they are held to -----------------------------------------------------------


def test_a_bot_is_packed_with_bytecode_for_each_file_or_with_none(tmp_path: Path) -> None:
    task = tmp_path / "made" / "task"
    (task / "library").mkdir(parents=True)
    (task / "app.py").write_text("X = 1")
    (task / "library" / "part.py").write_text("Y = 1")
    made = bots.Bot("made", Image(tmp_path, tmp_path, task), "app.lambda_handler", {})

    compiled = bots.compiled(made, tmp_path / "compiled")
    plain = bots.plain(compiled, tmp_path / "plain")

    assert modules(compiled) == {"app", "part"}
    assert modules(plain) == set()


def modules(bot: Bot) -> set[str]:
    """What *bot* has bytecode for."""
    return {path.name.partition(".")[0] for path in bot.image.task.rglob("*.pyc")}


def test_the_functions_are_held_to_what_serverless_yml_gives_them() -> None:
    functions = deployment.load(deployment.ROOT / "serverless.yml")["functions"]
    memory = {name: function["memorySize"] for name, function in functions.items()}

    assert {FULL_SPEED.memory, THROTTLED.memory} == {memory["slackRequest"]}
    assert {HALF.memory, HALF_THROTTLED.memory} == {memory["worker"]}
