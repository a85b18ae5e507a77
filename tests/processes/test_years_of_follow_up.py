"""A follow-up that lasts for years costs no more at its end than at its beginning."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from server import engine
from server.catalog import effective_parameters, read_package
from server.engine import Context, read_waiting
from server.settings import ROOT

CASE = {
    "id": "dossier-essai",
    "ouverture": date(2026, 1, 2),
    "soumis": True,
    "foyer": Decimal(1),
    "faits": {
        "oriente": {"le": date(2026, 1, 14), "parcours": "emploi"},
        "contrat_signe": {"le": date(2026, 1, 28)},
        "contrat_fin": {"le": date(2026, 7, 31)},
    },
}


@pytest.mark.slow  # 480 real steps of the engine.
def test_twenty_years_of_monthly_meetings_keep_a_small_state() -> None:
    root = Path(ROOT)
    package = read_package(root / "processes/suivi", root / "forms/suivi")
    definition = engine.read_definition({n: c for n, c in package.files.items() if n.endswith((".bpmn", ".dmn"))})
    parameters = effective_parameters(root / "processes/departements", "13", "", date(2026, 3, 2)).values
    context = Context("suivi-1", parameters, CASE)
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    state = engine.advance(definition, None, engine.Start({}), context, now).state
    sizes = []
    for _ in range(240):
        (timer,) = read_waiting(definition, state).timers
        now = timer.due
        state = engine.advance(definition, state, engine.FireTimer(timer.timer), context, now).state
        (task,) = read_waiting(definition, state).tasks
        now += timedelta(days=2)
        answers = {"point_compte_rendu": "Actions tenues", "suite_point": "continuer"}
        state = engine.advance(definition, state, engine.CompleteTask(task.task, answers), context, now).state
        sizes.append(len(state))
    assert now.year >= 2045
    assert max(sizes) <= 12_000
    assert sizes[-1] <= sizes[1] * 1.1
