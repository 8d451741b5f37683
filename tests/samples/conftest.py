"""The samples are written again before the tests, which they parametrise, are collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.samples import made

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-samples"):
        made.save(made.samples())
