"""Reads the names of types as each version of DMN writes them: QNames in 1.1, dotted names since 1.2, short names in dmn-js."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

_PLAIN = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "years and months duration": "years and months duration",
    "duration": "days and time duration",
    "Any": "Any",
    "any": "Any",
    "Null": "Null",
    "list": "list",
    "context": "context",
    "function": "function",
    "range": "range",
}


@dataclass(frozen=True)
class Names:
    """The namespace of a file and the names under which it imports others."""

    namespace: str
    imported: Mapping[str, str]

    def type_ref(self, text: str, where: etree._Element) -> str:
        """A type reference as the rest of the module reads it: the FEEL name of a simple type, `t`, or `import.t`; "" when none is declared."""
        text = " ".join(text.split())
        if text.startswith("{"):
            namespace, _, text = text[1:].partition("}")
            return self._of(namespace, text)
        prefix, colon, rest = text.partition(":")
        if not colon:
            return text
        return self._of(str(where.nsmap.get(prefix) or (self.namespace if prefix == "" else prefix)), rest.strip())

    def _of(self, namespace: str, text: str) -> str:
        name = self.imported.get(namespace)
        return f"{name}.{text}" if name else text


def simple_type(type_ref: str) -> str | None:
    """The FEEL type that a reference names (`integer` and the like of other tools are numbers), or None when it is a declared type."""
    return _PLAIN.get(type_ref)
