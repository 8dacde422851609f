"""Which sheets of a workbook are read: those that a person names, or all but those passed over.

A name is that of a sheet, or a pattern in which ``*`` stands for any text; case, width and doubled
blanks do not count. A sheet of that very name is meant before any that a pattern fits. A line may be
of one file alone, ``2019.xlsx!Balance``: that file is read by its own lines and by no others. Files
whose sheets have no names (delimited text) are read as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import TYPE_CHECKING

from carbonacct.data import shown_name
from carbonacct.errors import Finding, TableError, find_near
from carbonacct.sheets.raw_sheets import read_sheets
from carbonacct.texts import Both, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from carbonacct.sheets.raw_sheets import Sheet
    from carbonacct.texts import Text

HIDDEN = "hidden-sheet"
_ANY = "*"
_MOST_NAMED = 40
_NEAR = 0.85
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class SheetLine:
    """What is said of the sheets of a name or pattern: that they are read, or passed over and why.

    ``is_asked`` is set where a person asked for the sheet by name for one run: then each file has it.
    ``file`` is the only one that the line is of, "" for all.
    """

    name: str
    is_read: bool
    reason: str = ""
    is_asked: bool = False
    file: str = ""


def read_by_name(names: str | Iterable[str]) -> tuple[SheetLine, ...]:
    """Return the lines of sheets that are read for one run; behind ``file.xlsx!`` that of one file.

    Raises
    ------
    TableError
        If no sheet is named.

    Examples
    --------
    >>> read_by_name("Balance")
    (SheetLine(name='Balance', is_read=True, reason='', is_asked=True, file=''),)
    """
    listed = [names] if isinstance(names, str) else list(names)
    if not listed or not all(name.strip() for name in listed):
        raise TableError(say("no sheet was named; name the sheet, or the sheets, to read"))
    parts = map(split_file, listed)
    return tuple(SheetLine(name, is_read=True, is_asked=True, file=file) for file, name in parts)


def read_chosen(path: str | Path, sheet: str | Sequence[str] | None = None) -> list[Sheet]:
    """Return the sheets of a file, those alone that are named where any is.

    Raises
    ------
    TableError
        If the file cannot be read, or has no such sheet.
    """
    lines = () if sheet is None else read_by_name(sheet)
    sheets = read_sheets(path, list_read(lines, shown_name(path)))
    return [one for one, why in choose_sheets(sheets, lines) if not why]


def name_sheets(sheet: str | Sequence[str] | None, file: str) -> tuple[str, ...]:
    """Return the names that a person gave of sheets of a file, none where nothing was named."""
    return () if sheet is None else list_read(read_by_name(sheet), file)


def take_sheet(sheets: Sequence[Sheet], sheet: str | Sequence[str] | None) -> Sheet:
    """Return the first sheet of a file that holds one table, or the one that a person named.

    Raises
    ------
    TableError
        If no sheet, or several, are of that name or pattern.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> book = [Sheet("b.xlsx", "Notes", []), Sheet("b.xlsx", "Panel", [])]
    >>> take_sheet(book, None).name, take_sheet(book, "panel").name
    ('Notes', 'Panel')
    """
    if sheet is None:
        return sheets[0]
    lines = read_by_name(sheet)
    found = [one for one, why in choose_sheets(sheets, lines) if not why]
    file, names = found[0].file, [one.name for one in found]
    if len(found) > 1 and list_lines(lines, file):
        raise TableError(
            say(
                "{file}: several sheets are named ({sheets}), and one table is read; name one",
                file=file,
                sheets=join_texts(", ", names[:_MOST_NAMED]),
            )
        )
    return found[0]


def split_file(name: str) -> tuple[str, str]:
    """Return the file that the name of a sheet stands behind, "" where it stands alone, and the name.

    Examples
    --------
    >>> split_file("2019.xlsx!Balance"), split_file("Balance"), split_file("Stop!")
    (('2019.xlsx', 'Balance'), ('', 'Balance'), ('', 'Stop!'))
    """
    file, _, sheet = name.partition("!")
    return (file, sheet) if sheet and PurePath(file).suffix else ("", name)


def list_lines(lines: Iterable[SheetLine], file: str) -> tuple[SheetLine, ...]:
    """Return the lines that hold for a file, or for a file in an archive: its own, else those of all."""
    held = [(_fold(line.file), line) for line in lines]
    name = _fold(file)
    own = tuple(line for of, line in held if of and (name == of or name.startswith(f"{of}/")))
    return own or tuple(line for of, line in held if not of)


def list_read(lines: Iterable[SheetLine], file: str) -> tuple[str, ...]:
    """Return the names of sheets that are read though they may be hidden: who writes a full name wants it."""
    return tuple(line.name for line in list_lines(lines, file) if line.is_read)


def is_named(name: str, names: Iterable[str]) -> bool:
    """Return whether a sheet is one of those named in full.

    Examples
    --------
    >>> is_named("Energy  balance", ["energy balance"]), is_named("Prices", ["P*"])
    (True, False)
    """
    return _fold(name) in map(_fold, names)


def fits(name: str, pattern: str) -> bool:
    """Return whether a sheet has a name, or one that a pattern describes.

    Examples
    --------
    >>> fits("Balance 2019", "balance *"), fits("Balance [TJ]", "Balance [TJ]"), fits("Prices", "P")
    (True, True, False)
    """
    only_stars = re.sub(r"([\[?])", r"[\1]", _fold(pattern))  # other signs stand for themselves
    return fnmatchcase(_fold(name), only_stars)


def choose_sheets(
    sheets: Sequence[Sheet], lines: Sequence[SheetLine]
) -> list[tuple[Sheet, Text | str]]:
    """Return the sheets of a file, each with why it is passed over, "" if it is read.

    Parameters
    ----------
    sheets
        Of one file, or of the files in an archive, each of which is looked at by itself.
    lines
        What is said of them. If any says that sheets are read, all others are passed over.

    Returns
    -------
    list of tuple
        What a line says of no sheet, while others say something, is a finding of the first sheet.

    Raises
    ------
    TableError
        If no line, or none of those that read, is of a sheet of the file; if a sheet is to be read
        and to be passed over; if the sheet that a line passes over is not there and one of nearly
        its name would be read; or if nothing is left to read.

    Examples
    --------
    >>> from carbonacct.sheets.raw_sheets import Sheet
    >>> book = [Sheet("b.xlsx", "TJ", []), Sheet("b.xlsx", "Prices", [])]
    >>> [(one.name, str(why)) for one, why in choose_sheets(book, read_by_name("tj"))]
    [('TJ', ''), ('Prices', 'not the sheet to read: TJ')]
    """
    found: list[tuple[Sheet, Text | str]] = []
    for file in dict.fromkeys(sheet.file for sheet in sheets):
        held = [sheet for sheet in sheets if sheet.file == file]
        has_names = any(sheet.name for sheet in held)
        own = list_lines(lines, file) if has_names else ()
        found += _choose(held, own) if own else [(one, "") for one in held]
    return found


def _choose(sheets: Sequence[Sheet], lines: Sequence[SheetLine]) -> list[tuple[Sheet, Text | str]]:
    said = [_find_line(sheet, lines) for sheet in sheets]
    hidden = list_hidden(sheets)  # passed over as they are
    used = {
        line.name
        for line in lines
        for name in [*(sheet.name for sheet in sheets), *(() if line.is_read else hidden)]
        if fits(name, line.name)
    }
    lacking = [line for line in lines if line.name not in used]
    reads = [line for line in lines if line.is_read]
    is_asked = any(line.is_asked for line in lacking)
    if is_asked or not used or (reads and not used.intersection(line.name for line in reads)):
        unknown = [line for line in lacking if line.is_read] or lacking
        raise TableError(_say_lacking(sheets, unknown[0]))
    if not reads:
        _refuse_renamed(sheets, lacking, said)
    chosen = [line.is_read if line else not reads for line in said]
    if not any(chosen):
        raise TableError(
            say(
                "{file}: all its sheets are passed over; take the line of the one with the table "
                "out of the mapping file",
                file=sheets[0].file,
            )
        )
    named = _list([sheet.name for sheet, is_read in zip(sheets, chosen, strict=True) if is_read])
    other = (
        say("not the sheet to read: {names}", names=named)
        if sum(chosen) == 1
        else say("not one of the sheets to read: {names}", names=named)
    )
    reasons = [
        "" if is_read else (line.reason if line else "") or other
        for line, is_read in zip(said, chosen, strict=True)
    ]
    first = sheets[0]
    if lacking:
        first = replace(first, findings=(*first.findings, _note_lacking(first.file, lacking)))
    return list(zip([first, *sheets[1:]], reasons, strict=True))


def _find_line(sheet: Sheet, lines: Sequence[SheetLine]) -> SheetLine | None:
    """Return what is said of a sheet: by the line of its name, else by those whose pattern it fits."""
    full = [line for line in lines if _fold(line.name) == _fold(sheet.name)]
    found = full or [line for line in lines if fits(sheet.name, line.name)]
    read, passed = ([one for one in found if one.is_read == wanted] for wanted in (True, False))
    if read and passed:
        raise TableError(
            say(
                "{file}: the sheet {name!r} is to be read ({read}) and to be passed over "
                "({passed}); keep one of the two lines",
                file=sheet.file,
                name=sheet.name,
                read=read[0].name,
                passed=passed[0].name,
            )
        )
    return found[0] if found else None


def _refuse_renamed(
    sheets: Sequence[Sheet], lacking: Sequence[SheetLine], said: Sequence[SheetLine | None]
) -> None:
    """Refuse to read a sheet that may be one to pass over under another name."""
    free = [sheet.name for sheet, line in zip(sheets, said, strict=True) if line is None]
    for line in lacking:
        if any(_is_renamed(line.name, name) for name in free):
            raise TableError(_say_lacking(sheets, line))


def _is_renamed(one: str, other: str) -> bool:
    """Return whether two names may be of one sheet: of two years, or with a slip of the pen.

    Numbers that are no years tell sheets apart (Table 1, Table 2).
    """
    one, other = _fold(one), _fold(other)
    if _YEAR.sub(_ANY, one) == _YEAR.sub(_ANY, other):
        return True
    is_numbered = re.sub(r"\d+", "", one) == re.sub(r"\d+", "", other)
    return not is_numbered and SequenceMatcher(None, one, other).ratio() >= _NEAR


def propose_name(name: str, others: Iterable[str]) -> str:
    """Return the name of a sheet as next year's file may have it: with ``*`` for its year, if that fits no other.

    Examples
    --------
    >>> propose_name("Balance 2019", ["Prices 2019"]), propose_name("2019", ["2018"])
    ('Balance *', '2019')
    """
    pattern = _YEAR.sub(_ANY, name)
    is_alone = pattern.strip(f"{_ANY} ") and not any(fits(other, pattern) for other in others)
    return pattern if is_alone else name


def _say_lacking(sheets: Sequence[Sheet], line: SheetLine) -> Text:
    """Return that a sheet is not there, and which are: near names first."""
    names = [sheet.name for sheet in sheets]
    near = find_near(line.name, names)
    hidden = list_hidden(sheets)
    return say(
        "{file}: has no sheet {name!r}; its sheets: {names}{hidden}{remedy}",
        file=sheets[0].file,
        name=line.name,
        names=_list([*near, *(name for name in names if name not in near)]),
        hidden=say("; hidden: {names}", names=_list(hidden)) if hidden else "",
        remedy=""
        if line.is_asked
        else say("; mend its line in the mapping file (* stands for any text, as in Balance *)"),
    )


def _note_lacking(file: str, lacking: Sequence[SheetLine]) -> Finding:
    return Finding(
        "sheet-not-there",
        "info",
        say(
            "the mapping speaks of sheets that are not there: {names}",
            names=_list([line.name for line in lacking]),
        ),
        file,
    )


def _list(names: Sequence[str]) -> Text:
    """Return names of sheets, as many as a person reads."""
    more = [say("{count} more", count=len(names) - _MOST_NAMED)] if len(names) > _MOST_NAMED else []
    return join_texts(", ", [*(Both(one, one) for one in names[:_MOST_NAMED]), *more])


def list_hidden(sheets: Sequence[Sheet]) -> list[str]:
    """Return the names of the hidden sheets of a file, which stand in findings alone."""
    file = sheets[0].file
    found = (one for sheet in sheets for one in sheet.findings if one.rule == HIDDEN)
    return [one.where.removeprefix(f"{file}!") for one in found]


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
