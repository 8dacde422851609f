"""An energy balance as a tidy CSV that reads back: the same floats, the same kinds of nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.balances.amounts import origins
from carbonacct.data import harmless, why_unwritten, write_beside
from carbonacct.errors import OutputError
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances.amounts.energy_balance import EnergyBalance

COLUMNS = ("area", "year", "flow", "product", "unit", "value")
_SHOWN = {values.BLANK: "", values.MARK: "-", values.UNREADABLE: "#unreadable"} | {
    code: values.STATUS_NAMES[code]
    for code in (values.NO, values.NE, values.NA, values.IE, values.C)
}


def write_balance(balance: EnergyBalance, path: str | Path) -> None:
    """Write a balance as CSV: one row a cell that the table prints, in canonical units.

    Parameters
    ----------
    balance
        As read, or as made: columns behind the value then say how each cell came about.
    path
        A .csv; :func:`carbonacct.read_balance` reads it back to the same numbers and statuses.

    Raises
    ------
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import carbonacct as ca, tempfile, pathlib
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ca.write_balance(balance, pathlib.Path(folder) / "b.csv")
    ...     again = ca.read_balance(pathlib.Path(folder) / "b.csv")
    >>> again.amounts.equals(balance.amounts)
    True
    """

    def write(place: Path) -> None:
        with place.open("w", encoding="utf-8", newline="") as stream:
            # A carriage return that is part of a name is quoted only where rows end in one.
            ends = "\r\n" if any("\r" in str(area) for area in balance.areas) else "\n"
            writer = csv.writer(stream, lineterminator=ends)
            writer.writerow(list_columns(balance))
            writer.writerows(list_rows(balance))

    try:
        write_beside(Path(path), write)
    except OSError as error:
        raise OutputError(
            say("{path}: cannot be written ({reason})", path=path, reason=why_unwritten(error))
        ) from None


def list_columns(balance: EnergyBalance) -> tuple[str, ...]:
    """Return the header of the tidy form: of a balance that was made, with the columns of its origins."""
    return COLUMNS + (origins.COLUMNS if balance.origins else ())


def list_rows(balance: EnergyBalance) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the tidy form, one for each cell that is there."""
    found = balance.origins
    if found is None:
        yield from ((harmless(area), *row) for area, *row in _rows(balance))
        return
    origin_texts = [tuple(map(_show, vars(record).values())) for record in found.records]
    origin_texts.append(
        ("",) * len(origins.COLUMNS)
    )  # the last: nothing says how the cell came about
    for area, year, flow, label, *row in _rows(balance):
        code = found.code(str(area), int(str(year)), str(flow), str(label).lstrip("#"))
        yield harmless(area), year, flow, label, *row, *origin_texts[code]


def _show(value: object) -> object:
    return "" if value != value else harmless(value)  # noqa: PLR0124 - not a number is nothing


def _rows(balance: EnergyBalance) -> Iterator[tuple[object, ...]]:
    # A flow that stands under another block than usual (recovery) is known by what stands above it.
    flows = [flow for flow in balance.flows if flow not in balance.parents]
    for flow, parent in balance.parents.items():
        if flow in balance.flows:
            flows.insert(flows.index(parent) + 1 if parent in flows else len(flows), flow)
    units = [str(unit) for unit in balance.amounts["unit"].values]
    amounts, statuses = balance.amounts.values, balance.status.values
    products = _in_order_of_print(balance)
    for a, area in enumerate(balance.areas):
        for y, year in enumerate(balance.years):
            for flow in flows:
                f = balance.flows.index(flow)
                depths: dict[str, int] = {}
                for p, product in products:
                    status = int(statuses[a, y, f, p])
                    if status == values.ABSENT:
                        continue
                    depths[product] = depths.get(balance.product_parents.get(product, ""), -1) + 1
                    label = "#" * depths[product] + product
                    if status == values.NUMBER:
                        yield area, year, flow, label, units[p], repr(float(amounts[a, y, f, p]))
                    else:
                        yield area, year, flow, label, units[p], _SHOWN[status]


def _in_order_of_print(balance: EnergyBalance) -> list[tuple[int, str]]:
    """Return the products with their places: a part of another, by the table's own word, behind it."""
    children: dict[str, list[str]] = {}
    for product in balance.products:
        above = balance.product_parents.get(product, "")
        children.setdefault(above if above in balance.products else "", []).append(product)
    ordered: list[str] = []
    waiting = children.get("", [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting += children.get(ordered[-1], [])[::-1]
    return [(balance.products.index(product), product) for product in ordered]
