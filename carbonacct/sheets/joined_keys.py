r"""Keys of a table that share a cell: ``freq,nrg_bal,siec,unit,geo\TIME_PERIOD`` above ``A,PPRD,G3000,TJ,NO``.

So the tab-separated files of Eurostat print them. Each key becomes a column of its own behind the
last column, and the shared cell a blank: every number keeps its address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_KEYS = 20


def split_keys(rows: Sequence[list[str]]) -> list[list[str]]:
    r"""Return the rows of a delimited text, the keys that share the first cell in columns of their own.

    Any other rows are returned as they are.

    Examples
    --------
    >>> split_keys([["siec,geo\\TIME_PERIOD", "2018 "], ["G3000,NO", "12.5 p"]])
    [['', '2018 ', 'siec', 'geo'], ['', '12.5 p', 'G3000', 'NO']]
    >>> split_keys([["Item", "2018"], ["Coal", "1"]])
    [['Item', '2018'], ['Coal', '1']]
    """
    shared = rows[0][0] if rows and rows[0] else ""
    names = shared.rpartition("\\")[0].split(",")
    if len(rows) < 2 or not (all(names) and 1 < len(names) <= _MOST_KEYS):
        return list(rows)
    keys = [row[0].split(",") if row else [] for row in rows[1:]]
    if any(row and len(key) != len(names) for row, key in zip(rows[1:], keys, strict=True)):
        return list(rows)
    width = max(map(len, rows))
    return [
        ["", *row[1:], *[""] * (width - len(row)), *key] if row else []
        for row, key in zip(rows, [names, *keys], strict=True)
    ]
