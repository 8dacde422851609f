"""How far a heading reaches over the columns on its right, where the file has lost its merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.split.header_rows import HeaderPiece, read_piece, read_row
from carbonacct.balances.words.compounds import BY_NETWORK
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

_OF_ANY = frozenset({"total_consumption", *BY_NETWORK})


def spread_headings(
    rows: list[list[Cell]], words: Mapping, span: tuple[int, int, int]
) -> tuple[int, list[tuple[int, int]]]:
    """Carry a heading over the columns that repeat below it, where the file has lost the merge.

    Return the first row of the header, and the cells.

    煤炭 | blank | 焦炭 | blank above 2018 | 2019 | 2018 | 2019 is what a merged header leaves in a CSV.
    """
    top, start, first = span
    spread = _spread_wholes(rows, words, (start, first)) if first - start > 1 else []
    below = rows[start:first]
    marks = words.remember(
        ("repeated marks", repr(below)), lambda: [_marks(row, words) for row in below]
    )
    for lowest, (filled, places) in enumerate(marks, start):
        if not places:
            continue
        if (
            lowest == start
            and start > top
            and sum(
                isinstance(rows[start - 1][j], str) and rows[start - 1][j] != "" for j in places
            )
            >= 2
        ):
            start -= 1
        for i in range(start, lowest):
            text: Cell = ""
            for j in range(places[0], places[-1] + 1):
                if not values.is_blank(rows[i][j]):
                    text, at = rows[i][j], j
                elif text != "" and _is_new_group(rows[start:i], at, j):
                    text = ""
                elif j in filled and isinstance(text, str):
                    rows[i][j] = text
                    if text != "":
                        spread.append((i, j))
        break
    return start, spread


def _is_new_group(above: Sequence[Sequence[Cell]], at: int, j: int) -> bool:
    """Return whether a column stands below another heading than a text to its left, which then holds no further."""
    return any(not values.is_blank(row[j]) and row[j] != row[at] for row in above)


def _spread_wholes(
    rows: list[list[Cell]], words: Mapping, span: tuple[int, int]
) -> list[tuple[int, int]]:
    """Carry a heading to the blank cells on its right above headings that leave open what it says; return the cells.

    供热总量 | blank above 蒸汽 | 热水: a flow over products, a product over flows or years.
    """
    start, first = span
    header = rows[start:first]
    found = words.remember(
        ("headings over blanks", repr(header)), lambda: _find_over_blanks(header, words)
    )
    for i, j, text in found:
        rows[start + i][j] = text
    return [(start + i, j) for i, j, _ in found]


def _find_over_blanks(
    header: Sequence[Sequence[Cell]], words: Mapping
) -> list[tuple[int, int, str]]:
    """Return the blank cells of a header, by row and column, and the heading to their left that holds for them."""
    found = []
    for i, row in enumerate(header[:-1]):
        text: Cell = ""
        between: list[tuple[int, int, str]] = []  # over names that are not known
        for j, cell in enumerate(row):
            if not values.is_blank(cell):
                text, at, between = cell, j, []
            elif text != "":
                below = [line[j] for line in header[i + 1 :]]
                is_over = j - at > 1 or _may_spread(text, header, (i, at), words)
                is_closed = _is_new_group(header[:i], at, j)
                is_free = all(values.is_blank(line[j]) for line in header[:i])
                if is_over and not is_closed and is_free and _names_nothing(below, words):
                    between.append((i, j, str(text)))
                    if _is_total_of_all(row, at, below, words):
                        found += between
                        between = []
                elif is_closed or not (is_over and _says_more(text, below, words)):
                    text = ""
                elif is_free:
                    found += [*between, (i, j, str(text))]
                    between = []
    return found


def _names_nothing(below: Sequence[Cell], words: Mapping) -> bool:
    """Return whether the headings below one are all unknown.

    The one above then holds for them if it holds for the columns behind them.
    """
    held = [one for one in below if not values.is_blank(one)]
    return bool(held) and not any(_read_dims(one, words) for one in held)


def _is_total_of_all(row: Sequence[Cell], at: int, below: Sequence[Cell], words: Mapping) -> bool:
    """Return whether the headings below a use are totals, and the header names nothing else but labels.

    So the use holds for all products of the table.
    """
    pieces = read_row(row, words)
    others = [piece for j, piece in pieces.items() if j != at]
    held = [read_piece(one, words).header for one in below if not values.is_blank(one)]
    return (
        all(header and header.is_whole for header in held)
        and "product" not in _read_dims(row[at], words)
        and all(piece.header and piece.header.word == "label" for piece in others)
    )


def _may_spread(
    cell: Cell, header: Sequence[Sequence[Cell]], place: tuple[int, int], words: Mapping
) -> bool:
    """Return whether a heading may hold for the columns to its right.

    It does if it names what the headings below it do not, or if one of these is a total.
    """
    i, j = place
    below = [line[j] for line in header[i + 1 :]]
    return _says_more(cell, below, words) or _is_over_total(cell, below, words)


def _says_more(cell: Cell, below: Sequence[Cell], words: Mapping) -> bool:
    """Return whether a heading names a dim that no heading below it in its column names.

    A flow, a direction, a product, a year, a unit or coal equivalent. What both name must be a part
    of what the upper one names.
    """
    said = _read_dims(cell, words)
    lower = [dims for one in below if (dims := _read_dims(one, words))]
    named = {dim for dims in lower for dim in dims}
    wholes = (
        _lies_within(dim, dims[dim], said[dim])
        for dims in lower
        for dim in ("product", "flow")
        if dim in said and dim in dims
    )
    return bool(named) and bool(said.keys() - named) and all(wholes)


def _is_over_total(cell: Cell, below: Sequence[Cell], words: Mapping) -> bool:
    """Return whether a heading that names something stands over 合计, so that others of it stand to the right."""
    headers = (read_piece(one, words).header for one in below if not values.is_blank(one))
    is_total = any(header and header.is_whole for header in headers)
    return is_total and bool(_read_dims(cell, words))


def _lies_within(dim: str, part: str, whole: str) -> bool:
    if dim == "product":
        return vocabulary.is_product_within(part, whole)
    return whole in _OF_ANY or vocabulary.is_finer(part, whole)


def _read_dims(cell: Cell, words: Mapping) -> dict[str, str]:
    """Return what a heading names by dim; nothing where it is a unit, a rate or the heading of labels."""
    piece = HeaderPiece() if values.is_blank(cell) else read_piece(cell, words)
    if piece.year:
        return {"year": str(piece.year)}
    header = piece.header
    if header is None or header.word not in {None, "physical", "standard"}:
        return {}
    unit = header.units[0] if header.units else ""
    dims = {
        "quantity": header.word,
        "flow": header.flow or header.weak,
        "direction": header.direction,
        "product": header.product,
        "unit": unit,
    }
    return {dim: value for dim, value in dims.items() if value}


def _marks(row: Sequence[Cell], words: Mapping) -> tuple[frozenset[int], tuple[int, ...]]:
    """Return the columns of a row that are not blank, and those of its marks where one of them comes twice."""
    pieces = read_row(row, words)
    places = tuple(j for j, piece in pieces.items() if piece.mark)
    are_several = len({pieces[j].mark for j in places}) < len(places)
    return frozenset(pieces), places if are_several else ()
