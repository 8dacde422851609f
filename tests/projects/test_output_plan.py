"""The key of an output is of all that it shows and of nothing else, and its bytes say how it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from carbonacct.errors import ProjectError
from carbonacct.inventory.stated_keys import StatedKey
from carbonacct.projects.declared_indices import DeclaredIndex
from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.output_plan import MANIFEST, plan_outputs
from carbonacct.projects.project_areas import ProjectArea
from carbonacct.projects.project_declaration import Declaration, Overlay
from carbonacct.projects.splice_rules import Splice
from carbonacct.projects.stated_in_project import StatedNote
from carbonacct.projects.store import digest_of

OUTPUTS = {
    "data": "a.csv",
    "record": "a.json",
    "page": "a.html",
    "book": "a.xlsx",
    "brief": "a.brief.docx",
    "panel": "panel.csv",
    "targets": "targets.csv",
    "assessment": "assessment.csv",
    "scenarios": "scenarios.csv",
    "indices": "indices.csv",
}
ALL, INVENTORY = {*OUTPUTS}, {*OUTPUTS} - {"indices"}
TABLES = {"panel", "targets", "assessment", "scenarios"}
PEOPLE = {"page", "book", "brief"}
FULL = Declaration(
    folder=Path("/nowhere"),
    name="甲",
    years=(2018,),
    method="m",
    sources="s",
    lang="en",
    bases=(DriverBasis("d.csv"),),
    targets=({"id": "a"},),
    indices=(DeclaredIndex("i"),),
    uncertainty={"activity": "u.csv", "draws": 10},
    scenario={"file": "s.csv"},
    outputs=OUTPUTS,
)
RUN = SimpleNamespace(
    value="value",
    key="key",
    places=(("甲", 2018),),
    files=(SimpleNamespace(path="t.csv", digest="t"),),
    made_from="made",
    is_made=True,
)
GAP = Splice(years=(2019,), technique="interpolation", because="lost")


def plan(declaration=FULL, runs=(RUN,), *, digests=None, kept=None, **more):
    """Return the outputs of a project by name, with files of some digests and a store of some bytes."""
    digests, kept = digests or {}, kept or {}
    asked = {
        "declaration": declaration,
        "program": "p",
        "sole_area": "",
        "readings": {},
        "all_runs": lambda: list(runs),
        "scanner": SimpleNamespace(
            digest=lambda file: digests.get(file, f"of {file}"),
            find=lambda file: digests.get(file, f"of {file}"),
            tree=lambda folder: digests.get(folder, f"of {folder}"),
        ),
        "store": SimpleNamespace(find=kept.get, has=lambda digest: digest in kept.values()),
    } | more
    return plan_outputs(SimpleNamespace(**asked))


def changed(first, second):
    """Return which outputs have another key."""
    return {one.name for one, other in zip(first, second, strict=True) if one.key != other.key}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lang": "zh"}, ALL),
        ({"metric": "AR5GWP100"}, ALL),
        ({"years": (2018, 2019)}, ALL),
        ({"areas": (ProjectArea("1", "乙"),)}, ALL),
        ({"splices": (GAP,)}, ALL),
        ({"indices": (DeclaredIndex("j"),)}, {"page", "book", "indices"}),
        ({"indices": ()}, {"page", "book", "indices"}),
        ({"targets": ({"id": "b"},)}, PEOPLE | TABLES),
        ({"targets_file": "t.csv"}, PEOPLE | TABLES),
        ({"compare_targets": ("x",)}, PEOPLE | TABLES),
        ({"shares": ({"target": "a"},)}, PEOPLE | TABLES),
        ({"analysis": {"trends": ("co2",)}}, PEOPLE | TABLES),
        ({"uncertainty": {"activity": "u.csv", "draws": 20}}, PEOPLE | TABLES),
        ({"uncertainty": {"draws": 10}}, PEOPLE | TABLES),
        ({"uncertainty": None}, PEOPLE | TABLES),
        ({"scenario": {"file": "s.csv", "draws": 1}}, {"scenarios"}),
        (
            {"bases": (DriverBasis("d.csv"), DriverBasis("e.csv"))},
            {"page", "book", "brief", "indices"} | TABLES,
        ),
        ({"bases": (DriverBasis("d.csv"),)}, set()),  # which says nothing
        ({"bases": (DriverBasis("d.csv", prices="current"),)}, INVENTORY),
        ({"stated": (StatedKey("1.A", "NO", "none"),)}, {"page", "book"}),
        ({"notes": (StatedNote("a"),)}, PEOPLE),
        ({"name": "乙"}, set()),  # runs and titles hold it
    ],
)
def test_a_change_of_the_declaration_reaches_what_shows_it(change, expected):
    """And nothing else is made again."""
    assert changed(plan(), plan(replace(FULL, **change))) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("d.csv", PEOPLE | TABLES | {"indices"}),  # drivers
        ("u.csv", PEOPLE | TABLES),  # errors of activity data, of draws
        ("s.csv", {"scenarios"}),
        ("other.csv", set()),
    ],
)
def test_a_change_of_a_file_reaches_what_reads_it(file, expected):
    """By its bytes."""
    assert changed(plan(), plan(digests={file: "another"})) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"value": "another"}, ALL),
        ({"key": "another"}, PEOPLE | TABLES),  # factors have errors beside their values
        ({"made_from": "another"}, {"record"}),
        ({"files": (SimpleNamespace(path="moved.csv", digest="t"),)}, {"assessment"}),
    ],
)
def test_a_change_of_a_run_reaches_what_shows_it(change, expected):
    """What it gives, what it was made by, from which files."""
    held = RUN.__dict__ | change
    assert changed(plan(), plan(runs=[SimpleNamespace(**held)])) == expected
    assert changed(plan(), plan(program="q")) == ALL
    assert changed(plan(), plan(sole_area="甲")) == PEOPLE | TABLES | {"indices"}


@pytest.mark.parametrize(
    ("change", "digest", "expected"),
    [
        # Nothing is drawn, targets are not judged: fewer outputs read drivers and keys.
        ({"uncertainty": None, "targets": ()}, "u.csv", set()),
        ({"uncertainty": None, "targets": ()}, "d.csv", PEOPLE | TABLES | {"indices"}),
        ({"targets": ()}, "u.csv", PEOPLE | TABLES),  # draws of totals are shown
        ({"splices": (GAP,)}, "d.csv", ALL),  # a surrogate is a driver
        ({"bases": (DriverBasis("d.csv", tce="calorific"),)}, "d.csv", ALL),
        (
            {"bases": (DriverBasis("d.csv", tce="calorific"),), "targets_file": "t.csv"},
            "t.csv",
            INVENTORY,
        ),
        ({"overlays": (Overlay("own"),)}, "own", set()),  # runs hold it
        (
            {"overlays": (Overlay("own"),), "splices": (replace(GAP, level="activity"),)},
            "own",
            INVENTORY,
        ),
    ],
)
def test_what_is_read_depends_on_what_is_declared(change, digest, expected):
    """The same file means more or less where other things are declared."""
    declaration = replace(FULL, **change)
    assert changed(plan(declaration), plan(declaration, digests={digest: "another"})) == expected


@pytest.mark.parametrize("file", ["a.brief.docx", "a.brief.md"])
def test_what_is_accepted_reaches_what_lists_findings(tmp_path, file):
    """Page and workbook list the open ones, a brief of any ending counts them; data hold none."""
    declared = replace(FULL, folder=tmp_path, outputs=OUTPUTS | {"brief": file}, targets=())
    first = plan(declared)
    (tmp_path / "accepted.csv").write_text("rule,because,by\nx,checked,me\n", encoding="utf-8")
    assert changed(first, plan(declared)) == PEOPLE


def test_factors_of_a_filled_year_are_of_the_run():
    """Where activity is filled, what no run used counts: the key of the run, not its value alone."""
    plain = replace(FULL, uncertainty=None)
    filled = replace(plain, splices=(replace(GAP, level="activity"),))
    later = [SimpleNamespace(**RUN.__dict__ | {"key": "another"})]
    assert changed(plan(plain), plan(plain, later)) == set()
    assert changed(plan(filled), plan(filled, later)) == INVENTORY


def test_an_output_of_an_area_is_of_its_runs_alone():
    """By its id in the list, else by its name; one of all areas is one file."""
    areas = (ProjectArea("110000", "北京"),)
    outputs = {"each": "{area}.csv", "all": "all.csv"}
    declared = replace(FULL, areas=areas, outputs=outputs, indices=())
    runs = [
        SimpleNamespace(**RUN.__dict__ | {"places": places, "value": value})
        for places, value in (((("北京", 2018), ("北京", 2019)), "a"), ((("某区", 2018),), "b"))
    ]
    found = plan(declared, runs)
    assert [(one.name, one.path, one.area) for one in found] == [
        ("all", "all.csv", ""),
        ("each", "110000.csv", "北京"),
        ("each", "某区.csv", "某区"),
    ]
    runs[1].value = "c"
    again = plan(declared, runs)
    assert [one.key == other.key for one, other in zip(found, again, strict=True)] == [
        False,
        True,
        False,
    ]
    twice = replace(declared, outputs={"a": "x.csv", "b": "x.csv"})
    with pytest.raises(ProjectError, match=r"two outputs are x\.csv"):
        plan(twice, runs)


@pytest.mark.parametrize(
    ("there", "kept", "written", "is_made", "state"),
    [
        (None, None, "", True, "missing"),
        ("now", "now", "", True, "current"),
        ("now", "now", "", False, "stale"),  # a run that was not made may say something else
        ("old", "now", "old", True, "stale"),  # the manifest names its bytes
        ("old", "now", "other", True, "edited"),
        ("old", None, "old", True, "stale"),  # without a store
        ("old", None, "", True, "edited"),
    ],
)
def test_bytes_say_how_an_output_stands(tmp_path, there, kept, written, is_made, state):
    """What no build is known to have made is a person's; a manifest that cannot be read names none."""
    declared = replace(FULL, folder=tmp_path, outputs={"data": "out/a.csv"})
    (tmp_path / "out").mkdir()
    runs = [RUN, SimpleNamespace(**RUN.__dict__ | {"is_made": is_made})]
    digests = {}
    if there:
        (tmp_path / "out" / "a.csv").write_text(there, encoding="utf-8")
        digests["out/a.csv"] = digest_of(there.encode())
    manifest = json.dumps({"outputs": [{"bytes": digest_of(written.encode())}, {}]})
    (tmp_path / "out" / MANIFEST).write_text(manifest if written else "{", encoding="utf-8")
    (first,) = plan(declared, runs)
    held = {first.key: digest_of(kept.encode())} if kept else {}
    (found,) = plan(declared, runs, digests=digests, kept=held)
    assert (found.state, found.line) == (state, f"{state:<10}out/a.csv")
    if there == "old":  # a store that has its bytes under another key knows that they were made
        older = held | {"another": digests["out/a.csv"]}
        assert plan(declared, runs, digests=digests, kept=older)[0].state == "stale"
