"""Calls a function value: arguments by position or by name, implicit conversions, and the bound on recursion."""

from __future__ import annotations

from collections.abc import Sequence

from server.feel.comparing import french_kind
from server.feel.run import Function, Run
from server.kernel.errors import TooMuch
from server.kernel.values import Value

MAX_CALLS = 90


class Absent:
    """Stands for an optional argument that was not given."""

    __slots__ = ()


ABSENT = Absent()


def call(function: Value, arguments: Sequence[Value], run: Run) -> Value:
    """The function's value on arguments by position."""
    if type(function) is not Function:
        return run.note("Appel d'une valeur qui n'est pas une fonction : {}.", french_kind(function))
    run.spend(4)
    if not function.variadic and len(arguments) != len(function.parameters):
        return run.note("{} attend {} argument(s), {} reçu(s).", function.name or "La fonction", len(function.parameters), len(arguments))
    if not function.wants_run:
        return function.call(*arguments)
    run.depth += 1
    if run.depth > MAX_CALLS:
        raise TooMuch(f"Appels de fonctions trop imbriqués : plus de {MAX_CALLS} niveaux. La fonction s'appelle-t-elle sans fin ?")
    value = function.call(run, *arguments)
    run.depth -= 1
    return value


def call_by_name(function: Value, names: Sequence[str], arguments: Sequence[Value], run: Run) -> Value:
    """The function's value on named arguments; those not given are null (10.3.2.13.5)."""
    if type(function) is not Function:
        return run.note("Appel d'une valeur qui n'est pas une fonction : {}.", french_kind(function))
    given = dict(zip(names, arguments, strict=True))
    if len(given) != len(names):
        return run.note("{} reçoit deux fois le même paramètre.", function.name or "La fonction")
    if function.by_name is not None:
        run.spend(4)
        return function.by_name(run, given)
    unknown = given.keys() - set(function.parameters)
    if unknown:
        return run.note("{} ne connaît pas le paramètre {}.", function.name or "La fonction", ", ".join(sorted(unknown)))
    return call(function, [given.get(name) for name in function.parameters], run)
