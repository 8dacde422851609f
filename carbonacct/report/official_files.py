"""Official tables as files: what people read with its title, unit and reference, or rows for programs."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.catalogue import in_language
from carbonacct.inventory.official.filling import QUALITY
from carbonacct.report.crt_json import write_crt_json
from carbonacct.report.files import check_target, place_file
from carbonacct.report.frames import FRAME_WRITERS, STYLE, format_csv, print_data
from carbonacct.sectors.data_quality import explain_grades

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from carbonacct.errors import Finding
    from carbonacct.inventory.official.filling import OfficialTable

_SMALL = 0.1
_CRT = ".crt.json"
WORDS = {
    "code": ("编号", "code"),
    "row": ("排放源与吸收汇种类", "source or sink"),
    "scope": ("范围", "scope"),
    "reporting": ("报告级别", "reporting level"),
    "activity_quality": ("数据质量: 活动水平", "data quality: activity"),
    "factor_quality": ("数据质量: 因子", "data quality: factor"),
    "activity_reason": ("活动水平的由来", "where activity data come from"),
    "factor_reason": ("因子的由来", "where factors come from"),
    "unit": (
        "单位: 表头所注; 空缺处为 NO/NE/NA/IE/C",
        "Units stand in the head; NO, NE, NA, IE or C where there is no number",
    ),
    "lacking": ("带 NE 或 C 的数缺少一部分", "A number with NE or C beside it lacks a part"),
    "source": ("依据: {}", "After: {}"),
    "rest": ("不在本表内的: {count} 项, 见下", "What stands in no cell of the table: {count}"),
    "reason": ("原因", "reason"),
    "category": ("类别", "category"),
    "flow": ("排放源", "source"),
    "gas": ("气体", "gas"),
    "value": ("数值 (t)", "value (t)"),
}


def word(key: str, lang: str) -> str:
    """Return a word of the sheets in a language."""
    return WORDS[key][0 if lang == "zh" else 1]


def title_of(table: OfficialTable, period: int, lang: str) -> str:
    """Return the title of a table of an area and year."""
    area, year = table.periods[period]
    name = table.layout.title_zh if lang == "zh" else table.layout.title_en
    return f"{area} {year} {name}"


def notes_of(table: OfficialTable, lang: str) -> list[str]:
    """Return what stands under the title: units, keys, the document."""
    source = word("source", lang).format(table.layout.reference)
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
        found.append((row.level, [code, name, *row.extra.values(), *cells, *quality]))
    return found


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
        [category, flow, gas, notation or value, reason]
        for category, flow, gas, value, notation, reason in zip(
            *(listed[name] for name in columns), strict=True
        )
    ]


def write_official(
    tables: Sequence[OfficialTable],
    target: str,
    *,
    lang: str = "en",
    uids: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> list[Finding]:
    """Write official tables to one file by its suffix, or as CSV to standard output (``-``).

    Parameters
    ----------
    tables
        As :func:`carbonacct.fill_official` returns them.
    target
        ``-``, or a path that ends in .csv, .xlsx, .html, .nc, .parquet, .json or .crt.json.
    lang
        ``"zh"`` or ``"en"``: titles, heads and names in .xlsx and .html; the others hold rows for
        programs.
    uids
        Identifiers of the variables of .crt.json (:func:`carbonacct.report.read_variables`).

    Returns
    -------
    list of Finding
        What a kind of file has no place for.

    Raises
    ------
    OutputError
        As :func:`carbonacct.report.write_inventory`; what was there stays.
    """
    frame = pd.concat([table.to_frame().assign(table=table.layout.id) for table in tables])
    if target == "-":
        print_data(format_csv(frame.drop(columns="table") if len(tables) == 1 else frame))
        return []
    suffix = check_target(target, (*FRAME_WRITERS, _CRT), overwrite=overwrite)
    noticed: list[Finding] = []

    def write(path: Path) -> None:
        if suffix == _CRT:
            noticed.extend(write_crt_json(tables, path, uids=uids))
        elif suffix == ".xlsx":
            from carbonacct.report.workbook.official_sheets import (  # noqa: PLC0415 - XlsxWriter
                write_official_workbook,
            )

            write_official_workbook(tables, path, lang=lang)
        elif suffix == ".html":
            path.write_text(_render(tables, lang), encoding="utf-8")
        else:
            _write_rows(tables, frame, path, suffix)

    place_file(target, write, overwrite=overwrite)
    return noticed


def _write_rows(
    tables: Sequence[OfficialTable], frame: pd.DataFrame, path: Path, suffix: str
) -> None:
    """Write rows for programs; a column of one kind holds no keys beside numbers."""
    if suffix in {".nc", ".parquet"}:
        frame = pd.concat([table.to_long().assign(table=table.layout.id) for table in tables])
    findings = [finding for table in tables for finding in table.findings()]
    rows = frame.reset_index(drop=True)
    FRAME_WRITERS[suffix](rows, path, findings, tables[0].layout.id)


def _render(tables: Sequence[OfficialTable], lang: str) -> str:
    """Return the tables as a page."""
    parts = [
        _render_period(table, period, lang)
        for table in tables
        for period in range(len(table.periods))
    ]
    title = html.escape(title_of(tables[0], 0, lang))
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body>{''.join(parts)}</body></html>\n"
    )


def _render_period(table: OfficialTable, period: int, lang: str) -> str:
    notes = "<br>".join(map(html.escape, notes_of(table, lang)))
    body = "".join(
        "<tr>" + "".join(_render_cell(cell, level) for cell in cells) + "</tr>\n"
        for level, cells in rows_of(table, period, lang)
    )
    rest = rest_of(table, period, lang)
    below = ""
    if rest:
        heads = [word(name, lang) for name in ("category", "flow", "gas", "value", "reason")]
        lines = "".join(
            "<tr>" + "".join(_render_cell(cell, 1) for cell in cells) + "</tr>\n" for cells in rest
        )
        title = html.escape(word("rest", lang).format(count=len(rest)))
        below = f"<h3>{title}</h3><table>{_render_head(heads)}<tbody>{lines}</tbody></table>"
    return (
        f"<h2>{html.escape(title_of(table, period, lang))}</h2><p>{notes}</p>"
        f"<table>{_render_head(headings(table, lang))}<tbody>{body}</tbody></table>{below}\n"
    )


def _render_head(heads: Sequence[str]) -> str:
    cells = "".join(f"<th>{html.escape(head)}</th>" for head in heads)
    return f"<thead><tr>{cells}</tr></thead>"


def _render_cell(cell: Any, level: int) -> str:
    """Return a cell: numbers right, with all digits on hover; rows of the first level bold."""
    bold = ' style="font-weight:bold"' if level == 0 else ""
    if isinstance(cell, float):
        return f'<td class="n" title="{cell!r}"{bold}>{show_number(cell)}</td>'
    return f"<td{bold}>{html.escape(str(cell))}</td>"


def show_number(value: float) -> str:
    """Return a number as people read it: a small one is never shown as zero.

    Examples
    --------
    >>> show_number(1234.5), show_number(0.00123), show_number(0.0)
    ('1,234.50', '0.00123', '0.00')
    """
    return f"{value:,.2f}" if value == 0 or abs(value) >= _SMALL else f"{value:.3g}"
