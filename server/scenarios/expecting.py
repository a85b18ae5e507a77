"""Compares what a story expects with what is: tasks, dates, milestones, letters, variables, decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from server.kernel import facts as kinds
from server.kernel.values import Value
from server.scenarios.world import Instance, World


def differences(world: World, main: Instance, expected: Mapping[str, Any]) -> Iterator[str]:
    """One French sentence per difference; nothing when all is as expected. What `expected` does not mention is not looked at."""
    for key, wanted in expected.items():
        yield from CHECKS[key](world, main, wanted)


def in_words(value: Any) -> str:
    """A value as a report writes it."""
    if value is None:
        return "rien"
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {in_words(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(in_words(v) for v in value) + "]"
    return str(value)


def _state(world: World, main: Instance, wanted: str) -> Iterator[str]:
    found = {"open": "ouvert", "ended": "termine", "cancelled": "annule"}[main.status]
    if found != wanted:
        still = ", ".join(sorted(t.element for t in world.tasks())) or "aucune"
        yield f"l'état attendu est « {wanted} », il est « {found} » (tâches ouvertes : {still})."


def _outcome(_: World, main: Instance, wanted: str) -> Iterator[str]:
    if main.outcome != wanted:
        yield f"l'issue attendue est « {wanted} », elle est « {main.outcome or 'aucune'} »."


def _tasks(world: World, _: Instance, wanted: Sequence[str]) -> Iterator[str]:
    found = sorted(t.element for t in world.tasks())
    if found != sorted(wanted or []):
        yield f"les tâches attendues sont {in_words(sorted(wanted or []))}, celles ouvertes sont {in_words(found)}."


def _due(world: World, _: Instance, wanted: Mapping[str, date]) -> Iterator[str]:
    yield from _dates(world, wanted, lambda t: t.due, "l'échéance")


def _limits(world: World, _: Instance, wanted: Mapping[str, date]) -> Iterator[str]:
    yield from _dates(world, wanted, lambda t: t.limit, "la limite")


def _dates(world: World, wanted: Mapping[str, date], read: Callable[[Any], datetime | None], word: str) -> Iterator[str]:
    found = {t.element: read(t) for t in world.tasks()}
    for element, day in wanted.items():
        if element not in found:
            yield f"{word} de « {element} » : la tâche n'est pas ouverte."
            continue
        at = found[element]
        local = at.astimezone(world.zone).date() if at is not None else None
        if local != (day.date() if isinstance(day, datetime) else day):
            yield f"{word} de « {element} » devait être {in_words(day)}, elle est {in_words(local)}."


def _milestones(world: World, _: Instance, wanted: Any) -> Iterator[str]:
    if isinstance(wanted, Mapping):
        for name, content in wanted.items():
            if name not in world.facts:
                yield f"le fait « {name} » n'est pas inscrit."
            elif content is not None:
                yield from _some(f"le fait « {name} »", content, world.facts[name])
    elif list(wanted or []) != world.fact_names:
        yield f"les faits attendus sont {in_words(wanted)}, ceux inscrits sont {in_words(world.fact_names)}."


def _letters(world: World, _: Instance, wanted: Sequence[str]) -> Iterator[str]:
    found = [name for name, _ in world.letters]
    if found != list(wanted or []):
        yield f"les courriers attendus sont {in_words(wanted)}, ceux demandés sont {in_words(found)}."


def _messages(world: World, _: Instance, wanted: Sequence[str]) -> Iterator[str]:
    if world.sent != list(wanted or []):
        yield f"les messages attendus sont {in_words(wanted)}, ceux envoyés sont {in_words(world.sent)}."


def _variables(world: World, main: Instance, wanted: Mapping[str, Value]) -> Iterator[str]:
    yield from _some("les variables", wanted, world.variables_of(main))


def _decisions(world: World, _: Instance, wanted: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    taken = {str(h.fact.body["decision"]): h.fact for h in world.history if h.fact.kind == kinds.DECISION_TAKEN}
    for decision, rules in wanted.items():
        if decision not in taken:
            yield f"la décision « {decision} » n'a pas été prise."
            continue
        own = ((taken[decision].payload or {}).get("trace", {}).get("steps") or [{}])[-1]
        matched = [m for table in own.get("tables", ()) for m in table["matched"]]
        names = [str(m["id"]) for m in matched] if not all(isinstance(r, Decimal) for r in rules) else [str(m["line"]) for m in matched]
        if names != [str(r) for r in rules]:
            yield f"la décision « {decision} » devait prendre {in_words(rules)}, elle a pris {in_words(names)}."


def _slips(world: World, _: Instance, wanted: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    yield from _each("les bordereaux", wanted, world.slips)


def _sendings(world: World, _: Instance, wanted: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    yield from _each("les envois", wanted, world.sendings)


def _passages(world: World, _: Instance, wanted: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    yield from _each("les inscriptions en séance", wanted, world.passages)


def _each(word: str, wanted: Sequence[Mapping[str, Value]], found: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    if len(wanted or []) != len(found):
        yield f"{word} : {len(wanted or [])} attendus, {len(found)} trouvés."
        return
    for number, (one, other) in enumerate(zip(wanted, found, strict=True), start=1):
        yield from _some(f"{word}, n° {number}", one, other)


def _some(word: str, wanted: Any, found: Any) -> Iterator[str]:
    """Each thing that `wanted` says must be in `found`; what else `found` holds is not looked at."""
    if isinstance(wanted, Mapping):
        inner = found if isinstance(found, Mapping) else {}
        for key, value in wanted.items():
            yield from _some(f"{word}, {key}", value, inner.get(key))
    elif not _same(wanted, found):
        yield f"{word} : attendu {in_words(wanted)}, trouvé {in_words(found)}."


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(_same(a, b) for a, b in zip(wanted, found, strict=True))
    if isinstance(found, datetime) and isinstance(wanted, date) and not isinstance(wanted, datetime):
        return found.date() == wanted
    if type(wanted) is bool or type(found) is bool:
        return wanted is found
    return bool(wanted == found)


CHECKS: Mapping[str, Callable[[World, Instance, Any], Iterator[str]]] = {
    "etat": _state,
    "issue": _outcome,
    "taches": _tasks,
    "echeances": _due,
    "limites": _limits,
    "faits": _milestones,
    "courriers": _letters,
    "messages": _messages,
    "envois": _sendings,
    "variables": _variables,
    "decisions": _decisions,
    "bordereaux": _slips,
    "inscriptions": _passages,
}
