"""Two versions are compared in words, element by element."""

from pathlib import Path

import pytest

from server.catalog import compare, package_from_files
from tests.catalog.bundles import RULES, bundle

DIAGRAM = (RULES / "decision-introuvable" / "juste.bpmn").read_text()


def changed(*pairs, name="process.bpmn"):
    """What compare says when these texts of one file are replaced."""
    before = bundle(DIAGRAM.encode())
    text = before[name].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return compare(package_from_files(before), package_from_files({**before, name: text.encode()}))


def test_the_same_package_has_no_difference():
    assert changed() == []


def test_a_renamed_task_is_told_with_both_names():
    (change,) = changed(('name="Choisir la voie"', 'name="Choisir le parcours"'))
    assert (change.kind, change.element) == ("modification", "r")
    assert change.sentence == "L'élément « r » s'appelait « Choisir la voie », il s'appelle « Choisir le parcours »."


def test_another_decision_is_told():
    (change,) = changed(('decisionId="voie"', 'decisionId="autre"'))
    assert change.sentence == "« Choisir la voie » (r) : la décision passe de « voie » à « autre »."


def test_a_step_added_is_told_with_its_flows():
    added = '<bpmn:userTask id="t" name="Signer" /><bpmn:sequenceFlow id="f9" sourceRef="r" targetRef="t" /></bpmn:process>'
    sentences = [c.sentence for c in changed(("</bpmn:process>", added))]
    assert sentences == ["On ajoute la tâche « Signer » (t).", "On ajoute le flux « f9 », de « r » à « t »."]


def test_a_step_removed_is_told():
    before = bundle(DIAGRAM.encode())
    after = {**before, "process.bpmn": (RULES / "impasse" / "juste.bpmn").read_bytes()}
    sentences = [c.sentence for c in compare(package_from_files(before), package_from_files(after))]
    assert "On retire la règle « Choisir la voie » (r)." in sentences


def test_a_shape_moved_is_a_change_of_drawing_only():
    (change,) = changed(('bpmnElement="r"><dc:Bounds x="', 'bpmnElement="r"><dc:Bounds x="1'))
    assert (change.kind, change.element) == ("dessin", "r")


def test_a_cell_of_a_table_is_told_with_its_line():
    (change,) = changed(('<text>"emploi"</text>', '<text>"social"</text>'), name="decisions/voie.dmn")
    assert change.element == "jeune"
    assert change.sentence == 'La ligne « jeune » passe de « < 26 | "emploi" » à « < 26 | "social" ».'


def test_a_field_of_a_form_is_told_by_its_key():
    (change,) = changed(('"label": "La personne est venue"', '"label": "Venue ?"'), name="forms/rendez_vous.form")
    assert (change.file, change.element) == ("forms/rendez_vous.form", "venu")
    assert "Venue ?" in change.sentence


def test_a_letter_is_told_by_its_number_of_lines():
    (change,) = changed(("est fixé", "est annulé"), name="letters/convocation.md")
    assert change.sentence == "Le fichier letters/convocation.md change (1 ligne en plus, 1 en moins)."


@pytest.mark.parametrize("name", ["process.bpmn", "decisions/voie.dmn", "forms/rendez_vous.form"])
def test_a_file_that_cannot_be_read_is_still_compared(name):
    before = bundle(DIAGRAM.encode())
    (change,) = compare(package_from_files(before), package_from_files({**before, name: b"<<<"}))
    assert change.file == name


def test_files_added_and_removed_are_told():
    before = bundle(DIAGRAM.encode())
    after = {name: content for name, content in before.items() if name != "letters/convocation.md"} | {"letters/rappel.md": b"x"}
    kinds = {(c.kind, c.file) for c in compare(package_from_files(before), package_from_files(after))}
    assert kinds == {("ajout", "letters/rappel.md"), ("retrait", "letters/convocation.md")}


def test_a_condition_changed_is_told():
    text = (RULES / "condition-absente" / "juste.bpmn").read_text()
    before = bundle(text.encode())
    after = bundle(text.replace("= urgent<", "= not(urgent)<").encode())
    (change,) = compare(package_from_files(before), package_from_files(after))
    assert change.sentence == "La condition du flux « Oui » (Flux_g_a) passe de « = urgent » à « = not(urgent) »."


def test_every_pair_of_examples_can_be_compared():
    folders = sorted(p for p in RULES.iterdir() if (p / "faux.bpmn").exists())
    for folder in folders:
        one, other = (package_from_files(bundle(Path(folder, f"{w}.bpmn").read_bytes())) for w in ("faux", "juste"))
        assert all(c.sentence.endswith(".") for c in compare(one, other))
