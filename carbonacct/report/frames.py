"""Any table as a file: CSV, workbook, page, JSON, NetCDF, Parquet; no cell is ever executed."""

from __future__ import annotations

import html
import json
import sys
from typing import TYPE_CHECKING, Any

from carbonacct.report.files import check_target, place_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.errors import Finding

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_frame(
    frame: pd.DataFrame, target: str, findings: Sequence[Finding] = (), *, title: str = "", overwrite: bool = False
) -> None:
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
    overwrite
        Whether a file that is there may be replaced.

    Raises
    ------
    OutputError
        As :func:`place_file`; what was there stays.
    """
    if target == "-":
        sys.stdout.write(format_csv(frame))
        return
    write = _WRITERS[check_target(target, _WRITERS, overwrite=overwrite)]
    place_file(target, lambda path: write(frame, path, findings, title or path.stem), overwrite=overwrite)


def as_plain(value: Any) -> Any:
    """Return a value that is of Python, not of numpy."""
    return value.item() if hasattr(value, "item") else value


def describe_findings(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as records of plain text."""
    return [
        {"severity": f.severity, "rule": f.rule, "where": f.where, "message": f.message, "action": f.action}
        for f in findings
    ]


def _harmless(value: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def format_csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV: numbers read back equal, and no text is taken for a formula."""
    text = frame.copy()
    for column in text.columns:
        if text[column].dtype.kind not in "fi":
            text[column] = text[column].map(_harmless)
    return str(text.to_csv(index=False, lineterminator="\n"))


def _write_csv(frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], _title: str) -> None:
    path.write_text(format_csv(frame), encoding="utf-8")


def _write_xlsx(frame: pd.DataFrame, path: Path, findings: Sequence[Finding], title: str) -> None:
    from carbonacct.report.workbook import write_table  # noqa: PLC0415 - XlsxWriter is for this kind of file

    write_table(frame, path, findings, title=title)


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
    rows = [
        {key: (value.item() if hasattr(value, "item") else value) for key, value in row.items()}
        for row in frame.to_dict("records")
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
