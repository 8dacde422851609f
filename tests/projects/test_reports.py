"""Page, workbook and chapter of several years: the same bytes however one came to them."""

from __future__ import annotations

import shutil

from tests.projects.folders import build_at, make_project, outputs_of, states_of, write_table

REPORTS = """[outputs]
page = "output/a.html"
workbook = "output/a.xlsx"
chapter = "output/a.docx"
"""


def test_reports_of_an_incremental_build_are_those_of_a_clean_one(tmp_path):
    """A cell that changes, a year that comes and one that goes leave no trace in the bytes of reports."""
    folder = make_project(tmp_path / "甲", years=(2018, 2019))
    file = folder / "carbonacct.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("[outputs]\n", REPORTS), encoding="utf-8"
    )
    build_at(folder)
    write_table(folder, 2019, coal=90.0)
    write_table(folder, 2020, coal=95.0)
    assert set(states_of(build_at(folder)).values()) == {"made"}
    (folder / "tables" / "北京2018.csv").unlink()
    build_at(folder)
    clean = tmp_path / "clean" / "甲"
    shutil.copytree(folder, clean, ignore=shutil.ignore_patterns(".carbonacct", "output"))
    build_at(clean)
    assert outputs_of(folder) == outputs_of(clean)
