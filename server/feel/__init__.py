"""FEEL (DMN 1.5, chapter 10): text to closure; no way to a Python object, no clock, bounded work."""

import server.feel.builtin_contexts
import server.feel.builtin_lists
import server.feel.builtin_numbers
import server.feel.builtin_ranges
import server.feel.builtin_strings
import server.feel.builtin_temporal  # noqa: F401 - each registers its functions
from server.feel.comparing import Range, kind_of
from server.feel.expression import Expression, UnaryTests, compile, compile_unary  # noqa: A004 - the door's name
from server.feel.run import Function, NamedType

__all__ = ["Expression", "Function", "NamedType", "Range", "UnaryTests", "compile", "compile_unary", "kind_of"]
