"""`jalon simulate`: a département at work on an empty base of its own, scripted agents through the JSON API, a moving clock; fails on any error."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import click
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from server.access.jalon import Jalon
from server.actions.found_departement import found_departement
from server.actions.publish_from_folders import publish_from_folders
from server.actions.reexecute_case import reexecute_case
from server.actions.verify_chain import verify_chain
from server.app import make_jalon, prepare
from server.cli.agents import PARIS, Agents
from server.cli.api_desk import ApiClient, ApiDesk
from server.cli.demonstration import open_accounts, settle, weekly_waves
from server.kernel.actor import Actor, machine
from server.kernel.clock import MovableClock
from server.kernel.errors import JalonError
from server.queries.chains import chain_names
from server.queries.figures import figures_page
from server.queries.soundness import Soundness, soundness
from server.settings import Settings
from server.web import make_web

START = datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
MONTH_OF_ENTRANTS = {"13": 1945}  # BDR-T-I to X, S003
STAGES = ("ouverture_droit", "orientation", "contrat", "suivi", "manquement", "seance_ep", "decision", "retablissement")


class Quiet(WSGIRequestHandler):
    """Keeps connections open between calls and writes no line per call."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the simulation counts its calls itself."""


@dataclass
class Simulation:
    """What a simulation did and found."""

    entrants: int = 0
    tasks: int = 0
    calls: int = 0
    failures: list[str] = field(default_factory=list)
    chains: int = 0
    commands: int = 0
    table: list[tuple[str, ...]] = field(default_factory=list)


@click.command("simulate")
@click.option("--departement", default="13", show_default=True)
@click.option("--jours", default=120, show_default=True, type=click.IntRange(30, 1000))
@click.option("--entrants", default=0, help="Entrants du premier mois ; 0 : le volume des sources.")
@click.option("--base", default="", help="Adresse d'une base vide (PostgreSQL) ; sinon un fichier SQLite temporaire.")
def simulate(departement: str, jours: int, entrants: int, base: str) -> None:
    """Joue un mois d'entrants et leur parcours, par l'API, puis vérifie tout ; sort en erreur à la moindre faute."""
    count = entrants or MONTH_OF_ENTRANTS.get(departement, 0)
    if not count:
        raise click.UsageError(f"Les sources ne donnent pas d'entrants par mois pour {departement} : donnez --entrants.")
    with tempfile.TemporaryDirectory(prefix="jalon-simulation-") as folder:
        found = play(departement, jours, count, base or f"sqlite:///{folder}/simulation.sqlite", Path(folder), click.echo)
    _print(found)
    sys.exit(1 if found.failures else 0)


def play(departement: str, days: int, count: int, url: str, folder: Path, say: Callable[[str], object] = print) -> Simulation:
    """Plays `days` days from a Monday of January 2026 with `count` entrants whose rights opened the month before. Never raises for what it finds: `failures` tells."""
    settings = Settings(
        database_url=url, secret="simulation" * 4, instance=folder, secure_cookies=False, departement=departement, password_memory=64
    )
    prepare(settings)
    clock = MovableClock(START)
    jalon = make_jalon(settings, clock)
    actor = machine(departement, channel="ligne_de_commande")
    found = Simulation()
    places = found_departement(jalon, actor, clock.now())
    accounts = {account.login: account.password for account in open_accounts(jalon, actor, places, clock.now())}
    publish_from_folders(jalon, actor, clock.now())
    server = make_server("127.0.0.1", 0, make_web(jalon), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, name="simulation-web", daemon=True)
    thread.start()
    try:
        desk = ApiDesk(_clients(server, accounts))
        _days(jalon, clock, desk, days, count, found, say)
        found.calls = sum(client.calls for client in desk.clients.values())
        _check(jalon, actor, clock.now(), found)
    except JalonError as error:
        found.failures.append(str(error))
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
        jalon.close()
    return found


def _clients(server: BaseWSGIServer, accounts: Mapping[str, str]) -> dict[str, ApiClient]:
    clients = {}
    for login in ("agent", "referent", "responsable", "secretariat", "decideur"):
        client = ApiClient("127.0.0.1", server.port)
        client.sign_in(login, accounts[login])
        clients[login] = client
    return clients


def _days(jalon: Jalon, clock: MovableClock, desk: ApiDesk, days: int, count: int, found: Simulation, say: Callable[[str], object]) -> None:
    agents = Agents(desk, Random(13))
    first = START.astimezone(PARIS).date()
    waves = _waves(first, count)
    for offset in range(days):
        day = first + timedelta(days=offset)
        clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=PARIS))
        settle(jalon, clock.now())
        _renew(desk, offset)
        if day in waves:
            counts = desk.take_in(f"entrants-{day}.csv", waves[day])
            found.entrants += counts["to_create"]
            if counts["refused"]:
                found.failures.append(f"{counts['refused']} ligne(s) refusée(s) à l'import du {day}.")
        if day.weekday() < 5:
            agents.work(clock.now())
            if agents.hold_sessions(clock.now(), desk.waiting_for_session()):
                agents.work(clock.now())
        if offset % 30 == 29:
            say(f"Jour {offset + 1} sur {days} : {found.entrants} entrants, {agents.done} tâches faites par l'API")
    found.tasks = agents.done


def _renew(desk: ApiDesk, offset: int) -> None:
    """Signs in again each morning: a session does not last weeks."""
    if offset:
        for login, client in desk.clients.items():
            client.sign_in(login, client.password)


def _waves(first: date, count: int) -> dict[date, bytes]:
    """The entrants of a month, taken in week by week over five Mondays."""
    return weekly_waves(first, first + timedelta(days=35), count)


def _check(jalon: Jalon, actor: Actor, now: datetime, found: Simulation) -> None:
    names = chain_names(jalon, actor)
    for chain, label in names:
        verdict = verify_chain(jalon, actor, chain, now)
        if not verdict.holds:
            found.failures.append(f"{label} : {verdict.message}")
        if not chain.startswith("registre:"):
            rerun = reexecute_case(jalon, actor, chain, now)
            found.commands += rerun.count
            if not rerun.ok:
                found.failures.append(f"{label} : {rerun.message}")
    found.chains = len(names)
    state: Soundness = soundness(jalon, actor, now)
    found.failures += state.faults
    missing = [stage for stage in STAGES if not state.ended.get(stage)]
    if missing:
        found.failures.append(f"Étapes jamais achevées : {', '.join(missing)}.")
    page = figures_page(jalon, actor, "", now)
    found.table.append(("Pôle", *page.columns))
    for line in page.places:
        cells = [f"{f.count}/{f.total} ({f.rate:.0f} %)" if f.rate is not None else str(f.count) for f in line.figures]
        found.table.append((line.name, *cells))
    if not any(figure.milestone == "retablis" and figure.count for figure in page.figures):
        found.failures.append("Aucun rétablissement.")


def _print(found: Simulation) -> None:
    widths = [max(len(row[i]) for row in found.table) for i in range(len(found.table[0]))] if found.table else []
    for row in found.table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    click.echo(
        f"\n{found.entrants} entrants, {found.tasks} tâches et {found.calls} appels par l'API, {found.chains} chaînes vérifiées, {found.commands} commandes rejouées."
    )
    for failure in found.failures[:20]:
        click.echo(f"ÉCHEC : {failure}", err=True)
    click.echo("Aucune faute." if not found.failures else f"{len(found.failures)} faute(s).")
