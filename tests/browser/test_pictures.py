"""Takes the pictures of the guides from the product itself; JALON_PICTURES=1 writes them in docs/images, else they only have to be takable."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from server.settings import ROOT
from tests.factories import NOON

IMAGES = ROOT / "docs" / "images"
OWNER = {
    "studio-liste": ("/studio", "main h1"),
    "studio-diagramme": ("/studio/orientation/diagramme", "[data-drawn]"),
    "studio-table": ("/studio/orientation/tables", "[data-drawn]"),
    "studio-formulaire": ("/studio/orientation/formulaires?fichier=forms/orientation.form", "[data-drawn]"),
    "studio-courrier": ("/studio/orientation/lettres", "#texte"),
    "studio-scenarios": ("/studio/orientation/scenarios", "#couverture"),
}


def keep(page, name, folder: Path) -> None:
    target = IMAGES if os.environ.get("JALON_PICTURES") else folder
    target.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target / f"{name}.png")
    assert (target / f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize("name", OWNER)
def test_a_picture_of_the_studio(served, tmp_path, name):
    path, drawn = OWNER[name]
    page = served.tab(
        served.world.actor("proprietaire", name="PROPRIÉTAIRE EXEMPLE 1"), 1440 if name == "studio-formulaire" else 1280
    ).open(path)
    page.locator(drawn).first.wait_for()
    if name == "studio-diagramme":
        page.evaluate("window.jalonModeler.get('selection').select(window.jalonModeler.get('elementRegistry').get('orienter'))")
        page.locator("#bio-properties-panel-jalon-group").wait_for()
    keep(page, name, tmp_path)


def test_a_picture_of_a_review(served, tmp_path):
    page = served.tab(served.world.actor("proprietaire", name="PROPRIÉTAIRE EXEMPLE 1"), 1280).open("/studio/orientation/diagramme")
    page.locator("[data-drawn]").wait_for()
    page.evaluate(
        """() => {
          const modeler = window.jalonModeler;
          modeler.get('modeling').updateProperties(modeler.get('elementRegistry').get('orienter'), { name: 'Recevoir et orienter' });
        }"""
    )
    page.locator("[data-save]").click()
    page.locator('[data-saved]:has-text("enregistré à")').wait_for()
    page.get_by_role("link", name="Relecture").click()
    page.locator("#gate").wait_for()
    keep(page, "studio-relecture", tmp_path)


@pytest.fixture
def furnished(served):
    """Nine entrants over two weeks, seen on 18 March: late, soon and calm; the first is oriented."""
    world = served.world
    names = ("ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL", "INDIA")
    opened = []
    for number, name in enumerate(names):
        world.now = NOON + timedelta(days=2 * number)
        opened.append(world.case("orientation", last_name=f"PERSONNE {name}", first_names="Exemple"))
    world.now = NOON + timedelta(days=16)
    world.jalon.clock.move_to(world.now)
    return served, opened


def test_pictures_of_an_agents_day(furnished, tmp_path):
    served, opened = furnished
    tab = served.tab(served.world.agent("AGENT EXEMPLE 4"), 1280)
    page = tab.open("/taches?liste=prendre")
    page.locator("a.open").first.wait_for()
    keep(page, "taches", tmp_path)
    page.locator("a.open").first.click()
    page.locator("[data-fields]").wait_for()
    keep(page, "tache", tmp_path)
    page = tab.open(f"/dossiers/{opened[0].case_id}")
    page.locator("h1").wait_for()
    keep(page, "dossier", tmp_path)


def test_a_picture_of_a_replay(furnished, tmp_path):
    served, opened = furnished
    page = served.tab(served.world.actor("auditeur", name="AUDITEUR EXEMPLE 1"), 1280).open(f"/dossiers/{opened[0].case_id}/rejeu")
    page.locator("[data-replay][data-shown]").wait_for()
    page.get_by_role("button", name="Vérifier").click()
    page.locator("[data-replay][data-shown]").wait_for()
    keep(page, "rejeu", tmp_path)


def test_every_picture_of_a_guide_is_kept_and_every_kept_one_is_shown():
    guides = "\n".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md"))) + (ROOT / "README.md").read_text()
    kept = {path.name for path in IMAGES.glob("*.png")}
    assert {name for name in kept if f"images/{name}" in guides} == kept
    assert all(f"{name}.png" in kept for name in [*OWNER, "studio-relecture", "taches", "tache", "dossier", "rejeu"])
