"""A posted form as raw answers: flat names, several values as a list, files as their description."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from server.forms import Upload
from server.kernel.errors import TooMuch

OURS = {"csrf", "key", "seen_version", "bouton", "enchainer"}
MAX_NAMES = 5_000
HEAD = 512  # bytes compared with the file's name


def posted_answers(form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> dict[str, Any]:
    """The raw answers of a posted form. Raises TooMuch when there are too many of them."""
    if len(form) > MAX_NAMES:
        raise TooMuch("Le formulaire envoyé a trop de champs. Rechargez la page et recommencez.")
    raw: dict[str, Any] = {}
    for name in form:
        if name not in OURS:
            values = form.getlist(name)
            raw[name] = values[0] if len(values) == 1 else values
    for name in files:
        given = [_described(file) for file in files.getlist(name) if file.filename]
        if given:
            raw[name] = given
    return raw


def _described(file: FileStorage) -> Upload:
    content = file.stream.read()
    return Upload(name=file.filename or "", media_type=file.mimetype, size=len(content), head=content[:HEAD], content=content)
