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
    tables = {n: c for n, c in study.files.items() if n.startswith("decisions/") and n.endswith(".dmn")}
    for name, content in sorted(tables.items()):
        others = {n.removeprefix("decisions/"): c for n, c in tables.items() if n != name}
        try:
            found = decisions.load(content, others).analyse()
        except JalonError as error:
            yield Finding(CODE, name, name, f"La table {name} ne se lit pas : {error}", ERROR, name)
            continue
        for fault in found:
            if fault.severity in (ERROR, WARNING):
                yield Finding(CODE, fault.element or name, fault.name or name, fault.message, fault.severity, name)
