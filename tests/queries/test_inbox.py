"""The inbox: nearest deadline first, exact counts, filters that all apply, pages that neither repeat nor skip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.actions.assign_task import assign_task
from server.actions.claim_task import claim_task
from server.actions.complete_task import complete_task
from server.actions.release_task import release_task
from server.kernel.errors import BadInput, Forbidden, Stale
from server.queries.inbox import InboxFilter, inbox_choices, inbox_page, most_urgent
from tests.factories import World
from tests.small_packages import accueil, end, flow, package, task
from tests.watching import watching


def listed(world: World, actor, tab: str = "prendre", after: str = "", size: int = 25, **filters):
    return inbox_page(world.jalon, actor, InboxFilter(tab=tab, **filters), after=after, size=size, now=world.now)


def sans_date():
    return package("libre", flow("debut>faire"), task("faire"), flow("faire>fin"), end("fin"))


@pytest.fixture
def cases(world):
    """Four cases in territory I, opened a day apart, the last without a date; one in territory II."""
    world.publish(accueil(), sans_date())
    names = ["Lefèvre", "Cœur", "Zola"]
    made = []
    for name in names:
        made.append(world.case("accueil", last_name=name, first_names="Anne"))
        world.later(days=1)
    made.append(world.case("libre", last_name="Sans", first_names="Date"))
    made.append(world.case("accueil", territory="13-II"))
    return made


def test_the_nearest_deadline_comes_first_and_none_last(world, cases):
    page = listed(world, world.agent())
    assert [row.person_name for row in page.rows] == ["Lefèvre Anne", "Cœur Anne", "Zola Anne", "Sans Date"]
    assert (page.total, page.counts["prendre"], page.counts["moi"]) == (4, 4, 0)


def test_a_page_costs_at_most_six_statements(world, cases):
    agent = world.agent()
    with watching(world.jalon.database) as seen:
        listed(world, agent, search="anne", late=True, territory="13-I")
    assert len(seen.statements) <= 6


def test_pages_go_on_where_they_stopped_though_tasks_leave_meanwhile(world, cases):
    agent = world.agent()
    first = listed(world, agent, size=2)
    done = first.rows[0]
    complete_task(world.jalon, agent, done.task_id, {"voie": "pro"}, done.version, None, world.now)
    second = listed(world, agent, size=2, after=first.next_cursor)
    assert [row.person_name for row in second.rows] == ["Zola Anne", "Sans Date"]
    assert second.next_cursor == ""
    assert second.total == 3
    with pytest.raises(BadInput):
        listed(world, agent, after="n'importe quoi")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"search": "lefevre"}, ["Lefèvre Anne"]),
        ({"search": "coeur an"}, ["Cœur Anne"]),
        ({"search": "efevre"}, []),
        ({"search": "%"}, []),
        ({"search": "13-2026-000003"}, ["Zola Anne"]),
        ({"territory": "13-II"}, []),
        ({"element": "libre/faire"}, ["Sans Date"]),
        ({"element": "libre/faire", "search": "zola"}, []),
        ({"group": "referent"}, []),
        ({"late": True}, []),
    ],
)
def test_every_filter_applies(world, cases, filters, names):
    page = listed(world, world.agent(), **filters)
    assert [row.person_name for row in page.rows] == names
    assert page.total == len(names)


def test_late_tasks_are_those_past_their_date(world, cases):
    world.later(days=13)  # the first date has passed, the second is tomorrow
    assert [row.person_name for row in listed(world, world.agent(), late=True).rows] == ["Lefèvre Anne"]


def test_claim_and_release_move_a_task_between_lists_and_the_loser_is_told(world, cases):
    awa, ben = world.agent("Awa"), world.agent("Ben")
    urgent = most_urgent(world.jalon, awa, world.now)
    claim_task(world.jalon, awa, urgent, world.now)
    assert [row.task_id for row in listed(world, awa, "moi").rows] == [urgent]
    assert [row.holder_name for row in listed(world, ben, "attente").rows] == ["Awa"]
    with pytest.raises(Stale) as told:
        claim_task(world.jalon, ben, urgent, world.now + timedelta(minutes=3))
    assert (told.value.by, told.value.at) == ("Awa", world.now)
    with pytest.raises(Stale, match="Awa"):
        complete_task(world.jalon, ben, urgent, {"voie": "pro"}, 2, None, world.now)
    release_task(world.jalon, awa, urgent, world.now)
    assert listed(world, awa).total == 4


def test_a_manager_gives_a_task_to_somebody_who_may_do_it_and_to_nobody_else(world, cases):
    chief, awa = world.responsable(), world.agent("Awa")
    urgent = most_urgent(world.jalon, awa, world.now)
    with pytest.raises(Forbidden):
        assign_task(world.jalon, awa, urgent, awa.user_id, world.now)
    for other in (world.referent(), world.agent("Loin", territories=("13-II",)), world.actor("auditeur")):
        with pytest.raises(BadInput):
            assign_task(world.jalon, chief, urgent, other.user_id, world.now)
    assign_task(world.jalon, chief, urgent, awa.user_id, world.now)
    assert listed(world, awa, "moi").rows[0].task_id == urgent


def test_done_tasks_are_listed_latest_first_and_choices_are_those_of_the_actor(world, cases):
    agent = world.agent()
    for row in listed(world, agent).rows[:2]:
        complete_task(world.jalon, agent, row.task_id, {"voie": "pro"}, row.version, None, world.later(hours=1))
    assert [row.person_name for row in listed(world, agent, "termines").rows] == ["Cœur Anne", "Lefèvre Anne"]
    choices = inbox_choices(world.jalon, agent)
    assert choices.territories == (("13-I", "Pôle I"),)
    assert dict(choices.elements) == {"accueil/entretien": "entretien", "libre/faire": "faire"}
