"""carbonacct.toml is read strictly; init writes one that builds; status says how it stands."""

from __future__ import annotations

import shutil

import pytest

from carbonacct.cli.main import main
from carbonacct.errors import ProjectError
from carbonacct.projects.declaration_keys import read_years
from carbonacct.projects.freezing import freeze
from carbonacct.projects.project_declaration import find_project, read_declaration
from carbonacct.projects.scanning import find_tables
from carbonacct.projects.status import list_status, say_status
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import build_at, declare, make_project, open_at, write_table

GOOD = """\
schema = 1
project = { name = "A", years = "2019-2020" }
methods = { energy = "provincial-2011" }
table = [{ files = "tables/*" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("schema = 1", "schema = 2", "this program reads schema = 1"),
        ('name = "A"', 'name = "A", allow_unverified = true', "it is a key of energy"),
        ("years", "yers", "no key 'project.yers'; did you mean years"),
        ("methods", "method", "no key 'method'; did you mean methods"),
        (', years = "2019-2020"', "", "project has no years"),
        ('energy = "provincial-2011"', "", "methods has no energy"),
        ("2019-2020", "2020-2019", "run backwards"),
        ("2019-2020", "20-21", "are not years; write"),
        ("tables/*", "/etc/*", "a path inside the project's folder"),
        ("tables/*", "../*", "a path inside the project's folder"),
        ('files = "tables/*"', 'mapping = "m.csv"', "table has no files"),
        ('name = "A"', 'name = "A", lang = "fr"', "project.lang is 'fr'; known: zh, en"),
        ("schema = 1", 'schema = 1\nsplice = [{ years = "2019" }]', "splice has no technique"),
        (
            "schema = 1",
            'schema = 1\nsplice = [{ years = "2019", technique = "intrapolation", because = "x" }]',
            "did you mean interpolation",
        ),
        ("schema = 1", "schema = 1\ntarget = 3", "target is no list of tables"),
        ("schema = 1", "schema =", "is no TOML"),
        ("schema = 1", "schema = 1\noutputs = 3", "of another kind"),
        ("schema = 1", "schema = 1\nscenario = { base = 2020 }", "scenario has no file"),
        (
            "schema = 1",
            'schema = 1\nscenario = { file = "a.csv", base_error = "5%" }',
            "of another kind",
        ),
        (
            "schema = 1",
            'schema = 1\nscenario = { files = "a.csv" }',
            "no key 'scenario.files'; did you mean file",
        ),
        ("schema = 1", 'schema = 1\ntarget = [{ quantty = "co2" }]', "did you mean quantity"),
    ],
)
def test_a_slip_is_said(tmp_path, old, new, words):
    """Each slip of the file is one line that names the key and what to write."""
    assert old in GOOD
    (tmp_path / "carbonacct.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProjectError, match=words) as caught:
        read_declaration(tmp_path)
    assert "carbonacct.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_years():
    """Spans and lists, in order and once."""
    assert read_years("2019-2021, 2015，2020") == (2015, 2019, 2020, 2021)


def test_a_project_is_found_from_a_folder_in_it(tmp_path):
    """A command in tables/ means the project above; elsewhere it says how to start one."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "carbonacct.toml").write_text(GOOD, encoding="utf-8")
    assert find_project(tmp_path / "tables") == tmp_path.resolve()
    (tmp_path / "carbonacct.toml").unlink()
    with pytest.raises(ProjectError, match="carbonacct init AREA"):
        find_project(tmp_path / "tables")


def test_a_table_that_supersedes_another(tmp_path):
    """The revised print takes the place of the first; lock files are no tables."""
    folder = make_project(tmp_path / "甲")
    write_table(folder, 2019, coal=50.0, name="revised.csv")
    (folder / "tables" / "~$revised.csv").write_text("lock", encoding="utf-8")
    text = (folder / "carbonacct.toml").read_text(encoding="utf-8")
    revised = '{ files = "tables/revised.csv", supersedes = "tables/北京2019.csv" }, '
    held = text.replace("table = [", f"table = [{revised}")
    (folder / "carbonacct.toml").write_text(held, encoding="utf-8")
    names = [path for path, _ in find_tables(read_declaration(folder))]
    assert names == ["tables/revised.csv", "tables/北京2018.csv", "tables/北京2020.csv"]
    assert not build_at(folder).refused
    wrong = held.replace("tables/revised.csv", "tables/revise.csv")
    (folder / "carbonacct.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ProjectError, match="there is no such table"):
        find_tables(read_declaration(folder))


def test_an_output_for_each_area(tmp_path):
    """`{area}` in a path makes one file an area, each with its own entries alone."""
    folder = make_project(tmp_path / "甲", years=(2019,))
    write_table(folder, 2019, area="天津", coal=7.0)
    text = (folder / "carbonacct.toml").read_text(encoding="utf-8")
    text += 'each = "output/{area}.csv"\nbook = "output/{area}.xlsx"\n'
    (folder / "carbonacct.toml").write_text(text, encoding="utf-8")
    assert not [one for one in build_at(folder).outputs if one.state != "made"]
    for area, other in (("北京", "天津"), ("天津", "北京")):
        rows = (folder / "output" / f"{area}.csv").read_text(encoding="utf-8").splitlines()[1:]
        assert all(row.startswith(f"{area},") for row in rows)
        assert not any(other in row for row in rows)
        assert (folder / "output" / f"{area}.xlsx").exists()


def test_init_writes_a_project_that_builds(tmp_path, capsys):
    """A new folder has all that is needed; a second init leaves it alone."""
    folder = tmp_path / "重庆"
    words = ["init", "重庆", "--folder", str(folder), "--years", "2007", "--lang", "zh"]
    assert main(words) == 0
    assert "-text" in (folder / ".gitattributes").read_text(encoding="utf-8")
    assert ".carbonacct/" in (folder / ".gitignore").read_text(encoding="utf-8")
    shutil.copy("docs/tables/chongqing_2007.csv", folder / "tables")
    (folder / "drivers.csv").write_text("area,year,gdp (亿元)\n重庆,2007,1\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["build", "--project", str(folder)]) == 0
    assert "made      output/重庆.xlsx" in capsys.readouterr().out
    assert main(words) == 2
    assert "已经是项目" in capsys.readouterr().err
    assert main(["init", "x", "--folder", str(tmp_path / "x"), "--method", "provincial"]) == 2
    assert "did you mean provincial-2011" in capsys.readouterr().err


def test_status_names_what_is_open(tmp_path):
    """Years, outputs, the last submission and what differs from it, open findings."""
    folder = make_project(tmp_path / "甲")
    assert "no submission" in say_status(list_status(open_at(folder, making=False)))
    freeze(open_at(folder), "2020", make_renderers())
    said = say_status(list_status(open_at(folder, making=False)))
    assert "北京: 3 years, 2018 to 2020" in said
    assert "submission 2020: its tables are these" in said
    assert any(line.startswith("current") for line in said)
    write_table(folder, 2019, coal=1.0)
    write_table(folder, 2021)
    said = say_status(list_status(open_at(folder, making=False)))
    changed = "submission 2020: changed: tables/北京2019.csv; new: tables/北京2021.csv"
    assert changed in said
    declare(folder, method="ceads")
    assert (
        sum(
            line.startswith("stale")
            for line in say_status(list_status(open_at(folder, making=False)))
        )
        == 3
    )
