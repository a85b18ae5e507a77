"""`jalon serve` and `jalon worker`: the two processes of an installation; as many of each as wanted on one PostgreSQL."""

from __future__ import annotations

import signal
import threading

import click
from waitress import serve as serve_wsgi

from server.app import create_web
from server.cli.base import opened
from server.jobs import run_worker
from server.settings import read_settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d'écoute ; mettez un serveur HTTPS devant.")
@click.option("--port", default=8013, show_default=True)
@click.option("--threads", default=8, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Sert les pages et l'API."""
    serve_wsgi(create_web(read_settings()), host=host, port=port, threads=threads, ident="jalon")


@click.command("worker")
def worker() -> None:
    """Tient les échéances et les envois, jusqu'à l'arrêt (Ctrl+C)."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run_worker(opened(), stop)
