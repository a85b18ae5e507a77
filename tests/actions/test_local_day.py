"""What a form calls today is the day of the territory, not of Greenwich."""

from datetime import UTC, datetime

import pytest

from server.actions.complete_task import complete_task
from server.kernel.errors import FormErrors
from server.kernel.ids import new_id
from server.queries.inbox import InboxFilter, inbox_page
from tests.small_packages import end, flow, form, package, task


@pytest.mark.parametrize(("typed", "accepted"), [("2026-07-02", True), ("2026-07-01", False)])
def test_half_past_midnight_in_paris_is_already_tomorrow(world, typed, accepted):
    said = {"type": "expression", "key": "jour", "expression": "=string(today())"}
    day = {"type": "datetime", "subtype": "date", "key": "le", "label": "Le", "disallowPassedDates": True, "validate": {"required": True}}
    world.publish(
        package("nuit", flow("debut>noter"), task("noter", form="note"), flow("noter>fin"), end("fin"), forms=(form("note", said, day),))
    )
    world.now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 2 July, half past midnight in Paris
    world.case("nuit")
    agent = world.agent()
    row = inbox_page(world.jalon, agent, InboxFilter("prendre"), now=world.now).rows[0]

    def send():
        return complete_task(world.jalon, agent, row.task_id, {"le": typed}, row.version, new_id(), world.now)

    if accepted:
        assert send().task_id == row.task_id
    else:
        with pytest.raises(FormErrors):
            send()
