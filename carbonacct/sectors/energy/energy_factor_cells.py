"""The numbers of an energy inventory with the factor rows of their chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.inventory.factor_cells import FactorCells, IndexShare

if TYPE_CHECKING:
    from carbonacct.factors import FactorRow
    from carbonacct.sectors.energy.cube import EnergyInventory


def list_factor_cells(
    inventory: EnergyInventory, scope: int, gas: str, only: np.ndarray | None = None
) -> FactorCells:
    """Return the cells of a scope and a gas that have a number, with the rows of their chains.

    Parameters
    ----------
    only
        Places in the cube of the cells that are asked for; all of them where not given.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> found = list_factor_cells(cube, 1, "CO2")
    >>> len(found.cells), found.row.shape[0], float(found.power.min())
    (69, 69, 1.0)
    """
    emissions, g = inventory.emissions, inventory.gases.index(gas)
    values = inventory.in_table(scope)[..., g]
    here = ~np.isnan(values)
    if only is not None:
        places = np.arange(values.size).reshape(values.shape) * len(inventory.gases) + g
        here &= np.isin(places, only)
    a, y, f, p = np.nonzero(here)
    columns = {
        "area": (emissions["area"].values, a),
        "year": (emissions["year"].values, y),
        "flow": (emissions["flow"].values, f),
        "product": (emissions["product"].values, p),
        "gas": (np.array(inventory.gases), np.full(len(a), g)),
        "category": (emissions["category"].values, f),
    }
    cells = pd.DataFrame(
        {name: _label(labels, at) for name, (labels, at) in columns.items()}
        | {"value": values[here]}
    )
    rows, row, power = _list_steps(inventory, here, g)
    substitutes = inventory.method.substitutes
    asked = [
        substitutes[one.product].use if one.product in substitutes else one.product for one in rows
    ]
    return FactorCells(cells, tuple(rows), tuple(asked), row, power, _list_shares(inventory, cells))


def _label(labels: np.ndarray, at: np.ndarray) -> pd.Categorical[Any]:
    """Return the labels of cells as a column that holds each label once."""
    codes, different = pd.factorize(labels if labels.dtype.kind in "iu" else labels.astype(object))
    return pd.Categorical.from_codes(codes[at], categories=pd.Index(different))


def _list_steps(
    inventory: EnergyInventory, here: np.ndarray, gas: int
) -> tuple[list[FactorRow], np.ndarray, np.ndarray]:
    """Return the factor rows of some cells, each once, and by cell and step the row and its power."""
    chains = inventory.chain
    chain_of = (chains if chains.ndim == here.ndim else chains[..., gas])[here]
    longest = max((len(chain.parameters) for chain in inventory.chains), default=0)
    row = np.full((len(chain_of), longest), -1, np.int32)
    power = np.ones((len(chain_of), longest), np.int8)
    known: dict[tuple[str, float], int] = {}
    rows: list[FactorRow] = []
    for number in np.unique(chain_of[chain_of >= 0]):
        chain, cells = inventory.chains[number], np.flatnonzero(chain_of == number)
        for step, (selection, divides) in enumerate(
            zip(chain.selections, chain.divided, strict=True)
        ):
            chosen = selection.row[here][cells]
            # One place more than there are rows: no row (-1) picks the last, which stays none.
            place = np.full(len(selection.rows) + 1, -1, np.int32)
            for i in np.unique(chosen[chosen >= 0]):
                one = selection.rows[i]
                place[i] = known.setdefault((one.place, one.value), len(rows))
                rows += [one] if place[i] == len(rows) else []
            row[cells, step] = place[chosen]
            power[cells, step] = -1 if divides else 1
    return rows, row, power


def _list_shares(inventory: EnergyInventory, cells: pd.DataFrame) -> dict[int, IndexShare]:
    """Return the shares of indices by the place of a cell, where other indices give others."""
    origins = inventory.balance.origins
    found: dict[int, IndexShare] = {}
    if origins is None:
        return found
    keys = cells[["area", "year", "flow", "product"]].astype(object).itertuples(index=False)
    for n, (area, year, flow, product) in enumerate(keys):
        cell = area, int(year), vocabulary.base_of(flow), vocabulary.base_of(product)
        origin = origins.find(*cell)
        if origin is not None and origin.has_spread and 0 < origin.share < np.inf:
            spread = origin.share_low, origin.share_high
            found[n] = IndexShare(origin.index, origin.share, *spread)
    return found
