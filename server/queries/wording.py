"""Codes in the users' words: groups, events, milestones, outcomes, answers; from the version's own forms, manifest and diagram."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from server.access.jalon import Jalon
from server.access.library import Shelf
from server.catalog.package import Package
from server.forms import Component, Form
from server.kernel.errors import ModelError, NotFound
from server.store.sql import select
from server.store.tables import package_version
from server.store.work import reading

GROUPS = {
    "orientation": "Orientation",
    "referent": "Référents",
    "territoire": "Responsables de territoire",
    "ep_secretariat": "Secrétariat d'EP",
    "ep_membre": "Membres d'EP",
    "decision": "Décision",
    "allocation": "Service de l'allocation",
    "gestion": "Gestion",
}
EVENTS = {
    "regularisation_constatee": "régularisation constatée",
    "avis_ep": "avis de l'équipe pluridisciplinaire",
    "mutation": "départ du département",
    "sortie_du_droit": "sortie du RSA",
    "observations_recues": "observations reçues",
    "rendez_vous_deplace": "rendez-vous déplacé",
    "manquement_signale": "manquement signalé",
    "reorientation_demandee": "réorientation demandée",
    "entree_droits_devoirs": "entrée dans les droits et devoirs",
}
MILESTONES = {
    "oriente": "orientation décidée",
    "premier_rdv": "premier rendez-vous tenu",
    "contrat_signe": "contrat signé",
    "contrat_fin": "contrat arrivé à son terme",
    "manquement": "manquement qualifié",
    "ep": "avis de l'équipe pluridisciplinaire rendu",
    "sanction": "sanction décidée",
    "retabli": "droit rétabli",
    "sortie": "sortie du RSA",
}
_TERMS = {
    "le": "Date",
    "issue": "Issue de l'étape précédente",
    "ouverture": "Ouverture du droit",
    "inscrit_ft": "Inscrit à France Travail",
    "source": "Origine",
    "faits": "Faits",
    "precision": "Précision",
    "notifiee_le": "Notifiée le",
    "raison": "Raison",
    "sens": "Sens de l'avis",
    "taux": "Taux",
    "duree": "Durée",
    "debut": "Début",
    "fin": "Fin",
}


def group_words(group: str) -> str:
    """A group of work in French."""
    return GROUPS.get(group, plain_words(group))


def event_words(name: str) -> str:
    """A message of the diagrams in French."""
    return EVENTS.get(name, plain_words(name).lower())


def plain_words(code: str) -> str:
    """What is left to say of a code that nobody named: « date_entretien » -> « Date entretien »."""
    return code.replace("_", " ").strip().capitalize()


@dataclass(frozen=True)
class PackageWords:
    """What a version calls its things: key -> label, key -> {value: label}, outcome -> name of the end that gives it."""

    title: str
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)


_CODE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_SHELF: Shelf[str, PackageWords] = Shelf(300)


def package_words(jalon: Jalon, package_id: str) -> PackageWords:
    """The words of a published version, read once. Raises NotFound."""
    package = jalon.package(package_id)
    return _SHELF.get(package.hash, lambda: _read(package, jalon.definition(package_id), list(_forms(jalon, package_id, package))))


def _forms(jalon: Jalon, package_id: str, package: Package) -> Iterable[Form]:
    for form_id in package.form_ids:
        try:
            yield jalon.form(package_id, form_id)
        except (ModelError, NotFound):
            continue  # an old version may hold a form that is refused today: its codes stay codes


def _read(package: Package, definition: Any, forms: Iterable[Form]) -> PackageWords:
    labels = {name: variable.label for name, variable in package.variables.items() if variable.label}
    choices: dict[str, dict[str, str]] = {}
    for form in forms:
        for component in form.walk():
            key = component.path[-1] if component.path else ""
            if key and (label := _label(component)):
                labels[key] = label
            if key and (offered := _offered(component)):
                choices.setdefault(key, {}).update(offered)
    outcomes = {
        element.zeebe.properties["issue"]: element.name
        for element in definition.elements.values()
        if element.type == "endEvent" and element.zeebe.properties.get("issue") and element.name
    }
    return PackageWords(package.title, labels, choices, outcomes)


def _label(component: Component) -> str:
    template = component.label.template
    return template.text if template and template.constant else ""


def _offered(component: Component) -> dict[str, str]:
    fixed = component.choices.fixed if component.choices else None
    return {str(one["value"]): str(one["label"]) for one in fixed or () if one.get("label")}


@dataclass(frozen=True)
class CaseWords:
    """The words of a case: those of the version that speaks first, then those of the others the case went through."""

    of: Mapping[str, PackageWords]
    titles: Mapping[str, str]

    def process(self, slug: str) -> str:
        """The title of a process."""
        return self.titles.get(slug, plain_words(slug))

    def outcome(self, outcome: str, package_id: str | None = None) -> str:
        """The name of the end that gives this outcome."""
        return next((words.outcomes[outcome] for words in self._order(package_id) if outcome in words.outcomes), plain_words(outcome))

    def line(self, key: str, value: Any, package_id: str | None = None) -> tuple[str, Any]:
        """(label, value in words) of a variable or an answer."""
        label = next((words.labels[key] for words in self._order(package_id) if key in words.labels), "")
        return label or _TERMS.get(key) or plain_words(key), self._value(key, value, package_id)

    def lines(self, answers: Mapping[str, Any], package_id: str | None = None) -> tuple[tuple[str, Any], ...]:
        """The answers in the order of the version's forms, those without a place there last."""
        labels = self.of[package_id].labels if package_id and package_id in self.of else {}
        order = {key: place for place, key in enumerate(labels)}
        keys = sorted(answers, key=lambda key: order.get(key, len(order)))
        return tuple(self.line(key, answers[key], package_id) for key in keys)

    def _value(self, key: str, value: Any, package_id: str | None) -> Any:
        if isinstance(value, Mapping):
            return dict(self.line(name, inner, package_id) for name, inner in value.items())
        if isinstance(value, list):
            return [self._value(key, item, package_id) for item in value]
        if not isinstance(value, str):
            return value
        if key == "issue":
            return self.outcome(value, package_id)
        for words in self._order(package_id):
            if value in words.choices.get(key, {}):
                return words.choices[key][value]
        return self._named_somewhere(value)

    def text(self, text: str) -> str:
        """A sentence of a table with its codes in words."""
        return _CODE.sub(lambda found: self._named_somewhere(found[0]), text)

    def _named_somewhere(self, value: str) -> str:
        """The label of a code that another field of the case offers, when there is only one."""
        return self._anywhere.get(value, value)

    @cached_property
    def _anywhere(self) -> dict[str, str]:
        """Every code that has one label only, whatever the field."""
        found: dict[str, set[str]] = {}
        for words in self.of.values():
            for offered in words.choices.values():
                for value, label in offered.items():
                    found.setdefault(value, set()).add(label)
        return {value: labels.pop() for value, labels in found.items() if len(labels) == 1}

    def _order(self, package_id: str | None) -> Iterable[PackageWords]:
        first = self.of.get(package_id or "")
        return ([first] if first else []) + [words for words in self.of.values() if words is not first]


def words_of_versions(jalon: Jalon, versions: Iterable[tuple[str, str]]) -> CaseWords:
    """The words of these (process, package id), the latest last."""
    rows = list(versions)
    of = {package_id: package_words(jalon, package_id) for _, package_id in rows}
    return CaseWords(of, {process: of[package_id].title for process, package_id in rows})


def process_titles(jalon: Jalon, departement: str) -> dict[str, str]:
    """The title of each process of the département, in its last version."""
    columns = (package_version.c.slug, package_version.c.title)
    published = package_version.c.number.is_not(None)
    statement = select(*columns).where(package_version.c.departement == departement, published).order_by(package_version.c.number)
    with reading(jalon.database) as work:
        return {row.slug: row.title for row in work.rows(statement)}
