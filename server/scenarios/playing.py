"""Plays a story to its end and tells every difference with what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from server import engine, forms
from server.kernel.errors import FormErrors, JalonError
from server.kernel.values import Value
from server.scenarios.expecting import differences, in_words
from server.scenarios.library import Library
from server.scenarios.story import Step, Story, later
from server.scenarios.world import Happened, Instance, OpenTask, World


@dataclass(frozen=True)
class Played:
    """A story played: `problems` are French sentences, empty when all went as written; `history` the facts, for coverage and comparison."""

    story: Story
    problems: tuple[str, ...]
    history: tuple[Happened, ...] = ()
    instances: Mapping[str, Instance] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)  # name of the golden file -> the text it should hold

    @property
    def passed(self) -> bool:
        return not self.problems


class Wrong(Exception):
    """The story cannot go on: its message says what was expected and what was found."""


def play(story: Story, library: Library, *, fresh: bool = False) -> Played:
    """Plays `story` on the packages of `library`, without a database.

    `fresh`: every cache is emptied before each command, so that only the saved state carries over. Never raises for what a story or a package holds: a
    fault is a problem of the result.
    """
    world = World(story, library, fresh=fresh)
    problems: list[str] = []
    main: Instance | None = None
    try:
        main = world.start(story.process, story.variables)
        world.settle()
        for step in story.steps:
            problems += [f"{step.words} : {p}" for p in _play_step(world, main, step)]
        problems += [
            f"à la fin : {p}" for p in differences(world, main, {"etat": "termine", **story.end} if "etat" not in story.end else story.end)
        ]
        problems += _letters(world, main)
    except Wrong as error:
        problems.append(str(error))
    except JalonError as error:
        problems.append(_told(error))
    return Played(story, tuple(problems), tuple(world.history), world.instances, dict(_golden_texts(world)))


def _told(error: JalonError) -> str:
    """The error's sentence, with the element of the diagram and the fields when it names them."""
    if isinstance(error, FormErrors):
        return " ; ".join(f"{e.key} : {e.message}" for e in error.errors)
    element = getattr(error, "element", "")
    return f"{error} (élément « {element} »)" if element and element not in str(error) else str(error)


def _play_step(world: World, main: Instance, step: Step) -> Iterator[str]:
    if step.at is not None:
        world.move_to(step.at)
    try:
        if step.verb == "tache":
            _do_task(world, step)
        elif step.verb == "message":
            _send(world, step)
        elif step.verb == "retour":
            _return(world, step)
        elif step.verb == "attendre":
            world.move_to(later(world.now, step.content["attendre"]))
        elif step.verb == "dossier":
            world.case.update(dict(step.content["dossier"]))
        world.settle()
    except Wrong:
        raise
    except JalonError as error:
        raise Wrong(f"{step.words} : {_told(error)}") from error
    if "verifier" in step.content:
        yield from differences(world, main, step.content["verifier"] or {})


def _do_task(world: World, step: Step) -> None:
    open_tasks = list(world.tasks())
    found = _chosen(open_tasks, step)
    group = step.content.get("par")
    if group and group not in found.groups:
        raise Wrong(f"{step.words} : la tâche est proposée à {', '.join(found.groups) or 'personne'}, pas à « {group} ».")
    refused = step.content.get("refus")
    try:
        answers = _checked(world, found, step.content.get("reponses") or {})
    except FormErrors as error:
        keys = {e.key for e in error.errors}
        if refused is not None and set(refused) <= keys:
            return
        raise Wrong(f"{step.words} : le formulaire refuse {_told(error)}") from error
    if refused is not None:
        raise Wrong(f"{step.words} : le formulaire devait refuser {', '.join(map(str, refused))}, il accepte.")
    world.order(found.instance.id, engine.CompleteTask(found.task, answers))


def _chosen(open_tasks: list[OpenTask], step: Step) -> OpenTask:
    wanted, process = step.content["tache"], step.content.get("processus")
    found = [t for t in open_tasks if t.element == wanted and process in (None, t.instance.process)]
    rank = int(step.content.get("rang") or 1)
    if len(found) < rank:
        known = ", ".join(sorted(t.element for t in open_tasks)) or "aucune"
        raise Wrong(f"{step.words} : la tâche « {wanted} » n'est pas ouverte. Tâches ouvertes : {known}.")
    return found[rank - 1]


def _checked(world: World, task: OpenTask, raw: Mapping[str, Value]) -> Mapping[str, Value]:
    if not task.form:
        return dict(raw)
    form = forms.read_form(task.instance.package.form(task.form))
    return forms.check(form, posted(raw), world.form_scope(task.instance), world.day, world.now)


def posted(value: Value) -> Any:
    """An answer as a page or the API sends it: dates and numbers as texts, the rest as it is."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, Mapping):
        return {key: posted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [posted(inner) for inner in value]
    return value


def _send(world: World, step: Step) -> None:
    name, key = str(step.content["message"]), str(step.content.get("cle") or world.dossier["id"])
    received = world.deliver(name, key, step.content.get("variables") or {})
    alone = step.content.get("sans_attente") is True
    if received and alone:
        raise Wrong(f"{step.words} : personne ne devait attendre ce message, {received} l'attendent.")
    if not received and not alone:
        raise Wrong(f"{step.words} : personne n'attend ce message. Écrivez « sans_attente: true » si c'est voulu.")


def _return(world: World, step: Step) -> None:
    wanted = step.content["retour"]
    found = [(call, instance) for call, (instance, element) in world.waiting_calls.items() if element == wanted]
    if not found:
        raise Wrong(f"{step.words} : « {wanted} » n'attend aucun retour.")
    call, instance = found[0]
    del world.waiting_calls[call]
    world.order(instance, engine.ReturnResult(call, step.content.get("resultat")))


def _letters(world: World, main: Instance) -> Iterator[str]:
    """Golden letters: the last letter of each named model, against the text that its owner approved."""
    for model, expected in world.story.letters.items():
        written = [rendered for name, rendered in world.letters if name == model]
        name = f"letters/expected/{expected}.md"
        if not written:
            yield f"courrier « {model} » : il n'a pas été demandé."
        elif name not in main.package.files:
            yield f"courrier « {model} » : le fichier {name} manque ; le texte est : {written[-1].text}"
        elif main.package.files[name].decode().strip() != golden(written[-1].subject, written[-1].text):
            yield f"courrier « {model} » : le texte diffère de {name} ; obtenu : {in_words(golden(written[-1].subject, written[-1].text))}"


def _golden_texts(world: World) -> Iterator[tuple[str, str]]:
    for model, expected in world.story.letters.items():
        for name, rendered in world.letters:
            if name == model:
                yield expected, golden(rendered.subject, rendered.text)


def golden(subject: str, text: str) -> str:
    """What a golden file holds: the subject as a title, then the text."""
    return f"# {subject}\n\n{text.strip()}".strip()
