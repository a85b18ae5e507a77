"""Loops and dominators are those of their definitions, on random graphs."""

import random

import pytest

from server.catalog.graph import Dominators, loops, reachable, without


def random_graph(seed):
    draw = random.Random(seed)
    nodes = [f"n{i}" for i in range(draw.randrange(1, 10))]
    return {n: draw.sample(nodes, draw.randrange(0, min(3, len(nodes)) + 1)) for n in nodes}


@pytest.mark.parametrize("seed", range(60))
def test_two_nodes_are_in_one_loop_when_each_reaches_the_other(seed):
    graph = random_graph(seed)
    after = {n: reachable(graph, graph[n]) for n in graph}
    found = {frozenset(loop) for loop in loops(graph)}
    assert found == {frozenset(m for m in graph if m in after[n] and n in after[m]) for n in graph if n in after[n]}


@pytest.mark.parametrize("seed", range(60))
def test_a_node_is_crossed_when_no_path_avoids_it(seed):
    graph = random_graph(seed)
    start = next(iter(graph))
    crossed = Dominators(graph, [start])
    for node in graph:
        assert (node in crossed) == (node in reachable(graph, [start]))
        for other in graph:
            avoids = other != start and node != other and node in reachable(without(graph, [other]), [start])
            if node in crossed:
                assert crossed.crosses(node, other) == (not avoids and other in reachable(graph, [start]))


def test_the_nearest_crossed_node_is_the_last_one():
    graph = {"s": ["a"], "a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}
    crossed = Dominators(graph, ["s"])
    assert [crossed.nearest(n) for n in "sabcd"] == ["", "s", "a", "a", "a"]
