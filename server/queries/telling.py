"""A fact in one French sentence and in lines of detail, the same words on the case page and in replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from server.kernel import facts as kinds

HUMAN = {kinds.TASK_COMPLETED, kinds.TASK_CLAIMED, kinds.TASK_RELEASED, kinds.TASK_ASSIGNED, kinds.CASE_OPENED, kinds.PERSON_CHANGED}
ICONS = {
    kinds.TASK_READY: "pen",
    kinds.TASK_COMPLETED: "check",
    kinds.TIMER_SET: "cal",
    kinds.TIMER_FIRED: "late",
    kinds.MESSAGE_RECEIVED: "mail",
    kinds.MESSAGE_UNEXPECTED: "mail",
    kinds.DECISION_TAKEN: "gear",
    kinds.OUTSIDE_CALL_WANTED: "mail",
    kinds.LETTER_MADE: "doc",
    kinds.DOCUMENT_ADDED: "doc",
    kinds.INSTANCE_STARTED: "flag",
    kinds.INSTANCE_ENDED: "flag",
    kinds.CASE_OPENED: "flag",
    kinds.MODEL_FAULT: "late",
    kinds.STUCK: "late",
}
# Facts that say how the machine moved: shown in replay, left out of a case's history.
MACHINERY = {
    kinds.ELEMENT_ENTERED,
    kinds.ELEMENT_LEFT,
    kinds.MESSAGE_AWAITED,
    kinds.MESSAGE_NO_LONGER_AWAITED,
    kinds.TIMER_CANCELLED,
    kinds.CHILD_WANTED,
    kinds.CHILD_RETURNED,
    kinds.CASE_READ,
    kinds.DRAFT_SAVED,
}


class Told(Protocol):
    """What a fact must have to be told."""

    @property
    def kind(self) -> str: ...
    @property
    def element_name(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def payload(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True)
class Telling:
    """The sentence and the lines (term, value)."""

    words: str
    lines: tuple[tuple[str, Any], ...]


_SENTENCES = {
    kinds.INSTANCE_STARTED: "Étape commencée : {process}",
    kinds.ELEMENT_ENTERED: "Passage par « {element} »",
    kinds.ELEMENT_LEFT: "Fin de « {element} »",
    kinds.TASK_READY: "Tâche ouverte : {element}",
    kinds.TASK_COMPLETED: "Tâche terminée : {element}",
    kinds.TASK_CANCELLED: "Tâche annulée : {element}",
    kinds.TIMER_SET: "Échéance fixée : {element}",
    kinds.TIMER_FIRED: "Échéance atteinte : {element}",
    kinds.TIMER_CANCELLED: "Échéance levée : {element}",
    kinds.MESSAGE_AWAITED: "En attente de : {name}",
    kinds.MESSAGE_RECEIVED: "Évènement reçu : {name}",
    kinds.MESSAGE_NO_LONGER_AWAITED: "Fin d'attente : {element}",
    kinds.MESSAGE_UNEXPECTED: "Évènement noté, aucune étape ne l'attendait : {name}",
    kinds.DECISION_TAKEN: "Table appliquée : {decision}",
    kinds.OUTSIDE_CALL_WANTED: "Demandé : {element}",
    kinds.OUTSIDE_CALL_RETURNED: "Réponse reçue : {element}",
    kinds.OUTSIDE_CALL_CANCELLED: "Demande annulée : {element}",
    kinds.CHILD_WANTED: "Étape appelée : {process}",
    kinds.CHILD_CANCELLED: "Étape interrompue : {element}",
    kinds.CHILD_RETURNED: "Étape rendue : {outcome}",
    kinds.DUE_DATE_CHANGED: "Échéance déplacée : {element}",
    kinds.MODEL_FAULT: "Défaut du diagramme : {message}",
    kinds.INSTANCE_ENDED: "Étape terminée : {outcome}",
    kinds.INSTANCE_CANCELLED: "Étape annulée",
    kinds.CASE_OPENED: "Dossier ouvert",
    kinds.TASK_CLAIMED: "Tâche prise : {element}",
    kinds.TASK_RELEASED: "Tâche rendue à l'équipe : {element}",
    kinds.TASK_ASSIGNED: "Tâche confiée : {element}",
    kinds.LETTER_MADE: "Courrier produit : {title}",
    kinds.DOCUMENT_ADDED: "Document ajouté : {title}",
    kinds.PERSON_CHANGED: "Fiche modifiée",
    kinds.CASE_READ: "Dossier consulté",
    kinds.STUCK: "Traitement bloqué : {element}",
    kinds.ERASED: "Données effacées",
}
_TERMS = {
    "due": "Échéance",
    "limit": "Limite légale",
    "old": "Avant",
    "new": "Après",
    "form": "Formulaire",
    "groups": "Équipes",
    "outcome": "Issue",
    "process": "Processus",
    "hash": "Version de la table",
    "rules": "Règles appliquées",
    "reason": "Motif",
    "type": "Type",
    "message": "Message",
    "name": "Nom",
}
_HIDDEN = {
    "task",
    "timer",
    "call",
    "subscription",
    "key",
    "lane",
    "priority",
    "assignee",
    "headers",
    "interrupting",
    "flows",
    "id",
    "document",
}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def tell(fact: Told) -> Telling:
    """The fact in words; personal values come only from its payload, absent once erased."""
    body = dict(fact.body)
    words = _SENTENCES.get(fact.kind, fact.kind).format_map(_Blank(body | {"element": fact.element_name or body.get("name") or "–"}))
    lines = [
        (_TERMS.get(name, name), _readable(value)) for name, value in body.items() if name not in _HIDDEN and value not in (None, "", [])
    ]
    payload = dict(fact.payload or {})
    for name in ("answers", "variables", "inputs", "result", "outputs"):
        if isinstance(payload.get(name), Mapping):
            lines += [(str(term), value) for term, value in payload[name].items()]
    if payload.get("reason"):
        lines.append(("Motif", payload["reason"]))
    for derivation in _derivations(payload):
        lines.append(("Pourquoi cette date", derivation))
    return Telling(words, tuple(lines))


def _derivations(payload: Mapping[str, Any]) -> list[str]:
    found = payload.get("derivation") or {}
    if not isinstance(found, Mapping):
        return []
    tried = [found] if "phrase" in found else [inner for inner in found.values() if isinstance(inner, Mapping)]
    return [str(one["phrase"]) for one in tried if one.get("phrase")]


def _readable(value: Any) -> Any:
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and "T" in value:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value
