"""Base years of targets that moved since a submission, and what that makes of the verdict."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from carbonacct.cli.main import main
from carbonacct.projects.comparison_by_cause import compare_inventories
from carbonacct.projects.freezing import freeze
from carbonacct.projects.recalculation import explain_submission
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import build_at, declare, make_project, open_at, write_table

TARGET = """
[[target]]
id = "cut"
quantity = "co2"
statistic = "cut"
bound = "at_least"
value = 1
unit = "%"
due = 2019
base = {{ year = 2018{more} }}
"""


@pytest.fixture(scope="module")
def submitted(tmp_path_factory):
    """Return a project of 100 and 97 units of coal in industry, and its submission of them."""
    folder = make_project(
        tmp_path_factory.mktemp("bases") / "甲", (2018, 2019), more=TARGET.format(more="")
    )
    write_table(folder, 2019, coal=97.0)
    freeze(open_at(folder), "first", make_renderers())
    return folder


@pytest.fixture
def folder(submitted, tmp_path):
    """Return a copy of the project with its submission."""
    return shutil.copytree(submitted, tmp_path / "甲")


def find_moved(folder):
    """Return what is said of base years that moved, as text."""
    found = explain_submission(
        open_at(folder), folder / "submissions" / "first"
    ).difference.findings
    return [str(one) for one in found if one.rule == "base-moved"]


def emissions(folder):
    """Return direct CO2 by year of the outputs as they lie there."""
    panel = pd.read_csv(folder / "output" / "panel.csv")
    return panel.set_index("year")["co2 (t)"]


def test_a_base_that_did_not_move_is_not_listed(folder):
    """Nothing changed, or the year judged alone: the base stands."""
    assert find_moved(folder) == []
    write_table(folder, 2019, coal=120.0)
    assert find_moved(folder) == []


def test_a_base_that_moved_is_listed_with_both_verdicts(folder, capsys):
    """From 100 units to 90 in 2018 a cut by 3 becomes a rise by 7: from met to missed."""
    build_at(folder)
    old = emissions(folder)
    write_table(folder, 2018, coal=90.0)
    build_at(folder)
    new = emissions(folder)
    (text,) = find_moved(folder)
    wanted = (
        f"cut of 北京: the base goes from {old[2018]:.6g} t (2018) to {new[2018]:.6g} t (2018), "
        f"and the verdict from met ({1 - old[2019] / old[2018]:.4g} in 2019) "
        f"to missed ({1 - new[2019] / new[2018]:.4g} in 2019)"
    )
    assert wanted in text
    assert main(["diff", "--project", str(folder), "--lang", "zh"]) == 0
    said = capsys.readouterr().err
    assert "结论由已达到（" in said
    assert "变为未达到（" in said


def test_the_number_of_a_submission_does_not_move(folder):
    """A base as it was submitted is one number on both sides, whatever tables say now."""
    declare(folder, more=TARGET.format(more=', as = "submission:first"'))
    write_table(folder, 2018, coal=90.0)
    assert find_moved(folder) == []


def test_another_base_year_is_a_base_that_moved(folder):
    """A target that now starts elsewhere says both years; a target of another name is no such one."""
    declare(folder, more=TARGET.format(more="").replace("2018", "2017"))
    (text,) = find_moved(folder)
    assert "(2018) to - (2017), and the verdict from met" in text
    assert "to none (no co2 in the base year 2017)" in text
    declare(folder, more=TARGET.format(more="").replace('"cut"\nq', '"other"\nq'))
    assert find_moved(folder) == []


def test_two_submissions_are_compared_likewise(folder):
    """What the first said and what the second says."""
    write_table(folder, 2018, coal=90.0)
    freeze(open_at(folder), "second", make_renderers())
    places = [folder / "submissions" / name for name in ("first", "second")]
    (finding,) = [one for one in compare_inventories(*places).findings if one.rule == "base-moved"]
    assert "the verdict from met" in str(finding)
    assert not compare_inventories(places[0], places[0]).findings


def test_targets_that_cannot_be_read_are_said(folder):
    """A fault in the declaration is no reason to say nothing of what changed."""
    declare(folder, more=TARGET.format(more="").replace('"cut"\nbound', '"cutt"\nbound'))
    (text,) = find_moved(folder)
    assert text.startswith("targets of both sides cannot be compared: cut: statistic is 'cutt'")
