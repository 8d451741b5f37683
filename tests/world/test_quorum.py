"""Three people and one model: a quorum of two roles, what is refused, and the proof afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.world.embedded import ANA, BEN, CHLOE, DAN, ROOT, Embedded, buttons, words

if TYPE_CHECKING:
    from pathlib import Path

BUCKET = "models-of-the-quorum"


@pytest.fixture
def group(world: Embedded) -> str:
    """A group for which one of ml-leads and one of risk decide."""
    return world.new_group("credit")


def register(world: Embedded, group: str, auc: float = 0.94) -> str:
    """Ana registers a version, with an evaluation that her pipeline wrote."""
    evaluate(world, group, auc)
    statistics = {"ContentType": "application/json", "S3Uri": f"s3://{BUCKET}/{group}.json"}
    return world.register(
        group,
        ModelMetrics={"ModelQuality": {"Statistics": statistics}},
        CustomerMetadataProperties={"submitted-by": ANA},
    )


def evaluate(world: Embedded, group: str, auc: float) -> None:
    s3, metrics = world.client("s3"), {"binary_classification_metrics": {"auc": {"value": auc}}}
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=f"{group}.json", Body=json.dumps(metrics).encode())


def vote(world: Embedded, person: str, arn: str, action: str, comment: str) -> None:
    form = world.open_form(person, arn, action)
    world.rest()
    assert world.submit(person, form, comment)["ok"]
    world.rest()


def bot(world: Embedded, *arguments: str, code: int = 0) -> str:
    """The output of `python -m bot`."""
    env = {
        "AWS_ENDPOINT_URL": world.aws,
        "AWS_DEFAULT_REGION": world.region,
        "AWS_REGION": world.region,
        "AWS_ACCESS_KEY_ID": "auditor",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
        "LEDGER_TABLE": world.ledger,
    }
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


def trail(world: Embedded, group: str) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in bot(world, "audit", "export", "--group", group).split("\n")
        if line
    ]


def test_a_quorum_of_two_roles_is_reached_and_the_trail_is_verified(
    world: Embedded, group: str, tmp_path: Path
) -> None:
    arn = register(world, group)
    refused = world.click(ANA, world.card(arn), "approve")
    assert refused["ok"]
    assert "You registered this version" in words(world.refusal(ANA))

    vote(world, BEN, arn, "approve", "AUC is up")
    card = world.card_when(arn, lambda card: "withdraw" in buttons(card))
    assert f"Approve, 1 of 2 votes: @{BEN} for ml-leads, waiting for risk" in words(card)
    assert world.status(arn) == "PendingManualApproval"

    vote(world, CHLOE, arn, "approve", "bias is fine")
    card = world.card_when(arn, lambda card: "revoke" in buttons(card))
    assert f"• @{BEN} (ml-leads): “AUC is up”\n• @{CHLOE} (risk): “bias is fine”" in words(card)
    assert len(world.updates(arn)) == 1

    assert [entry["kind"] for entry in trail(world, group)] == [
        "refusal",
        "vote",
        "vote",
        "decision",
    ]
    exported = tmp_path / "trail.jsonl"
    bot(world, "audit", "export", "--group", group, "--output", str(exported))
    assert len(exported.read_text().splitlines()) == 4
    assert "4 entries hold together." in bot(world, "audit", "verify", "--file", str(exported))
    assert "hold together" in bot(world, "audit", "verify")
    forged = exported.read_text().replace("bias is fine", "bias is bad")
    exported.write_text(forged)
    assert "entry 3: changed" in bot(world, "audit", "verify", "--file", str(exported), code=1)
    assert "Approved by" in words(world.ask(DAN, f"history {group}"))


def test_two_votes_at_once_do_not_decide_by_forms_that_said_one_of_two(
    world: Embedded, group: str
) -> None:
    arn = register(world, group)
    forms = {who: world.open_form(who, arn, "approve") for who in (BEN, CHLOE)}
    assert "Your vote is 1 of 2; then risk is missing." in words(forms[BEN])
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: world.submit(who, forms[who], "fine"), forms))
    world.rest()
    views = world.state()["views"]
    (second,) = (who for who in forms if views[who]["submit"])
    (first,) = {BEN, CHLOE} - {second}

    assert world.status(arn) == "PendingManualApproval"
    assert "That is 1 of 2 votes" in words(views[first])
    assert "Somebody else voted meanwhile" in words(views[second])
    assert "Your vote completes it: version 1 is deployed now." in words(views[second])
    assert views[second]["submit"]["text"] == "Approve and deploy"
    assert world.private_message(second, "Somebody else voted meanwhile")

    world.submit(second, views[second], "fine")
    assert "is approved." in words(world.state()["views"][second])
    assert world.status(arn) == "Approved"
    assert len(world.updates(arn)) == 1


def test_words_that_look_like_slack_ids_do_not_say_who_registered_a_version(
    world: Embedded, group: str
) -> None:
    role = {"submitted-by": "WebTeam2024Role/Underwriter2024"}
    arn = world.register(group, CustomerMetadataProperties=role)

    vote(world, ANA, arn, "approve", "AUC is up")

    assert f"Approve, 1 of 2 votes: @{ANA} for ml-leads" in words(world.card(arn))


def test_one_of_two_people_who_may_have_registered_a_version_may_not_approve_it(
    world: Embedded,
) -> None:
    either = {"submitted-by": f"{ANA.lower()} {BEN}"}
    arn = world.register(world.new_group("fraud"), CustomerMetadataProperties=either)

    assert world.click(ANA, world.card(arn), "approve")["ok"]
    assert "That may mean you" in words(world.refusal(ANA))
    vote(world, CHLOE, arn, "approve", "AUC is up")

    assert world.status(arn) == "Approved"


def test_long_comments_in_any_script_are_kept_for_the_decision(world: Embedded, group: str) -> None:
    arn = register(world, group)
    long = ("評価は良い。" * 500)[:2_990]
    vote(world, BEN, arn, "approve", f"{long} Ben")
    vote(world, CHLOE, arn, "approve", f"{long} Chloe")

    assert world.status(arn) == "Approved"
    decision = trail(world, group)[-1]
    assert [each["comment"] for each in decision["votes"]] == [f"{long} Ben", f"{long} Chloe"]
    assert "hold together" in bot(world, "audit", "verify")


def test_changed_evidence_voids_the_votes_and_tells_the_voters(world: Embedded, group: str) -> None:
    arn = register(world, group)
    vote(world, BEN, arn, "approve", "AUC is up")
    stale = world.open_form(CHLOE, arn, "approve")
    world.rest()
    evaluate(world, group, 0.71)

    world.submit(CHLOE, stale, "bias is fine")
    world.rest()

    assert world.status(arn) == "PendingManualApproval"
    assert "auc was 0.94 and is 0.71" in world.private_messages(CHLOE, "changed")[-1]
    card = world.card_when(arn, lambda card: "0.71" in words(card))
    assert "withdraw" not in buttons(card)
    assert any(f"no longer count: @{BEN}" in reply for reply in world.thread(card))
    assert [entry["kind"] for entry in trail(world, group)] == ["vote", "void", "refusal"]


def test_a_vote_that_was_withdrawn_does_not_count(world: Embedded, group: str) -> None:
    arn = register(world, group)
    vote(world, BEN, arn, "approve", "AUC is up")
    card = world.card_when(arn, lambda card: "withdraw" in buttons(card))
    world.click(BEN, card, "withdraw")
    world.rest()

    vote(world, CHLOE, arn, "approve", "bias is fine")

    assert world.status(arn) == "PendingManualApproval"
    assert f"1 of 2 votes: @{CHLOE} for risk, waiting for ml-leads" in words(world.card(arn))


def test_a_changed_trail_is_found(world: Embedded, group: str) -> None:
    arn = register(world, group)
    vote(world, BEN, arn, "reject", "not yet")
    table, key = world.client("dynamodb"), {"pk": {"S": arn}, "sk": {"S": "audit#0000000001"}}
    item = table.get_item(TableName=world.ledger, Key=key)["Item"]
    forged = {**item, "body": {"S": item["body"]["S"].replace("not yet", "of course")}}
    table.put_item(TableName=world.ledger, Item=forged)

    output = bot(world, "audit", "verify", code=1)

    table.put_item(TableName=world.ledger, Item=item)
    assert f"{arn}, entry 1: changed" in output
