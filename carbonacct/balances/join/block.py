"""Rows x columns of one table -> its cells, each with area, year, flow, product and unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.join.kept_forms import find_form
from carbonacct.balances.label.labels import take_units
from carbonacct.balances.path.printed_labels import find_header, row_label
from carbonacct.balances.words.compounds import BY_NETWORK
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import Answer, MisreadError, Unknown, cell_name
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances.join.table_form import Form
    from carbonacct.balances.label.titles import Title
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.split.grid import Grid
    from carbonacct.errors import Finding
    from carbonacct.sheets.raw_sheets import Sheet


@dataclass
class Block:
    """One table: its cells as arrays (rows x columns), and what they are.

    Attributes
    ----------
    form
        What the cells are.
    printed, status
        The numbers as printed, and the missing-value status of each cell.
    rows
        What its labels say.
    """

    sheet: Sheet
    title: Title
    form: Form
    printed: np.ndarray
    status: np.ndarray
    rows: Rows
    findings: list[Finding] = field(default_factory=list)

    def address(self, row: int, column: int) -> str:
        """Return ``file!sheet!cell`` of a cell of the arrays."""
        return self.sheet.address(int(self.form.rows[row]), int(self.form.columns[column]))

    def cells_of(self, where: np.ndarray) -> tuple[tuple[int, int], ...]:
        """Return the cells of the sheet (row, column) of a choice of the arrays' cells."""
        rows, columns = np.nonzero(where)
        return tuple(
            zip(self.form.rows[rows].tolist(), self.form.columns[columns].tolist(), strict=True)
        )


def join(sheet: Sheet, grid: Grid, rows: Rows, title: Title) -> Block:
    """Lay what the rows of a table say over what its columns say, within what its title says.

    Parameters
    ----------
    sheet, grid
        The cells, and what they read as.
    rows
        What rows and columns say; at least one row names something.
    title
        What holds where row and column say nothing.

    Raises
    ------
    MisreadError
        If a row and a column contradict each other.
    """
    form = find_form(rows, title.flow, title.product, title.direction)
    printed = grid.number[form.places]
    if form.may_contradict:
        _refuse_crossed(sheet, form, rows, printed)
        _refuse_traded(sheet, form, rows, printed)
        _refuse_transformed(sheet, form, rows, printed)
    return Block(
        sheet,
        title,
        form,
        printed=printed,
        status=grid.status[form.places],
        rows=rows,
    )


def _find_amount(cells: np.ndarray, printed: np.ndarray) -> list[int] | None:
    """Return row and column of the first of some cells that holds an amount; a blank or a zero is none."""
    held = np.argwhere(cells & (np.nan_to_num(printed) != 0))
    return held[0].tolist() if len(held) else None


def _refuse_crossed(sheet: Sheet, form: Form, rows: Rows, printed: np.ndarray) -> None:
    """Refuse an amount that row and column say to be of two things: coal beside Public electricity."""
    if at := _find_amount(form.crossed_flows.T, printed.T):
        k, i = at
        key, head = rows.keys[i], form.heads[k].header
        message = say(
            "the row is of {flow} and the column {header} of {other}, and neither is a"
            " part of the other; give it another id in a mapping file (--mapping), or pass the"
            " column over: ignore_column,{text},,,{why}",
            flow=key.flow,
            text=head.text,
            why=say("why"),
            header=repr(head.text),
            other=head.flow,
        )
    elif at := _find_amount(form.crossed, printed):
        i, k = at
        key, head = rows.keys[i], form.heads[k].header
        message = say(
            "the row is of {product} and the column {header} of {other}, and neither holds the"
            " other; give it another id in a mapping file (--mapping), or pass the"
            " column over: ignore_column,{text},,,{why}",
            product=key.product,
            text=head.text,
            why=say("why"),
            header=repr(head.text),
            other=head.product,
        )
    else:
        return
    row, column = int(form.rows[i]), int(form.columns[k])
    answers = _answer_crossed(sheet, form, rows, printed)
    raise MisreadError(TableError, message, row=row, column=column, answers=answers)


def _answer_crossed(
    sheet: Sheet, form: Form, rows: Rows, printed: np.ndarray
) -> tuple[Answer, ...]:
    """Return what headers that contradict rows may be: one of two things names the product, or nothing."""
    crossed = (form.crossed | form.crossed_flows) & (np.nan_to_num(printed) != 0)
    answers = []
    for k in np.flatnonzero(crossed.any(axis=0)).tolist():
        head, i = form.heads[k].header, int(np.argmax(crossed[:, k]))
        if not head.text:
            continue
        is_joined = bool(head.product and head.flow and form.crossed_flows[i, k])
        ids = (str(head.product), LEFT_OUT) if is_joined else (LEFT_OUT,)
        place = find_header(sheet, rows.at[0], int(form.columns[k]))
        label = Unknown("product" if head.product else "flow", head.text, (place,))
        why = say("contradicts the row of {cell}", cell=cell_name(*_cell(form, i, k)))
        answers.append(Answer(label, ids, why))
    return tuple(answers)


def _cell(form: Form, i: int, k: int) -> tuple[int, int]:
    return int(form.rows[i]), int(form.columns[k])


def _refuse_traded(sheet: Sheet, form: Form, rows: Rows, printed: np.ndarray) -> None:
    """Ask for sales and supplies of what no network delivers: 销售量 beside 汽油 goes elsewhere and into stocks."""
    at = _find_amount(form.traded, printed)
    if at is None:
        return
    i, k = at
    key, head = rows.keys[i], form.heads[k].header
    row, column = int(form.rows[i]), int(form.columns[k])
    of_row = key.flow in BY_NETWORK
    text = _name_of(sheet, rows, row) if of_row else head.text or sheet.name
    raise MisreadError(
        TableError,
        say(
            "{label} of {product} is no use of the area: it may go to other areas and into stocks;"
            " use a table of consumption, or give {label} an id in a mapping file (--mapping)",
            label=repr(text),
            product=form.product.labels[form.product.codes[i, k]],
        ),
        row=row,
        column=column,
        unknown=(Unknown("flow", text, ((row, rows.columns.stubs[0] if of_row else column),)),),
    )


def _name_of(sheet: Sheet, rows: Rows, row: int) -> str:
    """Return the label of a row as a mapping file names it, without its units."""
    text = row_label(sheet, rows.columns, row)
    return take_units(text, rows.columns.words)[0] or text


def _refuse_transformed(sheet: Sheet, form: Form, rows: Rows, printed: np.ndarray) -> None:
    """Ask which plants of a branch take in or put out: coal of 黑色金属冶炼和压延加工业 that becomes coke."""
    at = _find_amount(form.transformed, printed)
    if at is None:
        return
    i, k = at
    head = form.heads[k].header
    row, column = int(form.rows[i]), int(form.columns[k])
    of_row = bool(rows.keys[i].flow)
    text = _name_of(sheet, rows, row) if of_row else head.text or sheet.name
    raise MisreadError(
        TableError,
        say(
            "the table is of inputs or outputs of transformation, and {label} does not say of which plants:"
            " what they transform is not burnt; give {label} the id of the plants (coking.input,"
            " coal_washing.input, thermal_power.input ...) in a mapping file (--mapping), or use a table of"
            " consumption",
            label=repr(text),
        ),
        row=row,
        column=column,
        unknown=(Unknown("flow", text, ((row, rows.columns.stubs[0] if of_row else column),)),),
    )
