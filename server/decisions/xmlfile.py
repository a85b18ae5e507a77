"""Opens DMN XML without letting it do harm: no DTD, no entity, no network, bounded size and depth."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from server.kernel.errors import ModelError, TooMuch

MAX_BYTES = 8_000_000
MAX_DEPTH = 200
MAX_ELEMENTS = 400_000

_DMN_NAMESPACES = ("http://www.omg.org/spec/dmn/", "https://www.omg.org/spec/dmn/")


def parse(xml: bytes) -> etree._Element:
    """The `definitions` element of a DMN file of any version from 1.1 to 1.5.

    Raises TooMuch over 8 MB, 200 levels or 400,000 elements; ModelError when the bytes are not XML, hold a DTD, or are not DMN.
    """
    if len(xml) > MAX_BYTES:
        raise TooMuch(f"Fichier DMN trop gros : {len(xml)} octets, {MAX_BYTES} au plus. Découpez-le en plusieurs modèles importés.")
    # A document type is the only door to entities: such a file is refused before anything of it is read.
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or "<!DOCTYPE".encode("utf-16-le") in xml or "<!DOCTYPE".encode("utf-16-be") in xml:
        raise ModelError(
            "Fichier DMN refusé : il contient une déclaration DOCTYPE. Retirez-la, un modèle n'en a pas besoin.", rule="xml-doctype"
        )
    root = _root(xml)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ModelError(
            "Fichier DMN refusé : il contient une déclaration DOCTYPE. Retirez-la, un modèle n'en a pas besoin.", rule="xml-doctype"
        )
    _adopt(root)
    if local(root) != "definitions" or not is_dmn(root):
        raise ModelError(
            f"Ce fichier n'est pas un modèle DMN : sa racine est « {local(root)} ». Attendu : un élément « definitions » de DMN 1.1 à 1.5.",
            rule="xml-racine",
        )
    return root


def _adopt(root: etree._Element) -> None:
    """Some tools wrote DMN 1.2 under the namespace of the model itself, with that of DMN declared but unused: such elements are taken for DMN."""
    declared = next(
        (uri for uri in root.nsmap.values() if uri and uri.lower().startswith(_DMN_NAMESPACES) and "model" in uri.lower()), None
    )
    written = root.tag[1:].partition("}")[0] if isinstance(root.tag, str) and root.tag.startswith("{") else ""
    if is_dmn(root) or declared is None or not written or written != root.get("namespace"):
        return
    for element in root.iter(f"{{{written}}}*"):
        element.tag = f"{{{declared}}}{local(element)}"


def _root(xml: bytes) -> etree._Element:
    depth = count = 0
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for start in range(0, len(xml), 65_536):
            parser.feed(xml[start : start + 65_536])
            for event, _ in parser.read_events():
                depth += 1 if event == "start" else -1
                count += event == "start"
                if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                    raise TooMuch(
                        f"Fichier DMN trop profond ou trop long ({MAX_DEPTH} niveaux et {MAX_ELEMENTS} éléments au plus). Découpez-le."
                    )
        root: etree._Element = parser.close()
    except etree.XMLSyntaxError as error:
        raise ModelError(
            f"Fichier DMN illisible : ce n'est pas du XML correct (ligne {error.lineno or 1}). Exportez-le de nouveau.", rule="xml-syntaxe"
        ) from error
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_dmn(element: etree._Element) -> bool:
    """True when the element belongs to DMN itself, not to an extension (camunda, di, zeebe…)."""
    tag = element.tag
    return isinstance(tag, str) and tag.lower().startswith(tuple("{" + n for n in _DMN_NAMESPACES))


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The DMN children of an element, those of the given names, or all when none is given."""
    for child in element:
        if is_dmn(child) and (not names or local(child) in names):
            yield child


def first(element: etree._Element, *names: str) -> etree._Element | None:
    """The first DMN child of one of these names."""
    return next(children(element, *names), None)


def attribute(element: etree._Element, name: str) -> str:
    """An attribute of no namespace, trimmed; empty when missing."""
    return str(element.get(name, "")).strip()


def text_of(element: etree._Element | None) -> str:
    """The text of the child `text` of an element (an expression or a cell), trimmed; empty when missing."""
    child = None if element is None else first(element, "text")
    return "" if child is None else "".join(str(t) for t in child.itertext()).strip()


def own_text(element: etree._Element | None) -> str:
    """The text an element holds itself, trimmed."""
    return "" if element is None else "".join(str(t) for t in element.itertext()).strip()
