"""The cursor over the tokens of a FEEL text; it alone knows where a name ends, because names may hold spaces and signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NoReturn

from server.feel.scanner import Token, refusal, scan, words_of
from server.kernel.errors import TooMuch

MAX_DEPTH = 60
_NAME_SIGNS = frozenset({".", "/", "-", "+", "*", "**", "'"})
# A word that ends the name before it, since an operand cannot follow another one.
_STOPS = frozenset({"then", "else", "return", "satisfies", "in", "and", "or", "between", "instance"})
# Built-in names that hold one of the words above.
_JOINED = (("date", "and", "time"), ("years", "and", "months", "duration"), ("days", "and", "time", "duration"))

KnownNames = dict[str, tuple[tuple[tuple[str, ...], str], ...]]


@lru_cache(maxsize=1024)
def known_names(names: frozenset[str]) -> KnownNames:
    """Names by their first word, the longest first: only those that a plain run of words would not give."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in names:
        words = words_of(name)
        if words and len(words) > 1:
            table.setdefault(words[0], []).append((words, name))
    return {first: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for first, found in table.items()}


@lru_cache(maxsize=8192)
def hides(name: str) -> bool:
    """True for a name that holds a sign or a key word, so that its words alone would be read as an expression."""
    if not isinstance(name, str) or name.isidentifier():
        return isinstance(name, str) and name in _KEY_WORDS
    words = words_of(name) or ()
    return any((not word[0].isalnum() and word[0] not in "_?") or word in _KEY_WORDS for word in words)


_KEY_WORDS = _STOPS | {"if", "for", "some", "every", "function", "not", "true", "false", "null"}


def hidden_names(scope: Mapping[str, object]) -> frozenset[str]:
    """The names of a scope, and of the contexts right inside, that only knowing them lets one read."""
    found = {name for name in scope if hides(name)}
    for value in scope.values():
        if type(value) is dict:
            found.update(name for name in value if hides(name))
    return frozenset(found)


class Reader:
    """Reads tokens one after the other; `names` are the names that may be met (variables, entries of contexts)."""

    def __init__(self, text: str, names: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.tokens = scan(text)
        self.at = 0
        self.depth = 0
        self.bracket_closes = False
        self.tries = 4 * len(self.tokens) + 200
        self._known = known_names(names)
        self._local: frozenset[str] = frozenset()

    @property
    def token(self) -> Token:
        """The token under the cursor."""
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        """A token further on; the last one beyond the end."""
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        """The token under the cursor, which moves on."""
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def sees(self, text: str) -> bool:
        """True when the cursor is on this sign or word."""
        token = self.tokens[self.at]
        return token.text == text and token.kind in {"sign", "word"}

    def accept(self, text: str) -> bool:
        """Moves over this sign or word when it is there."""
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str, why: str) -> None:
        """Moves over this sign or word, or refuses the text."""
        if not self.accept(text):
            self.fail(f"« {text} » attendu {why}")

    def fail(self, what: str, token: Token | None = None) -> NoReturn:
        """Refuses the text at a token (the one under the cursor)."""
        token = token or self.token
        found = "la fin du texte" if token.kind == "end" else f"« {self.text[token.at : token.end][:40]} »"
        raise refusal(self.text, token.at, f"{what}, mais on trouve {found}.")

    def deeper(self) -> None:
        """Counts one level of nesting; TooMuch over 60. The caller gives it back with `depth -= 1`."""
        self.depth += 1
        self.tries -= 1
        if self.depth > MAX_DEPTH:
            raise TooMuch(f"Expression trop imbriquée : plus de {MAX_DEPTH} niveaux. Découpez-la en plusieurs décisions.")

    def again(self, at: int, depth: int) -> None:
        """Goes back to a place to read it another way; TooMuch when that happens too often."""
        self.tries -= 1
        if self.tries < 0:
            raise TooMuch("Expression trop ambiguë : ajoutez des parenthèses.")
        self.at = at
        self.depth = depth

    def learn(self, name: str) -> None:
        """A name that the text itself brings in: loop variable, parameter, key of a context."""
        words = words_of(name)
        if words and len(words) > 1 and name not in self._local:
            self._local |= {name}

    def name(self) -> str:
        """The name under the cursor: the longest known one, else the run of words and whole numbers."""
        known = self._longest_known()
        plain = self._run_of_words()
        length, name = max((known, plain), key=lambda found: found[0]) if known[0] != plain[0] else known
        if not length:
            self.fail("un nom est attendu")
        self.at += length
        return name

    def declared_name(self, *ends: str) -> str:
        """A name being declared: every token up to one of the ends."""
        start = self.at
        while self.token.kind in {"word", "number"} or (self.token.kind == "sign" and self.token.text in _NAME_SIGNS):
            if self.token.text in ends:
                break
            self.at += 1
        if self.at == start or self.tokens[start].kind != "word":
            self.at = start
            self.fail("un nom est attendu")
        name = _joined(self.tokens[start : self.at])
        self.learn(name)
        return name

    def sees_known_name(self) -> bool:
        """True when the cursor is on a known name of several words."""
        return self._longest_known()[0] > 1

    def stands_alone(self) -> bool:
        """True when the word under the cursor is not the first of a longer name."""
        return self._run_of_words()[0] == 1

    def sees_named_argument(self) -> bool:
        """True when the cursor is on `name:`."""
        at = self.at
        if self.tokens[at].kind != "word":
            return False
        while self.tokens[at].kind in {"word", "number"} or (self.tokens[at].kind == "sign" and self.tokens[at].text in _NAME_SIGNS):
            at += 1
        return self.tokens[at].kind == "sign" and self.tokens[at].text == ":"

    def _longest_known(self) -> tuple[int, str]:
        first = self.token.text
        best = (0, "")
        for table in (self._known, known_names(self._local)):
            for words, name in table.get(first, ()):
                if len(words) > best[0] and self._matches(words):
                    best = (len(words), name)
                    break
        for words in _JOINED:
            if words[0] == first and len(words) > best[0] and self._matches(words) and self.ahead(len(words)).text == "(":
                best = (len(words), " ".join(words))
        return best

    def _matches(self, words: Iterable[str]) -> bool:
        return all(self.ahead(i).text == word and self.ahead(i).kind != "string" for i, word in enumerate(words))

    def _run_of_words(self) -> tuple[int, str]:
        if self.token.kind != "word":
            return 0, ""
        count = 1
        while True:
            token = self.ahead(count)
            if token.kind == "word" and token.text in _STOPS:
                break
            if token.kind != "word" and not (token.kind == "number" and token.text.isdigit()):
                break
            count += 1
        return count, " ".join(token.text for token in self.tokens[self.at : self.at + count])


def _joined(tokens: Iterable[Token]) -> str:
    """A declared name as it is written, with single spaces where there was space."""
    parts: list[str] = []
    last = None
    for token in tokens:
        if last is not None and token.at > last.end:
            parts.append(" ")
        parts.append(token.text)
        last = token
    return "".join(parts)


def at_end(reader: Reader) -> None:
    """Refuses what is left over after a whole expression."""
    if reader.token.kind != "end":
        reader.fail("la fin de l'expression ou un opérateur est attendu")
