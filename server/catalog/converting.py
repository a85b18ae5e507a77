"""Turns a diagram drawn for Camunda 7 into ours when it is imported: what has an equal in the zeebe namespace is kept, the rest is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from server import feel
from server.catalog.xmlfile import BPMN, CAMUNDA, ZEEBE, attributes, local, read_xml
from server.kernel.errors import JalonError

# camunda attribute -> zeebe element and its attribute.
SAME: Mapping[str, tuple[str, str]] = {
    "assignee": ("assignmentDefinition", "assignee"),
    "candidateGroups": ("assignmentDefinition", "candidateGroups"),
    "candidateUsers": ("assignmentDefinition", "candidateUsers"),
    "dueDate": ("taskSchedule", "dueDate"),
    "followUpDate": ("taskSchedule", "followUpDate"),
    "formKey": ("formDefinition", "formId"),
    "formRef": ("formDefinition", "formId"),
    "decisionRef": ("calledDecision", "decisionId"),
    "resultVariable": ("calledDecision", "resultVariable"),
    "topic": ("taskDefinition", "type"),
    "priority": ("priorityDefinition", "priority"),
}
# Attributes that say nothing more once the others are turned.
SILENT = frozenset(
    {
        "type",
        "asyncBefore",
        "asyncAfter",
        "exclusive",
        "historyTimeToLive",
        "versionTag",
        "mapDecisionResult",
        "formRefBinding",
        "decisionRefBinding",
    }
)
_JUEL = re.compile(r"[$#]\{(.*)\}", re.DOTALL)


@dataclass(frozen=True)
class Converted:
    """The turned file, and a French sentence for each thing that has no equal here and was left out."""

    content: bytes
    left_out: tuple[str, ...]


def from_camunda(content: bytes) -> Converted:
    """A BPMN file without anything of the camunda namespace. A file that has none comes back as it is. Raises ModelError or TooMuch when it cannot be read."""
    if CAMUNDA.strip("{}").encode() not in content:
        return Converted(content, ())
    root = read_xml(content, "process.bpmn")
    left_out: list[str] = []
    for element in list(root.iter(f"{BPMN}*")):
        left_out += _turn_attributes(element)
        left_out += _turn_children(element)
        if local(element) == "conditionExpression" and element.text:
            left_out += _turn_condition(element)
    etree.cleanup_namespaces(root, top_nsmap={"zeebe": ZEEBE.strip("{}")})
    return Converted(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), tuple(dict.fromkeys(left_out)))


def _turn_attributes(element: etree._Element) -> list[str]:
    left_out = []
    called = element.get("calledElement")
    if local(element) == "callActivity" and called:
        _extension(element, "calledElement").set("processId", called)
        del element.attrib["calledElement"]
    for key, value in attributes(element).items():
        if not key.startswith(CAMUNDA):
            continue
        name = key.removeprefix(CAMUNDA)
        text = _feel(value.rpartition(":")[2] if name in ("formKey", "formRef") and "${" not in value else value)
        if name in SAME and text is not None:
            kind, attribute = SAME[name]
            _extension(element, kind).set(attribute, text)
        elif name not in SILENT:
            left_out.append(f"« {_named(element)} » : l'attribut « {name} » ({value}) n'a pas d'équivalent, il est retiré.")
        del element.attrib[key]
    return left_out


def _turn_children(element: etree._Element) -> list[str]:
    holder = element.find(f"{BPMN}extensionElements")
    left_out = []
    for child in list(holder) if holder is not None else ():
        if not isinstance(child.tag, str) or not child.tag.startswith(CAMUNDA):
            continue
        name = child.tag.removeprefix(CAMUNDA)
        if name == "properties":
            for item in child:
                _item(element, "properties", "property", {"name": item.get("name", ""), "value": item.get("value", "")})
        elif name == "inputOutput":
            left_out += _turn_mapping(element, child)
        else:
            left_out.append(f"« {_named(element)} » : l'élément « {name} » n'a pas d'équivalent, il est retiré.")
        if holder is not None:
            holder.remove(child)
    return left_out


def _turn_mapping(element: etree._Element, mapping: etree._Element) -> list[str]:
    left_out = []
    for item in mapping:
        kind = {"inputParameter": "input", "outputParameter": "output"}.get(local(item))
        text = _feel((item.text or "").strip()) if len(item) == 0 else None
        if kind and text:
            _item(element, "ioMapping", kind, {"source": text, "target": item.get("name", "")})
        else:
            left_out.append(f"« {_named(element)} » : la valeur « {item.get('name', '')} » n'est pas simple, elle est retirée.")
    return left_out


def _turn_condition(element: etree._Element) -> list[str]:
    text = (element.text or "").strip()
    turned = _feel(text)
    flow = element.getparent()
    if turned is None:
        name = _named(flow) if flow is not None else ""
        return [f"« {name} » : la condition « {text} » ne se traduit pas, réécrivez-la en FEEL."]
    element.text = turned
    return []


def _feel(text: str) -> str | None:
    """A text as it is, or a ${…} expression in FEEL when it is simple enough to be read so; None when it is not."""
    found = _JUEL.fullmatch(text.strip())
    if found is None:
        return None if "${" in text or "#{" in text else text
    if re.search(r"\w\s*\(", found.group(1)):
        return None  # a call to the other engine's code
    inner = re.sub(r"'([^']*)'", r'"\1"', found.group(1).strip())
    for old, new in (("==", "="), ("&&", " and "), ("||", " or ")):
        inner = inner.replace(old, new)
    inner = re.sub(r"!(?!=)\s*([\w.]+)", r"not(\1)", inner)
    try:
        feel.compile(inner)
    except JalonError:
        return None
    return f"= {' '.join(inner.split())}"


def _extension(element: etree._Element, kind: str) -> etree._Element:
    """The zeebe element of that kind inside the element's extensions, made when it is not there yet."""
    holder = element.find(f"{BPMN}extensionElements")
    if holder is None:
        holder = etree.Element(f"{BPMN}extensionElements")
        # The schema wants extensions right after the documentation.
        element.insert(len(element.findall(f"{BPMN}documentation")), holder)
    found = holder.find(f"{ZEEBE}{kind}")
    return etree.SubElement(holder, f"{ZEEBE}{kind}") if found is None else found


def _item(element: etree._Element, kind: str, name: str, values: Mapping[str, str]) -> None:
    etree.SubElement(_extension(element, kind), f"{ZEEBE}{name}", dict(values))


def _named(element: etree._Element) -> str:
    return element.get("name") or element.get("id") or local(element)
