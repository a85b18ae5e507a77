"""Reads a letter as its owner wrote it and writes it for one person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

from server.feel.french import value_text
from server.feel.text_template import Template, outline, read_template
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value
from server.letters.message import sms_text
from server.letters.plain import plain_text

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)(.*)", re.DOTALL)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LONGEST = 60_000


@dataclass(frozen=True)
class Letter:
    """A read letter; `sms` is None when the letter has no text message."""

    subject: Template
    body: Template
    sms: Template | None


@dataclass(frozen=True)
class Rendered:
    """A letter for one person. `html` is the body only, safe to put in a page; `sms` is "" or at most 160 characters of one message."""

    subject: str
    html: str
    text: str
    sms: str


@lru_cache(maxsize=512)
def read_letter(template: str) -> Letter:
    """Reads a letter: `objet:` and `sms:` between two `---` lines, then Markdown. Raises ModelError (no subject, a faulty place), TooMuch."""
    if len(template) > _LONGEST:
        raise TooMuch(f"La lettre dépasse {_LONGEST} caractères. Raccourcissez-la.")
    found = _FRONT.fullmatch(template)
    if not found:
        raise ModelError("La lettre commence par son objet, entre deux lignes « --- » : ajoutez-les.", rule="lettre_sans_objet")
    heads = _heads(found[1])
    if not heads.get("objet"):
        raise ModelError("La lettre n'a pas d'objet : ajoutez une ligne « objet: … » en tête.", rule="lettre_sans_objet")
    if not found[2].strip():
        raise ModelError("La lettre n'a pas de texte : écrivez-le sous les lignes de tête.", rule="lettre_vide")
    sms = heads.get("sms")
    return Letter(read_template(heads["objet"]), read_template(found[2]), read_template(sms) if sms else None)


def _heads(text: str) -> dict[str, str]:
    """The head lines: `name: value`, the value with or without quotes; an indented line goes on with the one before."""
    heads: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line[:1].isspace() and name and line.strip():
            heads[name] = f"{heads[name]} {line.strip()}"
        elif ":" in line and not line.lstrip().startswith("#"):
            name, _, value = line.partition(":")
            name = name.strip().lower()
            heads[name] = value.strip()
    return {name: _unquoted(value) for name, value in heads.items()}


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace('\\"', '"')
    return value


def render(template: str, scope: Mapping[str, Value], now: datetime, zone: str = "Europe/Paris") -> Rendered:
    """The letter for these values. A value is text, never markup; dates and numbers are written in French, times in `zone`.

    Raises ModelError when a value is missing, when the letter is faulty, or when its text message passes 160 characters.
    """
    letter = read_letter(template)
    # FEEL's today() is the date of the time it is given, in its zone.
    now = now.astimezone(ZoneInfo(zone))

    def plain(value: Value, expression: str) -> str:
        return _known(value, expression, zone)

    def in_markdown(value: Value, expression: str) -> str:
        return _as_text(_known(value, expression, zone))

    tokens = _MARKDOWN.parse(letter.body.render(scope, now, in_markdown))
    return Rendered(
        subject=" ".join(letter.subject.render(scope, now, plain).split()),
        html=str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})),
        text=plain_text(tokens),
        sms=sms_text(letter.sms.render(scope, now, plain)) if letter.sms else "",
    )


def preview(template: str) -> Rendered:
    """The letter with each place named « ‹dossier.ouverture› » instead of valued, each block shown once; `sms` is not measured. Raises ModelError."""
    letter = read_letter(template)

    def named(expression: str) -> str:
        return f"‹{expression}›"

    tokens = _MARKDOWN.parse(outline(letter.body.nodes, lambda expression: _as_text(named(expression))))
    return Rendered(
        subject=outline(letter.subject.nodes, named),
        html=str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})),
        text=plain_text(tokens),
        sms=outline(letter.sms.nodes, named) if letter.sms else "",
    )


def _known(value: Value, expression: str, zone: str) -> str:
    if value is None:
        message = f"La lettre demande « {expression} », qui n'a pas de valeur. Complétez le dossier, ou écrivez la lettre sans cette place."
        raise ModelError(message, rule="lettre_sans_valeur")
    return value_text(value, zone)


def _as_text(value: str) -> str:
    """The value with every Markdown sign neutral; its line ends stay line ends."""
    lines = [_PUNCTUATION.sub(r"\\\1", line.strip()) for line in value.replace("\r\n", "\n").split("\n")]
    return re.sub(r"(?<!\n)\n(?!\n)", "\\\\\n", "\n".join(lines))
