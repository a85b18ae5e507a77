"""The stories of the three users, from the sign-in page on, as they would live them; and the keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.seeding import entrant, orient, tasks
from tests.factories import PASSWORD


def sign_in(served, actor):
    """A tab that went through the sign-in page."""
    page = served.browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR").new_page()
    served.contexts.append(page.context)
    page.set_default_timeout(15_000)
    page.goto(served.address)
    page.get_by_label("Identifiant").fill(served.world.login_of(actor))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    return page


def fill_orientation(page):
    for label in ("Il y a moins d’un an", "Défini, la personne peut chercher dès maintenant", "Adaptée au projet"):
        page.get_by_label(label).check()
    for name in ("sante", "logement", "mobilite", "garde", "langue"):
        page.locator(f"[name=frein_{name}]").select_option("sans_impact")
    page.locator("[name=parcours_choisi]").select_option("table")
    page.locator("[name=organisme]").select_option("departement")
    page.locator("[name=referent_nom]").fill("REFERENT EXEMPLE")
    page.locator("[name=date_orientation]").fill("2026-03-02")
    page.get_by_label("La personne a été informée").check()


def test_an_agent_orients_an_entrant_and_sees_the_contract_task_with_its_date(served):
    case = entrant(served.world)
    page = sign_in(served, served.world.actor("agent", name="Agente EXEMPLE"))
    expect(page).to_have_url(re.compile("/taches$"))
    page.get_by_role("link", name=re.compile("À prendre")).click()
    page.get_by_role("link", name="EXEMPLE Camille").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orienter la personne")
    fill_orientation(page)
    page.locator(".send-bar").get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status").first).to_contain_text("C’est envoyé")
    page.goto(f"{served.address}/dossiers/{case.case_id}")
    row = page.get_by_role("row").filter(has_text="Élaborer le contrat").first
    expect(row).to_contain_text("Référents")
    # Target: 30 days from 2 March, the opening of the right, is 1 April.
    expect(row).to_contain_text("mer. 1er avr.")
    deadlines = page.locator("section", has=page.get_by_role("heading", name="Échéances"))
    expect(deadlines.get_by_role("row").filter(has_text="Orienter la personne")).to_contain_text("Tenue")


def test_an_auditor_replays_a_case_with_the_keyboard_and_verifies_it(served):
    case = entrant(served.world)
    orient(served.world, served.world.actor("agent", name="Agente EXEMPLE"), case.case_id)
    page = sign_in(served, served.world.actor("auditeur", name="Auditrice EXEMPLE"))
    page.get_by_role("link", name="EXEMPLE Camille").click()
    page.get_by_role("link", name="Rejouer", exact=True).click()
    page.locator("[data-shown]").wait_for()
    position = page.locator("[data-position]")
    page.locator("[data-canvas]").focus()
    page.keyboard.press("Home")
    expect(position).to_contain_text("Fait 1 sur")
    page.keyboard.press("ArrowRight")
    expect(position).to_contain_text("Fait 2 sur")
    page.keyboard.press("ArrowLeft")
    expect(position).to_contain_text("Fait 1 sur")
    page.keyboard.press("End")
    page.get_by_role("link", name=re.compile("Tâche terminée : Orienter la personne")).click()
    detail = page.locator("[data-detail]")
    expect(detail).to_contain_text("Dernière activité professionnelle")
    expect(detail).to_contain_text("Il y a moins d’un an")
    expect(detail).not_to_contain_text("activite_recente")
    page.get_by_role("link", name=re.compile("Table appliquée")).last.click()
    expect(detail.locator("tr.hit")).to_contain_text("Appliquée")
    page.get_by_label("Actes humains seulement").check()
    expect(page.locator(".fact-list li:visible")).to_have_count(2)  # the orientation, and the fact on show
    page.get_by_role("button", name="Vérifier l’historique").click()
    expect(page.get_by_role("heading", name=re.compile("Historique vérifié du fait 1 au fait"))).to_be_visible()
    expect(page.get_by_text("chaque état recalculé est identique")).to_be_visible()


DRAW = """() => {
  const modeler = window.jalonModeler, shapes = modeler.get('elementRegistry'), drawing = modeler.get('modeling');
  const task = shapes.get('orienter'), flow = task.outgoing[0], next = flow.target;
  const create = modeler.get('elementFactory'), bpmn = modeler.get('bpmnFactory');
  drawing.removeConnection(flow);
  const added = drawing.createShape(create.createShape({ type: 'bpmn:UserTask' }), { x: task.x + 50, y: task.y + 260 }, task.parent);
  const groups = bpmn.create('zeebe:AssignmentDefinition', { candidateGroups: 'orientation' });
  const form = bpmn.create('zeebe:FormDefinition', { formId: 'orientation' });
  const kind = bpmn.create('zeebe:UserTask');
  const values = bpmn.create('bpmn:ExtensionElements', { values: [kind, groups, form] });
  drawing.updateProperties(added, { id: 'relire', name: 'Relire à deux', extensionElements: values });
  drawing.connect(task, added);
  drawing.connect(added, next);
}"""


def test_an_owner_adds_a_step_a_second_publishes_it_and_only_the_next_entrant_has_it(served):
    world = served.world
    agent = world.actor("agent", name="Agente EXEMPLE")
    before = entrant(world, "AVANT")
    author = sign_in(served, world.actor("proprietaire", name="Ana Auteur"))
    author.goto(f"{served.address}/studio/orientation/diagramme")
    author.locator("[data-drawn]").wait_for()
    author.evaluate(DRAW)
    author.keyboard.press("Control+s")
    author.get_by_role("button", name=re.compile("Enregistrer")).first.click()
    expect(author.locator("[data-saved]")).to_contain_text("enregistré à")
    author.goto(f"{served.address}/studio/orientation/relecture")
    author.locator("#motif").fill("Une seconde lecture de chaque orientation, demandée par le territoire.")
    author.get_by_role("button", name="Demander la relecture").click()
    second = sign_in(served, world.actor("proprietaire", name="Bruno Relecteur"))
    second.goto(f"{served.address}/studio/orientation/relecture")
    second.get_by_role("button", name="Publier cette version").click()
    expect(second.get_by_role("status").first).to_contain_text("La version 2 est publiée")
    after = entrant(world, "APRES")
    orient(world, agent, before.case_id)
    orient(world, agent, after.case_id)
    assert "relire" not in tasks(world, before.case_id)
    assert [task.name for task in tasks(world, after.case_id).values()] == ["Relire à deux"]


def test_the_skip_link_comes_first_and_focus_is_always_seen(served):
    page = served.tab(served.world.actor("agent", name="Agente EXEMPLE")).open("/taches")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    page.goto(page.url.split("#")[0])
    for _ in range(14):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement); return [style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
        )
        assert seen[0] == "solid"
        assert seen[1] >= 2


def test_the_list_is_worked_with_the_keyboard_alone(served):
    for name in ("PREMIER", "SECOND"):
        entrant(served.world, name)
    page = served.tab(served.world.actor("agent", name="Agente EXEMPLE")).open("/taches?liste=prendre")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") != second
    page.keyboard.press("c")
    expect(page.get_by_role("status").first).to_contain_text("La tâche est à vous")
    page.goto(f"{served.address}/taches")
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(page.get_by_role("status").first).to_contain_text("rendue à l’équipe")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "recherche"
    page.keyboard.type("jjj")  # letters are letters while one types
    assert page.input_value("#recherche") == "jjj"


def test_a_draft_saves_itself_and_the_form_works_without_script(served):
    entrant(served.world)
    agent = served.world.actor("agent", name="Agente EXEMPLE")
    tab = served.tab(agent)
    tab.open("/taches?liste=prendre").get_by_role("link", name="EXEMPLE Camille").click()
    tab.page.locator("[name=referent_nom]").fill("REFERENT EN COURS")
    expect(tab.page.locator("[data-saved]")).to_contain_text("Brouillon enregistré à")
    assert tab.errors == []
    bare = served.tab(agent, script=False).open(tab.page.url.replace(served.address, ""))
    assert bare.locator("[name=referent_nom]").input_value() == "REFERENT EN COURS"
    fill_orientation(bare)
    bare.locator(".send-bar").get_by_role("button", name="Envoyer").click()
    expect(bare.get_by_role("status").first).to_contain_text("C’est envoyé")
