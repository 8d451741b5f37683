"""The corrected registry inside this process, with one group, and its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from infra.local.registry import correct
from tests.local.registry.calls import Json, client

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def events() -> list[Json]:
    return []


@pytest.fixture
def registry(events: list[Json]) -> Iterator[Any]:
    with mock_aws():
        correct(events.append)
        sagemaker = client("sagemaker")
        sagemaker.create_model_package_group(ModelPackageGroupName="Churn")
        yield sagemaker
