"""Frames tell what each fact did on the diagram, and what was open after it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from server import decisions, engine
from server.replay import decision_words, frames, steps

MODELS = Path(__file__).parents[1] / "catalog" / "rules"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass
class Recorded:
    seq: int
    kind: str
    element: str
    body: dict = field(default_factory=dict)
    instance_id: str | None = "i1"


class Story:
    """An instance of a fixture diagram, played on the engine; keeps its facts."""

    def __init__(self, code):
        self.definition = engine.read_definition({"process.bpmn": (MODELS / code / "juste.bpmn").read_bytes()})
        self.state, self.facts = None, []
        self.context = engine.Context("i1", {"delais": {}}, {"id": "d1"})

    def play(self, command):
        step = engine.advance(self.definition, self.state, command, self.context, AT)
        self.state = step.state
        self.facts += [Recorded(len(self.facts) + n, f.kind, f.element, dict(f.body)) for n, f in enumerate(step.facts, 1)]
        return self

    def waiting(self):
        return engine.read_waiting(self.definition, self.state)


def suspension():
    return Story("bord-d-une-attente").play(engine.Start({"date_rdv": datetime(2026, 2, 1, tzinfo=UTC)}))


def test_the_active_elements_are_those_that_the_engine_waits_on():
    story = suspension()
    last = list(steps(story.facts))[-1]
    assert last.active == ("c", "s")
    assert {t.element for t in story.waiting().timers} == {"c"}


def test_an_interrupted_sub_process_is_taken_away_with_what_it_held():
    story = suspension().play(engine.DeliverMessage("regularisation_constatee", "d1"))
    moved = list(steps(story.facts, {"i1": story.definition.elements}))
    entering = next(f for f in moved if f.entered == ("b",))
    assert "s" in entering.cancelled
    assert "c" not in entering.active
    assert moved[-1].active == ()


def test_adding_up_the_rows_gives_the_active_elements():
    story = suspension()
    rows = frames(story.facts, {"i1": story.definition.elements})
    held = Counter()
    for _, _, entered, left, _, cancelled in rows:
        held.update(entered)
        held.subtract(left)
        held.subtract(cancelled)
    assert {e for e, n in held.items() if n > 0} == {"c", "s"}
    assert all(n >= 0 for n in held.values())


def test_tasks_are_open_from_ready_to_completed_and_answers_are_told():
    story = Story("impasse").play(engine.Start())
    task = story.waiting().tasks[0].task
    assert list(steps(story.facts))[-1].tasks == {task: "t"}
    story.play(engine.CompleteTask(task, {"venu": True}))
    done = next(f for f in steps(story.facts) if f.kind == "TaskCompleted")
    assert done.has_answers
    assert done.tasks == {}


def test_flows_taken_are_those_of_the_facts_in_order():
    story = Story("impasse").play(engine.Start())
    story.play(engine.CompleteTask(story.waiting().tasks[0].task, {}))
    assert [flow for row in frames(story.facts) for flow in row[4]] == ["Flux_debut_t", "Flux_t_fin"]


def test_a_fact_of_no_instance_has_its_frame_and_changes_nothing():
    rows = frames([Recorded(1, "CaseOpened", "", instance_id=None)])
    assert rows == [[1, None, [], [], [], []]]


def test_a_decision_is_told_line_by_line_with_what_refused_it():
    model = decisions.load((MODELS / "commun" / "decisions" / "voie.dmn").read_bytes())
    words = decision_words(model.decide("voie", {"dossier": {"age": Decimal(30)}}, AT).trace)
    assert words.name == "Voie"
    assert words.result == "social"
    assert words.inputs == (("Âge", "30"),)
    assert [(r.line, r.hit, r.why) for r in words.rules] == [(1, False, "Refusée par « Âge »"), (2, True, "")]
    assert words.rules[1].words == "Âge : 30"
