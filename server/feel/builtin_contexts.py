"""Built-in functions on contexts (DMN 1.5, 10.3.4.10)."""

from __future__ import annotations

from server.feel.access import adopted
from server.feel.comparing import french_kind
from server.feel.registry import builtin
from server.feel.run import Run
from server.kernel.values import Value

_MAX_KEYS = 60


@builtin("get value", "m:context, key:string")
def _get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    return adopted(context[key], run) if key in context else run.note("get value() : le contexte n'a pas d'entrée « {} ».", key)


@builtin("get entries", "m:context")
def _get_entries(run: Run, context: dict[str, Value]) -> Value:
    run.check_items(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries:list")
def _context(run: Run, entries: list[Value]) -> Value:
    made: dict[str, Value] = {}
    run.check_items(len(entries))
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            return run.note("context() attend des contextes qui ont « key » (un texte) et « value ».")
        if entry["key"] in made:
            return run.note("context() reçoit deux fois la clé « {} ».", entry["key"])
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put", "context:context, key:string, value:any?")
def _context_put(run: Run, context: dict[str, Value], key: str, value: Value) -> Value:
    run.check_items(len(context))
    return {**context, key: value}


@builtin("context put", "context:context, keys:list, value:any?")
def _context_put_deep(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    if not keys or len(keys) > _MAX_KEYS or any(type(key) is not str for key in keys):
        return run.note("context put() attend une liste de clés, qui sont des textes.")
    return _put(run, context, keys, value)


def _put(run: Run, context: Value, keys: list[str], value: Value) -> Value:
    run.check_items(len(context))
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if type(inner) is not dict:
        return run.note("context put() : « {} » n'est pas un contexte mais {}.", keys[0], french_kind(inner))
    changed = _put(run, inner, keys[1:], value)
    return None if changed is None else {**context, keys[0]: changed}


@builtin("context merge", "contexts:list")
def _context_merge(run: Run, contexts: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for context in contexts:
        if type(context) is not dict:
            return run.note("context merge() attend une liste de contextes et y trouve {}.", french_kind(context))
        run.check_items(len(context))
        made.update(context)
    return made
