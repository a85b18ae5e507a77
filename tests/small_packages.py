"""Small packages for tests: a few elements each, built from short words instead of long files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from server.catalog.package import Package, package_from_files

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="D" targetNamespace="urn:essai">'
)


def task(name: str, group: str = "orientation", *, form: str = "", due: str = "", assignee: str = "") -> str:
    """A user task."""
    inside = f'<zeebe:assignmentDefinition candidateGroups="{group}"' + (f" assignee={quoteattr(assignee)}" if assignee else "") + "/>"
    if form:
        inside += f'<zeebe:formDefinition formId="{form}"/>'
    if due:
        inside += f"<zeebe:taskSchedule dueDate={quoteattr(due)}/>"
    return f'<bpmn:userTask id="{name}" name="{name}"><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:userTask>'


def timer(name: str, on: str, duration: str, *, interrupting: bool = False) -> str:
    """A boundary timer."""
    cancels = "true" if interrupting else "false"
    when = f'<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>'
    return f'<bpmn:boundaryEvent id="{name}" attachedToRef="{on}" cancelActivity="{cancels}">{when}</bpmn:boundaryEvent>'


def send(
    name: str, kind: str, headers: Mapping[str, str] | None = None, inputs: Mapping[str, str] | None = None, *, waits: bool = False
) -> str:
    """A service task."""
    heads = "".join(f"<zeebe:header key={quoteattr(k)} value={quoteattr(v)}/>" for k, v in (headers or {}).items())
    reads = "".join(f"<zeebe:input source={quoteattr(v)} target={quoteattr(k)}/>" for k, v in (inputs or {}).items())
    inside = f'<zeebe:taskDefinition type="{kind}"/>' + (f"<zeebe:taskHeaders>{heads}</zeebe:taskHeaders>" if heads else "")
    inside += f"<zeebe:ioMapping>{reads}</zeebe:ioMapping>" if reads else ""
    inside += '<zeebe:properties><zeebe:property name="attendre" value="oui"/></zeebe:properties>' if waits else ""
    return f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:serviceTask>'


def call(name: str, process: str) -> str:
    """A call activity."""
    inside = f'<zeebe:calledElement processId="{process}"/>'
    return f'<bpmn:callActivity id="{name}" name="{name}"><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:callActivity>'


def boundary_message(name: str, on: str, message: str) -> str:
    """An interrupting boundary message event; its message is declared by `package`."""
    return (
        f'<bpmn:boundaryEvent id="{name}" attachedToRef="{on}"><bpmn:messageEventDefinition messageRef="M_{message}"/></bpmn:boundaryEvent>'
    )


def catch(name: str, message: str) -> str:
    """An intermediate message event."""
    return f'<bpmn:intermediateCatchEvent id="{name}"><bpmn:messageEventDefinition messageRef="M_{message}"/></bpmn:intermediateCatchEvent>'


def gate(name: str, default: str) -> str:
    """An exclusive gateway whose default flow is `default`."""
    return f'<bpmn:exclusiveGateway id="{name}" default="{default}"/>'


def end(name: str, outcome: str = "") -> str:
    """An end event."""
    inside = f'<zeebe:properties><zeebe:property name="issue" value="{outcome}"/></zeebe:properties>' if outcome else ""
    return f'<bpmn:endEvent id="{name}"><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:endEvent>'


def flow(text: str, when: str = "") -> str:
    """ "a>b": a sequence flow named a_b, with a FEEL condition."""
    source, target = text.split(">")
    inside = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{when}</bpmn:conditionExpression>' if when else ""
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def form(form_id: str, *components: Mapping[str, object]) -> dict[str, object]:
    """A form-js schema."""
    return {"type": "default", "schemaVersion": 18, "id": form_id, "components": [{"id": f"c{n}", **c} for n, c in enumerate(components)]}


def package(
    slug: str,
    *elements: str,
    messages: tuple[str, ...] = (),
    forms: tuple[dict[str, object], ...] = (),
    letters: Mapping[str, str] | None = None,
) -> Package:
    """A package of one process; it starts with the event `debut`. Messages are correlated on the case's id."""
    declared = "".join(
        f'<bpmn:message id="M_{name}" name="{name}"><bpmn:extensionElements><zeebe:subscription correlationKey="= dossier.id"/>'
        f"</bpmn:extensionElements></bpmn:message>"
        for name in messages
    )
    body = f'<bpmn:process id="{slug}" name="{slug}" isExecutable="true"><bpmn:startEvent id="debut"/>{"".join(elements)}</bpmn:process>'
    files = {
        "package.toml": f'id = "{slug}"\ntitle = "Essai {slug}"\nowner = "essais"\nstart_groups = ["orientation"]\nletters = {json.dumps(list(letters or {}))}\n',
        "process.bpmn": f"{HEAD}{declared}{body}</bpmn:definitions>",
        **{f"forms/{schema['id']}.form": json.dumps(schema) for schema in forms},
        **{f"letters/{name}.md": text for name, text in (letters or {}).items()},
    }
    return package_from_files(files)


def accueil() -> Package:
    """One task with a form and a reminder after 10 days, a choice, a second task."""
    return package(
        "accueil",
        flow("debut>entretien"),
        task("entretien", form="entretien", due='= echeance("orientation", dossier.ouverture)'),
        timer("rappel", "entretien", "P10D"),
        flow("rappel>relancer"),
        task("relancer"),
        flow("relancer>fin_rappel"),
        end("fin_rappel"),
        flow("entretien>choix"),
        gate("choix", "choix_fin"),
        flow("choix>suite", '= voie = "social"'),
        flow("choix>fin"),
        task("suite", "referent"),
        flow("suite>fin"),
        end("fin", "termine"),
        forms=(
            form(
                "entretien",
                {"type": "textfield", "key": "voie", "label": "Voie", "validate": {"required": True}},
                {"type": "number", "key": "freins", "label": "Freins"},
            ),
        ),
    )
