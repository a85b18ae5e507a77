"""Dates, numbers and codes in the words of the screens, with French typography; registered as template filters."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from jinja2.ext import Extension

from server.queries.wording import group_words

PARIS = ZoneInfo("Europe/Paris")
_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
_LONG_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_LONG_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
NARROW = "\u202f"
FIXED = "\u00a0"

ROLE_WORDS = {
    "agent": "Agent",
    "referent": "Référent",
    "responsable": "Responsable de territoire",
    "secretariat_ep": "Secrétariat d'EP",
    "membre_ep": "Membre d'EP",
    "decideur": "Décideur",
    "proprietaire": "Propriétaire de processus",
    "auditeur": "Auditeur",
    "administrateur": "Administrateur",
}

FACT_WORDS = {
    "InstanceStarted": "Étape commencée",
    "ElementEntered": "Passage",
    "ElementLeft": "Suite",
    "TaskReady": "Tâche ouverte",
    "TaskCompleted": "Tâche terminée",
    "TaskCancelled": "Tâche annulée",
    "TimerSet": "Échéance fixée",
    "TimerFired": "Échéance atteinte",
    "TimerCancelled": "Échéance levée",
    "MessageAwaited": "Attente d'un évènement",
    "MessageReceived": "Évènement reçu",
    "MessageNoLongerAwaited": "Fin d'attente",
    "MessageUnexpected": "Évènement noté, aucune étape ne l'attendait",
    "DecisionTaken": "Table appliquée",
    "OutsideCallWanted": "Envoi demandé",
    "OutsideCallCancelled": "Envoi annulé",
    "OutsideCallReturned": "Réponse reçue",
    "ChildWanted": "Étape appelée",
    "ChildCancelled": "Étape interrompue",
    "ChildReturned": "Étape rendue",
    "DueDateChanged": "Échéance déplacée",
    "ModelFault": "Défaut du diagramme",
    "InstanceEnded": "Étape terminée",
    "InstanceCancelled": "Étape annulée",
    "CaseOpened": "Dossier ouvert",
    "TaskClaimed": "Tâche prise",
    "TaskReleased": "Tâche rendue à l'équipe",
    "TaskAssigned": "Tâche confiée",
    "LetterMade": "Courrier produit",
    "DocumentAdded": "Document ajouté",
    "PersonChanged": "Fiche modifiée",
    "CaseRead": "Dossier consulté",
    "Stuck": "Traitement bloqué",
    "Erased": "Données effacées",
    "ImportRun": "Import",
    "PackageDrafted": "Brouillon de processus",
    "PackagePublished": "Processus publié",
    "SignedIn": "Connexion",
    "SessionHeld": "Séance d'EP",
}


def local(moment: datetime | date | None) -> datetime | date | None:
    """A moment in Paris time; a date alone as it is."""
    return moment.astimezone(PARIS) if isinstance(moment, datetime) else moment


def short_date(moment: datetime | date | None, today: date | None = None) -> str:
    """« jeu. 19 nov. », with the year when it is not the current one."""
    if moment is None:
        return ""
    day = local(moment)
    assert day is not None  # noqa: S101 - moment is not None
    current = today or current_app.extensions["jalon"].clock.now().astimezone(PARIS).date()
    first = "1er" if day.day == 1 else str(day.day)
    year = "" if day.year == current.year else f"{FIXED}{day.year}"
    return f"{_DAYS[day.weekday()]} {first}{FIXED}{_MONTHS[day.month - 1]}{year}"


def long_date(moment: datetime | date | None) -> str:
    """« jeudi 19 novembre 2026 »."""
    if moment is None:
        return ""
    day = local(moment)
    assert day is not None  # noqa: S101 - moment is not None
    first = "1er" if day.day == 1 else str(day.day)
    return f"{_LONG_DAYS[day.weekday()]} {first}{FIXED}{_LONG_MONTHS[day.month - 1]} {day.year}"


def hour(moment: datetime | None) -> str:
    """« 10 h 41 »."""
    if moment is None:
        return ""
    at = moment.astimezone(PARIS)
    return f"{at.hour}{FIXED}h{FIXED}{at.minute:02d}"


def number(value: int | float | Decimal | None) -> str:
    """« 1 204 », « 71,4 »."""
    if value is None:
        return "–"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text.replace(",", NARROW).replace(".", ",")


def answer(value: Any) -> str:
    """Any value of a process in words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{long_date(value)} à {hour(value)}"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    if isinstance(value, list):
        return " ; ".join(answer(item) for item in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} : {answer(item)}" for key, item in value.items())
    return str(value)


def french(text: str) -> str:
    """The text with non-breaking spaces where French wants them, and curved apostrophes."""
    for mark, fixed in _TYPOGRAPHY:
        text = mark.sub(fixed, text)
    return text


_TYPOGRAPHY = (
    (re.compile(r"(?<=\S) (?=[:;?!%»])"), FIXED),
    (re.compile(r"« "), f"«{FIXED}"),
    (re.compile(r"(?<=[^\W\d_])'(?=\w)"), "’"),
)
_CODE = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<[a-zA-Z/!][^<>]*>)", re.DOTALL)


class Typography(Extension):
    """Gives the texts of the templates their typography; tags, attributes and expressions stay as written."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja calls it so
        """The source as it is compiled."""
        parts = _CODE.split(source)
        return "".join(part if place % 2 else french(part) for place, part in enumerate(parts))


def plural(count: int, one: str, many: str) -> str:
    """« 1 tâche », « 2 tâches »: French has its plural from two on."""
    return f"{number(count)} {one if -2 < count < 2 else many}"


def fact_words(kind: str) -> str:
    """The kind of a fact in French."""
    return FACT_WORDS.get(kind, kind)


def install(app: Flask) -> None:
    """Registers the filters and the typography of the templates."""
    app.jinja_env.add_extension(Typography)
    for function in (short_date, long_date, hour, number, answer, fact_words, french, group_words):
        app.add_template_filter(function)
    app.jinja_env.globals["plural"] = plural
