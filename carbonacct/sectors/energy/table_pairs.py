"""What one unit of a fuel holds, from a pair of tables that print one year in physical and in standard quantity."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_balance import DIMS
from carbonacct.data import data_folder
from carbonacct.errors import Finding, TableError, name_some
from carbonacct.factors import load_edition, row_value
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance

# What the guards say of a cell.
OUTCOMES = ("", "used", "left out", "few digits", "other sign", "far", "outlier", "refused")
_USED, _LEFT_OUT, _FEW, _SIGN, _FAR, _OUTLIER, _REFUSED = range(1, len(OUTCOMES))
_MOST_DIGITS = 2  # of yearbooks in print; a file may hold more
_LEAST_SHOWN = 3  # uses of raw coal with one value, from which on the table was computed with it


@dataclass(frozen=True)
class ImpliedValues:
    """Coal equivalent of one unit, in tce per canonical unit of the product.

    Attributes
    ----------
    values
        (area, year, flow, product) of the physical table: the one value of a product that has one;
        else that of the cell, or of the nearest row above it in its block. NaN where the pair shows
        none.
    flow
        Index of the row whose two cells gave the value; -1 for a product with one value, and where
        there is none.
    constants
        (area, year, product): the one value, NaN for products that differ from use to use.
    outcome
        What the guards say of each cell: index into ``OUTCOMES``.
    places
        Addresses of the two cells, by (area, year, flow, product) of those with an outcome.
    findings
        Pairs that are refused, and cells away from the one value of their product.
    """

    values: xr.DataArray
    flow: xr.DataArray
    constants: xr.DataArray
    outcome: xr.DataArray
    places: dict[tuple[int, int, int, int], tuple[str, str]]
    findings: tuple[Finding, ...]

    def calorific_values(self) -> xr.DataArray:
        """Return GJ per canonical unit: 29.3076 GJ/tce times ``values``."""
        return self.values * conversion_factor("tce", "GJ")

    def trace(self, area: int, year: int, flow: int, product: int) -> list[tuple[str, str]]:
        """Return the addresses (physical, standard) of the cells of a value, by its places in the arrays."""
        own = int(self.flow.values[area, year, flow, product])
        if own >= 0:
            return [self.places[area, year, own, product]]
        used = np.flatnonzero(self.outcome.values[area, year, :, product] == _USED)
        has_one = not np.isnan(self.constants.values[area, year, product])
        return [self.places[area, year, int(f), product] for f in used] if has_one else []


@dataclass(frozen=True)
class _Cells:
    """The cells of both tables, and the coefficients that their printed digits allow.

    All (area, year, flow, product).
    """

    ratio: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    outcome: np.ndarray


def implied_values(physical: EnergyBalance, standard: EnergyBalance) -> ImpliedValues:
    """Return the coal equivalent of one unit that a pair of tables implies, by product, and by flow where it differs.

    Parameters
    ----------
    physical
        A table in physical quantity.
    standard
        The table of the same areas and years in coal equivalent. Two tables of one area each are of
        one area where only one of them names it.

    Raises
    ------
    TableError
        If the tables have no area, year, flow or product in common, or the second is not in coal
        equivalent.

    Notes
    -----
    Each cell allows the coefficients ``(S - h) / (P + h)`` to ``(S + h) / (P - h)``, ``h`` being
    half the last printed digit.
    A product has the one value that most of its cells allow, each cell counting once and not by its
    tonnes, written with the fewest digits. Raw coal and totals differ from use to use: there each
    cell has its own value. The guards (``factors/vocabulary/pairs.toml``): totals, stocks and
    differences are no evidence, nor are cells of few digits, of two signs, or far from every
    published coefficient. A pair whose cells do not agree is of two vintages and refused.

    Examples
    --------
    >>> import carbonacct as ca
    >>> physical = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> implied_values(physical, physical)
    Traceback (most recent call last):
        ...
    carbonacct.errors.TableError: chongqing_2007.csv!B3: the second table is not in coal equivalent ...
    """
    at_standard = _align(physical, standard)
    cells = _read_cells(physical, standard, at_standard)
    shape = cells.ratio.shape
    constants, findings = np.full((*shape[:2], shape[3]), np.nan), []
    for p, product in enumerate(physical.products):
        varies = product in read_rules()["varies"]
        for a, y in np.ndindex(shape[:2]):
            use = cells.outcome[a, y, :, p] == _USED
            if use.any() and not varies:
                bounds = cells.lower[a, y, use, p], cells.upper[a, y, use, p]
                value, agree = _find_constant(
                    *bounds, _per_kilo(physical, p), _list_published(product)
                )
                constants[a, y, p] = value
                cells.outcome[a, y, np.flatnonzero(use)[~agree], p] = _OUTLIER
                findings += _note_outliers(physical, cells, (a, y, p), value)
    findings += _refuse(physical, cells, constants)
    values, flow = _spread(physical, cells, constants)
    coords = {name: physical.amounts.coords[name] for name in (*DIMS, "unit")}
    labelled = xr.DataArray(values, coords=coords, dims=DIMS, name="coal_equivalent_coefficient")
    return ImpliedValues(
        labelled,
        labelled.copy(data=flow).rename("flow_of_value"),
        labelled.isel(flow=0, drop=True).copy(data=constants),
        labelled.copy(data=cells.outcome).rename("outcome"),
        _find_places(physical, standard, at_standard, cells.outcome),
        tuple(findings),
    )


@cache
def read_rules() -> dict[str, Any]:
    """Return what is believed of a pair (``factors/vocabulary/pairs.toml``)."""
    return tomllib.loads((data_folder() / "vocabulary" / "pairs.toml").read_text(encoding="utf-8"))


def _align(physical: EnergyBalance, standard: EnergyBalance) -> tuple[np.ndarray, ...]:
    """Return, for each label of the physical table, the place of the same label in the standard table, or -1."""
    units = list(map(str, standard.amounts["unit"].values))
    tce = [
        unit == "tce" and vocabulary.products()[product].unit != "tce"
        for unit, product in zip(units, standard.products, strict=True)
    ]
    if not any(tce):
        raise TableError(
            say(
                "{first_address}: the second table is not in coal equivalent but in "
                "{units}; name the table in standard quantity second",
                first_address=standard.first_address(),
                units=join_texts(", ", dict.fromkeys(units)),
            )
        )
    keys = [
        [vocabulary.resolve("area", area) for area in balance.areas]
        for balance in (physical, standard)
    ]
    if len(keys[0]) == len(keys[1]) == 1 and None in (keys[0][0], keys[1][0]):
        keys = [["one"], ["one"]]
    named = [
        [key or vocabulary.fold(area) for key, area in zip(own, balance.areas, strict=True)]
        for own, balance in zip(keys, (physical, standard), strict=True)
    ]
    there = [
        product if is_tce else "" for product, is_tce in zip(standard.products, tce, strict=True)
    ]
    labels = (
        ("area", named[0], named[1]),
        ("year", physical.years, standard.years),
        ("flow", physical.flows, standard.flows),
        ("product", physical.products, there),
    )
    found = []
    for kind, own_labels, other_labels in labels:
        place = {label: number for number, label in enumerate(other_labels)}
        found.append(np.array([place.get(label, -1) for label in own_labels]))
        shown = [
            [str(label) for label in balance.amounts[kind].values]
            for balance in (physical, standard)
        ]
        if (found[-1] < 0).all():
            raise TableError(
                say(
                    "{first_address} and {standard_first_address} have no {kind} in common: "
                    "{shown} and {shown_1}; a pair is of one area and year",
                    first_address=physical.first_address(),
                    standard_first_address=standard.first_address(),
                    kind=kind,
                    shown=name_some(shown[0], 3),
                    shown_1=name_some(shown[1], 3),
                )
            )
    return tuple(found)


def _read_cells(
    physical: EnergyBalance, standard: EnergyBalance, at: tuple[np.ndarray, ...]
) -> _Cells:
    """Compare the cells of both tables, and say what the guards do."""
    rules = read_rules()
    grid = np.ix_(*at)
    a, y, f, p = (place >= 0 for place in grid)
    there = a & y & f & p
    physical_amounts, standard_amounts = (
        physical.amounts.values,
        np.where(there, standard.amounts.values[grid], np.nan),
    )
    own_half, half = _half_digit(physical), _half_digit(standard)[grid]
    held = np.array([str(unit) == "tce" for unit in physical.amounts["unit"].values])
    known = (
        ~(np.isnan(physical_amounts) | np.isnan(standard_amounts)) & (physical_amounts != 0) & ~held
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(known, standard_amounts / physical_amounts, np.nan)
        lower = (np.abs(standard_amounts) - half) / (np.abs(physical_amounts) + own_half)
        upper = np.where(
            np.abs(physical_amounts) > own_half,
            (np.abs(standard_amounts) + half) / (np.abs(physical_amounts) - own_half),
            np.inf,
        )
        few = upper - lower > rules["widest"] * np.abs(ratio)
    low, high = np.transpose([_find_band(product) for product in physical.products])
    outcome = np.where(known, _USED, 0).astype(np.uint8)
    outcome[known & ((np.abs(ratio) < low) | (np.abs(ratio) > high))] = _FAR
    outcome[known & (ratio < 0)] = _SIGN
    # A number of few digits excuses a coefficient only as far as those digits may be wrong.
    outcome[known & few & (lower <= high) & (upper >= low)] = _FEW
    rows = [number for number, flow in enumerate(physical.flows) if flow in rules["left_out"]]
    outcome[:, :, rows] = np.where(known[:, :, rows], _LEFT_OUT, 0)
    return _Cells(ratio, lower, upper, outcome)


def _half_digit(balance: EnergyBalance) -> np.ndarray:
    """Return half of the last printed digit of each cell, in the unit of its amount; 0 where nothing was printed."""
    if not len(balance.places.printed):
        return np.zeros(balance.amounts.shape)
    place = balance.place.values
    printed = np.where(place >= 0, balance.places.printed[place], np.nan)
    sheet = np.where(place >= 0, balance.places.sheet[place], -1)
    half = np.zeros(printed.shape)
    scale = np.abs(
        np.divide(
            balance.amounts.values, printed, where=printed != 0, out=np.full(printed.shape, np.nan)
        )
    )
    for number in range(len(balance.places.sheets)):  # each prints its own digits and units
        here = sheet == number
        half[here] = 0.5 * 10.0 ** -_count_digits(printed[here])
        # A zero does not say its unit: that of its column.
        column = np.fmax.reduce(np.where(here, scale, np.nan), axis=(0, 1, 2))
        scale = np.where(here & np.isnan(scale), column, scale)
    return np.asarray(np.nan_to_num(scale * half))


def _count_digits(printed: np.ndarray) -> int:
    """Return the decimals of some printed numbers."""
    whole = (
        np.allclose(printed, np.round(printed, digits), rtol=0, atol=1e-9, equal_nan=True)
        for digits in range(_MOST_DIGITS)
    )
    return next((digits for digits, fits in enumerate(whole) if fits), _MOST_DIGITS)


@cache
def _list_published(product: str) -> tuple[float, ...]:
    """Return the coefficients published for a product and its kinds, in tce per canonical unit."""
    unit = vocabulary.products()[product].unit
    known = set()
    for edition in read_rules()["editions"]:
        for row in load_edition(edition).rows:
            is_own = product in {row.product, vocabulary.products()[row.product].parent}
            if row.parameter == "coal_equivalent_coefficient" and is_own:
                ends = [row.lower, row.upper] if math.isnan(row.value) else [row.value]
                known |= {row_value(replace(row, value=end), f"tce/{unit}") for end in ends}
    return tuple(sorted(known))


def _find_band(product: str) -> tuple[float, float]:
    """Return between which coefficients a product may lie: those published, with a margin."""
    rules, known = read_rules(), _list_published(product)
    return (rules["below"] * known[0], rules["above"] * known[-1]) if known else (0.0, math.inf)


def _per_kilo(balance: EnergyBalance, p: int) -> float:
    """Return how many kgce per unit in print one tce per canonical unit is: digits are counted in print."""
    return {"m3": 1e3, "kWh": 1e3, "GJ": 1.0}.get(str(balance.amounts["unit"].values[p]), 1.0)


def _find_constant(
    lower: np.ndarray, upper: np.ndarray, scale: float = 1.0, published: Sequence[float] = ()
) -> tuple[float, np.ndarray]:
    """Return the value that most cells allow, NaN if no more than half do, and which cells allow it.

    Of the values that these cells allow, a published one is taken, or the one with the fewest
    digits.
    """
    points = np.unique(lower)  # of intervals with their ends, most meet where one of them begins
    allowed = (lower[:, None] <= points) & (points <= upper[:, None])
    best = int(allowed.sum(axis=0).argmax())
    agree = allowed[:, best]
    if 2 * agree.sum() <= len(lower):
        return math.nan, agree
    low, high = lower[agree].max() * scale, upper[agree].min() * scale
    middle = (low + high) / 2
    short = (float(f"{middle:.{digits}g}") for digits in range(1, 12))
    known = sorted((value * scale for value in published), key=lambda value: abs(value - middle))
    return (
        next((value for value in (*known, *short) if low <= value <= high), middle) / scale,
        agree,
    )


def _note_outliers(
    balance: EnergyBalance, cells: _Cells, where: tuple[int, int, int], value: float
) -> list[Finding]:
    a, y, p = where
    outcome = cells.outcome[a, y, :, p]
    away = np.flatnonzero((outcome == _OUTLIER) | (outcome == _SIGN) | (outcome == _FAR))
    if math.isnan(value) or not len(away):
        return []
    scale = _per_kilo(balance, p)
    shown = [f"{balance.flows[f]} {cells.ratio[a, y, f, p] * scale:.4g}" for f in away]
    return [
        Finding(
            "pair-outlier",
            "warning",
            say(
                "{product} of {area} {year} has {value:.5g} kgce a unit in both tables, but "
                "not in {shown}",
                product=balance.products[p],
                area=balance.areas[a],
                year=balance.years[y],
                value=value * scale,
                shown=name_some(shown, 5),
            ),
            balance.locate(a, y, int(away[0]), p),
            say("look for a misprint in one of the two tables"),
        )
    ]


def _refuse(balance: EnergyBalance, cells: _Cells, constants: np.ndarray) -> list[Finding]:
    """Take out the pairs of area and year that are no evidence: tables of two vintages, and computed ones."""
    findings = []
    rules = read_rules()
    one_value = [product not in rules["varies"] for product in balance.products]
    for a, y in np.ndindex(constants.shape[:2]):
        outcome = cells.outcome[a, y]
        agreeing, away = (
            (outcome[:, one_value] == _USED).sum(),
            (outcome[:, one_value] == _OUTLIER).sum(),
        )
        if agreeing < rules["agree"] * (agreeing + away):
            cells.outcome[a, y][outcome == _USED] = _REFUSED
            constants[a, y] = np.nan
            findings.append(
                Finding(
                    "pair-vintage",
                    "warning",
                    say(
                        "the tables of {area} {year} agree in {agreeing} of {agreeing_sum} "
                        "cells of products with one coefficient: they are of two vintages",
                        area=balance.areas[a],
                        year=balance.years[y],
                        agreeing=agreeing,
                        agreeing_sum=agreeing + away,
                    ),
                    balance.first_address(),
                    say("take both tables from one yearbook"),
                )
            )
        for p in np.flatnonzero(~np.array(one_value)):
            use = outcome[:, p] == _USED
            if (
                use.sum() >= _LEAST_SHOWN
                and _find_constant(cells.lower[a, y, use, p], cells.upper[a, y, use, p])[1].all()
            ):
                outcome[use, p] = _REFUSED
                findings.append(
                    Finding(
                        "pair-computed",
                        "info",
                        say(
                            "{product} of {area} {year} has one coefficient for all uses: "
                            "the table in coal equivalent was computed with it",
                            product=balance.products[p],
                            area=balance.areas[a],
                            year=balance.years[y],
                        ),
                        balance.first_address(),
                        say("it says nothing of the coal that was burnt"),
                    )
                )
    return findings


def _spread(
    balance: EnergyBalance, cells: _Cells, constants: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give every cell its value: the one of its product, or its own, or that of the nearest row above it."""
    values = np.broadcast_to(constants[:, :, None], cells.ratio.shape).copy()
    flow = np.full(values.shape, -1, np.int32)
    left_out = read_rules()["left_out"]
    position = {name: number for number, name in enumerate(balance.flows)}
    for p in [
        number
        for number, product in enumerate(balance.products)
        if product in read_rules()["varies"]
    ]:
        for f, name in enumerate(balance.flows):
            for above in vocabulary.climb_flows(name, balance.parents):
                if above in left_out:
                    break
                if above in position:
                    g = position[above]
                    take = np.isnan(values[:, :, f, p]) & (cells.outcome[:, :, g, p] == _USED)
                    values[:, :, f, p] = np.where(take, cells.ratio[:, :, g, p], values[:, :, f, p])
                    flow[:, :, f, p] = np.where(take, g, flow[:, :, f, p])
    return values, flow


def _find_places(
    physical: EnergyBalance, standard: EnergyBalance, at: Sequence[np.ndarray], outcome: np.ndarray
) -> dict[tuple[int, int, int, int], tuple[str, str]]:
    """Return the addresses of both cells where both tables have a number."""
    found = {}
    for a, y, f, p in np.argwhere(outcome > 0).tolist():
        standard_places = [int(place[own]) for place, own in zip(at, (a, y, f, p), strict=True)]
        found[a, y, f, p] = (physical.locate(a, y, f, p), standard.locate(*standard_places))
    return found
