"""What is known before running: dates and ranges made of literals are made once, and a cell that holds one is tested the short way."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from server.feel.comparing import Range, compare, matches_value
from server.feel.registry import BUILTINS
from server.feel.run import Closure, Frame, Run
from server.feel.syntax import Call, Literal, Name, Node, RangeOf
from server.kernel.values import Value

# Grammar rule 60: these calls on literals are date time literals.
_LITERAL_CALLS = frozenset({"date", "time", "date and time", "duration"})
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


def constant(node: Node) -> Value:
    """The value of a literal, of a date time literal or of a range between two of them; None when it takes running to know (or is null)."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in _LITERAL_CALLS and node.names is None:
        values = [argument.value for argument in node.arguments if isinstance(argument, Literal)]
        return BUILTINS[node.function.name].call(Run(_NO_TIME), *values) if len(values) == len(node.arguments) else None
    if isinstance(node, RangeOf):
        return _range(node)
    return None


def _range(node: RangeOf) -> Range | None:
    low = None if node.low is None else constant(node.low)
    high = None if node.high is None else constant(node.high)
    if (low is None and node.low is not None) or (high is None and node.high is not None):
        return None
    if low is not None and high is not None and compare(low, high) not in {-1, 0}:
        return None
    return Range(low, high, node.low_in, node.high_in)


def constant_test(wanted: Value) -> Closure:
    """The test of a cell that holds a constant: the input is in the range, or equal."""
    if type(wanted) is Range and type(wanted.low) is Decimal and type(wanted.high) is Decimal:
        return _number_range_test(wanted)
    kind = type(wanted)
    short = kind is str or kind is Decimal

    def holds(frame: Frame) -> Value:
        value = frame.names["?"]
        if short and type(value) is kind:
            return value == wanted
        return matches_value(value, wanted, frame.run)

    return holds


def _number_range_test(span: Range) -> Closure:
    low, high, low_in, high_in = span.low, span.high, span.low_in, span.high_in

    def holds(frame: Frame) -> Value:
        value = frame.names["?"]
        if type(value) is not Decimal:
            return matches_value(value, span, frame.run)
        above = low <= value if low_in else low < value
        return above and (value <= high if high_in else value < high)

    return holds
