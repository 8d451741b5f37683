from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world.embedded import Embedded, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """One world for all tests here, with an empty registry; each makes groups of its own."""
    with running("empty", tmp_path_factory.mktemp("world")) as world:
        world.listen()
        yield world


@pytest.fixture
def world(shared_world: Embedded) -> Iterator[Embedded]:
    """The world with an empty queue, so that the faults of a test hit only its own calls."""
    shared_world.rest()
    yield shared_world
    shared_world.rest()
