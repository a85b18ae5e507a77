"""Legal delays situation by situation: the days counted on paper in `situations.yaml` against the dates we compute."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from server.calendars import DelayRule, calendar_of, due, evaluate
from server.kernel.values import canonical, read_canonical

_FILE = yaml.safe_load(Path(__file__).with_name("situations.yaml").read_text("utf-8"))
RULES, SITUATIONS = _FILE["regles"], _FILE["situations"]
_SEGMENT = re.compile(r"(\d+)(?:-(\d+))?/(\d\d)/(\d{4}) \((\d+)\)")


def title(situation):
    return f"{situation['regle']} {situation['depart']} {situation.get('region', '')} {situation['titre']}"


@pytest.mark.parametrize("situation", SITUATIONS, ids=title)
def test_a_situation_ends_on_the_day_counted_by_hand(situation):
    rule = DelayRule.from_table(RULES[situation["regle"]], situation["regle"])
    calendar = calendar_of(situation.get("region", "metropole"), frozenset(situation.get("fermetures", ())))
    found = due(rule, situation["depart"], calendar, situation.get("suspensions", ()))
    assert found.date == situation["attendu"]
    assert calendar.local(found.moment).date() == situation["attendu"]
    assert evaluate(read_canonical(canonical(found.derivation))) == situation["attendu"]
    assert found.derivation["article"] == RULES[situation["regle"]]["article"]


@pytest.mark.parametrize("situation", SITUATIONS, ids=title)
def test_the_days_written_out_add_up_to_the_duration(situation):
    rule = RULES[situation["regle"]]
    written = counted_days(situation["compte"])
    if "->" in situation["compte"]:
        assert rule["unite"] in ("mois", "an")
        assert situation["depart"].strftime("%d/%m/%Y") in situation["compte"]
        return
    assert len(set(written)) == len(written) == rule["duree"] * (7 if rule["unite"] == "semaine" else 1)
    suspended = {day for first, last in situation.get("suspensions", ()) for day in days(first, last)}
    assert not suspended & set(written)
    if "puis" not in situation:
        assert written[-1] == situation["attendu"]


def test_at_least_eighty_situations_are_distinct():
    kinds = {(s["regle"], str(s["depart"]), s.get("region"), str(s.get("suspensions")), str(s.get("fermetures"))) for s in SITUATIONS}
    assert len(kinds) == len(SITUATIONS) >= 80
    assert all(rule["article"] for rule in RULES.values())
    assert {s["regle"] for s in SITUATIONS} == set(RULES)


def counted_days(text):
    """The days of « 31/01/2026 (1), 1-14/02/2026 (14) », in the order they are counted; the figures in brackets must be right."""
    found = []
    for first, last, month, year, number in _SEGMENT.findall(text):
        begin, end = date(int(year), int(month), int(first)), date(int(year), int(month), int(last or first))
        segment = days(begin, end) if begin <= end else days(end, begin)[::-1]
        assert len(segment) == int(number)
        found += segment
    return found


def days(first, last):
    return [first + timedelta(i) for i in range((last - first).days + 1)]


def test_starts_are_dates_or_moments():
    assert all(isinstance(s["depart"], date | datetime) for s in SITUATIONS)
