"""What follows from a fact in a story, as the product does it: children, ends, milestones, messages, letters, other processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from server import engine, letters
from server.kernel import facts as kinds
from server.kernel.errors import JalonError, ModelError
from server.kernel.facts import Fact
from server.kernel.values import Value

if TYPE_CHECKING:
    from server.scenarios.world import Happened, Instance, World

PERSON = {"civilite": "Madame", "prenom": "Camille", "nom": "EXEMPLE"}


def follow(world: World, happened: Happened) -> None:
    """Does in the story what the product would do after this fact; most facts have no consequence."""
    do = _CONSEQUENCES.get(happened.fact.kind)
    if do is not None:
        do(world, happened.instance, happened.fact)


def _inputs(fact: Fact) -> dict[str, Value]:
    return dict((fact.payload or {}).get("inputs") or {})


def _child_wanted(world: World, instance: Instance, fact: Fact) -> None:
    process, call = str(fact.body["process"]), str(fact.body["call"])
    played = world.calls.get(process)
    if played is None:
        world.start(process, _inputs(fact), parent=instance.id, call=call)
        return
    answer = played.popleft() if len(played) > 1 else played[0]
    if "echec" in answer:
        world.order(instance.id, engine.ChildFailed(call, str(answer["echec"])))
    else:
        world.order(instance.id, engine.ChildEnded(call, str(answer.get("issue") or ""), dict(answer.get("sorties") or {})))


def _child_cancelled(world: World, instance: Instance, fact: Fact) -> None:
    for child in world.open:
        if (child.parent, child.call) == (instance.id, fact.body["call"]):
            world.quiet.add(child.id)
            world.order(child.id, engine.Cancel("La démarche qui l'avait ouverte a été arrêtée."))


def _ended(world: World, instance: Instance, fact: Fact) -> None:
    error = str(fact.body.get("error") or "")
    instance.status, instance.outcome = "ended", str(fact.body.get("outcome") or error)
    instance.variables = dict((fact.payload or {}).get("variables") or {})
    if not instance.parent or instance.id in world.quiet:
        return
    told: engine.Command = engine.ChildEnded(instance.call, instance.outcome, dict(instance.variables))
    world.order(instance.parent, engine.ChildFailed(instance.call, error) if error else told)


def _cancelled(world: World, instance: Instance, _: Fact) -> None:
    instance.status = "cancelled"
    if instance.parent and instance.id not in world.quiet:
        world.order(instance.parent, engine.ChildFailed(instance.call, "annulation"))


def _call_cancelled(world: World, _: Instance, fact: Fact) -> None:
    world.waiting_calls.pop(str(fact.body["call"]), None)


def _call_wanted(world: World, instance: Instance, fact: Fact) -> None:
    kind, call = str(fact.body["type"]), str(fact.body["call"])
    element = world.definition(instance).elements[fact.element]
    waits = element.type != "endEvent" and (kind not in engine.FIRE_AND_FORGET or element.zeebe.properties.get("attendre") == "oui")
    do = _JOBS.get(kind)
    result = do(world, instance, fact) if do is not None else None
    if waits and kind in _INSIDE:
        world.order(instance.id, engine.ReturnResult(call, result))
    elif waits:
        world.waiting_calls[call] = (instance.id, fact.element)


def _header(fact: Fact, name: str) -> str:
    headers: Mapping[str, Any] = fact.body["headers"]
    return str(headers.get(name, ""))


def _milestone(world: World, _: Instance, fact: Fact) -> Value:
    inputs, name = _inputs(fact), _header(fact, "nom")
    day = inputs.pop("le", None) or world.day
    world.facts[name] = {"le": day.date() if isinstance(day, datetime) else day, **inputs}
    world.fact_names.append(name)
    return None


def _message(world: World, _: Instance, fact: Fact) -> Value:
    name, inputs = _header(fact, "nom"), _inputs(fact)
    world.sent.append(name)
    sendings = inputs.pop("envois", None)
    if isinstance(sendings, list):
        for sending in sendings:
            _send(world, name, str(sending.get("cle", "")), dict(sending.get("variables") or {}))
        return None
    key = str(inputs.pop("cle", "") or "")
    named = inputs.get("variables")
    _send(world, name, key, named if isinstance(named, dict) else inputs)
    return None


def _send(world: World, name: str, key: str, variables: Mapping[str, Value]) -> None:
    world.sendings.append({"nom": name, "cle": key, "variables": variables})
    world.deliver(name, key, variables)


def _start_other(world: World, _: Instance, fact: Fact) -> Value:
    return {"instance": world.start(_header(fact, "processus"), _inputs(fact)).id}


def _passage(world: World, _: Instance, fact: Fact) -> Value:
    world.passages.append(_inputs(fact))
    return {"passage": f"passage-{len(world.passages)}"}


def _letter(world: World, instance: Instance, fact: Fact) -> Value:
    model = _header(fact, "modele")
    own = {"personne": PERSON, "envoi": {"date": world.day}, "dossier": world.dossier, "parametres": dict(world.parameters)}
    try:
        world.letters.append((model, letters.render(instance.package.letter(model), {**_inputs(fact), **own}, world.now)))
    except JalonError as error:
        raise ModelError(f"Courrier « {model} » ({fact.element}) : {error}", fact.element) from error
    return None


def _slip(world: World, _: Instance, fact: Fact) -> Value:
    world.slips.append(_inputs(fact))
    return None


_INSIDE = frozenset({"fait", "message", "demarrer", "inscrire_seance"})
_JOBS: Mapping[str, Callable[[World, Instance, Fact], Value]] = {
    "fait": _milestone,
    "message": _message,
    "demarrer": _start_other,
    "inscrire_seance": _passage,
    "courrier": _letter,
    "bordereau_caf": _slip,
}
_CONSEQUENCES: Mapping[str, Callable[[World, Instance, Fact], None]] = {
    kinds.CHILD_WANTED: _child_wanted,
    kinds.CHILD_CANCELLED: _child_cancelled,
    kinds.INSTANCE_ENDED: _ended,
    kinds.INSTANCE_CANCELLED: _cancelled,
    kinds.OUTSIDE_CALL_WANTED: _call_wanted,
    kinds.OUTSIDE_CALL_CANCELLED: _call_cancelled,
}
