"""Labelled arrays and long tables -> an energy balance of many areas and years; and the tables of a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from carbonacct import vocabulary
from carbonacct.errors import TableError, did_you_mean
from carbonacct.tables import values
from carbonacct.tables.records import DIMS, EnergyBalance, Places
from carbonacct.tables.signs import turn_negative_uses
from carbonacct.units import conversion_factor, read_unit

SUFFIXES = frozenset({".xls", ".xlsx", ".ods", ".csv", ".tsv", ".html", ".htm", ".txt"})


def list_tables(folder: str | Path) -> list[Path]:
    """Return the files of a folder that may be tables, in order of their names.

    Raises
    ------
    TableError
        If there is none.

    Examples
    --------
    >>> [path.name for path in list_tables("docs/tables")][:2]
    ['beijing_2007.csv', 'chongqing_2007.csv']
    """
    found = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith((".", "~$")))
    if not found:
        raise TableError(f"{folder}: the folder holds no table ({', '.join(sorted(SUFFIXES))})")
    return found


def make_balance(table: pd.DataFrame | xr.DataArray | xr.Dataset) -> EnergyBalance:
    """Make an energy balance of a labelled array or a long table.

    Parameters
    ----------
    table
        A DataFrame with ``area, year, flow, product, value`` and, where values are not in the canonical unit of their
        product, ``unit``; a DataArray (area, year, flow, product); or a Dataset with one variable per product (area, year, flow).
        An attribute or coordinate ``unit`` (``units``) names the unit of a product. Supply and transformation are
        signed: what leaves the area, and what goes into a transformation, is negative.

    Returns
    -------
    EnergyBalance
        Without addresses: no number stands in a file.

    Raises
    ------
    TableError
        If a column or dim is missing, a label is unknown, a cell is there twice, or a value is no finite number.
    UnitError
        If a unit does not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2020, "flow": "transport", "product": ["diesel", "gasoline"], "value": [2.0, 3.0], "unit": "万吨"})
    >>> make_balance(table).amounts.squeeze().values.tolist()
    [20000.0, 30000.0]
    """
    amounts = _read_frame(table) if isinstance(table, pd.DataFrame) else _read_array(table)
    _check_labels(amounts)
    numbers = amounts.values
    if not np.isfinite(numbers[~np.isnan(numbers)]).all():
        raise TableError("the table holds an infinite number; take it out")
    status = xr.DataArray(np.where(np.isnan(numbers), np.int8(values.ABSENT), np.int8(values.NUMBER)), dims=DIMS, coords=amounts.coords)
    place = xr.DataArray(np.broadcast_to(np.int32(-1), numbers.shape), dims=DIMS, coords=amounts.coords)
    nothing = np.empty(0, int)
    places = Places((), nothing, nothing, nothing, np.empty(0), (), nothing)
    return turn_negative_uses(EnergyBalance(amounts, status, place, places))


def _read_frame(table: pd.DataFrame) -> xr.DataArray:
    if lacking := [name for name in (*DIMS, "value") if name not in table.columns]:
        raise TableError(f"the table has no column {lacking[0]!r}; it has {', '.join(map(str, table.columns))}")
    keys = table[list(DIMS)]
    if keys.isna().any(axis=None):
        raise TableError(f"row {int(keys.isna().any(axis=1).to_numpy().argmax())} of the table lacks a label")
    doubled = keys.duplicated()
    if doubled.any():
        raise TableError(f"the table has {', '.join(map(str, keys[doubled].iloc[0]))} twice; a cell has one number")
    number = pd.to_numeric(table["value"], errors="coerce")
    if (bad := number.isna() & table["value"].notna()).any():
        raise TableError(f"row {int(bad.to_numpy().argmax())} of the table: {table.loc[bad, 'value'].iloc[0]!r} is no number")
    amounts = number.to_numpy(float)
    if "unit" in table.columns:
        pairs = table[["product", "unit"]].astype(str)
        factors = {pair: conversion_factor(read_unit(pair[1]), _unit(pair[0])) for pair in pairs.drop_duplicates().itertuples(index=False, name=None)}
        amounts = amounts * pairs.apply(tuple, axis=1).map(factors).to_numpy(float)
    labels, codes = [], []
    for dim in DIMS:
        code, label = pd.factorize(keys[dim], sort=dim == "year")
        labels.append(np.asarray(label))
        codes.append(code)
    array = np.full([len(label) for label in labels], np.nan)
    array[tuple(codes)] = amounts
    return _label(array, dict(zip(DIMS, labels, strict=True)))


def _read_array(table: xr.DataArray | xr.Dataset) -> xr.DataArray:
    array = table.to_dataarray("product") if isinstance(table, xr.Dataset) else table
    if set(array.dims) != set(DIMS):
        raise TableError(f"the array has dims {', '.join(map(str, array.dims))}; an energy balance has {', '.join(DIMS)}")
    array = array.transpose(*DIMS)
    names = [str(product) for product in array["product"].values]
    if isinstance(table, xr.Dataset):
        units = [str(table[name].attrs.get("units", table[name].attrs.get("unit", ""))) for name in names]
    elif "unit" in array.coords:
        units = [str(unit) for unit in np.broadcast_to(array["unit"].values, len(names))]
    else:
        units = [""] * len(names)
    factors = [conversion_factor(read_unit(unit), _unit(name)) if unit else 1.0 for name, unit in zip(names, units, strict=True)]
    numbers = np.asarray(array.values, float)
    numbers = numbers * np.array(factors) if any(factor != 1 for factor in factors) else numbers
    return _label(numbers, {dim: array[dim].values for dim in DIMS})


def _unit(product: str) -> str:
    if product not in vocabulary.products():
        raise TableError(f"no product {product!r}; {did_you_mean(product, vocabulary.products())}")
    return vocabulary.products()[product].unit


def _label(numbers: np.ndarray, labels: dict[str, np.ndarray]) -> xr.DataArray:
    years = [int(year) for year in labels["year"]]
    products = [str(product) for product in labels["product"]]
    coords = {
        "area": [str(area) for area in labels["area"]], "year": years, "flow": [str(flow) for flow in labels["flow"]],
        "product": products, "unit": ("product", [_unit(product) for product in products]),
    }  # fmt: skip
    return xr.DataArray(numbers, dims=DIMS, coords=coords, name="amounts")


def _check_labels(amounts: xr.DataArray) -> None:
    for name in map(str, amounts["flow"].values):
        if name not in vocabulary.flows():
            raise TableError(f"no flow {name!r}; {did_you_mean(name, vocabulary.flows())}")
    for dim in DIMS:
        labels = list(amounts[dim].values)
        if len(set(labels)) < len(labels):
            raise TableError(f"the array has a {dim} twice: {next(label for label in labels if labels.count(label) > 1)}")
