"""Fictional files: the volumes and proportions of the sources, and nobody real in them."""

from __future__ import annotations

import re
import resource
import time
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from server.intake import Entrant, RowError, guess_mapping, nir_key, open_table, read_contacts, read_entrants
from server.intake.faulty import FAULTS, write_faulty
from server.intake.fictional import write_contacts, write_entrants
from server.intake.fictional_words import PLACES
from server.kernel.errors import BadInput

MARCH, TODAY = date(2026, 3, 1), date(2026, 11, 21)


def entrants(path):
    with open_table(path, path.name) as table:
        return list(read_entrants(table, guess_mapping(table.headers), TODAY))


@pytest.fixture
def march(tmp_path):
    path = tmp_path / "mars.csv"
    assert write_entrants(path, MARCH, None, "13", seed=1) == 1_945
    return entrants(path)


def test_a_month_of_the_bouches_du_rhone_has_the_entrants_of_its_ten_poles(march):
    assert all(isinstance(person, Entrant) and not person.remarks for person in march)
    territories = Path(__file__).parents[2] / "processes" / "departements" / "13" / "territoires.toml"
    poles = tomllib.loads(territories.read_text("utf-8"))
    assert Counter(person.territoire for person in march) == {key: pole["entrants"] for key, pole in poles.items()}
    assert {key: place.entrants for key, place in PLACES["13"].items()} == {key: pole["entrants"] for key, pole in poles.items()}


def test_proportions_are_those_of_the_sources_within_three_points(march):
    def share(told):
        return 100 * sum(map(told, march)) / len(march)

    assert share(lambda p: p.inscrit_france_travail) == pytest.approx(35, abs=3)
    assert share(lambda p: p.enfants > 0) == pytest.approx(40.8, abs=3)
    assert share(lambda p: p.civilite == "Mme") == pytest.approx(50.2, abs=4)
    ages = [(p.date_ouverture - p.date_naissance).days / 365.25 for p in march]
    assert 100 * sum(age < 30 for age in ages) / len(ages) == pytest.approx(22, abs=3)
    assert 100 * sum(age > 55 for age in ages) / len(ages) == pytest.approx(15, abs=3)


def test_rights_open_on_every_day_of_the_month(march):
    assert {person.date_ouverture for person in march} == {date(2026, 3, day) for day in range(1, 32)}
    assert all(person.date_demande <= person.date_ouverture for person in march)


def test_nobody_can_be_real(march):
    for person in march:
        assert person.nir[13:] == nir_key(person.nir[:13])
        assert 990 <= int(person.nir[7:10]) <= 999
        assert re.fullmatch(r"|\+3363998\d{4}|\+3346571\d{4}", person.telephone.replace("+33639", "+33639"))
        assert person.email == "" or person.email.endswith("@example.org")
        assert person.identifiant_interne.startswith("FICTIF-13-")


def test_following_months_share_no_identifier(tmp_path):
    seen = set()
    for month in range(1, 5):
        path = tmp_path / f"{month}.csv"
        write_entrants(path, date(2026, month, 1), 300, "13", seed=1)
        keys = {key for person in entrants(path) for key in person.keys}
        assert not keys & seen
        seen |= keys


def test_the_same_seed_gives_the_same_file_and_another_seed_another(tmp_path):
    paths = [tmp_path / f"{name}.csv" for name in "abc"]
    for path, seed in zip(paths, (7, 7, 8), strict=True):
        write_entrants(path, MARCH, 50, "13", seed)
    assert paths[0].read_bytes() == paths[1].read_bytes() != paths[2].read_bytes()


def test_a_count_is_shared_exactly_between_territories(tmp_path):
    for count in (1, 7, 60):
        path = tmp_path / f"{count}.csv"
        assert write_entrants(path, MARCH, count, "13", seed=3) == count
        assert len(entrants(path)) == count


def test_a_workbook_holds_the_same_persons_as_the_csv(tmp_path):
    for name in ("a.csv", "a.xlsx"):
        write_entrants(tmp_path / name, MARCH, 40, "13", seed=1)
    assert entrants(tmp_path / "a.csv") == entrants(tmp_path / "a.xlsx")


def test_the_contact_file_speaks_of_the_same_persons(tmp_path):
    write_entrants(tmp_path / "e.csv", MARCH, 80, "13", seed=1)
    write_contacts(tmp_path / "c.csv", MARCH, 80, "13", seed=1)
    with open_table(tmp_path / "c.csv", "c.csv") as table:
        contacts = list(read_contacts(table))
    people = entrants(tmp_path / "e.csv")
    assert [(c.matricule, c.role, c.nir) for c in contacts] == [(p.matricule, p.role, p.nir) for p in people]


def test_each_fault_of_the_faulty_file_is_refused_for_its_own_reason(tmp_path):
    expected = write_faulty(tmp_path / "f.csv", MARCH, "13", seed=1)
    found = entrants(tmp_path / "f.csv")
    assert isinstance(found[0], Entrant)
    assert len(expected) == len(found) - 1 == len(FAULTS) + 1
    for refused in found[1:]:
        assert isinstance(refused, RowError)
        assert len(refused.reasons) == 1
        assert expected[refused.line] in refused.reasons[0]


def test_a_departement_without_volume_in_the_sources_needs_a_count(tmp_path):
    with pytest.raises(BadInput, match="Donnez un nombre"):
        write_entrants(tmp_path / "x.csv", MARCH, None, "38", seed=1)
    assert write_entrants(tmp_path / "x.csv", MARCH, 5, "38", seed=1) == 5


@pytest.mark.slow(reason="sixty thousand lines, written and read")
def test_sixty_thousand_lines_are_read_within_bounds_of_time_and_memory(tmp_path):
    path = tmp_path / "grand.csv"
    write_entrants(path, MARCH, 60_000, "13", seed=1)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with open_table(path, path.name) as table:
        kept = sum(isinstance(found, Entrant) for found in read_entrants(table, guess_mapping(table.headers), TODAY))
    assert kept == 60_000
    assert time.monotonic() - begun < 30
    # Kibibytes: what reading adds to the process.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
