"""Runs the rules of publication over one package and gives what is wrong, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from server.catalog.diagram import read_diagram
from server.catalog.findings import ERROR, Finding
from server.catalog.manifest import Manifest, read_manifest
from server.catalog.package import Package
from server.catalog.rules import FILE_RULES, RULES
from server.catalog.study import GROUPS, JOB_TYPES, Study
from server.kernel.errors import JalonError


def lint(
    files: Mapping[str, bytes], others: Collection[str] = (), groups: Collection[str] = GROUPS, job_types: Collection[str] = JOB_TYPES
) -> list[Finding]:
    """The faults of a package, errors first, then in the order of the rules; an empty list when it may be published.

    `files` is a package's files by relative name; `others` the ids of the processes it may call; `groups` those of its département. Never raises for
    what the files hold.
    """
    found = [finding for rule in FILE_RULES for finding in rule.check_files(files)]
    study = _study(files, others, groups, job_types)
    if study is not None:
        found += [finding for rule in RULES for finding in rule.check(study)]
    return sorted(dict.fromkeys(found), key=lambda f: f.severity != ERROR)


def refused(findings: Collection[Finding]) -> bool:
    """True when at least one finding forbids publication."""
    return any(f.severity == ERROR for f in findings)


def _study(files: Mapping[str, bytes], others: Collection[str], groups: Collection[str], job_types: Collection[str]) -> Study | None:
    """None when the diagram cannot be read at all; a manifest that cannot be read counts as an empty one."""
    if "process.bpmn" not in files:
        return None
    try:
        diagram = read_diagram(files["process.bpmn"])
    except JalonError:
        return None
    try:
        manifest = read_manifest(files.get("package.toml", b""))
    except JalonError:
        manifest = Manifest(id=diagram.process_id, title=diagram.name)
    return Study(Package(files), diagram, manifest, others, groups, job_types)


def explain(code: str) -> tuple[str, str]:
    """The title of a rule and its sentence, in French, for a screen; ("", "") for an unknown code."""
    for rule in (*FILE_RULES, *RULES):
        if code == rule.CODE:
            check = getattr(rule, "check", None) or rule.check_files
            return rule.TITLE, (check.__doc__ or "").strip()
    return "", ""
