"""One table in every kind of file is one balance; what is no table is refused soon, in one line."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sheets.raw_sheets import read_sheets
from tests.balances import packing
from tests.balances.test_sheets import refused

ROWS = [
    ["Energy balance of Ireland 2019", "", "", ""],
    ["Item", "Coal (kt)", "Diesel (kt)", "Electricity (GWh)"],
    ["Imports", 1200.0, 350.5, 12.0],
    ["Industry", 700.0, 150.25, 8000.0],
    ["Households", 90.0, "", 9000.5],
]


def amounts(path):
    """Return the numbers of the table in a file, by flow and product."""
    balance = ca.read_balance(path)
    assert balance.areas == ["Ireland"]
    assert balance.years == [2019]
    return balance.amounts.sel(area="Ireland", year=2019)


@pytest.fixture
def expected(tmp_path):
    """Return what the table holds."""
    path = tmp_path / "plain.csv"
    path.write_text(packing.delimited(ROWS), encoding="utf-8")
    found = amounts(path)
    assert found.sel(flow="industry", product="diesel").item() == 150_250
    return found


def write(path, kind):
    """Write the table as a file of a kind."""
    text = packing.delimited(ROWS)
    if kind in {"tsv", "semicolons", "bars"}:
        text = packing.delimited(ROWS, {"tsv": "\t", "semicolons": ";", "bars": "|"}[kind])
        path.write_text(text, encoding="utf-8")
    elif kind in {"utf-16", "utf-16-be", "utf-8-sig"}:
        path.write_bytes(text.encode(kind))
    elif kind == "gz":
        packing.gz(path, text.encode())
    elif kind == "two gz":
        path.write_bytes(gzip.compress(text[:60].encode()) + gzip.compress(text[60:].encode()))
    elif kind == "zip":
        packing.archive_of(path, table__csv=text.encode(), readme__md=b"about")
    elif kind == "zip of a workbook":
        inner = packing.xlsb(path.with_suffix(".inner"), ROWS).read_bytes()
        packing.archive_of(path, table__xlsb=inner)
    elif kind == "docx":
        packing.docx(path, ROWS[1:], title=ROWS[0][0])
    else:
        getattr(packing, kind)(path, ROWS)
    return path


KINDS = [
    "tsv",
    "semicolons",
    "bars",
    "utf-16",
    "utf-16-be",
    "utf-8-sig",
    "gz",
    "two gz",
    "zip",
    "zip of a workbook",
    "docx",
    "xlsb",
    "old_xls",
]


@pytest.mark.parametrize("kind", KINDS)
def test_one_table_in_every_kind_of_file(tmp_path, expected, kind):
    """The kind is taken from the content; the name of the file says nothing."""
    found = amounts(write(tmp_path / "Ireland.table", kind))
    assert found.equals(expected.sel(flow=found["flow"], product=found["product"]))
    assert found.shape == expected.shape


@pytest.mark.parametrize("flush", ["right", "left"])
def test_a_page_of_text(tmp_path, expected, flush):
    """A heading belongs to the numbers that it overlaps, or that stand on its right."""
    pytest.importorskip("pypdfium2")
    found = amounts(packing.pdf(tmp_path / "a.pdf", ROWS, step=110, flush=flush))
    assert found.equals(expected.sel(flow=found["flow"], product=found["product"]))
    assert found.shape == expected.shape


def test_a_column_of_a_page_that_is_blank(tmp_path):
    """A heading without numbers below is a column, and takes none of its neighbours'."""
    pytest.importorskip("pypdfium2")
    rows = [
        *ROWS[:1],
        [*ROWS[1], "Crude oil (kt)", "Heat (TJ)"],
        *([*row, "", 5.0] for row in ROWS[2:]),
    ]
    found = amounts(packing.pdf(tmp_path / "a.pdf", rows, step=110))
    assert np.isnan(found.sel(product="crude_oil")).all()
    assert found.sel(product="heat", flow="industry").item() == 5000
    assert found.sel(product="diesel", flow="industry").item() == 150_250


def test_a_page_of_chinese_text():
    """Labels of two fonts, indented, and marks where numbers would stand: 48 numbers, each in its place."""
    pytest.importorskip("pypdfium2")
    found = ca.read_balance(
        Path(__file__).parents[1] / "data" / "pages" / "balance_zh.pdf", area="某市"
    )
    amount = found.amounts.sel(area="某市", year=2018)
    assert int((found.status == 0).sum()) == 48
    assert amount.sel(flow="industry", product="raw_coal").item() == 3_200_000
    assert amount.sel(flow="feedstock", product="natural_gas").item() == 40_000_000
    assert amount.sel(flow="heating", product="natural_gas").item() == -20_000_000
    assert amount.sel(flow="households", product="electricity").item() == 2_500_000_000


def test_a_scan_is_refused_with_what_to_use(tmp_path):
    """A page of pictures holds no text."""
    pytest.importorskip("pypdfium2")
    refused(packing.pdf(tmp_path / "a.pdf", ROWS, text=False), "pictures and no text.*ocrmypdf")


def test_labels_of_any_code_page(tmp_path):
    """What is neither UTF-8 nor UTF-16 is told by its common characters."""
    tables = {
        "gb18030": "重庆能源平衡表(实物量)-2015\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2\n",
        "big5": "臺灣能源平衡表 2015\n項目,電力(百萬度),燃料油(公噸)\n工業,1,2\n",
        "cp1252": "Balanço Brasil 2015;;\nSetor;Óleo Diesel (kt);Gás Natural (TJ)\nIndustrial;1;2\nAéreo;3;4\n",
        "cp1251": "Казахстан 2015;;\nПоказатель;Уголь (kt);Мазут (kt)\nПромышленность;1;2\nТранспорт;3;4\n",
    }
    for encoding, text in tables.items():
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        first = read_sheets(path)[0].rows[1][0]
        assert str(first) == text.split("\n")[1].replace(";", ",").split(",")[0], encoding


def test_values_of_a_data_set_in_json_stat(tmp_path):
    """Codes and labels of each dim are columns; what has neither value nor flag is no row."""
    dims = {
        "nrg_bal": (
            "Energy balance",
            {"IMP": "Imports", "FC_IND_E": "Final consumption - industry sector - energy use"},
        ),
        "siec": ("SIEC", {"G3000": "Natural gas", "E7000": "Electricity"}),
        "unit": ("Unit of measure", {"TJ": "Terajoule"}),
        "geo": ("Geopolitical entity", {"NO": "Norway"}),
        "time": ("Time", {"2019": "2019"}),
    }
    key = ("TJ", "NO", "2019")
    values = {("IMP", "G3000", *key): 120.0, ("FC_IND_E", "G3000", *key): 80.5}
    path = packing.jsonstat(tmp_path / "a.json", dims, values, {("FC_IND_E", "G3000", *key): "e"})
    balance = ca.read_balance(path)
    assert balance.products == ["natural_gas"]
    assert balance.amounts.sel(flow="industry", product="natural_gas").item() == 80_500
    assert any(finding.rule == "flagged-number" for finding in balance.findings)


def test_error_cells_of_a_binary_workbook(tmp_path):
    """An error is shown for what it is, and is no blank; a hidden sheet is not read."""
    rows = [*ROWS[:3], ["Industry", None, 1.0, 2.0]]
    balance = ca.read_balance(packing.xlsb(tmp_path / "a.xlsb", rows))
    assert [
        finding.where for finding in balance.findings if finding.rule == "unreadable-number"
    ] == ["a.xlsb!S!B4"]
    refused(packing.xlsb(tmp_path / "b.xlsb", ROWS, hidden=True), "hidden")


def test_a_table_with_cells_over_columns_of_a_document(tmp_path):
    """A cell that reaches over columns is merged, and one that goes on below as well."""
    rows = [
        ["Item", "2018"],
        ["", "Coal (kt)", "Diesel (kt)"],
        ["Industry", 1.0, 2.0],
        ["Households", 3.0, 4.0],
    ]
    path = packing.docx(tmp_path / "a.docx", rows, title="Ireland", spans={(0, 1): 2})
    balance = ca.read_balance(path)
    assert balance.years == [2018]
    assert balance.amounts.sel(flow="households", product="diesel").item() == 4000
    down = "<w:tcPr><w:vMerge{}/></w:tcPr>"
    cell = "<w:tc>{}<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = "".join(
        f"<w:tr>{cell.format(down.format(kind), text)}{cell.format('', number)}</w:tr>"
        for kind, text, number in ((' w:val="restart"', "Industry", 1), ("", "", 2))
    )
    sheet = read_sheets(packing.write_docx(tmp_path / "b.docx", f"<w:tbl>{table}</w:tbl>"))[0]
    assert sheet.merged == (((0, 0), (1, 0)),)
    assert sheet.rows == [["Industry", "1"], ["", "2"]]


def test_what_is_packed_asks_for_no_more_than_a_file(tmp_path):
    """Bombs, files packed twice, files of no table: refused before memory is taken."""
    refused(packing.gz(tmp_path / "a.gz", b"a,b\n" * 20_000_000), "unpacks to more than")
    refused(
        packing.gz(tmp_path / "a.gz", gzip.compress(b"a,b\n1,2\n")), "packed inside a packed file"
    )
    whole = gzip.compress(packing.delimited(ROWS).encode())
    (tmp_path / "a.gz").write_bytes(whole[:40])
    refused(tmp_path / "a.gz", "is damaged")
    packing.archive_of(tmp_path / "inner.zip", a__csv=b"a,b\n1,2\n")
    inner = (tmp_path / "inner.zip").read_bytes()
    packing.archive_of(tmp_path / "a.zip", inner__csv=inner)
    refused(tmp_path / "a.zip", "packed inside a packed file")
    packing.archive_of(tmp_path / "a.zip", readme__md=b"about")
    refused(tmp_path / "a.zip", "holds no table")
    packing.archive_of(
        tmp_path / "a.zip", **{f"a{n}__csv": (b"," * 999 + b"\n") * 900 for n in range(3)}
    )
    refused(tmp_path / "a.zip", "more than 2000000 cells")
    packing.archive_of(tmp_path / "a.zip", **{f"a{n}__csv": b"a,b" for n in range(300)})
    refused(tmp_path / "a.zip", "300 files")


def test_documents_that_are_none(tmp_path):
    """Broken XML, entities, cells without end, tables in tables."""
    refused(packing.write_docx(tmp_path / "a.docx", "<w:tbl>"), "is damaged")
    refused(packing.write_docx(tmp_path / "a.docx", "<w:p/>"), "holds no table")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    refused(packing.write_docx(tmp_path / "a.docx", "<w:p/>", head=bomb), "declares an entity")
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="300"/></w:tcPr></w:tc>'
    row = f"<w:tr>{cell * 100}</w:tr>"
    refused(
        packing.write_docx(tmp_path / "a.docx", f"<w:tbl>{row * 100}</w:tbl>"),
        "more than 400000 cells",
    )
    deep = "<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000
    refused(packing.write_docx(tmp_path / "a.docx", deep), "no energy balance|damaged")


def test_binary_workbooks_that_ask_for_much(tmp_path):
    """A cell far away, records without end, a size that is false."""
    far = packing.xlsb(tmp_path / "a.xlsb", ROWS)
    far = hostile_part(
        far, packing._binary(0, bytes([255, 255, 15, 0])) + packing.binary_cell(16_000, 1.0)
    )
    refused(far, "reaches over 1048576 rows")
    refused(hostile_part(far, b"\x05\xff\xff\xff\x7f"), "is damaged")
    refused(hostile_part(far, b"\x80"), "is damaged")


def hostile_part(path, content):
    """Put other records into the sheet of a binary workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, content if name.endswith("sheet1.bin") else data)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1}',
        b"{",
        b'{"id": ["a"], "size": [1e9], "dimension": {"a": {}}, "value": []}',
        b'{"a":' * 100_000,
        b'{"id": ["a"], "size": [2], "dimension": {"a": {"category": {"index": ["x"]}}}, "value": [1]}',
        b'{"id": ["a"], "size": [1], "dimension": {"a": {"category": {"index": ["x"]}}}, "value": {"-5": 1, "b": 2}}',
    ],
)
def test_json_that_is_no_data_set(tmp_path, content):
    """Said in one line, whatever it holds."""
    path = tmp_path / "a.json"
    path.write_bytes(content)
    refused(path, "no data set in JSON-stat|no energy balance")


def test_pages_that_ask_for_much(tmp_path):
    """Streams that unpack to more than any table are refused before the reader of the format sees them."""
    pytest.importorskip("pypdfium2")
    path = packing.pdf(tmp_path / "a.pdf", ROWS)
    bomb = zlib.compress(zlib.compress(b"\0" * 220_000_000, 9), 9)
    path.write_bytes(path.read_bytes() + b"stream\n" + bomb + b"endstream")
    refused(path, "unpacks to more than")
    path.write_bytes(b"%PDF-1.7\n" + b"stream\n" * 100_000)
    refused(path, "is damaged")


def test_a_workbook_of_excel_95_in_chinese(tmp_path):
    """Its code page says what its bytes are."""
    rows = [
        ["重庆能源平衡表(实物量)-2015"],
        ["项目", "原煤(万吨)", "焦炭(万吨)"],
        ["工业", 1.0, 2.0],
    ]
    balance = ca.read_balance(packing.old_xls(tmp_path / "a.xls", rows, encoding="cp936"))
    assert balance.areas == ["重庆"]
    assert balance.amounts.sel(flow="industry", product="coke").item() == 20_000
    (tmp_path / "b.xls").write_bytes(b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(100))
    refused(tmp_path / "b.xls", "a workbook of Excel 4 or older")
