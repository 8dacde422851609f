"""A table of a project as it is read, once for equal bytes and words: its cells, its questions, its sheets."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.balances import propose_mapping, read_tables
from carbonacct.balances.account.cell_report import make_accounts
from carbonacct.balances.check.checks import check_balance
from carbonacct.errors import CarbonacctError
from carbonacct.projects.kept_corrections import read_corrections
from carbonacct.projects.own_area import RULE as OVERRULED
from carbonacct.projects.own_area import list_own, take_own_area
from carbonacct.projects.own_files import list_layouts
from carbonacct.projects.table_group import tell_activities
from carbonacct.texts import say
from carbonacct.web.keeping import find_version
from carbonacct.web.mapping_file import FILE
from carbonacct.web.workbook_sheets import BookSheet, are_at_odds, list_read_sheets, list_unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.balances import EnergyBalance, Reading
    from carbonacct.errors import Finding
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.texts import Text
    from carbonacct.web.project_view import TableFile

MOST_ASKED = 200  # words of a table: one with more is hardly of energy
_MOST_KEPT = 8
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
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
    book: tuple[BookSheet, ...]
    refused: str = ""


@dataclass(frozen=True)
class UnreadFile:
    """A file that is no table, and why."""

    refused: str
    book: tuple[BookSheet, ...] = ()
    questions: tuple[dict[str, Any], ...] = ()


_kept: OrderedDict[tuple[object, ...], Viewed | UnreadFile] = OrderedDict()


def list_files(declaration: Declaration, table: TableFile) -> list[Path]:
    """Return what the page of a table is made of."""
    names = [table.path, table.tables.mapping or FILE, declaration.corrections]
    names += list_layouts(declaration.folder, [table.tables])
    return [declaration.folder / one for one in names]


def look(declaration: Declaration, table: TableFile) -> tuple[str, Viewed | UnreadFile]:
    """Return a table as it is read, read once for equal bytes and words."""
    version = find_version(*list_files(declaration, table))
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
        if reading.balance is None and (told := tell_activities(path, table.path)):
            return UnreadFile(text_of(told), list_unread(path))
        fates = reading.fates
        unknown = sum(len(stop.unknown) for stop in reading.questions)
        is_asked = 0 < unknown <= MOST_ASKED or (not unknown and are_at_odds(reading))
        asked = propose_mapping(path, **given) if is_asked else None
    except CarbonacctError as error:
        return UnreadFile(text_of(error), list_unread(path))
    questions = () if asked is None else tuple(_ask(asked, reading))
    balance, refused = reading.balance, ""
    left: Text | str = ""
    if balance is not None:
        try:
            balance = take_own_area(balance, declaration, table.tables, table.path)
            fates, left = _pass_others(fates, balance)
        except CarbonacctError as error:
            refused = text_of(error)
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
        book=list_read_sheets(reading, asked),
        refused=refused,
    )


def text_of(error: CarbonacctError) -> str:
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


def find_place(text: str, names: Sequence[str], file: str) -> Place | None:
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
    labels = asked[asked["kind"] != "sheet"]  # sheets are asked by themselves
    for number, line in enumerate(labels.to_dict("records")):
        place = find_place(str(line["where"]), names, "")
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
