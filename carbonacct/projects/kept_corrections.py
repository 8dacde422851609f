"""The corrections of a project: a line of corrections.csv for each cell, with the reason."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from carbonacct.data import harmless, plain
from carbonacct.errors import ProjectError, TableError, did_you_mean, name_some
from carbonacct.projects.kept_rows import check_needed, read_kept
from carbonacct.projects.scanning import find_tables
from carbonacct.projects.store import write_whole
from carbonacct.sheets.cell_corrections import Correction, find_cell, find_held
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.sheets.values import NUMBER, read_value
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from carbonacct.projects.project_declaration import Declaration

_SHOWN = 5
NAMES = tuple(one.name for one in fields(Correction))
_NEEDED = ("file", "cell", "because", "by")


def read_corrections(path: Path) -> list[Correction]:
    """Return the corrections of a project; none where the file is not there.

    Raises
    ------
    ProjectError
        If a line lacks what a correction has, or a cell has two of them.
    """
    found: dict[tuple[str, str, str], Correction] = {}
    for row in read_kept(path):
        held = {name: plain(row.get(name, "")) for name in NAMES}
        where = f"{path.name}:{row['line']}"
        check_needed(held, _NEEDED, NAMES, where)
        one = Correction(**held)
        try:
            find_cell(one.cell)
        except TableError as error:
            raise ProjectError(say("{where}: {fault}", where=where, fault=error.args[0])) from None
        key = one.file, one.sheet, one.cell
        if key in found:
            raise ProjectError(
                say(
                    "{where}: {cell} of {file} is corrected twice; keep one line",
                    where=where,
                    cell=one.cell,
                    file=one.file,
                )
            )
        found[key] = one
    return list(found.values())


def correct_cell(
    declaration: Declaration, where: str, value: str, *, because: str, by: str
) -> Correction:
    """Keep a correction of a cell of a project's table; the table itself stays as it is.

    Parameters
    ----------
    where
        The cell, ``file!sheet!cell``: the file relative to the project's folder, no sheet of a text
        file. A correction that is there already is replaced.
    value
        What is read instead; of a cell that is corrected, what it holds takes the correction back.

    Returns
    -------
    Correction
        What was written.

    Raises
    ------
    ProjectError
        If there is no such table of the project, no reason or name, or the cell holds the value.
    TableError
        If the table has no such cell.
    """
    file, _, rest = where.partition("!")
    sheet, _, cell = rest.rpartition("!")
    if not because.strip() or not by.strip():
        raise ProjectError(say("a correction has a reason and a name; give both"))
    known = [path for path, _ in find_tables(declaration)]
    if file not in known:
        near = did_you_mean(file, known) or name_some(known, _SHOWN)
        raise ProjectError(
            say("{file}: is no table of the project; {near}", file=file, near=near or "-")
        )
    sheets = read_sheets(declaration.folder / file, [sheet])  # a hidden one that is named in full
    held = find_held(sheets, sheet, cell)
    path = declaration.folder / declaration.corrections
    on = datetime.now(UTC).date().isoformat()
    kept = read_corrections(path)
    others = [one for one in kept if (one.file, one.sheet, one.cell) != (file, sheet, cell)]
    is_same = _is_same(value.strip(), held)
    if is_same and len(others) == len(kept):
        raise ProjectError(
            say(
                "{where}: holds {held} already; give what is to be read instead",
                where=where,
                held=held or "-",
            )
        )
    one = Correction(file, sheet, cell, held, value.strip(), because.strip(), by.strip(), on)
    write_corrections(path, others if is_same else [*others, one])
    return one


def _is_same(value: str, held: str) -> bool:
    """Return whether a value is what a cell holds: the same text, or the same number."""
    (number, status), (other, other_status) = read_value(value), read_value(held)
    return value == held or (status == other_status == NUMBER and number == other)


def write_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Write corrections, one a line, in an order that does not depend on when they were made."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows([harmless(cell) for cell in row] for row in sorted(map(astuple, corrections)))
    write_whole(path, held.getvalue().encode())
