"""Drivers of several files joined, and columns by the names that they are asked by."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from carbonacct.errors import PanelError
from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.driver_tables import read_driver_table, read_driver_tables, strip_units

GDP = "年份,地区生产总值(亿元)\n2019,100\n2020,110\n"


@pytest.fixture
def write(tmp_path):
    """Return what writes files and reads them as one table."""

    def read(*texts):
        names = [f"{n}.csv" for n in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_driver_tables(tmp_path, map(DriverBasis, names))

    return read


def rows(frame):
    """Return a table as rows, None where there is no number."""
    return [
        [None if isinstance(one, float) and math.isnan(one) else one for one in row]
        for row in frame.to_numpy().tolist()
    ]


def test_no_file_has_no_drivers(tmp_path):
    """Which is another thing than a table without rows."""
    assert read_driver_tables(tmp_path, []) is None


def test_files_are_joined_by_area_and_year(write):
    """Columns in the order of the files; what one lacks another has."""
    found = write(GDP, "年份,常住人口(万人),地区生产总值(亿元)\n2020,50,110\n2021,51,120\n")
    assert found.columns.tolist() == ["area", "year", "gdp", "population"]
    assert rows(found) == [["", 2019, 100, None], ["", 2020, 110, 50], ["", 2021, 120, 51]]
    assert found.attrs["units"] == {"gdp": "亿元", "population": "万人"}
    alone = write(GDP)
    assert rows(alone) == [["", 2019, 100], ["", 2020, 110]]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            "年份,地区生产总值(亿元)\n2020,111\n",
            "gdp of 2020 is 110 in 0.csv and 111 in 1.csv; correct one",
        ),
        (
            "年份,地区生产总值(万元)\n2021,1\n",
            "gdp is in 亿元 in 0.csv and in 万元 in 1.csv; use one unit",
        ),
        ("年份,地区生产总值\n2021,1\n", "gdp is in 亿元 in 0.csv and in - in 1.csv; use one unit"),
    ],
)
def test_files_that_contradict_each_other_are_refused(write, other, said):
    """Another number of one year, another unit, or none beside one."""
    with pytest.raises(PanelError, match=said):
        write(GDP, other)


def test_the_first_file_of_a_driver_is_named(write):
    """Also where a third contradicts it."""
    same = "年份,地区生产总值(亿元)\n2019,100\n"
    with pytest.raises(PanelError, match=r"gdp of 2019 is 100 in 0\.csv and 99 in 2\.csv"):
        write(GDP, same, "年份,地区生产总值(亿元)\n2019,99\n")


def test_rows_without_numbers_and_columns_without_any_say_nothing(tmp_path):
    """A year that is not filled in yet; a column of sources."""
    path = tmp_path / "a.csv"
    path.write_text(
        "年份,地区生产总值(亿元),来源\n2019,100,yearbook\n2020,,yearbook\n", encoding="utf-8"
    )
    frame, _ = read_driver_table(path)
    assert rows(frame) == [["", 2019, 100]]


def test_each_fault_of_a_file_is_named_with_its_cell(tmp_path):
    """All at once, one a line."""
    path = tmp_path / "a.csv"
    path.write_text(
        "年份,地区生产总值(亿元),常住人口(万人)\n2019,x,5\n2020,110,y\n", encoding="utf-8"
    )
    with pytest.raises(PanelError) as caught:
        read_driver_table(path)
    assert [line.partition(";")[0] for line in str(caught.value).split("\n")] == [
        "a.csv!B2: 地区生产总值(亿元) is 'x', which is not a number",
        "a.csv!C3: 常住人口(万人) is 'y', which is not a number",
    ]


@pytest.mark.parametrize(
    ("headers", "wanted", "names", "units"),
    [
        (["area", "GDP (亿元)"], ["GDP"], ["area", "GDP"], {"GDP": "亿元"}),
        (["area", "地区生产总值(亿元)"], ["gdp"], ["area", "gdp"], {"gdp": "亿元"}),
        # A header that is asked for as it stands stays, and so does one beside the id that is asked for.
        (["地区生产总值(亿元)"], ["地区生产总值(亿元)"], ["地区生产总值(亿元)"], {}),
        (["gdp", "地区生产总值(亿元)"], ["gdp"], ["gdp", "地区生产总值"], {"地区生产总值": "亿元"}),
        (["地区生产总值(亿元)"], [], ["地区生产总值"], {"地区生产总值": "亿元"}),
    ],
)
def test_columns_bear_the_names_that_are_asked_for(headers, wanted, names, units):
    """Their own without the unit, or their id."""
    table, found = strip_units(pd.DataFrame([[1] * len(headers)], columns=headers), wanted)
    assert (table.columns.tolist(), found) == (names, units)


def test_two_columns_of_one_name_are_refused():
    """Both headers are named."""
    table = pd.DataFrame([[1, 2]], columns=["gdp (CNY)", "gdp (USD)"])
    with pytest.raises(
        PanelError, match=r"the columns 'gdp \(CNY\)' and 'gdp \(USD\)' are both gdp"
    ):
        strip_units(table)


@pytest.mark.parametrize("unit", ["万吨", "tce", "亿元", "%"])
def test_a_population_is_counted_in_persons(tmp_path, unit):
    """A unit that measures something else is a slip of the pen; it is named with its cell."""
    path = tmp_path / "d.csv"
    path.write_text(f"年份,常住人口({unit})\n2020,50\n", encoding="utf-8")
    with pytest.raises(PanelError, match=rf"d\.csv!B1: .*is in {unit}, which does not measure it"):
        read_driver_table(path)
    path.write_text("年份,GDP(万人)\n2020,50\n", encoding="utf-8")
    with pytest.raises(
        PanelError, match=r"GDP\(万人\) is in 万人, which does not measure it; write 亿元"
    ):
        read_driver_table(path)
    path.write_text(
        "年份,GDP(人民币亿元)\n2020,50\n", encoding="utf-8"
    )  # persons stand in 人民币 too
    table, _ = read_driver_table(path)
    assert table["gdp"].tolist() == [50.0]


@pytest.mark.parametrize(
    "head",
    [
        "人口(万人)",
        "人口(万户)",
        "人口",
        "GDP(亿元)",
        "GDP(亿元 2005年价)",
        "GDP(USD)",
        "GDP(1e8 CNY)",
    ],
)
def test_other_units_of_drivers_are_as_printed(tmp_path, head):
    """Persons in any number, and money of any kind, stand as they are."""
    path = tmp_path / "d.csv"
    path.write_text(f"年份,{head}\n2020,50\n", encoding="utf-8")
    table, _ = read_driver_table(path)
    assert len(table) == 1
