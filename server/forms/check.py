"""Checks raw answers against a form: the only way from what was sent to what a process receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from server.forms import sentences
from server.forms.entries import read_day, read_number
from server.forms.files import refused_file
from server.forms.layout import Source, scope_of
from server.forms.model import Component, Form, Setting
from server.forms.posted import Upload, dig, name_of, unfold
from server.forms.settle import Filled, fill, label_of, put
from server.kernel.errors import FieldError, FormErrors
from server.kernel.values import Value

ZONE = "Europe/Paris"


def check(
    form: Form, raw: Mapping[str, Any], context: Mapping[str, Value], today: date, now: datetime, zone: str = ZONE
) -> dict[str, Value]:
    """Clean answers of a form, nested as its keys say; the rules are those of form-js's validator (facts/frontend.md 4.2).

    `raw` holds flat names (`enfants[0].age`, text or list of texts, Upload) or nested JSON values; `context` what the case knows; `today` the local day.
    Unknown names, hidden and disabled answers are dropped; readonly ones come from `context`; expressions are computed, never believed.
    Raises FormErrors in the order of the form, BadInput or TooMuch when the post itself cannot be read.
    """
    filled = fill(form, Source(unfold(raw), context, first=False), now, zone)
    errors = list(_errors(filled, today, now))
    if errors:
        raise FormErrors(errors)
    return _clean(filled, context)


def _errors(filled: Filled, today: date, now: datetime) -> Iterator[FieldError]:
    for number, spot in enumerate(filled.spots):
        if number in filled.hidden or number in filled.readonly or not spot.component.keyed:
            continue
        if spot.component.disabled or spot.component.type == "expression":
            continue
        scope = scope_of(spot, filled.data)
        label = label_of(spot, scope, now)
        sentence = filled.unread.get(number) or _fault(spot.component, filled.values[number], label, scope, today, now)
        if sentence:
            yield FieldError(name_of(spot.path), label, sentence)


def _fault(component: Component, value: Value, label: str, scope: Mapping[str, Value], today: date, now: datetime) -> str:
    """The sentence for the first rule a read value breaks, or nothing."""
    if _absent(component, value):
        if not component.rules.required:
            return ""
        own = component.texts.get("messageObligatoire")
        return own.text(scope, now) if own else sentences.missing(component.type, label)
    if component.type == "number":
        return _number_fault(component, value, label, scope, now)
    if component.type in ("textfield", "textarea"):
        return _text_fault(component, value, label, scope, now)
    if component.type == "datetime":
        return _past(component, value, label, today)
    if component.type == "filepicker":
        return refused_file(component, value, label, scope, now)
    return ""


def _absent(component: Component, value: Value) -> bool:
    if component.type == "checkbox":
        return value is not True
    # A text of spaces answers nothing: stricter than form-js on purpose.
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _bound(setting: Setting | None, scope: Mapping[str, Value], now: datetime) -> Decimal | None:
    return read_number(setting.value(scope, now)) if setting else None


def _number_fault(component: Component, value: Value, label: str, scope: Mapping[str, Value], now: datetime) -> str:
    number = Decimal(value) if isinstance(value, str) else value
    digits = read_number(component.options.get("decimalDigits"))
    exponent = number.normalize().as_tuple().exponent
    if digits is not None and isinstance(exponent, int) and -exponent > digits:
        return sentences.too_many_decimals(label, int(digits))
    step = read_number(component.options.get("increment"))
    if step and number % step != 0:
        below = (number // step) * step - (step if number < 0 else 0)
        return sentences.not_a_multiple(label, below, below + step)
    unit = component.texts["suffixAdorner"].text(scope, now) if "suffixAdorner" in component.texts else ""
    least, most = _bound(component.rules.least, scope, now), _bound(component.rules.most, scope, now)
    if least is not None and number < least:
        own = component.texts.get("messageMin")
        return own.text(scope, now) if own else sentences.too_small(label, number, least, unit)
    if most is not None and number > most:
        own = component.texts.get("messageMax")
        return own.text(scope, now) if own else sentences.too_big(label, number, most, unit)
    return ""


def _text_fault(component: Component, value: str, label: str, scope: Mapping[str, Value], now: datetime) -> str:
    rules = component.rules
    if rules.pattern is not None and not rules.pattern.search(value):
        return rules.pattern_message or sentences.bad_pattern(label)
    length = len(value.strip())
    shortest, longest = _bound(rules.shortest, scope, now), _bound(rules.longest, scope, now)
    if shortest is not None and length < shortest:
        return sentences.too_short(label, length, int(shortest))
    if longest is not None and length > longest:
        return sentences.too_long(label, length, int(longest))
    if rules.format == "email" and not sentences.EMAIL.fullmatch(value.strip()):
        return sentences.bad_email(label)
    if rules.format == "phone" and not sentences.PHONE.fullmatch(value.strip()):
        return sentences.bad_phone(label)
    return ""


def _past(component: Component, value: Value, label: str, today: date) -> str:
    day = read_day(value)
    if component.options.get("disallowPassedDates") is True and day is not None and day < today:
        return sentences.past_day(label, today)
    return ""


def _clean(filled: Filled, context: Mapping[str, Value]) -> dict[str, Value]:
    clean: dict[str, Value] = {}
    for number, spot in enumerate(filled.spots):
        component = spot.component
        if number in filled.hidden or component.disabled:
            continue
        if component.type == "dynamiclist":
            put(clean, spot.path, [{} for _ in range(spot.rows)])
        elif component.keyed:
            value = dig(context, spot.path) if number in filled.readonly else filled.values[number]
            put(clean, spot.path, _kept(component, value))
    return clean


def _kept(component: Component, value: Value) -> Value:
    if component.type == "filepicker" and isinstance(value, list):
        return [_file(item) for item in value]
    return value.strip() if component.type == "textfield" and isinstance(value, str) else value


def _file(item: Value) -> Value:
    if not isinstance(item, Upload):
        return item
    kept: dict[str, Value] = {"nom": item.name, "type": item.media_type, "taille": Decimal(item.size)}
    return kept | ({"document": item.document} if item.document else {})
