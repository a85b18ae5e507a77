"""Shows what is wrong in the decision tables: unreadable, with gaps or with rows that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from server import decisions
from server.catalog.findings import ERROR, WARNING, Finding
from server.catalog.study import Study
from server.kernel.errors import JalonError

CODE = "table-de-decision"
TITLE = "Des tables de décision entières et sans contradiction"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Chaque table se lit ; ses lignes couvrent tous les cas et ne se contredisent pas."""
    for name in sorted(n for n in study.files if n.startswith("decisions/") and n.endswith(".dmn")):
        try:
            found = decisions.load(study.files[name], decision_imports(study)).analyse()
        except JalonError as error:
            yield Finding(CODE, name, name, f"La table {name} ne se lit pas : {error}", ERROR, name)
            continue
        for fault in found:
            # What is only information (a first match that hides another, as drawn) is no finding of a package.
            if fault.severity != "info":
                severity = ERROR if fault.severity == ERROR else WARNING
                yield Finding(CODE, fault.element or name, fault.name or name, fault.message, severity, name)


def decision_imports(study: Study) -> dict[str, bytes]:
    """The other tables of the package, which a table may import."""
    return {n: c for n, c in study.files.items() if n.startswith("decisions/") and n.endswith(".dmn")}
