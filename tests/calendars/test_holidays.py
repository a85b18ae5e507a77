"""The holidays that count, against the law's own lists: Code du travail L. 3133-1, L. 3134-13 and L. 3422-2, every year from 1990 to 2100."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.calendars import REGIONS, Calendar, calendar_of, holidays_of
from server.kernel.errors import BadInput

# Easter Sundays from the tables of the ecclesiastical computus.
EASTERS = {
    1990: (4, 15),
    2000: (4, 23),
    2005: (3, 27),
    2008: (3, 23),
    2011: (4, 24),
    2024: (3, 31),
    2026: (4, 5),
    2038: (4, 25),
    2100: (3, 28),
}


@pytest.mark.parametrize(("year", "easter"), EASTERS.items())
def test_the_eleven_legal_holidays_of_a_year(year, easter):
    sunday = date(year, *easter)
    moving = {sunday + timedelta(n) for n in (1, 39, 50)}
    fixed = {date(year, *day) for day in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))}
    assert {day for day in holidays_of("metropole") if day.year == year} == moving | fixed


def test_every_year_from_1990_to_2100_has_its_holidays():
    by_year = {year: sum(day.year == year for day in holidays_of("metropole")) for year in range(1990, 2101)}
    # Ascension falls on 1 May in 2008 and on 8 May in 1997, 2059, 2070, 2081 and 2092: two names, one day.
    assert {year for year, number in by_year.items() if number != 11} == {1997, 2008, 2059, 2070, 2081, 2092}
    assert set(by_year.values()) == {10, 11}
    assert min(holidays_of("metropole")).year == 1990
    assert max(holidays_of("metropole")).year == 2100


@pytest.mark.parametrize("year", [2005, 2006, 2007])
def test_whit_monday_stays_a_holiday_in_the_years_it_was_worked(year):
    mondays = {2005: date(2005, 5, 16), 2006: date(2006, 6, 5), 2007: date(2007, 5, 28)}
    assert holidays_of("metropole")[mondays[year]] == "Lundi de Pentecôte"


@pytest.mark.parametrize(
    ("region", "more"),
    [
        ("alsace_moselle", {(4, 3), (12, 26)}),
        ("971", {(5, 27)}),
        ("972", {(5, 22)}),
        ("973", {(6, 10)}),
        ("974", {(12, 20)}),
        ("975", set()),
        ("976", {(4, 27)}),
        ("977", {(10, 9)}),
        ("978", {(5, 28)}),
    ],
)
def test_a_region_adds_only_the_days_that_a_law_gives_it(region, more):
    here = {day for day in holidays_of(region) if day.year == 2026}
    assert here - set(holidays_of("metropole")) == {date(2026, *day) for day in more}
    assert {day for day in holidays_of("metropole") if day.year == 2026} <= here


def test_every_region_has_a_zone_and_works():
    for code in REGIONS:
        calendar = calendar_of(code)
        assert not calendar.is_ouvre(date(2026, 7, 14))
        assert calendar.is_ouvrable(date(2026, 11, 21))
        assert not calendar.is_ouvre(date(2026, 11, 21))
        assert calendar.moment(date(2026, 11, 21)).tzinfo is not None


def test_school_holidays_and_days_in_lieu_close_nothing():
    paris = Calendar()
    assert paris.is_ouvre(date(2026, 2, 24))
    assert paris.is_ouvre(date(2026, 11, 2))  # All Saints' Day was a Sunday.


def test_a_day_closed_by_the_departement_is_neither_ouvre_nor_ouvrable():
    paris = Calendar(extra_closed=frozenset({date(2026, 5, 15)}))
    assert not paris.is_ouvre(date(2026, 5, 15))
    assert not paris.is_ouvrable(date(2026, 5, 15))
    assert paris.closed_name(date(2026, 5, 15)) == "fermeture"


def test_a_day_before_1990_or_after_2100_is_refused():
    for day in (date(1989, 12, 31), date(2101, 1, 1)):
        with pytest.raises(BadInput):
            Calendar().is_ouvre(day)
