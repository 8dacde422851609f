"""Activities become entries: which sources count, what lacks, and laws that hold of all."""

from __future__ import annotations

import csv
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.catalogue import in_language
from carbonacct.errors import ActivityDataError, FactorDataError
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import _join_items, compile_sources
from tests.sectors.sources.building import compiled, value_of

CITY = [
    ("水泥熟料产量", "", 3000, "万吨"),
    ("电石产量", "", 2, "万吨"),
    ("硝酸产量", "中压法", 3, "万吨"),
    ("年末存栏", "猪,农户饲养", 100, "万头"),
    ("卫生填埋", "", 300, "万吨"),
    ("site_share", "managed", 100, "%"),
    ("waste_share", "food", 59.1, "%"),
    ("waste_share", "paper", 8.5, "%"),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return the inventory of the city."""
    return compiled(tmp_path_factory.mktemp("city"), *CITY)


def test_a_city_by_hand(city):
    """The guideline's arithmetic, source by source, in t of each gas."""
    found = city
    assert value_of(found, "cement") == pytest.approx(3e7 * 0.538)
    assert value_of(found, "calcium_carbide") == pytest.approx(2e4 * 1.154)
    assert value_of(found, "nitric_acid", "medium_pressure") == pytest.approx(3e4 * 11.77e-3)
    assert value_of(found, "enteric_fermentation", "pigs") == pytest.approx(1000)
    organic = 0.591 * 0.15 + 0.085 * 0.40
    landfilled = 3e6 * organic * 0.5 * 0.5 * 16 / 12 * 0.9
    assert value_of(found, "landfill") == pytest.approx(landfilled)
    assert found.entries["scope"].eq(1).all()
    sectors = dict(zip(found.entries["flow"], found.entries["sector"], strict=True))
    assert sectors["cement"] == "processes"
    assert sectors["landfill"] == "waste"
    assert found.entries.set_index("flow")["category"]["cement"] == "2.A.1"


@pytest.mark.parametrize(
    ("method", "editions"), [("provincial-2011", {"provincial-2011"}), ("ipcc-2006", {"ipcc-2006"})]
)
def test_a_making_names_method_editions_and_files(tmp_path, method, editions):
    """As of fuels: by the id of the method, not of its sector file."""
    (made,) = compiled(
        tmp_path, ("clinker_output", "", 5, "万吨"), method=method, sectors=["processes"]
    ).made_from
    assert made.method == method
    assert editions <= set(made.editions)
    assert [name for name, _ in made.files] == ["activity.csv"]


def test_only_sources_whose_activities_are_given(tmp_path):
    """Carbide alone makes one entry; what needs other activities says nothing of itself."""
    found = compiled(tmp_path, ("电石产量", "", 2, "万吨"))
    assert found.entries["flow"].to_list() == ["calcium_carbide"]
    assert found.findings == ()


def test_a_source_of_which_only_some_activities_are_given_is_not_counted(tmp_path):
    """Livestock without fertiliser is no N2O of soils: one finding names what is not reported."""
    found = compiled(tmp_path, ("年末存栏", "猪,农户饲养", 100, "万头"))
    assert not {"soils_direct", "soils_leaching"} & set(found.entries["flow"])
    about = [str(one) for one in found.findings if "soils_direct" in one.message]
    assert len(about) == 1
    assert "soils_direct has no number: nitrogen_fertiliser, compound_fertiliser" in about[0]
    assert found.total(gas="N2O")["notation"].item() == ""


def test_some_activities_of_one_area_do_not_void_another(tmp_path):
    """Of Chengdu all that a landfill needs is given, of Chongqing the waste alone: no entry, and no gap."""
    rows = [(*row, "成都") for row in CITY]
    rows.append(("卫生填埋", "", 300, "万吨", "重庆"))
    found = compiled(tmp_path, *rows)
    held = found.entries[found.entries["flow"] == "landfill"]
    assert held["area"].tolist() == ["成都"]
    assert held["value"].notna().all()
    assert [
        one for one in map(str, found.findings) if "重庆" in one and "landfill has no number" in one
    ]


@pytest.mark.parametrize("tonnes", [0.0, 0.3, 1.0, 3.0])
def test_a_small_emission_is_an_emission(tmp_path, tonnes):
    """Below a tonne of CO2 too, and nothing itself: only what is below nothing is a removal."""
    (entry,) = compiled(tmp_path, ("电石产量", "", tonnes, "吨")).entries.to_dict("records")
    assert entry["value"] == pytest.approx(1.154 * tonnes)
    assert entry["kind"] == "emission"


def test_a_label_that_does_not_occur_voids_no_other(tmp_path):
    """Pigs are counted where there are no goats; goats have no entry."""
    rows = [("年末存栏", "猪,农户饲养", 100, "万头"), ("年末存栏", "山羊,农户饲养", "NO", "")]
    found = compiled(tmp_path, *rows).entries
    held = found[found["flow"] == "enteric_fermentation"]
    assert held[["product", "value", "notation"]].to_numpy().tolist() == [["pigs", 1000.0, ""]]


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006"])
def test_poultry_leave_the_methane_of_other_animals(tmp_path, method):
    """IPCC 2006 Vol. 4 Table 10.10 has no factor of poultry for want of data: none is worked out, the pigs count."""
    rows = [("年末存栏", f"{animal},农户饲养", 100, "万头") for animal in ("猪", "家禽")]
    found = compiled(tmp_path, *rows, method=method)
    assert value_of(found, "enteric_fermentation", "pigs") == pytest.approx(1000)
    assert value_of(found, "enteric_fermentation", "poultry") == 0


def test_an_item_names_all_labels():
    """Of several dims one behind another; of none it is blank, for each entry."""
    animals, modes = (
        np.array(labels, object) for labels in (["pigs", "goats"], ["grazing", "farms"])
    )
    assert _join_items([animals, modes], 2).tolist() == ["pigs,grazing", "goats,farms"]
    assert _join_items([animals], 2).tolist() == ["pigs", "goats"]
    assert _join_items([], 2).tolist() == ["", ""]


def test_an_unverified_factor_is_never_a_silent_default(tmp_path):
    """The entry is there without a number and voids its sum; allowed, it counts with a finding."""
    row = ("石灰产量", "", 2, "万吨")
    found = compiled(tmp_path, row)
    assert found.entries["notation"].to_list() == ["NE"]
    assert math.isnan(found.total()["value"].item())
    assert [finding.rule for finding in found.findings] == ["factor-missing"]
    allowed = compiled(tmp_path, row, allow_unverified=True)
    assert value_of(allowed, "lime") == pytest.approx(2e4 * 0.683)
    assert [finding.rule for finding in allowed.findings] == ["unverified-factor"]


def test_a_factor_of_ones_own(tmp_path):
    """Stated in the table or laid over the method, it stands before the published one."""
    lime = ("石灰产量", "", 2, "万吨")
    stated = compiled(tmp_path, lime, ("石灰排放因子", "", 0.7, "t CO2/t"))
    assert value_of(stated, "lime") == pytest.approx(14000)
    folder = tmp_path / "mine"
    (folder / "processes").mkdir(parents=True)
    source = 'title = "own"\npublisher = "me"\nedition = "1"\ndate = "2024"\nreference = "own"\n'
    (folder / "source.toml").write_text(source, encoding="utf-8")
    head = "from,to,value,lower,upper,unit,table,page,status,note\n"
    table = folder / "processes" / "lime_factor.csv"
    table.write_text(f"{head},,0.72,,,t CO2/(t lime),,,single,own\n", encoding="utf-8")
    laid = compiled(tmp_path, lime, overlay=folder)
    assert value_of(laid, "lime") == pytest.approx(14400)
    assert "mine/processes/lime_factor.csv:2" in str(laid.trace(0))
    assert [name for name, _ in laid.made_from[0].files] == [
        "activity.csv",
        "lime_factor.csv",
        "source.toml",
    ]
    table.write_text(f"{head},,0.72,,,t CO2/(t cement),,,single,own\n", encoding="utf-8")
    with pytest.raises(FactorDataError, match=r"lime_factor.csv:2: t CO2/\(t cement\) cannot be"):
        compiled(tmp_path, lime, overlay=folder)


def test_a_notation_key_is_the_entrys_own(tmp_path):
    """Clinker that does not occur is NO, that is counted elsewhere IE: neither voids a sum."""
    for key in ("NO", "IE"):
        found = compiled(tmp_path, ("水泥熟料产量", "", key, ""), ("电石产量", "", 2, "万吨"))
        assert found.entries.set_index("flow")["notation"]["cement"] == key
        assert found.total()["value"].item() == pytest.approx(23080)


def test_every_entry_opens_down_to_its_cell(tmp_path):
    """The trace's value is the entry's, and its leaves are cells of the table or factor rows."""
    found = compiled(tmp_path, *CITY, allow_unverified=True)
    for entry in range(len(found)):
        step = found.trace(entry)
        assert step.value == found.entries["value"].iloc[entry]
        assert "activity.csv!E" in str(step)


def by_source(inventory):
    """Return values by area, year, source, item and gas."""
    keys = ["area", "year", "flow", "product", "gas"]
    table = inventory.entries[[*keys, "value"]].astype(dict.fromkeys(keys, object))
    return table.set_index(keys)["value"].sort_index()


def test_what_other_areas_and_years_report_changes_nothing(tmp_path):
    """Cities compiled together have the numbers that each has alone."""
    rows = {
        ("重庆", 2020): CITY,
        ("重庆", 2021): CITY[:3],
        ("北京", 2020): [
            ("年末存栏", "奶牛,规模化饲养", 5, "万头"),
            ("年末存栏", "家禽,规模化饲养", 9, "万只"),
            ("电石产量", "", 1, "t"),
        ],
    }
    placed = [(*row, *place) for place, table in rows.items() for row in table]
    together = by_source(compiled(tmp_path, *placed, allow_unverified=True))
    alone = [
        by_source(compiled(tmp_path, *((*row, *place) for row in table), allow_unverified=True))
        for place, table in rows.items()
    ]
    pd.testing.assert_series_equal(together, pd.concat(alone).sort_index(), check_exact=True)


def test_sectors_one_by_one_are_the_whole(tmp_path, city):
    """The join of sectors compiled apart is the inventory of all."""
    names = ["processes", "agriculture", "waste"]
    parts = [compiled(tmp_path, *CITY, sectors=[name]) for name in names]
    joined = ca.join_inventories(parts)
    pd.testing.assert_frame_equal(joined.to_frame(), city.to_frame(), check_exact=True)


@given(st.floats(0.01, 100, allow_subnormal=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
def test_entries_are_linear_in_the_amounts(tmp_path, city, scale):
    """Twice the amounts make twice the emissions; shares stay what they are."""
    scaled = [
        row if "share" in row[0] else (row[0], row[1], repr(row[2] * scale), row[3]) for row in CITY
    ]
    one, other = by_source(city), by_source(compiled(tmp_path, *scaled))
    pd.testing.assert_series_equal(one * scale, other, rtol=1e-12)


@pytest.mark.parametrize("units", [("t", 1e4), ("kg", 1e7), ("千吨", 10), ("亿吨", 1e-4)])
def test_the_unit_of_an_amount_does_not_matter(tmp_path, city, units):
    """万吨, 千吨, t and kg of one amount are the same entry."""
    unit, scale = units
    other = [(*row[:2], repr(row[2] * scale), unit) if row[3] == "万吨" else row for row in CITY]
    one, same = by_source(city), by_source(compiled(tmp_path, *other))
    pd.testing.assert_series_equal(one, same, rtol=1e-14)


def forest_rows(frame):
    """Return activities of a published table of forest changes: type, year, change."""
    rows = []
    for one in frame.itertuples():
        place = ("厦门", one.year)
        if one.forest_type_zh == "乔木林":
            rows.append(("tree_volume", "all", 3e6, "立方米", *place))
            rows.append(("growth_rate", "", one.change_in_year / 3e6, "1", *place))
        elif one.forest_type_zh.startswith("散生木"):
            rows.append(("scattered_change", "", one.change_in_year, "立方米", *place))
        else:
            rows.append(("stand_change", one.forest_type_zh, one.change_in_year, "公顷", *place))
    return rows


def forest_entries(inventory):
    """Return 10^4 t CO2 by year and type of forest."""
    names = {
        ("forest_growth", ""): "乔木林",
        ("scattered_growth", ""): "散生木|四旁树|疏林",
        ("other_stands", "bamboo"): "竹林",
        ("other_stands", "economic"): "经济林",
        ("other_stands", "shrub"): "灌木林",
    }
    held = inventory.entries
    sources = zip(held["flow"], held["product"], strict=True)
    kinds = [names[source] for source in sources]
    return dict(zip(zip(held["year"], kinds, strict=True), held["value"] / 1e4, strict=True))


def test_forest_of_a_city_of_fujian(tmp_path):
    """Growing stock by the province's density and expansion, stands by the table: by hand."""
    changes = pd.DataFrame(
        {
            "year": [2011] * 3,
            "forest_type_zh": ["乔木林", "竹林", "散生木|四旁树|疏林"],
            "change_in_year": [60000.0, -10.0, -600.0],
        }
    )
    found = forest_entries(compiled(tmp_path, *forest_rows(changes)))
    carbon = 0.436 * 1.806 * 0.5 * 44 / 12 / 1e4
    assert found == pytest.approx(
        {
            (2011, "乔木林"): -60000 * carbon,
            (2011, "竹林"): 10 * 68.48 * 0.5 * 44 / 12 / 1e4,
            (2011, "散生木|四旁树|疏林"): 600 * carbon,
        }
    )
    kinds = compiled(tmp_path, *forest_rows(changes)).by("kind").set_index("kind")["value"]
    assert kinds["removal"] < 0 < kinds["emission"]


def test_the_published_forest_rows_of_xiamen(tmp_path, real_tables):
    """All rows of 2011 to 2014 come out as printed, to the last digit that is printed."""
    folder = real_tables / "city_cases" / "xiamen_five_sectors"
    if not folder.is_dir():
        pytest.skip("the five sectors of Xiamen are not among the real tables")
    truth = pd.read_csv(folder / "truth_forest_biomass.csv")
    found = forest_entries(compiled(tmp_path, *forest_rows(truth)))
    later = truth[truth["year"] > 2010]
    assert len(later) == 20
    for row in later.itertuples():
        computed = found[row.year, row.forest_type_zh]
        assert computed == pytest.approx(row.published_10kt_CO2, abs=0.00501)


def forest_page(folder, truth):
    """Write the changes of a published forest table as a page of a yearbook; return its file."""
    years = sorted(truth["year"].unique())
    rows = [["厦门市森林资源", *[""] * (len(years) + 1)], ["指标", "单位", *years]]
    names = {
        "散生木|四旁树|疏林": ("疏林、散生木和四旁树蓄积量年均变化量", "立方米"),
        "竹林": ("竹林面积年变化量", "公顷"),
        "经济林": ("经济林面积年变化量", "公顷"),
        "灌木林": ("灌木林面积年变化量", "公顷"),
    }
    changes = truth.set_index(["forest_type_zh", "year"])["change_in_year"]
    rows.append(["乔木林蓄积量", "万立方米", *[300] * len(years)])
    rows.append(["蓄积量总生长率", "%", *[changes["乔木林", year] / 3e4 for year in years]])
    for forest, (name, unit) in names.items():
        rows.append([name, unit, *(changes.get((forest, year), "") for year in years)])
    rows.append(["森林覆盖率", "%", *[43] * len(years)])
    path = folder / "forest.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_forest_rows_by_a_page_of_a_yearbook(tmp_path):
    """A page gives the same carbon as a table of activities."""
    rows = [(2011, "乔木林", 60000.0), (2011, "竹林", -10.0), (2011, "经济林", 5.0)]
    rows += [(2011, "灌木林", 1.0), (2011, "散生木|四旁树|疏林", -600.0)]
    changes = pd.DataFrame(rows, columns=["year", "forest_type_zh", "change_in_year"])
    by_page = compile_sources(read_activities([forest_page(tmp_path, changes)], "provincial-2011"))
    assert forest_entries(by_page) == pytest.approx(
        forest_entries(compiled(tmp_path, *forest_rows(changes)))
    )


def test_the_published_forest_rows_of_xiamen_by_a_page(tmp_path, real_tables):
    """All 20 rows of 2011 to 2014 come out of a yearbook's page as printed."""
    folder = real_tables / "city_cases" / "xiamen_five_sectors"
    if not folder.is_dir():
        pytest.skip("the five sectors of Xiamen are not among the real tables")
    truth = pd.read_csv(folder / "truth_forest_biomass.csv")
    later = truth[truth["year"] > 2010]
    made = compile_sources(read_activities([forest_page(tmp_path, later)], "provincial-2011"))
    found = forest_entries(made)
    assert len(later) == 20
    for row in later.itertuples():
        computed = found.get((row.year, row.forest_type_zh), 0.0)
        assert computed == pytest.approx(row.published_10kt_CO2, abs=0.00501)


def test_the_published_livestock_rows_of_xiamen(tmp_path, real_tables):
    """Methane and N2O by animal in 10^4 t to four decimals, with the factors of small farms."""
    folder = real_tables / "city_cases" / "xiamen_five_sectors"
    if not folder.is_dir():
        pytest.skip("the five sectors of Xiamen are not among the real tables")
    truth = pd.read_csv(folder / "truth_livestock_by_guideline_factor.csv")
    heads = truth.drop_duplicates(["animal_zh", "year"])
    rows = [
        ("年末存栏", f"{one.animal_zh},农户饲养", one.stock_head, "头", "厦门", one.year)
        for one in heads.itertuples()
    ]
    found = by_source(compiled(tmp_path, *rows, allow_unverified=True))
    sources = {"肠道": ("enteric_fermentation", "CH4"), "管理CH4": ("manure_ch4", "CH4")}
    sources["管理N2O"] = ("manure_n2o", "N2O")
    animals = {"奶牛": "dairy_cattle", "非奶牛": "other_cattle", "水牛": "buffalo", "山羊": "goats"}
    animals |= {"猪": "pigs", "家禽": "poultry"}
    matched = 0
    for row in truth[truth["reproduced"] == "yes"].itertuples():
        source, gas = next(at for word, at in sources.items() if word in row.source_zh)
        value = found["厦门", row.year, source, animals[row.animal_zh], gas] / 1e4
        assert value == pytest.approx(row.published_gas_10kt, abs=0.0000501)
        matched += 1
    assert matched >= 70


def test_tables_that_the_words_do_not_place(tmp_path):
    """A number without area or year, and none in the words, is refused with what to do."""
    for place, column in ((("", 2020), "area"), (("重庆", ""), "year")):
        with pytest.raises(ActivityDataError, match=f"has no {column}; write it in the column"):
            compiled(tmp_path, ("电石产量", "", 2, "万吨", *place))
    with pytest.raises(ActivityDataError, match=r"activity\.csv: holds no number of an activity"):
        compiled(tmp_path, ("电石产量", "", "", "万吨"))


def test_a_stated_factor_may_hold_for_all(tmp_path):
    """A factor without area and year serves every area and year of the table."""
    factor = ("lime_factor", "", 0.7, "t CO2/t", "", "")
    lime = [("石灰产量", "", 10, "t"), ("石灰产量", "", 20, "t", "北京", 2021)]
    held = compiled(tmp_path, factor, *lime)
    assert held.entries["value"].to_list() == pytest.approx([7, 14])


def test_the_climate_of_an_area_is_said_in_the_table(tmp_path):
    """Decay needs the climate, which the document leaves to the compiler: a row names the group."""
    rows = [("climate_zones", "temperate_wet", "", "", "重庆", "")]
    for year in range(2015, 2018):
        rows.append(("deposited", "food", 100, "kt", "重庆", year))
        rows.append(("site_share", "managed", 1, "", "重庆", year))
    found = compiled(tmp_path, *rows, method="ipcc-2006", sectors=["waste"])
    assert "decay_rate.csv" in str(found.trace(2))
    stated = [("decay_rate", "food", 0.185, "1", "重庆", ""), *rows[1:]]
    same = compiled(tmp_path, *stated, method="ipcc-2006", sectors=["waste"])
    pd.testing.assert_series_equal(found.entries["value"], same.entries["value"])
    named = [("填埋场气候区", "温带湿润", "", "", "重庆", ""), *rows[1:]]
    in_words = compiled(tmp_path, *named, method="ipcc-2006", sectors=["waste"])
    pd.testing.assert_series_equal(found.entries["value"], in_words.entries["value"])
    wrong = [("climate_zones", "tropical_wett", "", "")]
    with pytest.raises(ActivityDataError, match="climate_zones has no group 'tropical_wett'; did"):
        compiled(tmp_path, *wrong, method="ipcc-2006")


def test_a_zone_that_nobody_named_is_asked_for(tmp_path):
    """What a document leaves to the compiler is said with the row that says it, in both languages."""
    made = compiled(tmp_path, ("land_change", "forest,cropland", 10, "公顷"), method="ipcc-2006")
    [said] = [finding for finding in made.findings if "litter_stock has no row" in finding.message]
    assert "say which group of litter_classes 重庆 is in" in said.action
    assert "请说明重庆属于枯落物的森林类别的哪一组" in in_language(said.action, "zh")


def test_areas_without_any_row_have_no_number_each(tmp_path):
    """A parameter of which no row may be used lacks in every area alike; several areas are no error."""
    rows = [("msw_cleared", "", 300, "万吨", area) for area in ("上海", "重庆")]
    inventory = compiled(tmp_path, *rows)
    (finding,) = [one for one in inventory.findings if one.rule == "activity-missing"]
    assert str(finding).startswith("上海 2020, 重庆 2020: landfill has no number: msw_landfilled")
