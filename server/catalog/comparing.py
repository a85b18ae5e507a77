"""Tells in words what changed between two versions of a package, element by element."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from server.catalog.diagram import Diagram, Flow, Node, read_diagram
from server.catalog.package import Package
from server.catalog.xmlfile import attributes, extensions, local, read_xml, text_in
from server.kernel.errors import JalonError

ADDED, REMOVED, CHANGED, MOVED = "ajout", "retrait", "modification", "dessin"
TYPES = {
    "startEvent": "l'événement de début",
    "endEvent": "l'événement de fin",
    "boundaryEvent": "l'événement de bord",
    "intermediateCatchEvent": "l'attente",
    "intermediateThrowEvent": "l'événement envoyé",
    "userTask": "la tâche",
    "serviceTask": "la tâche de service",
    "sendTask": "l'envoi",
    "scriptTask": "le calcul",
    "businessRuleTask": "la règle",
    "callActivity": "l'appel",
    "subProcess": "le sous-processus",
}


@dataclass(frozen=True)
class Change:
    """One difference: `kind` is ajout, retrait, modification or dessin (moved only); `sentence` is French and ends with a full stop."""

    kind: str
    file: str
    element: str
    sentence: str


def compare(old: Package, new: Package) -> list[Change]:
    """What changed from `old` to `new`, file by file; an empty list when the two have the same content."""
    found: list[Change] = []
    for name in sorted(set(old.files) | set(new.files)):
        before, after = old.files.get(name), new.files.get(name)
        if before == after:
            continue
        if before is None:
            found.append(Change(ADDED, name, "", f"Le fichier {name} est ajouté."))
        elif after is None:
            found.append(Change(REMOVED, name, "", f"Le fichier {name} est retiré."))
        else:
            found += _inside(name, before, after)
    return found


def _inside(name: str, before: bytes, after: bytes) -> list[Change]:
    reader: Callable[[str, bytes, bytes], Iterator[Change]] | None = READERS.get(PurePosixPath(name).suffix)
    try:
        found = list(reader(name, before, after)) if reader else []
    except (JalonError, ValueError):
        found = []
    return found or [Change(CHANGED, name, "", f"Le fichier {name} change ({_lines(before, after)}).")]


def _lines(before: bytes, after: bytes) -> str:
    old, new = before.decode(errors="replace").splitlines(), after.decode(errors="replace").splitlines()
    gone, come = len(set(old) - set(new)), len(set(new) - set(old))
    return f"{come} ligne{'s' if come > 1 else ''} en plus, {gone} en moins"


# --- diagrams ----------------------------------------------------------------------------------------------------
def _diagrams(name: str, before: bytes, after: bytes) -> Iterator[Change]:
    old, new = read_diagram(before, name), read_diagram(after, name)
    yield from _nodes(name, old, new)
    yield from _flows(name, old, new)
    yield from _messages(name, old, new)


def _nodes(file: str, old: Diagram, new: Diagram) -> Iterator[Change]:
    for node in new.nodes.values():
        before = old.nodes.get(node.id)
        if before is None:
            yield Change(ADDED, file, node.id, f"On ajoute {_called(node)}.")
            continue
        for sentence in _node_changes(old, before, new, node):
            yield Change(CHANGED, file, node.id, sentence)
        if old.bounds.get(node.id) != new.bounds.get(node.id):
            yield Change(MOVED, file, node.id, f"Sur le dessin, {_called(node)} change de place.")
    for node in old.nodes.values():
        if node.id not in new.nodes:
            yield Change(REMOVED, file, node.id, f"On retire {_called(node)}.")


def _called(node: Node) -> str:
    kind = TYPES.get(node.type, "la passerelle" if node.type.endswith("Gateway") else "l'élément")
    return f"{kind} {node.label}"


def _node_changes(old: Diagram, before: Node, new: Diagram, after: Node) -> Iterator[str]:
    if before.name != after.name:
        yield f"L'élément « {after.id} » s'appelait « {before.name} », il s'appelle « {after.name} »."
    if before.type != after.type or before.event != after.event:
        yield f"L'élément {after.label} change de genre."
    if before.scope != after.scope:
        yield f"L'élément {after.label} change de sous-processus."
    was, now = _facts(old, before), _facts(new, after)
    for key in sorted(set(was) | set(now)):
        if was.get(key) != now.get(key):
            yield f"{after.label} : {key} passe de {_quoted(was.get(key))} à {_quoted(now.get(key))}."


def _facts(diagram: Diagram, node: Node) -> dict[str, str]:
    """What a node says beside its name: zeebe attributes by a French key, its timer, its message, where it is attached."""
    found: dict[str, str] = {}
    for element in extensions(node.xml):
        kind = local(element)
        for key, value in attributes(element).items():
            found[WORDS.get(f"{kind}.{key}", f"{kind} {key}")] = value
        for item in element:
            item_key = item.get("name") or item.get("key") or item.get("target") or ""
            word = {"property": "la propriété", "header": "l'en-tête", "input": "l'entrée", "output": "la sortie"}.get(
                local(item), local(item)
            )
            found[f"{word} {item_key}"] = item.get("value") or item.get("source") or ""
    kind, text = diagram.timer_of(node)
    message = diagram.message_of(node)
    found.update({k: v for k, v in (("le minuteur", text), ("le message", message.name if message else "")) if v or kind})
    for attribute, word in (
        ("attachedToRef", "l'activité de bord"),
        ("cancelActivity", "l'interruption"),
        ("default", "le flux par défaut"),
    ):
        if node.xml.get(attribute):
            found[word] = node.xml.get(attribute, "")
    return found


WORDS = {
    "formDefinition.formId": "le formulaire",
    "assignmentDefinition.candidateGroups": "le groupe",
    "assignmentDefinition.assignee": "la personne désignée",
    "taskSchedule.dueDate": "l'échéance",
    "calledDecision.decisionId": "la décision",
    "calledDecision.resultVariable": "la variable du résultat",
    "calledElement.processId": "le processus appelé",
    "taskDefinition.type": "le type de travail",
    "script.expression": "le calcul",
}


def _flows(file: str, old: Diagram, new: Diagram) -> Iterator[Change]:
    before, after = {f.id: f for f in old.flows}, {f.id: f for f in new.flows}
    for flow in after.values():
        was = before.get(flow.id)
        if was is None:
            yield Change(ADDED, file, flow.id, f"On ajoute le flux {flow.label}, de « {flow.source} » à « {flow.target} ».")
            continue
        for sentence in _flow_changes(was, flow):
            yield Change(CHANGED, file, flow.id, sentence)
    for flow in before.values():
        if flow.id not in after:
            yield Change(REMOVED, file, flow.id, f"On retire le flux {flow.label}, de « {flow.source} » à « {flow.target} ».")


def _flow_changes(was: Flow, flow: Flow) -> Iterator[str]:
    if was.name != flow.name:
        yield f"Le flux « {flow.id} » s'appelait « {was.name} », il s'appelle « {flow.name} »."
    if (was.source, was.target) != (flow.source, flow.target):
        yield f"Le flux {flow.label} va maintenant de « {flow.source} » à « {flow.target} »."
    if was.condition != flow.condition:
        yield f"La condition du flux {flow.label} passe de {_quoted(was.condition)} à {_quoted(flow.condition)}."


def _messages(file: str, old: Diagram, new: Diagram) -> Iterator[Change]:
    for key, message in new.messages.items():
        was = old.messages.get(key)
        if was is not None and was != message:
            yield Change(
                CHANGED, file, key, f"Le message « {message.name} » : la clé passe de {_quoted(was.key)} à {_quoted(message.key)}."
            )


# --- tables and forms ----------------------------------------------------------------------------------------------
def _tables(name: str, before: bytes, after: bytes) -> Iterator[Change]:
    old, new = _rules(read_xml(before, name)), _rules(read_xml(after, name))
    yield from _items(name, old, new, "la ligne")


def _rules(root: etree._Element) -> dict[str, str]:
    """Rule id (or its place) -> its cells, in words; a table's hit policy counts as a line of its own."""
    found: dict[str, str] = {}
    for decision in (e for e in root.iter() if local(e) == "decision"):
        owner = decision.get("id", "")
        for content in decision:
            if local(content) == "literalExpression":
                found[owner] = text_in(content)
            elif local(content) == "decisionTable":
                found[f"{owner} (règle de choix)"] = f"{content.get('hitPolicy', 'UNIQUE')} {content.get('aggregation', '')}".strip()
                found.update(_rows(content, owner))
    return found


def _rows(table: etree._Element, owner: str) -> dict[str, str]:
    rows = [e for e in table if local(e) == "rule"]
    cells = [[text_in(c) or "-" for c in row if local(c) in ("inputEntry", "outputEntry")] for row in rows]
    return {row.get("id") or f"{owner} {number}": " | ".join(cells[number - 1]) for number, row in enumerate(rows, start=1)}


def _forms(name: str, before: bytes, after: bytes) -> Iterator[Change]:
    old, new = dict(_components(json.loads(before))), dict(_components(json.loads(after)))
    yield from _items(name, old, new, "le champ")


def _components(component: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for child in component.get("components", ()):
        key = str(child.get("key") or child.get("path") or child.get("id") or child.get("text", ""))
        said = {k: v for k, v in child.items() if k not in ("components", "layout", "id")}
        yield key, json.dumps(said, ensure_ascii=False, sort_keys=True)
        yield from _components(child)


def _items(file: str, old: Mapping[str, str], new: Mapping[str, str], word: str) -> Iterator[Change]:
    for key, text in new.items():
        if key not in old:
            yield Change(ADDED, file, key, f"On ajoute {word} « {key} » : {text}.")
        elif old[key] != text:
            yield Change(CHANGED, file, key, f"{word.capitalize()} « {key} » passe de {_quoted(old[key])} à {_quoted(text)}.")
    for key, text in old.items():
        if key not in new:
            yield Change(REMOVED, file, key, f"On retire {word} « {key} » : {text}.")


def _quoted(text: str | None) -> str:
    return f"« {text} »" if text else "rien"


READERS: dict[str, Callable[[str, bytes, bytes], Iterator[Change]]] = {".bpmn": _diagrams, ".dmn": _tables, ".form": _forms}
