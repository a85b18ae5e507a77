"""A fact in one French sentence and in lines of detail, the same words on the case page and in replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from server.forms import value_text
from server.kernel import facts as kinds
from server.queries.wording import MILESTONES, CaseWords, event_words, group_words, plain_words

HUMAN = {
    kinds.TASK_COMPLETED,
    kinds.TASK_CLAIMED,
    kinds.TASK_RELEASED,
    kinds.TASK_ASSIGNED,
    kinds.PERSON_CHANGED,
    kinds.DUE_DATE_CHANGED,
} | {
    kinds.MESSAGE_RECEIVED,
    kinds.MESSAGE_UNEXPECTED,
    kinds.INSTANCE_CANCELLED,
}
_PARIS = ZoneInfo("Europe/Paris")
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
    kinds.MILESTONE_REACHED: "flag",
    kinds.OPINION_GIVEN: "pen",
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
    kinds.CHILD_CANCELLED,
    kinds.OUTSIDE_CALL_WANTED,
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
    kinds.TIMER_SET: "Échéance fixée : {element}{due}",
    kinds.TIMER_FIRED: "Échéance atteinte : {element}",
    kinds.TIMER_CANCELLED: "Échéance levée : {element}",
    kinds.MESSAGE_AWAITED: "En attente : {event}",
    kinds.MESSAGE_RECEIVED: "Évènement reçu : {event}",
    kinds.MESSAGE_NO_LONGER_AWAITED: "N'attend plus : {element}",
    kinds.MESSAGE_UNEXPECTED: "Évènement noté, aucune étape ne l'attendait : {event}",
    kinds.DECISION_TAKEN: "Table appliquée : {element}",
    kinds.OUTSIDE_CALL_WANTED: "{asked} : {element}",
    kinds.OUTSIDE_CALL_RETURNED: "Réponse reçue : {element}",
    kinds.MILESTONE_REACHED: "Inscrit au dossier : {milestone}",
    kinds.PASSAGE_ASKED: "Passage demandé en équipe pluridisciplinaire",
    kinds.OPINION_GIVEN: "Avis de l'équipe pluridisciplinaire rendu",
    kinds.SESSION_HELD: "Séance d'équipe pluridisciplinaire prévue",
    kinds.DRAFT_SAVED: "Brouillon enregistré : {element}",
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
    "groups": "Équipes",
    "outcome": "Issue",
    "message": "Message",
    "error": "Défaut",
    "le": "Date",
    "held_on": "Séance du",
    "right_opened_on": "Droit ouvert le",
    "sha256": "Empreinte du fichier",
}
_HASHES = {kinds.INSTANCE_STARTED: "Version du processus", kinds.DECISION_TAKEN: "Version de la table"}
_ASKED = {"courrier": "Courrier demandé", "bordereau_caf": "Bordereau CAF demandé", "message": "Message envoyé", "fait": "À inscrire"}
_SHOWN_TERMS = {*_TERMS, "hash"}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def tell(fact: Told, words: CaseWords, package_id: str | None = None) -> Telling:
    """The fact in words; personal values come only from its payload, absent once erased."""
    body, payload = dict(fact.body), dict(fact.payload or {})
    sentence = _SENTENCES.get(fact.kind, plain_words(fact.kind)).format_map(_Blank(_named(fact, body | payload, words, package_id)))
    lines = [
        (_HASHES.get(fact.kind, "Empreinte") if name == "hash" else _TERMS[name], _readable(name, value, words, package_id))
        for name, value in body.items()
        if name in _SHOWN_TERMS and value not in (None, "", [])
    ]
    for name in ("answers", "variables", "inputs", "result", "outputs", "opinion"):
        if isinstance(payload.get(name), Mapping):
            lines += words.lines(payload[name], package_id)
    if fact.kind == kinds.MILESTONE_REACHED:
        lines += words.lines(payload, package_id)
    if payload.get("reason"):
        lines.append(("Motif", payload["reason"]))
    for derivation in _derivations(payload):
        lines.append(("Pourquoi cette date", derivation))
    return Telling(sentence, tuple(lines))


def _named(fact: Told, told: dict[str, Any], words: CaseWords, package_id: str | None) -> dict[str, Any]:
    """What the sentences name, in words."""
    name = str(told.get("name") or "")
    return {
        "element": fact.element_name or name or "–",
        "process": words.process(str(told.get("process") or "")),
        "outcome": words.outcome(str(told.get("outcome") or ""), package_id) or "–",
        "event": event_words(name),
        "milestone": MILESTONES.get(name, plain_words(name).lower()),
        "asked": _ASKED.get(str(told.get("type") or ""), "Demandé"),
        "title": told.get("title") or fact.element_name or "–",
        "due": _day(told.get("due")),
        "message": told.get("message") or "–",
    }


def _day(value: Any) -> str:
    moment = _moment(value)
    return f", pour le {value_text(moment.astimezone(_PARIS).date())}" if moment else ""


def _derivations(payload: Mapping[str, Any]) -> list[str]:
    found = payload.get("derivation") or {}
    if not isinstance(found, Mapping):
        return []
    tried = [found] if "phrase" in found else [inner for inner in found.values() if isinstance(inner, Mapping)]
    return [str(one["phrase"]) for one in tried if one.get("phrase")]


def _readable(name: str, value: Any, words: CaseWords, package_id: str | None) -> Any:
    if name == "groups":
        return ", ".join(group_words(group) for group in value)
    if name == "outcome":
        return words.outcome(str(value), package_id)
    return _moment(value) or value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and "T" in value:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) else None
