"""A desk where scripted agents work through the JSON API of a running server, each role with its own account; for the simulation."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from server.cli.agents import Sheet, Waiting
from server.kernel.errors import BadInput, FieldError, FormErrors, JalonError, Stale
from server.kernel.values import from_plain

ROLES = ("agent", "referent", "responsable", "secretariat", "decideur")


class ApiFailure(JalonError):
    """The server answered something that a working server does not."""


@dataclass
class ApiClient:
    """One signed-in account."""

    host: str
    port: int
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    calls: int = 0
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def sign_in(self, login: str, password: str) -> None:
        """Takes a token. Raises ApiFailure."""
        self.token, self.password = "", password
        self.token = str(self.ask("POST", "/api/session", {"login": login, "password": password})["token"])

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer. Raises FormErrors (422 with fields), Stale (409), ApiFailure (anything else that is not 2xx)."""
        data = None if body is None else json.dumps(body).encode()
        return self.send(method, path, data, "application/json")

    def send(self, method: str, path: str, data: bytes | None, media_type: str) -> Any:
        """The same with ready bytes."""
        headers = {"Content-Type": media_type, "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        self.calls += 1
        self._connection.request(method, path, data, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        told = json.loads(content) if content else None
        if answer.status >= 400:
            raise _error(answer.status, path, told)
        return told


def _error(status: int, path: str, told: Any) -> Exception:
    message = str((told or {}).get("message", ""))
    if status == 422 and told.get("errors"):
        return FormErrors([FieldError(e["key"], e["label"], e["message"]) for e in told["errors"]])
    if status == 409:
        return Stale(message)
    return ApiFailure(f"{status} sur {path} : {message}")


@dataclass
class ApiDesk:
    """The desk of the simulation: a client per role."""

    clients: Mapping[str, ApiClient]
    _who: dict[str, ApiClient] = field(default_factory=dict)

    def tasks(self) -> list[Waiting]:
        """Every open task that one of the accounts may take."""
        found: dict[str, Waiting] = {}
        for client in self.clients.values():
            after = ""
            while True:
                query = urlencode({"liste": "prendre", "par_page": 200, "apres": after})
                page = client.ask("GET", f"/api/tasks?{query}")
                for row in page["tasks"]:
                    self._who[row["task_id"]] = client
                    found[row["task_id"]] = _waiting(row)
                if not (after := page["next"]):
                    break
        return list(found.values())

    def open(self, waiting: Waiting) -> Sheet:
        """A task's form."""
        told = self._who[waiting.task_id].ask("GET", f"/api/tasks/{waiting.task_id}")
        return Sheet(told["form"], from_plain(told["context"]), told["seen_version"])

    def complete(self, waiting: Waiting, answers: Mapping[str, Any], seen_version: int) -> None:
        """Sends the answers, with a fresh key."""
        body = {"answers": dict(answers), "seen_version": seen_version, "key": secrets.token_hex(16)}
        self._who[waiting.task_id].ask("POST", f"/api/tasks/{waiting.task_id}/complete", body)

    def message(self, case_id: str, name: str, variables: Mapping[str, Any]) -> None:
        """Records an event in a case."""
        self.clients["agent"].ask("POST", f"/api/cases/{case_id}/messages", {"name": name, "variables": dict(variables)})

    def plan_session(self, territory_id: str, day: date) -> None:
        """Plans an EP session."""
        self.clients["secretariat"].ask("POST", "/api/sessions", {"territory_id": territory_id, "held_on": day.isoformat()})

    def waiting_for_session(self) -> dict[str, int]:
        """Cases that wait for a session, by territory."""
        told: dict[str, int] = self.clients["secretariat"].ask("GET", "/api/sessions")["waiting"]
        return told

    def take_in(self, name: str, content: bytes) -> Mapping[str, int]:
        """Sends a file, tries it, runs it; the counts of the run. Raises BadInput when the trial refuses the file."""
        client = self.clients["agent"]
        mark = secrets.token_hex(12)
        head = f'--{mark}\r\nContent-Disposition: form-data; name="fichier"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        tried = client.send("POST", "/api/imports", body, f"multipart/form-data; boundary={mark}")
        if not tried["rows"]:
            raise BadInput(f"L'essai de « {name} » ne lit aucune ligne.")
        counts: Mapping[str, int] = client.ask("POST", f"/api/imports/{tried['id']}/run")
        return counts


def _waiting(row: Mapping[str, Any]) -> Waiting:
    ready = datetime.fromisoformat(row["ready_at"])
    return Waiting(
        row["task_id"], row["process"], row["element"], row["group"], row["case_id"], row["case_number"] or "", row["territory_id"], ready
    )
