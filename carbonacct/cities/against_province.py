"""Cities beside the area that they make up: their sum against it, and the split of a total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.cities.allocation import BLOCKS
from carbonacct.cities.declared import find_indicator, indicator_names
from carbonacct.cities.indicator_table import read_indicators
from carbonacct.cities.indicators import gather_indicators
from carbonacct.errors import TableError, did_you_mean, name_some
from carbonacct.records.area_names import area_id
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.balances import EnergyBalance
    from carbonacct.cities.indicators import Indicators

_ROUNDING = 1e-9


def compare_with_province(cities: EnergyBalance, province: EnergyBalance) -> pd.DataFrame:
    """Return the sum of cities against the province, row by row; nothing is brought to it.

    Parameters
    ----------
    cities
        All cities, as :func:`carbonacct.build_city_balance` makes them at once.
    province
        One area.

    Returns
    -------
    pandas.DataFrame
        ``year, flow, product, unit, cities, province, gap, ratio, reason``: of all rows of use,
        loss and transformation that the cities have. ``cities`` has no number where a city has none
        and another has one, and ``reason`` says which.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> bool((compare_with_province(balance, balance)["gap"].dropna() == 0).all())
    True
    """
    years = [year for year in cities.years if year in province.years]
    flows = _list_rows(cities)
    labels = {"year": years, "flow": flows, "product": cities.products}
    held = cities.amounts.sel(labels).values
    whole = province.amounts.isel(area=0).reindex(labels).values
    total = held.sum(axis=0)  # without a number where a city has none
    rows = []
    for y, f, p in np.argwhere(~np.isnan(held).all(axis=0) | ~np.isnan(whole)).tolist():
        lacking = [cities.areas[a] for a in np.flatnonzero(np.isnan(held[:, y, f, p]))]
        reason = say("no number of {lacking}", lacking=name_some(lacking, 5)) if lacking else ""
        if np.isnan(whole[y, f, p]):
            reason = reason or say("the province has no number")
        row = (years[y], flows[f], cities.products[p], cities.units[p])
        rows.append((*row, total[y, f, p], whole[y, f, p], reason))
    columns = ["year", "flow", "product", "unit", "cities", "province", "reason"]
    frame = pd.DataFrame(rows, columns=columns)
    gap = frame["cities"] - frame["province"]
    ratio = frame["cities"] / frame["province"].where(frame["province"] != 0)
    frame.insert(6, "gap", gap)
    frame.insert(7, "ratio", ratio)
    return frame


def _list_rows(balance: EnergyBalance) -> list[str]:
    return [flow for flow in balance.flows if any(balance.is_part(flow, block) for block in BLOCKS)]


def split_total(
    total: float,
    unit: str,
    indicators: str | Path | pd.DataFrame,
    *,
    index: str,
    year: int | None = None,
    whole: str = "",
) -> pd.DataFrame:
    """Split a total, such as a city's energy target, among districts by an index.

    Parameters
    ----------
    total, unit
        What is split; the unit is carried along.
    indicators
        A table ``area,row,indicator,value,unit,source``.
    index
        The indicator that splits it.
    year
        The year, where the table has several.
    whole
        The area that the total is of, where the table has its indicator too: shares are then of
        that number, and their gap to 1 is kept as a row of its own. Otherwise they are of the sum
        of the areas.

    Returns
    -------
    pandas.DataFrame
        ``area, index, index_area, index_whole, share, share_low, share_high, amount, unit``: low
        and high are the shares by any indicator that all areas have.

    Raises
    ------
    TableError
        If no area has the index, or some lack it.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame([("甲区", "GDP", 30.0, "亿元"), ("乙区", "GDP", 10.0, "亿元"),
    ...                       ("甲区", "常住人口", 2.0, "万人"), ("乙区", "常住人口", 2.0, "万人")],
    ...                      columns=["area", "indicator", "value", "unit"])
    >>> split = split_total(1000.0, "1e4 tce", table, index="gdp", year=2025)
    >>> split[["area", "share_low", "amount"]].values.tolist()
    [['甲区', 0.5, 750.0], ['乙区', 0.25, 250.0]]
    """
    name = find_indicator(index)
    if name is None:
        raise TableError(
            say(
                "no indicator {index!r}; {near}",
                index=index,
                near=did_you_mean(index, indicator_names()),
            )
        )
    found = gather_indicators(read_indicators(indicators, year))
    if len(found.years) > 1 and year is None:
        raise TableError(
            say(
                "the indicators are of {years}; name the year",
                years=join_texts(", ", map(str, found.years)),
            )
        )
    chosen = found.years[0] if year is None else year
    areas = [area for area in found.areas if not whole or area != area_id(whole)]
    shares, wholes = _find_shares(found, areas, chosen, index=name, whole=whole)
    table = np.array(list(shares.values()))
    share = np.array(shares[name])
    rest = 1 - float(share.sum())
    if abs(rest) > _ROUNDING:  # of the whole, not of the areas: it stays a row of its own
        areas, share = [*areas, say("not attributed")], np.append(share, rest)
        table = np.column_stack([table, np.full(len(table), np.nan)])
    several = len(table) > 1
    return pd.DataFrame(
        {
            "area": areas,
            "index": name,
            "index_area": share * wholes[name],
            "index_whole": wholes[name],
            "share": share,
            "share_low": table.min(axis=0) if several else np.nan,
            "share_high": table.max(axis=0) if several else np.nan,
            "amount": share * total,
            "unit": unit,
        }
    )


def _find_shares(
    found: Indicators, areas: Sequence[str], year: int, *, index: str, whole: str
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return the shares of areas by each indicator that all have, and of what number they are.

    Raises
    ------
    TableError
        If an area, or the whole, lacks the index.
    """
    shares: dict[str, list[float]] = {}
    wholes: dict[str, float] = {}
    for key in dict.fromkeys(indicator for _, indicator in found.values):
        held = [found.find(area, year, "*", key) for area in areas]
        lacking = [area for area, value in zip(areas, held, strict=True) if value is None]
        if key == index and lacking:
            raise TableError(
                say(
                    "no {name} of {lacking} in {chosen}; a split needs it of every area",
                    name=index,
                    lacking=join_texts(", ", lacking[:5]),
                    chosen=year,
                )
            )
        numbers = [value.value for value in held if value is not None]
        of_whole = found.find(area_id(whole), year, "*", key) if whole else None
        wholes[key] = of_whole.value if of_whole else sum(numbers)
        if not lacking and wholes[key] > 0 and (of_whole or not whole):
            shares[key] = [number / wholes[key] for number in numbers]
    if index not in shares:
        raise TableError(
            say(
                "{name} of {whole} has no number above 0 in {chosen}; give it",
                name=index,
                whole=whole or say("the areas"),
                chosen=year,
            )
        )
    return shares, wholes
