"""Tables of a web page -> sheets, with the spans of cells laid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from carbonacct.data import MAX_CELLS
from carbonacct.errors import TableError
from carbonacct.sheets.markup import unescape
from carbonacct.sheets.spans import SpannedTable, lay_out
from carbonacct.sheets.superscripts import join_raised
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.sheets.raw_sheets import Sheet

_MAX_PAGE = 20 * 2**20
_MAX_TABLES = 1000
_MAX_SPAN = 300
_MAX_PAGE_CELLS = MAX_CELLS // 5
_SILENT = frozenset({"script", "style", "template"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "p", "caption", "title"})
_LONGEST_CAPTION = 300
_MOST_CAPTIONS = 3
_LONGEST_TAG = 2000  # of its attributes, as many characters are looked at
# What is open is taken to the end of the page, as browsers do, so that nothing is looked at twice.
_TOKEN = re.compile(
    r"<!--(?:(?!-->)[\s\S])*+(?:-->)?"
    r"|<(?:[!?]|/(?![a-zA-Z]))[^>]*+>?"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|))*+)(?P<whole>>?)"
)
_SPAN = re.compile(
    r"\b(colspan|rowspan)\s*+=\s*+[\"']?\s*+(\d{1,9})(?!\d)", re.IGNORECASE | re.ASCII
)
_RAW = {
    name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}


def _tokens(page: str) -> Iterator[tuple[str, str, str]]:
    """Name what a page consists of, as a browser cuts it.

    Texts ("", text, ""), starts ("<", name, attributes) and ends ("</", name, "") of elements.
    """
    position = 0
    while token := _TOKEN.search(page, position):
        if token.start() > position:
            yield "", unescape(page[position : token.start()]), ""
        position = token.end()
        name = (token["name"] or "").lower()
        if not name or not token["whole"]:  # a comment, or a tag that the page ends in
            continue
        yield f"<{token['end']}", name, token["attributes"][:_LONGEST_TAG]
        if token["attributes"].endswith("/"):
            yield "</", name, ""
        elif name in _RAW and not token["end"]:  # up to its end there are no tags
            end = _RAW[name].search(page, position)
            inner = page[position : end.start() if end else len(page)]
            position += len(inner)
            yield "", unescape(inner), ""
    if position < len(page):
        yield "", unescape(page[position:]), ""


class _HtmlReader:
    """Collects the tables of a page; a table that holds tables is a frame and no table."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.done: list[SpannedTable] = []
        self.open: list[SpannedTable] = []
        self.cells = 0
        self._text: list[str] | None = None
        self._spans = (1, 1)
        self._heading: list[str] | None = None
        self._captions: list[str] = []
        self._silent = 0
        self._raised: list[tuple[int, int]] = []  # which pieces of the text are raised
        self._raised_from: int | None = None

    def read(self, page: str) -> None:
        """Read a page to its end, and a cell that it ends in."""
        for kind, word, attributes in _tokens(page):
            if not kind:
                self._add_text(word)
            elif self._silent and word not in _SILENT:  # no cell of a page, whatever it holds
                continue
            elif kind == "<":
                self._start(word, attributes)
            else:
                self._end(word)
        self._end_cell()

    def _start(self, tag: str, attributes: str) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._end_cell()
            for table in self.open[-1:]:
                table.holds_tables = True
            self.open.append(SpannedTable(list(self._captions)))
            self.done.append(self.open[-1])
        elif tag == "tr" and self.open:
            self._end_cell()
            self.open[-1].rows.append([])
        elif tag in {"td", "th"} and self.open:
            self._end_cell()
            self._spans = _spans(attributes)
            self._text = []
        elif tag in _HEADINGS and (
            self._text is None or tag[0] == "h"
        ):  # a paragraph in a cell is its text
            self._heading = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")
        elif tag == "sup" and self._text is not None:
            self._raised_from = len(self._text)

    def _end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "sup" and self._text is not None and self._raised_from is not None:
            self._raised.append((self._raised_from, len(self._text)))
            self._raised_from = None
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()
        elif tag in _HEADINGS and self._heading is not None:
            text = " ".join("".join(self._heading).split())[:_LONGEST_CAPTION]
            if tag == "caption" and self.open:
                self.open[-1].captions = [text]
            elif text:
                above = (
                    self._captions if tag == "p" else []
                )  # what stands under a heading belongs to it
                self._captions = [*above, text][-_MOST_CAPTIONS:]
            self._heading = None

    def _add_text(self, data: str) -> None:
        if self._silent:
            return
        if self._text is not None:
            self._text.append(data)
        if self._heading is not None:
            self._heading.append(data)

    def _end_cell(self) -> None:
        if self._text is None:
            return
        table = self.open[-1]
        if not table.rows:
            table.rows.append([])
        width, height = self._spans
        self.cells += width * height
        if self.cells > _MAX_PAGE_CELLS:
            raise TableError(
                say(
                    "{file}: the page's tables have more than {max_page_cells} cells; keep "
                    "the energy balance alone",
                    file=self.file,
                    max_page_cells=_MAX_PAGE_CELLS,
                )
            )
        text = _join_pieces(self._text, self._raised)
        table.rows[-1].append((" ".join(text.split()), width, height))
        self._text = self._raised_from = None
        self._raised = []


def _join_pieces(pieces: Sequence[str], raised: Sequence[tuple[int, int]]) -> str:
    """Return the text of a cell, footnotes of its numbers and words set apart."""
    text, done = "", 0
    for number, (start, end) in enumerate(raised, 1):
        following = raised[number][0] if number < len(raised) else len(pieces)
        text += "".join(pieces[done:start])
        text = join_raised(text, "".join(pieces[start:end]), "".join(pieces[end:following]))
        done = end
    return text + "".join(pieces[done:])


def _spans(attributes: str) -> tuple[int, int]:
    """Return over how many columns and rows a cell reaches."""
    spans = dict.fromkeys(("colspan", "rowspan"), 1)
    for found in reversed(list(_SPAN.finditer(attributes))):  # the first counts
        spans[found[1].lower()] = max(1, min(int(found[2]), _MAX_SPAN))
    return spans["colspan"], spans["rowspan"]


def read_html(file: str, text: str) -> list[Sheet]:
    """Return the tables of a page that hold no tables themselves.

    Raises
    ------
    TableError
        If there is none, or the page is larger than any table.
    """
    if len(text) > _MAX_PAGE:
        raise TableError(
            say(
                "{file}: the page has {megabytes} million characters; keep the energy "
                "balance alone",
                file=file,
                megabytes=len(text) >> 20,
            )
        )
    reader = _HtmlReader(file)
    reader.read(text)
    tables = [table for table in reader.done if not table.holds_tables and table.rows]
    if len(tables) > _MAX_TABLES:
        raise TableError(
            say(
                "{file}: the page has {table_count} tables; keep the energy balance alone",
                file=file,
                table_count=len(tables),
            )
        )
    if not tables:
        raise TableError(
            say(
                "{file}: the page holds no <table>; paste the table's text into a .txt file",
                file=file,
            )
        )
    return [
        lay_out(file, f"table {number}" if len(tables) > 1 else "", table)
        for number, table in enumerate(tables, start=1)
    ]
