"""Production that says again what plants put out: one output is one number, wherever it stands.

Some national balances print what refineries, gas plants and power plants make both under production, as
secondary energy, and as positive numbers of the plants (Argentina, OLADE). Counted twice, natural gas
of networks would come out of the ground beside the gas of wells that it was made of.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.rounding import count_decimals
from carbonacct.balances.amounts.slips import MOST_DECIMALS
from carbonacct.balances.join.form_axes import present_codes
from carbonacct.errors import Finding, name_some
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.assemble.assembly import PrintedCells

_PRODUCTION = "production"
_FEWEST = 2  # lines that close: one may do so by chance
_RELATIVE = 1e-9
_DIGITS = 10  # units of the last printed digit: smaller numbers are alike by chance
_MOST_NAMED = 6


def find_printed_outputs(cells: PrintedCells) -> tuple[np.ndarray, list[Finding]]:
    """Return which cells of production are the sum of what plants put out on their line, and the findings on them.

    Parameters
    ----------
    cells
        The cells of all tables, each with its amount after its sign.

    Notes
    -----
    A line is the row or column of one product. Production says again what plants put out where, in at
    least two lines of a table, it is the sum of their positive numbers to the last digit, and in others
    within print; numbers of one digit, and one number again, bear nothing out.
    """
    arrangement = cells.arrangement
    repeated = np.zeros(len(cells.status), bool)
    flows = arrangement.labels["flow"]
    plants = _list_plants(flows)
    if _PRODUCTION not in flows or not plants:
        return repeated, []
    number = (cells.status == values.NUMBER) & (cells.amount > 0)
    made = number & _mark(plants, len(flows))[arrangement.codes["flow"]]
    produced = number & (arrangement.codes["flow"] == flows.index(_PRODUCTION))
    findings: list[Finding] = []
    for block in present_codes(arrangement.block[_has_outputs(cells, produced, made)]).tolist():
        here = arrangement.block == block
        closed, open_, exact = _sort_lines(cells, np.flatnonzero(produced & here), made & here)
        if len({float(cells.amount[cell]) for cell in exact if _is_long(cells, cell)}) >= _FEWEST:
            repeated[closed] = True
            findings += _say_repeated(cells, closed, open_)
    return repeated, findings


def _is_long(cells: PrintedCells, cell: int) -> bool:
    """Return whether a number is printed with so many digits that another is no more than by chance like it."""
    printed = cells.printed[cell : cell + 1]
    return bool(abs(printed[0]) * 10.0 ** count_decimals(printed) >= _DIGITS)


@lru_cache(maxsize=1024)
def _list_plants(flows: tuple[str, ...]) -> list[int]:
    """Return the codes of the finest rows of transformation."""
    within = [
        (code, flow)
        for code, flow in enumerate(flows)
        if flow and vocabulary.is_within(flow, "transformation")
    ]
    return [
        code
        for code, flow in within
        if not any(other != flow and vocabulary.is_within(other, flow) for _, other in within)
    ]


def _has_outputs(cells: PrintedCells, produced: np.ndarray, made: np.ndarray) -> np.ndarray:
    """Return which cells of production are of products that plants put out."""
    products = cells.arrangement.codes["product"]
    has_outputs = _mark(products[made], len(cells.arrangement.labels["product"]))
    found: np.ndarray = produced & has_outputs[products]
    return found


def _mark(codes: Sequence[int] | np.ndarray, count: int) -> np.ndarray:
    """Return of each of so many codes whether it is among some: a look-up for all cells at once."""
    marked = np.zeros(count, bool)
    marked[codes] = True
    return marked


def _sort_lines(
    cells: PrintedCells, produced: np.ndarray, made: np.ndarray
) -> tuple[list[int], list[int], list[int]]:
    """Return the cells of production that are the sum of the outputs on their line, the others, and the exact ones."""
    arrangement = cells.arrangement
    line = arrangement.row if len(set(arrangement.column[produced].tolist())) == 1 else None
    if line is None and len(set(arrangement.row[produced].tolist())) == 1:
        line = arrangement.column
    outputs = np.flatnonzero(made)
    codes = [arrangement.codes[dim] for dim in ("area", "year", "product", "kept")]
    alike = [*codes, line] if line is not None else codes
    decimals = count_decimals(cells.printed[produced])
    closed: list[int] = []
    open_: list[int] = []
    exact: list[int] = []
    for cell in produced.tolist():
        same = outputs
        for each in alike:
            same = same[each[same] == each[cell]]
        if not len(same):
            continue
        amount, added = cells.amount[cell], cells.amount[same].sum()
        half = 0.5 * 10.0**-decimals * abs(arrangement.scale[cell])
        slack = half * (1 + len(same)) if decimals <= MOST_DECIMALS else 0.0
        gap = abs(amount - added)
        (closed if gap <= slack + _RELATIVE * amount else open_).append(cell)
        if gap <= _RELATIVE * amount:
            exact.append(cell)
    return closed, open_, exact


def _say_repeated(cells: PrintedCells, closed: list[int], open_: list[int]) -> list[Finding]:
    products = list(dict.fromkeys(cells.label("product", cell) for cell in closed))
    found = [
        Finding(
            "output-in-production",
            "info",
            say(
                "{count} numbers of production are the sums of what plants put out ({products}): "
                "they count there, and not as production too",
                count=len(closed),
                products=name_some(products, _MOST_NAMED),
            ),
            cells.address(closed[0]),
        )
    ]
    if open_:
        others = list(dict.fromkeys(cells.label("product", cell) for cell in open_))
        found.append(
            Finding(
                "output-in-production",
                "warning",
                say(
                    "production of {products} is not the sum of what plants put out, as that of "
                    "others in the table is: it counts as produced, and some of it may be output",
                    products=name_some(others, _MOST_NAMED),
                ),
                cells.address(open_[0]),
                say("check the row against its plants"),
            )
        )
    return found
