"""Balances made of numbers, without a file: for tests of what is done with a balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

import carbonacct as ca
from tests.sectors.energy.building import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct import EnergyBalance
    from carbonacct.sectors.energy import EnergyInventory

Rows = "Mapping[str, Mapping[str, float]]"


def balance_of(
    rows: Rows, *, area: str = "重庆", year: int = 2022, units: Mapping[str, str] | None = None
) -> EnergyBalance:
    """Return the balance of one area and year: flow id -> product id -> number, in the units of a yearbook."""
    return panel_of({(area, year): rows}, units=units)


def panel_of(
    tables: Mapping[tuple[str, int], Rows], *, units: Mapping[str, str] | None = None
) -> EnergyBalance:
    """Return the balance of several areas and years, by both."""
    known = UNITS | dict(units or {})
    rows = [
        (area, year, flow, product, value, known.get(product, "万吨"))
        for (area, year), table in tables.items()
        for flow, cells in table.items()
        for product, value in cells.items()
    ]
    return ca.make_balance(
        pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value", "unit"])
    )


def inventory_of(
    rows: Rows,
    *,
    method: str = "ipcc-2006",
    area: str = "重庆",
    year: int = 2022,
    units: Mapping[str, str] | None = None,
    **options: object,
) -> EnergyInventory:
    """Return the inventory of such a balance."""
    return ca.compile_inventory(
        balance_of(rows, area=area, year=year, units=units), method=method, **options
    )
