"""The runs of a project: which tables are one, the key of what decides them, and why they are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects.project_areas import ProjectArea
from carbonacct.projects.project_declaration import ActivityTable, Overlay, Tables, read_declaration
from carbonacct.projects.run_record import Run
from carbonacct.projects.runs import Workshop
from tests.projects.folders import make_project, write_table

ACTIVITY = "area,year,activity,item,value,unit\n北京,2018,clinker_output,,10,t\n"


class Looking(Workshop):
    """A workshop that reads tables and compiles nothing."""

    def _find(self, key, files, make):  # noqa: ARG002 - nothing is made
        return Run(key=key, value="", files=tuple(files))


@pytest.fixture
def folder(tmp_path):
    """Return a project with a table of Beijing, one of Tianjin, and activities."""
    make_project(tmp_path / "甲", years=(2018,))
    write_table(tmp_path / "甲", 2018, area="天津")
    (tmp_path / "甲" / "a.csv").write_text(ACTIVITY, encoding="utf-8")
    return tmp_path / "甲"


def look(folder, *, program="p", **more):
    """Return the workshop of a project that declares more."""
    declared = replace(read_declaration(folder), sources="provincial-2011")
    declared = replace(declared, activities=(ActivityTable("a.csv"),))
    return Looking(replace(declared, **more), program)


def keys(folder, **options):
    """Return the key of each run, by what it is of."""
    shop = look(folder, **options)
    held = {group.places[0][0]: run.key for group, run in shop.runs()}
    ((_, run),) = shop.sources_runs()
    return held | {"activities": run.key}


BOTH, ALL = {"北京", "天津"}, {"北京", "天津", "activities"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"program": "q"}, ALL),
        ({"method": "ceads"}, BOTH),
        ({"sources": "ipcc-2006"}, {"activities"}),
        ({"gases": ("CO2", "CH4")}, BOTH),
        ({"energy": {"allow_unverified": True}}, ALL),
        ({"energy": {"carbon_pool": "fuel"}}, BOTH),
        ({"overlays": (Overlay("own"),)}, ALL),
        ({"overlays": (Overlay("own", years=(2018,)),)}, ALL),
        ({"overlays": (Overlay("own", years=(2019,)),)}, set()),
        ({"overlays": (Overlay("own", areas=("110000",)),)}, set()),  # the project lists no areas
        ({"lang": "zh", "metric": "AR5GWP100", "bases": (), "name": "乙"}, set()),
    ],
)
def test_a_run_is_of_what_decides_it(folder, change, expected):
    """Another method, option or overlay is another run; what only reports show is none."""
    (folder / "own").mkdir()
    (folder / "own" / "net_calorific_value.csv").write_text("product\n", encoding="utf-8")
    before = keys(folder)
    after = keys(folder, **change)
    assert {name for name in before if before[name] != after.get(name)} == expected


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("tables/北京2018.csv", "工业,100.0", {"北京"}),
        ("a.csv", "clinker_output,,1", {"activities"}),
        ("drivers.csv", "2154", set()),
    ],
)
def test_a_run_is_of_the_bytes_of_its_files(folder, file, text, expected):
    """A digit more in a table is another run of that table."""
    before = keys(folder)
    held = (folder / file).read_text(encoding="utf-8")
    assert text in held
    (folder / file).write_text(held.replace(text, f"{text}1"), encoding="utf-8")
    after = keys(folder)
    assert {name for name in before if before[name] != after[name]} == expected


def test_a_correction_makes_another_run_of_its_table(folder):
    """Of that file alone."""
    before = keys(folder)
    line = (
        "file,sheet,cell,seen,value,because,by\ntables/北京2018.csv,,B3,100.0,101,typing error,me\n"
    )
    (folder / "corrections.csv").write_text(line, encoding="utf-8")
    after = keys(folder)
    assert {name for name in before if before[name] != after[name]} == {"北京"}
    (table,) = [shop for shop, _ in look(folder).runs() if shop.places[0][0] == "北京"]
    assert look(folder).balance(table).amounts[0, 0, 0, 0] == 101e4


def test_tables_of_one_area_and_year_are_one(folder):
    """However the area is spelt: the runs are fewer than the files, in the order of areas and years."""
    text = (folder / "tables" / "北京2018.csv").read_text(encoding="utf-8")
    more = (
        text.replace("北京", "北京市")
        .replace("原煤(万吨)", "焦炭(万吨)")
        .replace("工业,100.0,5.5,2.0", "工业,1,,")
    )
    rows = more.split("\n")[:3]
    (folder / "tables" / "more.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    shop = look(folder)
    groups = [group for group, _ in shop.runs()]
    assert [sorted(one.path for one in group.files) for group in groups] == [
        ["tables/more.csv", "tables/北京2018.csv"],
        ["tables/天津2018.csv"],
    ]
    assert shop.sole_area == ""
    assert len(shop.all_runs()) == 3


LISTED = (ProjectArea("110000", "北京"), ProjectArea("120000", "天津"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"areas": LISTED}, {}),
        ({"areas": LISTED[:1]}, {"天津": "is of 天津, which areas.csv does not list; add a line"}),
        (
            {"areas": (replace(LISTED[0], first=2019), LISTED[1])},
            {"北京": "is of 2018, and areas.csv has 110000 北京 from 2019 to ...; correct"},
        ),
        (
            {"areas": (replace(LISTED[0], last=2017), LISTED[1])},
            {"北京": "is of 2018, and areas.csv has 110000 北京 from ... to 2017; correct"},
        ),
        ({"areas": (replace(LISTED[0], first=2018, last=2018), LISTED[1])}, {}),
        (
            {"areas": LISTED, "faults": {"120000": "its file has a fault"}},
            {"天津": "its file has a fault"},
        ),
        ({"faults": {"": "no file"}}, {}),
    ],
)
def test_a_table_of_an_area_that_is_not_there_is_refused(folder, change, said):
    """By the list of areas: its name, its years, and a fault in its own file."""
    shop = look(folder, areas_file="areas.csv", **{"activities": (), **change})
    refused = {group.places[0][0]: str(run.refused) for group, run in shop.runs() if run.refused}
    assert refused.keys() == said.keys()
    assert all(text in refused[area] for area, text in said.items())


@pytest.mark.parametrize(
    ("change", "is_refused"),
    [
        ({}, False),
        ({"method": "ceads"}, True),
        ({"gases": ("CH4",)}, True),
        ({"energy": {"carbon_pool": "fuel"}}, True),
        ({"sources": "ipcc-2006"}, True),
    ],
)
def test_a_table_of_two_areas_is_of_one_choice(folder, change, is_refused):
    """Two that choose otherwise cannot be compiled as one; that they choose the same in two files is no matter."""
    lines = [
        "地区,项目,原煤(万吨)",
        *(
            f"{area},{flow},{coal}"
            for area in ("北京", "天津")
            for flow, coal in (("工业", 5), ("建筑业", 1), ("交通运输、仓储和邮政业", 2))
        ),
    ]
    (folder / "own").mkdir()
    for file in (folder / "tables").iterdir():
        file.unlink()
    (folder / "tables" / "both.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plain = look(folder, areas=LISTED).declaration
    chosen = {"120000": replace(plain.choices, **change)}
    tables = (Tables("tables/*.csv", year=2018),)
    shop = look(folder, areas=LISTED, chosen=chosen, tables=tables, activities=())
    (run,) = [run for _, run in shop.runs()]
    assert ("choose methods, options or own factors otherwise" in str(run.refused)) == is_refused
    own = look(
        folder, areas=LISTED, tables=tables, overlays=(Overlay("own", ("110000",)),), activities=()
    )
    assert "is of 110000 and 120000, which choose" in str(own.runs()[0][1].refused)


def test_activities_of_an_area_are_of_its_method_and_its_places(folder):
    """Each area that has a table of its own has a run of its own; a fault of its file refuses it."""
    (folder / "b.csv").write_text(ACTIVITY.replace("北京", "天津"), encoding="utf-8")
    listed = {
        "areas": LISTED,
        "activities": (ActivityTable("a.csv", "110000"), ActivityTable("b.csv", "120000")),
    }
    shop = look(folder, **listed)
    assert [area for area, _ in shop.sources_runs()] == ["110000", "120000"]
    assert shop.has_sources
    assert set(shop.read_sources("120000").rows["area"]) == {"天津"}
    before = {area: run.key for area, run in shop.sources_runs()}
    chosen = {"120000": replace(shop.declaration.choices, sources="ipcc-2006")}
    after = dict(look(folder, **listed, chosen=chosen).sources_runs())
    assert [before[area] == run.key for area, run in after.items()] == [True, False]
    broken = dict(look(folder, **listed, faults={"120000": "no such key"}).sources_runs())
    assert [str(run.refused) for run in broken.values()] == ["", "no such key"]
    assert not look(folder, activities=()).has_sources


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"areas": LISTED, "activities": (ActivityTable("c.csv", "120000"),)}, ("120000", "天津")),
        ({"area": "北京市"}, ("", "北京市")),
        ({}, ("", "北京")),  # of the one table that there is
    ],
)
def test_activities_that_name_no_area_and_year_are_of_those_that_are_known(
    folder, declared, expected
):
    """Of their own area in the list, else of the project's, else of that of all tables."""
    if "areas" not in declared:
        (folder / "tables" / "天津2018.csv").unlink()
    (folder / "c.csv").write_text("activity,value,unit\nclinker_output,10,t\n", encoding="utf-8")
    shop = look(folder, **{"activities": (ActivityTable("c.csv"),)} | declared)
    ((of, run),) = shop.sources_runs()
    assert (of, run.refused) == (expected[0], "")
    assert shop.read_sources(of).rows[["area", "year"]].values.tolist() == [[expected[1], 2018]]


@pytest.mark.parametrize(
    ("overlays", "area", "years", "expected"),
    [
        ((), "a", (2018,), ""),
        ((Overlay("x"),), "a", (2018,), "x"),
        ((Overlay("x", years=(2018, 2019)),), "a", (2018,), "x"),
        ((Overlay("x", years=(2018,)),), "a", (2019,), ""),
        ((Overlay("x", areas=("a",)), Overlay("y", areas=("b",))), "b", (2018,), "y"),
        ((Overlay("x", years=(2018,)), Overlay("y", years=(2019,))), "a", (2019,), "y"),
        ((Overlay("x"), Overlay("y")), "a", (2018,), "several overlays for a: x, y;"),
        (
            (Overlay("x", years=(2018,)),),
            "a",
            (2018, 2019),
            "overlay x is for some years of a table and not for 2019",
        ),
    ],
)
def test_own_factors_are_of_one_folder(folder, overlays, area, years, expected):
    """Of an area and its years: none, one, or a refusal that names them."""
    declared = replace(read_declaration(folder), overlays=overlays)
    if ";" in expected or "not for" in expected:
        with pytest.raises(ProjectError) as refused:
            declared.find_overlay(area, years)
        assert expected in str(refused.value)
    else:
        assert declared.find_overlay(area, years) == expected
