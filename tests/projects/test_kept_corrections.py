"""A corrected cell: read as corrected, reported, bound to what the cell held, and undone without its line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

import carbonacct as ca
from carbonacct.errors import CarbonacctError, ProjectError, TableError
from carbonacct.projects.freezing import find_submission, freeze
from carbonacct.projects.kept_corrections import correct_cell, read_corrections, write_corrections
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.recalculation import explain_submission
from carbonacct.report.outputs import make_renderers
from carbonacct.sheets.cell_corrections import Correction, correct_sheets
from carbonacct.sheets.raw_sheets import Sheet
from tests.projects.folders import (
    build_at,
    make_project,
    open_at,
    outputs_of,
    states_of,
    write_table,
)

ONE = Correction("t.csv", "", "B3", "100.0", "90", "the yearbook prints 90", "王", "2026-01-01")


@pytest.fixture
def project(tmp_path):
    """Return a project of three years."""
    return make_project(tmp_path / "p")


def test_a_corrected_cell_is_read_as_corrected(tmp_path):
    """The number, the total and the way back follow the correction; the file does not change; a finding says it."""
    path = write_table(tmp_path, 2020, name="t.csv")
    before = path.read_bytes()
    plain, corrected = ca.read_balance(path), ca.read_balance(path, corrections=[ONE])
    amounts = [
        float(one.quantity("raw_coal").sel(flow="industry").item().to("t").magnitude)
        for one in (plain, corrected)
    ]
    assert amounts == [1_000_000.0, 900_000.0]
    (said,) = [one for one in corrected.findings if one.rule == "corrected"]
    assert (said.where, said.severity) == ("t.csv!B3", "info")
    assert "100.0 is read as 90" in said.message
    assert "the yearbook prints 90" in said.message
    assert path.read_bytes() == before
    same = write_table(tmp_path, 2020, name="s.csv", coal="90")
    assert ca.read_balance(same).amounts.equals(corrected.amounts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seen": "101"}, "holds '100.0', and its correction was made of '101'"),
        ({"cell": "Z99"}, "holds ''"),
        ({"sheet": "x"}, "sheet 'x'"),
        ({"cell": "3B"}, "is no cell"),
    ],
)
def test_a_correction_of_another_table_is_refused(tmp_path, change, said):
    """A cell that holds something else than it did, or is not there, is no cell to correct: nothing is guessed."""
    path = write_table(tmp_path, 2020, name="t.csv")
    with pytest.raises(TableError, match=said):
        ca.read_balance(path, corrections=[replace(ONE, **change)])


def test_a_correction_of_another_file_is_passed_by(tmp_path):
    """Corrections are bound to their file."""
    path = write_table(tmp_path, 2020, name="other.csv")
    assert not [
        one for one in ca.read_balance(path, corrections=[ONE]).findings if one.rule == "corrected"
    ]


@given(
    held=st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(-1000, 1000),
        st.text(max_size=5),
    ),
    value=st.text(max_size=6),
)
@example(held=0.0, value="NAN")
@example(held=0.0, value="1_000")
def test_one_cell_changes_and_no_other(held, value):
    """The sheet with the correction differs in that cell alone, and the sheet given is left as it was."""
    rows = [["a", held, 3.0], ["b"]]
    sheet = Sheet("t.csv", "", rows)
    seen = f"{held:.15g}" if isinstance(held, float) else str(held)
    (made,) = correct_sheets([sheet], [replace(ONE, cell="B1", seen=seen, value=value)])
    assert rows == [["a", held, 3.0], ["b"]]
    assert [made.rows[0][0], made.rows[0][2], made.rows[1]] == ["a", 3.0, ["b"]]
    assert str(made.rows[0][1]) == value or float(made.rows[0][1]) == float(value)


def test_a_project_keeps_corrections(project):
    """One line a cell; the same cell again takes its place; what the cell holds takes it back."""
    declaration = read_declaration(project)
    where = "tables/北京2020.csv!B3"
    one = correct_cell(declaration, where, "90", because="印刷错误", by="王")
    assert (one.seen, one.value) == ("102.0", "90")
    correct_cell(declaration, where, "91", because="=1+1", by="王")
    path = project / "corrections.csv"
    assert [(one.cell, one.value, one.because) for one in read_corrections(path)] == [
        ("B3", "91", "=1+1")
    ]
    assert "'=1+1" in path.read_text(encoding="utf-8")
    correct_cell(declaration, where, "102.0", because="it was right", by="王")
    assert read_corrections(path) == []


@pytest.mark.parametrize(
    ("where", "reason", "said"),
    [
        ("tables/x.csv!B3", "r", "no table of the project"),
        ("tables/北京2020.csv!ZZ9", "r", "outside the sheet"),
        ("tables/北京2020.csv!one!B3", "r", "no sheet"),
        ("tables/北京2020.csv!B3", " ", "a reason and a name"),
        ("carbonacct.toml!B3", "r", "no table of the project"),
        ("tables/北京2020.csv", "r", "is no cell"),
    ],
)
def test_what_cannot_be_corrected_is_said(project, where, reason, said):
    """No such table, sheet or cell, or no reason: nothing is written."""
    with pytest.raises(CarbonacctError, match=said):
        correct_cell(read_declaration(project), where, "1", because=reason, by="王")
    assert not (project / "corrections.csv").exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "file,sheet,cell,seen,value,because,by,on\na.csv,,B3,1,2,,王,\n",
            "corrections.csv:2: has no because",
        ),
        (
            "file,sheet,cell,seen,value,because,by,on\na.csv,,B3,1,2,r,王,\na.csv,,B3,1,3,r,王,\n",
            "corrections.csv:3: B3 of a.csv is corrected twice",
        ),
        (
            "file,sheet,cell,seen,value,because,by,on\na.csv,,3B,1,2,r,王,\n",
            "corrections.csv:2: '3B' is no cell",
        ),
    ],
)
def test_faults_of_the_file_are_said_with_their_line(tmp_path, lines, said):
    """A line by hand that lacks something, or says a cell twice."""
    (tmp_path / "corrections.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(ProjectError, match=said):
        read_corrections(tmp_path / "corrections.csv")


def test_only_what_a_correction_touches_is_made_again(project):
    """The year of the corrected table runs again and no other; taking the line out brings back the same bytes."""
    build_at(project)
    first = outputs_of(project)
    keys = {run.files[0].path: run.key for _, run in open_at(project).runs()}
    correct_cell(read_declaration(project), "tables/北京2020.csv!B3", "90", because="r", by="王")
    now = {run.files[0].path: run.key for _, run in open_at(project).runs()}
    assert {path for path in keys if keys[path] != now[path]} == {"tables/北京2020.csv"}
    assert states_of(build_at(project)) == {"data": "made", "panel": "made", "record": "made"}
    assert outputs_of(project)["inventory.csv"] != first["inventory.csv"]
    write_corrections(project / "corrections.csv", [])
    build_at(project)
    made = outputs_of(project)
    assert {name: made[name] for name in ("inventory.csv", "panel.csv", "inventory.json")} == {
        name: first[name] for name in ("inventory.csv", "panel.csv", "inventory.json")
    }


def test_a_submission_holds_corrections_and_a_later_one_is_of_the_data(project):
    """Corrections are frozen with the tables; what another one changes is a change of data, to the gram."""
    correct_cell(read_declaration(project), "tables/北京2019.csv!B3", "95", because="r", by="王")
    freeze(open_at(project), "2020", make_renderers())
    submission = find_submission(project, "2020")
    assert (submission / "inputs" / "corrections.csv").read_bytes() == (
        project / "corrections.csv"
    ).read_bytes()
    assert explain_submission(open_at(project), submission).difference.table.empty
    correct_cell(read_declaration(project), "tables/北京2020.csv!B3", "90", because="r", by="王")
    table = explain_submission(open_at(project), submission).difference.table
    assert set(table["year"]) == {2020}
    assert (table["data"] == table["change"]).all()
    manifest = json.loads((submission / "manifest.json").read_text(encoding="utf-8"))
    assert "corrections.csv" not in {one["path"] for one in manifest["inputs"]}


@pytest.mark.parametrize("same", ["102.0", "102", " 102 "])
def test_a_correction_that_changes_nothing_is_refused(project, same):
    """What the cell holds is no correction; of a cell that is corrected it takes the line back."""
    declaration, where = read_declaration(project), "tables/北京2020.csv!B3"
    with pytest.raises(
        CarbonacctError, match=r"北京2020\.csv!B3: holds 102\.0 already; give what is to"
    ):
        correct_cell(declaration, where, same, because="r", by="王")
    assert not (project / "corrections.csv").exists()
    correct_cell(declaration, where, "90", because="r", by="王")
    correct_cell(declaration, where, same, because="r", by="王")
    assert read_corrections(project / "corrections.csv") == []


def test_a_cell_of_a_hidden_sheet_is_corrected(project):
    """Who names the sheet in full means it; it is read where a mapping names it, with the correction."""
    book = Workbook()
    book.active.append(["remarks"])
    hidden = book.create_sheet("data")
    hidden.sheet_state = "hidden"
    for row in (
        ["北京能源平衡表 2022"],
        ["项目", "原煤（万吨）"],
        ["终端消费量", 60],
        ["工业", 70],
    ):
        hidden.append(row)
    book.save(project / "tables" / "北京2022.xlsx")
    declared = project / "carbonacct.toml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("tables/*.csv", "tables/*"), encoding="utf-8")
    one = correct_cell(
        read_declaration(project), "tables/北京2022.xlsx!data!B4", "60", because="r", by="王"
    )
    assert (one.sheet, one.seen) == ("data", "70")
    balance = ca.read_tables(
        project / "tables" / "北京2022.xlsx",
        sheet="data",
        corrections=[replace(one, file="北京2022.xlsx")],
    ).balance
    assert float(balance.amounts.sel(flow="industry").squeeze()) == 600_000
