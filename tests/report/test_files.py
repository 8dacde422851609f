"""Files: by their suffix, whole or not there, and no cell that a spreadsheet executes."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct.errors import Finding, OutputError
from carbonacct.inventory import inventory_files
from carbonacct.report import list_findings, summarise, write_frame, write_inventory
from carbonacct.text_columns import count_columns

FRAME = pd.DataFrame(
    {
        "area": ["=1+1", "<script>alert(1)</script>"],
        "year": [2019, 2020],
        "flow": ["industry", "transport"],
        "product": ["coke", "diesel"],
        "category": ["1.A.2", "1.A.3"],
        "scope": [1, 1],
        "gas": ["CO2", "CO2"],
        "value": [0.1 + 0.2, -1e-300],
        "unit": ["t", "t"],
        "method": ["m", "m"],
    }
)


def test_csv_reads_back_and_neutralises_formulas(tmp_path):
    """Floats read back equal; a text that starts like a formula is quoted."""
    write_frame(FRAME, str(tmp_path / "a.csv"))
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        back = list(csv.DictReader(stream))
    assert [float(row["value"]) for row in back] == FRAME["value"].tolist()
    assert back[0]["area"] == "'=1+1"


def test_xlsx_holds_text_as_text_and_numbers_with_all_their_digits(tmp_path):
    """A text that starts with = is a text cell, no formula; findings have a sheet; floats read back equal."""
    write_frame(
        FRAME,
        str(tmp_path / "a.XLSX"),
        [Finding("r", "error", "=cmd()", "a!b!C1", "do")],
        title="in[ven]tory",
    )
    book = openpyxl.load_workbook(tmp_path / "a.XLSX")
    assert book.sheetnames == ["in_ven_tory", "findings"]
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=1+1", True)
    assert book["findings"]["D2"].data_type == "s"
    assert [book.worksheets[0][f"H{row}"].value for row in (2, 3)] == FRAME["value"].tolist()


def test_html_escapes(tmp_path):
    """Names from a table never become markup."""
    write_frame(FRAME, str(tmp_path / "a.html"), [Finding("r", "error", "<b>")])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page


def test_any_table_is_a_cube_or_rows_in_netcdf(tmp_path):
    """A table whose labels are unique keeps them as dimensions with its unit; any other is rows."""
    write_frame(FRAME, str(tmp_path / "a.nc"))
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as data:
        assert data["value"].attrs["units"] == "t"
        assert data["value"].sel(area="=1+1").max().item() == 0.1 + 0.2
    write_frame(pd.DataFrame({"area": ["a", "b"], "slope": [0.1, 0.2]}), str(tmp_path / "b.nc"))
    with xr.open_dataset(tmp_path / "b.nc", engine="h5netcdf") as data:
        assert data["slope"].values.tolist() == [0.1, 0.2]


def test_what_was_there_stays_when_writing_fails(tmp_path, monkeypatch):
    """A result is written beside and moved: a failure leaves the old file and no half of the new one."""
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carbonacct.report.frames.format_csv", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_frame(FRAME, str(target), overwrite=True)
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "suffix", [".csv", ".xlsx", ".docx", ".html", ".nc", ".parquet", ".json", ".primap.csv"]
)
def test_an_existing_file_is_replaced_only_if_asked(tmp_path, suffix):
    """Every kind refuses a file that is there, leaves it as it was, and replaces it under overwrite."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    target = tmp_path / f"a{suffix}"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match="exists already; replace it with --overwrite"):
        write_inventory([inventory], str(target))
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]
    write_inventory([inventory], str(target), overwrite=True)
    assert target.stat().st_size > 1000


def test_the_second_file_of_a_result_is_not_replaced_unseen(tmp_path):
    """The description beside a .primap.csv is there already: neither of the two is written."""
    (tmp_path / "a.primap.yaml").write_text("old", encoding="utf-8")
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    with pytest.raises(OutputError, match=r"a\.primap\.yaml: exists already"):
        write_inventory([inventory], str(tmp_path / "a.primap.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.primap.yaml"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.csv", "is a folder; name a file in it"),
        (".", "is a folder; name a file in it"),
        ("a.xlsxx", r"did you mean \.xlsx"),
        ("a", "follows its suffix"),
        (".csv", "follows its suffix"),
        ("nowhere/b.csv", "does not exist; make it first"),
    ],
)
def test_a_place_that_cannot_hold_a_result_is_refused(tmp_path, name, said):
    """One clear line each, for a table and for an inventory, and nothing is written."""
    (tmp_path / "a.csv").mkdir()
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    for write in (
        lambda target: write_frame(FRAME, target),
        lambda target: write_inventory([inventory], target),
    ):
        with pytest.raises(OutputError, match=said) as caught:
            write(f"{tmp_path}/{name}")
        assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("name", ["a.crt.json", "A.Primap.CSV", "a.brief.html"])
def test_no_other_file_bears_the_name_of_a_format(tmp_path, name):
    """A table of rows is neither CRT JSON nor what primap2 opens; nor is an inventory CRT JSON."""
    with pytest.raises(
        OutputError,
        match=r"names a format of its own, which carbonacct (official|inventory) writes",
    ):
        write_frame(FRAME, str(tmp_path / name))
    if name == "a.crt.json":
        inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
        with pytest.raises(OutputError, match=r"official writes; known here: \.csv \.xlsx"):
            write_inventory([inventory], str(tmp_path / name))
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(
    not Path("/proc/self").is_dir(), reason="there is no folder here that nobody can write to"
)
def test_a_folder_that_cannot_be_written_to_is_said():
    """One line that names the target."""
    with pytest.raises(OutputError, match=r"/proc/self/a\.csv: cannot be written"):
        write_frame(FRAME, "/proc/self/a.csv")


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    """Without pyarrow the message says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(inventory_files, "take_in", lambda _: None)
    with pytest.raises(OutputError, match=r"pip install 'carbonacct\[parquet\]'"):
        write_frame(FRAME, str(tmp_path / "a.parquet"))


def test_the_summary_is_aligned():
    """Wide characters count double, so that the numbers stand in one column."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    lines = summarise(inventory.to_frame(), inventory.findings, lang="zh").splitlines()
    ends = {count_columns(line) for line in lines if line.endswith(" Mt")}
    assert len(ends) == 1


def test_findings_are_grouped_by_severity_and_rule():
    """Errors first; at most so many of one rule, and how many more."""
    findings = [Finding("a", "info", "x"), *[Finding("b", "error", str(n)) for n in range(5)]]
    lines = list_findings(findings, shown=2)
    assert lines[0] == "findings: 5 error, 0 warning, 1 info"
    assert "and 3 more of this kind" in lines[3]
    assert len(list_findings(findings)) == 7


@pytest.mark.parametrize(("lang", "none"), [("en", "no number"), ("zh", "没有因子或数据")])
def test_a_total_of_zero_is_a_number_and_an_absent_one_is_said(lang, none):
    """Scope 1 adds up to zero and is shown as zero; scope 2 has no cell and is no zero."""
    zero = FRAME.assign(value=[0.0, 0.0], area="重庆", year=2019)
    direct, indirect = (
        line
        for line in summarise(zero, [], lang=lang).splitlines()
        if "scope" in line or "范围" in line
    )
    assert direct.endswith(" 0.0000 Mt")
    assert indirect.endswith(none)
    assert "Mt" not in indirect
    direct, indirect = (
        line
        for line in summarise(zero.assign(scope=2, value=[2e6, 1e6]), [], lang=lang).splitlines()
        if "scope" in line or "范围" in line
    )
    assert direct.endswith(none)
    assert indirect.endswith(" 3.0000 Mt")
