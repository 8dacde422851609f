"""Cells that restate the inventory as sums of traces, so that they follow when a number is changed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.inventory.official.layouts import load_layout
from carbonacct.inventory.official.placing import LABELS, place_entries
from carbonacct.report.workbook.input_sheets import EMISSIONS, ENERGY
from carbonacct.report.workbook.table import Formula, quote
from carbonacct.report.workbook.workbook_words import word
from carbonacct.sectors.energy.energy_official import find_group, is_in_group, is_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.report.workbook.plan import Plan, PlanLine

_CLOSE = 1e-9
_LONGEST = 8_000  # a formula holds 8192 characters, a sum 255 arguments
_MOST_RUNS = 250


def list_cells(
    plan: Plan, lines: Iterable[PlanLine], lang: str, column: str = EMISSIONS
) -> list[str]:
    """Return the cells of lines in a column of the sheet of traces, runs of rows as ranges."""
    rows = sorted(plan.line_rows[line.flat] for line in lines)
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    trace = quote(word("trace", lang))
    return [
        f"{trace}!{column}{first}" + (f":{column}{last}" if last > first else "")
        for first, last in runs
    ]


def link_sum(plan: Plan, lines: Sequence[PlanLine], value: Any, *, scale: float, lang: str) -> Any:
    """Return a restated number as the sum of traces that it is; as it is where it is another sum.

    Parameters
    ----------
    plan, lines
        The numbers whose emissions it should be the sum of.
    value
        What the table holds: a number, or a notation key.
    scale
        What turns t into the unit of the table.
    """
    held = [line.found.value for line in lines]
    return _link(list_cells(plan, lines, lang), held, value, scale)


def link_energy(
    plan: Plan, lines: Sequence[PlanLine], value: Any, *, scale: float, lang: str
) -> Any:
    """Return restated energy, likewise; `scale` turns TJ into the unit of the table."""
    held = [plan.energy(line) for line in lines]
    return _link(list_cells(plan, lines, lang, ENERGY), held, value, scale)


def _link(cells: Sequence[str], held: Sequence[float], value: Any, scale: float) -> Any:
    is_sum = isinstance(value, float) and bool(cells)
    total = math.fsum(number for number in held if not math.isnan(number)) * scale
    if not is_sum or not math.isclose(total, value, rel_tol=_CLOSE, abs_tol=1e-12):
        return value
    text = f"=SUM({','.join(cells)})*{scale!r}"
    return value if len(text) > _LONGEST or len(cells) > _MOST_RUNS else Formula(text, value)


def link_sectoral(
    plan: Plan, frame: pd.DataFrame, where: tuple[str, int], lang: str
) -> pd.DataFrame:
    """Return table 1.A(a) of an area and year with formulas: TJ and kt by category and fuel group."""
    codes, groups = frame["category"].tolist(), frame["fuel_group"].tolist()
    gases = [name for name in frame.columns if name.endswith("_kt")]
    columns: dict[str, list[Any]] = {}
    for name in ("consumption_tj", *gases):
        is_energy = name == "consumption_tj"
        gas = (gases[0] if is_energy else name).removesuffix("_kt")
        link, scale = (link_energy, 1.0) if is_energy else (link_sum, 1e-3)
        columns[name] = [
            link(plan, _within(plan, (*where, gas), [code], group), value, scale=scale, lang=lang)
            for code, group, value in zip(codes, groups, frame[name], strict=True)
        ]
    return replace_columns(frame, columns)


def link_guideline(
    plan: Plan, frame: pd.DataFrame, where: tuple[str, int], lang: str
) -> pd.DataFrame:
    """Return the summary of the provincial guideline with formulas, in 10^4 t."""
    layout = load_layout("provincial-energy")
    codes = [row.code for row in layout.rows]
    within = {code: set(layout.within(position)) for position, code in enumerate(codes)}
    columns: dict[str, list[Any]] = {}
    for name in (name for name in frame.columns if name.endswith("_10kt")):
        gas = name.removesuffix("_10kt")
        lines = [line for scope in (1, 2) for line in plan.by_period.get((*where, gas, scope), [])]
        places = place_entries(pd.DataFrame(map(_label, lines), columns=list(LABELS)), layout)
        columns[name] = [
            link_sum(
                plan,
                [line for line, at in zip(lines, places, strict=True) if at in within[code]],
                value,
                scale=1e-4,
                lang=lang,
            )
            for code, value in zip(frame["code"].tolist(), frame[name].tolist(), strict=True)
        ]
    return replace_columns(frame, columns)


def _label(line: PlanLine) -> dict[str, str]:
    """Return the labels by which an official table places a number."""
    return {
        "sector": "energy",
        "kind": "scope2" if line.scope == 2 else "emission",
        "category": "" if line.scope == 2 else line.category,
        "flow": line.found.flow,
        "product": line.found.product,
    }


def link_comparison(
    plan: Plan, frame: pd.DataFrame, where: Sequence[tuple[str, int]], lang: str
) -> pd.DataFrame:
    """Return the sectoral side of the two approaches, by fuel group, with formulas."""
    columns: dict[str, list[Any]] = {"energy_sectoral_tj": [], "co2_sectoral_kt": []}
    for n, (area, year) in enumerate(where):
        group = frame["fuel_group"].iloc[n]
        direct = plan.by_period.get((area, year, "CO2", 1), [])
        lines = [line for line in direct if group in ("total", find_group(line.found.product))]
        for name, link, scale in (
            ("energy_sectoral_tj", link_energy, 1.0),
            ("co2_sectoral_kt", link_sum, 1e-3),
        ):
            columns[name].append(link(plan, lines, frame[name].iloc[n], scale=scale, lang=lang))
    return replace_columns(frame, columns)


def link_completeness(plan: Plan, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the values of completeness with formulas, in t."""
    names = ("area", "year", "gas", "category", "value")
    keys = zip(*(frame[name].tolist() for name in names), strict=True)
    values = [
        value  # what is no number is no sum
        if math.isnan(value)
        else link_sum(
            plan, _within(plan, (area, year, gas), [code], "total"), value, scale=1.0, lang=lang
        )
        for area, year, gas, code, value in keys
    ]
    return replace_columns(frame, {"value": values})


def _within(
    plan: Plan, period: tuple[str, int, str], codes: Sequence[str], group: str
) -> list[PlanLine]:
    """Return the direct numbers of an area, year and gas in some categories and a fuel group."""
    return [
        line
        for category, lines in plan.by_category.get(period, {}).items()
        if any(is_within(category, code) for code in codes)
        for line in lines
        if is_in_group(line.found.product, group)
    ]


def replace_columns(frame: pd.DataFrame, columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Return a table with other columns; a formula stays one cell."""
    made = {
        name: pd.Series(values, index=frame.index, dtype=object) for name, values in columns.items()
    }
    return frame.assign(**made)
