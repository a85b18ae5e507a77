"""Turns a DMN document into the elements of this module, whatever version of the standard wrote it."""

from __future__ import annotations

from lxml import etree

from server.decisions import boxed_reader
from server.decisions.elements import Decision, Definitions, Import, InputData, ItemDefinition, KnowledgeModel, Service, Variable
from server.decisions.names import Names
from server.decisions.xmlfile import attribute, children, first, own_text, parse, text_of
from server.kernel.errors import ModelError


def read(xml: bytes) -> Definitions:
    """The definitions of a DMN file. Raises ModelError (not DMN, two elements of one id) and TooMuch (size)."""
    root = parse(xml)
    names = Names(attribute(root, "namespace"), {i.namespace: i.name for i in _imports(root)})
    definitions = Definitions(
        name=attribute(root, "name"),
        namespace=attribute(root, "namespace"),
        language=attribute(root, "expressionLanguage"),
        imports=_imports(root),
        items=tuple(_item(e, names) for e in children(root, "itemDefinition")),
        inputs=tuple(_input(e, names) for e in children(root, "inputData")),
        decisions=tuple(_decision(e, names) for e in children(root, "decision")),
        models=tuple(_model(e, names) for e in children(root, "businessKnowledgeModel")),
        services=tuple(_service(e, names) for e in children(root, "decisionService")),
    )
    _refuse_twins(definitions)
    return definitions


def _imports(root: etree._Element) -> tuple[Import, ...]:
    return tuple(
        Import(attribute(e, "name"), attribute(e, "namespace"), attribute(e, "locationURI"), attribute(e, "importType"))
        for e in children(root, "import")
    )


def _item(element: etree._Element, names: Names) -> ItemDefinition:
    function = first(element, "functionItem")
    return ItemDefinition(
        name=attribute(element, "name"),
        type_ref=names.type_ref(own_text(first(element, "typeRef")) or attribute(element, "typeRef"), element),
        collection=attribute(element, "isCollection") == "true",
        allowed=text_of(first(element, "allowedValues")),
        constraint=text_of(first(element, "typeConstraint")),
        components=tuple(_item(e, names) for e in children(element, "itemComponent")),
        function=None
        if function is None
        else (
            tuple(_variable(p, names) for p in children(function, "parameters")),
            names.type_ref(attribute(function, "outputTypeRef"), function),
        ),
    )


def _variable(element: etree._Element | None, names: Names, fallback: str = "") -> Variable:
    if element is None:
        return Variable(fallback)
    return Variable(attribute(element, "name") or fallback, names.type_ref(attribute(element, "typeRef"), element))


def _input(element: etree._Element, names: Names) -> InputData:
    name = attribute(element, "name")
    return InputData(attribute(element, "id"), name, _variable(first(element, "variable"), names, name))


def _hrefs(element: etree._Element, *path: str) -> tuple[str, ...]:
    """The href of each element found under `path`, whose last step may be several names separated by a space."""
    found = [element]
    for step in path:
        found = [child for parent in found for child in children(parent, *step.split())]
    return tuple(href for href in (attribute(e, "href") for e in found) if href)


def _decision(element: etree._Element, names: Names) -> Decision:
    name = attribute(element, "name") or attribute(element, "id")
    return Decision(
        id=attribute(element, "id"),
        name=name,
        variable=_variable(first(element, "variable"), names, name),
        requires=_hrefs(element, "informationRequirement", "requiredDecision requiredInput"),
        knows=_hrefs(element, "knowledgeRequirement", "requiredKnowledge"),
        expression=boxed_reader.inside(element, names),
    )


def _model(element: etree._Element, names: Names) -> KnowledgeModel:
    name = attribute(element, "name") or attribute(element, "id")
    return KnowledgeModel(
        id=attribute(element, "id"),
        name=name,
        variable=_variable(first(element, "variable"), names, name),
        function=boxed_reader.function(first(element, "encapsulatedLogic"), names),
        knows=_hrefs(element, "knowledgeRequirement", "requiredKnowledge"),
    )


def _service(element: etree._Element, names: Names) -> Service:
    name = attribute(element, "name") or attribute(element, "id")
    return Service(
        id=attribute(element, "id"),
        name=name,
        variable=_variable(first(element, "variable"), names, name),
        outputs=_hrefs(element, "outputDecision"),
        encapsulated=_hrefs(element, "encapsulatedDecision"),
        input_decisions=_hrefs(element, "inputDecision"),
        input_data=_hrefs(element, "inputData"),
    )


def _refuse_twins(definitions: Definitions) -> None:
    seen: set[str] = set()
    for element in definitions.elements():
        if element.id and element.id in seen:
            raise ModelError(
                f"Deux éléments du modèle ont l'identifiant « {element.id} ». Changez l'un des deux.", element.id, "dmn-identifiant"
            )
        seen.add(element.id)
