from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import GOLDEN
from tests.core.situations.all import ALL


@pytest.mark.parametrize("name", ALL)
def test_people_see_what_was_read_and_found_good(
    name: str, golden: Callable[[str, Any], None]
) -> None:
    golden(name, ALL[name])


def test_no_golden_file_is_left_of_a_situation_that_is_no_more() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(ALL)
