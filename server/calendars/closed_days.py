"""The public holidays that matter to a legal delay, region by region, taken from the `holidays` library and corrected where the law says otherwise."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from types import MappingProxyType

import holidays

from server.kernel.errors import BadInput

FIRST_YEAR, LAST_YEAR = 1990, 2100
LIBRARY = f"holidays {version('holidays')}"


@dataclass(frozen=True)
class Region:
    """A part of France with holidays of its own: `subdivision` is the library's code, `custom` the days it lists that no law makes a holiday."""

    label: str
    zone: str
    subdivision: str | None = None
    custom: frozenset[str] = frozenset()


_CUSTOM = frozenset({"Mi-Carême", "Vendredi saint", "Fête de Victor Schoelcher"})
# Code du travail L. 3133-1 (everywhere), L. 3134-13 (Alsace-Moselle), L. 3422-2 and loi 83-550 (abolition of slavery, overseas).
REGIONS: Mapping[str, Region] = MappingProxyType(
    {
        "metropole": Region("France métropolitaine", "Europe/Paris"),
        "alsace_moselle": Region("Alsace-Moselle", "Europe/Paris", "57"),
        "971": Region("Guadeloupe", "America/Guadeloupe", "971", _CUSTOM),
        "972": Region("Martinique", "America/Martinique", "972", _CUSTOM),
        "973": Region("Guyane", "America/Cayenne", "973"),
        "974": Region("La Réunion", "Indian/Reunion", "974"),
        "975": Region("Saint-Pierre-et-Miquelon", "America/Miquelon", "PM"),
        "976": Region("Mayotte", "Indian/Mayotte", "976"),
        "977": Region("Saint-Barthélemy", "America/St_Barthelemy", "BL"),
        "978": Region("Saint-Martin", "America/Marigot", "MF", _CUSTOM),
        "986": Region("Wallis-et-Futuna", "Pacific/Wallis", "WF"),
        "987": Region("Polynésie française", "Pacific/Tahiti", "PF"),
        "988": Region("Nouvelle-Calédonie", "Pacific/Noumea", "NC"),
    }
)


def region_of(code: str) -> Region:
    """The region of that code. Raises BadInput when there is none."""
    if code not in REGIONS:
        raise BadInput(f"Le calendrier « {code} » n'existe pas. Choisissez parmi : {', '.join(REGIONS)}.")
    return REGIONS[code]


@lru_cache(maxsize=32)
def holidays_of(code: str) -> Mapping[date, str]:
    """Each public holiday of a region from 1990 to 2100 with its French name."""
    region = region_of(code)
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    found = holidays.country_holidays("FR", subdiv=region.subdivision, years=years, language="fr", observed=False, expand=False)
    named = {day: _legal_names(found[day], region.custom) for day in found}
    for year in (2005, 2006, 2007):
        # The library drops Whit Monday in the years it was the day of solidarity: worked, but still in the legal list of holidays.
        named[_easter_monday(named, year) + timedelta(days=49)] = "Lundi de Pentecôte"
    return MappingProxyType({day: named[day] for day in sorted(named) if named[day]})


def _legal_names(names: str, custom: frozenset[str]) -> str:
    return "; ".join(name for name in names.split("; ") if name not in custom)


def _easter_monday(named: Mapping[date, str], year: int) -> date:
    return next(day for day, name in named.items() if day.year == year and "Lundi de Pâques" in name)


@lru_cache(maxsize=256)
def closed_ordinals(code: str, extra: frozenset[date], weekdays: frozenset[int]) -> tuple[int, ...]:
    """Ordinals, in order, of the closed days that do not fall on one of `weekdays` (0 = Monday), which are closed anyway."""
    days = {day for day in (*holidays_of(code), *extra) if day.weekday() not in weekdays}
    return tuple(sorted(day.toordinal() for day in days))


def between(ordinals: tuple[int, ...], first: int, last: int) -> tuple[int, ...]:
    """The ordinals of `first` to `last`, both included."""
    return ordinals[bisect_left(ordinals, first) : bisect_left(ordinals, last + 1)]
