"""The parameters of a territory on a day: the nearest level wins, whole, and every value says where it comes from."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from server import calendars
from server.catalog import effective_parameters, overriding_tables, read_departements, read_territories
from server.kernel.errors import ModelError, NotFound

COMMUN = """
[calendrier]
zone = "Europe/Paris"
[delais.observations]
effet = 2025-06-01
duree = 10
unite = "jour"
article = "CASF R. 262-69"
[[delais.contrat]]
effet = 2009-06-01
duree = 2
unite = "mois"
source = "ancien texte"
[[delais.contrat]]
effet = 2025-01-01
duree = 1
unite = "mois"
article = "D. 5411-14-1"
[seuils]
age_jeune = 26
heures = { valeur = 15.5, source = "loi 2023-1196" }
motifs = ["sante", "handicap"]
"""
DEPARTEMENT = """
[delais.orientation]
duree = 15
unite = "jour"
source = "PDI"
[seuils]
age_jeune = 30
"""
TERRITOIRES = """
[salon]
nom = "Salon-Berre"
communes = ["Salon", "Berre"]
[salon.parametres.delais.orientation]
duree = 12
unite = "jour_ouvrable"
[marseille]
nom = "Marseille"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder, name, text in (("commun", "parametres", COMMUN), ("13", "parametres", DEPARTEMENT), ("13", "territoires", TERRITOIRES)):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.toml").write_text(text)
    return tmp_path


def test_the_nearest_level_wins(root):
    here = effective_parameters(root, "13", "salon", date(2026, 1, 5))
    there = effective_parameters(root, "13", "marseille", date(2026, 1, 5))
    assert here.values["delais"]["orientation"]["duree"] == Decimal(12)
    assert there.values["delais"]["orientation"]["duree"] == Decimal(15)
    assert here.values["seuils"]["age_jeune"] == Decimal(30)
    assert here.values["calendrier"]["zone"] == "Europe/Paris"


def test_a_delay_is_replaced_whole_so_that_no_article_is_borrowed(root):
    found = effective_parameters(root, "13", "salon", date(2026, 1, 5)).values["delais"]["orientation"]
    assert found == {"duree": Decimal(12), "unite": "jour_ouvrable"}


def test_each_value_says_its_level_its_date_and_its_source(root):
    origins = effective_parameters(root, "13", "salon", date(2026, 1, 5)).origins
    assert origins["delais.orientation"].level == "territoire"
    assert origins["seuils.age_jeune"].level == "departement"
    assert (origins["delais.contrat"].since, origins["delais.contrat"].source) == (date(2025, 1, 1), "D. 5411-14-1")
    assert origins["seuils.heures"].source == "loi 2023-1196"


@pytest.mark.parametrize(
    ("day", "months"), [(date(2024, 12, 31), 2), (date(2025, 1, 1), 1), (date(2026, 1, 5), 1)], ids=["before", "on the day", "after"]
)
def test_a_dated_value_counts_from_its_day(root, day, months):
    assert effective_parameters(root, "13", "", day).values["delais"]["contrat"]["duree"] == Decimal(months)


def test_a_value_not_yet_in_force_is_absent(root):
    assert "observations" not in effective_parameters(root, "13", "", date(2025, 5, 31)).values["delais"]
    assert "observations" in effective_parameters(root, "13", "", date(2025, 6, 1)).values["delais"]


def test_a_value_with_its_source_reads_as_the_value_alone(root):
    seuils = effective_parameters(root, "13", "", date(2026, 1, 5)).values["seuils"]
    assert seuils["heures"] == Decimal("15.5")
    assert seuils["motifs"] == ["sante", "handicap"]


def test_the_hash_follows_the_values_and_nothing_else(root):
    first = effective_parameters(root, "13", "salon", date(2026, 1, 5))
    assert first.hash == effective_parameters(root, "13", "salon", date(2026, 7, 1)).hash
    assert first.hash != effective_parameters(root, "13", "marseille", date(2026, 1, 5)).hash


def test_territories_keep_their_order_and_their_words(root):
    assert [(t.id, t.name, t.fields.get("communes")) for t in read_territories(root, "13").values()] == [
        ("salon", "Salon-Berre", ["Salon", "Berre"]),
        ("marseille", "Marseille", None),
    ]
    assert read_departements(root) == ["13"]


@pytest.mark.parametrize(("departement", "territoire"), [("99", ""), ("../13", ""), ("13", "nulle_part"), ("", "")])
def test_an_unknown_place_is_not_found(root, departement, territoire):
    with pytest.raises(NotFound):
        effective_parameters(root, departement, territoire, date(2026, 1, 5))


def test_a_dated_value_without_its_date_is_refused(root):
    (root / "13" / "parametres.toml").write_text("[[delais.x]]\neffet = 2025-01-01\nduree = 1\n[[delais.x]]\nduree = 2\n")
    with pytest.raises(ModelError, match=r"delais\.x"):
        effective_parameters(root, "13", "", date(2026, 1, 5))


def test_a_file_that_is_not_toml_is_told_with_its_name(root):
    (root / "13" / "parametres.toml").write_text("[[")
    with pytest.raises(ModelError, match=r"13/parametres\.toml"):
        effective_parameters(root, "13", "", date(2026, 1, 5))


def test_a_departement_replaces_a_table_of_a_package(root):
    (root / "13" / "decisions" / "orientation").mkdir(parents=True)
    (root / "13" / "decisions" / "orientation" / "voie.dmn").write_bytes(b"<x/>")
    assert overriding_tables(root, "13", "orientation") == {"decisions/voie.dmn": b"<x/>"}
    assert overriding_tables(root, "13", "contrat") == {}


REAL = Path(__file__).parents[2] / "processes" / "departements"


@pytest.mark.parametrize("departement", ["13", "38", "63", "94"])
@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 11, 21)])
def test_every_delay_of_the_four_departements_can_be_counted(departement, day):
    for territoire in ["", *read_territories(REAL, departement)]:
        delays = effective_parameters(REAL, departement, territoire, day).values["delais"]
        for name, table in delays.items():
            if "duree" in table:
                rule = calendars.DelayRule.from_table(table, name)
                assert calendars.due(rule, day, calendars.Calendar()).date is not None
