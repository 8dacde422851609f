"""Gross or net calorific value: what the texts of a sheet that are no labels say of its energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.conversions import find_bases
from carbonacct.errors import UnitError
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from carbonacct.balances.amounts.conversions import Basis
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.split.grid import Grid
    from carbonacct.sheets.raw_sheets import Sheet


def find_basis(sheet: Sheet, grid: Grid, columns: Columns, span: tuple[int, int]) -> Basis:
    """Return whether titles and notes say that energy is gross or net.

    Parameters
    ----------
    sheet, grid, columns
        The cells, what they read as, and what each column holds.
    span
        First row of the header, and first data row.

    Raises
    ------
    UnitError
        If they say both.
    """
    if not grid.texts.has_basis:
        return ""
    start, first = span
    words = np.flatnonzero(grid.status == values.UNREADABLE).tolist()
    places = [divmod(place, grid.status.shape[1]) for place in words]
    data = frozenset(columns.data)
    outside = [
        sheet.rows[i][j]
        for i, j in places
        if not grid.has_numbers[i] and not (start <= i < first and j in data)
    ]
    found = find_bases(text for text in outside if isinstance(text, str))
    if len(found) > 1:
        texts = join_texts(" and ", (repr(text[:60]) for text in found.values()))
        raise UnitError(
            say(
                "{address}: energy is said to be gross and net, {texts}; say which in a "
                "mapping file (basis,gross or basis,net)",
                address=sheet.address(start),
                texts=texts,
            )
        )
    return next(iter(found), "")
