"""A table as the sheet it is: each cell with what the reader made of it, and what is asked beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.account.fates import FATES, ROLES
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.kept_corrections import correct_cell
from carbonacct.projects.project_declaration import FILE as DECLARATION
from carbonacct.sheets.cell_corrections import show_cell
from carbonacct.sheets.raw_sheets import column_name
from carbonacct.units import spell_unit
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold, move_file
from carbonacct.web.mapping_file import add_words
from carbonacct.web.page_texts import tell
from carbonacct.web.project_view import find_table, open_project
from carbonacct.web.sheet_tasks import show_book
from carbonacct.web.viewed_tables import UnreadFile, Viewed, find_place, list_files, look, text_of
from carbonacct.web.web_words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.balances.stops import Stop
    from carbonacct.errors import Finding
    from carbonacct.vocabulary import Kind

OUT = "taken-out"
ROWS = 200  # of a window
_MOST_CELLS = 20_000  # of a window
_MOST_COLUMNS = 400
_LONGEST = 300  # characters of a cell
_MEANING = ("area", "year", "flow", "product", "unit")
_LABELS = ("row_labels", "column_labels", "context")


def view_table(
    progress: Callable[[str], None],
    *,
    folder: str,
    name: str,
    lang: str,
    sheet: int,
    top: int,
    cell: str,
) -> dict[str, Any]:
    """Return a window of rows of a sheet, with fates, questions and findings.

    ``cell``, such as ``Sheet1!B4``, is looked up; the window is the one that shows it. A ``sheet``
    of -1 is the first that is read.
    """
    declaration = open_project(Path(folder))
    table = find_table(declaration, name)
    progress(table.path)
    version, viewed = look(declaration, table)
    record = {
        "id": table.id,
        "path": table.path,
        "version": version,
        "refused": "",
        "area": table.tables.area,
        "year": table.tables.year or "",
        "declaration_version": find_version(declaration.folder / DECLARATION),
    }
    if isinstance(viewed, UnreadFile):
        nothing: dict[str, Any] = {"read": None}
        nothing |= {"sheets": [], "questions": [], "stops": [], "findings": []}
        book = show_book(declaration, table, viewed.book, lang)
        return record | nothing | {"refused": tell(viewed.refused, lang), "book": book}
    reading = viewed.reading
    names = [one.name for one in reading.sheets]
    found = find_place(cell, names, "")
    if found:
        sheet, top = found[0], found[1]
    if sheet < 0:
        used = (n for n, page in enumerate(reading.pages) if not page.passed_over)
        sheet = next(used, 0)
    sheet = min(sheet, len(names) - 1)
    notes = _list_notes(viewed, lang)
    return record | {
        "refused": tell(viewed.refused, lang),
        "read": None if viewed.refused else _say_read(viewed.balance),
        "sheet": sheet,
        "chosen": f"{column_name(found[2])}{found[1] + 1}" if found else "",
        "sheets": [_describe_sheet(viewed, number) for number in range(len(names))],
        "book": show_book(declaration, table, viewed.book, lang),
        "counts": _count(viewed.fates),
        **notes,
        **_show_window(viewed, sheet, top, lang),
    }


def summarise_table(
    progress: Callable[[str], None], *, folder: str, name: str, lang: str
) -> dict[str, Any]:
    """Return in a few words how a table reads."""
    declaration = open_project(Path(folder))
    table = find_table(declaration, name)
    progress(table.path)
    _, viewed = look(declaration, table)
    if isinstance(viewed, UnreadFile):
        nothing = {"questions": 0, "sheets": 0, "errors": 0, "read": None}
        return {"refused": tell(viewed.refused, lang)} | nothing
    stops = [stop for stop in viewed.reading.stops if not _is_asked(viewed, stop)]
    refused = [*filter(None, [viewed.refused]), *(text_of(stop.error) for stop in stops)]
    return {
        "refused": word("list.then", lang).join(tell(one, lang) for one in refused),
        "questions": len(viewed.questions),
        "sheets": sum(bool(one.alone) for one in viewed.book),
        "errors": sum(finding.severity == "error" for finding in viewed.findings),
        "read": None if viewed.refused else _say_read(viewed.balance),
    }


def _is_asked(viewed: Viewed, stop: Stop) -> bool:
    """Return whether what reading stops at is among the questions."""
    return bool(stop.unknown and viewed.questions)


def choose_words(
    progress: Callable[[str], None],
    *,
    folder: str,
    name: str,
    version: str,
    answers: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Write into the project's mapping what a person says the words of a table mean."""
    declaration = open_project(Path(folder))
    table = find_table(declaration, name)
    progress(table.path)
    _, viewed = look(declaration, table)
    asked = {str(one["number"]): one for one in viewed.questions}
    with hold(Path(folder), version, *list_files(declaration, table)):
        lines = [
            {"kind": asked[number]["kind"], "name": asked[number]["name"], **answer}
            for number, answer in answers.items()
            if number in asked
        ]
        add_words(declaration, table, lines)
    return {"written": len(lines)}


def correct(
    progress: Callable[[str], None],
    *,
    folder: str,
    name: str,
    version: str,
    at: tuple[int, str],
    value: str,
    because: str,
    by: str,
) -> dict[str, Any]:
    """Keep a correction of the cell `at` (number of the sheet, name of the cell)."""
    declaration = open_project(Path(folder))
    table = find_table(declaration, name)
    progress(table.path)
    _, viewed = look(declaration, table)
    sheets = () if isinstance(viewed, UnreadFile) else viewed.reading.sheets
    if not 0 <= at[0] < len(sheets):
        raise WebError(404, "error.no_page")
    where = "!".join(filter(None, (table.path, sheets[at[0]].name, at[1])))
    with hold(Path(folder), version, *list_files(declaration, table)):
        one = correct_cell(declaration, where, value, because=because, by=by)
    return {"seen": one.seen, "value": one.value}


def take_out(
    progress: Callable[[str], None], *, folder: str, name: str, version: str
) -> dict[str, Any]:
    """Move a table out of the project's tables, where it stays as it is."""
    path = Path(folder)
    declaration = open_project(path)
    table = find_table(declaration, name)
    progress(table.path)
    with hold(path, version, *list_files(declaration, table)):
        if table.tables.files == table.path:  # declared by its name
            edit_declaration(path, lambda held: _undeclare(held, table.path))
        moved = move_file(path, table.path, OUT)
    return {"moved": moved}


def _undeclare(held: dict[str, Any], path: str) -> None:
    held["table"] = [one for one in held["table"] if one.get("files") != path]
    if not held["table"]:
        del held["table"]


def _list_notes(viewed: Viewed, lang: str) -> dict[str, list[dict[str, Any]]]:
    """Return what is asked and said, each with its place among the cells."""
    reading = viewed.reading
    names = [sheet.name for sheet in reading.sheets]
    stops = []
    for stop in reading.stops:
        own = (n for n, sheet in enumerate(reading.sheets) if sheet is stop.sheet)
        number = next(own, 0)
        if not _is_asked(viewed, stop):
            place = (number, *stop.cells[0]) if stop.cells else None
            stops.append({"text": tell(text_of(stop.error), lang), "place": place})
    file = reading.sheets[0].file
    findings = [_show_finding(one, names, file, lang) for one in viewed.findings]
    asked = [
        one
        | {
            "named": [(word, _name(str(one["kind"]), word, lang)) for word in one["candidates"]],
            "left_out": LEFT_OUT,
        }
        for one in viewed.questions
    ]
    return {"questions": asked, "stops": stops, "findings": findings}


def _show_finding(finding: Finding, names: Sequence[str], file: str, lang: str) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "text": tell(finding.message, lang),
        "action": tell(finding.action, lang),
        "where": finding.where.removeprefix(f"{file}!"),
        "place": find_place(finding.where, names, file),
    }


def _name(kind: str, identifier: str, lang: str) -> str:
    if kind == "column":
        return tell(identifier, lang)
    kinds: dict[str, Kind] = {"flow": "flow", "product": "product"}
    return vocabulary.name(kinds[kind], identifier, lang) if kind in kinds else identifier


def _say_read(balance: EnergyBalance | None) -> dict[str, Any] | None:
    if balance is None:
        return None
    return {
        "areas": list(balance.areas),
        "years": [int(year) for year in balance.years],
        "flows": len(balance.flows),
        "products": len(balance.products),
    }


def _count(fates: pd.DataFrame) -> dict[str, int]:
    counts = np.bincount(fates["fate"].cat.codes.to_numpy(), minlength=len(FATES))
    return dict(zip(FATES, counts.tolist(), strict=True))


def _describe_sheet(viewed: Viewed, number: int) -> dict[str, Any]:
    at = viewed.lines[number]
    page = viewed.reading.pages[number]
    fates = viewed.fates["fate"].cat.codes.to_numpy()[at[at >= 0]]
    asked = int((fates == FATES.index("asked")).sum())
    passed = bool(page.passed_over)
    return {"name": page.sheet.name, "rows": len(at), "asked": asked, "passed": passed}


def _show_window(viewed: Viewed, number: int, top: int, lang: str) -> dict[str, Any]:
    """Return the cells of a window; reasons and meanings are numbers in lists of texts."""
    sheet, at = viewed.reading.sheets[number], viewed.lines[number]
    width = min(at.shape[1], _MOST_COLUMNS)
    height = max(1, min(ROWS, _MOST_CELLS // max(width, 1)))
    top = min(max(top, 0), max(len(at) - 1, 0)) // height * height
    window = at[top : top + height, :width]
    wanted = viewed.fates.iloc[window[window >= 0]]
    texts: dict[str, int] = {"": 0}
    meanings: dict[tuple[str, ...], int] = {}
    lines: dict[int, tuple[int, int, int, int]] = {}
    columns = [wanted[name].astype(str).tolist() for name in (*_MEANING, *_LABELS)]
    fates, roles = wanted["fate"].cat.codes.tolist(), wanted["role"].cat.codes.tolist()
    reasons = wanted["reason"].astype(str).tolist()
    for n, line in enumerate(window[window >= 0].tolist()):
        # The frame holds plain words; the accounts know what each is made of.
        reason_text = tell(viewed.reasons.get(reasons[n], reasons[n]), lang)
        reason = texts.setdefault(reason_text, len(texts))
        meaning = meanings.setdefault(tuple(column[n] for column in columns), len(meanings))
        lines[line] = (fates[n], roles[n], reason, meaning)
    rows = [
        {
            "number": top + i + 1,
            "cells": [
                _show_cell(sheet.rows[top + i], j, lines.get(line)) for j, line in enumerate(row)
            ],
        }
        for i, row in enumerate(window.tolist())
    ]
    return {
        "top": top,
        "height": height,
        "cut": at.shape[1] - width,
        "columns": [column_name(j) for j in range(width)],
        "rows": rows,
        "reasons": list(texts),
        "meanings": [_say_meaning(one, lang) for one in meanings],
        "fates": list(FATES),
        "roles": list(ROLES),
    }


def _show_cell(row: Sequence[object], j: int, line: tuple[int, int, int, int] | None) -> Any:
    if line is None:
        return None
    cell = row[j]
    text = show_cell(cell)
    return [text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", *line]


def _say_meaning(meaning: Sequence[str], lang: str) -> list[str]:
    """Return what a number means, in the words of a language, and the cells that say so."""
    area, year, flow, product, unit, *labels = meaning
    return [
        area,
        year,
        vocabulary.name("flow", flow, lang) if flow else "",
        vocabulary.name("product", product, lang) if product else "",
        spell_unit(unit, lang),
        " ".join(filter(None, labels)),
    ]
