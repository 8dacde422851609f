"""Forms in the reader's words: units, and the headings of drivers."""

from __future__ import annotations

import re

import openpyxl
import pytest

from carbonacct.dim_names import dim_labels
from carbonacct.equations.dimensions import scale_of
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.report.activity_template import list_units, write_template
from carbonacct.sectors.sources.activity_list import list_asked, list_open_groups
from carbonacct.sectors.sources.activity_names import methods_with_sectors
from tests.web.sites import field, make_project, serve_folder


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006", "ceads"])
def test_the_first_unit_is_in_chinese_and_scales_nothing(method):
    """吨, 座, 口 come first and equal the unit that the activity has; a share has %."""
    for one in list_asked(method):
        first, *_ = list_units(one, "zh")
        assert "1" not in list_units(one, "zh"), one.about.id
        if first == "%":
            assert scale_of(first, one.about.unit) == 0.01
            continue
        assert not re.search("[A-Za-z]", first), one.about.id
        assert scale_of(first, one.about.unit) == 1
        assert list_units(one, "en")[0] == one.about.unit.replace(" {gas}", "")


def test_counted_things_have_their_own_words():
    """座 counts mines and stations, 口 wells; neither is offered for animals."""
    units = {one.about.unit: list_units(one, "zh") for one in list_asked("ipcc-2006")}
    assert units["mine"][0] == "座"
    assert units["well"][0] == "口"
    assert {"座", "口", "个"}.isdisjoint(units["head"])


def test_every_group_of_areas_has_a_name_in_both_languages():
    """Climates, forests and litter of every method are asked for in words; no two groups of one kind share a name."""
    asked = {
        name: known
        for method in methods_with_sectors()
        for name, _, known in list_open_groups(method)
    }
    assert {"climates", "litter_classes", "volume_classes"} <= set(asked)
    for partition, known in asked.items():
        chinese, english = zip(*(dim_labels(partition)[group] for group in known), strict=True)
        for names in (chinese, english, dim_labels("partition")[partition]):
            assert len(set(names)) == len(names)
        assert not re.search(
            "[A-Za-z_]", "".join([*chinese, dim_labels("partition")[partition][0]])
        )
        assert "_" not in "".join(english)


def test_the_form_of_land_names_its_climates(tmp_path):
    """What is chosen is kept by its id and shown by its name."""
    with serve_folder(make_project(tmp_path / "p", lang="zh")) as site:
        toml = site.folder / "carbonacct.toml"
        toml.write_text(
            toml.read_text(encoding="utf-8").replace("provincial-2011", "ipcc-2006"),
            encoding="utf-8",
        )
        site.enter()
        page = site.get("/activity?sector=land&year=2007", **{"Accept-Language": "zh"}).text
        assert '<option value="warm_temperate_moist">暖温带潮湿</option>' in page
        name = re.search(r'<select name="(value-\d+)" aria-label="气候区"', page)[1]
        fields = {
            "version": field(page, "version"),
            "sector": "land",
            "year": "2007",
            name: "warm_temperate_moist",
        }
        assert site.post("/activity", fields).status < 400
        assert "climates,warm_temperate_moist" in (site.folder / "activity.csv").read_text(
            encoding="utf-8"
        )
        page = site.get("/activity?sector=land&year=2007").text
        assert '<option value="warm_temperate_moist" selected>暖温带潮湿</option>' in page


def test_the_workbook_asks_for_a_unit_only_where_there_are_several(tmp_path):
    """Days, shares and masses per person have their unit; a choice as of 吨 or 万吨 is the compiler's."""
    target = tmp_path / "a.xlsx"
    write_template(str(target), "ipcc-2006")
    units = {}
    for sheet in openpyxl.load_workbook(target).worksheets[1:]:
        head, *rows = sheet.iter_rows(values_only=True)
        at = {str(name).split()[-1]: place for place, name in enumerate(head)}
        units |= {row[at["activity"]]: row[at["unit"]] for row in rows}
    assert units["waste_share"] == "%"
    assert units["rice_days"] == "天"
    assert units["protein"] == "千克/人"
    assert units["deposited"] is None


def test_the_headings_of_drivers_are_in_the_language_of_the_page(tmp_path):
    """The file keeps its own."""
    with serve_folder(make_project(tmp_path / "p", lang="zh")) as site:
        site.enter()
        page = site.get("/method", **{"Accept-Language": "zh"}).text
        assert "人口（万人）</th>" in page
        assert (
            "population" not in re.search('<section id="drivers".*?</section>', page, re.DOTALL)[0]
        )
        assert (
            (site.folder / "drivers.csv")
            .read_text(encoding="utf-8")
            .startswith("area,year,population")
        )


def test_what_is_wrong_in_a_form_is_said_by_the_name_of_its_row(tmp_path):
    """Nobody has seen the file behind the form; nothing is kept, and where a number is printed stands beside it."""
    with serve_folder(make_project(tmp_path / "p", lang="zh")) as site:
        site.enter()
        page = site.get("/activity?sector=waste&year=2007", **{"Accept-Language": "zh"}).text
        assert "城市建设统计年鉴 市容环境卫生" in page
        fields = {
            "version": field(page, "version"),
            "sector": "waste",
            "year": "2007",
            "value-0": "1",
            "value-1": "abc",
        }
        answer = site.post("/activity", fields, **{"Accept-Language": "zh"})
        assert answer.status == 422
        first, second = answer.record["message"].splitlines()
        assert first.startswith("生活垃圾填埋量：生活垃圾填埋量（msw_landfilled）没有单位")
        assert second.startswith("生活垃圾清运量：“abc”不是数字")
        assert "activity.csv" not in answer.record["message"]
        assert not (site.folder / "activity.csv").exists()


def test_keys_and_notes_are_stated_and_taken_back(tmp_path):
    """What the form sends stands in carbonacct.toml with its reason; one that cannot be is said, and the file stays."""
    with serve_folder(make_project(tmp_path / "p")) as site:
        toml = site.folder / "carbonacct.toml"
        site.enter()

        def send(path, **fields):
            return site.post(
                path, {"version": field(site.get("/method").text, "version"), **fields}
            )

        send(
            "/stated",
            table="notation",
            category="1.B.2",
            key="NO",
            because="no wells",
            years="2007",
        )
        send("/stated", table="note", category="1.A.3", text="Ferries are in it.")
        declared = read_declaration(site.folder)
        assert [(one.category, one.key, one.because, one.years) for one in declared.stated] == [
            ("1.B.2", "NO", "no wells", (2007,))
        ]
        assert [one.text for one in declared.notes] == ["Ferries are in it."]
        kept = toml.read_bytes()
        wrong = send(
            "/stated",
            table="notation",
            category="1.A.1",
            key="IE",
            because="flares",
            **{"in": "1.B.2"},
        )
        assert "fuel that burns is not included in 1.B.2" in wrong.text
        assert toml.read_bytes() == kept
        page = site.get("/method").text
        assert "no wells" in page
        for picked in re.findall(
            r'name="picked" value="([^"]+)"', page[page.index('id="stated"') :]
        ):
            send("/stated/remove", picked=picked)
        declared = read_declaration(site.folder)
        assert (declared.stated, declared.notes) == ((), ())
