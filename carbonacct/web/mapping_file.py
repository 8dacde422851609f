"""What a person says that words mean, in the mapping file of the project."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.balances.words.mapping import LEFT_OUT, read_mapping
from carbonacct.balances.words.mapping_lines import as_comma_text, name_as_id
from carbonacct.data import harmless, plain
from carbonacct.near_words import near_names
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.store import write_whole
from carbonacct.sheets.sheet_choice import split_file
from carbonacct.web.exchange import WebError
from carbonacct.web.safe_names import check_inside

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.web.project_view import TableFile

FILE = "mapping.csv"
_COLUMNS = ("kind", "name", "id", "sign", "note")


def add_words(
    declaration: Declaration, table: TableFile, lines: Sequence[Mapping[str, str]]
) -> None:
    """Add lines to the mapping of a table; it is declared where there was none.

    Parameters
    ----------
    lines
        Each with ``kind, name, id`` and, where it has them, ``sign, note``; an id may be any name
        of a flow or product.

    Raises
    ------
    TableError
        If a line has faults: nothing is written.
    WebError
        422 where a word is no name of anything, or nothing was chosen.
    """
    if not lines:
        raise WebError(422, "error.nothing_chosen")
    place, text = _open(declaration, table)
    _write(declaration, table, place, _add(text, lines))


def choose_sheets(
    declaration: Declaration, table: TableFile, lines: Mapping[str, Sequence[Mapping[str, str]]]
) -> None:
    """Put lines of the sheets of some files in the place of those that the mapping of a table has of them.

    Parameters
    ----------
    lines
        By the name of a file: each line with ``name, id`` and, where it has one, ``note``. A file
        without lines is read as what the mapping says of all files.

    Raises
    ------
    TableError
        If a line has faults: nothing is written.
    """
    place, text = _open(declaration, table)
    kept = _leave_out_sheets(text, {file.casefold() for file in lines})
    made = [
        {**line, "kind": "sheet", "name": f"{file}!{line['name']}"}
        for file, own in lines.items()
        for line in own
    ]
    whole = _add(kept, made) if made else kept
    if whole != text:
        _write(declaration, table, place, whole)


def has_sheets(declaration: Declaration, table: TableFile, file: str) -> bool:
    """Return whether the mapping of a table has lines of the sheets of that file alone."""
    _, text = _open(declaration, table)
    return _leave_out_sheets(text, {file.casefold()}) != text


def _open(declaration: Declaration, table: TableFile) -> tuple[Path, str]:
    """Return where the mapping of a table is, and what it holds."""
    place = check_inside(declaration.folder, table.tables.mapping or FILE)
    return place, as_comma_text(place) if place.is_file() else ",".join(_COLUMNS) + "\n"


def _add(text: str, lines: Sequence[Mapping[str, str]]) -> str:
    held = io.StringIO(newline="")
    header = next(csv.reader(io.StringIO(text)))
    writer = csv.DictWriter(held, header, lineterminator="\n")
    for line in lines:
        row = {**line, "id": _find_id(line["kind"], line["id"])}
        writer.writerow({key: harmless(row.get(name_as_id(key), "")) for key in header})
    return text + ("" if text.endswith("\n") else "\n") + held.getvalue()


def _leave_out_sheets(text: str, files: Collection[str]) -> str:
    """Return the text of a mapping without its lines of sheets of some files; all others as they are."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    kept: list[str] = []
    names: list[str] = []
    start = 0
    for cells in reader:
        row = dict(zip(names, map(plain, cells), strict=False))
        file, _ = split_file(row.get("name", ""))
        if name_as_id(row.get("kind", "")) != "sheet" or file.casefold() not in files:
            kept += lines[start : reader.line_num]
        names = names or [name_as_id(name.strip()) for name in cells]
        start = reader.line_num
    return "".join(kept)


def _write(declaration: Declaration, table: TableFile, place: Path, whole: str) -> None:
    """Write the mapping of a table, if it has no faults; it is declared where there was none."""
    with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
        trial = Path(scratch) / place.name
        trial.write_text(whole, encoding="utf-8")
        read_mapping(trial)
    write_whole(place, whole.encode())
    if not table.tables.mapping:
        path = place.relative_to(declaration.folder).as_posix()
        edit_declaration(declaration.folder, lambda held: _declare(held, table.tables.entry, path))


def _declare(held: dict[str, Any], entry: int, path: str) -> None:
    tables = held["table"] if isinstance(held["table"], list) else [held["table"]]
    tables[entry]["mapping"] = path


def _find_id(kind: str, word: str) -> str:
    """Return the id that a person's word is, by any of its names."""
    if kind not in {"flow", "product"} or word == LEFT_OUT:
        return word
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    found = (
        word if word in known else vocabulary.resolve("flow" if kind == "flow" else "product", word)
    )
    if found is None:
        near = near_names("flow" if kind == "flow" else "product", word)
        raise WebError(422, "error.no_such_word", word=word, near=near)
    return found
