"""A repository is checked whole: what a change breaks is told, package by package; the command line says the same."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.check import check, scenario
from server.scenarios import check_packages, read_library, try_package

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    """A repository with the package `orientation` alone, and the parameters."""
    shutil.copytree(ROOT / "processes" / "departements", tmp_path / "processes" / "departements")
    shutil.copytree(ROOT / "processes" / "orientation", tmp_path / "processes" / "orientation")
    shutil.copytree(ROOT / "forms" / "orientation", tmp_path / "forms" / "orientation")
    return tmp_path


def problems(root):
    return " | ".join(check_packages(root).problems)


def edit(root, file, old, new):
    path = root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_package_as_it_is_has_no_problem(root):
    assert check_packages(root).problems == ()


DIAGRAM = "processes/orientation/process.bpmn"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (DIAGRAM, 'formId="ecart"', 'formId="ecarts"', "orientation : formulaire-absent"),
        (DIAGRAM, 'candidateGroups="territoire"', 'candidateGroups="territoires"', "groupe-inconnu"),
        (
            DIAGRAM,
            'echeance("orientation", dossier',
            'echeance("orientations", dossier',
            "le délai « orientations », que le département 13 n'a pas",
        ),
        (DIAGRAM, 'decisionId="parcours"', 'decisionId="autre"', "decision-introuvable"),
        (DIAGRAM, 'value="notification_orientation"', 'value="autre"', "courrier-introuvable"),
        (DIAGRAM, 'name="issue" value="oriente"', 'name="issue" value="fait"', "l'issue attendue est « oriente », elle est « fait »"),
        (
            "processes/orientation/decisions/parcours.cases.csv",
            "social;departement;1",
            "emploi;departement;1",
            "attendu emploi, obtenu social",
        ),
        (
            "processes/orientation/package.toml",
            'letters = ["notification_orientation"]',
            "letters = []",
            "courrier notification_orientation",
        ),
        ("processes/orientation/package.toml", 'id = "orientation"', 'id = "orienter"', "doivent être le même mot"),
        ("processes/orientation/scenarios/en_retard.yaml", "titre:", "titres:", "clé inconnue « titres »"),
        ("processes/orientation/letters/notification_orientation.md", "{{", "{{ (", "courrier notification_orientation"),
        ("forms/orientation/ecart.form", '"components"', '"composants"', "orientation :"),
        ("processes/departements/13/parametres.toml", "taux_foyer = 50", "taux_foyer = 60", "au plus"),
    ],
)
def test_what_a_change_breaks_is_told(root, file, old, new, told):
    edit(root, file, old, new)
    assert told in problems(root)


def test_a_rule_that_no_story_crosses_any_more_is_told(root):
    (root / "processes" / "orientation" / "scenarios" / "en_retard.yaml").unlink()
    assert "aucun scénario ni cas ne passe par" in problems(root)
    assert "limite_depassee" in problems(root)


def test_twins_without_each_other_are_told(root):
    (root / "forms" / "suivi").mkdir()
    shutil.rmtree(root / "forms" / "orientation")
    assert "forms/suivi n'a pas de paquet" in problems(root)
    assert "processes/orientation n'a pas de dossier forms/orientation" in problems(root)


def test_a_package_without_its_manifest_or_diagram_is_told_and_the_others_are_still_checked(root):
    (root / "processes" / "vide").mkdir()
    found = check_packages(root)
    assert [t.slug for t in found.trials] == ["orientation", "vide"]
    assert found.trials[0].problems == ()
    assert any("package.toml" in p for p in found.trials[1].problems)


def test_a_draft_is_tried_in_place_of_the_package_and_its_evidence_is_plain(root):
    library = read_library(root)
    draft = library.packages["orientation"].replace({"scenarios/en_retard.yaml": b"titre: vide"})
    trial = try_package(draft, library, "orientation")
    evidence = trial.to_plain()
    assert trial.problems
    assert evidence["manque"]["evenements"] == ["cible_depassee", "limite_depassee"]
    assert evidence["illisibles"]
    assert evidence["couverture"] < 100
    assert [s["problemes"] for s in evidence["scenarios"]] == [[], []]


def run(command, *arguments):
    found = CliRunner().invoke(command, [str(a) for a in arguments])
    return found.exit_code, found.output


def test_the_command_says_when_all_is_ready(root):
    code, told = run(check, "--dossier", root)
    assert code == 0
    assert "3/3 scénarios" in told
    assert told.endswith("Tout est prêt à publier.\n")


def test_the_command_says_what_is_wrong_or_only_counts(root):
    edit(root, DIAGRAM, 'formId="ecart"', 'formId="ecarts"')
    code, told = run(check, "orientation", "--dossier", root)
    assert code == 1
    assert "formulaire-absent" in told
    code, told = run(check, "--bref", "--dossier", root)
    assert code == 1
    assert "formulaire-absent" not in told
    assert "à corriger." in told


def test_the_command_shows_warnings_when_asked(root):
    edit(root, DIAGRAM, 'name="Droit ouvert"', 'name=""')
    assert "avertissement, sans-nom" in run(check, "--avertissements", "--dossier", root)[1]
    assert "avertissement" not in run(check, "--dossier", root)[1]


def test_a_story_is_told_fact_by_fact(root):
    code, told = run(scenario, "orientation", "dans_le_delai", "--dossier", root)
    assert code == 0
    assert "TaskReady            orienter" in told
    assert "réussi : dans_le_delai" in told


def test_a_story_that_fails_makes_the_command_fail(root):
    edit(root, DIAGRAM, 'name="issue" value="oriente"', 'name="issue" value="fait"')
    code, told = run(scenario, "orientation", "--dossier", root)
    assert code == 1
    assert told.count("échoué") == 3


def test_golden_letters_are_written_on_request(root):
    expected = root / "processes" / "orientation" / "letters" / "expected" / "notification_orientation.md"
    kept = expected.read_text()
    expected.unlink()
    run(scenario, "orientation", "dans_le_delai", "--ecrire-lettres", "--dossier", root)
    assert expected.read_text() == kept


@pytest.mark.parametrize("arguments", [["absent"], ["orientation", "absent"]])
def test_an_unknown_package_or_story_is_told(root, arguments):
    found = CliRunner().invoke(scenario, [*arguments, "--dossier", str(root)])
    assert found.exit_code == 1
    assert "absent" in str(found.exception)
