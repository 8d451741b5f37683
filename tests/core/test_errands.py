import json
import re
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.errands import (
    Announce,
    Ask,
    Check,
    Decide,
    Deployed,
    Errand,
    Withdraw,
    about,
    decode,
    encode,
    lane,
)
from bot.core.errors import Malformed, Newer
from bot.core.model import Arn, Status
from tests.core.paths import paths, replaced, without
from tests.core.strategies import any_json, errands
from tests.doubles.builders import ANA, BEN, a_click, a_version, an_arn, an_offer
from tests.doubles.deployments import an_endpoint

CLICK = a_click(an_offer(a_version(), Status.APPROVED))
ONE_OF_EACH = [
    Announce(an_arn()),
    Deployed(an_endpoint()),
    Check(CLICK, "V1"),
    Decide("decision-1", CLICK, "looks good"),
    Withdraw(id="withdrawal-1", arn=an_arn(), person=ANA, place=CLICK.place),
    Ask(person=ANA, text="fraud", page=1, answer_url="https://hooks.slack.com/x", replace=True),
]
LATER = {"brief", "quorum", "glass"}
"""What offers did not hold from the beginning: an older worker's messages lack it."""
EVERY_ONE = pytest.mark.parametrize("errand", ONE_OF_EACH, ids=lambda errand: type(errand).__name__)


def test_one_of_each_is_one_of_each() -> None:
    assert {type(errand) for errand in ONE_OF_EACH} == set(get_args(Errand))


@given(errands)
def test_every_errand_comes_out_of_the_line_as_it_went_in(errand: Errand) -> None:
    assert decode(encode(errand)) == errand


@EVERY_ONE
def test_a_body_that_lacks_anything_is_malformed(errand: Errand) -> None:
    body = json.loads(encode(errand))
    needed = [path for path in paths(body) if path[-1] not in LATER]

    for path in needed:
        with pytest.raises(Malformed):
            decode(json.dumps(without(body, path)))


@EVERY_ONE
@given(junk=any_json, data=st.data())
def test_a_body_with_junk_in_it_is_an_errand_or_is_refused_and_nothing_else(
    errand: Errand, junk: Any, data: st.DataObject
) -> None:
    body = json.loads(encode(errand))
    path = data.draw(st.sampled_from(paths(body)))

    try:
        read = decode(json.dumps(replaced(body, path, junk)))
    except (Malformed, Newer):
        return

    assert decode(encode(read)) == read


@EVERY_ONE
@given(data=st.data())
def test_a_torn_body_is_malformed(errand: Errand, data: st.DataObject) -> None:
    body = encode(errand)
    begin = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(begin, len(body)))
    assume(end - begin < len(body))

    with pytest.raises(Malformed):
        decode(body[begin:end])


@given(any_json)
def test_any_other_json_is_malformed(content: Any) -> None:
    with pytest.raises(Malformed):
        decode(json.dumps(content))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        '{"errand": ["Announce"], "arn": "a"}',
        '{"errand": "Announce", "arn": ""}',
        '{"errand": "Announce", "arn": 7}',
        '{"errand": "Announce", "arn": null}',
        "[" * 100_000,
    ],
    ids=lambda body: body[:40],
)
def test_a_body_that_is_no_errand_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        decode(body)


def test_an_errand_of_an_unknown_kind_is_a_newer_versions_and_waits_for_it() -> None:
    """While a deploy goes on: as Malformed, it would be a dead letter within seconds."""
    with pytest.raises(Newer, match="'Deploy' is no errand that this version knows"):
        decode('{"errand": "Deploy", "arn": "a"}')


def test_a_page_without_end_is_malformed() -> None:
    with pytest.raises(Malformed):
        decode(encode(ONE_OF_EACH[-1]).replace('"page": 1', '"page": 1e999'))


def test_everything_about_a_version_stands_in_one_lane_whatever_the_case_of_its_arn() -> None:
    shouted = Arn(an_arn().upper())
    loud = a_click(an_offer(a_version(arn=shouted), Status.APPROVED))

    about_it = [errand for errand in ONE_OF_EACH if not isinstance(errand, Deployed | Ask)]
    lanes = {lane(errand) for errand in (*about_it, Announce(shouted), Check(loud, "V2"))}

    assert len(lanes) == 1
    assert lane(Announce(an_arn(2))) not in lanes


def test_each_person_asks_in_a_lane_of_their_own() -> None:
    anas, bens = Ask(person=ANA, text="help"), Ask(person=BEN, text="help")

    assert lane(anas) != lane(bens)
    assert lane(anas) == lane(ONE_OF_EACH[-1])


def test_an_endpoint_has_a_lane_of_its_own_whatever_the_case_of_its_arn() -> None:
    loud = Deployed(Arn(an_endpoint().upper()))

    assert lane(Deployed(an_endpoint())) == lane(loud)
    assert lane(Announce(an_endpoint())) != lane(loud) != lane(Deployed(an_endpoint("other")))


def test_a_person_and_a_version_of_the_same_name_share_no_lane() -> None:
    assert lane(Ask(person=ANA, text="")) != lane(Announce(Arn(ANA.id)))


@given(errands)
def test_the_name_of_a_lane_is_one_that_sqs_takes(errand: Errand) -> None:
    name = lane(errand)

    assert len(name) <= 128
    assert re.fullmatch(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+", name)


@EVERY_ONE
def test_a_log_line_about_an_errand_says_what_kind_it_is_and_about_whom(errand: Errand) -> None:
    said = about(errand)

    assert said.pop("errand") == type(errand).__name__
    assert (
        said
        == {
            Announce: {"arn": an_arn()},
            Deployed: {"arn": an_endpoint()},
            Check: {"arn": an_arn(), "person": ANA.id},
            Decide: {"arn": an_arn(), "person": ANA.id},
            Withdraw: {"arn": an_arn(), "person": ANA.id},
            Ask: {"person": ANA.id},
        }[type(errand)]
    )


def test_a_log_line_about_an_errand_holds_nothing_that_somebody_wrote() -> None:
    assert "looks good" not in str(about(Decide("decision-1", CLICK, "looks good")))
    assert "fraud 3" not in str(about(Ask(person=ANA, text="fraud 3")))
