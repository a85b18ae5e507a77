"""One case in a story: its instances, its clock, and everything that the product would do after each fact."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from server import engine, letters
from server.catalog import Package
from server.engine.state import read_plain
from server.kernel import facts as kinds
from server.kernel.errors import ModelError, TooMuch
from server.kernel.facts import Fact
from server.kernel.values import Value, from_plain
from server.scenarios.following import follow
from server.scenarios.library import Library
from server.scenarios.story import Story

LIMIT = 1_000  # commands that one act, or one wait, may set off
MOST_COMMANDS = 5_000  # in one story
CASE: Mapping[str, Value] = {
    "id": "dossier-essai",
    "numero": "2026-00001",
    "naissance": date(1990, 1, 1),
    "foyer": Decimal(1),
    "enfants": Decimal(0),
    "isole": True,
    "rsa_majore": False,
    "inscrit_ft": False,
    "rqth": False,
    "soumis": True,
    "referent": None,
    "structure": None,
}


@dataclass
class Instance:
    """One process running, or ended, in the story."""

    id: str
    process: str
    package: Package
    parent: str = ""
    call: str = ""
    state: bytes | None = None
    status: str = "open"
    outcome: str = ""
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenTask:
    """A task that somebody may do now."""

    instance: Instance
    task: str
    element: str
    form: str
    groups: tuple[str, ...]
    due: datetime | None
    limit: datetime | None


@dataclass(frozen=True)
class Happened:
    """One fact of one instance."""

    instance: Instance
    fact: Fact


class World:
    """The case of a story. `fresh` empties every cache before each command, so that nothing but the saved state carries over."""

    def __init__(self, story: Story, library: Library, *, fresh: bool = False) -> None:
        self.story, self.library, self.fresh = story, library, fresh
        self.now = story.start
        self.commands = 0
        self.instances: dict[str, Instance] = {}
        self.history: list[Happened] = []
        self.case: dict[str, Value] = {
            **CASE,
            "departement": story.departement,
            "territoire": story.territoire,
            "ouverture": self.day,
            **story.case,
        }
        self.facts: dict[str, Value] = dict(self.case.pop("faits", None) or {})
        self.fact_names: list[str] = list(self.facts)
        self.sent: list[str] = []
        self.sendings: list[Mapping[str, Value]] = []
        self.letters: list[tuple[str, letters.Rendered]] = []
        self.slips: list[Mapping[str, Value]] = []
        self.passages: list[Mapping[str, Value]] = []
        self.calls = {process: deque(played) for process, played in story.calls.items()}
        self.waiting_calls: dict[str, tuple[str, str]] = {}
        self.quiet: set[str] = set()
        self._queue: deque[tuple[str, engine.Command]] = deque()

    # What the story reads

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(str(self._settings("zone", "Europe/Paris")))

    @property
    def day(self) -> date:
        """The local day."""
        return self.now.astimezone(ZoneInfo("Europe/Paris")).date()

    @property
    def parameters(self) -> Mapping[str, Value]:
        return dict(self.library.parameters(self.story.departement, self.story.territoire, self.day).values)

    @property
    def dossier(self) -> dict[str, Value]:
        """The projection of the case that expressions read."""
        born = self.case.get("naissance")
        age = (
            Decimal(self.day.year - born.year - ((self.day.month, self.day.day) < (born.month, born.day)))
            if isinstance(born, date)
            else None
        )
        return {"age": age, **self.case, "faits": dict(self.facts)}

    @property
    def open(self) -> list[Instance]:
        return [i for i in self.instances.values() if i.status == "open"]

    def definition(self, instance: Instance) -> engine.Definition:
        return engine.read_definition(instance.package.files, instance.process)

    def tasks(self) -> Iterator[OpenTask]:
        """Every open task, in the order of the instances."""
        for instance in self.open:
            definition = self.definition(instance)
            drawn = {t.element: t for t in definition.user_tasks}
            ready = {h.fact.body.get("task"): h.fact for h in self.history if h.fact.kind == kinds.TASK_READY}
            for task in engine.read_waiting(definition, instance.state or b"").tasks:
                groups = tuple(ready[task.task].body["groups"])
                yield OpenTask(instance, task.task, task.element, drawn[task.element].form, groups, task.due, task.limit)

    def form_scope(self, instance: Instance) -> dict[str, Value]:
        """What a form of that instance may read."""
        return {**self.variables_of(instance), "dossier": self.dossier, "parametres": dict(self.parameters)}

    def variables_of(self, instance: Instance) -> Mapping[str, Value]:
        """The variables of an instance: as saved while it is open, as they were at its end after."""
        if instance.status == "open" and instance.state is not None:
            return dict(from_plain(read_plain(instance.state).get("v", {})))
        return instance.variables

    # What the story does

    def start(self, process: str, variables: Mapping[str, Value], *, parent: str = "", call: str = "") -> Instance:
        """Queues the start of an instance of a process of the library. Raises ModelError when no package has it."""
        package = self.library.of_process(process, self.story.departement)
        instance = Instance(f"essai-{len(self.instances) + 1}", process, package, parent, call)
        self.instances[instance.id] = instance
        self.order(instance.id, engine.Start(dict(variables)))
        return instance

    def order(self, instance_id: str, command: engine.Command) -> None:
        """Queues a command; `settle` runs it."""
        self._queue.append((instance_id, command))

    def settle(self) -> None:
        """Runs what is queued and all that follows, then fires the timers that are already due. Raises ModelError on a loop without end."""
        for _ in range(LIMIT):
            if self._queue:
                self._run(*self._queue.popleft())
                continue
            due = self.next_timer()
            if due is None or due[0] > self.now:
                return
            self.order(due[1].id, engine.FireTimer(due[2]))
        raise ModelError(f"Plus de {LIMIT} commandes d'affilée : une boucle n'attend rien.")

    def move_to(self, target: datetime) -> None:
        """Moves the clock, stopping at each timer on the way. Raises ModelError when the story would go back in time."""
        if target < self.now:
            raise ModelError(f"L'histoire reculerait du {self.now:%Y-%m-%d %H:%M} au {target:%Y-%m-%d %H:%M} (UTC).")
        for _ in range(LIMIT):
            due = self.next_timer()
            if due is None or due[0] > target:
                self.now = target
                return
            self.now = max(self.now, due[0])
            self.settle()
        raise ModelError(f"Plus de {LIMIT} échéances d'affilée : une boucle se répète sans fin.")

    def next_timer(self) -> tuple[datetime, Instance, str] | None:
        """The timer due first: its time, its instance and its id; the oldest instance when two are due together."""
        waiting = [
            (timer.due, number, instance, timer.timer)
            for number, instance in enumerate(self.open)
            if instance.state is not None
            for timer in engine.read_waiting(self.definition(instance), instance.state).timers
        ]
        first = min(waiting, key=lambda w: w[:2], default=None)
        return None if first is None else (first[0], first[2], first[3])

    def deliver(self, name: str, key: str, variables: Mapping[str, Value]) -> int:
        """Queues a message for every instance that waits for it; how many did."""
        found = [i.id for i in self.open if i.state is not None and self._waits_for(i, name, key)]
        for instance_id in found:
            self.order(instance_id, engine.DeliverMessage(name, key, dict(variables)))
        return len(found)

    def _waits_for(self, instance: Instance, name: str, key: str) -> bool:
        waiting = engine.read_waiting(self.definition(instance), instance.state or b"")
        return any(s.name == name and s.key in ("", key) for s in waiting.subscriptions)

    # How it runs

    def _run(self, instance_id: str, command: engine.Command) -> None:
        instance = self.instances[instance_id]
        if instance.status != "open":
            return
        self.commands += 1
        if self.commands > MOST_COMMANDS:
            raise TooMuch(f"L'histoire demande plus de {MOST_COMMANDS} commandes : raccourcissez-la.")
        if self.fresh:
            engine.forget_definitions()
        context = engine.Context(instance.id, self.parameters, self.dossier, str(self._settings("zone", "Europe/Paris")))
        step = engine.advance(self.definition(instance), instance.state, command, context, self.now)
        instance.state = step.state
        for fact in step.facts:
            happened = Happened(instance, fact)
            self.history.append(happened)
            follow(self, happened)

    def _settings(self, key: str, default: Value) -> Value:
        return (self.parameters.get("calendrier") or {}).get(key, default)
