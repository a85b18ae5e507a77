"""A diagram drawn for Camunda 7 is turned when it is imported: its equals are kept, the rest is named."""

import pytest

from server.catalog import from_camunda, lint
from server.catalog.diagram import read_diagram
from server.kernel.errors import ModelError
from tests.catalog.bundles import OTHERS, RULES, bundle, example
from tests.catalog.test_every_kind import HEAD, between


def turned(element, tail=""):
    found = from_camunda(
        f'{HEAD}<bpmn:process id="exemple" isExecutable="true">{between(element)}</bpmn:process>{tail}</bpmn:definitions>'.encode()
    )
    return read_diagram(found.content).nodes["x"], found


def test_the_wrong_example_of_the_rule_becomes_right():
    found = from_camunda(example("attribut-camunda", "faux")["process.bpmn"])
    assert found.left_out == ()
    assert "attribut-camunda" not in {f.rule for f in lint(bundle(found.content), OTHERS)}
    assert b"camunda.org/schema/1.0" not in found.content


def test_an_agents_task_keeps_its_form_group_and_date():
    node, found = turned(
        '<bpmn:userTask id="x" camunda:candidateGroups="a,b" camunda:formKey="camunda-forms:deployment:signer" camunda:dueDate="${terme}"/>'
    )
    assert node.zeebe("assignmentDefinition") == {"candidateGroups": "a,b"}
    assert node.zeebe("formDefinition") == {"formId": "signer"}
    assert node.zeebe("taskSchedule") == {"dueDate": "= terme"}
    assert found.left_out == ()


def test_a_rule_a_call_and_a_job_keep_what_they_call():
    rule, _ = turned(
        '<bpmn:businessRuleTask id="x" camunda:decisionRef="voie" camunda:resultVariable="choix" camunda:mapDecisionResult="singleEntry"/>'
    )
    assert rule.zeebe("calledDecision") == {"decisionId": "voie", "resultVariable": "choix"}
    call, _ = turned('<bpmn:callActivity id="x" calledElement="tour" camunda:asyncBefore="true"/>')
    assert call.zeebe("calledElement") == {"processId": "tour"}
    assert call.xml.get("calledElement") is None
    job, _ = turned('<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="courrier"/>')
    assert job.zeebe("taskDefinition") == {"type": "courrier"}


def test_properties_and_simple_mappings_are_kept_and_scripts_are_named():
    node, found = turned(
        '<bpmn:userTask id="x" name="Signer"><bpmn:extensionElements><camunda:properties><camunda:property name="limite" value="10"/></camunda:properties>'
        '<camunda:inputOutput><camunda:inputParameter name="a">${b}</camunda:inputParameter><camunda:outputParameter name="c"><camunda:script/>'
        '</camunda:outputParameter></camunda:inputOutput><camunda:taskListener class="x.Y"/></bpmn:extensionElements></bpmn:userTask>'
    )
    assert node.properties == {"limite": "10"}
    assert node.zeebe_list("ioMapping", "input") == [{"source": "= b", "target": "a"}]
    assert found.left_out == (
        "« Signer » : la valeur « c » n'est pas simple, elle est retirée.",
        "« Signer » : l'élément « taskListener » n'a pas d'équivalent, il est retiré.",
    )


@pytest.mark.parametrize(
    ("juel", "expected"),
    [
        ("${venu}", "= venu"),
        ("${age >= 26 && choix == 'social'}", '= age >= 26 and choix = "social"'),
        ("${!venu || a != b}", "= not(venu) or a != b"),
        ("${service.call()}", None),
        ("${a ? b : c}", None),
        ("#{execution.setVariable('x', 1)}", None),
    ],
)
def test_a_simple_condition_becomes_feel_and_another_is_named(juel, expected):
    text = (RULES / "sans-flux-par-defaut" / "juste.bpmn").read_text().replace("= venu", juel.replace("&", "&amp;").replace("<", "&lt;"))
    found = from_camunda(text.encode())
    condition = next(f.condition for f in read_diagram(found.content).flows if f.condition)
    assert condition == (expected or juel)
    assert bool(found.left_out) is (expected is None)


def test_a_file_without_camunda_comes_back_byte_for_byte():
    content = HEAD.replace(' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"', "").encode() + b"</bpmn:definitions>"
    assert from_camunda(content).content is content


def test_a_file_that_is_not_xml_is_refused():
    with pytest.raises(ModelError):
        from_camunda(b"<a http://camunda.org/schema/1.0/bpmn")
