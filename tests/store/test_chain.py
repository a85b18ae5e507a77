"""The chain of a case finds every way of altering it, and erasing a payload leaves it whole."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, update

from server.actions.verify_chain import verify_chain
from server.kernel.actor import MACHINE
from server.store.history import read_history
from server.store.tables import case_file, fact, payload
from server.store.work import reading, unit_of_work
from tests.factories import World
from tests.small_packages import accueil


@pytest.fixture
def case(world):
    world.publish(accueil())
    return world.case("accueil")


def verdict(world: World, case_id: str):
    return verify_chain(world.jalon, MACHINE, case_id, world.now)


def change(world: World, *statements):
    with unit_of_work(world.jalon.database) as work:
        for statement in statements:
            work.execute(statement)


def lines(world: World, case_id: str):
    with reading(world.jalon.database) as work:
        return work.rows(select(fact).where(fact.c.chain == case_id).order_by(fact.c.seq))


def test_an_untouched_chain_holds(world, case):
    found = verdict(world, case.case_id)
    assert (found.holds, found.lines) == (True, len(lines(world, case.case_id)))


def test_a_flipped_byte_is_found_in_every_line(world, case):
    for line in lines(world, case.case_id):
        flipped = line.line[:-1] + bytes([line.line[-1] ^ 1])
        where = (fact.c.chain == case.case_id, fact.c.seq == line.seq)
        change(world, update(fact).where(*where).values(line=flipped))
        assert verdict(world, case.case_id).first_bad == line.seq
        change(world, update(fact).where(*where).values(line=line.line))
    assert verdict(world, case.case_id).holds


def test_words_kept_beside_a_line_cannot_say_something_else(world, case):
    change(world, update(fact).where(fact.c.chain == case.case_id, fact.c.seq == 2).values(actor_name="Quelqu'un d'autre"))
    assert verdict(world, case.case_id).first_bad == 2


def test_a_deleted_line_is_found_wherever_it_was_and_a_cut_tail_too(world, case):
    kept = lines(world, case.case_id)
    for line in kept:
        change(world, delete(fact).where(fact.c.chain == case.case_id, fact.c.seq == line.seq))
        assert verdict(world, case.case_id).first_bad == line.seq
        change(world, insert(fact).values(**line._mapping))
    change(world, delete(fact).where(fact.c.chain == case.case_id, fact.c.seq > 3))
    assert verdict(world, case.case_id).first_bad == 4


def test_an_inserted_line_is_found(world, case):
    last = lines(world, case.case_id)[-1]
    change(world, insert(fact).values(**{**last._mapping, "seq": last.seq + 1}))
    assert verdict(world, case.case_id).first_bad == last.seq + 1


def test_two_lines_that_changed_places_are_found(world, case):
    first, second = lines(world, case.case_id)[1:3]
    swap = [(first, second), (second, first)]
    for place, content in swap:
        values = {name: value for name, value in content._mapping.items() if name != "seq"}
        change(world, update(fact).where(fact.c.chain == case.case_id, fact.c.seq == place.seq).values(**values))
    assert verdict(world, case.case_id).first_bad == first.seq


def test_a_chain_rewritten_to_its_end_does_not_match_the_kept_end(world, case):
    change(world, update(case_file).where(case_file.c.id == case.case_id).values(head="0" * 64))
    assert not verdict(world, case.case_id).holds


def test_a_changed_payload_is_found_and_an_erased_one_leaves_the_chain_whole(world, case):
    with reading(world.jalon.database) as work:
        line = next(line for line in read_history(work, case.case_id) if line.payload)
        payload_id = work.value(select(fact.c.payload_id).where(fact.c.chain == case.case_id, fact.c.seq == line.seq))
    change(world, update(payload).where(payload.c.id == payload_id).values(content=b"{}"))
    assert verdict(world, case.case_id).first_bad == line.seq
    change(world, update(payload).where(payload.c.id == payload_id).values(content=None, salt=None, erased_at=world.now))
    found = verdict(world, case.case_id)
    assert (found.holds, found.erased) == (True, 1)
