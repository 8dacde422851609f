"""The inventory of all sectors as files for programs: CSV, JSON, Parquet, NetCDF.

What they hold, :func:`carbonacct.read_inventory` reads back.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.inventory.entry_columns import COLUMNS, plain_columns
from carbonacct.inventory.entry_dataset import list_along_entries
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report import frames
from carbonacct.report.files import save_whole
from carbonacct.report.frames import CONVENTIONS, describe_findings, describe_rows, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.inventory.record import Inventory

# What files hold beside the columns of the CSV.
_MORE = ("sector", "kind", "notation", "activity", "activity_unit")


def list_rows(inventory: Inventory, *, gwp: str | None = None) -> pd.DataFrame:
    """Return all entries, those without a number and the memo items among them.

    Parameters
    ----------
    gwp
        Name of a metric: rows of ``CO2e (AR5GWP100)`` of what counts follow.

    Returns
    -------
    DataFrame
        The columns of the inventory CSV, then ``sector, kind, notation, activity, activity_unit``.
    """
    rows = plain_columns(inventory.entries.assign(unit="t")[[*COLUMNS, *_MORE]])
    if gwp is None:
        return rows
    frame = inventory.to_frame(gwp=gwp)
    weighted = frame[frame["gas"] == name_equivalent(gwp)]
    words = dict.fromkeys(("sector", "kind", "notation", "activity_unit"), "")
    weighted = weighted.assign(activity=np.nan, **words)[list(rows.columns)]
    return pd.concat([rows, weighted], ignore_index=True)


def describe_inventory(inventory: Inventory) -> dict[str, Any]:
    """Return what belongs to the entries: findings, and what they were made from."""
    return {
        "findings": describe_findings(inventory.findings),
        "made_from": [asdict(made) for made in inventory.made_from],
    }


def write_record_json(inventory: Inventory, path: Path, *, gwp: str | None = None) -> None:
    """Write entries as JSON, with what belongs to them."""
    rows = describe_rows(list_rows(inventory, gwp=gwp))
    write_json_text({"rows": rows, **describe_inventory(inventory)}, path)


def write_record_parquet(inventory: Inventory, path: Path, *, gwp: str | None = None) -> None:
    """Write entries as Parquet; what belongs to them is the metadata ``carbonacct``, as JSON."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    table = pa.Table.from_pandas(list_rows(inventory, gwp=gwp), preserve_index=False)
    held = {b"carbonacct": _as_json(inventory).encode()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **held})
    save_whole(lambda stream: parquet.write_table(table, stream), path)


def write_record_netcdf(inventory: Inventory, path: Path, *, gwp: str | None = None) -> None:
    """Write entries as NetCDF: a list of entries along the dim ``entry``."""
    import h5netcdf  # noqa: PLC0415 - an extra

    del h5netcdf
    rows = list_rows(inventory, gwp=gwp)
    data = list_along_entries(rows)
    data.attrs = {
        "Conventions": CONVENTIONS,
        "title": "Greenhouse gas inventory",
        "carbonacct": _as_json(inventory),
    }
    frames.write_netcdf(data, path)


def _as_json(inventory: Inventory) -> str:
    return json.dumps(describe_inventory(inventory), ensure_ascii=False)
