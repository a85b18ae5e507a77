"""Cases beside a table are run through server.decisions, whatever way their columns are named."""

import pytest

from server.scenarios import run_tables
from tests.scenarios.worlds import package


def run(text):
    (found,) = run_tables(package("entretien", **{"decisions/voie.cases.csv": text}))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "dossier.age;=>;regle\n20;emploi;jeune\n26;social;autre\n",
        "dossier.age,=> ,regle\n20,emploi,1\n26,social,2\n",
        "dossier;=>;=>règle;cas\n= {age: 20};emploi;jeune;un\n= {age: 60};social;2;deux\n",
        "\ufeffdossier.age;=>;regle;note\n# un commentaire\n20;emploi;;un\n30;social;;deux\n",
    ],
)
def test_good_cases_pass_and_cross_their_rules(text):
    found = run(text)
    assert found.problems == ()
    assert found.lines == 2
    assert found.crossed == found.rules == {("Table_voie", "jeune"), ("Table_voie", "autre")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dossier.age;=>\n20;social\n", "ligne 2"),
        ("dossier.age;=>;regle\n# x\n20;emploi;autre\n", "ligne 3"),
        ("dossier.age;=>;regle\n20;emploi;-\n", "attendu aucune"),
        ("dossier.age\n20\n", "=>"),
    ],
)
def test_a_case_that_fails_is_told_with_its_line(text, told):
    assert told in run(text).problems[0]


def test_an_empty_expected_result_is_checked_where_the_file_has_one_decision():
    assert "attendu vide" in run("dossier.age;=>\n20;\n").problems[0]


def test_a_file_about_several_decisions_leaves_unchecked_what_a_line_does_not_fill():
    assert run("decision;dossier.age;=>;regle\nvoie;20;;jeune\nvoie;30;social;\n").problems == ()


def test_a_table_without_cases_has_no_line_and_all_its_rules_to_cross():
    files = package("entretien")
    (found,) = run_tables(files)
    assert (found.lines, len(found.rules), found.crossed) == (0, 2, frozenset())
