"""Declared types (DMN 1.5, 7.3.2): does a value conform, and if not may it be converted (10.3.2.9.4)?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Context, Decimal

from server import feel
from server.decisions.elements import ItemDefinition
from server.decisions.names import simple_type
from server.feel.inferring import UNKNOWN, fits
from server.feel.syntax import TypeNode
from server.feel.types import SIMPLE_TYPES
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value

MAX_ALIASES = 50
MAX_NESTED = 100
MAX_WRITTEN = 6
MAX_EXPONENT = 6100
DIGITS = 34
NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_MIDNIGHT_UTC = time(0, 0, tzinfo=UTC)

# The FEEL function that reads the text of each type that JSON, XML or CSV may bring as text.
CONSTRUCTORS = {
    "number": "number",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "days and time duration": "duration",
    "years and months duration": "duration",
}
FRENCH = {
    "Any": "n'importe quelle valeur",
    "Null": "rien",
    "null": "rien",
    "unknown": "une valeur étrangère à FEEL",
    "boolean": "oui ou non",
    "number": "un nombre",
    "string": "un texte",
    "date": "une date",
    "time": "une heure",
    "date and time": "une date et heure",
    "days and time duration": "une durée en jours et heures",
    "years and months duration": "une durée en années et mois",
    "list": "une liste",
    "context": "un contexte",
    "function": "une fonction",
    "range": "un intervalle",
}


@dataclass(eq=False)
class Type:
    """A type: `kind` is a FEEL type name; `element` of a list, `fields` of a context, `result` and `parameters` of a function; `allowed` the tests a
    value must pass."""

    name: str
    kind: str = "Any"
    element: Type | None = None
    fields: dict[str, Type] = field(default_factory=dict)
    result: Type | None = None
    parameters: dict[str, Type] = field(default_factory=dict)
    allowed: tuple[tuple[feel.UnaryTests, str], ...] = ()


ANY = Type("Any")


def promised(wanted: Type) -> Type:
    """The type of the result of a function that is declared with this type: that of its output when it is a function type."""
    return wanted.result or ANY if wanted.kind == "function" else wanted


def conforms(value: Value, wanted: Type, now: datetime) -> bool:
    """True when the value is of the type (10.3.2.9.2): null always is; a context has every entry declared; allowed values hold."""
    if value is None:
        return True
    return _has_shape(value, wanted, now) and all(tests.test(value, {}, now) is True for tests, _ in wanted.allowed)


def _has_shape(value: Value, wanted: Type, now: datetime) -> bool:
    if wanted.kind == "Any":
        return True
    if feel.kind_of(value) != wanted.kind:
        return False
    if wanted.kind == "list" and wanted.element is not None:
        return all(conforms(item, wanted.element, now) for item in value)
    if wanted.fields:
        return all(name in value and conforms(value[name], kind, now) for name, kind in wanted.fields.items())
    return True


def coerce(value: Value, wanted: Type, now: datetime) -> tuple[Value, str]:
    """The value as the type wants it, and "" ; or None and the reason in French.

    Conversions of 10.3.2.9.4: a list of one becomes its element, a value becomes a list of one, a date becomes midnight UTC of that date.
    """
    if wanted is ANY or conforms(value, wanted, now):
        return value, ""
    for changed in _changes(value, wanted):
        if conforms(changed, wanted, now):
            return changed, ""
    return None, f"la valeur n'est pas du type « {wanted.name} » ({_expected(value, wanted)})"


def _changes(value: Value, wanted: Type) -> Iterable[Value]:
    if isinstance(value, list) and len(value) == 1 and wanted.kind != "list":
        yield value[0]
        yield from _changes(value[0], wanted) if not isinstance(value[0], list) else ()
    if wanted.kind == "list" and not isinstance(value, list):
        yield [value]
    if wanted.kind == "date and time" and feel.kind_of(value) == "date":
        yield feel.compile("date and time(jour, minuit)").evaluate({"jour": value, "minuit": _MIDNIGHT_UTC}, NO_TIME)


def _expected(value: Value, wanted: Type) -> str:
    if feel.kind_of(value) == wanted.kind and wanted.allowed:
        return "valeurs permises : " + " ; ".join(text for _, text in wanted.allowed)
    return f"attendu : {FRENCH.get(wanted.kind, wanted.kind)}, reçu : {FRENCH.get(feel.kind_of(value), 'autre chose')}"


def read_plain(plain: object, wanted: Type, now: datetime, depth: int = 0) -> Value:
    """A JSON value as a FEEL value of the declared type: numbers as Decimal, text of a declared number, boolean,
    date, time or duration as that type.

    What cannot be read is kept as it came, so that the type check that follows says why it is refused.
    """
    if depth > MAX_NESTED:
        return None
    if isinstance(plain, bool) or plain is None:
        return plain
    if isinstance(plain, str):
        return _read_text(plain, wanted.element.kind if wanted.kind == "list" and wanted.element is not None else wanted.kind, now)
    if isinstance(plain, int | float | Decimal):
        return _number(plain)
    if isinstance(plain, list | tuple):
        element = wanted.element if wanted.kind == "list" and wanted.element is not None else wanted
        return [read_plain(item, element, now, depth + 1) for item in plain]
    if isinstance(plain, Mapping):
        owner = wanted.element if wanted.kind == "list" and wanted.element is not None else wanted
        return {str(key): read_plain(item, owner.fields.get(str(key), ANY), now, depth + 1) for key, item in plain.items()}
    return plain


def _number(plain: float | Decimal) -> Decimal:
    """A number of at most 34 digits (10.3.2.3.1). Raises TooMuch beyond the exponents of decimal128, whose handling would take for ever."""
    number = Decimal(str(plain)) if isinstance(plain, float) else Decimal(plain)
    if not number.is_finite() or number.adjusted() > MAX_EXPONENT or number.as_tuple().exponent < -MAX_EXPONENT:  # type: ignore[operator] # finite: an int
        raise TooMuch("Nombre trop grand ou trop petit : FEEL en connaît de 1E-6100 à 1E+6100.")
    return number if len(number.as_tuple().digits) <= DIGITS else number.normalize(Context(prec=DIGITS))


def _read_text(text: str, kind: str, now: datetime) -> Value:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    constructor = CONSTRUCTORS.get(kind)
    if constructor is None:
        return text
    read = feel.compile(f"{constructor}(texte)").evaluate({"texte": text}, now)
    return text if read is None else read


def is_instance(value: Value, wanted: Type) -> bool:
    """What `instance of` answers for a declared type: null is of no type, and allowed values are not looked at (10.3.2.9.2)."""
    if value is None:
        return False
    if wanted.kind not in {"Any", feel.kind_of(value)}:
        return False
    if isinstance(value, feel.Function):
        return wanted.kind == "Any" or fits(_signature([value]), _as_node(wanted))
    if wanted.kind == "list" and wanted.element is not None:
        if wanted.element.kind == "function" and value and all(isinstance(item, feel.Function) for item in value):
            return fits(_signature(value), _as_node(wanted.element))
        return all(item is None or is_instance(item, wanted.element) for item in value)
    return all(name in value and (value[name] is None or is_instance(value[name], kind)) for name, kind in wanted.fields.items())


def _signature(functions: Sequence[Value]) -> TypeNode:
    """The type of some functions in one list: what they do not share is of any type (10.3.2.9.2)."""
    if any(f.variadic for f in functions):
        return UNKNOWN
    types = [_read(f.type) if f.type is not None else TypeNode("function", (UNKNOWN,) * (len(f.parameters) + 1)) for f in functions]
    if len({len(each.arguments) for each in types}) > 1:
        return TypeNode("Any")
    columns = zip(*(each.arguments for each in types), strict=True)
    return TypeNode("function", tuple(first if all(first == other for other in others) else TypeNode("Any") for first, *others in columns))


def _read(node: TypeNode) -> TypeNode:
    """A written type whose declared names are left open: their definitions are not at hand here."""
    if node.name not in SIMPLE_TYPES and node != UNKNOWN:
        return UNKNOWN
    return TypeNode(node.name, tuple(map(_read, node.arguments)), node.keys)


def _as_node(kind: Type, depth: int = 0) -> TypeNode:
    """A declared type as FEEL writes it; left open where it holds itself."""
    if depth > MAX_WRITTEN:
        return UNKNOWN
    if kind.kind == "list":
        return TypeNode("list", (_as_node(kind.element or ANY, depth + 1),))
    if kind.kind == "context":
        return TypeNode("context", tuple(_as_node(each, depth + 1) for each in kind.fields.values()), tuple(kind.fields))
    if kind.kind == "function":
        taken = (_as_node(each, depth + 1) for each in kind.parameters.values())
        return TypeNode("function", (*taken, _as_node(kind.result or ANY, depth + 1)))
    return TypeNode(kind.kind)


def completed(value: Value, wanted: Type) -> Value:
    """An input from outside with the entries its type declares and that were not given: they are null."""
    if isinstance(value, list):
        element = wanted.element if wanted.kind == "list" and wanted.element is not None else wanted
        return [completed(item, element) for item in value] if element.fields or element.element else value
    owner = wanted.element if wanted.kind == "list" and wanted.element is not None else wanted
    if not isinstance(value, dict) or not owner.fields:
        return value
    given = {name: completed(item, owner.fields[name]) if name in owner.fields else item for name, item in value.items()}
    return given | {name: None for name in owner.fields if name not in given}


class Types:
    """The types a file declares, built when first asked for; `imported` finds the types of an imported file by its import name, `merged` gives those of
    the files imported without a name."""

    def __init__(
        self, items: Iterable[ItemDefinition], imported: Callable[[str], Types | None], merged: Callable[[], Iterable[Types]] = tuple
    ) -> None:
        self._items = {item.name: item for item in items}
        self._imported = imported
        self._merged = merged
        self._built: dict[str, Type] = {}

    def names(self) -> Iterable[str]:
        """The names of the types declared in this file."""
        return self._items.keys()

    def get(self, type_ref: str) -> Type | None:
        """The type of that name, ANY for "", None when no such type is declared. Raises ModelError when declarations turn in a circle."""
        return self._get(type_ref, 0)

    def _get(self, type_ref: str, depth: int) -> Type | None:
        if depth > MAX_ALIASES:
            raise ModelError(f"Le type « {type_ref} » se définit par lui-même. Corrigez ses définitions.", rule="dmn-type-circulaire")
        if not type_ref or (type_ref not in self._items and simple_type(type_ref) == "Any"):
            return ANY
        if type_ref in self._built:
            return self._built[type_ref]
        if type_ref in self._items:
            built = self._built[type_ref] = Type(type_ref)
            self._fill(built, self._items[type_ref], depth)
            return built
        simple = simple_type(type_ref)
        if simple is not None:
            return self._built.setdefault(type_ref, Type(simple, simple))
        return self._from_import(type_ref)

    def _from_import(self, type_ref: str) -> Type | None:
        """The type of a file imported without a name, or `import.name`; the name of an import may itself hold dots."""
        for merged in self._merged():
            if type_ref in merged.names():
                return merged.get(type_ref)
        parts = type_ref.split(".")
        for length in range(1, len(parts)):
            other = self._imported(".".join(parts[:length]))
            if other is not None:
                return other.get(".".join(parts[length:]))
        return None

    def _fill(self, built: Type, item: ItemDefinition, depth: int) -> None:
        """Completes a type from its definition; it is already known by name, so that a component may be of the type itself."""
        target = Type(item.name) if item.collection else built
        if item.components:
            target.kind = "context"
            for component in item.components:
                target.fields[component.name] = self._component(component, depth)
        elif item.function is not None:
            target.kind = "function"
            target.result = self._get(item.function[1], depth + 1)
            target.parameters = {p.name: self._get(p.type_ref, depth + 1) or ANY for p in item.function[0]}
        elif item.type_ref:
            self._copy(target, item, depth)
        tests = [(feel.compile_unary(item.allowed), item.allowed)] if item.allowed else []
        whole = [(feel.compile_unary(item.constraint), item.constraint)] if item.constraint else []
        # Allowed values of its own take the place of those of the base type (7.3.2).
        target.allowed = tuple(tests) or target.allowed
        if item.collection:
            built.kind, built.element = "list", target
        built.allowed = (*built.allowed, *whole)

    def _component(self, item: ItemDefinition, depth: int) -> Type:
        plain_reference = item.type_ref and not (item.collection or item.allowed or item.constraint or item.components)
        if plain_reference:
            known = self._get(item.type_ref, depth + 1)
            if known is not None:
                return known
        built = Type(item.name)
        self._fill(built, item, depth + 1)
        return built

    def _copy(self, target: Type, item: ItemDefinition, depth: int) -> None:
        base = self._alias(item.type_ref, depth)
        if base is not None:
            target.kind, target.element, target.fields, target.allowed = base.kind, base.element, base.fields, base.allowed
            target.result, target.parameters = base.result, base.parameters

    def _alias(self, type_ref: str, depth: int) -> Type | None:
        """The base of an alias, complete: an alias of a type under construction is a circle."""
        base = self._get(type_ref, depth + 1)
        if (
            base is not None
            and base.kind == "Any"
            and base is not ANY
            and type_ref in self._items
            and not _says_nothing(self._items[type_ref])
        ):
            raise ModelError(f"Le type « {type_ref} » se définit par lui-même. Corrigez ses définitions.", rule="dmn-type-circulaire")
        return base


def _says_nothing(item: ItemDefinition) -> bool:
    return not (item.components or item.function) and simple_type(item.type_ref or "Any") == "Any"
