"""Sheets that a project names, of tables, drivers and forms: several may stand in one workbook."""

import openpyxl
import pandas as pd
import pytest

from carbonacct.errors import ProjectError
from tests.projects.folders import HEAD, ROWS, build_at, declare, open_at, states_of

TOML = """schema = 1
project = { name = "甲", years = "2018", lang = "en" }
methods = { energy = "provincial-2011" }
table = [{ files = "book.xlsx", sheet = "平衡表*" }]
drivers = [{ file = "book.xlsx", sheet = "人口" }, { file = "book.xlsx", sheet = "GDP" }]
index = [{ id = "peaking-pilot-city", file = "book.xlsx", sheet = "表格" }]
outputs = { panel = "output/panel.csv", indices = "output/indices.csv" }
"""
SHEETS = {
    "说明": [["与能源无关"]],
    "平衡表2018": [
        *(line.split(",") for line in HEAD.format(area="北京", year=2018).splitlines()),
        *map(list, ROWS),
    ],
    "人口": [["年份", "人口(万人)"], [2018, 2154]],
    "GDP": [["年份", "地区生产总值(亿元)"], [2018, 30000]],
    "表格": [["地区", "年份", "第三产业增加值（亿元）"], ["北京", 2018, 24000]],
}


def _make(folder, sheets=SHEETS, toml=TOML):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "book.xlsx")
    (folder / "carbonacct.toml").write_text(toml, encoding="utf-8")


def test_one_workbook_holds_table_drivers_and_form(tmp_path):
    """Each is read from the sheet that its line names; the sheet of notes is of none."""
    _make(tmp_path)
    built = build_at(tmp_path)
    assert not built.has_failed
    panel = pd.read_csv(tmp_path / "output" / "panel.csv")
    assert panel[["population (万人)", "gdp (亿元)"]].to_numpy().tolist() == [[2154, 30000]]
    rows = pd.read_csv(tmp_path / "output" / "indices.csv").set_index("indicator")
    assert rows.loc["tertiary_share", "value"] == 80  # 24000 of 30000
    assert "book.xlsx!表格!C2" in rows.loc["tertiary_share", "cells"]


def test_another_sheet_is_another_input(tmp_path):
    """The bytes of the workbook are the same, and what is read of it is not."""
    more = SHEETS | {"人口2": [["年份", "人口(万人)"], [2018, 2200]]}
    _make(tmp_path, more)
    build_at(tmp_path)
    _make(tmp_path, more, TOML.replace('sheet = "人口"', 'sheet = "人口2"'))
    assert states_of(build_at(tmp_path))["panel"] == "made"
    panel = pd.read_csv(tmp_path / "output" / "panel.csv")
    assert panel["population (万人)"].tolist() == [2200]


def test_a_sheet_that_is_not_there_is_named(tmp_path):
    """Of drivers the tables that need them fail, with the sheets of the workbook; of a table, it is refused."""
    _make(tmp_path, toml=TOML.replace('sheet = "GDP"', 'sheet = "产值"'))
    (panel,) = [one for one in build_at(tmp_path).outputs if one.name == "panel"]
    assert panel.state == "failed"
    assert "book.xlsx: has no sheet '产值'; its sheets: 说明, 平衡表2018" in panel.message
    _make(tmp_path, toml=TOML.replace('sheet = "平衡表*"', 'sheet = ["平衡表2017"]'))
    with pytest.raises(ProjectError, match="has no sheet '平衡表2017'"):
        build_at(tmp_path)


@pytest.mark.parametrize(
    "more", ['index = [{ id = "ccni-2.0", sheet = ["a", "b"] }]', "energy = {}\nnote = []"]
)
def test_one_sheet_is_one_name(tmp_path, more):
    """Drivers and forms are one table each; what says nothing of sheets is as before."""
    declare(tmp_path, more=more)
    if "sheet" not in more:
        assert open_at(tmp_path).declaration.bases[0].sheet == ""
        return
    with pytest.raises(ProjectError, match="write the name of one sheet"):
        open_at(tmp_path)
