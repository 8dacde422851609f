"""What files for programs hold of an inventory, the same in each kind: JSON, Parquet, NetCDF.

- The rows: all entries, with the columns of the inventory CSV and those of `MORE`.
- What belongs to them (`describe_inventory`): ``findings``, ``made_from``, and ``equations``: the
  numbers that entries of sector files were worked out from.
- What belongs to the energy balances behind them (`Beside`).

Parquet and NetCDF keep what belongs to the rows as JSON, in the metadata or attribute
``carbonacct``. :func:`carbonacct.read_inventory` reads them back.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.data import CONVENTIONS, describe_rows
from carbonacct.errors import EquationError, FactorDataError, describe_finding
from carbonacct.inventory.entry_columns import COLUMNS, plain_columns
from carbonacct.inventory.entry_dataset import list_along_entries
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.libraries import take_in
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import BytesIO

    import pyarrow as pa
    import xarray as xr

    from carbonacct.equations import Evaluation
    from carbonacct.inventory.record import EntryOrigin, Inventory

# What files hold beside the columns of the CSV. ``equation`` is a place in ``equations``, ``cell``
# the place among the entries of that source; -1 where there is none.
MORE = ("sector", "kind", "notation", "activity", "activity_unit", "equation", "cell")
ENERGY = "energy"  # the group of a NetCDF file with the tables
_CLOSE = 1e-12  # of a value that an equation gives again


@dataclass(frozen=True, eq=False)
class Beside:
    """What a file holds of the energy balances behind an inventory.

    Attributes
    ----------
    described
        ``methods`` and ``nothing``: the cells that the tables print without a number.
    tables
        The tables and their emissions as arrays, for NetCDF.
    """

    described: Mapping[str, Any] = field(default_factory=dict)
    tables: xr.Dataset | None = None


def list_rows(inventory: Inventory, *, gwp: str | None = None) -> pd.DataFrame:
    """Return all entries, those without a number and the memo items among them.

    Parameters
    ----------
    gwp
        Name of a metric: rows of ``CO2e (AR5GWP100)`` of what counts follow.

    Returns
    -------
    DataFrame
        The columns of the inventory CSV, then ``sector, kind, notation, activity, activity_unit,
        equation, cell``.
    """
    numbers = {one: number for number, one in enumerate(_list_equations(inventory))}
    of_origin = [
        numbers.get(one.evaluation, -1) if isinstance(one, SourceOrigin) else -1
        for one in inventory.origins
    ]
    equation = np.array([*of_origin, -1])[inventory.entries["origin"].to_numpy()]
    cell = np.where(equation < 0, -1, inventory.entries["cell"].to_numpy())
    held = inventory.entries.assign(unit="t", equation=equation, cell=cell)
    rows = plain_columns(held[[*COLUMNS, *MORE]])
    if gwp is None:
        return rows
    frame = inventory.to_frame(gwp=gwp)
    weighted = frame[frame["gas"] == name_equivalent(gwp)]
    words = dict.fromkeys(("sector", "kind", "notation", "activity_unit"), "")
    weighted = weighted.assign(activity=np.nan, equation=-1, cell=-1, **words)
    return pd.concat([rows, weighted[list(rows.columns)]], ignore_index=True)


def describe_inventory(inventory: Inventory, beside: Beside | None = None) -> dict[str, Any]:
    """Return what belongs to the entries, as JSON can hold it."""
    equations = _list_equations(inventory)
    stored = []
    if equations:
        from carbonacct.equations.stored_numbers import store_numbers  # noqa: PLC0415 - as below

        stored = [store_numbers(one, blocks) for one, blocks in equations.items()]
    return {
        **(beside.described if beside else {}),
        "findings": list(map(describe_finding, inventory.findings)),
        "made_from": [asdict(made) for made in inventory.made_from],
        "equations": stored,
    }


def write_json(
    inventory: Inventory,
    stream: BytesIO,
    *,
    gwp: str | None = None,
    beside: Beside | None = None,
) -> None:
    """Write an inventory as JSON that a person can read."""
    rows = _print_rows(describe_rows(list_rows(inventory, gwp=gwp)))
    rest = json.dumps(describe_inventory(inventory, beside), ensure_ascii=False, indent=1)
    stream.write(f'{{\n "rows": {rows},{rest[1:]}'.encode())


def _print_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""Return rows as ``json.dumps`` prints them with an indent of 1, which goes letter by letter in Python.

    Examples
    --------
    >>> rows = [{"flow": "工业", "value": 0.1, "year": 2020, "key": None}, {"flow": "a\nb", "value": -0.0}]
    >>> text = f'{{\n "rows": {_print_rows(rows)}\n}}'
    >>> text == json.dumps({"rows": rows}, ensure_ascii=False, indent=1)
    True
    """
    if not rows:
        return "[]"
    names = {name: json.dumps(name, ensure_ascii=False) for row in rows[:1] for name in row}
    printed: dict[tuple[type, Any], str] = {}
    lines = []
    for row in rows:
        cells = []
        for name, value in row.items():
            if type(value) is float:  # 0.0 is -0.0, and they print otherwise
                cells.append(f"   {names[name]}: {value!r}")
                continue
            of_kind = (type(value), value)  # True is 1, likewise
            if of_kind not in printed:
                printed[of_kind] = json.dumps(value, ensure_ascii=False)
            cells.append(f"   {names[name]}: {printed[of_kind]}")
        lines.append("  {\n" + ",\n".join(cells) + "\n  }")
    return "[\n" + ",\n".join(lines) + "\n ]"


def write_parquet(
    inventory: Inventory,
    stream: BytesIO,
    *,
    gwp: str | None = None,
    beside: Beside | None = None,
) -> None:
    """Write an inventory as Parquet."""
    table = to_arrow(list_rows(inventory, gwp=gwp))
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    held = {b"carbonacct": _as_json(inventory, beside).encode()}
    table = table.replace_schema_metadata({**table.schema.metadata, **held})
    parquet.write_table(table, stream)


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a table without its index as one of pyarrow: the same whether pandas keeps texts by pyarrow or not."""
    take_in("pyarrow")
    import pyarrow as pa  # noqa: PLC0415 - an extra

    plain = {
        str(name): column.astype(object)
        for name, column in frame.items()
        if isinstance(column.dtype, pd.StringDtype)
    }
    return pa.Table.from_pandas(frame.assign(**plain), preserve_index=False)


def write_netcdf(
    inventory: Inventory,
    stream: BytesIO,
    *,
    gwp: str | None = None,
    beside: Beside | None = None,
) -> None:
    """Write an inventory as NetCDF 4: entries along the dim ``entry``, and the group ``energy``."""
    import h5netcdf  # noqa: PLC0415 - an extra
    import xarray as xr  # noqa: PLC0415 - with the kind of file

    del h5netcdf
    data = list_along_entries(list_rows(inventory, gwp=gwp))
    data.attrs = {
        "Conventions": CONVENTIONS,
        "title": "Greenhouse gas inventory",
        "carbonacct": _as_json(inventory, beside),
    }
    tree = xr.DataTree(data)
    encoding: dict[str, Any] = {}
    if beside is not None and beside.tables is not None:
        tree[ENERGY] = xr.DataTree(beside.tables)
        packed = {"zlib": True, "complevel": 4}
        encoding = {f"/{ENERGY}": dict.fromkeys(beside.tables.data_vars, packed)}
    tree.to_netcdf(stream, engine="h5netcdf", encoding=encoding)


def restore_origins(
    rows: pd.DataFrame, about: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray, tuple[EntryOrigin, ...]]:
    """Return of each row of a file its origin and cell, and the origins: equations that give its number.

    An entry whose equation is not there any more, or gives another number now, has none.

    Raises
    ------
    ValueError
        If the numbers of an equation are none.
    """
    none = np.full(len(rows), -1)
    held = about.get("equations") or ()
    if not held or "equation" not in rows or "cell" not in rows:
        return none, none, ()
    from carbonacct.equations.stored_numbers import (  # noqa: PLC0415 - few records have equations
        restore_evaluation,
    )

    places, cells = (rows[name].to_numpy(int) for name in ("equation", "cell"))
    flows, values = rows["flow"].to_numpy(object), rows["value"].to_numpy(float)
    origin = none.copy()
    origins: list[EntryOrigin] = []
    for number, one in enumerate(held):
        try:
            evaluation = restore_evaluation(one)
        except (EquationError, FactorDataError):  # a method of one's own, or of another version
            continue
        for block in map(str, one["sources"]):
            own = np.flatnonzero((places == number) & (flows == block))
            if own.size and _gives(evaluation, block, cells[own], values[own]):
                origin[own] = len(origins)
                origins.append(SourceOrigin(evaluation, block))
    return origin, np.where(origin < 0, -1, cells), tuple(origins)


def _gives(evaluation: Evaluation, block: str, cells: np.ndarray, values: np.ndarray) -> bool:
    """Return whether an equation gives the numbers that entries have."""
    if block not in evaluation.blocks:
        return False
    again = evaluation.values(block).ravel()
    if not 0 <= cells.min() <= cells.max() < again.size:
        raise ValueError(say("a cell of {source} is not there", source=block))
    there = ~np.isnan(values)
    return bool(np.allclose(again[cells][there], values[there], rtol=_CLOSE, atol=0.0))


def _list_equations(inventory: Inventory) -> dict[Evaluation, list[str]]:
    """Return the evaluations that entries came of, each with its sources that have some."""
    found: dict[Evaluation, list[str]] = {}
    used = np.unique(inventory.entries["origin"].to_numpy())
    for origin in (inventory.origins[one] for one in used[used >= 0].tolist()):
        if isinstance(origin, SourceOrigin):
            found.setdefault(origin.evaluation, []).append(origin.block)
    return found


def _as_json(inventory: Inventory, beside: Beside | None) -> str:
    return json.dumps(describe_inventory(inventory, beside), ensure_ascii=False)
