"""Inventories of a few entries that tests share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from carbonacct.inventory.entry_columns import make_entries, sector_of
from carbonacct.inventory.record import Inventory


@dataclass(frozen=True)
class Way:
    """A way back that opens to nothing: its cells are worth ten times their number."""

    excludes: tuple[str, ...] = ()

    def open(self, cell: int) -> str:
        """Return a word for a step."""
        return f"step {cell}"

    def recompute(self, cells: np.ndarray) -> np.ndarray:
        """Return values again."""
        return np.asarray(cells, float) * 10


def make(*rows, ways=(), findings=(), made_from=(), **more):
    """Return an inventory of rows (flow, category, gas, value or notation key)."""
    flows, codes, gases, values = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    )
    is_number = [not isinstance(value, str) for value in values]
    numbers = [
        float(value) if known else math.nan for value, known in zip(values, is_number, strict=True)
    ]
    columns = {
        "area": "甲",
        "year": 2020,
        "method": "m",
        "flow": np.array(flows, object),
        "category": np.array(codes, object),
        "gas": np.array(gases, object),
        "sector": np.array([sector_of(code) for code in codes], object),
        "value": np.array(numbers),
        "notation": np.array(
            ["" if known else value for value, known in zip(values, is_number, strict=True)], object
        ),
    }
    return Inventory(make_entries(columns | more), tuple(findings), tuple(made_from), tuple(ways))
