"""A table as the sheet it is: each cell with what the reader made of it, and what is asked beside it."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances import propose_mapping, read_tables
from carbonacct.balances.account.cell_report import make_accounts
from carbonacct.balances.account.fates import FATES, ROLES
from carbonacct.balances.check.checks import check_balance
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.errors import CarbonacctError
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.kept_corrections import correct_cell, read_corrections
from carbonacct.projects.own_area import RULE as OVERRULED
from carbonacct.projects.own_area import list_own, take_own_area
from carbonacct.projects.own_files import list_layouts
from carbonacct.projects.project_declaration import FILE as DECLARATION
from carbonacct.sheets.cell_corrections import show_cell
from carbonacct.sheets.raw_sheets import column_name
from carbonacct.texts import say
from carbonacct.units import spell_unit
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold, move_file
from carbonacct.web.mapping_file import FILE, add_words
from carbonacct.web.page_texts import tell
from carbonacct.web.project_view import find_table, open_project
from carbonacct.web.web_words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from carbonacct.balances import EnergyBalance, Reading
    from carbonacct.balances.stops import Stop
    from carbonacct.errors import Finding
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.texts import Text
    from carbonacct.vocabulary import Kind
    from carbonacct.web.project_view import TableFile

OUT = "taken-out"
ROWS = 200  # of a window
MOST_ASKED = 200  # words of a table: one with more is hardly of energy
_MOST_CELLS = 20_000  # of a window
_MOST_COLUMNS = 400
_MOST_KEPT = 8
_LONGEST = 300  # characters of a cell
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MEANING = ("area", "year", "flow", "product", "unit")
_LABELS = ("row_labels", "column_labels", "context")
Place = tuple[int, int, int]  # sheet, row, column, all from 0


@dataclass(frozen=True)
class Viewed:
    """A table that was read, with each cell's line in the list of fates, and what was found."""

    reading: Reading
    fates: pd.DataFrame
    lines: tuple[np.ndarray, ...]
    questions: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]
    reasons: Mapping[str, str]
    balance: EnergyBalance | None
    refused: str = ""


@dataclass(frozen=True)
class UnreadFile:
    """A file that is no table, and why."""

    refused: str
    questions: tuple[dict[str, Any], ...] = ()


_kept: OrderedDict[tuple[object, ...], Viewed | UnreadFile] = OrderedDict()


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

    ``cell``, such as ``Sheet1!B4``, is looked up; the window is the one that shows it.
    """
    declaration = open_project(Path(folder))
    table = find_table(declaration, name)
    progress(table.path)
    version, viewed = _look(declaration, table)
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
        nothing: dict[str, Any] = {"sheets": [], "questions": [], "stops": [], "findings": []}
        return record | nothing | {"refused": tell(viewed.refused, lang)}
    reading = viewed.reading
    names = [one.name for one in reading.sheets]
    found = _find_place(cell, names, "")
    if found:
        sheet, top = found[0], found[1]
    sheet = min(max(sheet, 0), len(names) - 1)
    notes = _list_notes(viewed, lang)
    return record | {
        "refused": tell(viewed.refused, lang),
        "read": None if viewed.refused else _say_read(viewed.balance),
        "sheet": sheet,
        "chosen": f"{column_name(found[2])}{found[1] + 1}" if found else "",
        "sheets": [_describe_sheet(viewed, number) for number in range(len(names))],
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
    _, viewed = _look(declaration, table)
    if isinstance(viewed, UnreadFile):
        return {"refused": tell(viewed.refused, lang), "questions": 0, "errors": 0, "read": None}
    stops = [stop for stop in viewed.reading.stops if not _is_asked(viewed, stop)]
    refused = [*filter(None, [viewed.refused]), *(_text(stop.error) for stop in stops)]
    return {
        "refused": word("list.then", lang).join(tell(one, lang) for one in refused),
        "questions": len(viewed.questions),
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
    _, viewed = _look(declaration, table)
    asked = {str(one["number"]): one for one in viewed.questions}
    with hold(Path(folder), version, *_list_files(declaration, table)):
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
    _, viewed = _look(declaration, table)
    sheets = () if isinstance(viewed, UnreadFile) else viewed.reading.sheets
    if not 0 <= at[0] < len(sheets):
        raise WebError(404, "error.no_page")
    where = "!".join(filter(None, (table.path, sheets[at[0]].name, at[1])))
    with hold(Path(folder), version, *_list_files(declaration, table)):
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
    with hold(path, version, *_list_files(declaration, table)):
        if table.tables.files == table.path:  # declared by its name
            edit_declaration(path, lambda held: _undeclare(held, table.path))
        moved = move_file(path, table.path, OUT)
    return {"moved": moved}


def _undeclare(held: dict[str, Any], path: str) -> None:
    held["table"] = [one for one in held["table"] if one.get("files") != path]
    if not held["table"]:
        del held["table"]


def _list_files(declaration: Declaration, table: TableFile) -> list[Path]:
    """Return what the page of a table is made of."""
    names = [table.path, table.tables.mapping or FILE, declaration.corrections]
    names += list_layouts(declaration.folder, [table.tables])
    return [declaration.folder / one for one in names]


def _look(declaration: Declaration, table: TableFile) -> tuple[str, Viewed | UnreadFile]:
    """Return a table as it is read, read once for equal bytes and words."""
    version = find_version(*_list_files(declaration, table))
    area = table.tables.area or declaration.area or None
    key = (table.path, version, table.tables, area, bool(declaration.areas))
    if key in _kept:
        _kept.move_to_end(key)
    else:
        _kept[key] = _read(declaration, table, area)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return version, _kept[key]


def _read(declaration: Declaration, table: TableFile, area: str | None) -> Viewed | UnreadFile:
    path = declaration.folder / table.path
    mapping, layout = (
        declaration.folder / path if path else None
        for path in (table.tables.mapping, table.tables.layout)
    )
    corrections = read_corrections(declaration.folder / declaration.corrections)
    given: dict[str, Any] = {
        "area": area,
        "year": table.tables.year,
        "mapping": mapping,
        "layout": layout,
        "corrections": [one for one in corrections if one.file == table.path],
    }
    try:
        reading = read_tables(path, **given)
        fates = reading.fates
        unknown = sum(len(stop.unknown) for stop in reading.questions)
        asked = propose_mapping(path, **given) if 0 < unknown <= MOST_ASKED else None
    except CarbonacctError as error:
        return UnreadFile(_text(error))
    questions = () if asked is None else tuple(_ask(asked, reading))
    balance, refused = reading.balance, ""
    left: Text | str = ""
    if balance is not None:
        try:
            balance = take_own_area(balance, declaration, table.tables, table.path)
            fates, left = _pass_others(fates, balance)
        except CarbonacctError as error:
            refused = _text(error)
            fates, left = _refuse(fates, refused)
    checked = () if balance is None else check_balance(balance)
    noticed = reading.findings if balance is None else balance.findings
    findings = tuple(
        one
        for one in dict.fromkeys([*checked, *reading.findings, *noticed])
        if not (refused and one.rule == OVERRULED)  # which the refusal says, and it holds
    )
    return Viewed(
        reading=reading,
        fates=fates,
        lines=tuple(_index(fates, reading)),
        questions=questions,
        findings=findings,
        reasons={
            reason: reason
            for one in make_accounts(reading.pages, reading.stops, reading.passed)
            for reason in one.reasons
        }
        | {str(left): left},
        balance=balance,
        refused=refused,
    )


def _text(error: CarbonacctError) -> str:
    """Return what an error says, as it was made."""
    return error.args[0] if error.args and isinstance(error.args[0], str) else str(error)


def _pass_others(fates: pd.DataFrame, taken: EnergyBalance) -> tuple[pd.DataFrame, Text | str]:
    """Return the fates with the numbers of areas that are not taken passed over, and why they are."""
    areas = fates["area"].cat.categories
    left = [area for area in areas if area and not list_own(taken, area)]
    told = next((one.message for one in taken.findings if one.rule == OVERRULED), "")
    at = (fates["fate"] == "used") & fates["area"].isin(left)
    if not at.any():
        return fates, ""
    reason = fates["reason"].astype(str).mask(at, str(told)).astype("category")
    fate = fates["fate"].mask(at, "passed")
    return fates.assign(fate=fate, reason=reason), told


def _refuse(fates: pd.DataFrame, why: str) -> tuple[pd.DataFrame, Text]:
    """Return the fates of a table that the project does not take, and why no number of it is used."""
    told = say("its table is refused: {why}", why=why)
    at = (fates["fate"] == "used") & (fates["role"] == "number")
    reason = fates["reason"].astype(str).mask(at, str(told)).astype("category")
    return fates.assign(fate=fates["fate"].mask(at, "refused"), reason=reason), told


def _index(fates: pd.DataFrame, reading: Reading) -> list[np.ndarray]:
    """Return for each sheet the line of each cell in the list of fates, -1 where it is blank."""
    names = fates["sheet"].cat.categories.tolist()
    codes, rows = fates["sheet"].cat.codes.to_numpy(), fates["row"].to_numpy() - 1
    letters = np.array([_column_of(one) for one in fates["column"].cat.categories] or [0])
    columns = letters[fates["column"].cat.codes.to_numpy()]
    places = []
    for sheet in reading.sheets:
        at = np.full((len(sheet.rows), max(map(len, sheet.rows), default=0)), -1, np.int64)
        own = np.flatnonzero(codes == (names.index(sheet.name) if sheet.name in names else -1))
        at[rows[own], columns[own]] = own
        places.append(at)
    return places


def _column_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _find_place(text: str, names: Sequence[str], file: str) -> Place | None:
    """Return the first cell that an address names, ``file!sheet!cell``."""
    rest = text.removeprefix(f"{file}!")
    name, _, cells = rest.rpartition("!")
    found = _CELL.match(cells)
    if not found or name not in names:
        return None
    return names.index(name), int(found[2]) - 1, _column_of(found[1])


def _ask(asked: pd.DataFrame, reading: Reading) -> list[dict[str, Any]]:
    """Return the words that are not known, each with the cell beside which it is asked."""
    names = [sheet.name for sheet in reading.sheets]
    questions = []
    labels = asked[asked["kind"] != "sheet"]  # which sheet to read is said in the mapping file
    for number, line in enumerate(labels.to_dict("records")):
        place = _find_place(str(line["where"]), names, "")
        candidates = [one for one in str(line["candidates"]).split(" | ") if one]
        questions.append(
            {
                "number": number,
                "place": place,
                **{key: line[key] for key in ("kind", "name", "id", "note", "where")},
                "numbers": int(line["numbers"]),
                "share": float(line["share"]),
                "confidence": float(line["confidence"]),
                "candidates": candidates,
            }
        )
    return questions


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
            stops.append({"text": tell(_text(stop.error), lang), "place": place})
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
        "place": _find_place(finding.where, names, file),
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
    fates = viewed.fates["fate"].cat.codes.to_numpy()[at[at >= 0]]
    asked = int((fates == FATES.index("asked")).sum())
    return {"name": viewed.reading.sheets[number].name, "rows": len(at), "asked": asked}


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
