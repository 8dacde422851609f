"""Two inventories side by side: reconciliation, recalculation, methods."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import MethodError
from carbonacct.sectors.energy.method_comparison import compare_methods
from carbonacct.sectors.energy.recalculation_causes import explain_recalculation
from carbonacct.sectors.energy.reconciliation import TERMS, reconcile
from tests.sectors.energy.building import table

FLOWS, PRODUCTS = ["industry", "transport"], ["coke", "diesel"]
number = st.one_of(st.none(), st.floats(0, 1e6, allow_subnormal=False))
cells = st.lists(st.tuples(number, st.floats(0.1, 5)), min_size=4, max_size=4)


def frame(side):
    """Return a table of amounts and emissions."""
    keys = [(2020, flow, product) for flow in FLOWS for product in PRODUCTS]
    rows = [
        (*key, amount, amount * factor)
        for key, (amount, factor) in zip(keys, side, strict=True)
        if amount is not None
    ]
    return pd.DataFrame(rows, columns=["year", "flow", "product", "amount", "value"])


@settings(max_examples=30)
@given(cells, cells)
def test_the_terms_add_up_to_the_gap(left, right):
    """Cell by cell and in sum, whatever one side lacks; the other way round they change their sign."""
    found = reconcile(frame(left), frame(right)).table
    np.testing.assert_allclose(found[list(TERMS)].sum(axis=1), found.gap, rtol=1e-9, atol=1e-6)
    turned = reconcile(frame(right), frame(left)).table.set_index(["flow", "product"])
    for term in TERMS:
        np.testing.assert_allclose(
            found.set_index(["flow", "product"])[term].sort_index(),
            -turned[term].sort_index(),
            rtol=1e-9,
            atol=1e-6,
        )


def test_each_cause_by_hand():
    """Activity 10 against 8 at 3 t/t, factor 3 against 2 on 5 t, one cell on one side alone, one without its amount."""
    left = pd.DataFrame(
        {
            "year": 1,
            "flow": "f",
            "product": list("abcd"),
            "amount": [10, 5, 2, np.nan],
            "value": [30.0, 15, 7, 9],
        }
    )
    right = pd.DataFrame(
        {
            "year": 1,
            "flow": "f",
            "product": list("abd"),
            "amount": [8, 5, 4],
            "value": [24.0, 10, 4],
        }
    )
    found = reconcile(left, right)
    assert found.table.set_index("product")[
        ["activity", "factor", "boundary", "undivided"]
    ].to_numpy().tolist() == [
        [6, 0, 0, 0],
        [0, 5, 0, 0],
        [0, 0, 7, 0],
        [0, 0, 0, 5],
    ]
    assert found.sum()[["gap", "absolute"]].to_numpy().tolist() == [[23, 23]]


def test_what_is_not_known_is_no_zero():
    """A row without a value is no cell; a key that is empty is a key; amounts in two units are not compared."""
    left = pd.DataFrame(
        {
            "year": 1,
            "flow": ["f", "f", None],
            "product": list("abc"),
            "amount": [10, 5, 1],
            "unit": ["t", "t", "t"],
            "value": [30.0, np.nan, 4],
        }
    )
    right = pd.DataFrame(
        {
            "year": 1,
            "flow": ["f", "f", None],
            "product": list("abc"),
            "amount": [9, 5, 1],
            "unit": ["tce", "t", "t"],
            "value": [28.0, 10, 4],
        }
    )
    found = reconcile(left, right)
    assert found.table[
        ["product", "gap", "activity", "factor", "boundary", "undivided"]
    ].to_numpy().tolist() == [
        ["a", 2, 0, 0, 0, 2],
        ["b", -10, 0, 0, -10, 0],
        ["c", 0, 0, 0, 0, 0],
    ]
    whole = reconcile(left, right, by=["year"]).table
    assert whole[["left", "right", "undivided"]].to_numpy().tolist() == [[34, 42, -8]]


def test_a_table_in_coal_equivalent_is_other_data(tmp_path):
    """10 x 10^4 t of diesel printed as 14.571 x 10^4 tce: a factor per tce is not compared with one per t."""
    (tmp_path / "t").mkdir(), (tmp_path / "tce").mkdir()
    tonnes = ca.compile_inventory(
        table(tmp_path / "t", {"transport": {"diesel": 10}}), method="ipcc-2006"
    )
    coal = ca.compile_inventory(
        table(
            tmp_path / "tce",
            {"transport": {"diesel": 14.571}},
            title="重庆能源平衡表(标准量)-2021",
            units={"diesel": "万吨标准煤"},
        ),
        method="ipcc-2006",
    )
    table_ = explain_recalculation(tonnes, coal)
    assert table_.change.item() == pytest.approx(0, abs=1)
    assert table_[["factor", "method", "metric"]].to_numpy().tolist() == [[0, 0, 0]]
    assert reconcile(tonnes, coal).table[
        ["activity", "factor", "boundary"]
    ].to_numpy().tolist() == [[0, 0, 0]]


def test_a_gas_that_an_inventory_lacks(tmp_path):
    """One line that names the gases that it has."""
    made = [
        ca.compile_inventory(
            table(tmp_path, {"transport": {"diesel": 10}}), method="ipcc-2006", gases=[gas]
        )
        for gas in ("CO2", "CH4")
    ]
    power = {"industry": {"electricity": 1, "diesel": 1}}
    for run in (
        lambda: reconcile(*made),
        lambda: explain_recalculation(*made),
        lambda: ca.allocate_to_users(
            ca.compile_inventory(table(tmp_path, power), method="ipcc-2006", gases=["CH4"])
        ),
    ):
        with pytest.raises(MethodError, match="the inventory has no CO2; it has CH4"):
            run()
    with pytest.raises(MethodError, match="no gas in common: CO2 before, CH4 after"):
        explain_recalculation(*made, metrics=("AR4GWP100", "AR5GWP100"))


def test_cities_against_their_province(tmp_path):
    """Areas are added up: two halves give the whole, and what one city does not have is the gap."""
    half = {"industry": {"raw_coal": 50, "diesel": 4}, "transport": {"diesel": 6}}
    whole = {
        flow: {product: 2 * amount for product, amount in row.items()} for flow, row in half.items()
    }
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for folder in folders:
        folder.mkdir()
    cities = [
        ca.compile_inventory(
            table(folder, half, title=f"{name}能源平衡表(实物量)-2019"), method="ipcc-2006"
        )
        for folder, name in zip(folders, ("青岛", "济南"), strict=False)
    ]
    province = ca.compile_inventory(
        table(folders[2], whole, title="山东能源平衡表(实物量)-2019"), method="ipcc-2006"
    )
    assert reconcile(cities, province).table.gap.abs().max() < 1e-6
    short = reconcile(cities[:1], province).sum().loc[0]
    assert short.gap == pytest.approx(-province.total().item().magnitude / 2)
    assert short.activity == pytest.approx(short.gap)


def test_where_the_provinces_exceed_the_nation(real_tables):
    """CEADs 1997-2019: the provinces exceed the nation by 0.4 % in 1997 and 10.9 % in 2019, mostly raw coal."""
    folder = real_tables / "ceads"
    provinces = pd.read_csv(
        folder / "ceads_province_totals_by_fuel_1997_2019.csv", encoding="utf-8-sig"
    )
    fuels = list(provinces.columns[2:-1])
    book = pd.read_excel(
        folder / "China_CO2_Inventory_1997-2019_(IPCC_Sectoral_Emissions).xlsx",
        sheet_name=["1997", "2019"],
        header=None,
        engine="calamine",
    )
    found = {}
    for year in (1997, 2019):
        nation = dict(zip(book[str(year)].iloc[0], book[str(year)].iloc[3], strict=True))
        left = provinces[provinces.year == year].melt(["year"], fuels, "product", "value")
        right = pd.DataFrame(
            {"year": year, "product": fuels, "value": [float(nation[fuel]) for fuel in fuels]}
        )
        found[year] = reconcile(left, right, by=("year", "product"))
        total = found[year].sum().loc[0]
        assert total.undivided == pytest.approx(total.gap)  # no amounts are published beside these
        found[year, "percent"] = round(100 * total.gap / total.right, 1)
    assert (found[1997, "percent"], found[2019, "percent"]) == (0.4, 10.9)
    worst = found[2019].table.sort_values("gap", ascending=False).iloc[:3]
    assert dict(zip(worst["product"], worst["gap"].round(), strict=True)) == {
        "Raw Coal": 830,
        "Natural Gas": 132,
        "Diesel Oil": 92,
    }


OLD = {
    "industry": {"raw_coal": 50, "diesel": 4},
    "transport": {"diesel": 6},
    "farming": {"diesel": 2},
}
NEW = {
    "industry": {"raw_coal": 55, "diesel": 4},
    "transport": {"diesel": 6},
    "farming": {"diesel": ""},
}


def version(folder, rows, method="ipcc-2006", **options):
    """Return one version of an inventory."""
    folder.mkdir()
    return ca.compile_inventory(table(folder, rows), method=method, **options)


def test_a_revised_table_is_data(tmp_path):
    """Coal 50 to 55, and a number that is gone."""
    found = explain_recalculation(
        version(tmp_path / "o", OLD), version(tmp_path / "n", NEW)
    ).set_index(["flow", "product"])
    coal, diesel = 20.908 * 94.6e-3, 43.0 * 74.1e-3
    assert found.loc[("industry", "raw_coal"), "data"] == pytest.approx(5e4 * coal)
    assert found.loc[("farming", "diesel"), "data"] == pytest.approx(-2e4 * diesel)
    assert found[["factor", "method", "metric"]].abs().to_numpy().max() < 1e-6


def test_another_method_is_method_and_another_row_is_factor(tmp_path):
    """The same table: ceads against ipcc-2006 is method; an overlay on one method is factor."""
    old = version(tmp_path / "o", OLD)
    other = explain_recalculation(old, version(tmp_path / "m", OLD, method="ceads"))
    assert other.method.sum() == pytest.approx(other.change.sum())
    overlay = tmp_path / "own"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "T"\npublisher = "P"\nedition = "1"\ndate = "2024"\nreference = "R"\n',
        encoding="utf-8",
    )
    (overlay / "emission_factor.csv").write_text(
        "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\ndiesel,,,,,"
        ",CO2,own,70,,,t CO2/TJ,,,single,\n",
        encoding="utf-8",
    )
    laid = explain_recalculation(old, version(tmp_path / "l", OLD, overlay=overlay))
    assert laid.factor.sum() == pytest.approx(laid.change.sum())
    assert laid.factor.sum() == pytest.approx(12e4 * 43.0 * (70 - 74.1) * 1e-3)


@settings(max_examples=15)
@given(st.integers(1, 99), st.integers(1, 99))
def test_a_recalculation_with_another_metric_adds_up(tmp_path_factory, coal, diesel):
    """Data, factor, method and metric add up to the change of each gas; an unchanged table has metric alone."""
    folder = tmp_path_factory.mktemp("versions")
    new = {**OLD, "industry": {"raw_coal": coal, "diesel": diesel}}
    versions = [
        version(folder / name, rows, gases=["all"]) for name, rows in (("o", OLD), ("n", new))
    ]
    found = explain_recalculation(*versions, metrics=("AR4GWP100", "AR5GWP100"))
    np.testing.assert_allclose(
        found[["data", "factor", "method", "metric"]].sum(axis=1), found.change, atol=1e-6
    )
    assert found.after.sum() == pytest.approx(float(versions[1].co2e("AR5GWP100").sum()))
    same = explain_recalculation(versions[0], versions[0], metrics=("AR4GWP100", "AR5GWP100"))
    np.testing.assert_allclose(same.metric, same.change, atol=1e-9)


def test_methods_side_by_side(tmp_path):
    """The spread of each category and in all, each product's part in it, and the reason of a method that cannot."""
    balance = table(tmp_path, {**OLD, "households_rural": {"wood": 3}}, units={"wood": "万吨"})
    spread, choices = compare_methods(
        balance, methods=["provincial-2011", "ipcc-2006", "whitepaper-2022"]
    )
    total = spread[spread.category == "total"].iloc[0]
    expected = ca.compile_inventory(balance, method="ipcc-2006").total().item().magnitude
    assert total["ipcc-2006"] == pytest.approx(expected, rel=1e-12)
    assert total.highest == max(
        total["provincial-2011"], total["ipcc-2006"], total["whitepaper-2022"]
    )
    gap = choices[choices.method == "ipcc-2006"].gap.sum()
    assert gap == pytest.approx(total["ipcc-2006"] - total["provincial-2011"])
    left_out = choices[(choices.method == "whitepaper-2022") & (choices["product"] == "diesel")]
    assert left_out.boundary.sum() == pytest.approx(left_out.gap.sum())


def test_a_table_without_a_key():
    """What a table lacks is named."""
    with pytest.raises(
        MethodError, match="the table has no column 'flow'; it has year, product, value"
    ):
        reconcile(
            pd.DataFrame({"year": [1], "product": ["a"], "value": [1.0]}), frame([(1, 1)] * 4)
        )


def test_electricity_over_provinces_that_does_not_close_is_said(tmp_path):
    """100 moved in and 164 moved out over two provinces: 6.4 TWh more leave than arrive.

    A closed balance, or one without a whole beside it, has no finding.
    """
    made = []
    for number, (area, into, out) in enumerate(
        (("重庆", 60, -100), ("四川", 40, -64), ("全国", "", ""))
    ):
        (tmp_path / str(number)).mkdir()
        rows = {
            "moved_in": {"electricity": into, "raw_coal": 1},
            "moved_out": {"electricity": out},
            "industry": {"electricity": 1, "raw_coal": 1},
        }
        made.append(
            ca.compile_inventory(
                table(tmp_path / str(number), rows, title=f"{area}能源平衡表(实物量)-2021"),
                method="provincial-2011",
            )
        )
    (finding,) = ca.reconcile(made[:2], made[2]).findings
    assert (finding.rule, finding.severity) == ("transfers-open", "warning")
    assert (
        "moved in is 10.0 TWh and moved out 16.4 over 2 areas in 2021: inflow and outflow do not close by -6.4 TWh"
        in finding.message
    )
    assert ca.reconcile(iter(made[2:]), iter(made[:2])).findings == (finding,)
    assert ca.reconcile(made[0], made[1]).findings == ()
    closed = {
        "moved_in": {"electricity": 164, "raw_coal": 1},
        "moved_out": {"electricity": ""},
        "industry": {"electricity": 1, "raw_coal": 1},
    }
    (tmp_path / "closed").mkdir()
    other = ca.compile_inventory(
        table(tmp_path / "closed", closed, title="四川能源平衡表(实物量)-2021"),
        method="provincial-2011",
    )
    gone = {
        **closed,
        "moved_in": {"electricity": "", "raw_coal": 1},
        "moved_out": {"electricity": -164},
    }
    (tmp_path / "gone").mkdir()
    sender = ca.compile_inventory(
        table(tmp_path / "gone", gone, title="重庆能源平衡表(实物量)-2021"),
        method="provincial-2011",
    )
    assert ca.reconcile([other, sender], made[2]).findings == ()
