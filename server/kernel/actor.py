"""Who acts: a signed-in person, or the machine."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("agent", "referent", "responsable", "secretariat_ep", "membre_ep", "decideur", "proprietaire", "auditeur", "administrateur")


@dataclass(frozen=True)
class Actor:
    """A user of one département, as every verb and query receives it.

    `roles` are among ROLES; `groups` are the lanes' group names (tasks are offered to groups); `territories` are territory ids, empty for none;
    `everywhere` opens all territories of the département (direction, auditor, administrator); `structure` is set for an external referent, who sees only what is theirs.
    """

    user_id: str
    name: str
    departement: str
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    everywhere: bool = False
    structure: str = ""
    session_id: str = ""
    channel: str = "ecran"  # ecran, api, automate, import, ligne_de_commande

    def has(self, *roles: str) -> bool:
        """True when the actor holds at least one of the roles."""
        return bool(self.roles & set(roles))


def machine(departement: str = "", channel: str = "automate") -> Actor:
    """The actor of timers, outbox and imports: it belongs to no group and never decides."""
    return Actor(user_id="", name="Automate", departement=departement, everywhere=True, channel=channel)


MACHINE = machine()
NOBODY = Actor(user_id="", name="", departement="", channel="ecran")
