"""Tables of a text document (.docx) -> sheets; a table that holds tables is a frame and no table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from carbonacct.data import MAX_CELLS
from carbonacct.errors import TableError
from carbonacct.sheets.spans import SpannedTable, lay_out
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Sheet

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_MAX_TABLES = 1000
_MAX_SPAN = 300
_MAX_TABLE_CELLS = MAX_CELLS // 5
_LONGEST_CAPTION = 300
_MOST_CAPTIONS = 3


class _DocxReader:
    """Collects the tables of a document from the start and end of its elements.

    A cell that goes on from the row above adds a row to the cell in which it began.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.done: list[SpannedTable] = []
        self.open: list[_Open] = []
        self.cells = 0
        self.captions: list[str] = []
        self.text: list[str] = []
        self.in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.removeprefix(_WORD)
        table = self.open[-1] if self.open else None
        if tag == "tbl":
            if table:
                table.of.holds_tables = True
            self.open.append(_Open(SpannedTable(list(self.captions))))
            self.done.append(self.open[-1].of)
        elif tag == "tr" and table:
            table.start_row()
        elif tag == "tc" and table:
            table.width, table.merge, table.text = 1, "", []
        elif tag == "gridSpan" and table:
            table.width = _read_span(attributes.get(f"{_WORD}val", ""))
        elif tag == "vMerge" and table:
            table.merge = attributes.get(f"{_WORD}val", "continue")
        elif tag == "t":
            self.in_text = True
        elif tag in {"tab", "br", "cr"}:
            self._add(" ")
        elif tag == "p" and not self.open:
            self.text = []

    def end(self, name: str) -> None:
        tag = name.removeprefix(_WORD)
        table = self.open[-1] if self.open else None
        if tag == "t":
            self.in_text = False
        elif tag == "p" and table:
            table.text.append(" ")
        elif tag == "p":
            text = " ".join("".join(self.text).split())[:_LONGEST_CAPTION]
            self.captions = [*self.captions, text][-_MOST_CAPTIONS:] if text else self.captions
        elif tag == "tc" and table:
            self.cells += table.width
            if self.cells > _MAX_TABLE_CELLS:
                raise TableError(
                    say(
                        "{file}: the tables have more than {max_table_cells} cells; keep "
                        "the energy balance alone",
                        file=self.file,
                        max_table_cells=_MAX_TABLE_CELLS,
                    )
                )
            table.end_cell()
        elif tag == "tbl" and table:
            self.open.pop()
            self.captions = [] if not self.open else self.captions

    def data(self, text: str) -> None:
        if self.in_text:
            self._add(text)

    def _add(self, text: str) -> None:
        (self.open[-1].text if self.open else self.text).append(text)


class _Open:
    """A table that is being read: where its rows stand, and which cells may go on below."""

    def __init__(self, of: SpannedTable) -> None:
        self.of = of
        self.width, self.merge = 1, ""
        self.text: list[str] = []
        self._column = 0
        # By column: the row and the number of the cell there that may go on below.
        self._began: dict[int, tuple[int, int]] = {}

    def start_row(self) -> None:
        self.of.rows.append([])
        self._column = 0

    def end_cell(self) -> None:
        if not self.of.rows:
            self.start_row()
        began = self._began.pop(self._column, None)
        if self.merge == "continue" and began:
            self._began[self._column] = row, number = began
            text, width, height = self.of.rows[row][number]
            self.of.rows[row][number] = (text, width, height + 1)
        else:
            if self.merge:
                self._began[self._column] = (len(self.of.rows) - 1, len(self.of.rows[-1]))
            self.of.rows[-1].append((" ".join("".join(self.text).split()), self.width, 1))
        self._column += self.width


def _read_span(text: str) -> int:
    return max(1, min(int(text), _MAX_SPAN)) if text.isdecimal() and len(text) < 10 else 1


def read_document(file: str, xml: bytes) -> list[Sheet]:
    """Return the tables of a document.

    Parameters
    ----------
    file
        Its name.
    xml
        Its main part.

    Raises
    ------
    TableError
        If it holds no table, more than any balance, or is no XML.
    """
    reader = _DocxReader(file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(xml, True)  # noqa: FBT003 - its only spelling
    # A table that holds tables is a frame for laying out; what counts stands in these.
    tables = [table for table in reader.done if not table.holds_tables and table.rows]
    if len(tables) > _MAX_TABLES:
        raise TableError(
            say(
                "{file}: the document has {table_count} tables; keep the energy balance alone",
                file=file,
                table_count=len(tables),
            )
        )
    if not tables:
        raise TableError(
            say(
                "{file}: the document holds no table; paste the table's text into a .txt file",
                file=file,
            )
        )
    return [
        lay_out(file, f"table {number}" if len(tables) > 1 else "", table)
        for number, table in enumerate(tables, start=1)
    ]


def _refuse_entity(name: str, *_about: object) -> None:
    raise ValueError(say("it declares an entity {name}", name=name))
