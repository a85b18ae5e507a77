"""Refuses a file that is not plain XML: a DTD or an entity could read a file of the server or fill its memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from server.catalog.diagram import read_diagram
from server.catalog.findings import ERROR, Finding
from server.catalog.xmlfile import read_xml
from server.kernel.errors import JalonError

CODE = "xml-dangereux"
TITLE = "Un XML lisible, sans DTD ni entité"
SEVERITY = ERROR


def check_files(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Les diagrammes et les tables sont des XML simples : ni DTD, ni entité, 2 Mo et cent niveaux au plus."""
    for name in sorted(n for n in files if n.endswith((".bpmn", ".dmn"))):
        try:
            read = read_diagram if name.endswith(".bpmn") else read_xml
            read(files[name], name)
        except JalonError as error:
            yield Finding(CODE, "", name, str(error), SEVERITY, name)
