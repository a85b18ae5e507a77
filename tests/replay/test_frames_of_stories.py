"""On every story of the packages, cut after each step, the frames show what the engine's state waits for, and nothing else."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from server import engine
from server.replay import steps
from server.scenarios import play, read_library, read_stories

ROOT = Path(__file__).parents[2]
LIBRARY = read_library(ROOT)


@dataclass
class Recorded:
    seq: int
    kind: str
    element: str
    body: Any = field(default_factory=dict)
    instance_id: str | None = None


def cuts(slug):
    """Every story of a package, cut after each of its steps."""
    stories, _ = read_stories(LIBRARY.packages[slug])
    return [replace(s, steps=s.steps[:n], end={}, letters={}) for s in stories for n in range(len(s.steps) + 1)]


@pytest.mark.slow
@pytest.mark.parametrize("slug", sorted(LIBRARY.packages))
def test_the_active_elements_are_what_the_state_waits_for(slug):
    for story in cuts(slug):
        played = play(story, LIBRARY)
        facts = [Recorded(n, h.fact.kind, h.fact.element, h.fact.body, h.instance.id) for n, h in enumerate(played.history, 1)]
        definitions = {i.id: engine.read_definition(i.package.files, i.process) for i in played.instances.values()}
        last = {f.instance_id: f for f in steps(facts, {key: d.elements for key, d in definitions.items()})}
        for instance in played.instances.values():
            frame = last[instance.id]
            if instance.status != "open":
                assert frame.active == ()
                assert frame.tasks == {}
                continue
            definition = definitions[instance.id]
            waiting = engine.read_waiting(definition, instance.state)
            expected = {w.element for kind in (waiting.tasks, waiting.timers, waiting.subscriptions, waiting.calls) for w in kind}
            drawn = definition.elements
            # Boundary events are not reached yet; gateways that wait for a branch and sub-processes are in no list of waits.
            assert {e for e in frame.active if drawn[e].type != "subProcess" and "Gateway" not in drawn[e].type} == {
                e for e in expected if drawn[e].type != "boundaryEvent"
            }
            assert frame.tasks == {t.task: t.element for t in waiting.tasks}
