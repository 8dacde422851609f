"""The labels of a table of which too few words are known to find its header: what stands around its numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import remarks, vocabulary
from carbonacct.balances.label.headers import Header, read_header, year_of
from carbonacct.balances.label.labels import take_units, unit_known
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.balances.join.sheet_tables import Page
    from carbonacct.balances.split.grid import Grid

_AREA_NAME = re.compile(r"^[\u4e00-\u9fff]{2,}[省市县区州盟]$")
_PART_OF_YEAR = re.compile(r"^(?:19|20)\d\d年?(?:.*月|.*季度?|[上下]半年)$")  # over a column
_Cells = tuple[tuple[int, int], ...]
_LEAST_ROWS = 3  # without a gap, that tell a column of names


class Frame(NamedTuple):
    """The numbers of a sheet that may be a table, and the texts around them.

    Attributes
    ----------
    header, first
        The row of headers (-1 if there is none), and the first row of numbers.
    stubs, data
        Columns of texts to the left, and columns of numbers.
    heads, labels
        The cells over columns of numbers and those beside rows of numbers, with what they say.
    areas
        Labels that are names of areas.
    """

    header: int
    first: int
    stubs: tuple[int, ...]
    data: tuple[int, ...]
    heads: dict[tuple[int, int], Header]
    labels: dict[tuple[int, int], Header]
    areas: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Whether labels stand in columns and numbers in one or two."""
        return len(self.stubs) > 1 and len(self.data) <= 2 and self.header >= 0

    def count_named(self, dim: str) -> tuple[int, int]:
        """Return how many heads and how many labels name a flow, a product or a year."""
        counts = [
            len({getattr(each, dim) for each in of.values()} - {None})
            for of in (self.heads, self.labels)
        ]
        return counts[0], counts[1]


def find_frame(page: Page, words: Mapping | None = None) -> Frame | None:
    """Return what surrounds the numbers of a sheet, None if there are none."""
    grid, rows = page.grid, page.sheet.rows
    if grid is None or not grid.plain.any():
        return None
    own = words or Mapping()
    with_numbers = np.flatnonzero(grid.plain.any(axis=1))
    first = int(with_numbers[0])
    is_text = ~grid.blank & (grid.status == values.UNREADABLE)
    # Numbers may stand far below a table, in the column of its names.
    last = first + int(np.argmin(np.append(grid.plain[first:].any(axis=1), False)))
    above = np.arange(first, last) if last - first >= _LEAST_ROWS else with_numbers
    is_name = is_text[above].mean(axis=0) > 0.5
    data = tuple(
        np.flatnonzero(~is_name & (_hold(grid, with_numbers) | _hold(grid, above))).tolist()
    )
    stubs = tuple(
        j
        for j in range(max(data, default=0))
        if j not in data and (is_name[j] or is_text[with_numbers, j].mean() > 0.5)
    )
    header = _find_header(grid, first)
    words_of = {j: _word_over(rows, header, j, own) for j in stubs}
    stubs = tuple(j for j in stubs if words_of[j] not in {"skip", "about"})  # codes, remarks
    beside = [j for j in range(grid.plain.shape[1]) if j not in stubs]
    heads = _read(rows, _list_heads(rows, (header, first), beside, own), own)
    heads = {cell: head for cell, head in heads.items() if cell[1] in data or head.says_something}
    named = {j: [rows[i][j] for i in with_numbers.tolist() if j < len(rows[i])] for j in stubs}
    of_areas = [
        j
        for j, texts in named.items()
        if words_of[j] == "area" or sum(map(_is_area, texts)) * 2 > len(texts)
    ]
    places = [(i, j) for i in with_numbers.tolist() for j in stubs if j not in of_areas]
    areas = tuple(dict.fromkeys(str(text) for j in of_areas for text in named[j]))
    return Frame(header, first, stubs, data, heads, _read(rows, places, own), areas)


def names_part_of_year(text: str) -> bool:
    """Return whether a header is a month, a quarter or a half of a year.

    Examples
    --------
    >>> names_part_of_year("2011年1月"), names_part_of_year("2011年")
    (True, False)
    """
    return bool(_PART_OF_YEAR.search(text.strip()))


def _hold(grid: Grid, rows: np.ndarray) -> np.ndarray:
    """Return which columns hold amounts: those with numbers in a third of their rows."""
    share: np.ndarray = grid.plain[rows].mean(axis=0)
    return np.asarray(share >= min(0.3, share.max()))


def _is_area(text: object) -> bool:
    return isinstance(text, str) and bool(
        vocabulary.resolve("area", text) or _AREA_NAME.search(text.strip())
    )


def _word_over(rows: Sequence[Sequence[object]], header: int, j: int, words: Mapping) -> str | None:
    """Return what the header says that a column of texts holds."""
    text = rows[header][j] if header >= 0 and j < len(rows[header]) else None
    return read_header(text, words).word if isinstance(text, str) else None


def _find_header(grid: Grid, first: int) -> int:
    """Return the first of the rows above the numbers in which several cells stand, -1 if there is none."""
    counts = (~grid.blank[:first]).sum(axis=1)
    rows = np.flatnonzero(counts >= 2).tolist()
    header = rows.pop() if rows else -1
    while rows and rows[-1] == header - 1:
        header = rows.pop()
    return header


def _list_heads(
    rows: Sequence[Sequence[object]], span: tuple[int, int], data: Sequence[int], words: Mapping
) -> list[tuple[int, int]]:
    """Return the lowest text over each column of numbers that is no unit."""
    found = []
    for j in data if span[0] >= 0 else ():
        above = [(i, rows[i][j]) for i in range(*span) if j < len(rows[i])]
        texts = [i for i, text in above if not values.is_blank(text) and not is_unit(text, words)]
        found += [(i, j) for i in texts[-1:]]
    return found


def is_unit(text: object, words: Mapping) -> bool:
    """Return whether a text is a unit and nothing else, in brackets or not."""
    if not isinstance(text, str):
        return False
    rest, units = take_units(text, words)
    return unit_known(text, words) or bool(units and not rest.strip())


def _read(
    rows: Sequence[Sequence[object]], cells: Sequence[tuple[int, int]], words: Mapping
) -> dict[tuple[int, int], Header]:
    texts = {(i, j): rows[i][j] for i, j in cells if j < len(rows[i])}
    return {
        cell: (
            Header(str(text), year=year_of(text))
            if year_of(text)
            else read_header(str(text), words)
        )
        for cell, text in texts.items()
        if not values.is_blank(text) and (isinstance(text, str) or year_of(text))
    }


def guess_labels(page: Page, words: Mapping) -> list[Unknown]:
    """Return the labels around the numbers of a sheet that are not known, each as what it probably names."""
    frame = find_frame(page, words)
    if frame is None:
        return []
    if frame.is_long:
        return list(_ask_long(page, frame, words))
    of_heads, of_labels = _guess_kinds(page, frame)
    asked = [
        Unknown(kind, take_units(head.text, words)[0], (cell,))
        for kind, cells in ((of_heads, frame.heads), (of_labels, _finest(frame.labels)))
        for cell, head in cells.items()
        if kind and not head.says_something and _is_label(head.text, words)
        if not _is_passed(head.text, words)
    ]
    return _merge(asked)


def _ask_long(page: Page, frame: Frame, words: Mapping) -> Iterator[Unknown]:
    """Yield the headers of a long table that do not say what their column holds."""
    row = page.sheet.rows[frame.header]
    for j, text in enumerate(row):
        if (
            isinstance(text, str)
            and not values.is_blank(text)
            and not read_header(text, words).says_something
        ):
            yield Unknown("column", take_units(text, words)[0], ((frame.header, j),))


def _guess_kinds(page: Page, frame: Frame) -> tuple[str, str]:
    """Return what the heads and what the labels of a table name: flow or product; "" for years."""
    flows, products, years = (frame.count_named(dim) for dim in ("flow", "product", "year"))
    about = page.tables[0].title if page.tables else None
    if years[0] > max(flows[0], products[0]):
        is_of_flow = bool(about and about.flow) or products[1] > flows[1]
        return "", "product" if is_of_flow else "flow"
    units = [any(head.units for head in of.values()) for of in (frame.heads, frame.labels)]
    down = products[1] > flows[1] or flows[0] > products[0] or (units[1] and not units[0])
    return ("flow", "product") if down else ("product", "flow")


def _finest(labels: dict[tuple[int, int], Header]) -> dict[tuple[int, int], Header]:
    """Return the label of each row that is furthest to the right."""
    last = dict(sorted(labels))
    return {(i, j): labels[i, j] for i, j in last.items()}


def _is_label(text: str, words: Mapping) -> bool:
    is_note = remarks.is_note(text) and not _PART_OF_YEAR.search(text)
    return bool(vocabulary.fold(text)) and not (is_note or unit_known(text, words))


def _is_passed(text: str, words: Mapping) -> bool:
    """Return whether a person passes a label over: it is not asked for again."""
    folded = vocabulary.fold(take_units(text, words)[0])
    return folded in words.ignored_rows or folded in words.ignored_columns


def _merge(asked: Sequence[Unknown]) -> list[Unknown]:
    merged: dict[tuple[str, str], _Cells] = {}
    for each in asked:
        merged[each.kind, each.text] = merged.get((each.kind, each.text), ()) + each.cells
    return [Unknown(kind, text, cells) for (kind, text), cells in merged.items()]
