"""A project of many areas: its list of areas, what each chooses, and its own sum beside its parts."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from carbonacct.cli.main import main
from carbonacct.errors import ProjectError
from carbonacct.inventory.inventory_reader import read_inventory
from carbonacct.projects.entry_table import read_entries
from carbonacct.projects.freezing import find_submission, freeze
from carbonacct.projects.project_areas import ProjectArea, compare_areas, find_area, read_areas
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.recalculation import explain_submission
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import HEAD, ROWS, build_at, open_at, outputs_of, states_of

HEADER = "id,name,parent,level,from,to,successor\n"
AREAS = HEADER + (
    "370000,山东省,,province,,,\n"
    "370100,济南市,370000,city,,,\n"
    "370200,青岛市,370000,city,,,\n"
    "371200,莱芜市,370000,city,,2018,370100\n"
)
TOML = """\
schema = 1
project = {{ areas = "areas.csv", own = "370000", compare_sum_of = "level:city", lang = "en", {years} }}
methods = {{ energy = "provincial-2011" }}
table = [{{ files = "areas/{{area}}/tables/*" }}, {{ files = "tables/*", area = "370000" }}]
{more}
[outputs]
each = "output/{{area}}.json"
areas = "output/areas.csv"
data = "output/all.csv"
"""
TIMES = {"370100": 2.0, "370200": 3.0, "371200": 1.0}


def write_balance(place, area, year, times=1.0):
    """Write a small balance whose numbers are some times those of all tests."""
    place.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        ",".join([label, *(f"{times * value:g}" for value in values)]) for label, *values in ROWS
    ]
    place.write_text(HEAD.format(area=area, year=year) + "\n".join(rows) + "\n", encoding="utf-8")


def make_province(folder, *, more="", years=(2018, 2019)):
    """Write a province of three cities, one of which ends in 2018."""
    folder.mkdir(parents=True)
    (folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    declared = f'years = "{years[0]}-{years[-1]}"'
    (folder / "carbonacct.toml").write_text(
        TOML.format(years=declared, more=more), encoding="utf-8"
    )
    for area in read_areas(folder / "areas.csv"):
        for year in years:
            if area.id in TIMES and area.has(year):
                place = folder / "areas" / area.id / "tables" / f"{year}.csv"
                write_balance(place, area.name, year, TIMES[area.id])
    for year in years:
        write_balance(folder / "tables" / f"{year}.csv", "山东", year, 7.0)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a province that is built once."""
    folder = make_province(tmp_path_factory.mktemp("province") / "山东")
    build_at(folder)
    return folder


def test_a_province_is_beside_the_sum_of_its_cities(built):
    """Own tables and the sum of cities are two series; a city that ended is not lacking later."""
    rows = outputs_of(built)["areas.csv"].decode().splitlines()
    assert rows[0].split(",")[:6] == ["area", "year", "gas", "scope", "own", "parts"]
    table = [dict(zip(rows[0].split(","), row.split(","), strict=True)) for row in rows[1:]]
    direct = {row["year"]: row for row in table if row["scope"] == "1"}
    assert float(direct["2018"]["parts"]) == pytest.approx(float(direct["2018"]["own"]) * 6 / 7)
    assert float(direct["2019"]["parts"]) == pytest.approx(float(direct["2019"]["own"]) * 5 / 7)
    assert [direct[year]["counted"] for year in ("2018", "2019")] == ["3", "2"]
    assert {row["lacking"] for row in table} == {""}
    assert {row["area"] for row in table} == {"山东省"}


def test_each_area_has_its_outputs_by_id(built):
    """A path with {area} is a file for each area, named by its id."""
    names = {"370000.json", "370100.json", "370200.json", "371200.json", "areas.csv", "all.csv"}
    assert names < outputs_of(built).keys()
    held = json.loads(outputs_of(built)["370100.json"])
    assert {row["area"] for row in held["rows"]} == {"济南市"}


def test_a_merger_is_a_break_of_the_series(built):
    """An area that went into another is a finding about the other, with its size."""
    findings = build_at(built).findings
    (found,) = [one for one in findings if one.rule == "perimeter"]
    assert (
        found.message == "济南市 holds 莱芜市 from 2019 on: its series has another perimeter there"
    )
    entries = read_entries(built / "output" / "all.csv")
    own = entries[(entries["area"] == "莱芜市") & (entries["scope"] == 1)]
    assert found.worth == pytest.approx(own["value"].sum())
    assert not [one for one in findings if one.rule == "years-missing"]


def test_a_changed_city_makes_only_its_outputs(tmp_path):
    """One table more is one area's output, and those of all."""
    folder = make_province(tmp_path / "山东")
    build_at(folder)
    write_balance(folder / "areas" / "370200" / "tables" / "2019.csv", "青岛市", 2019, 4.0)
    states = {one.path: one.state for one in build_at(folder).outputs}
    stale = {"output/370200.json", "output/areas.csv", "output/all.csv"}
    assert {path for path, state in states.items() if state == "made"} == stale


def test_an_area_chooses_otherwise_and_says_where(tmp_path, capsys):
    """area.toml stands over the root file for its area alone; --why names the file of each key."""
    folder = make_province(tmp_path / "山东")
    (folder / "areas" / "370200" / "area.toml").write_text(
        'methods = { energy = "ceads" }\n', encoding="utf-8"
    )
    build_at(folder)
    entries = read_entries(folder / "output" / "all.csv")
    assert set(entries[entries["area"] == "青岛市"]["method"]) == {"ceads"}
    assert set(entries[entries["area"] != "青岛市"]["method"]) == {"provincial-2011"}
    assert main(["status", "--why", "--project", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  methods.energy = provincial-2011  [carbonacct.toml]" in lines
    assert "  methods.energy = ceads  [areas/370200/area.toml]" in lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('methods = { enrgy = "ceads" }', "did you mean energy"),
        ('years = "2019"', "no key 'years'"),
        ("methods = 3", "of another kind"),
        ("methods = {", "correct it"),
        ('methods = { energy = "ceads-1" }', "ceads-1"),
    ],
)
def test_a_fault_of_an_area_stays_there(tmp_path, text, words):
    """Tables of an area whose own file is wrong are refused with the reason; the others are built."""
    folder = make_province(tmp_path / "山东")
    (folder / "areas" / "370200" / "area.toml").write_text(text, encoding="utf-8")
    built = build_at(folder)
    assert {run.files[0].path.split("/")[1] for run in built.refused} == {"370200"}
    assert all(words in run.refused for run in built.refused)
    made = {output.path for output in built.outputs if output.state == "made"}
    assert {"output/370100.json", "output/all.csv"} <= made
    rows = outputs_of(folder)["areas.csv"].decode().splitlines()
    assert all(row.endswith(",370200") for row in rows[1:])


def test_a_table_of_no_area_is_refused(tmp_path):
    """A table of a year in which the area was not there, or of an area that is not listed."""
    folder = make_province(tmp_path / "山东")
    write_balance(folder / "areas" / "371200" / "tables" / "2019.csv", "莱芜市", 2019)
    reasons = [run.refused for run in build_at(folder).refused]
    (reason,) = reasons
    assert reason.startswith(
        "areas/371200/tables/2019.csv: is of 2019, and areas.csv has 371200 莱芜市 from ... to 2018"
    )


def test_own_factors_are_of_some_areas_and_years(tmp_path):
    """An overlay that names areas and years is used there and nowhere else."""
    more = 'overlay = [{ folder = "lab", areas = ["青岛市"], years = "2019" }]'
    folder = make_province(tmp_path / "山东", more=more)
    (folder / "lab").mkdir()
    (folder / "lab" / "source.toml").write_text(
        'title = "Own"\ntitle_zh = "自测"\npublisher = "lab"\nedition = "1"\n'
        'date = "2020"\nreference = "lab report 1"\n',
        encoding="utf-8",
    )
    head = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
    (folder / "lab" / "net_calorific_value.csv").write_text(
        head + "raw_coal,,,,,,,own,24.5,,,GJ/t,1,1,single,\n", encoding="utf-8"
    )
    runs = {run.places[0]: run for run in open_at(folder).all_runs()}
    own = {
        place
        for place, run in runs.items()
        if "lab" in str(run.made_from)
        or "lab/net" in open_at(folder).entries(run)["factors"].str.cat()
    }
    assert own == {("青岛市", 2019)}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("370100,济南市", "370200,济南市", "line 3: 370200 is there twice"),
        ("370100,济南市", "370100,青岛市", "青岛市 is there twice"),
        ("370100,济南市,370000", "370100,济南市,370001", "the parent 370001 is no other area"),
        ("2018,370100", ",370100", "has a successor and no last year"),
        ("2018,370100", "18,370100", "is '18', no year"),
        (",2018,", "2019,2018,", "ends in 2018 before it starts in 2019"),
        ("370100,济南市", "37/01,济南市", "letters and digits"),
        ("370000,山东省,,", "370000,山东省,370100,", "lies in itself"),
    ],
)
def test_a_slip_in_the_list_is_said(tmp_path, old, new, words):
    """Each slip of areas.csv is one line with its place."""
    assert old in AREAS
    (tmp_path / "areas.csv").write_text(AREAS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProjectError, match=r"areas\.csv: line") as caught:
        read_areas(tmp_path / "areas.csv")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('own = "370000"', 'own = "370001"', "project.own names '370001'"),
        ("level:city", "level:town", "write level: and one of city, province"),
        ('own = "370000", ', "", "write project.own"),
        (
            'areas = "areas.csv", own = "370000", compare_sum_of = "level:city", ',
            "",
            "no areas are listed",
        ),
    ],
)
def test_a_slip_in_the_declaration_is_said(tmp_path, old, new, words):
    """What areas the root file names is checked against the list."""
    folder = make_province(tmp_path / "山东")
    text = (folder / "carbonacct.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "carbonacct.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProjectError) as caught:
        read_declaration(folder)
    assert words in str(caught.value)


def test_a_sum_with_a_part_that_lacks_is_said(built):
    """A city without a number is named; what the others make is a part."""
    entries = read_inventory(built / "output" / "all.csv").entries
    areas = read_areas(built / "areas.csv")
    table = compare_areas(entries[entries["area"] != "青岛市"], areas, "370000", "city")
    direct = table[(table["scope"] == 1) & (table["year"] == 2019)].iloc[0]
    assert (direct["counted"], direct["lacking"]) == (1, "370200")
    assert direct["parts"] == pytest.approx(direct["own"] * 2 / 7)


def test_areas_are_found_by_any_spelling(tmp_path):
    """Id, name and what the vocabulary knows of either; what two have names none."""
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    areas = read_areas(tmp_path / "areas.csv")
    assert find_area("Qingdao", areas).id == find_area("青岛", areas).id == "370200"
    assert find_area("山东", areas).id == "370000"
    assert find_area("烟台", areas) is None


def test_a_second_build_is_current(tmp_path):
    """Nothing of a province is stale when nothing changed."""
    folder = make_province(tmp_path / "山东")
    build_at(folder)
    assert set(states_of(build_at(folder)).values()) == {"current"}


def test_a_change_of_areas_is_a_cause_of_its_own(tmp_path):
    """A city that is listed from now on is no table that came; what it adds closes to the gram."""
    folder = make_province(tmp_path / "山东")
    without = AREAS.replace("370200,青岛市,370000,city,,,\n", "")
    (folder / "areas.csv").write_text(without, encoding="utf-8")
    freeze(open_at(folder), "one", make_renderers(), partial=True)
    (folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    found = explain_submission(open_at(folder), find_submission(folder, "one")).difference
    sums = found.by("area").set_index("area").loc["青岛市"]
    assert sums["perimeter"] == sums["change"] > 0
    assert found.table["change"].sum() == found.table["perimeter"].sum() == sums["change"]


def test_a_province_that_its_cities_make_up_misses_no_table(tmp_path):
    """It has none and is compared with none; a city without a table misses all its years."""
    folder = make_province(tmp_path / "省")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        'own = "370000", compare_sum_of = "level:city", ', ""
    )
    text = text.replace(', { files = "tables/*", area = "370000" }', "").replace(
        'areas = "output/areas.csv"\n', ""
    )
    file.write_text(text, encoding="utf-8")
    for table in (folder / "areas" / "370200" / "tables").iterdir():
        table.unlink()
    missing = [one.message for one in build_at(folder).findings if one.rule == "years-missing"]
    assert missing == ["青岛市 has no table of 2018, 2019"]


def test_an_own_sum_is_of_the_areas_of_a_level_that_lie_in_it():
    """No district, no city of another province; one that ended lacks no year after; memos are no part."""
    areas = [
        ProjectArea("p", "P", "", "province"),
        ProjectArea("a", "A", "p", "city"),
        ProjectArea("b", "B", "p", "city", last=2018),
        ProjectArea("d", "D", "a", "district"),
        ProjectArea("x", "X", "q", "city"),
    ]
    rows = [
        ("P", 2018, 100.0),
        ("A", 2018, 30.0),
        ("B", 2018, 50.0),
        ("D", 2018, 9.0),
        ("X", 2018, 7.0),
        ("P", 2019, 90.0),
        ("A", 2019, 60.0),
        ("P", 2020, 80.0),
    ]
    entries = pd.DataFrame(rows, columns=["area", "year", "value"])
    entries = entries.assign(gas="CO2", scope=1, kind="emission")
    memo = entries.assign(kind="memo", value=1e6)
    found = compare_areas(pd.concat([entries, memo]), areas, "p", "city").set_index("year")
    assert found["own"].to_dict() == {2018: 100.0, 2019: 90.0, 2020: 80.0}
    assert found["parts"].to_dict() == {
        2018: 80.0,
        2019: 60.0,
        2020: pytest.approx(float("nan"), nan_ok=True),
    }
    assert set(found["area"]) == {"P"}
    assert found["counted"].to_dict() == {2018: 2, 2019: 1, 2020: 0}
    assert found["lacking"].to_dict() == {2018: "", 2019: "", 2020: "a"}
