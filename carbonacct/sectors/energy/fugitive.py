"""Fugitive methane of coal mines, from the output that a balance prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import MethodError, TableError
from carbonacct.factors import FactorTable, load_edition, row_value
from carbonacct.records.area_names import area_id
from carbonacct.sectors.energy.quality import read_comparisons
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance

COLUMNS = (
    "area",
    "year",
    "category",
    "product",
    "gas",
    "activity",
    "activity_unit",
    "factor",
    "factor_unit",
    "value",
    "unit",
    "place",
)
_UNDERGROUND = ("1.B.1.a.i.1", "1.B.1.a.i.2")
_SURFACE = ("1.B.1.a.ii.1", "1.B.1.a.ii.2")


def estimate_coal_methane(
    balance: EnergyBalance,
    *,
    underground_share: float,
    recovered: float = 0.0,
    edition: str | None = None,
) -> pd.DataFrame:
    """Return the methane of coal mining and of what is done with the coal after it, in t CH4.

    Parameters
    ----------
    balance
        A table that prints the production of raw coal.
    underground_share
        Share of the output that comes from underground mines, 0 to 1: the table does not tell it.
    recovered
        Methane drained and used or flared, t CH4, taken out of underground mining; for one area and
        year.
    edition
        An edition with ``coal_mine_methane`` (m3/t, by category) and ``methane_density``; by
        default that of ``factors/vocabulary/quality.toml``.

    Returns
    -------
    DataFrame
        ``area, year, category, product, gas, activity, activity_unit, factor, factor_unit, value,
        unit, place``.

    Raises
    ------
    TableError
        If the table prints no production of coal in tonnes.
    MethodError
        If the share is none, more is recovered than is set free, or there are several areas or
        years to recover it from.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 2, Ch. 4, eq. 4.1.3, 4.1.4, 4.1.7 and 4.1.8 (tier 1)::

        CH4 = output x m3 CH4 per t x 0.67 kg/m3

    Examples
    --------
    >>> import carbonacct as ca
    >>> found = estimate_coal_methane(ca.read_balance("docs/tables/chongqing_2007.csv"), underground_share=1.0)
    >>> found.value.round().to_list()
    [517856.0, 71924.0, 0.0, 0.0]
    """
    if not 0 <= underground_share <= 1:
        raise MethodError(
            say(
                "underground_share is {underground_share:g}; it is a share of 1, not a percentage",
                underground_share=underground_share,
            )
        )
    if "production" not in balance.flows or "raw_coal" not in balance.products:
        raise TableError(
            say(
                "{first_address}: the table prints no production of raw_coal",
                first_address=balance.first_address(),
            )
        )
    unit = str(balance.amounts.sel(product="raw_coal")["unit"].item())
    if unit != "t":
        raise TableError(
            say(
                "{first_address}: raw_coal is printed in {unit}; methane is set free per "
                "tonne: use the table in physical quantity",
                first_address=balance.first_address(),
                unit=unit,
            )
        )
    if recovered and len(balance.areas) * len(balance.years) > 1:
        raise MethodError(
            say(
                "recovered is of one area and year; the table has {area_count} areas and "
                "{year_count} years",
                area_count=len(balance.areas),
                year_count=len(balance.years),
            )
        )
    edition = edition or read_comparisons()["coal_mine_methane"]["edition"]
    source = load_edition(edition)
    factors = FactorTable([source], "coal_mine_methane", "CH4")
    density = FactorTable([source], "methane_density", "CH4").choose("", "", "", 0)
    if density is None:
        raise MethodError(say("{edition} has no methane_density", edition=edition))
    output = balance.amounts.sel(flow="production", product="raw_coal").values
    rows = []
    for a, y in np.argwhere(~np.isnan(output)):
        for category in (*_UNDERGROUND, *_SURFACE):
            row = factors.choose(
                "raw_coal",
                "",
                area_id(balance.areas[a]),
                balance.years[y],
                category=category,
            )
            if row is None:
                raise MethodError(
                    say(
                        "{edition} has no coal_mine_methane of {category}",
                        edition=edition,
                        category=category,
                    )
                )
            share = underground_share if category in _UNDERGROUND else 1 - underground_share
            factor = row_value(row, "m3/t") * row_value(density, "t/m3")
            value = output[a, y] * share * factor - (
                recovered if category == _UNDERGROUND[0] else 0.0
            )
            if value < 0:
                raise MethodError(
                    say(
                        "{recovered:,.0f} t CH4 are recovered, more than the "
                        "{generated:,.0f} t that mining sets free",
                        recovered=recovered,
                        generated=value + recovered,
                    )
                )
            rows.append(
                (
                    balance.areas[a],
                    balance.years[y],
                    category,
                    "raw_coal",
                    "CH4",
                    output[a, y] * share,
                    "t",
                    factor,
                    "t CH4/t",
                    value,
                    "t",
                    row.place,
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))
