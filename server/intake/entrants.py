"""Lines of a département's working spreadsheet to persons who enter the RSA."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from server.intake.fields import ENTRANTS
from server.intake.mapping import ColumnMapping
from server.intake.nir import read_nir
from server.intake.rows import Problem, Reading, RowError, refused, short
from server.intake.table import Line, Table
from server.intake.values import (
    caf_number_of,
    civility_of,
    date_of,
    dates_of,
    email_of,
    flag_of,
    ft_number_of,
    name_of,
    number_of,
    phone_of,
    plain_text,
    postcode_of,
    role_of,
    situation_of,
    text_of,
)
from server.kernel.errors import BadInput

YOUNGEST, OLDEST = 15, 110  # years, at the opening of the right
_RSA_BEGAN = date(1988, 12, 1)  # RMI, whose rights became RSA in 2009
_POSTCODE_TOWN = re.compile(r"(\d{4,5})[ ,\-]+(.+)")


@dataclass(frozen=True)
class Entrant:
    """One person of the file. Texts are empty, and other values None, when the file does not say; `remarks` tells what was left out and why.

    `nir`: 15 characters. `role`: DEM or CJT. `telephone`: +33 and nine figures. `organisme`: CAF or MSA.
    """

    line: int
    civilite: str
    nom_usage: str
    nom_naissance: str
    prenoms: str
    date_naissance: date | None
    lieu_naissance: str
    nir: str
    matricule: str
    organisme: str
    numero_demande: str
    role: str
    identifiant_interne: str
    france_travail: str
    inscrit_france_travail: bool | None
    adresse: str
    adresse_complement: str
    code_postal: str
    commune: str
    telephone: str
    telephone_2: str
    email: str
    situation_familiale: str
    enfants: int | None
    enfants_naissances: tuple[date, ...]
    date_demande: date | None
    date_ouverture: date
    date_droits_devoirs: date | None
    rsa_majore: bool | None
    rqth: bool | None
    sans_domicile: bool | None
    territoire: str
    referent: str
    structure: str
    decision_orientation: str
    canal: str
    consentement: bool | None
    remarks: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """What tells this person from another, surest first: NIR, internal id, CAF number with role."""
        caf = f"{self.matricule} {self.role}" if self.matricule and self.role else ""
        return tuple(
            (kind, key) for kind, key in (("nir", self.nir), ("identifiant_interne", self.identifiant_interne), ("caf", caf)) if key
        )

    def to_plain(self) -> dict[str, Any]:
        """The fields that the file gave, as values of the kernel; without the line and the remarks."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("line", "remarks")}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value not in ("", None, ())}


_KEY_WORDS = {"nir": "Le même NIR", "identifiant_interne": "Le même identifiant interne", "caf": "Le même numéro CAF avec le même rôle"}


def read_entrants(table: Table, mapping: ColumnMapping, today: date, opened_on: date | None = None) -> Iterator[Entrant | RowError]:
    """Each line as a person or a refusal, in the order of the file.

    `opened_on` is the opening of the right for files that have no such column. A person seen twice is refused the second time. Raises BadInput
    before the first line when a required column is missing, and while reading when the file breaks its bounds.
    """
    positions = _positions(table, mapping, opened_on)
    return _each(table, positions, today, opened_on)


def _positions(table: Table, mapping: ColumnMapping, opened_on: date | None) -> dict[str, int]:
    if mapping.layout != ENTRANTS:
        raise BadInput(
            "Ce fichier a été reconnu comme un fichier de contacts. Choisissez le format « entrants », ou l'import des contacts."
        )
    missing = [label for label in mapping.missing() if not (opened_on and label == "Date d'ouverture du droit")]
    if missing:
        one = len(missing) == 1
        raise BadInput(
            f"« {table.filename} » n'a pas {'la colonne obligatoire' if one else 'les colonnes obligatoires'} : {', '.join(missing)}. "
            "Ajoutez-la ou choisissez sa colonne."
        )
    return mapping.positions(table.headers)


def _each(table: Table, positions: dict[str, int], today: date, opened_on: date | None) -> Iterator[Entrant | RowError]:
    seen: dict[tuple[str, str], int] = {}
    for line in table.rows:
        found = _one(line, positions, table.headers, today, opened_on)
        if isinstance(found, RowError):
            yield found
            continue
        twice = next(((kind, seen[kind, key]) for kind, key in found.keys if (kind, key) in seen), None)
        if twice:
            yield refused(line, (Problem("", f"{_KEY_WORDS[twice[0]]} est déjà à la ligne {twice[1]}. Gardez une seule des deux lignes."),))
            continue
        seen.update(dict.fromkeys(found.keys, line.number))
        yield found


def _one(line: Line, positions: dict[str, int], headers: tuple[str, ...], today: date, opened_on: date | None) -> Entrant | RowError:
    if line.problem:
        return refused(line, (Problem("", line.problem),))
    reading = Reading(line, positions, headers)
    values = _identity(reading) | _contact(reading) | _situation(reading) | _path(reading)
    values["date_ouverture"] = reading.needed("date_ouverture", date_of, None) or (opened_on if "date_ouverture" not in positions else None)
    _check_dates(reading, values, today)
    _check_identity(reading, values)
    if reading.problems:
        return refused(line, tuple(reading.problems))
    _remark_nir(reading, values)
    return Entrant(line=line.number, remarks=tuple(reading.remarks), **values)


def _identity(reading: Reading) -> dict[str, Any]:
    usage, first = reading.needed("nom_usage", name_of, ""), reading.needed("prenoms", name_of, "")
    birth = reading.needed("nom_naissance", name_of, "")
    if not usage and not birth:
        both = reading.needed("nom_prenom", name_of, "")
        usage, split_first = _split_name(both)
        first = first or split_first
    matricule, nir, organisme = _caf_or_msa(reading)
    return {
        "civilite": reading.needed("civilite", civility_of, ""),
        "nom_usage": usage or birth,
        "nom_naissance": birth,
        "prenoms": first,
        "date_naissance": reading.needed("date_naissance", date_of, None),
        "lieu_naissance": reading.wanted("lieu_naissance", plain_text, ""),
        "nir": nir,
        "matricule": matricule,
        "organisme": organisme,
        "numero_demande": reading.wanted("numero_demande", short(plain_text, 20), ""),
        "role": reading.needed("role", role_of, ""),
        "identifiant_interne": reading.needed("identifiant_interne", short(plain_text, 40), ""),
        "france_travail": reading.wanted("france_travail", ft_number_of, ""),
    }


def _split_name(both: str) -> tuple[str, str]:
    """« DUPONT-MARTIN Léa Rose »: the words in capitals are the name; without capitals, the first word is."""
    words = both.split()
    capitals = 0
    while capitals < len(words) and words[capitals].isupper():
        capitals += 1
    cut = capitals if 0 < capitals < len(words) else 1
    return " ".join(words[:cut]), " ".join(words[cut:])


def _caf_or_msa(reading: Reading) -> tuple[str, str, str]:
    """(CAF number, NIR, organisme). At the MSA the number is the NIR."""
    nir = reading.needed("nir", lambda cell: read_nir(text_of(cell)), "")
    organisme = reading.wanted("organisme", short(plain_text, 40), "").upper()
    organisme = next((known for known in ("MSA", "CAF") if known in organisme), "")
    written = reading.cell("matricule")
    try:
        own = read_nir(text_of(written)) if written is not None else ""
    except BadInput:
        own = ""
    if own:
        if nir and nir != own:
            reading.refuse("matricule", "Le matricule est un NIR, et ce n'est pas celui de la colonne NIR. Corrigez l'un des deux.")
        return "", own, "MSA"
    return reading.needed("matricule", caf_number_of, ""), nir, organisme or ("CAF" if written else "")


def _contact(reading: Reading) -> dict[str, Any]:
    postcode, town = reading.wanted("code_postal", postcode_of, ""), reading.wanted("commune", short(plain_text, 80), "")
    if not postcode and (found := _POSTCODE_TOWN.fullmatch(reading.wanted("cp_commune", plain_text, ""))):
        postcode, town = found[1].zfill(5), town or found[2]
    return {
        "adresse": reading.wanted("adresse", plain_text, ""),
        "adresse_complement": reading.wanted("adresse_complement", plain_text, ""),
        "code_postal": postcode,
        "commune": town,
        "telephone": reading.wanted("telephone", phone_of, ""),
        "telephone_2": reading.wanted("telephone_2", phone_of, ""),
        "email": reading.wanted("email", email_of, ""),
        "canal": reading.wanted("canal", short(plain_text, 40), ""),
        "consentement": reading.wanted("consentement", flag_of, None),
    }


def _situation(reading: Reading) -> dict[str, Any]:
    births: tuple[date, ...] = reading.wanted("enfants_naissances", dates_of, tuple[date, ...]())
    children = reading.wanted("enfants", short(number_of, 20), None)
    return {
        "situation_familiale": reading.wanted("situation_familiale", situation_of, ""),
        "enfants": len(births) if children is None and births else children,
        "enfants_naissances": births,
        "rsa_majore": reading.wanted("rsa_majore", flag_of, None),
        "rqth": reading.wanted("rqth", flag_of, None),
        "sans_domicile": reading.wanted("sans_domicile", flag_of, None),
        "inscrit_france_travail": reading.wanted("inscrit_france_travail", flag_of, None),
    }


def _path(reading: Reading) -> dict[str, Any]:
    return {
        "date_demande": reading.wanted("date_demande", date_of, None),
        "date_droits_devoirs": reading.wanted("date_droits_devoirs", date_of, None),
        "territoire": reading.wanted("territoire", short(plain_text, 80), ""),
        "referent": reading.wanted("referent", short(plain_text, 120), ""),
        "structure": reading.wanted("structure", short(plain_text, 120), ""),
        "decision_orientation": reading.wanted("decision_orientation", short(plain_text, 120), ""),
    }


def _check_dates(reading: Reading, values: dict[str, Any], today: date) -> None:
    opened, born = values["date_ouverture"], values["date_naissance"]
    wrong = {problem.column for problem in reading.problems}
    if opened is None:
        if not reading.header("date_ouverture") or reading.header("date_ouverture") not in wrong:
            reading.refuse("date_ouverture", "La date d'ouverture du droit manque : tous les délais partent d'elle. Renseignez-la.")
    elif opened > today:
        reading.refuse("date_ouverture", f"Le droit s'ouvrirait le {opened:%d/%m/%Y}, après aujourd'hui. Corrigez la date.")
    elif opened < _RSA_BEGAN:
        reading.refuse("date_ouverture", f"Le droit se serait ouvert le {opened:%d/%m/%Y}, avant le RMI. Corrigez la date.")
    if born and not YOUNGEST * 365 <= (min(opened or today, today) - born).days <= OLDEST * 366:
        reading.refuse("date_naissance", f"Née le {born:%d/%m/%Y}, la personne n'a pas entre {YOUNGEST} et {OLDEST} ans. Corrigez la date.")


def _check_identity(reading: Reading, values: dict[str, Any]) -> None:
    wrong = {problem.column for problem in reading.problems}
    for name, label in (("civilite", "La civilité"), ("nom_usage", "Le nom"), ("prenoms", "Le prénom")):
        if not values[name] and reading.header(name) not in wrong:
            reading.refuse(name, f"{label} manque. Complétez la ligne.")
    if not (values["nir"] or values["identifiant_interne"] or (values["matricule"] and values["role"])) and not wrong:
        reading.refuse("", "Rien n'identifie la personne. Donnez son NIR, son identifiant interne, ou son numéro CAF avec son rôle.")


def _remark_nir(reading: Reading, values: dict[str, Any]) -> None:
    """A NIR that contradicts the birth date or the civility is perhaps somebody else's: said, not refused."""
    nir, born = values["nir"], values["date_naissance"]
    if nir and born and (nir[1:3] != f"{born:%y}" or (nir[3:5] <= "12" and nir[3:5] != f"{born:%m}")):
        reading.remarks.append(
            "Le NIR et la date de naissance ne disent pas le même mois. Vérifiez que ce NIR est bien celui de la personne."
        )
    if nir and {"1": "M.", "2": "Mme"}.get(nir[0], values["civilite"]) != values["civilite"]:
        reading.remarks.append("Le NIR et la civilité ne s'accordent pas. Vérifiez que ce NIR est bien celui de la personne.")
