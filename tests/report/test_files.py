"""Files: by their suffix, whole or not there, and no cell that a spreadsheet executes."""

from __future__ import annotations

import csv
import sys

import openpyxl
import pandas as pd
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct.errors import Finding, OutputError
from carbonacct.report import list_findings, summarise, write_frame
from carbonacct.report.terminal import width

FRAME = pd.DataFrame({"area": ["=1+1", "<script>alert(1)</script>"], "year": [2019, 2020], "flow": ["industry", "transport"], "product": ["coke", "diesel"],
                      "category": ["1.A.2", "1.A.3"], "scope": [1, 1], "gas": ["CO2", "CO2"], "value": [0.1 + 0.2, -1e-300], "unit": ["t", "t"], "method": ["m", "m"]})  # fmt: skip


def test_csv_reads_back_and_neutralises_formulas(tmp_path):
    """Floats read back equal; a text that starts like a formula is quoted."""
    write_frame(FRAME, str(tmp_path / "a.csv"))
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        back = list(csv.DictReader(stream))
    assert [float(row["value"]) for row in back] == FRAME["value"].tolist()
    assert back[0]["area"] == "'=1+1"


def test_xlsx_holds_text_as_text(tmp_path):
    """A text that starts with = is a string cell, not a formula; findings have their own sheet."""
    write_frame(FRAME, str(tmp_path / "a.xlsx"), [Finding("r", "error", "=cmd()", "a!b!C1", "do")], title="in[ven]tory")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")
    assert book["findings"]["D2"].data_type == "s"
    assert book.worksheets[0]["H2"].value == pytest.approx(0.3, rel=1e-15)  # 16 digits: what the file format holds


def test_html_escapes(tmp_path):
    """Names from a table never become markup."""
    write_frame(FRAME, str(tmp_path / "a.html"), [Finding("r", "error", "<b>")])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page


def test_netcdf_and_parquet_read_back(tmp_path):
    """The two binary kinds keep floats and labels."""
    frame = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads").to_frame()
    write_frame(frame, str(tmp_path / "a.parquet"))
    assert pd.read_parquet(tmp_path / "a.parquet")["value"].tolist() == frame["value"].tolist()
    write_frame(frame, str(tmp_path / "a.nc"))
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as data:
        assert data["value"].attrs["units"] == "t"
        assert (
            float(data["value"].sel(flow="transport", product="diesel").item())
            == frame.set_index(["flow", "product"])["value"]["transport", "diesel"]
        )
        assert data["category"].sel(flow="transport").item() == "1.A.3"


def test_what_was_there_stays_when_writing_fails(tmp_path, monkeypatch):
    """A result is written beside and moved: a failure leaves the old file and no half of the new one."""
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carbonacct.report.files._csv", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_frame(FRAME, str(target))
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_and_an_unknown_suffix_are_refused(tmp_path):
    """One clear line each."""
    folder = tmp_path / "a.csv"
    folder.mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_frame(FRAME, str(folder))
    with pytest.raises(OutputError, match=r"did you mean \.xlsx"):
        write_frame(FRAME, str(tmp_path / "a.xlsxx"))


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    """Without pyarrow the message says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"pip install 'carbonacct\[parquet\]'"):
        write_frame(FRAME, str(tmp_path / "a.parquet"))


def test_the_summary_is_aligned():
    """Wide characters count double, so that the numbers stand in one column."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    lines = summarise(inventory.to_frame(), inventory.findings, lang="zh").splitlines()
    ends = {width(line) for line in lines if line.endswith(" Mt")}
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
    direct, indirect = (line for line in summarise(zero, [], lang=lang).splitlines() if "scope" in line or "范围" in line)
    assert direct.endswith(" 0.0000 Mt")
    assert indirect.endswith(none)
    assert "Mt" not in indirect
    direct, indirect = (line for line in summarise(zero.assign(scope=2, value=[2e6, 1e6]), [], lang=lang).splitlines() if "scope" in line or "范围" in line)
    assert direct.endswith(none)
    assert indirect.endswith(" 3.0000 Mt")
