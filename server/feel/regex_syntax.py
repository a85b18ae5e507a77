"""Rewrites an XPath regular expression (XML Schema part 2, appendix F, and XPath functions 5.6.1) in the words of RE2."""

from __future__ import annotations

from dataclasses import dataclass, field

_LAST = 0x10FFFF
_SPACE = " \t\n\r"
# What a class escape stands for inside brackets; \w is everything but punctuation, separators and other.
_CLASSES = {
    "d": r"\p{Nd}",
    "s": r" \t\n\r",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "i": r"_:\p{L}",
    "c": r"_:\p{L}\p{N}\p{M}.\-\x{B7}",
}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_PLAIN = frozenset("\\|.-^?*+{}()[]$")
_SPECIAL = frozenset("\\.[]{}()*+?|^$")
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


class BadPattern(Exception):
    """A pattern or its flags cannot be used; the text says why, in French."""


@dataclass
class _Groups:
    """The groups met so far: where those still open start, and the text of those closed."""

    opened: list[int] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    count: int = 0
    numbers: list[int] = field(default_factory=list)


def for_re2(text: str, *, spaced: bool, dot_all: bool) -> str:
    """The pattern for RE2. `spaced`: white space outside brackets goes away (flag x); `dot_all`: the dot takes line ends too (flag s)."""
    text = _without_space(text) if spaced else text
    out: list[str] = []
    groups = _Groups()
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            piece, at = _escape(text, at, groups)
        elif char == "[":
            piece, at = _bracket(text, at)
        elif char == "." and not dot_all:
            piece, at = r"[^\n\r]", at + 1
        else:
            _note_group(text, at, groups)
            piece, at = char, at + 1
        out.append(piece)
    return "".join(out)


def _without_space(text: str) -> str:
    out: list[str] = []
    inside, escaped = 0, False
    for char in text:
        if char in _SPACE and not inside:
            continue
        if not escaped:
            inside += (char == "[") - (char == "]" and inside > 0)
        escaped = char == "\\" and not escaped
        out.append(char)
    return "".join(out)


def _note_group(text: str, at: int, groups: _Groups) -> None:
    if text[at] == "(":
        captures = not text.startswith("(?:", at)
        if captures and text.startswith("(?", at):
            raise BadPattern("« (? » n'est permis que dans « (?: »")
        groups.count += captures
        groups.opened.append(at + 1)
        groups.numbers.append(groups.count if captures else 0)
    elif text[at] == ")" and groups.opened:
        start, number = groups.opened.pop(), groups.numbers.pop()
        if number:
            groups.texts[number] = text[start:at]


def _escape(text: str, at: int, groups: _Groups) -> tuple[str, int]:
    letter = text[at + 1 : at + 2]
    if letter.isdigit():
        return _back_reference(int(letter), groups), at + 2
    if letter in {"p", "P"}:
        span, end = _property(text, at)
        return (f"[{'^' if letter == 'P' else ''}{span}]", end)
    if letter.lower() in _CLASSES and letter:
        return f"[{'^' if letter.isupper() else ''}{_CLASSES[letter.lower()]}]", at + 2
    if letter not in _PLAIN and letter not in _CONTROLS:
        raise BadPattern(f"« \\{letter} » n'existe pas dans les motifs FEEL")
    return "\\" + letter, at + 2


def _back_reference(number: int, groups: _Groups) -> str:
    """RE2 has no back-reference; one to a group of plain characters is those characters."""
    body = groups.texts.get(number)
    if body is None:
        raise BadPattern(f"le renvoi « \\{number} » ne désigne aucun groupe fermé avant lui")
    if _SPECIAL & set(body):
        raise BadPattern(f"le renvoi « \\{number} » n'est permis que vers un groupe de caractères simples")
    return f"(?:{body})"


def _property(text: str, at: int) -> tuple[str, int]:
    """What `\\p{…}` stands for inside brackets, and where it ends."""
    end = text.find("}", at)
    name = text[at + 3 : end] if end > 0 and text[at + 2 : at + 3] == "{" else ""
    if name.startswith("Is"):
        if name[2:] not in _BLOCKS:
            raise BadPattern(f"le bloc Unicode « {name[2:]} » n'est pas connu")
        return _BLOCKS[name[2:]], end + 1
    if not name.isalpha() or len(name) > 2:
        raise BadPattern(f"la catégorie Unicode « {name} » n'est pas connue")
    return f"\\p{{{name}}}", end + 1


def _bracket(text: str, at: int) -> tuple[str, int]:
    """A class in brackets. With a subtraction [a-z-[b]] it must hold only characters and ranges."""
    ranges, pieces, negative, taken, end = _class(text, at, 0)
    if taken is None:
        return f"[{'^' if negative else ''}{''.join(_span(*r) for r in ranges)}{''.join(pieces)}]", end
    if pieces:
        raise BadPattern("une classe d'où l'on retranche ne peut contenir que des caractères et des intervalles")
    kept = _minus(_complement(ranges) if negative else ranges, taken)
    return "[" + ("".join(_span(*r) for r in kept) or r"^\x{0}-\x{10FFFF}") + "]", end


_Ranges = list[tuple[int, int]]


def _class(text: str, at: int, depth: int) -> tuple[_Ranges, list[str], bool, _Ranges | None, int]:
    """Ranges, other pieces, whether negated, what is subtracted, and the place after the closing bracket."""
    if depth > 5:
        raise BadPattern("trop de soustractions de classes l'une dans l'autre")
    at += 1
    negative = text.startswith("^", at)
    at += negative
    ranges: _Ranges = []
    pieces: list[str] = []
    while at < len(text) and text[at] != "]":
        if text.startswith("-[", at):
            inner, others, inverse, deeper, at = _class(text, at + 1, depth + 1)
            if others or not text.startswith("]", at):
                raise BadPattern("une soustraction de classes finit la classe et ne contient que des caractères")
            taken = _complement(inner) if inverse else inner
            return ranges, pieces, negative, _minus(taken, deeper or []), at + 1
        low, piece, at = _member(text, at)
        if piece:
            pieces.append(piece)
            continue
        high = low
        if text.startswith("-", at) and text[at + 1 : at + 2] not in {"]", "[", ""}:
            high, piece, at = _member(text, at + 1)
            if piece or high < low:
                raise BadPattern("un intervalle de caractères est à l'envers")
        ranges.append((low, high))
    if at >= len(text) or (not ranges and not pieces):
        raise BadPattern("une classe de caractères n'est pas fermée, ou est vide")
    return ranges, pieces, negative, None, at + 1


def _member(text: str, at: int) -> tuple[int, str, int]:
    """One character of a class, or a class escape as a piece for RE2; and the place after."""
    if text[at] != "\\":
        if text[at] == "[":
            raise BadPattern("« [ » s'écrit « \\[ » dans une classe")
        return ord(text[at]), "", at + 1
    letter = text[at + 1 : at + 2]
    if letter in {"p", "P"}:
        span, end = _property(text, at)
        if letter == "P":
            if not span.startswith("\\p"):
                raise BadPattern("la négation d'un bloc Unicode n'est pas permise entre crochets")
            span = "\\P" + span[2:]
        return 0, span, end
    if letter in {"d", "s", "w", "i", "c"}:
        return 0, _CLASSES[letter], at + 2
    if letter == "D":
        return 0, r"\P{Nd}", at + 2
    if letter == "W":
        return 0, r"\p{P}\p{Z}\p{C}", at + 2
    if letter in _CONTROLS:
        return ord(_CONTROLS[letter]), "", at + 2
    if letter not in _PLAIN:
        raise BadPattern(f"« \\{letter} » n'existe pas dans une classe de caractères")
    return ord(letter), "", at + 2


def _span(low: int, high: int) -> str:
    return f"\\x{{{low:X}}}" if low == high else f"\\x{{{low:X}}}-\\x{{{high:X}}}"


def _complement(ranges: _Ranges) -> _Ranges:
    return _minus([(0, _LAST)], ranges)


def _minus(ranges: _Ranges, taken: _Ranges) -> _Ranges:
    for low, high in taken:
        left: _Ranges = []
        for start, end in ranges:
            left += [r for r in ((start, min(end, low - 1)), (max(start, high + 1), end)) if r[0] <= r[1]]
        ranges = left
    return ranges
