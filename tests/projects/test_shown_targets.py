"""Targets that a project declares: verdicts with their chance on the page, in workbook, chapter and brief."""

from __future__ import annotations

import re

import docx
import openpyxl
import pandas as pd
import pytest

from carbonacct.analysis.goal_verdicts import judge_goals
from carbonacct.analysis.goals import read_goal
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.report.target_tables import show_targets, tell_targets
from tests.projects.folders import build_at, make_project, open_at, states_of

TARGET = """
[[target]]
id = "cut"
quantity = "co2"
statistic = "cut"
bound = "at_least"
value = 18
unit = "%"
base = { year = 2018 }
due = 2025
"""
OUTPUTS = ("page.html", "book.xlsx", "chapter.docx", "note.brief.html")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a project whose outputs show its target, in Chinese, after a build."""
    folder = make_project(tmp_path_factory.mktemp("home") / "project")
    file = folder / "carbonacct.toml"
    listed = "".join(f'o{number} = "output/{name}"\n' for number, name in enumerate(OUTPUTS))
    text = file.read_text(encoding="utf-8").replace('lang = "en"', 'lang = "zh"')
    text = text.replace(
        "[outputs]", f'[uncertainty]\nseed = 1\n[outputs]\ntargets = "output/targets.csv"\n{listed}'
    )
    file.write_text(text + TARGET, encoding="utf-8")
    assert set(states_of(build_at(folder)).values()) == {"made"}
    return folder


@pytest.fixture(scope="module")
def judged(built):
    """Return the table of verdicts that the same build wrote."""
    return pd.read_csv(built / "output" / "targets.csv")


def test_every_kind_of_report_has_the_verdict_of_the_table(built, judged):
    """The row of targets.csv stands as texts in each: reached, needed rate, verdict and how sure it is."""
    (row,) = show_targets(judged, "zh")
    assert row["status"] == "进度滞后"
    assert row["chance"] == f"{100 * judged['chance'].iloc[0]:.1f}"
    wanted = [
        row[name] for name in ("reached", "path", "progress", "needed_rate", "status", "chance")
    ]
    page = (built / "output" / "page.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="zh-targets".*?</section>', page, re.DOTALL)[0]
    cells = [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td.*?</td>", section)]
    assert [cell for cell in cells if cell in wanted] == wanted
    sheet = openpyxl.load_workbook(built / "output" / "book.xlsx")["目标进展"]
    assert set(wanted) <= {cell.value for cell in sheet[5]}
    grids = [
        [cell.text for cell in one.rows[1].cells]
        for one in docx.Document(built / "output" / "chapter.docx").tables
    ]
    assert any(set(wanted) <= set(cells) for cells in grids)
    brief = (built / "output" / "note.brief.html").read_text(encoding="utf-8")
    assert tell_targets(judged, "zh")["北京"][0] in brief


def test_a_changed_target_makes_its_reports_anew(built):
    """What shows a target is stale when the target changes; what does not stays."""
    file = built / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("value = 18", "value = 10"), encoding="utf-8")
    states = states_of(build_at(built))
    file.write_text(text, encoding="utf-8")
    assert {states[f"o{number}"] for number in range(len(OUTPUTS))} == {"made"}
    assert states["data"] == "current"


def test_a_target_that_cannot_be_judged_says_why(tmp_path):
    """A quantity that the panel lacks: the page stands, and its section says what lacks."""
    folder = make_project(tmp_path / "project")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[outputs]", '[outputs]\no = "output/page.html"'
    )
    file.write_text(text + TARGET.replace('"co2"', '"forest"'), encoding="utf-8")
    assert states_of(build_at(folder))["o"] == "made"
    page = (folder / "output" / "page.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="en-targets".*?</section>', page, re.DOTALL)[0]
    assert "no column forest in the data" in section


def test_without_targets_there_is_no_section(tmp_path):
    """The page of a project that declares none says nothing of them."""
    folder = make_project(tmp_path / "project")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[outputs]", '[outputs]\no = "output/page.html"'
    )
    file.write_text(text, encoding="utf-8")
    build_at(folder)
    assert "en-targets" not in (folder / "output" / "page.html").read_text(encoding="utf-8")


def test_every_kind_of_report_has_the_interval_of_the_total(built):
    """A project with uncertainties says how sure its totals are, in each kind the same bounds; drawn by its seed."""
    sheet = openpyxl.load_workbook(built / "output" / "book.xlsx", data_only=True)["不确定性"]
    heads = {str(cell.value).split("\n")[0]: cell.column - 1 for cell in sheet[4]}
    row = next(row for row in sheet.iter_rows(min_row=5, values_only=True) if row[1] == 2020)
    lower, upper = (float(row[heads[name]]) for name in ("下界", "上界"))
    assert lower < float(row[heads["排放量"]]) < upper
    texts = {
        "page.html": (built / "output" / "page.html").read_text(encoding="utf-8"),
        "note.brief.html": (built / "output" / "note.brief.html").read_text(encoding="utf-8"),
        "chapter.docx": "\n".join(
            one.text for one in docx.Document(built / "output" / "chapter.docx").paragraphs
        ),
    }
    for name, text in texts.items():
        for bound in (lower, upper):
            assert f"{bound / 1e4:,.2f}" in text, name
    file = built / "carbonacct.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("seed = 1", "seed = 2"), encoding="utf-8"
    )
    states = {output.name: output.state for output in plan_outputs(open_at(built))}
    assert {states[f"o{number}"] for number in range(len(OUTPUTS))} == {"stale"}
    file.write_text(
        file.read_text(encoding="utf-8").replace("seed = 2", "seed = 1"), encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "CO₂排放：2020年为11,375.60万吨，目标不超过10,000.00万吨（2020年），未达到。"),
        (
            "en",
            "CO₂ emissions: 113,756.00 kt in 2020, the target is at most 100,000.00 kt by 2020; missed.",
        ),
    ],
)
def test_amounts_in_a_sentence_have_the_unit_of_reports(lang, said):
    """Tonnes of a target are those of the tables beside it, without powers of ten."""
    panel = pd.DataFrame({"area": "甲", "year": [2020], "co2": [1.13756e8]})
    panel.attrs = {"units": {"co2": "t"}}
    goal = {"quantity": "co2", "statistic": "level", "bound": "at_most", "value": 1e4, "due": 2020}
    judged = judge_goals(panel, [read_goal({**goal, "unit": "万吨"})])
    assert tell_targets(judged, lang, panel.attrs["units"])["甲"] == (said,)
