"""The three editors in a real browser: they open under their policy, show the bpmn.io mark, speak French, and save."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

DIAGRAM, TABLE, FORM = "diagramme", "tables", "formulaires?fichier=forms/orientation.form"
SAVED = '[data-saved]:has-text("enregistré à")'


@pytest.fixture
def owner(served):
    return served.tab(served.world.actor("proprietaire", name="Ana Auteur"))


def opened(tab, part):
    page = tab.open(f"/studio/orientation/{part}")
    page.locator("[data-drawn]").wait_for()
    return page


@pytest.mark.parametrize("part", [DIAGRAM, TABLE, FORM])
def test_an_editor_opens_without_breaking_its_policy(owner, part):
    opened(owner, part)
    assert owner.errors == []


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize(("part", "mark"), [(DIAGRAM, ".bjs-powered-by"), (TABLE, ".bjs-powered-by"), (FORM, ".fjs-powered-by-link")])
def test_the_mark_of_bpmn_io_stays_visible_and_uncovered(served, uncovered, part, mark, width):
    tab = served.tab(served.world.actor("proprietaire", name="Ana Auteur"), width)
    assert uncovered(opened(tab, part), mark)


def test_the_diagram_editor_and_its_properties_speak_french(owner):
    page = opened(owner, DIAGRAM)
    page.evaluate(
        """async () => {
          const { jalonModeler: modeler } = window;
          for (const element of modeler.get('elementRegistry').getAll()) {
            modeler.get('selection').select(element);
            await new Promise((done) => setTimeout(done, 30));
          }
        }"""
    )
    assert page.evaluate("[...window.jalonUntranslated]") == []
    assert "Groupe qui fait cette tâche" in page.locator("[data-panel]").inner_text() or page.get_by_text("Général").count()


def test_the_table_editor_speaks_french(owner):
    page = opened(owner, TABLE)
    assert [key for key in page.evaluate("[...window.jalonUntranslated]") if '"' not in key] == []
    assert page.get_by_text("Règle de choix").first.is_visible()


def test_a_cell_of_a_table_is_typed_and_saved(owner):
    page = opened(owner, TABLE)
    cell = page.locator("tbody td.input-cell").first
    before = cell.inner_text()
    cell.click()
    page.keyboard.press("End")
    page.keyboard.type(' , "essai"')
    page.keyboard.press("Enter")
    assert page.locator("[data-saved]").inner_text() == "Modifications non enregistrées"
    page.keyboard.press("Control+s")
    page.locator(SAVED).wait_for()
    text = page.evaluate("async () => (await window.jalonDmn.saveXML()).xml")
    assert '"essai"' in text
    assert before.strip().strip('"') in text


def test_the_form_is_drawn_by_the_server_beside_its_editor(owner):
    page = opened(owner, FORM)
    shown = page.locator("[data-preview]")
    shown.get_by_text("Dernière activité professionnelle").wait_for()
    page.evaluate(
        """() => {
          const editor = window.jalonFormEditor;
          const root = editor.get('formFieldRegistry').getAll().find((field) => field.type === 'default');
          editor.get('modeling').addFormField({ type: 'textfield', key: 'ajoute', label: 'Question ajoutée' }, root, 0);
        }"""
    )
    shown.get_by_text("Question ajoutée").wait_for()
    page.locator("[data-save]").click()
    page.locator(SAVED).wait_for()
    kept = page.request.get(f"{owner.address}/studio/orientation/fichier?nom=forms/orientation.form").json()["content"]
    assert json.loads(kept)["components"][0]["key"] == "ajoute"


def test_what_the_rules_refuse_is_marked_on_the_drawing(owner):
    page = opened(owner, DIAGRAM)
    page.evaluate(
        """() => {
          const modeler = window.jalonModeler;
          const task = modeler.get('elementRegistry').filter((element) => element.type === 'bpmn:UserTask')[0];
          modeler.get('selection').select(task);
        }"""
    )
    page.locator("#bio-properties-panel-jalon-group").select_option("")
    page.locator("[data-save]").click()
    page.locator(SAVED).wait_for()
    assert page.locator(".djs-shape.lint-error").count() == 1
    assert "aucun groupe" in page.locator("[data-findings]").inner_text()
    page.locator("[data-go]").first.click()
    assert page.evaluate("window.jalonModeler.get('selection').get().length") == 1
    assert "element=" not in page.url


def test_what_no_scenario_crosses_is_marked_on_the_drawing(owner):
    page = opened(owner, DIAGRAM)
    page.locator('[data-do="coverage"]').click()
    page.locator('[data-saved]:has-text("Les scénarios parcourent tout")').wait_for()
    page = owner.open("/studio/contrat/diagramme")
    page.locator("[data-drawn]").wait_for()
    missed = page.request.get(f"{owner.address}/studio/contrat/scenarios/couverture").json()["uncrossed"]
    page.locator('[data-do="coverage"]').click()
    page.locator('[data-saved]:has-text("scénario")').wait_for()
    assert page.locator(".djs-element.uncrossed").count() == len(missed)


def test_leaving_with_changes_is_told(owner):
    page = opened(owner, DIAGRAM)
    page.evaluate(
        """() => {
          const modeler = window.jalonModeler;
          const task = modeler.get('elementRegistry').filter((element) => element.type === 'bpmn:UserTask')[0];
          modeler.get('modeling').updateProperties(task, { name: 'Autre nom' });
        }"""
    )
    assert page.locator("[data-saved]").inner_text() == "Modifications non enregistrées"
    told = []
    page.on("dialog", lambda dialog: (told.append(dialog.type), dialog.accept()))
    page.locator("h1").click()  # a browser asks only after a gesture
    page.get_by_role("link", name="Processus", exact=True).click()
    page.wait_for_url(re.compile("/studio$"))
    assert told == ["beforeunload"]


@pytest.mark.parametrize(
    "part",
    ["", "/orientation/scenarios", "/orientation/versions", "/orientation/comparaison", "/orientation/lettres", "/orientation/relecture"],
)
def test_the_pages_around_the_editors_pass_axe(owner, part):
    page = owner.open(f"/studio{part}")
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], len(fault["nodes"])) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 320])
def test_the_diagram_is_told_in_words_and_its_page_passes_axe(served, width):
    tab = served.tab(served.world.actor("proprietaire", name="Ana Auteur"), width)
    page = opened(tab, DIAGRAM)
    page.get_by_text("Le diagramme en mots").click()
    assert page.get_by_role("rowheader", name="Orienter la personne").count() == 1
    # The inside of the drawing and of its panel is bpmn.io's; everything around is ours.
    found = Axe().run(page, context={"exclude": [["[data-canvas]"], ["[data-panel]"]]}).response["violations"]
    assert [(fault["id"], len(fault["nodes"])) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
