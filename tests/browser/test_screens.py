"""Every screen of every profile in a real browser: no violation of accessibility rules, no sideways scroll, nothing broken; pictures for the guides."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from server.actions.hold_session import hold_session
from server.actions.try_import import try_import
from server.settings import ROOT
from tests.browser.seeding import entrant, orient, tasks, wide

PICTURES = ROOT / "docs" / "images"
ENTRANTS = "N° CAF;Civilité;Nom;Prénom;Date de naissance;Date d'ouverture;Rôle;Pôle\n1234567;Madame;DURAND;Léa;01/02/1990;02/03/2026;DEM;I\n;;;;;;;\n"


@pytest.fixture
def screens(served):
    """(profile, name, address) of every screen, on a base where one person is oriented and others wait."""
    world = served.world
    people = {
        "agent": world.actor("agent", name="Agente EXEMPLE"),
        "auditeur": world.actor("auditeur", name="Auditrice EXEMPLE"),
        "proprietaire": world.actor("proprietaire", name="Propriétaire EXEMPLE"),
        "secretariat_ep": world.actor("secretariat_ep", name="Secrétaire EXEMPLE"),
        "administrateur": world.actor("administrateur", name="Administratrice EXEMPLE"),
        "responsable": world.actor("responsable", name="Responsable EXEMPLE"),
        "membre_ep": world.actor("membre_ep", name="Membre EXEMPLE"),
    }
    cases = [entrant(world, name) for name in ("EXEMPLE", "MODELE", "FICTIF")]
    orient(world, people["agent"], cases[0].case_id)
    now = world.jalon.clock.now()
    held = hold_session(world.jalon, people["secretariat_ep"], "13-I", (now + timedelta(days=20)).date(), "EP territoriale", now)
    run = try_import(world.jalon, people["agent"], "entrants.csv", ENTRANTS.encode(), None, "entrants", now)
    case, task_id = cases[0].case_id, tasks(world, cases[1].case_id)["orienter"].id
    of_agent = [
        ("taches", "/taches?liste=prendre"), ("vide", "/taches"), ("filtre", "/taches?liste=prendre&q=zz"), ("tache", f"/taches/{task_id}"),
        ("dossiers", "/dossiers"), ("dossier", f"/dossiers/{case}"), ("imports", "/imports"), ("import", f"/imports/{run}"),
        ("indicateurs", "/indicateurs"), ("parametres", "/parametres"), ("aide", "/aide"), ("introuvable", "/dossiers/inconnu"),
        ("accessibilite", "/accessibilite"), ("donnees", "/donnees-personnelles"), ("logiciels", "/logiciels"),
    ]  # fmt: skip
    of_others = {
        "auditeur": [("rejeu", f"/dossiers/{case}/rejeu?fait=40")],
        "proprietaire": [
            ("studio", "/studio"),
            ("versions", "/studio/orientation/versions"),
            ("comparaison", "/studio/orientation/comparaison"),
        ],
        "secretariat_ep": [("seances", "/seances"), ("seance", f"/seances/{held}")],
        "administrateur": [("comptes", "/comptes")],
        "responsable": [("confier", f"/taches/{task_id}"), ("attente", "/taches?liste=attente")],
        "membre_ep": [("agenda", f"/seances/{held}")],
    }
    listed = {"agent": of_agent, **of_others}
    return served, {people[role]: pages for role, pages in listed.items()}


def settle(page, name):
    if name in ("rejeu", "dossier"):
        page.locator("[data-viewer], [data-canvas]").first.scroll_into_view_if_needed()  # diagrams are drawn once they are looked at
        page.locator(".bjs-powered-by").first.wait_for()
    page.evaluate("document.fonts.ready")


def picture(page, name):
    """Writes the picture of a screen for the guides."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 860})
    page.reload()
    settle(page, name)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.slow  # some twenty pages, twice
def test_no_screen_breaks_a_rule_of_accessibility_nor_of_its_policy(screens):
    served, listed = screens
    wrong = {}
    for actor, pages in listed.items():
        tab = served.tab(actor)
        for name, path in pages:
            tab.page.emulate_media(reduced_motion="reduce")  # a colour half-way through a transition has no contrast to judge
            settle(tab.open(path), name)
            for scheme in ("light", "dark") if name in ("taches", "tache", "dossier", "rejeu") else ("light",):
                tab.page.emulate_media(color_scheme=scheme)
                found = Axe().run(tab.page).response["violations"]
                if found:
                    wrong[name, scheme] = [(one["id"], one["nodes"][0]["html"][:160]) for one in found]
            if os.environ.get("JALON_PICTURES") == "1" and name in ("taches", "tache", "dossier", "rejeu", "indicateurs", "import"):
                picture(tab.page, name)
        if tab.errors != ["Failed to load resource: the server responded with a status of 404 (NOT FOUND)"] and tab.errors:
            wrong[actor.name] = tab.errors
    assert wrong == {}


def test_no_screen_scrolls_sideways_on_the_smallest_telephone(screens):
    served, listed = screens
    wrong = []
    for actor, pages in listed.items():
        tab = served.tab(actor, 320)
        for name, path in pages:
            settle(tab.open(path), name)
            if wide(tab.page):
                wrong.append(name)
    assert wrong == []


def test_the_sign_in_page_keeps_the_rules_and_says_what_is_wrong(served):
    page = served.browser.new_context(viewport={"width": 320, "height": 700}).new_page()
    page.goto(served.address)
    assert Axe().run(page).response["violations"] == []
    page.fill("#identifiant", "personne")
    page.fill("#mot_de_passe", "faux")
    page.keyboard.press("Enter")
    assert page.get_by_role("alert").inner_text().startswith("Identifiant ou mot de passe incorrect")
    assert Axe().run(page).response["violations"] == []
    assert not wide(page)
    page.context.close()


def test_a_case_prints_without_menus_and_with_everything_open(screens):
    served, listed = screens
    agent = next(iter(listed))
    page = served.tab(agent).open(dict(listed[agent])["dossier"])
    page.emulate_media(media="print")
    assert not page.locator(".top nav").is_visible()
    assert not page.get_by_text("Enregistrer un évènement").first.is_visible()
    assert page.get_by_text("Pourquoi cette").first.is_visible()
    assert page.locator("#histoire").is_visible()


def test_the_mark_of_bpmn_io_is_visible_and_uncovered_on_cases_and_replay(screens, uncovered):
    served, listed = screens
    agent, auditor = list(listed)[:2]
    for actor, path in ((agent, dict(listed[agent])["dossier"]), (auditor, listed[auditor][0][1])):
        for width in (1440, 320):
            page = served.tab(actor, width).open(path)
            settle(page, "rejeu")
            assert uncovered(page, ".bjs-powered-by"), (path, width)
