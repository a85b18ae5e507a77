"""Takes the pictures of the guides from the product itself; JALON_PICTURES=1 writes them in docs/images, else they only have to be takable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.settings import ROOT

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


def test_every_picture_of_a_guide_is_kept_and_every_kept_one_is_shown():
    guides = "\n".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md"))) + (ROOT / "README.md").read_text()
    kept = {path.name for path in IMAGES.glob("*.png")}
    assert {name for name in kept if f"images/{name}" in guides} == kept
    assert all(f"{name}.png" in kept for name in [*OWNER, "studio-relecture"])
