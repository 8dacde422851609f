"""The entries of an energy inventory: its cube as rows of the record of all sectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.equations import UnfoldedStep
from carbonacct.errors import CellNotFoundError
from carbonacct.inventory.entry_columns import make_entries, make_words
from carbonacct.inventory.joining import stack_entries
from carbonacct.inventory.making import describe_making
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.energy_factor_cells import list_factor_cells
from carbonacct.sectors.energy.memo import shared_memo_items
from carbonacct.sectors.energy.tracing import trace_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from carbonacct.inventory.factor_cells import FactorCells
    from carbonacct.inventory.record import MadeFrom
    from carbonacct.sectors.energy.cube import EnergyInventory
    from carbonacct.sectors.energy.tracing import Trace

_DIMS = ("area", "year", "flow", "product", "gas")


@dataclass(frozen=True, eq=False)
class EnergyOrigin:
    """The energy inventory that entries came from; a cell is a place in its cube."""

    inventory: EnergyInventory
    excludes: tuple[str, ...] = ()

    @property
    def gases(self) -> list[str]:
        """The gases of its entries, in their order."""
        return self.inventory.gases

    @property
    def places(self) -> list[tuple[str, int]]:
        """The areas and years of its entries."""
        balance = self.inventory.balance
        return [(area, year) for area in balance.areas for year in balance.years]

    def factor_cells(self, scope: int, gas: str, only: np.ndarray | None = None) -> FactorCells:
        """Return the entries of a scope and a gas that have a number, of some cells or of all."""
        return list_factor_cells(self.inventory, scope, gas, only)

    def open(self, cell: int) -> UnfoldedStep:
        """Return how a cell of the cube was worked out."""
        a, y, f, p, g = (int(at) for at in np.unravel_index(cell, self.inventory.emissions.shape))
        try:
            return _to_step(trace_cell(self.inventory, (a, y, f, p, g)))
        except CellNotFoundError as error:  # it crosses the border and has no factor
            amount = _amount_of(self.inventory, (a, y, f, p))
            return UnfoldedStep(
                name=self.inventory.balance.flows[f],
                labels={"product": self.inventory.balance.products[p]},
                value=np.nan,
                unit=f"t {self.inventory.gases[g]}",
                notation="NE",
                origin=str(error),
                parts=(amount,),
            )

    def recompute(self, cells: np.ndarray) -> np.ndarray:
        """Return the values of entries, t: activity times each factor of its chain, in their order."""
        held = self.inventory
        place = np.unravel_index(cells, held.emissions.shape)
        at, which = place[:4], held.chain[place]
        activity = held.activity[at]
        factor = np.ones(len(cells))
        for number in np.unique(which[which >= 0]):
            own = which == number
            cell = tuple(axis[own] for axis in at)
            chain = held.chains[number]
            for selection, divides in zip(chain.selections, chain.divided, strict=True):
                step = np.where(selection.row[cell] < 0, 1.0, selection.values[cell])
                factor[own] = factor[own] / step if divides else factor[own] * step
        return np.asarray(np.where(activity == 0, activity * 0.0, activity * factor))


@dataclass(frozen=True, eq=False)
class MemoOrigin:
    """The energy inventory that memo items came from; a cell is a place in its cube."""

    inventory: EnergyInventory
    entries: pd.DataFrame
    excludes: tuple[str, ...] = ()

    def open(self, cell: int) -> UnfoldedStep:
        """Return what a memo item was worked out from: the cell of the balance."""
        row = self.entries[self.entries["cell"] == cell].iloc[0]
        a, y, f, p, _ = (int(at) for at in np.unravel_index(cell, self.inventory.emissions.shape))
        return UnfoldedStep(
            name=str(row["flow"]),
            labels={"product": str(row["product"])},
            value=float(row["value"]),
            unit=f"t {row['gas']}",
            notation=str(row["notation"]),
            formula=f"activity * factors of {self.inventory.method.id}",
            parts=(_amount_of(self.inventory, (a, y, f, p)),),
        )

    def recompute(self, cells: np.ndarray) -> np.ndarray:
        """Return the values of memo items, t, worked out again from the balance."""
        again = _of_memo(self.inventory)
        known = dict(zip(again["cell"], again["value"], strict=True))
        return np.array([known[cell] for cell in cells], float)


def _amount_of(inventory: EnergyInventory, cell: tuple[int, int, int, int]) -> UnfoldedStep:
    """Return what the balance holds in a cell (area, year, flow, product)."""
    a, y, f, p = cell
    amounts = inventory.balance.amounts
    return UnfoldedStep(
        name="activity",
        labels={},
        value=float(amounts.values[a, y, f, p]),
        unit=inventory.balance.units[p],
        origin=inventory.balance.address_at(a, y, f, p),
    )


def _to_step(found: Trace) -> UnfoldedStep:
    """Return the trace of a cell as a tree: the activity, then each factor with its row."""
    activity = UnfoldedStep(
        name="activity",
        labels={},
        value=found.activity,
        unit=found.unit,
        formula=_write_activity(found),
        origin=", ".join(found.where),
    )
    factors = tuple(
        UnfoldedStep(
            name=step.parameter,
            labels={},
            value=step.value,
            unit="1" if step.unit == "dimensionless" else step.unit,
            origin=step.row.place,
        )
        for step in found.steps
    )
    signs = [" / " if step.divides else " * " for step in found.steps]
    formula = "".join(
        ["activity", *(sign + step.name for sign, step in zip(signs, factors, strict=True))]
    )
    return UnfoldedStep(
        name=found.flow,
        labels={"product": found.product},
        value=found.value,
        unit=f"t {found.gas}",
        formula=formula,
        parts=(activity, *factors),
    )


def _write_activity(found: Trace) -> str:
    """Return how the activity came of the amount that the table prints."""
    text = found.printed
    if found.share != 1:
        text += f" * {found.share:.15g}"
    if found.deduction:
        text = f"{text} - {found.deduction:.15g} {found.unit}"
    return text


def to_inventory(
    inventory: EnergyInventory,
    *,
    files: Iterable[str | Path] = (),
    options: Mapping[str, object] | None = None,
) -> Inventory:
    """Return an energy inventory as a record of entries, in the order of the balance.

    Parameters
    ----------
    files
        What it was read from: the name and sha256 of each stand in ``made_from``.
    options
        Choices that were made, for ``made_from``; what is False, None or empty is left out.

    Returns
    -------
    Inventory
        Scope 1 and 2 with every number unchanged, scope 2 without a factor as NE, and the memo
        items.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> inventory = ca.to_inventory(cube)
    >>> inventory.to_frame().equals(cube.to_frame())
    True
    """
    entries = _of_cube(inventory)
    memo = _of_memo(inventory)
    return Inventory(
        entries=stack_entries([entries, memo]),
        findings=inventory.findings,
        made_from=(describe_energy(inventory, files=files, options=options),),
        origins=(EnergyOrigin(inventory), MemoOrigin(inventory, memo)),
    )


def describe_energy(
    inventory: EnergyInventory,
    *,
    files: Iterable[str | Path] = (),
    options: Mapping[str, object] | None = None,
) -> MadeFrom:
    """Return what an energy inventory was made from; parameters as of :func:`to_inventory`."""
    return describe_making(
        inventory.method.id,
        editions=[source.id for source in inventory.method.sources],
        options=options,
        files=[*files, *inventory.method.files],
    )


def _of_cube(inventory: EnergyInventory) -> pd.DataFrame:
    """Return the entries of both scopes, in the order of the balance."""
    direct, indirect = inventory.emissions, inventory.indirect
    own = np.nonzero(~np.isnan(direct.values))
    lacking = indirect["lacking"].values[..., None] & (direct["gas"].values == "CO2")
    crossing = np.nonzero(~np.isnan(indirect.values) | lacking)
    columns = direct.indexes["product"].get_indexer(indirect["product"].values)
    moved = (*crossing[:3], columns[crossing[3]], crossing[4])
    cells = tuple(np.concatenate(pair) for pair in zip(own, moved, strict=True))
    order = np.lexsort(cells[::-1])
    a, y, f, p, g = (axis[order] for axis in cells)
    scope = np.repeat([1, 2], [len(own[0]), len(moved[0])])[order]
    values = np.concatenate([direct.values[own], indirect.values[crossing]])[order]
    categories = np.array(["", *direct["category"].values.astype(str)], dtype=object)
    units = inventory.balance.amounts["unit"].values.astype(str)
    return make_entries(
        {
            "area": _pick(direct["area"].values, a),
            "year": direct["year"].values[y],
            "sector": "energy",
            "flow": _pick(direct["flow"].values, f),
            "product": _pick(direct["product"].values, p),
            "category": _pick(categories, np.where(scope == 1, f + 1, 0)),
            "scope": scope,
            "kind": _pick(np.array(["emission", "scope2"]), scope - 1),
            "gas": _pick(direct["gas"].values, g),
            "value": values,
            "notation": _pick(np.array(["", "NE"]), np.isnan(values).astype(int)),
            "activity": inventory.activity[a, y, f, p],
            "activity_unit": _pick(units, p),
            "method": inventory.method.id,
            "origin": 0,
            "cell": np.ravel_multi_index((a, y, f, p, g), direct.shape),
        }
    )


def _of_memo(inventory: EnergyInventory) -> pd.DataFrame:
    """Return the memo items; one that has no factor is not estimated."""
    memo = shared_memo_items(inventory)
    direct = inventory.emissions
    places = [direct.indexes[dim].get_indexer(memo[dim].to_numpy(dtype=object)) for dim in _DIMS]
    columns = {name: memo[name].to_numpy() for name in ("year", "value")}
    words = ("area", "flow", "product", "category", "gas")
    return make_entries(
        {
            **columns,
            **{name: memo[name].to_numpy(dtype=object) for name in words},
            "sector": "energy",
            "kind": "memo",
            "notation": np.where(memo["value"].isna(), "NE", ""),
            "activity": inventory.balance.amounts.values[tuple(places[:4])],
            "activity_unit": inventory.balance.amounts["unit"].values.astype(object)[places[3]],
            "method": inventory.method.id,
            "origin": 1,
            "cell": np.ravel_multi_index(places, direct.shape) if len(memo) else np.zeros(0, int),
        }
    )


def _pick(words: np.ndarray, codes: np.ndarray) -> pd.Categorical[Any]:
    """Return a column of words by their places; words that are there twice are one."""
    places, unique = pd.factorize(words.astype(object))
    return make_words(places[codes], unique)


def energy_of(inventory: Inventory) -> list[EnergyInventory]:
    """Return the energy inventories that have entries in a record, as they count in it.

    None of one that was read from a file.
    """
    held = set(inventory.entries["origin"].unique())
    return [
        one.inventory
        for number, one in enumerate(inventory.origins)
        if isinstance(one, EnergyOrigin) and number in held
    ]
