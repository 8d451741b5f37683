"""Rows of a newer version of the bot, or edited by hand: refused by name, before they do harm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.errors import Malformed, NewerFormat
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import Arn, Status, arn_key
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from tests.adapters.table import Table, record
from tests.doubles.builders import NOON, a_decision, a_version, a_vote

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.adapters.store.ledger import DynamoLedger

    Json = dict[str, Any]

VOTE = a_vote(a_version(), Status.APPROVED)
DECISION = a_decision(a_version(), Status.APPROVED)
NOT_MADE = Notice(
    id="notice-1",
    kind=NoticeKind.NOT_MADE,
    to=(To(Way.THREAD),),
    at=NOON,
    decision=DECISION,
    reason=Reason(ReasonCode.VERSION_GONE),
)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda body: body.update(v=2), id="a newer format"),
        pytest.param(lambda body: body["outbox"][0].update(kind="promoted"), id="a newer notice"),
        pytest.param(lambda body: body["outbox"][0]["to"][0].update(way="sms"), id="a newer way"),
        pytest.param(
            lambda body: body["outbox"][0]["reason"].update(code="frozen"), id="a newer reason"
        ),
    ],
)
def test_what_only_a_newer_version_can_read_waits_for_it_and_stays_as_it_is(
    ledger: DynamoLedger, table: Table, arn: Arn, change: Callable[[Json], None]
) -> None:
    """As Malformed, its jobs would be dead letters within seconds of a rollback."""
    ledger.save(record(arn, outbox=(NOT_MADE,)))
    table.rewrite(arn, change)
    before = table.item(arn)

    with pytest.raises(NewerFormat, match=f"item {arn}, request of the ledger"):
        ledger.get(arn)
    assert table.item(arn) == before


EDITED: list[tuple[str, Callable[[Json], object], str]] = [
    ("no decision", lambda notice: notice.pop("decision"), "NOTICE has no `decision`"),
    ("no reason", lambda notice: notice.update(reason=None), "NOTICE has no `reason`"),
    ("no votes", lambda notice: notice.update(kind="vote_cast", votes=[]), "has no `votes`"),
    (
        "a reason without a parameter",
        lambda notice: notice["reason"].update(code="own_version"),
        "`reason` of NOTICE does not fit its code: KeyError",
    ),
    (
        "a reason with an odd parameter",
        lambda notice: notice["reason"].update(
            code="not_an_approver",
            params={"rule": "", "move": "approve", "users": 5, "user_groups": [], "unreadable": {}},
        ),
        "`reason` of NOTICE does not fit its code: TypeError",
    ),
    (
        "a decision that is no move",
        lambda notice: notice["decision"].update(target="PendingManualApproval"),
        "`decision` of NOTICE is no move: PendingManualApproval to PendingManualApproval",
    ),
]


@pytest.mark.parametrize(
    ("change", "why"), [each[1:] for each in EDITED], ids=[each[0] for each in EDITED]
)
def test_a_notice_that_somebody_edited_is_malformed_and_its_field_named(
    ledger: DynamoLedger, table: Table, arn: Arn, change: Callable[[Json], None], why: str
) -> None:
    ledger.save(record(arn, outbox=(NOT_MADE,)))
    table.rewrite(arn, lambda body: change(body["outbox"][0]))
    before = table.item(arn)
    notice = re.escape(why.replace("NOTICE", "the notice 'notice-1' (not_made)"))

    with pytest.raises(Malformed, match=f"item {arn}, request of the ledger.*: .*{notice}"):
        ledger.get(arn)
    assert table.item(arn) == before


@pytest.mark.parametrize("part", ["votes", "open_decision", "last_decision"])
def test_a_vote_or_a_decision_that_is_no_move_is_malformed(
    ledger: DynamoLedger, table: Table, arn: Arn, part: str
) -> None:
    ledger.save(record(arn, votes=(VOTE,), open_decision=DECISION, last_decision=DECISION))

    def change(body: Json) -> None:
        edited = body[part][0] if part == "votes" else body[part]
        edited["source"] = edited["target"]

    table.rewrite(arn, change)
    with pytest.raises(Malformed, match=f"`{part}.* is no move: Approved to Approved"):
        ledger.get(arn)


@pytest.mark.parametrize("key", [[], {}, None, 7])
def test_a_key_of_a_comment_that_is_no_text_is_malformed(
    ledger: DynamoLedger, table: Table, arn: Arn, key: object
) -> None:
    ledger.save(record(arn, votes=(VOTE,)))
    table.rewrite(arn, lambda body: body["votes"][0].update(comment_key=key))

    with pytest.raises(Malformed, match=f"item {arn}, request of the ledger.* its comment .* is"):
        ledger.get(arn)


@pytest.mark.parametrize("body", ["{}", '{"v":1}', '{"v":1,"comment":7}'])
def test_an_item_of_a_long_comment_without_its_text_is_malformed(
    ledger: DynamoLedger, table: Table, arn: Arn, body: str
) -> None:
    ledger.save(record(arn, votes=(VOTE,)))
    table.rewrite(arn, lambda row: row["votes"][0].update(comment_key="a"))
    table.put({"pk": {"S": arn_key(arn)}, "sk": {"S": "comment#a"}, "body": {"S": body}})

    with pytest.raises(Malformed, match=f"item {arn}, comment#a of the ledger.*: `comment` is no"):
        ledger.get(arn)
