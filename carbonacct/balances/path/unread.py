"""Labels that say nothing beside one that does: a finer label that is not known is never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.label.labels import take_units
from carbonacct.characters import same_script
from carbonacct.errors import TableError, name_some
from carbonacct.sheets.raw_sheets import MisreadError, Unknown, cell_name
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

_LONGEST_NAMED = 60
_MOST_CELLS = 3  # named of one label; a long table has hundreds


class UnreadLabel(NamedTuple):
    """A label that is not known, and the place of one in its row that is.

    Rows as in the sheet, columns among the labels'.
    """

    row: int
    column: int
    known: int


def one_line(cell: Cell) -> str:
    """Return a label for a message: its lines in one, and no longer than a message can hold."""
    return " ".join(str(cell).split())[:_LONGEST_NAMED]


def repeats(text: Cell, others: Iterable[Cell]) -> bool:
    """Return whether a text is made of the texts beside it: coal_terminal beside coal and terminal, or a path of them.

    Examples
    --------
    >>> repeats("coal_terminal", ["coal", "terminal", "1995"]), repeats("coal_feedstock", ["coal", "terminal"])
    (True, False)
    """
    rest = vocabulary.fold(str(text))
    parts = {vocabulary.fold(other) for other in others if isinstance(other, str)}
    for part in sorted(parts - {"", rest}, key=len, reverse=True):
        rest = rest.replace(part, "", 1)
    return not rest


class LabelColumns:
    """Which column of labels is a function of which."""

    def __init__(self, cells: Sequence[Sequence[Cell]]) -> None:
        self.cells = cells
        self._known: dict[tuple[int, int], bool] = {}

    def follows(self, column: int, other: int) -> bool:
        """Return whether each label of the other column stands beside one label alone of a column."""
        if (column, other) not in self._known:
            both = [row for row in self.cells if row[column] and row[other]]
            self._known[column, other] = goes_with(
                [row[column] for row in both], [row[other] for row in both]
            )
        return self._known[column, other]


def sort_unread(
    unread: Iterable[UnreadLabel], beside: LabelColumns, start: int
) -> tuple[list[UnreadLabel], list[UnreadLabel]]:
    """Return the labels that reading must stop at, and those that may be a translation.

    Parameters
    ----------
    unread
        Labels that are not known beside one that is.
    beside, start
        The labels, and the row of the sheet that the first of them is.

    Notes
    -----
    Of two columns, one that is a function of the other and not the other way round is the outer one
    and adds nothing; else the right one is the finer. An English label that goes with the known
    Chinese one alone is its translation; a Chinese one beside a known English one says more.
    """
    finer: list[UnreadLabel] = []
    translated: list[UnreadLabel] = []
    for each in unread:
        text, known = (str(beside.cells[each.row - start][j]) for j in (each.column, each.known))
        follows = beside.follows(each.column, each.known)
        if not same_script(text, known):
            (translated if follows and same_script(text, "a") else finer).append(each)
        elif not (
            follows and (each.column < each.known or not beside.follows(each.known, each.column))
        ):
            finer.append(each)
    return finer, translated


def refuse(
    finer: Sequence[UnreadLabel],
    cells: Sequence[Sequence[Cell]],
    start: int,
    columns: Sequence[tuple[int, str]],
    *,
    words: Mapping,
) -> MisreadError:
    """Return the error that names all labels that are finer than what is known of their rows.

    Parameters
    ----------
    finer, cells, start
        As in `sort_unread`.
    columns
        Place in the sheet and kind of each column of labels.
    words
        The words of the table: a mapping file names labels without their units.
    """
    places: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for each in finer:
        cell = str(cells[each.row - start][each.column])
        text = one_line(take_units(cell, words)[0] or cell)
        held, place = (
            places.setdefault((each.column, text), []),
            (each.row, columns[each.column][0]),
        )
        if place not in held:  # asked for its flow and for its product
            held.append(place)
    unknown = tuple(
        Unknown("product" if columns[j][1] == "product" else "flow", text, tuple(where))
        for (j, text), where in places.items()
    )
    named = join_texts(
        ", ",
        (
            say(
                "{text!r} ({cells})",
                text=each.text,
                cells=name_some([cell_name(*cell) for cell in each.cells], _MOST_CELLS),
            )
            for each in unknown
        ),
    )
    known = one_line(cells[finer[0].row - start][finer[0].known])
    kind, text, ((row, column), *_) = unknown[0]
    message = say(
        "labels that are not known stand beside known ones, as beside {known!r}: "
        "{named}; give each an id in a mapping file ({kind},{text},...), or pass it "
        "over (ignore_row,{text} or ignore_column)",
        known=known,
        named=named,
        kind=kind,
        text=text,
    )
    return MisreadError(TableError, message, row=row, column=column, unknown=unknown)


def goes_with(texts: Sequence[Cell], labels: Sequence[Cell]) -> bool:
    """Return whether each label stands beside one text alone."""
    found: dict[Cell, Cell] = {}
    return all(
        found.setdefault(label, text) == text for label, text in zip(labels, texts, strict=True)
    )
