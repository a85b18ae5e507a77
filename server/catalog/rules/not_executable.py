"""Refuses a file that holds no process to run, or several."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study

CODE = "processus-non-executable"
TITLE = "Un processus exécutable"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Le fichier contient un seul processus, marqué « exécutable »."""
    processes = study.diagram.processes
    if not processes:
        yield Finding(CODE, "", "", "Le fichier ne contient aucun processus : dessinez-en un.", SEVERITY)
    for process in processes:
        if process.get("isExecutable") != "true":
            name = process.get("name", "") or process.get("id", "")
            yield Finding(
                CODE, process.get("id", ""), name, f"Le processus « {name} » n'est pas marqué exécutable : cochez « exécutable ».", SEVERITY
            )
    if len(processes) > 1:
        second = processes[1]
        message = "Le fichier contient plusieurs processus : un paquet n'en porte qu'un, les autres sont appelés."
        yield Finding(CODE, second.get("id", ""), second.get("name", ""), message, SEVERITY)
