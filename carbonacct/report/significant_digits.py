"""A number by its digits that count, as tables of several units need it."""

from __future__ import annotations

import math

_DIGITS = 6


def show_value(value: float) -> str:
    """Return a number with six digits, "" for none.

    Examples
    --------
    >>> show_value(0.357142857), show_value(12345678.0), show_value(float("nan")), show_value(40.0)
    ('0.357143', '12,345,678', '', '40')
    """
    if math.isnan(value):
        return ""
    places = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if places else text
    return text.replace("-", "−")
