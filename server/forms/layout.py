"""Lays a form over answers: one spot per component and list row, each with its names, scope and raw answer."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from server.forms.model import Component, Form
from server.forms.posted import dig, rows_of
from server.kernel.errors import TooMuch
from server.kernel.values import Value

Path = tuple[str | int, ...]
MOST_ROWS = 200
_MOST_SPOTS = 5_000


@dataclass(frozen=True)
class Spot:
    """One occurrence of a component. `path` is where its value goes (for a list row: the row); `scopes` the places it sees, root first;
    `above` the numbers of the spots that contain it; `rows` the size of a list."""

    component: Component
    path: Path
    scopes: tuple[Path, ...]
    numbers: tuple[int, ...]
    above: tuple[int, ...]
    raw: Any = None
    rows: int = 0


@dataclass(frozen=True)
class Source:
    """Where raw answers are read: what was sent, or, before anything was, what the case knows and the defaults."""

    tree: Mapping[str, Any]
    context: Mapping[str, Value]
    first: bool  # nothing was sent yet: context and default values fill the form


def lay_out(form: Form, source: Source) -> list[Spot]:
    """The spots of a form, containers before what they contain. Raises TooMuch past 200 rows in a list or 5,000 spots."""
    spots: list[Spot] = []
    root = source.context if source.first else source.tree
    _lay(form.components, spots, source, _Place(node=root))
    return spots


@dataclass(frozen=True)
class _Place:
    node: Any
    base: Path = ()
    scopes: tuple[Path, ...] = ((),)
    numbers: tuple[int, ...] = ()
    above: tuple[int, ...] = ()


def _lay(components: tuple[Component, ...], spots: list[Spot], source: Source, place: _Place) -> None:
    for component in components:
        if len(spots) >= _MOST_SPOTS:
            raise TooMuch("Le formulaire rempli est trop grand. Retirez des lignes.")
        path = place.base + component.path
        raw = dig(place.node, component.path) if component.path else None
        if component.type == "dynamiclist":
            _lay_list(component, spots, source, place, raw)
            continue
        if source.first and component.keyed and raw is None:
            raw = component.default
        number = len(spots)
        spots.append(Spot(component, path, place.scopes, place.numbers, place.above, raw))
        if component.type == "group":
            scopes = (*place.scopes, path) if component.path else place.scopes
            node = raw if component.path else place.node
            _lay(component.children, spots, source, _Place(node, path, scopes, place.numbers, (*place.above, number)))


def _lay_list(component: Component, spots: list[Spot], source: Source, place: _Place, raw: Any) -> None:
    path = place.base + component.path
    rows = list_rows(component, raw, source, path)
    if len(rows) > MOST_ROWS:
        raise TooMuch(f"Une liste compte plus de {MOST_ROWS} lignes. Retirez-en, ou joignez un fichier.")
    number = len(spots)
    spots.append(Spot(component, path, place.scopes, place.numbers, place.above, rows=len(rows)))
    for index, node in enumerate(rows):
        inner = (*path, index)
        _lay(
            component.children,
            spots,
            source,
            _Place(node, inner, (*place.scopes, inner), (*place.numbers, index + 1), (*place.above, number)),
        )


def list_rows(component: Component, raw: Any, source: Source, path: Path) -> list[Any]:
    """The raw rows of a list. Rows that people may not add or remove keep the places they have in the case."""
    given = rows_of(raw)
    known = dig(source.context, path)
    known_count = len(known) if isinstance(known, list) else 0
    if source.first and not given and not known_count:
        return [{}] * int(component.options.get("defaultRepetitions", 1))
    if fixed_rows(component):
        count = known_count or (max(given, default=-1) + 1 if source.first else int(component.options.get("defaultRepetitions", 1)))
        return [given.get(index) for index in range(min(count, MOST_ROWS + 1))]
    return list(given.values())


def fixed_rows(component: Component) -> bool:
    """True when rows cannot be added or removed: asked so, or because a row shows values of the case by their place."""
    if component.options.get("allowAddRemove") is False or component.options.get("isRepeating") is False:
        return True
    return any(child.readonly.expression or child.readonly.constant is True for child in _below(component))


def _below(component: Component) -> list[Component]:
    found: list[Component] = []
    for child in component.children:
        found += [child, *_below(child)]
    return found


def scope_of(spot: Spot, data: Mapping[str, Value]) -> Mapping[str, Value]:
    """The names an expression sees at a spot: `this`, `parent`, `i` (1-based places), then its own scope, outward to the root."""
    places = [_as_context(dig(data, path)) if path else dict(data) for path in spot.scopes]
    special: dict[str, Value] = {
        "this": places[-1],
        "parent": places[-2] if len(places) > 1 else {},
        "i": [Decimal(number) for number in spot.numbers],
    }
    special |= {f"_{name}_": value for name, value in list(special.items())}
    return ChainMap(special, *reversed(places))


def _as_context(node: Any) -> dict[str, Value]:
    return node if isinstance(node, dict) else {}
