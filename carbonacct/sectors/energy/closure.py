"""Whether what some areas send out arrives in the others: electricity and heat over all parts of one whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import Finding
from carbonacct.sectors.energy.scope2 import sum_kinds
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sectors.energy.cube import EnergyInventory

_CLOSE = 0.01  # of what moves, within which rounding and losses of lines may lie
_MOVED = ("moved_in", "moved_out")
_LARGE = {"electricity": ("kWh", 1e9, "TWh"), "heat": ("GJ", 1e6, "PJ")}


def check_transfers(parts: Iterable[EnergyInventory]) -> list[Finding]:
    """Compare inflow from and outflow to other areas over the parts of one whole, by year.

    Parameters
    ----------
    parts
        Inventories of all areas of the whole, such as the provinces of a nation.

    Returns
    -------
    list of Finding
        One for each year and product whose inflow and outflow lie more than 1 % apart: how much,
        and how many areas.

    Notes
    -----
    What crosses the border of the whole (imports, exports) is no part of it. With one factor the
    net emissions of scope 2 of all parts add up to this gap times the factor, and not to zero.
    """
    sums: dict[tuple[int, str], tuple[float, float, int]] = {}
    for inventory in parts:
        balance = inventory.balance
        rows = [balance.flows.index(flow) for flow in _MOVED if flow in balance.flows]
        for product, (unit, _, _) in _LARGE.items():
            amounts = sum_kinds(balance, product, unit) if rows else None
            if amounts is None:
                continue
            moved = np.nan_to_num(amounts[:, :, rows])
            for y, year in enumerate(balance.years):
                into, out, areas = sums.get((year, product), (0.0, 0.0, 0))
                # By sign and not by row: a correction may turn an inflow into an outflow.
                own = moved[:, y]
                sums[year, product] = (
                    into + float(np.maximum(own, 0).sum()),
                    out - float(np.minimum(own, 0).sum()),
                    areas + int((own != 0).any(axis=1).sum()),
                )
    return [
        _note(year, product, moved)
        for (year, product), moved in sorted(sums.items())
        if moved[2] > 1 and abs(moved[0] - moved[1]) > _CLOSE * max(moved[:2])
    ]


def _note(year: int, product: str, moved: Sequence[float]) -> Finding:
    into, out, areas = moved
    _, scale, unit = _LARGE[product]
    return Finding(
        "transfers-open",
        "warning",
        say(
            "{product} moved in is {ratio:,.1f} {unit} and moved out {out_share:,.1f} over "
            "{areas:.0f} areas in {year}: inflow and outflow do not close by "
            "{lost_share:+,.1f} {unit}",
            product=product,
            ratio=into / scale,
            unit=unit,
            out_share=out / scale,
            areas=areas,
            year=year,
            lost_share=(into - out) / scale,
        ),
        "",
        say(
            "scope 2 of the areas does not add up to that of the whole; an area may be "
            "missing, or losses of lines stand in one of the rows"
        ),
    )
