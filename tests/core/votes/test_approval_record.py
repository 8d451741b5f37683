"""The limits are read from AWS's own model of UpdateModelPackage, as botocore ships it."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import regex
from botocore.session import get_session
from hypothesis import example, given

from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import Status
from bot.core.rules.people import Person
from bot.core.text import CUT, length
from bot.core.votes.approval_record import (
    DECISION_KEY,
    DESCRIPTION_LIMIT,
    KEYS,
    METADATA_LIMIT,
    VALUE_LIMIT,
    check_metadata_limit,
    decision_in,
    description,
    is_description_of,
    metadata,
)
from bot.core.votes.vote import Decision
from tests.core.strategies import HOSTILE, decisions
from tests.doubles.builders import ANA, BEN, a_decision, a_version, a_vote

LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@cache
def aws(name: str) -> Any:
    """What AWS says of the field *name* of UpdateModelPackage."""
    service = get_session().get_service_model("sagemaker")
    return service.operation_model("UpdateModelPackage").input_shape.members[name]


def fits(shape: Any, text: str) -> bool:
    """Whether *text* is what AWS calls legal."""
    matches = regex.fullmatch(shape.metadata["pattern"], text)
    return bool(matches) and shape.metadata["min"] <= len(text) <= shape.metadata["max"]


def decided(comment: str, by: Person = ANA) -> Decision:
    return a_decision(a_version(), Status.REJECTED, by, comment=comment)


def test_our_limits_are_those_that_aws_publishes() -> None:
    properties = aws("CustomerMetadataProperties")

    assert aws("ApprovalDescription").metadata["max"] == DESCRIPTION_LIMIT
    assert properties.metadata["max"] == METADATA_LIMIT
    assert properties.value.metadata["max"] == VALUE_LIMIT


def test_the_check_tells_legal_text_from_illegal_text() -> None:
    value = aws("CustomerMetadataProperties").value

    assert fits(value, "2026-03-02T12:00:00+00:00")
    assert not fits(value, "looks good, ship")
    assert not fits(value, "")
    assert not fits(value, "x" * 257)
    assert not fits(aws("ApprovalDescription"), "two\nlines")
    assert not fits(aws("ApprovalDescription"), "x" * 1025)


@given(decisions())
@example(decided("five thousand " * 357))
@example(decided("🙂" * 2_500, Person(ANA.id, "🙂" * 200)))
@example(decided("漢" * 1_024, Person(ANA.id, "𠀋" * 256)))
def test_trap_6_every_decision_fits_what_aws_allows(decision: Decision) -> None:
    written, properties = description(decision), aws("CustomerMetadataProperties")

    assert fits(aws("ApprovalDescription"), written)
    assert length(written) <= DESCRIPTION_LIMIT
    assert not set(written) & set(LINE_ENDS)
    for key, value in metadata(decision).items():
        assert fits(properties.key, key)
        assert fits(properties.value, value)


def test_the_description_is_the_comment_and_who_wrote_it() -> None:
    assert description(decided("bias report\nis missing")) == (
        "bias report / is missing (ana, Slack U0ANA00000)"
    )


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (Status.PENDING, Status.APPROVED, "Approved without a comment"),
        (Status.PENDING, Status.REJECTED, "Rejected without a comment"),
        (Status.REJECTED, Status.APPROVED, "Reinstated without a comment"),
        (Status.APPROVED, Status.REJECTED, "Revoked without a comment"),
    ],
)
@pytest.mark.parametrize("comment", ["", " \n\t", "\u200b"])
def test_a_description_without_a_comment_says_what_was_done(
    source: Status, target: Status, expected: str, comment: str
) -> None:
    decision = a_decision(a_version(1, source), target, comment=comment)

    assert description(decision) == f"{expected} (ana, Slack U0ANA00000)"


@pytest.mark.parametrize("name", ["ana", "Ana " * 100, *HOSTILE])
def test_a_cut_comment_shows_the_cut_and_keeps_the_person(name: str) -> None:
    written = description(decided("word " * 1_000, Person(ANA.id, name)))

    assert written.startswith("word word")
    assert written.endswith(f", Slack {ANA.id})")
    assert f"{CUT} (" in written
    assert len(written) > DESCRIPTION_LIMIT - 10


def test_the_metadata_name_the_decision_the_move_the_person_and_the_time() -> None:
    assert metadata(decided("no", Person("U0ANA00000", "Ana (ML), 100%"))) == {
        "approval-decision": "decision-1",
        "approval-move": "reject",
        "approval-by": "U0ANA00000",
        "approval-by-name": "Ana ML 100",
        "approval-at": "2026-03-02T12:00:00+00:00",
        "approval-with": "-",
        "approval-brief": "-",
    }


def test_a_name_of_which_aws_allows_nothing_is_a_dash() -> None:
    assert metadata(decided("no", Person(ANA.id, "🙂(!)")))["approval-by-name"] == "-"


def test_a_decision_is_recognised_by_its_metadata() -> None:
    decision = decided("no")

    assert decision_in(metadata(decision)) == decision.id
    assert decision_in({}) == ""


def other_entries(many: int) -> dict[str, str]:
    return {f"key-{number}": "value" for number in range(many)}


def test_a_version_with_room_for_all_entries_may_be_decided() -> None:
    check_metadata_limit(a_version())
    check_metadata_limit(a_version(metadata=other_entries(METADATA_LIMIT - len(KEYS))))


def test_the_entries_of_an_earlier_decision_take_no_room_twice() -> None:
    earlier = metadata(decided("no"))
    full = other_entries(METADATA_LIMIT - len(KEYS)) | earlier

    check_metadata_limit(a_version(metadata=full))
    assert len(full) == 50
    assert DECISION_KEY in full


@pytest.mark.parametrize(("existing", "too_many"), [(44, 1), (46, 3), (50, 7)])
def test_a_version_without_room_is_refused_and_the_refusal_says_how_many_to_remove(
    existing: int, too_many: int
) -> None:
    with pytest.raises(Refused) as refused:
        check_metadata_limit(a_version(metadata=other_entries(existing)))

    params = {"entries": existing, "limit": METADATA_LIMIT, "excess": too_many}
    assert refused.value.reason == Reason(ReasonCode.METADATA_FULL, params)


def test_room_is_counted_with_what_an_earlier_decision_left() -> None:
    half = {DECISION_KEY: "earlier", **other_entries(METADATA_LIMIT - len(KEYS) + 1)}
    version = replace(a_version(), metadata=half)

    with pytest.raises(Refused):
        check_metadata_limit(version)


def test_each_comment_of_several_voters_has_its_name() -> None:
    version = a_version()
    votes = (a_vote(version, Status.APPROVED, BEN, comment=""), a_vote(version, Status.APPROVED))
    text = description(a_decision(version, Status.APPROVED, votes=votes))

    assert text == f"ana: looks good (ana, Slack {ANA.id}, with ben)"


def voted_by(*names: str) -> Decision:
    people = [Person(f"U0PERSON{number:02}", name) for number, name in enumerate(names)]
    votes = tuple(a_vote(a_version(), Status.APPROVED, who) for who in people)
    return a_decision(a_version(), Status.APPROVED, people[-1], votes=votes)


def test_a_description_calls_people_by_their_names() -> None:
    written = description(voted_by("Ben Okoye", "Chloe Martin", "Ana Silva"))

    assert written.endswith(" (Ana Silva, Slack U0PERSON02, with Ben Okoye, Chloe Martin)")


def test_a_description_that_names_others_by_their_ids_is_still_that_of_its_decision() -> None:
    decision = voted_by("ben", "chloe", "ana")
    earlier = (
        "ben: looks good / chloe: looks good / ana: looks good "
        "(ana, Slack U0PERSON02, with U0PERSON00, U0PERSON01)"
    )

    assert is_description_of(decision, earlier)
    assert is_description_of(decision, description(decision))
    assert not is_description_of(decision, "looks good")


def test_the_twenty_ids_of_an_earlier_description_are_recognised_too() -> None:
    decision = replace(voted_by(*"abcdefghijklmnopqrstuvwxyz"), comment="")
    ids = ", ".join(f"U0PERSON{number:02}" for number in range(20))
    comments = " / ".join(f"{name}: looks good" for name in "abcdefghijklmnopqrstuvwxyz")

    assert is_description_of(decision, f"{comments} (z, Slack U0PERSON25, with {ids} and 5 more)")


@given(decisions())
def test_every_description_is_recognised(decision: Decision) -> None:
    assert is_description_of(decision, description(decision))


def test_a_description_names_eight_of_many_voters_and_counts_the_rest() -> None:
    version = a_version()
    crowd = [Person(f"U0PERSON{number:02}", f"{number} {'x' * 200}") for number in range(30)]
    votes = tuple(a_vote(version, Status.APPROVED, who, comment="y" * 300) for who in crowd)
    decision = a_decision(version, Status.APPROVED, votes=votes)

    assert re.search(r", 7 x+ \[…\] and 22 more\)$", description(decision))
    assert length(description(decision)) <= 1024
    assert len(metadata(decision)["approval-with"]) <= 256
