"""The filled form of an assessment, in the layout, order and units of the printed one.

What is missing is asked for by name.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, IndexDataError
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.indicator_values import compute_values
from carbonacct.indices.scoring import choose_year, make_panel, score_index
from carbonacct.indices.template import write_cells
from carbonacct.texts import Both, as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.indices.index_declaration import Index, Indicator
    from carbonacct.indices.index_panel import Panel
    from carbonacct.inventory.record import Inventory
    from carbonacct.sectors.energy.energy_use import EnergySource


def fill_form(
    index: str | Index,
    data: str | Path | pd.DataFrame | Panel,
    *,
    inventory: Inventory | pd.DataFrame | None = None,
    balance: Sequence[EnergySource] | None = None,
    coal_equivalent: str | None = None,
    power_rate: float | None = None,
    year: int | None = None,
) -> tuple[Any, list[Finding]]:
    """Return the filled form as a workbook, a sheet per area, and a finding for each number that is asked for.

    Parameters
    ----------
    index
        A form with years (the peaking pilots) or an assessment with points (the pilots'
        evaluation).
    data, inventory, balance
        As for :func:`carbonacct.indices.scoring.score_index`.
    year
        The year of an assessment with points: the last one of the table unless given.

    Raises
    ------
    IndexDataError
        If the index has no printed form, or the table cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"area": ["甲"], "year": 2022, "energy": 1200.0, "gdp": 3000.0, "forest_cover": 41.5})
    >>> book, missing = fill_form("peaking-pilot-city", data)
    >>> [cell.value for cell in book["甲"][3]][:5], len(missing)
    ([1, '绿色低碳发展指标', '单位 GDP 能源消费量', '吨标准煤/万元', 0.4], 24)
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only where a workbook is made

    chosen = load_index(index) if isinstance(index, str) else index
    if not chosen.layout:
        raise IndexDataError(
            say("{id} has no printed form; carbonacct index score {id} computes it", id=chosen.id)
        )
    panel = make_panel(
        chosen,
        data,
        inventory=inventory,
        balance=balance,
        coal_equivalent=coal_equivalent,
        power_rate=power_rate,
    )
    sheets, findings = (
        _fill_years(chosen, panel) if chosen.periods else _fill_points(chosen, panel, year)
    )
    book = Workbook()
    book.remove(book.active)
    names: set[str] = set()
    for area, rows in sheets.items():
        sheet = book.create_sheet(name_sheet(area, names))
        write_cells(sheet, [[f"{area}  {chosen.title_zh}"], list(chosen.layout), *rows])
        sheet.freeze_panes = "A3"
        for letter, width in zip("ABCDEFG", (14, 28, 46, 16, 12, 12, 12), strict=True):
            sheet.column_dimensions[letter].width = width
    asked = book.create_sheet("待填 missing")
    write_cells(
        asked,
        [
            ["what 缺什么", "what to do 怎么办"],
            *([finding.message, finding.action] for finding in findings),
        ],
    )
    return book, findings


def name_sheet(area: str, taken: set[str]) -> str:
    """Return a name that a workbook takes, and only once."""
    plain = area.translate(str.maketrans("[]:*?/\\", "_______"))[:28].strip("'") or "area"
    name = next(
        name
        for name in (plain, *(f"{plain}~{number}" for number in range(2, 10**4)))
        if name.lower() not in taken
    )
    taken.add(name.lower())
    return name


def say_how_to_fill(
    index: Index, leaf: Indicator, panel: Panel, *, area: str, years: Sequence[int]
) -> str:
    """Return what to give so that a leaf has a number in some years, and the tables that have it."""
    held = panel.values.sel(area=area, year=[year for year in years if year in panel.years])
    lacking = [name for name in leaf.needs if np.isnan(held.sel(input=name)).any()]
    asked = lacking or leaf.needs
    names = join_texts(
        ", ",
        (
            say(
                "{input_name} ({name})",
                input_name=index.inputs[name].zh,
                name=as_typed([name]),
            )
            for name in asked
        ),
    )
    if leaf.op == "ratio":  # a share may be given itself
        names = say("{names}, or {id} itself", names=names, id=as_typed([leaf.id]))
    tables = join_texts("; ", dict.fromkeys(filter(None, map(find_table, asked))))
    if tables:
        return say("give {names}, from: {tables}", names=names, tables=tables)
    return say("give {names}", names=names)


def _ask(
    index: Index, leaf: Indicator, panel: Panel, *, area: str, years: Sequence[int]
) -> Finding:
    """Return the finding of a leaf that has no number in some years."""
    return Finding(
        "form-missing",
        "warning",
        say(
            "{area}: {leaf_name} ({id}) has no number for {when}",
            area=area,
            leaf_name=leaf.zh,
            id=leaf.id,
            when=join_texts(", ", map(str, years)),
        ),
        "",
        say_how_to_fill(index, leaf, panel, area=area, years=years),
    )


@cache
def _read_input_tables() -> dict[str, Both]:
    rows = read_rows(data_folder() / "vocabulary" / "input_tables.csv")
    return {row["input"]: Both(row["table_en"], row["table_zh"]) for row in rows}


def find_table(name: str) -> Both | None:
    """Return the table that gives an input of a form; None of what people judge.

    Examples
    --------
    >>> print(find_table("land_area"))
    yearbook of urban construction, land for construction: area
    """
    return _read_input_tables().get(name)


def _fill_years(index: Index, panel: Panel) -> tuple[dict[str, list[list[object]]], list[Finding]]:
    """Lay out a form with a column per year: number, class, indicator, unit, and the value of each year."""
    values = compute_values(index, panel).value
    years = values["year"].values.tolist()
    sheets: dict[str, list[list[object]]] = {}
    findings = []
    for area in values["area"].values.tolist():
        rows: list[list[object]] = []
        for number, leaf in enumerate(index.leaves, start=1):
            held = [
                (
                    values.sel(area=area, year=year, indicator=leaf.id).item()
                    if year in years
                    else np.nan
                )
                for year in index.periods
            ]
            parent = next(i for i in index.indicators if i.id == leaf.parent)
            first = index.children(parent.id)[0].id == leaf.id
            rows.append(
                [
                    number,
                    parent.zh if first else None,
                    leaf.zh,
                    leaf.unit_zh or leaf.unit,
                    *(None if np.isnan(value) else value for value in held),
                ]
            )
            lacking = [
                year
                for year, value in zip(index.periods, held, strict=True)
                if np.isnan(value) and year in years
            ]
            if lacking:
                findings.append(_ask(index, leaf, panel, area=area, years=lacking))
        sheets[area] = rows
        absent = [str(year) for year in index.periods if year not in years]
        if len(absent) == len(index.periods):
            findings.append(
                Finding(
                    "form-year",
                    "warning",
                    say(
                        "{area}: the table has no row of {absent}",
                        area=area,
                        absent=join_texts(", ", absent),
                    ),
                    "",
                    say("add a row for each year of the form"),
                )
            )
    return sheets, findings


def _fill_points(
    index: Index, panel: Panel, year: int | None
) -> tuple[dict[str, list[list[object]]], list[Finding]]:
    """Lay out an assessment: part with its points, indicator, number, points, and the points earned; then the total."""
    result = score_index(index, panel)
    chosen = choose_year(result.score["year"].values.tolist(), year)
    tops = {part.id: part for part in index.children("")}
    sheets: dict[str, list[list[object]]] = {}
    findings = []
    for area in result.score["area"].values.tolist():
        earned = result.weighted.sel(area=area, year=chosen)
        rows: list[list[object]] = []
        for leaf in index.leaves:
            top = tops[leaf.parent or leaf.id]
            alone = top.id == leaf.id
            first = alone or index.children(top.id)[0].id == leaf.id
            share = top.weight * (1 if alone else leaf.weight)
            points = earned.sel(indicator=leaf.id).item()
            names = [None, None] if alone else [leaf.zh, leaf.id]
            whole = f"{top.id} {top.zh}{_print_points(index, top.weight)}" if first else None
            rows.append(
                [
                    whole,
                    *names,
                    _print_points(index, share),
                    None if np.isnan(points) else round(points, 9),
                ]
            )
            if np.isnan(points):
                findings.append(_ask(index, leaf, panel, area=area, years=[chosen]))
        total = earned.sel(indicator=index.id).item()
        rows.append(
            [
                "合计",
                None,
                None,
                _print_points(index, 1),
                None if np.isnan(total) else round(total, 9),
            ]
        )
        sheets[area] = rows
    return sheets, findings


def _print_points(index: Index, share: float) -> str:
    return f"{round(share * index.scale, 9):g}分"
