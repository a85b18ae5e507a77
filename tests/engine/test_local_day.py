"""Days are those of the territory: an expression asked after midnight in Paris says the new date, though it is still the day before in UTC."""

from datetime import UTC, date, datetime

import pytest

from server.engine import Context, Definition, read_definition
from tests.engine.drawing import drawn, line
from tests.engine.playing import Story

SCRIPT = '<bpmn:scriptTask id="jour"><bpmn:extensionElements><zeebe:script expression="= today()" resultVariable="le" /></bpmn:extensionElements></bpmn:scriptTask>'
AFTER_MIDNIGHT_IN_PARIS = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


def definition() -> Definition:
    return read_definition(drawn(line(SCRIPT, ids=("jour",))))


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Paris", date(2026, 7, 2)), ("America/Cayenne", date(2026, 7, 1)), ("Indian/Reunion", date(2026, 7, 2))]
)
def test_today_is_the_day_of_the_territory(zone, day):
    story = Story(definition(), at=AFTER_MIDNIGHT_IN_PARIS, context=Context("essai", zone=zone))
    assert story.variables["le"] == day
