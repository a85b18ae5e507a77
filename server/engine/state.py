"""The state of an instance as few canonical bytes: a format byte, then JSON with sorted keys; only what can still move is kept."""

from __future__ import annotations

from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from server.engine.definition import Definition
from server.engine.instance import Instance, Scope
from server.engine.step import Context
from server.engine.tokens import ROOT, Token
from server.kernel.errors import ModelError
from server.kernel.values import from_plain, to_plain

FORMAT = b"\x01"
# Only these states are ever written; one letter each keeps rows short.
_LETTERS = {TaskState.WAITING: "w", TaskState.READY: "r", TaskState.STARTED: "s"}
_STATES = {letter: state for state, letter in _LETTERS.items()}


def prune(instance: Instance) -> int:
    """Forget every finished token: nothing that can still happen reads it. Returns how many went."""
    gone = 0
    for workflow in (instance, *instance.subprocesses.values()):
        root = workflow.task_tree
        live = {number: token for number, token in workflow.tasks.items() if token.live or token is root}
        gone += len(workflow.tasks) - len(live)
        workflow.tasks = live
        root._children = [number for number in live if number != root.id]  # noqa: SLF001 - SpiffWorkflow's tree
        for token in live.values():
            if token is not root:
                token._parent, token._children = root.id, []  # noqa: SLF001 - SpiffWorkflow's tree
    return gone


def dump(instance: Instance) -> bytes:
    """The state of a pruned instance. Of a closed one, only that it is closed, with its outcome, stays."""
    plain: dict[str, Any] = {"i": instance.instance_id, "n": instance.number}
    if instance.ended:
        plain |= {"closed": True, "outcome": instance.outcome}
    else:
        plain["v"] = to_plain(instance.variables)
        plain["t"] = _rows(instance)
        if instance.outcome:
            plain["outcome"] = instance.outcome
        if instance.subprocesses:
            plain["s"] = [[number, _rows(scope)] for number, scope in instance.subprocesses.items()]
    return FORMAT + orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


def load(definition: Definition, state: bytes, context: Context, now: Any) -> Instance:
    """The instance of a state, for one command. Raises ModelError when the state is of another format or of another diagram."""
    plain = read_plain(state)
    instance = Instance(definition, plain["i"], context, now)
    instance.number = plain["n"]
    instance.outcome = plain.get("outcome", "")
    instance.ended = plain.get("closed", False)
    instance.variables = from_plain(plain.get("v", {}))
    _restore(instance, plain.get("t", []), definition.graph)
    for number, rows in plain.get("s", []):
        host = instance.get_task_from_id(number)
        scope = Scope(definition.graphs[host.task_spec.element.id], host)
        instance.subprocesses[number] = scope
        _restore(scope, rows, scope.spec)
    return instance


def read_plain(state: bytes) -> dict[str, Any]:
    """The JSON of a state. Raises ModelError for an unknown format."""
    if state[:1] != FORMAT:
        raise ModelError("L'état de cette instance est d'un format inconnu. Mettez le logiciel à jour avant de la reprendre.", rule="etat")
    plain: dict[str, Any] = orjson.loads(state[1:])
    return plain


def _rows(workflow: Any) -> list[list[Any]]:
    rows = []
    for token in workflow.tasks.values():
        if token is workflow.task_tree:
            continue
        row: list[Any] = [token.id, token.task_spec.name, _LETTERS[token._state]]  # noqa: SLF001 - SpiffWorkflow's task
        if token.internal_data or token.values:
            row.append(token.internal_data)
        if token.values:
            row.append(to_plain(token.values))
        rows.append(row)
    return rows


def _restore(workflow: Any, rows: list[list[Any]], graph: Any) -> None:
    # The root is never written: it holds nothing.
    root = Token(workflow, graph.start, state=TaskState.COMPLETED, number=ROOT)
    workflow.task_tree = root
    for number, name, letter, *rest in rows:
        node = graph.task_specs.get(name)
        if node is None:
            raise ModelError(
                f"L'instance est à l'étape « {name} », absente de ce diagramme. Reprenez-la avec la version où elle a commencé.",
                name,
                "etat",
            )
        token = Token(workflow, node, root, _STATES[letter], number)
        if rest:
            token.internal_data = rest[0]
        if len(rest) > 1:
            token.values = from_plain(rest[1])
