"""Whatever is done in whatever order, rows are what states say, chains hold, and nothing is done twice."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from server.actions.cancel_instance import cancel_instance
from server.actions.change_due_date import change_due_date
from server.actions.claim_task import claim_task
from server.actions.complete_task import complete_task
from server.actions.release_task import release_task
from server.actions.save_draft import save_draft
from server.actions.send_message import send_message
from server.actions.verify_chain import verify_chain
from server.engine import read_waiting
from server.jobs import run_once
from server.kernel.actor import MACHINE
from server.kernel.errors import JalonError
from server.store.cases import find_instances, find_tasks
from server.store.history import read_history
from server.store.sql import func, select, true
from server.store.tables import command, instance, subscription, task, timer
from server.store.work import reading
from tests.factories import World
from tests.small_packages import accueil, boundary_message, call, end, flow, gate, package
from tests.small_packages import task as step
from tests.small_packages import timer as timer_on


def path():
    """Calls `accueil` again and again, with a way out and a reminder."""
    return package(
        "chemin",
        flow("debut>tour"),
        gate("tour", "tour_appel"),
        flow("tour>appel"),
        call("appel", "accueil"),
        boundary_message("sortie", "appel", "sortie_du_droit"),
        flow("sortie>fin_sortie"),
        end("fin_sortie", "sorti"),
        timer_on("trop_long", "appel", "P60D", interrupting=True),
        flow("trop_long>reprendre"),
        flow("appel>reprendre"),
        step("reprendre"),
        flow("reprendre>suite"),
        gate("suite", "suite_tour"),
        flow("suite>tour"),
        flow("suite>fin", '= issue = "jamais"'),
        end("fin"),
        messages=("sortie_du_droit",),
    )


class Walk:
    """One random story on two cases, by two agents, a referent and a manager."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        world.publish(accueil(), path())
        self.cases = [world.case("chemin").case_id for _ in range(2)]
        self.people = [world.agent("Awa"), world.agent("Ben"), world.referent(), world.responsable()]
        self.refused = self.done = 0

    def step(self) -> None:
        verb = self.chance.choice(
            [
                self.complete,
                self.complete,
                self.complete,
                self.claim,
                self.release,
                self.draft,
                self.wait,
                self.move,
                self.tell,
                self.cancel,
            ]
        )
        try:
            verb()
            self.done += 1
        except JalonError:
            self.refused += 1

    def one_task(self):
        with reading(self.world.jalon.database) as work:
            return self.chance.choice(find_tasks(work, true()))  # any, done or cancelled ones too

    def someone(self):
        return self.chance.choice(self.people)

    def complete(self) -> None:
        found = self.one_task()
        key = f"{found.id}-{self.chance.randint(0, 1)}"
        answers = {"voie": self.chance.choice(["social", "pro", ""])}
        complete_task(self.world.jalon, self.someone(), found.id, answers, self.chance.choice([found.version, None]), key, self.world.now)

    def claim(self) -> None:
        claim_task(self.world.jalon, self.someone(), self.one_task().id, self.world.now)

    def release(self) -> None:
        release_task(self.world.jalon, self.someone(), self.one_task().id, self.world.now)

    def draft(self) -> None:
        save_draft(self.world.jalon, self.someone(), self.one_task().id, {"voie": "x"}, self.world.now)

    def wait(self) -> None:
        run_once(self.world.jalon, self.world.later(days=self.chance.choice([1, 11, 61])))

    def move(self) -> None:
        found = self.one_task()
        change_due_date(
            self.world.jalon, self.people[3], found.instance_id, found.id, self.world.now + timedelta(days=5), "motif", self.world.now
        )

    def tell(self) -> None:
        if self.chance.random() < 0.2:
            send_message(self.world.jalon, self.people[0], self.chance.choice(self.cases), "sortie_du_droit", {}, self.world.now)

    def cancel(self) -> None:
        if self.chance.random() < 0.1:
            cancel_instance(self.world.jalon, self.people[3], self.one_task().instance_id, "motif", self.world.now)


def assert_sound(world: World, cases: list[str]) -> None:
    with reading(world.jalon.database) as work:
        for kept in find_instances(work, true()):
            held = read_waiting(world.jalon.definition(kept.package_id), kept.state)
            for table, waits in [(task, held.tasks), (timer, held.timers), (subscription, held.subscriptions)]:
                mine = (table.c.instance_id == kept.id, table.c.status.in_(["open", "waiting"]))
                expected = {getattr(one, table.name) for one in waits}
                assert {row.id for row in work.rows(select(table.c.id).where(*mine))} == expected
            assert held.closed == (kept.status != "open")
            assert kept.turns == work.value(select(func.count()).select_from(command).where(command.c.instance_id == kept.id))
            parent_open = work.value(select(instance.c.status).where(instance.c.id == kept.parent_id)) if kept.parent_id else "open"
            assert parent_open == "open" or kept.status != "open"
    for case_id in cases:
        assert verify_chain(world.jalon, MACHINE, case_id, world.now).holds
        with reading(world.jalon.database) as work:
            told = [(line.kind, line.line) for line in read_history(work, case_id)]
        for once in ("TaskCompleted", "TimerFired", "ChildReturned"):
            lines = [line.split(b'"body":')[1].split(b"}")[0] for kind, line in told if kind == once]
            assert len(lines) == len(set(lines))


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_acts_leaves_rows_states_and_chains_agreed(world, seed):
    walk = Walk(world, seed)
    for _ in range(45):
        walk.step()
    assert_sound(world, walk.cases)
    assert walk.done > 10
    assert walk.refused > 3
