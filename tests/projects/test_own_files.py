"""Methods and layouts that a project brings itself: keyed, copied, hashed and told apart by cause."""

from __future__ import annotations

import json

import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects.freezing import find_submission, freeze
from carbonacct.projects.own_files import list_method_inputs
from carbonacct.projects.recalculation import explain_submission
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import build_at, declare, make_project, open_at, states_of, write_table

METHOD = """extends = "base.toml"
title = "Ours"
reference = "a test"

[[exclude]]
products = ["diesel"]
flows = ["{flow}"]
reason = "a test"
"""
ROWS = (
    ("工业", 100.0, 5.5, 2.0),
    ("楼宇", 1.5, 2.25, 0.5),
    ("交通运输、仓储和邮政业", 0.5, 40.0, 0.25),
)


@pytest.fixture
def folder(tmp_path):
    """Return a project of one year with a method and a layout of its own, and the submission "2018"."""
    folder = make_project(
        tmp_path / "甲", (2018,), method="methods/ours.toml", mapping=', layout = "layouts"'
    )
    for name in ("methods", "layouts"):
        (folder / name).mkdir()
    base = 'extends = "provincial-2011"\ntitle = "Base"\nreference = "a test"\n'
    (folder / "methods" / "base.toml").write_text(base, encoding="utf-8")
    (folder / "methods" / "ours.toml").write_text(METHOD.format(flow="transport"), encoding="utf-8")
    words = "kind,name,id\nmatch,能源平衡表,\nflow,楼宇,construction\n"
    (folder / "layouts" / "city.csv").write_text(words, encoding="utf-8")
    write_table(folder, 2018, rows=ROWS)
    freeze(open_at(folder), "2018", make_renderers())
    return folder


def test_a_submission_holds_the_methods_and_layouts_of_the_project(folder):
    """It was made again from its copies alone; the record names the method's files by their hash."""
    held = folder / "submissions" / "2018"
    assert {path.name for path in (held / "inputs" / "methods").iterdir()} == {
        "base.toml",
        "ours.toml",
    }
    assert (held / "inputs" / "layouts" / "city.csv").is_file()
    assert (
        (held / "method" / "ours.toml")
        .read_text(encoding="utf-8")
        .startswith('extends = "base.toml"')
    )
    manifest = json.loads((held / "manifest.json").read_text(encoding="utf-8"))
    assert {"base.toml", "ours.toml"} <= {name for name, _ in manifest["made_from"][0]["files"]}
    assert all(
        str(folder) not in (held / name).read_text(encoding="utf-8")
        for name in ("manifest.json", "inventory.csv")
    )


def test_another_text_of_the_method_is_another_method(folder):
    """A change in a file that the method extends makes outputs stale, and is a change of method to the gram."""
    assert set(states_of(build_at(folder)).values()) == {"current"}
    text = (folder / "methods" / "base.toml").read_text(encoding="utf-8")
    more = '[[exclude]]\nproducts = ["diesel"]\nflows = ["industry"]\nreason = "a test"\n'
    (folder / "methods" / "base.toml").write_text(text + more, encoding="utf-8")
    assert states_of(build_at(folder))["data"] == "made"
    found = explain_submission(open_at(folder), find_submission(folder, "2018"))
    assert found.kinds == ("method",)
    sums = found.difference.by().iloc[0]
    assert sums["method"] == sums["change"] < 0
    write_table(folder, 2018, coal=120.0, rows=ROWS)
    both = explain_submission(open_at(folder), find_submission(folder, "2018"))
    assert both.kinds == ("data", "method")
    assert both.difference.by().iloc[0]["method"] == sums["method"]


def test_other_words_of_a_layout_read_the_table_again(folder):
    """A layout is a part of what a table means."""
    words = "kind,name,id\nmatch,能源平衡表,\nflow,楼宇,wholesale_retail\n"
    (folder / "layouts" / "city.csv").write_text(words, encoding="utf-8")
    assert states_of(build_at(folder))["data"] == "made"
    assert "wholesale_retail" in (folder / "output" / "inventory.csv").read_text(encoding="utf-8")


def test_a_project_stays_in_its_folder(folder, tmp_path):
    """A method outside of it cannot be named, nor extended."""
    (tmp_path / "out.toml").write_text(
        'extends = "ceads"\ntitle = "T"\nreference = "R"\n', encoding="utf-8"
    )
    text = METHOD.format(flow="transport").replace("base.toml", "../../out.toml")
    (folder / "methods" / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(
        ProjectError, match="which is outside of the project; put it into the folder"
    ):
        list_method_inputs(folder, "methods/ours.toml")
    declare(folder, method="../out.toml")
    with pytest.raises(ProjectError, match=r"methods.energy is '../out.toml'; name a path inside"):
        open_at(folder)
