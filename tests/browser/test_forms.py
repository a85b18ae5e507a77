"""A form in a real browser: questions that depend on answers, lists without script, errors that can be reached."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.small_packages import end, flow, form, package, task

FAMILY = form(
    "famille",
    {
        "type": "radio",
        "key": "venue",
        "label": "La personne est-elle venue ?",
        "validate": {"required": True},
        "values": [{"label": "Oui", "value": "oui"}, {"label": "Non", "value": "non"}],
    },
    {
        "type": "textarea",
        "key": "motif",
        "label": "Motif de l'absence",
        "conditional": {"hide": '=venue != "non"'},
        "validate": {"required": True},
    },
    {"type": "textfield", "key": "note", "label": "Note"},
    {"type": "filepicker", "key": "piece", "label": "Pièce", "accept": ".pdf"},
    {
        "type": "dynamiclist",
        "path": "enfants",
        "label": "Enfants",
        "components": [
            {"type": "textfield", "key": "prenom", "label": "Prénom", "id": "p1", "validate": {"required": True}},
            {"type": "number", "key": "age", "label": "Âge", "id": "p2", "validate": {"required": True, "max": 25}},
        ],
    },
)


CHOICES = {"values": [{"label": "Oui, par écrit", "value": "oui"}, {"label": "Non", "value": "non"}]}
EVERY_KIND = form(
    "famille",
    {"type": "text", "text": "### À savoir\n\nLa table **aide**, elle ne décide pas.\n\n- un\n- deux"},
    {"type": "html", "content": "<p>Un <em>texte</em>.</p>"},
    {"type": "separator"},
    {"type": "spacer", "height": 40},
    {
        "type": "group",
        "label": "Entretien",
        "components": [
            {"id": "g1", "type": "textfield", "key": "nom", "label": "Nom", "layout": {"row": "r", "columns": 8}},
            {
                "id": "g2",
                "type": "number",
                "key": "taux",
                "label": "Taux",
                "appearance": {"suffixAdorner": "%"},
                "layout": {"row": "r", "columns": 8},
            },
            {"id": "g3", "type": "textarea", "key": "resume", "label": "Résumé", "description": "Sans appréciation."},
            {"id": "g4", "type": "datetime", "subtype": "date", "key": "le", "dateLabel": "Le"},
            {"id": "g5", "type": "datetime", "subtype": "time", "key": "heure", "timeLabel": "À"},
            {"id": "g6", "type": "datetime", "subtype": "datetime", "key": "rdv", "dateLabel": "Rendez-vous"},
        ],
    },
    {
        "type": "checkbox",
        "key": "accord",
        "label": "La personne est informée",
        "description": "De vive voix.",
        "validate": {"required": True},
    },
    {"type": "radio", "key": "obs", "label": "Observations ?", "validate": {"required": True}, **CHOICES},
    {"type": "select", "key": "suite", "label": "Suite", "validate": {"required": True}, **CHOICES},
    {"type": "checklist", "key": "freins", "label": "Freins", **CHOICES},
    {"type": "taglist", "key": "mots", "label": "Mots", **CHOICES},
    {"type": "filepicker", "key": "piece", "label": "Pièce", "multiple": True},
    {"type": "expression", "key": "double", "expression": "=2 * taux"},
    {"type": "textfield", "key": "numero", "label": "Dossier", "readonly": True},
    {
        "type": "table",
        "label": "Droits",
        "dataSource": '=[{nom: "RSA"}, {nom: "PA"}]',
        "rowCount": 1,
        "columns": [{"key": "nom", "label": "Droit"}],
    },
    {
        "type": "dynamiclist",
        "path": "enfants",
        "label": "Enfants",
        "components": [{"id": "l1", "type": "textfield", "key": "prenom", "label": "Prénom"}],
    },
    {"type": "button", "label": "Remettre comme avant", "action": "reset"},
)


@pytest.mark.parametrize("width", [1440, 320])
def test_every_kind_of_component_passes_axe_before_and_after_a_refusal(bare, width):
    steps = (flow("debut>famille"), task("famille", form="famille"), flow("famille>fin"), end("fin"))
    bare.world.publish(package("famille", *steps, forms=(EVERY_KIND,)))
    bare.world.case("famille")
    tab = bare.tab(bare.world.agent("Awa Agent"), width)
    page = tab.open("/taches?liste=prendre")
    page.locator("a.open").first.click()
    for refused in (False, True):
        if refused:
            page.get_by_role("button", name="Envoyer", exact=True).last.click()
            page.get_by_role("alert").wait_for()
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], len(fault["nodes"])) for fault in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [error for error in tab.errors if "422" not in error] == []


@pytest.fixture
def opened(bare):
    """Opens the form of a fresh task for an agent, with or without script."""
    steps = (flow("debut>famille"), task("famille", form="famille"), flow("famille>fin"), end("fin"))
    bare.world.publish(package("famille", *steps, forms=(FAMILY,)))
    bare.world.case("famille")
    agent = bare.world.agent("Awa Agent")

    def on(width=1440, *, script=True):
        tab = bare.tab(agent, width, script=script)
        page = tab.open("/taches?liste=prendre")
        page.locator("a.open").first.click()
        return tab, page

    return on


def test_a_question_appears_when_its_answer_is_given_and_nothing_typed_is_lost(opened):
    tab, page = opened()
    page.get_by_label("Note").fill("déjà écrit")
    page.get_by_label("Pièce").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    assert page.get_by_label("Motif de l'absence").count() == 0
    page.get_by_label("Non", exact=True).check()
    page.get_by_label("Motif de l'absence").wait_for()
    assert page.get_by_label("Note").input_value() == "déjà écrit"
    assert page.get_by_label("Pièce").evaluate("(input) => input.files.length") == 1
    assert page.evaluate("document.activeElement.value") == "non"
    page.get_by_label("Oui", exact=True).check()
    page.get_by_label("Motif de l'absence").wait_for(state="detached")
    assert tab.errors == []


def test_without_script_rows_are_added_and_removed_and_the_form_is_sent(opened):
    _, page = opened(script=False)
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Âge").fill("3")
    page.get_by_role("button", name="Ajouter une ligne").click()
    page.locator('[name="enfants[1].prenom"]').fill("Ali")
    page.get_by_role("button", name="Retirer la ligne 1").click()
    assert page.get_by_label("Prénom").input_value() == "Ali"
    page.get_by_label("Âge").fill("7")
    page.get_by_label("Non", exact=True).check()
    page.get_by_role("button", name="Mettre à jour les questions").click()
    page.get_by_label("Motif de l'absence").fill("Train supprimé")
    page.get_by_role("button", name="Envoyer", exact=True).last.click()
    assert page.get_by_text(re.compile("C.est envoyé")).count() == 1


def test_enter_in_a_field_sends_the_form_and_never_removes_a_row(opened):
    _, page = opened(script=False)
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Prénom").press("Enter")
    assert page.get_by_text("à corriger").count() >= 1
    assert page.get_by_label("Prénom").input_value() == "Zoé"


@pytest.mark.parametrize("width", [1440, 320])
def test_errors_are_summed_up_reachable_and_pass_axe(opened, width):
    _, page = opened(width)
    page.get_by_label("Âge").fill("40")
    page.get_by_role("button", name="Envoyer", exact=True).last.click()
    summary = page.get_by_role("alert")
    summary.wait_for()
    assert summary.get_by_role("link").count() == 3
    summary.get_by_role("link", name="Ligne 1").last.click()
    assert page.evaluate("document.activeElement.name") == "enfants[0].age"
    field = page.get_by_label("Âge")
    assert field.get_attribute("aria-invalid") == "true"
    assert "indiquez 25 ou moins" in page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], len(fault["nodes"])) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_step_drawn_by_an_owner_reaches_the_next_entrant_only(served):
    """The promise of the studio, whole: draw, write its form, have a second owner publish, see it on the next case."""
    before = served.world.case("orientation")
    first = served.tab(served.world.actor("proprietaire", name="Ana Auteur"))
    page = first.open("/studio/orientation/diagramme")
    page.locator("[data-drawn]").wait_for()
    page.evaluate(
        """() => {
          const modeler = window.jalonModeler;
          const modeling = modeler.get('modeling');
          const start = modeler.get('elementRegistry').filter((element) => element.type === 'bpmn:StartEvent')[0];
          const flow = start.outgoing[0];
          const next = flow.target;
          const task = modeling.createShape({ type: 'bpmn:UserTask' }, { x: start.x + 18, y: start.y + 160 }, start.parent);
          modeling.reconnectEnd(flow, task, { x: task.x + 50, y: task.y });
          modeling.connect(task, next);
          modeling.updateProperties(task, { name: 'Relire la fiche' });
          modeler.get('selection').select(task);
        }"""
    )
    page.locator("#bio-properties-panel-jalon-group").select_option("orientation")
    page.locator("#bio-properties-panel-jalon-form").fill("relire")
    page.locator("#bio-properties-panel-jalon-form").blur()
    page.locator("[data-save]").click()
    page.locator('[data-saved]:has-text("enregistré à")').wait_for()
    page.get_by_role("link", name="Formulaires").click()
    page.get_by_role("button", name="Écrire le formulaire « relire »").click()
    page.get_by_role("link", name="Relecture").click()
    page.get_by_label("Motif").fill("Étape de relecture demandée par le service.")
    page.get_by_role("button", name="Demander la relecture").click()
    page.get_by_text("une autre personne propriétaire doit le relire").wait_for()

    second = served.tab(served.world.actor("proprietaire", name="Max Relecteur"))
    page = second.open("/studio/orientation/relecture")
    page.get_by_role("button", name="Publier cette version").click()
    page.get_by_text("La version 2 est publiée").wait_for()

    after = served.world.case("orientation")
    agent = served.tab(served.world.agent("Awa Agent"))
    page = agent.open("/taches?liste=prendre")

    def step(case):
        return page.locator("tr", has_text=case.number).inner_text()

    assert "Orienter la personne" in step(before)
    assert "Relire la fiche" in step(after)
    assert first.errors == second.errors == []
