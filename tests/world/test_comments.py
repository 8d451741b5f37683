"""A comment is kept, shown safely, within every limit, and cut only with a sign."""

from __future__ import annotations

import json
import re

import pytest

from tests.world.embedded import ANA, Embedded, Json, buttons, words

CUT = " […]"


def decided_with(world: Embedded, comment: str) -> tuple[Json, str, str, Json]:
    """The card, the thread, the release notice and the registry after a decision with *comment*."""
    arn = world.register(world.new_group())
    world.decide(ANA, arn, "approve", comment)
    card = world.card_when(arn, lambda card: "revoke" in buttons(card))
    (reply,) = world.thread_with(card, 1)
    world.rest()
    (notice,) = world.notices(world.describe(arn)["ModelPackageGroupName"])
    return card, reply, notice, world.describe(arn)


def test_a_comment_of_several_lines_is_one_line_in_the_registry(world: Embedded) -> None:
    card, reply, _, after = decided_with(world, "first line\r\nsecond line\n\n\tthird")

    assert after["ApprovalDescription"] == (
        f"first line / second line / third (Ana Silva, Slack {ANA})"
    )
    assert "first line" in reply
    assert "second line" in reply
    assert "“first line / second line / third”" in words(card)


def test_a_very_long_comment_is_cut_with_a_sign(world: Embedded) -> None:
    card, reply, notice, after = decided_with(world, "x" * 3000)
    stored = after["ApprovalDescription"]

    assert len(stored) <= 1024
    assert f"{CUT} (Ana Silva, Slack {ANA})" in stored
    assert stored.startswith("x" * 900)
    for text in (reply, notice):
        assert CUT in text
        assert "x" * 900 in text
    assert f"{'x' * 246}{CUT}” (whole in the thread)" in words(card)
    assert buttons(card) == ["revoke"]


def test_a_very_long_comment_of_emoji_is_cut_between_them(world: Embedded) -> None:
    _, _, _, after = decided_with(world, "🚀" * 2500)
    stored = after["ApprovalDescription"]

    assert len(stored.encode("utf-16-le")) // 2 <= 1024
    assert set(stored.split(CUT)[0]) == {"🚀"}


@pytest.mark.parametrize(
    "bait",
    [
        "<!channel> <!here> <@U0DAN00000> <#C0GENERAL0>",
        "@channel @here @everyone",
        "<https://evil.example|click here>",
        "*bold* _it_ ~gone~ `code` ```block``` > quote",
        "see arn:aws:sagemaker:us-east-1:1:model-package/x/1 :tada: :shipit:",
        "a & b < c > d &lt;!channel&gt;",
    ],
)
def test_markup_in_a_comment_stays_text(world: Embedded, bait: str) -> None:
    card, reply, notice, after = decided_with(world, bait)
    runs = [run for run in text_runs(card["blocks"]) if bait in run["text"]]

    assert after["ApprovalDescription"] == f"{bait} (Ana Silva, Slack {ANA})"
    for text in (words(card), reply, notice):
        assert bait in text
    assert [run["type"] for run in runs] == ["text"]
    assert "<!" not in card["text"]


def test_no_message_calls_the_whole_channel(world: Embedded) -> None:
    arn = world.register(world.new_group(), ModelPackageDescription="<!channel> look")
    world.decide(ANA, arn, "approve", "<!channel> approved")
    world.rest()
    group = world.describe(arn)["ModelPackageGroupName"]
    messages = [m for m in world.state()["messages"] if group in m["text"] or group in words(m)]

    assert messages
    assert [m["text"] for m in messages if "<!" in m["text"]] == []
    assert {run["type"] for m in messages for run in text_runs(m["blocks"])} <= {
        "text",
        "plain_text",
        "link",
    }


def test_bidirectional_control_characters_are_removed(world: Embedded) -> None:
    """U+202E would show "evorppa ton od" as its opposite; Hebrew itself needs no such mark."""
    card, reply, _, after = decided_with(world, "\u202edo not\u202c אושר \u200f\u2066x\u2069")

    assert after["ApprovalDescription"] == f"do not אושר x (Ana Silva, Slack {ANA})"
    for text in (words(card), reply):
        assert "do not אושר x" in text


def test_a_comment_of_emoji_is_kept(world: Embedded) -> None:
    card, reply, _, after = decided_with(world, "👩\u200d🔬 says 👍🏽")

    assert after["ApprovalDescription"].startswith("👩\u200d🔬 says 👍🏽")
    assert "👩\u200d🔬 says 👍🏽" in words(card)
    assert "👩\u200d🔬 says 👍🏽" in reply


def test_an_approval_without_a_comment_says_so(world: Embedded) -> None:
    _, _, _, after = decided_with(world, "")

    assert after["ApprovalDescription"] == f"Approved without a comment (Ana Silva, Slack {ANA})"


def test_no_comment_and_no_secret_reaches_the_log(world: Embedded) -> None:
    decided_with(world, "between-us-and-the-registry")
    log = world.logs.read_text(encoding="utf-8") + world.stderr.read_text(encoding="utf-8")
    raw = world.client("secretsmanager").get_secret_value(SecretId="model-approvals-slack")
    secrets = [*json.loads(raw["SecretString"]).values(), "between-us-and-the-registry"]

    assert len(secrets) == 3
    assert [secret for secret in secrets if secret in log] == []
    assert re.findall(r"v0=[0-9a-f]{20,}|\d+\.\d+\.[0-9a-f]{32}", log) == []


def text_runs(node: object) -> list[Json]:
    """All objects under *node* that have a text, of any kind."""
    if isinstance(node, list):
        return [run for child in node for run in text_runs(child)]
    if not isinstance(node, dict):
        return []
    own = [node] if isinstance(node.get("text"), str) else []
    return own + [run for child in node.values() for run in text_runs(child)]
