"""What the analysis of a model finds: one finding, one French sentence, with an example input where there is one."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.kernel.values import Value

ERROR, WARNING, INFORMATION = "error", "warning", "info"


@dataclass(frozen=True)
class Finding:
    """One finding.

    `kind`: gap, overlap, never, type, expression, table, partial (a part was too intricate to be exact) or external. `severity`: error, warning or info.
    `element` is the id of the decision or knowledge model, `name` its name; `rules` the ids of the rules concerned, `lines` their places in the table.
    `example`: input by label of column, which shows the gap or the overlap.
    """

    kind: str
    severity: str
    element: str
    name: str
    message: str
    rules: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    example: dict[str, Value] = field(default_factory=dict)
    table: str = ""
