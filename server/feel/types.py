"""Types: `instance of`, and the implicit conversions to a declared type (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable

from server.feel.comparing import kind_of
from server.feel.inferring import fits
from server.feel.run import Function, NamedType, Run
from server.feel.syntax import TypeNode
from server.feel.temporal import at_midnight_utc, is_date
from server.kernel.values import Value

Lookup = Callable[[str], Value]
SIMPLE_TYPES = frozenset(
    {
        "number", "string", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration",
        "list", "context", "range", "function", "Any", "Null",
    }
)  # fmt: skip
_PARAMETRIC = frozenset({"list", "context", "range", "function"})


def conforms(value: Value, wanted: TypeNode, lookup: Lookup, run: Run) -> bool | None:
    """True when the value is of the type; None when the type is not known, or is a list, context, range or function without its own types
    (table 61). Null is of the type Null only."""
    run.spend(2)
    name = wanted.name
    if name == "Any":
        return value is not None
    if value is None:
        return name == "Null" if name in SIMPLE_TYPES else _named(value, name, lookup)
    if name not in SIMPLE_TYPES:
        return _named(value, name, lookup)
    if name in _PARAMETRIC and not wanted.arguments:
        return None
    if kind_of(value) != name:
        return False
    if name not in _PARAMETRIC:
        return True
    if name == "list":
        return all(_part(item, wanted.arguments[0], lookup, run) for item in value)
    if name == "context":
        pairs = zip(wanted.keys, wanted.arguments, strict=True)
        return all(key in value and _part(value[key], inner, lookup, run) for key, inner in pairs)
    if name == "range":
        return all(_part(end, wanted.arguments[0], lookup, run) for end in (value.low, value.high))
    return _function(value, wanted)


def _part(value: Value, wanted: TypeNode, lookup: Lookup, run: Run) -> bool:
    return value is None or conforms(value, wanted, lookup, run) is True


def _named(value: Value, name: str, lookup: Lookup) -> bool | None:
    found = lookup(name)
    return found.accepts(value) if isinstance(found, NamedType) else None


def _function(value: Function, wanted: TypeNode) -> bool:
    if value.type is not None:
        return fits(value.type, wanted)
    return value.variadic or len(value.parameters) == len(wanted.arguments) - 1


def converted(value: Value, wanted: TypeNode | None, lookup: Lookup, run: Run) -> tuple[bool, Value]:
    """(True, the value as the type wants it), or (False, None) when it cannot be (10.3.2.9.4: singleton lists, date to date and time)."""
    if wanted is None or value is None:
        return True, value
    named = lookup(wanted.name) if wanted.name not in SIMPLE_TYPES else None
    if isinstance(named, NamedType) and named.convert is not None:
        return named.convert(value)
    if conforms(value, wanted, lookup, run) is not False:
        return True, value
    if wanted.name == "list" and (not wanted.arguments or conforms(value, wanted.arguments[0], lookup, run)):
        return True, [value]
    if type(value) is list and len(value) == 1 and conforms(value[0], wanted, lookup, run):
        return True, value[0]
    if wanted.name == "date and time" and is_date(value):
        return True, at_midnight_utc(value)
    return False, None
