"""A draft tried on its scenarios and cases, as the studio tells it: what passes, what fails, what nothing crosses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.access.jalon import Jalon
from server.access.stories import stories_library
from server.kernel.actor import Actor
from server.kernel.errors import JalonError
from server.queries.studio import Workbench
from server.scenarios import Trial, try_package


@dataclass(frozen=True)
class TrialLine:
    """One story or one file of cases; `messages` say what failed, or what was counted."""

    title: str
    passed: bool
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Uncrossed:
    """A flow, boundary event or rule that nothing crosses. `element` is its id, `words` a sentence."""

    element: str
    file: str
    words: str


@dataclass(frozen=True)
class TrialReport:
    """The whole trial. `total` counts flows, boundary events and rules."""

    lines: tuple[TrialLine, ...]
    uncrossed: tuple[Uncrossed, ...]
    total: int

    @property
    def passed(self) -> int:
        return sum(1 for line in self.lines if line.passed)

    @property
    def crossed(self) -> int:
        return self.total - len(self.uncrossed)

    @property
    def whole(self) -> bool:
        """True when every story passes and everything is crossed: publication then needs no written reason."""
        return bool(self.lines) and self.passed == len(self.lines) and not self.uncrossed


def trial(jalon: Jalon, actor: Actor, bench: Workbench, now: datetime) -> TrialReport:  # noqa: ARG001 - every query takes the time
    """Runs the stories and cases of the content at work, on the packages in force beside it; nothing is written."""
    return told(try_package(bench.package, stories_library(jalon, actor.departement), bench.slug), bench)


def told(tried: Trial, bench: Workbench) -> TrialReport:
    """The trial in the studio's words."""
    stories = [TrialLine(played.story.title or played.story.name, not played.problems, tuple(played.problems)) for played in tried.played]
    unread = [TrialLine("Scénario illisible", passed=False, messages=(sentence,)) for sentence in tried.unread]
    cases = [
        TrialLine(f"Cas de {run.file}", not run.problems, tuple(run.problems) or (f"{run.lines} lignes conformes.",)) for run in tried.cases
    ]
    coverage = tried.coverage
    total = len(coverage.flows) + len(coverage.boundaries) + len(coverage.rules) if coverage else 0
    names = _names(bench)
    missed = [_uncrossed(kind, element, names) for kind, elements in tried.missed.items() for element in elements]
    return TrialReport((*stories, *unread, *cases), tuple(missed), total)


def _uncrossed(kind: str, element: str, names: Mapping[str, str]) -> Uncrossed:
    if kind == "regles":
        table, _, rule = element.rpartition("/")
        return Uncrossed(rule, "decisions", f"La ligne « {rule} » de la table « {table} » ne sert à aucun scénario ni cas.")
    name = names.get(element, element)
    if kind == "evenements":
        return Uncrossed(element, "process.bpmn", f"L'évènement « {name} » ne se produit dans aucun scénario.")
    return Uncrossed(element, "process.bpmn", f"Le lien {name} n'est pris par aucun scénario.")


def _names(bench: Workbench) -> dict[str, str]:
    """Words for flows (from where to where) and elements; empty when the diagram cannot be read."""
    try:
        drawing = bench.package.diagram
    except JalonError:
        return {}
    names = {node.id: node.name or node.id for node in drawing.nodes.values()}
    for flow in drawing.flows:
        label = f" « {flow.name} »" if flow.name else ""
        names[flow.id] = f"{label} de « {names.get(flow.source, flow.source)} » à « {names.get(flow.target, flow.target)} »".strip()
    return names
