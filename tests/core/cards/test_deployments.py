import pytest

from bot.core.followup.endpoints import EndpointStatus
from tests.core.reading import as_read
from tests.core.situations.cards import OLD, UNSEEN
from tests.core.situations.deployments import REASON, message_about
from tests.doubles.builders import an_arn

IN_SERVICE, FAILED, MIXED, OUT = (
    EndpointStatus.IN_SERVICE,
    EndpointStatus.FAILED,
    EndpointStatus.MIXED,
    EndpointStatus.OUT_OF_SERVICE,
)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (IN_SERVICE, "Endpoint fraud-prod is in service with fraud version 6."),
        (FAILED, "⚠️ Endpoint fraud-prod failed. It was to serve fraud version 6."),
        (OUT, "⚠️ Endpoint fraud-prod is out of service, with fraud version 6."),
    ],
)
def test_a_message_names_the_endpoint_its_state_and_its_version(
    state: EndpointStatus, expected: str
) -> None:
    assert as_read(message_about(state)) == expected
    assert message_about(state).text == expected


@pytest.mark.parametrize("state", [FAILED, OUT, MIXED, IN_SERVICE])
def test_the_reason_of_a_failure_is_quoted_and_in_the_fallback_text(state: EndpointStatus) -> None:
    message = message_about(state, reason=REASON)

    assert as_read(message).endswith(f":\n> {REASON}")
    assert message.text.endswith(f": {REASON}")


@pytest.mark.parametrize("reason", ["", " \n", UNSEEN])
def test_a_message_without_a_reason_quotes_nothing(reason: str) -> None:
    assert as_read(message_about(FAILED, reason=reason)).endswith("fraud version 6.")


def test_a_message_about_a_failed_update_names_the_version_that_was_not_deployed() -> None:
    message = message_about(serves=(OLD[0].arn,), missed=(an_arn(6),))

    assert as_read(message) == (
        "⚠️ Endpoint fraud-prod could not be changed to fraud version 6, "
        f"and is still in service with fraud version {OLD[0].number}."
    )


def test_an_unknown_version_is_not_named() -> None:
    message = message_about(serves=(an_arn(6), an_arn(99, "gone")))

    assert as_read(message) == "Endpoint fraud-prod is in service with fraud version 6."
