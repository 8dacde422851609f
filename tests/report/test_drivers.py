"""Population and GDP: units stand in the header, and nothing is guessed."""

from __future__ import annotations

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
    assert (frame["population"].item(), frame["gdp"].item(), frame.attrs["currency"]) == (population, gdp, currency)
    assert (frame["area"].item(), frame["year"].item()) == ("重庆", 2007)


def test_a_blank_stays_nothing_and_separators_are_read(tmp_path):
    """1,234 is a number; an empty cell is none."""
    frame = read_drivers(
        write(tmp_path, 'area,year,population (万人),gdp (亿元),co2 (万吨)\n全国,2007,"132,129",270092,\n')
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
        ("area,year,population (万人),gdp (亿)\nA,2007,1,1\n", r"'gdp \(亿\)' does not say its unit"),
        ("area,year,population (万吨),gdp (亿元)\nA,2007,1,1\n", "does not say its unit"),
        ("area,year,population (万人)\nA,2007,1\n", "no column gdp"),
        ("area,yaer,population (万人),gdp (亿元)\nA,2007,1,1\n", "'yaer' is not known; did you mean year"),
        ("area,year,year,population (万人),gdp (亿元)\nA,2007,2007,1,1\n", "is not known|stands twice"),
        ("area,year,population (万人),人口 (万人),gdp (亿元)\nA,2007,1,1,1\n", "stands twice"),
        ("area,year,population (万人),gdp (亿元)\nA,2007,1,1\nA,2007,1,1\n", "A 2007 stands twice"),
        ("area,year,population (万人),gdp (亿元)\nA,2007,0,1\n", "line 2: population is 0; it must be more than 0"),
        (
            "area,year,population (万人),gdp (亿元)\nA,2007,1,1\nB,2007,x,1\n",
            "line 3: population .* is 'x'; it must be a number",
        ),
        ("area,year,population (万人),gdp (亿元)\nA,2007.5,1,1\n", "'2007.5' is no year"),
        ("area,year,population (万人),gdp (亿元)\nA,,1,1\n", "'' is no year"),
        ("", "cannot be read"),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_write(tmp_path, text, said):
    """No unit, an unknown or double column, a wrong number: refused with the place."""
    with pytest.raises(TableError, match=said):
        read_drivers(write(tmp_path, text))


def test_a_file_that_is_not_there_is_said(tmp_path):
    """The path and the reason."""
    with pytest.raises(TableError, match=r"missing\.csv: cannot be read \(No such file"):
        read_drivers(tmp_path / "missing.csv")
