"""Comments of any script and length fit into the ledger: a DynamoDB item holds at most 400 KB."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.store import audit_rows, comment_rows, request_rows
from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit import entries
from bot.core.audit.chain import ChainHead, append
from bot.core.audit.entries import AuditContext
from bot.core.decide.record import Record
from bot.core.errors import Malformed
from bot.core.evidence.brief import MOST_METRICS, Brief, Metric, Note, NoteCode, Source
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import DatedStatus, Status
from bot.core.rules.people import Person
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.presses import MOST, Presses
from bot.core.votes.processed import MOST_CHANGES, MOST_REFUSALS, ProcessedIds
from bot.core.votes.request import PROCESSED_IDS, Card, Request
from tests.adapters.table import Table
from tests.doubles.builders import NOON, RULE, a_candidate, a_decision, a_version, a_vote, an_arn

if TYPE_CHECKING:
    from bot.core.registry.version import Arn
    from bot.core.votes.vote import Decision, Vote
    from tests.adapters.aws import Aws

MOST_BYTES = 400 * 1024
"""Of an item, with the names of its attributes (DynamoDB developer guide, "Quotas")."""
LONGEST_COMMENT = 3_000
"""Of the field of the form, in UTF-16 units."""
VOTERS = 40
LONG = "評価は良い。" * 500
SCRIPTS = {"CJK": "漢", "emoji": "😀", "Latin": "a", "quotation marks": '"'}
BRIEF = Brief(
    tuple(Metric("m" * 60, "0.1234 ± 0.1234") for _ in range(MOST_METRICS)),
    tuple(Note(NoteCode.UNREADABLE, "bias_before_training") for _ in range(8)),
    tuple(Source(f"s3://{'u' * 1_019}", "e" * 64) for _ in range(8)),
)


def size_of(item: dict[str, Any]) -> int:
    """The size of *item* as DynamoDB counts it: names and values, in UTF-8."""
    texts = [f"{name}{next(iter(value.values()))}" for name, value in item.items()]
    return sum(len(text.encode()) for text in texts)


def votes_of(letter: str, first: int, target: Status = Status.APPROVED) -> tuple[Vote, ...]:
    """The votes of as many people, each with a comment of its own that is as long as it can be."""
    many = LONGEST_COMMENT // (len(letter.encode("utf-16-le")) // 2) - 8
    return tuple(
        a_vote(
            a_version(),
            target,
            Person(f"U{number:010}", "名" * 80),
            id=f"{number:032x}",
            comment=f"{number:08}{letter * many}",
            brief_digest="b1." + "d" * 32,
            role="r" * 60,
        )
        for number in range(first, first + VOTERS)
    )


def decision_of(votes: tuple[Vote, ...]) -> Decision:
    last = votes[-1]
    return a_decision(
        a_version(), last.target, id=last.id, by=last.by, comment=last.comment, votes=votes
    )


def fullest(letter: str) -> Record:
    """The row of a version that forty people decide again, while Slack has taken nothing yet."""
    last, now = decision_of(votes_of(letter, 100)), decision_of(votes_of(letter, 200))
    waiting = votes_of(letter, 300, Status.REJECTED)
    to = tuple(To(Way.CHANNEL, f"C{number:010}", "U0123456789") for number in range(10))

    def notice(kind: NoticeKind, number: int, **more: Any) -> Notice:
        return Notice(id=f"{number:032x}", kind=kind, to=to[: more.pop("many", 1)], at=NOON, **more)

    reason = Reason(ReasonCode.NOT_A_MEMBER, {"rule": "r" * 60, "move": "approve"})
    outbox = (
        notice(NoticeKind.DECIDED, 1, decision=last, votes=waiting, many=10),
        notice(
            NoticeKind.MISSED,
            2,
            decision=replace(last, comment="", votes=()),
            reported=DatedStatus(Status.REJECTED, NOON),
            many=10,
        ),
        *(notice(NoticeKind.VOTE_CAST, n, votes=(vote,)) for n, vote in enumerate(now.votes)),
        *(
            notice(NoticeKind.REFUSED, n, reason=reason, comment=vote.comment)
            for n, vote in enumerate(waiting)
        ),
    )
    request = Request(
        arn=an_arn(),
        group="g" * 63,
        number=1,
        status=Status.PENDING,
        brief=BRIEF,
        cards=tuple(Card(channel=f"C{n:010}", ts="1" * 17, digest="d" * 32) for n in range(5)),
        votes=waiting,
        open_decision=now,
        last_decision=last,
        outbox=outbox,
        processed=ProcessedIds(
            {f"{n:032x}": NOON for n in range(MOST_CHANGES)},
            tuple(f"check.V{n:010}" for n in range(MOST_REFUSALS)),
        ),
        processed_ids=tuple(f"{n:032x}" for n in range(PROCESSED_IDS)),
        presses=Presses({f"U{n:010}": NOON for n in range(MOST)}),
    )
    return Record(request=request, read_at=NOON)


@pytest.mark.parametrize("letter", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_request_of_forty_voters_with_a_full_outbox_fits_into_an_item(letter: str) -> None:
    size = size_of(request_rows.item_of(fullest(letter)))

    # 270 kB, 65 kB of it ids of jobs. With the comments in it, it would be 1.1 MB of Latin letters,
    # 2.8 MB of CJK.
    assert 240_000 < size < 280_000 < MOST_BYTES


def test_the_longest_comments_that_stay_in_a_row_leave_room_in_it() -> None:
    record = fullest("a")
    short = LONGEST_COMMENT - comment_rows.LONGEST_IN_ROW
    request = record.request

    def cut(votes: tuple[Vote, ...]) -> tuple[Vote, ...]:
        return tuple(replace(vote, comment=vote.comment[short:]) for vote in votes)

    assert request.open_decision
    votes = cut(request.open_decision.votes)
    whole = replace(request, open_decision=decision_of(votes), votes=cut(request.votes))
    last = decision_of(cut(request.last_decision.votes if request.last_decision else ()))
    outbox = tuple(
        replace(
            notice,
            comment=notice.comment[short:],
            votes=cut(notice.votes),
            decision=last if notice.kind is NoticeKind.DECIDED else notice.decision,
        )
        for notice in request.outbox
    )
    whole = replace(whole, last_decision=last, outbox=outbox)

    assert request_rows.long_comments_of(Record(request=whole, read_at=NOON)) == {}
    assert size_of(request_rows.item_of(Record(request=whole, read_at=NOON))) < MOST_BYTES


@pytest.mark.parametrize("letter", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_the_audit_entry_of_a_decision_of_forty_votes_fits_into_an_item(letter: str) -> None:
    context = AuditContext(
        candidate=a_candidate(a_version(), brief=BRIEF),
        group="fraud",
        number=1,
        rule=RULE,
        rules_digest="d" * 64,
        now=NOON,
    )
    content = entries.decision(decision_of(votes_of(letter, 0)), context)
    entry, _ = append(an_arn(), ChainHead(), content)

    assert size_of(audit_rows.item_of(entry)) < MOST_BYTES


@pytest.fixture
def ledger(aws: Aws) -> DynamoLedger:
    return DynamoLedger(aws.client("dynamodb"), aws.settings["LEDGER_TABLE"])


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(3, group)


def commented(arn: Arn, comment: str) -> Record:
    vote = a_vote(a_version(), Status.APPROVED, comment=comment)
    return Record(
        request=Request(arn=arn, votes=(vote,), last_decision=decision_of((vote, vote))),
        read_at=NOON,
    )


@pytest.mark.parametrize(
    "comment", [LONG, "a" * 3_000, "😀" * 1_500, "\ud83d" * 600, "a" * 501, "\x00\uffff" * 300]
)
def test_a_long_comment_is_read_as_it_was_written(
    ledger: DynamoLedger, arn: Arn, aws: Aws, comment: str
) -> None:
    saved = ledger.save(commented(arn, comment))

    assert ledger.get(arn) == saved
    elsewhere = DynamoLedger(aws.client("dynamodb"), aws.settings["LEDGER_TABLE"])
    assert elsewhere.get(arn).request == commented(arn, comment).request
    assert elsewhere.save(elsewhere.get(arn)).revision == 2
    assert ledger.get(arn).request == commented(arn, comment).request


def test_a_row_whose_comment_somebody_removed_is_malformed(
    ledger: DynamoLedger, arn: Arn, aws: Aws
) -> None:
    ledger.save(commented(arn, LONG))
    ((key, _),) = request_rows.long_comments_of(commented(arn, LONG)).items()
    Table.of(aws).remove(arn, f"comment#{key}")

    with pytest.raises(Malformed, match=f"its comment '{key}' is missing"):
        ledger.get(arn)


def test_text_that_looks_like_the_key_of_a_comment_stays_text(
    ledger: DynamoLedger, arn: Arn
) -> None:
    saved = ledger.save(commented(arn, '"comment_key":"1"'))

    assert ledger.get(arn) == saved


def test_a_row_in_which_an_older_version_escaped_every_letter_is_read(
    ledger: DynamoLedger, arn: Arn, aws: Aws
) -> None:
    saved = ledger.save(commented(arn, "評価 😀"))
    Table.of(aws).rewrite(arn, dict)  # it writes in ASCII

    assert ledger.get(arn) == saved


def test_a_long_comment_is_no_entry_and_no_chain(ledger: DynamoLedger, arn: Arn) -> None:
    ledger.save(commented(arn, LONG))

    assert [*ledger.entries(arn)] == []
    assert [chain for chain in ledger.chains() if chain == arn] == [arn]


@given(st.text(), st.text())
def test_an_entry_in_any_script_is_read_as_it_was_hashed(name: str, text: str) -> None:
    content = {"comment": text, f"name {name}": [{"text": f"{text}\\u0041 é\x7f"}], "n": 1}
    entry, _ = append(an_arn(), ChainHead(), content)

    assert audit_rows.entry_of(audit_rows.item_of(entry)) == entry


def test_an_entry_is_stored_with_letters_of_any_script_as_they_are() -> None:
    entry, _ = append(an_arn(), ChainHead(), {"comment": "評価 😀 \ud83d"})

    body = audit_rows.item_of(entry)["body"]["S"]

    assert "評価 😀 \\ud83d" in body
    assert audit_rows.entry_of({**audit_rows.item_of(entry), "body": {"S": entry.body}}) == entry
