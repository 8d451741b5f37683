import json
from datetime import datetime, timedelta, timezone

import pytest

from bot.adapters.store.endpoint_rows import item_of, memory_of
from tests.doubles.builders import NOON, an_arn
from tests.doubles.endpoints import a_memory, an_endpoint

MEMORY = a_memory(
    arn=an_endpoint(),
    revision=3,
    created=NOON,
    told_digest="a digest",
    pending_versions=(an_arn(),),
    reason="no memory",
)


@pytest.mark.parametrize(("missing", "default"), [("created", None), ("reason", "")])
def test_a_field_that_an_older_version_did_not_write_has_its_default(
    missing: str, default: object
) -> None:
    item = item_of(MEMORY)
    body = json.loads(item["body"]["S"])
    del body[missing]
    read = memory_of({**item, "body": {"S": json.dumps(body)}}, NOON)

    assert getattr(read, missing) == default
    assert (read.told_digest, read.pending_versions, read.revision) == (
        MEMORY.told_digest,
        MEMORY.pending_versions,
        MEMORY.revision,
    )


@pytest.mark.parametrize("hours", [0, -5])
def test_the_creation_time_of_an_endpoint_is_stored_to_the_microsecond(hours: int) -> None:
    created = datetime(2026, 3, 2, 12, 0, 0, 123456, timezone(timedelta(hours=hours)))

    assert memory_of(item_of(a_memory(created=created)), NOON).created == created
