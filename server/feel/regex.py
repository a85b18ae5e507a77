"""XPath regular expressions (DMN 1.5, 10.3.4.3) on RE2, which runs in linear time whatever the pattern."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

from server.feel.regex_syntax import BadPattern, for_re2

MAX_PATTERN = 1_000


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
    options.dot_nl = True
    try:
        if "q" in flags:
            return re2.compile(re2.escape(text), options)
        source = for_re2(text, spaced="x" in flags, dot_all="s" in flags)
        return re2.compile(f"(?m){source}" if "m" in flags else source, options)
    except re2.error:
        raise BadPattern(f"le motif « {text[:80]} » n'est pas valable, ou demande un renvoi (\\1) qui n'est pas permis") from None


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
