"""Where the numbers of an assessment come from, and the quantity of a year: by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from carbonacct.projects.assessment_sheet import _value, find_places
from carbonacct.projects.driver_bases import DriverBasis


def run(*places, files):
    """Return a run of some places and files."""
    return SimpleNamespace(places=places, files=[SimpleNamespace(path=path) for path in files])


def test_a_number_is_of_the_files_of_its_area_and_year(tmp_path):
    """Emissions of the tables; drivers of their file: of the area that it names, or of all where it names none."""
    (tmp_path / "own.csv").write_text("area,year,gdp (CNY)\nB,2020,5\nB,2021,\n", encoding="utf-8")
    (tmp_path / "all.csv").write_text("year,population\n2020,7\n", encoding="utf-8")
    (tmp_path / "late.csv").write_text(
        "area,year,gdp (CNY)\nB,2020,5\nA,2020,6\n", encoding="utf-8"
    )
    bases = [DriverBasis(file) for file in ("own.csv", "all.csv", "late.csv")]
    declaration = SimpleNamespace(folder=tmp_path, bases=bases)
    panel = pd.DataFrame({"area": ["A", "B"], "year": 2020, "co2": 1.0})
    runs = [
        run(("A", 2020), ("B", 2020), files=["tables/one.csv"]),
        run(("B", 2020), files=["tables/two.csv", "tables/one.csv"]),
    ]
    found = find_places(runs, declaration, panel)
    assert found["co2"] == {("A", 2020): "one.csv", ("B", 2020): "one.csv, two.csv"}
    assert found["gdp"] == {
        ("B", 2020): "own.csv",
        ("A", 2020): "late.csv",
    }  # the first that has it
    assert found["population"] == {("A", 2020): "all.csv", ("B", 2020): "all.csv"}


@pytest.mark.parametrize(
    ("quantity", "year", "expected"),
    [
        ("co2", 2020, 12.0),
        ("co2/gdp", 2020, 3.0),
        ("co2", 2021, math.nan),
        ("co2/gdp", 2021, math.nan),
        ("co2/population", 2020, math.nan),
        ("co2", None, math.nan),
    ],
)
def test_a_quantity_is_whole_or_no_number(quantity, year, expected):
    """Over what it is divided by; one that lacks leaves none."""
    held = {(2020, "co2"): 12.0, (2020, "gdp"): 4.0, (2021, "gdp"): 5.0}
    goal = SimpleNamespace(quantity=quantity, scope=(1,), boundary="without_land", subset="")
    found = _value(held, goal, year)
    assert found == pytest.approx(expected, nan_ok=True)
