"""The one reader of rows whose labels stand beside and above their numbers.

What a row prints beside its numbers, the labels it lies below, and the units that stand above it.
What labels mean is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.records.activity_labels import units_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.records.sheet_layout import ColumnGroup, SheetBlock, SheetLayout

_SECTION, _PLAIN, _OF_WHICH = -1, 4, 5  # ranks of labels, the outermost first
_NUMBERED = {"一": 0, "(": 1, "0": 2}
_OTHER_NUMBER = 3


@dataclass(frozen=True)
class LabelledNumbers:
    """A row of labels and the columns of numbers beside it.

    Attributes
    ----------
    labels
        As printed, from the innermost to the outermost: what a column of labels leaves blank is
        what stands above, and a label lies below those that its marks and indentation say.
    unit, year, area
        What stands in a column for it, ``""`` without one.
    noted
        The units that the nearest section above notes.
    """

    row: int
    group: ColumnGroup
    labels: tuple[str, ...]
    unit: str
    year: str
    area: str
    noted: tuple[str, ...]


def list_rows(layout: SheetLayout, block: SheetBlock) -> Iterator[LabelledNumbers]:
    """Yield the rows of a block that bear a label, once for each group of columns."""
    paths = LabelPaths()
    outer: dict[int, str] = {}
    noted: tuple[str, ...] = ()
    for row in block.table.rows:
        raw = layout.raw[row]
        if row in block.table.sections:
            paths.climb(next(filter(None, raw), ""), is_section=True)
            found = (unit for text in layout.texts[row] for unit in units_of(text, noted=True))
            noted = tuple(found) or noted
            continue
        for group in block.groups:
            unit, year, area = (
                next(
                    (raw[at].strip() for at in group.stub if at in columns and raw[at].strip()), ""
                )
                for columns in (block.units, block.years, block.areas)
            )
            texts = _fill_down(raw, [at for at in group.stub if at not in block.roles], outer)
            if texts or year or area:
                yield LabelledNumbers(
                    row=row,
                    group=group,
                    labels=tuple(paths.place(texts)),
                    unit=unit,
                    year=year,
                    area=area,
                    noted=noted,
                )


def _fill_down(raw: Sequence[str], columns: Sequence[int], outer: dict[int, str]) -> list[str]:
    """Return the labels of a row, the outermost first: a heading is printed once for the rows below it."""
    filled = [position for position, at in enumerate(columns) if raw[at]]
    if not filled:
        return []
    for position in filled:
        outer[columns[position]] = raw[columns[position]]
        for inner in columns[position + 1 :]:
            outer.pop(inner, None)
    return [outer[at] for at in columns[: filled[-1] + 1] if at in outer]


class LabelPaths:
    """The labels that those of the next row lie below."""

    def __init__(self) -> None:
        self._above: list[tuple[float, str]] = []

    def place(self, texts: Sequence[str]) -> list[str]:
        """Return the labels of a row and those it lies below, from the innermost to the outermost."""
        if len(texts) == 2 and len({text.isascii() for text in texts}) == 2:
            texts = [" ".join(texts)]  # one label in two languages
        if not texts:
            return [text for _, text in reversed(self._above)]
        inner, *path = self.climb(texts[-1])
        return [inner, *(text.strip() for text in reversed(texts[:-1])), *path]

    def climb(self, label: str, *, is_section: bool = False) -> list[str]:
        """Put a label below those it belongs to, by numbering, marks and indentation; return all, inner first.

        Examples
        --------
        >>> paths = LabelPaths()
        >>> [paths.climb(text) for text in ("一、大牲畜", "  牛", "  #奶牛", "二、猪")][2:]
        [['#奶牛', '牛', '一、大牲畜'], ['二、猪']]
        """
        indent, number = vocabulary.level_of(label)
        of_which = vocabulary.of_which_depth(label)
        plain = _SECTION if is_section else _PLAIN
        rank = _NUMBERED.get(number[:1], _OTHER_NUMBER) if number else plain
        rank = _OF_WHICH if of_which else rank
        depth = 1000 * rank + 100 * of_which + indent + (0 if is_section else 0.5)
        while self._above and self._above[-1][0] >= depth:
            self._above.pop()
        self._above.append((depth, label.strip()))
        return [text for _, text in reversed(self._above)]


def list_heads(layout: SheetLayout, block: SheetBlock, column: int) -> list[str]:
    """Return the labels above a column as printed, the nearest first."""
    texts = (layout.texts[row][column] for row in reversed(block.table.head))
    return list(filter(None, dict.fromkeys(texts)))


def list_titles(layout: SheetLayout, block: SheetBlock) -> list[str]:
    """Return the texts of the titles of a block, in the order of the page."""
    return [
        text
        for row in block.table.titles
        for text in dict.fromkeys(filter(None, layout.texts[row]))
    ]


def texts_above(layout: SheetLayout, block: SheetBlock) -> list[str]:
    """Return the texts in which the unit of a block may stand: its titles and the corner of its head."""
    corner = [text for row in block.table.head for text in layout.texts[row][: block.left]]
    return [*list_titles(layout, block), *corner]
