"""All cities of a province at once, districts of a city, and what they leave of the whole."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import TableError
from tests.cities.building import make_indicators, make_province, rules

WHOLE = {"va_secondary": 100.0, "va_tertiary": 80.0, "gdp": 200.0, "population": 50.0}


def province():
    """Return a province with industry and transport."""
    return make_province(
        {
            ("industry", "raw_coal"): 500.0,
            ("transport", "diesel"): 300.0,
            ("transport", "gasoline"): 200.0,
        }
    )


def cities(gap: float = 0.0):
    """Return three cities whose shares add to 1 + gap in every index."""
    parts = {"甲市": 0.5, "乙市": 0.3, "丙市": 0.2 + gap}
    held = {name: {key: WHOLE[key] * share for key in WHOLE} for name, share in parts.items()}
    return make_indicators({"某省": WHOLE} | held)


def test_all_cities_from_one_table():
    """Every area of the indicators but the province is a city; they add to it in every row."""
    whole = province()
    made = ca.build_city_balance(province=whole, indicators=cities())
    assert made.areas == ["甲市", "乙市", "丙市"]
    compared = ca.compare_with_province(made, whole)
    known = compared[compared["province"].notna()]
    assert known["ratio"].tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert rules(made, "error", "warning") == []


@pytest.mark.parametrize(
    ("gap", "percent"), [(0.06, "+6.0000%"), (0.196, "+19.6000%"), (-0.02, "-2.0000%")]
)
def test_a_gap_is_reported_and_kept(gap, percent):
    """Shares that add to 1.06 are used as they are.

    The gap is said, and stands in the comparison row by row.
    """
    whole = province()
    made = ca.build_city_balance(province=whole, indicators=cities(gap))
    notes = [note for note in made.findings if note.rule == "city-shares"]
    assert len(notes) == 2  # secondary and tertiary value added
    assert all(percent in note.message for note in notes)
    compared = ca.compare_with_province(made, whole).set_index(["flow", "product"])
    assert compared.loc[("industry", "raw_coal"), "gap"] == pytest.approx(500 * gap)
    assert compared.loc[("transport", "diesel"), "ratio"] == pytest.approx(1 + gap)


def test_a_city_that_is_missing_is_named():
    """Cities of Fujian that the table lacks are said; a sum with a missing part is no number."""
    whole = province()
    named = ca.make_balance(whole.amounts.assign_coords(area=["福建"]))
    held = {"福建": WHOLE, "厦门": {key: 0.1 * WHOLE[key] for key in WHOLE}, "泉州": {"gdp": 20.0}}
    made = ca.build_city_balance(province=named, indicators=make_indicators(held))
    notes = [note.message for note in made.findings if note.rule == "city-shares"]
    assert any("not among them: 福州, 莆田" in message for message in notes)
    alone = {"福建": {"va_tertiary": 80.0}, "厦门": {"va_tertiary": 8.0}, "泉州": {"gdp": 20.0}}
    made = ca.build_city_balance(province=named, indicators=make_indicators(alone))
    compared = ca.compare_with_province(made, named).set_index(["flow", "product"])
    assert compared.loc[("transport", "diesel"), "reason"] == "no number of 泉州"
    assert pd.isna(compared.loc[("transport", "diesel"), "cities"])


def test_inventories_of_cities_reconcile_with_the_province():
    """Rule 7: the inventories of cities against their province's, with the parts of the gap."""
    whole = province()
    made = ca.build_city_balance(province=whole, indicators=cities(0.06))
    one, all_ = (ca.compile_inventory(each, method="provincial-2011") for each in (whole, made))
    table = ca.reconcile(all_, one, by=["year", "flow", "product"]).table
    assert (table["gap"] / table["right"]).tolist() == pytest.approx([0.06] * 3)
    assert table["activity"].tolist() == pytest.approx(table["gap"].tolist())


def test_years_are_those_of_both():
    """A table of indicators with years makes the balances of the years that the province has."""
    two = ca.make_balance(
        pd.DataFrame(
            [
                ("某省", year, "transport", "diesel", 100.0 * n)
                for n, year in ((1, 2018), (2, 2019))
            ],
            columns=["area", "year", "flow", "product", "value"],
        )
    )
    table = pd.concat([cities().assign(year=year) for year in (2018, 2019, 2020)])
    made = ca.build_city_balance(area="甲市", province=two, indicators=table)
    assert made.years == [2018, 2019]
    assert made.amounts.sel(
        flow="transport", product="diesel"
    ).values.ravel().tolist() == pytest.approx([50, 100])
    with pytest.raises(TableError, match="has 2018, 2019 and not 2020; give that of 2020"):
        ca.build_city_balance(area="甲市", year=2020, province=two, indicators=table)
    with pytest.raises(TableError, match="the balance is of 某省, and the indicators have 甲市"):
        ca.build_city_balance(area="甲市", year=2019, province=two, indicators=cities().iloc[4:])


@settings(max_examples=40)
@given(st.lists(st.floats(0.01, 1e4), min_size=1, max_size=8), st.floats(0.01, 1e6))
def test_a_split_adds_to_its_total(values, total):
    """Districts share a city's target.

    What they do not cover of a stated whole is a row of its own.
    """
    names = [f"{n}区" for n in range(len(values))]
    table = pd.DataFrame({"area": names, "indicator": "GDP", "value": values, "unit": "亿元"})
    split = ca.split_total(total, "1e4 tce", table, index="gdp", year=2025)
    assert split["amount"].sum() == pytest.approx(total)
    assert (split["share"] > 0).all()
    city = pd.DataFrame([("全市", "GDP", 2 * sum(values), "亿元")], columns=table.columns)
    half = ca.split_total(
        total, "1e4 tce", pd.concat([table, city]), index="gdp", year=2025, whole="全市"
    )
    assert half["amount"].tolist()[-1] == pytest.approx(total / 2)
    assert half["area"].tolist()[-1] == "not attributed"
    assert half["amount"].sum() == pytest.approx(total)


def test_a_split_needs_every_district():
    """A district without the index, and an index that nobody knows, stop by name."""
    table = pd.DataFrame(
        [("甲区", "GDP", 3.0, "亿元"), ("乙区", "常住人口", 3.0, "万人")],
        columns=["area", "indicator", "value", "unit"],
    )
    with pytest.raises(TableError, match="no gdp of 乙区 in 2025; a split needs it of every area"):
        ca.split_total(9.0, "1e4 tce", table, index="gdp", year=2025)
    with pytest.raises(TableError, match="no indicator 'gdpp'; did you mean gdp"):
        ca.split_total(9.0, "1e4 tce", table, index="gdpp", year=2025)


def test_districts_and_parks_are_made_as_cities_are():
    """The larger area may be a city: its district takes its rows by the same shares."""
    named = ca.make_balance(province().amounts.assign_coords(area=["厦门"]))
    held = {"厦门": WHOLE, "思明区": {key: 0.25 * WHOLE[key] for key in WHOLE}}
    made = ca.build_city_balance(province=named, indicators=make_indicators(held))
    assert made.areas == ["思明区"]
    assert float(made.amounts.sel(flow="industry", product="raw_coal").item()) == pytest.approx(
        125.0
    )
