"""SpiffWorkflow 3.2.0 as shipped (its parser, specs and serializer) on our test models, as an oracle and as the measure of what pruning gives."""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from tests.engine.playing import MODELS, MONDAY

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


def common_file(name: str) -> bytes:
    """The file of a model, without what the two count differently: a month from the 31st."""
    return (MODELS / f"{name}.bpmn").read_bytes().replace(b"P1M", b"P30D")


class ShippedClock(datetime):
    """Stands for `datetime` in SpiffWorkflow's timers, which read the clock."""

    at = MONDAY

    @classmethod
    def now(cls, tz=None):
        return cls.at.astimezone(tz) if tz else cls.at


class Shipped:
    """SpiffWorkflow 3.2.0 with its own parser and specs, on a test model put in its words (Python, quoted durations)."""

    def __init__(self, name: str, variables: dict) -> None:
        root = etree.fromstring(common_file(name))
        for text in root.iter(f"{BPMN}conditionExpression"):
            text.text = text.text.removeprefix("= ").replace(" = ", " == ")
        for tag in ("timeDuration", "timeDate"):
            for text in root.iter(f"{BPMN}{tag}"):
                text.text = f'"{text.text}"'
        for script in root.iter(f"{BPMN}scriptTask"):
            zeebe = script.find(f".//{ZEEBE}script")
            etree.SubElement(script, f"{BPMN}script").text = f"{zeebe.get('resultVariable')} = {zeebe.get('expression').removeprefix('= ')}"
        parser = BpmnParser()
        parser.add_bpmn_xml(root)
        self.fired = 0
        self.workflow = BpmnWorkflow(parser.get_spec(name), parser.get_subprocess_specs(name))
        self.workflow.task_tree.set_data(**variables)
        self.go_on()

    def go_on(self) -> None:
        # Timers fire at the end of a pass; what follows them, through the ends of sub-processes, runs in the next ones.
        for _ in range(4):
            self.workflow.do_engine_steps()

    @property
    def ready(self) -> list[str]:
        return [t.task_spec.name for t in self.ready_tasks()]

    def ready_tasks(self) -> list:
        return [t for t in self.workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]

    def complete(self, element: str, values: dict) -> None:
        task = next(t for t in self.ready_tasks() if t.task_spec.name == element)
        task.set_data(**values)
        task.run()
        self.go_on()

    def wait_until(self, moment: datetime) -> None:
        # As shipped a timer fires strictly after its date; each one late by a second moves the next by one more.
        self.fired += 1
        ShippedClock.at = moment + timedelta(seconds=self.fired)
        self.go_on()

    def send(self, name: str) -> None:
        waiting = self.workflow.get_tasks(state=TaskState.WAITING)
        found = [d for t in waiting for d in definitions_of(t) if getattr(d, "name", None) == name and "Message" in type(d).__name__]
        self.workflow.catch(BpmnEvent(found[0], {}))
        self.go_on()


def definitions_of(task) -> list:
    definition = getattr(task.task_spec, "event_definition", None)
    return [definition, *getattr(definition, "event_definitions", [])] if definition is not None else []
