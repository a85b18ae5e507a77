"""Reads, hashes, lints and compares packages; gives the effective parameters of a territory on a day."""

from server.catalog.bounds import faults_of_scales
from server.catalog.comparing import Change, compare
from server.catalog.converting import Converted, from_camunda
from server.catalog.findings import ERROR, WARNING, Finding
from server.catalog.linting import explain, lint, refused
from server.catalog.manifest import Manifest, Variable, read_manifest
from server.catalog.package import Package, package_from_files, read_package, read_packages, write_package
from server.catalog.parameters import (
    Origin,
    Parameters,
    Territory,
    effective_parameters,
    overriding_tables,
    parameter_dates,
    read_departements,
    read_territories,
)
from server.catalog.study import GROUPS, JOB_TYPES

__all__ = [
    "ERROR",
    "GROUPS",
    "JOB_TYPES",
    "WARNING",
    "Change",
    "Converted",
    "Finding",
    "Manifest",
    "Origin",
    "Package",
    "Parameters",
    "Territory",
    "Variable",
    "compare",
    "effective_parameters",
    "explain",
    "faults_of_scales",
    "from_camunda",
    "lint",
    "overriding_tables",
    "package_from_files",
    "parameter_dates",
    "read_departements",
    "read_manifest",
    "read_package",
    "read_packages",
    "read_territories",
    "refused",
    "write_package",
]
