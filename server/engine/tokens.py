"""A token of a running instance: SpiffWorkflow's task without its copied data, its random id, its clock and its logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from server.kernel.ids import derived_id
from server.kernel.values import Value

if TYPE_CHECKING:
    from server.engine.instance import Instance
    from server.engine.nodes import Node

# The number of the root of each process or sub-process, which the counter never gives.
ROOT = -1


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow has no types.
    """Where an instance stands: a task in a state on a node.

    `number` is drawn from the instance's counter; `public_id` derives from it and from the instance's id, so that a second run gives the same.
    `internal_data` holds plain JSON types (host, gate, due…); `values` holds values (local variables, collected results).
    """

    def __init__(self, workflow: Any, node: Any, parent: Token | None = None, state: int = TaskState.FUTURE, number: int = 0) -> None:
        # Task.__init__ is not called: it draws a random id, reads the clock and gives each task a copy of the data.
        self.id: int = number or workflow.top_workflow.next_number()
        workflow.tasks[self.id] = self
        self.workflow = workflow
        self.task_spec: Node = node
        self._parent = parent.id if parent is not None else None
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0
        self.internal_data: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        if parent is not None:
            parent._children.append(self.id)  # noqa: SLF001 - same class

    @property
    def instance(self) -> Instance:
        top: Instance = self.workflow.top_workflow
        return top

    @property
    def public_id(self) -> str:
        """The id that facts, rows and commands give to this task, timer, wait or call."""
        return derived_id(self.instance.instance_id, self.id)

    @property
    def data(self) -> dict[str, Value]:
        """The variables of the process: one set, shared by all branches."""
        return self.instance.variables

    @property
    def live(self) -> bool:
        return bool(self._state & TaskState.NOT_FINISHED_MASK)

    @property
    def waiting(self) -> bool:
        return bool(self._state == TaskState.WAITING)

    @property
    def ready(self) -> bool:
        return bool(self._state == TaskState.READY)

    def wait(self) -> None:
        self._state = TaskState.WAITING

    def start(self) -> None:
        self._state = TaskState.STARTED

    def consume(self) -> None:
        """End the token without a trace: a join has taken it."""
        self._state = TaskState.CANCELLED

    def cancel(self) -> None:
        """End the token and what hangs on it; each thing that was waited for leaves its fact."""
        if not self.live:
            return
        was_waiting = self.waiting or (self.ready and self.task_spec.manual)
        self._state = TaskState.CANCELLED
        if was_waiting:
            self.task_spec.withdraw(self)
        self.task_spec.cancelled(self)

    def holders(self) -> Iterator[Token]:
        """This token, then the tokens of the sub-processes around it, innermost first."""
        current: Token | None = self
        while current is not None:
            yield current
            current = current.workflow.host if current.workflow is not self.instance else None

    def _set_state(self, value: int) -> None:
        self._state = value

    def _inherit_data(self) -> None:
        """Nothing is copied: see `data`."""
