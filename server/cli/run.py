"""`jalon run`: one command from nothing to a département at work, web and worker in one process, on the loopback only."""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from waitress.server import create_server

from server.app import make_jalon, prepare, with_secret
from server.cli.demonstration import build
from server.jobs import run_worker
from server.kernel.clock import MovableClock
from server.settings import Settings, read_settings
from server.store.database import built_aside
from server.web import make_web

HOST = "127.0.0.1"
NEEDED = 200 * 1024 * 1024  # bytes: the demonstration base, its log and room to work
WORDS = {
    "agent": "Agente (orientation, gestion, service allocation)",
    "referent": "Référent",
    "responsable": "Responsable de territoire",
    "secretariat": "Secrétariat d'EP",
    "membre": "Membre d'EP",
    "decideur": "Décideuse",
    "proprietaire1": "Propriétaire de processus",
    "proprietaire2": "Second propriétaire",
    "auditeur": "Auditrice",
    "administrateur": "Administrateur",
}


@click.command("run")
@click.option("--port", default=8013, show_default=True, type=click.IntRange(1, 65535))
@click.option("--entrants", default=600, show_default=True, help="Entrants de la démonstration, la première fois.")
def run(port: int, entrants: int) -> None:
    """Lance Jalon sur cette machine : la première fois, construit la base de démonstration."""
    started = time.monotonic()
    _refuse_taken(port)
    settings = replace(read_settings(), demonstration=True, secure_cookies=False)
    _refuse_other_base(settings)
    settings = with_secret(settings)
    kept = settings.instance / "comptes-demonstration.json"
    if not kept.exists():
        _build(settings, kept, entrants)
    else:
        prepare(settings)
    _serve(settings, port, json.loads(kept.read_text(encoding="utf-8")), started)


def _refuse_taken(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise click.ClickException(
                f"Le port {port} est déjà pris. Choisissez-en un autre : make run PORT={port + 1 if port < 65535 else 8013}"
            ) from None


def _refuse_other_base(settings: Settings) -> None:
    if not settings.database_url.startswith("sqlite") or str(settings.instance) not in settings.database_url:
        raise click.ClickException(
            "« jalon run » ne sert que la démonstration, sur SQLite dans le dossier instance. Pour une vraie base : jalon serve et jalon worker."
        )
    settings.instance.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.instance).free < NEEDED:
        raise click.ClickException("Il reste moins de 200 Mo sur ce disque : libérez de la place, puis recommencez.")
    base = settings.instance / "jalon.sqlite"
    if (
        base.exists()
        and not (settings.instance / "comptes-demonstration.json").exists()
        and not (settings.instance / "en-construction").exists()
    ):
        raise click.ClickException(
            "Le dossier instance contient une base qui n'est pas la démonstration. Donnez un autre dossier : JALON_INSTANCE=… make run"
        )


def _build(settings: Settings, kept: Path, entrants: int) -> None:
    """Builds the base aside, then puts it in place: a build that was stopped leaves nothing half made."""
    mark = settings.instance / "en-construction"
    for old in settings.instance.glob("jalon.sqlite*"):
        old.unlink()
    mark.touch()
    click.echo("Première fois : construction de la démonstration (une à deux minutes)")
    prepare(settings)
    now = datetime.now(UTC).replace(microsecond=0)
    clock = MovableClock(now)
    jalon = make_jalon(settings, clock)
    with built_aside(jalon.database):
        made = build(jalon, clock, now, lambda line: click.echo(f"  {line}"), entrants)
    jalon.close()
    accounts = {account.login: account.password for account in made.accounts}
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(accounts, indent=1), encoding="utf-8")
    mark.unlink()
    click.echo(f"  {made.entrants} entrants, {made.tasks} tâches faites")


def _serve(settings: Settings, port: int, accounts: dict[str, str], started: float) -> None:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    jalon = make_jalon(settings)
    stop = threading.Event()
    threading.Thread(target=run_worker, args=(jalon, stop), name="worker", daemon=True).start()
    server = create_server(make_web(jalon), host=HOST, port=port, threads=8, ident="jalon")
    click.echo(f"\nJalon est prêt en {time.monotonic() - started:.1f} s : http://{HOST}:{port}\n")
    width = max(len(login) for login in accounts)
    for login, password in accounts.items():
        click.echo(f"  {login:<{width}}  {password}   {WORDS.get(login, '')}")
    click.echo("\nPersonnes fictives ; cette machine seulement. Ctrl+C pour arrêter.")
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("\nArrêt.")
    finally:
        stop.set()
        server.close()
        os.sync()
