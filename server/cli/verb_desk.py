"""A desk where scripted agents work by the verbs, as the screens do; for the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.access.finding import task_to_read
from server.access.form_scope import form_scope
from server.access.jalon import Jalon
from server.access.projecting import projection
from server.actions.complete_task import complete_task
from server.actions.hold_session import hold_session
from server.actions.send_message import send_message
from server.cli.agents import Sheet, Waiting
from server.kernel.actor import Actor
from server.kernel.ids import new_id
from server.queries.inbox import InboxFilter, inbox_page
from server.store.work import glancing

NO_FORM = {"id": "vide", "type": "default", "components": []}
ROLE_OF_GROUP = {
    "orientation": "agent",
    "gestion": "agent",
    "allocation": "agent",
    "referent": "referent",
    "territoire": "responsable",
    "ep_secretariat": "secretariat_ep",
    "decision": "decideur",
}
TITLES = {
    "agent": "AGENT",
    "referent": "RÉFÉRENT",
    "responsable": "RESPONSABLE",
    "secretariat_ep": "SECRÉTARIAT EP",
    "decideur": "DÉCIDEUR",
}


def scripted(departement: str, group: str, territory: str = "") -> Actor:
    """A fictional colleague who does the tasks of a group, named after the territory."""
    role = ROLE_OF_GROUP[group]
    name = f"{TITLES[role]} EXEMPLE {territory.rpartition('-')[2]}".strip()
    return Actor(
        f"exemple-{role}-{territory}"[:40], name, departement, frozenset({role}), frozenset({group}), everywhere=True, channel="ecran"
    )


@dataclass(frozen=True)
class VerbDesk:
    """The desk of a département's fictional colleagues."""

    jalon: Jalon
    departement: str

    def tasks(self) -> list[Waiting]:
        """Every open task: one list for all groups, since no colleague holds any."""
        everybody = Actor("exemple", "", self.departement, frozenset(ROLE_OF_GROUP.values()), frozenset(ROLE_OF_GROUP), everywhere=True)
        found: list[Waiting] = []
        after = ""
        while True:
            page = inbox_page(self.jalon, everybody, InboxFilter("prendre"), after=after, size=500, now=self.jalon.clock.now())
            found += [
                Waiting(r.task_id, r.process, r.element, r.group, r.case_id, r.case_number or "", r.territory_id, r.ready_at)
                for r in page.rows
            ]
            if not (after := page.next_cursor):
                return found

    def open(self, waiting: Waiting) -> Sheet:
        """A task's form."""
        jalon, now = self.jalon, self.jalon.clock.now()
        with glancing(jalon.database) as work:
            found = task_to_read(work, self._who(waiting), waiting.task_id)
        today = jalon.today(found.task.departement, found.task.territory_id, now)
        parameters = jalon.parameters(found.task.departement, found.task.territory_id, today).values
        dossier = projection(found.case, found.case.facts, today) if found.case else {}
        form = jalon.package(found.instance.package_id).form(found.task.form) if found.task.form else NO_FORM
        return Sheet(form, form_scope(found.instance.state, dossier, parameters), found.task.version)

    def complete(self, waiting: Waiting, answers: Mapping[str, Any], seen_version: int) -> None:
        """Sends the answers."""
        complete_task(self.jalon, self._who(waiting), waiting.task_id, answers, seen_version, new_id(), self.jalon.clock.now())

    def message(self, case_id: str, name: str, variables: Mapping[str, Any]) -> None:
        """Records an event in a case."""
        send_message(self.jalon, scripted(self.departement, "gestion"), case_id, name, variables, self.jalon.clock.now())

    def plan_session(self, territory_id: str, day: date) -> None:
        """Plans an EP session."""
        actor = scripted(self.departement, "ep_secretariat", territory_id)
        hold_session(self.jalon, actor, territory_id, day, "EP territoriale", self.jalon.clock.now())

    def _who(self, waiting: Waiting) -> Actor:
        return scripted(self.departement, waiting.group, waiting.territory_id or "")
