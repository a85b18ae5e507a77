"""ISO 8601 texts and FEEL values to times: months end on their last day, days follow the wall clock, dates are whole days."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.engine.timing import Cycle, Period, add, cycle_of, is_iso, moment_of, parse_period, period_to_text
from server.kernel.errors import BadInput
from server.kernel.values import YearsMonths

PARIS = "Europe/Paris"
NOON = datetime(2026, 1, 31, 11, tzinfo=UTC)  # noon in Paris


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P15D", Period(days=15)),
        ("P1M", Period(months=1)),
        ("P1Y2M", Period(months=14)),
        ("P2W", Period(days=14)),
        ("PT36H", Period(seconds=Decimal(129_600))),
        ("P1DT2H30M", Period(days=1, seconds=Decimal(9_000))),
        ("PT1.5S", Period(seconds=Decimal("1.5"))),
        ("-P3D", Period(days=-3)),
    ],
)
def test_a_duration_is_read_as_iso_8601_says(text, period):
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "P", "PT", "15 jours", "P1H", "P1M2Y", "P-1D", "P1.5D"])
def test_what_is_no_duration_is_refused_in_french(text):
    with pytest.raises(BadInput, match="durée"):
        parse_period(text)


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        (datetime(2026, 1, 31, 11, tzinfo=UTC), "P1M", datetime(2026, 2, 28, 11, tzinfo=UTC)),
        (datetime(2028, 1, 31, 11, tzinfo=UTC), "P1M", datetime(2028, 2, 29, 11, tzinfo=UTC)),
        (datetime(2028, 2, 29, 11, tzinfo=UTC), "P1Y", datetime(2029, 2, 28, 11, tzinfo=UTC)),
        (datetime(2026, 10, 24, 10, tzinfo=UTC), "P1D", datetime(2026, 10, 25, 11, tzinfo=UTC)),  # the clock goes back
        (datetime(2026, 10, 24, 10, tzinfo=UTC), "PT24H", datetime(2026, 10, 25, 10, tzinfo=UTC)),
        (datetime(2026, 12, 31, 22, tzinfo=UTC), "P2M", datetime(2027, 2, 28, 22, tzinfo=UTC)),
    ],
)
def test_a_duration_is_added_on_the_calendar_of_the_territory(start, text, end):
    assert add(start, parse_period(text), PARIS) == end


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (date(2026, 7, 14), datetime(2026, 7, 14, 21, 59, 59, tzinfo=UTC)),
        ("2026-07-14", datetime(2026, 7, 14, 21, 59, 59, tzinfo=UTC)),
        (datetime(2026, 7, 14, 9), datetime(2026, 7, 14, 7, tzinfo=UTC)),  # noqa: DTZ001 - a local time of FEEL
        ("2026-07-14T09:00:00", datetime(2026, 7, 14, 7, tzinfo=UTC)),
        ("2026-07-14T09:00:00Z", datetime(2026, 7, 14, 9, tzinfo=UTC)),
        (timedelta(days=2, hours=1), datetime(2026, 2, 2, 12, tzinfo=UTC)),
        (YearsMonths(1), datetime(2026, 2, 28, 11, tzinfo=UTC)),
        ("P1D", datetime(2026, 2, 1, 11, tzinfo=UTC)),
    ],
)
def test_a_value_means_a_time(value, moment):
    assert moment_of(value, NOON, PARIS) == moment


@pytest.mark.parametrize("value", [Decimal(3), True, ["2026-07-14"], "demain", "2026-13-01", {}])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(BadInput):
        moment_of(value, NOON, PARIS)


def test_an_unknown_zone_is_refused():
    with pytest.raises(BadInput, match="fuseau"):
        moment_of(date(2026, 1, 1), NOON, "Europe/Nulle_Part")


@pytest.mark.parametrize(
    ("value", "cycle"),
    [
        ("R3/P3D", Cycle(3, Period(days=3))),
        ("R/P1M", Cycle(-1, Period(months=1))),
        ("R2/2026-03-02T09:00:00Z/P1W", Cycle(2, Period(days=7), datetime(2026, 3, 2, 9, tzinfo=UTC))),
        (timedelta(days=2), Cycle(-1, Period(days=2))),
        (YearsMonths(3), Cycle(-1, Period(months=3))),
    ],
)
def test_a_repetition_is_read(value, cycle):
    assert cycle_of(value, PARIS) == cycle


@pytest.mark.parametrize("value", ["P3D", "R3", "R3/", "R9999/P1D", "R3/-P1D", "R/PT0S", "Rx/P1D", Decimal(3), None])
def test_what_is_no_sound_repetition_is_refused(value):
    with pytest.raises(BadInput):
        cycle_of(value, PARIS)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("P15D", True), ("R3/P3D", True), ("2026-12-01", True), ("-P1D", True), ("rendez_vous", False), ("Prochain", False), ("= P", False)],
)
def test_iso_texts_are_told_from_feel(text, iso):
    assert is_iso(text) is iso


@given(st.integers(0, 600), st.integers(0, 4000), st.integers(0, 10**6))
def test_a_period_survives_its_writing(months, days, seconds):
    period = Period(months, days, Decimal(seconds))
    assert parse_period(period_to_text(period)) == period


@given(st.integers(946_684_800, 3_786_912_000).map(lambda s: datetime.fromtimestamp(s, UTC)), st.integers(0, 120))
def test_months_never_skip_a_month(start, months):
    local_month = add(start, Period(months=months), "UTC")
    assert (local_month.year * 12 + local_month.month) == start.year * 12 + start.month + months
