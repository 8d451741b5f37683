"""9. The limits of custom metadata: what may be in it, and how much."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.registry.calls import a_version, described, refusal, stated


@pytest.mark.parametrize(
    "value",
    ["U012ABC", "ann@example.org", "2026-03-01T09:00:00Z", "https://x.slack.com/archives/C0/p17"],
)
def test_metadata_takes_ids(registry: Any, value: str) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"by": value})

    assert described(registry, arn)["CustomerMetadataProperties"] == {"by": value}


@pytest.mark.parametrize(
    "value",
    [
        "looks good, ship",
        "<@U1>",
        "100%",
        '{"a": 1}',
        "(ok)",
        "two\nlines",
        "?thread_ts=1",
        "x" * 257,
    ],
)
def test_metadata_takes_no_prose(registry: Any, value: str) -> None:
    arn = a_version(registry)

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        CustomerMetadataProperties={"ok": "yes", "why": value},
    )

    assert message == (
        f"1 validation error detected: Value '{{ok=yes, why={value}}}' at "
        "'customerMetadataProperties' failed to satisfy constraint: Map value must satisfy "
        f"constraint: [Member must have length less than or equal to "
        f"{stated('CustomerMetadataValue', 'max')}, Member must have length greater than or equal "
        f"to {stated('CustomerMetadataValue', 'min')}, Member must satisfy regular expression "
        f"pattern: {stated('CustomerMetadataValue', 'pattern')}]"
    )


@pytest.mark.parametrize("key", ["a,b", "x" * 129, ""])
def test_metadata_keys_are_limited_too(registry: Any, key: str) -> None:
    message = refusal(
        registry.create_model_package,
        ModelPackageGroupName="Churn",
        CustomerMetadataProperties={key: "x"},
    )

    assert "Map keys must satisfy constraint: [Member must have length less than" in message


def test_metadata_is_counted_after_the_merge(registry: Any) -> None:
    most = stated("CustomerMetadataMap", "max")
    arn = a_version(registry, CustomerMetadataProperties={f"k{n}": "x" for n in range(most)})

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        CustomerMetadataProperties={"one-more": "x"},
    )

    assert "at 'customerMetadataProperties' failed" in message
    assert message.endswith(f"Member must have length less than or equal to {most}")
