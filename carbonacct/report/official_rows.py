"""Official tables as people read them: titles, heads, rows of names, numbers and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.catalogue import in_language
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.official.filling import QUALITY
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.word_tables import WordTable
from carbonacct.sectors.data_quality import explain_grades

if TYPE_CHECKING:
    from carbonacct.inventory.official.filling import OfficialTable

_SMALL = 0.1
word = WordTable(
    {
        "code": ("编号", "code"),
        "row": ("排放源与吸收汇种类", "source or sink"),
        "scope": ("范围", "scope"),
        "reporting": ("报告级别", "reporting level"),
        "activity_quality": ("数据质量：活动水平", "data quality: activity"),
        "factor_quality": ("数据质量：因子", "data quality: factor"),
        "activity_reason": ("活动水平的由来", "where activity data come from"),
        "factor_reason": ("因子的由来", "where factors come from"),
        "unit": (
            "单位：表头所注；空缺处为 NO/NE/NA/IE/C",
            "Units stand in the head; NO, NE, NA, IE or C where there is no number",
        ),
        "lacking": ("带 NE 或 C 的数缺少一部分", "A number with NE or C beside it lacks a part"),
        "source": ("依据：{reference}", "After: {reference}"),
        "rest": ("不在本表内的：{count} 项，见下", "What stands in no cell of the table: {count}"),
        "reason": ("原因", "reason"),
        "category": ("类别", "category"),
        "flow": ("排放源", "source"),
        "gas": ("气体", "gas"),
        "value": ("数值（t）", "value (t)"),
    }
)

_EXTRA = {"territorial": ("地域", "territorial"), "other": ("其他", "other")}


def title_of(table: OfficialTable, period: int, lang: str) -> str:
    """Return the title of a table of an area and year."""
    area, year = table.periods[period]
    name = table.layout.title_zh if lang == "zh" else table.layout.title_en
    return f"{area} {year} {name}"


def notes_of(table: OfficialTable, lang: str) -> list[str]:
    """Return what stands under the title: units, keys, the document."""
    source = word("source", lang, reference=table.layout.reference)
    own = table.layout.notes_zh if lang == "zh" else table.layout.notes_en
    grades = [explain_grades(lang)] if table.layout.states_quality else []
    return [word("unit", lang), word("lacking", lang), *own, *grades, source]


def headings(table: OfficialTable, lang: str) -> list[str]:
    """Return the heads of the columns."""
    more = [word(name, lang) for name in table.layout.rows[0].extra]
    return [
        word("code", lang),
        word("row", lang),
        *more,
        *(one.heading(lang) for one in table.columns),
        *(word(name, lang) for name in (QUALITY if table.layout.states_quality else ())),
    ]


def rows_of(table: OfficialTable, period: int, lang: str) -> list[tuple[int, list[Any]]]:
    """Return the rows of an area and year, each with its level; names are indented by it."""
    found = []
    for place in table.shown_rows(period):
        row = table.layout.rows[place]
        name = "　" * row.level + (row.zh if lang == "zh" else row.en)
        cells = [_show_cell(table, period, place, one) for one in range(len(table.columns))]
        code = row.code if any(map(str.isdigit, row.code)) else ""  # ids are for programs
        quality = (in_language(text, lang) for text in table.quality_of(period, place))
        extra = show_extra(table, place, lang)
        found.append((row.level, [code, name, *extra, *cells, *quality]))
    return found


def show_extra(table: OfficialTable, place: int, lang: str) -> list[str]:
    """Return what a row says of itself beside its name, such as its scope."""
    side = 0 if lang == "zh" else 1
    return [
        _EXTRA.get(text, (text, text))[side] for text in table.layout.rows[place].extra.values()
    ]


def _show_cell(table: OfficialTable, period: int, place: int, column: int) -> float | str:
    """Return a number, or as text what lacks a part or has no number."""
    value, key = float(table.values[period, place, column]), str(table.keys[period, place, column])
    if np.isnan(value):
        return key
    return f"{show_number(value)}, {key}" if key else value


def rest_of(table: OfficialTable, period: int, lang: str) -> list[list[Any]]:
    """Return what stands in no cell of an area and year: labels, amount and reason.

    A table of one sector lists what is of that sector.
    """
    area, year = table.periods[period]
    listed = table.listed[(table.listed["area"] == area) & (table.listed["year"] == year)]
    if table.layout.sectors:
        listed = listed[listed["sector"].isin(table.layout.sectors)]
    columns = ("category", "flow", "gas", "value", "notation", f"reason_{lang}")
    return [
        [category, _name_source(table, flow, lang), gas, notation or value, reason]
        for category, flow, gas, value, notation, reason in zip(
            *(listed[name] for name in columns), strict=True
        )
    ]


def _name_source(table: OfficialTable, flow: str, lang: str) -> str:
    """Return what people call a flow of a balance or a source."""
    if vocabulary.base_of(flow) in vocabulary.flows():
        return name_flow(flow, lang)
    sectors = (one.evaluation.sector for one in table.origins if isinstance(one, SourceOrigin))
    return next((one.name_of(flow, lang) for one in sectors if flow in one.blocks), flow)


def show_number(value: float) -> str:
    """Return a number as people read it: a small one is never shown as zero.

    Examples
    --------
    >>> show_number(1234.5), show_number(0.00123), show_number(0.0)
    ('1,234.50', '0.00123', '0.00')
    """
    return f"{value:,.2f}" if value == 0 or abs(value) >= _SMALL else f"{value:.3g}"
