"""Cells of energy inventories for a model that can be drawn: the one place that knows how their cube keeps its rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.errors import UncertaintyError
from carbonacct.inventory.metrics import find_gwp, origin_of
from carbonacct.product_groups import group_of
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.default_ranges import find_default_range, note_defaults
from carbonacct.uncertainty.distributions import Uncertainty
from carbonacct.uncertainty.draw_model import DrawInput
from carbonacct.uncertainty.index_choice import find_index_choices
from carbonacct.uncertainty.knowledge import CellPart
from carbonacct.uncertainty.uncertain_inputs import (
    find_activity_uncertainty,
    find_factor_uncertainty,
    find_own_uncertainty,
    match_override,
    note_exact,
    scale,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.errors import Finding
    from carbonacct.factors import FactorRow
    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.uncertainty.knowledge import Knowledge


def read_energy(
    several: Sequence[EnergyInventory],
    *,
    scope: int,
    gas: str,
    gwp: str | None,
    knowledge: Knowledge,
    kept: Mapping[int, np.ndarray],
) -> CellPart:
    """Return the cells of energy inventories and what is uncertain about them.

    Parameters
    ----------
    several
        Inventories; a factor row that they share is one input.
    scope, gas, gwp
        As in :func:`carbonacct.model_inventory`.
    kept
        By the place of an inventory, the places in its cube of the cells that are asked for; all of
        them where it has none.

    Raises
    ------
    UncertaintyError
        If two inventories have the same area and year, or one lacks the gas.
    """
    places = [
        (area, year) for one in several for area in one.balance.areas for year in one.balance.years
    ]
    if len(set(places)) < len(places):
        raise UncertaintyError(
            say("two of the inventories have the same area and year; give each once")
        )
    rows = _Rows({}, [], [])
    frames, uses, powers = [], [], []
    for number, inventory in enumerate(several):
        for one in (
            [gas] if gwp is None else [str(name) for name in inventory.emissions["gas"].values]
        ):
            frame, steps, divides = _read_cells(inventory, (scope, one), rows, kept.get(number))
            if gwp is not None:
                frame["value"] *= _weigh(gwp, one, frame["category"])
            frames.append(frame)
            uses.append(steps)
            powers.append(divides)
    cells = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    factors, exact, findings = _fit_rows(rows, knowledge)
    activity, activity_of = _fit_activities(cells, knowledge)
    choices, steps, divides = _add_index_choices(
        several, cells, len(factors), (pad(uses, -1), pad(powers, 1))
    )
    return CellPart(
        cells=cells,
        inputs=[*factors, *choices],
        uses=steps,
        powers=divides,
        activity=activity,
        activity_of=activity_of,
        findings=findings,
        exact=exact,
    )


def _add_index_choices(
    several: Sequence[EnergyInventory],
    cells: pd.DataFrame,
    count: int,
    steps: tuple[np.ndarray, np.ndarray],
) -> tuple[list[DrawInput], np.ndarray, np.ndarray]:
    """Return the choices of indices, and the steps of the cells and their powers with one more where a cell has a choice."""
    choices, chosen = find_index_choices(several, cells)
    if not choices:
        return [], *steps
    own = np.where(chosen < 0, -1, chosen + count)
    return (
        choices,
        np.column_stack([steps[0], own]),
        np.column_stack([steps[1], np.ones(len(cells), np.int8)]),
    )


def _weigh(metric: str, gas: str, categories: pd.Series[str]) -> np.ndarray:
    """Return the weight of each cell of a gas, as :meth:`carbonacct.EnergyInventory.co2e` has it."""
    weights = {
        code: find_gwp(metric, gas, origin=origin_of(gas, code)) for code in categories.unique()
    }
    return categories.map(weights).to_numpy(float)


@dataclass(frozen=True)
class _Rows:
    """The factor rows that cells use, each once, with its value and the product asked for in its place."""

    number: dict[tuple[str, float], int]
    rows: list[FactorRow]
    substitutes: list[str]


def _read_cells(
    inventory: EnergyInventory, asked: tuple[int, str], rows: _Rows, only: np.ndarray | None
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the cells of a scope and a gas that have a number, and for each step of their chains the row and its power."""
    scope, gas = asked
    emissions = inventory.emissions
    gases = [str(name) for name in emissions["gas"].values]
    if gas not in gases:
        raise UncertaintyError(
            say(
                "the inventory has no {gas}; it has {gases}", gas=gas, gases=join_texts(", ", gases)
            )
        )
    g = gases.index(gas)
    values = inventory.in_table(scope)[..., g]
    here = ~np.isnan(values)
    if only is not None:
        places = np.arange(values.size).reshape(values.shape) * len(gases) + g
        here &= np.isin(places, only)
    a, y, f, p = np.nonzero(here)
    chains = inventory.chain if inventory.chain.ndim == values.ndim else inventory.chain[..., g]
    chain_of = chains[here]
    fuels = np.array(
        [group_of(str(name)).main_fuel for name in emissions["product"].values],
        dtype=object,
    )
    columns = {
        "area": (emissions["area"].values, a),
        "year": (emissions["year"].values, y),
        "flow": (emissions["flow"].values, f),
        "product": (emissions["product"].values, p),
        "gas": (np.array(gases), np.full(len(a), g)),
        "category": (emissions["category"].values, f),
        "fuel": (fuels, p),
    }
    frame = pd.DataFrame(
        {name: _label(labels, at) for name, (labels, at) in columns.items()}
        | {"value": values[here]}
    )
    longest = max((len(chain.parameters) for chain in inventory.chains), default=0)
    steps, powers = (
        np.full((len(frame), longest), -1, np.int32),
        np.ones((len(frame), longest), np.int8),
    )
    for number in np.unique(chain_of[chain_of >= 0]):
        chain, cells = inventory.chains[number], np.flatnonzero(chain_of == number)
        for step, (selection, divides) in enumerate(
            zip(chain.selections, chain.divided, strict=True)
        ):
            chosen = selection.row[here][cells]
            place = np.full(len(selection.rows) + 1, -1, np.int32)
            for i in np.unique(chosen[chosen >= 0]):
                place[i] = _number(selection.rows[i], inventory, rows)
            steps[cells, step] = place[chosen]
            powers[cells, step] = -1 if divides else 1
    return frame, steps, powers


def _label(labels: np.ndarray, at: np.ndarray) -> pd.Categorical[Any]:
    """Return the labels of cells as a column that holds each label once."""
    codes, different = pd.factorize(labels if labels.dtype.kind in "iu" else labels.astype(object))
    return pd.Categorical.from_codes(codes[at], categories=pd.Index(different))


def _number(row: FactorRow, inventory: EnergyInventory, rows: _Rows) -> int:
    key = (row.place, row.value)
    if key not in rows.number:
        rows.number[key] = len(rows.rows)
        rows.rows.append(row)
        substitute = inventory.method.substitutes.get(row.product)
        rows.substitutes.append(substitute.use if substitute else row.product)
    return rows.number[key]


def _fit_rows(rows: _Rows, knowledge: Knowledge) -> tuple[list[DrawInput], int, list[Finding]]:
    """Return the inputs, how many of them count as exact for want of a range, and what to say of them."""
    fitted, exact, defaults = [], [], []
    bounds_from = knowledge.bounds_from
    for row, product in zip(rows.rows, rows.substitutes, strict=True):
        value = (row.lower + row.upper) / 2 if math.isnan(row.value) else row.value
        own = find_own_uncertainty(row, knowledge.overrides)
        knowledge.used.update([own.place] if own else [])
        found = (
            scale(own.uncertainty, value)
            if own
            else find_factor_uncertainty(row, value, product=product, bounds_from=bounds_from)
        )
        if found is None and not knowledge.exact:
            found = find_default_range(row, value, product=product)
            defaults += [(row, found)] if found is not None else []
        if found is None:
            exact.append(row)
            found = Uncertainty("exact", value, value, value)
        fitted.append(
            DrawInput(f"{row.place} {value:.15g}", row.parameter, row.item or row.product, found)
        )
    return (
        fitted,
        len(exact),
        [
            *([note_defaults(defaults)] if defaults else []),
            *([note_exact(exact, bounds_from)] if exact else []),
        ],
    )


def _fit_activities(
    cells: pd.DataFrame, knowledge: Knowledge
) -> tuple[list[Uncertainty], np.ndarray]:
    """Return the uncertainties of activities, and for each cell the number of its own."""
    overrides = knowledge.overrides
    asked = {key for one in overrides if one.input == "activity" for key in one.keys} | {
        "category",
        "fuel",
    }
    keys = [key for key in ("area", "flow", "product", "category", "gas", "fuel") if key in asked]
    number = cells.groupby(keys, sort=True, observed=True).ngroup().to_numpy()
    _, first = np.unique(number, return_index=True)
    different = cells.iloc[first][keys].astype(str)
    found = []
    for words in different.to_dict("records"):
        named = {str(key): str(word) for key, word in words.items()}
        own = match_override(overrides, "activity", named)
        knowledge.used.update([own.place] if own else [])
        found.append(
            own.uncertainty
            if own
            else find_activity_uncertainty(knowledge.sources, named["category"], named["fuel"])
        )
    return found, number


def pad(parts: Sequence[np.ndarray], fill: int) -> np.ndarray:
    """Put arrays of different numbers of columns under one another."""
    width = max(part.shape[1] for part in parts)
    return np.concatenate(
        [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=fill) for part in parts]
    )
