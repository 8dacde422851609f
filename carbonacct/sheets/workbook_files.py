"""Workbooks (.xls, .xlsx, .xlsb, .ods) -> sheets, after a look at what they would unpack to.

The reader of the file formats gives a cell with an error as a blank, and lays out a sheet from its
first to its last cell whatever lies between. So the bytes are looked through first: how far each
sheet reaches, which cells hold an error or a formula that was never calculated.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from carbonacct.errors import Finding, TableError
from carbonacct.sheets.indents import set_in
from carbonacct.sheets.raw_sheets import (
    SAVE_AGAIN,
    Budget,
    Cell,
    ErrorCell,
    ErrorRun,
    Inspected,
    Sheet,
)
from carbonacct.sheets.sheet_choice import HIDDEN, is_named
from carbonacct.sheets.superscripts import set_apart
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import python_calamine as calamine

    from carbonacct.sheets.archive import Parts

_One = TypeVar("_One")
_MAX_SHEETS = 1000
_MAX_MERGED = 20_000


def inspect_workbook(
    file: str, content: bytes, parts: Parts | None = None, *, named: Collection[str] = ()
) -> Inspected:
    """Return a workbook that may be read without harm, and what its reader does not tell.

    Of hidden sheets those that are ``named`` may be read.

    Raises
    ------
    TableError
        If the workbook is damaged, password-protected, or larger than any table.
    """
    budget = Budget(file)
    if content[:2] == b"PK":
        from carbonacct.sheets.archive import (  # noqa: PLC0415 - one of the two is needed
            inspect_archive,
        )

        return inspect_archive(budget, content, parts, named=named)
    from carbonacct.sheets.old_workbook import inspect_xls  # noqa: PLC0415

    return inspect_xls(budget, content)


def read_workbook(
    file: str, content: bytes, parts: Parts | None = None, *, named: Collection[str] = ()
) -> list[Sheet]:
    """Return the visible worksheets, and hidden ones that are named.

    ``parts`` are those of an archive that was looked into already.

    Raises
    ------
    TableError
        If the workbook is damaged, password-protected, or larger than any table.
    """
    import python_calamine as calamine  # noqa: PLC0415 - not needed by commands that read no workbook

    inspected = inspect_workbook(file, content, parts, named=named)
    if inspected.is_excel_95:
        return _read_excel_95(file, inspected, named)
    content, footnotes = inspected.content, inspected.footnotes
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        metadata = book.sheets_metadata
        sheets, skipped = _read_sheets(file, book, metadata, inspected, named=named)
    except calamine.PasswordError:
        raise TableError(
            say("{file}: is password-protected; save a copy without a password", file=file)
        ) from None
    except calamine.CalamineError as error:
        raise TableError(
            say(
                "{file}: is damaged or not a workbook ({error}); {save_again}",
                file=file,
                error=error,
                save_again=SAVE_AGAIN,
            )
        ) from None
    # A panic of the Rust reader is a BaseException, and comes from damaged files alone.
    except BaseException as error:
        if (
            type(error).__name__ != "PanicException"
        ):  # the reader's own failure, which is no Exception
            raise
        raise TableError(
            say("{file}: is damaged; {save_again}", file=file, save_again=SAVE_AGAIN)
        ) from None
    if not sheets:
        raise TableError(
            say(
                "{file}: holds no worksheet ({messages}); name the workbook with the table",
                file=file,
                messages=join_texts(", ", (str(f.message) for f in skipped)) or say("nothing"),
            )
        )
    for sheet in sheets if footnotes else ():
        set_apart(sheet.rows, footnotes)
    return [replace(sheets[0], findings=tuple(skipped)), *sheets[1:]]


def _read_excel_95(file: str, inspected: Inspected, named: Collection[str]) -> list[Sheet]:
    from carbonacct.sheets.old_workbook import read_excel_95  # noqa: PLC0415

    sheets, skipped = [], []
    for number, (name, is_visible, rows) in enumerate(read_excel_95(file, inspected.content)):
        for run in inspected.errors.get(number, []):
            _put(rows, run)
        if is_visible or is_named(name, named):
            sheets.append(Sheet(file, name, rows))
        else:
            skipped.append(_note_hidden(file, name))
    if not sheets:
        raise TableError(
            say(
                "{file}: holds no worksheet that is visible; unhide the one with the table",
                file=file,
            )
        )
    return [replace(sheets[0], findings=tuple(skipped)), *sheets[1:]]


def _note_hidden(file: str, name: str) -> Finding:
    return Finding(
        HIDDEN,
        "warning",
        say("sheet {name!r} is hidden and was not read", name=name),
        f"{file}!{name}",
        say("unhide it if it belongs to the table, or name it (--sheet)"),
    )


def _read_sheets(
    file: str,
    book: calamine.CalamineWorkbook,
    metadata: list[calamine.SheetMetadata],
    inspected: Inspected,
    *,
    named: Collection[str],
) -> tuple[list[Sheet], list[Finding]]:
    if len(metadata) > _MAX_SHEETS:
        raise TableError(
            say(
                "{file}: has {metadata_count} sheets, more than the {max_sheets} read here; "
                "keep the tables alone",
                file=file,
                metadata_count=len(metadata),
                max_sheets=_MAX_SHEETS,
            )
        )
    sheets, skipped = [], []
    for number, about in enumerate(metadata):
        where = f"{file}!{about.name}"
        kind, visible = (str(value).rpartition(".")[2] for value in (about.typ, about.visible))
        if kind != "WorkSheet":
            skipped.append(
                Finding(
                    "sheet-kind",
                    "info",
                    say(
                        "sheet {name!r} is a {kind}, not a table",
                        name=about.name,
                        kind=kind.lower(),
                    ),
                    where,
                )
            )
            continue
        if visible != "Visible" and not is_named(about.name, named):
            skipped.append(_note_hidden(file, about.name))
            continue
        data = book.get_sheet_by_index(number)
        rows: list[list[Cell]] = data.to_python(skip_empty_area=False)  # type: ignore[assignment]
        for run in _find_of(inspected.errors, number, about.name):
            _put(rows, run)
        set_in(rows, _find_of(inspected.indents, number, about.name))
        merged = data.merged_cell_ranges or ()
        if len(merged) > _MAX_MERGED:
            raise TableError(
                say(
                    "{where}: has {merged_count} merged ranges, more than a table has; "
                    "{save_again} without them",
                    where=where,
                    merged_count=len(merged),
                    save_again=SAVE_AGAIN,
                )
            )
        sheets.append(
            Sheet(file, about.name, rows, tuple(area for area in merged if area[0][0] < len(rows)))
        )
    return sheets, skipped


def _find_of(found: Mapping[int | str, list[_One]], number: int, name: str) -> list[_One]:
    """Return what was found of a sheet, by its number or its name."""
    return found.get(number, found.get(name, []))


def _put(rows: list[list[Cell]], run: ErrorRun) -> None:
    """Put the error where it stands, also beyond what was read: the reader ends where no cell has a value."""
    rows.extend([] for _ in range(run.rows.stop - len(rows)))
    for row in run.rows:
        rows[row].extend([""] * (run.columns.stop - len(rows[row])))
        rows[row][run.columns.start : run.columns.stop] = [ErrorCell(run.text)] * len(run.columns)
