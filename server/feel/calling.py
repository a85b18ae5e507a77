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
    if not function.variadic and not function.signatures and len(arguments) != len(function.parameters):
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
    """The function's value on named arguments."""
    if type(function) is not Function:
        return run.note("Appel d'une valeur qui n'est pas une fonction : {}.", french_kind(function))
    given = dict(zip(names, arguments, strict=True))
    if len(given) != len(names):
        return run.note("{} reçoit deux fois le même paramètre.", function.name or "La fonction")
    for signature in function.signatures or (function.parameters,):
        if given.keys() <= set(signature):
            placed = [given.get(name, ABSENT) for name in signature]
            while placed and placed[-1] is ABSENT:
                placed.pop()
            if not function.signatures:
                placed = [None if value is ABSENT else value for value in placed]
                placed += [None] * (len(function.parameters) - len(placed))
                if len(given) != len(function.parameters):
                    return run.note("{} attend les paramètres {}.", function.name or "La fonction", ", ".join(function.parameters))
            return call(function, placed, run)
    return run.note("{} ne connaît pas les paramètres {}.", function.name or "La fonction", ", ".join(names))
