"""The JSON API: the same guards and verbs as the pages, with its OpenAPI description at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask.views import MethodView
from flask_smorest import Api, Blueprint
from marshmallow import EXCLUDE, Schema, fields, validate

from server.access.permissions import Permission
from server.actions.claim_task import claim_task
from server.actions.complete_task import complete_task
from server.actions.hold_session import hold_session
from server.actions.release_task import release_task
from server.actions.run_import import run_import
from server.actions.send_message import send_message
from server.actions.sign_in import sign_in
from server.actions.try_import import try_import
from server.forms import read_form
from server.kernel.errors import BadInput
from server.kernel.values import to_plain
from server.queries.imports import import_page
from server.queries.inbox import InboxFilter, InboxRow, inbox_page
from server.queries.sessions import waiting_cases
from server.queries.task import task_page
from server.web.guard import current_actor, current_jalon, needs

api = Blueprint("api", __name__, url_prefix="/api", description="Tâches, messages et imports")


class _Plain(Schema):
    class Meta:
        unknown = EXCLUDE


class TaskSchema(_Plain):
    """A task as lists show it; times are ISO 8601 in UTC."""

    task_id = fields.String()
    name = fields.String()
    element = fields.String()
    process = fields.String()
    group = fields.String()
    case_id = fields.String(allow_none=True)
    case_number = fields.String(allow_none=True)
    person_name = fields.String(allow_none=True)
    territory_id = fields.String(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    limit_at = fields.DateTime(allow_none=True)
    ready_at = fields.DateTime()
    holder_id = fields.String(allow_none=True)
    holder_name = fields.String(allow_none=True)
    status = fields.String()


class TaskListSchema(_Plain):
    tasks = fields.List(fields.Nested(TaskSchema))
    total = fields.Integer()
    next = fields.String()


class TaskQuery(_Plain):
    liste = fields.String(load_default="moi", validate=validate.OneOf(["moi", "prendre", "attente", "termines"]))
    pole = fields.String(load_default="", validate=validate.Length(max=40))
    q = fields.String(load_default="", validate=validate.Length(max=100))
    apres = fields.String(load_default="", validate=validate.Length(max=200))
    par_page = fields.Integer(load_default=25, validate=validate.Range(min=1, max=200))


class TaskFormSchema(_Plain):
    task = fields.Nested(TaskSchema)
    seen_version = fields.Integer(metadata={"description": "à rendre avec les réponses"})
    form = fields.Dict()
    context = fields.Dict()
    draft = fields.Dict(allow_none=True)
    may_work = fields.Boolean()


class CompleteSchema(_Plain):
    answers = fields.Dict(required=True)
    seen_version = fields.Integer(required=True)
    key = fields.String(required=True, validate=validate.Length(min=8, max=80), metadata={"description": "clé d'idempotence de cet envoi"})


class CompletedSchema(_Plain):
    task_id = fields.String()
    case_id = fields.String(allow_none=True)
    instance_id = fields.String()
    next_task = fields.String(allow_none=True, metadata={"description": "tâche suivante du dossier que la même personne peut traiter"})


class MessageSchema(_Plain):
    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    variables = fields.Dict(load_default=dict)


class DeliveredSchema(_Plain):
    received = fields.Boolean()
    text = fields.String()


class SessionSchema(_Plain):
    territory_id = fields.String(required=True, validate=validate.Length(min=1, max=40))
    held_on = fields.Date(required=True)
    body = fields.String(load_default="EP territoriale", validate=validate.Length(max=200))


class PlannedSchema(_Plain):
    session_id = fields.String()


class WaitingSchema(_Plain):
    waiting = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "dossiers en attente d'une séance, par territoire"}
    )


class SignInSchema(_Plain):
    login = fields.String(required=True, validate=validate.Length(max=120))
    password = fields.String(required=True, validate=validate.Length(max=400))


class TokenSchema(_Plain):
    token = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())


class ImportSchema(_Plain):
    id = fields.String()
    status = fields.String()
    rows = fields.Integer()
    done_rows = fields.Integer()
    to_create = fields.Integer()
    to_update = fields.Integer()
    unchanged = fields.Integer()
    refused = fields.Integer()


def _task(row: InboxRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TaskSchema._declared_fields}  # noqa: SLF001 - marshmallow's own list of the fields


@api.route("/session")
class Session(MethodView):
    """Signing in for programs."""

    @needs(Permission.ANYONE)
    @api.arguments(SignInSchema)
    @api.response(200, TokenSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Gives a token, to send back as `Authorization: Bearer …`."""
        jalon = current_jalon()
        token, actor = sign_in(jalon, given["login"], given["password"], request.remote_addr or "", jalon.clock.now())
        return {"token": token, "name": actor.name, "roles": sorted(actor.roles)}


@api.route("/tasks")
class Tasks(MethodView):
    """The lists of tasks."""

    @needs(Permission.TASKS_WORK)
    @api.arguments(TaskQuery, location="query")
    @api.response(200, TaskListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """My tasks, or those I may take: nearest deadline first."""
        jalon = current_jalon()
        chosen = InboxFilter(tab=query["liste"], territory=query["pole"], search=query["q"])
        page = inbox_page(jalon, current_actor(), chosen, after=query["apres"], size=query["par_page"], now=jalon.clock.now())
        return {"tasks": [_task(row) for row in page.rows], "total": page.total, "next": page.next_cursor}


@api.route("/tasks/<task_id>")
class OneTask(MethodView):
    """One task with its form."""

    @needs(Permission.TASKS_WORK)
    @api.response(200, TaskFormSchema)
    def get(self, task_id: str) -> dict[str, Any]:
        """The task, its form-js schema and what its expressions read."""
        jalon = current_jalon()
        page = task_page(jalon, current_actor(), task_id, jalon.clock.now())
        read_form(page.form_schema)
        return {
            "task": _task(page.task),
            "seen_version": page.task.version,
            "form": page.form_schema,
            "context": to_plain(page.context),
            "draft": page.draft,
            "may_work": page.may_work,
        }


@api.route("/tasks/<task_id>/claim")
class Claim(MethodView):
    """Taking a task."""

    @needs(Permission.TASKS_WORK)
    @api.response(204)
    def post(self, task_id: str) -> None:
        """Takes the task, or 409 with who holds it and since when."""
        jalon = current_jalon()
        claim_task(jalon, current_actor(), task_id, jalon.clock.now())


@api.route("/tasks/<task_id>/release")
class Release(MethodView):
    """Giving a task back."""

    @needs(Permission.TASKS_WORK)
    @api.response(204)
    def post(self, task_id: str) -> None:
        """Gives the task back to its team."""
        jalon = current_jalon()
        release_task(jalon, current_actor(), task_id, jalon.clock.now())


@api.route("/tasks/<task_id>/complete")
class Complete(MethodView):
    """Completing a task."""

    @needs(Permission.TASKS_WORK)
    @api.arguments(CompleteSchema)
    @api.response(200, CompletedSchema)
    def post(self, given: dict[str, Any], task_id: str) -> Any:
        """Sends the answers; 422 with the fields to correct, 409 when somebody was first."""
        jalon = current_jalon()
        return complete_task(jalon, current_actor(), task_id, given["answers"], given["seen_version"], given["key"], jalon.clock.now())


@api.route("/cases/<case_id>/messages")
class Messages(MethodView):
    """Events that happen to a case."""

    @needs(Permission.EVENTS_RECORD)
    @api.arguments(MessageSchema)
    @api.response(200, DeliveredSchema)
    def post(self, given: dict[str, Any], case_id: str) -> Any:
        """Records an event; says whether a step was waiting for it. It is kept in any case."""
        jalon = current_jalon()
        return send_message(jalon, current_actor(), case_id, given["name"], given["variables"], jalon.clock.now())


@api.route("/sessions")
class Sessions(MethodView):
    """EP sessions."""

    @needs(Permission.EP_PREPARE)
    @api.response(200, WaitingSchema)
    def get(self) -> dict[str, Any]:
        """How many cases wait for a session in each territory."""
        jalon = current_jalon()
        return {"waiting": waiting_cases(jalon, current_actor(), jalon.clock.now())}

    @needs(Permission.EP_PREPARE)
    @api.arguments(SessionSchema)
    @api.response(201, PlannedSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Plans a session: its process starts, the waiting cases of the territory are listed."""
        jalon = current_jalon()
        return {
            "session_id": hold_session(jalon, current_actor(), given["territory_id"], given["held_on"], given["body"], jalon.clock.now())
        }


@api.route("/imports")
class Imports(MethodView):
    """Files taken in."""

    @needs(Permission.IMPORTS_RUN)
    @api.response(201, ImportSchema)
    def post(self) -> Any:
        """Tries a file sent as `fichier` (multipart); `modele` names its layout. Nothing is written to cases."""
        jalon, actor = current_jalon(), current_actor()
        file = request.files.get("fichier")
        if file is None:
            raise BadInput("Envoyez le fichier dans le champ « fichier ».")
        run_id = try_import(
            jalon,
            actor,
            (file.filename or "fichier.csv")[:200],
            file.stream.read(),
            None,
            request.form.get("modele", "entrants"),
            jalon.clock.now(),
        )
        return import_page(jalon, actor, run_id, "", after="", now=jalon.clock.now()).run


@api.route("/imports/<run_id>")
class OneImport(MethodView):
    """One import."""

    @needs(Permission.IMPORTS_RUN)
    @api.response(200, ImportSchema)
    def get(self, run_id: str) -> Any:
        """How far it is."""
        jalon = current_jalon()
        return import_page(jalon, current_actor(), run_id, "", after="", now=jalon.clock.now()).run


@api.route("/imports/<run_id>/run")
class RunImport(MethodView):
    """Running a tried import."""

    @needs(Permission.IMPORTS_RUN)
    @api.response(200, ImportSchema)
    def post(self, run_id: str) -> Any:
        """Runs it to its end and answers the counts; running it twice changes nothing."""
        jalon, actor = current_jalon(), current_actor()
        run_import(jalon, actor, run_id, jalon.clock.now())
        return import_page(jalon, actor, run_id, "", after="", now=jalon.clock.now()).run


def install_api(app: Flask) -> None:
    """Registers the API and its description."""
    app.config.update(
        API_TITLE="Jalon",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    smorest = Api(app)
    smorest.register_blueprint(api)
    described = "api-docs.openapi_json"
    app.view_functions[described] = needs(Permission.ANYONE)(app.view_functions[described])  # it describes, it gives nothing
