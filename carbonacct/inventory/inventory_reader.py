"""Read back an inventory that was written: CSV, JSON, Parquet, NetCDF."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.data import open_csv, plain, read_regular, read_text, shown_name
from carbonacct.errors import TableError, read_finding
from carbonacct.inventory.entry_columns import COLUMNS, make_entries, sector_of
from carbonacct.inventory.inventory_files import restore_origins
from carbonacct.inventory.joining import refuse_twice
from carbonacct.inventory.manifest import INVENTORY, read_manifest
from carbonacct.inventory.record import Inventory, MadeFrom
from carbonacct.libraries import take_in
from carbonacct.sheets.values import NUMBER, read_cell, to_numbers
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

_KINDS = (".csv", ".json", ".parquet", ".nc")
_LARGEST = 2**30  # bytes of a file of many cities and years


def read_inventory(path: str | Path) -> Inventory:
    """Read back an inventory that this program wrote.

    Parameters
    ----------
    path
        A file that ends in .csv, .json, .parquet or .nc, or the folder of a submission.

    Returns
    -------
    Inventory
        Entries, findings and what it was made from as far as the kind of file holds them; of a CSV
        as its manifest says them, where one lies beside it. Entries of equations have a way back,
        except from a CSV; those of energy balances have none.

    Raises
    ------
    TableError
        If it cannot be read, or is no inventory; with what to do.

    Examples
    --------
    >>> import carbonacct as ca, tempfile, pathlib
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "chongqing.csv"
    ...     _ = file.write_text(cube.to_frame().to_csv(index=False), encoding="utf-8")
    ...     print(ca.read_inventory(file))
    <Inventory of energy: 69 entries, 1 area, 1 year, 0 findings>
    """
    path = Path(path)
    if (path / INVENTORY).is_file():
        path /= INVENTORY
    kind = path.suffix.lower()
    if kind not in _KINDS:
        known = " ".join(_KINDS)
        raise TableError(
            say(
                "{path}: is no inventory that can be read back ({known})",
                path=shown_name(path),
                known=known,
            )
        )
    read = {".csv": _read_csv, ".json": _read_json, ".parquet": _read_parquet, ".nc": _read_netcdf}
    try:
        rows, about = read[kind](path)
    except ImportError as error:
        raise TableError(
            say(
                "{path}: needs the package {name}; pip install 'carbonacct[all]'",
                path=shown_name(path),
                name=error.name,
            )
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise TableError(
            say("{path}: cannot be read ({reason})", path=shown_name(path), reason=reason)
        ) from None
    except pd.errors.EmptyDataError:
        raise TableError(
            say("{file}: is empty; export the table again", file=shown_name(path))
        ) from None
    except (ValueError, KeyError) as error:
        raise TableError(
            say(
                "{path}: is no inventory ({error}); give one that carbonacct wrote",
                path=shown_name(path),
                error=error,
            )
        ) from None
    return _make(rows, about, shown_name(path))


def _make(rows: pd.DataFrame, about: Mapping[str, Any], name: str) -> Inventory:
    if lacking := [column for column in COLUMNS if column not in rows]:
        raise TableError(
            say(
                "{name}: is no inventory: it has no column {lacking}; an inventory has {columns}",
                name=name,
                lacking=as_typed(lacking),
                columns=",".join(COLUMNS),
            )
        )
    for unit in rows["unit"].unique():
        if unit != "t":
            raise TableError(
                say(
                    "{name}: the unit is {unit!r}; an inventory is written in t",
                    name=name,
                    unit=unit,
                )
            )
    rows = rows[~rows["gas"].astype(str).str.startswith("CO2e (")].reset_index(drop=True)
    try:
        findings = tuple(map(read_finding, about.get("findings", ())))
        made_from = tuple(map(_read_making, about.get("made_from", ())))
        origin, cell, origins = restore_origins(rows, about)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TableError(
            say(
                "{name}: what belongs to its rows cannot be read ({error}); give one that "
                "carbonacct wrote",
                name=name,
                error=error,
            )
        ) from None
    entries = make_entries({**_columns(rows, name), "origin": origin, "cell": cell})
    inventory = Inventory(entries, findings, made_from, origins)
    refuse_twice(entries, [name], [entries])
    return inventory


def _columns(rows: pd.DataFrame, name: str) -> dict[str, Any]:
    """Return the columns of entries; what a file does not hold follows from what it holds."""
    words = ("area", "flow", "product", "category", "gas", "method")
    columns: dict[str, Any] = {column: _texts(rows[column]) for column in words}
    kinds = {"year": int, "scope": int, "value": float, "activity": float}
    for column, kind in kinds.items():
        if column not in rows:
            continue
        numbers = to_numbers(rows[column])
        unread = numbers.isna() & rows[column].notna()
        # A year or scope may not be blank: the rest of what is no number is not 0 either.
        bad = unread | np.isinf(numbers) if kind is float else numbers % 1 != 0
        if bad.any():
            at = int(np.argmax(bad))
            raise TableError(
                say(
                    "{name}:{at}: {column} is {cell!r}, no number",
                    name=name,
                    at=at + 2,
                    column=column,
                    cell=rows[column].iloc[at],
                )
            )
        columns[column] = numbers.to_numpy(kind)
    for column in ("sector", "kind", "notation", "activity_unit"):
        if column in rows:
            columns[column] = _texts(rows[column])
    if "sector" not in columns:
        known = {code: sector_of(code) for code in dict.fromkeys(columns["category"])}
        columns["sector"] = np.array([known[code] for code in columns["category"]], dtype=object)
    if "kind" not in columns:
        land = (columns["sector"] == "land") & (columns["value"] < 0)
        direct = np.where(land, "removal", "emission")
        columns["kind"] = np.where(columns["scope"] == 2, "scope2", direct)
    return columns


def _texts(column: pd.Series) -> np.ndarray:
    return column.astype(object).fillna("").to_numpy(dtype=object)


def _read_making(made: Mapping[str, Any]) -> MadeFrom:
    return MadeFrom(
        version=made["version"],
        method=made["method"],
        editions=tuple(made["editions"]),
        options=tuple((name, value) for name, value in made["options"]),
        files=tuple((name, value) for name, value in made["files"]),
    )


def _read_csv(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    frame = pd.read_csv(open_csv(path), dtype=str, keep_default_na=False)
    if "value" in frame:
        keys = frame["notation"] if "notation" in frame else [""] * len(frame)
        pairs = zip(frame["value"], keys, strict=True)
        # A notation key stands in the place of a number; nothing does not, nor does the word "nan".
        frame["value"] = [
            np.nan if key and not text else read_number(text, "value") for text, key in pairs
        ]
    if "activity" in frame:
        texts = frame["activity"].tolist()
        frame["activity"] = [read_number(text, "activity") if text else np.nan for text in texts]
    words = [name for name in frame.columns if name not in {"year", "scope", "value", "activity"}]
    for name in words:
        frame[name] = frame[name].map(plain)
    return frame, read_manifest(path)


def read_number(text: str, key: str) -> float:
    """Return a number of an inventory's column as its text says it.

    Raises
    ------
    ValueError
        If the text is none; a flag beside a number has no place in an inventory.

    Examples
    --------
    >>> read_number("1.5e-05", "value")
    1.5e-05
    """
    number, status, flags = read_cell(text)
    if status != NUMBER or flags:
        raise ValueError(say("{key} {row!r} is not a number", key=key, row=text))
    return number


def _read_json(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    content = json.loads(read_text(path))
    if not isinstance(content, dict) or not isinstance(content.get("rows"), list):
        raise ValueError(say("it has no rows"))  # noqa: TRY004 - said with the name of the file
    return pd.DataFrame(content["rows"]), content


def _read_parquet(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    take_in("pyarrow")
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    table = parquet.read_table(io.BytesIO(read_regular(path, most=_LARGEST)))
    held = (table.schema.metadata or {}).get(b"carbonacct", b"{}")
    return table.to_pandas(), json.loads(held)


def _read_netcdf(path: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    import xarray as xr  # noqa: PLC0415 - with the kind of file

    stream = io.BytesIO(read_regular(path, most=_LARGEST))
    with xr.open_dataset(stream, engine="h5netcdf") as data:
        about = json.loads(data.attrs.get("carbonacct", "{}"))
        is_list = data["value"].dims == ("entry",)
        return (data.to_dataframe().reset_index(drop=True) if is_list else _of_cube(data)), about


def _of_cube(data: xr.Dataset) -> pd.DataFrame:
    """Return the rows of the cube that energy's NetCDF holds."""
    direct = data["value"].to_series().dropna().rename("value").reset_index()
    moved = data[["indirect", "lacking"]].to_dataframe().reset_index()
    moved = moved[moved["indirect"].notna() | (moved["lacking"] == 1)]
    moved = moved.rename(columns={"indirect": "value"}).assign(gas="CO2")
    categories = data["category"].to_series()
    rows = pd.concat(
        [
            direct.assign(scope=1, category=direct["flow"].map(categories), notation=""),
            moved.assign(scope=2, category="", notation=np.where(moved["value"].isna(), "NE", "")),
        ],
        ignore_index=True,
    )
    places = [
        pd.Index(data[dim].values.astype(object)).get_indexer(rows[dim].astype(object))
        for dim in ("area", "year", "flow", "product", "gas")
    ]
    rows = rows.iloc[np.lexsort(places[::-1])].reset_index(drop=True)
    return rows.assign(unit="t", method=data.attrs.get("method", ""))
