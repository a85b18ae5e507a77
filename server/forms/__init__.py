"""Forms: a form-js schema reads into a Form, which draws itself and checks answers; the same definition for both."""

from server.feel.french import value_text
from server.forms.api import api_schema
from server.forms.check import check
from server.forms.draw import draw
from server.forms.generate import generate
from server.forms.model import Component, Form
from server.forms.posted import Upload
from server.forms.read import read_form
from server.forms.rows import list_change
from server.forms.view import Choice, Field, Row, field_id

__all__ = [
    "Choice", "Component", "Field", "Form", "Row", "Upload", "api_schema", "check", "draw", "field_id", "generate", "list_change", "read_form",
    "value_text",
]  # fmt: skip
