"""Scripted agents: who does which task when, with which answers; they work at a desk, by the verbs (demonstration) or by the JSON API (simulation)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from server.kernel.errors import FormErrors, Stale
from server.kernel.values import Value
from server.scenarios.filling import Filler

PARIS = ZoneInfo("Europe/Paris")
Wishes = Mapping[str, Any]


@dataclass(frozen=True)
class Waiting:
    """A task that waits at a desk."""

    task_id: str
    process: str
    element: str
    group: str
    case_id: str | None
    case_number: str
    territory_id: str | None
    ready_at: datetime


@dataclass(frozen=True)
class Sheet:
    """An opened task: its form, what its expressions read, and the version to send back."""

    schema: Mapping[str, Any]
    context: Mapping[str, Value]
    seen_version: int


class Desk(Protocol):
    """Where scripted agents work."""

    def tasks(self) -> list[Waiting]:
        """Every open task that one of the agents may do."""
        ...

    def open(self, waiting: Waiting) -> Sheet:
        """A task's form."""
        ...

    def complete(self, waiting: Waiting, answers: Mapping[str, Any], seen_version: int) -> None:
        """Sends the answers."""
        ...

    def message(self, case_id: str, name: str, variables: Mapping[str, Any]) -> None:
        """Records an event in a case."""
        ...

    def plan_session(self, territory_id: str, day: date) -> None:
        """Plans an EP session."""
        ...


@dataclass(frozen=True)
class Habit:
    """After how many days a task is done, at least and at most, and what is answered."""

    least: int = 1
    most: int = 4
    wishes: Callable[[Random, date, Mapping[str, Value]], Wishes] = field(default=lambda _r, _d, _c: {})


def _soon(days: int) -> Callable[[Random, date, Mapping[str, Value]], Wishes]:
    return lambda _r, today, _c: {
        "rendez_vous": f"{today + timedelta(days=days)}T10:00",
        "lieu": "Pôle d'insertion, accueil",
        "modalite": "physique",
    }


def _meeting(draws: Random, _today: date, _context: Mapping[str, Value]) -> Wishes:
    absent = draws.random() < 0.14
    return {"presence": "absent" if absent else "present", "suite_absence": "signaler" if draws.random() < 0.6 else "reconvoquer"}


def _facts(draws: Random, _today: date, context: Mapping[str, Value]) -> Wishes:
    given = context.get("motif")
    motif = given if isinstance(given, str) and given else "refus_controle" if draws.random() < 0.4 else "refus_elaborer"
    return {"motif": motif, "motif_legitime": "retenu" if draws.random() < 0.1 else "aucun"}


def _proposal(_draws: Random, _today: date, context: Mapping[str, Value]) -> Wishes:
    control = context.get("motif") == "refus_controle"
    return {
        "observations_recues_par": "silence", "delai_passe": True, "proposition_suite": "sanctionner", "proposition_nature": "suppression" if control else "suspension",
        "proposition_taux": "50", "proposition_duree": "1",
    }  # fmt: skip


def _decision(_draws: Random, today: date, context: Mapping[str, Value]) -> Wishes:
    bounds = context.get("bornes")
    least = str(bounds.get("taux_min", 50)) if isinstance(bounds, Mapping) else "50"
    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return {
        "decision_nature": ["suspension", "suppression"],
        "taux": least,
        "duree": "1",
        "premier_mois": following.isoformat(),
        "signataire": "La présidente du conseil départemental, par délégation",
    }


HABITS: Mapping[str, Habit] = {
    "constater": Habit(1, 3, lambda _r, _d, _c: {"soumis_constate": "oui", "conformite": "oui", "soumis_source": "Flux CAF du mois"}),
    "orienter": Habit(
        2,
        17,
        lambda r, _d, _c: {
            "parcours_choisi": "table" if r.random() < 0.9 else "social",
            "referent_nom": f"RÉFÉRENT EXEMPLE {r.randint(1, 40)}",
        },
    ),
    "trancher": Habit(1, 3),
    "fixer": Habit(1, 5, _soon(6)),
    "appeler": Habit(1, 2, lambda _r, _d, _c: {"appel_resultat": "jointe"}),
    "tenir": Habit(7, 7, _meeting),
    "elaborer": Habit(
        1,
        6,
        lambda _r, today, _c: {
            "contrat_type": "initial",
            "contrat_debut_le": today.isoformat(),
            "contrat_duree": "6",
            "heures_semaine": "15",
            "amenagement": "aucun",
            "objectif": "Reprendre une activité, avec un appui régulier.",
        },
    ),
    "signer": Habit(1, 6, lambda r, _d, _c: {"signature": "refuse" if r.random() < 0.06 else "signe"}),
    "reprendre": Habit(2, 6),
    "expliquer": Habit(2, 6),
    "signaler": Habit(1, 2, _facts),
    "qualifier": Habit(1, 2, _facts),
    "recevoir": Habit(2, 4, lambda _r, _d, _c: {"reception_mode": "lrar"}),
    "proposer": Habit(1, 2, _proposal),
    "preparer": Habit(1, 2),
    "decider": Habit(1, 3, _decision),
    "verifier": Habit(1, 2, lambda _r, _d, _c: {"verification_avis": "favorable", "regularisation_nature": "tout"}),
    "lever": Habit(1, 2, lambda _r, _d, _c: {"levee_decision": "lever", "mois_restitues": "0"}),
    "point": Habit(1, 5, lambda r, _d, _c: {"suite_point": "manquement" if r.random() < 0.1 else "continuer", "heures_realisees": "15"}),
}
SESSION = {
    "preparer": Habit(0, 0, lambda _r, _d, _c: {"membres_convoques": "7", "seance_lieu": "Salle du conseil"}),
    "tenir": Habit(
        0,
        0,
        lambda _r, _d, _c: {
            "presents": "6",
            "representant_present": "oui",
            "sens": "favorable",
            "presidence": "Le conseiller départemental délégué",
        },
    ),
    "signer": Habit(0, 1, lambda _r, _d, _c: {"pv_signataire": "Le conseiller départemental délégué"}),
}


@dataclass
class Agents:
    """The scripted agents of a département: what they saw, when each will be done, what happens to persons."""

    desk: Desk
    draws: Random
    done: int = 0
    _days: dict[str, datetime] = field(default_factory=dict)
    _regularise: dict[str, datetime] = field(default_factory=dict)
    _sessions: dict[str, date] = field(default_factory=dict)
    _asked: dict[str, str] = field(default_factory=dict)

    def work(self, now: datetime) -> int:
        """One morning: every task whose time has come, then the events; how many tasks were done."""
        before, rounds = self.done, 0
        while rounds < 6 and self._round(now):  # again only when a task just done may have made one for this same morning
            rounds += 1
        for case_id, at in list(self._regularise.items()):
            if at <= now:
                del self._regularise[case_id]
                self.desk.message(case_id, "regularisation_constatee", {"precision": "Contrat signé à l'accueil de rétablissement"})
        return self.done - before

    def hold_sessions(self, now: datetime, waiting: Mapping[str, int]) -> bool:
        """Plans a session where cases wait, at most one a month and territory, and tells whether there is one; the same desk then prepares and holds it."""
        today, planned = now.astimezone(PARIS).date(), False
        for place, count in sorted(waiting.items()):
            if count and self._sessions.get(place, date.min) + timedelta(days=27) <= today:
                self._sessions[place] = today
                self.desk.plan_session(place, today)
                planned = True
        return planned

    def _round(self, now: datetime) -> bool:
        """Does every task whose time has come; whether one of them is followed at once (a session's steps are, all others take days)."""
        listed = sorted(self.desk.tasks(), key=lambda w: (w.ready_at, w.case_number, w.process, w.element))  # ids are random, draws are not
        ready = [waiting for waiting in listed if self._time_of(waiting) <= now]
        for waiting in ready:
            self._do(waiting, now)
        return any(waiting.process == "seance_ep" for waiting in ready)

    def _habit(self, waiting: Waiting) -> Habit:
        habits = SESSION if waiting.process == "seance_ep" else HABITS
        return habits.get(waiting.element, Habit())

    def _time_of(self, waiting: Waiting) -> datetime:
        if waiting.task_id not in self._days:
            habit = self._habit(waiting)
            self._days[waiting.task_id] = waiting.ready_at + timedelta(days=self.draws.randint(habit.least, habit.most))
        return self._days[waiting.task_id]

    def _do(self, waiting: Waiting, now: datetime) -> None:
        sheet = self.desk.open(waiting)
        today = now.astimezone(PARIS).date()
        wishes = self._habit(waiting).wishes(self.draws, today, sheet.context)
        try:
            answers = Filler(self.draws, now, today, wishes).fill(sheet.schema, sheet.context)
        except FormErrors:
            self._days[waiting.task_id] = now + timedelta(days=3)  # a date that must pass first: tried again later
            return
        try:
            self.desk.complete(waiting, answers, sheet.seen_version)
        except Stale:
            return  # another answer of the same round closed it
        self.done += 1
        if waiting.element == "decider" and waiting.case_id and answers.get("decision_nature") != "maintien":
            self._regularise[waiting.case_id] = now + timedelta(days=self.draws.randint(3, 20))
