"""Reads a scenario file: who does what and when, and what must be true; anything not understood is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from server import feel
from server.kernel.errors import JalonError, ModelError
from server.kernel.values import Value

PARIS = ZoneInfo("Europe/Paris")
MORNING = time(9)  # a date alone in a story means this hour
_HOUR = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}")
VERBS = ("tache", "message", "retour", "attendre", "dossier", "verifier")
EXPECTED = frozenset(
    {
        "etat",
        "issue",
        "taches",
        "echeances",
        "limites",
        "faits",
        "courriers",
        "messages",
        "envois",
        "variables",
        "decisions",
        "bordereaux",
        "inscriptions",
    }
)
STEP_KEYS = frozenset(
    {"le", "processus", "rang", "par", "reponses", "refus", "cle", "variables", "sans_attente", "resultat", "note", *VERBS}
)
STORY_KEYS = frozenset(
    {
        "titre",
        "departement",
        "territoire",
        "processus",
        "debut",
        "dossier",
        "variables",
        "appels",
        "etapes",
        "fin",
        "lettres_attendues",
        "note",
    }
)


MOST_STEPS = 500
MOST_LETTERS = 60_000


class _Plain(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can mean millions of values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("les renvois (*nom) ne sont pas permis, répétez le texte")
        return super().compose_node(parent, index)


@dataclass(frozen=True)
class Step:
    """One line of a story. `verb` is one of VERBS or "" (the clock moves, nothing else); `content` holds the line as values."""

    number: int
    verb: str
    at: datetime | None
    content: Mapping[str, Any]

    @property
    def words(self) -> str:
        """How a report names it: étape 3 (tâche orienter)."""
        subject = self.content.get(self.verb)
        return (
            f"étape {self.number} ({self.verb}{f' {subject}' if isinstance(subject, str) else ''})" if self.verb else f"étape {self.number}"
        )


@dataclass(frozen=True)
class Story:
    """A scenario file as values; times are aware, in UTC."""

    name: str
    title: str
    departement: str
    territoire: str
    process: str
    start: datetime
    case: Mapping[str, Value]
    variables: Mapping[str, Value]
    calls: Mapping[str, Sequence[Mapping[str, Value]]]
    steps: tuple[Step, ...]
    end: Mapping[str, Any]
    letters: Mapping[str, str] = field(default_factory=dict)

    def about(self, process: str) -> Story:
        """The same story, of that process."""
        return replace(self, process=process)


def read_story(name: str, text: str) -> Story:
    """The story written in YAML (layout: docs/scenarios.md). Raises ModelError with the key that is wrong."""
    if len(text) > MOST_LETTERS:
        raise ModelError(f"Le scénario « {name} » dépasse {MOST_LETTERS} caractères : découpez-le.")
    try:
        table = yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader, and stricter
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ModelError(f"Le scénario « {name} » n'est pas un YAML lisible : {error}") from error
    if not isinstance(table, dict):
        raise ModelError(f"Le scénario « {name} » est vide : écrivez titre, debut, etapes et fin.")
    _known(name, table, STORY_KEYS, "")
    lines = table.get("etapes") or []
    if not isinstance(lines, list) or len(lines) > MOST_STEPS:
        raise ModelError(f"Le scénario « {name} » a plus de {MOST_STEPS} étapes, ou des étapes qui ne sont pas une liste : découpez-le.")
    steps = tuple(_step(name, number, line) for number, line in enumerate(lines, start=1))
    end = table.get("fin") or {}
    _known(name, end, EXPECTED, "fin.")
    if not {"etat", "issue"} & set(end):
        raise ModelError(f"Le scénario « {name} » ne dit pas comment il finit : écrivez « etat » ou « issue » sous « fin ».")
    if "debut" not in table:
        raise ModelError(f"Le scénario « {name} » ne dit pas quand il commence : écrivez « debut ».")
    try:
        return Story(
            name=name,
            title=str(table.get("titre") or name),
            departement=str(table.get("departement") or ""),
            territoire=str(table.get("territoire") or ""),
            process=str(table.get("processus") or ""),
            start=moment(table["debut"]),
            case=value_of(table.get("dossier") or {}),
            variables=value_of(table.get("variables") or {}),
            calls={process: _calls(played) for process, played in (table.get("appels") or {}).items()},
            steps=steps,
            end=value_of(end),
            letters={str(k): str(v) for k, v in (table.get("lettres_attendues") or {}).items()},
        )
    except JalonError as error:
        raise ModelError(f"Le scénario « {name} » : {error}") from error


def _step(name: str, number: int, line: Any) -> Step:
    if not isinstance(line, dict):
        raise ModelError(f"Le scénario « {name} », étape {number} : écrivez une clé et sa valeur.")
    _known(name, line, STEP_KEYS, f"étape {number}, ")
    verbs = [verb for verb in VERBS if verb in line]
    if len(verbs) > 1 and not (len(verbs) == 2 and "verifier" in verbs):
        raise ModelError(f"Le scénario « {name} », étape {number} : une étape fait une seule chose, trouvé {', '.join(verbs)}.")
    verb = next((v for v in verbs if v != "verifier"), verbs[0] if verbs else "")
    _known(name, line.get("verifier") or {}, EXPECTED, f"étape {number}, verifier.")
    try:
        at = moment(line["le"]) if "le" in line else None
        return Step(number, verb, at, value_of(line))
    except JalonError as error:
        raise ModelError(f"Le scénario « {name} », étape {number} : {error}") from error


def _known(name: str, table: Any, keys: frozenset[str], place: str) -> None:
    if not isinstance(table, dict):
        raise ModelError(f"Le scénario « {name} » : {place or 'le fichier '}attend des clés et des valeurs.")
    unknown = sorted(str(k) for k in set(table) - keys)
    if unknown:
        raise ModelError(f"Le scénario « {name} » : {place}clé inconnue « {unknown[0]} ». Clés possibles : {', '.join(sorted(keys))}.")


def _calls(played: Any) -> list[Mapping[str, Value]]:
    found = [value_of(p) for p in (played if isinstance(played, list) else [played])]
    if not found or any(not isinstance(p, dict) or set(p) - {"issue", "sorties", "echec"} for p in found):
        raise ModelError("« appels » donne à chaque processus une issue et des sorties (ou un échec).")
    return found


def moment(value: Any) -> datetime:
    """A time of a story, aware, in UTC: a date alone is 09:00 of that day, a time without zone is Paris time. Raises ModelError."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise ModelError(f"« {value} » n'est pas une date : écrivez 2026-01-05 ou 2026-01-05 09:00.") from None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=PARIS)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, MORNING, PARIS).astimezone(UTC)
    raise ModelError(f"« {value} » n'est pas une date : écrivez 2026-01-05 ou 2026-01-05 09:00.")


def later(start: datetime, value: Any) -> datetime:
    """The time to wait for: a date, or a duration counted from `start`. Raises ModelError."""
    text = value if isinstance(value, str) else ""
    if text.startswith("P"):
        length = feel.compile(f'duration("{text}")').evaluate({}, start)
        if not isinstance(length, timedelta):
            raise ModelError(f"« {text} » n'est pas une durée en jours et heures : écrivez P10D.")
        # Ten days later at the same hour of the clock, also when the clocks change.
        return (start.astimezone(PARIS).replace(tzinfo=None) + length).replace(tzinfo=PARIS).astimezone(UTC)
    return moment(value)


def value_of(plain: Any) -> Value:
    """A YAML value as a FEEL value: numbers are decimals, a text that begins with "= " is evaluated, a time without zone is Paris time."""
    if isinstance(plain, bool) or plain is None:
        return plain
    if isinstance(plain, int | float):
        return Decimal(str(plain))
    if isinstance(plain, str) and _HOUR.fullmatch(plain):
        # YAML reads a time as a time only with its seconds.
        return datetime.fromisoformat(plain).replace(tzinfo=PARIS)
    if isinstance(plain, str):
        return feel.compile(plain[2:]).evaluate({}, datetime(2026, 1, 1, tzinfo=UTC)) if plain.startswith("= ") else plain
    if isinstance(plain, datetime):
        return plain if plain.tzinfo else plain.replace(tzinfo=PARIS)
    if isinstance(plain, list):
        return [value_of(item) for item in plain]
    if isinstance(plain, dict):
        return {str(key): value_of(item) for key, item in plain.items()}
    return plain
