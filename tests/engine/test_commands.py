"""Commands and contexts are written down and read back as they were."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.engine import (
    Cancel,
    ChangeDueDate,
    ChildEnded,
    ChildFailed,
    CompleteTask,
    Context,
    DeliverMessage,
    FailCall,
    FireTimer,
    ReturnResult,
    Start,
    advance,
    command_from_plain,
    context_from_plain,
)
from server.kernel.errors import BadInput
from server.kernel.values import YearsMonths, canonical, read_canonical
from tests.engine.playing import LEGAL, MONDAY, Story, model

VALUES = {
    "montant": Decimal("12.50"),
    "le": date(2026, 2, 3),
    "a": datetime(2026, 2, 3, 9, tzinfo=UTC),
    "liste": [True, None, {"d": timedelta(days=3)}],
    "m": YearsMonths(4),
}
COMMANDS = [
    Start(VALUES),
    CompleteTask("t1", VALUES),
    FireTimer("m1"),
    DeliverMessage("venu", "D1", VALUES),
    ReturnResult("a1", VALUES),
    ReturnResult("a1"),
    FailCall("a1", "panne", "sans réponse"),
    ChildEnded("a1", "levee", VALUES),
    ChildFailed("a1", "annule"),
    ChangeDueDate("t1", datetime(2026, 2, 3, 9, tzinfo=UTC), "motif"),
    Cancel("fin"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_a_command_is_read_back_as_it_was_written(command):
    assert command_from_plain(command.to_plain()) == command
    # Through the bytes that the store keeps, which turn plain integers into decimals and back.
    again = read_canonical(canonical({"c": command.to_plain()}))["c"]
    assert again["kind"] == type(command).__name__


@pytest.mark.parametrize(
    "plain", [{}, {"kind": "Inconnue"}, {"kind": "CompleteTask"}, {"kind": "Cancel", "reason": "x", "autre": 1}, {"kind": "Command"}]
)
def test_an_unknown_command_is_refused(plain):
    with pytest.raises(BadInput):
        advance(model("choix"), Story("choix").state, command_from_plain(plain), Context("essai"), MONDAY)


def test_a_context_is_read_back_as_it_was_written():
    context = Context("i1", {"delais": {"x": {"duree": Decimal(15), "effet": date(2025, 1, 1)}}}, {"enfants": Decimal(2)}, "Indian/Reunion")
    assert context_from_plain(context.to_plain()) == context
    assert context_from_plain(LEGAL.to_plain()).to_plain() == LEGAL.to_plain()


def test_values_given_by_the_caller_are_copied():
    answers = {"liste": [1, 2]}
    story = Story("boucle")
    story.complete("entretien", poursuite=True, **answers)
    answers["liste"].append(3)
    story.complete("entretien", poursuite=False)
    assert story.variables["liste"] == [Decimal(1), Decimal(2)]
