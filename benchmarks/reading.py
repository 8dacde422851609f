"""Reading many workbooks, against pandas with openpyxl and a header cleaned by hand."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pandas as pd
import python_calamine
from openpyxl import Workbook

import carbonacct as ca
from benchmarks.timing import Row, compare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_UNIT = re.compile(r"^(.*?)[(（]([^()（）]+)[)）]$")


def make_workbooks(sources: Sequence[Path], folder: Path, count: int) -> list[Path]:
    """Write ``count`` workbooks shaped as a yearbook page: title, a row of names, a row of units, the table.

    No two hold the same numbers and no two in a row the same year or the same blanks; the labels come back, as they do in a series.
    """
    paths = []
    for number in range(count):
        with sources[number % len(sources)].open(encoding="utf-8", newline="") as stream:
            (title,), header, *rows = csv.reader(stream)
        book = Workbook()
        sheet = book.active
        sheet.append([title.replace("2007", str(2000 + number % 20))])
        sheet.append([_split(name)[0] for name in header])
        sheet.append([_split(name)[1] for name in header])
        for row, (label, *cells) in enumerate(rows):
            is_kept = [cell and (7 * row + column + number) % 31 for column, cell in enumerate(cells)]
            sheet.append([label, *(round(float(cell) * (1 + number / 1e3), 2) if kept else None for cell, kept in zip(cells, is_kept, strict=True))])
        paths.append(folder / f"table_{number:04d}.xlsx")
        book.save(paths[-1])
    return paths


def _split(header: str) -> tuple[str, str]:
    found = _UNIT.match(header)
    return (found[1], found[2]) if found else (header, "")


def read_with_pandas(path: Path) -> pd.DataFrame:
    """Return one workbook as a long table, the way a notebook does it: no units, no checks, no vocabulary."""
    raw = pd.read_excel(path, header=None, engine="openpyxl")
    year = int(re.search(r"(19|20)\d\d", str(raw.iloc[0, 0]))[0])
    names = raw.iloc[1].astype(str).str.replace(r"\s", "", regex=True)
    units = raw.iloc[2].fillna("").astype(str).str.strip()
    table = raw.iloc[3:].copy()
    table.columns = [names[0], *(f"{name}|{unit}" for name, unit in zip(names[1:], units[1:], strict=True))]
    table[names[0]] = table[names[0]].astype(str).str.strip().str.replace(r"^[#\d一二三四五六.、\s]+", "", regex=True)
    long = table.melt(id_vars=names[0], var_name="product", value_name="value").dropna(subset=["value"])
    long[["product", "unit"]] = long["product"].str.split("|", expand=True)
    long["value"] = pd.to_numeric(long["value"])
    long["year"] = year
    return long


def measure(workbooks: Sequence[Path], repeat: int) -> list[Row]:
    """Return the time to read all workbooks, ours and with pandas."""
    ours, peer = compare(
        lambda: [ca.read_balance(path) for path in workbooks],
        lambda: [read_with_pandas(path) for path in workbooks],
        repeat,
    )
    floor, _ = compare(lambda: [_cells_alone(path) for path in workbooks], lambda: None, repeat)
    return [
        (f"read {len(workbooks)} workbooks (peer: pandas + openpyxl)", ours, peer),
        ("their cells alone, not understood (python-calamine)", floor, peer),
    ]


def _cells_alone(path: Path) -> object:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
