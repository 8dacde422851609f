"""Scenarios, backcasts, levels and a project's analyses as files for people."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.analysis_result import Analysis
from carbonacct.analysis.assumptions import TERMS
from carbonacct.analysis.goals import FIRMNESS
from carbonacct.analysis.scenario_results import TABLES, analyse_paths, tabulate_course
from carbonacct.analysis.sharing import RULES
from carbonacct.charts.line_chart import COLOURS
from carbonacct.cli import main
from carbonacct.report.analyses.analysis_words import names_of
from carbonacct.report.analyses.shaping import make_section
from tests.analysis.test_scenario import drive, record
from tests.projects.folders import build_at, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.analysis.scenario import Path as ScenarioPath

DRIVERS = [
    drive("all", "activity", "rate", {2025: (0.03, 0.05, 0.06), 2035: (-0.06, -0.04, -0.02)}),
    drive("land", "removals", "rate", {2035: 0.01}),
]
MORE = [drive("all", "activity", "rate", {2035: (0.01, 0.02, 0.03)}), DRIVERS[1]]
ASKED = ca.Asked(peak_by=2030, budget=2500.0)


@pytest.fixture(scope="module")
def paths() -> list[ScenarioPath]:
    """Return a scenario that peaks in 2025 and one that only rises, from an inventory of three years."""
    held = record(years=(2018, 2019, 2020))
    return ca.project_scenarios(
        held, {"转折": DRIVERS, "上升": MORE}, ca.Basis(gas="CO2", draws=60)
    )


def test_the_course_is_inventory_and_paths(paths: list[ScenarioPath]) -> None:
    """Years up to the base are the inventory's; sums leave the base year out; a peak is marked where it is passed."""
    course = tabulate_course(paths)
    before = course[course["kind"] == "inventory"]
    assert before["year"].tolist() == [2018, 2019, 2020]
    assert before["net"].tolist() == pytest.approx([130.0] * 3)
    for path in paths:
        own = course[course["scenario"] == path.name]
        assert own["net"].to_numpy() == pytest.approx(path.net[0])
        assert own["cumulative"].iloc[-1] == pytest.approx(path.net[0, 1:].sum())
        row = ca.summarise_paths([path], ASKED).iloc[0]
        for end in ("", "_lower", "_upper"):
            assert own[f"cumulative{end}"].iloc[-1] == pytest.approx(row[f"cumulative{end}"])
        assert own.loc[own["is_peak"], "year"].tolist() == ([2025] if path.name == "转折" else [])


@pytest.mark.parametrize("show", TABLES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_table_of_paths_is_a_section(show: str, lang: str, paths: list[ScenarioPath]) -> None:
    """Title, notes and headings are of the language, masses in its unit, ids by their names."""
    analysis = analyse_paths(show, paths, ASKED)
    section = make_section(analysis, lang)
    assert ("甲市CO₂排放情景" in section.title) == (lang == "zh")
    assert section.charts
    (table,) = section.tables
    units = {column.unit for column in table.columns if column.source and not column.is_year}
    assert units <= ({"万吨", "%", ""} if lang == "zh" else {"kt", "%", ""})
    ids = set(analysis.frame.columns) - {f"{year}" for year in range(2020, 2036)}
    shown = {column.heading for column in table.columns}
    assert not shown & {name for name in ids if "_" in name}, shown
    assert [
        column.id for column in table.columns if column.is_year and "," in column.show(2030.0)
    ] == []


def test_charts_of_paths_show_peak_envelope_and_budget(paths: list[ScenarioPath]) -> None:
    """The numbers of the charts are those of the paths; the budget stands only where it is asked for."""
    section = make_section(analyse_paths("paths", paths, ASKED), "zh")
    lines, envelope, budget = section.charts
    assert lines.series["清单"][:4] == pytest.approx([0.013, 0.013, 0.013, np.nan], nan_ok=True)
    assert lines.series["转折"][2:] == pytest.approx(paths[0].net[0] / 1e4)
    marks = [
        text for kind, text, look in lines.shapes if kind == "text" and "strong" in look["class"]
    ]
    assert [mark.split("年")[0] for mark in marks] == ["2025"]
    nets = np.array([path.net[0] for path in paths]) / 1e4
    assert envelope.series["最高情景"] == pytest.approx(nets.max(axis=0))
    assert envelope.series["最低情景"] == pytest.approx(nets.min(axis=0))
    assert set(budget.series["预算"]) == {0.25}
    assert len(make_section(analyse_paths("paths", paths, ca.Asked()), "zh").charts) == 2
    assert len(make_section(analyse_paths("paths", paths[:1], ca.Asked()), "zh").charts) == 1


def test_small_sectors_are_one_and_nothing_is_lost(paths: list[ScenarioPath]) -> None:
    """As many sectors as colours are shown, the same in all scenarios, and they add up to the net."""
    many = [
        replace(path, sectors={f"s{n:02d}": np.full(len(path.years), 1.0 + n) for n in range(12)})
        for path in paths
    ]
    charts = make_section(analyse_paths("sectors", many, ca.Asked()), "en").charts
    assert [list(chart.series) for chart in charts] == [list(charts[0].series)] * 2
    assert len(charts[0].series) == COLOURS
    assert sum(np.array(values) for values in charts[0].series.values()) == pytest.approx(
        78.0 / 1e3
    )
    own = make_section(analyse_paths("sectors", paths, ca.Asked()), "zh").charts[0]
    assert list(own.series) == ["火力发电", "工业", "清除"]
    assert sum(np.array(values) for values in own.series.values()) == pytest.approx(
        paths[0].net[0] / 1e4
    )


def test_a_backcast_is_shown_against_what_was(tmp_path: Path) -> None:
    """Each area has its own chart of what came, and paths begin at what was."""
    panel = "docs/tables/countries_1990_2016.csv"
    words = ["backcast", panel, "--draws", "50", "--lang", "zh"]
    for more, charts in (
        (["-o", str(tmp_path / "a.html")], 8),
        (["--each", "-o", str(tmp_path / "b.html")], 6),
    ):
        assert main([*words, *more]) == 0
        page = (tmp_path / more[-1].rpartition("/")[2]).read_text(encoding="utf-8")
        assert page.count("<svg") == charts
        assert "CO₂ 排放路径的回测" in page
    held = pd.read_csv(panel)
    found = ca.backcast(held, setting=ca.Setting(draws=50))
    analysis = Analysis(
        "backcast-paths", found, words={"value": "co2", "identity": "i", "window": "10"}
    )
    chart = make_section(analysis, "en").charts[0]
    actual = held[(held["area"] == found["area"].iloc[0]) & (held["year"] >= 2000)]["co2"]
    assert chart.series["what came"] == pytest.approx(actual.to_numpy())
    assert chart.series["path from 2000"][0] == pytest.approx(actual.iloc[0])


def test_levels_have_their_unit(tmp_path: Path) -> None:
    """A picture of the levels says the unit of the file."""
    rows = "OECD,SSP1,China,GDP|PPP,billion,100,250\nOECD,SSP2,China,GDP|PPP,billion,100,240\n"
    (tmp_path / "ssp.csv").write_text(
        f"Model,Scenario,Region,Variable,Unit,2007,2020\n{rows}", encoding="utf-8"
    )
    target = tmp_path / "levels.svg"
    asked = [
        "levels",
        str(tmp_path / "ssp.csv"),
        "--variable",
        "GDP|PPP",
        "--region",
        "China",
        "-o",
        str(target),
    ]
    assert main(asked) == 0
    assert "GDP|PPP (billion)" in target.read_text(encoding="utf-8")


def test_the_command_writes_files_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run writes page, workbook and picture with its provenance; --json alone prints the table."""
    held = record()
    held.entries.assign(unit="t").to_csv(tmp_path / "a.csv", index=False)
    lines = ",all,activity,,2030,rate,1%,0,2%,plan\n,land,removals,,2030,rate,0,,,plan\n"
    head = "scenario,sector,term,of,until,as,value,lower,upper,source\n"
    (tmp_path / "s.csv").write_text(head + lines, encoding="utf-8")
    words = [
        "scenario",
        str(tmp_path / "a.csv"),
        "--assumptions",
        str(tmp_path / "s.csv"),
        "--gas",
        "CO2",
    ]
    files = [f"-o{tmp_path / name}" for name in ("o.html", "o.xlsx", "o.svg")]
    assert main([*words, "--lang", "zh", "--budget", "2e6", *files]) == 0
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert "carbonacct scenario a.csv --assumptions s.csv" in page
    assert "sha256" in page
    assert "预算" in (tmp_path / "o.svg").read_text(encoding="utf-8")
    assert openpyxl.load_workbook(tmp_path / "o.xlsx").sheetnames[0] == "data"
    capsys.readouterr()
    assert main([*words, "--show", "peaks", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["units"]["peak"] == "t"
    assert said["rows"][0]["peak_state"] == "rising"


MANY = """\
analysis = { trend = ["co2", "gdp"], decompose = ["co2 = gdp * co2/gdp", "co2 = population * co2/population"] }
"""
OUTPUTS = """\
trend = "output/t.xlsx"
decompose = "output/d.xlsx"
peak = "output/p.html"
"""


def _cells(path: Path) -> dict[str, list[list[object]]]:
    """Return the rows of the tables of a workbook, formulas as the values of the cells that they name."""
    book = openpyxl.load_workbook(path)
    data = book["data"]

    def read(value: object) -> object:
        named = re.fullmatch(r"=data!\$(\w+)\$(\d+)(?:\*(.+))?", str(value))
        if named is None:
            return value
        cell = data[f"{named[1]}{named[2]}"].value
        return float(cell) * float(named[3] or 1)

    return {
        name: [[read(cell.value) for cell in row] for row in book[name].iter_rows(min_row=5)]
        for name in book.sheetnames[1:3]
    }


def test_a_project_writes_analyses_of_several_quantities(tmp_path: Path) -> None:
    """A table each, whose formulas name their own rows; tonnes are 万吨; the language is the project's."""
    folder = make_project(tmp_path / "p", more=MANY)
    text = (
        (folder / "carbonacct.toml")
        .read_text(encoding="utf-8")
        .replace('lang = "en"', 'lang = "zh"')
    )
    text = text.replace("analysis = {", 'analysis = { peak = ["co2"],') + OUTPUTS
    (folder / "carbonacct.toml").write_text(text, encoding="utf-8")
    build_at(folder)
    trends = _cells(folder / "output" / "t.xlsx")
    assert list(trends) == ["CO₂ 排放的趋势检验", "GDP的趋势检验"]
    panel = pd.read_csv(folder / "output" / "panel.csv")
    (co2,), (gdp,) = ([row for row in rows if row[0]] for rows in trends.values())
    assert co2[4] == pytest.approx(panel["co2 (t)"].diff().median() / 1e4)
    assert gdp[4] == pytest.approx(1000.0)
    steps = _cells(folder / "output" / "d.xlsx")
    assert len(steps) == 2
    for rows in steps.values():
        held = [row for row in rows if row[0]]
        assert [row[1:3] for row in held] == [[2018, 2019], [2019, 2020], [2018, 2020]]
        assert [row[3] + row[4] for row in held] == pytest.approx([row[5] for row in held])
        assert held[0][5] == pytest.approx(panel["co2 (t)"].diff().iloc[1] / 1e4)
    page = (folder / "output" / "p.html").read_text(encoding="utf-8")
    assert "CO₂ 排放的达峰判断" in page
    assert "最高值（万吨）" in page
    assert "carbonacct build" in page


def test_ids_of_assumptions_and_shares_are_said() -> None:
    """Every term, form, rule and firmness that a table may hold has its name in both languages."""
    forms = {form for own in TERMS.values() for form in own}
    held = {"as": forms, "term": set(TERMS), "rule": {*RULES, "equal_cut"}}
    for column, ids in {
        **held,
        "firmness": set(FIRMNESS) - {""},
        "peak_state": {"passed", "rising"},
    }.items():
        for lang in ("zh", "en"):
            names = names_of(column, lang)
            assert ids <= set(names), column
            assert all(re.search(r"[\u4e00-\u9fff]", names[one]) for one in ids) == (lang == "zh")
