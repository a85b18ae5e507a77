"""Reads a form-js schema, so that a form that cannot be drawn or checked is refused before anybody meets it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import re2

from server import feel
from server.feel import Expression
from server.feel.text_template import read_template
from server.forms.model import CHOOSING, CONTAINERS, KEYED, PRESENTATION, ChoiceSource, Component, Form, Rules, Setting, Words
from server.kernel.errors import ModelError, TooMuch
from server.kernel.values import Value

_KEY = re.compile(r"\w+(\.\w+)*")
_DEEPEST = 8
_MOST = 500
_REFUSED = {
    "iframe": "une page d'un autre site ne peut pas être montrée dans un formulaire",
    "documentPreview": "l'aperçu de document n'est pas proposé",
    "multipage": "un formulaire tient sur une page : faites plusieurs étapes dans le diagramme",
    "page": "un formulaire tient sur une page : faites plusieurs étapes dans le diagramme",
}
_SETTINGS = ("dataSource", "columnsExpression", "accept", "multiple")
_TEXTS = ("text", "content", "source", "alt", "title", "url", "prefixAdorner", "suffixAdorner", "dateLabel", "timeLabel")
_OWN_TEXTS = ("messageObligatoire", "messageMin", "messageMax")
_OPTIONS = (
    "decimalDigits", "increment", "serializeToString", "subtype", "timeInterval", "timeSerializingFormat", "disallowPassedDates", "searchable",
    "isRepeating", "defaultRepetitions", "allowAddRemove", "disableCollapse", "nonCollapsedItems", "showOutline", "columns", "rowCount", "action",
    "height", "computeOn", "use24h",
)  # fmt: skip


class _Count:
    """Counts components while reading, and remembers the keys of each scope."""

    def __init__(self) -> None:
        self.components = 0
        self.keys: set[tuple[str, ...]] = set()


def read_form(schema: Mapping[str, Any]) -> Form:
    """The Form of a form-js schema (schemaVersion up to 19). Raises ModelError naming the component, TooMuch past 500 components or 8 levels."""
    if not isinstance(schema, Mapping) or not isinstance(schema.get("components"), list):
        raise ModelError("Ce fichier n'est pas un formulaire form-js : la liste « components » manque.", rule="formulaire_illisible")
    form_id = schema.get("id")
    if not isinstance(form_id, str) or not form_id:
        raise ModelError("Le formulaire n'a pas d'identifiant : ajoutez « id ».", rule="formulaire_sans_id")
    title = schema.get("title") or (schema.get("properties") or {}).get("title") or form_id
    return Form(form_id, str(title), _components(schema["components"], (), 0, _Count()))


def _components(raws: Any, scope: tuple[str, ...], depth: int, count: _Count) -> tuple[Component, ...]:
    if depth > _DEEPEST:
        raise TooMuch(f"Le formulaire emboîte plus de {_DEEPEST} groupes. Simplifiez-le.")
    if not isinstance(raws, list):
        raise ModelError("« components » doit être une liste.", rule="formulaire_illisible")
    return tuple(_component(raw, scope, depth, count) for raw in raws)


def _component(raw: Any, scope: tuple[str, ...], depth: int, count: _Count) -> Component:
    count.components += 1
    if count.components > _MOST:
        raise TooMuch(f"Le formulaire a plus de {_MOST} composants. Partagez-le en plusieurs étapes.")
    if not isinstance(raw, Mapping):
        raise ModelError("Un composant du formulaire n'est pas un objet.", rule="formulaire_illisible")
    kind = raw.get("type")
    name = str(raw.get("id") or raw.get("key") or raw.get("path") or kind)
    if kind in _REFUSED:
        raise ModelError(f"Composant « {name} » : {_REFUSED[kind]}.", element=name, rule="composant_refuse")
    if not isinstance(kind, str) or kind not in KEYED | CONTAINERS | PRESENTATION:
        raise ModelError(f"Composant « {name} » : le type « {kind} » n'est pas connu.", element=name, rule="composant_inconnu")
    try:
        return _read(raw, kind, name, scope, depth, count)
    except ModelError as fault:
        if fault.element:
            raise
        raise ModelError(f"Composant « {name} » : {fault}", element=name, rule=fault.rule or "composant_fautif") from fault


def _read(raw: Mapping[str, Any], kind: str, name: str, scope: tuple[str, ...], depth: int, count: _Count) -> Component:
    path = _path(raw, kind)
    if path and kind != "group":
        if scope + path in count.keys:
            raise ModelError(f"la clé « {'.'.join(path)} » sert deux fois. Donnez-en une autre.", rule="cle_en_double")
        count.keys.add(scope + path)
    inner = scope + path + (("[]",) if kind == "dynamiclist" else ())
    layout = _mapping(raw.get("layout"))
    adorners = _mapping(raw.get("appearance"))
    own = _mapping(raw.get("properties"))
    conditional = _mapping(raw.get("conditional"))
    texts = {**{t: _words(raw.get(t)) for t in _TEXTS}, **{t: _words(adorners[t]) for t in adorners if t in _TEXTS}}
    texts |= {t: _words(own[t]) for t in _OWN_TEXTS if t in own}
    return Component(
        id=name,
        type=kind,
        path=path,
        label=_label(raw, kind),
        hint=_words(raw.get("description")),
        hide=_expression(conditional["hide"]) if conditional.get("hide") else None,
        readonly=_setting(raw.get("readonly", False)),
        disabled=raw.get("disabled") is True,
        default=_plain(raw.get("defaultValue")),
        rules=_rules(_mapping(raw.get("validate"))),
        choices=_choices(raw) if kind in CHOOSING else None,
        children=_components(raw.get("components", []), inner, depth + 1, count) if kind in CONTAINERS else (),
        settings=_settings(raw, kind),
        texts={k: t for k, t in texts.items() if t},
        options={**{o: _plain(raw[o]) for o in _OPTIONS if o in raw}, **{f"+{k}": v for k, v in own.items() if isinstance(v, str)}},
        row=str(layout.get("row") or ""),
        width=layout["columns"] if isinstance(layout.get("columns"), int) and 1 <= layout["columns"] <= 16 else 16,
    )


def _label(raw: Mapping[str, Any], kind: str) -> Words:
    """The label; form-js names those of dates and times apart."""
    own = ("label", "timeLabel", "dateLabel") if raw.get("subtype") == "time" else ("label", "dateLabel", "timeLabel")
    given = next((raw[name] for name in (own if kind == "datetime" else own[:1]) if raw.get(name)), None)
    return _words(given)


def _settings(raw: Mapping[str, Any], kind: str) -> dict[str, Setting]:
    settings = {s: _setting(raw[s]) for s in _SETTINGS if s in raw}
    if kind == "expression":
        settings["expression"] = Setting(expression=_expression(raw.get("expression")))
    return settings


def _path(raw: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    if kind not in KEYED | CONTAINERS:
        return ()
    text = raw.get("path" if kind in CONTAINERS else "key")
    if kind == "group" and not text:
        return ()
    if not isinstance(text, str) or not _KEY.fullmatch(text):
        raise ModelError(
            f"la clé « {text} » n'est pas valable : lettres, chiffres, soulignés, et points entre les parties.", rule="cle_fautive"
        )
    return tuple(text.split("."))


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _expression(raw: Any) -> Expression:
    if not isinstance(raw, str) or not raw.lstrip("= \n\t"):
        raise ModelError("une expression FEEL manque.", rule="expression_vide")
    return feel.compile(raw.removeprefix("=").strip())


def _setting(raw: Any) -> Setting:
    if isinstance(raw, str) and raw.startswith("="):
        return Setting(expression=_expression(raw))
    return Setting(constant=_plain(raw))


def _words(raw: Any) -> Words:
    if raw is None or not isinstance(raw, str):
        return Words()
    if raw.startswith("="):
        return Words(expression=_expression(raw))
    return Words(template=read_template(raw))


def _plain(raw: Any) -> Value:
    """A JSON value as a FEEL one: numbers become Decimal."""
    if isinstance(raw, bool) or raw is None or isinstance(raw, str | Decimal):
        return raw
    if isinstance(raw, int | float):
        if not math.isfinite(raw):
            raise ModelError("un nombre n'est pas fini.", rule="nombre_fautif")
        return Decimal(str(raw))
    if isinstance(raw, list):
        return [_plain(item) for item in raw]
    if isinstance(raw, Mapping):
        return {str(key): _plain(item) for key, item in raw.items()}
    raise ModelError("une valeur n'est pas du JSON.", rule="formulaire_illisible")


def _rules(raw: Mapping[str, Any]) -> Rules:
    def bound(name: str) -> Setting | None:
        value = raw.get(name)
        if value is None or value == "":
            return None
        setting = _setting(value)
        if setting.expression is None and (isinstance(setting.constant, bool) or not isinstance(setting.constant, Decimal)):
            raise ModelError(f"« {name} » doit être un nombre ou une expression.", rule="regle_fautive")
        return setting

    pattern = raw.get("pattern")
    return Rules(
        required=raw.get("required") is True,
        least=bound("min"),
        most=bound("max"),
        shortest=bound("minLength"),
        longest=bound("maxLength"),
        pattern=_pattern(pattern) if pattern else None,
        pattern_message=str(raw.get("patternErrorMessage") or ""),
        format=raw["validationType"] if raw.get("validationType") in ("email", "phone") else "",
    )


def _pattern(text: Any) -> Any:
    """RE2 runs in linear time, and its syntax is the part that JavaScript shares: look-arounds and back-references are refused."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(str(text), options)
    except re2.error as fault:
        raise ModelError(
            f"le motif « {text} » ne peut pas être utilisé : ni « (?=…) » ni renvoi. Écrivez-le autrement.", rule="motif_refuse"
        ) from fault


def _choices(raw: Mapping[str, Any]) -> ChoiceSource:
    given = [name for name in ("values", "valuesKey", "valuesExpression") if raw.get(name) is not None]
    if len(given) != 1:
        raise ModelError("donnez exactement une source de valeurs : values, valuesKey ou valuesExpression.", rule="choix_sans_source")
    if given == ["valuesKey"]:
        return ChoiceSource(key=tuple(str(raw["valuesKey"]).split(".")))
    if given == ["valuesExpression"]:
        return ChoiceSource(expression=_expression(raw["valuesExpression"]))
    values = raw["values"]
    if not isinstance(values, list) or not all(isinstance(v, Mapping) and "value" in v for v in values):
        raise ModelError("« values » doit être une liste de {label, value}.", rule="choix_fautifs")
    return ChoiceSource(fixed=tuple({"label": str(v.get("label", v["value"])), "value": _plain(v["value"])} for v in values))
