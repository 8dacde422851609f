"""What reports of a project show beside its inventories: filled years, acceptances, findings of it as a whole."""

from __future__ import annotations

import math
import re

import openpyxl
import pytest

from carbonacct.cli import main
from carbonacct.projects.beside import find_beside
from carbonacct.projects.filled_rows import read_fill
from carbonacct.projects.stored import gather_entries
from tests.projects.folders import ROWS, build_at, make_project, open_at, states_of, write_table

SPLICE = 'splice = [{ years = "2019", technique = "interpolation", percent = 5, because = "table lost" }]'
SCENARIO = 'scenario = { file = "scenarios.csv", base = 2020, draws = 50 }'
ASSUMED = (
    "scenario,sector,term,of,until,as,value,lower,upper,source\n"
    "a,all,activity,,2030,rate,1%,0,2%,plan\nb,all,activity,,2030,rate,-1%,,,plan\n"
)
REPORTS = """[outputs]
page = "output/a.html"
workbook = "output/a.xlsx"
scenarios = "output/s.csv"
scenario_peaks = "output/p.csv"
"""


def sheets(folder):
    """Return the sheets of the workbook by name, as rows."""
    book = openpyxl.load_workbook(folder / "output" / "a.xlsx", read_only=True)
    return {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def texts(folder, anchor):
    """Return the words of a section of the page, "" where it is not there."""
    page = (folder / "output" / "a.html").read_text(encoding="utf-8")
    found = re.search(rf'id="en-{anchor}".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_filled_years_and_acceptances_are_shown_until_they_end(tmp_path, capsys):
    """With status, technique, inputs and interval on page and workbook; a print or another number ends them."""
    folder = make_project(tmp_path / "甲", years=(2017, 2018, 2020), more=f"{SPLICE}\n{SCENARIO}")
    (folder / "scenarios.csv").write_text(ASSUMED, encoding="utf-8")
    file = folder / "carbonacct.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("[outputs]\n", REPORTS), encoding="utf-8"
    )
    write_table(folder, 2020, rows=(*ROWS, ("终端消费量", 102.5, 47.75, 2.75)))  # beyond its parts
    assert set(states_of(build_at(folder)).values()) == {"made"}
    workshop = open_at(folder)
    beside = find_beside(workshop, gather_entries(workshop)[0], [])
    total = beside.filled["value"].sum()
    assert (beside.filled["lower"] < beside.filled["value"]).all()
    assert set(beside.filled["method"]) == {"interpolation (2018, 2020)"}
    shown = texts(folder, "filled")
    assert "北京 2019 1" in shown
    assert "interpolation (2018, 2020) table lost" in shown
    rows = sheets(folder)["filled years"][4:]
    assert sum(row[7] for row in rows) == pytest.approx(total, rel=1e-12)
    assert all(row[8] < row[7] < row[9] for row in rows if row[7] > 0)
    assert texts(folder, "accepted") == ""
    words = ["--because", "as printed", "--by", "王", "--place", "2020"]
    assert main(["accept", "remainder", "--project", str(folder), *words]) == 0
    states = states_of(build_at(folder))
    assert {states["page"], states["workbook"]} == {"made"}
    assert states["data"] == states["scenarios"] == "current"
    assert "as printed 王" in texts(folder, "accepted")
    assert [row[4:6] for row in sheets(folder)["accepted findings"][4:]] == [("as printed", "王")]
    # Other numbers end the acceptance, and a print the filling; another assumption the paths alone.
    write_table(folder, 2020, rows=(*ROWS, ("终端消费量", 102.6, 47.75, 2.75)))
    write_table(folder, 2019, coal=50.0)
    build_at(folder)
    assert texts(folder, "filled") == texts(folder, "accepted") == ""
    assert not {"filled years", "accepted findings"} & set(sheets(folder))
    (folder / "scenarios.csv").write_text(ASSUMED.replace("-1%", "-2%"), encoding="utf-8")
    made = {name for name, state in states_of(build_at(folder)).items() if state == "made"}
    assert made == {"scenarios", "scenario_peaks"}
    capsys.readouterr()


def test_what_a_filled_entry_says_is_read_back():
    """Reason and interval; without an interval the bounds are unknown."""
    assert read_fill("surrogate of 2018: lost: twice; 95 %: -1.5 to 2e-05 t") == (
        -1.5,
        2e-05,
        "lost: twice",
    )
    lower, upper, because = read_fill("extrapolation of 2018, 2019: late")
    assert (math.isnan(lower), math.isnan(upper), because) == (True, True, "late")
