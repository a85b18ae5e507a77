"""People, cases and answers for the browser tests, through the product's own verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page

from server.actions.complete_task import complete_task
from server.actions.open_case import Opened, open_case
from server.kernel.actor import Actor, machine
from server.store.cases import find_tasks
from server.store.rows import Task
from server.store.tables import task
from server.store.work import reading
from tests.factories import World

ORIENTED = {
    "activite_recente": "moins_1_an", "projet": "pret", "qualification": "adaptee", "parcours_choisi": "table", "organisme": "departement",
    "referent_nom": "REFERENT EXEMPLE", "information_donnee": "oui",
    **{f"frein_{name}": "sans_impact" for name in ("sante", "logement", "mobilite", "garde", "langue")},
}  # fmt: skip


def entrant(world: World, last_name: str = "EXEMPLE") -> Opened:
    """A person whose right opened today and whose path has started."""
    person = {"last_name": last_name, "first_names": "Camille", "birth_date": date(1991, 4, 2), "nir": "", "phone": "0600000001"}
    today = world.jalon.clock.now().date()
    values = {"ouverture": today, "source": "import", "inscrit_ft": False}
    household = {"size": 2, "children": 1}
    return open_case(
        world.jalon,
        machine("13", "import"),
        person,
        household,
        "13-I",
        today,
        world.jalon.clock.now(),
        process="parcours",
        variables=values,
    )


def tasks(world: World, case_id: str) -> dict[str, Task]:
    """The open tasks of a case by element."""
    with reading(world.jalon.database) as work:
        return {one.element: one for one in find_tasks(work, (task.c.case_id == case_id) & (task.c.status == "open"))}


def orient(world: World, agent: Actor, case_id: str) -> None:
    """Completes the orientation of a case four days later."""
    waiting = tasks(world, case_id)["orienter"]
    world.jalon.clock.advance(timedelta(days=4))
    now = world.jalon.clock.now()
    answers: dict[str, Any] = ORIENTED | {"date_orientation": now.date().isoformat()}
    complete_task(world.jalon, agent, waiting.id, answers, waiting.version, f"orienter-{case_id}", now)


def wide(page: Page) -> bool:
    """True when the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
