"""Names, paths, filters and projections: how an expression reaches into values, never into a Python object."""

from __future__ import annotations

from decimal import Decimal

from server.feel.comparing import french_kind, is_value
from server.feel.properties import property_of
from server.feel.run import Closure, Frame, Run
from server.kernel.values import Value


def adopted(value: Value, run: Run) -> Value:
    """A value from outside as FEEL has it: whole numbers become Decimal, tuples lists; anything else is refused as null."""
    if type(value) is int:
        return Decimal(value)
    if is_value(value):
        return value
    if type(value) is float:
        return Decimal(repr(value)) if value - value == 0 else run.note("Un nombre infini ou indéfini ne se lit pas.")
    if type(value) is tuple:
        return list(value)
    return run.note("Une valeur d'un type étranger à FEEL ne se lit pas.")


def path(base: Value, key: str, run: Run) -> Value:
    """base.key: an entry, a property, or the list of them for a list."""
    if type(base) is dict:
        if key in base:
            return adopted(base[key], run)
        return run.note("Le contexte n'a pas d'entrée « {} ».", key)
    if type(base) is list:
        run.spend(len(base))
        return [path(item, key, run) for item in base]
    known, value = property_of(base, key)
    if known:
        return value
    return run.note("{} n'a pas de propriété « {} ».", "null" if base is None else french_kind(base), key)


def descendants(base: Value, key: str, run: Run) -> Value:
    """base...key: the entries of that name, null ones left out, of a context and of all contexts inside, in the order of the text."""
    found: list[Value] = []
    waiting: list[tuple[str | None, Value]] = [(None, base)]
    while waiting:
        name, value = waiting.pop()
        run.spend(3)
        if name == key and value is not None:
            found.append(adopted(value, run))
        if type(value) is dict:
            waiting.extend(reversed(value.items()))
        elif type(value) is list:
            waiting.extend((None, item) for item in reversed(value))
    return found


def item_at(items: list[Value], index: Decimal, run: Run) -> Value:
    """The item at a 1-based index, counted from the end when negative."""
    if index != index.to_integral_value() or index == 0 or abs(index) > len(items):
        return run.note("La liste n'a pas d'élément à la position {} (elle en a {}).", index, len(items))
    position = int(index)
    return adopted(items[position - 1 if position > 0 else position], run)


def filtered(items: list[Value], test: Closure, frame: Frame, weight: int) -> Value:
    """The items for which the test is true; or one item when the test turns out to be a number."""
    run = frame.run
    if not items:
        index = test(frame)
        return run.note("La liste est vide.") if type(index) is Decimal else []
    kept: list[Value] = []
    for position, item in enumerate(items):
        run.spend(weight)
        verdict = test(item_frame(adopted(item, run), frame))
        if verdict is True:
            kept.append(item)
        elif position == 0 and type(verdict) is Decimal:
            return item_at(items, verdict, run)
        elif verdict is not False:
            run.note("Le filtre ne donne ni vrai ni faux pour un élément, qui est écarté.")
    return kept


def item_frame(item: Value, outer: Frame) -> Frame:
    """The names a filter reads: `item`, and the entries of a context."""
    around = Frame({"item": item}, outer, outer.run)
    return Frame(item, around, outer.run) if type(item) is dict else around


def as_list(value: Value) -> list[Value] | None:
    """A list as it is, another value as the only item of one; None for null."""
    if type(value) is list:
        return value
    return None if value is None else [value]
