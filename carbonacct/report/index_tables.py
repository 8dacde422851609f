"""Indices and forms of a project as pages and workbooks show them: a row an indicator, a column a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.catalogue import in_language
from carbonacct.report.word_tables import WordTable
from carbonacct.texts import join_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.projects.project_indices import IndexStanding

word = WordTable(
    {
        "indices": ("指数与指标表", "Indices and forms"),
        "note": (
            "只用有表的年份；指数行为得分，其余各行为数值。没有数的，备注写明应补什么、哪张表有。",
            (
                "By years with a print. The row of an index is its score, others are values; where one"
                " has no number, the remark says what to give and which table has it."
            ),
        ),
        "opened": ("所用单元格：{cells}", "Cells: {cells}"),
        "refused": ("{name}：{reason}", "{name}: {reason}"),
        "indicator": ("指标", "indicator"),
        "unit": ("单位", "unit"),
        "index": ("指数或表格", "index or form"),
        "area": ("地区", "area"),
        "year": ("年份", "year"),
        "value": ("数值", "value"),
        "remark": ("备注", "remark"),
        "cells": ("单元格", "cells"),
    }
)


@dataclass(frozen=True)
class IndexRow:
    """An indicator of an area: by year its numbers (NaN where there is none), their cells, what to give."""

    name: str
    unit: str
    numbers: Sequence[float]
    cells: Sequence[str]
    remarks: Sequence[str]


def list_areas(standing: IndexStanding) -> list[str]:
    """Return the areas of an index, in the order of its rows."""
    return [] if standing.frame.empty else list(dict.fromkeys(standing.frame["area"]))


def list_years(standing: IndexStanding, area: str) -> list[int]:
    """Return the years of an area."""
    own = standing.frame[standing.frame["area"] == area]
    return sorted(set(own["year"].tolist()))


def list_index_rows(standing: IndexStanding, area: str, lang: str) -> list[IndexRow]:
    """Return the rows of an area; that of an index holds its scores."""
    own = standing.frame[standing.frame["area"] == area]
    rows = []
    for indicator, held in own.groupby("indicator", sort=False):
        held = held.sort_values("year")  # noqa: PLW2901
        is_index = indicator == standing.id
        name = standing.title if is_index else standing.names[str(indicator)]
        rows.append(
            IndexRow(
                name=in_language(name, lang),
                unit=in_language(held["unit"].iloc[0], lang),
                numbers=held["score" if is_index else "value"].tolist(),
                cells=held["cells"].tolist(),
                remarks=[in_language(text, lang) for text in held["remark"]],
            )
        )
    return rows


def name_table(standing: IndexStanding, area: str, lang: str) -> str:
    """Return the caption of the rows of an area."""
    return join_parts(lang, in_language(standing.title, lang), area)


def list_refusals(standings: Sequence[IndexStanding], lang: str) -> list[str]:
    """Return why some indices have no rows."""
    return [
        word("refused", lang, name=one.id, reason=in_language(one.refused, lang))
        for one in standings
        if one.refused
    ]
