"""Indices and forms that a project declares: where each number is from, and what makes them stale."""

import openpyxl
import pandas as pd
import pytest

from carbonacct.catalogue import in_language
from carbonacct.errors import ProjectError
from carbonacct.indices.index_declaration import load_index
from carbonacct.projects.freezing import freeze
from carbonacct.projects.status import list_status
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import (
    build_at,
    declare,
    make_project,
    open_at,
    outputs_of,
    states_of,
)

FORM = """index = [{ id = "peaking-pilot-city", file = "form.csv", coal_equivalent = "gb-t-2589-2020" }]
activity = [{ file = "land.csv" }]
"""
OUTPUTS = """[outputs]
indices = "output/indices.csv"
forms = "output/forms.xlsx"
page = "output/page.html"
book = "output/book.xlsx"
"""
TABLE = """北京能源平衡表(实物量)-{year}
项目,原煤(万吨),柴油(万吨),电力(亿千瓦小时)
工业,{coal},5.5,200
建筑业,1.5,2.25,10
交通运输、仓储和邮政业,0.5,40.0,30
"""
# What yearbooks and departments would print of a city, made up; the numbers of the rows follow by hand below.
INPUTS = """地区,年份,工业增加值（亿元）,第三产业增加值（亿元）,\
战略性新兴产业增加值（亿元）,建设用地面积（平方公里）,最大响应负荷（万千瓦）,\
最大用电负荷（万千瓦）,\
可再生能源发电总装机容量（万千瓦）,新建星级绿色建筑面积（万平方米）,\
新建建筑面积（万平方米）,建筑垃圾资源化利用量（万吨）,建筑垃圾产生量（万吨）,\
新能源汽车销量（万辆）,汽车销量（万辆）,\
余热余压余气回收量（万吨标准煤）,余热余压余气资源量（万吨标准煤）,\
生活垃圾资源化利用量（万吨）,行政区域土地面积（平方公里）,绿色低碳技术研发经费（亿元）,\
大宗固废综合利用率（%）
北京,2022,5000,34000,10000,1500,100,2500,240,900,1200,4000,5000,20,60,30,40,500,16400,120,85
"""
ACTIVITIES = """area,year,activity,item,value,unit
北京,2022,forest_area,natural,300000,ha
北京,2022,forest_area,plantation,520000,ha
北京,2022,msw_incinerated,,10,t
"""
# By hand, rows in the order of the form. GDP 40000 亿元. Energy: raw coal (100 + 1.5 + 0.5) x 0.7143
# + diesel (5.5 + 2.25 + 40) x 1.4571 + electricity 240 亿 kWh x 1.229 (0.1229 kgce/kWh)
# = 72.8586 + 69.576525 + 294.96 = 437.395125 万 tce (GB/T 2589-2020, tables A.1 and A.2).
BY_HAND = {
    "energy_per_gdp": 437.395125 / 40000,
    "strategic_share": 25.0,
    "land_productivity": 40000 / 1500,
    "tertiary_share": 85.0,
    "electrification": 100 * 294.96 / 437.395125,
    "demand_response": 4.0,
    "renewable_capacity": 2.4e6,
    "star_rated_new_building": 75.0,
    "construction_waste": 80.0,
    "nev_penetration": 100 / 3,
    "industrial_surplus_energy": 75.0,
    "bulk_solid_waste": 85.0,
    "forest_cover": 50.0,
    "green_rd": 0.3,
}


def _make(folder, *, more=FORM, years=(2022,), drivers="area,year,gdp (亿元)\n北京,2022,40000\n"):
    """Write a project of a city with an index; its table prints electricity, so that scope 2 has a number."""
    make_project(folder, years=years, more=more)
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace('"2018-2020"', '"2022"')
    text = text.replace(
        'energy = "provincial-2011"', 'energy = "provincial-2011", sources = "ipcc-2006"'
    )
    file.write_text(text.replace("[outputs]\n", OUTPUTS), encoding="utf-8")
    for year in years:
        (folder / "tables" / f"北京{year}.csv").write_text(
            TABLE.format(year=year, coal=100), encoding="utf-8"
        )
    (folder / "drivers.csv").write_text(drivers, encoding="utf-8")
    (folder / "form.csv").write_text(INPUTS, encoding="utf-8")
    (folder / "land.csv").write_text(ACTIVITIES, encoding="utf-8")
    return folder


def _rows(folder, year=2022):
    rows = pd.read_csv(folder / "output" / "indices.csv")
    return rows[rows["year"] == year].set_index("indicator")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a built project with the form of the peaking pilots."""
    folder = _make(tmp_path_factory.mktemp("home") / "project")
    assert set(states_of(build_at(folder)).values()) == {"made"}
    return folder


def test_every_row_that_the_project_can_hold_is_filled(built):
    """Rows of inventory, balance, drivers, activity tables and the form's own file, each as worked out by hand."""
    rows = _rows(built)
    for name, number in BY_HAND.items():
        assert rows.loc[name, "value"] == pytest.approx(number, rel=1e-9), name
    entries = pd.read_csv(built / "output" / "inventory.csv")
    energy = entries[entries["category"].str.startswith("1") | (entries["scope"] == 2)]
    co2 = energy["value"].sum() / 1e4
    assert rows.loc["co2_per_gdp", "value"] == pytest.approx(co2 / 40000)
    industry = energy[(energy["scope"] == 1) & (energy["flow"] == "industry")]["value"].sum() / 1e4
    assert rows.loc["co2_per_industrial_value_added", "value"] == pytest.approx(industry / 5000)
    leaves = rows[rows["status"].notna()]
    assert len(leaves) == 26
    assert set(leaves.index[leaves["value"].notna()]) == {
        *BY_HAND,
        "co2_per_gdp",
        "co2_per_industrial_value_added",
    }


def test_each_number_names_its_cells_and_each_gap_the_table(built):
    """A number of each source has the cell that it was read from; a row without one says which table would give it."""
    rows = _rows(built)
    assert rows.loc["green_rd", "cells"] == "form.csv!T2; drivers.csv!C2"
    assert rows.loc["forest_cover", "cells"] == "land.csv!E2; land.csv!E3; form.csv!S2"
    assert rows.loc["electrification", "cells"].startswith("北京2022.csv!D3; 北京2022.csv!D4")
    assert rows.loc["co2_per_gdp", "cells"].startswith("北京2022.csv!")
    assert "yearbook of urban construction, sanitation" in rows.loc["household_waste", "remark"]
    assert rows.loc["green_rd", "remark"] != rows.loc["green_rd", "remark"]
    gaps = rows[rows["status"].notna() & rows["value"].isna()]
    assert gaps["remark"].str.contains("from: ").all()


def test_the_form_is_filled_as_it_is_printed(built):
    """The workbook has the printed heads, 26 rows with the numbers of the table, and a sheet of cells and gaps."""
    book = openpyxl.load_workbook(built / "output" / "forms.xlsx")
    assert book.sheetnames == ["北京", "cells and gaps"]
    rows = list(book["北京"].iter_rows(values_only=True))
    assert rows[1] == ("序号", "类别", "具体指标", "单位", "2022 年", "2025 年", "2030 年")
    assert len(rows) == 28
    assert rows[5][:5] == (4, None, "战略性新兴产业增加值占比", "%", 25)
    assert rows[2][1] == "绿色低碳发展指标"
    behind = list(book["cells and gaps"].iter_rows(values_only=True))
    assert len(behind) == 27
    assert [row[5] for row in behind if row[3] == "Forest cover"] == [
        "land.csv!E2; land.csv!E3; form.csv!S2"
    ]


def test_page_and_workbook_have_a_section(built):
    """The number of a row stands in both, and the page opens its cells."""
    page = (built / "output" / "page.html").read_text(encoding="utf-8")
    assert 'id="en-indices"' in page
    assert "land.csv!E2; land.csv!E3; form.csv!S2" in page
    sheet = openpyxl.load_workbook(built / "output" / "book.xlsx")["Indices and forms"]
    rows = {row[2]: row for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["Forest cover"][5] == 50
    assert "forest" not in str(rows["Forest cover"][6])


def test_status_says_how_an_index_stands(built):
    """From the store: how many indicators have a number; before a build that it is not built."""
    rows = [row for row in list_status(open_at(built, making=False)) if row.what == "index"]
    assert [str(row.text) for row in rows] == ["peaking-pilot-city: 北京 2022 has 16 of 26 numbers"]


def test_an_index_is_stale_exactly_when_an_input_changes(tmp_path):
    """Its file, a driver, a cell of the table make it anew; a target and an accepted finding do not."""
    folder = _make(tmp_path / "project")
    build_at(folder)
    kept = outputs_of(folder)
    declared = folder / "carbonacct.toml"
    text = declared.read_text(encoding="utf-8")
    target = (
        '[[target]]\nid = "a"\nquantity = "co2"\nstatistic = "level"\nbound = "at_most"\n'
        'value = 1\nunit = "t"\ndue = 2025\n'
    )
    declared.write_text(text + target, encoding="utf-8")
    states = states_of(build_at(folder))
    assert (states["indices"], states["forms"], states["page"]) == ("current", "current", "made")
    declared.write_text(text, encoding="utf-8")
    for name, old, new in (
        ("form.csv", "34000", "30000"),
        ("drivers.csv", "40000", "50000"),
        ("land.csv", "520000", "528000"),
        ("tables/北京2022.csv", "200", "201"),
    ):
        file = folder / name
        held = file.read_text(encoding="utf-8")
        file.write_text(held.replace(old, new), encoding="utf-8")
        states = states_of(build_at(folder))
        assert (states["indices"], states["page"], states["book"]) == ("made", "made", "made"), name
        file.write_text(held, encoding="utf-8")
    assert states_of(build_at(folder))["indices"] == "restored"
    assert outputs_of(folder)["indices.csv"] == kept["indices.csv"]


def test_two_numbers_of_one_input_stop_with_both(tmp_path):
    """GDP of the drivers and of the form's file differ: no number is chosen, and both cells are named."""
    folder = _make(tmp_path / "project")
    (folder / "form.csv").write_text("area,year,gdp (亿元)\n北京,2022,41000\n", encoding="utf-8")
    (output,) = [one for one in build_at(folder).outputs if one.name == "indices"]
    assert output.state == "failed"
    assert "form.csv!C2: gdp is 41000, and 40000 in drivers.csv!C2" in output.message
    page = (folder / "output" / "page.html").read_text(encoding="utf-8")
    assert "gdp is 41000, and 40000 in drivers.csv!C2" in page
    rows = [row for row in list_status(open_at(folder, making=False)) if row.what == "index"]
    assert rows[0].state == "refused"
    text = (folder / "carbonacct.toml").read_text(encoding="utf-8")
    chosen = text.replace(
        'file = "form.csv"', 'file = "form.csv", sources = ["inventory", "balance"]'
    )
    (folder / "carbonacct.toml").write_text(chosen, encoding="utf-8")
    build_at(folder)
    assert _rows(folder).loc["co2_per_gdp", "cells"].endswith("form.csv!C2")


def test_activities_count_only_where_all_labels_are_there(tmp_path):
    """Natural forest without plantations is no area of forest: the row is empty and the finding names what lacks."""
    folder = _make(tmp_path / "project")
    half = ACTIVITIES.replace("北京,2022,forest_area,plantation,520000,ha\n", "")
    (folder / "land.csv").write_text(half, encoding="utf-8")
    told = {one.rule: str(one) for one in build_at(folder).told}
    assert _rows(folder)["value"].isna()["forest_cover"]
    assert "forest_area of 北京 2022 is not taken" in told["activity-incomplete"]
    assert (
        "activity table, which has no number of forest_area plantation"
        in told["activity-incomplete"]
    )
    assert "15 of 26 indicators of 北京 2022 have a number" in told["index-lacking"]


def test_years_that_rules_fill_give_no_emissions(tmp_path):
    """A filled year has rows and no CO2: an index takes prints alone."""
    splice = 'splice = [{ years = "2021", technique = "surrogate", surrogate = "gdp", because = "no table" }]\n'
    more = FORM.replace('file = "form.csv", ', "") + splice
    folder = _make(
        tmp_path / "project", more=more, drivers="year,gdp (亿元)\n2021,39000\n2022,40000\n"
    )
    build_at(folder)
    assert _rows(folder, 2022)["value"].notna()["co2_per_gdp"]
    assert _rows(folder, 2021)["value"].isna()["co2_per_gdp"]
    assert "co2" in _rows(folder, 2021).loc["co2_per_gdp", "remark"]


def test_an_own_index_is_a_file_of_the_project(tmp_path):
    """A declaration in the folder is scored, stands under its stem, and is copied into a submission."""
    folder = _make(tmp_path / "project", more='index = [{ id = "mine.toml" }]')
    (folder / "mine.toml").write_text(
        'title = "Mine"\ntitle_zh = "自"\npublisher = "me"\ndate = "2024"\nreference = "here"\nscale = 100\n'
        '[rule.head]\nkind = "ratio"\nreference = 0.5\nchoice = "ours"\nreason = "half a tonne"\n'
        '[[indicator]]\nid = "co2_per_gdp"\nzh = "强度"\nen = "Intensity"\nweight = 1\nunit = "t CO2/(1e4 CNY)"\n'
        'direction = "less"\nfrom = "inventory"\nvalue = { op = "ratio", of = ["co2", "gdp"] }\n'
        'rule = "head"\nplace = "1"\n',
        encoding="utf-8",
    )
    text = (
        (folder / "carbonacct.toml")
        .read_text(encoding="utf-8")
        .replace('forms = "output/forms.xlsx"\n', "")
    )
    (folder / "carbonacct.toml").write_text(text, encoding="utf-8")
    build_at(folder)
    rows = _rows(folder)
    assert rows.loc["mine", "score"] == pytest.approx(
        100 * min(1, 0.5 / rows.loc["co2_per_gdp", "value"])
    )
    (status,) = [row for row in list_status(open_at(folder, making=False)) if row.what == "index"]
    assert "mine: 北京 2022 scores" in status.text
    workshop = open_at(folder)
    target = freeze(workshop, "a", make_renderers())
    assert (target / "inputs" / "mine.toml").is_file()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('index = [{ file = "a.csv" }]', "index has no id"),
        (
            'index = [{ id = "ccni-2.0", power_rate = "much" }]',
            "index.power_rate is 'much', which is no number",
        ),
        (
            'index = [{ id = "ccni-2.0", coal_equivalent = "gb-t-2589-2020", power_rate = nan }]',
            "index.power_rate is nan, which is no number",
        ),
        ('index = [{ id = "ccni-2.0", power_rate = 0.3 }]', "write coal_equivalent beside it"),
        (
            'index = [{ id = "ccni-2.0" }, { id = "ccni-2.0", file = "b.csv" }]',
            "the index ccni-2.0 is declared twice",
        ),
        ("compare_targets = { a = 1 }", "write compare_targets = "),
        ("compare_targets = 5", "compare_targets is 5"),
        ('index = [{ id = "ccni-2.0", sources = ["tables"] }]', "index.sources is 'tables'"),
        ('index = [{ id = "../mine.toml" }]', "name a path inside the project's folder"),
        ('index = [{ id = "ccni-2.0", year = 2020 }]', "no key 'index.year'"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(tmp_path, more, said):
    """The key, and what it should be."""
    declare(tmp_path, more=more)
    with pytest.raises(ProjectError, match=r"carbonacct\.toml") as caught:
        open_at(tmp_path)
    assert said in str(caught.value)


def test_one_index_that_is_refused_leaves_the_others(tmp_path):
    """A file that is not there stops its index alone, which is said; with the file it is made."""
    two = """index = [
  { id = "peaking-pilot-city", file = "form.csv", coal_equivalent = "gb-t-2589-2020" },
  { id = "peaking-pilot-park", file = "parks.csv" },
]
"""
    folder = _make(tmp_path / "project", more=two)
    built = build_at(folder)
    assert set(states_of(built).values()) == {"made"}
    assert set(pd.read_csv(folder / "output" / "indices.csv")["index"]) == {"peaking-pilot-city"}
    (refused,) = [one for one in built.told if one.rule == "index-refused"]
    assert refused.severity == "error"
    assert "peaking-pilot-park: " in refused.message
    assert "parks.csv: is not there" in refused.message
    assert str(tmp_path) not in refused.message
    assert built.has_failed
    page = (folder / "output" / "page.html").read_text(encoding="utf-8")
    assert "parks.csv: is not there" in page
    with pytest.raises(ProjectError, match=r"refused: .*parks\.csv: is not there; .* --partial"):
        freeze(open_at(folder), "1", make_renderers())
    assert freeze(open_at(folder), "1", make_renderers(), partial=True).is_dir()
    (folder / "parks.csv").write_text("area,year,gdp (亿元)\n北京,2022,40000\n", encoding="utf-8")
    again = build_at(folder)
    held = set(pd.read_csv(folder / "output" / "indices.csv")["index"])
    assert held == {"peaking-pilot-city", "peaking-pilot-park"}
    assert not again.has_failed


def test_a_file_of_two_forms_is_of_both(tmp_path):
    """A column that the other form asks for is none that nobody knows; one of neither is said."""
    two = """index = [
  { id = "peaking-pilot-city", file = "form.csv" },
  { id = "peaking-pilot-park", file = "form.csv" },
]
"""
    folder = _make(tmp_path / "project", more=two)
    park = load_index("peaking-pilot-park").inputs
    city = load_index("peaking-pilot-city").inputs
    assert "gva_strategic" in city.keys() - park.keys()
    head, row = INPUTS.splitlines()
    (folder / "form.csv").write_text(f"{head},某数\n{row},1\n", encoding="utf-8")
    unused = [one.message for one in build_at(folder).told if one.rule == "column-not-used"]
    assert len(unused) == 2
    assert all("'某数'" in one for one in unused)


def test_an_index_that_is_not_there_is_said(tmp_path):
    """The output fails with the near name where it was the only one, and the others are made."""
    folder = _make(tmp_path / "project", more='index = [{ id = "ccni-2.1" }]')
    states = {one.name: (one.state, one.message) for one in build_at(folder).outputs}
    assert states["indices"][0] == "failed"
    assert "no index 'ccni-2.1'; did you mean ccni-2.0" in states["indices"][1]
    assert states["data"][0] == "made"


def test_the_page_of_an_area_is_of_its_rows(tmp_path):
    """With {area} each city has its own rows, and a change of one leaves those of the other."""
    folder = _make(
        tmp_path / "project",
        more='index = [{ id = "peaking-pilot-city" }]',
        drivers="area,year,gdp (亿元)\n北京,2022,40000\n上海,2022,44000\n",
    )
    (folder / "tables" / "上海2022.csv").write_text(
        TABLE.format(year=2022, coal=50).replace("北京", "上海"), encoding="utf-8"
    )
    text = (
        (folder / "carbonacct.toml")
        .read_text(encoding="utf-8")
        .replace("output/indices.csv", "output/{area}.csv")
    )
    (folder / "carbonacct.toml").write_text(text, encoding="utf-8")
    build_at(folder)
    assert set(pd.read_csv(folder / "output" / "上海.csv")["area"]) == {"上海"}
    (folder / "tables" / "上海2022.csv").write_text(
        TABLE.format(year=2022, coal=51).replace("北京", "上海"), encoding="utf-8"
    )
    states = {one.path: one.state for one in build_at(folder).outputs if one.name == "indices"}
    assert states == {"output/上海.csv": "made", "output/北京.csv": "current"}


def test_a_chinese_project_says_units_and_gaps_in_chinese(tmp_path):
    """Gaps, the tables that have the missing numbers, and units are said in the project's language."""
    folder = _make(tmp_path / "project")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace('lang = "en"', 'lang = "zh"')
    file.write_text(text.replace("output/indices.csv", "output/indices.html"), encoding="utf-8")
    told = [in_language(one.message, "zh") for one in build_at(folder).told]
    assert any("没有供电煤耗（kgce/kWh）的数" in one for one in told)
    for name in ("indices.html", "page.html"):
        held = (folder / "output" / name).read_text(encoding="utf-8")
        assert "吨标准煤/万元" in held, name
        assert "生活垃圾清运量（household_waste_collected）" in held, name
        assert "城市建设统计年鉴“市容环境卫生”：生活垃圾清运量" in held, name
        assert "yearbook of urban construction" not in held.split('id="en-')[0], name
    behind = openpyxl.load_workbook(folder / "output" / "forms.xlsx")["单元格与待填"]
    assert any(
        "从以下表取" in str(row[6]) or "市容环境卫生" in str(row[6])
        for row in behind.iter_rows(values_only=True)
    )


def test_drivers_that_name_no_area_are_of_the_sole_one(tmp_path):
    """With one city they are of it; with two the outputs of each say so instead of taking them for both."""
    drivers = "year,gdp (亿元),population (万人)\n2022,40000,2000\n"
    folder = _make(
        tmp_path / "project", more='index = [{ id = "peaking-pilot-city" }]', drivers=drivers
    )
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("output/indices.csv", "output/{area}.csv")
    text = text.replace("output/page.html", "output/{area}.html")
    file.write_text(text.replace('forms = "output/forms.xlsx"\n', ""), encoding="utf-8")
    assert set(states_of(build_at(folder)).values()) == {"made"}
    rows = pd.read_csv(folder / "output" / "北京.csv").set_index("indicator")
    assert rows.loc["co2_per_gdp", "value"] > 0
    page = (folder / "output" / "北京.html").read_text(encoding="utf-8")
    assert "<dt>Per head</dt>" in page
    (folder / "tables" / "上海2022.csv").write_text(
        TABLE.format(year=2022, coal=50).replace("北京", "上海"), encoding="utf-8"
    )
    made = build_at(folder)
    said = {one.path: one.message for one in made.outputs if one.name == "indices"}
    assert set(said) == {"output/北京.csv", "output/上海.csv"}
    for text in said.values():
        assert "drivers.csv!B2: names no area, and the index has 2" in text
    for city in ("北京", "上海"):
        page = (folder / "output" / f"{city}.html").read_text(encoding="utf-8")
        assert "<dt>Per head</dt>" not in page
        assert "drivers.csv: rows name no area, and the project has several" in page
