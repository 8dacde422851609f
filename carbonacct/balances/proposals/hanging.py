"""What hangs on a label of a sheet: its numbers, what is known beside it, and what its column holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.label.headers import year_of
from carbonacct.balances.label.labels import read_label, unit_expression, unit_known
from carbonacct.balances.proposals.candidates import LabelSurroundings
from carbonacct.balances.words.mapping import Mapping
from carbonacct.characters import same_script
from carbonacct.near_words import find_languages
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.balances.join.sheet_tables import Page, TableExtent

_Cell = TypeVar("_Cell")
_Cells = tuple[tuple[int, int], ...]
_MOSTLY = 0.8
_SAMPLE = 200


def count_numbers(page: Page, cells: _Cells) -> int:
    """Return how many numbers hang on a label: those of its row, or those below it."""
    return int(_find_hanging(page, cells).sum())


def sum_sizes(page: Page, cells: _Cells) -> float:
    """Return the share of the numbers that hang on a label in the sum of all numbers, as printed and without signs."""
    if page.grid is None or not page.grid.plain.any():
        return 0.0
    size = np.where(_find_amounts(page, page.grid.plain), np.abs(page.grid.number), 0.0)
    return float(size[_find_hanging(page, cells)].sum() / (size.sum() or 1.0))


def _find_hanging(page: Page, cells: _Cells) -> np.ndarray:
    """Return which numbers hang on a label."""
    if page.grid is None:
        return np.zeros((0, 0), bool)
    plain = _find_amounts(page, page.grid.plain)
    found = np.zeros(plain.shape, bool)
    for i, j in cells:
        if plain[i, j]:  # a number that lacks its unit
            found[i, j] = True
        elif plain[i].any():
            found[i] |= plain[i]
        else:
            found[i:, j] |= plain[i:, j]
    return found


def _find_amounts(page: Page, plain: np.ndarray) -> np.ndarray:
    """Return the numbers of a sheet that may be amounts: not those of columns that are passed over."""
    amounts = plain.copy()
    for table in page.tables:
        passed = [
            j for j, column in enumerate(table.columns.each) if column.kind in {"skip", "text"}
        ]
        amounts[table.first : table.end, passed] = False
    return amounts


def find_beside(page: Page, kind: str, cell: tuple[int, int]) -> LabelSurroundings:
    """Return what is known beside a label: the nearest labels of its kind, all of them, and its unit."""
    i, j = cell
    languages = find_languages(str(page.sheet.rows[i][j]), page.sheet.list_texts())
    table = next((each for each in page.tables if each.start <= i < each.end and each.rows), None)
    if table is None or table.rows is None:
        return LabelSurroundings(languages=languages)
    heads = {k: getattr(table.columns.each[k].header, kind) or "" for k in table.columns.data}
    keys = {at: getattr(key, kind) for at, key in zip(table.rows.at, table.rows.keys, strict=True)}
    in_header = i < table.first
    line, place = (heads, j) if in_header else (keys, i)
    known = {at: identifier for at, identifier in line.items() if identifier}
    before = max((at for at in known if at < place), default=None)
    behind = min((at for at in known if at > place), default=None)
    return LabelSurroundings(
        before=known[before] if before is not None else "",
        behind=known[behind] if behind is not None else "",
        used=frozenset(filter(None, (*heads.values(), *keys.values()))),
        unit=_find_unit(table, cell) if kind == "product" else "",
        languages=languages,
    )


def list_beside_in_row(page: Page, kind: str, cell: tuple[int, int]) -> list[str]:
    """Return the flows (products) that other labels of the row of a label name."""
    i, j = cell
    table = next((each for each in page.tables if each.first <= i < each.end), None)
    if table is None:
        return []
    row = page.sheet.rows[i]
    texts = [
        text
        for k in table.columns.names
        if k != j and isinstance(text := row[k], str) and text.strip()
    ]
    named = (getattr(read_label(text, table.columns.words), kind, "") for text in texts)
    return list(dict.fromkeys(filter(None, named)))


def find_topic(page: Page, cell: tuple[int, int]) -> str:
    """Return the use that the title of the table of a cell is about, "" where that is all uses or none."""
    i, _ = cell
    table = next((each for each in page.tables if each.start <= i < each.end), None)
    about = table.title.flow if table and table.title else ""
    return about if about and vocabulary.is_finer(about, "final_consumption") else ""


def find_translation(page: Page, cell: tuple[int, int]) -> str:
    """Return both ids that a label in another script beside a label says, "" where none does.

    胡言 | Diesel consumption of agriculture.
    """
    i, j = cell
    table = next((each for each in page.tables if each.first <= i < each.end), None)
    row, text = page.sheet.rows[i], str(page.sheet.rows[i][j])
    for k in table.columns.names if table else ():
        other = row[k]
        if not isinstance(other, str) or not other.strip() or same_script(text, other):
            continue
        joined = read_label(other, table.columns.words).joined if table else None
        if joined and joined.flow and joined.product:
            return f"{joined.flow} + {joined.product}"
    return ""


def contradicts_its_unit(page: Page, cell: tuple[int, int]) -> bool:
    """Return whether a cell names a known product, over its column or in its row: its unit cannot measure it."""
    i, j = cell
    table = next((each for each in page.tables if each.start <= i < each.end), None)
    if table is None:
        return False
    column = table.columns.each[j]
    if i < table.first:
        return column.kind == "misread" and bool(column.header.product)
    label = read_label(str(page.sheet.rows[i][j]), table.columns.words)
    joined = label.joined.product if label.joined else ""  # Fuelwood - Consumption by households
    own = set(label.names) & table.columns.words.products.keys()
    return bool(label.product or joined or own)


def _find_unit(table: TableExtent, cell: tuple[int, int]) -> str:
    """Return the unit that is printed for a product of a header or a row."""
    i, j = cell
    column = table.columns.each[j]
    if i < table.first:
        words = table.columns.words
        clear = [unit for unit in column.header.units if unit_known(unit, words)]
        return unit_expression(clear[0], words) if clear else table.columns.corner.units.get("", "")
    return ""


def rank_columns(page: Page, kind: str, cells: _Cells) -> dict[str, float]:
    """Return what a column holds, by the cells below its header; nothing if the label is no header of labels.

    Years, and texts that are mostly known areas, units, flows or products, are told.
    """
    i, j = cells[0]
    grid, rows = page.grid, page.sheet.rows
    in_rows = any(table.rows and table.first <= i < table.end for table in page.tables)
    if grid is None or (kind != "column" and (in_rows or len(cells) > 1 or grid.plain[i].any())):
        return {}
    places = cells if in_rows else [(k, j) for k in range(i + 1, len(rows)) if j < len(rows[k])]
    below = [rows[k][m] for k, m in places if not values.is_blank(rows[k][m])][:_SAMPLE]
    if not below:
        return {}
    if _share(below, lambda cell: year_of(cell) is not None) == 1.0:
        return {"year": 1.0} if _has_stubs(page, cells[0]) else {}
    texts = [cell for cell in below if isinstance(cell, str) and not values.is_number(cell)]
    if len(texts) < _MOSTLY * len(below):
        return {}
    words = Mapping()
    shares = {
        "area": _share(texts, lambda text: vocabulary.resolve("area", text) is not None),
        "unit": _share(texts, lambda text: unit_known(text, words)),
        "flow": _share(texts, lambda text: vocabulary.resolve("flow", text) is not None),
        "product": _share(texts, lambda text: vocabulary.resolve("product", text) is not None),
    }
    found = {held: share for held, share in shares.items() if share > 0}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def holds_numbers(page: Page, cell: tuple[int, int]) -> bool:
    """Return whether most cells below a header are numbers."""
    i, j = cell
    below = page.grid.plain[i + 1 :, j] if page.grid is not None else np.zeros(0, bool)
    return bool(len(below)) and bool(below.mean() > _MOSTLY)


def _has_stubs(page: Page, cell: tuple[int, int]) -> bool:
    """Return whether a column may hold years: several columns of texts stand beside it, and the title has no year."""
    table = next((each for each in page.tables if each.start <= cell[0] < each.first), None)
    if table is not None and table.title and table.title.year:
        return False
    if table is not None and len(table.columns.stubs) > 1:
        return True
    grid = page.grid
    if grid is None:
        return False
    below = grid.status[cell[0] + 1 :] == values.UNREADABLE
    return int((below.mean(axis=0) > _MOSTLY).sum()) > 1


def _share(cells: Sequence[_Cell], is_so: Callable[[_Cell], bool]) -> float:
    return sum(map(is_so, cells)) / len(cells)
