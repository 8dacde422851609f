"""Entries of fuels as cells for a model that can be drawn: an activity times factor rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    from carbonacct.inventory.factor_cells import FactorCells, FactorOrigin
    from carbonacct.uncertainty.knowledge import Knowledge


def read_energy(
    origins: Sequence[FactorOrigin],
    *,
    scope: int,
    gas: str,
    gwp: str | None,
    knowledge: Knowledge,
    kept: Mapping[int, np.ndarray],
) -> CellPart:
    """Return the entries of fuels and what is uncertain about them.

    Parameters
    ----------
    origins
        Where they came from; a factor row that several share is one input.
    scope, gas, gwp
        As in :func:`carbonacct.model_inventory`.
    kept
        By the place of an origin, its cells that are asked for; all of them where it has none.

    Raises
    ------
    UncertaintyError
        If two origins have the same area and year, or one lacks the gas.
    """
    places = [place for one in origins for place in one.places]
    if len(set(places)) < len(places):
        raise UncertaintyError(
            say("two of the inventories have the same area and year; give each once")
        )
    rows = _Rows({}, [], [])
    found: list[FactorCells] = []
    frames, uses = [], []
    for number, origin in enumerate(origins):
        for one in [gas] if gwp is None else origin.gases:
            if one not in origin.gases:
                known = join_texts(", ", origin.gases)
                raise UncertaintyError(
                    say("the inventory has no {gas}; it has {gases}", gas=one, gases=known)
                )
            part = origin.factor_cells(scope, one, kept.get(number))
            weight = _weigh(gwp, one, part.cells["category"]) if gwp is not None else 1.0
            frames.append(_with_fuels(part.cells).assign(value=part.cells["value"] * weight))
            uses.append(_number_rows(part, rows))
            found.append(part)
    cells = pd.concat(frames, ignore_index=True)
    factors, exact, findings = _fit_rows(rows, knowledge)
    activity, activity_of = _fit_activities(cells, knowledge)
    choices, steps, divides = _add_index_choices(
        found, len(factors), (pad(uses, -1), pad([part.power for part in found], 1))
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


def _with_fuels(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the fuel that each product is taken for in tables of uncertainties."""
    product = cells["product"].cat
    fuels = [group_of(str(name)).main_fuel for name in product.categories]
    codes, different = pd.factorize(np.array(fuels, dtype=object))
    fuel = pd.Categorical.from_codes(codes[product.codes], categories=pd.Index(different))
    labels = [name for name in cells.columns if name != "value"]
    return cells.assign(fuel=pd.Series(fuel, index=cells.index))[[*labels, "fuel", "value"]]


def _number_rows(part: FactorCells, rows: _Rows) -> np.ndarray:
    """Return the place of each step's row among those of all origins, -1 where there is none."""
    place = np.full(len(part.rows) + 1, -1, np.int32)
    for i, (row, asked) in enumerate(zip(part.rows, part.asked, strict=True)):
        key = (row.place, row.value)
        if key not in rows.number:
            rows.number[key] = len(rows.rows)
            rows.rows.append(row)
            rows.substitutes.append(asked)
        place[i] = rows.number[key]
    return np.asarray(place[part.row])


def _add_index_choices(
    parts: Sequence[FactorCells],
    count: int,
    steps: tuple[np.ndarray, np.ndarray],
) -> tuple[list[DrawInput], np.ndarray, np.ndarray]:
    """Return the choices of indices, and the steps and powers of cells with one more where a cell has a choice."""
    choices, chosen = find_index_choices(parts)
    if not choices:
        return [], *steps
    own = np.where(chosen < 0, -1, chosen + count)
    return (
        choices,
        np.column_stack([steps[0], own]),
        np.column_stack([steps[1], np.ones(len(chosen), np.int8)]),
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
    number = cells.groupby(keys, observed=True).ngroup().to_numpy()
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
