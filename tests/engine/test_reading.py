"""Reading a diagram: hostile XML is refused, what cannot run is refused with its element, the rest is told."""

import pytest

from server.engine import forget_definitions, read_definition
from server.kernel.errors import ModelError, TooMuch
from tests.engine.drawing import END, START, drawn, flow, line
from tests.engine.playing import MODELS, Story, model

BAD = {
    "not-xml": ({"process.bpmn": b"<a>"}, "xml", ""),
    "not-bpmn": ({"process.bpmn": b"<a/>"}, "xml", ""),
    "no-file": ({"autre.txt": b""}, "processus", ""),
    "doctype": ({"process.bpmn": b'<!DOCTYPE d [<!ENTITY x "y">]>' + drawn(line(ids=()))["process.bpmn"]}, "xml", ""),
    "no-process": (drawn(line(ids=()), executable="false"), "processus", ""),
    "no-start": (drawn(END), "debut", "p"),
    "two-starts": (drawn(START + '<bpmn:startEvent id="debut2" />' + END + flow("debut", "fin") + flow("debut2", "fin")), "debut", "p"),
    "implicit-split": (drawn(line('<bpmn:task id="a" /><bpmn:task id="b" />', ids=("a",)) + flow("a", "b")), "decoupage-implicite", "a"),
    "dangling-flow": (drawn(line(ids=()) + flow("debut", "nulle_part")), "flux-pendant", "debut_nulle_part"),
    "condition-missing": (
        drawn(line('<bpmn:exclusiveGateway id="g" /><bpmn:task id="b" />', ids=("g",)) + flow("g", "b", "= x")),
        "flux-sans-condition",
        "g",
    ),
    "condition-unreadable": (
        drawn(line('<bpmn:exclusiveGateway id="g" /><bpmn:task id="b" />', ids=("g",)) + flow("g", "b", "= x +")),
        "expression",
        "g",
    ),
    "event-sub-process": (drawn(line(ids=()) + '<bpmn:subProcess id="s" triggeredByEvent="true" />'), "type-non-execute", "s"),
    "transaction": (drawn(line(ids=()) + '<bpmn:transaction id="t" />'), "type-non-execute", "t"),
    "complex-gateway": (drawn(line('<bpmn:complexGateway id="g" />', ids=("g",))), "type-non-execute", "g"),
    "signal": (
        drawn(line('<bpmn:intermediateCatchEvent id="c"><bpmn:signalEventDefinition /></bpmn:intermediateCatchEvent>', ids=("c",))),
        "evenement",
        "c",
    ),
    "standard-loop": (
        drawn(line('<bpmn:task id="a"><bpmn:standardLoopCharacteristics /></bpmn:task>', ids=("a",))),
        "boucle-standard",
        "a",
    ),
    "multi-without-list": (
        drawn(line('<bpmn:task id="a"><bpmn:multiInstanceLoopCharacteristics /></bpmn:task>', ids=("a",))),
        "instance-multiple",
        "a",
    ),
    "service-without-type": (drawn(line('<bpmn:serviceTask id="a" />', ids=("a",))), "type-de-travail", "a"),
    "call-without-process": (drawn(line('<bpmn:callActivity id="a" />', ids=("a",))), "processus-appele", "a"),
    "python-script": (
        drawn(line('<bpmn:scriptTask id="a"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>', ids=("a",))),
        "script",
        "a",
    ),
    "unknown-decision": (
        drawn(
            line(
                '<bpmn:businessRuleTask id="a"><bpmn:extensionElements><zeebe:calledDecision decisionId="x" /></bpmn:extensionElements></bpmn:businessRuleTask>',
                ids=("a",),
            )
        ),
        "decision-inconnue",
        "a",
    ),
    "message-unnamed": (drawn(line('<bpmn:receiveTask id="a" messageRef="absent" />', ids=("a",))), "message", "a"),
    "timer-empty": (
        drawn(line('<bpmn:intermediateCatchEvent id="c"><bpmn:timerEventDefinition /></bpmn:intermediateCatchEvent>', ids=("c",))),
        "minuteur",
        "c",
    ),
    "boundary-alone": (
        drawn(
            line(ids=()) + '<bpmn:boundaryEvent id="b" attachedToRef="fin"><bpmn:errorEventDefinition errorRef="e" /></bpmn:boundaryEvent>'
        ),
        "evenement-de-bord",
        "b",
    ),
    "boundary-of-nothing": (
        drawn(line('<bpmn:task id="a" /><bpmn:boundaryEvent id="b" attachedToRef="a" />', ids=("a",))),
        "evenement",
        "b",
    ),
    "same-id": (drawn(START + START + END), "identifiant", "debut"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_run_is_refused_with_its_rule_and_element(name):
    files, rule, element = BAD[name]
    with pytest.raises(ModelError) as caught:
        read_definition(files)
    assert (caught.value.rule, caught.value.element) == (rule, element)
    assert str(caught.value).endswith((".", ")"))


def test_an_expansion_bomb_costs_nothing():
    bomb = (
        b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (n, n - 1, n - 1, n - 1, n - 1) for n in b"bcdefghijklm")
        + b"]><d>&m;</d>"
    )
    with pytest.raises(ModelError):
        read_definition({"process.bpmn": bomb})


def test_files_that_are_too_large_are_refused():
    with pytest.raises(TooMuch, match="2 Mo"):
        read_definition({"process.bpmn": b"<" + b"a" * 2_000_001})
    many = "".join(f'<bpmn:task id="t{n}" />' for n in range(3_001))
    with pytest.raises(TooMuch, match="3000 éléments"):
        read_definition(drawn(START + many))


def test_two_thousand_tasks_in_a_row_are_read_and_run():
    ids = tuple(f"t{n}" for n in range(2_000))
    definition = read_definition(drawn(line(*(f'<bpmn:task id="{i}" />' for i in ids), ids=ids)))
    story = Story(definition)
    assert story.ended
    assert len(story.of_kind("ElementEntered")) == 2_002


def test_a_flow_without_an_id_is_kept_with_a_derived_one():
    definition = model("sans_id")
    assert set(definition.flows) == {"flux_debut_a", "flux_a_fin"}
    story = Story(definition)
    assert story.tasks == ["a"]
    story.complete("a")
    assert story.ended


def test_elements_may_be_named_like_the_engines_own_nodes():
    story = Story(
        read_definition(
            drawn(
                '<bpmn:startEvent id="Start" /><bpmn:userTask id="Root" /><bpmn:endEvent id="End" />'
                + flow("Start", "Root")
                + flow("Root", "End")
            )
        )
    )
    story.complete("Root")
    assert story.ended


def test_a_process_of_several_is_chosen_by_its_id():
    body = drawn(line(ids=()), "un")["process.bpmn"].decode()
    other = f'<bpmn:process id="deux" isExecutable="true">{line(ids=())}</bpmn:process>'
    files = {"process.bpmn": body.replace("</bpmn:definitions>", other + "</bpmn:definitions>").encode()}
    assert read_definition(files, "deux").process_id == "deux"
    with pytest.raises(ModelError):
        read_definition(files)
    with pytest.raises(ModelError, match="« trois »"):
        read_definition(files, "trois")


def test_a_process_started_by_a_message_or_a_date_starts_there():
    message = '<bpmn:startEvent id="debut"><bpmn:messageEventDefinition messageRef="m" /></bpmn:startEvent>'
    definition = read_definition(drawn(message + END + flow("debut", "fin")))
    assert Story(definition).ended


def test_a_definition_tells_what_its_diagram_holds():
    definition = model("echeances")
    (sign,) = [t for t in definition.user_tasks if t.element == "signer"]
    assert (sign.name, sign.form, sign.groups, sign.priority) == ("Signer le contrat", "signer", ("agents",), "80")
    assert sign.due == '= echeance("contrat_cible", notification)'
    assert definition.elements["limite"].type == "boundaryEvent"
    assert {e.place for e in definition.expressions if e.element == "signer"} == {"échéance", "limite"}
    assert model("exterieur").job_types == ("courrier", "calcul_caf", "message")
    assert model("appel").called_processes == ("tour_de_suivi",)
    assert model("messages").messages == ("observations_recues", "piece_recue", "regularisation_constatee")
    assert model("decision").decisions == ("parcours",)


def test_a_definition_is_read_once_for_the_same_content():
    files = {"process.bpmn": (MODELS / "choix.bpmn").read_bytes(), "README.md": b"un"}
    first = read_definition(files)
    assert read_definition({**files, "README.md": b"deux"}) is first
    forget_definitions()
    again = read_definition(files)
    assert again is not first
    assert again.hash == first.hash
