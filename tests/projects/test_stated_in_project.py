"""Stated notation keys and notes of a project: where they are shown, what they contradict, what they make stale."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import ProjectError
from carbonacct.inventory.stated_keys import StatedKey
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.projects.project_areas import ProjectArea
from carbonacct.projects.project_declaration import Declaration, read_declaration
from carbonacct.projects.stated_in_project import StatedNote, check_places, check_stated
from carbonacct.projects.status import judge_project, list_status
from carbonacct.sectors.sector_official import fill_official
from tests.projects.folders import (
    build_at,
    make_project,
    open_at,
    outputs_of,
    states_of,
    write_table,
)

ACTIVITY = (
    "area,year,activity,item,value,unit,source,note\n"
    "北京,2018,clinker_output,,1000,t,,\n北京,2019,clinker_output,,1000,t,,\n"
)
REPORTS = (
    'page = "output/a.html"\nbook = "output/a.xlsx"\nchapter = "output/a.docx"\n'
    'brief = "output/a.brief.docx"\n'
)


def with_reports(folder, more, *, sectors=True):
    """Return a project of two years with reports."""
    activity = 'activity = [{ file = "activity.csv" }]\n' if sectors else ""
    make_project(folder, years=(2018, 2019), more=activity + more)
    (folder / "activity.csv").write_text(ACTIVITY, encoding="utf-8")
    with (folder / "carbonacct.toml").open("a", encoding="utf-8") as file:
        file.write(REPORTS)
    return folder


@cache
def compile_record():
    """Return an inventory of energy and other sectors."""
    return ca.compile_sectors(
        "docs/tables/chongqing_2007.csv",
        "docs/tables/chongqing_2007_activities.csv",
        method="provincial-2011",
    )


def change(folder, old, new):
    """Replace a part of the declaration."""
    path = folder / "carbonacct.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def text_of(held):
    """Return the text of a Word document."""
    return zipfile.ZipFile(io.BytesIO(held)).read("word/document.xml").decode()


def stale_at(folder):
    """Return the files that are not current."""
    planned = plan_outputs(open_at(folder, making=False))
    return {one.path.removeprefix("output/") for one in planned if one.state != "current"}


STATED = 'notation = [{ category = "2.C", key = "NO", because = "no smelter" }]\n'
NOTED = 'note = [{ category = "1.A.3", years = "2019", text = "Ferries are in it." }]\n'


def test_a_stated_key_stands_where_no_number_is(tmp_path):
    """Official tables, chapter and workbook have the key and the reason, and numbers are as they were."""
    plain, stated = tmp_path / "甲", tmp_path / "乙"
    for folder, more in ((plain, ""), (stated, STATED)):
        assert set(states_of(build_at(with_reports(folder, more))).values()) == {"made"}
    one, two = outputs_of(plain), outputs_of(stated)
    for name in ("inventory.csv", "inventory.json", "panel.csv"):
        assert one[name] == two[name]
    assert "no smelter" not in text_of(one["a.docx"])
    assert "no smelter" in text_of(two["a.docx"])
    sheets = [
        pd.read_excel(io.BytesIO(held["a.xlsx"]), sheet_name=None, header=None, engine="calamine")
        for held in (one, two)
    ]
    assert set(sheets[1]) - set(sheets[0]) == {"stated keys"}
    cells = sheets[1]["stated keys"].astype(str).to_numpy().ravel().tolist()
    assert "no smelter" in cells
    before, after = (
        [name for name, held in both.items() if "NO" in held.astype(str).to_numpy()]
        for both in sheets
    )
    assert set(after) > set(before)
    assert one["a.html"] != two["a.html"]


def test_a_stated_key_is_of_its_years_areas_and_gases():
    """Others keep the key of silence; what lies below follows, as does the sum above."""
    record = compile_record()

    def keys(**labels):
        one = StatedKey("2.B.8", "NO", "no such works", **labels)
        found = ca.find_coverage(record, statements=[one]).set_index(["category", "gas"])
        return found.loc[("2.B.8.a", "CO2"), ["key", "reason_en"]].tolist()

    for labels in ({"years": (2008,)}, {"area": "北京"}, {"gases": ("CH4",)}):
        assert keys(**labels)[0] == "NE"
    for labels in ({}, {"years": (2007,), "area": "重庆市", "gases": ("CO2",)}):
        assert keys(**labels) == ["NO", "no such works"]


@pytest.mark.parametrize(
    ("table", "category", "row", "before"),
    [
        ("provincial-processes", "2.A.2", "2", "NE"),  # silence
        ("provincial-energy", "1.A.3.c", "1.1.3.3", "IE"),  # what a row above holds undivided
    ],
)
def test_an_official_row_has_the_stated_key(table, category, row, before):
    """Of its category alone, before the keys that the program finds; numbers stay."""
    record = compile_record()
    frames = [
        fill_official(record, table, statements=stated).to_frame().set_index("code")["CO2_10kt"]
        for stated in ((), [StatedKey(category, "NO", "no such thing")])
    ]
    changed = frames[0][frames[0].astype(str) != frames[1].astype(str)].index
    assert (list(changed), frames[0][row], frames[1][row]) == ([row], before, "NO")


def test_a_statement_completes_a_sum():
    """A part that does not occur voids no total, a part that is not estimated stands beside it."""
    record = compile_record()
    stated = [StatedKey(code, "NO", "none") for code in ("2.A.2", "2.A.3", "2.A.4", "2.A.5")]
    for statements, key in (((), "NE"), (stated[:3], "NE"), (stated, "")):
        found = ca.find_coverage(record, statements=statements).set_index(["category", "gas"])
        assert found.loc[("2.A", "CO2"), "key"] == key


def test_ie_points_to_its_holder(tmp_path):
    """A stated IE beats the key that we would say, in completeness and in the chapter."""
    more = (
        'notation = [{ category = "1.A.4.a", key = "IE", in = "1.A.3", because = "one meter" }]\n'
    )
    folder = with_reports(tmp_path / "甲", more, sectors=False)
    assert set(states_of(build_at(folder)).values()) == {"made"}
    assert "one meter" in text_of(outputs_of(folder)["a.docx"])


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            'category = "1.A.3", key = "NO", because = "x"',
            "1.A.3 is stated NO .x., but 北京 2018 has",
        ),
        (
            'category = "2.A.1", key = "C", because = "x"',
            "2.A.1 is stated C .x., but 北京 2018 has",
        ),
        (
            'category = "1.A.5", key = "IE", in = "2.C", gas = "CO2", because = "x"',
            "IE in 2.C, but 2.C of 北京 2018 has no number of CO2",
        ),
        (
            'category = "2.C", key = "NO", area = "上海", because = "x"',
            "'上海', of which there is no",
        ),
    ],
)
def test_a_contradiction_stops_a_build_and_a_check(tmp_path, stated, message):
    """Both sides are named, and nothing is written."""
    folder = with_reports(tmp_path / "甲", f"notation = [{{ {stated} }}]\n")
    with pytest.raises(ProjectError, match=message):
        build_at(folder)
    with pytest.raises(ProjectError, match=message):
        judge_project(open_at(folder))
    assert not outputs_of(folder)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('notation = [{ category = "2.C", key = "NO" }]', "2.C: the key NO needs a reason"),
        ('notation = [{ category = "2.X", key = "NO", because = "x" }]', "no category '2.X'"),
        ('notation = [{ category = "2.C", key = "no", because = "x" }]', "no notation key 'no'"),
        ('notation = [{ category = "2.C", key = "IE", because = "x" }]', "IE needs the category"),
        ('notation = [{ category = "2.C", year = 2018 }]', "no key 'notation.year'; did you mean"),
        (
            'notation = [{ category = "2.C", key = "NO", because = "x", years = "2001" }]',
            "notation.years are none of project.years",
        ),
        ('note = [{ category = "2.C" }]', "note has no text"),
        ('note = [{ category = "2.X", text = "x" }]', "note: no category '2.X'"),
        ('note = [{ text = "x", years = "2001" }]', "note.years are none of project.years"),
    ],
)
def test_a_fault_of_the_declaration_is_named(tmp_path, more, message):
    """What states nothing is refused where it stands."""
    with pytest.raises(ProjectError, match=message):
        read_declaration(with_reports(tmp_path / "甲", f"{more}\n"))


def test_a_note_is_in_chapter_brief_and_workbook(tmp_path):
    """With its category; the brief shows that of its year."""
    folder = with_reports(tmp_path / "甲", NOTED)
    assert set(states_of(build_at(folder)).values()) == {"made"}
    held = outputs_of(folder)
    for name in ("a.docx", "a.brief.docx"):
        assert "Ferries are in it." in text_of(held[name])
    book = pd.read_excel(io.BytesIO(held["a.xlsx"]), "notes", header=None, engine="calamine")
    assert "Ferries are in it." in book.astype(str).to_numpy()
    change(folder, 'years = "2019", text', 'years = "2018", text')
    build_at(folder)
    held = outputs_of(folder)
    assert "Ferries" not in text_of(held["a.brief.docx"])
    assert "Ferries" in text_of(held["a.docx"])


def test_what_does_not_show_them_stays_current(tmp_path):
    """A key makes page, workbook and chapter stale; a note the brief as well."""
    folder = with_reports(tmp_path / "甲", STATED + NOTED)
    build_at(folder)
    assert not stale_at(folder)
    change(folder, "no smelter", "no works")
    assert stale_at(folder) == {"a.html", "a.xlsx", "a.docx"}
    build_at(folder)
    change(folder, "Ferries", "Boats")
    assert stale_at(folder) == {"a.html", "a.xlsx", "a.docx", "a.brief.docx"}


def test_a_page_of_energy_alone_lists_what_is_stated(tmp_path):
    """It has no official table; keys with their reasons and notes stand in a section of their own."""
    folder = with_reports(tmp_path / "甲", STATED + NOTED, sectors=False)
    build_at(folder)
    page = (folder / "output" / "a.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="en-stated".*?</section>', page, re.DOTALL)[0]
    assert "no smelter" in section
    assert "Ferries" in section
    change(folder, "no smelter", "no works")
    assert stale_at(folder) == {"a.html", "a.xlsx", "a.docx"}


def test_status_says_what_a_build_would_stop_at(tmp_path):
    """A key over a number of the tables is a row of the status, with the category and the number."""
    folder = with_reports(tmp_path / "甲", STATED, sectors=False)
    build_at(folder)
    assert not [row for row in list_status(open_at(folder, making=False)) if row.name == "notation"]
    with (folder / "carbonacct.toml").open("r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        wrong = 'notation = [{ category = "1.A.3", key = "NO", because = "no roads" },'
        file.write(text.replace("notation = [", wrong, 1))
    (row,) = [row for row in list_status(open_at(folder, making=False)) if row.name == "notation"]
    assert (row.what, row.state) == ("finding", "error")
    assert "1.A.3 is stated NO (no roads), but 北京 2018 has" in row.text


def test_fuel_that_burns_is_not_in_what_leaks(tmp_path):
    """1.A in 1.B is refused where it is declared, with the file and both categories (IPCC 2006, Vol. 2, Ch. 1)."""
    more = 'notation = [{ category = "1.A.1.c", key = "IE", in = "1.B.2", because = "flares" }]'
    folder = make_project(tmp_path / "甲", more=more)
    with pytest.raises(ProjectError) as caught:
        open_at(folder)
    assert str(caught.value).startswith(
        "carbonacct.toml: notation: 1.A.1.c: fuel that burns is not included in 1.B.2"
    )


def test_an_output_of_one_area_has_its_own_words(tmp_path):
    """What is stated of another area changes it not."""
    folder = with_reports(tmp_path / "甲", 'note = [{ area = "北京市", text = "one" }]\n')
    change(folder, REPORTS, 'book = "output/{area}.xlsx"\n')
    write_table(folder, 2019, area="天津", coal=7.0)
    build_at(folder)
    change(folder, '"one"', '"two"')
    assert stale_at(folder) == {"北京.xlsx"}


LISTED = Declaration(
    Path("/nowhere"), "甲", (2018, 2019), "m", "s", areas=(ProjectArea("110000", "北京"),)
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),  # of all areas and years
        ({"area": "Beijing", "years": (2019, 2030)}, "北京"),
        ({"area": "110000"}, "北京"),
        ({"area": "天津"}, "area is '天津', which is no area of the project"),
        ({"years": (2030,)}, "years are none of project.years"),
    ],
)
def test_a_statement_is_of_areas_and_years_of_the_project(change, expected):
    """As tables name the area; of none of its areas or years it is refused, a note as a key."""
    key = StatedKey("1.A", "NO", "none", **change)
    for field, one in (("stated", key), ("notes", StatedNote("a", **change))):
        declared = replace(LISTED, **{field: (one,)})
        if " " in expected:
            with pytest.raises(ProjectError) as refused:
                check_places(declared)
            assert expected in str(refused.value)
        else:
            (found,) = getattr(check_places(declared), field)
            assert found == replace(one, area=expected)
            unlisted = check_places(replace(declared, areas=()))
            assert getattr(unlisted, field) == (one,)  # without a list the name stands


@pytest.mark.parametrize(
    ("area", "is_complete", "is_refused"),
    [("", True, False), ("北京", True, False), ("天津", True, True), ("天津", False, False)],
)
def test_a_note_of_an_area_without_a_table_is_refused_where_all_were_read(
    area, is_complete, is_refused
):
    """A table that was refused may have been of it."""
    whole = SimpleNamespace(entries=pd.DataFrame({"area": ["北京市"]}))
    declared = replace(LISTED, notes=(StatedNote("a", area=area),))
    if is_refused:
        with pytest.raises(ProjectError, match="note of '天津', of which there is no table"):
            check_stated(declared, whole, is_complete=is_complete)
    else:
        check_stated(declared, whole, is_complete=is_complete)
