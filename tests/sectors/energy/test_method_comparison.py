"""One table by several methods: how far they lie apart, by hand, and why one has nothing."""

from __future__ import annotations

import math

import pytest

from carbonacct.errors import MethodError
from carbonacct.sectors.energy.method_comparison import compare_methods
from tests.sectors.energy.made_balances import balance_of, panel_of

METHODS = ["provincial-2011", "ipcc-2006", "ceads"]
# t CO2 per t of diesel: the guidelines' calorific values, carbon, oxidation (1 by IPCC 2006).
DIESEL = {
    "provincial-2011": 42.652 * 20.2e-3 * 0.98 * 44 / 12,
    "ipcc-2006": 43.0 * 74.1e-3,
    "ceads": 42.652 * 20.2e-3 * 0.98 * 44.0095 / 12.0107,
}


def test_the_spread_by_hand():
    """Of each category and of all of it, in per cent of the mean; the total stands last."""
    table, choices = compare_methods(
        balance_of({"transport": {"diesel": 7}, "industry": {"diesel": 3}}), methods=METHODS
    )
    rows = table.set_index("category")
    assert rows.index[-1] == "total"
    for code, amount in (("1.A.3", 7e4), ("1.A.2", 3e4), ("total", 10e4)):
        own = [amount * DIESEL[method] for method in METHODS]
        row = rows.loc[code]
        assert row[METHODS].tolist() == pytest.approx(own)
        assert (row["lowest"], row["highest"]) == (min(row[METHODS]), max(row[METHODS]))
        assert row["spread_percent"] == pytest.approx(100 * (max(own) - min(own)) / (sum(own) / 3))
    assert choices["method"].tolist() == ["ipcc-2006", "ceads"]
    assert choices.index.tolist() == [0, 1]
    assert set(choices["against"]) == {"provincial-2011"}
    gaps = dict(zip(choices["method"], choices["gap"], strict=True))
    for method in METHODS[1:]:
        assert gaps[method] == pytest.approx(10e4 * (DIESEL[method] - DIESEL["provincial-2011"]))
    assert choices["gap"].to_numpy() == pytest.approx(
        choices[["activity", "factor", "boundary"]].sum(axis=1)
    )
    assert choices["reason"].isna().all()


def test_totals_are_of_each_area_and_year():
    """In their order; nothing burnt has no spread in per cent."""
    tables = {
        ("重庆", 2021): {"transport": {"diesel": 7}},
        ("四川", 2022): {"transport": {"diesel": 0}},
    }
    table, _ = compare_methods(panel_of(tables), methods=METHODS[:2])
    totals = table[table["category"] == "total"].set_index(["area", "year"])
    assert totals.loc[("重庆", 2021), "ipcc-2006"] == pytest.approx(7e4 * DIESEL["ipcc-2006"])
    assert totals.loc[("四川", 2022), "highest"] == 0
    assert math.isnan(totals.loc[("四川", 2022), "spread_percent"])
    assert table["category"].tolist()[-2:] == ["total", "total"]
    areas = list(dict.fromkeys(tables))
    assert table["area"].tolist() == [area for area, _ in [*areas, *areas]]
    assert table.index.tolist() == [0, 1, 2, 3]


def test_a_method_without_a_factor_has_nothing_and_says_why():
    """A column without numbers, which moves no mean, and a row with the reason; if none can do it that is refused."""
    peat = balance_of({"transport": {"diesel": 7}, "farming": {"peat": 1}}, units={"peat": "万吨"})
    table, choices = compare_methods(peat, methods=["ceads", "ipcc-2006"])
    assert table["ceads"].isna().all()
    assert (table["lowest"] == table["highest"]).all()
    assert (table["spread_percent"] == 0).all()
    (row,) = choices.to_dict("records")
    assert row["method"] == "ceads"
    assert "no net_calorific_value for product 'peat'" in row["reason"]
    with pytest.raises(
        MethodError,
        match=r"no method can do the table: .* no net_calorific_value for product 'peat'",
    ):
        compare_methods(peat, methods=["ceads"])


def test_methods_of_some_fuels_alone_are_compared_where_they_are_named():
    """All that have factors of every fuel, unless asked."""
    balance = balance_of({"industry": {"raw_coal": 7}})
    table, _ = compare_methods(balance)
    assert set(METHODS) <= set(table)
    assert "whitepaper-2022" not in table
    assert "gb-t-2589-2020" not in table  # of coal equivalent
    named, _ = compare_methods(balance, methods=["whitepaper-2022"])
    assert "whitepaper-2022" in named
    assert named["whitepaper-2022"].notna().all()


def test_any_gas_is_compared():
    """N2O of diesel on the road, IPCC 2006, Vol. 2, table 3.2.2: 3.9 kg/TJ."""
    table, _ = compare_methods(
        balance_of({"transport": {"diesel": 7}}), methods=["ipcc-2006"], gas="N2O"
    )
    assert table["ipcc-2006"].tolist() == pytest.approx([7e4 * 43.0 * 3.9e-6] * 2)
