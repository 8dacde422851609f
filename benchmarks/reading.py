"""Reading many workbooks, against pandas with openpyxl and a header cleaned by hand."""

from __future__ import annotations

import csv
import random
import re
from typing import TYPE_CHECKING

import pandas as pd
import python_calamine
from openpyxl import Workbook

import carbonacct as ca
from benchmarks.timing import Row, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_UNIT = re.compile(r"^(.*?)[(（]([^()（）]+)[)）]$")


def make_workbooks(
    sources: Sequence[Path], folder: Path, numbers: Iterable[int], *, in_series: bool = True
) -> list[Path]:
    """Write a workbook for each number, shaped as a yearbook page: title, a row of names, a row of units, the table.

    No two hold the same numbers and no two in a row the same year or the same blanks. In a series the labels keep
    their order; otherwise the rows and the columns of each workbook stand in an order of its own.
    """
    folder.mkdir()
    paths = []
    for number in numbers:
        with sources[number % len(sources)].open(encoding="utf-8", newline="") as stream:
            (title,), header, *rows = csv.reader(stream)
        order = list(range(1, len(header)))
        if not in_series:
            shuffle = random.Random(number).shuffle  # noqa: S311 - the same order in every run
            shuffle(rows)
            shuffle(order)
        book = Workbook()
        sheet = book.active
        sheet.append([title.replace("2007", str(2000 + number % 20))])
        sheet.append([_split(header[0])[0], *(_split(header[column])[0] for column in order)])
        sheet.append([_split(header[0])[1], *(_split(header[column])[1] for column in order)])
        for row, (label, *cells) in enumerate(rows):
            kept = {
                column: float(cell)
                for column, cell in enumerate(cells, 1)
                if cell and (7 * row + column + number) % 31
            }
            sheet.append(
                [
                    label,
                    *(
                        round(kept[column] * (1 + number / 1e3), 2) if column in kept else None
                        for column in order
                    ),
                ]
            )
        paths.append(folder / f"table_{number:05d}.xlsx")
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
    table.columns = [
        names[0],
        *(f"{name}|{unit}" for name, unit in zip(names[1:], units[1:], strict=True)),
    ]
    table[names[0]] = (
        table[names[0]]
        .astype(str)
        .str.strip()
        .str.replace(r"^[#\d一二三四五六.、\s]+", "", regex=True)
    )
    long = table.melt(id_vars=names[0], var_name="product", value_name="value").dropna(
        subset=["value"]
    )
    long[["product", "unit"]] = long["product"].str.split("|", expand=True)
    long["value"] = pd.to_numeric(long["value"])
    long["year"] = year
    return long


def measure(sources: Sequence[Path], folder: Path, count: int, repeat: int) -> list[Row]:
    """Return the time to read workbooks not read before: ours in one process, in two, and with pandas."""
    rows: list[Row] = []
    for in_series, what in (
        (True, "of a series"),
        (False, "each with rows and columns in an order of its own"),
    ):
        batches = [
            make_workbooks(
                sources,
                folder / f"{in_series}_{batch}",
                range(batch * count, (batch + 1) * count),
                in_series=in_series,
            )
            for batch in range(2 * repeat + 2)
        ]
        half = repeat + 1
        for_ours, for_peer, for_floor = (
            iter(batches[:half]),
            iter(batches[:half]),
            iter(batches[:half]),
        )
        for_two = iter(batches[half:])
        ours, peer = compare(
            lambda batches=for_ours: [ca.read_balance(path) for path in next(batches)],
            lambda batches=for_peer: [read_with_pandas(path) for path in next(batches)],
            repeat,
        )
        two, _ = compare(
            lambda batches=for_two: ca.read_balances(*next(batches), workers=2),
            lambda: None,
            repeat,
        )
        rows += [
            (f"read {count} workbooks {what}, one process (peer: pandas + openpyxl)", ours, peer),
            ("the same in two processes (the peer in one)", two, peer),
        ]
        if in_series:
            floor, _ = compare(
                lambda batches=for_floor: [_cells_alone(path) for path in next(batches)],
                lambda: None,
                repeat,
            )
            rows.append(("their cells alone, not understood (python-calamine)", floor, peer))
    return rows


def _cells_alone(path: Path) -> object:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
