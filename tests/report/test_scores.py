"""Scores of an index for a page: what is read, what is refused, and how the command line asks for it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.errors import TableError
from carbonacct.report.page import render_page
from carbonacct.report.page.page_content import collect_content
from carbonacct.report.page.quadrant import show_scores
from carbonacct.report.scores import read_scores
from tests.report.pages import write_scores


@pytest.fixture
def inventory():
    """Return the inventory of Chongqing 2007."""
    return ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")


def test_what_the_command_writes_is_read(tmp_path, inventory):
    """The scores of a shipped index have its names in both languages, and every area its place."""
    main(
        [
            "index",
            "score",
            "tai-2001",
            "docs/tables/tai_23_countries.csv",
            "-o",
            str(tmp_path / "tai.csv"),
        ]
    )
    scores = read_scores(tmp_path / "tai.csv", "recent = 0.5, skills, creation")
    assert (scores.index, scores.across, scores.up, scores.size) == (
        "tai-2001",
        "recent",
        "skills",
        "creation",
    )
    assert scores.lines[0] == 0.5
    assert math.isnan(scores.lines[1])
    content = collect_content([inventory], scores=scores)
    shown = {lang: show_scores(content, lang) for lang in ("zh", "en")}
    assert "Diffusion of recent innovations" in shown["en"]
    assert "Technology Achievement Index" in shown["en"]
    assert "Diffusion of recent innovations" not in shown["zh"]
    ranked = ca.score_index("tai-2001", "docs/tables/tai_23_countries.csv")
    assert shown["en"].count('class="point other"') == ranked.score.sizes["area"]
    assert shown["en"].index('<th scope="row">Finland') < shown["en"].index('<th scope="row">Japan')


def test_quadrants_are_those_of_the_readings(tmp_path, inventory):
    """A point on a line is right and upper; without a score it is named, not drawn; any spelling matches."""
    path = write_scores(tmp_path / "scores.csv", ["Chongqing", "北京", "上海"])
    text = path.read_text(encoding="utf-8").replace("上海,trend,1,,,46.0", "上海,trend,1,,,")
    path.write_text(text, encoding="utf-8")
    page = show_scores(
        collect_content([inventory], scores=read_scores(path, "state=25,trend=53")), "en"
    )
    assert "No score of one or the other: 上海" in page
    assert page.count("<circle") == 2
    assert page.count('class="point other"') == 1  # Chongqing is the 重庆 of the inventory
    assert page.count("upper right") == 1
    assert page.count("upper left") == 1


@pytest.mark.parametrize(
    ("quadrant", "said"),
    [
        ("state,trand", "no indicator 'trand'; did you mean trend"),
        (
            "state",
            (
                "names 1 indicators; write two, across and up, and a third for the size of the points, such as aim,"
                "state,trend"
            ),
        ),
        ("state,trend,aim,mine", "names 4 indicators"),
        ("", "names 0 indicators"),
        ("state=high,trend", "'state=high': the line is no number; write it as state=20"),
    ],
)
def test_an_axis_that_is_not_there_is_refused(tmp_path, quadrant, said):
    """The message names what is known."""
    path = write_scores(tmp_path / "scores.csv", ["a", "b"])
    with pytest.raises(TableError, match=said):
        read_scores(path, quadrant)


def test_what_is_no_table_of_scores_is_refused(tmp_path):
    """Another table, a text for a number, an area twice, and a file that is not there."""
    with pytest.raises(
        TableError, match="these are no scores of an index; give what carbonacct index score"
    ):
        read_scores("docs/tables/tai_23_countries.csv", "a,b")
    with pytest.raises(TableError, match=r"none\.csv: cannot be read"):
        read_scores(tmp_path / "none.csv", "a,b")
    path = write_scores(tmp_path / "scores.csv", ["a", "a"])
    with pytest.raises(TableError, match="mine of a stands twice"):
        read_scores(path, "state,trend")
    frame = pd.read_csv(write_scores(tmp_path / "scores.csv", ["a"]), dtype=str)
    frame.loc[2, "score"] = "high"
    frame.to_csv(tmp_path / "scores.csv", index=False)
    with pytest.raises(TableError, match="line 4: score is 'high'; it must be a number, or blank"):
        read_scores(tmp_path / "scores.csv", "state,trend")


def test_a_score_that_is_no_weighted_mean_gets_no_formula(tmp_path, inventory):
    """Of an index joined by a geometric mean the parts are shown, and no sum that does not give the score."""
    path = write_scores(tmp_path / "scores.csv", ["a", "b"])
    table = pd.read_csv(path)
    table.loc[table["level"] == 0, "score"] = 1.0
    table.to_csv(path, index=False)
    content = collect_content([inventory], scores=read_scores(path, "state,trend"))
    show_scores(content, "en")
    whole = [
        one
        for one in content.derived
        if getattr(one, "title", ())[:2] == (("a", "a"), ("mine", "mine"))
    ]
    assert [(one.formula, len(one.parts)) for one in whole] == [("1", 3)]


def test_the_command_line_asks_for_scores_and_quadrant_together(tmp_path, capsys):
    """Both options or neither, and an output that is a page."""
    scores = str(write_scores(tmp_path / "scores.csv", ["重庆", "b"]))
    words = ["inventory", "docs/tables/chongqing_2007.csv", "--method", "provincial-2011"]
    target = ["-o", str(tmp_path / "page.html")]
    assert main([*words, *target, "--scores", scores]) == 2
    assert "--scores and --quadrant belong together" in capsys.readouterr().err
    assert main([*words, *target, "--quadrant", "state,trend"]) == 2
    assert (
        main(
            [
                *words,
                "-o",
                str(tmp_path / "page.csv"),
                "--scores",
                scores,
                "--quadrant",
                "state,trend",
            ]
        )
        == 2
    )
    assert "--scores is for a page" in capsys.readouterr().err
    assert not list(tmp_path.glob("page.*"))
    assert main([*words, *target, "--scores", scores, "--quadrant", "state,trend,aim"]) == 0
    assert 'id="en-scores"' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_without_traces_shows_scores_too(tmp_path, inventory, monkeypatch):
    """Above the limit of details nothing opens, and the quadrants are there."""
    monkeypatch.setattr("carbonacct.report.page.page_content.DETAILS", 0)
    page = render_page(
        [inventory],
        scores=read_scores(write_scores(tmp_path / "scores.csv", ["重庆", "b"]), "state,trend"),
    )
    assert page.count('class="point"') == 2
    assert "data-d=" not in page.partition("<script>\n")[0].replace("[data-d]", "")
