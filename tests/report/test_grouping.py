"""Findings over the tables of several years."""

from __future__ import annotations

import re

import pytest

from carbonacct.cli.main import main
from carbonacct.errors import Finding, Gap
from carbonacct.report import group_findings
from tests.sectors.energy.building import write_table


def gap(year, product="coke", area="A"):
    """Return a difference of a cell."""
    return Gap(area, year, "industry", product, 5.0)


def test_one_cause_in_several_years_is_one_finding():
    """Same rule, severity and cells in other years are joined, with the place of each; what differs stays."""
    findings = [
        Finding("sum-of-parts", "error", "off", f"{year}.csv!B4", gaps=(gap(year),))
        for year in (2019, 2020, 2021)
    ]
    other = Finding("sum-of-parts", "error", "off", "2019.csv!C4", gaps=(gap(2019, "diesel"),))
    softer = Finding("sum-of-parts", "warning", "off", "2018.csv!B4", gaps=(gap(2018),))
    plain = Finding("other-years", "info", "a row is hidden", "2019.csv!A9")
    joined, *rest = group_findings([*findings, other, softer, plain, plain])
    assert joined.message == "off; likewise in 2020 (2020.csv!B4), 2021 (2021.csv!B4)"
    assert [one.year for one in joined.gaps] == [2019, 2020, 2021]
    assert rest == [other, softer, plain]


def test_two_findings_of_one_year_and_those_of_other_areas_stay_apart():
    """Two faults of one cell in one year are two, and areas are never joined."""
    twice = [Finding("r", "error", text, "a.csv!B4", gaps=(gap(2019),)) for text in ("one", "two")]
    areas = [
        Finding("r", "error", "off", "", gaps=(gap(year, area=area),))
        for year, area in ((2020, "B"), (2021, "C"))
    ]
    assert group_findings([*twice, *areas]) == [*twice, *areas]


@pytest.mark.parametrize(
    "command", [["check"], ["inventory", "--method", "provincial-2011"]], ids=lambda words: words[0]
)
def test_the_same_fault_in_ten_years_is_one_line(tmp_path, capsys, command):
    """Ten files of one city that lack the same: one line that names the years."""
    files = []
    for year in range(2010, 2020):
        path = tmp_path / f"t{year}.csv"
        rows = {
            "final_consumption": {"diesel": 100 + year, "coke": 1},
            "industry": {"diesel": 104 + year, "coke": 1},
        }
        write_table(path, rows, title=f"重庆能源平衡表(实物量)-{year}")
        files.append(str(path))
    assert main([command[0], *files, *command[1:]]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  error")]
    (line,) = lines
    assert "likewise in 2011 (t2011.csv!" in line
    assert "2019 (t2019.csv!" in line


def test_every_output_counts_the_same_findings(tmp_path, capsys):
    """Terminal, page and brief tell one count of the inventory; what the page compares is counted beside it."""
    table = "苏州{}年能源平衡表\n项目,原煤(万吨),电力(亿千瓦时)\n外省（区、市）调入量,10,3\n工业,8,2\n建筑业,1,1\n"
    for year in (2018, 2019):
        (tmp_path / f"{year}.csv").write_text(table.format(year), encoding="utf-8")
    (tmp_path / "act.csv").write_text(
        "area,year,activity,item,value,unit\n苏州,2018,livestock,pigs,10,万头\n苏州,2019,livestock,pigs,10,万头\n",
        encoding="utf-8",
    )
    for more in ([], [str(tmp_path / "act.csv")]):
        page, brief = (tmp_path / f"{len(more)}{kind}" for kind in (".html", ".brief.html"))
        files = [str(tmp_path / "2018.csv"), str(tmp_path / "2019.csv"), *more]
        assert (
            main(
                [
                    "inventory",
                    *files,
                    "--method",
                    "provincial-2011",
                    "--lang",
                    "en",
                    "-o",
                    str(page),
                    "-o",
                    str(brief),
                ]
            )
            == 0
        )
        said = re.search(
            r"findings: (\d+) error, (\d+) warning, (\d+) info", capsys.readouterr().out
        )
        assert said
        assert int(said[2]) >= 2
        told = "rrors {}, warnings {}, notes {}.".format(*said.groups())
        assert f"E{told} And " in page.read_text(encoding="utf-8")
        assert f"e{told}" in brief.read_text(encoding="utf-8")
