"""Identity checks: rows against sub-rows, products against totals, the balance itself, signs.

A difference counts beyond what the print's own rounding explains. Each finding names the cell, both sides,
the difference and the likely cause: a lost decimal point or a wrong sign, if that alone would mend it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.tables.conversions import printed_scale
from carbonacct.tables.identities import Identity, list_identities, list_printed_parts
from carbonacct.tables.values import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from carbonacct.errors import Severity
    from carbonacct.tables.balance import EnergyBalance

    _Consumption = tuple[int, int, list[int], list[int]]  # rows of total and final consumption, of losses, of inputs

_USUAL = {"t": 1.0, "tce": 1.0, "m3": 1e4, "kWh": 1e4, "GJ": 1.0}  # printed together: 吨, 吨标准煤, 万立方米, 万千瓦时, 百万千焦, or 10^4 of each
_MOST_NAMED = 1000  # cells of one rule, each with a finding of its own
_MOST_DECIMALS = 4  # more are what a calculation left behind, not print


def check_balance(balance: EnergyBalance) -> list[Finding]:
    """Check a balance against itself.

    Parameters
    ----------
    balance
        As read.

    Returns
    -------
    list of Finding
        What does not add up beyond the rounding of the print, by area and year.

    Notes
    -----
    Supply + transformation - losses - final consumption = statistical difference; total consumption = final
    consumption + losses + inputs to transformation (China Energy Statistical Yearbook, notes to the balance tables).
    The total columns of the row of total consumption are not the sum of their products: secondary products net out.

    Examples
    --------
    >>> import carbonacct as ca
    >>> findings = ca.check_balance(ca.read_balance("docs/tables/chongqing_2007.csv"))
    >>> {(finding.rule, finding.severity) for finding in findings}  # the yearbook does not print the opening stock
    {('sum-of-parts', 'warning')}
    """
    findings = [*_test_units(balance), *_test_scales(balance)]
    identities = list_identities(balance)
    rounding = _rounding(balance)
    failing = _find_failing(balance, identities, rounding)
    rows = _find_consumption_rows(balance)
    suspects = _find_consumption(balance, rows, rounding)
    more: dict[tuple[str, Severity], list[tuple[int, int, int, int]]] = {}
    named: Counter[tuple[str, Severity]] = Counter()
    for a, y in sorted({*failing, *suspects}):
        numbers = balance.amounts.values[a, y]
        tests = [_compare(balance, identities[i], numbers, rounding, (a, y)) for i in failing.get((a, y), ())]
        tests += [_compare_consumption(rows, numbers, rounding, p) for p in suspects.get((a, y), ()) if rows]
        for broken in filter(None, tests):
            kind = broken.rule, broken.severity
            named[kind] += 1
            if named[kind] <= _MOST_NAMED:
                findings.append(_say_broken(balance, broken, numbers, (a, y)))
            else:
                more.setdefault(kind, []).append((a, y, *broken.total))
    for (rule, severity), cells in more.items():
        a, y, f, p = cells[0]
        findings.append(Finding(rule, severity, f"{len(cells)} more cells like these, from {balance.products[p]} of {balance.flows[f]} of {balance.areas[a]} {balance.years[y]} on",
                                balance.locate(a, y, f, p), "check each area and year alone"))  # fmt: skip
    findings.extend(_test_signs(balance))
    return findings


_BLOCK = 256  # area-years at once: memory stays near the size of the data


def _find_failing(
    balance: EnergyBalance, identities: Sequence[Identity], rounding: np.ndarray
) -> dict[tuple[int, int], list[int]]:
    """Return the identities that do not hold, by area and year; many areas and years at once."""
    areas, years, flows, products = balance.amounts.shape
    if not identities:
        return {}
    total = np.array([f * products + p for f, p in (identity.total for identity in identities)])
    terms = [(f * products + p, sign) for identity in identities for sign, f, p in identity.terms]
    column, sign = (np.array(part) for part in zip(*terms, strict=True))
    starts = np.cumsum([0, *(len(identity.terms) for identity in identities[:-1])])
    rounded = np.tile(rounding, flows)
    by_rows = np.array([identity.rule == "sum-of-parts" for identity in identities])
    amounts, status = (array.values.reshape(areas * years, -1) for array in (balance.amounts, balance.status))
    found: dict[tuple[int, int], list[int]] = {}
    for start in range(0, areas * years, _BLOCK):
        block = amounts[start : start + _BLOCK]
        there = ~np.isnan(block)
        number = np.where(there, block, 0.0)
        expected = np.add.reduceat(number[:, column] * sign, starts, axis=1)
        counted = np.add.reduceat(there[:, column], starts, axis=1)
        absent = np.add.reduceat(status[start : start + _BLOCK][:, column] == ABSENT, starts, axis=1)
        slack = rounded[total] + np.add.reduceat(there[:, column] * rounded[column], starts, axis=1)
        tolerance = slack + 1e-9 * np.maximum(np.abs(number[:, total]), np.abs(expected))
        # Sums in another order differ in the last digits: what is near the limit is tested term by term.
        fails = (np.abs(number[:, total] - expected) > tolerance * (1 - 1e-6)) & (counted > 0) & (by_rows | (absent == 0))
        for cell, i in find_cells(fails).tolist():
            found.setdefault(divmod(start + cell, years), []).append(i)
    return found


def _rounding(balance: EnergyBalance) -> np.ndarray:
    """Return half a unit of the last printed decimal of each product, in its canonical unit."""
    half = np.zeros(len(balance.products))
    if not len(balance.places.printed):
        return half + 0.5e-6
    place = balance.place.values
    for p in range(len(balance.products)):
        places = place[..., p][place[..., p] >= 0]
        printed = balance.places.printed[places]
        printed = printed[~np.isnan(printed)]
        decimals = (
            next(
                (
                    d
                    for d in range(_MOST_DECIMALS + 1)
                    if np.mean(np.abs(printed * 10.0**d - np.rint(printed * 10.0**d)) < 1e-6 * 10.0**d) > 0.9
                ),
                6,
            )
            if len(printed)
            else 6
        )
        unit = balance.printed_units[p]
        scale = printed_scale(balance.products[p], unit)
        half[p] = 0.5 * 10.0**-decimals * scale
    return half


def _test_units(balance: EnergyBalance) -> Iterable[Finding]:
    """Name a total and products of it in coal equivalent beside others in tonnes: a unit from the wrong place."""
    products, known = balance.products, vocabulary.products()
    units = [str(unit) for unit in balance.amounts["unit"].values]
    for p, product in enumerate(products):
        family = [p, *list_printed_parts(product, products)]
        odd = [i for i in family if units[i] == "tce"]
        if known[product].group == "total" and odd and len(odd) < len(family):
            other = next(i for i in family if i not in odd)
            yield Finding("mixed-units", "warning", f"{products[odd[0]]} is in coal equivalent beside {products[other]} in {units[other]}: the sums of {product} are not checked",
                          "", "check the units of both columns")  # fmt: skip


def _test_scales(balance: EnergyBalance) -> Iterable[Finding]:
    """Name a product whose unit is of another order than those of the table: tables in 万吨 print 亿立方米, those in 吨 print 万立方米."""
    products = balance.products
    printed: dict[int, tuple[str, int]] = {}
    for p, (kept, unit) in enumerate(zip(balance.amounts["unit"].values.astype(str), balance.printed_units, strict=True)):
        if unit and kept in _USUAL:
            order = np.log10(printed_scale(products[p], unit) / _USUAL[kept])
            if abs(order - round(order)) < 1e-9:  # else one unit of energy for all, such as ktoe
                printed[p] = unit, round(order)
    scales = [scale for _, scale in printed.values()]
    usual = max(scales, key=scales.count, default=0)
    if 3 * scales.count(usual) < 2 * len(scales):
        return
    for p, (unit, scale) in printed.items():
        if scale != usual:
            a, y, f = np.argwhere(balance.place.values[..., p] >= 0)[0].tolist()
            kept, example = str(balance.amounts["unit"].values[p]), next(other for other, one in printed.values() if one == usual)
            yield Finding("unit-scale", "warning", f"{balance.products[p]} is printed in {unit}, and a table in {example} prints it in {10.0**usual * _USUAL[kept]:g} {kept}",
                          balance.locate(a, y, f, p), "check the unit in the header")  # fmt: skip


@dataclass(frozen=True)
class _Broken:
    """An identity that does not hold beyond the rounding of the print: the cell of its total, the cells that should give it, and both sides."""

    rule: str
    severity: Severity
    total: tuple[int, int]
    cells: list[tuple[int, tuple[int, int]]]
    printed: float
    expected: float
    tolerance: float
    action: str = ""


def _compare(
    balance: EnergyBalance, identity: Identity, numbers: np.ndarray, rounding: np.ndarray, where: tuple[int, int]
) -> _Broken | None:
    """Return an identity if it does not hold beyond rounding; blanks count as nothing, not as zero alone."""
    total = numbers[identity.total]
    status = balance.status.values[where]
    if identity.rule != "sum-of-parts" and any(status[f, p] == ABSENT for _, f, p in identity.terms):
        return None  # a product or a block that this table does not print: it cannot be compared
    cells = [(sign, (f, p)) for sign, f, p in identity.terms if not np.isnan(numbers[f, p])]
    if not cells:
        return None
    printed = 0.0 if np.isnan(total) else float(total)
    expected = float(sum(sign * numbers[cell] for sign, cell in cells))
    tolerance = rounding[identity.total[1]] + sum(rounding[p] for _, (_, p) in cells) + 1e-9 * max(abs(printed), abs(expected))
    if abs(printed - expected) <= tolerance:
        return None
    severity: Severity = "warning" if np.isnan(total) else identity.severity
    return _Broken(identity.rule, severity, identity.total, cells, printed, expected, tolerance, identity.action)


def _find_consumption(balance: EnergyBalance, rows: _Consumption | None, rounding: np.ndarray) -> dict[tuple[int, int], list[int]]:
    """Return the products whose total consumption is not that of its parts, by area and year; many areas and years at once."""
    if rows is None:
        return {}
    total, final, losses, inputs = rows
    amounts = balance.amounts.values.reshape(-1, *balance.amounts.shape[2:])
    product = np.array([vocabulary.products()[name].group != "total" for name in balance.products])
    found: dict[tuple[int, int], list[int]] = {}
    for start in range(0, len(amounts), _BLOCK):
        block = amounts[start : start + _BLOCK]
        parts = np.nan_to_num(block[:, [final, *losses]]).sum(axis=1) - np.fmin(block[:, inputs], 0.0).sum(axis=1)
        counted = (~np.isnan(block[:, [final, *losses]])).sum(axis=1) + (block[:, inputs] < 0).sum(axis=1)
        tolerance = rounding * (counted + 1) + 1e-9 * np.abs(parts)
        fails = (np.abs(block[:, total] - parts) > tolerance * (1 - 1e-6)) & product  # exactly: see `_compare_consumption`
        for cell, p in find_cells(fails).tolist():
            found.setdefault(divmod(start + cell, balance.amounts.shape[1]), []).append(p)
    return found


def _find_consumption_rows(balance: EnergyBalance) -> _Consumption | None:
    """Return the rows of total and final consumption, of losses and of inputs to transformation, if the table prints these blocks."""
    flows = balance.flows
    if any(flow not in flows for flow in ("total_consumption", "final_consumption", "transformation")):
        return None
    inputs = [i for i, flow in enumerate(flows) if flow != "transformation" and balance.is_part(flow, "transformation")]
    return flows.index("total_consumption"), flows.index("final_consumption"), [i for i, flow in enumerate(flows) if flow == "losses"], inputs


def _compare_consumption(rows: _Consumption, numbers: np.ndarray, rounding: np.ndarray, p: int) -> _Broken | None:
    total, final, losses, inputs = rows
    cells = [*((1, (i, p)) for i in (final, *losses)), *((-1, (i, p)) for i in inputs if numbers[i, p] < 0)]
    cells = [(sign, cell) for sign, cell in cells if not np.isnan(numbers[cell])]
    expected = float(sum(sign * numbers[cell] for sign, cell in cells))
    tolerance = rounding[p] * (len(cells) + 1) + 1e-9 * abs(expected)
    printed = float(numbers[total, p])
    return _Broken("total-consumption", "warning", (total, p), cells, printed, expected, tolerance) if abs(printed - expected) > tolerance else None


def _say_broken(balance: EnergyBalance, broken: _Broken, numbers: np.ndarray, where: tuple[int, int]) -> Finding:
    """Return the finding of an identity that does not hold, with its likely cause."""
    flow, p = balance.flows[broken.total[0]], broken.total[1]
    cause = broken.action or _likely_cause(balance, [(-1, broken.total), *broken.cells], numbers, broken.tolerance, where)
    side = {"sum-of-products": "the products", "total-consumption": "final consumption, losses and inputs"}.get(broken.rule, "the rows")
    shown = "blank" if np.isnan(numbers[broken.total]) else _show(balance, broken.printed, p)
    return Finding(broken.rule, broken.severity, f"{balance.products[p]} of {flow} is {shown}, {side} give {_show(balance, broken.expected, p)}: "
                   f"difference {_show(balance, broken.printed - broken.expected, p)}", balance.locate(*where, *broken.total), cause or "check the cells")  # fmt: skip


def _likely_cause(
    balance: EnergyBalance,
    cells: Sequence[tuple[int, tuple[int, int]]],
    numbers: np.ndarray,
    tolerance: float,
    where: tuple[int, int],
) -> str:
    """Return the one change of one cell that would mend an identity: a decimal point moved, or a sign."""
    for _, cell in cells:
        value = float(numbers[cell])
        if not value or np.isnan(value):
            continue
        for power in (-2, -1, -3, -4, 1, 2, 3, 4):
            moved = value * 10.0**power
            # A number shrunk to nothing mends any gap of its own size: that says nothing about a decimal point.
            if abs(moved) > 5 * tolerance and abs(_residual(cells, numbers, cell, moved)) <= tolerance:
                return f"{balance.locate(*where, *cell)} may have its decimal point in the wrong place: {_show(balance, value, cell[1])} for {_show(balance, moved, cell[1])}"
        if abs(_residual(cells, numbers, cell, -value)) <= tolerance:
            return f"{balance.locate(*where, *cell)} may have the wrong sign"
    return ""


def _residual(
    cells: Sequence[tuple[int, tuple[int, int]]], numbers: np.ndarray, changed: tuple[int, int], value: float
) -> float:
    held = ((sign, value if cell == changed else float(numbers[cell])) for sign, cell in cells)
    return sum(sign * number for sign, number in held if not math.isnan(number))


def _test_signs(balance: EnergyBalance) -> Iterable[Finding]:
    """Check that production and final use are not negative, and that feedstock is no more than its flow."""
    flows, products, numbers = balance.flows, balance.products, balance.amounts.values
    used = np.array([flow == "production" or balance.is_part(flow, "final_consumption") for flow in flows])
    rows = np.flatnonzero(balance.negative.any(axis=1) & used)
    cells = find_cells(numbers[:, :, rows] < 0)
    cells[:, 2] = rows[cells[:, 2]]
    yield from name_cells(balance, cells, lambda f, p, number: f"{products[p]} of {flows[f]} is negative: {_show(balance, number, p)}", "negative-number")
    parent = vocabulary.flows()["feedstock"].parent
    if "feedstock" in flows and parent in flows:
        part, whole = numbers[:, :, flows.index("feedstock")], numbers[:, :, flows.index(parent)]
        for a, y, p in find_cells(np.nan_to_num(part) > whole + 1e-9 * np.abs(whole)).tolist():  # no number is no whole to exceed
            yield Finding("part-exceeds-whole", "error",
                          f"{products[p]} of feedstock is {_show(balance, float(part[a, y, p]), p)}, more than the {_show(balance, float(whole[a, y, p]), p)} of {parent}",
                          balance.locate(a, y, flows.index("feedstock"), p), "check both rows")  # fmt: skip


def find_cells(where: np.ndarray) -> np.ndarray:
    """Return the places of the cells that are true, one a row, as `numpy.argwhere`; quick where there are few."""
    return np.stack(np.unravel_index(np.flatnonzero(where), where.shape), axis=1)


def name_cells(balance: EnergyBalance, cells: np.ndarray, say: Callable[[int, int, float], str], rule: str) -> Iterable[Finding]:
    """Name cells whose sign is to be checked; of very many, the first ones, and how many more there are."""
    amounts = balance.amounts.values
    for a, y, f, p in cells[:_MOST_NAMED].tolist():
        yield Finding(rule, "warning", say(f, p, float(amounts[a, y, f, p])), balance.locate(a, y, f, p), "check its sign")
    if len(cells) > _MOST_NAMED:
        a, y, f, p = cells[_MOST_NAMED].tolist()
        yield Finding(rule, "warning", f"{len(cells) - _MOST_NAMED} more cells like these, from {balance.products[p]} of {balance.flows[f]} of {balance.areas[a]} {balance.years[y]} on",
                      balance.locate(a, y, f, p), "check their signs")  # fmt: skip


def _show(balance: EnergyBalance, number: float, p: int) -> str:
    """Return a canonical amount as the table would print it."""
    unit = balance.printed_units[p]
    shown = number / printed_scale(balance.products[p], unit)
    return f"{float(f'{shown:.10g}'):.10g}"
