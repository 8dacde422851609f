"""How sure direct CO2 is: the interval of each area and year, and the categories that matter, as plain tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.errors import OutputError
from carbonacct.texts import say
from carbonacct.uncertainty import (
    find_key_categories,
    model_inventory,
    simulate,
    tabulate_categories,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.errors import Finding
    from carbonacct.sectors.energy import EnergyInventory


@dataclass(frozen=True)
class Assessment:
    """What Approach 2 and the key category analysis say of direct CO2.

    Attributes
    ----------
    intervals
        Columns ``area, year, value, mean, sd, lower, upper`` (t), ``level`` (``"95 %"``), ``draws,
        seed``, and ``narrow``: how many factor rows count as exact, so that the interval is too
        narrow; 0 where none does.
    categories
        One row per area and category of its latest year: ``area, year``, the columns of
        :func:`carbonacct.find_key_categories`; the base year is the area's first, where it has
        several.
    findings
        What a reader should know of the inputs, such as factors that count as exact.
    """

    intervals: pd.DataFrame
    categories: pd.DataFrame
    findings: tuple[Finding, ...]


def assess_uncertainty(
    inventories: Sequence[EnergyInventory],
    *,
    seed: int = 0,
    statistics: str = "default",
    inputs: str | Path | None = None,
    bounds_from: str = "",
    exact: bool = False,
    allow_unverified: bool = False,
) -> Assessment:
    """Return the 95 % intervals of direct CO2 by Monte Carlo, and the key categories.

    Parameters
    ----------
    inventories
        One or many; a factor row that they share is drawn once for all of them.
    seed
        Same seed, same intervals.
    statistics, inputs, bounds_from, exact, allow_unverified
        As in :func:`carbonacct.model_inventory`.

    Raises
    ------
    OutputError
        If the inventories have no CO2.
    UncertaintyError
        If two inventories hold one area and year, or nothing has a number.

    Notes
    -----
    Activity data have the default uncertainty (5 %), factors their published bounds or the default
    range of their kind; a factor with neither counts as exact: ``narrow`` says how many, wherever
    the interval is shown. IPCC 2006 Guidelines, Vol. 1, Ch. 3 (Approach 2) and Ch. 4 (key
    categories).

    Examples
    --------
    >>> import carbonacct as ca
    >>> found = assess_uncertainty([ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")])
    >>> list(found.intervals.columns)
    ['area', 'year', 'value', 'mean', 'sd', 'lower', 'upper', 'level', 'draws', 'seed', 'narrow']
    """
    made = [inventory for inventory in inventories if "CO2" in inventory.emissions["gas"].values]
    if not made:
        raise OutputError(
            say("the uncertainty is that of direct CO2, and the inventory has none; add --gas CO2")
        )
    model = model_inventory(
        made,
        statistics=statistics,
        inputs=inputs,
        bounds_from=bounds_from,
        exact=exact,
        allow_unverified=allow_unverified,
    )
    found = simulate(model, seed=seed)
    frame = found.to_frame()
    intervals = frame.assign(
        level=f"{100 * found.level:g} %", draws=found.draws, seed=found.seed, narrow=model.exact
    )
    categories = []
    for area, part in frame.groupby("area", sort=False):
        latest, first = int(part["year"].max()), int(part["year"].min())
        table = tabulate_categories(
            model, latest=latest, base=first if first < latest else None, area=str(area)
        )
        categories.append(find_key_categories(table).assign(area=area, year=latest))
    columns = [
        "area",
        "year",
        "value",
        "mean",
        "sd",
        "lower",
        "upper",
        "level",
        "draws",
        "seed",
        "narrow",
    ]
    whole = pd.concat(categories, ignore_index=True)
    return Assessment(
        intervals[columns],
        whole[["area", "year", *[name for name in whole.columns if name not in {"area", "year"}]]],
        found.findings,
    )
