"""A workbook of forms in their printed layout: a sheet an area, then cells and gaps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.indices.assessment_form import name_sheet
from carbonacct.report.workbook.new_file import open_file

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis

_BEHIND = {"zh": "单元格与待填", "en": "cells and gaps"}
_HEADS = {
    "zh": ("表格", "地区", "年份", "指标", "数值", "单元格", "缺什么"),
    "en": ("form", "area", "year", "indicator", "value", "cells", "what to give"),
}
_WIDTHS = (6, 28, 46, 16, 12, 12, 12)


def write_forms(analysis: Analysis, path: Path, lang: str) -> None:
    """Write the forms of a project.

    Parameters
    ----------
    analysis
        Of the kind ``forms``: a part for each form, whose words hold its printed heads (``layout``)
        and years (``periods``).
    lang
        Of the last sheet; forms are in Chinese, as they are printed.
    """
    taken: set[str] = {_BEHIND[lang].lower()}
    with open_file(path) as file:
        bold = file.add_format({"bold": True})
        for part in analysis.parts:
            for area, own in part.frame.groupby("area", sort=False):
                sheet = file.add_worksheet(name_sheet(str(area), taken))
                rows = _lay_out(part, own)
                title = f"{area}  {in_language(part.words['of'], 'zh')}"
                sheet.write_row(0, 0, [title], bold)
                sheet.write_row(1, 0, part.words["layout"].split("|"), bold)
                for number, row in enumerate(rows, start=2):
                    sheet.write_row(number, 0, row)
                sheet.freeze_panes(2, 0)
                for column, width in enumerate(_WIDTHS):
                    sheet.set_column(column, column, width)
        _write_cells(file, analysis, lang)


def _lay_out(part: Analysis, own: pd.DataFrame) -> list[list[Any]]:
    """Return the rows of the form of an area: number, class, indicator, unit, the value of each year."""
    years = [int(year) for year in part.words["periods"].split()]
    numbers = {
        (str(name), int(year)): value
        for name, year, value in zip(own["indicator"], own["year"], own["value"], strict=True)
    }
    rows: list[list[Any]] = []
    group = ""
    for name, held in own.groupby("indicator", sort=False):
        if not held["status"].iloc[0]:  # a node: the class of the rows below it
            group = in_language(part.names[str(name)], "zh")
            continue
        values = [numbers.get((str(name), year)) for year in years]
        shown = [None if value is None or value != value else value for value in values]  # noqa: PLR0124 - NaN is not itself
        label, unit = (
            in_language(text, "zh") for text in (part.names[str(name)], held["unit"].iloc[0])
        )
        rows.append([len(rows) + 1, group, label, unit, *shown])
        group = ""
    return rows


def _write_cells(file: Any, analysis: Analysis, lang: str) -> None:
    """Write which cells each number is of, and what lacks."""
    sheet = file.add_worksheet(_BEHIND[lang])
    sheet.write_row(0, 0, _HEADS[lang], file.add_format({"bold": True}))
    at = 1
    for part in analysis.parts:
        shown = part.frame[part.frame["status"] != ""]
        for row in shown.to_dict("records"):
            value = None if math.isnan(row["value"]) else row["value"]
            form, name = (
                in_language(text, lang)
                for text in (part.words["of"], part.names[str(row["indicator"])])
            )
            told = [form, row["area"], row["year"], name, value, row["cells"]]
            sheet.write_row(at, 0, [*told, in_language(row["remark"], lang)])
            at += 1
    sheet.freeze_panes(1, 0)
    for column, width in enumerate((24, 12, 8, 36, 12, 48, 60)):
        sheet.set_column(column, column, width)
