"""Small diagrams written in a test, when a file of its own would say no more."""

from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d">'
    '<bpmn:message id="m" name="venu" /><bpmn:error id="e" errorCode="refus" />'
)
START, END = '<bpmn:startEvent id="debut" />', '<bpmn:endEvent id="fin" />'


def drawn(body: str, process: str = "p", executable: str = "true") -> dict[str, bytes]:
    return {
        "process.bpmn": f'{HEAD}<bpmn:process id="{process}" isExecutable="{executable}">{body}</bpmn:process></bpmn:definitions>'.encode()
    }


def flow(source: str, target: str, text: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>" if text else ""
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def line(*nodes: str, ids: tuple[str, ...]) -> str:
    places = ("debut", *ids, "fin")
    return START + "".join(nodes) + END + "".join(flow(a, b) for a, b in pairwise(places))
