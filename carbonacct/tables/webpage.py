"""Tables of a web page -> sheets, with the spans of cells laid out."""

from __future__ import annotations

from html.parser import HTMLParser

from carbonacct.errors import TableError
from carbonacct.tables.sheets import MAX_CELLS, Cell, Sheet

_MAX_PAGE = 30 * 2**20
_MAX_SPAN = 300
_MAX_PAGE_CELLS = MAX_CELLS // 5
_SILENT = frozenset({"script", "style", "template"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "p", "caption", "title"})
_LONGEST_CAPTION = 300
_MOST_CAPTIONS = 3


class _Table:
    """One <table>: rows of (text, columns, rows), and the heading and paragraphs above it."""

    def __init__(self, captions: list[str]) -> None:
        self.captions = captions
        self.rows: list[list[tuple[str, int, int]]] = []
        self.holds_tables = False


class _Reader(HTMLParser):
    """Collects the tables of a page; a table that holds tables is a frame and no table."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.done: list[_Table] = []
        self.open: list[_Table] = []
        self.cells = 0
        self._text: list[str] | None = None
        self._spans = (1, 1)
        self._heading: list[str] | None = None
        self._captions: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._end_cell()
            for table in self.open[-1:]:
                table.holds_tables = True
            self.open.append(_Table(self._captions[-_MOST_CAPTIONS:]))
            self.done.append(self.open[-1])
        elif tag == "tr" and self.open:
            self._end_cell()
            self.open[-1].rows.append([])
        elif tag in {"td", "th"} and self.open:
            self._end_cell()
            given = dict(attrs)
            self._spans = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self._text = []
        elif tag in _HEADINGS and (self._text is None or tag[0] == "h"):  # a paragraph in a cell is its text
            self._heading = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()
        elif tag in _HEADINGS and self._heading is not None:
            text = " ".join("".join(self._heading).split())[:_LONGEST_CAPTION]
            if tag == "caption" and self.open:
                self.open[-1].captions = [text]
            elif text:
                self._captions = [text] if tag != "p" else [*self._captions, text]  # what stands under a heading belongs to it
            self._heading = None

    def handle_data(self, data: str) -> None:
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
            raise TableError(f"{self.file}: the page's tables have more than {_MAX_PAGE_CELLS} cells; keep the energy balance alone")
        table.rows[-1].append((" ".join("".join(self._text).split()), width, height))
        self._text = None


def _span(value: str | None) -> int:
    return max(1, min(int(value), _MAX_SPAN)) if value and value.isascii() and value.isdigit() and len(value) < 10 else 1


def read_html(file: str, text: str) -> list[Sheet]:
    """Return the tables of a page that hold no tables themselves.

    Raises
    ------
    TableError
        If there is none, or the page is larger than any table.
    """
    if len(text) > _MAX_PAGE:
        raise TableError(f"{file}: the page has {len(text) >> 20} million characters; keep the energy balance alone")
    reader = _Reader(file)
    reader.feed(text)
    reader.close()
    tables = [table for table in reader.done if not table.holds_tables and table.rows]
    if not tables:
        raise TableError(f"{file}: the page holds no <table>; paste the table's text into a .txt file")
    return [_to_sheet(file, f"table {number}" if len(tables) > 1 else "", table) for number, table in enumerate(tables, start=1)]


def _to_sheet(file: str, name: str, table: _Table) -> Sheet:
    """Lay the spans out: the first cell of a span keeps the text, the others are blank and merged with it."""
    rows: list[list[Cell]] = [[caption] for caption in table.captions if caption]
    taken: dict[int, set[int]] = {}
    merged = []
    for cells in table.rows:
        i = len(rows)
        row: list[Cell] = []
        used = taken.pop(i, set())
        for text, width, height in cells:
            while len(row) in used:
                row.append("")
            left = len(row)
            row += [text, *[""] * (width - 1)]
            for below in range(i + 1, min(i + height, i + len(table.rows))):
                taken.setdefault(below, set()).update(range(left, left + width))
            if width > 1 or height > 1:
                merged.append(((i, left), (i + height - 1, left + width - 1)))
        rows.append(row)
    return Sheet(file, name, rows, tuple(merged))
