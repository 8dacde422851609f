"""Traditional Chinese characters as simplified ones: one word is one word, wherever it is printed."""

from __future__ import annotations

from functools import cache

from carbonacct.data import data_folder, read_rows


@cache
def _simplified() -> dict[int, str]:
    rows = read_rows(data_folder() / "vocabulary" / "traditional.csv")
    return str.maketrans({row["traditional"]: row["simplified"] for row in rows})


def simplify(text: str) -> str:
    """Return a text in simplified characters, as ``factors/vocabulary/traditional.csv`` pairs them.

    Examples
    --------
    >>> simplify("輕柴油"), simplify("百萬度"), simplify("Diesel")
    ('轻柴油', '百万度', 'Diesel')
    """
    return text if text.isascii() else text.translate(_simplified())
