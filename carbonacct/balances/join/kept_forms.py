"""The form of a table, kept for the tables with its labels: in its order, and in any order where that says nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.cache_limits import KEPT, MOST_KEPT
from carbonacct.balances.join.cell_kinds import find_kinds
from carbonacct.balances.join.form_axes import Axis
from carbonacct.balances.join.table_form import Form, lay_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.join.cell_kinds import CellKinds
    from carbonacct.balances.path.rows import Rows


def find_form(rows: Rows, flow: str, product: str, direction: str = "") -> Form:
    """Return what `lay_form` makes of the rows and columns of a table; a small one is kept."""
    are_few = len(rows.at) * len(rows.columns.each) <= MOST_KEPT
    return (_kept_form if are_few else lay_form)(rows, flow, product, direction)


@lru_cache(maxsize=KEPT)
def _kept_form(rows: Rows, flow: str, product: str, direction: str) -> Form:
    return _sort_out(rows, flow, product, direction) or lay_form(rows, flow, product, direction)


@lru_cache(maxsize=KEPT)
def _kept_form_of_kinds(kinds: CellKinds, flow: str, product: str, direction: str) -> Form:
    return lay_form(kinds.as_rows(), flow, product, direction)


def _sort_out(rows: Rows, flow: str, product: str, direction: str) -> Form | None:
    """Return the form of a table from that of all tables with its rows and columns.

    None where their order may say something.

    What is asked or said of cells is said in the order of the print, and labels that mean another
    thing beside one another are renamed in it: such tables are laid out by themselves.
    """
    found = find_kinds(rows)
    if found is None:
        return None
    kinds, of_rows, of_columns = found
    form = _kept_form_of_kinds(kinds, flow, product, direction)
    if form.doubts or form.assumed or form.may_contradict or form.by_unit.any():
        return None
    heads = tuple([rows.columns.each[j] for j in rows.columns.data])
    at = np.ix_(of_rows, of_columns)
    flows = _print_axis(form.flow, [*[key.flow for key in rows.keys], flow or rows.weak], at)
    products = _print_axis(
        form.product, ["", *[one.header.product or product for one in heads]], at
    )
    units = _print_axis(form.unit, ["", *[one.unit for one in heads]], at)
    if flows is None or products is None or units is None:
        return None
    none = np.zeros((len(of_rows), len(of_columns)), bool)
    return replace(
        form,
        rows=np.array(rows.at, np.int32),
        columns=np.array(rows.columns.data, np.int32),
        heads=heads,
        sign=form.sign[at],
        standard=form.standard[at] if form.standard.any() else none,
        area=Axis(form.area.labels, form.area.codes[at]),
        year=Axis(form.year.labels, form.year.codes[at]),
        flow=flows,
        product=products,
        unit=units,
        product_parents=rows.product_parents,
        marked=rows.marked,
        open_plants=rows.open_plants,
        by_unit=none,
        crossed=none,
        crossed_flows=none,
        traded=none,
        transformed=none,
        kinds=form,
        of_kinds=(of_rows[:, None] * len(form.columns) + of_columns).ravel(),
    )


def _print_axis(axis: Axis, printed: Sequence[str], at: tuple[np.ndarray, ...]) -> Axis | None:
    """Return what some cells say, with the labels in the order of the print.

    None if they are not those that are printed.
    """
    code: dict[str | None, int] = {label: n for n, label in enumerate(dict.fromkeys(printed))}
    if code.keys() != set(axis.labels):
        return None
    turned = np.array([code[label] for label in axis.labels], np.int32)
    return Axis(tuple(code), turned[axis.codes[at]])
