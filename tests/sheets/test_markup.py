"""What a sheet in XML reaches over, repeats and shows as errors, in whatever spelling a program writes it."""

from __future__ import annotations

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import markup
from carbonacct.sheets.markup import (
    UNCALCULATED,
    inspect_ods,
    inspect_sheet,
    mend_references,
    read_relations,
    read_sheet_list,
    shared_lengths,
    unescape,
)
from carbonacct.sheets.raw_sheets import ErrorRun


class Taken:
    """Notes what is taken from a budget."""

    file = "a.xlsx"

    def __init__(self) -> None:
        self.cells: list[tuple[str, int, int]] = []
        self.text: list[int] = []
        self.errors = 0

    def check_cells(self, sheet: str, rows: int, columns: int) -> None:
        """Note nothing."""

    def take_cells(self, sheet: str, rows: int, columns: int) -> None:
        """Note a sheet."""
        self.cells.append((sheet, rows, columns))

    def take_text(self, _sheet: str, length: int) -> None:
        """Note a text."""
        self.text.append(length)

    def take_errors(self, _sheet: str, count: int) -> None:
        """Note errors."""
        self.errors += count


def inspect(inner: str, lengths: list[int] | None = None) -> tuple[Taken, list[ErrorRun]]:
    """Return what a sheet takes, and its errors."""
    taken = Taken()
    xml = f'<worksheet><dimension ref="A1"/><cols><col min="1"/></cols><sheetData>{inner}</sheetData></worksheet>'
    return taken, inspect_sheet(taken, "S", xml.encode(), lengths or [0])


NUMBERS = '<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>2</v></c></row><row r="5"><c r="B5"><v>3</v></c></row>'
SPELLINGS = {
    "plain": NUMBERS,
    "with a prefix": NUMBERS.replace("<c ", "<x:c ")
    .replace("</c>", "</x:c>")
    .replace("row", "x:row"),
    "in single quotes": NUMBERS.replace('"', "'"),
    "in small letters": NUMBERS.replace("A2", "a2").replace("C2", "c2").replace("B5", "b5"),
    "with another attribute first": NUMBERS.replace("<c ", '<c s="1" '),
    "with blanks": NUMBERS.replace('r="', 'r = "'),
    "with line ends": NUMBERS.replace("<c ", "<c\n"),
    "without references": (
        "<row/><row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row/><row><c/><c><v>3</v></c></row>"
    ),
    "without rows": NUMBERS.replace('<row r="2">', "")
    .replace('<row r="5">', "")
    .replace("</row>", ""),
    "beside what is commented out": NUMBERS + '<!-- <c r="Z99"><v>9</v></c> -->' + "<x:c/>" * 0,
    "beside a formula": NUMBERS + '<row r="1"><c r="A1"><f>B2</f><v>1</v></c></row>',
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_sheet_reaches_to_its_last_row_and_column_in_any_spelling(spelling):
    """Five rows and three columns; a comment may count, but never less."""
    taken, errors = inspect(SPELLINGS[spelling])
    assert errors == []
    ((_, rows, columns),) = taken.cells
    if spelling == "beside what is commented out":
        assert rows >= 5
        assert columns >= 3
    else:
        assert (rows, columns) == (5, 3)


def test_blank_cells_far_away_are_no_part_of_a_large_sheet():
    """Formatted cells of a few numbers: the rows and columns with anything in them count."""
    taken, _ = inspect(NUMBERS + '<row r="60000"><c r="A60000" s="1"/><c r="ZZ60000" s="1"/></row>')
    assert taken.cells == [("S", 5, 3)]
    near, _ = inspect(
        NUMBERS + '<row r="60"><c r="A60" s="1"/></row>'
    )  # few: not looked at one by one
    assert near.cells == [("S", 60, 3)]


def test_references_that_are_none_are_refused():
    """With the reference."""
    with pytest.raises(TableError, match=r"a\.xlsx!S: is damaged \(cell '1A'\)"):
        inspect("<row r='1'><c r='1A'><v>1</v></c></row>")


def test_cells_beyond_any_table_are_refused(monkeypatch):
    """Before they are laid out, with their number; in the plain spelling and in others."""
    monkeypatch.setattr(markup, "_MAX_TAGS", 3)
    assert inspect(NUMBERS)[0].cells
    with pytest.raises(TableError, match="has 4 cells; delete what is not the table"):
        inspect(NUMBERS + '<row r="6"><c r="A6"/></row>')
    with pytest.raises(TableError, match="has more than 3 cells; delete what is not the table"):
        inspect(SPELLINGS["with a prefix"])


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="B3" t="e"><v>#REF!</v></c>', "#REF!"),
        ("<c r='B3' t='e'><v>#N/A</v></c>", "#N/A"),
        ('<x:c r="B3" t="e"><x:v>#REF!</x:v></x:c>', "#REF!"),
        ('<c r="B3" t="e"><f>A1/0</f><v>&lt;1&gt;</v></c>', "<1>"),
        ('<c r="B3" t="e"></c>', UNCALCULATED),
        ('<c r="B3"><f>A1</f></c>', UNCALCULATED),
        ('<c r="B3"><f>A1</f><v></v></c>', UNCALCULATED),
        ('<x:c r="B3"><x:f>A1</x:f></x:c>', UNCALCULATED),
        ('<c r="B3" t="e"><v>' + "#" * 300 + "</v></c>", "#" * 200),
        ('<c r="B3"><f>A1</f><v>0</v></c>', None),
        ('<c r="B3" t="str"><f>A1</f></c>', None),  # a formula whose result is no letter
        ('<c r="B3" t="n"><v>5</v></c>', None),
        ('<c r="B3"/>', None),
    ],
)
def test_error_cells(cell, shown):
    """An error, and a formula that was never calculated; what has a result is none."""
    taken, errors = inspect(
        f'<row r="3"><c r="A3"><v>1</v></c>{cell}<c r="D3" t="e"><v>#X</v></c></row>'
    )
    expected = [] if shown is None else [ErrorRun(range(2, 3), range(1, 2), shown)]
    assert errors == [*expected, ErrorRun(range(2, 3), range(3, 4), "#X")]
    assert taken.errors == len(errors)


@pytest.mark.parametrize("little", [100, 0])
def test_a_text_that_cells_share_is_taken_by_each(monkeypatch, little):
    """For a short text a bound is enough, as often the longest; else each cell takes its own text.

    An unreadable cell takes the longest.
    """
    monkeypatch.setattr(markup, "_LITTLE_TEXT", little)
    lengths = shared_lengths(b"<si>" + b"a" * 6 + b"</si><si>bb</si>")
    assert lengths[:2] == [10, 6]
    cells = "".join(
        f'<c r="{name}1" t="s"><v>{n}</v></c>'
        for name, n in (("A", 0), ("B", 1), ("C", 1), ("D", len(lengths)))
    )
    taken, _ = inspect(f'<row r="1">{cells}<c r="E1" t=\'s\'><v>0</v></c></row>', lengths)
    assert taken.text == [50 if little else 10 + 6 + 6 + 10]


def test_relations_lead_to_parts():
    """Relative to the folder or from the root, with or without the stroke that says so; comments lead nowhere."""
    xml = b"""<!-- <Relationship Id="r0" Target="no.xml"/> -->
        <x:Relationship Target='../docs/a.xml' Id='r1' Type="u/t/sheet"/>
        <Relationship Id="r2" Type="sheet" Target="/xl/b.xml"/><Relationship Id="r3" Target="xl/c.xml"/>
        <Relationship Id="r4" Target="sub\\d.xml"/><Relationships/><Relationship/>"""
    assert [(one.id, one.kind, one.part) for one in read_relations(xml, "xl")] == [
        (b"r1", "sheet", "docs/a.xml"),
        (b"r2", "sheet", "xl/b.xml"),
        (b"r3", "", "xl/c.xml"),
        (b"r4", "", "xl/sub/d.xml"),
        (b"", "", "xl"),
    ]


def test_sheets_are_listed_in_order():
    """Hidden ones, of either kind, are told; one that leads nowhere has no part; a comment lists none."""
    relations = read_relations(b'<Relationship Id="r1" Target="a.xml"/>', "xl")
    book = b"""<sheets><!-- <sheet name="no"/> --><sheet name="A &amp; B" r:id="r1"/>
        <x:sheet name='H' state="hidden" r:id='r9'/><sheet name="V" state="veryHidden"/>
        <sheet name="W" state="visible"/></sheets>"""
    assert [tuple(sheet) for sheet in read_sheet_list(book, relations)] == [
        ("A & B", "xl/a.xml", False),
        ("H", "", True),
        ("V", "", True),
        ("W", "", False),
    ]


@pytest.mark.parametrize(
    ("xml", "mended"),
    [
        ('<dimension ref="A1:C9"/>{}<mergeCell ref="A1:B2"/>', None),
        ('<dimension ref="1:58"/>{}', '<dimension ref="A1"/>{}'),
        ('{}<mergeCell ref="A:C"/>', '{}<mergeCell ref="A1"/>'),
        ("{}<x:mergeCell  ref = 'A:C'/>", '{}<x:mergeCell  ref = "A1"/>'),
        (
            '<dimension ref="1:58"/>{}<mergeCell ref="2:3"/>',
            '<dimension ref="A1"/>{}<mergeCell ref="A1"/>',
        ),
        ('{}<mergeCell ref="xfd1048576"/>', None),
        ('{}<other ref="1:58"/>', None),
    ],
)
def test_ranges_over_whole_rows_and_columns_become_a_cell(xml, mended):
    """Before and behind the cells; what stands between is left as it is, whatever it looks like."""
    data = '<sheetData><c><dimension ref="1:58"/></c></sheetData>'
    # A sheet without a list of merged ranges gets an empty one, where the reader of the format ends.
    none = "" if "mergeCell" in xml else "<mergeCells></mergeCells>"
    assert mend_references(xml.format(data).encode()).decode() == (mended or xml).format(
        none + data
    )


def test_references_of_characters():
    """A number that no character has is left out, however long; others are read."""
    assert (
        unescape("&#x7164;&#26;&amp;#1;&#123456789;&#xFFFFFFFFFF;&#0000000000000000000065;")
        == "煤&#1;" + "\ufffd" * 3
    )


ODS_ROW = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'


def ods(*tables: tuple[str, str]) -> tuple[Taken, dict]:
    """Return what the tables of a spreadsheet take, and their errors."""
    taken = Taken()
    inner = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in tables
    )
    return taken, inspect_ods(taken, f"<office:body>{inner}</office:body>".encode()).errors


def ods_cell(text: str = "", attributes: str = "", times: int = 1, kind: str = "table-cell") -> str:
    """Return a cell that is repeated."""
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    return f"<table:{kind}{repeated}{attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:{kind}>"


def test_repeated_cells_count_as_far_as_anything_stands_in_them():
    """Rows and columns of blanks behind the last do not."""
    value = ' office:value-type="float" office:value="1"'
    first = ODS_ROW.format(2, ods_cell(times=3) + ods_cell("1", value, 2) + ods_cell(times=9))
    first += ODS_ROW.format(3, ods_cell(times=5)) + ODS_ROW.format(
        1, ods_cell("x", kind="covered-table-cell")
    )
    first += ODS_ROW.format(900, ods_cell(times=900))
    taken, errors = ods(("A &amp; B", first), ("S", ODS_ROW.format(1, ods_cell("", value))))
    assert [sheet for sheet in taken.cells if sheet[1]] == [("A & B", 6, 5), ("S", 1, 1)]
    assert errors == {}


def test_errors_of_repeated_cells():
    """An error with its text, and a formula without a value; each of the cells that repeat it counts."""
    error = ' table:formula="x" office:value-type="error"'
    first = ODS_ROW.format(
        2,
        ods_cell("1", ' office:value-type="string"')
        + ods_cell("#REF!", error, 3)
        + ods_cell("", error),
    )
    second = ODS_ROW.format(
        1,
        ods_cell("", ' table:formula="x"')
        + ods_cell("5", ' table:formula="x" office:value-type="float"'),
    )
    taken, errors = ods(("A", first), ("B", second))
    assert errors == {
        "A": [ErrorRun(range(2), range(1, 4), "#REF!"), ErrorRun(range(2), range(4, 5), "#ERR")],
        "B": [ErrorRun(range(1), range(1), UNCALCULATED)],
    }
    assert taken.errors == 2 * 3 + 2 + 1


def test_a_repeated_text_is_taken_by_each_cell():
    """All but the one that the file holds itself, with what says that it is text; numbers take none."""
    kind = ' office:value-type="string"'
    taken, _ = ods(
        (
            "A",
            ODS_ROW.format(
                2, ods_cell("ab", kind, 3) + ods_cell("5", ' office:value-type="float"', 4)
            ),
        )
    )
    length = len(f' table:number-columns-repeated="3"{kind}') + len("<text:p>ab</text:p>")
    assert taken.text == [5 * length, 0]


@pytest.mark.parametrize(
    ("times", "columns"),
    [("0", 1), ("x", 1), ("-2", 1), ("99999999999", 99999999999), ("999999999999", 1)],
)
def test_a_repetition_that_is_no_number_is_one_cell(times, columns):
    """So that a false one cannot make a sheet any larger than it says."""
    cell = f'<table:table-cell table:number-columns-repeated="{times}" office:value="1"/>'
    taken, _ = ods(("A", f"<table:table-row>{cell}</table:table-row>"))
    assert [sheet for sheet in taken.cells if sheet[1]] == [("A", 1, columns)]
