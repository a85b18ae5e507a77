"""The CNAF contact file: telephones and addresses of electronic mail that complete known cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from server.intake.fields import CONTACTS
from server.intake.mapping import ColumnMapping, guess_mapping
from server.intake.nir import read_nir
from server.intake.rows import Problem, Reading, RowError, refused, short
from server.intake.table import Line, Table
from server.intake.values import caf_number_of, date_of, email_of, name_of, phone_of, plain_text, role_of, text_of
from server.kernel.errors import BadInput


@dataclass(frozen=True)
class Contact:
    """One line of the contact file; what it does not say is empty. At the MSA `matricule` is empty and `nir` is the number."""

    line: int
    matricule: str
    role: str
    type_personne: str
    nir: str
    numero_demande: str
    date_demande: date | None
    date_droits_devoirs: date | None
    nom: str
    prenom: str
    telephone: str
    telephone_2: str
    email: str
    remarks: tuple[str, ...] = ()


def read_contacts(table: Table, mapping: ColumnMapping | None = None) -> Iterator[Contact | RowError]:
    """Each line as a contact or a refusal. Raises BadInput before the first line when the MATRICULE column is missing."""
    chosen = mapping or guess_mapping(table.headers, CONTACTS)
    if chosen.layout != CONTACTS:
        raise BadInput("Ce fichier a été reconnu comme un fichier d'entrants. Choisissez le format « contacts », ou l'import des entrants.")
    if missing := chosen.missing():
        raise BadInput(f"« {table.filename} » n'a pas la colonne obligatoire : {', '.join(missing)}. Ajoutez-la ou choisissez sa colonne.")
    positions = chosen.positions(table.headers)
    return (_one(line, positions, table.headers) for line in table.rows)


def _one(line: Line, positions: dict[str, int], headers: tuple[str, ...]) -> Contact | RowError:
    if line.problem:
        return refused(line, (Problem("", line.problem),))
    reading = Reading(line, positions, headers)
    nir = reading.wanted("nir", lambda cell: read_nir(text_of(cell)), "")
    matricule = ""
    try:
        nir = nir or read_nir(text_of(reading.cell("matricule")))
    except BadInput:
        matricule = reading.needed("matricule", caf_number_of, "")
    else:
        matricule = reading.wanted("matricule", caf_number_of, "") if len(text_of(reading.cell("matricule"))) < 13 else ""
    found = Contact(
        line=line.number,
        matricule=matricule,
        role=reading.wanted("role", role_of, ""),
        type_personne=reading.wanted("type_personne", short(plain_text, 20), ""),
        nir=nir,
        numero_demande=reading.wanted("numero_demande", short(plain_text, 20), ""),
        date_demande=reading.wanted("date_demande", date_of, None),
        date_droits_devoirs=reading.wanted("date_droits_devoirs", date_of, None),
        nom=reading.wanted("nom", name_of, ""),
        prenom=reading.wanted("prenom", name_of, ""),
        telephone=reading.wanted("telephone", phone_of, ""),
        telephone_2=reading.wanted("telephone_2", phone_of, ""),
        email=reading.wanted("email", email_of, ""),
        remarks=tuple(reading.remarks),
    )
    if not found.matricule and not found.nir and not reading.problems:
        reading.refuse("matricule", "Le matricule manque : rien ne dit à quel dossier va ce contact. Complétez la ligne.")
    return refused(line, tuple(reading.problems)) if reading.problems else found
