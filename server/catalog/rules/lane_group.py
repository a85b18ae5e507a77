"""Refuses a lane that package.toml gives to no group."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.findings import ERROR, Finding
from server.catalog.study import Study

CODE = "couloir-sans-groupe"
TITLE = "Chaque couloir a son groupe"
SEVERITY = ERROR


def check(study: Study) -> Iterator[Finding]:
    """Le nom de chaque couloir est une clé de [lanes] dans package.toml, et ses tâches vont au groupe de ce couloir."""
    for lane in study.diagram.lanes:
        group = study.manifest.lanes.get(lane.name) or study.manifest.lanes.get(lane.id)
        if group is None:
            yield Finding(
                CODE,
                lane.id,
                lane.name,
                f"Le couloir « {lane.name} » n'a pas de groupe : ajoutez-le à [lanes] dans package.toml.",
                SEVERITY,
            )
            continue
        for node in (study.diagram.nodes.get(n) for n in lane.nodes):
            groups = "" if node is None else node.zeebe("assignmentDefinition").get("candidateGroups", "")
            if (
                node is not None
                and node.type == "userTask"
                and groups
                and not groups.startswith("=")
                and group not in [g.strip() for g in groups.split(",")]
            ):
                message = (
                    f"{node.label} est dans le couloir « {lane.name} » (groupe {group}) mais proposée à « {groups} » : accordez les deux."
                )
                yield Finding(CODE, node.id, node.name, message, SEVERITY)
