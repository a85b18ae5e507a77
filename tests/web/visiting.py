"""A browser without screen: signs somebody in, keeps their cookie, posts forms with their CSRF token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.actions.sign_in import sign_in
from server.kernel.actor import Actor
from server.store.cases import find_tasks
from server.store.rows import Task
from server.store.tables import task
from server.store.work import reading
from server.web import make_web
from tests.factories import PASSWORD, World

BASE = "https://jalon.test"


class Visitor:
    """One browser; `actor` is None for somebody who is not signed in."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client: FlaskClient = app.test_client()
        self._csrf = ""
        if token:
            self.client.set_cookie("jalon", token, domain="jalon.test", secure=True)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=BASE, **options)

    def csrf(self) -> str:
        """The token that this browser's pages carry."""
        if not self._csrf:
            for page in ("/aide", "/connexion"):
                if found := re.search(r'name="csrf" value="([^"]+)"', self.get(page).text):
                    self._csrf = found[1]
                    break
        return self._csrf

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Posts a form as its page would."""
        return self.client.post(path, data={"csrf": self.csrf(), **(form or {})}, base_url=BASE, **options)

    def send_file(self, path: str, name: str, content: bytes, **form: str) -> TestResponse:
        """Posts a file in the field `fichier`; the body is made here, for the test client leaves its temporary file open."""
        line = "--limite-essai\r\nContent-Disposition: form-data; name="
        fields = "".join(f'{line}"{key}"\r\n\r\n{value}\r\n' for key, value in {"csrf": self.csrf(), **form}.items())
        head = f'{fields}{line}"fichier"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = head.encode() + content + b"\r\n--limite-essai--\r\n"
        return self.client.post(path, data=body, content_type="multipart/form-data; boundary=limite-essai", base_url=BASE)

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        """A JSON request with the token of the page in its header."""
        headers = {"X-CSRF-Token": self.csrf(), "Accept": "application/json"} | options.pop("headers", {})
        return self.client.open(path, method=method, json=body, base_url=BASE, headers=headers, **options)


@dataclass
class Site:
    """The web application on a world."""

    world: World
    app: Flask

    def visitor(self, actor: Actor | None = None) -> Visitor:
        """A browser in which the actor has signed in."""
        if actor is None:
            return Visitor(self.app)
        token, _ = sign_in(self.world.jalon, self.world.login_of(actor), PASSWORD, "192.0.2.1", self.world.jalon.clock.now())
        return Visitor(self.app, token)

    def tasks(self, case_id: str) -> list[Task]:
        """The open tasks of a case."""
        with reading(self.world.jalon.database) as work:
            return list(find_tasks(work, (task.c.case_id == case_id) & (task.c.status == "open")))


def site_on(world: World) -> Site:
    """The site of a world; an error of the server fails the test instead of becoming a page."""
    return Site(world, make_web(world.jalon))


def words_of(response: TestResponse) -> str:
    """The page's text without tags, spaces folded."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", text.replace("&#39;", "'").replace("&amp;", "&")).strip()
