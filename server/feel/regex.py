"""XPath regular expressions (DMN 1.5, 10.3.4.3) on RE2, which runs in linear time whatever the pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 1_000
_NAME_START = r"_:\p{L}"
_NAME_PART = r"_:\p{L}\p{N}\p{M}.\-\x{B7}"
# Blocks of Unicode that XPath names and RE2 does not.
_BLOCKS = {
    "BasicLatin": r"\x{0}-\x{7F}",
    "Latin-1Supplement": r"\x{80}-\x{FF}",
    "LatinExtended-A": r"\x{100}-\x{17F}",
    "LatinExtended-B": r"\x{180}-\x{24F}",
    "Greek": r"\x{370}-\x{3FF}",
    "GreekandCoptic": r"\x{370}-\x{3FF}",
    "Cyrillic": r"\x{400}-\x{4FF}",
    "Hebrew": r"\x{590}-\x{5FF}",
    "Arabic": r"\x{600}-\x{6FF}",
    "GeneralPunctuation": r"\x{2000}-\x{206F}",
    "CurrencySymbols": r"\x{20A0}-\x{20CF}",
}
_BLOCK = re.compile(r"\\([pP])\{Is([A-Za-z0-9-]+)\}")


class BadPattern(Exception):
    """A pattern or its flags cannot be used; the text says why, in French."""


@lru_cache(maxsize=1024)
def pattern(text: str, flags: str = "") -> Any:
    """The compiled pattern. Raises BadPattern for a flag other than s m i x q, a wrong pattern, or one that RE2 cannot run (back-references)."""
    if set(flags) - set("smixq"):
        raise BadPattern(f"les options « {flags} » ne sont pas connues (s, m, i, x et q le sont)")
    if len(text) > MAX_PATTERN:
        raise BadPattern(f"le motif est trop long ({MAX_PATTERN} caractères au plus)")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 21
    options.case_sensitive = "i" not in flags
    options.dot_nl = "s" in flags
    try:
        if "q" in flags:
            return re2.compile(re2.escape(text), options)
        source = _translated(text, spaced="x" in flags)
        return re2.compile(f"(?m){source}" if "m" in flags else source, options)
    except re2.error:
        raise BadPattern(f"le motif « {text[:80]} » n'est pas valable, ou demande un renvoi (\\1) qui n'est pas permis") from None


def _translated(text: str, *, spaced: bool) -> str:
    """XPath's own escapes in the words of RE2; white space outside brackets goes away with the flag x."""
    out: list[str] = []
    at, inside = 0, 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            piece, at = _escape(text, at, inside=inside > 0)
            out.append(piece)
            continue
        if char == "[":
            inside += 1
        elif char == "]" and inside:
            inside -= 1
        elif inside and char == "-" and text.startswith("-[", at):
            raise BadPattern("la soustraction de classes [a-z-[b]] n'est pas permise")
        if char == "(" and not inside and text.startswith("(?", at) and not text.startswith("(?:", at):
            raise BadPattern("« (? » n'est permis que dans « (?: »")
        if not (spaced and not inside and char in " \t\n\r"):
            out.append(char)
        at += 1
    return "".join(out)


def _escape(text: str, at: int, *, inside: bool) -> tuple[str, int]:
    block = _BLOCK.match(text, at)
    if block:
        span = _BLOCKS.get(block[2])
        if span is None or (inside and block[1] == "P"):
            raise BadPattern(f"le bloc Unicode « {block[2]} » n'est pas connu")
        return (span if inside else f"[{'^' if block[1] == 'P' else ''}{span}]"), block.end()
    letter = text[at + 1 : at + 2]
    span = {"i": _NAME_START, "c": _NAME_PART}.get(letter.lower(), "")
    if span:
        if inside and letter.isupper():
            raise BadPattern(f"« \\{letter} » n'est pas permis entre crochets")
        return (span if inside else f"[{'^' if letter.isupper() else ''}{span}]"), at + 2
    if letter == "d":
        return r"\p{Nd}", at + 2
    if letter == "D":
        return r"\P{Nd}", at + 2
    if letter in {"A", "z", "b", "B", "Q", "E", "C", "a", "f", "v", "x"} or letter.isdigit():
        raise BadPattern(f"« \\{letter} » n'existe pas dans les motifs FEEL")
    if letter == "w" and not inside:
        return r"[^\p{P}\p{Z}\p{C}]", at + 2
    if letter == "W" and not inside:
        return r"[\p{P}\p{Z}\p{C}]", at + 2
    return "\\" + letter, at + 1 + len(letter)


def found(text: str, motif: str, flags: str) -> bool:
    """True when the pattern is found anywhere in the text."""
    return pattern(motif, flags).search(text) is not None


def replaced(text: str, motif: str, replacement: str, flags: str) -> str:
    """The text with every match replaced; $1 to $9 stand for groups, $0 for the match, `\\$` and `\\\\` for themselves."""
    compiled = pattern(motif, flags)
    if compiled.search("") is not None:
        raise BadPattern(f"le motif « {motif[:80]} » accepte le texte vide, ce qu'un remplacement ne permet pas")
    parts = [replacement] if "q" in flags else _template(replacement, compiled.groups)
    out: list[str] = []
    at = 0
    for match in compiled.finditer(text):
        out.append(text[at : match.start()])
        out.extend(part if isinstance(part, str) else match.group(part) or "" for part in parts)
        at = match.end()
    out.append(text[at:])
    return "".join(out)


def _template(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        char, after = replacement[at], replacement[at + 1 : at + 2]
        if char == "\\":
            if after not in {"\\", "$"}:
                raise BadPattern("dans le texte de remplacement, « \\ » s'écrit « \\\\ »")
            parts.append(after)
            at += 2
        elif char == "$":
            number, at = _group(replacement, at + 1, groups)
            parts.append(number if number <= groups else "")
        else:
            parts.append(char)
            at += 1
    return parts


def _group(replacement: str, at: int, groups: int) -> tuple[int, int]:
    """The group number at a place: as many digits as make a group that exists, one at least."""
    if not replacement[at : at + 1].isdigit():
        raise BadPattern("dans le texte de remplacement, « $ » s'écrit « \\$ »")
    end = at + 1
    while replacement[end : end + 1].isdigit() and int(replacement[at : end + 1]) <= groups:
        end += 1
    return int(replacement[at:end]), end


def pieces(text: str, motif: str) -> list[str]:
    """The text cut at every match."""
    compiled = pattern(motif)
    if compiled.search("") is not None:
        raise BadPattern(f"le motif « {motif[:80]} » accepte le texte vide, ce qu'un découpage ne permet pas")
    out: list[str] = []
    at = 0
    for match in compiled.finditer(text):
        out.append(text[at : match.start()])
        at = match.end()
    out.append(text[at:])
    return out
