"""Plays an instance in tests: the state goes through bytes at each command, tasks and timers are named by their element."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.engine import (
    CompleteTask,
    Context,
    Definition,
    DeliverMessage,
    FireTimer,
    Start,
    advance,
    read_definition,
    read_waiting,
)

MODELS = Path(__file__).parent / "models"
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
DELAYS = {"delais": {"contrat_cible": {"duree": 15, "unite": "jour"}, "contrat_limite": {"duree": 1, "unite": "mois"}}}
LEGAL = Context("essai", DELAYS)


def model_names() -> list[str]:
    return sorted(p.stem for p in MODELS.glob("*.bpmn"))


def model(name: str, **decisions: bytes) -> Definition:
    files = {"process.bpmn": (MODELS / f"{name}.bpmn").read_bytes()}
    files |= {f"decisions/{p.name}": p.read_bytes() for p in MODELS.glob(f"{name}*.dmn")}
    return read_definition(files | decisions)


class Story:
    """An instance, its clock and everything that has happened to it."""

    def __init__(
        self, definition: Definition | str, variables: dict | None = None, at: datetime = MONDAY, context: Context | None = None
    ) -> None:
        self.definition = model(definition) if isinstance(definition, str) else definition
        self.context = context or Context("essai")
        self.now = at
        self.state = None
        self.ended = False
        self.facts = []
        self.commands = []
        self.do(Start(variables or {}))

    def do(self, command):
        step = advance(self.definition, self.state, command, self.context, self.now)
        self.commands.append((command, self.now))
        self.state, self.ended = step.state, step.ended
        self.facts += step.facts
        return step

    @property
    def waiting(self):
        return read_waiting(self.definition, self.state)

    @property
    def tasks(self) -> list[str]:
        return [t.element for t in self.waiting.tasks]

    @property
    def timers(self) -> dict[str, datetime]:
        return {t.element: t.due for t in self.waiting.timers}

    def task_id(self, element: str) -> str:
        return next(t.task for t in self.waiting.tasks if t.element == element)

    def complete(self, element: str, **answers):
        return self.do(CompleteTask(self.task_id(element), answers))

    def fire(self, element: str):
        timer = next(t for t in self.waiting.timers if t.element == element)
        self.now = max(self.now, timer.due)
        return self.do(FireTimer(timer.timer))

    def message(self, name: str, key: str = "D1", **variables):
        return self.do(DeliverMessage(name, key, variables))

    def later(self, **spans) -> Story:
        self.now += timedelta(**spans)
        return self

    def kinds(self) -> list[str]:
        return [f.kind for f in self.facts]

    def of_kind(self, kind: str) -> list:
        return [f for f in self.facts if f.kind == kind]

    @property
    def last(self):
        return self.facts[-1]

    @property
    def outcome(self) -> str:
        (end,) = self.of_kind("InstanceEnded")
        return end.body["outcome"]

    @property
    def variables(self) -> dict:
        return self.of_kind("InstanceEnded")[0].payload["variables"]
