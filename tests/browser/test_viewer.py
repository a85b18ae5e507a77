"""The diagram of a case and its replay in a real browser: marks where it stands, slider and keys, the mark of bpmn.io."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from server.actions.send_message import send_message
from server.kernel.actor import machine


@pytest.fixture
def case(served):
    """A case that waits at its orientation, with a message that nobody waited for."""
    opened = served.world.case("orientation")
    send_message(served.world.jalon, machine("13"), opened.case_id, "regularisation_constatee", {}, served.world.later(days=1))
    return opened


def test_the_case_page_shows_where_it_stands(served, case, uncovered):
    tab = served.tab(served.world.agent("Awa Agent"))
    page = tab.open(f"/dossiers/{case.case_id}")
    for fold in page.locator("details:not([open]) > summary").all():
        if fold.is_visible() and fold.locator("xpath=..").locator("[data-viewer]").count():
            fold.click()
    page.locator("[data-viewer][data-drawn]").first.wait_for()
    assert page.locator('[data-element-id="orienter"].here').count() == 1
    assert page.locator(".djs-connection.done").count() == 1
    assert uncovered(page, ".bjs-powered-by")
    assert tab.errors == []


def test_the_replay_follows_the_slider_and_the_keys(served, case):
    tab = served.tab(served.world.actor("auditeur", name="Eva Auditrice"))
    page = tab.open(f"/dossiers/{case.case_id}/rejeu")
    page.locator("[data-replay][data-shown]").wait_for()
    last = int(page.locator("[data-slider]").get_attribute("max"))
    assert page.locator("[data-replay]").get_attribute("data-shown") == str(last)
    assert page.evaluate("scrollY") == 0
    page.locator("[data-canvas]").focus()
    page.keyboard.press("Home")
    page.locator('[data-replay][data-shown="1"]').wait_for()
    assert page.locator("[data-position]").inner_text() == f"Fait 1 sur {last}"
    page.keyboard.press("ArrowRight")
    page.locator('[data-replay][data-shown="2"]').wait_for()
    assert page.locator("a[data-seq='2']").get_attribute("aria-current") == "step"
    assert page.locator("a.after").count() == last - 2
    page.keyboard.press("End")
    page.locator(f'[data-replay][data-shown="{last}"]').wait_for()
    assert page.locator('[data-element-id="orienter"].here').count() == 1
    page.locator("[data-slider]").focus()
    page.keyboard.press("ArrowLeft")
    page.locator(f'[data-replay][data-shown="{last - 1}"]').wait_for()
    assert f"fait={last - 1}" in page.url
    assert tab.errors == []


def test_the_replay_passes_axe_and_shows_the_mark(served, case, uncovered):
    tab = served.tab(served.world.actor("auditeur", name="Eva Auditrice"))
    page = tab.open(f"/dossiers/{case.case_id}/rejeu")
    page.locator("[data-replay][data-shown]").wait_for()
    assert uncovered(page, ".bjs-powered-by")
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], len(fault["nodes"])) for fault in found] == []
