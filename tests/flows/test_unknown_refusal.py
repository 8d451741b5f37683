"""A refusal that may mean anything: nothing is taken for deleted, and the job is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.errors import UnknownRefusal
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from tests.doubles.builders import a_submit, a_version, an_offer
from tests.doubles.chat import buttons

if TYPE_CHECKING:
    from tests.flows.conftest import FakeBot


def test_a_version_that_aws_refuses_to_describe_keeps_its_card_and_what_was_asked_for(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    before, record = bot.card(version), bot.ledger.get(version.arn)
    submitted = a_submit(an_offer(version, Status.APPROVED))
    bot.registry.unreachable[OWN_REGISTRY] = UnknownRefusal("ValidationException")

    for job in (ReconcileVersion(version.arn), submitted):
        with pytest.raises(UnknownRefusal):
            bot.do(job)
    assert bot.card(version) == before
    assert bot.ledger.get(version.arn) == record

    del bot.registry.unreachable[OWN_REGISTRY]
    bot.do(submitted)
    assert bot.status(version.arn) is Status.APPROVED
    assert "approve" not in buttons(bot.card(version))
