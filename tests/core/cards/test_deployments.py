import pytest

from bot.core.followup.endpoints import EndpointStatus
from tests.core.reading import as_read
from tests.core.situations.cards import OLD, UNSEEN
from tests.core.situations.deployments import REASON, became
from tests.doubles.builders import an_arn

IN_SERVICE, FAILED, MIXED, OUT = (
    EndpointStatus.IN_SERVICE,
    EndpointStatus.FAILED,
    EndpointStatus.MIXED,
    EndpointStatus.OUT_OF_SERVICE,
)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (IN_SERVICE, "Endpoint fraud-prod is in service with fraud version 6."),
        (FAILED, "Endpoint fraud-prod failed with fraud version 6."),
        (OUT, "Endpoint fraud-prod is out of service, with fraud version 6."),
    ],
)
def test_it_is_said_which_endpoint_is_where_and_with_which_version(
    state: EndpointStatus, said: str
) -> None:
    assert as_read(became(state)) == said
    assert became(state).text == said


@pytest.mark.parametrize("state", [FAILED, OUT, MIXED, IN_SERVICE])
def test_what_sagemaker_says_of_a_failure_is_quoted_and_read_aloud(state: EndpointStatus) -> None:
    told = became(state, reason=REASON)

    assert as_read(told).endswith(f":\n> {REASON}")
    assert told.text.endswith(f": {REASON}")


@pytest.mark.parametrize("reason", ["", " \n", UNSEEN])
def test_without_a_reason_nothing_is_quoted(reason: str) -> None:
    assert as_read(became(FAILED, reason=reason)).endswith("fraud version 6.")


def test_an_update_that_failed_is_told_of_the_version_that_did_not_come() -> None:
    told = became(serves=(OLD[0].arn,), missed=(an_arn(6),))

    assert as_read(told) == (
        "Endpoint fraud-prod could not be changed to fraud version 6, "
        f"and is still in service with fraud version {OLD[0].number}."
    )


def test_a_version_that_nobody_knows_is_not_named() -> None:
    told = became(serves=(an_arn(6), an_arn(99, "gone")))

    assert as_read(told) == "Endpoint fraud-prod is in service with fraud version 6."
