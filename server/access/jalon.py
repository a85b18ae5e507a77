"""The assembled product that every verb and query receives: settings, database, clock, and what is read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from server.access.library import Library
from server.catalog.package import Package
from server.catalog.parameters import Parameters
from server.engine import Definition
from server.forms import Form
from server.kernel.clock import Clock, SystemClock
from server.settings import Settings
from server.store.database import Database, open_database


@dataclass(frozen=True)
class Jalon:
    """Everything a verb needs. `library` keeps published packages and parameters, which never change once read."""

    settings: Settings
    database: Database
    clock: Clock
    library: Library = field(repr=False)

    def package(self, package_id: str) -> Package:
        """The package of this version id. Raises NotFound."""
        return self.library.package(package_id)

    def definition(self, package_id: str) -> Definition:
        """What the engine runs for this version id. Raises NotFound or ModelError."""
        return self.library.definition(package_id)

    def form(self, package_id: str, form_id: str) -> Form:
        """A form of this version id. Raises NotFound or ModelError."""
        return self.library.form(package_id, form_id)

    def parameters(self, departement: str, territory_id: str | None, day: date) -> Parameters:
        """The effective parameters of a territory on a day."""
        return self.library.parameters(departement, territory_id or "", day)

    def zone(self, departement: str, territory_id: str | None, now: datetime) -> str:
        """The time zone of a territory, Europe/Paris unless its parameters say otherwise (`fuseau`)."""
        values: Any = self.parameters(departement, territory_id, now.date()).values
        return str(values.get("fuseau", "Europe/Paris"))

    def today(self, departement: str, territory_id: str | None, now: datetime) -> date:
        """The date of a territory at this moment."""
        return now.astimezone(ZoneInfo(self.zone(departement, territory_id, now))).date()

    def close(self) -> None:
        """Closes the database."""
        self.database.close()


def assemble(settings: Settings, clock: Clock | None = None, parameters_root: Path | None = None) -> Jalon:
    """The product on these settings. `parameters_root`: the folder of the départements, processes/departements of the settings' root unless said."""
    database = open_database(settings.database_url, settings.secret)
    root = parameters_root or settings.root / "processes" / "departements"
    return Jalon(settings, database, clock or SystemClock(), Library(database, root))
