import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given

from bot.core.errors import Malformed
from bot.core.registry.outcome import Outcome
from bot.core.registry.registry_id import RegistryId, full_group_name
from bot.core.registry.version import Status
from bot.core.rules.rule import Role
from bot.core.votes.button import (
    ButtonPayload,
    WithdrawButton,
    decode_button,
    decode_withdraw_button,
    encode_button,
)
from bot.core.votes.button import quorum as quorum_of
from tests.core.strategies import any_json, offers
from tests.doubles.builders import a_candidate, a_version, an_arn, an_offer

OFFER = an_offer(a_version(3), Status.APPROVED, a_version(2, Status.APPROVED))
WRITTEN = json.loads(encode_button(OFFER))
BUTTON_LIMIT = 2_000
OPTIONAL = {"brief_digest", "quorum", "override"}
"""Fields with a default."""


@given(offers())
def test_a_button_is_the_same_after_encoding_and_decoding(offer: ButtonPayload) -> None:
    assert decode_button(encode_button(offer)) == offer


def test_a_button_holds_all_that_was_true_when_it_was_rendered() -> None:
    assert json.loads(encode_button(OFFER)) == {
        "v": 1,
        "arn": "arn:aws:sagemaker:us-east-1:123456789012:model-package/fraud/3",
        "created": OFFER.created.isoformat(),
        "group": "fraud",
        "number": 3,
        "source": "PendingManualApproval",
        "target": "Approved",
        "outcome": {"before": 2, "after": 3},
        "comment_needed": False,
        "brief_digest": a_candidate(a_version(3), a_version(2, Status.APPROVED)).brief_digest,
        "quorum": [],
        "override": False,
    }


@pytest.mark.parametrize("name", ["r", "é", "🙂"])
def test_the_longest_names_that_aws_allows_fit_into_a_button(name: str) -> None:
    group, number = (
        full_group_name(RegistryId("222222222222/ap-southeast-2"), "g" * 63),
        999_999_999,
    )
    longest = replace(
        OFFER,
        arn=an_arn(number, group),
        group=group,
        number=number,
        outcome=Outcome(number, number - 1),
        quorum=quorum_of([Role(name=name * 60, needs=20)] * 20),
    )

    assert len(encode_button(longest)) < BUTTON_LIMIT


def test_a_button_without_a_brief_is_bound_to_none() -> None:
    raw = {key: value for key, value in WRITTEN.items() if key not in OPTIONAL}

    assert decode_button(json.dumps(raw)) == replace(OFFER, brief_digest="")


@pytest.mark.parametrize("missing", sorted(asdict(OFFER).keys() - OPTIONAL))
def test_an_offer_that_lacks_anything_without_a_default_is_malformed(missing: str) -> None:
    raw = {key: value for key, value in WRITTEN.items() if key != missing}

    with pytest.raises(Malformed, match=missing):
        decode_button(json.dumps(raw))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("arn", ""),
        ("arn", 1),
        ("group", ""),
        ("group", None),
        ("number", "three"),
        ("number", None),
        ("number", float("inf")),
        ("number", True),
        ("comment_needed", "yes"),
        ("v", 2),
        ("v", None),
        ("source", "Pending"),
        ("target", "approved"),
        ("target", []),
        ("outcome", None),
        ("outcome", {"before": 1}),
        ("outcome", {"before": "version one", "after": {}}),
        ("quorum", "1 of ml-leads and 1 of risk"),
        ("quorum", [["risk", "one"]]),
        ("quorum", [["risk"]]),
    ],
    ids=repr,
)
def test_an_offer_with_something_wrong_in_it_is_malformed(key: str, value: Any) -> None:
    with pytest.raises(Malformed):
        decode_button(json.dumps({**WRITTEN, key: value}))


@pytest.mark.parametrize("value", ["", "approve", "[]", "null", "3", '{"arn": "a"', "[" * 100_000])
def test_a_value_that_is_no_offer_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        decode_button(value)


def test_a_withdraw_button_holds_its_version() -> None:
    value = encode_button(WithdrawButton(OFFER.arn))

    assert json.loads(value) == {"v": 1, "arn": OFFER.arn}
    assert decode_withdraw_button(value) == WithdrawButton(OFFER.arn)


@pytest.mark.parametrize("value", ["", OFFER.arn, '{"v":1,"arn":""}', '{"v":1}'])
def test_a_withdraw_button_without_a_version_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        decode_withdraw_button(value)


@given(any_json)
def test_any_json_is_an_offer_or_malformed(content: Any) -> None:
    with pytest.raises(Malformed):
        decode_button(json.dumps(content))
