"""What a label may mean that names a product and no use, or a use and no product.

Or nothing but that amounts stand below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.account.half_named import AMOUNTS, HalfNamed, read_half
from carbonacct.balances.amounts.conversions import fits
from carbonacct.balances.label.headers import column_word, total_words
from carbonacct.balances.proposals.candidates import MAIN_PRODUCTS, rank_ids
from carbonacct.balances.proposals.hanging import find_beside
from carbonacct.balances.words.compounds import LabelPiece, list_pieces
from carbonacct.balances.words.hints import find_hinted_ids
from carbonacct.balances.words.mapping import LEFT_OUT, SUM, Mapping
from carbonacct.product_groups import is_delivered
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances.join.sheet_tables import Page, TableExtent
    from carbonacct.sheets.raw_sheets import Unknown

_BOTH = "{flow} + {product}"
_FIRST = 0.4  # what the title or the label above says; a person says it
_USUAL_FLOWS = ("total_consumption", "final_consumption")
_LEAVES = ("industry", "households", "other_services", "transport")
_MORE_PRODUCTS = ("raw_coal", "coke", "other_gas", "lpg", "gasoline", "diesel", "total_energy")
_MOST_ABOVE = 2


def rank_halves(page: Page, asked: Unknown) -> dict[str, float]:
    """Return ids of what a label lacks, joined with what it names, best first; nothing where it is of another kind.

    Parameters
    ----------
    page
        The sheet.
    asked
        The label: what it is asked for (``flow`` or ``product``), its text and its cells.
    """
    table = _find_table(page, asked.cells[0][0])
    half = _read_half(table, asked)
    is_amount = _heads_amounts(asked)
    if asked.kind == "flow" and vocabulary.fold(asked.text) in total_words():
        return _rank_total(table)
    if asked.kind == "flow" and (half.product or is_amount):
        if half.product and table and _is_crossed(table, asked.cells[0][0]):
            used = {key.flow for key in table.rows.keys} if table.rows else set()
            return {LEFT_OUT: _FIRST, **_score(sorted({*_LEAVES} - used, key=_LEAVES.index), 0.5)}
        flows = _list_flows(table, half.product)
        return _score(
            _BOTH.format(flow=flow, product=half.product) if half.product else flow
            for flow in flows
        )
    if asked.kind == "product" and (half.flow or is_amount):
        products = _list_products(_find_units(table, asked.cells) if table else set())
        products = sorted(products, key=_list_used(table).__contains__)
        return _score(
            _BOTH.format(flow=half.flow, product=product) if half.flow else product
            for product in products
        )
    return {}


def _rank_total(table: TableExtent | None) -> dict[str, float]:
    """Return what 合计 may be: the total of what stands beside it, not counted again where that is all of one flow."""
    keys = table.rows.keys if table and table.rows else ()
    are_one = len({key.flow for key in keys}) == 1
    flows = _score(_list_flows(table, "")[:_MOST_ABOVE])
    return {LEFT_OUT: _FIRST, **flows} if are_one else {**flows, LEFT_OUT: _FIRST / 2}


def lacks_half(page: Page, asked: Unknown) -> bool:
    """Return whether a label is known, or heads amounts, and is asked for what it lacks."""
    table = _find_table(page, asked.cells[0][0])
    return _heads_amounts(asked) or any(_read_half(table, asked))


def _heads_amounts(asked: Unknown) -> bool:
    return asked.kind in {"flow", "product"} and column_word(asked.text) in AMOUNTS


def _read_half(table: TableExtent | None, asked: Unknown) -> HalfNamed:
    if asked.kind not in {"flow", "product"}:
        return HalfNamed()
    return read_half(asked.text, table.columns.words if table else Mapping())


def rank_sums(page: Page, asked: Unknown) -> dict[str, float]:
    """Return how objects in a column may add up: by the branch in each row, or all as one flow.

    The first in the order of how often.
    """
    i, _ = asked.cells[0]
    texts = {cell for row in page.sheet.rows[i + 1 :] for cell in row if isinstance(cell, str)}
    branches = any(vocabulary.resolve("flow", text) for text in texts)
    flows = ("other_services", "industry", "services.public", "transport")
    return _score([*([SUM] if branches else []), *flows])


def rank_behind_rest(page: Page, asked: Unknown) -> dict[str, float]:
    """Return what a label may mean that ends in words of use and begins unknown: 公建用气, 公共建筑用电."""
    if asked.kind not in {"flow", "product"} or lacks_half(page, asked):
        return {}
    folded = vocabulary.fold(asked.text)
    pieces, _ = list_pieces()
    ends = (n for n in range(2, len(folded) - 1) if _is_use(pieces.get(folded[n:])))
    if (begin := next(ends, 0)) == 0:
        return {}
    product = pieces[folded[begin:]].product
    if not product and asked.kind == "product":
        return {}
    ranked = [*find_hinted_ids(folded[:begin])] or [
        *rank_ids("flow", folded[:begin], find_beside(page, "flow", asked.cells[0]))
    ]
    ranked = [each for each in ranked if each in vocabulary.flows()]
    return _score(_BOTH.format(flow=each, product=product) if product else each for each in ranked)


def _is_use(piece: LabelPiece | None) -> bool:
    return piece is not None and piece.role == "joint" and bool(piece.weak or piece.product)


def _score(ids: Iterable[str], share: float = 1.0) -> dict[str, float]:
    return {each: share * _FIRST - n / 100 for n, each in enumerate(dict.fromkeys(ids))}


def _find_table(page: Page, i: int) -> TableExtent | None:
    return next((each for each in page.tables if each.top <= i < each.end), None)


def _is_crossed(table: TableExtent, i: int) -> bool:
    """Return whether the other axis than that of a label names products: its numbers would be of two."""
    if i < table.first:
        return any(key.product for key in table.rows.keys) if table.rows else False
    return any(table.columns.each[j].header.product for j in table.columns.data)


def _list_flows(table: TableExtent | None, product: str) -> list[str]:
    """Return flows for a product without one: the title's, those of the first rows, and the usual ones."""
    said = [table.title.flow] if table and table.title and table.title.flow else []
    keys = table.rows.keys if table and table.rows else ()
    above = list(dict.fromkeys(key.flow for key in keys if key.flow))
    whole = [flow for flow in _USUAL_FLOWS if flow in above]
    network = ["network_supply"] if product and is_delivered(product) else []
    kin = above[:_MOST_ABOVE] if product else []  # without a product it is of the whole column
    return list(dict.fromkeys([*said, *whole, *_USUAL_FLOWS, *network, *kin, *_LEAVES]))


def _list_products(units: set[str]) -> list[str]:
    """Return products that all units can measure, those of most tables first."""
    return [
        each
        for each in (*MAIN_PRODUCTS, *_MORE_PRODUCTS)
        if all(fits(each, unit) for unit in units)
    ]


def _list_used(table: TableExtent | None) -> set[str]:
    """Return the products that labels and headers of a table name: one more is mostly another."""
    if table is None:
        return set()
    heads = {table.columns.each[j].header.product or "" for j in table.columns.data}
    return heads | {key.product for key in table.rows.keys} if table.rows else heads


def _find_units(table: TableExtent, cells: tuple[tuple[int, int], ...]) -> set[str]:
    """Return the units of the numbers of some rows or columns."""
    if table.block is None:
        return set()
    form, filled = table.block.form, table.block.status == values.NUMBER
    codes = np.broadcast_to(form.unit.codes, filled.shape)
    chosen = np.zeros(filled.shape, bool)
    for i, j in cells:
        chosen |= (form.rows == i)[:, None] if i >= table.first else (form.columns == j)[None, :]
    return {form.unit.labels[code] for code in np.unique(codes[chosen & filled])} - {""}
