"""Identity checks: rows against sub-rows, products against totals, the balance itself, signs.

A difference counts beyond what the print's own rounding explains. What does not hold is put down to
its causes (:mod:`carbonacct.balances.check.causes`); one cause is one finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import printed_scale
from carbonacct.balances.amounts.energy_range import find_energy_range
from carbonacct.balances.amounts.parts_tree import find_flow_tree, find_product_tree
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.balances.check.case import Case
from carbonacct.balances.check.cause_evidence import Fault, show
from carbonacct.balances.check.cause_wording import say_faults
from carbonacct.balances.check.causes import Cause, find_causes
from carbonacct.balances.check.identities import make_system, measure
from carbonacct.balances.check.plausibility import check_plausibility
from carbonacct.balances.check.regrouped import find_regrouped, note_regrouped
from carbonacct.balances.check.remainders import Remainders, Total, find_remainders
from carbonacct.blocks import find_cells
from carbonacct.errors import Finding
from carbonacct.sheets.values import ABSENT
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.check.identities import System

_USUAL = {
    "t": 1.0,
    "tce": 1.0,
    "m3": 1e4,
    "kWh": 1e4,
    "GJ": 1.0,
}  # printed together: 吨, 吨标准煤, 万立方米, 万千瓦时, 百万千焦, or 10^4 of each
_WITHIN = ("feedstock", "industry.above_scale")  # rows of some of what their parent holds
_FAR = 3  # orders of magnitude: a product of that little energy beside another is rare
_MOST_NAMED = 1000  # cells of one rule, each with a finding of its own
_MOST_SEARCHED = 300  # causes that are looked for: the search takes some 20 ms for each
_MOST_SOFT = 10  # areas and years in which no sum fails but the ones that are known to


def check_balance(balance: EnergyBalance, *, remainders: Remainders | None = None) -> list[Finding]:
    """Check a balance against itself.

    Parameters
    ----------
    balance
        As read.
    remainders
        Its remainders, if they are known already.

    Returns
    -------
    list of Finding
        What does not add up beyond the rounding of the print, by area and year.

    Notes
    -----
    Supply + transformation - losses - final consumption = statistical difference; total consumption
    = final consumption + losses + inputs to transformation (China Energy Statistical Yearbook,
    notes to the balance tables). The total columns of the row of total consumption are not the sum
    of their products: secondary products net out.

    Examples
    --------
    >>> import carbonacct as ca
    >>> findings = ca.check_balance(ca.read_balance("docs/tables/chongqing_2007.csv"))
    >>> {(finding.rule, finding.severity) for finding in findings}  # the yearbook does not print the opening stock
    {('sum-of-parts', 'warning')}
    """
    findings = [*_test_units(balance), *_test_scales(balance)]
    known = remainders or find_remainders(balance)
    system = make_system(balance)
    regrouped = find_regrouped(balance, find_flow_tree(balance))
    findings += note_regrouped(balance, regrouped)
    if system is not None:
        faults = [
            fault
            for fault in find_faults(balance, system)
            if not regrouped.issuperset(total[1:] for total in _list_totals(fault))
            and not _is_explained(balance, fault, known)
        ]
        findings += say_faults(balance, faults, _MOST_NAMED)
        known = known.without({total for fault in faults for total in _list_touched(fault)})
    findings += known.findings
    findings.extend(_test_signs(balance))
    # What a row or column in another unit does to plants is that row's or column's cause, and said
    # already.
    lines = {
        gap[:2] for finding in findings if finding.rule.startswith("line") for gap in finding.gaps
    }
    findings += [
        finding
        for finding in check_plausibility(balance)
        if finding.rule != "conversion" or finding.gaps[0][:2] not in lines
    ]
    return findings


def _is_explained(balance: EnergyBalance, fault: Fault, known: Remainders) -> bool:
    """Return whether a fault is a parent beside some of its parts, of which the rest counts.

    One changed cell that mends its sums is a better cause, but not where 其中 says that parts are
    missing, nor where several products of the row lack the same parts, nor of a row beside a single
    part: nobody prints a total of one.
    """
    totals, case = _list_totals(fault), fault.case
    # A list of amounts prints no cell for the other rows of the table.
    alone = all(
        sum(not case.absent[f * case.width + p] for _, f, p in case.system.identities[i].terms) == 1
        for i in fault.cause.mended
    )
    line = fault.cause.line
    if (line and not (alone and line.kind == "other-row")) or not all(
        _has_rest(balance, total, known) for total in totals
    ):
        return False
    if not fault.cause.changes or alone:
        return True
    rule, _, _, flow, _ = totals[0]
    alike = sum(total[:4] == (rule, fault.area, fault.year, flow) for total in known.explained)
    return alike > 1 or balance.flows[flow] in balance.parents.values()


def _has_rest(balance: EnergyBalance, total: Total, known: Remainders) -> bool:
    """Return whether a total has a remainder.

    That of all energy has one where any fuel of its row has.
    """
    if total in known.explained:
        return True
    of_all = balance.products[total[4]].startswith("total_energy")
    return of_all and any(total[:4] == other[:4] for other in known.explained)


def _list_touched(fault: Fault) -> list[Total]:
    """Return the totals whose sums a fault concerns.

    Those that its correction makes right; for a whole row or column that is wrong, all totals that
    it enters.
    """
    if not fault.cause.line:
        return _list_totals(fault)
    system = fault.case.system
    touched = np.unique(system.owner[np.isin(system.cell, fault.cause.line.cells)])
    identities = [system.identities[i] for i in touched.tolist()]
    return [(one.rule, fault.area, fault.year, *one.total) for one in identities]


def _list_totals(fault: Fault) -> list[Total]:
    """Return the totals of the identities that a cause mends."""
    identities = [fault.case.system.identities[i] for i in fault.cause.mended]
    return [(one.rule, fault.area, fault.year, *one.total) for one in identities]


_BLOCK = 256  # area-years at once: memory stays near the size of the data


def find_faults(balance: EnergyBalance, system: System) -> list[Fault]:
    """Return the causes of the identities that do not hold, by area and year."""
    rounding, scale, decimals = _find_print(balance)
    flows = len(balance.flows)
    spread = [np.tile(part, flows) for part in (rounding, scale, decimals)]
    rows, columns = (_find_order(balance, axis) for axis in (2, 3))
    unsigned = np.repeat(_find_unsigned(balance), len(balance.products))
    faults = []
    left = {True: _MOST_SEARCHED, False: _MOST_SOFT}
    for (a, y), failing in sorted(find_failing(balance, system).items()):
        case = Case(
            system,
            numbers=balance.amounts.values[a, y].ravel(),
            absent=balance.status.values[a, y].ravel() == ABSENT,
            rounding=spread[0],
            scale=spread[1],
            decimals=spread[2],
            width=len(balance.products),
            rows=rows,
            columns=columns,
            unsigned=unsigned,
        )
        hard = bool((~system.soft[failing]).any())
        causes = find_causes(case) if left[hard] > 0 else [Cause((i,)) for i in failing]
        left[hard] -= len(causes) if hard else 1
        faults += [Fault(a, y, cause, cause.shown or case) for cause in causes]
    return faults


def find_failing(balance: EnergyBalance, system: System) -> dict[tuple[int, int], list[int]]:
    """Return the identities that do not hold, by area and year; many areas and years at once."""
    areas, years = balance.amounts.shape[:2]
    rounding = np.tile(find_rounding(balance), len(balance.flows))
    amounts, status = (
        array.values.reshape(areas * years, -1) for array in (balance.amounts, balance.status)
    )
    found: dict[tuple[int, int], list[int]] = {}
    for start in range(0, areas * years, _BLOCK):
        block = slice(start, start + _BLOCK)
        fails = measure(system, amounts[block], status[block] == ABSENT, rounding).fails
        for cell, i in find_cells(fails).tolist():
            found.setdefault(divmod(start + cell, years), []).append(i)
    return found


def _find_order(balance: EnergyBalance, axis: int) -> np.ndarray:
    """Return the flows (axis 2) or products (3) in the order in which they are printed, as far as that is known."""
    lines = np.moveaxis(balance.place.values, axis, 0)
    where = []
    for line in lines:
        place = line[line >= 0]
        sheets, rows, columns = (
            part[place]
            for part in (balance.places.sheet, balance.places.row, balance.places.column)
        )
        # Only a line of one sheet that stands in one row, or in one column, has a place in an
        # order.
        aligned = [part[0] for part in (rows, columns) if len(part) and (part == part[0]).all()]
        if not aligned or (sheets != sheets[0]).any():
            return np.arange(len(lines))
        where.append(int(aligned[0]))
    return np.argsort(where, kind="stable")


def _find_print(balance: EnergyBalance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each product half a unit of the last decimal, canonical units in a printed one, and decimals."""
    half = find_rounding(balance)
    printed = zip(balance.products, balance.printed_units, strict=True)
    scale = np.array([printed_scale(product, unit) if unit else 1.0 for product, unit in printed])
    return half, scale, np.rint(-np.log10(2 * half / scale)).astype(int)


def _test_units(balance: EnergyBalance) -> Iterable[Finding]:
    """Warn of a total or kinds of it in coal equivalent beside others in physical units.

    Such a unit often belongs to another column; the sums of that total cannot be checked.
    """
    products, known, tree = balance.products, vocabulary.products(), find_product_tree(balance)
    units = [str(unit) for unit in balance.amounts["unit"].values]
    for p, product in enumerate(products):
        family = [p, *tree.parts.get(p, ())]
        odd = [i for i in family if units[i] == "tce"]
        if known[product].group == "total" and odd and len(odd) < len(family):
            other = next(i for i in family if i not in odd)
            yield Finding(
                "mixed-units",
                "warning",
                say(
                    "{product} is in coal equivalent beside {other} in {unit}: the "
                    "sums of {total} are not checked",
                    product=products[odd[0]],
                    other=products[other],
                    unit=units[other],
                    total=product,
                ),
                "",
                say("check the units of both columns"),
            )


def _test_scales(balance: EnergyBalance) -> Iterable[Finding]:
    """Name a product whose unit is of another order than those of the table, if its energy is too.

    Tables in 万吨 print 亿立方米, those in 吨 print 万立方米. Many print 万吨 beside 万立方米, or TJ beside
    GWh, and are right: the amounts tell.
    """
    if balance.origins is not None:  # it was made, in canonical units, and not printed
        return
    products = balance.products
    printed: dict[int, tuple[str, int]] = {}
    for p, (kept, unit) in enumerate(
        zip(balance.amounts["unit"].values.astype(str), balance.printed_units, strict=True)
    ):
        if unit and kept in _USUAL:
            order = np.log10(printed_scale(products[p], unit) / _USUAL[kept])
            if abs(order - round(order)) < 1e-9:  # else one unit of energy for all, such as ktoe
                printed[p] = unit, round(order)
    scales = [scale for _, scale in printed.values()]
    usual = max(scales, key=scales.count, default=0)
    if len(set(scales)) < 2 or 3 * scales.count(usual) < 2 * len(scales):
        return
    order_of_energy = _find_orders(balance)
    others = [order_of_energy[p] for p, (_, scale) in printed.items() if scale == usual]
    table = max((order for order in others if not np.isnan(order)), default=np.nan)
    for p, (unit, scale) in printed.items():
        away = order_of_energy[p] - table
        if scale != usual and abs(away) > _FAR and abs(away + usual - scale) < abs(away):
            a, y, f = np.argwhere(balance.place.values[..., p] >= 0)[0].tolist()
            kept, example = (
                str(balance.amounts["unit"].values[p]),
                next(other for other, one in printed.values() if one == usual),
            )
            yield Finding(
                "unit-scale",
                "warning",
                say(
                    "{product} is printed in {unit}, and a table in {example_unit} prints it in "
                    "{usual_amount:g} {kept}: as printed, its energy is {share:.0e} times that of the "
                    "largest of the others",
                    product=balance.products[p],
                    unit=unit,
                    example_unit=example,
                    usual_amount=10.0**usual * _USUAL[kept],
                    kept=kept,
                    share=10.0**away,
                ),
                balance.locate(a, y, f, p),
                say("check the unit in the header"),
            )


def _find_orders(balance: EnergyBalance) -> np.ndarray:
    """Return the decimal logarithm of the largest energy of each product, NaN where it is zero or not known."""
    largest = np.nanmax(np.abs(balance.amounts.values), axis=(0, 1, 2), initial=0.0)
    energy = largest * np.sqrt(np.prod(find_energy_range(balance), axis=0))
    return np.log10(np.where(energy > 0, energy, np.nan))


def _find_unsigned(balance: EnergyBalance) -> np.ndarray:
    """Return the flows that cannot be negative: not a group that holds what plants put out."""
    known = vocabulary.flows()
    nets = [
        flow
        for flow in balance.flows
        if "energy_sector" in balance.flows and "energy_sector" in known[flow].members
    ]
    return np.array(
        [
            flow not in nets
            and (flow == "production" or balance.is_part(flow, "final_consumption"))
            for flow in balance.flows
        ]
    )


def _test_signs(balance: EnergyBalance) -> Iterable[Finding]:
    """Check that production and final use are not negative, and that what is some of a flow is no more than it."""
    flows, products, numbers = balance.flows, balance.products, balance.amounts.values
    rows = np.flatnonzero(balance.negative.any(axis=1) & _find_unsigned(balance))
    cells = find_cells(numbers[:, :, rows] < 0)
    cells[:, 2] = rows[cells[:, 2]]
    yield from name_cells(
        balance,
        cells,
        lambda f, p, number: say(
            "{product} of {flow} is negative: {number}",
            product=products[p],
            flow=flows[f],
            number=show(balance, number, p),
        ),
        "negative-number",
    )
    for flow in _WITHIN:
        yield from _test_within(balance, flow)


def _test_within(balance: EnergyBalance, flow: str) -> Iterable[Finding]:
    """Check that a row which is some of what another holds is no more than that, beyond the rounding of both."""
    flows, products, numbers = balance.flows, balance.products, balance.amounts.values
    parent = vocabulary.flows()[flow].parent
    if flow not in flows or parent not in flows:
        return
    part, whole = numbers[:, :, flows.index(flow)], numbers[:, :, flows.index(parent)]
    slack = 2 * find_rounding(balance) if flow != "feedstock" else 0.0
    # No number exceeds no whole, and there is no whole without one.
    for a, y, p in find_cells(part > whole + 1e-9 * np.abs(whole) + slack).tolist():
        yield Finding(
            "part-exceeds-whole",
            "error",
            say(
                "{product} of {flow} is {part}, more than the {whole} of {parent}",
                product=products[p],
                flow=flow,
                part=show(balance, float(part[a, y, p]), p),
                whole=show(balance, float(whole[a, y, p]), p),
                parent=parent,
            ),
            balance.locate(a, y, flows.index(flow), p),
            say("check both rows"),
        )


def name_cells(
    balance: EnergyBalance, cells: np.ndarray, word: Callable[[int, int, float], str], rule: str
) -> Iterable[Finding]:
    """Name cells whose sign is to be checked; of very many, the first ones, and how many more there are."""
    amounts = balance.amounts.values
    for a, y, f, p in cells[:_MOST_NAMED].tolist():
        yield Finding(
            rule,
            "warning",
            word(f, p, float(amounts[a, y, f, p])),
            balance.locate(a, y, f, p),
            say("check its sign"),
        )
    if len(cells) > _MOST_NAMED:
        a, y, f, p = cells[_MOST_NAMED].tolist()
        yield Finding(
            rule,
            "warning",
            say(
                "{more_count} more cells like these, from {product} of {flow} of {area} {year} on",
                more_count=len(cells) - _MOST_NAMED,
                product=balance.products[p],
                flow=balance.flows[f],
                area=balance.areas[a],
                year=balance.years[y],
            ),
            balance.locate(a, y, f, p),
            say("check their signs"),
        )
