"""Erasing: the data is gone from every table, the proof stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.actions.cancel_instance import cancel_instance
from server.actions.complete_task import complete_task
from server.actions.erase_case import erase_case
from server.actions.verify_chain import verify_chain
from server.jobs import run_once
from server.kernel.actor import MACHINE
from server.kernel.errors import BadInput, Forbidden, NotFound, Refused
from server.store.history import read_history
from server.store.tables import instance, metadata, task
from server.store.work import reading
from tests.factories import World
from tests.small_packages import accueil, end, flow, package, send

CANARY = "Zébulonne"


def dump(world: World) -> str:
    """Every cell of every table."""
    with reading(world.jalon.database) as work:
        return "\n".join(repr(tuple(row)) for table in metadata.tables.values() for row in work.rows(select(table)))


def letter():
    return package(
        "lettre",
        flow("debut>ecrire"),
        send("ecrire", "courrier", {"modele": "avis"}, {"motif": '= "x"'}),
        flow("ecrire>fin"),
        end("fin"),
        letters={"avis": "---\nobjet: Pour {{ personne.nom }}\n---\nBonjour {{ personne.nom }}."},
    )


@pytest.fixture
def closed(world):
    """The closed case of somebody whose name also stands in an answer, a letter and a command."""
    world.publish(accueil(), letter())
    case = world.case("accueil", last_name=CANARY, nir="185057800608436", address={"lines": [CANARY], "town": CANARY})
    with reading(world.jalon.database) as work:
        waiting = work.one(select(task.c.id, task.c.instance_id))
    complete_task(world.jalon, world.agent(), waiting.id, {"voie": CANARY}, 1, "cle", world.now)
    other = world.case("lettre", last_name=CANARY)
    run_once(world.jalon, world.now)
    return case, other


def test_erased_data_is_nowhere_and_the_history_still_verifies(world, closed):
    assert CANARY in dump(world)
    chief = world.actor("administrateur")
    with reading(world.jalon.database) as work:
        lines = {case.case_id: [line.line for line in read_history(work, case.case_id)] for case in closed}
    for case in closed:
        assert erase_case(world.jalon, chief, case.case_id, "RGPD art. 17", world.now) > 0
    left = dump(world)
    assert CANARY not in left
    assert CANARY.casefold() not in left
    for case in closed:
        verdict = verify_chain(world.jalon, MACHINE, case.case_id, world.now)
        assert verdict.holds
        assert verdict.erased > 0
        with reading(world.jalon.database) as work:
            after = read_history(work, case.case_id)
        assert [line.line for line in after][:-1] == lines[case.case_id]
        assert after[-1].kind == "Erased"
        assert b"RGPD art. 17" in after[-1].line


def test_an_open_case_is_not_erased_and_only_an_administrator_erases_with_a_basis(world):
    world.publish(accueil())
    case, chief = world.case("accueil"), world.actor("administrateur")
    with pytest.raises(Refused):
        erase_case(world.jalon, chief, case.case_id, "RGPD art. 17", world.now)
    with reading(world.jalon.database) as work:
        running = work.value(select(instance.c.id))
    cancel_instance(world.jalon, world.responsable(), running, "doublon", world.now)
    for actor, basis, error in [
        (world.responsable(), "RGPD art. 17", Forbidden),
        (chief, " ", BadInput),
        (world.actor("administrateur", departement="94", territories=()), "RGPD art. 17", NotFound),
    ]:
        with pytest.raises(error):
            erase_case(world.jalon, actor, case.case_id, basis, world.now)
    assert erase_case(world.jalon, chief, case.case_id, "RGPD art. 17", world.now) > 0
