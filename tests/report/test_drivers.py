"""Population and GDP: units stand in the header, and nothing is guessed."""

from __future__ import annotations

import openpyxl
import pytest

from carbonacct.errors import TableError
from carbonacct.report.population_and_gdp import read_drivers


def write(folder, text):
    """Write a file of drivers."""
    path = folder / "drivers.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "population", "gdp", "currency"),
    [
        ("area,year,population (万人),gdp (亿元)", 2e4, 3e8, "元"),
        ("地区,年份,人口（万人）,地区生产总值（亿元）", 2e4, 3e8, "元"),
        ("area,year,population (10^4),gdp (10^8 yuan)", 2e4, 3e8, "yuan"),
        ("area,year,population (persons),gdp (million EUR)", 2, 3e6, "EUR"),
        ("Area,Year,Population (人),GDP (万元，2005年价)", 2, 3e4, "元，2005年价"),
    ],
)
def test_units_of_the_header_are_applied(tmp_path, header, population, gdp, currency):
    """A number word before what is counted is a factor; the currency keeps its name and its price basis."""
    frame = read_drivers(write(tmp_path, f"{header}\n重庆,2007,2,3\n"))
    assert (frame["population"].item(), frame["gdp"].item(), frame.attrs["currency"]) == (
        population,
        gdp,
        currency,
    )
    assert (frame["area"].item(), frame["year"].item()) == ("重庆", 2007)


def test_a_blank_stays_nothing_and_separators_are_read(tmp_path):
    """1,234 is a number; an empty cell is none."""
    frame = read_drivers(
        write(
            tmp_path,
            'area,year,population (万人),gdp (亿元),co2 (万吨)\n全国,2007,"132,129",270092,\n',
        )
    )
    assert frame["population"].item() == 132129e4
    assert frame["co2"].isna().all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "area,year,population,gdp (亿元)\nA,2007,1,1\n",
            r"'population' does not say its unit; write it as population \(万人\)",
        ),
        (
            "area,year,population (万人),gdp (亿)\nA,2007,1,1\n",
            r"'gdp \(亿\)' does not say its unit",
        ),
        ("area,year,population (万吨),gdp (亿元)\nA,2007,1,1\n", "does not say its unit"),
        ("area,year,population (万人)\nA,2007,1\n", "no column gdp"),
        (
            "area,yaer,population (万人),gdp (亿元)\nA,2007,1,1\n",
            "'yaer' is not known; did you mean year",
        ),
        (
            "area,year,year,population (万人),gdp (亿元)\nA,2007,2007,1,1\n",
            r"csv!1:1: 2 columns 'year' \(年份\), expected one",
        ),
        (
            "area,year,population (万人),人口 (万人),gdp (亿元)\nA,2007,1,1,1\n",
            "csv!D1: .* are both population",
        ),
        (
            "area,year,population (万人),gdp (亿元)\nA,2007,1,1\nA,2007,1,1\n",
            r"csv!3:3: A 2007 stands there twice \(also in row 2\)",
        ),
        (
            "area,year,population (万人),gdp (亿元)\nA,2007,0,1\n",
            "csv!C2: population is 0; it must be more than 0",
        ),
        (
            "area,year,population (万人),gdp (亿元)\nA,2007,1,1\nB,2007,x,1\n",
            "csv!C3: population is 'x'; it must be a number",
        ),
        (
            "area,year,population (万人),gdp (亿元)\nA,2007.5,1,1\n",
            "csv!B2: '2007.5' is not a year",
        ),
        ("area,year,population (万人),gdp (亿元)\nA,,1,1\n", "csv!B2: the row has no year"),
        ("", "is empty"),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_write(tmp_path, text, said):
    """No unit, an unknown or double column, a wrong number: refused with the place."""
    with pytest.raises(TableError, match=said):
        read_drivers(write(tmp_path, text))


def test_a_file_that_is_not_there_is_said(tmp_path):
    """The path and the reason."""
    with pytest.raises(TableError, match=r"missing\.csv: cannot be opened \(No such file"):
        read_drivers(tmp_path / "missing.csv")


def test_drivers_of_a_workbook_with_years_across(tmp_path):
    """The forms of a project's drivers are those of a page's: years as columns, Chinese words, a workbook, GB 18030."""
    rows = [
        ["地区", "指标", "单位", "2007年", "2008年"],
        ["重庆", "常住人口", "万人", 2816, 2839],
        ["重庆", "地区生产总值", "亿元", 4676.13, None],
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("more").append(["重庆", 1])
    book.save(tmp_path / "drivers.xlsx")
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    (tmp_path / "drivers.csv").write_text(text, encoding="gb18030")
    for name, cell in (
        ("drivers.xlsx", "drivers.xlsx!Sheet!E2"),
        ("drivers.csv", "drivers.csv!E2"),
    ):
        frame = read_drivers(tmp_path / name)
        assert frame["year"].tolist() == [2007, 2008]
        assert frame["population"].tolist() == [2816e4, 2839e4]
        assert frame["gdp"].tolist() == pytest.approx([4676.13e8, float("nan")], nan_ok=True)
        assert frame.attrs["places"]["population"][1] == cell
        assert [one.rule for one in frame.attrs["findings"]] == ["sheet-not-used"] * (
            name == "drivers.xlsx"
        )
