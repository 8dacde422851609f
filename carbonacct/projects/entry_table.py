"""Entries of an inventory as a table of text that says where each number came from.

This is what a run of the store and a submission keep: readable without the program, the same bytes
for the same inventory, and enough to tell what changed by cause.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.data import bound_cells, harmless, plain, read_text, shown_name
from carbonacct.errors import ProjectError
from carbonacct.inventory.inventory_reader import read_number
from carbonacct.inventory.record import COLUMNS, Inventory, plain_columns
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from carbonacct.equations import UnfoldedStep

MORE = ("sector", "kind", "notation", "activity", "activity_unit")
ORIGINS = ("where", "printed", "factors", "status")
_NUMBERS = ("year", "scope", "value", "activity")
# A factor row is named by edition, table and line; a cell has an exclamation mark.
_ROW = re.compile(r"[^!]+\.csv:\d+")


def list_entries(inventory: Inventory) -> pd.DataFrame:
    """Return the entries of an inventory with where each came from.

    Returns
    -------
    DataFrame
        The columns of the inventory CSV; ``sector, kind, notation, activity, activity_unit``;
        ``where`` (file, sheet and cell of its activity data), ``printed`` (the number there),
        ``factors`` (each factor, its number, unit and row) and ``status`` (``filled`` where a
        rule filled the year). An inventory read from a file has none of the last four.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> entry = list_entries(ca.to_inventory(cube)).query("flow == 'transport' & product == 'lpg'")
    >>> entry[["where", "printed"]].values.tolist()
    [['chongqing_2007.csv!P28', '0.8 1e4 t']]
    """
    rows = plain_columns(inventory.entries.assign(unit="t")[[*COLUMNS, *MORE]])
    origins, cells = (inventory.entries[name].tolist() for name in ("origin", "cell"))
    origin_texts = [
        _tell(inventory.origins[origin].open(cell)) if origin >= 0 else ("", "", "")
        for origin, cell in zip(origins, cells, strict=True)
    ]
    made = pd.DataFrame(origin_texts, columns=list(ORIGINS[:3]), index=rows.index, dtype=object)
    return rows.assign(**{name: made[name] for name in ORIGINS[:3]}, status="")


def _tell(step: UnfoldedStep) -> tuple[str, str, str]:
    """Return cells, printed numbers and factor rows of an entry."""
    cells: dict[str, str] = {}
    rows: dict[str, None] = {}
    for leaf in _list_inputs(step):
        if _ROW.fullmatch(leaf.origin):
            unit = "" if leaf.unit == "1" else f" {leaf.unit}"
            rows[f"{leaf.name} {leaf.value!r}{unit} ({leaf.origin})"] = None
        elif leaf.origin:
            # What a method takes of the printed number, and off it, stands behind it.
            printed = re.split(r" [*-] ", leaf.formula)[0]
            cells[leaf.origin] = printed or leaf.notation or f"{leaf.value!r} {leaf.unit}"
    return "; ".join(cells), "; ".join(cells.values()), "; ".join(rows)


def _list_inputs(step: UnfoldedStep) -> Iterator[UnfoldedStep]:
    if not step.parts:
        yield step
    for part in step.parts:
        yield from _list_inputs(part)


def write_entries(entries: pd.DataFrame) -> str:
    """Return entries as CSV, sorted by what tells them apart; numbers read back equal.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"area": ["B", "A"], "value": [0.1, 1e-3]})
    >>> print(write_entries(frame), end="")
    area,value
    A,0.001
    B,0.1
    """
    identity = ("area", "year", "sector", "scope", "kind", "flow", "product", "category", "gas")
    order = entries.sort_values([name for name in identity if name in entries.columns])
    text = order.astype(object).where(order.notna(), "")
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(text.columns)
    writer.writerows([[harmless(value) for value in row] for row in text.itertuples(index=False)])
    return held.getvalue()


def read_entries(path: str | Path) -> pd.DataFrame:
    """Return entries that `write_entries` wrote.

    Raises
    ------
    ProjectError
        If the file cannot be read or is no inventory.
    """
    try:
        return parse_entries(read_text(path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ProjectError(
            say(
                "{path}: is no inventory that can be read ({reason})",
                path=shown_name(path),
                reason=reason,
            )
        ) from None


def parse_entries(text: str) -> pd.DataFrame:
    """Return entries from the text of their CSV.

    Raises
    ------
    ValueError, OSError
        If it is none, or too large.
    """
    bound_cells(text)
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    if lacking := [name for name in COLUMNS if name not in frame.columns]:
        raise ValueError(say("it has no column {lacking}", lacking=lacking[0]))
    for name in frame.columns:
        if name in {"value", "activity"}:
            texts = frame[name].tolist()
            frame[name] = np.array([read_number(text, name) if text else np.nan for text in texts])
        elif name in _NUMBERS:
            frame[name] = frame[name].astype(int)
        elif any(word.startswith("'") for word in frame[name].tolist()):
            frame[name] = frame[name].map(plain)
    return frame
