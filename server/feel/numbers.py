"""Numbers of FEEL: IEEE 754-2008 Decimal128, 34 digits, rounded half to even (DMN 1.5, 10.3.2.3.1)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, capitals=1, traps=[DivisionByZero, InvalidOperation, Overflow])
# Room for exact intermediate results, cut to 34 digits at the end.
WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999, capitals=1, traps=[DivisionByZero, InvalidOperation, Overflow])
EXACT = Context(
    prec=12_500, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999, capitals=1, traps=[DivisionByZero, InvalidOperation, Overflow]
)

UP, DOWN, HALF_UP, HALF_DOWN, HALF_EVEN, FLOOR, CEILING = (
    ROUND_UP,
    ROUND_DOWN,
    ROUND_HALF_UP,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_FLOOR,
    ROUND_CEILING,
)
MIN_SCALE, MAX_SCALE = -6111, 6176


def is_number(value: object) -> bool:
    """True for a Decimal, and for an int that a caller gave; never for a boolean."""
    kind = type(value)
    return kind is Decimal or kind is int


def rounded(number: Decimal, scale: int, mode: str) -> Decimal:
    """The number with `scale` digits after the point (before it when negative). Raises DecimalException outside Decimal128."""
    cut = EXACT.create_decimal(number).quantize(Decimal((0, (1,), -scale)), rounding=mode, context=EXACT)
    return CONTEXT.plus(cut)


def number_text(number: Decimal | int) -> str:
    """A number as FEEL's string() writes it: plain digits, no exponent."""
    text = format(Decimal(number), "f")
    return "0" if text == "-0" else text
