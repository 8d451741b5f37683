"""What every ledger promises: DynamoDB's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import CHECKPOINTS, ChainHead, Entry, append, checkpoint_entry
from bot.core.errors import Stale
from bot.core.evidence.brief import Brief, Metric, Source
from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status
from bot.core.votes.request import MessageRef, Request
from bot.core.votes.vote import ExternalChange, VoteEvent, VoteEventKind
from bot.flows.ports import Row
from tests.doubles.builders import BEN, CARDS, NOON, a_decision, a_version, a_vote, an_arn
from tests.doubles.deployments import an_endpoint
from tests.doubles.ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.votes.vote import Change
    from bot.flows.ports import Ledger
    from tests.adapters.aws import Aws

VOTES = (
    a_vote(a_version(3), Status.APPROVED, BEN, comment="ok\n\u202e😀"),
    a_vote(a_version(3), Status.APPROVED, override=True, role="ml-leads"),
)
DECIDED = a_decision(
    a_version(3),
    Status.APPROVED,
    outcome=Outcome(5, 3),
    comment="two\nlines, \u202e😀 and <!here>",
    brief="a digest",
    votes=VOTES,
    veto=True,
)
FOUND = ExternalChange(
    id="outside-1",
    source=Status.APPROVED,
    target=Status.REJECTED,
    outcome=Outcome(3, None),
    by="the-pipeline",
    comment="",
    at=NOON + timedelta(hours=1),
)
VOID = VoteEvent(id="news-1", what=VoteEventKind.VOID, votes=VOTES, at=NOON)


@pytest.fixture
def in_memory() -> Ledger:
    return MemoryLedger()


@pytest.fixture
def in_dynamodb(aws: Aws) -> Ledger:
    return DynamoLedger(aws.client("dynamodb"), aws.settings["LEDGER_TABLE"])


@pytest.fixture
def in_empty_dynamodb(empty_aws: Aws) -> Ledger:
    return DynamoLedger(empty_aws.client("dynamodb"), empty_aws.settings["LEDGER_TABLE"])


@pytest.fixture(params=["in_memory", "in_dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    found: Ledger = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["in_memory", "in_empty_dynamodb"])
def empty_ledger(request: pytest.FixtureRequest) -> Ledger:
    """For what is about the gatherings: there is one chain of them in a ledger."""
    found: Ledger = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(3, group)


def full(arn: Arn, change: Change | VoteEvent = DECIDED, last: Change | None = FOUND) -> Request:
    """A request of which nothing is left out but entries to be written."""
    return Request(
        arn=arn,
        group="fraud",
        number=3,
        status=Status.APPROVED,
        place=MessageRef(CARDS, "1772452800.000100"),
        posting=NOON,
        face="a digest",
        live=2,
        rule="a digest",
        brief=Brief(
            (Metric("auc", "0.94"), Metric("f1", "NaN")),
            ("one note", "another"),
            (Source("s3://models/evaluation.json", "etag-1"), Source("s3://models/bias.json", "")),
        ),
        votes=VOTES,
        open=change,
        last=last,
        done=("decision-0", "outside-1"),
        chain=ChainHead(7, "the hash of the seventh"),
    )


def written(request: Request, *said: str) -> Request:
    """*request* with an entry to be written for each of *said*."""
    for text in said:
        entry, end = append(request.arn, request.chain, {"said": text})
        request = replace(request, chain=end, unwritten=(*request.unwritten, entry))
    return request


def said(entries: Iterator[Entry]) -> list[str]:
    return [entry.said["said"] for entry in entries]


def gather(ledger: Ledger, day: str, end: ChainHead = ChainHead()) -> tuple[Entry, ChainHead]:
    """Let *ledger* gather nothing on *day* after *end*."""
    entry, after = checkpoint_entry(end, day, {}, more=False)
    ledger.gather(entry, after)
    return entry, after


def rows_of(ledger: Ledger, *arns: Arn) -> list[Row]:
    """The rows of this test: in DynamoDB, those of others stand beside them."""
    return sorted((row for row in ledger.rows() if row.arn in arns), key=lambda row: row.arn)


def test_what_was_never_written_is_a_blank_request(ledger: Ledger, arn: Arn) -> None:
    assert ledger.get(arn) == Request(arn=arn)


@pytest.mark.parametrize("change", [DECIDED, FOUND, VOID])
@pytest.mark.parametrize("last", [DECIDED, FOUND, None])
def test_everything_about_a_request_is_remembered(
    ledger: Ledger, arn: Arn, change: Change | VoteEvent, last: Change | None
) -> None:
    request = full(arn, change, last)
    saved = ledger.save(request)

    assert saved == replace(request, revision=1)
    assert ledger.get(arn) == saved


def test_the_full_request_of_these_tests_leaves_no_field_at_its_default(arn: Arn) -> None:
    parts = [full(arn), full(arn).brief, DECIDED, FOUND, VOID, VOTES[1]]
    blank = [
        f"{type(part).__name__}.{each.name}"
        for part in parts
        for each in fields(part)
        if getattr(part, each.name) == each.default
    ]

    assert blank == ["Request.revision", "Request.unwritten"]


def test_what_is_taken_away_is_forgotten(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(full(arn))
    emptied = ledger.save(Request(arn=arn, revision=saved.revision))

    assert ledger.get(arn) == emptied == Request(arn=arn, revision=2)


def test_each_write_is_a_new_revision(ledger: Ledger, arn: Arn) -> None:
    request = Request(arn=arn)
    for revision in (1, 2, 3):
        request = ledger.save(replace(request, face=f"face {revision}"))

        assert request.revision == ledger.get(arn).revision == revision


def test_a_write_based_on_an_old_read_is_refused(ledger: Ledger, arn: Arn) -> None:
    old = ledger.save(Request(arn=arn))
    new = ledger.save(replace(old, face="theirs"))

    with pytest.raises(Stale):
        ledger.save(replace(old, face="mine"))
    assert ledger.get(arn) == new


def test_two_first_writes_cannot_both_be_the_first(ledger: Ledger, arn: Arn) -> None:
    first = ledger.save(Request(arn=arn, face="theirs"))

    with pytest.raises(Stale):
        ledger.save(Request(arn=arn, face="mine"))
    assert ledger.get(arn) == first


def test_a_write_based_on_a_row_that_is_not_there_is_refused(ledger: Ledger, arn: Arn) -> None:
    with pytest.raises(Stale):
        ledger.save(Request(arn=arn, revision=4))
    assert ledger.get(arn) == Request(arn=arn)


def test_a_write_based_on_a_revision_that_never_was_is_refused(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(Request(arn=arn))

    with pytest.raises(Stale):
        ledger.save(replace(saved, revision=2))
    assert ledger.get(arn) == saved


def test_versions_do_not_get_in_each_others_way(ledger: Ledger, group: str) -> None:
    first, second = an_arn(1, group), an_arn(2, group)
    saved = ledger.save(full(first))
    ledger.save(Request(arn=second))

    assert ledger.get(first) == saved
    assert ledger.get(second) == Request(arn=second, revision=1)


def test_there_is_a_row_for_every_request_as_it_is_now(ledger: Ledger, group: str) -> None:
    waiting, decided = an_arn(1, group), an_arn(2, group)
    ledger.save(Request(arn=waiting, status=Status.PENDING))
    before = ledger.save(Request(arn=decided, status=Status.PENDING))
    ledger.save(replace(before, status=Status.REJECTED))

    assert rows_of(ledger, waiting, decided) == [
        Row(waiting, Status.PENDING, open=False),
        Row(decided, Status.REJECTED, open=False),
    ]


def test_a_row_says_whether_something_was_left_half_done(ledger: Ledger, group: str) -> None:
    requests = [
        Request(arn=an_arn(1, group), open=DECIDED),
        Request(arn=an_arn(2, group), open=FOUND),
        Request(arn=an_arn(3, group), posting=NOON),
        Request(arn=an_arn(4, group), open=VOID),
        Request(arn=an_arn(5, group), last=DECIDED, place=MessageRef(CARDS, "1.1"), votes=VOTES),
    ]
    for request in requests:
        ledger.save(request)

    found = rows_of(ledger, *(request.arn for request in requests))
    assert [row.open for row in found] == [True, True, True, True, False]
    assert {row.status for row in found} == {None}


def test_what_is_settled_is_no_longer_half_done(ledger: Ledger, arn: Arn) -> None:
    begun = ledger.save(Request(arn=arn, posting=NOON, open=DECIDED))
    ledger.save(replace(begun, posting=None, open=None))

    assert rows_of(ledger, arn) == [Row(arn, None, open=False)]


def test_what_is_to_be_written_into_the_trail_is_written_with_the_request(
    ledger: Ledger, arn: Arn
) -> None:
    request = written(Request(arn=arn, face="a digest"), "one", "two")
    saved = ledger.save(request)

    assert saved == replace(request, revision=1, unwritten=())
    assert ledger.get(arn) == saved
    assert list(ledger.entries(arn)) == list(request.unwritten)


def test_the_trail_of_a_version_goes_on_where_it_ended(ledger: Ledger, arn: Arn) -> None:
    ledger.save(written(Request(arn=arn), "one", "two"))
    ledger.save(replace(ledger.get(arn), face="no entry this time"))
    ledger.save(written(ledger.get(arn), "three"))

    assert said(ledger.entries(arn)) == ["one", "two", "three"]
    assert ledger.end(arn) == ledger.get(arn).chain
    assert ledger.get(arn).chain.count == 3


def test_a_failed_save_writes_no_entry(ledger: Ledger, arn: Arn) -> None:
    old = ledger.save(Request(arn=arn))
    theirs = ledger.save(written(old, "theirs"))

    with pytest.raises(Stale):
        ledger.save(written(old, "mine", "mine as well"))
    assert ledger.get(arn) == theirs
    assert said(ledger.entries(arn)) == ["theirs"]


def test_an_entry_that_is_there_refuses_the_save(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(written(Request(arn=arn), "one", "two"))
    forked = written(
        replace(saved, chain=ChainHead(1, "whatever"), face="mine"), "two again", "three"
    )

    with pytest.raises(Stale):
        ledger.save(forked)
    assert ledger.get(arn) == saved
    assert said(ledger.entries(arn)) == ["one", "two"]


def test_the_same_save_again_is_refused_and_writes_nothing_twice(ledger: Ledger, arn: Arn) -> None:
    request = written(ledger.save(Request(arn=arn)), "one")
    saved = ledger.save(request)

    with pytest.raises(Stale):
        ledger.save(request)
    assert ledger.get(arn) == saved
    assert said(ledger.entries(arn)) == ["one"]


def test_a_trail_can_be_read_from_its_end(ledger: Ledger, arn: Arn) -> None:
    ledger.save(written(Request(arn=arn), *map(str, range(1, 13))))

    assert said(ledger.entries(arn)) == [str(number) for number in range(1, 13)]
    assert said(ledger.entries(arn, newest_first=True)) == [str(n) for n in range(12, 0, -1)]


def test_trails_do_not_get_in_each_others_way(ledger: Ledger, group: str) -> None:
    first, tenth = an_arn(1, group), an_arn(10, group)
    ledger.save(written(Request(arn=first), "of the first"))
    ledger.save(written(Request(arn=tenth), "of the tenth"))

    assert said(ledger.entries(first)) == ["of the first"]
    assert said(ledger.entries(tenth)) == ["of the tenth"]


def test_where_a_trail_ends_stands_in_the_row(ledger: Ledger, group: str) -> None:
    silent, spoken = an_arn(1, group), an_arn(2, group)
    ledger.save(Request(arn=silent))
    saved = ledger.save(written(Request(arn=spoken), "one"))

    assert [row.chain for row in rows_of(ledger, silent, spoken)] == [ChainHead(), saved.chain]


def test_of_a_version_that_was_never_written_nothing_says_where_its_trail_ends(
    ledger: Ledger, arn: Arn
) -> None:
    assert ledger.end(arn) is None
    assert list(ledger.entries(arn)) == []


def test_a_version_of_which_there_is_nothing_to_say_has_an_empty_trail(
    ledger: Ledger, arn: Arn
) -> None:
    ledger.save(Request(arn=arn))

    assert ledger.end(arn) == ChainHead()


def test_of_an_endpoint_that_nobody_noted_nothing_is_known(ledger: Ledger, group: str) -> None:
    arn = an_endpoint(group)

    assert ledger.known(arn) == EndpointMemory(arn=arn)


def test_what_was_noted_of_an_endpoint_is_known(ledger: Ledger, group: str) -> None:
    arn = an_endpoint(group)
    first = EndpointMemory(
        arn=arn,
        created=NOON,
        told="a digest",
        coming=(an_arn(1), an_arn(2)),
        reason="no <memory>\n\u202e😀",
    )
    ledger.note(first)
    second = EndpointMemory(arn=arn, revision=1, told="another")

    assert ledger.known(arn) == replace(first, revision=1)
    ledger.note(second)
    assert ledger.known(arn) == replace(second, revision=2)


@pytest.mark.parametrize("read", [0, 2])
def test_a_note_on_what_somebody_else_noted_since_is_stale(
    ledger: Ledger, group: str, read: int
) -> None:
    arn = an_endpoint(group)
    ledger.note(EndpointMemory(arn=arn, told="first"))

    with pytest.raises(Stale):
        ledger.note(EndpointMemory(arn=arn, revision=read, told="second"))
    assert ledger.known(arn).told == "first"


def test_each_chain_is_named_once(empty_ledger: Ledger, group: str) -> None:
    silent, spoken = an_arn(1, group), an_arn(2, group)
    empty_ledger.save(Request(arn=silent))
    empty_ledger.save(written(Request(arn=spoken), "one", "two"))
    gather(empty_ledger, "2026-03-02")

    assert sorted(empty_ledger.chains()) == sorted([silent, spoken, CHECKPOINTS])


def test_where_nothing_was_written_there_is_no_chain(empty_ledger: Ledger) -> None:
    assert list(empty_ledger.chains()) == []
    assert empty_ledger.end(CHECKPOINTS) is None


def test_gatherings_are_a_chain_that_knows_its_end(empty_ledger: Ledger) -> None:
    first, end = gather(empty_ledger, "2026-03-02")
    assert empty_ledger.end(CHECKPOINTS) == end

    second, end = gather(empty_ledger, "2026-03-03", end)
    assert empty_ledger.end(CHECKPOINTS) == end
    assert list(empty_ledger.entries(CHECKPOINTS)) == [first, second]
    assert list(empty_ledger.entries(CHECKPOINTS, newest_first=True)) == [second, first]


def test_a_gathering_is_no_row(empty_ledger: Ledger) -> None:
    gather(empty_ledger, "2026-03-02")

    assert list(empty_ledger.rows()) == []


def test_a_gathering_that_is_there_is_not_written_again(empty_ledger: Ledger) -> None:
    entry, end = gather(empty_ledger, "2026-03-02")

    with pytest.raises(Stale):
        gather(empty_ledger, "2026-03-03")
    assert list(empty_ledger.entries(CHECKPOINTS)) == [entry]
    assert empty_ledger.end(CHECKPOINTS) == end


def test_a_gathering_that_does_not_follow_the_last_one_is_refused(empty_ledger: Ledger) -> None:
    entry, end = gather(empty_ledger, "2026-03-02")

    with pytest.raises(Stale):
        gather(empty_ledger, "2026-03-04", ChainHead(2, "of one that nobody wrote"))
    assert list(empty_ledger.entries(CHECKPOINTS)) == [entry]
    assert empty_ledger.end(CHECKPOINTS) == end


def test_an_endpoint_is_no_request_and_has_no_chain(empty_ledger: Ledger, group: str) -> None:
    arn = an_endpoint(group)
    empty_ledger.note(EndpointMemory(arn=arn, told="a digest"))

    assert [*empty_ledger.rows()] == [*empty_ledger.chains()] == []
    assert empty_ledger.get(arn) == Request(arn=arn)
