"""What each role may do, in one sorted list; every route names one of these."""

from __future__ import annotations

from enum import Enum

from server.kernel.actor import Actor
from server.kernel.errors import Forbidden


class Permission(Enum):
    """A permission: its words for people, and the roles that have it. The value is (words, roles)."""

    ACCOUNTS_MANAGE = ("gérer les comptes", ("administrateur",))
    ANYONE = ("ouvrir une page publique", ())
    CASES_READ = ("lire les dossiers de ses territoires", ("agent", "referent", "responsable", "secretariat_ep", "decideur", "auditeur"))
    EP_OPINE = ("voir l'ordre du jour d'une séance d'EP", ("membre_ep", "secretariat_ep", "responsable", "auditeur"))
    EP_PREPARE = ("préparer et tenir une séance d'EP", ("secretariat_ep",))
    EVENTS_RECORD = ("enregistrer un évènement dans un dossier", ("agent", "referent", "responsable"))
    FIGURES_READ = ("lire les indicateurs", ("agent", "responsable", "decideur", "proprietaire", "auditeur", "administrateur"))
    HISTORY_REPLAY = ("rejouer l'historique d'un dossier", ("auditeur", "responsable"))
    IMPORTS_RUN = ("importer des fichiers", ("agent", "responsable"))
    PARAMETERS_READ = (
        "lire les paramètres",
        ("agent", "referent", "responsable", "decideur", "proprietaire", "auditeur", "administrateur"),
    )
    SIGNED_IN = (
        "être connecté",
        ("agent", "referent", "responsable", "secretariat_ep", "membre_ep", "decideur", "proprietaire", "auditeur", "administrateur"),
    )
    STUDIO_EDIT = ("modifier les processus", ("proprietaire",))
    STUDIO_READ = ("lire les processus", ("proprietaire", "auditeur", "administrateur"))
    TASKS_ASSIGN = ("confier une tâche à quelqu'un", ("responsable",))
    TASKS_WORK = (
        "traiter les tâches de ses groupes et de ses territoires",
        ("agent", "referent", "responsable", "secretariat_ep", "decideur"),
    )

    @property
    def words(self) -> str:
        """What it lets one do, in French."""
        return str(self.value[0])

    @property
    def roles(self) -> frozenset[str]:
        """The roles that have it."""
        return frozenset(self.value[1])


def allows(actor: Actor, permission: Permission) -> bool:
    """True when the actor has the permission through one of their roles; a public page is open to all."""
    return permission is Permission.ANYONE or bool(actor.roles & permission.roles)


def require(actor: Actor, permission: Permission) -> None:
    """Raises Forbidden, naming what the profile lacks, unless the actor has the permission."""
    if not allows(actor, permission):
        raise Forbidden(f"Votre profil ne permet pas de {permission.words}. Adressez-vous à l'administrateur de votre département.")
