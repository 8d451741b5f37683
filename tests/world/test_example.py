"""The example that the demo shows, with its stand-in for CI/CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world.embedded import ANA, Embedded, running, until

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "fraud-detector"
IN_PLACE_OF = (
    f"Endpoint {GROUP}-prod is in service with {GROUP} version {{}}, in place of {GROUP} "
    "version {}."
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running("example", tmp_path_factory.mktemp("example")) as world:
        yield world


def test_a_decision_is_deployed_and_the_result_is_announced(example: Embedded) -> None:
    """Approving deploys, and revoking goes back to the latest version that is still Approved."""
    arn = f"arn:aws:sagemaker:{example.region}:{example.account}:model-package/{GROUP}/4"
    assert example.notices(GROUP) == [
        f"Endpoint {GROUP}-prod is in service with {GROUP} version 3."
    ]
    example.decide(ANA, arn, "approve")

    assert IN_PLACE_OF.format(4, 3) in example.thread_with(example.card(arn), 2)
    example.decide(ANA, arn, "revoke")
    until(lambda: IN_PLACE_OF.format(3, 4) in example.notices(GROUP), "the way back")
    assert IN_PLACE_OF.format(3, 4) in example.thread_with(example.card(arn), 4)


def test_the_terminal_shows_where_to_go_and_no_warnings_of_libraries(example: Embedded) -> None:
    for _ in range(2):
        example.ask(ANA)
    example.rest()

    shown = example.stderr.read_text(encoding="utf-8").strip().splitlines()

    assert [line.split(":")[0].strip() for line in shown] == [
        "Slack, with the bot in it",
        "Register another version",
        "Stop",
    ]
