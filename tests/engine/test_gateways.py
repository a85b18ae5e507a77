"""Choices, forks and joins: the order of the file decides, never the drawing; a join counts its tokens."""

import random
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from server.engine import CompleteTask, advance, read_definition, read_waiting
from server.kernel.errors import ModelError, TooMuch
from tests.engine.chance import PLAYED, context_of, first_command, next_command
from tests.engine.playing import LEGAL, MODELS, MONDAY, Story, model, model_names

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"


def test_of_two_true_conditions_the_first_of_the_file_is_taken_and_the_fault_is_kept():
    story = Story("conditions")
    story.complete("dire", a=True, b=True)
    assert story.outcome == "deux"  # Its flow is written first, though its end is drawn second.
    (fault,) = story.of_kind("ModelFault")
    assert fault.element == "g"
    assert fault.body["rule"] == "deux-conditions-vraies"


def test_without_a_true_condition_nor_a_default_the_instance_stops_visibly():
    story = Story("conditions")
    with pytest.raises(ModelError, match="aucune condition n'est vraie") as caught:
        story.complete("dire", a=False)
    assert caught.value.element == "g"
    assert caught.value.rule == "aucune-condition-vraie"
    assert story.tasks == ["dire"]


def test_a_condition_that_is_neither_yes_nor_no_counts_for_no_and_is_told():
    story = Story("conditions")
    story.complete("dire", a=True, b="oui")
    assert story.outcome == "un"
    assert [f.body["rule"] for f in story.of_kind("ModelFault")] == ["condition-non-booleenne"]


def with_shapes_anywhere(data: bytes, draw: random.Random) -> bytes:
    root = etree.fromstring(data)
    plane = etree.SubElement(etree.SubElement(root, f"{{{DI}}}BPMNDiagram"), f"{{{DI}}}BPMNPlane")
    for element in root.iter("{*}startEvent", "{*}endEvent", "{*}userTask", "{*}exclusiveGateway", "{*}boundaryEvent", "{*}subProcess"):
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", bpmnElement=element.get("id"))
        etree.SubElement(shape, f"{{{DC}}}Bounds", x=str(draw.random()), y=str(draw.randint(-500, 500)), width="100", height="80")
    return etree.tostring(root)


@pytest.mark.parametrize("name", [*PLAYED, "conditions"])
def test_moving_the_shapes_changes_nothing(name):
    """The same file with its shapes anywhere gives the same facts, as long as the same things are done."""
    for seed in range(3):
        moved = {"process.bpmn": with_shapes_anywhere((MODELS / f"{name}.bpmn").read_bytes(), random.Random(seed))}
        moved |= {f"decisions/{p.name}": p.read_bytes() for p in MODELS.glob(f"{name}*.dmn")}
        assert told(read_definition(moved), name, seed) == told(model(name), name, seed)


def told(definition, name: str, seed: int) -> list[tuple[str, str]]:
    draw, context, now, command = random.Random(seed), context_of(name, seed), MONDAY, first_command(seed)
    state, kinds = None, []
    for _ in range(15):
        step = advance(definition, state, command, context, now)
        state = step.state
        kinds += [(f.kind, f.element) for f in step.facts]
        if step.ended:
            break
        if name == "conditions":
            command = CompleteTask(read_waiting(definition, state).tasks[0].task, {"a": True, "b": seed > 0})
        else:
            command, now = next_command(draw, read_waiting(definition, state), now)
    return kinds


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_parallel_join_inside_a_loop_waits_for_both_branches_at_every_turn(order):
    story = Story("parallele")
    for turn in range(20):
        first, second = order
        story.complete(first)
        assert story.tasks == [second], turn
        story.complete(second)
        assert story.tasks == ["c"], turn
        story.complete("c", poursuite=turn < 19)
    assert story.ended


def test_branches_of_nested_forks_meet_in_one_join():
    for order in (("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")):
        story = Story("jonction")
        for element in order:
            assert "d" not in story.tasks
            story.complete(element)
        assert story.tasks == ["d"]


def test_what_each_branch_writes_is_there_after_the_join():
    story = Story("jonction", {"x": 1, "liste": [1, 2, 3]})
    story.complete("a", x=2, liste=[7])
    story.complete("b", y=3)
    story.complete("c")
    story.complete("d")
    # The engine as shipped would bring x back to 1 (the last branch read it before) and mix the two lists.
    assert story.variables == {"x": Decimal(2), "y": Decimal(3), "liste": [Decimal(7)]}


@pytest.mark.parametrize(
    ("ka", "kb", "open_tasks"), [(True, True, ["a", "b"]), (True, False, ["a"]), (False, True, ["b"]), (False, False, ["c"])]
)
def test_an_inclusive_gateway_opens_what_is_true_and_its_join_waits_for_that_only(ka, kb, open_tasks):
    story = Story("inclusif")
    story.complete("z", ka=ka, kb=kb)
    assert story.tasks == open_tasks
    for element in open_tasks:
        assert "d" not in story.tasks
        story.complete(element)
    assert story.tasks == ["d"]
    story.complete("d")
    assert story.ended


def test_a_join_whose_other_branch_can_never_come_is_a_fault_of_the_model():
    story = Story("blocage")
    story.complete("dire", a=True)
    with pytest.raises(ModelError, match="ne viendra jamais") as caught:
        story.complete("a")
    assert caught.value.element == "j"


def test_a_loop_without_a_wait_is_stopped():
    with pytest.raises(TooMuch, match="sans s'arrêter"):
        Story("sans_fin")


def test_flows_taken_are_told_in_the_order_in_which_they_were_taken():
    story = Story("parallele")
    story.complete("b")
    story.complete("a")
    story.complete("c", poursuite=False)
    taken = [flow for f in story.of_kind("ElementLeft") for flow in f.body["flows"]]
    assert taken == [
        "f_debut_reprise",
        "f_reprise_fourche",
        "f_fourche_a",
        "f_fourche_b",
        "f_b_joint",
        "f_a_joint",
        "f_joint_c",
        "f_c_encore",
        "f_encore_fin",
    ]


@pytest.mark.parametrize("name", model_names())
def test_every_flow_told_exists_in_its_diagram(name):
    definition = model(name)
    if name == "sans_fin":
        return
    story = Story(definition, {"dossier_id": "D1", "dossiers": ["x"], "age": 30, "notification": date(2026, 1, 5)}, context=LEGAL)
    for fact in story.of_kind("ElementLeft"):
        assert all(definition.flows[f].source == fact.element for f in fact.body["flows"])
