"""What all tests share: golden files, several processes, and no clock against hypothesis."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.parallel import Scheduling

GOLDEN = Path(__file__).parent / "golden"

# A slow machine is no bug. A failing example is shown, without minutes of explanation.
settings.register_profile("ours", deadline=None, phases=set(Phase) - {Phase.explain})
settings.load_profile("ours")

# A process keeps nearly all its objects to the end. Collecting garbage as often as Python does by
# default took a quarter of the time.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _collect_garbage_at_the_end() -> Iterator[None]:
    """
    Collect the last garbage while pytest still reports warnings.

    Python warns of an open socket or file when it collects it, and a warning is an error here.
    Warnings of pytest-xdist's processes after their last test are lost.
    """
    yield
    gc.collect()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the files in tests/golden/ anew, instead of comparing with them",
    )
    parser.addoption(
        "--update-samples",
        action="store_true",
        help="write the files in tests/samples/ anew, instead of comparing with them",
    )
    parser.addoption(
        "--stories",
        type=int,
        default=60,
        help="how many stories tests/simulation goes through",
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.option.dist == "loadfile" else None


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden file of that name, or writes the file anew."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="")
        assert path.exists(), f"{path.name} is missing: run pytest --update-golden, and read it"
        assert path.read_bytes().decode() == text

    return compare
