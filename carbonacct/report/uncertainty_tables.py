"""How sure totals are: the interval of each area and year, and the categories that matter, as plain tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.errors import Finding, OutputError, UncertaintyError
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.shown import show
from carbonacct.texts import say
from carbonacct.uncertainty import (
    find_key_categories,
    model_inventory,
    simulate,
    tabulate_categories,
)
from carbonacct.uncertainty.interval_parts import list_all_parts
from carbonacct.uncertainty.key_categories import check_trend

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.report.shown import Showable
    from carbonacct.uncertainty import DrawModel


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
    parts
        The inputs that make each interval (:func:`carbonacct.uncertainty.interval_parts.list_parts`),
        with ``area, year, gas``; none of more than 60 areas and years.
    """

    intervals: pd.DataFrame
    categories: pd.DataFrame
    findings: tuple[Finding, ...]
    parts: pd.DataFrame = field(default_factory=pd.DataFrame)


def assess_uncertainty(
    inventories: Showable,
    *,
    gwp: str | None = None,
    seed: int = 0,
    draws: int | None = None,
    statistics: str = "default",
    inputs: str | Path | None = None,
    bounds_from: str = "",
    exact: bool = False,
    allow_unverified: bool = False,
) -> Assessment:
    """Return the 95 % intervals of totals by Monte Carlo, and the key categories.

    Of energy alone of direct CO2, of all sectors a gas at a time.

    Parameters
    ----------
    inventories
        Of all sectors, or energy inventories, one or many; a factor row that they share is drawn
        once for all of them. A total that lacks a part has the interval of what has a number.
    gwp
        Of all sectors, name of a metric: all gases as CO2-equivalents too, and the key categories
        by it.
    seed
        Same seed, same intervals.
    draws
        As in :func:`carbonacct.simulate`.
    statistics, inputs, bounds_from, exact, allow_unverified
        As in :func:`carbonacct.model_inventory`.

    Returns
    -------
    Assessment
        Of all sectors ``intervals`` with the column ``gas``; ``categories`` of CO2-equivalent, or
        of the one gas that there is; none of several gases without a metric, which are not ranked
        but by one.

    Raises
    ------
    OutputError
        If energy inventories have no CO2, or two of them hold one area and year.
    UncertaintyError
        If nothing has a number, or the inventory was read from a file.

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
    >>> made = ca.compile_sectors("docs/tables/chongqing_2007_activities.csv", method="provincial-2011")
    >>> assess_uncertainty(made.select(gas="CH4")).intervals[["gas", "draws"]].values.tolist()
    [['CH4', 16384]]
    """
    shown = show(inventories)
    known = {
        "statistics": statistics,
        "inputs": inputs,
        "bounds_from": bounds_from,
        "exact": exact,
        "allow_unverified": allow_unverified,
    }
    drawn = {"seed": seed, "draws": draws}
    if shown.is_energy_alone:
        return _assess_energy(shown.record, drawn=drawn, known=known)
    return _assess_uncertainty(shown.record, gwp=gwp, drawn=drawn, known=known)


def _assess_energy(
    inventory: Inventory, *, drawn: Mapping[str, Any], known: Mapping[str, Any]
) -> Assessment:
    """Return the interval of direct CO2, from fuels alone."""
    held = inventory.entries
    direct = held[(held["scope"] == 1) & (held["gas"] == "CO2")]
    if direct.empty:
        raise OutputError(
            say("the uncertainty is that of direct CO2, and the inventory has none; add --gas CO2")
        )
    made = replace(inventory, entries=direct.reset_index(drop=True))
    model = model_inventory(made, **known)
    found = simulate(model, **drawn)
    frame = found.to_frame()
    intervals = frame.assign(
        level=f"{100 * found.level:g} %", draws=found.draws, seed=found.seed, narrow=model.exact
    )
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
    categories, uneven = _find_categories(model, frame)
    findings = (*found.findings, *uneven)
    return Assessment(intervals[columns], categories, findings, list_all_parts(model, frame, "CO2"))


def _find_categories(
    model: DrawModel, intervals: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the key categories of the latest year of each area, and why one has no trend."""
    categories, findings = [], list[Finding]()
    for area, part in intervals.groupby("area", sort=False):
        latest, first = int(part["year"].max()), int(part["year"].min())
        base = first if first < latest else None
        table = tabulate_categories(model, latest=latest, base=base, area=str(area))
        findings += check_trend(table, area=str(area), base=base, latest=latest)
        categories.append(find_key_categories(table).assign(area=area, year=latest))
    whole = pd.concat(categories, ignore_index=True)
    columns = ["area", "year", *[name for name in whole.columns if name not in {"area", "year"}]]
    return whole[columns], findings


def _assess_uncertainty(
    inventory: Inventory, *, gwp: str | None, drawn: Mapping[str, Any], known: Mapping[str, Any]
) -> Assessment:
    held = inventory.entries
    direct = (held["scope"] == 1) & (held["kind"] != "memo") & held["value"].notna()
    frames, categories, findings = [], pd.DataFrame(), list[Finding]()
    parts = []
    gases = [*map(str, held.loc[direct, "gas"].unique()), *([gwp] if gwp else [])]
    for gas in gases:
        model = model_inventory(
            inventory,
            gas="CO2" if gas == gwp else gas,
            gwp=gwp if gas == gwp else None,
            **known,
        )
        found = simulate(model, **drawn)
        frame = found.to_frame().assign(
            gas=name_equivalent(gwp) if gwp and gas == gwp else gas,
            level=f"{100 * found.level:g} %",
            draws=found.draws,
            seed=found.seed,
            narrow=model.exact,
        )
        frames.append(frame)
        parts.append(list_all_parts(model, frame, str(frame["gas"].iloc[0])))
        findings += found.findings
        if gas == gwp or len(gases) == 1:
            # Why there is no trend is said beside the key categories of all sectors.
            categories, _ = _find_categories(model, frame)
    if not frames:
        raise UncertaintyError(say("the inventory has no number whose interval could be given"))
    whole = pd.concat(frames, ignore_index=True)
    first = ["area", "year", "gas"]
    columns = [*first, *[name for name in whole.columns if name not in first]]
    told = pd.concat(parts, ignore_index=True)
    return Assessment(whole[columns], categories, tuple(dict.fromkeys(findings)), told)
