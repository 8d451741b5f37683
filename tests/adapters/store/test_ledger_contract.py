"""What every ledger promises: DynamoDB's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.adapters.store.ledger import DynamoLedger
from bot.core.audit.chain import CHECKPOINTS, ChainHead, Entry
from bot.core.audit.checkpoints import checkpoint_entry
from bot.core.decide.record import PostedCards, Record, RecordSummary
from bot.core.errors import Stale
from bot.core.evidence.brief import Brief, Metric, Note, NoteCode, Source
from bot.core.followup.endpoints import (
    EndpointMessage,
    EndpointStatus,
    Served,
    Serving,
)
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, DatedStatus, Status, arn_key
from bot.core.votes.lease import Lease
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.presses import Presses
from bot.core.votes.processed import ProcessedIds
from bot.core.votes.rate_limit import EDITS, Slot
from bot.core.votes.request import Card, LostCard, Request, UpdateAttempt
from bot.core.votes.vote import ExternalChange
from tests.adapters.table import changed, record, with_entries
from tests.doubles.builders import (
    ANA,
    BEN,
    CARDS,
    LATER,
    NOON,
    a_decision,
    a_version,
    a_vote,
    an_arn,
)
from tests.doubles.endpoints import a_memory, an_endpoint
from tests.doubles.ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flows.ports import Ledger
    from tests.adapters.aws import Aws

VOTES = (
    a_vote(a_version(3), Status.APPROVED, BEN, comment="ok\n\u202e😀"),
    a_vote(a_version(3), Status.APPROVED, override=True, role="ml-leads", seen_modified=NOON),
)
DECIDED = a_decision(
    a_version(3),
    Status.APPROVED,
    outcome=Outcome(5, 3),
    comment="two\nlines, \u202e😀 and <!here>",
    brief_digest="a digest",
    votes=VOTES,
    veto=True,
    seen_modified=NOON,
    made_modified=NOON,
)
EXTERNAL = ExternalChange(
    id="outside-1",
    source=Status.APPROVED,
    target=Status.REJECTED,
    outcome=Outcome(3, None),
    by="the-pipeline",
    comment="",
    at=NOON + timedelta(hours=1),
)
CARD = Card(
    channel=CARDS,
    ts="1772452800.000100",
    post_started=NOON,
    digest="a digest",
    next_to_deploy=2,
    rule="another digest",
    permalink="https://acme.slack.com/archives/C0FRAUD000/p1772452800000100",
    frozen=True,
)
NOT_AN_APPROVER = {
    "rule": "credit",
    "move": "approve",
    "users": ["U0ANA00000"],
    "user_groups": ["S0RISK0000"],
    "unreadable": {"S0RISK0000": "scope"},
}
NOTICE = Notice(
    id="notice-1",
    kind=NoticeKind.NOT_MADE,
    to=(To(Way.THREAD, CARDS, ANA.id), To(Way.QUEUE)),
    at=NOON,
    decision=DECIDED,
    external=EXTERNAL,
    reported=DatedStatus(Status.REJECTED, NOON),
    votes=VOTES,
    reason=Reason(ReasonCode.NOT_AN_APPROVER, NOT_AN_APPROVER),
    comment="why\n\u202e😀",
    arns=(an_arn(1), an_arn(2)),
    waiting_in="fraud",
    tries=1,
    untried=True,
)


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
    fixture: Ledger = request.getfixturevalue(request.param)
    return fixture


@pytest.fixture(params=["in_memory", "in_empty_dynamodb"])
def empty_ledger(request: pytest.FixtureRequest) -> Ledger:
    """For tests of checkpoints: a ledger has a single chain of them."""
    fixture: Ledger = request.getfixturevalue(request.param)
    return fixture


@pytest.fixture
def arn(group: str) -> Arn:
    return an_arn(3, group)


def full(arn: Arn) -> Record:
    """A record with every field but its revision and new entries."""
    request = Request(
        arn=arn,
        created=NOON,
        group="fraud",
        number=3,
        status=Status.APPROVED,
        seen=(DatedStatus(Status.PENDING, NOON), DatedStatus(Status.APPROVED, LATER)),
        brief=Brief(
            (Metric("auc", "0.94"), Metric("f1", "NaN")),
            (Note(NoteCode.UNREADABLE, "bias"), Note(NoteCode.METRICS_LEFT_OUT, count=3)),
            (Source("s3://models/evaluation.json", "etag-1"), Source("s3://models/bias.json", "")),
        ),
        cards=(CARD, Card(channel="C0OTHER000")),
        unposted="C0OTHER000",
        description_digest="a digest",
        gone_since=NOON,
        deploy_due=NOON,
        deleted_cards=(MessageRef(CARDS, "1772452800.000099"),),
        votes=VOTES,
        void_voters=(BEN,),
        open_decision=replace(DECIDED, id="decision-2"),
        last_decision=DECIDED,
        last_external=EXTERNAL,
        outbox=(NOTICE, replace(NOTICE, id="notice-2", kind=NoticeKind.REFUSED)),
        lost_cards=(LostCard(channel=CARDS, created=NOON, post_started=LATER),),
        processed=ProcessedIds({"decision-0": NOON, "vote-1": LATER}, ("check.1",)),
        processed_ids=("decision-0", "vote-1", "check.1"),
        presses=Presses({ANA.id: LATER}),
        lease=Lease("owner-1", NOON),
        history_complete_at=NOON,
        slot=Slot(CARDS, NOON),
        update_attempt=UpdateAttempt(NOON, declined=True),
    )
    head = ChainHead(7, "the hash of the seventh")
    return Record(request=request, chain=head, unknown={"body": {"tomorrow": [1]}}, read_at=NOON)


def texts(entries: Iterator[Entry]) -> list[str]:
    return [entry.content["text"] for entry in entries]


def test_a_record_that_is_read_later_has_a_later_or_equal_time(ledger: Ledger, arn: Arn) -> None:
    blank = ledger.get(arn)
    saved = ledger.save(record(arn, group="fraud"))
    times = [blank.read_at, saved.read_at, ledger.get(arn).read_at]

    assert times == sorted(times)
    assert all(time.utcoffset() == timedelta() for time in times)


def test_the_time_of_a_record_is_not_stored_and_does_not_make_it_another(
    ledger: Ledger, arn: Arn
) -> None:
    saved = ledger.save(replace(record(arn, group="fraud"), read_at=NOON - timedelta(days=1)))

    assert ledger.get(arn) == saved == replace(saved, read_at=NOON)
    assert saved.read_at > NOON - timedelta(days=1)


def test_the_time_of_a_record_in_dynamodb_is_near_the_real_time(
    in_dynamodb: Ledger, arn: Arn
) -> None:
    for read in (in_dynamodb.get(arn), in_dynamodb.save(record(arn, group="fraud"))):
        assert abs(datetime.now(UTC) - read.read_at) < timedelta(seconds=30)


def checkpoint(ledger: Ledger, day: str, head: ChainHead = ChainHead()) -> tuple[Entry, ChainHead]:
    """Let *ledger* append an empty checkpoint of *day* after *head*."""
    entry, after = checkpoint_entry(head, day, {}, more=False)
    ledger.append_checkpoint(entry, after)
    return entry, after


def summaries_of(ledger: Ledger, *arns: Arn) -> list[RecordSummary]:
    """The summaries of this test: DynamoDB holds those of other tests too."""
    mine = (summary for summary in ledger.summaries() if summary.arn in arns)
    return sorted(mine, key=lambda summary: summary.arn)


def test_a_request_that_was_never_written_is_a_blank_record(ledger: Ledger, arn: Arn) -> None:
    assert ledger.get(arn) == record(arn)


def test_every_field_of_a_request_is_stored(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(full(arn))

    assert saved == replace(full(arn), revision=1)
    assert ledger.get(arn) == saved


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_of_every_kind_is_stored(ledger: Ledger, arn: Arn, kind: NoticeKind) -> None:
    saved = ledger.save(record(arn, outbox=(replace(NOTICE, kind=kind),)))

    assert ledger.get(arn) == saved


def test_an_arn_is_the_same_in_any_case(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(record(arn).with_entry({"kind": "vote"}))
    shouted = Arn(arn.replace("model-package/", "MODEL-PACKAGE/"))

    assert ledger.get(shouted) == saved
    assert [entry.content["kind"] for entry in ledger.entries(shouted)] == ["vote"]
    assert ledger.chain_head(shouted) == saved.chain
    with pytest.raises(Stale):
        ledger.save(record(shouted))


def test_the_cards_of_many_versions_are_read_at_once(ledger: Ledger, group: str) -> None:
    first, second, third, unknown = (an_arn(number, group) for number in range(1, 5))
    ledger.save(record(first, created=NOON, cards=(CARD, Card(channel="C0OTHER000"))))
    ledger.save(record(second, created=NOON))
    ledger.save(full(third))
    shouted = Arn(first.replace("model-package/", "MODEL-PACKAGE/"))

    read = ledger.posted_cards([shouted, first, second, third, unknown])

    assert {each.arn: each for each in read} == {
        first: PostedCards(first, NOON, (CARD, Card(channel="C0OTHER000"))),
        second: PostedCards(second, NOON, ()),
        third: PostedCards(third, NOON, full(third).request.cards),
    }


def test_the_cards_of_no_version_are_none(ledger: Ledger) -> None:
    assert ledger.posted_cards([]) == ()


def test_cards_are_read_although_long_comments_are_elsewhere(ledger: Ledger, arn: Arn) -> None:
    decision = replace(DECIDED, comment="x" * 3_000)
    ledger.save(record(arn, created=NOON, cards=(CARD,), last_decision=decision))

    assert ledger.posted_cards([arn]) == (PostedCards(arn, NOON, (CARD,)),)


def test_a_reason_comes_back_as_json_has_it(ledger: Ledger, arn: Arn) -> None:
    """A parameter that JSON does not have, such as a tuple, would come back as another type."""
    params = {**NOT_AN_APPROVER, "users": ("U0ANA00000", "U0BEN00000")}
    reason = Reason(ReasonCode.NOT_AN_APPROVER, params)
    ledger.save(record(arn, outbox=(replace(NOTICE, reason=reason),)))

    (notice,) = ledger.get(arn).request.outbox
    assert notice.reason == replace(reason, params=params | {"users": ["U0ANA00000", "U0BEN00000"]})


def test_the_full_record_of_these_tests_leaves_no_field_at_its_default(arn: Arn) -> None:
    request = full(arn).request
    parts = [full(arn), request, request.brief, CARD, DECIDED, EXTERNAL, VOTES[1], NOTICE]
    parts += [NOTICE.to[0], NOTICE.reason]
    blank = [
        f"{type(part).__name__}.{field.name}"
        for part in parts
        for field in fields(part)
        if getattr(part, field.name) in (field.default, {})
    ]

    assert blank == ["Record.revision", "Record.new_entries"]


def test_a_field_that_is_removed_is_not_stored_any_more(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(full(arn))
    emptied = ledger.save(replace(record(arn), revision=saved.revision))

    assert ledger.get(arn) == emptied == replace(record(arn), revision=2)


def test_each_write_is_a_new_revision(ledger: Ledger, arn: Arn) -> None:
    latest = record(arn)
    for revision in (1, 2, 3):
        latest = ledger.save(changed(latest, number=revision))

        assert latest.revision == ledger.get(arn).revision == revision


def test_a_write_based_on_an_old_read_is_refused(ledger: Ledger, arn: Arn) -> None:
    old = ledger.save(record(arn))
    new = ledger.save(changed(old, group="theirs"))

    with pytest.raises(Stale):
        ledger.save(changed(old, group="mine"))
    assert ledger.get(arn) == new


def test_of_two_first_writes_the_second_is_refused(ledger: Ledger, arn: Arn) -> None:
    first = ledger.save(record(arn, group="theirs"))

    with pytest.raises(Stale):
        ledger.save(record(arn, group="mine"))
    assert ledger.get(arn) == first


def test_a_write_based_on_an_item_that_is_not_there_is_refused(ledger: Ledger, arn: Arn) -> None:
    with pytest.raises(Stale):
        ledger.save(replace(record(arn), revision=4))
    assert ledger.get(arn) == record(arn)


def test_a_write_based_on_a_revision_that_was_never_written_is_refused(
    ledger: Ledger, arn: Arn
) -> None:
    saved = ledger.save(record(arn))

    with pytest.raises(Stale):
        ledger.save(replace(saved, revision=2))
    assert ledger.get(arn) == saved


def test_the_records_of_two_versions_are_independent(ledger: Ledger, group: str) -> None:
    first, second = an_arn(1, group), an_arn(2, group)
    saved = ledger.save(full(first))
    ledger.save(record(second))

    assert ledger.get(first) == saved
    assert ledger.get(second) == replace(record(second), revision=1)


def test_every_endpoint_is_listed(ledger: Ledger, group: str) -> None:
    arns = {an_endpoint(f"{group}-{number}") for number in range(2)}
    for arn in arns:
        ledger.save_endpoint(a_memory(arn=arn))

    assert arns <= set(ledger.endpoints())


def test_every_record_has_a_summary_of_its_current_state(ledger: Ledger, group: str) -> None:
    waiting, decided = an_arn(1, group), an_arn(2, group)
    card = Card(channel=CARDS, ts="1.1", digest="d", next_to_deploy=2, rule="a digest")
    ledger.save(record(waiting, status=Status.PENDING, cards=(card,), deploy_due=NOON))
    before = ledger.save(record(decided, status=Status.PENDING))
    ledger.save(changed(before, status=Status.REJECTED))

    assert summaries_of(ledger, waiting, decided) == [
        RecordSummary(
            waiting,
            Status.PENDING,
            unfinished=False,
            next_to_deploy=2,
            rule="a digest",
            deploy_due=NOON,
        ),
        RecordSummary(decided, Status.REJECTED, unfinished=False),
    ]


def test_a_summary_says_whether_something_was_left_unfinished(ledger: Ledger, group: str) -> None:
    posted = Card(channel=CARDS, ts="1.1", digest="a digest")
    posted = Card(channel=CARDS, ts="1.1", digest="d")
    records = [
        record(an_arn(1, group), open_decision=DECIDED),
        record(an_arn(2, group), outbox=(NOTICE,)),
        record(an_arn(3, group), cards=(posted, Card(channel=CARDS, post_started=NOON))),
        record(an_arn(4, group), last_decision=DECIDED, cards=(posted,), votes=VOTES),
        record(an_arn(5, group), last_external=EXTERNAL),
        record(an_arn(6, group), cards=(replace(posted, digest=""),)),
        record(an_arn(7, group), cards=(replace(posted, digest="", frozen=True),)),
    ]
    for saved in records:
        ledger.save(saved)

    summaries = summaries_of(ledger, *(saved.request.arn for saved in records))
    unfinished = [summary.unfinished for summary in summaries]
    assert unfinished == [True, True, True, False, False, True, False]
    assert {summary.status for summary in summaries} == {None}


def test_the_open_records_are_those_that_wait_or_are_unfinished(ledger: Ledger, group: str) -> None:
    records = [
        record(an_arn(1, group), status=Status.PENDING),
        record(an_arn(2, group), status=Status.APPROVED),
        record(an_arn(3, group), status=Status.APPROVED, deploy_due=NOON),
        record(an_arn(4, group), status=Status.REJECTED, outbox=(NOTICE,)),
        record(an_arn(5, group)),
    ]
    saved = [ledger.save(each) for each in records]

    opened = (an_arn(number, group) for number in (1, 3, 4))
    assert open_of(ledger, group) == summaries_of(ledger, *opened)
    ledger.save(changed(saved[0], status=Status.REJECTED))
    assert [each.arn for each in open_of(ledger, group)] == [an_arn(3, group), an_arn(4, group)]


def open_of(ledger: Ledger, group: str) -> list[RecordSummary]:
    mine = (each for each in ledger.open_summaries() if f"/{group}/" in each.arn)
    return sorted(mine, key=lambda each: each.arn)


def test_the_summaries_of_some_versions_are_read_at_once(ledger: Ledger, group: str) -> None:
    first, second, none = (an_arn(number, group) for number in (1, 2, 3))
    for arn in (first, second):
        ledger.save(record(arn, created=NOON, status=Status.APPROVED))

    read = ledger.summaries_of([second, first, none, first])
    assert sorted(read, key=lambda each: each.arn) == summaries_of(ledger, first, second)
    assert ledger.summaries_of([]) == ()


def test_summaries_are_read_on_from_any_key_in_order(ledger: Ledger, group: str) -> None:
    arns = [an_arn(number, group) for number in range(1, 5)]
    for arn in arns:
        ledger.save(record(arn))

    after = [each.arn for each in ledger.summaries(after=arn_key(arns[1])) if each.arn in arns]
    assert after == arns[2:]
    keys = [arn_key(each.arn) for each in ledger.summaries()]
    assert keys == sorted(keys)


def test_a_record_that_was_settled_is_no_longer_unfinished(ledger: Ledger, arn: Arn) -> None:
    posting = Card(channel=CARDS, post_started=NOON)
    begun = ledger.save(record(arn, open_decision=DECIDED, outbox=(NOTICE,), cards=(posting,)))
    ledger.save(changed(begun, open_decision=None, outbox=(), cards=()))

    assert summaries_of(ledger, arn) == [RecordSummary(arn, None, unfinished=False)]


def test_new_audit_entries_are_written_with_the_record(ledger: Ledger, arn: Arn) -> None:
    new = with_entries(record(arn, group="fraud"), "one", "two")
    saved = ledger.save(new)

    assert saved == replace(new, revision=1, new_entries=())
    assert ledger.get(arn) == saved
    assert list(ledger.entries(arn)) == list(new.new_entries)


def test_a_new_entry_continues_the_trail_of_its_version(ledger: Ledger, arn: Arn) -> None:
    ledger.save(with_entries(record(arn), "one", "two"))
    ledger.save(changed(ledger.get(arn), group="no entry this time"))
    ledger.save(with_entries(ledger.get(arn), "three"))

    assert texts(ledger.entries(arn)) == ["one", "two", "three"]
    assert ledger.chain_head(arn) == ledger.get(arn).chain
    assert ledger.get(arn).chain.count == 3


def test_a_failed_save_writes_no_entry(ledger: Ledger, arn: Arn) -> None:
    old = ledger.save(record(arn))
    theirs = ledger.save(with_entries(old, "theirs"))

    with pytest.raises(Stale):
        ledger.save(with_entries(old, "mine", "mine as well"))
    assert ledger.get(arn) == theirs
    assert texts(ledger.entries(arn)) == ["theirs"]


def test_a_save_that_would_overwrite_an_entry_is_refused(ledger: Ledger, arn: Arn) -> None:
    saved = ledger.save(with_entries(record(arn), "one", "two"))
    forked = replace(changed(saved, group="mine"), chain=ChainHead(1, "whatever"))

    with pytest.raises(Stale):
        ledger.save(with_entries(forked, "two again", "three"))
    assert ledger.get(arn) == saved
    assert texts(ledger.entries(arn)) == ["one", "two"]


def test_a_repeated_save_is_refused_and_writes_nothing_twice(ledger: Ledger, arn: Arn) -> None:
    new = with_entries(ledger.save(record(arn)), "one")
    saved = ledger.save(new)

    with pytest.raises(Stale):
        ledger.save(new)
    assert ledger.get(arn) == saved
    assert texts(ledger.entries(arn)) == ["one"]


def test_a_trail_can_be_read_from_its_end(ledger: Ledger, arn: Arn) -> None:
    ledger.save(with_entries(record(arn), *map(str, range(1, 13))))

    assert texts(ledger.entries(arn)) == [str(number) for number in range(1, 13)]
    assert texts(ledger.entries(arn, newest_first=True)) == [str(n) for n in range(12, 0, -1)]


def test_the_trails_of_two_versions_are_independent(ledger: Ledger, group: str) -> None:
    first, tenth = an_arn(1, group), an_arn(10, group)
    ledger.save(with_entries(record(first), "of the first"))
    ledger.save(with_entries(record(tenth), "of the tenth"))

    assert texts(ledger.entries(first)) == ["of the first"]
    assert texts(ledger.entries(tenth)) == ["of the tenth"]


def test_a_summary_says_where_the_trail_ends(ledger: Ledger, group: str) -> None:
    without, with_one = an_arn(1, group), an_arn(2, group)
    ledger.save(record(without))
    saved = ledger.save(with_entries(record(with_one), "one"))

    heads = [summary.chain for summary in summaries_of(ledger, without, with_one)]
    assert heads == [ChainHead(), saved.chain]


def test_a_version_that_was_never_written_has_no_chain_head(ledger: Ledger, arn: Arn) -> None:
    assert ledger.chain_head(arn) is None
    assert list(ledger.entries(arn)) == []


def test_a_record_without_audit_entries_has_an_empty_trail(ledger: Ledger, arn: Arn) -> None:
    ledger.save(record(arn))

    assert ledger.chain_head(arn) == ChainHead()


def test_an_endpoint_that_was_never_written_is_blank(ledger: Ledger, group: str) -> None:
    arn = an_endpoint(group)

    assert ledger.get_endpoint(arn) == a_memory(arn=arn)


def test_every_field_of_an_endpoint_is_stored(ledger: Ledger, group: str) -> None:
    arn = an_endpoint(group)
    first = a_memory(
        arn=arn,
        created=NOON,
        told_digest="a digest",
        pending_versions=(an_arn(1), an_arn(2)),
        reason="no <memory>\n\u202e😀",
        servings=(serving(group, arn),),
        outdated=(an_arn(1),),
        subject=(an_arn(2),),
        messages=(EndpointMessage(CARDS, "1.1", "2.2"),),
        told_failure=True,
        told_serving=(an_arn(1),),
        unknown={"body": {"tomorrow": [1]}},
    )
    assert ledger.save_endpoint(first) == replace(first, revision=1)
    second = a_memory(arn=arn, revision=1, told_digest="another")

    assert ledger.get_endpoint(arn) == replace(first, revision=1)
    ledger.save_endpoint(second)
    assert ledger.get_endpoint(arn) == replace(second, revision=2)


def serving(group: str, arn: Arn, number: int = 1) -> Serving:
    """What an endpoint does for *group*, with no field at its default."""
    served = tuple(Served(an_arn(each, group), each) for each in (number, 2))
    return Serving(
        group=group,
        endpoint=arn,
        name="fraud-prod",
        state=EndpointStatus.UPDATING,
        versions=served,
        since=NOON,
        replaced=served,
        earlier=served,
        pending=served,
        failed=served,
        reason="no <memory>\n\u202e😀",
        changed=NOON,
    )


def test_what_serves_a_group_is_read_by_its_name_in_any_case(ledger: Ledger, group: str) -> None:
    name = f"Fraud-{group}"
    one, other = an_endpoint(f"{group}-1"), an_endpoint(f"{group}-2")
    for arn in (one, other):
        ledger.save_endpoint(a_memory(arn=arn, servings=(serving(name, arn),)))

    assert ledger.servings(name.upper()) == (serving(name, one), serving(name, other))
    assert ledger.servings(f"{name}-2") == ()


def test_what_serves_a_group_is_overwritten_by_what_is_known_later(
    ledger: Ledger, group: str
) -> None:
    arn = an_endpoint(group)
    first = ledger.save_endpoint(a_memory(arn=arn, servings=(serving(group, arn),)))
    ledger.save_endpoint(replace(first, servings=(serving(group, arn, 5),)))

    assert ledger.servings(group) == (serving(group, arn, 5),)


def test_a_record_is_read_with_what_endpoints_do_for_a_group(
    ledger: Ledger, arn: Arn, group: str
) -> None:
    blank, none = ledger.get_with_servings(arn, group)
    saved = ledger.save(record(arn, group=group, number=3))
    endpoints = [an_endpoint(f"{group}-{number}") for number in range(12)]
    for each in endpoints:
        ledger.save_endpoint(a_memory(arn=each, servings=(serving(group, each),)))
    read, servings = ledger.get_with_servings(Arn(arn.upper()), group.upper())

    assert (blank, none) == (record(arn), ())
    assert (read, read.read_at >= saved.read_at) == (saved, True)
    assert servings == ledger.servings(group)
    assert {each.endpoint for each in servings} == set(endpoints)
    assert ledger.get_with_servings(arn, f"{group}-2") == (saved, ())


def test_what_serves_a_group_is_not_written_if_the_endpoint_is_not(
    ledger: Ledger, group: str
) -> None:
    arn = an_endpoint(group)
    with pytest.raises(Stale):
        ledger.save_endpoint(a_memory(arn=arn, revision=3, servings=(serving(group, arn),)))

    assert ledger.servings(group) == ()


@pytest.mark.parametrize("revision", [0, 2])
def test_a_write_about_an_endpoint_based_on_an_old_read_is_refused(
    ledger: Ledger, group: str, revision: int
) -> None:
    arn = an_endpoint(group)
    ledger.save_endpoint(a_memory(arn=arn, told_digest="first"))

    with pytest.raises(Stale):
        ledger.save_endpoint(a_memory(arn=arn, revision=revision, told_digest="second"))
    assert ledger.get_endpoint(arn).told_digest == "first"


def test_each_chain_is_listed_once(empty_ledger: Ledger, group: str) -> None:
    without, with_two = an_arn(1, group), an_arn(2, group)
    empty_ledger.save(record(without))
    empty_ledger.save(with_entries(record(with_two), "one", "two"))
    checkpoint(empty_ledger, "2026-03-02")

    assert sorted(empty_ledger.chains()) == sorted([without, with_two, CHECKPOINTS])


def test_an_empty_ledger_has_no_chains(empty_ledger: Ledger) -> None:
    assert list(empty_ledger.chains()) == []
    assert empty_ledger.chain_head(CHECKPOINTS) is None


def test_checkpoints_are_a_chain_with_a_chain_head(empty_ledger: Ledger) -> None:
    first, head = checkpoint(empty_ledger, "2026-03-02")
    assert empty_ledger.chain_head(CHECKPOINTS) == head

    second, head = checkpoint(empty_ledger, "2026-03-03", head)
    assert empty_ledger.chain_head(CHECKPOINTS) == head
    assert list(empty_ledger.entries(CHECKPOINTS)) == [first, second]
    assert list(empty_ledger.entries(CHECKPOINTS, newest_first=True)) == [second, first]


def test_a_checkpoint_has_no_summary(empty_ledger: Ledger) -> None:
    checkpoint(empty_ledger, "2026-03-02")

    assert list(empty_ledger.summaries()) == []


def test_a_checkpoint_that_exists_is_not_written_again(empty_ledger: Ledger) -> None:
    entry, head = checkpoint(empty_ledger, "2026-03-02")

    with pytest.raises(Stale):
        checkpoint(empty_ledger, "2026-03-03")
    assert list(empty_ledger.entries(CHECKPOINTS)) == [entry]
    assert empty_ledger.chain_head(CHECKPOINTS) == head


def test_a_checkpoint_that_does_not_follow_the_last_one_is_refused(empty_ledger: Ledger) -> None:
    entry, head = checkpoint(empty_ledger, "2026-03-02")

    with pytest.raises(Stale):
        checkpoint(empty_ledger, "2026-03-04", ChainHead(2, "of one that nobody wrote"))
    assert list(empty_ledger.entries(CHECKPOINTS)) == [entry]
    assert empty_ledger.chain_head(CHECKPOINTS) == head


def test_an_endpoint_is_not_a_request_and_has_no_chain(empty_ledger: Ledger, group: str) -> None:
    arn = an_endpoint(group)
    empty_ledger.save_endpoint(a_memory(arn=arn, told_digest="a digest"))

    assert [*empty_ledger.summaries()] == [*empty_ledger.chains()] == []
    assert empty_ledger.get(arn) == record(arn)


def test_a_slot_that_is_reserved_is_reserved_for_all(empty_ledger: Ledger) -> None:
    unused = empty_ledger.rate_limit(CARDS)
    first, reserved = unused.reserve()
    empty_ledger.save_rate_limit(reserved)
    second, _ = empty_ledger.rate_limit(CARDS).reserve()

    assert (unused.revision, unused.next_slot_at, first.time) == (0, None, unused.read_at)
    assert second.time == reserved.next_slot_at
    assert second.time > first.time
    assert empty_ledger.rate_limit(EDITS).revision == 0
    assert [*empty_ledger.summaries()] == [*empty_ledger.chains()] == []


@pytest.mark.parametrize("earlier", [0, 1])
def test_of_two_workers_that_reserve_the_same_slot_one_is_refused(
    empty_ledger: Ledger, earlier: int
) -> None:
    for _ in range(earlier):
        empty_ledger.save_rate_limit(empty_ledger.rate_limit(CARDS).reserve()[1])
    read = [empty_ledger.rate_limit(CARDS) for _ in range(2)]
    empty_ledger.save_rate_limit(read[0].reserve()[1])

    with pytest.raises(Stale):
        empty_ledger.save_rate_limit(read[1].reserve()[1])


def test_where_the_sweep_got_to_is_remembered(empty_ledger: Ledger) -> None:
    assert empty_ledger.sweep_place() == ""
    for place in ("arn:1", "arn:2"):
        empty_ledger.save_sweep_place(place)
        assert empty_ledger.sweep_place() == place
    assert [*empty_ledger.summaries()] == [*empty_ledger.chains()] == []
