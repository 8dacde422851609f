"""Quantities by area and year: one panel reads the same whichever way its table lies and however it is saved."""

from __future__ import annotations

import re

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonacct.errors import IndexDataError, PanelError
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import panel_from_frame, read_panel
from carbonacct.projects.driver_tables import read_driver_table
from carbonacct.records.quantity_headings import QuantityWords
from carbonacct.records.quantity_tables import read_quantities
from carbonacct.sheets.raw_sheets import Sheet, read_sheets

CCNI = load_index("ccni-2.0")
WORDS = QuantityWords({"人口": "population", "gdp": "gdp"})
# Words of each quantity, and the unit in which the table prints it with what that is of the input's unit.
QUANTITIES = {
    "population": (("population", "常住人口", "Resident population"), ("人", 1e-4)),
    "gdp": (("gdp", "地区生产总值"), ("万元", 1e-4)),
    "co2": (("co2", "二氧化碳排放量"), ("吨", 1e-4)),
}
WORDS_OF_KEYS = {
    "area": ("area", "地区", "城市", "园区"),
    "year": ("year", "年份", "年"),
    "item": ("指标", "indicator", "项目"),
    "unit": ("单位", "unit"),
    "value": ("数值", "value"),
}


@pytest.mark.parametrize(
    "rows",
    [
        [["地区", "年份", "人口(万人)"], ["重庆", 2019, 3188]],
        [["地区", "指标", "单位", "2019年"], ["重庆", "人口", "万人", 3188]],
        [["地区", "年份", "指标", "数值"], ["重庆", 2019, "人口(万人)", 3188]],
    ],
)
@pytest.mark.parametrize(
    "titles", [[["表1 人口", None]], [["Table 1"], [], ["", "甲市统计年鉴 2020"]]]
)
def test_titles_may_stand_above_the_head(rows, titles):
    """As a yearbook prints them: what is read is the same, each number at its own cell."""
    faults = []
    plain, titled = (
        read_quantities(Sheet("a.csv", "", held), WORDS, faults) for held in (rows, titles + rows)
    )
    assert (faults, titled.keys, titled.findings) == ([], plain.keys, ())
    (one,), (other,) = plain.series, titled.series
    assert (other.heading.name, other.heading.unit, other.cells) == (
        "population",
        "万人",
        one.cells,
    )
    assert other.rows == [row + len(titles) for row in one.rows]


def test_a_unit_above_the_head_is_asked_for_below_it():
    """A unit in a title would be the unit of no column: it is refused with its cell."""
    faults = []
    rows = [["单位：万人"], ["地区", "年份", "人口"], ["重庆", 2019, 3188]]
    read_quantities(Sheet("a.csv", "", rows), WORDS, faults)
    (fault,) = faults
    assert fault.startswith("a.csv!A1: the unit of a table stands in brackets behind each quantity")


def test_a_row_of_numbers_above_the_head_is_no_title():
    """The first row heads the columns then, and says what it lacks."""
    faults = []
    rows = [["甲", 1], ["地区", "年份", "人口(人)"], ["重庆", 2019, 3188]]
    assert read_quantities(Sheet("a.csv", "", rows), WORDS, faults).keys == ()
    assert "no columns 'area'" in faults[0]


@st.composite
def panels(draw):
    """Draw the cells of a panel, and the rows of a table that holds them."""
    areas, years = ["甲", "乙", "丙"][: draw(st.integers(2, 3))], [2018, 2019, 2020]
    numbers = st.one_of(st.integers(1, 10**7), st.none())
    cells = {(a, y, q): draw(numbers) for a in areas for y in years for q in QUANTITIES}
    names = {q: draw(st.sampled_from(words)) for q, (words, _) in QUANTITIES.items()}
    area, year, item, unit, value = (
        draw(st.sampled_from(words)) for words in WORDS_OF_KEYS.values()
    )
    inside = draw(st.booleans())
    heads = {q: f"{names[q]}({QUANTITIES[q][1][0]})" if inside else names[q] for q in QUANTITIES}
    units = {q: "" if inside else QUANTITIES[q][1][0] for q in QUANTITIES}
    shape = draw(st.sampled_from(["down", "across", "long"]))
    if shape == "down":
        rows = [[area, year, *heads.values()]]
        rows += [] if inside else [["单位", "", *units.values()]]
        rows += [[a, y, *(cells[a, y, q] for q in QUANTITIES)] for a in areas for y in years]
    elif shape == "across":
        told = draw(st.sampled_from(["{}", "{}年"]))
        rows = [[area, item, unit, *map(told.format, years)]]
        rows += [
            [a, heads[q], units[q], *(cells[a, y, q] for y in years)]
            for q in QUANTITIES
            for a in areas
        ]
    else:
        rows = [[area, year, item, unit, value]]
        rows += [
            [a, y, heads[q], units[q], cells[a, y, q]]
            for a in areas
            for y in years
            for q in QUANTITIES
        ]
    return cells, rows


def save(folder, rows, kind):
    """Save rows as a workbook, or as text in an encoding."""
    path = folder / ("a.xlsx" if kind == "xlsx" else "a.csv")
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
        path.write_text("\n".join(lines) + "\n", encoding=kind)
    return path


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(panel=panels(), kind=st.sampled_from(["utf-8", "gb18030", "xlsx"]))
def test_a_panel_reads_the_same_in_any_shape(tmp_path, panel, kind):
    """Years as rows or columns, text or workbook, Chinese or English: the same numbers in the same cells."""
    cells, rows = panel
    path = save(tmp_path, rows, kind)
    held, (sheet, *_) = read_panel(path, CCNI), read_sheets(path)
    drivers, _ = read_driver_table(path)
    table = drivers.set_index(["area", "year"])
    assert not held.findings
    for (area, year, quantity), number in cells.items():
        cell = {"area": area, "year": year, "input": quantity}
        read, where = held.values.sel(cell).item(), held.place.sel(cell).item()
        driver = table[quantity].get((area, year), np.nan) if quantity in table else np.nan
        if number is None:
            assert np.isnan(read)
            assert np.isnan(driver)
            assert where == ""
            continue
        assert read == pytest.approx(number * QUANTITIES[quantity][1][1], rel=1e-12)
        assert driver == number
        column, row = re.fullmatch(r"([A-Z])(\d+)", where.rpartition("!")[2]).groups()
        assert float(sheet.rows[int(row) - 1]["ABCDEFGH".index(column)]) == number
    assert drivers.attrs["units"] == {q: unit for q, (_, (unit, _)) in QUANTITIES.items()}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            [["area", "year", "人口", "人口(万人)"], ["甲", 2020, 1, 2]],
            "a!D1: '人口(万人)' and '人口' are both population;",
        ),
        (
            [["area", "人口"], ["甲", 1]],
            "a!1:1: no columns 'year' (年份), expected one; name the columns in the first",
        ),
        (
            [["area", "城市", "year", "人口"], ["甲", "甲", 2020, 1]],
            "a!1:1: 2 columns 'area' (地区), expected one;",
        ),
        (
            [["area", "year", "人口"], ["甲", "", 1]],
            "a!B2: the row has no year; write a year such as 2020",
        ),
        (
            [["area", "year", "人口(人)"], ["单位", "", "万人"], ["甲", 2020, 1]],
            "a!C2: '人口(人)' is in 人 and in 万人;",
        ),
        (
            [["area", "指标", 2019, "2019年"], ["甲", "人口", 1, 2]],
            "a!D1: 2019 heads another column as well; keep one",
        ),
        (
            [["area", "指标", 2019], ["甲", "", 1]],
            "a!B2: the row has no indicator; name what it counts",
        ),
        ([["area", "指标", 2019], ["", "人口", 1]], "a!A2: the area is blank; name it"),
        (
            [["area", "指标", 2019], ["甲", "人口", 1], ["甲", "人口(人)", 2]],
            "a!B3: 甲 2019 人口(人) stands there twice (also in a!B2); keep one row",
        ),
        (
            [["area", "year", "指标", "数值"], ["甲", 2019, "gdp", 1], ["甲", 2019, "gdp", 2]],
            "a!C3: 甲 2019 gdp stands there twice (also in a!C2); keep one row",
        ),
        (
            [["area", "指标", "单位", 2019], ["甲", "人口(人)", "万人", 1]],
            "a!C2: '人口(人)' is in 人 and in 万人;",
        ),
    ],
)
def test_each_fault_of_a_table_names_its_cell(rows, fault):
    """What cannot be told is said with its cell, and what to do."""
    faults = []
    read_quantities(Sheet("a", "", rows), WORDS, faults)
    assert [str(one)[: len(fault)] for one in faults] == [fault]


def test_notes_and_other_columns_are_said():
    """A note below a table, a cell below no heading and a row of another indicator are no numbers, and no silence."""
    rows = [
        ["area", "指标", 2019],
        ["甲", "人口", 1, "see"],
        ["甲", "面积", 2],
        ["注：2019年为快报数", "", ""],
    ]
    table = read_quantities(Sheet("a", "", rows), WORDS, [])
    assert [heading.where for heading in table.others] == ["a!B3"]
    assert [(one.rule, one.where) for one in table.findings] == [
        ("note-rows", "a"),
        ("column-without-name", "a!D2"),
    ]


def test_each_row_across_may_have_a_unit_of_its_own(tmp_path):
    """An index turns both into its unit; drivers, which keep the unit that is printed, refuse two."""
    rows = [
        ["地区", "指标", "单位", 2020],
        ["甲", "常住人口", "万人", 250],
        ["乙", "常住人口", "人", 100],
    ]
    path = save(tmp_path, rows, "xlsx")
    assert read_panel(path, CCNI).values.sel(input="population", year=2020).values.tolist() == [
        250,
        0.01,
    ]
    with pytest.raises(
        PanelError, match=r"Sheet!B3: population is in 万人 and in 人; use one unit"
    ):
        read_driver_table(path)


def test_an_indicator_across_that_is_nearly_an_input(tmp_path):
    """A slip is refused with its cell, and a number beyond what the input may be."""
    rows = [["地区", "指标", 2020], ["甲", "co3", 5], ["甲", "co2", -5]]
    with pytest.raises(IndexDataError) as raised:
        read_panel(save(tmp_path, rows, "utf-8"), CCNI)
    assert str(raised.value).splitlines() == [
        "a.csv!B2: 'co3' is no input of ccni-2.0; did you mean co2?",
        "a.csv!C3: co2 is -5, expected at least 0 万吨; correct the cell",
    ]


def test_a_frame_with_missing_values_of_any_kind():
    """NaN, None and pd.NA are blank in a frame of an index."""
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"area": ["甲", "乙", "丙"], "year": 2020, "co2": pd.array([1, None, 3], dtype="Int64")}
    )
    held = panel_from_frame(frame, CCNI).values.sel(input="co2", year=2020).values
    assert np.array_equal(held, [1, np.nan, 3], equal_nan=True)


def test_a_province_beside_the_cities_is_no_second_area():
    """Of columns of areas the finer one says whose a row is; the other is passed over."""
    table = read_quantities(
        Sheet("a", "", [["省份", "城市", "year", "人口"], ["福建", "厦门", 2020, 5]]), WORDS, []
    )
    assert table.keys == (("厦门", 2020),)
    assert [heading.where for heading in table.others] == ["a!A1"]
    alone = read_quantities(
        Sheet("a", "", [["省份", "year", "人口"], ["福建", 2020, 5]]), WORDS, []
    )
    assert alone.keys == (("福建", 2020),)
