"""The effective parameters of a territory on a day, with where each value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.access.jalon import Jalon
from server.catalog.parameters import Parameters
from server.kernel.actor import Actor
from server.queries.places import territories
from server.queries.wording import plain_words

SECTIONS = {
    "delais": "Délais",
    "seuils": "Seuils",
    "bareme": "Barème des sanctions",
    "instances": "Instances",
    "mots": "Mots du département",
    "bornes": "Bornes légales",
    "reperes": "Repères",
    "calendrier": "Calendrier",
    "en_tete": "En-tête des courriers",
    "departement": "Département",
    "motifs": "Motifs de manquement",
    "parcours": "Parcours proposés",
    "cibles": "Cibles",
}
_ABOUT = {"libelle", "source", "citation", "confiance", "note", "article", "effet", "consequence"}  # said of a value, not the value
LEVELS = {"commun": "Loi et règles communes", "departement": "Département", "territoire": "Pôle"}


@dataclass(frozen=True)
class ParameterRow:
    """One value."""

    label: str
    value: Any
    level: str
    source: str
    since: date | None


@dataclass(frozen=True)
class ParametersPage:
    """All values by section."""

    day: date
    territory: str
    territory_name: str
    sections: tuple[tuple[str, tuple[ParameterRow, ...]], ...]


def parameters_page(jalon: Jalon, actor: Actor, territory_id: str, day: date | None, now: datetime) -> ParametersPage:
    """The parameters of the actor's département, or of one of its territories; today unless `day` is given."""
    names = dict(territories(jalon, actor.departement))
    place = territory_id if territory_id in names else ""
    when = day or jalon.today(actor.departement, None, now)
    found = jalon.parameters(actor.departement, place or None, when)
    return ParametersPage(when, place, names.get(place, ""), parameter_rows(found))


def parameter_rows(found: Parameters) -> tuple[tuple[str, tuple[ParameterRow, ...]], ...]:
    """Every value by section, for the page and the command line."""
    sections = []
    for key, value in found.values.items():
        rows = tuple(_rows(found.origins, key, value))
        if rows:
            sections.append((SECTIONS.get(key, key.replace("_", " ").capitalize()), rows))
    return tuple(sections)


def _rows(origins: Mapping[str, Any], key: str, value: Any) -> Iterator[ParameterRow]:
    if not isinstance(value, Mapping):
        yield _row(origins, key, key, value)
        return
    for name, inner in value.items():
        yield _row(origins, f"{key}.{name}", str(name), inner)


def _row(origins: Mapping[str, Any], path: str, label: str, value: Any) -> ParameterRow:
    origin = origins.get(path) or next((found for name, found in origins.items() if name.startswith(f"{path}.")), None)
    shown = value
    if isinstance(value, Mapping):
        label = str(value.get("libelle") or plain_words(label))
        shown = (
            in_words(value)
            if "duree" in value
            else {plain_words(k): v for k, v in value.items() if k not in _ABOUT} or value.get("libelle")
        )
    level = LEVELS.get(getattr(origin, "level", ""), str(getattr(origin, "level", "")))
    return ParameterRow(
        label if " " in label else plain_words(label),
        shown,
        level,
        str(getattr(origin, "source", "") or ""),
        getattr(origin, "since", None),
    )


def in_words(delay: Mapping[str, Any]) -> str:
    """« moins de 30 jours depuis l'ouverture du droit (D. 262-65-2) »."""
    units = {"jour": "jour", "jour_ouvrable": "jour ouvrable", "jour_ouvre": "jour ouvré", "semaine": "semaine", "mois": "mois", "an": "an"}
    count = int(delay["duree"])
    unit = units.get(str(delay.get("unite", "jour")), str(delay.get("unite")))
    many = unit if unit == "mois" or abs(count) < 2 else " ".join(f"{word}s" for word in unit.split())
    article = f" ({delay['article']})" if delay.get("article") else ""
    return f"{'moins de' if delay.get('strict') else 'au plus'} {count} {many}, depuis : {delay.get('horloge', '–')}{article}"
