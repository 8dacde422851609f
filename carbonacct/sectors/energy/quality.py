"""Quality checks of inventories: each a rule of the register ``factors/vocabulary/checks.csv``."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import SEVERITIES, CarbonacctError, Finding, MethodError
from carbonacct.factors import FactorTable, find_stand_ins, load_edition, load_method, row_value
from carbonacct.inventory.record import Inventory
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.calorific import find_energy_per_unit
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.inventory_cache import FINDINGS, keep_per_record
from carbonacct.sectors.energy.reconciliation import list_cells, list_energy
from carbonacct.texts import Both, as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_JUMP = 3.0  # a cell that trebles, or falls to a third, from one year to the next
_LARGE = 0.01  # of the total: smaller cells may jump
_APART = 0.01  # areas against the area that they are parts of
_SAME_DIGITS = 4
_WINDOW = 5  # years


def list_rules() -> pd.DataFrame:
    """Return the register of checks: ``rule, severity, what_zh, what_en, reference``.

    Examples
    --------
    >>> rules = list_rules().set_index("rule")
    >>> rules.loc["implied-factor", "severity"]
    'warning'
    """
    rows = read_rows(data_folder() / "vocabulary" / "checks.csv")
    return pd.DataFrame(rows)[["rule", "severity", "what_zh", "what_en", "reference"]]


@cache
def read_comparisons() -> dict[str, dict[str, str]]:
    """Return what the checks compare with."""
    content: dict[str, dict[str, str]] = tomllib.loads(
        (data_folder() / "vocabulary" / "quality.toml").read_text(encoding="utf-8")
    )
    return content


def check_quality(
    inventories: EnergyInventory | Inventory | Sequence[EnergyInventory | Inventory],
    *,
    drivers: pd.DataFrame | None = None,
    parents: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Check inventories against published bounds, against each other, and in time.

    Parameters
    ----------
    inventories
        One inventory, or several, of energy or of all sectors: years and areas are compared with
        each other, sources of other sectors as rows of a table, each gas with itself.
    parents
        The area that an area is part of, by name, where the vocabulary does not know it: cities and
        their province.
    drivers
        ``area, year, population`` (persons) and ``gdp`` (1000 yuan), for what a head and a unit of
        GDP emit, and burn.

    Returns
    -------
    list of Finding
        With rules of :func:`list_rules`, errors first.

    Raises
    ------
    MethodError
        If ``drivers`` lacks a column, has two rows for an area and year, or none for any.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 1, Ch. 6, table 6.1 (general quality checks) and Vol. 2, Ch. 6 (the
    two approaches).

    Examples
    --------
    >>> import carbonacct as ca
    >>> findings = check_quality(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011"))
    >>> sorted({finding.rule for finding in findings})
    ['approaches-apart', 'implied-factor']
    """
    given = [inventories] if isinstance(inventories, (EnergyInventory, Inventory)) else inventories
    listed = list(given)
    energy = list_energy(listed)
    findings = [finding for inventory in energy for finding in _check_alone(inventory)]
    for gas in _list_gases(listed):
        cells = list_cells([one for one in listed if gas in _list_gases([one])], gas=gas)
        findings += [*_check_series(cells, gas), *_check_parts((cells, gas), parents or {})]
    if drivers is not None:
        findings += _check_drivers(_measure_totals(energy), drivers)
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def _list_gases(inventories: Sequence[EnergyInventory | Inventory]) -> list[str]:
    """Return CO2, and the other gases that count in inventories of all sectors and have a number."""
    held = [one.entries for one in inventories if isinstance(one, Inventory)]
    counted = [
        rows[(rows["scope"] == 1) & (rows["kind"] != "memo") & rows["value"].notna()]
        for rows in held
    ]
    gases = [gas for rows in counted for gas in rows["gas"].unique()]
    of_energy = ["CO2"] if any(isinstance(one, EnergyInventory) for one in inventories) else []
    return list(dict.fromkeys([*of_energy, *map(str, gases)]))


def _list_alone(inventory: EnergyInventory) -> list[Finding]:
    """Return what the checks find in one inventory, others aside."""
    return list(_check_one(inventory))


def _check_one(inventory: EnergyInventory) -> Iterator[Finding]:
    yield from _check_implied(inventory)
    yield from _check_same_numbers(inventory)
    try:
        yield from (
            finding
            for finding in shared_approaches(inventory).findings
            if finding.rule == "approaches-apart"
        )
    except CarbonacctError as error:  # a table without supply has no reference approach
        yield Finding(
            "no-reference-approach",
            "info",
            say("the approaches are not compared: {error}", error=error),
        )


_check_alone = keep_per_record(_list_alone, FINDINGS)


def _check_implied(inventory: EnergyInventory) -> Iterator[Finding]:
    """Compare t CO2 per TJ of each product with the bounds of IPCC table 1.4."""
    balance = inventory.balance
    bounds, stand_ins = _load_bounds()
    lookup = stand_ins | inventory.method.stand_ins
    cells = list_cells(inventory)
    cells = cells.assign(energy=_find_energy(inventory, cells))[
        (cells["amount"] > 0) & (cells["value"] > 0)
    ]
    for product, group in cells.groupby("product", sort=False):
        names = find_stand_ins(str(product), lookup)
        asked = next(filter(bounds.has_own, names), names[-1])
        row = bounds.choose(asked, "", "", balance.years[0], category="")
        if row is None:
            continue
        # Where the row prints no bounds, they are NaN, and nothing lies outside.
        implied = group["value"] / group["energy"] * 1e3  # t CO2 per TJ
        lower, upper = (
            row_value(row, "t CO2/TJ") / row.value * bound for bound in (row.lower, row.upper)
        )
        outside = (implied < lower) | (implied > upper)
        if outside.any():
            first = group[outside].iloc[0]
            ends = (implied[outside].min(), implied[outside].max())
            seen = join_texts(" to ", dict.fromkeys(f"{value:.2f}" for value in ends))
            yield Finding(
                "implied-factor",
                "warning",
                say(
                    "{product} emits {seen} t CO2/TJ in {outside_sum} of {group_count} "
                    "cells; IPCC gives {lower:.2f} to {upper:.2f} ({item})",
                    product=product,
                    seen=seen,
                    outside_sum=int(outside.sum()),
                    group_count=len(group),
                    lower=lower,
                    upper=upper,
                    item=row.item,
                ),
                balance.address(first.area, first.year, first.flow, first["product"]),
                say("check the unit of the column, and the oxidation factor of the method"),
            )


@cache
def _load_bounds() -> tuple[FactorTable, dict[str, str]]:
    """Return the factors that have published bounds, and the products that stand in for others there."""
    rule = read_comparisons()["bounds"]
    table = FactorTable([load_edition(rule["edition"])], "emission_factor", "CO2")
    return table, load_method(rule["method"]).stand_ins


def _find_energy(inventory: EnergyInventory, cells: pd.DataFrame) -> np.ndarray:
    """Return the energy of cells in GJ, NaN where the method has no calorific value."""
    emissions = inventory.emissions
    at = tuple(
        emissions.indexes[dim].get_indexer(cells[dim])
        for dim in ("area", "year", "flow", "product")
    )
    return np.asarray(
        cells["amount"].to_numpy() * find_energy_per_unit(inventory.balance, inventory.method)[at]
    )


def _check_same_numbers(inventory: EnergyInventory) -> Iterator[Finding]:
    """Look for one number of many digits that stands twice in a column, in rows that are no parts of each other."""
    balance = inventory.balance
    here = ~np.isnan(inventory.tonnes_of("CO2").values)
    place = balance.place.values[here]
    numbers = balance.amounts.values[here]  # as read, where it was printed nowhere
    numbers[place >= 0] = balance.places.printed[place[place >= 0]]
    cells = pd.DataFrame(dict(zip("ayfp", np.nonzero(here), strict=True))).assign(
        number=np.abs(numbers)
    )
    twice = cells[(cells["number"] != 0) & cells.duplicated(["a", "y", "p", "number"], keep=False)]
    for _, rows in twice.groupby(["a", "y", "p", "number"], sort=False):
        a, y, _, p, number = rows.iloc[0]
        # Two rows that both print 50 are chance.
        if len(f"{number:.9e}".split("e")[0].replace(".", "").rstrip("0")) >= _SAME_DIGITS:
            area, year, product, flows = (
                balance.areas[int(a)],
                balance.years[int(y)],
                balance.products[int(p)],
                [balance.flows[f] for f in rows["f"]],
            )
            yield Finding(
                "same-number",
                "warning",
                say(
                    "{product} is {number:g} in {flows}",
                    product=product,
                    number=number,
                    flows=" and in ".join(flows),
                ),
                balance.address(area, year, flows[1], product),
                say("check that a row was not copied"),
            )


def _check_series(cells: pd.DataFrame, gas: str) -> Iterator[Finding]:
    """Look for cells that jump from one year to the next, and for years that stand far from the years beside them."""
    totals = cells.groupby(["area", "year"])["value"].transform("sum")
    cells = cells.assign(share=cells["value"] / totals.where(totals != 0)).sort_values(
        "year", kind="stable"
    )
    for (area, flow, product), group in cells.groupby(["area", "flow", "product"], sort=False):
        years, values, large = (group[name].to_numpy() for name in ("year", "value", "share"))
        # Both years above 0: what starts or stops has lost no decimal point.
        counts = (np.maximum(large[1:], large[:-1]) > _LARGE) & (values[1:] > 0) & (values[:-1] > 0)
        ratio = np.divide(values[1:], values[:-1], out=np.ones(len(values[1:])), where=counts)
        jumps = np.flatnonzero((ratio > _JUMP) | (ratio < 1 / _JUMP))
        for i in jumps:
            seen = say(
                "from {value:,.0f} t {gas} in {year} to {next_value:,.0f} in {next_year}, "
                "{ratio:.2g} times",
                gas=gas,
                value=values[i],
                year=years[i],
                next_value=values[i + 1],
                next_year=years[i + 1],
                ratio=ratio[i],
            )
            yield Finding(
                "jump",
                "warning",
                say(
                    "{product} of {flow} of {area} goes {seen}"
                    if product
                    else "{flow} of {area} goes {seen}",
                    product=product,
                    flow=flow,
                    area=area,
                    seen=seen,
                ),
                "",
                say("check both years for a unit, a lost decimal point or a changed definition"),
            )
        for i in np.flatnonzero(_find_outliers(values) & (large > _LARGE)):
            if not np.isin([i - 1, i], jumps).any():  # said already
                times = values[i] / np.median(values[max(i - 2, 0) : i + 3])
                yield Finding(
                    "outlier",
                    "warning",
                    say(
                        "{product} of {flow} of {area} is {value:,.0f} t {gas} in {year}, "
                        "{times:.2g} times the median of the years about it"
                        if product
                        else "{flow} of {area} is {value:,.0f} t {gas} in {year}, {times:.2g} "
                        "times the median of the years about it",
                        gas=gas,
                        product=product,
                        flow=flow,
                        area=area,
                        value=values[i],
                        year=years[i],
                        times=times,
                    ),
                    "",
                    say("check the year for a unit, a digit or a changed definition"),
                )


def _find_outliers(values: np.ndarray) -> np.ndarray:
    """Return which years of a series are outliers by the Hampel identifier in logarithms.

    A year is one where it is further from the median of five years about it than three times their
    scaled median absolute deviation (1.4826 MAD), and a fifth or more away. Hampel (1974), J. Am.
    Stat. Assoc. 69, 383-393.
    """
    found = np.zeros(len(values), bool)
    if len(values) < _WINDOW or not (values > 0).all():
        return found
    logs = np.lib.stride_tricks.sliding_window_view(np.log(values), _WINDOW)
    median = np.median(logs, axis=1)
    spread = 1.4826 * np.median(np.abs(logs - median[:, None]), axis=1)
    half = _WINDOW // 2
    away = np.abs(logs[:, half] - median)
    found[half:-half] = (away > 3 * spread) & (away > np.log(1.2))
    return found


def _check_parts(of_gas: tuple[pd.DataFrame, str], parents: Mapping[str, str]) -> Iterator[Finding]:
    """Compare areas with the area that they are parts of, by the cells of a gas."""
    cells, gas = of_gas
    totals = cells.groupby(["area", "year"])["value"].sum()
    names = [str(area) for area in cells["area"].unique()]
    identifiers = {name: vocabulary.resolve("area", name) or "" for name in names}
    known = {identifier: name for name, identifier in identifiers.items() if identifier}
    above = {
        name: known.get(vocabulary.areas()[identifier].parent, "")
        for name, identifier in identifiers.items()
        if identifier
    }
    above |= parents
    for whole in dict.fromkeys(above[name] for name in names if above.get(name)):
        for year in sorted({int(y) for _, y in totals.index}):
            parts = [
                name for name in names if above.get(name) == whole and (name, year) in totals.index
            ]
            if not parts or (whole, year) not in totals.index:
                continue
            added, given = (
                sum(float(totals[part, year]) for part in parts),
                float(totals[whole, year]),
            )
            if added > given * (1 + _APART):
                yield Finding(
                    "parts-exceed-whole-area",
                    "warning",
                    say(
                        "{part_count} parts of {whole} emit {added:,.0f} t {gas} in {year}, "
                        "{change:.1f} % more than {whole} with {given:,.0f}",
                        gas=gas,
                        part_count=len(parts),
                        whole=whole,
                        added=added,
                        year=year,
                        change=100 * (added / given - 1),
                        given=given,
                    ),
                    "",
                    say("reconcile() shows where"),
                )


def _measure_totals(inventories: Sequence[EnergyInventory]) -> pd.DataFrame:
    """Return CO2 (t) and the energy of the fuels burnt (GJ) by area and year; no energy where a fuel's is not known."""
    frames = []
    for inventory in inventories:
        cells = list_cells(inventory)
        frames.append(
            cells.assign(energy=np.where(cells["amount"] != 0, _find_energy(inventory, cells), 0.0))
        )
    groups = pd.concat(frames, ignore_index=True).groupby(["area", "year"], sort=False)
    return groups.agg(
        co2=("value", "sum"), energy=("energy", lambda values: values.sum(skipna=False))
    ).reset_index()


def _check_drivers(totals: pd.DataFrame, drivers: pd.DataFrame) -> Iterator[Finding]:
    """Compare what a head and a unit of GDP emit and use with plausible ranges."""
    if lacking := [column for column in ("area", "year") if column not in drivers.columns]:
        raise MethodError(
            say(
                "drivers have no column {lacking!r}; they have {columns}",
                lacking=lacking[0],
                columns=as_typed(map(str, drivers.columns)),
            )
        )
    if (twice := find_repeated(drivers, ["area", "year"])) is not None:
        raise MethodError(
            say(
                "drivers have two rows for {area} {year}; keep one",
                area=twice["area"],
                year=twice["year"],
            )
        )
    both = totals.merge(drivers, on=["area", "year"])
    if both.empty:
        first = [
            f"{frame['area'].iloc[0]} {frame['year'].iloc[0]}" if len(frame) else "nothing"
            for frame in (totals, drivers)
        ]
        raise MethodError(
            say(
                "drivers have no row for {first}; they have {first_1}: use the names of the tables",
                first=first[0],
                first_1=first[1],
            )
        )
    for row in read_rows(data_folder() / "vocabulary" / "plausible.csv"):
        if row["driver"] not in both.columns:
            continue
        for one in both[both[row["driver"]] > 0].to_dict("records"):
            ratio = one[row["what"]] / one[row["driver"]]
            if ratio < float(row["lower"]) or ratio > float(row["upper"]):
                yield Finding(
                    "implausible",
                    "warning",
                    say(
                        "{area} {year} emits {ratio:.4g} {unit}; {reason} is {lower} to {upper}"
                        if row["what"] == "co2"
                        else "{area} {year} burns {ratio:.4g} {unit}; {reason} is {lower} to "
                        "{upper}",
                        area=one["area"],
                        year=one["year"],
                        ratio=ratio,
                        unit=row["unit"],
                        reason=Both(row["reason_en"], row["reason_zh"]),
                        lower=row["lower"],
                        upper=row["upper"],
                    ),
                    "",
                    say("check the unit of {driver}, and the table", driver=row["driver"]),
                )
