"""The engine's figures: a step at turn 2 and at turn 200 against SpiffWorkflow as shipped in the same run, and the bytes of an instance."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG

from server.engine import CompleteTask, advance
from tests.engine.playing import Story
from tests.engine.shipped import Shipped

ROUNDS, BATCH = 15, 20
EARLY, LATE = 2, 200


def rows() -> list[tuple[str, str, str]]:
    """Lines of the bench table: (what, figure, bound). Times are medians, in milliseconds; both engines are measured in turn, in one run."""
    ours = {turn: _our_step(turn) for turn in (EARLY, LATE)}
    theirs = {turn: _shipped_step(turn) for turn in (EARLY, LATE)}
    times = _measured({("ours", t): step for t, (step, _) in ours.items()} | {("shipped", t): step for t, (step, _) in theirs.items()})
    ratio = times["ours", LATE] / times["ours", EARLY]
    shipped_ratio = times["shipped", LATE] / times["shipped", EARLY]
    return [
        (
            f"engine: load, complete, save at turn {EARLY}",
            f"{times['ours', EARLY]:.2f} ms (as shipped {times['shipped', EARLY]:.2f} ms)",
            "",
        ),
        (f"engine: the same at turn {LATE}", f"{times['ours', LATE]:.2f} ms (as shipped {times['shipped', LATE]:.2f} ms)", ""),
        (f"engine: turn {LATE} against turn {EARLY}", f"{ratio:.2f} (as shipped {shipped_ratio:.1f})", "<= 1.1"),
        (f"engine: state at turn {LATE}", f"{ours[LATE][1]:,} bytes (as shipped {theirs[LATE][1]:,})", "<= 12,000"),
        (
            "engine: state, 500 turns with two timers each",
            f"{_state_with_timers():,} bytes (as shipped: RecursionError near turn 141)",
            "<= 12,000",
        ),
    ]


def _our_step(turn: int) -> tuple[Callable[[], object], int]:
    story = Story("boucle")
    for _ in range(turn - 1):
        story.complete("entretien", poursuite=True)
    command = CompleteTask(story.task_id("entretien"), {"poursuite": True})
    definition, state, context, now = story.definition, story.state, story.context, story.now
    return lambda: advance(definition, state, command, context, now), len(state or b"")


def _shipped_step(turn: int) -> tuple[Callable[[], object], int]:
    shipped = Shipped("boucle", {})
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
    for _ in range(turn - 1):
        shipped.complete("entretien", {"poursuite": True})
    text = serializer.serialize_json(shipped.workflow)

    def step() -> object:
        shipped.workflow = serializer.deserialize_json(text)
        task = shipped.ready_tasks()[0]
        task.set_data(poursuite=True)
        task.run()
        shipped.workflow.do_engine_steps()
        return serializer.serialize_json(shipped.workflow)

    return step, len(text.encode())


def _measured(steps: dict[tuple[str, int], Callable[[], object]]) -> dict[tuple[str, int], float]:
    """Milliseconds per step: the median of batches taken in turn, so that a busy neighbour weighs on all alike."""
    taken: dict[tuple[str, int], list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            batch = BATCH if name[0] == "ours" else 1
            begin = perf_counter()
            for _ in range(batch):
                step()
            taken[name].append((perf_counter() - begin) * 1000 / batch)
    return {name: median(times) for name, times in taken.items()}


def _state_with_timers() -> int:
    story, largest = Story("boucle_minuteurs"), 0
    for _ in range(500):
        story.complete("entretien", poursuite=True)
        story.fire("attente")
        story.later(minutes=1)
        story.facts.clear()
        largest = max(largest, len(story.state or b""))
    return largest


if __name__ == "__main__":
    for line in rows():
        print(*line, sep=" | ")
