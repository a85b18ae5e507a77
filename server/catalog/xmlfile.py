"""Reads an XML file that somebody sent, without ever resolving an entity, a DTD or an address."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from server.kernel.errors import ModelError, TooMuch

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
MAX_BYTES = 2_000_000
MAX_DEPTH = 100


def read_xml(content: bytes, file: str) -> etree._Element:
    """The root element of `content` (bytes of an XML file, at most 2,000,000).

    Raises TooMuch past the size or a depth of 100 elements, ModelError (rule `xml-illisible` or `xml-dangereux`) when the text is not XML or carries a DTD or an entity.
    """
    if len(content) > MAX_BYTES:
        raise TooMuch(f"Le fichier {file} dépasse 2 Mo : découpez le processus ou retirez ce qui n'en fait pas partie.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ModelError(
            f"Le fichier {file} contient une DTD ou une entité XML : retirez la ligne « <!DOCTYPE … > » et enregistrez à nouveau.",
            rule="xml-dangereux",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ModelError(
            f"Le fichier {file} n'est pas un XML lisible ({error}) : ouvrez-le dans l'éditeur et enregistrez à nouveau.",
            rule="xml-illisible",
        ) from error
    # UTF-16 files hide the letters of a DOCTYPE from the test on bytes above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise ModelError(f"Le fichier {file} contient une DTD : retirez-la et enregistrez à nouveau.", rule="xml-dangereux")
    _check_depth(root, file)
    return root


def _check_depth(root: etree._Element, file: str) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise TooMuch(f"Le fichier {file} emboîte plus de {MAX_DEPTH} éléments : simplifiez-le.")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a comment or an instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attributes(element: etree._Element) -> dict[str, str]:
    """The attributes of an element as texts."""
    return {str(key): str(value) for key, value in element.attrib.items()}


def text_in(element: etree._Element) -> str:
    """All the text under an element, without the blanks around it."""
    return "".join(str(part) for part in element.itertext()).strip()


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The BPMN children of that local name."""
    yield from element.iterchildren(f"{BPMN}{name}")


def extensions(element: etree._Element) -> list[etree._Element]:
    """The zeebe elements written in the element's own extensionElements."""
    holder = element.find(f"{BPMN}extensionElements")
    return [] if holder is None else [child for child in holder if isinstance(child.tag, str) and child.tag.startswith(ZEEBE)]
