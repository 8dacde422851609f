"""我国低碳试点实践现状及未来工作方向研究 (NCSC 2013): its tables against each other and its text."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct import load_published
from carbonacct.analysis.groups import GROUP_NAMES, group_against_reference

PILOTS = load_published("pilots-2013", "pilots")
TARGETS = load_published("pilots-2013", "targets")
STATED = load_published("pilots-2013", "statements").set_index("statement")["value"]
NATION = "全国"


def batch(name: str) -> pd.DataFrame:
    """Return the areas of one batch by name, numbers as float64."""
    rows = PILOTS[PILOTS["batch"] == name].set_index("area")
    return rows.astype(
        dict.fromkeys(("population", "gdp", "gdp_per_head", "co2_per_head"), "float64")
    )


def table_16_and_the_areas_own() -> pd.DataFrame:
    """Return what table 16 prints beside what the table of each area prints, for the three indicators of table 16."""
    keys = ["area", "indicator", "base_year", "year"]
    in_16 = TARGETS["table"] == "16"
    return TARGETS[in_16].merge(TARGETS[~in_16], on=keys, how="left", suffixes=("_16", "_own"))[
        [*keys, "printed_16", "value_16", "table_own", "printed_own", "value_own"]
    ]


def test_the_areas_of_both_batches():
    """Tables 1 and 2: 五省八市 and 29 areas of the second batch, each once; table 2 is headed 第一批 like table 1."""
    first, second = batch("first"), batch("second")
    assert first["level"].value_counts().to_dict() == {"city": 6, "province": 5, "municipality": 2}
    assert len(first) == STATED["provinces_first_batch"] + STATED["cities_first_batch"]
    assert len(second) == STATED["areas_second_batch"]
    assert not set(first.index) & set(second.index)
    assert first.index.is_unique
    assert second.index.is_unique


def test_the_nation_is_the_same_in_both_tables():
    """Tables 1 and 2 print one row 全国: 134,091 万人, 401,512 亿元, 29,943 yuan and 5.5 t."""
    nation = PILOTS.loc[
        PILOTS["area"] == NATION, ["population", "gdp", "gdp_per_head", "co2_per_head"]
    ]
    assert nation.to_numpy().tolist() == [[134091, 401512, 29943, 5.5]] * 2


def test_areas_without_numbers():
    """Table 2 leaves six areas blank."""
    blank = PILOTS[PILOTS[["population", "gdp", "gdp_per_head", "co2_per_head"]].isna().all(axis=1)]
    assert blank["area"].tolist() == ["呼伦贝尔", "淮安", "池州", "南平", "广元", "延安"]
    assert (
        PILOTS.drop(index=blank.index)[["population", "gdp", "gdp_per_head", "co2_per_head"]]
        .notna()
        .all(axis=None)
    )


def test_gdp_per_head_follows_from_gdp_and_population():
    """Tables 1 and 2: printed GDP per head agrees with GDP and population within their rounding, in all areas."""
    rows = PILOTS.dropna(subset=["gdp"]).astype({"gdp": "float64", "population": "float64"})
    least = 1e4 * (rows["gdp"] - 0.5) / (rows["population"] + 0.5) - 0.5
    most = 1e4 * (rows["gdp"] + 0.5) / (rows["population"] - 0.5) + 0.5
    differs = rows[(rows["gdp_per_head"] < least) | (rows["gdp_per_head"] > most)]
    assert differs["area"].tolist() == []
    assert len(rows) == 38


def test_co2_per_head_of_the_nation():
    """Below table 1: 73.5 亿吨 over 134,091 万人 is the printed 5.5 t."""
    assert round(STATED["co2"] * 1e9 / (134091 * 1e4), 1) == 5.5


def test_the_share_of_the_first_batch_counts_shenzhen_twice():
    """1.2.1 prints 34.4 % of the nation's GDP: table 1 sums to 34.3 %, without double Shenzhen to 32.0 %."""
    first = batch("first")
    nation = 401512
    assert round(100 * first["gdp"].sum() / nation, 1) == 34.3
    assert round(100 * first["gdp"].drop("深圳").sum() / nation, 1) == 32.0
    assert STATED["gdp_share_percent"] == 34.4


def test_extremes_of_the_first_batch():
    """1.2.1: 云南 is lowest; GDP per head of 深圳 is nearly 6 times, CO2 per head of 杭州 nearly 5 times that."""
    first = batch("first")
    for column, highest, times in (("gdp_per_head", "深圳", 6), ("co2_per_head", "杭州", 5)):
        assert first[column].idxmax() == highest
        assert first[column].idxmin() == "云南"
        assert times - 1 < first[column].max() / first[column].min() < times


def test_trends_over_income():
    """1.2.1: with GDP per head, CO2 per head rises and CO2 per GDP falls over the first batch.

    The rank correlations are ours: +0.64 and -0.64.
    """
    first = batch("first")
    intensity = first["co2_per_head"] / first["gdp_per_head"]
    ranks = pd.DataFrame(
        {"gdp": first["gdp_per_head"], "co2": first["co2_per_head"], "intensity": intensity}
    ).rank()
    assert ranks.corr().loc["gdp", ["co2", "intensity"]].round(2).tolist() == [0.64, -0.64]


def test_the_four_groups_come_out_as_named():
    """1.2.1: 广东; 深圳、杭州、厦门、天津、南昌、辽宁; 贵阳、湖北、重庆、陕西; 保定、云南."""
    named = load_published("pilots-2013", "groups").set_index("area")["group"]
    areas = pd.concat([batch("first"), batch("nation").iloc[:1]])
    found = group_against_reference(areas, NATION)
    assert found.to_dict() == named.to_dict()
    assert set(named) == set(GROUP_NAMES)


def test_groups_of_the_second_batch():
    """Table 2 by the same rule: 16 richer with more carbon, 温州 richer with less; six blank areas have no group.

    The grouping is ours, not the report's.
    """
    areas = pd.concat([batch("second"), batch("nation").iloc[:1]])
    found = group_against_reference(areas, NATION)
    assert found.value_counts().to_dict() == {
        "rich-high": 16,
        "poor-low": 4,
        "poor-high": 2,
        "rich-low": 1,
    }
    assert found[found == "rich-low"].index.tolist() == ["温州"]
    assert found.isna().sum() == 6


def test_table_6_repeats_table_5():
    """Tables 5 and 6: the targets of 杭州 are those of 厦门 in every cell."""
    columns = ["number", "indicator", "base_year", "year", "printed", "name_zh", "heading"]
    five, six = (
        TARGETS[TARGETS["table"] == table][columns].reset_index(drop=True) for table in ("5", "6")
    )
    pd.testing.assert_frame_equal(five, six)
    assert len(five) == 14


def test_table_16_against_the_tables_of_the_areas():
    """Table 16 against tables 3 to 15: only 杭州 differs, whose table repeats that of 厦门.

    Table 16 prints / where table 5 prints a cut of energy.
    """
    both = table_16_and_the_areas_own()
    both = both[(both["area"] != NATION) & both["printed_own"].notna()]
    differs = both[both["value_16"].ne(both["value_own"])]
    assert differs[
        ["area", "indicator", "year", "printed_16", "printed_own"]
    ].to_numpy().tolist() == [
        ["杭州", "co2_per_gdp_cut", 2015, "20", "17"],
        ["杭州", "co2_per_gdp_cut", 2020, "50", "45"],
        ["厦门", "energy_per_gdp_cut", 2015, "/", "10"],
        ["杭州", "energy_per_gdp_cut", 2015, "19.5", "10"],
    ]
    assert len(both) == 36


def test_what_table_16_leaves_out_the_area_leaves_out():
    """Table 16 prints / for 南昌 (2020 on 2005, energy) and 深圳 (2020 on 2005), as their own tables do."""
    both = table_16_and_the_areas_own()
    absent = both[(both["area"] != NATION) & both["printed_own"].isna()]
    assert absent[["area", "indicator", "year", "printed_16"]].to_numpy().tolist() == [
        ["南昌", "co2_per_gdp_cut", 2020, "/"],
        ["深圳", "co2_per_gdp_cut", 2020, "/"],
        ["南昌", "energy_per_gdp_cut", 2015, "/"],
    ]


def test_the_text_on_near_targets():
    """2.3: cuts of CO2 per GDP by 2015 go from 17 to 21 %, the most in 深圳; the nation has 17 %."""
    near = TARGETS[
        (TARGETS["table"] == "16")
        & (TARGETS["indicator"] == "co2_per_gdp_cut")
        & (TARGETS["year"] == 2015)
    ].set_index("area")["value"]
    areas = near.drop(NATION)
    assert (
        (areas.min(), areas.max())
        == (STATED["co2_per_gdp_cut_2015_least"], STATED["co2_per_gdp_cut_2015_most"])
        == (17, 21)
    )
    assert areas.idxmax() == "深圳"
    assert near[NATION] == STATED["co2_per_gdp_cut_nation"]


def test_the_text_on_far_targets_against_table_16():
    """2.3 says 48 for 保定, 45.3 for 深圳 and 45 for all others by 2020, against table 16.

    Table 16 has 50 for 杭州, none for 南昌 and 深圳; table 7 gives 45.3 as a cut of energy.
    """
    far = (
        TARGETS[
            (TARGETS["table"] == "16")
            & (TARGETS["indicator"] == "co2_per_gdp_cut")
            & (TARGETS["year"] == 2020)
        ]
        .set_index("area")["value"]
        .drop(NATION)
    )
    text = pd.Series(STATED["co2_per_gdp_cut_2020_others"], index=far.index)
    text["保定"], text["深圳"] = (
        STATED["co2_per_gdp_cut_2020_baoding"],
        STATED["co2_per_gdp_cut_2020_shenzhen"],
    )
    differs = far.index[far.ne(text)]
    assert differs.tolist() == ["南昌", "杭州", "深圳"]
    shenzhen = TARGETS[(TARGETS["table"] == "7") & (TARGETS["value"] == 45.3)]
    assert shenzhen[["indicator", "base_year", "year"]].to_numpy().tolist() == [
        ["energy_per_gdp_cut", 2005, 2020]
    ]


def test_numbers_of_rows_that_are_skipped():
    """Tables 3 to 15 number their rows without gaps, except 8 in table 7, 4 in 13, 5 in 15; table 10 has none."""
    skipped = {}
    for table, rows in TARGETS[TARGETS["number"] != ""].groupby("table"):
        numbers = rows["number"].astype(int)
        skipped[table] = sorted(set(range(1, numbers.max() + 1)) - set(numbers))
    assert {table: rows for table, rows in skipped.items() if rows} == {
        "7": [8],
        "13": [4],
        "15": [5],
    }
    assert set(TARGETS.loc[TARGETS["number"] == "", "table"]) == {"10", "16"}


def test_ranges_and_floors_have_no_value():
    """Tables 4, 10 and 16: 25-28, 48—50, 40 以上, 45 以上 and 40-45 are bounds, not values."""
    bounds = TARGETS[TARGETS["lower"].notna()]
    assert bounds["value"].isna().all()
    assert bounds[["printed", "lower", "upper"]].fillna(-1).to_numpy().tolist() == [
        ["25-28", 25, 28],
        ["48—50", 48, 50],
        ["40 以上", 40, -1],
        ["45 以上", 45, -1],
        ["40-45", 40, 45],
    ]


def test_values_whose_year_is_not_known():
    """Tables 7 and 9: three values without a column in the text have no year."""
    unknown = TARGETS[TARGETS["year"].isna()]
    assert unknown[["area", "indicator", "printed"]].to_numpy().tolist() == [
        ["深圳", "green_building_share", "40"],
        ["深圳", "public_transport_share", "56"],
        ["天津", "non_fossil_share_rise", "2"],
    ]
    assert unknown["note"].str.contains("the year is not known").all()


@pytest.mark.parametrize("table", [str(number) for number in range(3, 17)])
def test_every_table_of_targets_is_there(table):
    """Tables 3 to 16: one area each, fourteen areas in table 16, no indicator twice for one year."""
    rows = TARGETS[TARGETS["table"] == table]
    assert rows["area"].nunique() == (14 if table == "16" else 1)
    assert not rows.duplicated(["area", "indicator", "base_year", "year"]).any()
    assert (rows["value"].dropna() > 0).all()
