"""Every delay written in processes/departements is a rule that gives a date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from server.calendars import Calendar, DelayRule, due, evaluate
from server.kernel.errors import BadInput

FOLDER = Path(__file__).parents[2] / "processes" / "departements"
FILES = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*/parametres.toml"))}
NEEDED = [
    "orientation",
    "premier_rdv",
    "contrat_cible",
    "contrat_legal",
    "orientation_legale",
    "relance_convocation",
    "rappel_rdv",
    "observations",
    "ep_avis",
    "alerte_echeance",
    "bilan_parcours",
    "restitution_max",
    "fin_de_droit",
    "fenetre_reiteration",
    "rapo",
]


def versions(table):
    return table if isinstance(table, list) else [table]


DELAYS = [
    (code, name, table) for code, file in FILES.items() for name, found in file.get("delais", {}).items() for table in versions(found)
]


@pytest.mark.parametrize(("code", "name", "table"), [d for d in DELAYS if "duree" in d[2]], ids=lambda v: v if isinstance(v, str) else "")
def test_a_delay_of_the_parameters_gives_a_date_and_names_its_clock_and_source(code, name, table):
    found = due(DelayRule.from_table(table, name), date(2026, 3, 2), Calendar())
    assert evaluate(found.derivation) == found.date
    assert table["horloge"]
    assert table["libelle"]
    assert table.get("article") or table.get("source")


def test_commun_holds_a_default_for_each_delay_that_the_diagrams_name():
    assert set(NEEDED) <= set(FILES["commun"]["delais"])


def test_a_delay_that_no_text_gives_is_refused_until_a_departement_fills_it():
    with pytest.raises(BadInput, match="reprise_france_travail"):
        DelayRule.from_table(FILES["commun"]["delais"]["reprise_france_travail"], "reprise_france_travail")


@pytest.mark.parametrize(
    ("name", "last_good_day"),
    [
        ("orientation", date(2026, 3, 17)),  # 3 to 17 March
        ("premier_rdv", date(2026, 3, 31)),  # J+29: « moins de 30 jours »
        ("contrat_cible", date(2026, 4, 1)),  # J+30
    ],
)
def test_the_targets_of_the_bouches_du_rhone_from_a_right_opened_on_2_march(name, last_good_day):
    assert due(DelayRule.from_table(FILES["13"]["delais"][name], name), date(2026, 3, 2), Calendar()).date == last_good_day


def test_the_ten_poles_hold_the_figures_of_the_source():
    poles = tomllib.loads((FOLDER / "13" / "territoires.toml").read_text("utf-8"))
    assert list(poles) == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    assert sum(pole["entrants"] for pole in poles.values()) == 1_945
    assert sum(pole["sortants"] for pole in poles.values()) == 2_022
    assert sum(pole["arsa"] for pole in poles.values()) == 62_303
