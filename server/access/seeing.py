"""Who may see what and do what, in plain words; every function here is a sentence that a test can check."""

from __future__ import annotations

from server.kernel.actor import Actor
from server.store.rows import Case, Instance, Task

READERS_OF_CASES = ("agent", "referent", "responsable", "secretariat_ep", "decideur", "auditeur")
WORKERS = ("agent", "referent", "responsable", "secretariat_ep", "decideur")


def covers(actor: Actor, departement: str, territory_id: str | None) -> bool:
    """Whoever belongs to the département and either works everywhere in it or has this territory among theirs; what has no territory is open to the whole département."""
    if actor.departement != departement:
        return False
    return actor.everywhere or territory_id is None or territory_id in actor.territories


def may_see_case(actor: Actor, case: Case) -> bool:
    """Agents, referents, managers, EP secretaries, decision makers and auditors, in their territories; someone of an outside structure only its own cases."""
    if not actor.has(*READERS_OF_CASES) or not covers(actor, case.departement, case.territory_id):
        return False
    return not actor.structure or actor.structure == case.structure_id


def may_see_task(actor: Actor, task: Task, case: Case | None) -> bool:
    """Whoever may work it; also whoever reads the case it belongs to; a task of no case is seen by its groups, managers and auditors of its territory."""
    if case is not None and may_see_case(actor, case):
        return True
    if case is not None and actor.structure and actor.structure != case.structure_id:
        return False
    if not covers(actor, task.departement, task.territory_id):
        return False
    return in_groups(actor, task) or actor.has("responsable", "auditeur")


def in_groups(actor: Actor, task: Task) -> bool:
    """Whoever is in one of the groups that the task is offered to."""
    return bool(task.groups & actor.groups)


def may_work_task(actor: Actor, task: Task, case: Case | None) -> bool:
    """Whoever sees the task, works tasks by role (never an auditor, an administrator or a process owner alone), and is in its groups or was given it by name."""
    if not actor.has(*WORKERS) or actor.has("auditeur"):
        return False
    return may_see_task(actor, task, case) and (in_groups(actor, task) or task.holder_id == actor.user_id)


def may_assign_task(actor: Actor, task: Task, case: Case | None) -> bool:
    """The manager of the task's territory."""
    return actor.has("responsable") and covers(actor, task.departement, task.territory_id) and may_see_task(actor, task, case)


def may_see_instance(actor: Actor, instance: Instance, case: Case | None) -> bool:
    """Whoever reads its case; an instance of no case (a session) is seen by EP roles, managers and auditors of its territory."""
    if case is not None:
        return may_see_case(actor, case)
    return covers(actor, instance.departement, instance.territory_id) and actor.has(
        "secretariat_ep", "membre_ep", "responsable", "auditeur"
    )


def may_steer_instance(actor: Actor, instance: Instance) -> bool:
    """The manager of its territory: who may cancel an instance or move a date, always with a reason."""
    return actor.has("responsable") and covers(actor, instance.departement, instance.territory_id)


def may_read_nir(actor: Actor) -> bool:
    """Agents of the group gestion read the NIR whole; all others who read the case see it masked, EP members not at all."""
    return actor.has("agent") and "gestion" in actor.groups
