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
from carbonacct.data import harmless
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.store import write_whole
from carbonacct.web.exchange import WebError
from carbonacct.web.safe_names import check_inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    path = table.tables.mapping or FILE
    place = check_inside(declaration.folder, path)
    text = as_comma_text(place) if place.is_file() else ",".join(_COLUMNS) + "\n"
    held = io.StringIO(newline="")
    header = next(csv.reader(io.StringIO(text)))
    writer = csv.DictWriter(held, header, lineterminator="\n")
    for line in lines:
        row = {**line, "id": _find_id(line["kind"], line["id"])}
        writer.writerow({key: harmless(row.get(name_as_id(key), "")) for key in header})
    whole = text + ("" if text.endswith("\n") else "\n") + held.getvalue()
    with tempfile.TemporaryDirectory(prefix="carbonacct-") as scratch:
        trial = Path(scratch) / place.name
        trial.write_text(whole, encoding="utf-8")
        read_mapping(trial)
    write_whole(place, whole.encode())
    if not table.tables.mapping:
        edit_declaration(declaration.folder, lambda held: _declare(held, table.place, path))


def _declare(held: dict[str, Any], place: int, path: str) -> None:
    tables = held["table"] if isinstance(held["table"], list) else [held["table"]]
    tables[place]["mapping"] = path


def _find_id(kind: str, word: str) -> str:
    """Return the id that a person's word is, by any of its names."""
    if kind not in {"flow", "product"} or word == LEFT_OUT:
        return word
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    found = (
        word if word in known else vocabulary.resolve("flow" if kind == "flow" else "product", word)
    )
    if found is None:
        near = vocabulary.near_names("flow" if kind == "flow" else "product", word)
        raise WebError(422, "error.no_such_word", word=word, near=near)
    return found
