"""Rows and columns dropped, doubled, moved or merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.sheets.raw_sheets import cell_name
from tests.fuzzing.kinds import hidden, shown

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Cell
    from tests.fuzzing.base import Dim, Place, Spot
    from tests.fuzzing.draft import Draft


def _row_text(row: list[Cell]) -> str:
    return " | ".join(str(cell).strip() for cell in row[:4])


def _drop_row(draft: Draft, spot: Spot | None) -> str | None:
    if spot is None:
        return None
    text = _row_text(draft.rows(spot.sheet)[spot.row])
    draft.drop_row(spot.sheet, spot.row)
    return f"row {spot.row + 1} dropped: {text}"


@shown
def row_dropped(draft: Draft) -> str | None:
    """Leave a row out."""
    return _drop_row(draft, draft.pick(lambda spot: _is_row(draft, spot, whole=False)))


@hidden("the row that holds it has more, so that it stands in no sum of rows")
def of_which_row_dropped(draft: Draft) -> str | None:
    """Leave out a row that another holds beside more, such as feedstock."""
    flows = vocabulary.flows()
    spot = draft.pick(lambda s: draft.base.in_row(s, "flow") and flows[s.flow].part == "of")
    return _drop_row(draft, spot)


@shown
def total_row_dropped(draft: Draft) -> str | None:
    """Leave out a row that others are parts of."""
    return _drop_row(draft, draft.pick(lambda spot: _is_row(draft, spot, whole=True)))


def _is_row(draft: Draft, spot: Spot, *, whole: bool) -> bool:
    base = draft.base
    is_of = vocabulary.flows()[spot.flow].part == "of"
    return base.in_row(spot, "flow") and not is_of and (spot.flow in base.wholes["flow"]) == whole


@shown
def row_doubled(draft: Draft) -> str | None:
    """Copy a row twice."""
    spot = draft.pick()
    if spot is None:
        return None
    rows = draft.rows(spot.sheet)
    at = draft.chance.choice([spot.row + 1, len(rows)])
    draft.insert_row(spot.sheet, at, list(rows[spot.row]))
    return f"row {spot.row + 1} again as row {at + 1}: {_row_text(rows[spot.row])}"


@shown
def row_doubled_with_other_numbers(draft: Draft) -> str | None:
    """Copy a label twice, over the numbers of another row."""
    spot = draft.pick()
    other = draft.pick(
        lambda each: (
            spot is not None
            and (each.sheet, each.row) != (spot.sheet, spot.row)
            and each.sheet == spot.sheet
        )
    )
    if spot is None or other is None:
        return None
    rows = draft.rows(spot.sheet)
    labels = draft.base.labels(spot.sheet, spot.row)
    new = [cell if j in labels else rows[other.row][j] for j, cell in enumerate(rows[spot.row])]
    draft.insert_row(spot.sheet, spot.row + 1, new)
    return f"row {spot.row + 1} again, over the numbers of row {other.row + 1}: {_row_text(new)}"


def _drop_column(draft: Draft, spot: Spot) -> str:
    for row in draft.rows(spot.sheet):
        del row[spot.column]
    draft.unmerge(spot.sheet)
    return f"column {cell_name(0, spot.column)[:-1]} dropped: {spot.product}"


@shown
def column_dropped(draft: Draft) -> str | None:
    """Leave out a column of a printed total."""
    spot = draft.pick(lambda spot: _is_column(draft, spot, alone=False))
    return _drop_column(draft, spot) if spot else None


@hidden("nothing adds up to a column that stands in no total")
def lone_column_dropped(draft: Draft) -> str | None:
    """Leave out a column of no printed total."""
    spot = draft.pick(lambda spot: _is_column(draft, spot, alone=True))
    return _drop_column(draft, spot) if spot else None


def _is_column(draft: Draft, spot: Spot, *, alone: bool) -> bool:
    base = draft.base
    return not base.in_row(spot, "product") and base.in_total(spot) != alone


@shown
def column_doubled(draft: Draft) -> str | None:
    """Copy a column twice."""
    spot = draft.pick()
    if spot is None:
        return None
    for row in draft.rows(spot.sheet):
        row.insert(spot.column, row[spot.column])
    draft.unmerge(spot.sheet)
    return f"column {cell_name(0, spot.column)[:-1]} twice: {spot.product}"


def _data_part(draft: Draft, spot: Spot) -> list[int]:
    return draft.base.data_columns[spot.sheet]


@shown
def row_moved_right(draft: Draft) -> str | None:
    """Move the numbers of a row one column to the right, from somewhere in it."""
    return _move_row(draft, 1)


@shown
def row_moved_left(draft: Draft) -> str | None:
    """Move the numbers of a row one column to the left, from somewhere in it."""
    return _move_row(draft, -1)


def _move_row(draft: Draft, step: int) -> str | None:
    spot = draft.pick(lambda spot: len(_data_part(draft, spot)) > 2)
    if spot is None:
        return None
    row = draft.rows(spot.sheet)[spot.row]
    columns = [j for j in _data_part(draft, spot) if j >= spot.column]
    cells = [row[j] for j in columns]
    cells = ["", *cells[:-1]] if step > 0 else [*cells[1:], ""]
    for j, cell in zip(columns, cells, strict=True):
        row[j] = cell
    return f"row {spot.row + 1} moved by {step} from {cell_name(spot.row, spot.column)} on"


@shown
def column_moved_down(draft: Draft) -> str | None:
    """Move the numbers of a column one row down, from somewhere in it."""
    return _move_column(draft, 1)


@shown
def column_moved_up(draft: Draft) -> str | None:
    """Move the numbers of a column one row up, from somewhere in it."""
    return _move_column(draft, -1)


def _move_column(draft: Draft, step: int) -> str | None:
    spot = draft.pick()
    if spot is None:
        return None
    rows = draft.rows(spot.sheet)
    places = [i for i in draft.base.data_rows[spot.sheet] if i >= spot.row]
    cells = [rows[i][spot.column] for i in places]
    cells = ["", *cells[:-1]] if step > 0 else [*cells[1:], ""]
    for i, cell in zip(places, cells, strict=True):
        rows[i][spot.column] = cell
    return f"column of {spot.product} moved by {step} from {cell_name(spot.row, spot.column)} on"


def _swap_numbers(draft: Draft, one: Spot, other: Spot, *, rows: bool) -> str:
    cells = draft.rows(one.sheet)
    if rows:
        for j in _data_part(draft, one):
            cells[one.row][j], cells[other.row][j] = cells[other.row][j], cells[one.row][j]
        return (
            f"numbers of rows {one.row + 1} and {other.row + 1} swapped ({one.flow}, {other.flow})"
        )
    for i in draft.base.data_rows[one.sheet]:
        row = cells[i]
        row[one.column], row[other.column] = row[other.column], row[one.column]
    return f"numbers of two columns swapped ({one.product}, {other.product})"


@shown
def numbers_of_rows_swapped(draft: Draft) -> str | None:
    """Swap the numbers of two rows that are parts of different rows."""
    pair = _pick_two(draft, "flow")
    return _swap_numbers(draft, *pair, rows=True) if pair else None


@shown
def numbers_of_columns_swapped(draft: Draft) -> str | None:
    """Swap the numbers of two columns that are parts of different totals."""
    pair = _pick_two(draft, "product")
    return _swap_numbers(draft, *pair, rows=False) if pair else None


def _pick_two(draft: Draft, dim: Dim) -> tuple[Spot, Spot] | None:
    """Return two numbers whose flows or products belong to different printed totals."""
    one = draft.pick()
    if one is None:
        return None
    whole = draft.base.printed_whole(dim, getattr(one, dim))

    def fits(other: Spot) -> bool:
        apart = other.row != one.row and other.column != one.column and other.sheet == one.sheet
        return apart and draft.base.printed_whole(dim, getattr(other, dim)) != whole

    other = draft.pick(fits)
    return (one, other) if other else None


@shown
def rows_cut(draft: Draft) -> str | None:
    """Cut off the end of a table."""
    spot = draft.pick()
    if spot is None:
        return None
    del draft.rows(spot.sheet)[spot.row + 1 :]
    draft.unmerge(spot.sheet)
    return f"cut behind row {spot.row + 1}"


@hidden("what is not there leaves no gap where it is the end of a table")
def columns_cut(draft: Draft) -> str | None:
    """Cut off the right side of a table."""
    spot = draft.pick()
    if spot is None:
        return None
    for row in draft.rows(spot.sheet):
        del row[spot.column + 1 :]
    draft.unmerge(spot.sheet)
    return f"cut behind column {cell_name(0, spot.column)[:-1]}"


@shown
def numbers_merged_down(draft: Draft) -> str | None:
    """Merge a number with the cell below it, whose own number is gone."""
    spot = draft.pick(lambda spot: spot.row + 1 in draft.base.data_rows[spot.sheet])
    if spot is None:
        return None
    draft.merge(spot.sheet, (spot.row, spot.column), (spot.row + 1, spot.column))
    return "merged down; " + draft.put((spot.sheet, spot.row + 1, spot.column), "")


@shown
def numbers_merged_right(draft: Draft) -> str | None:
    """Merge a number with the cell to its right, whose own number is gone."""
    spot = draft.pick(lambda spot: spot.column + 1 in _data_part(draft, spot))
    if spot is None:
        return None
    draft.merge(spot.sheet, (spot.row, spot.column), (spot.row, spot.column + 1))
    return "merged right; " + draft.put((spot.sheet, spot.row, spot.column + 1), "")


@shown
def header_repeated(draft: Draft) -> str | None:
    """Copy the header of a column over the next one."""

    def before(spot: Spot) -> list[Place]:
        left = spot.column - 1
        return draft.base.headers(spot.sheet, left) if left in _data_part(draft, spot) else []

    spot = draft.pick(lambda spot: bool(before(spot)))
    if spot is None:
        return None
    places = before(spot)
    done = [draft.put((sheet, i, j + 1), draft.get((sheet, i, j))) for sheet, i, j in places]
    return "; ".join(done)


@shown
def page_number_in_a_row(draft: Draft) -> str | None:
    """Print the number of a page in the middle of a table."""
    spot = draft.pick()
    if spot is None:
        return None
    row: list[Cell] = [""] * len(draft.rows(spot.sheet)[0])
    row[draft.chance.choice([0, spot.column])] = draft.chance.choice(["- 118 -", "118", 118.0])
    draft.insert_row(spot.sheet, spot.row + 1, row)
    return f"row put in behind row {spot.row + 1}: {[cell for cell in row if cell != '']}"


@shown
def number_split(draft: Draft) -> str | None:
    """Split a number at its point over two cells, where the next is blank."""
    spot = draft.pick(
        lambda spot: (
            "." in draft.base.text_of(spot)
            and draft.get((spot.sheet, spot.row, spot.column + 1)) == ""
            and spot.column + 1 in _data_part(draft, spot)
        )
    )
    if spot is None:
        return None
    whole, _, part = draft.base.text_of(spot).partition(".")
    draft.put((spot.sheet, spot.row, spot.column + 1), part)
    return draft.put(spot.place, whole)
