"""The table that a user fills in: a spreadsheet or CSV with a row per area and year -> labelled arrays with their cells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct.errors import Finding, IndexDataError, did_you_mean
from carbonacct.indices.index_declaration import shared_inputs
from carbonacct.indices.printed_input_units import unit_factor
from carbonacct.sheets.raw_sheets import Sheet, read_sheets
from carbonacct.sheets.values import BLANK, NUMBER, UNREADABLE, read_value
from carbonacct.texts import join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import Index, Input

DATA_SHEET, EXPLAINED_SHEET = "data", "explanations"
AREA_WORDS, YEAR_WORDS = (
    ("area", "地区", "城市", "园区", "city", "region", "country"),
    ("year", "年份", "年"),
)
UNIT_WORDS, NAME_WORDS = ("unit", "单位", "units"), ("name", "名称", "指标")
_UNIT_IN_HEAD = re.compile(r"^(?P<name>.+?)\s*[(（](?P<unit>[^()（）]+)[)）]$")


@dataclass(frozen=True)
class Panel:
    """The inputs of an index: area x year x input.

    Attributes
    ----------
    values
        float64 in the unit of each input (of a judgement, the score of its word), NaN where there
        is none.
    status
        ``"supplied"``, ``"inventory"`` or ``"missing"`` of each cell.
    place
        ``file!sheet!cell`` of each number, empty where there is none.
    findings
        What a reader of the table should know.
    """

    values: xr.DataArray
    status: xr.DataArray
    place: xr.DataArray
    findings: tuple[Finding, ...] = ()


def read_panel(path: str | Path, index: Index) -> Panel:
    """Read a filled-in template, or any table with a row per area and year and a column per input.

    Parameters
    ----------
    path
        .xlsx, .xls, .ods or .csv. The first row names the columns (id, Chinese or English name,
        perhaps with a unit in brackets); a row that starts with ``unit`` or 单位 gives units, one
        with ``name`` or 名称 is passed over.
    index
        The index whose inputs are wanted.

    Raises
    ------
    IndexDataError
        Every fault of the table, one a line, with its cell.
    TableError
        If the file cannot be read.
    """
    sheets = read_sheets(path)
    sheet = next((sheet for sheet in sheets if sheet.name == DATA_SHEET), sheets[0])
    filled = [
        (number, row)
        for number, row in enumerate(sheet.rows)
        if any(read_value(cell)[1] != BLANK for cell in row)
    ]
    if not filled:
        raise IndexDataError(
            say(
                "{address}: holds nothing; fill in the template of {id}",
                address=sheet.address(0),
                id=index.id,
            )
        )
    panel = _read_rows(sheet, filled, index)
    others = [
        Finding(
            "sheet-not-used",
            "warning",
            say(
                "sheet {name!r} was not read: the table is in {sheet_name!r}",
                name=other.name,
                sheet_name=sheet.name,
            ),
            f"{other.file}!{other.name}",
            say("put every row in {name!r}", name=sheet.name),
        )
        for other in sheets
        if other is not sheet
        and other.name != EXPLAINED_SHEET
        and any(read_value(cell)[1] != BLANK for row in other.rows for cell in row)
    ]
    return replace(panel, findings=(*sheet.findings, *others, *panel.findings))


def panel_from_frame(frame: pd.DataFrame, index: Index) -> Panel:
    """Return the inputs in a data frame with columns ``area``, ``year`` and inputs, as :func:`read_panel` does of a file.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.indices.index_declaration import load_index
    >>> frame = pd.DataFrame({"area": ["甲"], "year": [2020], "population": [500.0]})
    >>> panel_from_frame(frame, load_index("ccni-2.0")).values.sel(input="population").item()
    500.0
    """
    columns = [_list_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]
    rows = [list(frame.columns), *(list(row) for row in zip(*columns, strict=True))]
    return _read_rows(Sheet("table", "", rows), list(enumerate(rows)), index)


def _list_cells(column: pd.Series[Any]) -> list[object]:
    """Return the cells of a column as a reader of files gives them: plain numbers, None where there is none."""
    cells = column.tolist()
    if column.dtype.kind in "biuf" and not column.hasnans:
        return cells
    return [
        cell
        if isinstance(cell, str)
        else None
        if isinstance(cell, float) and math.isnan(cell)
        else getattr(cell, "item", lambda cell=cell: cell)()
        for cell in cells
    ]


def _read_rows(sheet: Sheet, filled: Sequence[tuple[int, Sequence[object]]], index: Index) -> Panel:
    faults: list[str] = []
    findings: list[Finding] = []
    head_row, head = filled[0]
    columns, units = _find_columns(sheet, head_row, head, index, faults=faults, findings=findings)
    keys_at = _find_keys(sheet, head_row, head, faults)
    rows = _take_units(sheet, filled[1:], columns, units)
    factors = {
        column: unit_factor(index.inputs[name], *units[column], faults) if column in units else 1.0
        for column, name in columns.items()
    }
    if not rows:
        faults.append(
            say(
                "{address}: no row of an area below the head; fill in the template of {id}",
                address=sheet.address(head_row),
                id=index.id,
            )
        )
    if not rows or not keys_at:
        raise IndexDataError(join_texts("\n", faults))
    keys = [_read_key(sheet, number, row, keys_at, faults=faults) for number, row in rows]
    faults += _repeated(sheet, rows, keys)
    areas, years = list(dict.fromkeys(key[0] for key in keys)), sorted({key[1] for key in keys})
    panel = empty_panel(areas, years, index)
    area_at = {area: at for at, area in enumerate(areas)}
    row_area = np.array([area_at[area] for area, _ in keys])
    row_year = np.searchsorted(years, [year for _, year in keys])
    values, status, place = (array.values for array in (panel.values, panel.status, panel.place))
    for column, name in columns.items():
        cells = [row[column] if column < len(row) else None for _, row in rows]
        where = sheet.addresses((number for number, _ in rows), column)
        numbers = _read_column(cells, index.inputs[name], factors[column], where, faults=faults)
        given = np.flatnonzero(~np.isnan(numbers))
        cell = (row_area[given], row_year[given], list(index.inputs).index(name))
        values[cell], status[cell] = numbers[given], "supplied"
        place[cell] = np.array(where, dtype=object)[given]
    if faults:
        raise IndexDataError(join_texts("\n", faults))
    return replace(
        panel,
        findings=(*findings, *_unheaded(sheet, head, rows), *_guess_percentages(panel, index)),
    )


def _read_column(
    cells: Sequence[object], about: Input, factor: float, where: Sequence[str], *, faults: list[str]
) -> NDArray[np.float64]:
    """Return the numbers of the cells of a column in the unit of the input, NaN where there is none."""
    numbers = np.full(len(cells), np.nan)
    odd: Iterable[int] = range(len(cells))
    if not about.grades and {*map(type, cells)} <= {float, int, type(None)}:
        numbers = np.array(cells, dtype=float) * factor
        outside = (numbers < about.minimum) | (numbers > about.maximum)
        odd = np.flatnonzero(outside | ~np.isfinite(numbers))
    known: dict[tuple[type, object], float] = {}
    for at in odd:
        cell, before = (type(cells[at]), cells[at]), len(faults)
        if cell not in known:
            known[cell] = _read_input(cells[at], about, factor, where[at], faults=faults)
        # The same fault is said of each of its cells.
        numbers[at] = known[cell] if len(faults) == before else known.pop(cell)
    return numbers


def _take_units(
    sheet: Sheet,
    rows: Sequence[tuple[int, Sequence[object]]],
    columns: dict[int, str],
    units: dict[int, tuple[str, str]],
) -> list[tuple[int, Sequence[object]]]:
    """Put the units of a row of units to those of the head; return the rows that are of an area."""
    kept = []
    for number, row in rows:
        first = fold(str(next((cell for cell in row if read_value(cell)[1] != BLANK), "")))
        if first in map(fold, UNIT_WORDS):
            units |= {
                column: (str(row[column]).strip(), sheet.address(number, column))
                for column in columns
                if column < len(row) and str(row[column] or "").strip()
            }
        elif first not in map(fold, NAME_WORDS):
            kept.append((number, row))
    return kept


def _unheaded(
    sheet: Sheet, head: Sequence[object], rows: Sequence[tuple[int, Sequence[object]]]
) -> Iterable[Finding]:
    """Find cells that stand in a column without a name."""
    named = {column for column, cell in enumerate(head) if read_value(cell)[1] != BLANK}
    for number, row in rows:
        for column in sorted({*range(len(row))} - named):
            cell = row[column]
            if read_value(cell)[1] != BLANK:
                yield Finding(
                    "column-without-name",
                    "warning",
                    say(
                        "{cell!r} stands in a column without a name and was not used",
                        cell=str(cell)[:30],
                    ),
                    sheet.address(number, column),
                    say("name the column"),
                )


def _repeated(
    sheet: Sheet, rows: Sequence[tuple[int, Sequence[object]]], keys: Sequence[tuple[str, int]]
) -> Iterable[str]:
    first: dict[tuple[str, int], int] = {}
    for (number, _), key in zip(rows, keys, strict=True):
        if first.setdefault(key, number) != number:
            yield (
                say(
                    "{address}: {key} {key_1} stands there twice (also in row {first}); "
                    "keep one row",
                    address=sheet.address(number),
                    key=key[0],
                    key_1=key[1],
                    first=first[key] + 1,
                )
            )


def empty_panel(areas: Sequence[str], years: Sequence[int], index: Index) -> Panel:
    """Return a panel of these areas and years in which every input is missing."""
    shape, coords = (
        (len(areas), len(years), len(index.inputs)),
        {"area": list(areas), "year": list(years), "input": list(index.inputs)},
    )
    values, status, place = (
        xr.DataArray(array, dims=("area", "year", "input"), coords=coords)
        for array in (
            np.full(shape, np.nan),
            np.full(shape, "missing", dtype=object),
            np.full(shape, "", dtype=object),
        )
    )
    return Panel(values, status, place)


def _find_keys(
    sheet: Sheet, number: int, head: Sequence[object], faults: list[str]
) -> tuple[int, int] | None:
    """Return the columns of areas and years, or None where they cannot be told."""
    found = []
    for words in (AREA_WORDS, YEAR_WORDS):
        places = [
            column for column, cell in enumerate(head) if fold(str(cell or "")) in map(fold, words)
        ]
        if len(places) != 1:
            faults.append(
                say(
                    "{address}: {place_count} columns {word!r} ({word_zh}), expected one; "
                    "name the columns in the first row",
                    address=sheet.address(number),
                    place_count=len(places) or say("no"),
                    word=words[0],
                    word_zh=words[1],
                )
            )
        else:
            found.append(places[0])
    return (found[0], found[1]) if len(found) == 2 else None


def _find_columns(
    sheet: Sheet,
    number: int,
    head: Sequence[object],
    index: Index,
    *,
    faults: list[str],
    findings: list[Finding],
) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """Return the input of each column, and the units that stand in the head."""
    words = {
        fold(word): name
        for name, about in index.inputs.items()
        for word in (about.en, about.zh, name)
    }
    elsewhere = {
        fold(word) for about in shared_inputs().values() for word in (about.id, about.zh, about.en)
    }
    columns: dict[int, str] = {}
    units: dict[int, tuple[str, str]] = {}
    for column, cell in enumerate(head):
        printed, where = str(cell or "").strip(), sheet.address(number, column)
        folded = fold(printed)
        if not printed or folded in map(fold, (*AREA_WORDS, *YEAR_WORDS)):
            continue
        inside = _UNIT_IN_HEAD.match(printed)
        if folded not in words and inside:
            folded = fold(inside["name"])
            units[column] = (inside["unit"], where)
        if folded not in words:
            units.pop(column, None)
            near = did_you_mean(
                printed, [*index.inputs, *(about.zh for about in index.inputs.values())], count=2
            )
            if near and folded not in elsewhere:
                faults.append(
                    say(
                        "{where}: {printed!r} is no input of {id}; {near}",
                        where=where,
                        printed=printed,
                        id=index.id,
                        near=near,
                    )
                )
            else:
                findings.append(
                    Finding(
                        "column-not-used",
                        "warning",
                        say(
                            "column {printed!r} is no input of {id} and was not used",
                            printed=printed,
                            id=index.id,
                        ),
                        where,
                        say("carbonacct index template lists them"),
                    )
                )
        elif words[folded] in columns.values():
            faults.append(
                say(
                    "{where}: {printed!r} stands there twice; keep one column",
                    where=where,
                    printed=printed,
                )
            )
        else:
            columns[column] = words[folded]
    return columns, units


def _read_key(
    sheet: Sheet, number: int, row: Sequence[object], keys_at: tuple[int, int], *, faults: list[str]
) -> tuple[str, int]:
    area, year = keys_at
    cells = [row[column] if column < len(row) else None for column in (area, year)]
    name = "" if cells[0] is None else str(cells[0]).strip()
    if not name:
        faults.append(
            say("{address}: the area is blank; name it", address=sheet.address(number, area))
        )
    value, _ = read_value(
        str(cells[1]).strip().removesuffix("年") if isinstance(cells[1], str) else cells[1]
    )
    if not (value == value // 1 and 1900 <= value <= 2200):
        faults.append(
            say(
                "{address}: {cell!r} is not a year; write a year such as 2020",
                address=sheet.address(number, year),
                cell=str(cells[1] or "")[:30],
            )
        )
        return name, 0
    return name, int(value)


def _read_input(
    cell: object, about: Input, factor: float, where: str, *, faults: list[str]
) -> float:
    """Return the number of a cell in the unit of the input (of a judgement, the score of its word)."""
    if isinstance(cell, bool):
        cell = "yes" if cell else "no"
    value, status = read_value(cell)
    if about.grades:
        return (
            math.nan
            if status not in {NUMBER, UNREADABLE} and not _grade(cell, about)
            else _read_grade(cell, about, where, faults)
        )
    if (
        status == UNREADABLE
        and isinstance(cell, str)
        and about.unit == "%"
        and cell.strip()[-1:] in "%％"
    ):
        value, status = read_value(cell.strip()[:-1])
    if status == UNREADABLE:
        faults.append(
            say(
                "{where}: {id} is {cell!r}, expected a number in {unit}; correct the cell",
                where=where,
                id=about.id,
                cell=str(cell)[:30],
                unit=about.unit_zh or about.unit,
            )
        )
        return math.nan
    value *= factor
    if value < about.minimum or value > about.maximum:
        faults.append(
            say(
                "{where}: {id} is {value:g}, expected {bounds} {unit}; correct the cell",
                where=where,
                id=about.id,
                value=value,
                bounds=_bounds(about),
                unit=about.unit_zh or about.unit,
            )
        )
    return value


def _bounds(about: Input) -> str:
    words = (
        f"{word} {bound:g}"
        for word, bound in ((say("at least"), about.minimum), (say("at most"), about.maximum))
        if not math.isnan(bound)
    )
    return join_texts(" and ", words)


def _grade(cell: object, about: Input) -> list[float]:
    word = fold(str(cell))
    return [
        grade.score
        for grade in about.grades
        if word in {fold(grade.id), fold(grade.zh), fold(grade.en)}
    ]


def _read_grade(cell: object, about: Input, where: str, faults: list[str]) -> float:
    if found := _grade(cell, about):
        return found[0]
    allowed = [grade.id for grade in about.grades]
    near = did_you_mean(str(cell), [*allowed, *(grade.zh for grade in about.grades)])
    faults.append(
        say(
            "{where}: {id} is {cell!r}, expected {grades}; {near}",
            where=where,
            id=about.id,
            cell=str(cell)[:30],
            grades=join_texts(
                ", ", (say("{id} ({name})", id=grade.id, name=grade.zh) for grade in about.grades)
            ),
            near=near or say("choose one"),
        )
    )
    return math.nan


def _guess_percentages(panel: Panel, index: Index) -> Iterable[Finding]:
    """Find percentages that look like shares of one: a whole column of them, or some among greater ones."""
    for position, (name, about) in enumerate(index.inputs.items()):
        values = panel.values.values[..., position]
        if about.unit != "%" or not (np.abs(values) > 0).any():
            continue
        small = (np.abs(values) > 0) & (np.abs(values) <= 1)
        rest = np.abs(values[(np.abs(values) > 0) & ~small])
        if small.any() and (not rest.size or np.median(rest) >= 5):
            for a, y in np.argwhere(small):
                value = float(values[a, y])
                yield Finding(
                    "percentage-as-share",
                    "warning",
                    say(
                        "{name} is {value:g}, expected a percentage; it may be the share of "
                        "{percent:g} %",
                        name=name,
                        value=value,
                        percent=100 * value,
                    ),
                    panel.place.values[a, y, position],
                    say("write {percent:g} if so", percent=100 * value),
                )
