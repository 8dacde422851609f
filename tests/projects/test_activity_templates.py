"""A template of activity data that is not filled in yet: declared, and no table so far."""

from __future__ import annotations

import shutil

import pytest

from carbonacct.cli import main
from carbonacct.projects.output_plan import plan_outputs
from carbonacct.sheets.raw_sheets import read_sheets
from tests.projects.folders import build_at, make_project, open_at, outputs_of, states_of

HEAD = "area,year,activity,item,value,unit,source,note\n"
BLANK = HEAD + "北京,2019,clinker_output,,,t,,\n"
FILLED = HEAD + "北京,2019,clinker_output,,1000,t,,\n"
MORE = 'activity = [{ file = "activity.csv" }]\n'


def with_template(folder, text=BLANK):
    """Return a project of one year that declares an activity table."""
    make_project(folder, years=(2019,), more=MORE)
    (folder / "activity.csv").write_text(text, encoding="utf-8")
    book = 'page = "output/a.html"\nbook = "output/a.xlsx"\nchapter = "output/a.docx"\n'
    with (folder / "carbonacct.toml").open("a", encoding="utf-8") as file:
        file.write(book)
    return folder


def test_init_writes_the_template_of_the_method(tmp_path, capsys):
    """A new project has and declares what `carbonacct template` writes, and builds as energy alone."""
    folder = tmp_path / "重庆"
    assert main(["init", "重庆", "--folder", str(folder), "--years", "2007", "--lang", "en"]) == 0
    words = ["template", "--method", "provincial-2011", "--area", "重庆", "--year", "2007"]
    assert main([*words, "-o", str(tmp_path / "same.xlsx")]) == 0
    rows = [
        [one.rows for one in read_sheets(path)]
        for path in (folder / "activity.xlsx", tmp_path / "same.xlsx")
    ]
    assert rows[0] == rows[1]
    shutil.copy("docs/tables/chongqing_2007.csv", folder / "tables")
    (folder / "drivers.csv").write_text("area,year,gdp (亿元)\n重庆,2007,1\n", encoding="utf-8")
    assert main(["build", "--project", str(folder)]) == 0
    capsys.readouterr()
    assert main(["status", "--project", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "refused" not in said
    assert "activity" not in said
    assert said.count("current") == 4


def test_a_method_of_energy_alone_has_no_template(tmp_path):
    """A method without equations of other sectors declares no table and gets no workbook."""
    folder = tmp_path / "a"
    words = ["init", "重庆", "--folder", str(folder), "--method", "ncsc-db-2026"]
    assert main(words) == 0
    assert not (folder / "activity.xlsx").exists()
    assert "activity" not in (folder / "carbonacct.toml").read_text(encoding="utf-8")


def test_an_unfilled_template_changes_no_byte(tmp_path):
    """Outputs are those of a project without the table, of energy alone."""
    build_at(with_template(tmp_path / "甲"))
    other = with_template(tmp_path / "乙")
    text = (other / "carbonacct.toml").read_text(encoding="utf-8").replace(MORE, "")
    (other / "carbonacct.toml").write_text(text, encoding="utf-8")
    build_at(other)
    one, two = (outputs_of(folder) for folder in (tmp_path / "甲", tmp_path / "乙"))
    del one["manifest.json"], two["manifest.json"]  # which names the declaration
    assert one == two


def test_a_filled_template_is_a_table(tmp_path):
    """With a number its entries stand in the inventory, and every output is made anew."""
    folder = with_template(tmp_path / "甲")
    assert not build_at(folder).refused
    before = outputs_of(folder)["inventory.csv"]
    (folder / "activity.csv").write_text(FILLED, encoding="utf-8")
    assert {one.state for one in plan_outputs(open_at(folder, making=False))} == {"stale"}
    assert set(states_of(build_at(folder)).values()) == {"made"}
    after = outputs_of(folder)["inventory.csv"]
    assert b"cement" in after
    assert b"cement" not in before


@pytest.mark.parametrize(
    "text",
    ["area,year,activity,item,value,unit,source,note\n北京,2019,no such,,1,t,,\n", "nothing\n"],
    ids=["wrong", "no table"],
)
def test_what_is_no_template_is_refused(tmp_path, text):
    """A table with a fault, or a file that is none, is refused as before."""
    built = build_at(with_template(tmp_path / "甲", text))
    assert any("activity.csv" in reason for reason in built.reasons)
