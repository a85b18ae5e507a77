"""Holds the scales of the départements inside the bounds of the law: a scale that leaves them is refused with the article it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from server.catalog.parameters import effective_parameters, parameter_dates

CONTROL = "refus_controle"


def faults_of_scales(root: Path, departement: str) -> list[str]:
    """One French sentence per figure of a département's scale that leaves the bounds of the law in force, on each day on which something changes.

    `root` is the folder of the départements. Bounds are read from `bornes` (parametres.toml of commun), the scale from `bareme`. Scales of an earlier law are
    history: they are kept as they were, for breaches of their time.
    """
    found: list[str] = []
    last = effective_parameters(root, departement, "", date.max).values.get("bornes")
    since = last.get("effet", date.min) if isinstance(last, Mapping) else date.max
    for day in (d for d in parameter_dates(root, departement) if d >= since):
        values = effective_parameters(root, departement, "", day).values
        bounds, scale = values.get("bornes"), values.get("bareme")
        if isinstance(bounds, Mapping) and isinstance(scale, Mapping):
            found += [f"Département {departement}, au {_day(day)} : {fault}" for fault in faults_of_scale(bounds, scale)]
    return list(dict.fromkeys(found))


def faults_of_scale(bounds: Mapping[str, Any], scale: Mapping[str, Any]) -> Iterator[str]:
    """What one scale breaks: rates in percent, lengths in months, kinds of sanction; each sentence ends with the article."""
    article = str(bounds.get("article", "article non dit"))
    for step, figures in scale.items():
        if not isinstance(figures, Mapping):
            continue
        limits = _limits(bounds, step)
        name = str(step).replace("_", " ")
        for sentence in _breaks(limits, figures, bounds.get("foyer") or {}):
            yield f"le barème, {name}, {sentence} ({article})."


def _limits(bounds: Mapping[str, Any], step: str) -> Mapping[str, Any]:
    """The first step has its own bounds, all others share theirs; a refusal of control only changes the lengths and opens every kind."""
    first = step.removeprefix(f"{CONTROL}_") == "rang_1"
    limits = dict(bounds.get("rang_1" if first else "suite") or {})
    if step.startswith(CONTROL):
        own = bounds.get(CONTROL) or {}
        limits |= {key: own[key] for key in ("duree_min_mois", "duree_max_mois") if key in own}
        limits["natures"] = (bounds.get("suite") or {}).get("natures", [])
    return limits


def _breaks(limits: Mapping[str, Any], figures: Mapping[str, Any], household: Mapping[str, Any]) -> Iterator[str]:
    kinds = limits.get("natures") or []
    if figures.get("nature") and kinds and figures["nature"] not in kinds:
        yield f"prononce « {figures['nature']} », la loi permet {', '.join(kinds)}"
    yield from _outside("le taux d'une personne seule", figures.get("taux_seul"), limits.get("taux_min"), limits.get("taux_max"), "%")
    most = min((m for m in (limits.get("taux_max"), household.get("taux_max")) if m is not None), default=None)
    yield from _outside("le taux d'un foyer", figures.get("taux_foyer"), limits.get("taux_min"), most, "%")
    yield from _outside("la durée", figures.get("duree_mois"), limits.get("duree_min_mois"), limits.get("duree_max_mois"), "mois")


def _outside(word: str, value: Any, least: Any, most: Any, unit: str) -> Iterator[str]:
    if not isinstance(value, Decimal):
        return
    if least is not None and value < least:
        yield f"fixe {word} à {value} {unit}, {least} au moins"
    if most is not None and value > most:
        yield f"fixe {word} à {value} {unit}, {most} au plus"


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
