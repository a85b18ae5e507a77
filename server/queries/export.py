"""The inbox as a spreadsheet file: what is on the screen, dates local and ISO, cells safe from formulas."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from server.access.jalon import Jalon
from server.intake import harmless
from server.kernel.actor import Actor
from server.queries.inbox import InboxFilter, inbox_page
from server.queries.wording import group_words

MAX_ROWS = 20_000
_PARIS = ZoneInfo("Europe/Paris")


def inbox_csv(jalon: Jalon, actor: Actor, chosen: InboxFilter, now: datetime) -> str:
    """Every task of the filtered list, at most 20,000 lines, with semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Dossier", "Personne", "Étape", "Processus", "Pôle", "Équipe", "Détenteur", "Échéance", "Échéance (ISO)", "Reçue"])
    after, written = "", 0
    while written < MAX_ROWS:
        page = inbox_page(jalon, actor, chosen, after=after, size=500, now=now)
        for row in page.rows:
            cells = [
                row.case_number,
                row.person_name,
                row.name,
                row.process_title,
                row.territory_name,
                group_words(row.group),
                row.holder_name,
            ]
            writer.writerow(
                [
                    *(harmless(str(cell or "")) for cell in cells),
                    _day(row.due_at),
                    row.due_at.isoformat() if row.due_at else "",
                    _day(row.ready_at),
                ]
            )
        written += len(page.rows)
        after = page.next_cursor
        if not after:
            break
    return out.getvalue()


def _day(moment: datetime | None) -> str:
    return moment.astimezone(_PARIS).strftime("%d/%m/%Y") if moment else ""
