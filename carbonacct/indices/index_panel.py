"""The table that a user fills in, a row per area and year in a spreadsheet or CSV -> labelled arrays with cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.errors import Finding, IndexDataError, did_you_mean
from carbonacct.indices.index_declaration import shared_inputs
from carbonacct.indices.printed_input_units import unit_factor
from carbonacct.records.labelled_rows import sheet_of
from carbonacct.records.quantity_headings import QuantityWords, panel_words, split_heading
from carbonacct.records.quantity_tables import find_unread, is_empty, read_quantities
from carbonacct.sheets.sheet_choice import read_chosen
from carbonacct.sheets.values import NUMBER, UNREADABLE, read_value
from carbonacct.texts import join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import Index, Input
    from carbonacct.records.quantity_headings import QuantityHeading
    from carbonacct.records.quantity_tables import QuantitySeries
    from carbonacct.sheets.raw_sheets import Sheet

DATA_SHEET, EXPLAINED_SHEET = "data", "explanations"


@dataclass(frozen=True)
class Panel:
    """The inputs of an index: area x year x input.

    Attributes
    ----------
    values
        float64 in the unit of each input (of a judgement, the score of its word), NaN where there
        is none.
    status
        ``"supplied"``, ``"inventory"``, ``"balance"``, ``"activity"`` or ``"missing"`` of each cell.
    place
        ``file!sheet!cell`` of each number, empty where there is none.
    findings
        What a reader of the table should know.
    """

    values: xr.DataArray
    status: xr.DataArray
    place: xr.DataArray
    findings: tuple[Finding, ...] = ()

    @property
    def years(self) -> list[int]:
        """The years, in their order."""
        found: list[int] = self.values["year"].values.tolist()
        return found


def read_panel(
    path: str | Path,
    index: Index,
    sheet: str | Sequence[str] | None = None,
    *,
    beside: Iterable[Index] = (),
) -> Panel:
    """Read a filled-in template, or any table with a row per area and year and a column per input.

    Parameters
    ----------
    path
        .xlsx, .xls, .ods or .csv. The first row names the columns (id, Chinese or English name,
        perhaps with a unit in brackets); a row that starts with ``unit`` or 单位 gives units, one
        with ``name`` or 名称 is passed over.
    index
        The index whose inputs are wanted.
    sheet
        The sheet of a workbook that holds the table; else that of the template, or the first.
    beside
        Other indices that the table is of: their columns are not unknown.

    Raises
    ------
    IndexDataError
        Every fault of the table, one a line, with its cell.
    TableError
        If the file cannot be read, or has no such sheet.
    """
    sheets = read_chosen(path, sheet)
    held = next((one for one in sheets if one.name == DATA_SHEET), sheets[0])
    if all(map(is_empty, held.rows)):
        raise IndexDataError(
            say(
                "{address}: holds nothing; fill in the template of {id}",
                address=held.address(0),
                id=index.id,
            )
        )
    panel = _read_sheet(held, index, beside=beside)
    others = find_unread([one for one in sheets if one.name != EXPLAINED_SHEET], held)
    return replace(panel, findings=(*held.findings, *others, *panel.findings))


def panel_from_frame(frame: pd.DataFrame, index: Index) -> Panel:
    """Return the inputs in a data frame with columns ``area``, ``year`` and inputs, as :func:`read_panel` does.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.indices.index_declaration import load_index
    >>> frame = pd.DataFrame({"area": ["甲"], "year": [2020], "population": [500.0]})
    >>> panel_from_frame(frame, load_index("ccni-2.0")).values.sel(input="population").item()
    500.0
    """
    return _read_sheet(sheet_of(frame, "table"), index)


def panel_from_drivers(sheet: Sheet, index: Index) -> Panel:
    """Return the inputs of an index that a table of drivers holds; its other columns are of others.

    Its rows may name no area (``""``), and a driver may go by any of its names
    (``factors/vocabulary/panel_columns.csv``).

    Raises
    ------
    IndexDataError
        Every fault of the table, one a line, with its cell.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.indices.index_declaration import load_index
    >>> frame = pd.DataFrame({"年份": [2020], "总人口(万人)": [500.0], "雨量(mm)": [900.0]})
    >>> panel = panel_from_drivers(sheet_of(frame, "drivers"), load_index("ccni-2.0"))
    >>> panel.values.sel(input="population").values.tolist(), panel.place.sel(input="population").item()
    ([[500.0]], 'drivers!B2')
    """
    names = {word: name for word, name in panel_words().items() if name in index.inputs}
    words = QuantityWords(names | _input_words(index), needs_area=False)
    return _read_sheet(sheet, index, words)


def _read_sheet(
    sheet: Sheet,
    index: Index,
    words: QuantityWords | None = None,
    beside: Iterable[Index] = (),
) -> Panel:
    faults: list[str] = []
    table = read_quantities(sheet, words or QuantityWords(_input_words(index)), faults)
    known = {word for one in beside for word in _input_words(one)}
    others = [one for one in table.others if not _name_words(one) & known]
    findings = [] if words else list(_find_other_columns(others, index, faults))
    factors = [
        unit_factor(index.inputs[heading.name], heading.unit, heading.unit_where, faults)
        if heading.unit
        else 1.0
        for heading in (one.heading for one in table.series)
    ]
    if not table.keys and not faults:
        faults.append(
            say(
                "{address}: no row of an area below the head; fill in the template of {id}",
                address=sheet.address(0),
                id=index.id,
            )
        )
    if not table.keys:
        raise IndexDataError(join_texts("\n", faults))
    areas = list(dict.fromkeys(area for area, _ in table.keys))
    years = sorted({year for _, year in table.keys})
    panel = empty_panel(areas, years, index)
    area_at = {area: at for at, area in enumerate(areas)}
    key_area = np.array([area_at[area] for area, _ in table.keys])
    key_year = np.searchsorted(years, [year for _, year in table.keys])
    values, status, place = (array.values for array in (panel.values, panel.status, panel.place))
    inputs = list(index.inputs)
    for one, factor in zip(table.series, factors, strict=True):
        where = one.addresses()
        numbers = _read_cells(one, index.inputs[one.heading.name], factor, where, faults=faults)
        given = np.flatnonzero(~np.isnan(numbers))
        keys = one.keys[given]
        cell = (key_area[keys], key_year[keys], inputs.index(one.heading.name))
        values[cell], status[cell] = numbers[given], "supplied"
        place[cell] = np.array(where, dtype=object)[given]
    if faults:
        raise IndexDataError(join_texts("\n", faults))
    return replace(panel, findings=(*findings, *table.findings, *_guess_percentages(panel, index)))


def _read_cells(
    series: QuantitySeries, about: Input, factor: float, where: Sequence[str], *, faults: list[str]
) -> NDArray[np.float64]:
    """Return the numbers of some cells in the unit of the input, NaN where there is none."""
    cells, numbers = series.cells, np.full(len(series.cells), np.nan)
    odd: Iterable[int] = range(len(cells))
    if not about.grades and {*map(type, cells)} <= {float, int, type(None)}:
        numbers = series.numbers()[0] * factor
        outside = (numbers < about.minimum) | (numbers > about.maximum)
        odd = np.flatnonzero(outside | ~np.isfinite(numbers))
    known: dict[tuple[type, object], float] = {}
    for at in odd:
        cell, before = (type(cells[at]), cells[at]), len(faults)
        if cell not in known:
            known[cell] = _read_input(cells[at], about, factor, where[at], faults=faults)
        # The same fault holds for each of its cells.
        numbers[at] = known[cell] if len(faults) == before else known.pop(cell)
    return numbers


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


def _input_words(index: Index) -> dict[str, str]:
    """Return the input of each of its words."""
    return {
        fold(word): name
        for name, about in index.inputs.items()
        for word in (about.en, about.zh, name)
    }


def _name_words(heading: QuantityHeading) -> set[str]:
    """Return the words that a heading may be known by: with what stands in brackets, and without."""
    return {fold(heading.printed), fold(split_heading(heading.printed)[0])}


def _find_other_columns(
    others: Sequence[QuantityHeading], index: Index, faults: list[str]
) -> Iterator[Finding]:
    """Find what is no input of the index; a name near to one is a fault."""
    elsewhere = {
        fold(word) for about in shared_inputs().values() for word in (about.id, about.zh, about.en)
    }
    words = [*index.inputs, *(about.zh for about in index.inputs.values())]
    for heading in others:
        near = did_you_mean(heading.printed, words, count=2)
        if near and not _name_words(heading) & elsewhere:
            faults.append(
                say(
                    "{where}: {printed!r} is no input of {id}; {near}",
                    where=heading.where,
                    printed=heading.printed,
                    id=index.id,
                    near=near,
                )
            )
            continue
        yield Finding(
            "column-not-used",
            "warning",
            say(
                "column {printed!r} is no input of {id} and was not used",
                printed=heading.printed,
                id=index.id,
            ),
            heading.where,
            say("carbonacct index template lists them"),
        )


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
        if about.unit != "%":
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
