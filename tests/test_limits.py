"""The house limits: short functions, short files, a first line that says why, imports at the top; a rule has its page."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.catalog.rules import ALL_RULES

ROOT = Path(__file__).parents[1]
FUNCTION, FILE, TEST = 60, 400, 600
# Migrations are left out: each is a picture of the tables of one day, written out at length so that it never changes.
SERVER = sorted((ROOT / "server").rglob("*.py"))
OURS = sorted(p for folder in ("server", "tests", "tools", "bench") for p in (ROOT / folder).rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "misc"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_file_is_short_and_says_why_it_exists(path):
    text = path.read_text()
    limit = TEST if path.is_relative_to(ROOT / "tests") else FILE
    assert text.count("\n") <= limit
    if text.strip():
        first = (ast.get_docstring(ast.parse(text)) or "").strip().split("\n")[0]
        assert first.endswith((".", ":", "?", "…")), "the first line is one sentence"


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_function_is_at_most_sixty_lines(path):
    long = [(f.name, f.end_lineno - f.lineno + 1) for f in functions(ast.parse(path.read_text())) if f.end_lineno - f.lineno + 1 > FUNCTION]
    assert long == []


@pytest.mark.parametrize("path", SERVER, ids=named)
def test_no_import_hides_in_a_function(path):
    inside = [
        (f.name, node.lineno)
        for f in functions(ast.parse(path.read_text()))
        for node in ast.walk(f)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_no_file_or_folder_has_a_name_that_says_nothing():
    parts = {part for path in SERVER for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda r: r.CODE)
def test_a_rule_has_its_page_and_its_two_diagrams(rule):
    assert (ROOT / "docs" / "regles" / f"{rule.CODE}.md").is_file()
    for which in ("faux", "juste"):
        assert (ROOT / "tests" / "catalog" / "rules" / rule.CODE / f"{which}.bpmn").is_file()
