"""Panels from files: what is a number, a label, a note or a name, and which file is none."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct.analysis.long_table import KINDS, read_long_table
from carbonacct.errors import TableError

FRAME = pd.DataFrame({"area": ["001", "002"], "year": [2019, 2020], "co2": [1.5, None]})


def read(folder, text, name="a.csv", labels=("area",)):
    """Return the table of a text."""
    (folder / name).write_text(text, encoding="utf-8")
    return read_long_table(folder / name, labels=labels)[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_cut_where_the_header_says(tmp_path, delimiter):
    """The most frequent delimiter of the header; labels stay text, blanks are missing, rows keep their number."""
    text = "area,year,co2\n001,2019,1.5\n\n002,2020,\n".replace(",", delimiter)
    table = read(tmp_path, text)
    assert table["area"].tolist() == ["001", "002"]
    assert table["year"].tolist() == [2019, 2020]
    assert table["co2"].tolist()[0] == 1.5
    assert pd.isna(table["co2"]).tolist() == [False, True]
    assert table.index.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5"], "f"),
        (["1", ""], "f"),
        (["1", "nan"], "O"),
        (["nan", "nan"], "O"),
        (["nan", ""], "O"),
        (["1_000", "2"], "O"),
        (["1", "-"], "O"),
        (["1,000", "2"], "O"),
        (["a", "b"], "O"),
    ],
)
def test_a_column_of_numbers(tmp_path, cells, kind):
    """Each cell is a number or blank: a word that Python takes for a number leaves the column as text."""
    lines = "".join(f'A,"{cell}"\n' for cell in cells)
    column = read(tmp_path, f"area,co2\n{lines}")["co2"]
    assert (column.dtype.kind == "f") == (kind == "f")
    if kind == "O":
        assert column.fillna("").tolist() == cells


def test_text_of_a_spreadsheet_that_was_guarded_is_plain(tmp_path):
    """What a program wrote with ' before = is read without it, in names and in cells."""
    table = read(tmp_path, "area,'=co2\n'=A,1\n")
    assert table.to_dict("list") == {"area": ["=A"], "=co2": [1.0]}


@pytest.mark.parametrize("kind", [".csv", ".xlsx", ".ods", ".parquet"])
def test_each_kind_gives_the_same_table(tmp_path, kind):
    """Labels as text and numbers as numbers, whatever the file."""
    path = tmp_path / f"a{kind}"
    frame = FRAME.assign(area=["A", "B"])
    {
        ".csv": lambda: frame.to_csv(path, index=False),
        ".xlsx": lambda: frame.to_excel(path, index=False),
        ".ods": lambda: frame.to_excel(path, index=False, engine="odf"),
        ".parquet": lambda: frame.to_parquet(path),
    }[kind]()
    table, notes = read_long_table(path, labels=["area"])
    assert notes == []
    assert table["area"].tolist() == ["A", "B"]
    assert table["year"].tolist() == [2019, 2020]
    assert table["co2"].astype(float).tolist()[0] == 1.5
    assert table["co2"].isna().tolist() == [False, True]


def test_codes_of_areas_in_a_workbook_are_text(tmp_path):
    """110000 that a workbook holds as a number with a point is the code, not 110000.0."""
    frame = pd.DataFrame({"area": [110000.0, None, "A"], "co2": [1.0, 2.0, 3.0]})
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    table = read_long_table(tmp_path / "a.xlsx", labels=["area"])[0]
    assert table["area"].tolist()[0] in {"110000", 110000}
    assert pd.isna(table["area"].tolist()[1])


def test_notes_below_a_table_are_told(tmp_path):
    """Rows that hold one text each in the first cell end the table; a finding says which."""
    (tmp_path / "a.csv").write_text(
        "area,co2\nA,1\nB,2\n注：初步数据\n来源：统计局\n", encoding="utf-8"
    )
    table, found = read_long_table(tmp_path / "a.csv", labels=["area"])
    assert table["area"].tolist() == ["A", "B"]
    assert table["co2"].tolist() == [1, 2]
    (finding,) = found
    assert (finding.rule, finding.where) == ("note-rows", "a.csv")
    assert finding.message.endswith("left out: row 4 (注：初步数据), row 5 (来源：统计局)")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.doc", "", r"a\.doc: the kind of a panel follows its suffix; "),
        ("a.csvv", "", r"a\.csvv: the kind of a panel follows its suffix; did you mean \.csv"),
        ("a.csv", "", r"a\.csv: has no header in its first row"),
        ("a.csv", ",,\n1,2,3\n", r"a\.csv: has no header in its first row"),
        ("a.csv", "area,co2,co2\nA,1,2\n", r"a\.csv: the column 'co2' is there twice"),
        (
            "a.csv",
            "area,co2\nA,1,2\n",
            r"a\.csv: row 2 has more cells than the header, which has 2; quote texts",
        ),
        (
            "a.csv",
            "Table of CO2\nA,1,2\n",
            r"row 2 has more cells .* row 1 \(Table of CO2\) is a title; take it out",
        ),
        ("a.xlsx", "no workbook", r"a\.xlsx: is damaged, or no workbook; save it again"),
        ("a.parquet", "no parquet", r"a\.parquet: cannot be read as \.parquet"),
        ("a.nc", "no netcdf", r"a\.nc: cannot be read as \.nc"),
    ],
)
def test_a_file_that_is_no_panel_says_why(tmp_path, name, text, message):
    """In one line, with the file and what to do."""
    with pytest.raises(TableError, match=message) as caught:
        read(tmp_path, text, name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_not_there_says_so(tmp_path, kind):
    """Whatever its kind."""
    with pytest.raises(
        TableError, match=rf"a\{kind}: cannot be opened \(No such file or directory\)"
    ):
        read_long_table(tmp_path / f"a{kind}")


def test_a_column_without_a_name_has_its_place(tmp_path):
    """In a text and in a workbook alike."""
    table = read(tmp_path, "area,,co2\nA,x,1\n")
    assert list(table) == ["area", "column 2", "co2"]
    pd.DataFrame([["area", None, "co2"], ["A", "x", 1]]).to_excel(
        tmp_path / "b.xlsx", index=False, header=False
    )
    assert list(read_long_table(tmp_path / "b.xlsx")[0]) == ["area", "column 2", "co2"]
