"""Rules that refuse several kinds of things refuse each of them."""

import pytest

from server.catalog import lint
from tests.catalog.bundles import OTHERS, bundle

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
)


def rules(body, tail="", **files):
    """The codes found on a process with this body; `s` starts it and `e` ends it."""
    whole = f'{HEAD}<bpmn:process id="exemple" isExecutable="true">{body}</bpmn:process>{tail}</bpmn:definitions>'
    return {f.rule for f in lint({**bundle(whole.encode()), **files}, OTHERS)}


def between(element):
    """A process that goes from its start through `x` to its end."""
    return (
        f'<bpmn:startEvent id="s" name="S"/>{element}<bpmn:endEvent id="e" name="E"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="x"/><bpmn:sequenceFlow id="f2" sourceRef="x" targetRef="e"/>'
    )


USER = '<bpmn:extensionElements><zeebe:formDefinition formId="rendez_vous"/><zeebe:assignmentDefinition candidateGroups="referent"/></bpmn:extensionElements>'


@pytest.mark.parametrize(
    "element",
    [
        '<bpmn:complexGateway id="x" name="X"/>',
        '<bpmn:transaction id="x" name="X"/>',
        '<bpmn:adHocSubProcess id="x" name="X"/>',
        '<bpmn:receiveTask id="x" name="X"/>',
        '<bpmn:manualTask id="x" name="X"/>',
        '<bpmn:task id="x" name="X"/>',
        *(
            f'<bpmn:intermediateCatchEvent id="x" name="X"><bpmn:{kind}EventDefinition/></bpmn:intermediateCatchEvent>'
            for kind in ("signal", "conditional", "link", "error", "escalation", "compensate", "cancel", "terminate")
        ),
        '<bpmn:intermediateThrowEvent id="x" name="X"><bpmn:timerEventDefinition/></bpmn:intermediateThrowEvent>',
        '<bpmn:intermediateCatchEvent id="x" name="X"/>',
        f'<bpmn:userTask id="x" name="X" isForCompensation="true">{USER}</bpmn:userTask>',
        f'<bpmn:userTask id="x" name="X">{USER}<bpmn:standardLoopCharacteristics/></bpmn:userTask>',
    ],
)
def test_each_unsupported_element_is_refused(element):
    assert "element-non-pris-en-charge" in rules(between(element))


@pytest.mark.parametrize("element", ["messageEventDefinition", "errorEventDefinition", "terminateEventDefinition"])
def test_the_ends_that_the_engine_runs_are_not_refused(element):
    body = between(f'<bpmn:userTask id="x" name="X">{USER}</bpmn:userTask>').replace(
        '<bpmn:endEvent id="e" name="E"/>', f'<bpmn:endEvent id="e" name="E"><bpmn:{element}/></bpmn:endEvent>'
    )
    assert "element-non-pris-en-charge" not in rules(body)


@pytest.mark.parametrize("kind", ["timer", "signal", "conditional"])
def test_a_start_that_waits_for_something_is_refused(kind):
    body = between(f'<bpmn:userTask id="x" name="X">{USER}</bpmn:userTask>')
    waiting = body.replace(
        '<bpmn:startEvent id="s" name="S"/>', f'<bpmn:startEvent id="s" name="S"><bpmn:{kind}EventDefinition/></bpmn:startEvent>'
    )
    assert "debut-unique" in rules(waiting)


def test_a_process_or_a_sub_process_without_a_start_is_refused():
    assert "debut-unique" in rules('<bpmn:endEvent id="e" name="E"/>')
    assert "debut-unique" in rules(between('<bpmn:subProcess id="x" name="X"><bpmn:endEvent id="i" name="I"/></bpmn:subProcess>'))


def test_an_event_gateway_with_one_branch_is_refused():
    assert "attente-mal-suivie" in rules(between('<bpmn:eventBasedGateway id="x" name="X"/>'))


def test_a_wait_behind_an_event_gateway_with_another_entry_is_refused():
    body = (
        '<bpmn:startEvent id="s" name="S"/><bpmn:eventBasedGateway id="g"/><bpmn:exclusiveGateway id="x" name="?"/>'
        '<bpmn:intermediateCatchEvent id="t" name="T"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent><bpmn:endEvent id="e" name="E"/>'
        + "".join(
            f'<bpmn:sequenceFlow id="{a}{b}" sourceRef="{a}" targetRef="{b}"/>'
            for a, b in (("s", "x"), ("x", "g"), ("x", "t"), ("g", "t"), ("t", "e"))
        )
    )
    assert "attente-mal-suivie" in rules(body)


@pytest.mark.parametrize(
    "element",
    [
        '<bpmn:scriptTask id="x" name="X" scriptFormat="groovy"/>',
        '<bpmn:scriptTask id="x" name="X"/>',
        '<bpmn:scriptTask id="x" name="X"><bpmn:script>1</bpmn:script></bpmn:scriptTask>',
        '<bpmn:scriptTask id="x" name="X"><bpmn:extensionElements><zeebe:script expression="= 1"/></bpmn:extensionElements></bpmn:scriptTask>',
    ],
)
def test_each_way_to_write_another_script_is_refused(element):
    assert "script-etranger" in rules(between(element))


@pytest.mark.parametrize("flow", [("s", "inner"), ("inner", "e")])
def test_a_flow_across_the_edge_of_a_sub_process_is_refused(flow):
    inside = '<bpmn:subProcess id="x" name="X"><bpmn:startEvent id="inner" name="I"/></bpmn:subProcess>'
    assert "flux-sans-but" in rules(between(inside) + f'<bpmn:sequenceFlow id="f3" sourceRef="{flow[0]}" targetRef="{flow[1]}"/>')


@pytest.mark.parametrize("flow", [("e", "x"), ("x", "s")])
def test_a_flow_out_of_an_end_or_into_a_start_is_refused(flow):
    task = f'<bpmn:userTask id="x" name="X">{USER}</bpmn:userTask>'
    assert "flux-sans-but" in rules(between(task) + f'<bpmn:sequenceFlow id="f3" sourceRef="{flow[0]}" targetRef="{flow[1]}"/>')


def test_a_condition_on_the_only_way_out_of_a_task_is_refused():
    body = between(f'<bpmn:userTask id="x" name="X">{USER}</bpmn:userTask>').replace(
        'targetRef="e"/>', 'targetRef="e"><bpmn:conditionExpression>= venu</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    assert "division-implicite" in rules(body)


def test_a_group_given_by_an_expression_is_not_judged():
    task = f'<bpmn:userTask id="x" name="X">{USER}</bpmn:userTask>'.replace(
        'candidateGroups="referent"', 'candidateGroups="= dossier.structure"'
    )
    assert "groupe-inconnu" not in rules(between(task))


def test_a_join_that_waits_for_a_boundary_event_is_refused():
    body = (
        f'<bpmn:startEvent id="s" name="S"/><bpmn:userTask id="x" name="X">{USER}</bpmn:userTask><bpmn:parallelGateway id="j"/><bpmn:endEvent id="e" name="E"/>'
        '<bpmn:boundaryEvent id="b" name="B" attachedToRef="x"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>'
        + "".join(
            f'<bpmn:sequenceFlow id="{a}{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in (("s", "x"), ("x", "j"), ("b", "j"), ("j", "e"))
        )
    )
    assert "reunion-differente" in rules(body)


def test_camunda_elements_are_found_as_well_as_attributes():
    task = '<bpmn:userTask id="x" name="X"><bpmn:extensionElements><camunda:formData/></bpmn:extensionElements></bpmn:userTask>'
    assert "attribut-camunda" in rules(between(task))


def test_several_processes_in_one_file_are_refused():
    assert "processus-non-executable" in rules("", tail='<bpmn:process id="autre" isExecutable="true"/>')


def test_a_timer_without_a_text_is_refused():
    assert "minuteur-illisible" in rules(
        between('<bpmn:intermediateCatchEvent id="x" name="X"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent>')
    )


def test_an_empty_expression_is_told_as_such():
    task = f'<bpmn:userTask id="x" name="X">{USER}</bpmn:userTask>'.replace("</bpmn:ext", '<zeebe:taskSchedule dueDate="="/></bpmn:ext')
    assert "expression-illisible" in rules(between(task))


def test_a_form_that_is_not_an_object_is_told():
    assert "paquet-illisible" in rules(between('<bpmn:task id="x"/>'), **{"forms/x.form": b"[]"})
    assert "paquet-illisible" in rules(between('<bpmn:task id="x"/>'), **{"forms/x.form": b"{"})


def test_a_table_that_cannot_be_read_is_told_once():
    found = lint({**bundle(b"<a/>"), "decisions/x.dmn": b"<a"})
    assert {f.rule for f in found if f.file == "decisions/x.dmn"} == {"xml-dangereux", "table-de-decision"}
