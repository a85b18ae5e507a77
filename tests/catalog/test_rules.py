"""Each rule of publication refuses its wrong diagram, and only for that; and lets its right diagram pass."""

from pathlib import Path

import pytest

from server.catalog import ERROR, explain, lint
from server.catalog.rules import ALL_RULES
from tests.catalog.bundles import OTHERS, RULES, example

PAGES = Path(__file__).parents[2] / "docs" / "regles"
CODES = [rule.CODE for rule in ALL_RULES]
# A wrong diagram that cannot be drawn without another fault.
COMPANIONS = {"flux-sans-but": {"element-inaccessible"}, "table-de-decision": {"decision-introuvable"}}


@pytest.mark.parametrize("rule", ALL_RULES, ids=CODES)
def test_a_wrong_diagram_is_found_by_its_rule_and_no_other_error(rule):
    found = lint(example(rule.CODE, "faux"), OTHERS)
    assert [f for f in found if f.rule == rule.CODE and f.severity == rule.SEVERITY]
    assert {f.rule for f in found if f.severity == ERROR} <= {rule.CODE} | COMPANIONS.get(rule.CODE, set())


@pytest.mark.parametrize("rule", ALL_RULES, ids=CODES)
def test_a_right_diagram_passes_without_error(rule):
    found = lint(example(rule.CODE, "juste"), OTHERS)
    assert [f.message for f in found if f.severity == ERROR or f.rule == rule.CODE] == []


@pytest.mark.parametrize("rule", ALL_RULES, ids=CODES)
def test_a_rule_has_its_page_its_title_and_its_sentence(rule):
    page = (PAGES / f"{rule.CODE}.md").read_text()
    check = getattr(rule, "check", None) or rule.check_files
    assert page.startswith(f"# {rule.TITLE}\n")
    assert ("refusée" if rule.SEVERITY == ERROR else "avertissement") in page
    assert check.__doc__
    assert check.__doc__.strip().endswith(".")


def test_every_file_of_rules_is_in_the_list_and_every_code_is_its_own():
    folder = Path(__file__).parents[2] / "server" / "catalog" / "rules"
    assert {p.stem for p in folder.glob("*.py")} - {"__init__"} == {rule.__name__.rpartition(".")[2] for rule in ALL_RULES}
    assert len(set(CODES)) == len(CODES)


def test_every_example_and_every_page_belongs_to_a_rule():
    assert {p.name for p in RULES.iterdir()} - {"commun"} == set(CODES)
    assert {p.stem for p in PAGES.glob("*.md")} - {"README"} == set(CODES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=CODES)
def test_a_finding_names_its_element_and_says_what_to_do(rule):
    for finding in lint(example(rule.CODE, "faux"), OTHERS):
        assert len(finding.message) > 30
        assert finding.element or finding.name or finding.file != "process.bpmn"


def test_a_screen_can_tell_why_a_rule_is_there():
    title, sentence = explain("duree-en-mois")
    assert title == "Les mois se comptent par le calendrier"
    assert "echeance" in sentence
    assert explain("absente") == ("", "")
