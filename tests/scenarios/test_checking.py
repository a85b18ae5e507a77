"""A repository is checked whole: what a change breaks is told, package by package; the command line says the same."""

import shutil

import pytest
from click.testing import CliRunner

from server.catalog import refused
from server.cli.check import check, scenario
from server.scenarios import check_packages, read_library, try_package
from tests.scenarios.worlds import repository


@pytest.fixture
def root(tmp_path):
    return repository(tmp_path)


def problems(root):
    return " | ".join(check_packages(root).problems)


def edit(root, file, old, new):
    path = root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_packages_that_are_ready_have_no_problem(root):
    assert check_packages(root).problems == ()


DIAGRAM = "processes/avis/process.bpmn"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (DIAGRAM, 'formId="rendez_vous"', 'formId="rendez"', "avis : formulaire-absent"),
        (DIAGRAM, 'candidateGroups="ep_secretariat"', 'candidateGroups="ep"', "groupe-inconnu"),
        (DIAGRAM, 'processId="entretien"', 'processId="entretiens"', "processus-introuvable"),
        (DIAGRAM, 'value="convocation"', 'value="autre"', "courrier-introuvable"),
        (DIAGRAM, 'name="issue" value="rendu"', 'name="issue" value="fait"', "l'issue attendue est « rendu », elle est « fait »"),
        (
            "processes/entretien/process.bpmn",
            'echeance("entretien',
            'echeance("autre',
            "le délai « autre », que le département 13 n'a pas",
        ),
        (
            "processes/avis/letters/convocation.md",
            "{{ jour",
            "{{ parametres.courrier.signataire }} {{ jour",
            "« parametres.courrier.signataire »",
        ),
        ("processes/entretien/process.bpmn", 'decisionId="voie"', 'decisionId="autre"', "decision-introuvable"),
        ("processes/entretien/decisions/voie.cases.csv", "20;emploi", "20;social", "attendu social, obtenu emploi"),
        ("processes/avis/package.toml", 'letters = ["convocation"]', "letters = []", "Courrier convocation"),
        ("processes/avis/package.toml", 'id = "avis"', 'id = "avis_ep"', "doivent être le même mot"),
        ("processes/avis/scenarios/rendu.yaml", "titre:", "titres:", "clé inconnue « titres »"),
        ("processes/avis/letters/convocation.md", "{{", "{{ (", "Courrier convocation"),
        ("processes/avis/letters/expected/rendu.md", "Rendu", "Donné", "le texte diffère"),
        ("forms/avis/rendez_vous.form", '"datetime"', '"iframe"', "Formulaire rendez_vous"),
        ("forms/avis/rendez_vous.form", "{", "", "paquet-illisible"),
        ("processes/departements/13/parametres.toml", "taux_foyer = 50", "taux_foyer = 60", "à 60 %, 50 au plus"),
        ("processes/departements/13/parametres.toml", "effet", "[[", "Département 13"),
    ],
)
def test_what_a_change_breaks_is_told(root, file, old, new, told):
    edit(root, file, old, new)
    assert told in problems(root)


def test_a_rule_that_no_story_crosses_any_more_is_told(root):
    (root / "processes" / "entretien" / "scenarios" / "expire.yaml").unlink()
    assert "aucun scénario ni cas ne passe par : Flux_limite_fin_c (flux)" in problems(root)
    assert "limite (evenements)" in problems(root)


def test_twins_without_each_other_are_told(root):
    (root / "forms" / "suivi").mkdir()
    shutil.rmtree(root / "forms" / "avis")
    assert "forms/suivi n'a pas de paquet" in problems(root)
    assert "processes/avis n'a pas de dossier forms/avis" in problems(root)


def test_a_package_without_its_manifest_or_diagram_is_told_and_the_others_are_still_checked(root):
    (root / "processes" / "vide").mkdir()
    found = check_packages(root)
    assert [(t.slug, t.problems == ()) for t in found.trials] == [("avis", True), ("entretien", True), ("suspendre", True), ("vide", False)]
    assert any("package.toml" in p for p in found.trials[-1].problems)


def test_a_draft_is_tried_in_place_of_the_package_and_its_evidence_is_plain(root):
    library = read_library(root)
    draft = library.packages["entretien"].replace({"scenarios/expire.yaml": b"titre: vide"})
    trial = try_package(draft, library, "entretien")
    evidence = trial.to_plain()
    assert trial.problems
    assert evidence["manque"]["evenements"] == ["limite"]
    assert evidence["illisibles"]
    assert evidence["couverture"] < 100
    assert [s["problemes"] for s in evidence["scenarios"]] == [[]]


def run(command, *arguments):
    found = CliRunner().invoke(command, [str(a) for a in arguments])
    return found.exit_code, found.output


def test_the_command_says_when_all_is_ready(root):
    code, told = run(check, "--dossier", root)
    assert code == 0
    assert "2/2 scénarios" in told
    assert told.endswith("Tout est prêt à publier.\n")


def test_the_command_says_what_is_wrong_or_only_counts(root):
    edit(root, DIAGRAM, 'formId="rendez_vous"', 'formId="rendez"')
    code, told = run(check, "avis", "--dossier", root)
    assert code == 1
    assert "formulaire-absent" in told
    code, told = run(check, "--bref", "--dossier", root)
    assert code == 1
    assert "formulaire-absent" not in told
    assert "à corriger." in told


def test_the_command_shows_warnings_when_asked(root):
    edit(root, DIAGRAM, 'name="Dossier reçu"', 'name=""')
    assert "avertissement, sans-nom" in run(check, "--avertissements", "--dossier", root)[1]
    assert "avertissement" not in run(check, "--dossier", root)[1]


def test_a_story_is_told_fact_by_fact(root):
    code, told = run(scenario, "avis", "rendu", "--dossier", root)
    assert code == 0
    assert "avis                 TaskReady            t" in told
    assert "entretien            DecisionTaken        voie" in told
    assert "réussi : rendu" in told


def test_a_story_that_fails_makes_the_command_fail(root):
    edit(root, "processes/entretien/process.bpmn", 'name="issue" value="expire"', 'name="issue" value="fait"')
    code, told = run(scenario, "entretien", "--dossier", root)
    assert code == 1
    assert (told.count("échoué"), told.count("réussi")) == (1, 1)


def test_golden_letters_are_written_on_request(root):
    expected = root / "processes" / "avis" / "letters" / "expected" / "rendu.md"
    kept = expected.read_text()
    expected.unlink()
    run(scenario, "avis", "rendu", "--ecrire-lettres", "--dossier", root)
    assert expected.read_text() == kept


@pytest.mark.parametrize("arguments", [["absent"], ["avis", "absent"]])
def test_an_unknown_package_or_story_is_told(root, arguments):
    found = CliRunner().invoke(scenario, [*arguments, "--dossier", str(root)])
    assert found.exit_code == 1
    assert "absent" in str(found.exception)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("forms/rendez_vous.form", b'"datetime"', b'"iframe"'),
        ("letters/convocation.md", b"{{", b"{{ ("),
        ("package.toml", b'["convocation"]', b"[]"),
    ],
)
def test_a_draft_that_another_module_cannot_read_is_refused_as_by_the_lint(root, name, old, new):
    library = read_library(root)
    package = library.packages["avis"]
    assert old in package.files[name]
    trial = try_package(package.replace({name: package.files[name].replace(old, new)}), library, "avis")
    assert refused(trial.findings)
    assert not refused(try_package(package, library, "avis").findings)
