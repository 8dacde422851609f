"""A total split by an index, and cities against their province: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import TableError


def indicators(*rows, year=None):
    """Return a table of indicators: area, indicator, value, unit (and year)."""
    names = ["area", "indicator", "value", "unit", *(["year"] if year else [])]
    return pd.DataFrame(rows, columns=names)


GDP = [("甲区", "gdp", 30.0, "亿元"), ("乙区", "gdp", 10.0, "亿元")]


def test_one_index_alone_has_no_range():
    """Low and high are the shares by any index that all areas have; of one there is no other."""
    split = ca.split_total(
        100.0, "t", indicators(*GDP, ("甲区", "population", 5.0, "万人")), index="gdp", year=2025
    )
    assert split["share"].tolist() == [0.75, 0.25]
    assert split[["share_low", "share_high"]].isna().all().all()
    two = indicators(*GDP, ("甲区", "population", 5.0, "万人"), ("乙区", "population", 5.0, "万人"))
    both = ca.split_total(100.0, "t", two, index="gdp", year=2025)
    assert both[["share_low", "share_high"]].to_numpy().tolist() == [[0.5, 0.75], [0.25, 0.5]]


def test_what_the_areas_leave_of_the_whole_is_a_row_of_its_own():
    """Of a whole with the index; a whole that the areas fill has none, nor has their own sum."""
    split = ca.split_total(
        100.0,
        "t",
        indicators(*GDP, ("全市", "gdp", 50.0, "亿元")),
        index="gdp",
        year=2025,
        whole="全市",
    )
    assert split["area"].tolist() == ["甲区", "乙区", "not attributed"]
    np.testing.assert_allclose(split["share"], [0.6, 0.2, 0.2])
    np.testing.assert_allclose(split["amount"], [60, 20, 20])
    assert split["index_whole"].tolist() == [50.0] * 3
    full = ca.split_total(
        100.0,
        "t",
        indicators(*GDP, ("全市", "gdp", 40.0, "亿元")),
        index="gdp",
        year=2025,
        whole="全市",
    )
    assert full["area"].tolist() == ["甲区", "乙区"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [("甲区", "gdp", 30.0, "亿元"), ("乙区", "population", 5.0, "万人")],
            "no gdp of 乙区 in 2025",
        ),
        ([("甲区", "gdp", 0.0, "亿元")], "gdp of the areas has no number above 0"),
    ],
)
def test_an_index_that_cannot_split_is_refused(rows, message):
    """It lacks an area, or is nothing."""
    with pytest.raises(TableError, match=message):
        ca.split_total(100.0, "t", indicators(*rows), index="gdp", year=2025)


def test_of_several_years_one_is_named():
    """Of one the year need not be."""
    rows = [(*row, year) for year in (2024, 2025) for row in GDP]
    with pytest.raises(TableError, match="the indicators are of 2024, 2025; name the year"):
        ca.split_total(100.0, "t", indicators(*rows, year=True), index="gdp")
    assert (
        len(ca.split_total(100.0, "t", indicators(*rows, year=True), index="gdp", year=2025)) == 2
    )
    assert len(ca.split_total(100.0, "t", indicators(*rows[:2], year=True), index="gdp")) == 2


def balance(**areas):
    """Return a balance: area -> (flow, product) -> tonnes in 2019."""
    rows = [
        (area, 2019, *key, value) for area, cells in areas.items() for key, value in cells.items()
    ]
    return ca.make_balance(pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value"]))


def test_cities_are_compared_with_their_province_cell_by_cell():
    """A gap and a ratio, or the reason why a city or the province has none.

    Supply is no use and is not compared.
    """
    coal, coke = ("industry", "raw_coal"), ("industry", "coke")
    cities = balance(
        甲={coal: 3.0, coke: 1.0, ("production", "raw_coal"): 9.0},
        乙={coal: 4.0, ("transport", "coke"): 2.0},
    )
    province = balance(省={coal: 10.0, coke: 0.0, ("construction", "coke"): 5.0})
    found = ca.compare_with_province(cities, province).set_index(["flow", "product"])
    assert found.loc[coal, ["cities", "province", "gap", "ratio", "reason"]].tolist() == [
        7.0,
        10.0,
        -3.0,
        0.7,
        "",
    ]
    assert found.loc[coke, "reason"] == "no number of 乙"
    assert np.isnan([found.loc[coke, "cities"], found.loc[coke, "ratio"]]).all()
    assert found.loc[("transport", "coke"), "reason"] == "no number of 甲"
    assert ("production", "raw_coal") not in found.index
    lone = balance(甲={coal: 3.0, coke: 1.0})
    only = ca.compare_with_province(lone, balance(省={coal: 10.0})).set_index(["flow", "product"])
    assert only.loc[coke, "reason"] == "the province has no number"
    nothing = ca.compare_with_province(lone, balance(省={coal: 0.0})).set_index(["flow", "product"])
    assert np.isnan(nothing.loc[coal, "ratio"])
    assert nothing.loc[coal, "gap"] == 3.0


def test_a_ratio_is_of_any_number_but_nothing():
    """A province of 1 t has one: 3 t over 1 t."""
    coal = ("industry", "raw_coal")
    found = ca.compare_with_province(balance(甲={coal: 3.0}), balance(省={coal: 1.0}))
    assert found[["gap", "ratio"]].to_numpy().tolist() == [[2.0, 3.0]]
    labels = ["year", "flow", "product", "unit", "cities", "province", "gap", "ratio", "reason"]
    assert found.columns.tolist() == labels
