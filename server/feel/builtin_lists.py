"""Built-in functions on lists (DMN 1.5, 10.3.4.4) and sort() (10.3.4.6)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from functools import cmp_to_key

from server.feel.calling import call
from server.feel.comparing import compare, equals, french_kind, kind_of
from server.feel.numbers import CONTEXT, WIDE
from server.feel.registry import builtin, numbers_in, one_list
from server.feel.run import Function, Run
from server.kernel.values import Value


@builtin("list contains", "list:list, element:any?")
def _list_contains(run: Run, items: list[Value], element: Value) -> Value:
    run.spend(len(items))
    return any(equals(item, element, run) is True for item in items)


@builtin("count", "list:list")
def _count(_run: Run, items: list[Value]) -> Value:
    return Decimal(len(items))


def _extreme(run: Run, values: tuple[Value, ...], wanted: int, name: str) -> Value:
    items = one_list(values)
    if not items:
        return None
    run.spend(len(items))
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            return run.note("{}() ne peut pas comparer {} et {}.", name, french_kind(item), french_kind(best))
        if order == wanted:
            best = item
    return best


@builtin("min", "list:any?*")
def _min(run: Run, *values: Value) -> Value:
    return _extreme(run, values, -1, "min")


@builtin("max", "list:any?*")
def _max(run: Run, *values: Value) -> Value:
    return _extreme(run, values, 1, "max")


@builtin("sum", "list:any?*")
def _sum(run: Run, *values: Value) -> Value:
    items = one_list(values)
    if not items:
        return None
    numbers = numbers_in(items, run, "sum")
    return None if numbers is None else _total(numbers)


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


def _statistic(name: str, compute: Callable[[list[Decimal]], Value]) -> None:
    def body(run: Run, *values: Value) -> Value:
        items = one_list(values)
        numbers = numbers_in(items, run, name) if items else []
        if numbers is None:
            return None
        try:
            return compute(numbers)
        except DecimalException:
            return run.note("{}() : le résultat est trop grand.", name)

    builtin(name, "list:any?*")(body)


def _mean(numbers: list[Decimal]) -> Value:
    return CONTEXT.divide(_total(numbers), Decimal(len(numbers))) if numbers else None


def _product(numbers: list[Decimal]) -> Value:
    result = Decimal(1)
    for number in numbers:
        result = CONTEXT.multiply(result, number)
    return result if numbers else None


def _median(numbers: list[Decimal]) -> Value:
    if not numbers:
        return None
    ordered, middle = sorted(numbers), len(numbers) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def _stddev(numbers: list[Decimal]) -> Value:
    if len(numbers) < 2:
        return None
    mean = WIDE.divide(sum(numbers, Decimal(0)), Decimal(len(numbers)))
    squares = Decimal(0)
    for number in numbers:
        gap = WIDE.subtract(number, mean)
        squares = WIDE.add(squares, WIDE.multiply(gap, gap))
    return CONTEXT.plus(WIDE.sqrt(WIDE.divide(squares, Decimal(len(numbers) - 1))))


def _mode(numbers: list[Decimal]) -> Value:
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


for _name, _compute in (("mean", _mean), ("product", _product), ("median", _median), ("stddev", _stddev), ("mode", _mode)):
    _statistic(_name, _compute)


def _joined(run: Run, values: tuple[Value, ...], decisive: bool) -> Value:  # noqa: FBT001 - the truth value that decides
    verdict: bool | None = not decisive
    items = one_list(values)
    run.spend(len(items))
    for item in items:
        if item is decisive:
            return decisive
        if type(item) is not bool:
            run.note("Une valeur de la liste n'est pas un booléen : {}.", french_kind(item))
            verdict = None
    return verdict


def _all(run: Run, *values: Value) -> Value:
    return run.note("all() attend une liste.") if values == (None,) else _joined(run, values, decisive=False)


def _any(run: Run, *values: Value) -> Value:
    return run.note("any() attend une liste.") if values == (None,) else _joined(run, values, decisive=True)


for _name in ("all", "and"):
    builtin(_name, "list:any?*")(_all)
for _name in ("any", "or"):
    builtin(_name, "list:any?*")(_any)


@builtin("sublist", "list:list, start position:number, length:number?=")
def _sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    first = int(start)
    if first == 0 or abs(first) > len(items) or first != start:
        return run.note("sublist() : la position {} n'existe pas dans une liste de {}.", start, len(items))
    begin = first - 1 if first > 0 else len(items) + first
    if length is not None and (int(length) < 1 or begin + int(length) > len(items)):
        return run.note("sublist() : la longueur {} dépasse la liste.", length)
    return items[begin:] if length is None else items[begin : begin + int(length)]


@builtin("append", "list:list, item:any?=*")
def _append(run: Run, items: list[Value], *more: Value) -> Value:
    run.check_items(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate", "list:list*")
def _concatenate(run: Run, *lists: list[Value]) -> Value:
    run.check_items(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


def _position(run: Run, items: list[Value], position: Decimal, name: str) -> int | None:
    """The Python index of a 1-based position, negative from the end; None with a reason."""
    place = int(position)
    if place == 0 or abs(place) > len(items) or place != position:
        run.note("{}() : la position {} n'existe pas dans une liste de {}.", name, position, len(items))
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("insert before", "list:list, position:number, newItem:any?")
def _insert_before(run: Run, items: list[Value], position: Decimal, new: Value) -> Value:
    at = _position(run, items, position, "insert before")
    run.check_items(len(items) + 1)
    return None if at is None else [*items[:at], new, *items[at:]]


@builtin("remove", "list:list, position:number")
def _remove(run: Run, items: list[Value], position: Decimal) -> Value:
    at = _position(run, items, position, "remove")
    run.check_items(len(items))
    return None if at is None else [*items[:at], *items[at + 1 :]]


@builtin("list replace", "list:list, position:number, newItem:any?")
def _replace_at(run: Run, items: list[Value], position: Decimal, new: Value) -> Value:
    at = _position(run, items, position, "list replace")
    run.check_items(len(items))
    return None if at is None else [*items[:at], new, *items[at + 1 :]]


@builtin("list replace", "list:list, match:function, newItem:any?")
def _replace_matching(run: Run, items: list[Value], match: Function, new: Value) -> Value:
    run.check_items(len(items))
    result: list[Value] = []
    for item in items:
        verdict = call(match, [item, new], run)
        if type(verdict) is not bool:
            return run.note("list replace() : la fonction ne donne ni vrai ni faux.")
        result.append(new if verdict else item)
    return result


@builtin("reverse", "list:list")
def _reverse(run: Run, items: list[Value]) -> Value:
    run.check_items(len(items))
    return items[::-1]


@builtin("index of", "list:list, match:any?")
def _index_of(run: Run, items: list[Value], match: Value) -> Value:
    run.spend(len(items))
    return [Decimal(position) for position, item in enumerate(items, 1) if equals(item, match, run) is True]


@builtin("union", "list:list*")
def _union(run: Run, *lists: list[Value]) -> Value:
    return _distinct(run, [item for items in lists for item in items])


@builtin("distinct values", "list:list")
def _distinct_values(run: Run, items: list[Value]) -> Value:
    return _distinct(run, items)


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    run.check_items(len(items))
    kept: list[Value] = []
    seen: set[tuple[str, Value]] = set()
    for item in items:
        kind = kind_of(item)
        if kind in {"number", "string", "boolean"}:
            if (kind, item) not in seen:
                seen.add((kind, item))
                kept.append(item)
            continue
        run.spend(2 * len(kept))
        if not any(equals(item, other, run) is True for other in kept):
            kept.append(item)
    return kept


@builtin("flatten", "list:list")
def _flatten(run: Run, items: list[Value]) -> Value:
    flat: list[Value] = []
    waiting = list(reversed(items))
    while waiting:
        run.spend(1)
        item = waiting.pop()
        if type(item) is list:
            waiting.extend(reversed(item))
        else:
            flat.append(item)
    run.check_items(len(flat))
    return flat


@builtin("sort", "list:list, precedes:function")
def _sort(run: Run, items: list[Value], precedes: Function) -> Value:
    def order(left: Value, right: Value) -> int:
        if call(precedes, [left, right], run) is True:
            return -1
        return int(call(precedes, [right, left], run) is True)

    run.check_items(len(items))
    return sorted(items, key=cmp_to_key(order))
