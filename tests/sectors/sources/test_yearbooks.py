"""Pages of yearbooks beside balances and activity tables: what counts, what is listed, what is asked."""

from __future__ import annotations

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonacct.errors import ActivityDataError
from carbonacct.sectors.all_sectors import compile_sectors
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.activity_recognition import holds_activities
from carbonacct.sectors.sources.source_compiling import compile_sources
from carbonacct.sheets.raw_sheets import read_sheets
from tests.sectors.sources.building import write_table

METHOD = "provincial-2011"
BALANCE = "docs/tables/chongqing_2007.csv"
LIVESTOCK = """
重庆市牲畜饲养情况 Livestock,,,
指标 Item,单位 Unit,2006,2007
一、年末存栏 Number at Year-end,,,
大牲畜 Large Animals,万头,200,205
  牛 Cattle and Buffaloes,万头,150,152
   #奶牛 Dairy Cows,万头,10,11
    水牛 Buffaloes,万头,40,41
  马 Horses,万头,20,21
  驴 Donkeys,万头,20,21
  骡 Mules,万头,10,11
猪 Hogs,万头,1500,1520
羊 Sheep and Goats,万只,300,305
  山羊 Goats,万只,295,300
家禽 Poultry,万只,9000,9100
二、当年出栏,,,
猪 Hogs,万头,2000,2010
羊,万只,200,210
三、畜产品产量,,,
猪肉,万吨,140,150
"""


def page(folder, text, name="page.csv", encoding="utf-8"):
    """Write a page of a yearbook."""
    path = folder / name
    path.write_text(text.lstrip("\n"), encoding=encoding)
    return path


def activities(*paths, method=METHOD, **options):
    """Return activities of pages and tables."""
    return read_activities(paths, method, **options)


def amounts(read, *, year=2007):
    """Return the value of each activity of a year by symbol and labels, but not how animals are kept."""
    rows = read.rows[read.rows["year"] == year]
    return {
        ",".join((row.symbol, *(label for dim, label in row.labels if dim != "mode"))): row.value
        for row in rows.itertuples()
    }


def said(read, rule):
    """Return the findings of a rule as lines."""
    return [str(finding) for finding in read.findings if finding.rule == rule]


PAGES = {
    "industrial products": (
        """
12-3 重庆市主要工业产品产量,,,
产品名称,单位,2006,2007
原煤,万吨,3951,4276
水泥,万吨,2300,2500
水泥熟料,万吨,1900,2100
生铁,万吨,268,300
钢材,万吨,400,450
电石(碳化钙),万吨,4,4.2
己二酸,吨,0,0
布,亿米,1,2
发电量,亿千瓦时,300,330
""",
        {
            "cement_output": 25e6,
            "clinker_output": 21e6,
            "steel_output": 4.5e6,
            "carbide_output": 42e3,
            "adipic_acid_output": 0,
        },
    ),
    "sown areas": (
        """
重庆市主要农作物播种面积,,,
,,,单位：千公顷
指 标,2006,2007,2007年为2006年%
农作物总播种面积,3400,3450,101.5
   #稻谷,700,690,98.6
     早稻,50,45,90
     中稻和一季晚稻,600,600,100
     双季晚稻,50,45,90
   小麦,200,190,95
注：2006年数据按农业普查调整。,,,
""",
        {"rice_area,early": 45e3, "rice_area,single": 600e3, "rice_area,late": 45e3},
    ),
    "sown areas in mu": (
        "重庆市2007年主要农作物播种面积(万亩)\n指标,面积\n早稻,67.5\n中稻和一季晚稻,900\n双季晚稻,67.5\n",
        {"rice_area,early": 45e3, "rice_area,single": 600e3, "rice_area,late": 45e3},
    ),
    "areas and yield": (
        """
主要农作物播种面积和产量(2007年)
地区,稻谷,,,小麦,,
,播种面积(千公顷),单位面积产量(公斤/公顷),总产量(万吨),播种面积(千公顷),单位面积产量(公斤/公顷),总产量(万吨)
重庆,690,6900,480,190,2600,50
""",
        {"crop_yield,rice": 4.8e6, "crop_yield,wheat": 5e5},
    ),
    "fertiliser": (
        "重庆市农用化肥施用量(折纯),,\n单位:万吨,,\n年份,2006,2007\n农用化肥施用量,80,81\n氮肥,45,46\n磷肥,10,10\n复合肥,20,21\n",
        {"nitrogen_fertiliser": 46e4, "compound_fertiliser": 21e4},
    ),
    "waste": (
        """
城市生活垃圾清运和处理情况(2007年),,,,,
,,,,,单位:万吨
地区,生活垃圾清运量,无害化处理量,,,
,,,卫生填埋,焚烧,堆肥
全国,15000,9400,7600,1400,250
重庆,240,200,180,20,
""",
        {"msw_cleared": 240e4, "msw_landfilled": 180e4, "waste_incinerated,msw": 20e4},
    ),
    "wastewater": (
        "2007年废水排放情况,,\n地区,化学需氧量排放量(吨),,\n,,工业,生活\n重庆,250000,110000,140000\n",
        {"domestic_cod,discharged": 140000},
    ),
    "forest": (
        "森林资源情况(2007年),,\n地区,森林面积(万公顷),活立木总蓄积量(万立方米)\n重庆,183.18,10596\n",
        {"living_volume": 1.0596e8},
    ),
    "one product of all areas": (
        "各地区水泥产量,,\n单位:万吨,,\n地区,2006,2007\n全国,120000,136000\n重庆,2300,2500\n",
        {"cement_output": 25e6},
    ),
    "English": (
        """
Output of Major Industrial Products of Chongqing,,,
Item,Unit,2006,2007
Cement,10 000 tons,2300,2500
Calcium Carbide,10 000 tons,4,4.2
Cloth,100 million m,1,2
""",
        {"cement_output": 25e6, "carbide_output": 42e3},
    ),
    "the whole and its districts": (
        """
各区主要农产品产量和牲畜存栏(2007年)
地区,稻谷产量(吨),山羊年末存栏数(只),能繁母猪存栏(头),化肥施用量(吨)
全市,400,50,9,20
万州区,200,30,4,10
""",
        {"crop_yield,rice": 400, "heads,goats": 50},
    ),
    "this year and the year before": (
        "重庆市2007年主要工业产品产量(万吨)\n产品,本年,上年,增长(%)\n水泥,2500,2300,8.7\n",
        {"cement_output": 25e6},
    ),
    "growth beside a year": (
        """
重庆市主要工业产品产量,,,,
产品名称,单位,2006,2007,2007年比上年增长(%)
硅酸盐水泥熟料,万吨,2000,2100,5
水泥,万吨,2300,2500,8.7
电石(碳化钙),万吨,4,4.2,5
""",
        {"clinker_output": 21e6, "cement_output": 25e6, "carbide_output": 42e3},
    ),
    "names of the catalogue of products": (
        """
重庆市主要工业产品产量,,
产品名称,计量单位,2007年
生石灰,万吨,12
"碳化钙(电石，折300升/千克)",万吨,4.2
二氟一氯甲烷,吨,7
""",
        {"lime_output": 12e4, "carbide_output": 42e3, "hcfc22_output": 7},
    ),
    "a share below a year": (
        "重庆市水泥产量,,,\n产品,单位,2007,2007年(%)\n水泥,万吨,2500,100\n",
        {"cement_output": 25e6},
    ),
    "the year in the head of what is counted": (
        "重庆市种植业,,,\n作物,2007年播种面积(公顷),2007年产量(吨)\n早稻,45,900\n小麦,30,80\n",
        {"rice_area,early": 45, "crop_yield,wheat": 80},
    ),
    "places of treatment without a word of waste": (
        "城市市容环境卫生情况(2007年),,\n地区,无害化处理量(万吨),\n,卫生填埋,焚烧\n重庆,180,20\n",
        {"msw_landfilled": 180e4, "waste_incinerated,msw": 20e4},
    ),
    "columns of other amounts": (
        "重庆市工业(2007年)\n产品,单位,产量,销售量,年末库存\n水泥,万吨,2500,2400,100\n",
        {"cement_output": 25e6},
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_give_the_activities_that_they_print(tmp_path, name):
    """Exactly the activities of the method count, in its units; everything else is listed."""
    text, expected = PAGES[name]
    path = page(tmp_path, text)
    assert holds_activities(read_sheets(path))
    read = activities(path, area="重庆", areas=["重庆"], years=[2007])
    assert amounts(read) == pytest.approx(expected)
    assert set(read.rows["area"]) == {"重庆"}


def test_livestock_of_a_yearbook(tmp_path):
    """Stock counts and slaughter does not; other cattle, and sheep, are what the totals leave."""
    read = activities(page(tmp_path, LIVESTOCK), areas=["重庆"], years=[2007])
    heads = {
        "dairy_cattle": 11,
        "buffalo": 41,
        "other_cattle": 100,
        "horses": 21,
        "asses": 21,
        "mules": 11,
        "pigs": 1520,
        "goats": 300,
        "sheep": 5,
        "poultry": 9100,
    }
    assert amounts(read) == pytest.approx(
        {f"heads,{one}": 1e4 * head for one, head in heads.items()}
    )
    rests = sorted(said(read, "activity-rest"), reverse=True)
    assert len(rests) == 2
    assert (
        "page.csv!D5: heads other_cattle unspecified 重庆 2007 is what 牛 Cattle and Buffaloes leaves"
        in rests[0]
    )
    cattle = read.rows[[dict(labels)["animal"] == "other_cattle" for labels in read.rows["labels"]]]
    assert cattle["place"].item() == "page.csv!D5 - page.csv!D6 - page.csv!D7"
    assert any("slaughtered or sold" in line for line in said(read, "activity-passed"))


def test_beef_cattle_are_not_all_cattle_that_give_no_milk(tmp_path):
    """What 牛 leaves beside 肉牛 is 役用牛 and no buffalo: other cattle are asked for."""
    text = "重庆市2007年牲畜年末存栏(万头)\n指标,数量\n牛,110\n#奶牛,1\n#肉牛,72\n#役用牛,37\n"
    read = activities(page(tmp_path, text))
    assert amounts(read) == {"heads,dairy_cattle": 1e4}
    assert (
        "how much of it is buffalo, other_cattle is not given" in said(read, "activity-unsplit")[0]
    )
    lines = said(read, "activity-not-used")
    assert any("肉牛" in line and "not used: beef cattle are not all" in line for line in lines)


def test_the_year_that_is_asked_for_is_taken_of_many(tmp_path):
    """--year takes one year of a page; those that look back keep theirs."""
    text = "重庆市水泥产量(万吨)\n产品,2006,2007\n水泥,2300,2500\n"
    read = activities(page(tmp_path, text), year=2006)
    assert amounts(read, year=2006) == {"cement_output": 23e6}
    assert set(read.rows["year"]) == {2006}


def test_a_strength_is_no_share(tmp_path):
    """Nitric acid counted at 100 % is an amount: how it is made is asked."""
    text = "重庆市2007年工业产品产量(万吨)\n产品,产量\n硝酸(折100%),10\n"
    assert "硝酸(折100%)" in said(activities(page(tmp_path, text)), "activity-unsplit")[0]


def test_a_total_without_its_parts_is_an_error_and_no_number(tmp_path):
    """Sheep and goats, rice of all seasons, COD of all industry: named with what to write."""
    text = "重庆市牲畜(2007年)\n指标,年末存栏(万只)\n羊,305\n猪,1520\n"
    read = activities(page(tmp_path, text))
    assert amounts(read) == {"heads,pigs": 152e5}
    line = said(read, "activity-unsplit")[0]
    assert line.startswith(
        "page.csv!B3: 羊 年末存栏 of 重庆市 2007 is not counted: how much of it is sheep, goats"
    )
    assert "such as 重庆市,2007,heads,sheep,..." in line
    answer = write_table(tmp_path, ("heads", "绵羊", 5, "万只", "重庆市", 2007))
    both = activities(page(tmp_path, text), answer)
    assert amounts(both) == pytest.approx(
        {"heads,pigs": 152e5, "heads,sheep": 5e4, "heads,goats": 3e6}
    )
    assert not said(both, "activity-unsplit")


def test_parts_that_exceed_their_total_are_an_error(tmp_path):
    """The parts count, and both sides are said."""
    text = "重庆市牲畜(2007年)\n指标,年末存栏(万只)\n羊,305\n山羊,300\n绵羊,15\n"
    read = activities(page(tmp_path, text))
    assert amounts(read) == pytest.approx({"heads,goats": 3e6, "heads,sheep": 15e4})
    assert "羊 年末存栏 is 3.05e+06, its parts add to 3.15e+06" in said(read, "activity-sum")[0]


def test_animals_split_by_how_they_are_kept_are_not_counted_twice(tmp_path):
    """A table splits the pigs that a page prints together."""
    text = "重庆市牲畜(2007年)\n指标,年末存栏(万头)\n猪,1520\n"
    rows = [
        ("heads", f"猪,{mode}", heads, "万头", "重庆市", 2007)
        for mode, heads in (("规模化饲养", 520), ("农户饲养", 1000))
    ]
    read = activities(page(tmp_path, text), write_table(tmp_path, *rows))
    assert sorted(read.rows["value"]) == pytest.approx([52e5, 1e7])


ASKED = {
    "stock or slaughter": (
        "重庆市畜牧业生产情况(2007年)\n品种,单位,数量\n猪,万头,1520\n",
        "page.csv!C3: 猪 数量: nothing says what is counted; write 年末存栏 into the title or the label",
    ),
    "area or output": (
        "重庆市主要农作物播种面积和产量(2007年)\n单位:千公顷、万吨\n品种,数量\n早稻,45\n",
        "title and labels speak of 播种面积, 产量; write beside the number which of them it is",
    ),
    "no unit": (
        "重庆市主要工业产品产量\n产品,2007\n水泥,2500\n",
        "page.csv!B3: no unit is printed; write t cement beside the number or into the title",
    ),
    "a unit of another thing": (
        "重庆市主要工业产品产量\n产品,单位,2007\n水泥,万头,2500\n",
        "page.csv!C3: the unit is 万头, and t cement is wanted; correct the unit",
    ),
    "no year": (
        "重庆市主要工业产品产量\n产品,单位,产量\n水泥,万吨,2500\n",
        "page.csv!C3: no year is named, or several",
    ),
    "no area": (
        "主要工业产品产量\n产品,单位,2007\n水泥,万吨,2500\n",
        "page.csv!C3: no area is named; write it into the title or a column, or give --area",
    ),
    "below nothing": (
        "重庆市主要工业产品产量\n产品,单位,2007\n水泥,万吨,-3\n",
        "page.csv!C3: cement_output is -30000 t cement; it cannot be below 0",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_not_clear_is_asked_by_name(tmp_path, name):
    """A number of which the page does not say what it is stops the work, with its cell and what to do."""
    text, expected = ASKED[name]
    with pytest.raises(ActivityDataError) as caught:
        activities(page(tmp_path, text))
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("收获面积", "harvested is not the area that is sown"),
        ("受灾面积", "a disaster hit is not the area that is sown"),
    ],
)
def test_an_area_that_is_not_sown_is_listed_with_the_reason(tmp_path, label, why):
    """Sown against harvested: the one counts, the other is named."""
    text = f"重庆市水稻(2007年)\n品种,播种面积(千公顷),{label}(千公顷)\n早稻,45,44\n"
    read = activities(page(tmp_path, text))
    assert amounts(read) == {"rice_area,early": 45e3}
    assert why in said(read, "activity-passed")[0]


def test_words_that_mean_something_else_are_warned_of(tmp_path):
    """Pig iron, raw coal and grain of all kinds are no activities; the warning says what is wanted."""
    text = "重庆市主要产品产量\n产品,单位,2007\n水泥,万吨,2500\n生铁,万吨,300\n粮食,万吨,1100\n薯类,万吨,200\n"
    lines = said(activities(page(tmp_path, text)), "activity-not-used")
    assert [line.partition(" is not used: ")[0].partition(": not used: ")[0] for line in lines] == [
        "page.csv!C6: 薯类",
        "page.csv!C4: 生铁",
        "page.csv!C5: 粮食",
    ]
    assert "give 炼钢生铁耗量 and not the output" in "".join(lines)


def test_cement_and_clinker_stay_apart(tmp_path):
    """Clinker counts as clinker; cement alone needs the ratio of its clinker."""
    cement = "重庆市主要工业产品产量(万吨)\n产品,2007\n水泥,2500\n"
    both = cement + "水泥熟料,2100\n"
    whole = compile_sources(activities(page(tmp_path, both)))
    assert whole.entries["value"].to_list() == pytest.approx([21e6 * 0.538])
    alone = compile_sources(activities(page(tmp_path, cement)))
    assert alone.entries["notation"].to_list() == ["NE"]
    ratio = write_table(tmp_path, ("clinker_ratio", "", 0.84, "t clinker/(t cement)", "", ""))
    assert compile_sources(activities(page(tmp_path, cement), ratio)).entries[
        "value"
    ].item() == pytest.approx(25e6 * 0.84 * 0.538)


def test_a_table_stands_before_a_page(tmp_path):
    """A compiler's own number counts, and the other is said; the same number twice is one."""
    path = page(tmp_path, "重庆市主要工业产品产量(万吨)\n产品,2007\n电石,4.2\n")
    own = write_table(tmp_path, ("电石产量", "", 4.5, "万吨", "重庆", 2007))
    read = activities(path, own)
    assert amounts(read) == pytest.approx({"carbide_output": 45e3})
    assert "counts as 4.5 万吨, as activity.csv!E2 states" in said(read, "activity-overruled")[0]
    finer = page(tmp_path, "重庆市主要工业产品产量(吨)\n产品,2007\n电石,42130\n", "finer.csv")
    assert amounts(activities(path, finer)) == pytest.approx({"carbide_output": 42130})
    other = page(tmp_path, "重庆市主要工业产品产量(吨)\n产品,2007\n电石,43130\n", "other.csv")
    with pytest.raises(
        ActivityDataError, match=r"is 43130 吨 here and 4\.2 万吨 in page\.csv!B3; keep one"
    ):
        activities(path, other)


def test_pages_beside_a_balance_count_for_its_area_and_year(tmp_path):
    """One inventory of balance and pages; other areas and years are passed over and listed."""
    files = [
        page(tmp_path, PAGES[name][0], f"{name}.csv", "gb18030")
        for name in ("industrial products", "waste")
    ]
    whole = compile_sectors(BALANCE, *files, method=METHOD)
    assert set(zip(whole.entries["area"], whole.entries["year"], strict=True)) == {("重庆", 2007)}
    cement = whole.entries[whole.entries["flow"] == "cement"]
    assert cement["value"].item() == pytest.approx(21e6 * 0.538)
    assert "industrial products.csv!D5" in str(whole.trace(cement.index[0]))
    lines = [str(one) for one in whole.findings if one.rule == "activity-passed"]
    assert any("numbers of other years are passed over: 2006" in line for line in lines)
    assert any("numbers of other areas are passed over: 全国" in line for line in lines)
    assert any("布, 发电量" in line for line in lines)


def test_tables_of_fuels_are_no_pages_of_activities(tmp_path):
    """What is no balance for want of a word is not read as anything else."""
    for name in ("chongqing_2007.csv", "beijing_2007.csv"):
        assert not holds_activities(read_sheets(f"docs/tables/{name}"))
    fuels = (
        "重庆市能源购进、消费与库存(2007年)\n能源名称,单位,年初库存,购进量,消费量\n"
        "天然气,万立方米,0,9,9\n原煤,吨,1,2,3\n"
    )
    assert not holds_activities(read_sheets(page(tmp_path, fuels)), METHOD)


ANIMALS = {"猪": "pigs", "山羊": "goats", "绵羊": "sheep", "家禽": "poultry", "马": "horses"}


@given(
    heads=st.dictionaries(
        st.sampled_from(sorted(ANIMALS)),
        st.lists(st.integers(1, 5000), min_size=2, max_size=2),
        min_size=1,
    ),
    shape=st.sampled_from(["items down", "years down", "joined", "unit column"]),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_shape_of_one_table_gives_the_same_numbers(tmp_path, heads, shape, encoding):
    """Axes turned, units moved, item and amount joined in one label: the numbers are the same."""
    title, years = "重庆市牲畜年末存栏", ["2006", "2007"]
    rows = {
        "items down": [
            [f"{title}(万头)"],
            ["指标", *years],
            *([one, *two] for one, two in heads.items()),
        ],
        "years down": [
            [f"{title}(万头)"],
            ["年份", *heads],
            *([year, *(two[at] for two in heads.values())] for at, year in enumerate(years)),
        ],
        "joined": [
            ["重庆"],
            ["指标", *years],
            *([f"{one}年末存栏(万头)", *two] for one, two in heads.items()),
        ],
        "unit column": [
            [title],
            ["指标", "单位", *years],
            *([one, "万只", *two] for one, two in heads.items()),
        ],
    }[shape]
    path = tmp_path / "any.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    read = activities(path)
    for at, year in enumerate((2006, 2007)):
        expected = {f"heads,{ANIMALS[one]}": 1e4 * two[at] for one, two in heads.items()}
        assert amounts(read, year=year) == pytest.approx(expected)


def test_the_indicators_of_a_statistical_database(tmp_path):
    """One indicator a row, its unit behind it, years across; what it counts stands anywhere in its name."""
    text = """
数据库：分省年度数据,,
地区：重庆市,,
指标,2008年,2007年
生活垃圾清运量(万吨),629.1,601.1
生活垃圾卫生填埋无害化处理量(万吨),144.9,220.1
生活垃圾焚烧无害化处理量(万吨),444.8,350.1
生活垃圾无害化处理能力(吨/日),16000,15000
猪年底头数(万头),1082.3,921.0
农用氮肥施用折纯量(万吨),43.1,44.1
森林蓄积量(亿立方米),2.41,2.07
"""
    read = activities(page(tmp_path, text), area="重庆")
    assert amounts(read) == pytest.approx(
        {
            "msw_cleared": 601.1e4,
            "msw_landfilled": 220.1e4,
            "waste_incinerated,msw": 350.1e4,
            "heads,pigs": 921e4,
            "nitrogen_fertiliser": 44.1e4,
            "tree_volume,all": 2.07e8,
        }
    )
    [passed] = [str(one) for one in read.findings if one.rule == "activity-passed"]
    assert "生活垃圾无害化处理能力" in passed
