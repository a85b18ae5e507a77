"""A scenario file that is not understood is refused with its place, before anything is played."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from server.kernel.errors import ModelError
from server.scenarios import read_story
from server.scenarios.story import later, moment, value_of

GOOD = "titre: x\ndebut: 2026-01-05\netapes: []\nfin: {issue: x}\n"


def test_values_are_those_of_feel():
    read = value_of({"a": 1, "b": 2.5, "c": True, "d": date(2026, 1, 5), "e": ["x", None], "f": '= date("2026-01-05") + duration("P1D")'})
    assert read == {"a": Decimal(1), "b": Decimal("2.5"), "c": True, "d": date(2026, 1, 5), "e": ["x", None], "f": date(2026, 1, 6)}
    assert isinstance(read["a"], Decimal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("2026-07-05", datetime(2026, 7, 5, 7, tzinfo=UTC)),
        ("2026-01-05 10:30", datetime(2026, 1, 5, 9, 30, tzinfo=UTC)),
        ("2026-01-05T10:30:00Z", datetime(2026, 1, 5, 10, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_zone_is_that_of_paris_and_a_date_is_nine_in_the_morning(text, expected):
    assert moment(text) == expected


def test_a_wait_of_days_keeps_the_hour_of_the_clock_when_summer_time_begins():
    # 29 March 2026, 02:00: the clocks of Paris go forward.
    assert later(moment("2026-03-28 09:00"), "P2D") == moment("2026-03-30 09:00")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "est vide"),
        ("[", "YAML"),
        ("- a", "est vide"),
        (GOOD.replace("fin: {issue: x}", "fin: {}"), "comment il finit"),
        (GOOD.replace("debut: 2026-01-05", ""), "quand il commence"),
        (GOOD.replace("debut: 2026-01-05", "debut: demain"), "« demain »"),
        (GOOD.replace("titre", "title"), "clé inconnue « title »"),
        (GOOD.replace("etapes: []", "etapes: [{tache: a, message: b}]"), "étape 1"),
        (GOOD.replace("etapes: []", "etapes: [tache]"), "étape 1"),
        (GOOD.replace("etapes: []", "etapes: [{tache: a, par: b, quand: c}]"), "clé inconnue « quand »"),
        (GOOD.replace("{issue: x}", "{issue: x, tache: []}"), "clé inconnue « tache »"),
        (GOOD + "appels: {x: {resultat: 1}}", "« appels »"),
        (GOOD + 'variables: {x: "= 1 +"}', "FEEL"),
        (GOOD + "note: &a [1, 2]\nvariables: {x: *a}", "renvois"),
        (GOOD + "note: " + "[" * 800, "YAML"),
        (GOOD + "note: " + "x" * 60_000, "dépasse 60000 caractères"),
        (GOOD + "note: 2026-13-45", "YAML"),
        (GOOD.replace("etapes: []", f"etapes: [{'{attendre: P1D},' * 501}]"), "plus de 500 étapes"),
        (GOOD.replace("etapes: []", "etapes: 3"), "étape"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(text, told):
    with pytest.raises(ModelError) as caught:
        read_story("essai", text)
    assert told in str(caught.value)


def test_yaml_cannot_build_objects():
    with pytest.raises(ModelError, match="YAML"):
        read_story("essai", GOOD + 'note: !!python/object/apply:os.system ["true"]')
