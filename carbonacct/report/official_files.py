"""Official tables as files: what people read with its title, unit and reference, or rows for programs."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.errors import OutputError
from carbonacct.report.crt_json import write_crt_json
from carbonacct.report.files import check_target, place_file
from carbonacct.report.frames import FRAME_WRITERS, STYLE, format_csv, print_data
from carbonacct.report.official_rows import (
    headings,
    notes_of,
    rest_of,
    rows_of,
    show_number,
    title_of,
    word,
)
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from carbonacct.errors import Finding
    from carbonacct.inventory.official.filling import OfficialTable

_CRT = ".crt.json"


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
        If there is no table; else as :func:`carbonacct.report.write_inventory`. What was there
        stays.
    """
    if not tables:
        raise OutputError(
            say("there is no official table to write; give what fill_official returns")
        )
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
        title = html.escape(word("rest", lang, count=len(rest)))
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
