"""Population and GDP that a project declares: on its page, and what drove the change in its brief."""

from __future__ import annotations

import re

import pytest

from tests.projects.folders import build_at, make_project, states_of

HEAD = "area,year,population (万人),gdp (亿元),汽车 (万辆)\n"
ROWS = "北京,2018,2192,33106,608\n北京,2019,2190,35445,636\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a project with drivers, in Chinese, after a build."""
    folder = make_project(tmp_path_factory.mktemp("home") / "project")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace('lang = "en"', 'lang = "zh"')
    text = text.replace(
        "[outputs]", '[outputs]\npage = "output/page.html"\nnote = "output/note.brief.html"'
    )
    file.write_text(text, encoding="utf-8")
    (folder / "drivers.csv").write_text(HEAD + ROWS, encoding="utf-8")
    assert set(states_of(build_at(folder)).values()) == {"made"}
    return folder


def shown(folder):
    """Return the texts of the page's Chinese sections and of the brief."""
    page = (folder / "output" / "page.html").read_text(encoding="utf-8")
    brief = (folder / "output" / "note.brief.html").read_text(encoding="utf-8")
    return page, re.sub("<.*?>", "", brief)


def test_the_page_has_intensities_and_the_brief_says_why(built):
    """Other drivers in the file change nothing."""
    page, brief = shown(built)
    changes = re.search(r'<section id="zh-changes".*?</section>', page, re.DOTALL)[0]
    assert re.search(r"人口：[+−][\d.]+ 万吨", changes)
    assert re.search("2018至2019年：人口使排放.*能源强度使排放", brief)


def test_what_is_wrong_with_the_drivers_is_said_on_the_page(built):
    """A unit that is not there: the page goes on without them, with the cell; other outputs stay."""
    (built / "drivers.csv").write_text(HEAD.replace(" (亿元)", "") + ROWS, encoding="utf-8")
    states = states_of(build_at(built))
    assert states["page"] == states["note"] == "made"
    page, brief = shown(built)
    assert "未显示人口与地区生产总值：drivers.csv!D1" in page
    assert "人口使排放" not in brief
    assert "人口：" not in page
