"""What the rows of a table are to a method: rows without a role, assumed roles, and inputs of plants."""

from __future__ import annotations

from functools import cache
from itertools import starmap
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.blocks import find_cells, in_blocks
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.factors.method import Transformed


_BLOCKS = ("", "final_consumption", "transformation", "primary_supply")
_INDUSTRY = "industry"
_PRODUCTION = "industry.production_use"
_ALL_PLANTS = frozenset({"transformation", "transformation.input"})


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
        A table; one that prints inputs to transformation tells them apart itself.
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
    if not whole.any():
        return within
    left: np.ndarray = within | (whole & ~_tells_apart(balance)[:, :, None, None])
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
    amounts = balance.amounts.values
    fuel = np.array(
        [not vocabulary.is_electricity_or_heat(product) for product in balance.products]
    )
    used = np.empty(leaf.shape, bool)

    def find_used(areas: slice) -> None:
        np.not_equal(amounts[areas], 0, out=used[areas])
        used[areas] &= leaf[areas] & fuel

    in_blocks(find_used, used.shape)
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
        if (role and not reason) or not used[:, :, f].any():
            continue
        cells = find_cells(used[:, :, f])
        a, y, p = map(int, cells[0])
        where = balance.locate(a, y, f, p)
        gaps = _gaps(balance, np.insert(cells, 2, f, axis=1))
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
    yield from _note_transformed(balance, method, used)
    yield from _note_within(balance, used)
    yield from _note_plants_as_one(balance, method, used)


def _note_plants_as_one(
    balance: EnergyBalance, method: Method, used: np.ndarray
) -> Iterator[Finding]:
    """Yield what goes into all plants as one row, in a table that tells none of them apart: power plants burn it, others do not."""
    wholes = [
        f
        for f, flow in enumerate(balance.flows)
        if flow in _ALL_PLANTS and method.role(flow) == "transformation"
    ]
    plants = [
        f
        for f, flow in enumerate(balance.flows)
        if balance.is_part(flow, "transformation") and flow not in _ALL_PLANTS
    ]
    if not wholes:
        return
    amounts, within = balance.amounts.values, _find_inputs_within(balance)
    taken, held = (
        used[:, :, rows] & (amounts[:, :, rows] < 0) & ~within[:, :, rows]
        for rows in (plants, wholes)
    )
    held &= ~taken.any(axis=(2, 3))[:, :, None, None]
    if not held.any():
        return
    cells = find_cells(held)
    cells[:, 2] = np.array(wholes)[cells[:, 2]]
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


def _note_within(balance: EnergyBalance, used: np.ndarray) -> Iterator[Finding]:
    """Yield the inputs to transformation that are not counted, because the use for production holds them."""
    held = used & _find_inputs_within(balance)
    if not held.any():
        return
    cells = find_cells(held)
    a, y, f, p = map(int, cells[0])
    yield Finding(
        "inputs-within-use",
        "warning",
        say(
            "{count} inputs to transformation are not counted: the use of enterprises for production"
            " holds them, and what of it burns in plants is not told apart",
            count=len(cells),
        ),
        balance.locate(a, y, f, p),
        say("use the area's energy balance"),
    )


def _note_transformed(
    balance: EnergyBalance, method: Method, used: np.ndarray
) -> Iterator[Finding]:
    """Yield what plants take in, in a table that does not tell it from what burns."""
    if not method.transformed or (apart := _tells_apart(balance)).all():
        return
    for entry in method.transformed:
        mask = _mask(balance, entry)
        for p in np.flatnonzero(mask.any(axis=0)).tolist():
            rows = np.flatnonzero(mask[:, p])
            cells = find_cells(used[:, :, rows, p] & ~apart[:, :, None])
            if not len(cells):
                continue
            cells = np.insert(cells, 3, p, axis=1)
            cells[:, 2] = rows[cells[:, 2]]
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
        vocabulary.is_within(flow, entry.flow) if is_branch else flow == entry.flow
        for flow in bases
    ]
    columns = [vocabulary.base_of(product) in entry.products for product in balance.products]
    return np.outer(rows, columns)


def _tells_apart(balance: EnergyBalance) -> np.ndarray:
    """Return the area-years that tell apart what plants take in: by a row of transformation, or as final consumption."""
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


def _gaps(balance: EnergyBalance, cells: np.ndarray) -> tuple[Gap, ...]:
    """Return cells (one a row: area, year, flow, product) with their amounts."""
    labels: tuple[list[Any], ...] = (
        balance.areas,
        balance.years,
        balance.flows,
        balance.products,
    )
    names = [
        [known[at] for at in places] for known, places in zip(labels, cells.T.tolist(), strict=True)
    ]
    amounts = balance.amounts.values[tuple(cells.T)].tolist()
    return tuple(starmap(Gap, zip(*names, amounts, strict=True)))
