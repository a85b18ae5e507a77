"""Built-in functions on texts, and string() itself (DMN 1.5, 10.3.4.1 to 10.3.4.3)."""

from __future__ import annotations

from decimal import Decimal

from server.feel.comparing import french_kind
from server.feel.regex import found, pieces, replaced
from server.feel.regex_syntax import BadPattern
from server.feel.registry import builtin
from server.feel.run import Run
from server.feel.text import text_of
from server.kernel.values import Value


@builtin("string", "from:any")
def _string(run: Run, value: Value) -> Value:
    if value is None:
        return None
    text = text_of(value, run)
    run.check_text(len(text))
    return text


@builtin("substring", "string:string, start position:number, length:number?=")
def _substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> Value:
    first = int(start)
    if first == 0 or abs(first) > len(text):
        return run.note("substring() : la position {} n'existe pas dans un texte de {} caractères.", start, len(text))
    begin = first - 1 if first > 0 else len(text) + first
    if length is not None and not 1 <= int(length) <= len(text) - begin:
        return run.note("substring() : la longueur {} ne va pas de 1 à {}.", length, len(text) - begin)
    return text[begin:] if length is None else text[begin : begin + int(length)]


@builtin("string length", "string:string")
def _string_length(_run: Run, text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case", "string:string")
def _upper_case(run: Run, text: str) -> Value:
    run.spend(len(text) // 40)
    return text.upper()


@builtin("lower case", "string:string")
def _lower_case(run: Run, text: str) -> Value:
    run.spend(len(text) // 40)
    return text.lower()


@builtin("substring before", "string:string, match:string")
def _substring_before(_run: Run, text: str, match: str) -> Value:
    before, mark, _ = text.partition(match) if match else ("", "", "")
    return before if mark else ""


@builtin("substring after", "string:string, match:string")
def _substring_after(_run: Run, text: str, match: str) -> Value:
    return text.partition(match)[2] if match else text


@builtin("contains", "string:string, match:string")
def _contains(_run: Run, text: str, match: str) -> Value:
    return match in text


@builtin("starts with", "string:string, match:string")
def _starts_with(_run: Run, text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with", "string:string, match:string")
def _ends_with(_run: Run, text: str, match: str) -> Value:
    return text.endswith(match)


@builtin("matches", "input:string, pattern:string, flags:string?=", cost=60)
def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> Value:
    run.check_text(len(text))
    try:
        return found(text, pattern, flags or "")
    except BadPattern as problem:
        return run.note("matches() : {}.", problem)


@builtin("replace", "input:string, pattern:string, replacement:string, flags:string?=", cost=60)
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    # The worst case is a match at every character.
    run.check_text(len(text) + len(replacement) * (text.count("") if len(replacement) > 1 else 1) // 8)
    try:
        result = replaced(text, pattern, replacement, flags or "")
    except BadPattern as problem:
        return run.note("replace() : {}.", problem)
    run.check_text(len(result))
    return result


@builtin("split", "string:string, delimiter:string", cost=60)
def _split(run: Run, text: str, delimiter: str) -> Value:
    run.check_text(len(text))
    try:
        result = pieces(text, delimiter)
    except BadPattern as problem:
        return run.note("split() : {}.", problem)
    run.check_items(len(result))
    return result


@builtin("string join", "list:list, delimiter:string?=")
def _string_join(run: Run, items: list[Value], delimiter: str | None = None) -> Value:
    run.check_items(len(items))
    kept = [item for item in items if item is not None]
    for item in kept:
        if type(item) is not str:
            return run.note("string join() attend une liste de textes et y trouve {}.", french_kind(item))
    run.check_text(sum(len(item) for item in kept) + len(delimiter or "") * len(kept))
    return (delimiter or "").join(kept)
