"""The list of EP sessions and an agenda are read on both databases."""

from __future__ import annotations

from datetime import timedelta

from server.actions.hold_session import hold_session
from server.queries.sessions import session_list, session_page
from tests.actions.test_sessions import asking, session


def test_a_planned_session_is_listed_with_its_cases(world):
    world.publish(asking(), session())
    case = world.case("demande", variables={"rang": 1}, last_name="Zola", first_names="Anne")
    secretary = world.actor("secretariat_ep")
    assert session_list(world.jalon, secretary, world.now).waiting == (("Pôle I", 1),)
    session_id = hold_session(world.jalon, secretary, "13-I", world.now.date() + timedelta(days=7), "EP du pôle I", world.now)
    (line,) = session_list(world.jalon, secretary, world.now).sessions
    assert (line.id, line.body, line.cases, line.advised) == (session_id, "EP du pôle I", 1, 0)
    page = session_page(world.jalon, secretary, session_id, world.now)
    assert [(passage.case_id, passage.person_name) for passage in page.passages] == [(case.case_id, "Zola Anne")]
    assert [task.name for task in page.tasks] == ["tenir"]
