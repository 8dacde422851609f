"""How wide texts are on a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata


def count_columns(text: str) -> int:
    """Return the columns that a text takes.

    Examples
    --------
    >>> count_columns("原煤 coal")
    9
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def fill_columns(text: str, columns: int) -> str:
    """Fill a text up to some columns, from the left where they are negative.

    Examples
    --------
    >>> fill_columns("原煤", 6), fill_columns("原煤", -6)
    ('原煤  ', '  原煤')
    """
    blanks = " " * (abs(columns) - count_columns(text))
    return blanks + text if columns < 0 else text + blanks
