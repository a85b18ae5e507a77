"""What a task's form may read: the instance's variables, the case as `dossier`, the parameters."""

from __future__ import annotations

from collections.abc import Mapping

from server.engine.state import read_plain
from server.kernel.values import Value, from_plain


def form_scope(state: bytes | None, dossier: Mapping[str, Value], parameters: Mapping[str, Value]) -> dict[str, Value]:
    """The scope of a form: process variables first, so that `dossier` and `parametres` always mean ours."""
    variables = from_plain(read_plain(state).get("v", {})) if state else {}
    return {**variables, "dossier": dict(dossier), "parametres": dict(parameters)}
