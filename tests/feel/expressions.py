"""Grows random FEEL expressions of a wanted type, from a seed; numbers are exact in binary, so that two evaluators cannot differ by rounding."""

import random

NAMES = {
    "n": 7,
    "âge": 26,
    "montant total": 12.5,
    "vrai": True,
    "nom": "Camille Été",
    "rien": None,
    "l": [3, 1, 2],
    "mots": ["b", "a", "b"],
}
PEOPLE = [{"nom": "Ana", "age": 31, "enfants": 2}, {"nom": "Bo", "age": 25, "enfants": 0}, {"nom": "Cy", "age": 58, "enfants": 1}]
SCOPE = {**NAMES, "c": {"a": 1, "b c": 2, "d": {"e": 3}}, "gens": PEOPLE}
DATES = ["2024-02-28", "2024-02-29", "2025-12-31", "2026-01-01", "2026-11-21", "1999-06-15"]
DAYS = ["P1D", "P10D", "PT12H", "P2DT3H", "PT90M"]
MONTHS = ["P1M", "P1Y", "P14M", "P1Y6M"]
TEXTS = ["dossier", "a", "", "Été", "un deux", "b-c", "12"]
PATTERNS = ["a", "s+", "^d", "[aeiou]", "(o)(s)", "e|u"]


class Grower:
    """Draws expressions; `depth` bounds the nesting."""

    def __init__(self, seed):
        self.draw = random.Random(seed)

    def expression(self, depth=3):
        kind = self.draw.choice(["number", "number", "boolean", "boolean", "text", "numbers", "texts", "date", "days", "months", "context"])
        return getattr(self, kind)(depth)

    def number(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.draw.choice(
                [
                    str(self.draw.randint(0, 20)),
                    f"{self.draw.randint(0, 9)}.5",
                    "0.25",
                    "n",
                    "âge",
                    "montant total",
                    "c.a",
                    "c.b c",
                    "c.d.e",
                ]
            )
        pick = [
            lambda: f"({self.number(d)} {self.draw.choice('+-*')} {self.number(d)})",
            lambda: f"{self.number(d)} + {self.number(d)} * {self.number(0)}",
            lambda: f"-{self.number(0)}",
            lambda: f"(if {self.boolean(d)} then {self.number(d)} else {self.number(d)})",
            lambda: f"{self.draw.choice(['sum', 'min', 'max', 'count', 'mean', 'product'])}({self.numbers(d)})",
            lambda: f"{self.draw.choice(['floor', 'ceiling', 'abs'])}({self.number(d)})",
            lambda: f"modulo({self.number(d)}, {self.draw.choice([2, 3, 5, -3])})",
            lambda: f"{self.numbers(d)}[{self.draw.choice([1, -1])}]",
            lambda: f"string length({self.text(d)})",
            lambda: f'number("{self.draw.randint(0, 99)}")',
            lambda: f"gens[{self.draw.randint(1, 3)}].age",
            lambda: f"count(gens[age > {self.number(0)}])",
            lambda: f"{{x: {self.number(d)}, y: x + 1}}.y",
            lambda: f"(function(a, b) a - b)({self.number(d)}, {self.number(d)})",
            lambda: f'@"{self.draw.choice(DATES)}".{self.draw.choice(["year", "month", "day", "weekday"])}',
            lambda: f'day of year(@"{self.draw.choice(DATES)}")',
            lambda: f'get value(c, "a") + {self.number(d)}',
            lambda: f"count(index of({self.numbers(d)}, {self.number(0)}))",
        ]
        return self.draw.choice(pick)()

    def boolean(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.draw.choice(["true", "false", "null", "vrai", "n > 3", 'nom = "Bo"', "rien"])
        compare = ["=", "!=", "<", "<=", ">", ">="]
        pick = [
            lambda: f"{self.number(d)} {self.draw.choice(compare)} {self.number(d)}",
            lambda: f"{self.text(d)} {self.draw.choice(['=', '!='])} {self.text(d)}",
            lambda: f"({self.boolean(d)} and {self.boolean(d)})",
            lambda: f"({self.boolean(d)} or {self.boolean(d)})",
            lambda: f"not({self.boolean(d)})",
            lambda: f"{self.number(d)} between {self.draw.randint(0, 5)} and {self.draw.randint(5, 30)}",
            lambda: (
                f"({self.number(d)} in {self.draw.choice('[(')}{self.draw.randint(0, 5)}..{self.draw.randint(6, 30)}{self.draw.choice(')]')})"
            ),
            lambda: f"({self.number(d)} in ({self.number(0)}, > {self.number(0)}))",
            lambda: f"(some x in {self.numbers(d)} satisfies x > {self.number(0)})",
            lambda: f"(every x in {self.numbers(d)} satisfies x > {self.number(0)})",
            lambda: f"list contains({self.numbers(d)}, {self.number(0)})",
            lambda: f"{self.draw.choice(['contains', 'starts with', 'ends with'])}({self.text(d)}, {self.text(0)})",
            lambda: f'matches({self.text(d)}, "{self.draw.choice(PATTERNS)}")',
            lambda: f'date("{self.draw.choice(DATES)}") {self.draw.choice(compare)} date("{self.draw.choice(DATES)}")',
            lambda: f"{self.draw.choice(['before', 'after'])}({self.number(0)}, {self.number(0)})",
            lambda: (
                f"{self.draw.choice(['includes', 'overlaps', 'meets'])}([1..{self.draw.randint(2, 9)}], [{self.draw.randint(1, 4)}..{self.draw.randint(5, 9)}])"
            ),
            lambda: f"{self.draw.choice(['odd', 'even'])}({self.draw.randint(0, 30)})",
            lambda: f"{self.draw.choice(['all', 'any'])}([{self.boolean(0)}, {self.boolean(0)}])",
        ]
        return self.draw.choice(pick)()

    def text(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.draw.choice([f'"{self.draw.choice(TEXTS)}"', "nom"])
        pick = [
            lambda: f"{self.text(d)} + {self.text(d)}",
            lambda: f"{self.draw.choice(['upper case', 'lower case'])}({self.text(d)})",
            lambda: f'substring("territoire", {self.draw.choice([1, 3, -2])})',
            lambda: f'substring("territoire", {self.draw.choice([1, 3])}, 2)',
            lambda: f'{self.draw.choice(["substring before", "substring after"])}({self.text(d)}, "{self.draw.choice("aeo-")}")',
            lambda: f'replace({self.text(d)}, "{self.draw.choice(PATTERNS)}", "x")',
            lambda: f'string join({self.texts(d)}, "-")',
            lambda: f"string({self.draw.randint(0, 99)})",
            lambda: f"(if {self.boolean(d)} then {self.text(d)} else {self.text(d)})",
            lambda: f'day of week(@"{self.draw.choice(DATES)}")',
            lambda: f'month of year(@"{self.draw.choice(DATES)}")',
            lambda: f"gens[age = {self.draw.choice([25, 31, 58])}].nom[1]",
        ]
        return self.draw.choice(pick)()

    def numbers(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.draw.choice(["l", "[1, 2, 3]", "[4]", f"[{self.number(0)}, {self.number(0)}]", "gens.age"])
        pick = [
            lambda: f"[{self.number(d)}, {self.number(d)}, {self.number(d)}]",
            lambda: f"(for i in {self.numbers(d)} return i * {self.number(0)})",
            lambda: f"(for i in 1..{self.draw.randint(1, 5)} return i + {self.number(0)})",
            lambda: f"{self.numbers(d)}[item > {self.number(0)}]",
            lambda: f"{self.draw.choice(['reverse', 'distinct values', 'flatten'])}({self.numbers(d)})",
            lambda: f"{self.draw.choice(['concatenate', 'union'])}({self.numbers(d)}, {self.numbers(d)})",
            lambda: f"append({self.numbers(d)}, {self.number(d)})",
            lambda: f"sort({self.numbers(d)}, function(x, y) x < y)",
            lambda: f"sublist([5, 6, 7, 8], {self.draw.randint(1, 3)}, 2)",
            lambda: f"insert before([5, 6, 7], {self.draw.randint(1, 3)}, {self.number(d)})",
            lambda: f"remove([5, 6, 7], {self.draw.randint(1, 3)})",
            lambda: f"gens[enfants < {self.draw.randint(1, 3)}].age",
        ]
        return self.draw.choice(pick)()

    def texts(self, depth):
        d = depth - 1
        if depth <= 0:
            return self.draw.choice(["mots", '["x", "y"]', "gens.nom"])
        pick = [
            lambda: f"[{self.text(d)}, {self.text(d)}]",
            lambda: 'split("un;deux;trois", ";")',
            lambda: f"(for x in {self.texts(d)} return upper case(x))",
            lambda: f"distinct values({self.texts(d)})",
        ]
        return self.draw.choice(pick)()

    def date(self, depth):
        return f"string({self._date(depth)})"

    def _date(self, depth):
        literal = self.draw.choice(
            [
                f'date("{self.draw.choice(DATES)}")',
                f'@"{self.draw.choice(DATES)}"',
                f"date({self.draw.randint(1990, 2030)}, {self.draw.randint(1, 12)}, {self.draw.randint(1, 28)})",
            ]
        )
        if depth <= 0:
            return literal
        return self.draw.choice(
            [literal, f'({self._date(depth - 1)} {self.draw.choice("+-")} @"{self.draw.choice(["P1D", "P10D", "P400D", *MONTHS])}")']
        )

    def days(self, depth):
        literal = f'duration("{self.draw.choice(DAYS)}")'
        pick = [literal, f'({literal} + duration("{self.draw.choice(DAYS)}"))']
        return f"string({self.draw.choice(pick)})"

    def months(self, depth):
        pick = [f'duration("{self.draw.choice(MONTHS)}")']
        return f"string({self.draw.choice(pick)})"

    def cell(self):
        """A table cell on numbers, and its input."""
        pick = [
            lambda: f"{self.draw.choice(['<', '<=', '>', '>='])} {self.number(1)}",
            lambda: f"{self.draw.choice('[(]')}{self.draw.randint(0, 9)}..{self.draw.randint(10, 30)}{self.draw.choice(')][')}",
            lambda: f"not({self.draw.randint(0, 9)}, {self.draw.randint(0, 9)})",
            lambda: f"{self.draw.randint(0, 9)}, {self.draw.randint(0, 9)}, > {self.draw.randint(5, 20)}",
            lambda: f"? > {self.number(0)} and ? < {self.number(0)}",
            lambda: "odd(?)",
            lambda: "-",
        ]
        return self.draw.choice(pick)(), self.draw.randint(0, 30)

    def context(self, depth):
        d = depth - 1
        pick = [
            lambda: f"{{a: {self.number(d)}, b: a * 2, c: {self.text(d)}}}",
            lambda: f'context put({{a: 1}}, "b", {self.number(d)})',
            lambda: f"context merge([{{a: {self.number(d)}}}, {{b: 2}}])",
            lambda: f"get entries({{a: {self.number(d)}}})",
            lambda: "gens[age > 30]",
        ]
        return self.draw.choice(pick)()
