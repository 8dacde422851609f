"""Tables of a text document: cells over columns and rows, captions above, frames passed over."""

from __future__ import annotations

import re

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import text_document
from carbonacct.sheets.text_document import read_document

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def cell(text: str, *, span: str = "", merge: str | None = None) -> str:
    """Return a cell; ``merge`` is "restart" where it begins to reach down and "" where it goes on."""
    about = f'<w:gridSpan w:val="{span}"/>' * bool(span)
    about += "" if merge is None else f'<w:vMerge w:val="{merge}"/>' if merge else "<w:vMerge/>"
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraph(text)}</w:tc>"


def paragraph(text: str) -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: str) -> str:
    """Return a table of rows of cells."""
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def read(body: str):
    """Return the sheets of a document."""
    return read_document(
        "a.docx", f'<w:document xmlns:w="{NAMESPACE}">{body}</w:document>'.encode()
    )


ROW = cell("Coal") + cell("1")


def test_cells_reach_over_columns_and_rows():
    """A cell that goes on adds a row to the one in which it began, column by column."""
    (sheet,) = read(
        table(
            cell("Item", merge="restart") + cell("Fuel", span="2") + cell("Gas", merge="restart"),
            cell("", merge="") + cell("Coal") + cell("Oil") + cell("", merge="continue"),
            cell("x", merge="") + cell("1") + cell("2") + cell("3"),
            cell("Steel", merge="restart") + cell("4") + cell("5", merge="") + cell("6"),
        )
    )
    assert sheet.rows == [
        ["Item", "Fuel", "", "Gas"],
        ["", "Coal", "Oil"],
        ["", "1", "2", "3"],
        ["Steel", "4", "5", "6"],  # 5 goes on from no cell: no number is lost
    ]
    assert sheet.merged == (((0, 0), (2, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)))


@pytest.mark.parametrize(
    ("span", "width"),
    [
        ("2", 2),
        ("0", 1),
        ("-1", 1),
        ("x", 1),
        ("300", 300),
        ("301", 300),
        ("999999999", 300),
        ("9999999999", 1),
    ],
)
def test_spans(span, width):
    """None reaches further than 300; what is no number is one column."""
    (sheet,) = read(table(cell("a", span=span) + cell("b")))
    assert len(sheet.rows[0]) == width + 1


def test_paragraphs_breaks_and_runs_of_a_cell_are_one_text():
    """Between paragraphs, at a break and a tab stands a blank, between runs nothing; what is no text is none."""
    inner = (
        "<w:p><w:r><w:t>Raw</w:t><w:br/><w:t>co</w:t></w:r><w:r><w:t>al</w:t><w:tab/><w:t>(kt)</w:t></w:r></w:p>"
        "<w:p><w:r><w:delText>old</w:delText><w:t>washed</w:t><w:cr/></w:r></w:p>"
    )
    (sheet,) = read(f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>")
    assert sheet.rows == [["Raw coal (kt) washed"]]


def test_the_nearest_three_paragraphs_stand_above_their_table_alone():
    """Those before them, blank ones and those of the table before do not."""
    above = "".join(map(paragraph, ["old", "Balance", "", "2015", "kt"]))
    first, second, third = read(above + table(ROW) + table(ROW) + paragraph("a" * 400) + table(ROW))
    assert [sheet.name for sheet in (first, second, third)] == ["table 1", "table 2", "table 3"]
    assert first.rows == [["Balance"], ["2015"], ["kt"], ["Coal", "1"]]
    assert second.rows == [["Coal", "1"]]
    assert third.rows == [["a" * 300], ["Coal", "1"]]
    assert read(paragraph("Balance") + table(ROW))[0].name == ""


def test_a_table_in_a_table_is_the_table():
    """The frame is none, and its captions stand above what it holds."""
    inner = f"<w:tc>{paragraph('beside')}{table(ROW)}{paragraph('x')}</w:tc>"
    (sheet,) = read(paragraph("Balance") + table(inner) + paragraph("end"))
    assert sheet.rows == [["Balance"], ["Coal", "1"]]


@pytest.mark.parametrize(
    ("name", "most", "body", "message"),
    [
        ("_MAX_TABLES", 2, lambda more: table(ROW) * (2 + more), "the document has 3 tables"),
        (
            "_MAX_TABLE_CELLS",
            6,
            lambda more: table(cell("a", span="2") * 3 + ROW[: len(ROW) * more]),
            "more than 6 cells",
        ),
    ],
)
def test_a_document_is_read_up_to_a_limit_and_refused_beyond(
    monkeypatch, name, most, body, message
):
    """As much as any table has; more is refused with what to do."""
    monkeypatch.setattr(text_document, name, most)
    assert read(body(0))
    with pytest.raises(
        TableError, match=rf"a\.docx: .*{re.escape(message)}.*keep the energy balance alone"
    ):
        read(body(1))


@pytest.mark.parametrize(
    "body", ["", paragraph("none"), "<w:tbl></w:tbl>", cell("alone"), "<w:tr></w:tr>"]
)
def test_a_document_without_a_table_is_refused(body):
    """With what to do instead."""
    with pytest.raises(
        TableError,
        match=r"a\.docx: the document holds no table; paste the table's text into a \.txt file",
    ):
        read(body)
