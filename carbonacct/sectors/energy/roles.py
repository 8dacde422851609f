"""What the rows of a table are to a method: rows without a role, assumed roles, and inputs of plants."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import PLANTS_WITHIN
from carbonacct.blocks import find_cells
from carbonacct.errors import Finding, Gaps, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.factors.method import Transformed


_BLOCKS = ("", "final_consumption", "transformation", "primary_supply")
_INDUSTRY = "industry"
_PRODUCTION = "industry.production_use"
_ALL_PLANTS = frozenset({"transformation", "transformation.input", PLANTS_WITHIN})


@cache
def find_row_of_block(flow: str) -> str:
    """Return the row in which a flow lies right below its block (supply, transformation, final consumption).

    Examples
    --------
    >>> find_row_of_block("households_urban"), find_row_of_block("industry.chemicals"), find_row_of_block("cement")
    ('households', 'industry', 'cement')
    """
    flow = flow.partition(".")[0]
    known = vocabulary.flows().get(flow)
    while known is not None and known.parent not in _BLOCKS:
        flow, known = known.parent, vocabulary.flows().get(known.parent)
    return flow


def find_transformed(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return the cells that plants inside a consumption table take in, and that do not count as burnt.

    Parameters
    ----------
    balance
        A table; one that prints inputs to transformation distinguishes them itself.
    method
        Its declarations ``transformed``.

    Returns
    -------
    ndarray
        bool (area, year, flow, product), or of length 1 along area and year where no cell is left
        out.
    """
    whole = np.zeros((1, 1, *balance.amounts.shape[2:]), bool)
    for entry in method.transformed:
        if not entry.counts:
            whole[0, 0] |= _mask(balance, entry)
    within = _find_inputs_within(balance)
    if not whole.any() or (apart := _tells_apart(balance)).all():
        return within
    left: np.ndarray = within | (whole & ~apart[:, :, None, None])
    return left


def _find_inputs_within(balance: EnergyBalance) -> np.ndarray:
    """Return the inputs to transformation that the use of enterprises for production holds: that counts, and not both.

    工业生产消费 of the reporting forms is all that enterprises use, what they transform among it.
    """
    whole = np.zeros((1, 1, *balance.amounts.shape[2:]), bool)
    if _PRODUCTION not in balance.flows:
        return whole
    plants = [balance.is_part(flow, "transformation") for flow in balance.flows]
    uses = balance.amounts.values[:, :, balance.flows.index(_PRODUCTION)]
    within: np.ndarray = (np.nan_to_num(uses) > 0)[:, :, None, :] & np.array(plants)[:, None]
    return within


def note_roles(balance: EnergyBalance, method: Method, leaf: np.ndarray) -> Iterator[Finding]:
    """Yield what the roles of the rows leave open.

    Parameters
    ----------
    leaf
        The finest-level cells of the table.
    """
    for f, flow in enumerate(balance.flows):
        role = method.role(flow, balance.parents)
        reason = next(
            (
                method.assumed[name]
                for name in vocabulary.climb_flows(flow, balance.parents)
                if name in method.assumed
            ),
            "",
        )
        if role and not reason:
            continue
        cells = _list_used([f], _find_used(balance, leaf, [f]))
        if not len(cells):
            continue
        where = balance.locate(*cells[0].tolist())
        gaps = _gaps(balance, cells)
        if not role:
            yield Finding(
                "no-role",
                "error",
                say(
                    "{cell_count} numbers of {flow} count nowhere: {id} gives the flow no role",
                    cell_count=len(cells),
                    flow=flow,
                    id=method.id,
                ),
                where,
                say("give it a role in the method, or another id in a mapping file"),
                gaps,
            )
        else:
            yield Finding(
                "role-assumed",
                "warning",
                say("{flow} counts as burnt: {reason}", flow=flow, reason=reason),
                where,
                say("ask for the two apart"),
                gaps,
            )
    yield from _note_transformed(balance, method, leaf)
    yield from _note_within(balance, leaf)
    yield from _note_plants_as_one(balance, method, leaf)


def _find_used(balance: EnergyBalance, leaf: np.ndarray, rows: Sequence[int]) -> np.ndarray:
    """Return where some rows have an amount of a fuel that counts (area, year, row, product)."""
    fuel = [not vocabulary.is_electricity_or_heat(product) for product in balance.products]
    used: np.ndarray = (balance.amounts.values[:, :, rows] != 0) & leaf[:, :, rows] & fuel
    return used


def _list_used(rows: Sequence[int], used: np.ndarray) -> np.ndarray:
    """Return the cells of some rows (area, year, row, product) that are true, one a row, with their places."""
    cells = find_cells(used)
    cells[:, 2] = np.asarray(rows)[cells[:, 2]]
    return cells


def _note_plants_as_one(
    balance: EnergyBalance, method: Method, leaf: np.ndarray
) -> Iterator[Finding]:
    """Yield what goes into all plants as one row, where a table tells none apart: power plants burn it."""
    wholes = [
        f
        for f, flow in enumerate(balance.flows)
        if flow in _ALL_PLANTS and method.role(flow) == "transformation"
    ]
    if not wholes:
        return
    inside = [f for f, flow in enumerate(balance.flows) if balance.is_part(flow, PLANTS_WITHIN)]
    plants = [
        f
        for f, flow in enumerate(balance.flows)
        if flow not in _ALL_PLANTS and (f in inside or balance.is_part(flow, "transformation"))
    ]
    amounts, within = balance.amounts.values.copy(), _find_inputs_within(balance)
    amounts[:, :, inside] *= -1  # a part of industry, so that what goes in is positive
    taken, held = (
        _find_used(balance, leaf, rows) & (amounts[:, :, rows] < 0) & ~within[:, :, rows]
        for rows in (plants, wholes)
    )
    held &= ~taken.any(axis=(2, 3))[:, :, None, None]
    if not held.any():
        return
    cells = _list_used(wholes, held)
    a, y, f, p = cells[0].tolist()
    named = name_some([balance.products[i] for i in np.flatnonzero(held.any(axis=(0, 1, 2)))], 6)
    yield Finding(
        "plants-as-one",
        "error",
        say(
            "{cell_count} fuels ({named}) go into transformation as a whole: what power and "
            "heat plants burn of them is not told apart and is not counted",
            cell_count=len(cells),
            named=named,
        ),
        balance.locate(a, y, f, p),
        say("ask for the rows of power and heat plants"),
        _gaps(balance, cells),
    )


def _note_within(balance: EnergyBalance, leaf: np.ndarray) -> Iterator[Finding]:
    """Yield the inputs to transformation that are not counted, because the use for production holds them."""
    within = _find_inputs_within(balance)
    rows = np.flatnonzero(within.any(axis=(0, 1, 3))).tolist()
    cells = _list_used(rows, _find_used(balance, leaf, rows) & within[:, :, rows])
    if not len(cells):
        return
    yield Finding(
        "inputs-within-use",
        "warning",
        say(
            "{count} inputs to transformation are not counted: the use of enterprises for production"
            " holds them, and what of it burns in plants is not told apart",
            count=len(cells),
        ),
        balance.locate(*cells[0].tolist()),
        say("use the area's energy balance"),
    )


def _note_transformed(
    balance: EnergyBalance, method: Method, leaf: np.ndarray
) -> Iterator[Finding]:
    """Yield what plants take in, in a table that does not tell it from what burns."""
    if not method.transformed or (apart := _tells_apart(balance)).all():
        return
    for entry in method.transformed:
        mask = _mask(balance, entry)
        for p in np.flatnonzero(mask.any(axis=0)).tolist():
            rows = np.flatnonzero(mask[:, p]).tolist()
            column = np.arange(mask.shape[1]) == p
            used = _find_used(balance, leaf, rows) & column & ~apart[:, :, None, None]
            cells = _list_used(rows, used)
            if not len(cells):
                continue
            a, y, f, _ = cells[0].tolist()
            tonnes = float(balance.amounts.values[tuple(cells.T)].sum())
            unit = balance.amounts["unit"].values[p]
            counts = say("counts as burnt all the same") if entry.counts else say("is not counted")
            yield Finding(
                "transformed-inside",
                "error",
                say(
                    "{tonnes:,.0f} {unit} of {product} of {flow} {counts}: {reason}, and "
                    "the table has no rows of transformation",
                    tonnes=tonnes,
                    unit=unit,
                    product=balance.products[p],
                    flow=balance.flows[f],
                    counts=counts,
                    reason=entry.reason,
                ),
                balance.locate(a, y, f, p),
                say(
                    "use the area's energy balance, or say in a table of its own what is "
                    "transformed"
                ),
                _gaps(balance, cells),
            )


def _mask(balance: EnergyBalance, entry: Transformed) -> np.ndarray:
    """Return the cells (flow, product) that an entry names, with their remainders and the branches of a branch."""
    is_branch = entry.flow.startswith(f"{_INDUSTRY}.")
    bases = map(vocabulary.base_of, balance.flows)
    rows = [
        # What names its plants needs no guess: it has a role of its own.
        vocabulary.is_within(flow, entry.flow) and not vocabulary.is_within(flow, PLANTS_WITHIN)
        if is_branch
        else flow == entry.flow
        for flow in bases
    ]
    columns = [vocabulary.base_of(product) in entry.products for product in balance.products]
    return np.outer(rows, columns)


def _tells_apart(balance: EnergyBalance) -> np.ndarray:
    """Return the area-years that tell what plants take in: by a row of transformation, or as final consumption."""
    rows = [f for f, flow in enumerate(balance.flows) if balance.is_part(flow, "transformation")]
    columns = [
        p
        for p, product in enumerate(balance.products)
        if not vocabulary.is_electricity_or_heat(product)
    ]
    inputs = balance.amounts.values[:, :, rows][..., columns]
    final = [f for f, flow in enumerate(balance.flows) if flow == "final_consumption"]
    ends = balance.amounts.values[:, :, final][..., columns]
    apart = (inputs < 0) & ~_find_inputs_within(balance)[:, :, rows][..., columns]
    return np.asarray(apart.any(axis=(2, 3)) | (ends > 0).any(axis=(2, 3)))


def _gaps(balance: EnergyBalance, cells: np.ndarray) -> Gaps:
    """Return cells (one a row: area, year, flow, product) with their amounts."""
    labels = (balance.areas, balance.years, balance.flows, balance.products)
    return Gaps(labels, cells.T, balance.amounts.values[tuple(cells.T)])
