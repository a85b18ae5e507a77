"""What a due date promises: the right day, the right instant, and a derivation that leads there again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.calendars import Calendar, DelayRule, Suspension, calendar_of, due, evaluate, rule_on
from server.kernel.errors import BadInput, TooMuch
from server.kernel.values import canonical, read_canonical

PARIS = Calendar()


def rule(**table):
    return DelayRule.from_table({"duree": 10, "unite": "jour"} | table, "essai")


def test_the_last_good_day_lasts_until_its_last_second_in_paris():
    assert due(rule(), date(2026, 11, 9), PARIS).moment == datetime(2026, 11, 19, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hour"),
    [(date(2026, 3, 18), 22), (date(2026, 3, 19), 21), (date(2026, 10, 14), 21), (date(2026, 10, 15), 22)],
    ids=["28 March, winter", "29 March, first summer day", "24 October, summer", "25 October, first winter day"],
)
def test_the_end_of_the_legal_day_follows_the_change_of_clocks(start, hour):
    assert due(rule(), start, PARIS).moment.hour == hour


def test_the_same_instant_is_another_legal_day_overseas():
    event = datetime(2026, 11, 9, 22, 0, tzinfo=UTC)
    assert due(rule(), event, PARIS).date == date(2026, 11, 19)
    reunion = due(rule(), event, calendar_of("974"))
    assert reunion.date == date(2026, 11, 20)
    assert reunion.moment == datetime(2026, 11, 20, 19, 59, 59, tzinfo=UTC)


def test_a_reminder_is_due_at_its_own_hour_counted_back_from_the_appointment():
    reminder = rule(duree=2, sens="avant", heure="09:00", horloge="rendez-vous")
    found = due(reminder, datetime(2026, 11, 19, 13, 0, tzinfo=UTC), PARIS)
    assert found.moment == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
    assert found.derivation["etapes"][-1]["libelle"].endswith("à 9\u00a0h\u00a000")


def test_the_derivation_names_start_rule_article_version_suspension_and_shift():
    observed = rule(
        article="CASF R. 262-69-1", source="décret 2025-478", effet=date(2025, 6, 1), horloge="réception", report="jour_ouvre_suivant"
    )
    told = due(observed, date(2026, 11, 2), PARIS, [Suspension(date(2026, 11, 5), date(2026, 11, 6), "pièces attendues")]).derivation
    assert told["version"] == "en vigueur le 2025-06-01"
    assert told["article"] == "CASF R. 262-69-1"
    words = [step["libelle"].replace("\u00a0", " ") for step in told["etapes"]]
    assert words == [
        "Réception : lun. 2 nov. 2026",
        "+ 10 jours calendaires, le jour de départ ne compte pas",
        "Suspendu du jeu. 5 nov. 2026 au ven. 6 nov. 2026 inclus (2 jours) : pièces attendues",
        "Le sam. 14 nov. 2026 est fermé (samedi) : reporté au jour ouvré suivant",
        "Terme : lun. 16 nov. 2026 à minuit",
    ]
    assert told["etapes"][1]["source"].replace("\u00a0", " ") == "CASF R. 262-69-1, décret 2025-478, en vigueur depuis le 1er juin 2025"
    assert "10\u00a0jours calendaires" in told["phrase"]
    assert told["phrase"].startswith("lun.\u00a016\u00a0nov.\u00a02026 à minuit")


def test_excluded_holidays_are_named():
    told = due(rule(unite="jour_ouvre", duree=3), date(2026, 11, 10), PARIS).derivation
    assert told["etapes"][2]["libelle"].replace("\u00a0", " ") == (
        "Sans les samedis et dimanches ; jours fermés : mer. 11 nov. 2026 (Armistice)"
    )
    assert told["echeance"] == date(2026, 11, 16)  # 12, 13 and 16 November


def test_a_derivation_read_back_from_its_writing_gives_the_same_date():
    found = due(
        rule(duree=3, unite="mois", report="jour_ouvre_suivant"), date(2026, 11, 30), PARIS, [(date(2026, 12, 1), date(2026, 12, 9))]
    )
    assert evaluate(read_canonical(canonical(found.derivation))) == found.date


def test_a_month_that_lacks_the_date_says_so():
    found = due(rule(duree=1, unite="mois"), date(2026, 1, 31), PARIS)
    assert found.date == date(2026, 2, 28)
    assert "n'a pas de 31, donc son dernier jour" in found.derivation["phrase"]


@pytest.mark.parametrize(
    "broken",
    [{}, {"arbre": None}, {"arbre": {"op": "exec"}}, {"arbre": {"op": "date", "valeur": "2026-01-01"}}, {"arbre": {"op": "mois"}}],
)
def test_a_damaged_derivation_is_refused(broken):
    with pytest.raises(BadInput):
        evaluate(broken)


def test_a_derivation_nested_without_end_is_refused():
    node = {"op": "date", "valeur": date(2026, 1, 1)}
    for _ in range(2_000):
        node = {"op": "mois", "nombre": 1, "inclus": False, "sens": "apres", "de": node}
    with pytest.raises(BadInput):
        evaluate({"arbre": node})


@pytest.mark.parametrize(
    "table",
    [
        {"unite": "lune"},
        {"duree": 0},
        {"duree": "dix"},
        {"report": "demain"},
        {"franc": True, "strict": True},
        {"franc": True, "inclus": True},
        {"effet": "hier"},
        {"stict": True},
        {"strict": "oui"},
        {"sens": "pendant"},
        {"duree": None},
    ],
)
def test_a_wrong_table_is_refused_with_the_name_of_its_delay(table):
    with pytest.raises(BadInput, match="essai"):
        rule(**table)


def test_a_delay_of_more_than_a_century_is_too_much():
    with pytest.raises(TooMuch):
        rule(duree=2_000, unite="mois")


def test_a_suspension_without_end_or_out_of_order_is_refused():
    for wrong in ([(date(2026, 1, 5), None)], [(date(2026, 1, 5), date(2026, 1, 4))], ["janvier"], [("a", "b")]):
        with pytest.raises(BadInput):
            due(rule(), date(2026, 1, 1), PARIS, wrong)
    with pytest.raises(TooMuch):
        due(rule(), date(2026, 1, 1), PARIS, [(date(2026, 1, 5), date(2026, 1, 6))] * 1_001)


def test_dates_whose_holidays_are_unknown_are_refused():
    for start in (date(1989, 12, 31), date(2101, 1, 1), date(2100, 12, 30)):
        with pytest.raises(BadInput):
            due(rule(), start, PARIS)
    with pytest.raises(BadInput):
        due(rule(sens="avant"), date(1990, 1, 3), PARIS)


def test_the_rule_of_a_day_is_the_latest_in_force_and_the_old_one_stays():
    old, new = rule(duree=1, unite="mois", effet=date(2009, 6, 1)), rule(effet=date(2025, 6, 1))
    assert rule_on([new, old], date(2025, 5, 31)) is old
    assert rule_on([new, old], date(2025, 6, 1)) is new
    with pytest.raises(BadInput):
        rule_on([new, old], date(2009, 5, 31))
    with pytest.raises(BadInput):
        rule_on([new, new], date(2026, 1, 1))


def test_a_rule_written_as_a_table_comes_back():
    one = rule(horloge="réception", effet=date(2025, 6, 1), strict=True, heure="09:00", sens="avant")
    assert DelayRule.from_table(one.to_table()) == one
    assert DelayRule.from_table(read_canonical(canonical(one.to_table()))) == one


def test_a_place_that_does_not_exist_is_refused():
    with pytest.raises(BadInput):
        Calendar(zone="Europe/Lutece")
    with pytest.raises(BadInput):
        Calendar(region="99")
