"""A person as screens show them: what the step needs, the NIR masked by profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from server.access.seeing import may_read_nir
from server.kernel.actor import Actor
from server.store.personal import mask_nir
from server.store.sql import select
from server.store.tables import case_file, household, person, user_account
from server.store.work import Work


@dataclass(frozen=True)
class PersonLines:
    """Terms and values, in the order to show."""

    name: str
    lines: tuple[tuple[str, Any], ...]


def person_of_case(work: Work, actor: Actor, case_id: str, today: date, *, whole: bool) -> PersonLines:
    """The person of a case that the actor may read: the whole card, or the few lines that a task needs."""
    named = [column.label(f"{table.name}_{column.name}") for table in (person, household) for column in table.c]
    dates = [case_file.c[name].label(f"case_file_{name}") for name in ("right_opened_on", "contract_signed_on", "contract_ends_on")]
    statement = (
        select(*named, *dates, user_account.c.name.label("referent"))
        .select_from(case_file)
        .join(person, person.c.id == case_file.c.person_id)
        .outerjoin(household, household.c.id == person.c.household_id)
        .outerjoin(user_account, user_account.c.id == case_file.c.referent_id)
        .where(case_file.c.id == case_id)
    )
    row = work.rows(statement)[0]._mapping  # noqa: SLF001 - SQLAlchemy's own name for the row as a mapping
    name = f"{row['person_last_name']} {row['person_first_names']}"
    lines = _short(row, name, today)
    return PersonLines(name, tuple(lines + _card(work, actor, row) if whole else lines))


def _short(row: Any, name: str, today: date) -> list[tuple[str, Any]]:
    born = row["person_birth_date"]
    lines: list[tuple[str, Any]] = [
        ("Nom", name),
        ("Naissance", f"{born:%d/%m/%Y} ({_age(born, today)} ans)" if born else None),
        ("Foyer", _household(row)),
    ]
    lines.append(("Droit", f"Ouvert le {row['case_file_right_opened_on']:%d/%m/%Y}"))
    if row["case_file_contract_signed_on"]:
        end = f", jusqu'au {row['case_file_contract_ends_on']:%d/%m/%Y}" if row["case_file_contract_ends_on"] else ""
        lines.append(("Contrat", f"Signé le {row['case_file_contract_signed_on']:%d/%m/%Y}{end}"))
    if row["referent"]:
        lines.append(("Référent", row["referent"]))
    return lines


def _household(row: Any) -> str | None:
    size, children = row["household_size"], row["household_children"]
    if size is None:
        return None
    words = "1 personne" if size == 1 else f"{size} personnes"
    if children:
        words += f", {children} enfant{'s' if children > 1 else ''}"
    return f"{words}, RSA majoré" if row["household_rsa_increased"] else words


def _card(work: Work, actor: Actor, row: Any) -> list[tuple[str, Any]]:
    address = row["person_address"] or {}
    shown = " ".join(str(part) for part in [*address.get("lines", []), address.get("postcode"), address.get("town")] if part)
    role = {"DEM": "demandeur", "CJT": "conjoint"}.get(row["person_caf_role"] or "", "")
    return [
        ("Matricule", f"{row['person_caf_number']}{f' ({role})' if role else ''}" if row["person_caf_number"] else None),
        ("NIR", _nir(work, actor, row)),
        ("France Travail", row["person_ft_number"]),
        ("Identifiant interne", row["person_internal_id"]),
        ("Adresse", shown or None),
        ("Téléphone", row["person_phone"]),
        ("Courriel", row["person_email"]),
    ]


def _nir(work: Work, actor: Actor, row: Any) -> str | None:
    if actor.has("membre_ep"):
        return "Masqué pour votre profil"
    nir = work.database.keys.decrypt(row["person_nir_cipher"], row["person_id"])
    if not nir:
        return None
    return nir if may_read_nir(actor) else f"{mask_nir(nir)} (masqué pour votre profil)"


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
