"""Random delays against a naive oracle that walks day by day and knows Easter by arithmetic, not by the library."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

import pytest

from server.calendars import DelayRule, calendar_of, due, evaluate

ABOLITION = {"971": (5, 27), "972": (5, 22), "973": (6, 10), "974": (12, 20), "976": (4, 27)}
REGIONS = ["metropole", "metropole", "metropole", "alsace_moselle", *ABOLITION]
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
UNITS = {"jour": 400, "jour_ouvrable": 120, "jour_ouvre": 90, "semaine": 60, "mois": 30, "an": 5}
DAY = timedelta(1)
WEEKENDS = {"jour_ouvrable": (6,), "jour_ouvre": (5, 6)}


@lru_cache(maxsize=2_000)
def holidays(year, region):
    # Meeus, Jones and Butcher.
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, over = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * over + 2 * (rest // 4) - moon - rest % 4) % 7
    month, day = divmod(moon + week - 7 * ((golden + 11 * moon + 22 * week) // 451) + 114, 31)
    easter = date(year, month, day + 1)
    closed = {date(year, *fixed) for fixed in FIXED} | {easter + DAY * n for n in (1, 39, 50)}
    if region == "alsace_moselle":
        closed |= {easter - 2 * DAY, date(year, 12, 26)}
    return closed | ({date(year, *ABOLITION[region])} if region in ABOLITION else set())


def naive(table, start, region, extra, suspensions):
    """The due date, one day after the other."""
    step = -DAY if table["sens"] == "avant" else DAY
    suspended = {first + i * DAY for first, last in suspensions for i in range((last - first).days + 1)}

    def closed(day, unit):
        weekend = WEEKENDS.get(unit)
        return weekend is not None and (day.weekday() in weekend or day in holidays(day.year, region) or day in extra)

    unit, number = table["unite"], table["duree"] * (7 if table["unite"] == "semaine" else 1)
    day = start - step if table["inclus"] else start
    if unit in ("mois", "an"):
        term = naive_months(start, number * (12 if unit == "an" else 1), step, inclusive=table["inclus"])
        number, unit = abs((term - day).days), "jour"
    while number:
        day += step
        number -= day not in suspended and not closed(day, unit)
    if table["strict"]:
        day -= step
    if table["franc"]:
        day += step
        while day in suspended:
            day += step
    if table["report"] != "aucun":
        kind, _, way = table["report"].rpartition("_")
        while closed(day, kind) or day in suspended:
            day += DAY if way == "suivant" else -DAY
    return day


def naive_months(start, number, step, *, inclusive):
    year, month = start.year, start.month
    for _ in range(number):
        month += step.days
        if month in (0, 13):
            year, month = year + step.days, 12 if month == 0 else 1
    length = monthrange(year, month)[1]
    if start.day > length:
        end = date(year, month, length)
        return end + DAY if inclusive and step.days < 0 else end
    return date(year, month, start.day) - (step if inclusive else 0 * DAY)


def random_case(rng):
    unit = rng.choice(list(UNITS))
    franc = rng.random() < 0.2
    table = {
        "unite": unit,
        "duree": rng.randint(1, UNITS[unit]) if rng.random() < 0.1 else rng.randint(1, min(20, UNITS[unit])),
        "franc": franc,
        "strict": not franc and rng.random() < 0.2,
        "inclus": not franc and rng.random() < 0.3,
        "sens": "avant" if rng.random() < 0.2 else "apres",
        "report": rng.choice(
            ["aucun", "aucun", "jour_ouvrable_suivant", "jour_ouvre_suivant", "jour_ouvrable_precedent", "jour_ouvre_precedent"]
        ),
    }
    start = date(2000, 1, 1) + DAY * rng.randrange(33_000)
    if rng.random() < 0.3:
        start = start.replace(month=rng.choice([1, 2, 3, 12]), day=rng.choice([1, 28]))
    if rng.random() < 0.2:
        start = start.replace(month=rng.choice([1, 3, 5, 8, 12]), day=rng.choice([29, 30, 31]))
    suspensions = []
    for _ in range(rng.choice([0, 0, 0, 1, 2, 3])):
        first = start + DAY * rng.randint(-40, 90)
        suspensions.append((first, first + DAY * rng.randrange(40)))
    extra = frozenset(start + DAY * rng.randint(-20, 60) for _ in range(2)) if rng.random() < 0.02 else frozenset()
    return table, start, rng.choice(REGIONS), extra, suspensions


def check(seed, number):
    rng = random.Random(seed)
    for _ in range(number):
        table, start, region, extra, suspensions = case = random_case(rng)
        found = due(DelayRule.from_table(table), start, calendar_of(region, extra), suspensions)
        assert found.date == naive(*case), case
        assert evaluate(found.derivation) == found.date, case


@pytest.mark.slow(reason="thousands of delays, day by day")
def test_five_thousand_random_delays_equal_the_naive_count():
    check(seed=random.randrange(2**32), number=5_000)


@pytest.mark.slow(reason="a hundred thousand delays, day by day")
@pytest.mark.parametrize("seed", [1_804, 1_905, 2_008, 2_025])
def test_a_hundred_thousand_random_delays_equal_the_naive_count(seed):
    check(seed, number=25_000)
