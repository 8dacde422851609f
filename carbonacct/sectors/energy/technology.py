"""What a balance does not tell of its boilers, and what it would be worth in N2O."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding
from carbonacct.sectors.energy.calorific import find_energy_per_unit
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.sectors.energy.cube import EnergyInventory

_PART = 0.1  # of the coal, for the finding


def note_fluidised_beds(inventory: EnergyInventory) -> list[Finding]:
    """Report what each tenth of the coal of plants and industry would add in N2O if it burnt in fluidised beds.

    Parameters
    ----------
    inventory
        Of any gases; without N2O there is nothing to say.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 2, Ch. 2, tables 2.6 and 2.7, as
    ``factors/vocabulary/technologies.csv`` holds them. Tier 1 has one factor for all boilers, and a
    balance does not distinguish them.
    """
    gases = inventory.emissions["gas"].values.tolist()
    if "N2O" not in gases:
        return []
    categories = tuple(map(str, inventory.emissions["category"].values))
    per_gj = _find_factors(categories, tuple(inventory.balance.products))
    flows, products = (
        np.flatnonzero(~np.isnan(per_gj).all(axis=1)),
        np.flatnonzero(~np.isnan(per_gj).all(axis=0)),
    )
    if not len(flows) or not len(products):
        return []
    at = np.ix_(
        np.arange(len(inventory.balance.areas)),
        np.arange(len(inventory.balance.years)),
        flows,
        products,
    )
    energy = inventory.activity[at] * find_energy_per_unit(inventory.balance, inventory.method)[at]
    now = inventory.emissions.values[..., gases.index("N2O")][at]
    more = float(np.nansum(energy * per_gj[np.ix_(flows, products)] - now)) * _PART
    if not more > 0:
        return []
    total = float(np.nansum(inventory.emissions.values[..., gases.index("N2O")]))
    return [
        Finding(
            "fluidised-beds",
            "info",
            say(
                "N2O of coal in plants and industry is that of boilers of all kinds; each "
                "{part:.0%} burnt in fluidised beds would add {more:,.0f} t N2O to "
                "{total:,.0f} ({document}, tables 2.6 and 2.7: 61 kg/TJ, lignite 71; not "
                "checked against the document)",
                part=_PART,
                more=more,
                total=total,
                document=_read_technologies()[0]["document"],
            ),
            action=say("lay an overlay with your own emission_factor over the method (--overlay)"),
        )
    ]


@cache
def _read_technologies() -> list[dict[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "technologies.csv")
    return [row for row in rows if row["gas"] == "N2O"]


@lru_cache(maxsize=64)
def _find_factors(categories: tuple[str, ...], products: tuple[str, ...]) -> np.ndarray:
    """Return t N2O per GJ of products in categories, which tables of other years ask again."""
    return np.array(
        [[_find_factor(category, product) for product in products] for category in categories]
    )


def _find_factor(category: str, product: str) -> float:
    """Return t N2O per GJ of a product in a category; NaN where it is no coal or no such plant."""
    if vocabulary.products()[product].group != "coal":
        return np.nan
    fitting = [
        row
        for row in _read_technologies()
        if category.startswith(row["category"]) and row["product"] in {"", product}
    ]
    return (
        float(max(fitting, key=lambda row: len(row["product"]))["value"]) * 1e-6
        if fitting
        else np.nan
    )
