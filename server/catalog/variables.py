"""Which names an expression of a diagram may read, and who sets them."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.study import Study
from server.catalog.xmlfile import BPMN, extensions, local

# What the engine itself puts in the scope of every expression.
ALWAYS = frozenset({"dossier", "parametres", "echeance", "issue", "loopCounter"})
# Words of FEEL itself, which its reader may give among the names that a text mentions.
WORDS = frozenset(
    {"null", "true", "false", "if", "then", "else", "and", "or", "not", "in", "between", "instance", "of", "get", "item", "partial"}
)


def names_set(study: Study) -> frozenset[str]:
    """The names that the process knows as a whole: set somewhere in it, or declared in [variables] of package.toml."""
    return ALWAYS | WORDS | frozenset(study.manifest.variables) | frozenset(_set(study))


def names_set_at(study: Study, node_id: str) -> set[str]:
    """The names that only the expressions of that node may read: its own inputs, and what its repetition gives to each turn (scopes above included)."""
    found: set[str] = set()
    for node in study.diagram.with_holders(node_id):
        found |= {_head(i.get("target", "")) for i in node.zeebe_list("ioMapping", "input")}
        loop = node.xml.find(f"{BPMN}multiInstanceLoopCharacteristics")
        for element in extensions(loop) if loop is not None else ():
            found |= {element.get("inputElement", ""), element.get("outputElement", "")}
    return found


def _set(study: Study) -> Iterator[str]:
    for node in study.diagram.nodes.values():
        for output in node.zeebe_list("ioMapping", "output"):
            yield _head(output.get("target", ""))
        yield from (node.zeebe(kind).get("resultVariable", "") for kind in ("calledDecision", "script"))
        if node.type == "userTask":
            yield from study.form_keys(node.zeebe("formDefinition").get("formId", ""))
        loop = node.xml.find(f"{BPMN}multiInstanceLoopCharacteristics")
        for element in extensions(loop) if loop is not None else ():
            if local(element) == "loopCharacteristics":
                yield element.get("outputCollection", "")


def _head(path: str) -> str:
    return path.partition(".")[0].strip()
