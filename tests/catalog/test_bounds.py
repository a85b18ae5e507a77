"""A scale stays inside the bounds of CASF R. 262-68, R. 262-68-1 and R. 262-68-6, on every day."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from server.catalog import faults_of_scales, parameter_dates
from server.catalog.bounds import faults_of_scale

REAL = Path(__file__).parents[2] / "processes" / "departements"
# The bounds in force since 1 June 2025 (décret 2025-478).
BOUNDS = {
    "article": "CASF R. 262-68",
    "rang_1": {
        "natures": ["suspension"],
        "taux_min": Decimal(30),
        "taux_max": Decimal(100),
        "duree_min_mois": Decimal(1),
        "duree_max_mois": Decimal(2),
    },
    "suite": {
        "natures": ["suspension", "suppression"],
        "taux_min": Decimal(30),
        "taux_max": Decimal(100),
        "duree_min_mois": Decimal(1),
        "duree_max_mois": Decimal(4),
    },
    "foyer": {"taux_max": Decimal(50)},
    "refus_controle": {"duree_min_mois": Decimal(1), "duree_max_mois": Decimal(4)},
}


def step(nature="suspension", alone=50, household=50, months=2):
    return {"nature": nature, "taux_seul": Decimal(alone), "taux_foyer": Decimal(household), "duree_mois": Decimal(months)}


@pytest.mark.parametrize("departement", ["13", "38", "63", "94"])
def test_the_scales_of_the_four_departements_are_inside_the_law(departement):
    assert faults_of_scales(REAL, departement) == []


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        ({"rang_1": step("suppression")}, "prononce « suppression »"),
        ({"rang_1": step(alone=29)}, "29 %, 30 au moins"),
        ({"rang_1": step(alone=101)}, "101 %, 100 au plus"),
        ({"rang_1": step(household=51)}, "le taux d'un foyer à 51 %, 50 au plus"),
        ({"rang_1": step(months=3)}, "la durée à 3 mois, 2 au plus"),
        ({"rang_2": step(months=5)}, "la durée à 5 mois, 4 au plus"),
        ({"rang_2": step(months=0)}, "la durée à 0 mois, 1 au moins"),
        ({"refus_controle_rang_1": step("radiation")}, "prononce « radiation »"),
        ({"refus_controle_rang_1": step(months=5)}, "4 au plus"),
    ],
)
def test_a_figure_outside_the_bounds_is_told_with_its_article(scale, told):
    (sentence,) = faults_of_scale(BOUNDS, scale)
    assert told in sentence
    assert sentence.endswith("(CASF R. 262-68).")


@pytest.mark.parametrize(
    "scale",
    [
        {"rang_1": step(alone=30, household=30, months=1)},
        {"rang_1": step(alone=100, household=50, months=2)},
        {"rang_2": step("suppression", alone=100, months=4)},
        {"refus_controle_rang_1": step("suppression", months=4)},
        {"nom": "sans chiffre", "article": "x"},
    ],
)
def test_a_figure_on_the_bound_is_inside(scale):
    assert list(faults_of_scale(BOUNDS, scale)) == []


def test_a_scale_is_looked_at_on_every_day_on_which_something_changes(tmp_path):
    for name in ("commun", "13"):
        (tmp_path / name).mkdir()
    bounds = 'effet = 2025-06-01\narticle = "R. 262-68"\nrang_1 = { taux_max = 100, duree_max_mois = 2 }\n'
    (tmp_path / "commun" / "parametres.toml").write_text(f"[[bornes]]\n{bounds}")
    scales = "".join(
        f"[[bareme]]\neffet = {day}\nrang_1 = {{ duree_mois = {months} }}\n" for day, months in (("2024-01-01", 3), ("2026-01-01", 2))
    )
    (tmp_path / "13" / "parametres.toml").write_text(scales)
    assert parameter_dates(tmp_path, "13") == [date(2024, 1, 1), date(2025, 6, 1), date(2026, 1, 1)]
    # The scale of 2024 is still in force on the day of the new bounds, and leaves them; what it was before is history.
    (fault,) = faults_of_scales(tmp_path, "13")
    assert fault.startswith("Département 13, au 01/06/2025 : le barème, rang 1, fixe la durée à 3 mois")
