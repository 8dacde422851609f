"""Tables of flows by products in which the order of rows and columns says nothing.

Tables with the same rows and columns in any order are then read once.

Order matters where a column is marked as a part (#汽油 behind 油品) or names a flow, a year or an
area, and where rows print a product, a unit, an area or a year of their own. In all other tables
the meaning of a cell follows from the labels of its row and its column alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from carbonacct.balances.label.headers import Header
from carbonacct.balances.path.columns import Columns, TableColumn
from carbonacct.balances.path.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.label.printed_units import Corner
    from carbonacct.balances.path.row_reader import RowKey
    from carbonacct.balances.words.mapping import Mapping

_Says = TypeVar("_Says", bound=tuple[object, ...])


class ColumnSays(NamedTuple):
    """What a column says that names a product and nothing that hangs on other columns."""

    product: str
    unit: str
    sign: int
    is_standard: bool
    has_own_unit: bool


class CellKinds(NamedTuple):
    """The rows of a table that differ and its columns that differ, each once and sorted.

    Attributes
    ----------
    columns
        One object for all tables with these columns: it is a key of caches.
    keys
        What the rows say.
    weak
        The flow of rows that say no firmer one.
    """

    columns: Columns
    keys: tuple[RowKey, ...]
    weak: str

    def as_rows(self) -> Rows:
        """Return the table that has each row and each column once."""
        return Rows(
            columns=self.columns,
            at=tuple(range(len(self.keys))),
            keys=self.keys,
            left_out=frozenset(),
            parents={},
            product_parents={},
            own_parts=frozenset(),
            notes=(),
            weak=self.weak,
        )


def find_kinds(rows: Rows) -> tuple[CellKinds, np.ndarray, np.ndarray] | None:
    """Return the kinds of cells of a table, and which of them each row and each column is.

    None where their order may say something.

    Parameters
    ----------
    rows
        What the rows and columns say.
    """
    columns = rows.columns
    if not columns.labels:
        return None
    if any(key.area or key.year or key.product or key.unit for key in rows.keys):
        return None
    heads = [_say(columns.each[j]) for j in columns.data]
    if None in heads:
        return None
    keys, of_rows = _number(rows.keys)
    differing, of_heads = _number([head for head in heads if head])
    words, corner = columns.words, columns.corner
    sorted_columns = words.remember(
        ("columns in any order", corner, differing), lambda: _lay_out(differing, words, corner)
    )
    return CellKinds(sorted_columns, keys, rows.weak), of_rows, of_heads


def _lay_out(columns: Sequence[ColumnSays], words: Mapping, corner: Corner) -> Columns:
    """Return columns of amounts behind one of labels."""
    amounts = (
        TableColumn(
            Header(
                "",
                product=one.product or None,
                word="standard" if one.is_standard else None,
                sign=one.sign,
            ),
            "data",
            one.unit,
            has_own_unit=one.has_own_unit,
        )
        for one in columns
    )
    labels = TableColumn(Header("", word="label"), "label")
    return Columns(words, (labels, *amounts), corner)


def _say(column: TableColumn) -> ColumnSays | None:
    """Return what a column says, None where it hangs on others."""
    head = column.header
    if head.flow or head.weak or head.direction or head.of_which or head.year or head.years_back:
        return None
    if head.area or head.coverage:
        return None
    return ColumnSays(
        head.product or "", column.unit, head.sign, head.word == "standard", column.has_own_unit
    )


def _number(those: Sequence[_Says]) -> tuple[tuple[_Says, ...], np.ndarray]:
    """Return those that differ, sorted, and for each its number among them."""
    kinds = sorted(set(those))
    number = {one: n for n, one in enumerate(kinds)}
    return tuple(kinds), np.array([number[one] for one in those], np.intp)
