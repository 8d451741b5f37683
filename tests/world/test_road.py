from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.cards.effects import production
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from infra.local.registry.package import DENIED_KEY
from tests.world.embedded import (
    ANA,
    FRAUD,
    MODELS,
    PIPELINE,
    VALIDATION,
    Embedded,
    buttons,
    until,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SET_BY_A_DECISION = ["ModelApprovalStatus", "ApprovalDescription", "CustomerMetadataProperties"]


def with_evaluation(world: Embedded, group: str) -> dict[str, object]:
    """The fields of a version with an evaluation in S3."""
    s3 = world.client("s3")
    s3.create_bucket(Bucket=group)
    metrics = {"binary_classification_metrics": {"auc": {"value": 0.9412}}}
    s3.put_object(Bucket=group, Key="evaluation.json", Body=json.dumps(metrics).encode())
    uri = f"s3://{group}/evaluation.json"
    statistics = {"ContentType": "application/json", "S3Uri": uri}
    return {"ModelMetrics": {"ModelQuality": {"Statistics": statistics}}}


def test_a_new_version_gets_a_card_with_its_evidence_and_buttons(world: Embedded) -> None:
    group = world.new_group()
    fields = with_evaluation(world, group)
    arn = world.register(group, ModelPackageDescription="The third try.", **fields)
    card = world.card(arn)
    text = words(card)

    assert card["channel"] == FRAUD
    assert f"{group} version 1" in text
    assert "Waiting for a decision" in text
    assert "The third try." in text
    assert f"user/{PIPELINE}" in text
    assert f"{world.describe(arn)['CreationTime']:%Y-%m-%d %H:%M}" in text
    assert "auc" in text
    assert "0.9412" in text
    assert f"/s3/object/{group}?region=us-east-1&prefix=evaluation.json" in str(card["blocks"])
    assert buttons(card) == ["approve", "reject"]


def test_a_version_whose_model_card_may_not_be_decrypted_is_announced_and_decided(
    world: Embedded,
) -> None:
    content = {"ModelCardContent": '{"intended_uses": {}}', "ModelCardStatus": "Draft"}
    denied = {"KmsKeyId": DENIED_KEY}
    arn = world.register(world.new_group(), ModelCard=content, SecurityConfig=denied)
    text = words(world.card(arn))
    world.decide(ANA, arn, "approve")

    assert "Model card could not be read." in text
    assert world.status(arn) == "Approved"


def test_a_version_that_no_rule_matches_is_announced_and_nobody_may_decide_it(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group("orphan"))
    card = world.card(arn)

    assert card["channel"] == MODELS
    assert "Nobody may decide" in words(card)
    assert buttons(card) == []


def test_a_version_that_is_still_validated_is_not_announced(world: Embedded) -> None:
    group = world.new_group()
    arn = world.register(group, ValidationSpecification=VALIDATION)
    until(
        lambda: about(world, arn, "Job sent to the queue") > 0, "the event of an unfinished version"
    )
    world.rest()

    assert world.describe(arn)["ModelPackageStatus"] == "InProgress"
    assert world.cards(arn) == []


def about(world: Embedded, arn: str, message: str) -> int:
    """The number of log entries with *message* about *arn*."""
    return sum(e.get("message") == message and e.get("arn") == arn for e in world.log())


def waiting(world: Embedded) -> str:
    return world.register(world.new_group())


def rejected(world: Embedded) -> str:
    arn = waiting(world)
    world.decide(ANA, arn, "reject")
    return arn


def approved(world: Embedded) -> str:
    arn = waiting(world)
    world.decide(ANA, arn, "approve")
    return arn


@dataclass(frozen=True)
class Move:
    action: str
    start: Callable[[Embedded], str]
    status: str
    done: str
    sign: str
    left: list[str]


MOVES = [
    Move("approve", waiting, "Approved", "Approved", "🟢 Approved; next to deploy", ["revoke"]),
    Move("reject", waiting, "Rejected", "Rejected", "🔴 Rejected", ["reinstate"]),
    Move(
        "reinstate", rejected, "Approved", "Reinstated", "🟢 Approved; next to deploy", ["revoke"]
    ),
    Move(
        "revoke",
        approved,
        "Rejected",
        "Revoked",
        "↩️ Revoked",
        ["reinstate"],
    ),
]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.action)
def test_a_move_is_one_update_with_the_name_of_the_person(world: Embedded, move: Move) -> None:
    arn = move.start(world)
    before = len(world.updates(arn))
    world.decide(ANA, arn, move.action, "as agreed on Monday")
    after = world.describe(arn)
    metadata = after["CustomerMetadataProperties"]

    assert world.updates(arn)[before:] == [SET_BY_A_DECISION]
    assert after["ModelApprovalStatus"] == move.status
    assert after["ApprovalDescription"] == f"as agreed on Monday (Ana Silva, Slack {ANA})"
    assert metadata["approval-move"].lower() == move.action
    assert metadata["approval-by"] == ANA
    assert metadata["approval-decision"]
    assert is_about(metadata["approval-at"], after["LastModifiedTime"])


def is_about(written: str, moment: datetime) -> bool:
    """Whether *written*, in ISO form, names *moment* or one close to it."""
    return abs(datetime.fromisoformat(written) - moment) < timedelta(minutes=1)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.action)
def test_a_move_is_shown_on_the_card_in_the_thread_and_in_the_channels(
    world: Embedded, move: Move
) -> None:
    arn = move.start(world)
    world.rest()
    earlier = len(world.thread(world.card(arn)))
    world.decide(ANA, arn, move.action, "as agreed on Monday")
    card = world.card(arn)
    thread = world.thread_with(card, earlier + 1)
    world.rest()
    notices = world.notices(world.describe(arn)["ModelPackageGroupName"])

    assert move.sign in words(card)
    assert buttons(card) == move.left
    assert len(thread) == len(notices) == earlier + 1
    assert re.search(f"{move.done} .* by @{ANA}: “as agreed on Monday”", words(card))
    for text in (thread[-1], notices[-1]):
        assert f"{move.done} by @{ANA}" in text
        assert "as agreed on Monday" in text
    assert f"#{FRAUD}" in notices[-1]


def test_metadata_of_others_is_kept(world: Embedded) -> None:
    arn = world.register(world.new_group(), CustomerMetadataProperties={"team": "growth"})
    world.decide(ANA, arn, "approve")

    assert world.describe(arn)["CustomerMetadataProperties"]["team"] == "growth"


def test_the_outcome_in_the_form_follows_from_all_versions(world: Embedded) -> None:
    group = world.new_group()
    first = world.register(group)
    second = world.register(group, "Approved")
    third = world.register(group)
    to_approve_first = words(world.open_form(ANA, first, "approve"))
    to_approve_third = words(world.open_form(ANA, third, "approve"))
    world.decide(ANA, third, "approve")
    to_revoke_third = words(world.open_form(ANA, third, "revoke"))

    assert production(1, Status.APPROVED, Outcome(2, 2), now=True) in to_approve_first
    assert production(3, Status.APPROVED, Outcome(2, 3), now=True) in to_approve_third
    assert production(3, Status.REJECTED, Outcome(3, 2), now=True) in to_revoke_third
    assert world.status(second) == "Approved"


def test_the_cards_of_the_other_versions_show_what_is_next_to_deploy_now(world: Embedded) -> None:
    group = world.new_group()
    first, second = world.register(group), world.register(group)
    world.decide(ANA, first, "approve")
    still_waits = world.card_when(second, lambda card: "Next to deploy: version 1" in words(card))
    world.decide(ANA, second, "approve")
    superseded = world.card_when(first, lambda card: "; next to deploy" not in words(card))

    assert buttons(still_waits) == ["approve", "reject"]
    assert "🟢 Approved" in words(superseded)


def test_a_move_that_needs_a_comment_is_not_sent_without_one(world: Embedded) -> None:
    arn = waiting(world)
    form = world.open_form(ANA, arn, "reject")
    answer = world.submit(ANA, form, "")

    assert answer["errors"] == {"comment": "Please complete this required field."}
    assert world.status(arn) == "PendingManualApproval"


def test_a_comment_of_spaces_is_no_comment(world: Embedded) -> None:
    arn = waiting(world)
    form = world.open_form(ANA, arn, "reject")
    world.submit(ANA, form, "  \n ")

    assert "say why in the comment" in world.private_message(ANA, "say why")
    assert world.status(arn) == "PendingManualApproval"
