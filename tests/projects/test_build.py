"""Builds: only what is stale, past a bad file, the same bytes as a clean one, whole when killed."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects.freezing import freeze
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.projects.runs import Workshop
from carbonacct.projects.status import list_status
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import (
    build_at,
    declare,
    make_project,
    open_at,
    outputs_of,
    states_of,
    write_table,
)
from tests.projects.test_store import is_whole

# Loads the program once, builds a clean copy, and then three builds of a folder at once, of which
# the first is killed at a moment after the store has begun.
BUILDS = """
import os, signal, sys, time
from pathlib import Path
sys.path.insert(0, ".")
from tests.projects.folders import build_at

folder, clean, moment = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
build_at(clean)
children = []
for _ in range(3):
    children.append(os.fork())
    if not children[-1]:
        build_at(folder)
        os._exit(0)
deadline = time.monotonic() + 60
while not (folder / ".carbonacct").exists() and time.monotonic() < deadline:
    time.sleep(0.001)
time.sleep(moment)
os.kill(children[0], signal.SIGKILL)
statuses = [os.waitpid(child, 0)[1] for child in children]
sys.exit(any(statuses[1:]))
"""


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Return a project that is built, for tests to copy."""
    folder = make_project(tmp_path_factory.mktemp("built") / "甲")
    build_at(folder)
    return folder


@pytest.fixture
def built(built_once, tmp_path):
    """Return a project of three years that is built, store and outputs and all."""
    return shutil.copytree(built_once, tmp_path / "甲")


def test_only_what_is_stale_is_made(tmp_path):
    """A second build makes nothing, a changed cell compiles one year, a lost output comes back."""
    folder = make_project(tmp_path / "甲")
    assert set(states_of(build_at(folder)).values()) == {"made"}
    made = outputs_of(folder)
    assert set(states_of(build_at(folder)).values()) == {"current"}
    done = []
    write_table(folder, 2019, coal=90.0)
    workshop = open_at(folder, progress=done.append)
    workshop.all_runs()
    assert [text for text in done if text.startswith("compiling")] == [
        "compiling tables/北京2019.csv"
    ]
    assert set(states_of(build_at(folder)).values()) == {"made"}
    assert outputs_of(folder) != made
    write_table(folder, 2019, coal=101.0)
    assert set(states_of(build_at(folder)).values()) == {"restored"}
    assert outputs_of(folder) == made


@pytest.mark.parametrize("part", ["entries", "details"])
def test_a_run_that_lost_a_part_is_made_again(built, part):
    """A loss of power may leave a run whose entries or findings are empty files; the next build makes it whole."""
    made = outputs_of(built)
    workshop = open_at(built)
    run = workshop.all_runs()[0]
    digest = getattr(run, part)
    Path(workshop.store.folder, "objects", digest[:2], digest).write_bytes(b"")
    (built / "output" / "panel.csv").unlink()
    assert set(states_of(build_at(built)).values()) == {"current", "restored"}
    assert outputs_of(built) == made
    assert open_at(built).all_runs()[0].findings == run.findings


def test_drivers_make_their_tables_stale_alone(built):
    """Another number of GDP makes the panel again, and no inventory."""
    drivers = "area,year,gdp (亿元)\n北京,2019,7\n"
    (built / "drivers.csv").write_text(drivers, encoding="utf-8")
    states = {"data": "current", "panel": "made", "record": "current"}
    assert states_of(build_at(built)) == states


def test_an_overlay_that_nobody_uses_makes_nothing_stale(tmp_path):
    """A factor row that no cell uses runs years again; only what names the file is made anew."""
    folder = make_project(tmp_path / "甲", more='overlay = [{ folder = "own" }]')
    (folder / "own").mkdir()
    (folder / "own" / "source.toml").write_text(
        'title = "Own"\ntitle_zh = "自测"\npublisher = "lab"\nedition = "1"\n'
        'date = "2020"\nreference = "lab report 1"\n',
        encoding="utf-8",
    )
    head = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,"
    head += "status,note\n"
    for value in ("20.9", "21.3"):
        row = f"crude_oil,,,,,,,own,{value},,,GJ/t,1,1,single,\n"
        (folder / "own" / "net_calorific_value.csv").write_text(head + row, encoding="utf-8")
        workshop = open_at(folder)
        values = [run.value for run in workshop.all_runs()]
        built = build_at(folder)
        if value == "20.9":
            first = values
    assert values == first
    assert states_of(built) == {"data": "current", "panel": "current", "record": "made"}


def test_a_bad_table_stops_nothing(tmp_path):
    """A table that cannot be read is refused with its reason; the others are done."""
    folder = make_project(tmp_path / "甲")
    (folder / "tables" / "北京2017.csv").write_text("no table\n", encoding="utf-8")
    built = build_at(folder)
    assert [run.files[0].path for run in built.refused] == ["tables/北京2017.csv"]
    assert "北京2017.csv" in built.refused[0].refused
    assert set(states_of(built).values()) == {"made"}
    assert any(finding.rule == "table-refused" for finding in built.findings)
    (folder / "tables" / "北京2017.csv").unlink()
    for file in (folder / "tables").iterdir():
        file.write_text("no table\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="nothing of the project can be used"):
        build_at(folder)


def test_a_drivers_file_that_is_not_there_leaves_what_needs_none(tmp_path):
    """Tables of results fail with its path in the project; data and page are made, and the page says what it lacks."""
    folder = make_project(tmp_path / "p")
    file = folder / "carbonacct.toml"
    file.write_text(f'{file.read_text(encoding="utf-8")}page = "output/p.html"\n', encoding="utf-8")
    whole = (folder / "drivers.csv").rename(tmp_path / "drivers.csv")
    built = build_at(folder)
    assert built.has_failed
    assert states_of(built) == {
        "data": "made",
        "page": "made",
        "panel": "failed",
        "record": "made",
    }
    why = "drivers.csv: is not there; put it into the project's folder, or correct drivers.file"
    assert [one.message for one in built.outputs if one.message] == [why]
    assert [one.message for one in built.findings if one.rule == "absent"] == [why]
    assert "population and GDP are not shown: drivers.csv: is not there" in (
        folder / "output" / "p.html"
    ).read_text(encoding="utf-8")
    assert set(states_of(build_at(folder)).values()) == {"current", "failed"}
    with pytest.raises(ProjectError, match=r"inputs are refused: drivers\.csv: is not there"):
        freeze(open_at(folder), "first", make_renderers())
    whole.rename(folder / "drivers.csv")
    again = build_at(folder)
    assert not again.has_failed
    assert states_of(again)["page"] == "made"


@pytest.mark.parametrize(
    ("more", "failed"),
    [
        ('targets_file = "no.csv"', {"targets"}),
        ('uncertainty = { activity = "no.csv" }', {"page"}),
    ],
)
def test_a_file_of_verdicts_that_is_not_there_leaves_what_needs_none(tmp_path, more, failed):
    """Targets are not judged, or totals have no interval; the inventory does not need them."""
    folder = make_project(tmp_path / "p", more=more)
    file = folder / "carbonacct.toml"
    outputs = 'page = "output/p.html"\ntargets = "output/targets.csv"\n'
    outputs = outputs if "targets" in failed else outputs.partition("\n")[0]
    file.write_text(file.read_text(encoding="utf-8") + outputs, encoding="utf-8")
    built = build_at(folder)
    assert {one.name for one in built.outputs if one.state == "failed"} == failed
    assert all(
        one.message.startswith("no.csv: is not there; put it into the project's folder")
        for one in built.outputs
        if one.message
    )


def test_a_bad_activity_table_leaves_the_intervals_of_energy(tmp_path):
    """Reports with intervals are made of energy alone, also beside a year that a rule fills."""
    more = 'activity = [{ file = "activity.csv" }]\nsplice = [{ years = "2019", because = "lost", '
    more += 'technique = "interpolation" }]\n[uncertainty]\nseed = 1\ndraws = 100\n'
    folder = make_project(tmp_path / "甲", (2018, 2020), more=more)
    row = "area,year,activity,item,value,unit\n北京,2018,水泥熟料产量,,many,万吨\n"
    (folder / "activity.csv").write_text(row, encoding="utf-8")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[outputs]\n", '[outputs]\npage = "output/a.html"\nnote = "output/a.brief.html"\n'
    )
    file.write_text(text, encoding="utf-8")
    built = build_at(folder)
    assert [run.files[0].path for run in built.refused] == ["activity.csv"]
    assert set(states_of(built).values()) == {"made"}
    assert "95 %" in (folder / "output" / "a.html").read_text(encoding="utf-8")


def test_an_output_changed_by_hand_is_left(built):
    """What a person wrote into an output stays until it is asked to go."""
    edited = built / "output" / "panel.csv"
    edited.write_text("mine\n", encoding="utf-8")
    write_table(built, 2019, coal=90.0)
    assert states_of(build_at(built))["panel"] == "edited"
    assert edited.read_text(encoding="utf-8") == "mine\n"
    assert states_of(build_at(built, overwrite=True))["panel"] in {"made", "restored"}
    assert edited.read_text(encoding="utf-8").startswith("area,year,co2 (t)")


def test_the_store_may_be_deleted(built):
    """Without its store a project knows its own outputs again, and still a person's from them."""
    shutil.rmtree(built / ".carbonacct")
    assert set(states_of(build_at(built)).values()) == {"made"}
    shutil.rmtree(built / ".carbonacct")
    (built / "output" / "manifest.json").unlink()
    (built / "output" / "panel.csv").write_text("mine\n", encoding="utf-8")
    states = {"data": "current", "record": "current", "panel": "edited"}
    assert states_of(build_at(built)) == states


def test_status_reads_no_table(built, monkeypatch):
    """What the store has is told from it; what it does not have is said and not made."""
    write_table(built, 2020, coal=1.0)

    def refuse(*_):
        raise AssertionError("a table was read")

    monkeypatch.setattr(Workshop, "_read_files", refuse)
    workshop = open_at(built, making=False)
    runs = workshop.all_runs()
    assert [run.is_made for run in runs].count(False) == 1
    assert {output.state for output in plan_outputs(workshop)} == {"stale"}


def test_missing_years_are_found(tmp_path):
    """Years that the project should have and no table gives are a finding."""
    folder = make_project(tmp_path / "甲", years=(2018, 2020))
    (finding,) = [one for one in build_at(folder).findings if one.rule == "years-missing"]
    assert finding.message == "北京 has no table of 2019"


def test_a_gap_is_filled_by_a_rule_and_goes_with_a_print(tmp_path):
    """Interpolated entries bear their technique; the print of the year takes their place."""
    more = 'splice = [{ years = "2019", technique = "interpolation", because = "table lost" }]'
    folder = make_project(tmp_path / "甲", years=(2018, 2020), more=more)
    build_at(folder)
    text = outputs_of(folder)["inventory.csv"].decode()
    assert text.count('"interpolation (2018, 2020)"') == text.count(",2018,")
    write_table(folder, 2019, coal=101.0)
    build_at(folder)
    assert "interpolation" not in outputs_of(folder)["inventory.csv"].decode()


def test_a_part_of_a_year_is_no_total(tmp_path):
    """A rule for one row of a year without a table is refused: its sum would be no total."""
    more = 'splice = [{ flow = "transport", years = "2019", technique = "interpolation", '
    folder = make_project(tmp_path / "甲", years=(2018, 2020), more=f'{more}because = "lost" }}]')
    built = build_at(folder)
    (finding,) = [one for one in built.findings if one.rule == "splice-refused"]
    assert "北京 2019 has no table, and its rules leave out" in finding.message
    assert ",2019," not in outputs_of(folder)["inventory.csv"].decode()


EDITS = {
    "cell": lambda folder, draw: write_table(folder, draw.choice([2018, 2019]), coal=draw.random()),
    "new": lambda folder, draw: write_table(folder, draw.choice([2018, 2019, 2020]), area="天津"),
    "lost": lambda folder, _: (folder / "tables" / "北京2018.csv").unlink(missing_ok=True),
    "broken": lambda folder, _: (folder / "tables" / "北京2018.csv").write_text("no table\n"),
    "method": lambda folder, draw: declare(
        folder, method=draw.choice(["provincial-2011", "ceads", "ipcc-2006"])
    ),
    "renamed": lambda folder, _: (
        (folder / "tables" / "北京2020.csv").rename(folder / "tables" / "a.csv")
        if (folder / "tables" / "北京2020.csv").exists()
        else None
    ),
    "output": lambda folder, _: shutil.rmtree(folder / "output", ignore_errors=True),
    "store": lambda folder, _: shutil.rmtree(folder / ".carbonacct", ignore_errors=True),
    "drivers": lambda folder, draw: (folder / "drivers.csv").write_text(
        f"area,year,gdp (亿元)\n北京,2019,{draw.randint(1, 9)}\n", encoding="utf-8"
    ),
}


@pytest.mark.parametrize("seed", range(2))
def test_an_incremental_build_is_a_clean_one(built, tmp_path, seed):
    """After all edits in any order the outputs are those of a clean build, byte for byte."""
    draw = random.Random(seed)
    names = draw.sample(sorted(EDITS), len(EDITS))
    for start in range(0, len(names), 3):
        for name in names[start : start + 3]:
            EDITS[name](built, draw)
        build_at(built, overwrite=True)
        clean = tmp_path / "clean" / "甲"
        shutil.rmtree(clean.parent, ignore_errors=True)
        shutil.copytree(built, clean, ignore=shutil.ignore_patterns(".carbonacct", "output"))
        build_at(clean)
        assert outputs_of(built) == outputs_of(clean)


def test_two_builds_at_once_and_one_killed(tmp_path):
    """Two builds at once and a third that is killed leave a whole store and right outputs."""
    folder = make_project(tmp_path / "甲", years=(2019,))
    clean = shutil.copytree(folder, tmp_path / "clean" / "甲")
    subprocess.run([sys.executable, "-c", BUILDS, folder, clean, "0.03"], check=True)
    is_whole(open_at(folder).store)
    assert outputs_of(folder) == outputs_of(clean)
    assert set(states_of(build_at(folder)).values()) == {"current"}


def test_a_year_that_a_rule_fills_is_not_missing(tmp_path):
    """What a declared rule fills is said as filled alone, in the build and in the status."""
    more = 'splice = [{ years = "2019", technique = "interpolation", because = "table lost" }]'
    folder = make_project(tmp_path / "甲", years=(2018, 2020), more=more)
    rules = [one.rule for one in build_at(folder).findings]
    assert "filled" in rules
    assert "years-missing" not in rules
    assert not [
        line for line in list_status(open_at(folder, making=False)) if "no table of" in line.text
    ]


def test_activity_data_among_the_tables(tmp_path):
    """A table of activity data that a pattern of tables finds is told as such, and one that is declared is no table."""
    folder = make_project(tmp_path / "p")
    text = "area,year,activity,item,value,unit\n北京,2018,水泥熟料产量,,100,万吨\n北京,2018,livestock,pigs,1,万头\n"
    (folder / "tables" / "act.csv").write_text(text, encoding="utf-8")
    (run,) = build_at(folder).refused
    assert run.refused == (
        "tables/act.csv: is a table of activity data, and no balance; declare it in carbonacct.toml:"
        ' [[activity]] file = "tables/act.csv"'
    )
    declare(folder, more='activity = [{ file = "tables/act.csv" }]')
    built = build_at(folder)
    assert not built.refused
    assert ",cement," in outputs_of(folder)["inventory.csv"].decode()


def test_an_area_in_two_spellings_is_one(tmp_path):
    """泉州 and 泉州市 are one area and one series, named as in the first table once there are two."""
    folder = make_project(tmp_path, years=(2018,))
    (folder / "tables" / "北京2018.csv").unlink()
    write_table(folder, 2018, area="泉州市", name="b2018.csv")
    assert areas_of(folder) == {"泉州市"}

    write_table(folder, 2019, area="泉州", name="a2019.csv")
    assert areas_of(folder) == {"泉州"}
    write_table(folder, 2019, area="福州", name="a2019.csv")
    assert areas_of(folder) == {"泉州市", "福州"}


def areas_of(folder):
    """Return the areas in the inventory of a project that is built."""
    build_at(folder)
    rows = csv.DictReader(
        (folder / "output" / "inventory.csv").read_text(encoding="utf-8-sig").splitlines()
    )
    return {row["area"] for row in rows}


LOADED = """
import sys
from carbonacct.cli.main import main
sys.argv[1:] = ["build", "--project", sys.argv[1]]
main()
stages = ("split", "label", "path", "join")
print([stage for stage in stages if f"carbonacct.balances.{stage}" in sys.modules])
"""


def test_a_build_in_which_nothing_changed_loads_no_stage_of_reading(tmp_path):
    """They are a fifth of what such a build loads; one table that changed needs them."""
    folder = make_project(tmp_path / "p", (2018,))
    command = [sys.executable, "-c", LOADED, str(folder)]

    def list_loaded() -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1]

    everything = "['split', 'label', 'path', 'join']"
    first, again = list_loaded(), list_loaded()
    write_table(folder, 2018, coal=101.0)
    assert (first, again, list_loaded()) == (everything, "[]", everything)
