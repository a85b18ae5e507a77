"""Which column is which field: guessed from the headers, corrected by a person, kept per département."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from server.intake.fields import CONTACTS, ENTRANTS, FIELDS, fold
from server.kernel.errors import BadInput


@dataclass(frozen=True)
class ColumnMapping:
    """For a layout, the header chosen for each field; `fields` is what a saved mapping keeps."""

    layout: str
    fields: Mapping[str, str]

    def missing(self) -> tuple[str, ...]:
        """Labels of the required fields that no column gives."""
        return tuple(
            field.label
            for field in FIELDS[self.layout]
            if field.required and field.name not in self.fields and not any(other in self.fields for other in field.instead)
        )

    def positions(self, headers: Sequence[str]) -> dict[str, int]:
        """Field -> column number in a file with these headers.

        Raises BadInput when a chosen column is absent or there twice: the file is not the one this mapping was saved for.
        """
        known = Counter(fold(header) for header in headers)
        found = {}
        for field, header in self.fields.items():
            if known[fold(header)] == 0:
                raise BadInput(f"La colonne « {header} » n'est pas dans ce fichier. Choisissez une autre colonne, ou corrigez son nom.")
            if known[fold(header)] > 1:
                raise BadInput(
                    f"La colonne « {header} » est présente {known[fold(header)]} fois. Renommez ou supprimez la colonne en trop."
                )
            found[field] = next(i for i, name in enumerate(headers) if fold(name) == fold(header))
        return found


def mapping_from(layout: str, fields: Mapping[str, str]) -> ColumnMapping:
    """A mapping saved earlier or typed by a person; empty choices are left out. Raises BadInput for an unknown layout or field."""
    if layout not in FIELDS:
        raise BadInput(f"Le format de fichier « {layout} » n'existe pas. Choisissez « {ENTRANTS} » ou « {CONTACTS} ».")
    known = {field.name for field in FIELDS[layout]}
    if unknown := sorted(set(fields) - known):
        raise BadInput(f"Ce format n'a pas de champ « {unknown[0]} ». Choisissez parmi les champs proposés.")
    return ColumnMapping(layout, MappingProxyType({name: header for name, header in fields.items() if header.strip()}))


def guess_mapping(headers: Sequence[str], layout: str = "") -> ColumnMapping:
    """The mapping that the column names suggest; without `layout`, for the layout they look like most."""
    if not layout:
        layout = guess_layout(headers)
    folded = [fold(header) for header in headers]
    chosen = {}
    taken: set[int] = set()
    for field in FIELDS[layout]:
        # A field's own name and label win over its synonyms, which two fields may share.
        ranked = sorted(
            (name not in (fold(field.label), field.name.replace("_", " ")), i)
            for i, name in enumerate(folded)
            if name and name in field.headers and i not in taken and folded.count(name) == 1
        )
        if ranked:
            chosen[field.name] = headers[ranked[0][1]]
            taken.add(ranked[0][1])
    return mapping_from(layout, chosen)


def guess_layout(headers: Sequence[str]) -> str:
    """« contacts » for the CNAF contact file, « entrants » otherwise."""
    folded = {fold(header) for header in headers}
    signs = {
        "type personne",
        "numero telephone dossier",
        "adresse electronique dossier",
        "nom responsable dossier",
        "numero telephone 2 dossier",
    }
    return CONTACTS if len(folded & signs) >= 2 else ENTRANTS
