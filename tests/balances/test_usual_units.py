"""Units that are proposed for a product: each measures it, and the usual one of a language comes first."""

from __future__ import annotations

import pytest

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import fits
from carbonacct.balances.usual_units import is_chinese, rank_units, show_units
from carbonacct.sheets.raw_sheets import Sheet

KEPT = {unit: product.id for product in vocabulary.products().values() for unit in [product.unit]}


@pytest.mark.parametrize("in_chinese", [True, False])
def test_what_is_proposed_measures_the_product(in_chinese):
    """Each unit of each product turns into that in which it is kept, or into energy."""
    for product in vocabulary.products():
        units = rank_units(product, in_chinese=in_chinese)
        assert len(set(units)) == len(units) >= 3
        assert [unit for unit in units if not fits(product, unit)] == []
        header, own, of_all = show_units(product, in_chinese=in_chinese)
        assert own == units[0 if in_chinese else -1]
        assert of_all == ("1e4 tce" if in_chinese else "TJ")
        assert header.startswith("单位: ") == in_chinese


@pytest.mark.parametrize(
    ("kept", "chinese", "other"),
    [
        ("t", "万吨", "1e3 t"),
        ("m3", "亿立方米", "1e6 m3"),
        ("kWh", "亿千瓦时", "GWh"),
        ("GJ", "百亿千焦", "GJ"),
        ("tce", "万吨标准煤", "Mtoe"),
    ],
)
def test_the_usual_unit_of_each_measure(kept, chinese, other):
    """As the China Energy Statistical Yearbook prints it; elsewhere balances are in TJ or ktoe."""
    product = KEPT[kept]
    assert show_units(product, in_chinese=True)[0] == f"单位: {chinese}"
    assert rank_units(product, in_chinese=False) == ("TJ", "ktoe", other)


def test_a_product_that_nobody_knows_may_be_in_tonnes_or_coal_equivalent():
    """In either language tonnes stand among them."""
    assert rank_units("unobtainium", in_chinese=True) == (
        *rank_units("coke", in_chinese=True),
        *TCE,
    )
    assert rank_units("unobtainium", in_chinese=False)[-1] == "1e3 t"


TCE = ("1e4 tce", "tce", "TJ")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["Industry", 1, None], ["工业", 2]], True),
        ([["Industry", 1.5]], False),
        ([], False),
        ([["a"]] * 19 + [["煤"]], True),
        ([["a"]] * 20 + [["煤"]], False),  # what tells the language stands at the top
        ([["。"]], False),
    ],
)
def test_the_language_of_a_sheet(rows, found):
    """Chinese characters in its first rows."""
    assert is_chinese(Sheet("a.csv", "", rows)) == found
