"""Files of fictional entrants, in the volumes and proportions of the sources, for the demonstration, the simulation and the tests.

NIRs have a right key and a commune code (990 to 999) that no birth can carry; telephones are of the ranges kept for fiction; addresses of
electronic mail are at example.org. Proportions: registered for work at entry 35 % (VDM-V04), with children 40.8 % (VDM-V16), under 30 22 % and
over 55 15 % (ISE-V08), women 50.2 % (VDM-V15). Couples, RSA majoré, RQTH and missing contacts are assumptions.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from server.intake.fictional_words import BIRTH_DEPARTEMENTS, LANDLINES, MEN, MOBILE, PLACES, STREETS, SURNAMES, WOMEN, Place
from server.intake.nir import nir_key
from server.kernel.errors import BadInput

HEADERS = (
    "N° CAF", "Civilité", "Nom bénéficiaire", "Prénom bénéficiaire", "Nom de naissance", "Date de Naissance", "NIR", "Adresse", "Complément", "CP Ville",
    "Rôle", "RSA majoré", "PE", "N° France Travail", "RQTH/AAH", "Mails", "Téléphones", "Situation familiale", "Nombre d'enfants",
    "N° demande RSA", "Date de demande", "Date d'ouverture", "Pôle", "id iodas",
)  # fmt: skip
CONTACT_HEADERS = (
    "MATRICULE", "ROLE PERSONNE", "TYPE PERSONNE", "NIR", "NUMERO DEMANDE RSA", "DATE DEMANDE RSA", "DATE DEBUT DROITS - DEVOIRS",
    "NOM RESPONSABLE DOSSIER", "PRENOM RESPONSABLE DOSSIER", "NUMERO TELEPHONE DOSSIER", "NUMERO TELEPHONE 2 DOSSIER", "ADRESSE ELECTRONIQUE DOSSIER",
)  # fmt: skip
_AGES = ((18, 24, 4), (25, 29, 18), (30, 39, 28), (40, 49, 24), (50, 55, 11), (56, 59, 6), (60, 64, 9))  # first, last, share in percent


@dataclass(frozen=True)
class Fictional:
    """One fictional person and the cells of their line."""

    cells: dict[str, str]
    contact: dict[str, str]


def fictional_persons(month: date, count: int | None, departement: str, seed: int) -> Iterator[Fictional]:
    """`count` persons whose right opens in that month (None: the volume of the sources), spread over the territories; the same seed gives the same persons.

    Raises BadInput when the sources give no volume for the département.
    """
    places = PLACES.get(departement, {})
    if not places and count is None:
        raise BadInput(f"Les sources ne donnent pas d'entrants par mois pour le département {departement}. Donnez un nombre.")
    places = places or {"": Place(1, f"{departement}000", "Ville-Exemple")}
    rng = random.Random(f"{departement} {month:%Y-%m} {seed}")
    taken: set[str] = set()
    rank = 0
    for territory, number in _shares(places, count).items():
        left = number
        while left:
            household = _Household(rng, month, departement, territory, places[territory])
            for role in ("DEM", "CJT")[: min(left, 2 if household.couple and rng.random() < 0.7 else 1)]:
                rank += 1
                left -= 1
                yield household.person(role, rank, taken)


def write_entrants(path: Path, month: date, count: int | None, departement: str, seed: int) -> int:
    """Writes the working spreadsheet of a month (.xlsx, else CSV UTF-8 with semicolons). Gives the number of persons."""
    return _write(path, HEADERS, (person.cells for person in fictional_persons(month, count, departement, seed)))


def write_contacts(path: Path, month: date, count: int | None, departement: str, seed: int) -> int:
    """Writes the CNAF contact file of the same persons. Gives the number of lines."""
    return _write(path, CONTACT_HEADERS, (person.contact for person in fictional_persons(month, count, departement, seed)))


def _write(path: Path, headers: tuple[str, ...], lines: Iterator[dict[str, str]]) -> int:
    rows = [[line[header] for header in headers] for line in lines]
    if path.suffix.lower() == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Allocataires (fictifs)")
        for row in (headers, *rows):
            sheet.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows([headers, *rows])
    return len(rows)


def _shares(places: Mapping[str, Place], count: int | None) -> dict[str, int]:
    """How many persons each territory gets, by largest remainder, so that the total is exact."""
    volumes = {territory: place.entrants for territory, place in places.items()}
    if count is None:
        return volumes
    total = sum(volumes.values())
    exact = {territory: count * volume / total for territory, volume in volumes.items()}
    given = {territory: int(share) for territory, share in exact.items()}
    for territory in sorted(exact, key=lambda t: given[t] - exact[t])[: count - sum(given.values())]:
        given[territory] += 1
    return given


class _Household:
    """People who share a CAF number, an address and an opening date."""

    def __init__(self, rng: random.Random, month: date, departement: str, territory: str, place: Place) -> None:
        self.rng, self.departement, self.territory, self.place = rng, departement, territory, place
        following = (month.replace(day=28) + timedelta(4)).replace(day=1)
        self.opened = month.replace(day=1) + timedelta(rng.randrange((following - month.replace(day=1)).days))
        self.asked = self.opened - timedelta(rng.randint(0, 30))
        self.couple = rng.random() < 0.22
        self.children = rng.choices((1, 2, 3, 4, 5), (42, 32, 17, 6, 3))[0] if rng.random() < 0.408 else 0
        self.majore = not self.couple and self.children > 0 and rng.random() < 0.3
        self.address = f"{rng.randint(1, 180)} {rng.choice(STREETS)}"
        self.complement = f"Bâtiment {rng.choice('ABCD')}" if rng.random() < 0.3 else ""
        self.surname = rng.choice(SURNAMES)
        self.caf = ""

    def person(self, role: str, rank: int, taken: set[str]) -> Fictional:
        """The demandeur or the conjoint, as lines of both files."""
        rng = self.rng
        woman = rng.random() < (0.75 if self.majore else 0.502)
        born = self._birth()
        surname = self.surname if role == "DEM" or rng.random() < 0.5 else rng.choice(SURNAMES)
        first = rng.choice(WOMEN if woman else MEN)
        birth_name = rng.choice(SURNAMES) if woman and rng.random() < 0.25 else ""
        month = f"{self.opened.year * 12 + self.opened.month:05d}"[-2:]
        if role == "DEM":
            self.caf = f"9{month}{rank:04d}"
        registered = rng.random() < 0.35
        mobile = f"{MOBILE}{rng.randrange(10_000):04d}" if rng.random() < 0.9 else ""
        landline = f"{LANDLINES.get(self.departement, '019900')}{rng.randrange(10_000):04d}" if rng.random() < 0.15 else ""
        email = f"personne.fictive.{self.departement}{self.opened:%y%m}{rank}@example.org" if rng.random() < 0.8 else ""
        nir = self._nir(woman=woman, born=born, taken=taken)
        request = f"9{self.departement}{self.opened:%y%m}{rank:06d}"
        cells = (
            self.caf, "Mme" if woman else "M.", surname, first, birth_name, f"{born:%d/%m/%Y}", nir, self.address, self.complement,
            f"{self.place.postcode} {self.place.town}", role, "oui" if self.majore else "non", "oui" if registered else "non",
            f"99{self.opened:%y%m}{rank:05d}" if registered else "", "oui" if rng.random() < 0.08 else "", email, _spaced(mobile or landline),
            self._situation(), str(self.children), request, f"{self.asked:%d/%m/%Y}", f"{self.opened:%d/%m/%Y}", self.territory,
            f"FICTIF-{self.departement}-{self.opened:%Y%m}-{rank:05d}",
        )  # fmt: skip
        contact = (
            self.caf,
            role,
            "ADULTE",
            nir[:13],
            request,
            f"{self.asked:%d/%m/%Y}",
            f"{self.opened:%d/%m/%Y}",
            surname,
            first,
            mobile,
            landline,
            email,
        )
        return Fictional(dict(zip(HEADERS, cells, strict=True)), dict(zip(CONTACT_HEADERS, contact, strict=True)))

    def _birth(self) -> date:
        first, last, _ = self.rng.choices(_AGES, [share for *_, share in _AGES])[0]
        years = self.rng.randint(first, last)
        if years < 25 and not self.children:
            # Under 25 the right supposes a child or past work: kept rare.
            years = self.rng.randint(25, 29)
        return self.opened.replace(year=self.opened.year - years, day=min(self.opened.day, 28)) - timedelta(self.rng.randrange(365))

    def _situation(self) -> str:
        if self.couple:
            return self.rng.choice(("marié(e)", "concubinage", "pacsé(e)"))
        return self.rng.choices(("célibataire", "divorcé(e)", "séparé(e)", "veuf(ve)"), (70, 16, 12, 2))[0]

    def _nir(self, *, woman: bool, born: date, taken: set[str]) -> str:
        """13 characters of a place of birth that does not exist (another one each month, for ten months), and their key."""
        commune = 990 + (self.opened.year * 12 + self.opened.month) % 10
        while True:
            body = f"{'2' if woman else '1'}{born:%y%m}{self.rng.choice(BIRTH_DEPARTEMENTS)}{commune}{self.rng.randint(1, 999):03d}"
            if body not in taken:
                taken.add(body)
                return body + nir_key(body)


def _spaced(phone: str) -> str:
    return " ".join(phone[i : i + 2] for i in range(0, len(phone), 2))
