"""The one JSON writing of values: every value comes back as it went, and equal values give the same bytes."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.values import YearsMonths, canonical, from_plain, read_canonical, to_plain

PARIS = ZoneInfo("Europe/Paris")
SCALARS = (
    st.none()
    | st.booleans()
    | st.text(max_size=10)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.sampled_from([UTC, PARIS, timezone(timedelta(hours=-3))]))
    | st.timedeltas()
    | st.builds(YearsMonths, st.integers(-(10**6), 10**6))
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=8
)


@given(VALUES)
def test_a_value_comes_back_as_it_was_written(value):
    assert read_canonical(canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),
        time(10, 30, tzinfo=PARIS),
        time(10, 30, tzinfo=UTC),
        date(2026, 2, 28),
        timedelta(days=-1, microseconds=5),
        YearsMonths(-14),
        Decimal("1.10"),
    ],
    ids=str,
)
def test_a_tagged_value_keeps_its_type_and_its_zone(value):
    back = from_plain(to_plain(value))
    assert type(back) is type(value)
    assert repr(back) == repr(value)


@pytest.mark.parametrize("tag", ["$n", "$d", "$t", "$dt", "$p", "$ym", "$"])
def test_a_context_that_looks_like_a_tag_stays_a_context(tag):
    value = {tag: "2026-01-01"}
    assert read_canonical(canonical(value)) == value
    assert read_canonical(canonical({"$": {tag: [value]}})) == {"$": {tag: [value]}}


def test_the_order_of_the_keys_does_not_change_the_bytes():
    assert canonical({"b": Decimal(1), "a": Decimal(2)}) == canonical({"a": Decimal(2), "b": Decimal(1)}) == b'{"a":2,"b":1}'


def test_what_is_not_a_value_is_refused():
    with pytest.raises(TypeError, match="object"):
        to_plain(object())


def _slow_way(value: object) -> bytes:
    return json.dumps(to_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@given(VALUES | st.integers() | st.dictionaries(st.text(), st.integers()))
def test_the_quick_writing_gives_the_bytes_of_the_standard_one(value):
    assert canonical(value) == _slow_way(value)


@pytest.mark.parametrize("text", ["\x00\x1f\x7f\x80", '"\\/\b\f\n\r\t', "é œ \u2028 \U0001f600 \ufffd", "\ud7ff\ue000", "é" * 3])
def test_signs_that_json_escapes_are_written_the_same_way(text):
    assert canonical({text: text, "z": 2**63, "a": 2**64, "é": -(2**63) - 1}) == _slow_way(
        {text: text, "z": 2**63, "a": 2**64, "é": -(2**63) - 1}
    )
