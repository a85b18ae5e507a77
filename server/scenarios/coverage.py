"""Which sequence flows, boundary events and decision rules of a package some story or some case crosses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server import engine
from server.catalog import Package
from server.kernel import facts as kinds
from server.scenarios.playing import Played
from server.scenarios.tables import CasesRun


@dataclass(frozen=True)
class Coverage:
    """What was crossed of what there is. Ids: flows and boundary events of the diagram; rules are "table/rule"."""

    flows: frozenset[str]
    crossed_flows: frozenset[str]
    boundaries: frozenset[str]
    crossed_boundaries: frozenset[str]
    rules: frozenset[str]
    crossed_rules: frozenset[str]

    @property
    def missed(self) -> dict[str, list[str]]:
        """What nothing crosses, by kind: flux, evenements, regles; the lists are sorted."""
        return {
            "flux": sorted(self.flows - self.crossed_flows),
            "evenements": sorted(self.boundaries - self.crossed_boundaries),
            "regles": sorted(self.rules - self.crossed_rules),
        }

    @property
    def complete(self) -> bool:
        return not any(self.missed.values())

    @property
    def percent(self) -> float:
        """Percent of all that there is to cross; 100 when there is nothing."""
        total = len(self.flows) + len(self.boundaries) + len(self.rules)
        return 100.0 * (total - sum(map(len, self.missed.values()))) / total if total else 100.0


def coverage_of(package: Package, played: Iterable[Played], cases: Iterable[CasesRun] = ()) -> Coverage:
    """What these stories and cases cross of one package; stories of other packages count when they call it. Raises ModelError when it cannot be read."""
    definition = engine.read_definition(package.files, package.process_id)
    flows: set[str] = set()
    events: set[str] = set()
    rules: set[str] = set()
    for story in played:
        for happened in story.history:
            if happened.instance.process != package.process_id:
                continue
            fact = happened.fact
            if fact.kind == kinds.ELEMENT_LEFT:
                flows |= set(fact.body.get("flows") or ())
            elif fact.kind == kinds.ELEMENT_ENTERED:
                events.add(fact.element)
            elif fact.kind == kinds.DECISION_TAKEN:
                rules |= _rules_of((fact.payload or {}).get("trace") or {})
    run = list(cases)
    known = {f"{table}/{rule}" for c in run for table, rule in c.rules}
    rules |= {f"{table}/{rule}" for c in run for table, rule in c.crossed}
    boundaries = frozenset(e.id for e in definition.elements.values() if e.type == "boundaryEvent")
    every = frozenset(definition.flows)
    return Coverage(every, every & flows, boundaries, boundaries & events, frozenset(known), frozenset(known & rules))


def _rules_of(trace: Mapping[str, object]) -> set[str]:
    steps = trace.get("steps")
    tables = [table for step in steps for table in step["tables"]] if isinstance(steps, list) else []
    return {f"{table['id']}/{rule['id']}" for table in tables for rule in table["matched"]}
