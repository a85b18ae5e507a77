"""Files that départements receive (CSV, XLSX) to typed rows and row errors. Pure: no database, the day is an argument."""

from server.intake.contacts import Contact, read_contacts
from server.intake.entrants import Entrant, read_entrants
from server.intake.fields import CONTACTS, ENTRANTS, FIELDS, Field
from server.intake.mapping import ColumnMapping, guess_layout, guess_mapping, mapping_from
from server.intake.nir import nir_key, read_nir
from server.intake.opening import open_table
from server.intake.rejects import harmless, write_rejects, write_rejects_xlsx
from server.intake.rows import Problem, RowError
from server.intake.table import Line, Table

__all__ = [
    "CONTACTS",
    "ENTRANTS",
    "FIELDS",
    "ColumnMapping",
    "Contact",
    "Entrant",
    "Field",
    "Line",
    "Problem",
    "RowError",
    "Table",
    "guess_layout",
    "guess_mapping",
    "harmless",
    "mapping_from",
    "nir_key",
    "open_table",
    "read_contacts",
    "read_entrants",
    "read_nir",
    "write_rejects",
    "write_rejects_xlsx",
]
