"""Cuts FEEL text into tokens: words, numbers, strings and signs, with their place, so that the parser can point at what it refuses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from server.kernel.errors import ModelError, TooMuch

MAX_TEXT = 10_000

# Grammar rules 27 to 29 of DMN 1.5 (10.3.1.2): characters that may start a name, then those that may follow.
_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9'\u2019\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+ | //[^\n]* | /\*(?:[^*]|\*(?!/))*\*/)
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<word>[{_START}][{_PART}]*)
    | (?P<sign>\.\.\.?|\*\*|->|<=|>=|!=|[-+*/=<>()\[\]{{}},.:@])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([nrt\"'\\]))")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One token: `kind` is number, string, word, sign or end; `text` as written (for a string: its value); `at` counts characters from 0."""

    kind: str
    text: str
    at: int
    end: int


@lru_cache(maxsize=4096)
def scan(text: str) -> tuple[Token, ...]:
    """The tokens of a FEEL text, closed by one of kind `end`. Raises ModelError on a character FEEL does not know, TooMuch over 10,000 characters."""
    if len(text) > MAX_TEXT:
        raise TooMuch(f"Expression trop longue : {len(text)} caractères, {MAX_TEXT} au plus. Découpez-la.")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise refusal(text, at, _unknown(text, at))
        if found.lastgroup != "space":
            word = found.group()
            tokens.append(Token(found.lastgroup, _unescape(word[1:-1]) if found.lastgroup == "string" else word, at, found.end()))
        at = found.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tuple(tokens)


def words_of(name: str) -> tuple[str, ...] | None:
    """A name as the texts of its tokens, to be found again in an expression; None when FEEL could never read it."""
    try:
        return tuple(token.text for token in scan(name)[:-1])
    except (ModelError, TooMuch):
        return None


def refusal(text: str, at: int, what: str) -> ModelError:
    """The error for a text refused at a place, with its column (and line when there are several)."""
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    place = f"colonne {column}" if "\n" not in text else f"ligne {line}, colonne {column}"
    shown = text if len(text) <= 200 else text[:200] + "…"
    return ModelError(f"Expression FEEL illisible ({place}) : {what} Expression : {shown}", rule="feel-syntaxe")


def _unknown(text: str, at: int) -> str:
    if text[at] == '"':
        return "le texte ouvert ici n'est pas fermé ; ajoutez un guillemet."
    if text.startswith("/*", at):
        return "le commentaire ouvert ici n'est pas fermé ; ajoutez */."
    return f"le caractère « {text[at]} » n'existe pas en FEEL ; retirez-le ou mettez-le entre guillemets."


def _unescape(body: str) -> str:
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_one_escape, body)
    # Two \u escapes may be the two halves of one character.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if any("\ud800" <= c <= "\udfff" for c in text) else text


def _one_escape(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    if code is None:
        return _PLAIN_ESCAPES[found.group(3)]
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"
