"""Electricity and heat brought in from outside: scope 2, with the factor of the area's grid and year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, MethodError, did_you_mean
from carbonacct.factors import FactorTable, Selection, row_value
from carbonacct.factors.methods import pick_sources
from carbonacct.inventory.activity import leaves
from carbonacct.inventory.chain import Chain

if TYPE_CHECKING:
    from carbonacct.factors import FactorRow, Method
    from carbonacct.factors.methods import BroughtIn
    from carbonacct.tables import EnergyBalance

LEVELS = ("province", "grid", "nation")


@dataclass(frozen=True)
class Indirect:
    """Scope 2 of one product: where it is brought in, and the chain of factors there."""

    amount: np.ndarray
    chain: Chain
    findings: tuple[Finding, ...]


def find_brought_in(
    balance: EnergyBalance, method: Method, gas: str = "CO2", grid: str | None = None
) -> list[Indirect]:
    """Return what is brought in of electricity and heat, with its factors.

    Parameters
    ----------
    balance, method
        The table, and the flows, parameter and editions that the method names.
    gas
        The gas that is emitted outside.
    grid
        ``"province"``, ``"grid"`` (the region) or ``"nation"``, or the name of an area whose factor to take;
        by default the finest level of the area that has a factor for the year.

    Notes
    -----
    Provincial guideline 2011, Ch. 1.6: indirect emissions of electricity moved in. A year or area without a
    factor is a finding that says which years exist; its cells have no number.
    """
    return [
        _brought_in(balance, method, rule, gas, grid) for rule in method.brought_in if rule.product in balance.products
    ]


def _brought_in(balance: EnergyBalance, method: Method, rule: BroughtIn, gas: str, grid: str | None) -> Indirect:
    p = balance.products.index(rule.product)
    shape = balance.amounts.shape
    findings: list[Finding] = []
    amount = np.full(shape, np.nan)
    rows = [balance.flows.index(flow) for flow in rule.flows if flow in balance.flows]
    supply = any(method.role(flow, balance.parents) == "supply" for flow in balance.flows)
    if not supply:  # a consumption table: what is used there, from wherever it comes
        used = [
            method.role(flow, balance.parents) == "combustion" and not balance.is_part(flow, "transformation")
            for flow in balance.flows
        ]
        leaf = leaves(balance)[..., p] & np.array(used)
        amount[..., p] = np.where(leaf, balance.amounts.values[..., p], np.nan)
        if leaf.any():
            findings.append(Finding("consumption-as-brought-in", "warning",
                                    f"the table has no supply rows: all {rule.product} used is taken as brought in (scope 2); what was generated inside is counted twice",
                                    _address(balance, leaf, p), "use the area's energy balance if there is one"))  # fmt: skip
    amount[:, :, rows, p] = balance.amounts.values[:, :, rows, p] if supply else amount[:, :, rows, p]
    unit = "kWh" if rule.product == "electricity" else "GJ"
    held = str(balance.amounts["unit"].values[p])
    selections, units, divided = [], [], []
    factor = np.ones(shape)
    if held == "tce":
        table = (
            FactorTable(pick_sources(method, (method.standard_quantity,)), "coal_equivalent_coefficient")
            if method.standard_quantity
            else None
        )
        row = table.choose(rule.product, "", "", balance.years[0]) if table else None
        if row is None:
            findings.append(
                Finding(
                    "no-coefficient",
                    "warning",
                    f"{rule.product} is in coal equivalent and {method.id} has no coefficient for it; scope 2 is not counted",
                )
            )
            amount[:] = np.nan
        else:
            coefficient = _constant(row, row_value(row, f"tce/{unit}"), p, shape)
            selections, units, divided = [coefficient], [{rule.product: f"tce/{unit}"}], [True]
            factor = factor / np.nan_to_num(coefficient.values, nan=1.0)
            held = unit
    chosen = _grid_factors(balance, method, rule, gas, (held, grid), findings, amount[..., p])
    with np.errstate(invalid="ignore"):
        factor = factor * chosen.values
    complete = chosen.row >= 0
    chain = Chain((*(["coal_equivalent_coefficient"] if selections else []), rule.parameter), (*units, {rule.product: f"t {gas}/{held}"}),
                  (*selections, chosen), (*divided, False), np.where(complete, factor, np.nan), complete)  # fmt: skip
    return Indirect(amount, chain, tuple(findings))


def _address(balance: EnergyBalance, where: np.ndarray, p: int) -> str:
    a, y, f = np.argwhere(where)[0]
    return balance.address_at(a, y, f, p)


def _constant(row: FactorRow, value: float, p: int, shape: tuple[int, ...]) -> Selection:
    values, index = np.full(shape, np.nan), np.full(shape, -1, np.int32)
    values[..., p], index[..., p] = value, 0
    return Selection(row.parameter, values, index, (row,))


def _grid_factors(balance: EnergyBalance, method: Method, rule: BroughtIn, gas: str, options: tuple[str, str | None],
                  findings: list[Finding], amount: np.ndarray) -> Selection:  # fmt: skip
    held, grid = options
    table = FactorTable(
        pick_sources(method, rule.editions), rule.parameter, gas, allow_unverified=method.allow_unverified
    )
    shape = balance.amounts.shape
    p = balance.products.index(rule.product)
    values, index = np.full(shape, np.nan), np.full(shape, -1, np.int32)
    rows: list[FactorRow] = []
    used: dict[int, int] = {}
    for a, name in enumerate(balance.areas):
        candidates = find_candidates(name, rule, grid) if rule.levels else [""]
        for y, year in enumerate(balance.years):
            needed = np.nan_to_num(amount[a, y]) != 0
            row = next((row for area in candidates if (row := table.choose(rule.product, "", area, year))), None)
            if row is None:
                if needed.any():
                    findings.append(_no_factor(balance, table, rule, (name, year, candidates), needed))
                continue
            if id(row) not in used:
                used[id(row)] = len(rows)
                rows.append(row)
            values[a, y, :, p], index[a, y, :, p] = row_value(row, f"t {gas}/{held}"), used[id(row)]
    return Selection(rule.parameter, values, index, tuple(rows))


def find_candidates(name: str, rule: BroughtIn, grid: str | None) -> list[str]:
    """Return the areas whose factor may serve an area, the finest first."""
    if grid and grid not in {*LEVELS, "region"}:
        found = vocabulary.resolve("area", grid)
        if not found:
            raise MethodError(
                f"no grid or area {grid!r}; {did_you_mean(grid, [*LEVELS, *vocabulary.areas()])} known: province, region, nation, or the name of a province or grid region"
            )
        return [found]
    area = vocabulary.areas().get(vocabulary.resolve("area", name) or "")
    if area is None:
        return ["CN"] if grid == "nation" else []
    province = area.id if area.level == "province" else area.parent if area.level == "city" else ""
    region = area.id if area.level == "grid" else vocabulary.areas()[province].grid if province else ""
    by_level = {"province": province, "grid": region, "nation": "CN"}
    levels = [{"region": "grid"}.get(grid, grid)] if grid else list(rule.levels)
    candidates: list[str] = []
    for level in levels:
        candidates.append(by_level[level])
        # The southwest was part of the central grid until 2020: a region without a factor asks the one it came from.
        while level == "grid" and (above := vocabulary.areas().get(candidates[-1])) and above.parent.startswith("grid"):
            candidates.append(above.parent)
    return [candidate for candidate in candidates if candidate]


def _no_factor(
    balance: EnergyBalance, table: FactorTable, rule: BroughtIn, asked: tuple[str, int, list[str]], needed: np.ndarray
) -> Finding:
    name, year, candidates = asked
    a, y = balance.areas.index(name), balance.years.index(year)
    f, p = int(np.flatnonzero(needed)[0]), balance.products.index(rule.product)
    where = balance.address_at(a, y, f, p)
    if not candidates:
        message, action = f"the grid of area {name!r} is not known", "pass --grid with the name of its province"
    else:
        years = {area: table.years(rule.product, area) for area in candidates}
        known = "; ".join(f"{area}: {', '.join(map(str, found)) or 'none'}" for area, found in years.items())
        message, action = (
            f"no {rule.parameter} of {name} for {year}; years that exist: {known}",
            "scope 2 is not counted; lay an overlay with it over the method (--overlay)",
        )
    return Finding("no-grid-factor", "warning", message, where, action)
