"""Electricity and heat brought in from outside: scope 2, with the factor of the area's grid and year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.check.counting import TOTAL, is_stock
from carbonacct.errors import Finding, MethodError, did_you_mean, name_some
from carbonacct.factors import FactorTable, Selection, row_value
from carbonacct.factors.methods import pick_sources
from carbonacct.factors.selection import keep_table
from carbonacct.records.area_names import find_places
from carbonacct.sectors.energy.activity import is_used
from carbonacct.sectors.energy.chain import Chain
from carbonacct.sectors.energy.scope2 import find_kinds
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import FactorRow, Method
    from carbonacct.factors.method import ImportedEnergy
    from carbonacct.sectors.energy.cube import EnergyInventory

_MOST_NAMED = 10
LEVELS = ("province", "grid", "nation")
_DISTRICT = re.compile(r"[区县市旗乡镇]$|街道$|\b(?:district|county)\b", re.IGNORECASE)
# What is named to say where an area is not: 北京市以外地区.
_ELSEWHERE = re.compile(
    r"[以之]外|除|其[他它]|\b(?:outside|except|excluding|other|rest)\b", re.IGNORECASE
)
_SAID = {"country": "nation", "region": "grid"}


@dataclass(frozen=True)
class Indirect:
    """Scope 2 of a product (a column of the balance), and its chain of factors.

    What is brought in, less sent out (area, year, flow).
    """

    column: int
    amount: np.ndarray
    chain: Chain
    findings: tuple[Finding, ...]


def find_imported_energy(
    balance: EnergyBalance,
    method: Method,
    leaf: np.ndarray,
    gas: str = "CO2",
    *,
    grid: str | None = None,
) -> list[Indirect]:
    """Return what is brought in of electricity and heat, and what is sent out (negative), with its factors.

    Parameters
    ----------
    balance, method
        The table, and the flows, parameter and editions that the method names.
    leaf
        The cells of the table that count (:func:`carbonacct.sectors.energy.finest_cells.find_finest_cells`).
    gas
        The gas that is emitted outside.
    grid
        ``"province"``, ``"grid"`` (the region) or ``"nation"``, or the name of an area whose factor
        to take; by default the finest level of the area that has a factor for the year.

    Notes
    -----
    Provincial guideline 2011, Ch. 1.6: indirect emissions of electricity moved in and out. A year
    or area without a factor is a finding that says which years exist; its cells have no number.
    """
    return [
        _find_imported_product(
            balance, method, rule, leaf, column=p, counts=counts, gas=gas, grid=grid
        )
        for rule in method.imported_energy
        for p, counts in find_kinds(balance, rule.product).items()
    ]


def _has_supply(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return the area-years (area, year) with a number in a row of supply that is none of stocks."""
    rows = [
        f
        for f, flow in enumerate(balance.flows)
        if method.role(flow, balance.parents) == "supply" and not is_stock(balance, flow)
    ]
    return np.asarray(~np.isnan(balance.amounts.values[:, :, rows]).all(axis=(2, 3)))


def _find_imported_product(
    balance: EnergyBalance,
    method: Method,
    rule: ImportedEnergy,
    leaf: np.ndarray,
    *,
    column: int,
    counts: np.ndarray,
    gas: str,
    grid: str | None,
) -> Indirect:
    """Return what crosses the border of one kind of a product, with the factor that all its kinds have."""
    p, product = column, balance.products[column]
    amount, findings = _find_amount(balance, method, rule, leaf[..., p], p=p, counts=counts)
    factor = np.ones((*balance.amounts.shape[:2], 1, balance.amounts.shape[3]))
    steps: list[tuple[str, dict[str, str], Selection, bool]] = []
    held = str(balance.amounts["unit"].values[p])
    unit = "kWh" if rule.product == "electricity" else "GJ"
    if held in {"tce", "t"}:
        coefficient, notes = _find_coefficient(balance, method, rule, p=p, unit=f"tce/{unit}")
        findings += notes
        if coefficient is None:
            factor[:], held = np.nan, unit
        else:
            units = {product: f"tce/{unit}"}
            steps = [(coefficient.parameter, units, coefficient, True)]
            factor = factor / np.nan_to_num(coefficient.held_values, nan=1.0)
            held = unit
    chosen, missing = _grid_factors(
        balance, method, rule, amount, p=p, gas=gas, grid=grid, held=held
    )
    findings += missing
    steps.append((rule.parameter, {product: f"t {gas}/{held}"}, chosen, False))
    with np.errstate(invalid="ignore"):
        factor = factor * chosen.held_values
    known = (chosen.held_row >= 0) & ~np.isnan(factor)
    parameters, units_of, selections, divided = zip(*steps, strict=True)
    chain = Chain(
        parameters=parameters,
        units=units_of,
        selections=selections,
        divided=divided,
        held_factor=np.where(known, factor, np.nan),
        held_complete=known,
        shape=balance.amounts.shape,
    )
    return Indirect(p, amount, chain, tuple(findings))


def _find_amount(
    balance: EnergyBalance,
    method: Method,
    rule: ImportedEnergy,
    leaf: np.ndarray,
    *,
    p: int,
    counts: np.ndarray,
) -> tuple[np.ndarray, list[Finding]]:
    """Return what crosses the border by area, year and flow; of a table without supply rows, what is used."""
    printed = np.ascontiguousarray(balance.amounts.values[..., p])
    amount = np.full(printed.shape, np.nan)
    findings: list[Finding] = []
    supply = _has_supply(balance, method)
    # A table of consumption says nothing of what the area generates itself.
    if not supply.all():
        used = [
            flow == f"{TOTAL}{vocabulary.REMAINDER}"
            or (
                method.role(flow, balance.parents) == "combustion"
                and not balance.is_part(flow, "transformation")
            )
            for flow in balance.flows
        ]
        counted = leaf & np.array(used) & ~supply[..., None]
        amount = np.where(counted, printed, np.nan)
        taken = counted & is_used(printed)
        if taken.any():
            findings.append(
                Finding(
                    "consumption-as-brought-in",
                    "warning",
                    say(
                        "the table has no supply rows: all {product} used is taken as "
                        "brought in (scope 2); what was generated inside is counted twice",
                        product=balance.products[p],
                    ),
                    _address(balance, taken, p),
                    say("use the area's energy balance if there is one"),
                )
            )
            findings += _note_losses(balance, printed, counted.any(axis=2), p)
    rows = [balance.flows.index(flow) for flow in rule.flows if flow in balance.flows]
    crossing = np.where(counts, printed, np.nan)
    amount[:, :, rows] = np.where(supply[..., None], crossing[:, :, rows], amount[:, :, rows])
    return amount, findings


def _note_losses(
    balance: EnergyBalance, printed: np.ndarray, used: np.ndarray, p: int
) -> Iterator[Finding]:
    """Say which losses beside what is used, and taken as brought in, do not count: 线路损失 beside 全社会用电量."""
    are_lost = [flow == "losses" or balance.is_part(flow, "losses") for flow in balance.flows]
    lost = used[..., None] & np.array(are_lost) & (np.nan_to_num(printed) != 0)
    for f in np.flatnonzero(lost.any(axis=(0, 1)))[:1]:
        a, y = np.argwhere(lost[..., f])[0].tolist()
        yield Finding(
            "losses-beside-use",
            "warning",
            say(
                "{flow} of {product}, {amount:,.10g} {unit} in {year}, is no use and does not count; the scope 2 "
                "of an area counts it where the table prints what is brought in",
                flow=balance.flows[f],
                product=balance.products[p],
                amount=float(printed[a, y, f]),
                unit=str(balance.amounts["unit"].values[p]),
                year=balance.years[y],
            ),
            balance.locate(a, y, int(f), p),
            say("use the area's energy balance if there is one"),
        )


def _find_coefficient(
    balance: EnergyBalance, method: Method, rule: ImportedEnergy, *, p: int, unit: str
) -> tuple[Selection | None, list[Finding]]:
    """Return the coefficient that turns coal equivalent of a product into what is traded, if the method has one."""
    row, product = None, balance.products[p]
    if method.standard_quantity and str(balance.amounts["unit"].values[p]) == "tce":
        sources = pick_sources(method, method.standard_quantity)
        table = FactorTable(sources, "coal_equivalent_coefficient")
        row = table.choose(rule.product, "", "", balance.years[0])
    if row is None:
        lacking = Finding(
            "no-coefficient",
            "warning",
            say(
                "{product} is in {unit} and {id} has no coefficient for it; scope 2 is not counted",
                product=product,
                unit=str(balance.amounts["unit"].values[p]),
                id=method.id,
            ),
        )
        return None, [lacking]
    shape = balance.amounts.shape
    coefficient = _constant(row, row_value(row, unit), p, shape)
    others = [str(year) for year in balance.years if row.years_from(year)]
    if not others:
        return coefficient, []
    other = Finding(
        "other-edition",
        "info",
        say(
            "coal_equivalent_coefficient of {product} in {others} is that "
            "of {edition}: no tables of the year give one",
            product=product,
            others=join_texts(", ", others),
            edition=row.edition,
        ),
        row.place,
    )
    return coefficient, [other]


def _address(balance: EnergyBalance, where: np.ndarray, p: int) -> str:
    a, y, f = np.unravel_index(np.argmax(where), where.shape)
    return balance.locate(int(a), int(y), int(f), p)


def _constant(row: FactorRow, value: float, p: int, shape: tuple[int, ...]) -> Selection:
    values, index = np.full((1, 1, 1, shape[3]), np.nan), np.full((1, 1, 1, shape[3]), -1, np.int32)
    values[..., p], index[..., p] = value, 0
    return Selection(
        parameter=row.parameter, held_values=values, held_row=index, rows=(row,), shape=shape
    )


def _grid_factors(
    balance: EnergyBalance,
    method: Method,
    rule: ImportedEnergy,
    amount: np.ndarray,
    *,
    p: int,
    gas: str,
    grid: str | None,
    held: str,
) -> tuple[Selection, list[Finding]]:
    """Return the factor of the finest grid of each area and year, and the findings about them."""
    table = keep_table(
        pick_sources(method, rule.editions),
        rule.parameter,
        gas,
        allow_unverified=method.allow_unverified,
    )
    shape = balance.amounts.shape
    one_flow = (*shape[:2], 1, shape[3])  # a grid has one factor for all flows
    values, index = np.full(one_flow, np.nan), np.full(one_flow, -1, np.int32)
    needed: np.ndarray = np.any(is_used(amount), axis=2)
    rows: dict[FactorRow, int] = {}
    asked = [
        tuple(find_candidates(name, rule, grid).items()) if rule.levels else (("", ""),)
        for name in balance.areas
    ]
    levels: dict[str, dict[str, list[int]]] = {}
    for candidates in dict.fromkeys(asked):  # areas of one grid have the same rows
        areas = [a for a, own in enumerate(asked) if own == candidates]
        for y, year in enumerate(balance.years):
            found = next(
                (
                    (row, level)
                    for area, level in candidates or (("", ""),)
                    if (row := table.choose(rule.product, "", area, year))
                ),
                None,
            )
            if found is None:
                continue
            row, level = found
            values[areas, y, 0, p] = row_value(row, f"t {gas}/{held}")
            index[areas, y, 0, p] = rows.setdefault(row, len(rows))
            for a in areas:
                if needed[a, y] and row.area:
                    levels.setdefault(balance.areas[a], {}).setdefault(level, []).append(year)
    lacking = needed & (index[:, :, 0, p] < 0)
    findings = [
        *_note_levels(rule, levels),
        *_say_lacking(table, rule, balance, amount, p=p, lacking=lacking, asked=asked, grid=grid),
    ]
    chosen = Selection(
        parameter=rule.parameter,
        held_values=values,
        held_row=index,
        rows=tuple(rows),
        shape=shape,
    )
    return chosen, findings


def _say_lacking(
    table: FactorTable,
    rule: ImportedEnergy,
    balance: EnergyBalance,
    amount: np.ndarray,
    *,
    p: int,
    lacking: np.ndarray,
    asked: Sequence[tuple[tuple[str, str], ...]],
    grid: str | None,
) -> Iterator[Finding]:
    """Yield which areas lack a factor in which years: those of the same grids and years at once."""
    alike: dict[tuple[tuple[tuple[str, str], ...], tuple[int, ...]], list[int]] = {}
    for a in np.flatnonzero(lacking.any(axis=1)).tolist():
        missing = tuple(balance.years[y] for y in np.flatnonzero(lacking[a])) if asked[a] else ()
        alike.setdefault((asked[a], missing), []).append(a)
    for (candidates, missing), areas in alike.items():
        used = lacking[areas[0]][:, None] & is_used(amount[areas[0]])
        year, flow = np.unravel_index(np.argmax(used), used.shape)
        yield _no_factor(
            table,
            rule,
            [area for area, _ in candidates],
            [balance.areas[a] for a in areas],
            years=missing,
            where=balance.locate(areas[0], int(year), int(flow), p),
            grid=grid,
        )


def find_candidates(name: str, rule: ImportedEnergy, grid: str | None) -> dict[str, str]:
    """Return the areas whose factor may serve an area, with their levels, the finest first.

    A district behind the name of its city (广州市天河区) is served as that city is. Any other area
    that the vocabulary does not know has no province, grid or nation: only rows for any area serve
    it. The factor of a nation holds for those of its areas that draw from one of its grids.

    Raises
    ------
    MethodError
        If ``grid`` names neither a level nor an area.
    """
    known = vocabulary.areas()
    if grid and grid not in {*LEVELS, "region"}:
        found = vocabulary.resolve("area", grid)
        if not found:
            raise MethodError(
                say(
                    "no grid or area {grid!r}; {near} known: province, region, nation, or "
                    "the name of a province or grid region",
                    grid=grid,
                    near=did_you_mean(grid, [*LEVELS, *known]),
                )
            )
        return {found: known[found].level}
    area = known.get(vocabulary.resolve("area", name) or _find_city(name))
    if area is None:
        return {}
    wanted = [{"region": "grid"}.get(grid, grid)] if grid else list(rule.levels)
    above = [known[identifier] for identifier in vocabulary.list_above(area.id)]
    found_at: dict[str, list[str]] = {level: [] for level in LEVELS}
    # A city's own factor is finer than its province's; only an overlay has one.
    found_at["province"] = [one.id for one in above if one.level in {"city", "province"}]
    # The southwest was part of the central grid until 2020: a region without a factor asks the one
    # it came from.
    regions = vocabulary.list_above(area.grid) if area.grid else [one.id for one in above]
    found_at["grid"] = [one for one in regions if known[one].level == "grid"]
    if area.level in {"country", "grid"} or area.grid:
        found_at["nation"] = [above[-1].id]
    return {one: known[one].level for level in wanted for one in found_at[level]}


def _find_city(name: str) -> str:
    """Return the city or province that the name of a district begins with, "" where it names none or several.

    Examples
    --------
    >>> _find_city("广州市天河区"), _find_city("广东省广州市天河区"), _find_city("天河区")
    ('guangzhou', 'guangzhou', '')
    >>> _find_city("北京市以外地区")
    ''
    """
    is_inside = _DISTRICT.search(name) and not _ELSEWHERE.search(name)
    found = find_places(name) if is_inside else []
    return found[0] if len(found) == 1 else ""


def _no_factor(
    table: FactorTable,
    rule: ImportedEnergy,
    candidates: Sequence[str],
    areas: list[str],
    *,
    years: tuple[int, ...],
    where: str,
    grid: str | None,
) -> Finding:
    """Report that areas have no factor: for years, or because their grid is not known."""
    if candidates:
        named = name_some(areas, _MOST_NAMED, say("more areas"))
        exist = {area: table.years(rule.product, area) for area in candidates}
        known = join_texts(
            "; ",
            (
                say(
                    "{area}: {found}",
                    area=area,
                    found=join_texts(", ", map(str, found)) or say("none"),
                )
                for area, found in exist.items()
            ),
        )
        return Finding(
            "no-grid-factor",
            "warning",
            say(
                "no {parameter} of {named} for {years}; years that exist: {known}",
                parameter=rule.parameter,
                named=named,
                years=join_texts(", ", map(str, years)),
                known=known,
            ),
            where,
            say("scope 2 is not counted; lay an overlay with it over the method (--overlay)"),
        )
    listed = name_some(areas, _MOST_NAMED)
    level = _SAID.get(grid or "grid", grid or "grid")
    one = say("{level} of area {listed} is not known", level=level, listed=listed)
    return Finding(
        "no-grid-factor",
        "warning",
        (
            say("the {item}", item=one)
            if len(areas) == 1
            else say(
                "the {level}s of {area_count} areas are not known: {listed}",
                level=level,
                area_count=len(areas),
                listed=listed,
            )
        ),
        where,
        say(
            "pass --grid with the name of the province, or grid region, that it lies in; "
            "outside China lay an overlay with a row for any area over the method "
            "(--overlay)"
        ),
    )


def note_grid_levels(inventories: Iterable[EnergyInventory]) -> list[Finding]:
    """Report where years of one area have factors of different levels, also where each year is a table of its own.

    Parameters
    ----------
    inventories
        Of one area or of many, in any order.
    """
    rules: dict[str, ImportedEnergy] = {}
    levels: dict[str, dict[str, dict[str, list[int]]]] = {}
    for inventory in inventories:
        balance = inventory.balance
        for rule in (
            rule
            for rule in inventory.method.imported_energy
            if rule.levels and rule.product in balance.products
        ):
            p = balance.products.index(rule.product)
            used = is_used(inventory.amount[..., p]).any(axis=2)
            held = rules.setdefault(rule.product, rule).product
            for chain in (
                chain
                for chain in inventory.chains
                if rule.product in chain.units[-1] and chain.parameters[-1] == rule.parameter
            ):
                chosen = chain.selections[-1]
                for a, y in np.argwhere(used & (chosen.row[:, :, 0, p] >= 0)).tolist():
                    if of := chosen.rows[int(chosen.row[a, y, 0, p])].area:
                        years = levels.setdefault(held, {}).setdefault(balance.areas[a], {})
                        years.setdefault(vocabulary.areas()[of].level, []).append(balance.years[y])
    found = (
        (rules[product], {area: _sort(own) for area, own in areas.items()})
        for product, areas in levels.items()
    )
    return [finding for rule, areas in found for finding in _note_levels(rule, areas)]


def _sort(levels: Mapping[str, list[int]]) -> dict[str, list[int]]:
    return {level: sorted(set(years)) for level, years in levels.items()}


def _note_levels(
    rule: ImportedEnergy, levels: Mapping[str, Mapping[str, list[int]]]
) -> list[Finding]:
    """Report where the years of one area have factors of different levels: a step between them is not the area's."""
    areas_of_spans: dict[str, list[str]] = {}
    for area, by_level in levels.items():
        if len(by_level) > 1:
            spans = [
                say("{span}: {level}", span=_span(years), level=_SAID.get(level, level))
                for level, years in sorted(by_level.items(), key=lambda item: item[1])
            ]
            areas_of_spans.setdefault("; ".join(spans), []).append(area)
    return [
        Finding(
            "grid-levels",
            "warning",
            say(
                "{product} of {areas} has factors of different levels ({spans})",
                product=rule.product,
                areas=name_some(areas, _MOST_NAMED, say("more areas")),
                spans=spans,
            ),
            "",
            say("a step between such years is the level's; --grid takes one level for all"),
        )
        for spans, areas in areas_of_spans.items()
    ]


def _span(years: Sequence[int]) -> str:
    whole = len(years) > 1 and years[-1] - years[0] == len(years) - 1
    return f"{years[0]}-{years[-1]}" if whole else join_texts(", ", map(str, years))
