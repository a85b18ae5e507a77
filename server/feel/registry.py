"""The table of built-in functions and the conversion of their arguments (DMN 1.5, 10.3.2.9.4 and 10.3.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.feel.calling import ABSENT
from server.feel.comparing import FRENCH_KINDS, Range, french_kind, is_value, kind_of
from server.feel.numbers import is_number
from server.feel.run import Function, Run
from server.feel.temporal import at_midnight_utc, is_date, is_moment
from server.kernel.values import Value

BUILTINS: dict[str, Function] = {}
_OVERLOADS: dict[str, list[Overload]] = {}
Body = Callable[..., Value]
_REFUSED = object()
_COST = 6


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in: kinds it takes (`any` for all), whether null may be given, whether it may be left out, whether it takes the rest."""

    name: str
    kind: str
    nullable: bool
    optional: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    body: Body
    cost: int
    least: int
    most: int


def builtin(name: str, signature: str = "", cost: int = 0) -> Callable[[Body], Body]:
    """Registers a body under a name. Signature: `from:string, scale:number?=0`-like list of `name:kind`; `?` takes null, `=` may be left out, `*` takes the rest.
    `cost`: steps a call takes beyond the usual ones."""
    parameters = tuple(_parameter(text.strip()) for text in signature.split(",") if text.strip())

    def register(body: Body) -> Body:
        overloads = _OVERLOADS.setdefault(name, [])
        least = sum(1 for p in parameters if not p.optional)
        most = 10_000 if parameters and parameters[-1].rest else len(parameters)
        overloads.append(Overload(parameters, body, cost, least, most))
        first = tuple(p.name for p in overloads[0].parameters)
        BUILTINS[name] = Function(name, first, _by_place(name, overloads), wants_run=True, variadic=True, by_name=_by_name(name, overloads))
        return body

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(":")
    marks = kind[len(kind.rstrip("?=*")) :]
    return Parameter(name, kind.rstrip("?=*"), "?" in marks, "=" in marks, "*" in marks)


def _by_place(name: str, overloads: list[Overload]) -> Callable[..., Value]:
    def call(run: Run, *arguments: Value) -> Value:
        fitting = [o for o in overloads if o.least <= len(arguments) <= o.most]
        if not fitting:
            return run.note("{}() ne prend pas {} argument(s).", name, len(arguments))
        return _first_that_converts(name, [(overload, arguments) for overload in fitting], run)

    return call


def _by_name(name: str, overloads: list[Overload]) -> Callable[[Run, Mapping[str, Value]], Value]:
    def call(run: Run, given: Mapping[str, Value]) -> Value:
        fitting = [o for o in overloads if given.keys() <= {p.name for p in o.parameters}]
        if not fitting:
            return run.note("{}() ne connaît pas les paramètres {}.", name, ", ".join(given))
        placed = [(o, tuple(given.get(p.name, ABSENT) for p in o.parameters)) for o in fitting]
        return _first_that_converts(name, placed, run)

    return call


def _first_that_converts(name: str, ways: list[tuple[Overload, tuple[Value, ...]]], run: Run) -> Value:
    for overload, arguments in ways:
        converted = _convert_all(overload, arguments, run if overload is ways[-1][0] else None, name)
        if converted is not None:
            cost = _COST + overload.cost
            for value in converted:
                if type(value) is str or type(value) is list:
                    cost += len(value) // 64
            run.spend(cost)
            return overload.body(run, *converted)
    return None


def _convert_all(overload: Overload, arguments: tuple[Value, ...], run: Run | None, name: str) -> list[Value] | None:
    converted: list[Value] = []
    last = len(overload.parameters) - 1
    for position, value in enumerate(arguments):
        parameter = overload.parameters[min(position, last)]
        found = _convert(value, parameter)
        if found is _REFUSED:
            if run is not None:
                wanted = FRENCH_KINDS.get(parameter.kind, parameter.kind)
                run.note("{}() attend {} pour « {} », pas {}.", name, wanted, parameter.name, french_kind(value))
            return None
        converted.append(found)
    return converted


def _convert(value: Value, parameter: Parameter) -> Value:
    """The argument as the parameter's kind, by the implicit conversions of 10.3.2.9.4, or _REFUSED."""
    if value is ABSENT:
        return None if parameter.optional or parameter.nullable else _REFUSED
    if value is None:
        return None if parameter.nullable or parameter.kind == "any" else _REFUSED
    kind = parameter.kind
    if kind == "any":
        return value if is_value(value) else _REFUSED
    actual = kind_of(value)
    if actual == kind:
        return Decimal(value) if kind == "number" and type(value) is int else value
    if kind == "list":
        return [value] if actual != "unknown" else _REFUSED
    if actual == "list" and len(value) == 1 and kind_of(value[0]) != "list":
        return _convert(value[0], parameter)
    if kind == "date and time" and is_date(value):
        return at_midnight_utc(value)
    if kind == "day" and (is_date(value) or is_moment(value)):
        return value
    if kind == "point or range":
        return value if isinstance(value, Range) or actual in _POINTS else _REFUSED
    if kind == "duration" and actual.endswith("duration"):
        return value
    return _REFUSED


_POINTS = frozenset({"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"})


def numbers_in(values: list[Value], run: Run, name: str) -> list[Decimal] | None:
    """The list as numbers; None with a reason when an item is not one."""
    run.spend(len(values) // 2)
    for value in values:
        if not is_number(value):
            run.note("{}() attend une liste de nombres et y trouve {}.", name, french_kind(value))
            return None
    return [Decimal(value) for value in values]


def one_list(values: tuple[Value, ...]) -> list[Value]:
    """f(a, b, c) means f([a, b, c]); f(list) is the list itself."""
    return values[0] if len(values) == 1 and type(values[0]) is list else list(values)
