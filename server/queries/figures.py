"""The figures: counts and rates per pôle and month, each with its denominator and what it leaves out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.intake import harmless
from server.kernel.actor import Actor
from server.queries.places import territories
from server.store.milestones import CONDITIONS, Terms, month_of
from server.store.sql import case, func, select
from server.store.tables import case_file
from server.store.work import reading

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
COUNTED = (
    "entrants",
    "orientes_delai",
    "orientes_juges",
    "accompagnes_delai",
    "accompagnes_juges",
    "contrat",
    "contrat_delai",
    "contrat_juges",
    "retard",
    "ep",
    "retablis",
)


@dataclass(frozen=True)
class Figure:
    """One figure. `rate` in percent, None for a plain count; `base` says the denominator and the exclusions."""

    title: str
    count: int
    total: int | None
    words: str
    base: str
    milestone: str
    target: float | None = None

    @property
    def rate(self) -> float | None:
        """Percent of the denominator; None for a count, or when nothing can be judged yet."""
        return None if not self.total else 100 * self.count / self.total


@dataclass(frozen=True)
class Line:
    """The figures of a pôle or of a month."""

    id: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class FiguresPage:
    """The whole page."""

    month: str
    months: tuple[tuple[str, str], ...]
    period_words: str
    entrants: int
    figures: tuple[Figure, ...]
    columns: tuple[str, ...]
    places: tuple[Line, ...]
    by_month: tuple[Line, ...]


def month_words(month: str) -> str:
    """« novembre 2026 » for "2026-11"."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def terms_of(jalon: Jalon, departement: str, now: datetime) -> Terms:
    """The delays of the département, as its parameters say them today."""
    today = now.astimezone(ZoneInfo("Europe/Paris")).date()
    values: Any = jalon.parameters(departement, None, today).values
    delays: Mapping[str, Any] = values.get("delais", {})

    def days(name: str, default: int) -> int:
        rule = delays.get(name, {})
        return int(rule.get("duree", default)) if rule.get("unite", "jour") == "jour" else default

    return Terms(today, now, days("orientation", 15), days("premier_rdv", 30), days("contrat_cible", 30))


def figures_page(jalon: Jalon, actor: Actor, month: str, now: datetime) -> FiguresPage:
    """The figures of the actor's territories; `month` ("2026-11") keeps the rights opened in that month, "" keeps all."""
    terms = terms_of(jalon, actor.departement, now)
    rows = _counts(jalon, actor, terms)
    months = sorted({row["month"] for row in rows}, reverse=True)
    month = month if month in months else ""
    kept = [row for row in rows if not month or row["month"] == month]
    names = dict(territories(jalon, actor.departement))
    whole = _figures(_sum(kept), terms)
    places = [
        Line(place, names.get(place, place), _figures(_sum([r for r in kept if r["territory_id"] == place]), terms))
        for place in sorted({r["territory_id"] for r in kept})
    ]
    by_month = tuple(Line(m, month_words(m).capitalize(), _figures(_sum([r for r in rows if r["month"] == m]), terms)) for m in months)
    return FiguresPage(
        month=month,
        months=tuple((m, month_words(m).capitalize()) for m in months),
        period_words=f"Droits ouverts en {month_words(month)}" if month else "Tous les droits ouverts",
        entrants=whole[0].count,
        figures=whole,
        columns=tuple(figure.title for figure in whole),
        places=tuple(sorted(places, key=lambda line: (line.figures[1].rate is None, line.figures[1].rate or 0, line.name))),
        by_month=by_month,
    )


def _counts(jalon: Jalon, actor: Actor, terms: Terms) -> list[dict[str, Any]]:
    """One row per territory and day of opening's month, with the count of each condition: one statement."""
    month = month_of(case_file.c.right_opened_on)
    counts = [func.sum(case((CONDITIONS[name](terms), 1), else_=0)).label(name) for name in COUNTED]
    statement = select(case_file.c.territory_id, month.label("month"), *counts).where(case_file.c.departement == actor.departement)
    if not actor.everywhere:
        statement = statement.where(case_file.c.territory_id.in_(sorted(actor.territories)))
    if actor.structure:
        statement = statement.where(case_file.c.structure_id == actor.structure)
    with reading(jalon.database) as work:
        return [dict(row._mapping) for row in work.rows(statement.group_by(case_file.c.territory_id, month))]  # noqa: SLF001 - SQLAlchemy's own name for it


def _sum(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: sum(int(row[name]) for row in rows) for name in COUNTED}


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count < 2 else many}"


def _left(count: int) -> str:
    return "Aucun dossier exclu." if not count else f"Exclus : {_many(count, 'dossier trop récent', 'dossiers trop récents')}."


def _figures(n: Mapping[str, int], terms: Terms) -> tuple[Figure, ...]:
    entrants = n["entrants"]

    def rate(title: str, good: str, judged: str, milestone: str, clock: str) -> Figure:
        left = entrants - n[judged]
        words = f"{n[good]} sur {_many(n[judged], 'dossier jugé', 'dossiers jugés')}"
        return Figure(title, n[good], n[judged], words, f"{clock} {_left(left)}", milestone)

    opened = "Comptés depuis l'ouverture du droit."
    return (
        Figure(
            "Entrants",
            entrants,
            None,
            _many(entrants, "droit ouvert", "droits ouverts"),
            "Personnes dont un droit s'est ouvert.",
            "entrants",
        ),
        rate(f"Orientés en {terms.orientation} jours au plus", "orientes_delai", "orientes_juges", "orientes_delai", opened),
        rate(
            f"Premier rendez-vous en moins de {terms.first_meeting} jours",
            "accompagnes_delai",
            "accompagnes_juges",
            "accompagnes_delai",
            opened,
        ),
        rate(f"Contrat signé en {terms.contract} jours au plus", "contrat_delai", "contrat_juges", "contrat", opened),
        Figure(
            "Sous contrat",
            n["contrat"],
            entrants,
            f"{n['contrat']} sur {_many(entrants, 'entrant', 'entrants')}",
            "Contrat signé et non échu.",
            "contrat",
        ),
        Figure(
            "Avec une tâche en retard",
            n["retard"],
            None,
            _many(n["retard"], "dossier", "dossiers"),
            "Une tâche ouverte a dépassé son échéance.",
            "retard",
        ),
        Figure("Passés en EP", n["ep"], None, _many(n["ep"], "dossier", "dossiers"), "Avis rendu par une équipe pluridisciplinaire.", "ep"),
        Figure(
            "Rétablis",
            n["retablis"],
            None,
            _many(n["retablis"], "dossier", "dossiers"),
            "Versement rétabli après une suspension.",
            "retablis",
        ),
    )


def figures_csv(jalon: Jalon, actor: Actor, month: str, now: datetime) -> str:
    """The table per pôle as CSV with semicolons; every cell is ours, a name that looks like a formula is quoted as text."""
    page = figures_page(jalon, actor, month, now)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Pôle", *(f"{title} : {what}" for title in page.columns for what in ("nombre", "sur"))])
    for line in page.places:
        cells = [str(value) if value is not None else "" for figure in line.figures for value in (figure.count, figure.total)]
        writer.writerow([harmless(line.name), *cells])
    return out.getvalue()
