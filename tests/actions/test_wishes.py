"""What diagrams ask of Jalon: slips, other processes, messages, holders, referents, files; and what people start themselves."""

from __future__ import annotations

import hashlib

import pytest

from server.actions.add_document import add_document
from server.actions.approve_publication import approve_publication
from server.actions.complete_task import complete_task
from server.actions.send_message import send_message
from server.actions.start_process import start_process
from server.jobs import run_once
from server.kernel.errors import BadInput, Forbidden, ModelError, NotFound, TooMuch
from server.store.cases import find_case, find_instances, find_tasks
from server.store.history import read_history
from server.store.packages import find_version
from server.store.sql import select, update
from server.store.tables import document, instance, package_version, task
from server.store.work import reading, unit_of_work
from tests.actions.test_publication import asked, named
from tests.factories import World
from tests.small_packages import accueil, call, catch, end, flow, package, send
from tests.small_packages import task as step


def simple(slug: str, *middle: str, messages: tuple[str, ...] = ()):
    """The start, one element named `faire`, the end."""
    return package(slug, flow("debut>faire"), *middle, flow("faire>fin"), end("fin"), messages=messages)


def opened(world: World, table, *conditions):
    with reading(world.jalon.database) as work:
        return work.rows(select(table).where(*conditions))


def kinds(world: World, case_id: str) -> list[str]:
    with reading(world.jalon.database) as work:
        return [line.kind for line in read_history(work, case_id)]


def test_a_caf_slip_says_rate_duration_and_first_month_and_no_formula(world):
    inputs = {"taux": "= 50", "duree": "= 2", "premier_mois": '= "=1+1"', "motif": '= "secret"'}
    world.publish(simple("caf", send("faire", "bordereau_caf", {}, inputs)))
    case = world.case("caf", caf_number="1234567")
    assert run_once(world.jalon, world.now).delivered == 1
    (made,) = opened(world, document)
    lines = made.content.decode().splitlines()
    assert lines == ["dossier;matricule;taux;duree;premier_mois", f"{case.number};1234567;50;2;'=1+1"]
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()


def test_a_process_starts_another_in_the_same_case_and_does_not_wait_for_it(world):
    world.publish(accueil(), simple("premier", send("faire", "demarrer", {"processus": "accueil"}, {"voie": '= "social"'})))
    case = world.case("premier")
    with reading(world.jalon.database) as work:
        found = {one.process: one for one in find_instances(work, instance.c.case_id == case.case_id)}
        assert find_case(work, case.case_id).status == "open"
    assert (found["premier"].status, found["accueil"].status, found["accueil"].parent_id) == ("ended", "open", None)


def test_a_process_sends_a_message_to_its_own_case_or_keeps_it_when_nobody_waits(world):
    world.publish(
        simple("attente", catch("faire", "signal"), messages=("signal",)),
        simple("envoi", send("faire", "message", {"nom": "signal"}, {"cle": "= dossier.id", "x": "= 1"})),
    )
    case, alone = world.case("attente"), world.case("envoi")
    agent = world.agent()
    start_process(world.jalon, agent, case.case_id, "envoi", {}, world.now)
    assert "MessageReceived" in kinds(world, case.case_id)
    assert "MessageUnexpected" in kinds(world, alone.case_id)


def test_a_task_assigned_by_the_diagram_has_its_holder_and_a_stranger_leaves_it_to_the_group(world):
    world.publish(simple("pour", step("faire", "referent", assignee="= qui")))
    referent = world.referent("Rita")
    first, second = world.case("pour", variables={"qui": referent.user_id}), world.case("pour", variables={"qui": "inconnu"})
    held = {row.case_id: row.holder_name for row in opened(world, task)}
    assert held == {first.case_id: "Rita", second.case_id: None}


def test_a_milestone_may_name_the_referent_of_the_case(world):
    referent = world.referent()
    world.publish(simple("jalon", send("faire", "fait", {"nom": "oriente"}, {"referent": "= qui", "structure": '= "inconnue"'})))
    case = world.case("jalon", variables={"qui": referent.user_id})
    with reading(world.jalon.database) as work:
        kept = find_case(work, case.case_id)
    assert (kept.referent_id, kept.structure_id) == (referent.user_id, None)
    assert kept.facts["oriente"]["le"] == {"$d": world.now.date().isoformat()}


def test_an_unknown_milestone_or_a_wish_without_its_header_is_refused_with_the_element(world):
    world.publish(simple("a", send("faire", "fait", {"nom": "vacances"})), simple("b", send("faire", "fait")))
    for process in ("a", "b"):
        with pytest.raises(ModelError) as refused:
            world.case(process)
        assert refused.value.element == "faire"


def test_who_is_in_a_start_group_starts_a_process_and_nobody_else(world):
    world.publish(accueil())
    case = world.case()
    for actor, slug, error in [
        (world.referent(), "accueil", Forbidden),
        (world.agent(territories=("13-II",)), "accueil", NotFound),
        (world.agent(), "absent", NotFound),
    ]:
        with pytest.raises(error):
            start_process(world.jalon, actor, case.case_id, slug, {}, world.now)
    start_process(world.jalon, world.agent(), case.case_id, "accueil", {}, world.now)
    assert [row.name for row in opened(world, task)] == ["entretien"]


@pytest.mark.parametrize(("binding", "name"), [("", "Écrire"), (' bindingType="deployment"', "Appeler")])
def test_a_call_meets_the_version_of_the_day_or_that_of_its_parents_publication(world, binding, name):
    calling = call("appel", "simple").replace('processId="simple"', f'processId="simple"{binding}')
    parent = package("parent", flow("debut>avant"), step("avant"), flow("avant>appel"), calling, flow("appel>fin"), end("fin"))
    world.publish(named("Appeler"), parent)
    world.later(days=1)
    world.case("parent")
    made = asked(world, world.actor("proprietaire", name="Nadia"))
    with reading(world.jalon.database) as work:
        content = find_version(work, made).content_hash
    approve_publication(world.jalon, world.actor("proprietaire", name="Omar"), made, content, world.later(days=1))
    (first,) = opened(world, task, task.c.status == "open")
    complete_task(world.jalon, world.agent(), first.id, {}, 1, None, world.later(days=1))
    assert [row.name for row in opened(world, task, task.c.status == "open")] == [name]


def test_a_posted_event_with_a_key_is_delivered_once(world):
    world.publish(accueil())
    case, agent = world.case("accueil"), world.agent()
    first = send_message(world.jalon, agent, case.case_id, "mutation", {}, world.now, key="cle-1")
    assert send_message(world.jalon, agent, case.case_id, "mutation", {}, world.now, key="cle-1") == first
    assert kinds(world, case.case_id).count("MessageUnexpected") == 1
    with pytest.raises(BadInput):
        send_message(world.jalon, world.agent("Autre"), case.case_id, "mutation", {}, world.now, key="cle-1")
    with pytest.raises(BadInput):
        send_message(world.jalon, agent, case.case_id, " ", {}, world.now)


def test_a_joined_file_is_kept_in_the_case_and_its_title_only_in_what_can_be_erased(world):
    world.publish(accueil())
    case, agent = world.case("accueil"), world.agent()
    (waiting,) = opened(world, task)
    kept = add_document(world.jalon, agent, waiting.id, "bulletin de Léa.pdf", "application/pdf", b"%PDF-1.7", world.now)
    (row,) = opened(world, document)
    assert (row.id, row.case_id, row.content) == (kept, case.case_id, b"%PDF-1.7")
    with reading(world.jalon.database) as work:
        assert not any("Léa".encode() in line.line for line in read_history(work, case.case_id))
    for content, error in [(b"", BadInput), (b"x" * 10_000_001, TooMuch)]:
        with pytest.raises(error):
            add_document(world.jalon, agent, waiting.id, "x", "application/pdf", content, world.now)
    with pytest.raises(Forbidden):
        add_document(world.jalon, world.referent(), waiting.id, "x", "application/pdf", b"x", world.now)


def test_a_task_offered_to_several_groups_is_worked_by_any_of_them(world):
    world.publish(simple("deux", step("faire", "orientation,referent")))
    world.case("deux")
    (waiting,) = opened(world, task)
    assert complete_task(world.jalon, world.referent(), waiting.id, {}, 1, None, world.now).task_id == waiting.id


def test_a_version_that_was_tampered_with_in_the_base_cannot_be_approved(world):
    world.publish(named("Appeler"))
    made = asked(world, world.actor("proprietaire", name="Nadia"))
    with unit_of_work(world.jalon.database) as work:
        kept = find_version(work, made)
        files = {**kept.files, "README.md": "glissé"}
        work.execute(update(package_version).where(package_version.c.id == made).values(files=files))
    with pytest.raises(Exception, match="changé depuis votre lecture"):
        approve_publication(world.jalon, world.actor("proprietaire", name="Omar"), made, kept.content_hash, world.now)
    with reading(world.jalon.database) as work:
        assert find_tasks(work, task.c.status == "open") == []
