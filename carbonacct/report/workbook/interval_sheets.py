"""Sheets of the intervals of totals of all sectors, and of the inputs that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.page.interval_derivations import name_part
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.workbook.table import SheetColumn, add_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.inventory.record import Inventory
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.report.workbook.table import Book

_GREEN = "#4B7F52"
_HEADS = {
    "area": ("地区", "area"),
    "year": ("年份", "year"),
    "gas": ("气体", "gas"),
    "value": ("数值（t）", "value"),
    "mean": ("抽样均值（t）", "mean"),
    "sd": ("标准差（t）", "sd"),
    "lower": ("下限（t）", "lower"),
    "upper": ("上限（t）", "upper"),
    "level": ("置信水平", "level"),
    "draws": ("抽样次数", "draws"),
    "seed": ("随机种子", "seed"),
    "narrow": ("按精确值计的因子行", "narrow"),
    "name": ("分项", "input"),
    "place": ("因子行", "factor row"),
    "half_width": ("95 % 区间半宽（%）", "half the 95 % range (%)"),
    "cells": ("共用该误差的数", "numbers that share its error"),
    "alone": ("单独引起的合计标准差（t）", "what it alone does to the total, sd (t)"),
    "share": ("占方差", "share of the variance"),
}
_KINDS = {
    **dict.fromkeys(("year", "seed"), "year"),
    **dict.fromkeys(("value", "mean", "sd", "lower", "upper", "alone", "half_width"), "amount"),
    **dict.fromkeys(("draws", "narrow", "cells"), "whole"),
    "share": "percent",
}
_TITLES = {
    "intervals": ("各部门合计的区间（t）", "Intervals of the totals (t)"),
    "parts": ("区间由哪些分项构成", "What makes the intervals"),
    "note": (
        "同一因子行在所有用到它的数中误差相同（相关系数 1），不同的行与活动水平相互独立（0）。",
        (
            "A factor row has one error in all numbers that use it (correlation 1); different rows"
            " and activities are independent (0)."
        ),
    ),
}
_SHEETS = {"intervals": ("区间", "intervals"), "parts": ("区间分项", "interval inputs")}


def add_intervals(book: Book, assessment: Assessment, whole: Inventory) -> None:
    """Add the intervals of totals, and for each the inputs with the most of its variance."""
    lang, side = book.lang, 0 if book.lang == "zh" else 1
    found = assessment.intervals
    names = [name for name in found.columns if name in _HEADS]
    rows = found[names].itertuples(index=False, name=None)
    title = _TITLES["intervals"][side]
    heads = _list_heads(names, lang)
    add_table(book, _SHEETS["intervals"][side], heads, rows, title=title, color=_GREEN)
    if assessment.parts.empty:
        return
    columns = ("area", "year", "gas", "name", "place", "half_width", "cells", "alone", "share")
    lines = [
        (
            *(row.area, row.year, row.gas, name_part(row, whole, lang), row.place),
            *(row.half_width, row.cells or None, row.sd, row.share),
        )
        for row in list_rows(assessment.parts)
    ]
    add_table(
        book,
        _SHEETS["parts"][side],
        _list_heads(columns, lang),
        lines,
        title=_TITLES["parts"][side],
        notes=[_TITLES["note"][side]],
        color=_GREEN,
    )


def _list_heads(names: Sequence[str], lang: str) -> list[SheetColumn]:
    side = 0 if lang == "zh" else 1
    return [SheetColumn(_HEADS[name][side], _KINDS.get(name, "text")) for name in names]
