"""How much energy an amount of a product is, as far as its physical unit tells: the least and the most."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance


@cache
def _list_contents() -> tuple[dict[str, str], ...]:
    return tuple(read_rows(data_folder() / "vocabulary" / "energy_content.csv"))


def find_energy_range(balance: EnergyBalance) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most GJ in one canonical unit of each product, NaN where that is not known."""
    ranges = np.full((2, len(balance.products)), np.nan)
    rows = {row["id"]: row for row in _list_contents()}
    for p, (product, unit) in enumerate(list_units(balance)):
        if unit in {"GJ", "kWh", "tce"}:
            ranges[:, p] = conversion_factor(unit, "GJ")
            continue
        entry = vocabulary.products()[product]
        row = rows.get(product) or rows.get(entry.group) or rows.get(find_kind(product))
        if row is None:
            continue
        try:
            factor = conversion_factor(row["unit"], f"GJ/{unit}")
        except UnitError:  # such as a gas by weight
            continue
        ranges[:, p] = [float(row["lower"]) * factor, float(row["upper"]) * factor]
    return ranges[0], ranges[1]


def list_units(balance: EnergyBalance) -> list[tuple[str, str]]:
    """Return the products of a balance with their units."""
    return list(zip(balance.products, map(str, balance.amounts["unit"].values), strict=True))


def find_kind(product: str) -> str:
    """Return the group of a product; of a total, that of its parts, or ``energy`` where they are of several."""
    known = vocabulary.products()
    if known[product].group != "total":
        return known[product].group
    parts = {
        other.group
        for other in known.values()
        if vocabulary.is_product_within(other.id, product) and other.group != "total"
    }
    return parts.pop() if len(parts) == 1 else "energy"
