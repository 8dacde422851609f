"""Forms in the reader's words: units, and the headings of drivers."""

from __future__ import annotations

import re

import pytest

from carbonacct.equations.dimensions import scale_of
from carbonacct.report.activity_template import list_units
from carbonacct.sectors.sources.activity_list import list_asked
from tests.web.sites import make_project, serve_folder


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads"])
def test_the_first_unit_is_in_chinese_and_scales_nothing(method):
    """吨, 座, 口 stand first for whatever is asked, and are as large as the unit that the activity has."""
    for one in list_asked(method):
        first, *_ = list_units(one, "zh")
        assert not re.search("[A-Za-z]", first), one.about.id
        assert scale_of(first, one.about.unit) == 1
        assert list_units(one, "en")[0] == one.about.unit.replace(" {gas}", "")


def test_counted_things_have_their_own_words():
    """座 counts mines and stations, 口 wells; neither is offered for animals."""
    units = {one.about.unit: list_units(one, "zh") for one in list_asked("ipcc-2006")}
    assert units["mine"][0] == "座"
    assert units["well"][0] == "口"
    assert {"座", "口", "个"}.isdisjoint(units["head"])


def test_the_headings_of_drivers_are_in_the_language_of_the_page(tmp_path):
    """The file keeps its own."""
    with serve_folder(make_project(tmp_path / "p", lang="zh")) as site:
        site.enter()
        page = site.get("/method", **{"Accept-Language": "zh"}).text
        assert "人口（万人）</th>" in page
        assert "population" not in re.search('<section id="drivers".*?</section>', page, re.DOTALL)[0]
        assert (site.folder / "drivers.csv").read_text(encoding="utf-8").startswith("area,year,population")
