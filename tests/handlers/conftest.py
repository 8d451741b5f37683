from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from botocore.retries.standard import ExponentialBackoff
from slack_sdk import signature

from infra.local.registry import correct
from tests.handlers.bench import Bench, Servers
from tests.handlers.processes import restart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    servers = Servers.started()
    yield servers
    servers.stop()


@pytest.fixture(autouse=True)
def _botocore_tries_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)


@pytest.fixture
def bench(servers: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(servers)
    bench.deploy(monkeypatch, tmp_path)
    yield bench
    correct()
    restart()


@dataclass
class Clock:
    """The time of the day; `time.monotonic` does not count what Lambda has frozen a process for."""

    now: float

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Clock:  # noqa: ARG001 - in whose process
    clock = Clock(time.time())
    monkeypatch.setattr(time, "time", clock)
    monkeypatch.setattr(signature, "time", clock)
    restart()
    return clock
