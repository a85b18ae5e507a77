"""What the publication lint says: one finding names a rule, an element and what to do, in French."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One fault. `rule` is the code of a page of docs/regles; `severity` is "error" (publication is refused) or "warning"."""

    rule: str
    element: str
    name: str
    message: str
    severity: str
    file: str = "process.bpmn"

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON types, for the studio and the evidence of a version."""
        return {
            "rule": self.rule,
            "element": self.element,
            "name": self.name,
            "message": self.message,
            "severity": self.severity,
            "file": self.file,
        }
