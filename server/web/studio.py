"""The studio: owners read, change, try and publish processes; a draft is saved, linted, compared, and published by a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from server.access.permissions import Permission
from server.actions.approve_publication import approve_publication
from server.actions.ask_publication import ask_publication
from server.actions.draft_package import draft_package
from server.actions.refuse_publication import refuse_publication
from server.catalog import GROUPS, Finding
from server.kernel.errors import BadInput, JalonError, NotFound
from server.queries.studio import Workbench, changes, package_list, version_list, workbench
from server.queries.studio_forms import drawn_schema, first_form, letter_preview, missing_forms
from server.queries.studio_outline import outline
from server.queries.studio_trial import trial
from server.web.guard import current_actor, current_jalon, editor_page, flash_words, needs
from server.web.words import hour, plural

studio = Blueprint("studio", __name__, url_prefix="/studio")

DIAGRAM = "process.bpmn"


@studio.get("")
@needs(Permission.STUDIO_READ)
def listing() -> Any:
    """The packages of the département: what is in force, open instances, the state of the draft."""
    jalon = current_jalon()
    return render_template("studio/liste.html", lines=package_list(jalon, current_actor(), jalon.clock.now()))


@studio.get("/<slug>")
@needs(Permission.STUDIO_READ)
def package(slug: str) -> Any:
    """A package opens on its diagram."""
    return redirect(url_for("studio.diagram", slug=slug))


@studio.get("/<slug>/diagramme")
@editor_page
@needs(Permission.STUDIO_READ)
def diagram(slug: str) -> Any:
    """The diagram in its editor, with the findings of the server's rules."""
    bench = _bench(slug)
    return _draw(bench, "diagramme", "studio/diagramme.html", file=DIAGRAM, groups=sorted(GROUPS), lines=outline(bench.package))


@studio.get("/<slug>/tables")
@editor_page
@needs(Permission.STUDIO_READ)
def tables(slug: str) -> Any:
    """The decision tables, one file at a time."""
    bench = _bench(slug)
    names = [f"decisions/{name}.dmn" for name in bench.package.names("decisions", ".dmn")]
    return _draw(bench, "tables", "studio/tables.html", files=names, file=_chosen(names))


@studio.get("/<slug>/formulaires")
@editor_page
@needs(Permission.STUDIO_READ)
def forms(slug: str) -> Any:
    """The forms, one at a time, with the server's own drawing beside the editor."""
    bench = _bench(slug)
    names = [f"forms/{name}.form" for name in bench.package.form_ids]
    return _draw(bench, "formulaires", "studio/formulaires.html", files=names, file=_chosen(names), missing=missing_forms(bench.package))


@studio.get("/<slug>/lettres")
@needs(Permission.STUDIO_READ)
def letters(slug: str) -> Any:
    """The letters as their owner writes them."""
    bench = _bench(slug)
    names = [f"letters/{name}.md" for name in bench.package.names("letters", ".md")]
    return _texts(bench, "lettres", names)


@studio.get("/<slug>/scenarios")
@needs(Permission.STUDIO_READ)
def scenarios(slug: str) -> Any:
    """The scenarios run on the draft: what passes, what fails, what none of them crosses."""
    jalon = current_jalon()
    bench = _bench(slug)
    return _draw(bench, "scenarios", "studio/scenarios.html", report=trial(jalon, current_actor(), bench, jalon.clock.now()))


@studio.get("/<slug>/scenarios/couverture")
@needs(Permission.STUDIO_READ)
def coverage(slug: str) -> Any:
    """The elements of the diagram that no scenario crosses, for the editor to mark."""
    jalon = current_jalon()
    report = trial(jalon, current_actor(), _bench(slug), jalon.clock.now())
    missed = [item.element for item in report.uncrossed if item.file == DIAGRAM]
    words = (
        plural(len(missed), "point n'est parcouru", "points ne sont parcourus") + " par aucun scénario"
        if missed
        else "Les scénarios parcourent tout"
    )
    return {"uncrossed": missed, "text": words}


@studio.get("/<slug>/scenarios/texte")
@needs(Permission.STUDIO_READ)
def scenario_texts(slug: str) -> Any:
    """The scenarios as their owner writes them."""
    bench = _bench(slug)
    return _texts(bench, "scenarios", [f"scenarios/{name}.yaml" for name in bench.package.names("scenarios", ".yaml")])


@studio.get("/<slug>/comparaison")
@needs(Permission.STUDIO_READ)
def comparison(slug: str) -> Any:
    """What the draft changes in the version in force, in sentences."""
    bench = _bench(slug)
    return _draw(bench, "comparaison", "studio/comparaison.html", changes=changes(current_jalon(), bench))


@studio.get("/<slug>/versions")
@needs(Permission.STUDIO_READ)
def versions(slug: str) -> Any:
    """Every version with its author, its approver, its reason and its open instances."""
    jalon = current_jalon()
    bench = _bench(slug)
    return _draw(bench, "versions", "studio/versions.html", versions=version_list(jalon, current_actor(), slug, jalon.clock.now()))


@studio.get("/<slug>/relecture")
@needs(Permission.STUDIO_READ)
def review(slug: str) -> Any:
    """The gates before publication, the request, then the answer of a second owner."""
    jalon = current_jalon()
    bench = _bench(slug)
    report = trial(jalon, current_actor(), bench, jalon.clock.now()) if bench.is_draft else None
    return _draw(bench, "relecture", "studio/relecture.html", report=report, changes=changes(jalon, bench))


@studio.get("/<slug>/fichier")
@needs(Permission.STUDIO_READ)
def read_file(slug: str) -> Any:
    """One file for its editor: text, row version, findings."""
    bench = _bench(slug)
    name = request.args.get("nom", "")
    if name not in bench.package.files:
        raise NotFound("Ce fichier n'est pas dans le processus. Revenez à la liste.")
    text = bench.package.files[name].decode()
    return {"xml": text, "content": text, "version": bench.seen_version, "findings": [finding.to_plain() for finding in bench.findings]}


@studio.post("/<slug>/fichier")
@needs(Permission.STUDIO_EDIT)
def save_file(slug: str) -> Any:
    """Saves one file in the draft (made at the first save); answers the row version, the hour and the findings."""
    body = _json()
    content, seen = body.get("content"), body.get("version")
    if not isinstance(content, str) or not isinstance(seen, int):
        raise BadInput("L'enregistrement reçu n'est pas lisible. Rechargez la page.")
    _save(slug, {request.args.get("nom", ""): content}, seen)
    bench = _bench(slug)
    return {
        "version": bench.seen_version,
        "text": f"Brouillon enregistré à {hour(bench.version.changed_at)}",
        "findings": [finding.to_plain() for finding in bench.findings],
        "html": render_template("studio/_constats.html", bench=bench, findings=_worst_first(bench)),
    }


@studio.post("/<slug>/texte")
@needs(Permission.STUDIO_EDIT)
def save_text(slug: str) -> Any:
    """Saves a letter or a scenario typed in a plain page."""
    name = request.form.get("nom", "")
    _save(slug, {name: request.form.get("texte", "").replace("\r\n", "\n")}, _seen())
    flash_words("ok", f"Le brouillon est enregistré avec « {name} ».")
    back = "studio.letters" if name.startswith("letters/") else "studio.scenario_texts"
    return redirect(url_for(back, slug=slug, fichier=name), code=303)


@studio.post("/<slug>/apercu")
@needs(Permission.STUDIO_READ)
def preview(slug: str) -> Any:
    """The server's own drawing of a form being edited."""
    bench = _bench(slug)
    try:
        schema = json.loads(str(_json().get("content", "")))
        fields = drawn_schema(schema, bench.package, current_jalon().clock.now())
    except (JalonError, ValueError, RecursionError) as fault:
        return {"html": render_template("studio/_apercu.html", fields=(), fault=str(fault) if isinstance(fault, JalonError) else "")}
    return {"html": render_template("studio/_apercu.html", fields=fields, fault="")}


@studio.post("/<slug>/formulaires/premier")
@needs(Permission.STUDIO_EDIT)
def write_form(slug: str) -> Any:
    """Writes a first form for a task that names none that exists."""
    bench = _bench(slug)
    form_id = request.form.get("formulaire", "")
    schema = first_form(bench.package, form_id)
    _save(slug, {f"forms/{form_id}.form": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"}, bench.seen_version)
    flash_words("ok", f"Un premier formulaire « {form_id} » est écrit. Retirez ce qui ne sert pas, complétez le reste.")
    return redirect(url_for("studio.forms", slug=slug, fichier=f"forms/{form_id}.form"), code=303)


@studio.post("/<slug>/demander")
@needs(Permission.STUDIO_EDIT)
def ask(slug: str) -> Any:
    """Asks a second owner to read and publish the draft; a reason is needed when scenarios fail or leave something uncrossed."""
    jalon = current_jalon()
    bench = _bench(slug)
    ask_publication(jalon, current_actor(), bench.version.id, request.form.get("motif", ""), _seen(), jalon.clock.now())
    flash_words("ok", "La relecture est demandée. Une autre personne propriétaire peut publier, vous ne le pouvez pas.")
    return redirect(url_for("studio.review", slug=slug), code=303)


@studio.post("/<slug>/approuver")
@needs(Permission.STUDIO_EDIT)
def approve(slug: str) -> Any:
    """Publishes what was asked, exactly as it was read; never by its author."""
    jalon = current_jalon()
    bench = _bench(slug)
    number = approve_publication(jalon, current_actor(), bench.version.id, request.form.get("empreinte", ""), jalon.clock.now())
    flash_words("ok", f"La version {number} est publiée. Les dossiers en cours gardent la leur.")
    return redirect(url_for("studio.versions", slug=slug), code=303)


@studio.post("/<slug>/refuser")
@needs(Permission.STUDIO_EDIT)
def refuse(slug: str) -> Any:
    """Refuses with a reason; the author goes on with the draft."""
    jalon = current_jalon()
    bench = _bench(slug)
    refuse_publication(jalon, current_actor(), bench.version.id, request.form.get("motif", ""), jalon.clock.now())
    flash_words("ok", "La relecture est refusée, avec votre motif.")
    return redirect(url_for("studio.versions", slug=slug), code=303)


def _bench(slug: str) -> Workbench:
    jalon = current_jalon()
    return workbench(jalon, current_actor(), slug, jalon.clock.now())


def _draw(bench: Workbench, tab: str, template: str, **values: Any) -> Any:
    return render_template(template, bench=bench, tab=tab, findings=_worst_first(bench), **values)


def _texts(bench: Workbench, tab: str, names: list[str]) -> Any:
    file = _chosen(names)
    text = bench.package.files[file].decode() if file else ""
    letter = letter_preview(text) if file and tab == "lettres" else None
    return _draw(bench, tab, "studio/textes.html", files=names, file=file, text=text, letter=letter)


def _chosen(names: list[str]) -> str:
    wanted = request.args.get("fichier", "")
    return wanted if wanted in names else names[0] if names else ""


def _worst_first(bench: Workbench) -> list[Finding]:
    return sorted(bench.findings, key=lambda finding: finding.severity != "error")


def _json() -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadInput("L'envoi reçu n'est pas lisible. Rechargez la page.")
    return body


def _seen() -> int:
    seen = request.form.get("seen_version", "")
    if not seen.isdigit():
        raise BadInput("Cette page a expiré. Rechargez-la : rien n'a été enregistré.")
    return int(seen)


def _save(slug: str, files: Mapping[str, str], seen_version: int) -> None:
    for name, text in files.items():
        if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise BadInput(f"Le fichier « {name} » contient un caractère qui ne peut pas être gardé. Retirez-le.")
    jalon = current_jalon()
    draft_package(jalon, current_actor(), slug, files, seen_version, jalon.clock.now())
