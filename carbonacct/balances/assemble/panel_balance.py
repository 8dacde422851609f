"""Labelled arrays and long tables -> an energy balance of many areas and years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_balance import DIMS, EnergyBalance, Places
from carbonacct.balances.assemble.labelled import read_array, read_frame
from carbonacct.balances.assemble.signs import turn_negative_uses, turn_positive_inputs
from carbonacct.errors import TableError, did_you_mean
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    import xarray as xr


def make_balance(table: pd.DataFrame | xr.DataArray | xr.Dataset) -> EnergyBalance:
    """Make an energy balance of a labelled array or a long table.

    Parameters
    ----------
    table
        A DataFrame with ``area, year, flow, product, value``; a DataArray (area, year, flow,
        product); or a Dataset with one variable per product (area, year, flow). Values may be
        pint-backed, of any registry. Where they are not in the canonical unit of their product, a
        column, a coordinate or an attribute named ``unit``, ``units``, 单位 or 计量单位 says so; a
        product in energy or coal equivalent is kept as such. An area is one area however it is
        spelt: its first spelling stays. Supply and transformation are signed:
        what leaves the area, and what goes into a transformation, is negative.

    Returns
    -------
    EnergyBalance
        Without addresses: no number stands in a file.

    Raises
    ------
    TableError
        If a column, dim, coordinate or attribute is missing or not known, a label is unknown, a
        year is none, a cell is there twice, or a value is no finite number.
    UnitError
        If a unit is unknown, said twice in two ways, or does not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"product": ["diesel", "gasoline"], "value": [2.0, 3.0], "unit": "万吨"})
    >>> table = table.assign(area="A", year=2020, flow="transport")
    >>> make_balance(table).amounts.squeeze().values.tolist()
    [20000.0, 30000.0]
    """
    amounts, findings = read_frame(table) if isinstance(table, pd.DataFrame) else read_array(table)
    _check_labels(amounts)
    numbers = np.ascontiguousarray(amounts.values)  # so that blocks of areas are read as they lie
    amounts = amounts.copy(deep=False, data=numbers)
    if not np.isfinite(numbers[~np.isnan(numbers)]).all():
        raise TableError(say("the table holds an infinite number; take it out"))
    # Copies share their labels, which takes far less than to label anew.
    status, place = (
        amounts.copy(deep=False, data=data).rename(None)
        for data in (
            np.where(np.isnan(numbers), np.int8(values.ABSENT), np.int8(values.NUMBER)),
            np.broadcast_to(np.int32(-1), numbers.shape),
        )
    )
    nothing = np.empty(0, int)
    places = Places((), nothing, nothing, nothing, np.empty(0), (), nothing)
    balance = EnergyBalance(amounts, status, place, places, findings=findings)
    return turn_negative_uses(turn_positive_inputs(balance))


def _check_labels(amounts: xr.DataArray) -> None:
    for name in map(str, amounts["flow"].values):
        if name not in vocabulary.flows():
            raise TableError(
                say(
                    "no flow {name!r}; {near}",
                    name=name,
                    near=did_you_mean(name, vocabulary.flows()),
                )
            )
    for dim in DIMS:
        labels = list(amounts[dim].values)
        if len(set(labels)) < len(labels):
            raise TableError(
                say(
                    "the array has a {dim} twice: {label}",
                    dim=dim,
                    label=next(label for label in labels if labels.count(label) > 1),
                )
            )
