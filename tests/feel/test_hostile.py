"""Hostile expressions end early: in a value or in a clear French error, within 100 ms of processor time, whatever they ask for."""

import gc
import sys
import time
from datetime import UTC, datetime

import pytest

from server import feel
from server.kernel.errors import ModelError, TooMuch

NOW = datetime(2026, 11, 21, tzinfo=UTC)
# Seconds of processor time; a tracer (coverage) makes everything slower.
BOUND = 1.5 if sys.gettrace() else 0.1


def bomb(seed, step, last):
    """A context where each entry holds the one before ten times: 10 ** 6 leaves at the end."""
    entries = [f"a: {seed}"] + [f"{name}: [{', '.join([before] * 10)}]" for before, name in zip("abcdef", "bcdefg", strict=True)]
    return "{" + ", ".join([*entries, f"fin: {step.format(last)}"]) + "}"


REFUSED = {
    "deep parentheses": "(" * 5000 + "1" + ")" * 5000,
    "deep lists": "[" * 5000 + "]" * 5000,
    "many signs": "-" * 9_000 + "1",
    "deep calls": "not(" * 3000 + "true" + ")" * 3000,
    "deep contexts": "{a:" * 2000 + "1" + "}" * 2000,
    "deep ranges": "[1.." * 3000,
    "deep types": "1 instance of " + "list<" * 3000,
    "deep conditions": "if true then 1 else " * 900 + "1",
    "long sum": "1+" * 9000 + "1",
    "long path": "a" + ".b" * 9000,
    "long filter": "a" + "[1]" * 6000,
    "long calls": "a" + "()" * 9000,
    "long text": '"' + "a" * 30_000 + '"',
    "huge range": "for i in 1..1000000000 return i",
    "huge dates": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "huge product": "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
    "huge search": "some a in 1..40000, b in 1..40000 satisfies false",
    "nested loops": "for a in 1..2000 return for b in 1..2000 return a * b",
    "endless function": "{f: function(x) f(x + 1), r: f(1)}",
    "endless combinator": "{f: function(g) g(g), r: f(f)}",
    "doubling function": "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1), r: f(30)}",
    "million items": "{a: for i in 1..10 return i, b: for x in a return a, c: for x in a return b, d: flatten(for x in c return for y in c return c)}",
    "text bomb": bomb('"xxxxxxxxxx"', "string join(for x in {0} return string(x), string({0}))", "g"),
    "flatten bomb": bomb("[1, 1]", "flatten({0})", "g"),
    "equality bomb": bomb("[1, 1]", "{0} = {0}", "g"),
    "search bomb": bomb("[1, 1]", "2 in {0}", "g"),
    "path bomb": bomb("[{x: 1}]", "{0}.x", "g"),
    "descendant bomb": bomb("{x: [1]}", "{0}...x", "g"),
    "type bomb": bomb("[1, 1]", "{0} instance of list<list<list<list<list<list<list<number>>>>>>>", "g"),
    "replacement": 'replace("' + "a" * 4900 + '", "a", "' + "b" * 4900 + '")',
    "many patterns": 'for i in 1..20000 return matches("aaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*b" + string(i))',
    "many copies": 'for i in 1..5000 return upper case("' + "a" * 9_000 + '")',
    "many sorts": "sort(for i in 1..20000 return -i, function(a, b) a < b)",
    "many contexts": "distinct values(for i in 1..5000 return {a: i})",
    "many logarithms": "for i in 1..20000 return log(1.234567)",
    "many powers": "for i in 1..20000 return 1.23456 ** 7.654321",
    "many dates": 'for i in 1..20000 return date("2020-01-01") + duration("P1D")',
    "many zones": 'for i in 1..20000 return @"2020-01-01T00:00:00@Europe/Paris" + duration("PT1H")',
    "many ranges": 'for i in 1..20000 return range("[1..3]")',
    "growing partial": "for i in 1..40000 return count(partial)",
}
FINE = {
    "catastrophic pattern": 'matches("' + "a" * 40 + '", "(a+)+$b")',
    "catastrophic alternation": 'matches("' + "a" * 9_000 + 'b", "(a|aa)+$")',
    "huge pattern": 'matches("a", "(((a{100}){100}){100})")',
    "huge power": "9 ** 9 ** 9 ** 9",
    "huge exponent": "9.99999999 ** 99999999",
    "huge exponential": "exp(99999999)",
    "huge duration": '@"P999999999D" * 1e6000',
    "huge date": 'date(1e6000, 1, 1)',
    "huge index": "[1, 2][1e6000]",
    "huge scale": "decimal(1e-6000, 6176)",
    "huge modulo": "modulo(1e6000, 1e-6000)",
    "huge number": 'number("' + "9" * 9_000 + '")',
    "ambiguous ranges": "[1.." * 50 + "1" + "]" * 50,
    "ambiguous tests": "1 in (" * 20 + "1" + ")" * 20,
    "long name": "a " * 4900,
    "many operands": "true and " * 1000 + "true",
}  # fmt: skip


def seconds_of(text):
    gc.collect()
    gc.freeze()  # what the test run itself holds is not the expression's cost
    start = time.thread_time()
    try:
        feel.compile.__wrapped__(text).evaluate({}, NOW)
        error = None
    except (TooMuch, ModelError) as refusal:
        error = refusal
    took = time.thread_time() - start
    gc.unfreeze()
    return took, error


@pytest.mark.parametrize("name", REFUSED)
def test_an_expression_that_asks_too_much_is_refused_in_time(name):
    took, error = seconds_of(REFUSED[name])
    if took >= BOUND:  # The machine may have been busy elsewhere: the second measure decides.
        took, error = seconds_of(REFUSED[name])
    assert took < BOUND
    assert isinstance(error, TooMuch)
    assert str(error).endswith((".", "?"))


@pytest.mark.parametrize("name", FINE)
def test_an_expression_that_only_looks_hard_has_a_value_in_time(name):
    took, error = seconds_of(FINE[name])
    if took >= BOUND:
        took, error = seconds_of(FINE[name])
    assert took < BOUND
    assert error is None


@pytest.mark.parametrize(
    "text",
    [
        "/*" * 4000,
        '"' * 9999,
        "9" * 9_000,
        "1e" + "9" * 5000,
        "\x00",
        "1 +",
        "[1..",
        "{",
        "@",
        "for",
        "1 + if",
        "then",
        "a instance",
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text):
    with pytest.raises(ModelError, match="colonne"):
        feel.compile(text)


@pytest.mark.parametrize("name", ["__class__", "__globals__", "_closure", "mro", "func_globals", "f_back"])
def test_no_python_attribute_can_be_read(name):
    scope = {"f": feel.Function("f", (), lambda: None), "t": "texte", "d": NOW, "o": object, "c": {"a": 1}}
    for base in ("f", "t", "d", "o", "c", "abs", "1", "[1]", "(function() 1)"):
        value = feel.compile(f"{base}.{name}").evaluate(scope, NOW)
        assert value is None or value == [None]


def test_a_foreign_object_is_null_wherever_it_hides():
    class Foreign:
        secret = 1

    scope = {"o": Foreign(), "l": [Foreign()], "c": {"o": Foreign()}}
    for text in ("o", "l[1]", "c.o", "for x in l return x", "l[item.secret = 1]", "o.secret", "string(l)", 'get value(c, "o")'):
        assert feel.compile(text).evaluate(scope, NOW) in (None, [None], [], "[null]")
