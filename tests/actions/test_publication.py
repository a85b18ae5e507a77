"""Publishing: rules first, a reason for what is not proved, a second person, and open instances stay on their version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from server.actions.approve_publication import approve_publication
from server.actions.ask_publication import ask_publication
from server.actions.draft_package import draft_package
from server.actions.publish_from_folders import publish_from_folders, publish_packages
from server.actions.refuse_publication import refuse_publication
from server.actions.verify_chain import verify_chain
from server.catalog import write_package
from server.kernel.actor import MACHINE, machine
from server.kernel.errors import BadInput, Forbidden, NotFound, Refused, Stale
from server.store.history import read_history
from server.store.packages import find_version, version_in_force
from server.store.tables import instance, task
from server.store.work import reading
from tests.factories import World
from tests.small_packages import accueil, end, flow, form, package
from tests.small_packages import task as step


def named(label: str):
    """A sound package of one task."""
    one = step("faire", form="faire").replace('name="faire"', f'name="{label}"')
    asked = form("faire", {"type": "textfield", "key": "note", "label": "Note"})
    return package("simple", flow("debut>faire"), one, flow("faire>fin"), end("fin", "fait"), forms=(asked,))


def process_of(label: str) -> str:
    return named(label).files["process.bpmn"].decode()


@pytest.fixture
def owners(world):
    world.publish(named("Appeler"))
    return world.actor("proprietaire", name="Nadia"), world.actor("proprietaire", name="Omar")


def version(world: World, package_id: str):
    with reading(world.jalon.database) as work:
        return find_version(work, package_id)


def asked(world: World, author, label: str = "Écrire") -> str:
    made = draft_package(world.jalon, author, "simple", {"process.bpmn": process_of(label)}, 0, world.now)
    ask_publication(world.jalon, author, made, "pas encore de scénario", 1, world.now)
    return made


def test_on_an_empty_base_folders_are_published_at_once_and_the_register_says_so(world):
    world.publish(named("Appeler"))
    with reading(world.jalon.database) as work:
        told = read_history(work, "registre:publications")
    assert [line.kind for line in told] == ["PackagePublished"]
    assert b'"direct":true' in told[0].line
    again = publish_packages(world.jalon, machine("13"), {"simple": named("Appeler")}, world.now)
    assert again.unchanged == ("simple",)
    later = publish_packages(world.jalon, machine("13"), {"simple": named("Écrire")}, world.now)
    assert later.waiting == ("simple",)
    assert verify_chain(world.jalon, MACHINE, "registre:publications", world.now).holds


def test_a_second_owner_publishes_and_the_author_cannot(world, owners):
    nadia, omar = owners
    made = asked(world, nadia)
    content = version(world, made).content_hash
    with pytest.raises(Refused) as refused:
        approve_publication(world.jalon, nadia, made, content, world.now)
    assert refused.value.rule == "quatre-yeux"
    assert approve_publication(world.jalon, omar, made, content, world.later(hours=1)) == 2
    with reading(world.jalon.database) as work:
        assert version_in_force(work, "13", "simple", world.now).id == made
        assert work.value(select(task.c.id)) is None


def test_whoever_edited_the_draft_cannot_approve_it_even_when_another_asked(world, owners):
    nadia, omar = owners
    made = draft_package(world.jalon, nadia, "simple", {"process.bpmn": process_of("A")}, 0, world.now)
    draft_package(world.jalon, omar, "simple", {"process.bpmn": process_of("B")}, 1, world.now)
    ask_publication(world.jalon, omar, made, "essai", 2, world.now)
    for actor in owners:
        with pytest.raises(Refused):
            approve_publication(world.jalon, actor, made, version(world, made).content_hash, world.now)


def test_any_change_after_the_request_voids_it(world, owners):
    nadia, omar = owners
    made = asked(world, nadia)
    read = version(world, made).content_hash
    draft_package(world.jalon, nadia, "simple", {"process.bpmn": process_of("Autre")}, version(world, made).version, world.now)
    with pytest.raises(Stale):
        approve_publication(world.jalon, omar, made, read, world.now)
    ask_publication(world.jalon, nadia, made, "essai", version(world, made).version, world.now)
    with pytest.raises(Stale, match="changé depuis votre lecture"):
        approve_publication(world.jalon, omar, made, read, world.now)


def test_a_draft_that_breaks_a_rule_cannot_be_asked_and_one_without_scenario_needs_a_reason(world, owners):
    nadia, _ = owners
    broken = process_of("A").replace(flow("faire>fin"), "")
    made = draft_package(world.jalon, nadia, "simple", {"process.bpmn": broken}, 0, world.now)
    with pytest.raises(Refused) as refused:
        ask_publication(world.jalon, nadia, made, "essai", 1, world.now)
    assert refused.value.rule == "lint"
    draft_package(world.jalon, nadia, "simple", {"process.bpmn": process_of("A")}, 1, world.now)
    with pytest.raises(Refused) as refused:
        ask_publication(world.jalon, nadia, made, " ", 2, world.now)
    assert refused.value.rule == "motif"
    assert version(world, made).status == "draft"


def test_a_refusal_says_why_and_gives_the_draft_back(world, owners):
    nadia, omar = owners
    made = asked(world, nadia)
    with pytest.raises(BadInput):
        refuse_publication(world.jalon, omar, made, "", world.now)
    refuse_publication(world.jalon, omar, made, "le délai n'est pas le bon", world.now)
    assert version(world, made).status == "draft"
    assert "Omar : le délai" in version(world, made).note


def test_a_stale_save_and_a_stranger_change_nothing(world, owners):
    nadia, omar = owners
    made = draft_package(world.jalon, nadia, "simple", {"process.bpmn": process_of("A")}, 0, world.now)
    before = version(world, made).content_hash
    for seen in (0, 7):
        with pytest.raises(Stale) as late:
            draft_package(world.jalon, omar, "simple", {"process.bpmn": process_of("B")}, seen, world.now)
        assert late.value.by == "Nadia"
    with pytest.raises(Forbidden):
        draft_package(world.jalon, world.agent(), "simple", {"process.bpmn": process_of("B")}, 1, world.now)
    with pytest.raises(NotFound):
        approve_publication(world.jalon, world.actor("proprietaire", departement="94"), made, before, world.now)
    assert version(world, made).content_hash == before


def test_open_instances_stay_on_the_version_they_began_with(world, owners):
    nadia, omar = owners
    world.case("simple")
    made = asked(world, nadia)
    approve_publication(world.jalon, omar, made, version(world, made).content_hash, world.later(hours=1))
    world.later(hours=1)
    world.case("simple")
    with reading(world.jalon.database) as work:
        names = [
            row.name for row in work.rows(select(task.c.name).join(instance, instance.c.id == task.c.instance_id).order_by(task.c.ready_at))
        ]
    assert names == ["Appeler", "Écrire"]


def test_a_package_of_folders_can_be_read_again_from_the_base(world):
    world.publish(accueil())
    with reading(world.jalon.database) as work:
        kept = version_in_force(work, "13", "accueil", world.now)
    assert world.jalon.package(kept.id).hash == accueil().hash == kept.content_hash


def test_a_folder_that_breaks_a_rule_is_not_published_and_the_others_wait_with_it(world, tmp_path):
    sound, broken = named("Appeler"), named("Écrire").replace({"process.bpmn": process_of("A").replace(flow("faire>fin"), "").encode()})
    for content in (sound, broken):
        write_package(content, tmp_path / "processes" / "simple", tmp_path / "forms" / "simple")
        jalon = replace(world.jalon, settings=replace(world.jalon.settings, root=tmp_path))
        if content is sound:
            assert publish_from_folders(jalon, machine("13"), world.now).published == ("simple",)
        else:
            with pytest.raises(Refused, match="simple"):
                publish_from_folders(jalon, machine("13"), world.now)
    with reading(world.jalon.database) as work:
        assert len(read_history(work, "registre:publications")) == 1
