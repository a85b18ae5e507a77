"""Rarer shapes, drawn in place: several instances that stop early, children that give everything back, faults told with their element."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from server.engine import (
    ChangeDueDate,
    ChildEnded,
    Command,
    CompleteTask,
    Context,
    FireTimer,
    ReturnResult,
    Start,
    advance,
    read_definition,
)
from server.kernel.errors import BadInput, ModelError, Stale
from tests.engine.drawing import END, START, drawn, flow, line
from tests.engine.playing import MONDAY, Story, model


def ext(*items: str) -> str:
    return f"<bpmn:extensionElements>{''.join(items)}</bpmn:extensionElements>"


def several(inner: str = "", zeebe: str = "", sequential: bool = False) -> str:
    flag = ' isSequential="true"' if sequential else ""
    return f"<bpmn:multiInstanceLoopCharacteristics{flag}>{ext(zeebe) if zeebe else ''}{inner}</bpmn:multiInstanceLoopCharacteristics>"


def story_of(*nodes: str, ids: tuple[str, ...], variables: dict | None = None, more: str = "", context: Context | None = None) -> Story:
    return Story(read_definition(drawn(line(*nodes, ids=ids) + more)), variables, context=context)


COUNTED = "<bpmn:loopCardinality>= nombre</bpmn:loopCardinality>"
UNTIL = "<bpmn:completionCondition>= accord</bpmn:completionCondition>"
TIMED = '<bpmn:boundaryEvent id="b" attachedToRef="a"><bpmn:timerEventDefinition><bpmn:timeDate>{}</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent>'


@pytest.mark.parametrize("sequential", [False, True])
def test_several_instances_stop_when_their_condition_is_met(sequential):
    task = f'<bpmn:userTask id="a">{several(COUNTED + UNTIL, sequential=sequential)}</bpmn:userTask>'
    story = story_of(task, ids=("a",), variables={"nombre": 3})
    story.complete("a", accord=False)
    assert story.tasks
    story.complete("a", accord=True)
    assert story.ended
    assert story.variables["accord"] is True
    assert len(story.of_kind("TaskCancelled")) == (0 if sequential else 1)


def test_a_date_on_several_instances_closes_them_all():
    task = f'<bpmn:userTask id="a">{several(COUNTED)}</bpmn:userTask>' + TIMED.format("P3D")
    story = story_of(task, ids=("a",), variables={"nombre": 3}, more='<bpmn:endEvent id="tard" />' + flow("b", "tard"))
    assert len(story.tasks) == 3
    story.fire("b")
    assert story.ended
    assert len(story.of_kind("TaskCancelled")) == 3


@pytest.mark.parametrize("number", ["trois", None])
def test_a_number_of_instances_that_is_no_number_is_refused(number):
    task = f'<bpmn:userTask id="a">{several(COUNTED)}</bpmn:userTask>'
    with pytest.raises(ModelError) as caught:
        story_of(task, ids=("a",), variables={"nombre": number})
    assert caught.value.element == "a"


def test_a_sub_process_per_item_sees_its_own_item():
    inside = (
        '<bpmn:startEvent id="s" /><bpmn:userTask id="u"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="= dossier_id" />'
        '</bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id="e" />' + flow("s", "u") + flow("u", "e")
    )
    loop = several(
        zeebe='<zeebe:loopCharacteristics inputCollection="= dossiers" inputElement="dossier_id" outputCollection="vus" outputElement="= vu" />'
    )
    story = story_of(f'<bpmn:subProcess id="a">{inside}{loop}</bpmn:subProcess>', ids=("a",), variables={"dossiers": ["x", "y"]})
    assert [f.body["assignee"] for f in story.of_kind("TaskReady")] == ["x", "y"]
    first, second = (t.task for t in story.waiting.tasks)
    story.do(CompleteTask(second, {"vu": "deux"}))
    story.do(CompleteTask(first, {"vu": "un"}))
    assert story.variables == {"dossiers": ["x", "y"], "vus": ["un", "deux"]}


def test_a_call_that_says_so_gives_back_all_of_its_childs_variables():
    called = '<zeebe:calledElement processId="= nom" bindingType="deployment" propagateAllChildVariables="true" />'
    story = story_of(f'<bpmn:callActivity id="a">{ext(called)}</bpmn:callActivity>', ids=("a",), variables={"nom": "suspension"})
    (wanted,) = story.of_kind("ChildWanted")
    assert (wanted.body["process"], wanted.body["binding"]) == ("suspension", "deployment")
    assert wanted.payload["inputs"] == {"nom": "suspension"}
    story.do(ChildEnded(story.waiting.calls[0].call, "levee", {"fin": date(2026, 3, 1)}))
    assert story.variables == {"nom": "suspension", "fin": date(2026, 3, 1), "issue": "levee"}


def test_a_call_without_mapping_takes_the_outcome_only():
    story = story_of(f'<bpmn:callActivity id="a">{ext(CALLED)}</bpmn:callActivity>', ids=("a",))
    story.do(ChildEnded(story.waiting.calls[0].call, "levee", {"fin": date(2026, 3, 1)}))
    assert story.variables == {"issue": "levee"}


CALLED = '<zeebe:calledElement processId="suspension" />'


def test_a_wish_waits_when_the_diagram_says_so():
    service = ext(
        '<zeebe:taskDefinition type="courrier" />', '<zeebe:properties><zeebe:property name="attendre" value="oui" /></zeebe:properties>'
    )
    story = story_of(f'<bpmn:serviceTask id="a">{service}</bpmn:serviceTask>', ids=("a",))
    assert story.of_kind("OutsideCallWanted")[0].body["headers"] == {}
    story.do(ReturnResult(story.waiting.calls[0].call, Decimal(3)))
    assert story.variables == {"resultat": Decimal(3)}


def test_an_end_may_send_a_message():
    end = '<bpmn:endEvent id="z"><bpmn:messageEventDefinition messageRef="m" /></bpmn:endEvent>'
    story = Story(read_definition(drawn(START + end + flow("debut", "z"))))
    assert story.ended
    assert story.of_kind("OutsideCallWanted")[0].body["headers"] == {"nom": "venu"}


@pytest.mark.parametrize(("text", "said"), [("= inconnu", "n'a pas de date"), ("= 3", "attendue ici"), ('= "demain"', "ISO 8601")])
def test_a_timer_without_a_sound_date_stops_the_instance_with_its_element(text, said):
    with pytest.raises(ModelError, match=said) as caught:
        story_of('<bpmn:userTask id="a" />' + TIMED.format(text), ids=("a",))
    assert caught.value.element == "b"


def test_a_repetition_that_cannot_be_read_stops_the_instance():
    node = '<bpmn:intermediateCatchEvent id="a"><bpmn:timerEventDefinition><bpmn:timeCycle>= 3</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
    with pytest.raises(ModelError, match="répétition") as caught:
        story_of(node, ids=("a",))
    assert caught.value.element == "a"


def test_a_value_that_cannot_be_kept_is_refused_where_it_is_written():
    script = ext('<zeebe:script expression="= [1..5]" resultVariable="plage" />')
    with pytest.raises(ModelError, match="« plage »") as caught:
        story_of(f'<bpmn:scriptTask id="a">{script}</bpmn:scriptTask>', ids=("a",))
    assert caught.value.element == "a"


def test_an_expression_too_costly_names_its_element():
    script = ext('<zeebe:script expression="= count(for i in 1..100000, j in 1..100000 return i)" resultVariable="n" />')
    with pytest.raises(ModelError) as caught:
        story_of(f'<bpmn:scriptTask id="a">{script}</bpmn:scriptTask>', ids=("a",))
    assert caught.value.element == "a"


def test_a_delay_counted_from_what_is_no_date_is_told():
    context = Context("essai", {"delais": {"x": {"duree": 3, "unite": "jour"}}})
    with pytest.raises(ModelError, match="depuis une date"):
        story_of('<bpmn:userTask id="a" />' + TIMED.format('= echeance("x", "lundi")'), ids=("a",), context=context)


@pytest.mark.parametrize("call", ['echeance("x", depart)', 'echeance("x", depart, [])', 'echeance(nom: "x", depart: depart)'])
def test_a_legal_date_may_be_asked_with_or_without_suspensions(call):
    context = Context("essai", {"delais": {"x": {"duree": 3, "unite": "jour"}}})
    story = story_of(
        '<bpmn:userTask id="a" />' + TIMED.format(f"= {call}"), ids=("a",), variables={"depart": date(2026, 1, 5)}, context=context
    )
    assert story.timers["b"].isoformat() == "2026-01-08T22:59:59+00:00"


@pytest.mark.parametrize("call", ['echeance("x")', 'echeance("x", depart, [], 4)'])
def test_a_legal_date_asked_wrongly_is_no_date(call):
    context = Context("essai", {"delais": {"x": {"duree": 3, "unite": "jour"}}})
    with pytest.raises(ModelError, match="n'a pas de date"):
        story_of(
            '<bpmn:userTask id="a" />' + TIMED.format(f"= {call}"), ids=("a",), variables={"depart": date(2026, 1, 5)}, context=context
        )


def test_a_due_date_without_a_start_is_no_due_date():
    context = Context("essai", {"delais": {"x": {"duree": 3, "unite": "jour"}}})
    task = '<bpmn:userTask id="a">' + ext("<zeebe:taskSchedule dueDate='= echeance(\"x\", null)' />") + "</bpmn:userTask>"
    story = story_of(task, ids=("a",), context=context)
    assert story.of_kind("TaskReady")[0].body["due"] is None


def test_only_timers_can_be_fired_and_only_what_has_a_date_can_be_moved():
    story = Story("messages", {"dossier_id": "D1"})
    wait = story.waiting.subscriptions[0].subscription
    with pytest.raises(Stale):
        story.do(FireTimer(wait))
    with pytest.raises(Stale, match="pas d'échéance"):
        story.do(ChangeDueDate(wait, MONDAY, "motif"))
    with pytest.raises(BadInput, match="fuseau"):
        story.do(ChangeDueDate(story.task_id("recevoir"), MONDAY.replace(tzinfo=None), "motif"))


def test_a_command_of_no_known_kind_is_refused():
    @dataclass(frozen=True)
    class Invented(Command):
        pass

    with pytest.raises(BadInput, match="Commande inconnue"):
        Story("choix").do(Invented())


def test_threads_share_one_definition_without_harm():
    definition = model("boucle_minuteurs")

    def years(number: int) -> list[bytes]:
        story, states = Story(definition, {"graine": number}, context=Context(f"i{number}")), []
        for _ in range(30):
            story.complete("entretien", poursuite=True)
            story.fire("attente")
            states.append(story.state)
        return states

    alone = [years(n) for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(years, range(6))) == alone


def test_an_outcome_told_before_the_end_of_side_branches_is_kept():
    fork = '<bpmn:parallelGateway id="f" /><bpmn:userTask id="u" /><bpmn:endEvent id="v" />'
    said = (
        '<bpmn:endEvent id="dit">'
        + ext('<zeebe:properties><zeebe:property name="issue" value="accord" /></zeebe:properties>')
        + "</bpmn:endEvent>"
    )
    body = START + fork + said + END + flow("debut", "f") + flow("f", "dit") + flow("f", "u") + flow("u", "v")
    story = Story(read_definition(drawn(body)))
    assert not story.ended
    story.complete("u")
    assert story.outcome == "accord"


def test_a_started_instance_is_not_started_again_by_its_state():
    story = Story("choix")
    with pytest.raises(Stale):
        advance(story.definition, story.state, Start(), story.context, MONDAY)


def test_a_date_that_is_now_fires_at_once():
    story = story_of(
        '<bpmn:userTask id="a" />' + TIMED.format("2026-01-05T09:00:00Z"),
        ids=("a",),
        more='<bpmn:endEvent id="tard" />' + flow("b", "tard"),
    )
    assert story.ended


WISH = '<bpmn:serviceTask id="{}">' + ext('<zeebe:taskDefinition type="courrier" />') + "</bpmn:serviceTask>"


def test_an_activity_done_at_once_has_no_time_for_its_edge():
    story = story_of(WISH.format("a") + TIMED.format("2026-01-01"), ids=("a",), more='<bpmn:endEvent id="tard" />' + flow("b", "tard"))
    assert story.ended
    assert "TimerSet" not in story.kinds()


def error_edge(name: str, code: str = "") -> str:
    reference = f' errorRef="{code}"' if code else ""
    end = (
        f'<bpmn:endEvent id="fin_{name}">'
        + ext(f'<zeebe:properties><zeebe:property name="issue" value="{name}" /></zeebe:properties>')
        + "</bpmn:endEvent>"
    )
    edge = f'<bpmn:boundaryEvent id="{name}" attachedToRef="a"><bpmn:errorEventDefinition{reference} /></bpmn:boundaryEvent>'
    return edge + end + flow(name, f"fin_{name}")


def test_an_error_stops_what_was_about_to_run_beside_it():
    inside = (
        '<bpmn:startEvent id="s" /><bpmn:parallelGateway id="f" /><bpmn:endEvent id="x"><bpmn:errorEventDefinition errorRef="e" /></bpmn:endEvent>'
        f'<bpmn:task id="t" />{WISH.format("w")}<bpmn:endEvent id="y" />'
    ) + "".join(flow(*pair) for pair in (("s", "f"), ("f", "x"), ("f", "t"), ("t", "w"), ("w", "y")))
    story = story_of(f'<bpmn:subProcess id="a">{inside}</bpmn:subProcess>', ids=("a",), more=error_edge("refus", "e"))
    assert story.outcome == "refus"
    assert "OutsideCallWanted" not in story.kinds()


def test_the_error_event_that_names_the_code_is_preferred_to_the_one_that_takes_all():
    inside = '<bpmn:startEvent id="s" /><bpmn:endEvent id="x"><bpmn:errorEventDefinition errorRef="e" /></bpmn:endEvent>' + flow("s", "x")
    block = f'<bpmn:subProcess id="a">{inside}</bpmn:subProcess>'
    assert story_of(block, ids=("a",), more=error_edge("tout") + error_edge("refus", "e")).outcome == "refus"
    assert story_of(block, ids=("a",), more=error_edge("tout")).outcome == "tout"


def test_an_answer_named_like_an_input_goes_to_the_process():
    task = (
        '<bpmn:userTask id="a">'
        + ext('<zeebe:ioMapping><zeebe:input source="= age + 1" target="age" /></zeebe:ioMapping>')
        + "</bpmn:userTask>"
    )
    story = story_of(task, ids=("a",), variables={"age": 30})
    story.complete("a", age=40)
    assert story.variables == {"age": Decimal(40)}


def test_of_two_waits_for_one_message_the_inner_one_receives_it():
    wait = '<bpmn:intermediateCatchEvent id="w"><bpmn:messageEventDefinition messageRef="m" /></bpmn:intermediateCatchEvent>'
    inside = (
        f'<bpmn:startEvent id="s" />{wait}<bpmn:userTask id="u" /><bpmn:endEvent id="y" />'
        + flow("s", "w")
        + flow("w", "u")
        + flow("u", "y")
    )
    edge = '<bpmn:boundaryEvent id="b" attachedToRef="a"><bpmn:messageEventDefinition messageRef="m" /></bpmn:boundaryEvent><bpmn:endEvent id="dehors" />'
    story = story_of(f'<bpmn:subProcess id="a">{inside}</bpmn:subProcess>', ids=("a",), more=edge + flow("b", "dehors"))
    story.message("venu")
    assert story.tasks == ["u"]
    story.message("venu")
    assert story.ended
