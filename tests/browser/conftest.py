"""What browser tests share: a real Chromium, and the product served on this machine with the repository's own processes."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from server.access.jalon import Jalon
from server.access.library import Library
from server.actions.publish_from_folders import publish_from_folders
from server.actions.sign_in import sign_in
from server.kernel.actor import Actor, machine
from server.kernel.clock import MovableClock
from server.settings import ROOT, Settings
from server.store.database import open_database
from server.store.places import keep_departement
from server.store.work import unit_of_work
from server.web import make_web
from tests.conftest import SECRET
from tests.databases import Sqlite
from tests.factories import NOON, PASSWORD, World

NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder runs a real browser, and all of them in one worker: Chromium starts once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine, else Playwright's."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Seen:
    """A tab, and every error that its console told (a violation of the page's policy is one)."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page


@dataclass
class Served:
    """The product on an address, its world, and tabs for whom it knows."""

    world: World
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def tab(self, actor: Actor, width: int = 1440, *, script: bool = True) -> Seen:
        """A tab in which the actor has signed in."""
        token, _ = sign_in(self.world.jalon, self.world.login_of(actor), PASSWORD, "192.0.2.1", self.world.jalon.clock.now())
        context = self.browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", java_script_enabled=script)
        context.add_cookies([{"name": "jalon", "value": token, "url": self.address}])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        seen = Seen(page, self.address)
        page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        return seen


@pytest.fixture
def bare(chromium: Browser, sqlite_databases: Sqlite, tmp_path: Path) -> Iterator[Served]:
    """Département 13 without any process, on SQLite, at noon of 2 March 2026."""
    with sqlite_databases.copy() as url:
        database = open_database(url, SECRET)
        settings = Settings(database_url=url, secret=SECRET, instance=tmp_path, demonstration=True)
        jalon = Jalon(settings, database, MovableClock(NOON), Library(database, ROOT / "processes" / "departements"))
        with unit_of_work(database) as work:
            keep_departement(work, "13", "Bouches-du-Rhône", [{"id": "13-I", "code": "I", "name": "Pôle I"}])
        server = make_server("127.0.0.1", 0, make_web(jalon), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        site = Served(World(jalon), f"http://127.0.0.1:{server.server_port}", chromium)
        yield site
        for context in site.contexts:
            context.close()
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()


@pytest.fixture
def served(bare: Served) -> Served:
    """The same with the repository's processes in force."""
    publish_from_folders(bare.world.jalon, machine("13", "ligne_de_commande"), NOON)
    return bare


@pytest.fixture
def uncovered() -> Callable[[Page, str], Any]:
    """Tells whether the element of a selector is shown whole and lies above everything at its middle."""

    def look(page: Page, selector: str) -> bool:
        place = page.locator(selector).first
        place.scroll_into_view_if_needed()
        return bool(
            place.evaluate(
                """(node) => {
                  const box = node.getBoundingClientRect();
                  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                  return box.width > 20 && box.x >= 0 && box.right <= innerWidth && (node === top || node.contains(top));
                }"""
            )
        )

    return look
