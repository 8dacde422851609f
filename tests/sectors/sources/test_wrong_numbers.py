"""Numbers that cannot be right, each refused or found by name."""

from __future__ import annotations

import pytest

from carbonacct.catalogue import in_language
from carbonacct.errors import ActivityDataError
from tests.sectors.sources.building import compiled, read, value_of

PLACE = ("重庆", 2007)
SITE = [("site_share", "管理型", 100, "%", *PLACE), ("waste_share", "厨余", 60, "%", *PLACE)]

FOUND = {
    "clinker above cement": (
        [("水泥产量", "", 2000, "万吨", *PLACE), ("水泥熟料产量", "", 2100, "万吨", *PLACE)],
        "cement_output * clinker_limit does not hold: the left side is 2.1e+07, the right side 2e+07",
    ),
    "recovered above generated": (
        [("卫生填埋", "", 1, "万吨", *PLACE), *SITE, ("填埋场甲烷回收量", "", 10, "万吨", *PLACE)],
        "landfill: landfill_recovered <= generated does not hold: the left side is 100000, the right side 300",
    ),
    "burnt gas above set free": (
        [
            ("井工煤矿原煤产量", "乡镇煤矿", 1, "万吨", *PLACE),
            ("mine_gas_used", "", 1e9, "m3", *PLACE),
        ],
        "mine_gas_used <= set_free does not hold",
    ),
    "trees that shrink below nothing": (
        [
            ("scattered_volume", "", 1, "万立方米", *PLACE),
            ("scattered_change", "", -2, "万立方米", *PLACE),
            ("tree_volume", "all", 5, "万立方米", *PLACE),
        ],
        "-scattered_change <= scattered_volume does not hold: the left side is 20000, the right side 10000",
    ),
    "more waste treated than collected": (
        [
            ("msw_cleared", "", 100, "万吨", *PLACE),
            ("msw_landfilled", "", 60, "万吨", *PLACE),
            ("waste_incinerated", "城市生活垃圾", 90, "万吨", *PLACE),
            *SITE,
        ],
        (
            "landfilled + sum(waste_incinerated * is_municipal, burnt_waste) <= msw_cleared does not hold: "
            "the left side is 1.5e+06, the right side 1e+06"
        ),
    ),
    "more trees in forests than there are": (
        [
            ("tree_volume", "all", 8000, "万立方米", "福建", 2020),
            ("living_volume", "", 6000, "万立方米", "福建", 2020),
            ("consumption_rate", "", 2, "%", "福建", 2020),
        ],
        "sum(tree_volume, species) <= living_volume does not hold: the left side is 8e+07, the right side 6e+07",
    ),
    "a total of animals beside a part": (
        [
            ("年末存栏", "猪", 1500, "万头", *PLACE),
            ("年末存栏", "猪,农户饲养", 2000, "万头", *PLACE),
        ],
        "heads pigs unspecified 重庆 2007 is 1.5e+07, its parts add to 2e+07: heads pigs household 重庆 2007",
    ),
    "waste in tonnes that are ten thousands": (
        [("msw_landfilled", "", 180, "t", *PLACE), *SITE],
        "msw_landfilled of 重庆 2007 is 180 t waste; 1e3 to 1e8 is what an area of its level has",
    ),
    "a region that a table does not have": (
        [("年末存栏", "猪,农户饲养", 5, "万头", "某国某地", 2007)],
        "manure_ch4_factor has no row for pigs, 某国某地",
    ),
}
ABSENT = {
    "recovered above generated",
    "burnt gas above set free",
    "trees that shrink below nothing",
    "a region that a table does not have",
}
IPCC = {
    "foam that ends before it was blown": (
        [("foam_gas", "HFC134a,closed", 10, "t"), ("foam_ended", "HFC134a,closed", 100, "t")],
        "foam_ended <= previous(in_use) + foam_gas does not hold: the left side is 100, the right side 10",
    ),
    "a fire larger than the forest": (
        [
            ("forest_area", "natural", 10, "公顷"),
            ("disturbed_area", "", 100, "公顷"),
            ("disturbed_biomass", "", 100, "t dm/ha"),
            ("disturbed_share", "", 1, ""),
        ],
        "disturbed_area <= sum(forest_area, forest) does not hold: the left side is 100, the right side 10",
    ),
    "a year that lacks in the history of a landfill": (
        [
            *(("deposited", "food", 10, "万吨", "重庆", year) for year in (2018, 2020)),
            *(("site_share", "managed", 100, "%", "重庆", year) for year in (2018, 2020)),
            ("climate_zones", "temperate_wet", "", ""),
        ],
        (
            "重庆 2019: deposited has no number in years after its first one, "
            "and nothing is worked out for 重庆 2020 either; give every year"
        ),
    ),
    "a matrix of land that does not close": (
        [("land_change", "forest,cropland", 10, "公顷"), ("land_before", "forest", 8, "公顷")],
        "sum(land_change, land_to) == land_before does not hold: the left side is 10, the right side 8",
    ),
}
NO_ACTIVITY = {
    "生猪出栏量": ("give those (年末存栏)", "请填年末存栏"),
    "氮肥实物量": ("its nutrients (折纯)", "请填折纯量"),
    "水泥销售量": ("give the output (产量)", "请填产量"),
    "牛存栏": ("give them apart", "请分别填写"),
}
REFUSED = {
    "a forest below nothing": (
        ("乔木林蓄积量", "杉木", -5, "万立方米"),
        "E2: tree_volume is -50000 m3; it cannot be below 0",
    ),
    "shares that miss 1": (
        ("各类填埋场所占比例", "管理型", 95, "%"),
        "E2: site_share of 重庆 2020 adds to 0.95 over site",
    ),
    "less than nothing": (
        ("水泥熟料产量", "", -5, "万吨"),
        "E2: clinker_output is -50000 t clinker; it cannot be below 0",
    ),
    "a percentage without its sign": (
        ("landfilled_share", "", 75, "1"),
        "E2: landfilled_share is 75; it lies between 0 and 1; a percentage has the unit %",
    ),
    "heads in tonnes": (
        ("年末存栏", "猪", 5, "万吨"),
        "F2: heads is measured in head: 万吨 cannot be turned into head",
    ),
    "an area in tonnes": (("水稻播种面积", "早稻", 5, "万吨"), "F2: rice_area is measured in ha"),
    "a rate of more than all": (
        ("consumption_rate", "", 120, "%"),
        "E2: consumption_rate is 1.2; it lies between 0 and 1",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_numbers_say_together_is_found(tmp_path, name):
    """The finding names the source and what does not hold; no number that breaks a rule counts unseen."""
    rows, expected = FOUND[name]
    made = compiled(tmp_path, *rows, allow_unverified=True)
    lines = [str(finding) for finding in made.findings if finding.severity in {"error", "warning"}]
    assert any(expected in line for line in lines), lines


@pytest.mark.parametrize("name", [name for name in FOUND if name in ABSENT])
def test_a_source_that_is_refused_has_no_number(tmp_path, name):
    """More recovered than there is, or fewer trees than none: the entry is NE."""
    made = compiled(tmp_path, *FOUND[name][0], allow_unverified=True)
    assert "NE" in set(made.entries["notation"])
    errors = [finding.rule for finding in made.findings if finding.severity == "error"]
    assert "wrong-sign" not in errors  # the check says what is wrong, and nothing says it again


@pytest.mark.parametrize("name", IPCC)
def test_what_history_and_areas_say_together_is_found(tmp_path, name):
    """By the IPCC's sources: each an error that names the source, the rule and both sides."""
    rows, expected = IPCC[name]
    made = compiled(tmp_path, *rows, method="ipcc-2006")
    errors = [str(finding) for finding in made.findings if finding.severity == "error"]
    assert any(expected in line for line in errors), errors


@pytest.mark.parametrize("word", NO_ACTIVITY)
def test_another_amount_is_no_activity(tmp_path, word):
    """What is slaughtered, sold, or weighed as a product is refused with what to give, in both languages."""
    with pytest.raises(ActivityDataError) as caught:
        read(tmp_path, (word, "", 5, "万吨"))
    english, chinese = NO_ACTIVITY[word]
    assert english in str(caught.value)
    assert chinese in in_language(str(caught.value), "zh")


def test_a_part_beside_its_total_counts_once(tmp_path):
    """Pigs of households among all pigs: what they leave counts as not grazing."""
    rows = [
        ("年末存栏", "猪", 1500, "万头", *PLACE),
        ("年末存栏", "猪,农户饲养", 500, "万头", *PLACE),
    ]
    made = compiled(tmp_path, *rows)
    assert value_of(made, "enteric_fermentation", "pigs") == pytest.approx(1500e4 * 1e-3)


def test_a_bank_of_gases_that_nobody_names_has_no_entry(tmp_path):
    """A bank begins with nothing; of other gases there is none."""
    made = compiled(tmp_path, ("foam_gas", "HFC134a,closed", 10, "t"), method="ipcc-2006")
    assert made.entries["gas"].astype(str).tolist() == ["HFC134a"]


@pytest.mark.parametrize("name", REFUSED)
def test_one_number_that_cannot_be_right_is_refused(tmp_path, name):
    """With cell, what was seen, what is possible."""
    row, expected = REFUSED[name]
    with pytest.raises(ActivityDataError) as caught:
        read(tmp_path, row)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("万头", 5.0),
        ("头", 50000.0),
        ("10 000 heads", 5.0),
        ("万只", 5.0),
        ("万口", 5.0),
        ("千头", 50.0),
    ],
)
def test_heads_are_heads_in_any_unit(tmp_path, unit, value):
    """万头 is ten thousand heads."""
    assert read(tmp_path, ("年末存栏", "猪", value, unit)).rows["value"].item() == 50000


@pytest.mark.parametrize("unit", ["座", "处", "个"])
def test_mines_are_counted_as_people_count_them(tmp_path, unit):
    """A counter counts what the activity counts; heads in 口 are pigs as ever."""
    assert read(tmp_path, ("abandoned_mines", "", 12, unit)).rows["value"].item() == 12


@pytest.mark.parametrize(
    ("unit", "value"), [("千公顷", 1.0), ("公顷", 1000.0), ("万亩", 1.5), ("亩", 15000.0)]
)
def test_areas_are_hectares_in_any_unit(tmp_path, unit, value):
    """Fifteen mu are a hectare."""
    assert read(tmp_path, ("水稻播种面积", "早稻", value, unit)).rows[
        "value"
    ].item() == pytest.approx(1000, rel=1e-12)
