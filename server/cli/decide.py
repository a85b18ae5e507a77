"""`jalon decide`: asks a DMN file for a decision, one JSON object of inputs per line, or prints the analysis of its tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

from server import decisions
from server.kernel.clock import SystemClock
from server.kernel.errors import BadInput, JalonError

MAX_LINE = 20_000_000
MAX_NEIGHBOURS = 200


@click.command("decide")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", "name", help="Nom ou identifiant de la décision, du service de décision ou de la connaissance métier.")
@click.option("--kind", type=click.Choice(["decision", "service", "bkm"]), help="Genre de l'élément, quand le nom en désigne plusieurs.")
@click.option("--trace", "with_trace", is_flag=True, help="Ajoute la trace : entrées, règles essayées et retenues, résultats.")
@click.option("--check", "check_only", is_flag=True, help="Analyse les tables : trous, chevauchements, règles inutiles, types.")
def decide(file: Path, name: str | None, kind: str | None, with_trace: bool, check_only: bool) -> None:  # noqa: FBT001 - flags of the command line
    """Évalue une décision d'un fichier DMN.

    Lit sur l'entrée un objet JSON d'entrées par ligne et écrit pour chacun une ligne {"ok": true, "value": …} ou {"ok": false, "error": "…"}.
    """
    if check_only:
        sys.exit(_check(file))
    if not name:
        raise click.UsageError("Donnez la décision à évaluer (--decision NOM), ou --check pour analyser le fichier.")
    output = _utf8(sys.stdout)
    model, trouble = _open(file)
    for line in _lines(sys.stdin):
        answer = _answer(model, name, kind, line, SystemClock().now(), with_trace=with_trace) if model else _refusal(trouble)
        output.write(answer + "\n")
        output.flush()
    if model is None:
        click.echo(trouble, err=True)
        sys.exit(1)


def _utf8(stream: TextIO) -> TextIO:
    """The stream in UTF-8; a lone half of a character is written as its JSON escape."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _lines(stream: TextIO) -> Iterator[str | None]:
    """The lines read; None for one that is too long to be taken, or that is not UTF-8."""
    source = getattr(stream, "buffer", None)
    if source is None:
        yield from (line.rstrip("\n") for line in stream)
        return
    while raw := source.readline(MAX_LINE + 1):
        too_long = len(raw) > MAX_LINE
        while too_long and raw and not raw.endswith(b"\n"):
            raw = source.readline(MAX_LINE + 1)
        try:
            yield None if too_long else raw.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            yield None


def _open(file: Path) -> tuple[decisions.Model | None, str]:
    try:
        return load_beside(file), ""
    except JalonError as error:
        return None, str(error)


def load_beside(file: Path) -> decisions.Model:
    """The model of a file, with the models found beside it when it imports some. Raises ModelError, TooMuch."""
    xml = file.read_bytes()
    neighbours: dict[str, bytes] = {}
    if b"import" in xml:
        folders = [file.parent, *sorted(p for p in file.parent.iterdir() if p.is_dir() and f"{p.name}/".encode() in xml)]
        others = [
            p for folder in folders for p in sorted(folder.iterdir()) if p.suffix.lower() in {".dmn", ".xml"} and p != file and p.is_file()
        ]
        neighbours = {p.relative_to(file.parent).as_posix(): p.read_bytes() for p in others[:MAX_NEIGHBOURS]}
    return decisions.load(xml, neighbours)


def _answer(model: decisions.Model, name: str, kind: str | None, line: str | None, now: datetime, *, with_trace: bool) -> str:
    try:
        plain = _inputs(line)
        values = model.read_inputs(name, plain, now, kind)
        # An input named like a required decision stands for its result, as the official kit asks.
        known = {key: values.pop(key) for key in model.required_decisions(name, kind) if key in values}
        outcome = model.decide(name, values, now, kind, known)
        trace = f', "trace": {decisions.to_json(outcome.trace)}' if with_trace else ""
        return f'{{"ok": true, "value": {decisions.to_json(outcome.value)}{trace}}}'
    except JalonError as error:
        return _refusal(str(error))
    except Exception as error:  # noqa: BLE001 - the top of the loop: a fault of ours on one line must not silence the lines that follow
        click.echo(f"{type(error).__name__}: {error}", err=True)
        return _refusal("Cette ligne n'a pas pu être évaluée : faute de Jalon. Signalez le modèle et la ligne.")


def _refusal(message: str) -> str:
    return json.dumps({"ok": False, "error": message}, ensure_ascii=False)


def _inputs(line: str | None) -> Mapping[str, Any]:
    if line is None:
        raise BadInput("Ligne illisible : trop longue, ou pas en UTF-8. Envoyez un objet JSON par ligne.")
    try:
        plain = json.loads(line, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise BadInput('Ligne illisible : ce n\'est pas du JSON. Attendu : un objet, par exemple {"age": 30}.') from error
    if not isinstance(plain, dict):
        raise BadInput("Ligne refusée : un objet JSON est attendu, dont les clés sont les noms des entrées.")
    return plain


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


_MARKS = {"error": "ERREUR", "warning": "ATTENTION", "info": "INFO"}


def _check(file: Path) -> int:
    """Prints the findings, one a line; 1 when one is an error."""
    output = _utf8(sys.stdout)
    model, trouble = _open(file)
    if model is None:
        output.write(f"ERREUR {trouble}\n")
        return 1
    findings = model.analyse()
    for finding in findings:
        output.write(f"{_MARKS[finding.severity]} {finding.kind} · {finding.name} : {finding.message}\n")
    if not findings:
        output.write("Rien à signaler.\n")
    return int(any(f.severity == "error" for f in findings))
