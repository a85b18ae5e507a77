"""Turns the facts of a case into frames: what each fact entered, left and interrupted, and what stood open after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from server.kernel import facts as kinds

# Facts that take a token away from the element they name.
CANCELLING = frozenset(
    {kinds.TASK_CANCELLED, kinds.TIMER_CANCELLED, kinds.OUTSIDE_CALL_CANCELLED, kinds.CHILD_CANCELLED, kinds.MESSAGE_NO_LONGER_AWAITED}
)
CLOSING = frozenset({kinds.INSTANCE_ENDED, kinds.INSTANCE_CANCELLED})


class Recorded(Protocol):
    """What a fact must have to be drawn: its number in the chain, what happened, where, and in which instance."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def element(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def instance_id(self) -> str | None: ...


class Placed(Protocol):
    """What a diagram says of an element: the scope that holds it, the activity it is on, whether it interrupts it."""

    @property
    def scope(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def interrupting(self) -> bool: ...


Drawing = Mapping[str, Placed]
Row = list[Any]


@dataclass(frozen=True)
class Frame:
    """One fact on the diagram, and what is open after it in its instance.

    `entered`, `left`, `flows` and `cancelled` are element and flow ids; `active` the elements that hold a token; `tasks` the open tasks, id -> element.
    """

    seq: int
    kind: str
    instance_id: str | None
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    tasks: Mapping[str, str] = field(default_factory=dict)
    has_answers: bool = False
    erased: bool = False


def frames(facts: Iterable[Recorded], drawings: Mapping[str, Drawing] | None = None) -> list[Row]:
    """One row per fact: [seq, instance id or None, entered, left, flows, cancelled], in the order of the facts; what the slider adds up.

    `drawings`: instance id -> the elements of its diagram (`engine.Definition.elements`). With them, what an interrupted activity held is taken away too.
    """
    return [[f.seq, f.instance_id, list(f.entered), list(f.left), list(f.flows), list(f.cancelled)] for f in steps(facts, drawings)]


def steps(facts: Iterable[Recorded], drawings: Mapping[str, Drawing] | None = None) -> Iterator[Frame]:
    """One frame per fact, with what is open after it. A fact of no instance changes nothing on a diagram."""
    boards: dict[str, _Board] = {}
    for fact in facts:
        if fact.instance_id is None:
            yield Frame(fact.seq, fact.kind, None, erased=_erased(fact))
            continue
        drawing = (drawings or {}).get(fact.instance_id, {})
        yield boards.setdefault(fact.instance_id, _Board(drawing)).play(fact)


def _erased(fact: Recorded) -> bool:
    return bool(getattr(fact, "erased", False))


class _Board:
    """The tokens of one instance while its facts are played."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.active: Counter[str] = Counter()
        self.tasks: dict[str, str] = {}

    def play(self, fact: Recorded) -> Frame:
        entered, left, flows, cancelled = self._moves(fact)
        self.active.update(entered)
        for element in (*left, *cancelled):
            self._take(element)
        self._note_task(fact)
        return Frame(
            seq=fact.seq,
            kind=fact.kind,
            instance_id=fact.instance_id,
            entered=entered,
            left=left,
            flows=flows,
            cancelled=cancelled,
            active=tuple(sorted(e for e, count in self.active.items() if count > 0)),
            tasks=dict(self.tasks),
            has_answers=fact.kind == kinds.TASK_COMPLETED,
            erased=_erased(fact),
        )

    def _moves(self, fact: Recorded) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        if fact.kind == kinds.ELEMENT_ENTERED:
            # A token that reaches an end is used up there: no fact says that it leaves.
            ends = (fact.element,) if fact.body.get("type") == "endEvent" else ()
            return (fact.element,), ends, (), self._interrupted_by(fact.element)
        if fact.kind == kinds.ELEMENT_LEFT:
            return (), (fact.element,), tuple(fact.body.get("flows") or ()), self._inside(fact.element)
        if fact.kind in CANCELLING and self.active[fact.element]:
            return (), (), (), (fact.element,)
        if fact.kind in CLOSING:
            self.tasks.clear()
            return (), (), (), tuple(sorted(self.active.elements()))
        return (), (), (), ()

    def _interrupted_by(self, element: str) -> tuple[str, ...]:
        placed = self.drawing.get(element)
        if placed is None or not placed.host or not placed.interrupting:
            return ()
        held = (placed.host,) if self.active[placed.host] else ()
        return (*held, *self._inside(placed.host))

    def _inside(self, scope: str) -> tuple[str, ...]:
        """The active elements that a sub-process holds, at any depth."""
        return tuple(sorted(e for e, count in self.active.items() if count > 0 and scope in self._holders(e)))

    def _holders(self, element: str) -> Iterator[str]:
        placed = self.drawing.get(element)
        while placed is not None:
            yield placed.scope
            placed = self.drawing.get(placed.scope)

    def _take(self, element: str) -> None:
        self.active[element] -= 1
        if self.active[element] <= 0:
            del self.active[element]

    def _note_task(self, fact: Recorded) -> None:
        task = str(fact.body.get("task", ""))
        if fact.kind == kinds.TASK_READY:
            self.tasks[task] = fact.element
        elif fact.kind in (kinds.TASK_COMPLETED, kinds.TASK_CANCELLED):
            self.tasks.pop(task, None)
