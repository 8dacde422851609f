"""The sheet of electricity and heat at their users: use and losses, by the factor of the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import vocabulary
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.workbook.plan import step_key
from carbonacct.report.workbook.table import FIRST_ROW, Editable, Formula, SheetColumn, add_table
from carbonacct.report.workbook.workbook_words import word
from carbonacct.sectors.energy.at_users import LOSSES, UserOrigin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.report.workbook.plan import Plan
    from carbonacct.report.workbook.table import Book
    from carbonacct.sectors.energy.at_users import UserCell
    from carbonacct.sectors.energy.tracing import FactorStep

_SHEET = ("用电用热", "power and heat users")
_TITLE = ("各用户用电用热的间接排放", "Indirect emissions of power and heat by user")
_NOTE = (
    "范围二 = 用量 × 电网因子；范围三 = 用量 / 同品种用量合计 × 输配损失 × 电网因子。GPC 表由本表加总。",
    (
        "Scope 2 = use x factor of the grid; scope 3 = use / all use of the product x losses x"
        " factor. The table GPC adds these up."
    ),
)
_HEADS = (
    ("地区", "area", "text"),
    ("年份", "year", "year"),
    ("用户", "user", "text"),
    ("品种", "product", "text"),
    ("用量", "use", "amount"),
    ("分摊的输配损失", "losses of the grid", "amount"),
    ("单位", "unit", "text"),
    ("电网因子", "factor of the grid", "factor"),
    ("因子单位", "unit of factor", "text"),
    ("范围二（t CO2）", "scope 2 (t CO2)", "amount"),
    ("范围三（t CO2）", "scope 3 (t CO2)", "amount"),
    ("用量所在单元格", "cell of the use", "text"),
    ("因子所在行", "row of the factor", "text"),
)
_COLUMN_OF = {False: "J", True: "K"}  # of scope 2 and of scope 3


def add_users(book: Book, table: OfficialTable, plan: Plan | None) -> dict[tuple[int, int], str]:
    """Add the sheet of users of a table of cities; return the cell of each entry by origin and cell.

    Parameters
    ----------
    table
        Entries of use come before those of losses.
    plan
        Where amounts and factors stand in the workbook; without it they are values here.
    """
    side = 0 if book.lang == "zh" else 1
    held = table.entries[["origin", "cell"]].itertuples(index=False, name=None)
    own = [(number, cell) for number, cell in held if number >= 0]
    found = [
        (number, cell, table.origins[number].find(cell))
        for number, cell in own
        if isinstance(table.origins[number], UserOrigin)
    ]
    users = {_key(one): FIRST_ROW + at for at, one in enumerate(_list_users(found))}
    if not users:
        return {}
    rows = [_write_row(one, users, plan, book.lang) for one in _list_users(found)]
    add_table(
        book,
        _SHEET[side],
        [SheetColumn(head[side], head[2]) for head in _HEADS],
        rows,
        title=_TITLE[side],
        notes=[_NOTE[side]],
        color="#4B7F52",
    )
    sheet = f"'{_SHEET[side]}'"
    return {
        (number, cell): f"{sheet}!{_COLUMN_OF[one.is_losses]}{users[_key(one)]}"
        for number, cell, one in found
    }


def _list_users(found: Sequence[tuple[int, int, UserCell]]) -> list[UserCell]:
    """Return each use once, those of one area, year and product side by side."""
    uses = [one for _, _, one in found if not one.is_losses]
    return sorted(uses, key=lambda one: (one.area, one.year, one.product))


def _key(one: UserCell) -> tuple[str, int, str, str]:
    return one.area, one.year, one.product, one.flow


def _write_row(
    one: UserCell, users: dict[tuple[str, int, str, str], int], plan: Plan | None, lang: str
) -> list[Any]:
    """Return the row of a user."""
    row = users[_key(one)]
    beside = [at for key, at in users.items() if key[:3] == _key(one)[:3]]
    lost = one.use / one.whole * one.lost
    amount, losses = (_find_amount(one, flow, plan, lang) for flow in (one.flow, LOSSES))
    factor = float(np.prod([s.value ** (-1 if s.divides else 1) for s in one.steps]))
    cells: list[Any] = ["NE"] * 3
    if one.steps and not np.isnan(one.value):
        cells = [
            _find_factor(one.steps, factor, plan, lang),
            Formula(f"=E{row}*H{row}", one.value),
            Formula(f"=F{row}*H{row}", lost * factor),
        ]
    losses = losses if one.lost else ""  # a table may print a gain, which counts as no loss
    spread = f"=E{row}/SUM(E{min(beside)}:E{max(beside)})*{losses or repr(one.lost)}"
    return [
        one.area,
        one.year,
        name_flow(one.flow, lang),
        vocabulary.name("product", one.product, lang),
        Formula(f"={amount}", one.use) if amount else Editable(one.use),
        Formula(spread, lost),
        one.unit,
        cells[0],
        f"t CO2/{one.unit}",
        *cells[1:],
        one.where,
        "; ".join(step.row.place for step in one.steps),
    ]


def _find_amount(one: UserCell, flow: str, plan: Plan | None, lang: str) -> str:
    """Return the cell that holds what a flow takes, "" where the workbook has none."""
    if plan is None:
        return ""
    for number, _ in enumerate(plan.inventories):
        row = plan.printed_rows.get((number, one.area, one.year, flow, one.product))
        if row is not None:
            return f"'{word('activity', lang)}'!H{row}"
    return ""


def _find_factor(
    steps: Sequence[FactorStep], value: float, plan: Plan | None, lang: str
) -> Formula | Editable:
    """Return the factor as a product of the published numbers that the workbook holds; else its value."""
    rows = [None if plan is None else plan.published_rows.get(step_key(step)) for step in steps]
    if None in rows:
        return Editable(value)
    sheet = f"'{word('factors', lang)}'"
    terms = [
        f"{'/' if step.divides else '*'}{sheet}!H{row}"
        for step, row in zip(steps, rows, strict=True)
    ]
    return Formula("=1" + "".join(terms), value)
