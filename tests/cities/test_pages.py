"""Pages and workbooks of a city as they are printed: what is read, passed over or refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import TableError
from tests.cities.building import (
    INDUSTRY,
    PAGES,
    TABLES,
    amount,
    origin,
    write_page,
)


def test_a_unit_that_cannot_measure_counts_nothing(tmp_path):
    """Rule 6: kilograms of gas beside a sum in cubic metres: the sum counts; litres beside tonnes.

    The tonnes.
    """
    page = """table,label,unit,year,value
vehicle_gas,公交合计,万立方米,2019,1700
vehicle_gas,常规公交,公斤,2019,12360319
vehicle_diesel,常规公交,升,2019,27918375
vehicle_diesel,常规公交,吨,2019,32347
"""
    city = ca.build_city_balance(write_page(tmp_path, "buses.csv", page), area="甲市", year=2019)
    assert amount(city, "transport", "natural_gas") == 1700e4
    assert amount(city, "transport", "diesel") == 32347.0


def test_two_numbers_of_one_meaning_stop(tmp_path):
    """Two tables that print one use differently are named, both; equal ones are one."""
    page = "甲市供气\n指标,2019年\n天然气供气总量(万立方米),100\n #家庭用量,{}\n"
    one, same, other = (
        write_page(tmp_path, f"{name}.csv", page.format(name)) for name in ("40", "40.0", "50")
    )
    assert (
        amount(
            ca.build_city_balance(one, same, area="甲市", year=2019), "households", "natural_gas"
        )
        == 40e4
    )
    with pytest.raises(TableError, match=r"#家庭用量 is 500000 m3 here and 400000 in 40\.csv!B4"):
        ca.build_city_balance(one, other, area="甲市", year=2019)


@pytest.mark.parametrize(
    ("months", "made"),
    [
        ([f"{n}月" for n in range(1, 13)], 12.0),
        (["一季度", "二季度", "三季度", "四季度"], 4.0),
        (["上半年", "下半年"], 2.0),
        ([f"{n}月" for n in range(1, 12)], None),
        (["一季度", "三季度", "四季度"], None),
        (["1-6月", "6-12月"], None),
        ([*(f"{n}月" for n in range(1, 13)), "全年(2019年)"], 1.0),
    ],
)
def test_months_are_a_year_when_all_are_there(tmp_path, months, made):
    """Months and quarters add up only where they are twelve months.

    A printed year stands before them.
    """
    page = f"甲市2019年供气\n指标,{','.join(months)}\n天然气供气总量(万立方米)"
    other = "居民生活用煤(吨),1\n"
    path = write_page(tmp_path, "gas.csv", page + ",1" * len(months) + "\n")
    coal = write_page(tmp_path, "coal.csv", f"甲市生活用煤\n指标,2019年\n{other}")
    city = ca.build_city_balance(path, coal, area="甲市", year=2019)
    if made is None:
        (note,) = [one for one in city.findings if one.rule == "city-months"]
        assert note.severity == "error"
        assert "natural_gas" not in city.products
    else:
        assert amount(city, "final_consumption", "natural_gas") == made * 1e4


def test_tables_of_months_add_up_too(tmp_path):
    """Twelve tables of industry by month are a year; eleven are none."""
    month = INDUSTRY.replace("(2019年)", "(2019年{}月)")
    paths = [write_page(tmp_path, f"m{n}.csv", month.format(n)) for n in range(1, 13)]
    city = ca.build_city_balance(*paths, area="甲市", year=2019)
    assert amount(city, "industry.textile", "diesel") == 1200.0
    with pytest.raises(TableError, match="no cell of its balance could be made"):
        ca.build_city_balance(*paths[1:], area="甲市", year=2019)


def test_labels_that_are_not_known_are_listed(tmp_path):
    """A label of a yearbook that is not known is no number, and no silence."""
    page = "甲市供气\n指标,2019年\n天然气供气总量(万立方米),100\n #神秘用量,40\n"
    city = ca.build_city_balance(write_page(tmp_path, "gas.csv", page), area="甲市", year=2019)
    (note,) = [one for one in city.findings if one.rule == "city-unread"]
    assert (note.where, "#神秘用量" in note.message) == ("gas.csv!B4", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\nc,d\n", "nor is it a page of labelled numbers"),
        ("甲市统计\n指标,2019年\n神秘,3\n", "no label is one of a city's yearbook: 神秘"),
        ("甲市供气\n指标,单位,2019年\n天然气供气总量,担,3\n", "page.csv!C3: '担' is not a unit"),
        ("甲市供气\n指标,2019年\n天然气供气总量,3\n", "page.csv!B3: "),
        (
            "label,unit,year,value\n天然气供气总量,万立方米,soon,3\n",
            "page.csv!C2: the year is 'soon'",
        ),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, text, message):
    """A file that is neither balance nor page stops with its place."""
    with pytest.raises((TableError, ca.CarbonacctError), match=message):
        ca.build_city_balance(write_page(tmp_path, "page.csv", text), area="甲市", year=2019)


def test_what_is_not_named_is_asked_for(tmp_path):
    """No area, no year, tables of two cities: each says what to pass."""
    page = write_page(tmp_path, "coal.csv", "甲市生活用煤\n指标,单位,数值\n生活用煤,吨,3\n")
    for given_, message in (
        ({}, "no city is named; pass --area"),
        ({"area": "甲市"}, r"coal\.csv!C3: no year; add a column year, or pass --year"),
        ({"area": ["甲市", "乙市"], "year": 2019}, "the tables are of one city, and 2 are named"),
    ):
        with pytest.raises(TableError, match=message):
            ca.build_city_balance(page, **given_)


def test_one_workbook_with_all_pages(tmp_path):
    """Sheets of all kinds in one workbook make what the same pages as files make."""
    path = tmp_path / "yearbook.xlsx"
    with pd.ExcelWriter(path) as book:
        for page in PAGES:
            rows = [line.split(",") for line in Path(page).read_text(encoding="utf-8").splitlines()]
            name = Path(page).stem.removesuffix("_2019")
            pd.DataFrame(rows).to_excel(book, sheet_name=name, index=False, header=False)
        pd.DataFrame([["说明"], ["本表数据为快报数"]]).to_excel(
            book, sheet_name="notes", index=False, header=False
        )
    table = TABLES / "indicators_2019.csv"
    one, several = (
        ca.build_city_balance(*pages, area="江州市", year=2019, indicators=table)
        for pages in ([path], PAGES)
    )
    assert one.amounts.equals(several.amounts)
    assert [note.where for note in one.findings if "a sheet is not read" in note.message] == [""]


def test_a_page_of_labels_that_say_all_is_no_balance(tmp_path):
    """A total is a total whichever way its page lies, though each may be read as a balance."""
    pages = {
        "across": "甲市能源消费量\n指标,单位,2018年,2019年\n煤炭消费量,万吨,5,6\n",
        "down": "甲市能源消费量\n年份,煤炭消费量(万吨)\n2018年,5\n2019年,6\n",
        "long": "table,label,unit,year,value\ntotals,煤炭消费量,万吨,2019,6\n",
    }
    for name, page in pages.items():
        path = write_page(tmp_path, f"{name}.csv", page)
        assert ca.read_balance(path, area="甲市", year=2019).flows == ["total_consumption"]
        city = ca.build_city_balance(path, area="甲市", year=2019)
        assert amount(city, "final_consumption", "coal_total") == 60000.0
        assert origin(city, "final_consumption", "coal_total").case == "delta"


@pytest.mark.parametrize(
    "page",
    [
        "甲市电力平衡表\n单位：亿千瓦时\n项目,2018年,2019年\n工业,60,70\n建筑业,1,2\n",
        "甲市消费\n项目,电力(亿千瓦时),电力(亿千瓦时)\n,2018年,2019年\n工业,60,70\n建筑业,1,2\n",
        "甲市电力消费\n项目,品种,单位,2019年\n工业,电力,亿千瓦时,70\n建筑业,电力,亿千瓦时,2\n",
        "甲市柴油消费量(吨)\n项目,2018年,2019年\n工业,1,2\n建筑业,3,4\n",
    ],
    ids=["by its title", "down and across", "in two columns", "rows of a balance"],
)
def test_a_balance_of_years_stays_one(tmp_path, page):
    """What calls itself a balance is one, and what names flows and products apart."""
    path = write_page(tmp_path, "balance.csv", page)
    city = ca.build_city_balance(path, area="甲市", year=2019)
    own = ca.read_balance(path, area="甲市", year=2019)
    for flow in ("industry", "construction"):
        assert amount(city, flow, city.products[0]) == amount(own, flow, own.products[0])
        assert origin(city, flow, city.products[0]).case == "alpha"


def test_a_sheet_with_a_row_that_is_not_known_is_not_read_in_part(tmp_path):
    """A balance among other sheets is read whole or named, as one alone is."""
    sheets = {
        "balance": "甲市能源平衡表 2019,\n项目,柴油(吨)\n工业,7\n某某某业,8",
        "coal": "甲市生活用煤,,\n指标,单位,2019年\n生活用煤,吨,3",
    }
    path = tmp_path / "yearbook.xlsx"
    with pd.ExcelWriter(path) as book:
        for name, text in sheets.items():
            rows = [line.split(",") for line in text.splitlines()]
            pd.DataFrame(rows).to_excel(book, sheet_name=name, index=False, header=False)
    city = ca.build_city_balance(path, area="甲市", year=2019)
    assert city.products == ["raw_coal"]
    (note,) = [one for one in city.findings if "a sheet is not read" in one.message]
    assert "某某某业" in note.message


def test_years_may_stand_down_the_side(industry, tmp_path):
    """A page of many years, one a row, says what the same page says with years across."""
    down = (
        "甲市历年增加值\n单位：亿元\n年份,工业增加值(亿元),规模以上工业增加值(亿元)\n"
        "2018年,90,80\n2019年,120,100\n"
    )
    across = (
        "甲市增加值\n指标,2018年,2019年\n工业增加值(亿元),90,120\n规模以上工业增加值(亿元),80,100\n"
    )
    for name, page, cell in (("down", down, "B5"), ("across", across, "C3")):
        path = write_page(tmp_path, f"{name}.csv", page)
        city = ca.build_city_balance(industry, path, area="甲市", year=2019)
        found = origin(city, "industry", "diesel")
        assert (found.share, found.index_city) == (1.2, 120.0)
        assert f"{name}.csv!{cell}" in found.source


def test_columns_of_growth_are_listed(tmp_path):
    """Numbers beside those of a year are no amounts, and no silence."""
    page = "甲市供气\n指标,2019年,增长%\n天然气供气总量(万立方米),100,3.5\n #家庭用量,40,1.5\n"
    city = ca.build_city_balance(write_page(tmp_path, "gas.csv", page), area="甲市", year=2019)
    (note,) = [one for one in city.findings if "columns that name no year" in one.message]
    assert (note.rule, note.where, note.message[:9]) == (
        "city-passed-over",
        "gas.csv!C3",
        "2 numbers",
    )
    assert amount(city, "households", "natural_gas") == 40e4


def test_labels_that_do_not_count_are_told_with_their_reason(tmp_path):
    """Capacity is no energy; what counts is not among them."""
    page = (
        "甲市供气\n指标,2019年\n天然气供气总量(万立方米),100\n"
        "居民家庭用气(万立方米),40\n储气装机容量(万立方米),7\n"
    )
    city = ca.build_city_balance(write_page(tmp_path, "gas.csv", page), area="甲市", year=2019)
    told = [one for one in city.findings if one.rule == "city-passed-over"]
    assert [(one.where, one.message) for one in told] == [
        ("gas.csv!B5", "1 labels do not count: 储气装机容量(万立方米) (capacity is no energy)")
    ]


def test_a_page_that_names_no_year_is_of_the_year_asked_for(tmp_path):
    """Where it is one; of two nobody knows which."""
    page = write_page(tmp_path, "coal.csv", "甲市生活用煤\n指标,单位,数值\n生活用煤,吨,3\n")
    city = ca.build_city_balance(page, area="甲市", year=2019)
    assert city.years == [2019]
    assert city.amounts.sel(flow="households", product="raw_coal").item() == 3
    with pytest.raises(ca.CarbonacctError):
        ca.build_city_balance(page, area="甲市", year=[2018, 2019])
