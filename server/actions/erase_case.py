"""Erases the data of a closed case and of its person: the history still verifies, and says that it can no longer be executed again."""

from __future__ import annotations

from datetime import datetime

from server.access.jalon import Jalon
from server.kernel.actor import Actor
from server.kernel.errors import BadInput, Forbidden, NotFound, Refused
from server.kernel.facts import ERASED, Fact
from server.store.cases import find_case
from server.store.erasing import erase_rows, open_instances, other_cases
from server.store.history import Entry, append_to_case
from server.store.work import unit_of_work, until_settled


def erase_case(jalon: Jalon, actor: Actor, case_id: str, basis: str, now: datetime) -> int:
    """How many payloads were destroyed, with their salts; also drafts, documents, states, names and numbers. It cannot be undone.

    `basis`: the legal basis, kept in the history (for instance "RGPD art. 17" or "durée de conservation"). Raises Forbidden (administrators only), NotFound,
    BadInput (no basis), Refused (`dossier-ouvert`: something still runs).
    """
    if not actor.has("administrateur"):
        raise Forbidden("Seul un administrateur peut effacer les données d'un dossier.")
    if not basis.strip():
        raise BadInput("Un effacement dit son fondement. Écrivez-le, puis recommencez.")
    return until_settled(lambda: _erase(jalon, actor, case_id, basis.strip(), now))


def _erase(jalon: Jalon, actor: Actor, case_id: str, basis: str, now: datetime) -> int:
    with unit_of_work(jalon.database) as work:
        case = find_case(work, case_id)
        if case is None or case.departement != actor.departement:
            raise NotFound("Ce dossier n'existe pas, ou ne vous est pas ouvert.")
        if open_instances(work, case_id):
            raise Refused(
                "Ce dossier est encore en cours : terminez ou arrêtez ses démarches avant d'effacer ses données.", "dossier-ouvert"
            )
        whole = not other_cases(work, case.person_id, case_id)
        fact = Fact(ERASED, now, body={"case": case_id, "basis": basis, "person": whole})
        append_to_case(work, case_id, case.end, [Entry(fact)], actor, {"facts": {}})
        return erase_rows(work, case_id, case.person_id if whole else None, now)
