"""The inbox at scale: every list and count goes through an index, whatever the filters, and a page is a fixed number of statements."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from bench.filling import Size, fill
from server.queries.inbox import InboxFilter, inbox_choices, inbox_page
from tests.factories import World
from tests.watching import watching

FILTERS = [
    InboxFilter("prendre"),
    InboxFilter("moi"),
    InboxFilter("attente"),
    InboxFilter("termines"),
    InboxFilter("prendre", territory="13-I", group="gestion"),
    InboxFilter("prendre", element="accueil/entretien", late=True),
    InboxFilter("prendre", search="dupont12"),
    InboxFilter("prendre", search="13-2020-000040"),
    InboxFilter("prendre", search="1234567"),
]


@pytest.fixture
def filled(world: World):
    agent = world.agent(territories=("13-I",))
    fill(world, agent.user_id, Size(tasks=6_000, open=3_000, cases=1_500))
    return agent


def _plans(world: World, do) -> list[str]:
    """The plan of every statement that `do` sends which reads tasks, as the database explains it."""
    sent = []
    keep = lambda _c, _cursor, statement, parameters, _x, _many: sent.append((statement, parameters))  # noqa: E731
    event.listen(world.jalon.database.engine, "before_cursor_execute", keep)
    do()
    event.remove(world.jalon.database.engine, "before_cursor_execute", keep)
    plans = []
    with world.jalon.database.engine.connect() as connection:
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            connection.exec_driver_sql("SET enable_seqscan = off")  # 6,000 rows are read faster whole; a million are not
        for statement, parameters in sent:
            if "FROM task" in statement:
                rows = connection.exec_driver_sql(("EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN ") + statement, parameters).all()
                plans.append("\n".join(str(row[0] if postgresql else row[3]) for row in rows))
    return plans


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda f: " ".join(str(v) for v in vars(f).values() if v))
def test_every_list_and_every_count_goes_through_an_index(world, filled, chosen):
    first = inbox_page(world.jalon, filled, chosen, size=10, now=world.now)
    plans = _plans(world, lambda: inbox_page(world.jalon, filled, chosen, after=first.next_cursor, size=10, now=world.now))
    assert len(plans) >= 1
    for plan in plans:
        assert "ix_task_" in plan
        assert "Seq Scan on task" not in plan
        assert "SCAN task" not in plan


def test_the_choices_of_the_filters_go_through_indexes_too(world, filled):
    (plan,) = _plans(world, lambda: inbox_choices(world.jalon, filled))
    assert "Seq Scan on task" not in plan
    assert "SCAN task" not in plan


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda f: " ".join(str(v) for v in vars(f).values() if v))
def test_all_pages_together_hold_each_task_once_in_order_and_the_total_is_exact(world, filled, chosen):
    seen, after = [], ""
    while True:
        page = inbox_page(world.jalon, filled, chosen, after=after, size=40, now=world.now)
        seen += page.rows
        if not (after := page.next_cursor):
            break
    assert len({row.task_id for row in seen}) == len(seen) == page.total
    dated = [row.due_at for row in seen if row.due_at]
    if chosen.tab != "termines":
        assert dated == sorted(dated)
        assert all(row.due_at is None for row in seen[len(dated) :])
    if chosen == InboxFilter(chosen.tab):
        assert page.total == page.counts[chosen.tab] > 0


def test_a_page_with_its_filters_is_at_most_five_statements_and_the_session_makes_six(world, filled):
    with watching(world.jalon.database) as seen:
        inbox_page(world.jalon, filled, InboxFilter("prendre", search="dupont1", late=True, territory="13-I"), now=world.now)
        inbox_choices(world.jalon, filled)
    assert len([one for one in seen.statements if one.startswith("SELECT")]) <= 5
