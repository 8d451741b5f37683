"""What all tests share: golden files, and no clock against hypothesis."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.parallel import Scheduling

GOLDEN = Path(__file__).parent / "golden"

# A slow machine is no bug; and what fails is shown, but not explained for minutes.
settings.register_profile("ours", deadline=None, phases=set(Phase) - {Phase.explain})
settings.load_profile("ours")


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
        "--walks",
        type=int,
        default=200,
        help="how many random walks tests/flows/test_road.py takes",
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
