"""Results as files: the kind follows the suffix, a file is whole or not there, and no cell is ever executed."""

from __future__ import annotations

import html
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.errors import OutputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_frame(frame: pd.DataFrame, target: str, findings: Sequence[Finding] = (), *, title: str = "") -> None:
    """Write a table to a file by its suffix, or as CSV to standard output (``-``).

    Parameters
    ----------
    frame
        Tidy rows.
    target
        ``-``, or a path that ends in .csv, .xlsx, .html, .nc, .parquet or .json.
    findings
        Written beside the rows where the kind of file has room for them (.xlsx, .html, .json).
    title
        Heading of a page, name of a sheet.

    Raises
    ------
    OutputError
        If the suffix is unknown, the path is a folder or cannot be written, or a package is missing; what was there stays.
    """
    if target == "-":
        _write_data(_csv(frame))
        return
    path = Path(target)
    if path.suffix.lower() not in _WRITERS:
        raise OutputError(
            f"{target}: the kind of an output follows its suffix; {did_you_mean(path.suffix.lower(), _WRITERS) or ''} known: {' '.join(_WRITERS)}"
        )
    if path.is_dir():
        raise OutputError(f"{target}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{target}: the folder {path.parent} does not exist; make it first")
    try:
        handle, name = tempfile.mkstemp(suffix=path.suffix, prefix=f".{path.stem}-", dir=path.parent)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from None
    os.close(handle)
    beside = Path(name)
    try:
        _WRITERS[path.suffix.lower()](frame, beside, findings, title or path.stem)
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except ImportError as error:
        package = {"h5netcdf": "netcdf", "h5py": "netcdf", "pyarrow": "parquet"}.get(error.name or "", "all")
        raise OutputError(
            f"{target}: needs a package that is not installed; pip install 'carbonacct[{package}]'"
        ) from None
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error})") from None
    finally:
        beside.unlink(missing_ok=True)


def _write_data(text: str) -> None:
    """Write to standard output; names that its encoding cannot hold make it UTF-8, as files are, so that they read back."""
    stream = sys.stdout
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    stream.write(text)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _harmless(value: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def _csv(frame: pd.DataFrame) -> str:
    text = frame.copy()
    for column in text.columns:
        if text[column].dtype.kind not in "fi":
            text[column] = text[column].map(_harmless)
    return str(text.to_csv(index=False, lineterminator="\n"))


def _write_csv(frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], _title: str) -> None:
    path.write_text(_csv(frame), encoding="utf-8")


def _write_xlsx(frame: pd.DataFrame, path: Path, findings: Sequence[Finding], title: str) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - only for this kind of file

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = title[:31].translate(str.maketrans("[]:*?/\\", "_______")) or "inventory"
    _fill(sheet, [list(frame.columns), *frame.itertuples(index=False, name=None)])
    _fill(book.create_sheet("findings"), [["severity", "rule", "where", "message", "action"],
                                          *((f.severity, f.rule, f.where, f.message, f.action) for f in findings)])  # fmt: skip
    book.save(path)


def _fill(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            cell = sheet.cell(row=i, column=j, value=value.item() if hasattr(value, "item") else value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text stays a text, whatever it starts with
    sheet.freeze_panes = "A2"


_STYLE = (
    "body{font:15px/1.4 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;max-width:75rem}"
    "table{border-collapse:collapse}th,td{padding:.15rem .7rem;text-align:left;border-bottom:1px solid #ddd}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}thead th{position:sticky;top:0;background:#fff}"
)


def _write_html(frame: pd.DataFrame, path: Path, findings: Sequence[Finding], title: str) -> None:
    head = "".join(f"<th>{html.escape(str(column))}</th>" for column in frame.columns)
    rows = "".join(
        "<tr>" + "".join(map(_html_cell, row)) + "</tr>\n" for row in frame.itertuples(index=False, name=None)
    )
    notes = "".join(f"<li>{html.escape(f'{finding.severity}: {finding}')}</li>\n" for finding in findings)
    name = html.escape(title)
    path.write_text(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{name}</h1>\n<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
        f"<h2>findings</h2>\n<ul>\n{notes}</ul></body></html>\n",
        encoding="utf-8",
    )


def _html_cell(value: Any) -> str:
    """Return a cell; a number is shown short, with all its digits on hover."""
    if isinstance(value, float):
        return f'<td class="n" title="{value!r}">{value:,.2f}</td>'
    return f"<td>{html.escape(str(value))}</td>"


def _write_json(frame: pd.DataFrame, path: Path, findings: Sequence[Finding], _title: str) -> None:
    held = frame.astype(object).where(frame.notna(), None)  # JSON has no NaN
    rows = [
        {key: (value.item() if hasattr(value, "item") else value) for key, value in row.items()}
        for row in held.to_dict("records")
    ]
    notes = [
        {"severity": f.severity, "rule": f.rule, "where": f.where, "message": f.message, "action": f.action}
        for f in findings
    ]
    path.write_text(json.dumps({"rows": rows, "findings": notes}, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_parquet(frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], _title: str) -> None:
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def _write_nc(frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], _title: str) -> None:
    import h5netcdf  # noqa: PLC0415 - an extra

    del h5netcdf
    if "unit" not in frame.columns:  # no inventory: rows as they are
        frame.rename_axis("row").to_xarray().to_netcdf(path, engine="h5netcdf")
        return
    keys = [column for column in ("area", "year", "flow", "product", "gas") if column in frame.columns]
    data = frame.set_index(keys)["value"].to_xarray().to_dataset(name="value")
    data["value"].attrs["units"] = str(frame["unit"].iloc[0]) if len(frame) else ""
    for column, dim in (("category", "flow"), ("scope", "product")):
        if column in frame.columns:
            held = frame[frame[column] != ""].drop_duplicates(dim).set_index(dim)[column]
            data = data.assign_coords({column: (dim, held.reindex(data[dim].values).to_numpy())})
    if "method" in frame.columns and len(frame):
        data.attrs["method"] = ", ".join(dict.fromkeys(frame["method"]))
    data.to_netcdf(path, engine="h5netcdf")


_WRITERS: dict[str, Callable[[Any, Path, Sequence[Any], str], None]] = {
    ".csv": _write_csv, ".xlsx": _write_xlsx, ".html": _write_html, ".nc": _write_nc, ".parquet": _write_parquet, ".json": _write_json,
}  # fmt: skip
