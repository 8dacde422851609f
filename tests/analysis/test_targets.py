"""Targets: path, progress and what is needed, by hand; the parts of a cut; the nation's own numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import load_published, split_cut, track_cut, track_level
from carbonacct.analysis.targets import imply_cut
from carbonacct.errors import PanelError

TARGETS = load_published("national-targets", "targets")


def test_a_path_that_is_kept():
    """An intensity that falls at the one rate of 17 % in five years is on its path, and needs that rate."""
    rate = 0.83**0.2
    table = pd.DataFrame(
        {"year": range(2010, 2016), "co2": [100 * rate**t for t in range(6)], "gdp": 1.0}
    )
    found = track_cut(table, ratio="co2/gdp", cut=0.17, base_year=2010, year=2015)
    assert found["to"].tolist() == [2011, 2012, 2013, 2014, 2015]
    assert found["value"].tolist() == pytest.approx(found["path"].tolist())
    assert found["progress"].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert found["needed_rate"].tolist() == pytest.approx([rate - 1] * 4 + [math.nan], nan_ok=True)


def test_a_target_by_hand():
    """From 2 to 1.8 in two of four years, 19 % to cut: 1.62 is to be reached, 5.13 % a year."""
    table = pd.DataFrame({"area": "A", "year": [2010, 2012], "i": [2.0, 1.8]})
    found = track_cut(table, ratio="i", cut=0.19, base_year=2010, year=2014, by="area").iloc[0]
    assert found["path"] == pytest.approx(1.8)
    assert found["cut"] == pytest.approx(0.1)
    assert found["progress"] == pytest.approx(0.5)
    assert found["needed_rate"] == pytest.approx(math.sqrt(1.62 / 1.8) - 1)


def test_a_level_by_hand():
    """Nanchang's share of non-fossil energy, 3 % in 2010 and 7 % in 2015: 4 % in 2012 is a quarter of the way."""
    table = pd.DataFrame({"year": [2010, 2012, 2015], "share": [3.0, 4.0, 6.5]})
    found = track_level(table, value="share", level=7, base_year=2010, year=2015)
    assert found["path"].tolist() == pytest.approx([4.6, 7.0])
    assert found["progress"].tolist() == pytest.approx([0.25, 0.875])
    assert found["needed_step"].tolist() == pytest.approx([1.0, math.nan], nan_ok=True)


def test_a_level_that_the_base_year_has():
    """A base year at the level has no progress to measure."""
    found = track_level(
        pd.DataFrame({"year": [2010, 2012], "v": [7.0, 8.0]}),
        value="v",
        level=7,
        base_year=2010,
        year=2015,
    ).iloc[0]
    assert math.isnan(found["progress"])


def test_zero_is_a_level_and_no_intensity_to_cut():
    """A share may be zero in the base year and later; an intensity of zero has no path and no cut."""
    table = pd.DataFrame({"year": [2010, 2011, 2012], "share": [0.0, 0.0, 3.0]})
    level = track_level(table, value="share", level=6, base_year=2010, year=2014)
    assert level["reason"].tolist() == ["", ""]
    assert level["progress"].tolist() == pytest.approx([0, 0.5])
    target = {"ratio": "share", "cut": 0.2, "year": 2014}
    cut = track_cut(table.assign(share=[0.3, 0.0, 0.2]), **target, base_year=2010)
    assert cut["reason"].tolist() == ["no share above zero in 2011", ""]
    none = track_cut(table, **target, base_year=2011)
    assert none["reason"].tolist() == ["no share above zero in 2011"]


def test_what_is_absent_has_its_reason():
    """A missing base, a missing year and a denominator of zero leave no number, and say so."""
    table = pd.DataFrame(
        {
            "area": [*"AAABBB"],
            "year": [2010, 2011, 2012] * 2,
            "co2": [1, None, 1, None, 1, 1],
            "gdp": [1, 1, 0, 1, 1, 1],
        }
    )
    assert (
        track_cut(
            table.assign(gdp=-1, co2=-1),
            ratio="co2/gdp",
            cut=0.17,
            base_year=2010,
            year=2015,
            by="area",
        )["reason"]
        .ne("")
        .all()
    )
    found = track_cut(table, ratio="co2/gdp", cut=0.17, base_year=2010, year=2015, by="area")
    assert found["reason"].tolist() == [
        "no co2/gdp above zero in 2011",
        "no co2/gdp above zero in 2012",
        *["no co2/gdp above zero in 2010"] * 2,
    ]
    assert found[["value", "cut", "progress", "needed_rate"]].iloc[:2].isna().all().all()
    level = track_level(table, value="co2", level=2, base_year=2010, year=2012, by="area")
    assert level["reason"].tolist() == ["no co2 in 2011", "", "no co2 in 2010", "no co2 in 2010"]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(*[st.floats(0.5, 2)] * 3), min_size=2, max_size=6),
    st.permutations(["energy/gdp", "co2/energy"]),
)
def test_parts_add_up_to_the_cut(numbers, terms):
    """The parts of the terms, in any order, add up to the cut of every year; rates multiply to the change."""
    table = pd.DataFrame(numbers, columns=["co2", "energy", "gdp"]).assign(
        year=range(2010, 2010 + len(numbers))
    )
    options = {"ratio": "co2/gdp", "cut": 0.17, "base_year": 2010, "year": 2020}
    cut = track_cut(table, **options).set_index("to")
    parts = split_cut(table, terms=terms, **options)
    assert parts.groupby("to")["cut"].sum().to_numpy() == pytest.approx(
        cut["cut"].to_numpy(), abs=1e-12
    )
    change = (1 + parts["rate"]).groupby(parts["to"]).prod() ** (cut.index - 2010)
    assert change.to_numpy() == pytest.approx((1 - cut["cut"]).to_numpy(), rel=1e-9)


def test_a_term_that_alone_makes_up_the_rest():
    """With the needed rate of one term and the kept rate of the other, the target is met."""
    table = pd.DataFrame(
        {"year": [2010, 2013], "co2": [100.0, 112], "energy": [50.0, 58], "gdp": [100.0, 126]}
    )
    parts = split_cut(
        table,
        ratio="co2/gdp",
        terms=["energy/gdp", "co2/energy"],
        cut=0.17,
        base_year=2010,
        year=2015,
    ).set_index("term")
    end = (
        112
        / 126
        * (1 + parts["needed_rate"]["energy/gdp"]) ** 2
        * (1 + parts["rate"]["co2/energy"]) ** 2
    )
    assert end == pytest.approx(0.83, rel=1e-12)


def test_in_the_due_year_no_rate_is_needed_any_more():
    """A year before there is one, and in the year itself, and after it, there is none."""
    table = pd.DataFrame(
        {
            "year": range(2010, 2017),
            "co2": 100.0,
            "energy": 50.0,
            "gdp": [100.0 * 1.02**n for n in range(7)],
        }
    )
    options = {
        "ratio": "co2/gdp",
        "terms": ["energy/gdp", "co2/energy"],
        "cut": 0.17,
        "base_year": 2010,
    }
    parts = split_cut(table, year=2015, **options).set_index(["to", "term"])["needed_rate"]
    # What lacks of 17 % in one year; beside an energy intensity that falls on by 1 / 1.02.
    assert parts[2014].to_list() == pytest.approx([0.83 * 1.02**4 - 1, 0.83 * 1.02**5 - 1])
    assert parts[2015].isna().all()


def test_a_term_that_does_not_change_gives_nothing():
    """Offsetting terms under an unchanged intensity have opposite parts; a constant term has none."""
    table = pd.DataFrame(
        {"year": [2010, 2013], "co2": [100.0, 100], "energy": [50.0, 40], "gdp": [100.0, 100]}
    )
    parts = split_cut(
        table,
        ratio="co2/gdp",
        terms=["energy/gdp", "co2/energy"],
        cut=0.17,
        base_year=2010,
        year=2015,
    )["cut"].tolist()
    assert parts == pytest.approx([-math.log(0.8), math.log(0.8)])
    same = split_cut(
        table.assign(energy=50.0),
        ratio="co2/gdp",
        terms=["energy/gdp", "co2/energy"],
        cut=0.17,
        base_year=2010,
        year=2015,
    )
    assert same["cut"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("energy", "reasons"),
    [
        ([50.0, None], ["no energy/gdp above zero in 2013"] * 2),
        ([None, 58.0], ["no energy/gdp above zero in 2010"] * 2),
        ([50.0, 0.0], ["no energy/gdp above zero in 2013"] * 2),
        ([50.0, 58.0], ["", ""]),
    ],
)
def test_a_term_that_is_absent_has_its_reason(energy, reasons):
    """The ratio has its numbers, but a column that only its terms have does not: no part is left without a word."""
    table = pd.DataFrame(
        {"year": [2010, 2013], "co2": [100.0, 112], "energy": energy, "gdp": [100.0, 126]}
    )
    options = {"ratio": "co2/gdp", "cut": 0.17, "base_year": 2010, "year": 2015}
    parts = split_cut(table, terms=["energy/gdp", "co2/energy"], **options)
    assert parts["reason"].tolist() == reasons
    assert parts["cut"].isna().tolist() == [reason != "" for reason in reasons]
    assert track_cut(table, **options)["reason"].tolist() == [""]


def test_the_path_ends_with_the_target_year():
    """A level is reached in its year: what comes after it is left out, and a year after the base is needed."""
    table = pd.DataFrame(
        {"year": [2010, 2012, 2014, 2015], "share": [3.0, 4, 6, 7], "i": [2.0, 1.8, 1.7, 1.5]}
    )
    level = track_level(table, value="share", level=7, base_year=2010, year=2014)
    assert level["to"].tolist() == [2012, 2014]
    assert level["path"].tolist() == pytest.approx([5, 7])
    assert level["needed_step"].tolist() == pytest.approx([1.5, math.nan], nan_ok=True)
    cut = track_cut(table, ratio="i", cut=0.2, base_year=2010, year=2014)
    assert cut["path"].tolist() == pytest.approx([2 * math.sqrt(0.8), 1.6])
    assert cut["from"].tolist() == [2010, 2010]
    later = track_cut(table, ratio="i", cut=0.2, base_year=2012, year=2015)
    assert later["value"].tolist() == [1.7, 1.5]
    assert later["cut"].tolist() == pytest.approx([1 - 1.7 / 1.8, 1 - 1.5 / 1.8])


def test_terms_must_multiply_to_the_ratio():
    """Terms that leave something out are refused, with both sides."""
    table = pd.DataFrame(
        {
            "area": "A",
            "year": [2010, 2013],
            "co2": [100, 112],
            "energy": [50, 58],
            "gdp": [100, 126],
        }
    )
    with pytest.raises(
        PanelError,
        match=r"A 2010: energy/gdp \* co2/gdp is 0.5 and co2/gdp is 1; the terms must multiply",
    ):
        split_cut(
            table,
            ratio="co2/gdp",
            terms=["energy/gdp", "co2/gdp"],
            cut=0.17,
            base_year=2010,
            year=2015,
            by="area",
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cut": 0}, "cut is 0, not a fraction between 0 and 1"),
        ({"cut": 1}, "cut is 1, not a fraction between 0 and 1"),
        ({"ratio": "co2/"}, "is no ratio; write one column over another"),
        ({"cut": 17}, "cut is 17, not a fraction between 0 and 1; write 17 % as 0.17"),
        ({"year": 2010}, "the target year 2010 is not after the base year 2010"),
        (
            {"base_year": 2009},
            "no year 2009, the base of the target; the data reach from 2010 to 2013",
        ),
        ({"base_year": 2013}, "no year after 2013 up to 2015"),
        ({"ratio": "co2/gdp/energy"}, "is no ratio; write one column over another"),
        ({"ratio": "co2/gpd"}, "no column 'gpd'; did you mean gdp"),
    ],
)
def test_targets_that_make_no_sense(options, message):
    """A percentage for a fraction, years in the wrong order or not there, and a misspelt column are named."""
    table = pd.DataFrame({"year": [2010, 2013], "co2": [1, 1], "gdp": [1, 1]})
    asked = {"ratio": "co2/gdp", "cut": 0.17, "base_year": 2010, "year": 2015, **options}
    with pytest.raises(PanelError, match=message):
        track_cut(table, **asked)
    with pytest.raises(PanelError, match=message):
        split_cut(table, terms=[asked["ratio"]], **asked)


WHITE_PAPER = load_published("whitepaper-2022", "statements")
CUTS = {
    (int(row.year), int(row.base_year)): row.value / 100
    for row in WHITE_PAPER.itertuples()
    if row.statement == "co2_per_gdp_cut"
}
CUT_2020_ON_2015, CUT_2020_ON_2005, CUT_2019_ON_2005 = (
    CUTS[2020, 2015],
    CUTS[2020, 2005],
    CUTS[2019, 2005],
)
HALF_A_DIGIT = 0.0005


def national(indicator: str, base: int | None, year: int) -> pd.DataFrame:
    """Return the national targets of an indicator for a year."""
    return TARGETS[
        (TARGETS["indicator"] == indicator)
        & (TARGETS["base_year"].fillna(0) == (base or 0))
        & (TARGETS["year"] == year)
    ]


def test_national_facts_agree_with_each_other():
    """7.35 Gt over 1340.91 million people is 5.5 t, GDP a head is GDP over people, CO2 per tce is below coal's."""
    pilots, notes = (
        load_published("pilots-2013", "pilots"),
        load_published("pilots-2013", "statements").set_index("statement")["value"],
    )
    facts = WHITE_PAPER.set_index("statement")["value"]
    assert (notes["co2"], facts["co2"], facts["energy_consumption"]) == (7.35, 9.8, 4.86)
    for _, nation in pilots[pilots["area"] == "全国"].iterrows():
        assert nation["population"] == 134091
        assert (
            round(notes["co2"] * 1e9 / (nation["population"] * 1e4), 1)
            == nation["co2_per_head"]
            == 5.5
        )
        assert round(nation["gdp"] * 1e8 / (nation["population"] * 1e4)) == nation["gdp_per_head"]
    assert 1.9 < facts["co2"] / facts["energy_consumption"] < 2.77


def test_national_cuts_agree_with_each_other():
    """Cuts of chapters 1(2) and 4(4) imply a third within rounding: 36.5 % by 2015, 2020 0.6 % below 2019."""
    by_2015 = imply_cut(CUT_2020_ON_2005, CUT_2020_ON_2015)
    spread = HALF_A_DIGIT / (1 - CUT_2020_ON_2015) * (1 + (1 - by_2015))
    assert by_2015 == pytest.approx(0.3645, abs=spread)
    assert imply_cut(CUT_2020_ON_2005, CUT_2019_ON_2005) == pytest.approx(0.0058, abs=0.002)
    # the cut of 2011 to 2015 that the two leave for 2006 to 2010 beside the target of 17 %
    assert 0 < imply_cut(by_2015, 0.17) < by_2015


@pytest.mark.parametrize(
    ("base", "year", "reached_in", "reached"),
    [(2005, 2020, 2019, CUT_2019_ON_2005), (2005, 2020, 2020, CUT_2020_ON_2005)],
)
def test_national_target_of_2020_was_met_early(base, year, reached_in, reached):
    """40-45 % by 2020 on 2005: both ends were passed in 2019 already, as the white paper says."""
    target = national("co2_per_gdp_cut", base, year).iloc[0]
    assert (target["lower"], target["upper"]) == (40, 45)
    table = pd.DataFrame({"year": [base, reached_in], "i": [1.0, 1 - reached]})
    for end in (target["lower"], target["upper"]):
        found = track_cut(table, ratio="i", cut=end / 100, base_year=base, year=year).iloc[0]
        assert found["progress"] > 1
        assert found["value"] < found["path"]


def test_what_the_target_of_2030_leaves_to_do():
    """65 % by 2030 on 2005 after 48.4 % by 2020: 3.8 % a year; the target of 18 % by 2025 on 2020 is about that."""
    lower = national("co2_per_gdp_cut", 2005, 2030)["lower"].max()
    table = pd.DataFrame({"year": [2005, 2020], "i": [1.0, 1 - CUT_2020_ON_2005]})
    needed = track_cut(table, ratio="i", cut=lower / 100, base_year=2005, year=2030)[
        "needed_rate"
    ].iloc[0]
    assert needed == pytest.approx(-0.0381, abs=1e-4)
    by_2025 = national("co2_per_gdp_cut", 2020, 2025)["value"].item()
    assert (1 - by_2025 / 100) ** 0.2 - 1 == pytest.approx(-0.0389, abs=1e-4)


def test_every_national_target_has_its_place():
    """Each row has a document and a unit, and a number or a bound."""
    assert TARGETS[["section", "unit", "name_zh", "name_en", "printed"]].notna().all().all()
    assert (TARGETS["value"].notna() ^ TARGETS["lower"].notna()).all()
    assert not TARGETS.duplicated(["indicator", "base_year", "year", "section"]).any()
    cuts = TARGETS["indicator"].str.endswith("_cut")
    assert TARGETS.loc[cuts, "base_year"].notna().all()
    assert (TARGETS.loc[cuts, "base_year"] < TARGETS.loc[cuts, "year"]).all()


def test_intensities_as_our_world_in_data_prints_them(real_tables):
    """Four ratios of seven countries, 1990 to 2016, are those that OWID prints, to all three decimals."""
    owid = pd.read_csv(
        real_tables / "global" / "owid_co2_extract_7_countries_1990_2018.csv"
    ).dropna(subset=["gdp", "co2_per_gdp"])
    for (
        over,
        under,
        scale,
        printed,
    ) in (  # million tonnes, TWh, dollars and persons to kg, kWh and tonnes a head
        ("co2", "gdp", 1e9, "co2_per_gdp"),
        ("primary_energy_consumption", "gdp", 1e9, "energy_per_gdp"),
        ("co2", "primary_energy_consumption", 1, "co2_per_unit_energy"),
        ("co2", "population", 1e6, "co2_per_capita"),
    ):
        found = owid[over] * scale / owid[under]
        assert found.to_numpy() == pytest.approx(owid[printed].to_numpy(), rel=0, abs=0.000501), (
            printed
        )
    table = owid.rename(columns={"country": "area", "primary_energy_consumption": "energy"})
    options = {"ratio": "co2/gdp", "cut": 0.45, "base_year": 2005, "year": 2016, "by": "area"}
    found = track_cut(table, **options).set_index(["area", "to"])
    printed = owid.set_index(["country", "year"])["co2_per_gdp"].loc[found.index]
    base = (
        owid[owid["year"] == 2005]
        .set_index("country")["co2_per_gdp"]
        .loc[found.index.get_level_values(0)]
    )
    assert found["cut"].to_numpy() == pytest.approx(
        1 - printed.to_numpy() / base.to_numpy(), abs=0.01
    )
    parts = (
        split_cut(table, terms=["energy/gdp", "co2/energy"], **options)
        .groupby(["area", "to"], sort=False)["cut"]
        .sum()
    )
    assert parts.to_numpy() == pytest.approx(found["cut"].to_numpy(), abs=1e-12)
    assert np.isfinite(found["progress"]).all()
