"""Builds the demonstration: département 13, its ten pôles, three months of fictional entrants through the ordinary import, cases at every stage."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.actions.create_account import NewAccount, create_account
from server.actions.found_departement import found_departement
from server.actions.publish_from_folders import publish_from_folders
from server.actions.run_import import run_import
from server.actions.try_import import try_import
from server.cli.agents import Agents
from server.cli.verb_desk import VerbDesk
from server.intake.fictional import HEADERS, fictional_persons
from server.jobs import run_once
from server.kernel.actor import Actor, machine
from server.kernel.clock import MovableClock
from server.queries.sessions import waiting_cases

PARIS = ZoneInfo("Europe/Paris")
DAYS = 90
ENTRANTS = 600
SEED = 13
Say = Callable[[str], None]

ACCOUNTS = (
    ("agent", "Agente EXEMPLE", ("agent",), ("orientation", "gestion", "allocation")),
    ("referent", "Référent EXEMPLE", ("referent",), None),
    ("responsable", "Responsable EXEMPLE", ("responsable",), None),
    ("secretariat", "Secrétariat EP EXEMPLE", ("secretariat_ep",), None),
    ("membre", "Membre EP EXEMPLE", ("membre_ep",), None),
    ("decideur", "Décideuse EXEMPLE", ("decideur",), None),
    ("proprietaire1", "Propriétaire EXEMPLE 1", ("proprietaire",), None),
    ("proprietaire2", "Propriétaire EXEMPLE 2", ("proprietaire",), None),
    ("auditeur", "Auditrice EXEMPLE", ("auditeur",), None),
    ("administrateur", "Administrateur EXEMPLE", ("administrateur",), None),
)


@dataclass(frozen=True)
class Demonstration:
    """What was built."""

    accounts: tuple[NewAccount, ...]
    entrants: int
    tasks: int


def open_accounts(jalon: Jalon, actor: Actor, places: tuple[str, ...], now: datetime) -> tuple[NewAccount, ...]:
    """One account per role, two process owners, each with a random password; the field roles work in all pôles of the demonstration."""
    return tuple(
        create_account(jalon, actor, login, name, roles, now, groups=groups, territories=places) for login, name, roles, groups in ACCOUNTS
    )


def build(jalon: Jalon, clock: MovableClock, now: datetime, say: Say, entrants: int = ENTRANTS) -> Demonstration:
    """Builds the whole demonstration up to `now`. `say` receives one line per step."""
    actor = machine("13", channel="ligne_de_commande")
    first = (now - timedelta(days=DAYS)).astimezone(PARIS).date()
    clock.move_to(_morning(first))
    say("Département 13, ses dix pôles, les comptes")
    places = found_departement(jalon, actor, clock.now())
    accounts = open_accounts(jalon, actor, places, clock.now())
    published = publish_from_folders(jalon, actor, clock.now()).published
    say(f"{len(published)} processus publiés")
    agents = Agents(VerbDesk(jalon, "13"), Random(SEED))
    waves = weekly_waves(first, now.astimezone(PARIS).date(), entrants)
    imported = 0
    for offset in range(DAYS + 1):
        day = first + timedelta(days=offset)
        clock.move_to(min(_morning(day), now))
        settle(jalon, clock.now())
        if day in waves:
            imported += take_in(jalon, actor, f"entrants-{day}.csv", waves[day], clock.now())
        if day.weekday() < 5:
            agents.work(clock.now())
            if agents.hold_sessions(clock.now(), waiting_cases(jalon, actor, clock.now())):
                agents.work(clock.now())
        if offset % 15 == 14:
            say(f"Jour {offset + 1} sur {DAYS} : {imported} entrants, {agents.done} tâches faites")
    clock.move_to(now)
    settle(jalon, now)
    return Demonstration(accounts, imported, agents.done)


def settle(jalon: Jalon, now: datetime) -> None:
    """Runs timers and wishes due at `now` until none is left."""
    while not run_once(jalon, now).idle:
        pass


def take_in(jalon: Jalon, actor: Actor, name: str, content: bytes, now: datetime) -> int:
    """Tries then runs an import, as the page does; how many lines the file has."""
    run_id = try_import(jalon, actor, name, content, None, "entrants", now)
    run_import(jalon, actor, run_id, now)
    return content.count(b"\n") - 1


def weekly_waves(first: date, last: date, count: int) -> dict[date, bytes]:
    """Monday -> a CSV of the persons whose right opened in the seven days before; `count` persons in all."""
    found = list(_persons(first, last, count))
    rows = (
        [found[i * len(found) // count] for i in range(count)] if len(found) > count else found
    )  # evenly, so that every pôle keeps its share
    waves: dict[date, bytes] = {}
    monday = first + timedelta(days=(7 - first.weekday()) % 7)
    while monday <= last:
        week = [cells for opened, cells in rows if monday - timedelta(days=7) <= opened < monday]
        if week:
            waves[monday] = _csv(week)
        monday += timedelta(days=7)
    return waves


def _persons(first: date, last: date, count: int) -> Iterator[tuple[date, dict[str, str]]]:
    months = []
    month = first.replace(day=1)
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    span = (last - first).days
    for start in months:
        following = (start + timedelta(days=32)).replace(day=1)
        inside = (min(following, last) - max(start, first)).days
        share = count * (following - start).days // span if span else count
        for person in fictional_persons(start, max(share, 1) if inside > 0 else 0, "13", SEED):
            opened = datetime.strptime(person.cells["Date d'ouverture"], "%d/%m/%Y").replace(tzinfo=UTC).date()
            if first - timedelta(days=7) <= opened < last:
                yield opened, person.cells


def _csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADERS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=PARIS).astimezone(UTC)
