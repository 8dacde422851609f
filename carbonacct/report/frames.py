"""Any table as a file: CSV, workbook, page, JSON, NetCDF, Parquet; no cell is ever executed."""

from __future__ import annotations

import html
import json
import sys
from typing import TYPE_CHECKING, Any

from carbonacct.data import CONVENTIONS, describe_rows, harmless, shown_name
from carbonacct.errors import describe_finding
from carbonacct.records.quantity_headings import split_heading
from carbonacct.report.files import check_target, place_file, save_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from carbonacct.errors import Finding


def write_frame(
    frame: pd.DataFrame,
    target: str,
    findings: Sequence[Finding] = (),
    *,
    title: str = "",
    overwrite: bool = False,
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
        print_data(format_csv(frame))
        return
    write = FRAME_WRITERS[check_target(target, FRAME_WRITERS, overwrite=overwrite)]
    place_file(
        target,
        lambda path: write(frame, path, findings, title or shown_name(path.stem)),
        overwrite=overwrite,
    )


def write_mapping(lines: pd.DataFrame, target: str, *, overwrite: bool = False) -> None:
    """Write a proposed mapping file: a CSV that a spreadsheet opens as UTF-8, or standard output (``-``).

    Parameters
    ----------
    lines
        As :func:`carbonacct.propose_mapping` returns them.
    target
        ``-``, or a path that ends in .csv.
    overwrite
        Whether a file that is there may be replaced.

    Raises
    ------
    OutputError
        As :func:`write_frame`.
    """
    text = format_csv(lines)
    if target == "-":
        print_data(text)
        return
    check_target(target, {".csv"}, overwrite=overwrite)
    place_file(
        target, lambda path: path.write_text(text, encoding="utf-8-sig"), overwrite=overwrite
    )


def print_data(text: str) -> None:
    """Write to standard output.

    Names that its encoding cannot hold make it UTF-8, as files are, so that they read back.
    """
    stream = getattr(sys.stdout, "data_stream", sys.stdout)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    stream.write(text)


def describe_table(frame: pd.DataFrame, units: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a table as plain data: ``columns``, ``units`` and ``rows``.

    Parameters
    ----------
    units
        By column; a header such as ``co2 (t)`` says its own, and a column ``unit`` with one unit
        says that of ``value``.

    Examples
    --------
    >>> import pandas as pd
    >>> describe_table(pd.DataFrame({"year": [2020], "value": [1.5], "unit": ["t"]}))["units"]
    {'value': 't'}
    """
    columns = list(map(str, frame.columns))
    told = {name: unit for name in columns if (unit := split_heading(name)[1])}
    if {"value", "unit"} <= set(columns) and len(set(frame["unit"])) == 1:
        told["value"] = str(frame["unit"].iloc[0])
    held = frame.astype(object).where(frame.notna(), None)
    return {"columns": columns, "units": {**told, **(units or {})}, "rows": describe_rows(held)}


def describe_findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as records: what each says, and the template and values of that."""
    return list(map(describe_finding, findings))


def format_csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV: numbers read back equal, and no text is taken for a formula."""
    text = frame.copy()
    for column in text.columns:
        if text[column].dtype.kind not in "fi":
            text[column] = text[column].map(harmless)
    text.columns = [harmless(column) for column in text.columns]
    held = text.to_csv(index=False, lineterminator="\n")
    # A carriage return that is part of a text is quoted only where rows end in one.
    return str(held if "\r" not in held else text.to_csv(index=False, lineterminator="\r\n"))


def _write_csv(frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], _title: str) -> None:
    path.write_text(format_csv(frame), encoding="utf-8")


def _write_xlsx(frame: pd.DataFrame, path: Path, findings: Sequence[Finding], title: str) -> None:
    from carbonacct.report.workbook import (  # noqa: PLC0415 - XlsxWriter is for this kind of file
        write_table,
    )

    write_table(frame, path, findings, title=title)


STYLE = (
    "body{font:15px/1.4 system-ui,'Noto Sans CJK SC','Microsoft"
    " YaHei',sans-serif;margin:2rem;max-width:75rem}table{border-collapse:collapse}th,td{padding:.15rem"
    " .7rem;text-align:left;border-bottom:1px solid"
    " #ddd}.n{text-align:right;font-variant-numeric:tabular-nums}thead"
    " th{position:sticky;top:0;background:#fff}"
)


def _write_html(frame: pd.DataFrame, path: Path, findings: Sequence[Finding], title: str) -> None:
    head = "".join(f"<th>{html.escape(str(column))}</th>" for column in frame.columns)
    rows = "".join(
        "<tr>" + "".join(map(_html_cell, row)) + "</tr>\n"
        for row in frame.itertuples(index=False, name=None)
    )
    notes = "".join(
        f"<li>{html.escape(f'{finding.severity}: {finding}')}</li>\n" for finding in findings
    )
    name = html.escape(title)
    path.write_text(
        '<!doctype html>\n<html lang="en"><head><meta'
        f' charset="utf-8"><title>{name}</title><style>{STYLE}</style></head>\n'
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
    write_json_text({"rows": describe_rows(frame), "findings": describe_findings(findings)}, path)


def write_json_text(content: Mapping[str, Any], path: Path) -> None:
    """Write a record as JSON that a person can read."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_parquet(
    frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], _title: str
) -> None:
    from carbonacct.inventory.inventory_files import to_arrow  # noqa: PLC0415 - an extra as well

    table = to_arrow(frame)
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    save_whole(lambda stream: parquet.write_table(table, stream), path)  # a name need not be UTF-8


def _write_nc(frame: pd.DataFrame, path: Path, _findings: Sequence[Finding], title: str) -> None:
    import h5netcdf  # noqa: PLC0415 - an extra

    del h5netcdf
    keys = (
        list(frame.columns[: list(frame.columns).index("value")])
        if "value" in frame.columns
        else []
    )
    if keys and not frame.duplicated(keys).any():  # a cube: every number has its labels
        data = frame.set_index(keys)[["value"]].to_xarray()
        units = list(frame["unit"].unique()) if "unit" in frame.columns else []
        data["value"].attrs |= {"units": str(units[0])} if len(units) == 1 else {}
    else:
        data = frame.rename_axis("row").to_xarray()
    data.attrs |= {"Conventions": CONVENTIONS, "title": title}
    write_netcdf(data, path)


def write_netcdf(data: xr.Dataset, path: Path, encoding: Mapping[Any, Any] | None = None) -> None:
    """Write a dataset as NetCDF 4."""
    save_whole(lambda stream: data.to_netcdf(stream, engine="h5netcdf", encoding=encoding), path)


FRAME_WRITERS: dict[str, Callable[[Any, Path, Sequence[Any], str], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".html": _write_html,
    ".nc": _write_nc,
    ".parquet": _write_parquet,
    ".json": _write_json,
}
