"""What a line of an import would do: open a case, complete a person who is known, nothing, or be refused, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server.access.jalon import Jalon
from server.actions.opening import Newcomer
from server.catalog import read_territories
from server.intake import Contact, Entrant
from server.kernel.values import Value
from server.store.names import fold, search_name
from server.store.people import Known, known_people
from server.store.personal import PersonalKeys, mask_nir
from server.store.work import Work

COUPLES = {"couple", "marie", "pacse", "concubin", "concubinage", "vie maritale"}
LABELS = {
    "last_name": "Nom", "birth_name": "Nom de naissance", "first_names": "Prénoms", "birth_date": "Date de naissance", "birth_place": "Lieu de naissance",
    "caf_number": "Matricule", "caf_role": "Rôle", "internal_id": "Identifiant interne", "ft_number": "N° France Travail", "rsa_number": "N° de demande RSA",
    "email": "Courriel", "phone": "Téléphone", "address": "Adresse", "details": "Autres renseignements", "civility": "Civilité", "size": "Foyer",
    "children": "Enfants", "youngest_birth": "Naissance du plus jeune", "isolated": "Isolé", "rsa_increased": "RSA majoré", "nir": "NIR",
}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """What a line would do. `result`: create, update, unchanged or refused; `changes` are for people to read (field -> [old, new])."""

    line: int
    result: str
    reasons: tuple[str, ...] = ()
    newcomer: Newcomer | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)
    known: Known | None = None
    person: Mapping[str, Any] = field(default_factory=dict)
    home: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, list[Any]] = field(default_factory=dict)


class Places:
    """Finds the territory that a line names, by id, code, name or postcode."""

    def __init__(self, jalon: Jalon, departement: str) -> None:
        self._by_word: dict[str, str] = {}
        self._by_postcode: dict[str, str] = {}
        for code, told in read_territories(jalon.settings.root / "processes" / "departements", departement).items():
            place = f"{departement}-{code}"
            for word in (place, code, told.name, f"pole {code}"):
                self._by_word[fold(word)] = place
            for postcode in told.fields.get("codes_postaux", ()):
                self._by_postcode.setdefault(str(postcode), place)

    def find(self, named: str, postcode: str) -> str:
        """The id of the territory, "" when nothing names one."""
        return self._by_word.get(fold(named), "") if named else self._by_postcode.get(postcode, "")


def plan_rows(jalon: Jalon, work: Work, departement: str, rows: Sequence[Entrant], places: Places) -> list[Planned]:
    """What each of these lines would do on the base as it is: one statement for all of them."""
    keys = jalon.database.keys
    people = known_people(
        work,
        departement,
        {keys.blind_index(row.nir) for row in rows if row.nir},
        {row.identifiant_interne for row in rows if row.identifiant_interne},
        {(row.matricule, row.role) for row in rows if row.matricule and row.role},
    )
    index = _Index(people)
    return [_plan(row, index, places, keys) for row in rows]


class _Index:
    """The known people by each of their keys."""

    def __init__(self, people: Sequence[Known]) -> None:
        self.nir = {known.nir_index: known for known in people if known.nir_index}
        self.internal = {known.person["internal_id"]: known for known in people if known.person["internal_id"]}
        self.caf = {(known.person["caf_number"], known.person["caf_role"]): known for known in people if known.person["caf_number"]}


def _plan(row: Entrant, index: _Index, places: Places, keys: PersonalKeys) -> Planned:
    blind = keys.blind_index(row.nir) if row.nir else ""
    found = [
        index.nir.get(blind) if blind else None,
        index.internal.get(row.identifiant_interne),
        index.caf.get((row.matricule, row.role)) if row.role else None,
    ]
    people = {known.person_id: known for known in found if known is not None}
    if len(people) > 1:
        words = "Cette ligne désigne deux personnes déjà connues : ses identifiants ne vont pas ensemble. Corrigez le NIR, l'identifiant interne ou le matricule."
        return Planned(row.line, "refused", (words,))
    known = next(iter(people.values()), None)
    if known is None:
        return _newcomer(row, places)
    if blind and known.nir_index and known.nir_index != blind:
        return Planned(
            row.line,
            "refused",
            ("Le NIR n'est pas celui de la personne connue sous cet identifiant. Vérifiez les deux, rien n'est changé.",),
        )
    return _update(row, known, blind, keys)


def _newcomer(row: Entrant, places: Places) -> Planned:
    place = places.find(row.territoire, row.code_postal)
    if not place:
        named = (
            f"Le territoire « {row.territoire} » n'est pas connu."
            if row.territoire
            else "Rien ne dit le territoire : ni pôle, ni code postal connu."
        )
        return Planned(row.line, "refused", (f"{named} Indiquez le pôle de la personne.",))
    person = person_columns(row) | {"nir": row.nir}
    variables = {"ouverture": row.date_ouverture, "source": "import", "inscrit_ft": bool(row.inscrit_france_travail)}
    newcomer = Newcomer(person, household_columns(row), place, row.date_ouverture)
    return Planned(row.line, "create", row.remarks, newcomer, variables)


def _update(row: Entrant, known: Known, blind: str, keys: PersonalKeys) -> Planned:
    person = {name: value for name, value in person_columns(row).items() if value not in (None, "", {}) and name != "details"}
    details = {**(known.person["details"] or {}), **person_columns(row)["details"]}
    changed = {name: value for name, value in person.items() if known.person[name] != value}
    if details != (known.person["details"] or {}):
        changed["details"] = details
    home = {name: value for name, value in _told_household(row).items() if known.household.get(name) != value}
    shown = {LABELS[name]: [_shown(known.person[name]), _shown(value)] for name, value in changed.items()}
    shown |= {LABELS[name]: [_shown(known.household.get(name)), _shown(value)] for name, value in home.items()}
    if blind and not known.nir_index:
        changed |= {"nir_index": blind, "nir_cipher": keys.encrypt(row.nir, known.person_id)}
        shown[LABELS["nir"]] = ["", mask_nir(row.nir)]
    if {"last_name", "first_names", "birth_name"} & set(changed):
        after = {**known.person, **changed}
        changed["search_name"] = search_name(after["last_name"], after["birth_name"], after["first_names"])
    if not changed and not home:
        return Planned(row.line, "unchanged", known=known)
    return Planned(row.line, "update", row.remarks, known=known, person=changed, home=home, changes=shown)


def _shown(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    return value


def person_columns(row: Entrant) -> dict[str, Any]:
    """The columns of the table person that a line gives."""
    lines = [part for part in (row.adresse, row.adresse_complement) if part]
    address = {"lines": lines, "postcode": row.code_postal, "town": row.commune} if lines or row.code_postal or row.commune else None
    details = {
        "organisme": row.organisme, "inscrit_ft": row.inscrit_france_travail, "situation": row.situation_familiale, "rqth": row.rqth,
        "date_demande": row.date_demande and row.date_demande.isoformat(), "droits_devoirs": row.date_droits_devoirs and row.date_droits_devoirs.isoformat(),
        "sans_domicile": row.sans_domicile, "canal": row.canal, "consentement": row.consentement, "telephone_2": row.telephone_2,
        "structure": row.structure, "referent": row.referent,
    }  # fmt: skip
    return {
        "civility": row.civilite or None, "last_name": row.nom_usage, "birth_name": row.nom_naissance or None, "first_names": row.prenoms,
        "birth_date": row.date_naissance, "birth_place": row.lieu_naissance or None, "caf_number": row.matricule or None, "caf_role": row.role or None,
        "internal_id": row.identifiant_interne or None, "ft_number": row.france_travail or None, "rsa_number": row.numero_demande or None,
        "email": row.email or None, "phone": row.telephone or None, "address": address,
        "details": {name: value for name, value in details.items() if value not in (None, "")},
    }  # fmt: skip


def _told_household(row: Entrant) -> dict[str, Any]:
    """The columns of the household that the line really says."""
    told: dict[str, Any] = {}
    if row.enfants is not None or row.situation_familiale:
        told |= {name: household_columns(row)[name] for name in ("size", "children", "isolated")}
    if row.enfants_naissances:
        told["youngest_birth"] = max(row.enfants_naissances)
    if row.rsa_majore is not None:
        told["rsa_increased"] = row.rsa_majore
    return told


def household_columns(row: Entrant) -> dict[str, Any]:
    """The columns of the table household for a new person; what the file does not say is a person alone."""
    couple = fold(row.situation_familiale) in COUPLES
    children = row.enfants if row.enfants is not None else len(row.enfants_naissances)
    return {
        "caf_number": row.matricule or None,
        "size": 1 + couple + children,
        "children": children,
        "youngest_birth": max(row.enfants_naissances) if row.enfants_naissances else None,
        "isolated": not couple,
        "rsa_increased": bool(row.rsa_majore),
    }


def plan_contacts(jalon: Jalon, work: Work, departement: str, rows: Sequence[Contact]) -> list[Planned]:
    """What each line of a contact file would do: complete the telephone and the mail of somebody known."""
    keys = jalon.database.keys
    people = known_people(
        work,
        departement,
        {keys.blind_index(row.nir) for row in rows if row.nir},
        set(),
        {(row.matricule, row.role) for row in rows if row.matricule},
    )
    index = _Index(people)
    return [_contact(row, index, keys) for row in rows]


def _contact(row: Contact, index: _Index, keys: PersonalKeys) -> Planned:
    known = index.nir.get(keys.blind_index(row.nir)) if row.nir else None
    known = known or index.caf.get((row.matricule, row.role or "DEM"))
    if known is None:
        return Planned(row.line, "refused", ("Aucun dossier n'est connu sous ce matricule et ce rôle. Importez d'abord la personne.",))
    given = {"phone": row.telephone, "email": row.email}
    changed = {name: value for name, value in given.items() if value and known.person[name] != value}
    if not changed:
        return Planned(row.line, "unchanged", known=known)
    shown = {LABELS[name]: [known.person[name], value] for name, value in changed.items()}
    return Planned(row.line, "update", row.remarks, known=known, person=changed, changes=shown)
