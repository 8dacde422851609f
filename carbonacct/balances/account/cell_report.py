"""Every cell of a reading with its fate, what it means, and the cells of the labels that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.balances.account.fates import FATES, ROLES, Account
from carbonacct.records.title_areas import name_area
from carbonacct.sheets.raw_sheets import cell_name, column_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.account.fates import Passed
    from carbonacct.balances.join.block import Block
    from carbonacct.balances.join.sheet_tables import Page, TableExtent
    from carbonacct.balances.stops import Stop

_DIMS = ("area", "year", "flow", "product", "unit")
_LABELS = ("row_labels", "column_labels", "context")


class _Texts:
    """Texts and their codes; the first text is the blank one."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {"": 0}

    def code(self, text: str) -> int:
        return self.codes.setdefault(text, len(self.codes))


def list_cells(
    pages: Sequence[Page], stops: Sequence[Stop], passed: Sequence[Passed], year: int | None
) -> pd.DataFrame:
    """Return every cell of some sheets that is not blank.

    Parameters
    ----------
    pages, stops
        The sheets with their tables, and what reading stops at.
    passed
        The numbers of the tables that the balance does not hold.
    year
        The year of numbers beside which none is printed.

    Returns
    -------
    DataFrame
        One row per cell: ``file``, ``sheet``, ``row`` (from 1) and ``column`` (letters), ``role``,
        ``fate`` and ``reason`` (:mod:`carbonacct.balances.account.fates`); of a number that is used, or
        would be in a table that is not refused, its ``area, year, flow, product, unit``, and the
        cells of the labels that say so: in its row and
        above it (``row_labels``), in the header (``column_labels``), and above the table
        (``context``).

    Examples
    --------
    >>> import carbonacct as ca
    >>> cells = ca.read_tables("docs/tables/chongqing_2007.csv").fates
    >>> cells.fate.value_counts().loc[["used", "passed"]].tolist()
    [297, 0]
    >>> cells[(cells.row == 30) & (cells.column == "C")].squeeze()[["flow", "row_labels"]].tolist()
    ['households', 'A30']
    """
    texts = {name: _Texts() for name in ("file", "sheet", "column", "reason", *_DIMS, *_LABELS)}
    accounts = make_accounts(pages, stops, passed)
    parts = [_list_page(account, texts, str(year or "")) for account in accounts]
    codes = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    labels = {name: list(of.codes) for name, of in texts.items()} | {
        "role": [*ROLES],
        "fate": [*FATES],
    }
    return pd.DataFrame(
        {
            name: (
                found
                if name == "row"
                else pd.Categorical.from_codes(found, dtype=pd.CategoricalDtype(labels[name]))
            )
            for name, found in codes.items()
        }
    )


def make_accounts(
    pages: Sequence[Page], stops: Sequence[Stop], passed: Sequence[Passed]
) -> list[Account]:
    """Return the accounts of all sheets, with what the balance leaves out and what whole sheets are refused for."""
    accounts = [Account(page) for page in pages]
    tables = [(n, block) for n, page in enumerate(pages) for block in page.blocks]
    for each in passed:
        for number in np.unique(each.block).tolist():
            of_table = each.block == number
            accounts[tables[number][0]].pass_over(
                each.row[of_table], each.column[of_table], each.reason
            )
    for stop in stops:
        for account in accounts:
            page = account.page
            if page.sheet.file == stop.sheet.file and not (page.blocks or page.passed_over):
                account.refuse(str(stop.error))
    refused = {stop.sheet.file: stop.error for stop in reversed(stops) if not stop.unknown}
    for account in accounts:
        if (error := refused.get(account.page.sheet.file)) is not None:
            account.refuse_used(error.args[0])
    return accounts


def _list_page(account: Account, texts: dict[str, _Texts], year: str) -> dict[str, np.ndarray]:
    """Return the columns of the cells of one sheet, texts as codes."""
    sheet = account.page.sheet
    rows, columns = np.nonzero(account.there)
    count = len(rows)
    letters = np.array(
        [texts["column"].code(column_name(j)) for j in range(account.there.shape[1])], np.int32
    )
    reasons = np.array([texts["reason"].code(reason) for reason in account.reasons], np.int32)
    found: dict[str, np.ndarray] = {
        "file": np.full(count, texts["file"].code(sheet.file), np.int32),
        "sheet": np.full(count, texts["sheet"].code(sheet.name), np.int32),
        "row": rows + 1,
        "column": letters[columns],
        "role": account.role[rows, columns],
        "fate": account.fate[rows, columns],
        "reason": reasons[account.reason[rows, columns]],
    }
    meaning = {name: np.zeros(account.there.shape, np.int32) for name in (*_DIMS, *_LABELS)}
    for table in account.page.tables:
        if table.block is not None:
            for name, codes in _read_meaning(account, table, table.block, texts, year=year):
                meaning[name][table.block.form.places] = codes
    is_used = found["role"] == ROLES.index("number")
    is_used &= np.isin(found["fate"], (FATES.index("used"), FATES.index("refused")))
    for name, codes in meaning.items():
        found[name] = np.where(is_used, codes[rows, columns], 0)
    return found


def _read_meaning(
    account: Account, table: TableExtent, block: Block, texts: dict[str, _Texts], *, year: str
) -> Iterable[tuple[str, np.ndarray]]:
    """Yield what the cells of a table mean, dim by dim, and the cells of the labels that say so."""
    context = {"area": block.title.area, "year": str(block.title.year or year)}
    for dim in _DIMS:
        axis = getattr(block.form, dim)
        meanings = [_resolve(dim, label or "", context.get(dim, "")) for label in axis.labels]
        codes = np.array([texts[dim].code(meaning) for meaning in meanings], np.int32)
        yield dim, codes[axis.codes]
    of_rows = _name_row_labels(account, table)
    of_columns = [_name_header(account.page, table, j) for j in table.columns.data]
    for name, labels, shape in (
        ("row_labels", of_rows, (-1, 1)),
        ("column_labels", of_columns, (1, -1)),
        ("context", [_name(account.list_titles(table.top, table.start))], (1, 1)),
    ):
        codes = np.array([texts[name].code(text) for text in labels], np.int32)
        yield name, codes.reshape(shape)


def _resolve(dim: str, label: str, context: str) -> str:
    """Return what a label means that says it by the title: 上年 is the year before, 市辖区 a part of the area."""
    if dim == "year" and label.startswith("-"):
        return str(int(context) + int(label)) if context else ""
    return name_area(label, context) if dim == "area" else label or context


def _name_row_labels(account: Account, table: TableExtent) -> list[str]:
    """Return the cells that name each row: its own, those that fill down from above, and its heading."""
    if table.rows is None:
        return []
    stubs = table.columns.stubs
    keys = {j for j in stubs if table.columns.each[j].kind in {"area", "year"}}
    last: dict[int, int] = {}
    named = {}
    wanted = {*table.rows.at}
    # A label may stand above the rows with numbers, or behind them.
    for i in range(min([table.first, *wanted]), max([table.end, *(i + 1 for i in wanted)])):
        for j in stubs:
            if account.there[i, j]:
                last[j] = i
        if i in wanted:
            own = [
                (last[j] if j in keys else i, j)
                for j in stubs
                if account.there[i, j] or j in keys & last.keys()
            ]
            heading = table.rows.below.get(i)
            names = table.columns.labels or table.columns.names
            over = [
                (heading, j) for j in names if heading is not None and account.there[heading, j]
            ]
            named[i] = _name([*over, *own])
    return [named[i] for i in table.rows.at]


def _name_header(page: Page, table: TableExtent, j: int) -> str:
    """Return the cells of the header of a column; a text that is merged over it stands to the left."""
    spread = {*page.spread}
    cells = []
    for i in range(table.start, table.first):
        left = j
        while (i, left) in spread:
            left -= 1
        cell = page.sheet.rows[i][left]
        if cell not in ("", None):
            cells.append((i, left))
    return _name(cells)


def _name(cells: Sequence[tuple[int, int]]) -> str:
    return " ".join(cell_name(*cell) for cell in cells)
