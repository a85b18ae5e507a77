"""What one may see and do, for every kind of user: what is not allowed does not exist."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from server.access import case_to_read, instance_to_steer, task_to_assign, task_to_read, task_to_work
from server.access.scopes import cases_in_reach, tasks_of_groups
from server.access.seeing import may_read_nir
from server.kernel.actor import ROLES
from server.kernel.errors import Forbidden, NotFound
from server.store.sql import select
from server.store.tables import case_file, structure, task
from server.store.work import reading, unit_of_work
from tests.factories import World
from tests.small_packages import accueil

FINE, READ_ONLY, NOTHING = "fine", Forbidden, NotFound


@pytest.fixture
def waiting(world):
    """A task of the group orientation, in territory I."""
    world.publish(accueil())
    world.case("accueil")
    with reading(world.jalon.database) as work:
        return work.one(select(task))


def tried(world: World, door, actor, row_id: str):
    with reading(world.jalon.database) as work:
        try:
            door(work, actor, row_id)
        except (Forbidden, NotFound) as refused:
            return type(refused)
    return FINE


# role: reads the case, reads the task, works it, assigns it, steers its instance
MATRIX = {
    "agent": (FINE, FINE, FINE, READ_ONLY, READ_ONLY),
    "referent": (FINE, FINE, READ_ONLY, READ_ONLY, READ_ONLY),
    "responsable": (FINE, FINE, READ_ONLY, FINE, FINE),
    "secretariat_ep": (FINE, FINE, READ_ONLY, READ_ONLY, READ_ONLY),
    "decideur": (FINE, FINE, READ_ONLY, READ_ONLY, READ_ONLY),
    "auditeur": (FINE, FINE, READ_ONLY, READ_ONLY, READ_ONLY),
    "membre_ep": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    "proprietaire": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    "administrateur": (NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
}


def doors(world: World, actor, waiting):
    wanted = [
        (case_to_read, waiting.case_id),
        (task_to_read, waiting.id),
        (task_to_work, waiting.id),
        (task_to_assign, waiting.id),
        (instance_to_steer, waiting.instance_id),
    ]
    return tuple(tried(world, door, actor, row_id) for door, row_id in wanted)


def test_the_matrix_names_every_role():
    assert set(MATRIX) == set(ROLES)


@pytest.mark.parametrize("role", sorted(MATRIX))
def test_each_role_finds_its_own_doors_in_its_territory(world, waiting, role):
    assert doors(world, world.actor(role), waiting) == MATRIX[role]


@pytest.mark.parametrize("role", sorted(set(MATRIX) - {"auditeur", "proprietaire", "administrateur"}))
def test_nobody_finds_anything_in_a_territory_that_is_not_theirs(world, waiting, role):
    assert set(doors(world, world.actor(role, territories=("13-II",)), waiting)) == {NOTHING}


@pytest.mark.parametrize("role", sorted(MATRIX))
def test_nobody_finds_anything_of_another_departement(world, waiting, role):
    assert set(doors(world, world.actor(role, departement="94", territories=("94-T1",)), waiting)) == {NOTHING}


@pytest.mark.parametrize("role", sorted(MATRIX))
def test_an_id_that_does_not_exist_looks_like_one_that_is_not_open(world, waiting, role):
    for door in (case_to_read, task_to_read, task_to_work, task_to_assign, instance_to_steer):
        assert tried(world, door, world.actor(role), "inconnu") is NotFound


def test_somebody_of_an_outside_structure_sees_only_its_own_cases(world, waiting):
    with unit_of_work(world.jalon.database) as work:
        for name in ("s1", "s2"):
            work.execute(insert(structure).values(id=name, departement="13", name=name, kind="association"))
        work.execute(update(case_file).where(case_file.c.id == waiting.case_id).values(structure_id="s1"))
    own, other = world.actor("referent", structure="s1"), world.actor("referent", structure="s2")
    assert tried(world, case_to_read, own, waiting.case_id) == FINE
    assert set(doors(world, other, waiting)) == {NOTHING}


@pytest.mark.parametrize("role", sorted(MATRIX))
def test_lists_hold_exactly_what_the_doors_open(world, waiting, role):
    world.case("accueil", territory="13-II")
    for places in (("13-I",), ("13-II",), ("13-I", "13-II"), ()):
        actor = world.actor(role, territories=places, name=f"{role} {places}")
        with reading(world.jalon.database) as work:
            cases = {row.id for row in work.rows(select(case_file.c.id))}
            tasks = {row.id for row in work.rows(select(task.c.id))}
            listed = {row.id for row in work.rows(select(case_file.c.id).where(cases_in_reach(actor)))}
            offered = {row.id for row in work.rows(select(task.c.id).where(tasks_of_groups(actor)))}
        assert listed == {one for one in cases if tried(world, case_to_read, actor, one) == FINE}
        assert offered == {one for one in tasks if tried(world, task_to_work, actor, one) == FINE}


def test_only_agents_of_the_group_gestion_read_a_nir_whole(world):
    readers = {role for role in ROLES if may_read_nir(world.actor(role))}
    assert readers == {"agent"}
