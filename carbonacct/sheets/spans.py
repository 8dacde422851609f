"""Tables whose cells reach over columns and rows, as web pages and documents have them -> sheets."""

from __future__ import annotations

from dataclasses import dataclass, field

from carbonacct.sheets.raw_sheets import Cell, Sheet


@dataclass
class SpannedTable:
    """Rows of (text, columns, rows), and the heading and paragraphs above them."""

    captions: list[str]
    rows: list[list[tuple[str, int, int]]] = field(default_factory=list)
    holds_tables: bool = False


def lay_out(file: str, name: str, table: SpannedTable) -> Sheet:
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
