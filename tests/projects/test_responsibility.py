"""Targets of a province divided over its cities."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.projects.folders import build_at
from tests.projects.test_project_areas import make_province

DRIVERS = "area,year,gdp (亿元),population (万人)\n" + "".join(
    f"{area},{year},{gdp},{people}\n"
    for area, gdp, people in (
        ("济南市", 100, 10),
        ("青岛市", 200, 30),
        ("莱芜市", 50, 10),
        ("山东省", 360, 50),
    )
    for year in (2018, 2019)
)
HEAD = """drivers = [{ file = "drivers.csv" }]
share = [{ target = "t", over = "level:city", SHARE }]

[[target]]
id = "t"
area = "山东"
quantity = "QUANTITY"
statistic = "cut"
bound = "at_least"
value = 10
unit = "%"
due = 2025
base = { year = 2019 }
prices = "constant 2019"
"""


def build_shares(folder, share, *, quantity="co2", growth=""):
    """Build a province with one target to divide; return the table and the output."""
    make_province(folder, more=HEAD.replace("QUANTITY", quantity).replace("SHARE", share))
    (folder / "drivers.csv").write_text(DRIVERS, encoding="utf-8")
    if growth:
        (folder / "growth.csv").write_text(growth, encoding="utf-8")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("[outputs]", '[outputs]\nshares = "output/shares.csv"'), encoding="utf-8"
    )
    (output,) = [one for one in build_at(folder).outputs if one.name == "shares"]
    path = folder / "output" / "shares.csv"
    return (pd.read_csv(path).set_index("part") if path.exists() else None), output


def test_a_cut_is_divided_over_cities(tmp_path):
    """90 % of the province's own 7 units over cities of 2 and 3; a city that ended gets none."""
    table, _ = build_shares(tmp_path / "省", 'rule = "proportional"')
    assert list(table.index) == ["济南市", "青岛市"]
    assert table["share"].sum() == pytest.approx(table["own"].sum() / 5 * 7 * 0.9, abs=0.51)
    assert table.loc["青岛市", "share"] == pytest.approx(table["share"].sum() * 3 / 5, abs=1)


def test_equal_intensity_takes_the_gdp(tmp_path):
    """Shares are as GDP, 1 to 2."""
    table, _ = build_shares(tmp_path / "省", 'rule = "equal_intensity"')
    assert table.loc["青岛市", "share"] == pytest.approx(2 * table.loc["济南市", "share"], abs=2)


def test_cuts_of_an_intensity_are_refused_without_growth(tmp_path):
    """They do not add up: with growth each part gets the cut, and what the whole makes is said."""
    _, output = build_shares(tmp_path / "省", 'rule = "proportional"', quantity="co2/gdp")
    assert "cuts do not add up" in output.message
    growth = "area,year,gdp\n济南市,2025,100\n青岛市,2025,200\n"
    more = 'rule = "equal_cut", growth = "growth.csv"'
    table, output = build_shares(tmp_path / "二", more, quantity="co2/gdp", growth=growth)
    assert table["share"].tolist() == pytest.approx([0.1, 0.1])
    assert not output.message


def test_a_year_without_a_table_is_said(tmp_path):
    """A part that lacks a number is named: a share of the others would be none of the whole."""
    _, output = build_shares(tmp_path / "省", 'rule = "proportional", year = 2017')
    assert "2017 has no number of 370100, 370200, 371200" in output.message
