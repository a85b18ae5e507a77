"""A rule of delay is dated data: its table in `parametres.toml`, checked, and the version in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from decimal import Decimal
from typing import Any

from server.kernel.errors import BadInput, TooMuch

UNITS = {
    "jour": ("jour calendaire", "jours calendaires"),
    "jour_ouvrable": ("jour ouvrable", "jours ouvrables"),
    "jour_ouvre": ("jour ouvré", "jours ouvrés"),
    "semaine": ("semaine", "semaines"),
    "mois": ("mois", "mois"),
    "an": ("an", "ans"),
}
SHIFTS = ("aucun", "jour_ouvrable_suivant", "jour_ouvre_suivant", "jour_ouvrable_precedent", "jour_ouvre_precedent")
WAYS = ("apres", "avant")
LONGEST = {"jour": 36_600, "jour_ouvrable": 31_000, "jour_ouvre": 26_000, "semaine": 5_200, "mois": 1_200, "an": 100}
# What a table may say for its readers; it changes no date.
FOR_READERS = frozenset({"libelle", "citation", "confiance", "note", "consequence"})


@dataclass(frozen=True)
class DelayRule:
    """One version of one delay; keys and French words are those of `parametres.toml`.

    `sens` "avant" counts back from the event; `heure` makes the due moment a local time of that day instead of its end.
    """

    duree: int
    unite: str
    horloge: str = ""
    strict: bool = False
    report: str = "aucun"
    franc: bool = False
    article: str = ""
    source: str = ""
    effet: date | None = None
    inclus: bool = False
    sens: str = "apres"
    heure: time | None = None
    nom: str = ""
    version: str = ""

    def __post_init__(self) -> None:
        name = f"Le délai « {self.nom} »" if self.nom else "Le délai"
        for key, value, allowed in (("unite", self.unite, tuple(UNITS)), ("report", self.report, SHIFTS), ("sens", self.sens, WAYS)):
            if value not in allowed:
                raise BadInput(f"{name} a « {key} = {value} ». Choisissez parmi : {', '.join(allowed)}.")
        if self.duree < 1:
            raise BadInput(f"{name} dure {self.duree}. Donnez un nombre entier d'au moins 1.")
        if self.duree > LONGEST[self.unite]:
            raise TooMuch(f"{name} dure {self.duree} {self.unite} : c'est plus d'un siècle. Vérifiez la durée et l'unité.")
        if self.franc and (self.inclus or self.strict):
            raise BadInput(f"{name} est franc : ni le premier ni le dernier jour ne comptent. Retirez « inclus » et « strict ».")

    @classmethod
    def from_table(cls, table: Mapping[str, Any], nom: str = "") -> DelayRule:
        """The rule written in a table of `parametres.toml` (or the same read by FEEL). Raises BadInput, in French, for a key or value it does not know."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(table) - known - FOR_READERS)
        if unknown:
            raise BadInput(f"Le délai « {nom} » a une clé inconnue : {', '.join(unknown)}. Corrigez-la dans parametres.toml.")
        found = {key: _value(nom, key, value) for key, value in table.items() if key in known and value is not None}
        if "duree" not in found or "unite" not in found:
            raise BadInput(f"Le délai « {nom} » n'a pas de durée ou pas d'unité. Renseignez « duree » et « unite » dans parametres.toml.")
        return cls(**({"nom": nom} | found))

    def to_table(self) -> dict[str, Any]:
        """The same rule as plain values; `from_table` reads it back."""
        table = {field.name: getattr(self, field.name) for field in fields(self)}
        table["duree"] = Decimal(self.duree)
        return {key: value for key, value in table.items() if value not in (None, "")}

    @property
    def length(self) -> str:
        """The duration in French words: « 10 jours calendaires »."""
        one, many = UNITS[self.unite]
        return f"{self.duree}\u00a0{one if self.duree == 1 else many}"

    @property
    def version_label(self) -> str:
        """The version as an auditor reads it: its own name, else its effective date."""
        return self.version or (f"en vigueur le {self.effet.isoformat()}" if self.effet else "non datée")


_KINDS: dict[str, type] = {"duree": int, "strict": bool, "franc": bool, "inclus": bool, "effet": date, "heure": time}


def _value(nom: str, key: str, value: Any) -> Any:
    kind = _KINDS.get(key, str)
    try:
        if kind is int and isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        if kind in (date, time) and isinstance(value, str):
            return date.fromisoformat(value) if kind is date else time.fromisoformat(value)
    except ValueError as error:
        raise BadInput(
            f"Le délai « {nom} » a « {key} = {value} », qui n'est pas une date ou une heure. Écrivez 2025-06-01 ou 09:00."
        ) from error
    if type(value) is not kind:
        raise BadInput(f"Le délai « {nom} » a « {key} = {value} », qui n'est pas de la bonne sorte. Corrigez parametres.toml.")
    return value


def rule_on(rules: Iterable[DelayRule], day: date) -> DelayRule:
    """The version in force on a day: the latest `effet` not after it. Raises BadInput when none is, or when two claim the same day."""
    known = sorted(rules, key=lambda rule: rule.effet or date.min)
    dates = [rule.effet for rule in known]
    if len(set(dates)) != len(dates):
        raise BadInput("Deux versions de ce délai prennent effet le même jour. Gardez-en une seule.")
    in_force = [rule for rule in known if rule.effet is None or rule.effet <= day]
    if not in_force:
        raise BadInput(f"Aucune version de ce délai n'est en vigueur le {day.isoformat()}. Ajoutez une version avec sa date d'effet.")
    return in_force[-1]
