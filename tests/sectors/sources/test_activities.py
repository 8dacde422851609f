"""Activity tables: what their words mean, their units, and every fault with its cell."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonacct import dim_names
from carbonacct.categories import categories
from carbonacct.data import data_folder, read_rows
from carbonacct.equations import load_sector, sector_ids
from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import ActivityDataError, MethodError
from carbonacct.inventory.entry_columns import sector_of
from carbonacct.sectors.all_sectors import check_sectors
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.activity_list import list_asked
from carbonacct.sectors.sources.activity_names import names_of, sector_name
from carbonacct.sectors.sources.activity_recognition import holds_activities
from carbonacct.sheets.raw_sheets import read_sheets
from tests.sectors.sources.building import read, write_table


@pytest.mark.parametrize(
    ("words", "symbol", "labels"),
    [
        (("clinker_output", ""), "clinker_output", {}),
        (("水泥熟料产量", ""), "clinker_output", {}),
        (("Clinker output", ""), "clinker_output", {}),
        (("电石产量", ""), "carbide_output", {}),
        (("硝酸产量", "中压法"), "nitric_acid_output", {"nitric_process": "medium_pressure"}),
        (("硝酸产量：中压法", ""), "nitric_acid_output", {"nitric_process": "medium_pressure"}),
        (("livestock", "pigs"), "heads", {"animal": "pigs", "mode": "unspecified"}),
        (("年末存栏", "猪"), "heads", {"animal": "pigs", "mode": "unspecified"}),
        (("奶牛存栏", "规模化饲养"), "heads", {"animal": "dairy_cattle", "mode": "large_scale"}),
        (("heads", "猪,农户饲养"), "heads", {"animal": "pigs", "mode": "household"}),
        (("heads", "household / pigs"), "heads", {"animal": "pigs", "mode": "household"}),
        (("卫生填埋", ""), "msw_landfilled", {}),
        (("氢氟烃产量", "HFC-134a"), "hfc_output", {"gas": "HFC134a"}),
        (
            ("industrial_cod_removed", "酒、饮料和精制茶制造业"),
            "industrial_cod_removed",
            {"wastewater_industry": "beverages"},
        ),
        (("乔木林蓄积量", "杉木"), "tree_volume", {"species": "杉木"}),
    ],
)
def test_ids_names_and_yearbooks_words_are_one(tmp_path, words, symbol, labels):
    """An activity is named by its id, in Chinese, in English or as a yearbook has it."""
    unit = {"heads": "万头", "tree_volume": "万立方米"}.get(symbol, "t")
    rows = read(tmp_path, (*words, 1, unit)).rows
    assert rows["symbol"].item() == symbol
    assert dict(rows["labels"].item()) == labels


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (("年末存栏", "猪", "1,200", "万头"), 1.2e7),
        (("年末存栏", "家禽", 3000, "万只"), 3e7),
        (("水稻播种面积", "单季稻", 650, "千公顷"), 650e3),
        (("水稻播种面积", "单季稻", 975, "万亩"), 650e3),
        (("水泥熟料产量", "", 3000, "万吨"), 3e7),
        (("水泥熟料产量", "", 3000, "万吨水泥熟料"), 3e7),
        (("各类填埋场所占比例", "管理型", 100, "%"), 1.0),
        (("各类填埋场所占比例", "管理型", 1, ""), 1.0),
        (("人口数", "", 3205.42, "万人"), 32054200.0),
        (("protein", "", 28.5, "千克/人"), 28.5),
        (("氮肥", "", 48.2, "万吨氮"), 482e3),
        (("lime_factor", "", 683, "kg/t"), 0.683),
    ],
)
def test_units_as_yearbooks_print_them(tmp_path, row, value):
    """Heads in 万头 are heads, mu and thousand hectares areas; a noun may be left out."""
    assert read(tmp_path, row).rows["value"].item() == pytest.approx(value, rel=1e-15)


FAULTS = {
    ("水泥熟料产量", "", 3000, "万头"): "F2: clinker_output is measured in t clinker: 万头 cannot",
    ("水泥熟料产量", "", 3000, "万吨水泥"): "F2: clinker_output is measured in t clinker",
    (
        "水泥熟料产量",
        "",
        3000,
        "ton",
    ): "F2: clinker_output is measured in t clinker: 'ton' has more",
    ("水泥熟料产量", "", 3000, ""): "F2: clinker_output has no unit; write t clinker",
    (
        "水泥熟料产量",
        "",
        -3,
        "万吨",
    ): "E2: clinker_output is -30000 t clinker; it cannot be below 0",
    ("水泥熟料产量", "", "many", "万吨"): "E2: 'many' is no number; write one, or NO, NE, IE or C",
    (
        "水泥熟料产量",
        "猪",
        3,
        "万吨",
    ): "D2: clinker_output has no item '猪'; it is not split by items",
    (
        "水泥熟粒产量",
        "",
        3,
        "万吨",
    ): "C2: provincial-2011 has no activity '水泥熟粒产量'; did you mean 水泥熟料产量",
    ("", "", 3, "万吨"): "C2: the row names no activity",
    ("年末存栏", "猪猪", 3, "万头"): "D2: heads has no item '猪猪'; did you mean 猪",
    (
        "硝酸产量",
        "",
        3,
        "万吨",
    ): "D2: nitric_acid_output is split by nitric_process; say which: high",
    (
        "硝酸产量 中压法",
        "常压法",
        3,
        "万吨",
    ): "D2: '硝酸产量 中压法' says medium_pressure, the item atmospheric; make them agree",
    ("各类填埋场所占比例", "管理型", 60, ""): "E2: site_share is 60; it lies between 0 and 1; a "
    "percentage has the unit %",
    (
        "各类填埋场所占比例",
        "管理型",
        60,
        "%",
    ): "E2: site_share of 重庆 2020 adds to 0.6 over site, not to 1",
    ("生活垃圾成分(湿重)", "厨余", 101, "%"): "E2: waste_share is 1.01",
    ("水泥熟料产量", "", 3, "万吨", "重庆", "二〇二〇"): "B2: '二〇二〇' is no year",
}


@pytest.mark.parametrize("row", FAULTS)
def test_a_fault_names_the_cell_and_what_to_do(tmp_path, row):
    """One line: file, cell, what is wrong, what to do."""
    with pytest.raises(ActivityDataError) as caught:
        read(tmp_path, row)
    assert str(caught.value).startswith(f"activity.csv!{FAULTS[row]}")
    assert "\n" not in str(caught.value)
    assert "; " in str(caught.value)


def test_all_faults_of_a_file_are_said_at_once(tmp_path):
    """Three wrong rows are three lines, and the right one between them none."""
    with pytest.raises(ActivityDataError) as caught:
        read(
            tmp_path,
            ("unicorn", "", 1, "t"),
            ("电石产量", "", 2, "万吨"),
            ("石灰产量", "", -1, "t"),
            ("水泥产量", "", 1, "万头"),
        )
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0].partition("!")[2] for line in lines] == ["C2", "E4", "F5"]


def test_two_numbers_for_one_thing_name_both_cells(tmp_path):
    """The same activity under two names, in two units: one of them has to go."""
    with pytest.raises(ActivityDataError) as caught:
        read(tmp_path, ("电石产量", "", 2, "万吨"), ("carbide_output", "", 20000, "t"))
    assert str(caught.value) == (
        "activity.csv!E3: carbide_output 重庆 2020 is 20000 t here and 2 万吨 in activity.csv!E2; "
        "keep one"
    )
    spelled = [("电石产量", "", 2, "t", "重庆市"), ("电石产量", "", 3, "t", "Chongqing")]
    with pytest.raises(ActivityDataError, match="keep one"):
        read(tmp_path, *spelled)


def test_blank_mark_and_notation_key_stay_apart(tmp_path):
    """A blank row is not reported, a mark is passed over with a finding, a key stands as it is."""
    found = read(
        tmp_path,
        ("电石产量", "", "", "万吨"),
        ("石灰产量", "", "…", "万吨"),
        ("水泥熟料产量", "", "NO", ""),
        ("己二酸产量", "", 0, "t"),
    )
    assert found.rows[["symbol", "notation"]].to_numpy().tolist() == [
        ["clinker_output", "NO"],
        ["adipic_acid_output", ""],
    ]
    assert [finding.rule for finding in found.findings] == ["activity-mark"]


def test_a_label_that_may_be_left_out_is_said(tmp_path):
    """Pigs that are not split by how they are kept count as not grazing, with a finding."""
    finding = read(tmp_path, ("年末存栏", "猪", 3, "万头")).findings[0]
    assert finding.rule == "label-left-out"
    assert "heads of pigs is read as 'mode not stated (counts as not grazing)'" in str(finding)


def test_rows_without_area_or_year_have_those_of_the_balance(tmp_path):
    """What a row does not say comes from the words or from the balance beside it."""
    rows = read(tmp_path, ("电石产量", "", 2, "t", "", ""), area="重庆", year=2007).rows
    assert rows[["area", "year"]].to_numpy().tolist() == [["重庆", 2007]]
    spelled = read(tmp_path, ("电石产量", "", 2, "t", "重庆市"), areas=["重庆"]).rows
    assert spelled["area"].item() == "重庆"


def test_other_sectors_are_passed_over(tmp_path):
    """Rows that no sector asked for uses are no fault; a finding counts them."""
    rows = [("电石产量", "", 2, "t"), ("卫生填埋", "", 2, "t")]
    found = read(tmp_path, *rows, sectors=["waste"])
    assert found.rows["symbol"].to_list() == ["msw_landfilled"]
    assert "1 numbers of other sectors are passed over: carbide_output" in str(found.findings[0])


def test_a_head_may_be_chinese_and_stand_below_a_title(tmp_path):
    """The head is found by its words; a column that is not known is a fault."""
    path = tmp_path / "a.csv"
    path.write_text(
        "重庆市活动水平数据,,,\n\n年份,地区,指标,数值,计量单位\n2020年,重庆,电石产量,2,万吨\n",
        encoding="gb18030",
    )
    rows = read_activities([path], "provincial-2011").rows
    assert rows[["area", "year", "value"]].to_numpy().tolist() == [["重庆", 2020, 20000.0]]
    assert rows["place"].item() == "a.csv!D4"
    path.write_text(
        "year,area,activity,value,unit,valeu\n2020,x,电石产量,2,t,3\n", encoding="utf-8"
    )
    with pytest.raises(ActivityDataError, match=r"a.csv!F1: the column 'valeu' is not known; did"):
        read_activities([path], "provincial-2011")


def test_what_is_an_activity_table(tmp_path):
    """A balance is none; a table whose head says activity, value and unit is one."""
    assert holds_activities(read_sheets(write_table(tmp_path, ("电石产量", "", 2, "万吨"))))
    assert not holds_activities(read_sheets("docs/tables/chongqing_2007.csv"))
    with pytest.raises(ActivityDataError, match="has no table of activity data"):
        read_activities(["docs/tables/chongqing_2007.csv"], "provincial-2011")


def test_no_name_of_an_activity_means_another():
    """The names of a method's activities do not collide."""
    for method in ("provincial-2011", "ipcc-2006"):
        for name, meanings in names_of(method).meanings.items():
            assert len({meaning.symbol for meaning in meanings}) == 1, name


@given(st.permutations(range(5)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
def test_the_order_of_rows_does_not_matter(tmp_path, order):
    """Rows in any order say the same."""
    rows = [("电石产量", "", 2, "t"), ("石灰产量", "", 3, "t"), ("卫生填埋", "", 4, "t")]
    rows += [("年末存栏", "猪", 5, "头"), ("水泥产量", "", 6, "t")]
    found = read(tmp_path, *(rows[place] for place in order)).rows
    assert dict(zip(found["symbol"], found["value"], strict=True)) == {
        "carbide_output": 2,
        "lime_output": 3,
        "msw_landfilled": 4,
        "heads": 5,
        "cement_output": 6,
    }


def test_a_method_without_equations_is_said():
    """Methods of energy alone have no activities."""
    with pytest.raises(MethodError, match="whitepaper-2022 has no equations"):
        list_asked("whitepaper-2022")
    with pytest.raises(MethodError, match="ceads has no equations of waste; ipcc-2006, prov"):
        check_sectors("ceads", ["waste"])


def test_yearbooks_words_mean_activities_that_exist():
    """Each word of the list is one activity of some method with labels that it has, or says why."""
    rows = read_rows(data_folder() / "vocabulary" / "activity_names.csv")
    for row in rows:
        assert bool(row["why_en"]) != bool(row["symbol"]), row["name"]
        if row["why_en"]:
            continue
        names = names_of(row["method"] or "provincial-2011")
        (found,) = names.find(row["name"])
        assert found.symbol == row["symbol"]
        dims = names.about(found.symbol).dims
        for dim, label in found.labels:
            assert dim in dims
            assert label in dim_names.dim_labels(dim), row["name"]


def test_a_word_that_means_something_else_says_what(tmp_path):
    """Waste collected is not waste landfilled, and cattle are three kinds."""
    for method, word, what in (
        ("ipcc-2006", "生活垃圾清运量", "collected is not what is landfilled"),
        ("provincial-2011", "牛存栏", "apart"),
    ):
        with pytest.raises(ActivityDataError, match=f"'{word}' is no activity of .*{what}"):
            read(tmp_path, (word, "", 1, "万吨"), method=method)


@pytest.mark.parametrize("identifier", sector_ids())
def test_what_sector_files_declare_fits_the_record(identifier):
    """A declared unit reads as itself; each source has a category of its own sector."""
    sector = load_sector(identifier)
    for about in (*sector.activities.values(), *sector.parameters.values()):
        assert scale_of(about.unit, about.unit) == 1, about.id
    for source in sector.sources:
        assert source.category in categories(), source.id
        assert sector_of(source.category) == sector_name(identifier), source.id


def test_an_amount_that_no_number_holds_is_refused(tmp_path):
    """1e308 万吨 is no finite number of tonnes."""
    with pytest.raises(ActivityDataError, match="clinker_output is inf t clinker"):
        read(tmp_path, ("水泥熟料产量", "", "1e308", "万吨"))


def stock(folder, *rows):
    """Return the stock of forest that counts, by species, and the findings of the table."""
    found = read(folder, *(("乔木林蓄积量", *row, "万立方米", "福建") for row in rows))
    kept = {
        dict(labels)["species"]: value
        for labels, value in found.rows[["labels", "value"]].to_numpy()
    }
    return kept, {finding.rule: str(finding) for finding in found.findings}


@pytest.mark.parametrize("item", ["", "合计", "全省", "all"])
def test_an_activity_whose_kinds_nobody_tells_apart_needs_no_item(tmp_path, item):
    """Forest of all species is one number, whatever word says so."""
    assert stock(tmp_path, (item, 30000)) == ({"all": 3e8}, {})


def test_a_total_beside_its_kinds_counts_what_they_leave(tmp_path):
    """Fir and all forest are no two forests."""
    kept, found = stock(tmp_path, ("合计", 100), ("杉木", 60))
    assert kept == {"杉木": 6e5, "all": pytest.approx(4e5)}
    assert "tree_volume all 福建 2020 is what" in found["activity-rest"]
    assert stock(tmp_path, ("合计", 100), ("杉木", 60), ("马尾松", 40)) == (
        {"杉木": 6e5, "马尾松": 4e5},
        {},
    )
    kept, found = stock(tmp_path, ("合计", 100), ("杉木", 160))
    assert kept == {"杉木": 1.6e6}
    assert "its parts add to 1.6e+06" in found["activity-sum"]


@pytest.mark.parametrize("column", ["area", "year"])
def test_a_row_without_a_place_is_refused(tmp_path, column):
    """Which area or year a number is of, only the compiler knows: the column is named, with the option beside it."""
    place = {"area": ("", 2020), "year": ("重庆", "")}[column]
    with pytest.raises(ActivityDataError, match=f"clinker_output has no {column}; .*--{column}"):
        read(tmp_path, ("水泥熟料产量", "", 2, "万吨", *place))
    given = {"area": "重庆"} if column == "area" else {"year": 2020}
    rows = read(tmp_path, ("水泥熟料产量", "", 2, "万吨", *place), **given).rows
    assert rows[["area", "year"]].to_numpy().tolist() == [["重庆", 2020]]


ZONE = "climate_zones"


@pytest.mark.parametrize(
    ("rows", "groups"),
    [
        ([(ZONE, "temperate_wet", "", "")], {"重庆": "temperate_wet"}),
        ([("填埋场气候区", "温带湿润", "", "")], {"重庆": "temperate_wet"}),
        ([("Climate zone of landfills", "temperate wet", "", "")], {"重庆": "temperate_wet"}),
        (
            [(ZONE, "temperate_wet", "", "", "重庆市", "")],
            {"重庆": "temperate_wet"},
        ),  # as the balances beside it
        ([(ZONE, "", "", "")], None),  # not filled in
        ([(ZONE, "temperate_wet", "", ""), (ZONE, "温带湿润", "", "")], {"重庆": "temperate_wet"}),
        (
            [(ZONE, "temperate_wet", "", ""), (ZONE, "temperate_dry", "", "", "四川", "")],
            {"重庆": "temperate_wet", "四川": "temperate_dry"},
        ),
    ],
)
def test_which_group_an_area_is_in(tmp_path, rows, groups):
    """By the id, the Chinese or the English words of partition and group; a row without a group says nothing."""
    found = read(tmp_path, *rows, method="ipcc-2006", areas=["重庆"])
    assert found.groups == ({ZONE: groups} if groups else {})
    assert found.rows.empty


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            [(ZONE, "temperate_wt", "", "")],
            "D2: climate_zones has no group 'temperate_wt'; did you mean temperate_wet",
        ),
        (
            [(ZONE, "xyz", "", "")],
            "D2: climate_zones has no group 'xyz'; known: temperate_dry, temperate_wet, tropical_dry, tropical_wet",
        ),
        (
            [(ZONE, "temperate_wet", "", "", "", "")],
            "A2: climate_zones has no area; write whose group it is",
        ),
        (
            [(ZONE, "temperate_wet", "", ""), (ZONE, "temperate_dry", "", "")],
            "D3: 重庆 is in two groups of climate_zones; keep one",
        ),
        (
            [("clinker_output", "", "abc", "t")],
            "E2: 'abc' is no number; write one, or NO, NE, IE or C",
        ),
        ([("clinker_output", "", 5, "")], "F2: clinker_output has no unit; write t clinker"),
        ([("clinker_output", "", 5, "TJ")], "F2: clinker_output is measured in t clinker: TJ"),
        ([("steel_by_furnace", "xyz", 5, "t")], "D2: steel_by_furnace has no item 'xyz'; known: "),
        (
            [("steel_by_furnace", "boff", 5, "t")],
            "D2: steel_by_furnace has no item 'boff'; did you mean bof",
        ),
        (
            [("steel_by_furnace", "", 5, "t")],
            "D2: steel_by_furnace is split by furnace; say which: ",
        ),
        (
            [("xyzxyz", "", 5, "t")],
            "C2: ipcc-2006 has no activity 'xyzxyz'; carbonacct activities --method ipcc-2006 lists",
        ),
    ],
)
def test_a_fault_of_a_row_by_the_guidelines_of_2006(tmp_path, rows, fault):
    """The cell, what is wrong, and near words, or those that are known."""
    with pytest.raises(ActivityDataError) as caught:
        read(tmp_path, *rows, method="ipcc-2006")
    assert str(caught.value).startswith(f"activity.csv!{fault}")


def test_a_stated_factor_needs_no_area_and_no_year(tmp_path):
    """It may hold for all; without a number, a row is not filled in, and a mark says nothing."""
    rows = [
        ("decay_rate", "food", 0.2, "1", "", ""),
        ("clinker_output", "", "", "t"),
        ("cement_output", "", "…", "t"),
    ]
    found = read(tmp_path, *rows, method="ipcc-2006")
    assert found.rows[["symbol", "area", "year", "value"]].to_numpy().tolist() == [
        ["decay_rate", "", 0, 0.2]
    ]
    (said,) = (one for one in found.findings if one.rule == "activity-mark")
    assert (said.where, said.message) == (
        "activity.csv!E4",
        "cement_output: '…' is no number and is passed over",
    )
