"""Small files that ask for much: refused or read within bounded time and memory, in a process whose limits are real."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sheets import markup
from carbonacct.sheets.raw_sheets import Budget, ErrorCell, read_sheets
from carbonacct.sheets.webpage import read_html
from tests.balances import hostile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS = 20  # far above what it takes, far below what it would take without its bounds
MEGABYTES = 500
MANY = 150_000
READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
from carbonacct.errors import CarbonacctError
from carbonacct.sheets.raw_sheets import read_sheets
for path in sys.argv[1:]:
    try:
        print("read", sum(len(row) for sheet in read_sheets(path) for row in sheet.rows))
    except CarbonacctError as error:
        print(error)
# The peak of this process alone: what getrusage tells counts that of whoever started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(int(peak) // 1024)
"""


def read_within_limits(*paths: Path) -> list[str]:
    """Return what reading says of each file, in one line."""
    done = subprocess.run(
        [sys.executable, "-c", READ, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS + len(paths),
    )
    assert done.returncode == 0, done.stderr[-300:]
    *said, memory = done.stdout.splitlines()
    assert len(said) == len(paths)
    assert int(memory) < MEGABYTES
    return said


def replace_part(path: Path, name: str, content: bytes) -> Path:
    """Put another content in the place of a part of an archive."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in {**parts, name: content}.items():
            archive.writestr(part, data)
    return path


def small_xlsx(path: Path, data: str = "") -> Path:
    """Write a small workbook with a cell of one's own."""
    return hostile.xlsx(path, hostile.table_rows(data=data or hostile.cell("B3", 1.0)))


def many_sheets(path: Path, cells: str, count: int = 50, texts: str = "") -> Path:
    """Write a workbook of many sheets with the same cells."""
    small_xlsx(path)
    names = range(1, count + 1)
    tags = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in names)
    book = f'<workbook xmlns="{hostile._MAIN}" xmlns:r="{hostile._OFFICE}"><sheets>{tags}</sheets></workbook>'
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{hostile._OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in names
    )
    replace_part(path, "xl/workbook.xml", book.encode())
    replace_part(
        path,
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{hostile._PACKAGE}/relationships">{links}</Relationships>'.encode(),
    )
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for i in names[1:]:
            archive.writestr(
                f"xl/worksheets/sheet{i}.xml",
                f'<worksheet xmlns="{hostile._MAIN}"><sheetData>{cells}</sheetData></worksheet>',
            )
        if texts:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{hostile._MAIN}">{texts}</sst>')
    return path


def lying_part(path: Path) -> Path:
    """Write a workbook in which a part unpacks to far more than both of its heads say."""
    small_xlsx(path)
    replace_part(path, "xl/styles.xml", b" " * 300_000_000)
    content = path.read_bytes()
    size = struct.pack("<L", 300_000_000)
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, struct.pack("<L", 100)))
    return path


def long_shared_texts(path: Path) -> Path:
    """Write an old workbook in which many cells share a long text."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for i in range(20_000):
        sheet.write(i, 0, "长" * 32_000)
    book.save(str(path))
    return path


def ods_tables(path: Path, row: str, count: int = 60) -> Path:
    """Write a spreadsheet of many tables of the same row."""
    return hostile.ods(
        path,
        "</table:table>".join(
            [row, *(f'<table:table table:name="S{i}">{row}' for i in range(count - 1))]
        ),
    )


ERROR = (
    '<table:table-cell calcext:value-type="error" '
    'table:number-columns-repeated="500"><text:p>#N/A</text:p></table:table-cell>'
)
WIDE = ' table:number-columns-repeated="500"'
LONG = f'<table:table-row table:number-rows-repeated="1000">{hostile.ods_cell("x" * 100_000, WIDE)}</table:table-row>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1400"><c r="AZZ1400"><v>1</v></c></row>'
HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cells.xlsx": (
        lambda path: hostile.xlsx(path, ['<row r="3"><c r="B3" t="e"/>' + '<c r="B3" ' * MANY]),
        "read|is damaged",
    ),
    "values.xlsx": (
        lambda path: small_xlsx(path, '<c r="B3" t="e">' + "<v " * MANY),
        "read|is damaged",
    ),
    "prefixes.xlsx": (lambda path: small_xlsx(path, "<" + "a" * MANY * 5), "read|is damaged"),
    "comments.xlsx": (
        lambda path: small_xlsx(path, '<c r="B3" t="e"/>' + "<!--" * MANY),
        "is damaged",
    ),
    "quotes.xlsx": (
        lambda path: small_xlsx(path, '<c r="B3" t="e" x=' + "'\"<c " * MANY),
        "is damaged",
    ),
    "formulas.xlsx": (lambda path: small_xlsx(path, '<c r="B3"><f>' + "<f" * MANY), "is damaged"),
    "sheets.xlsx": (
        lambda path: replace_part(
            small_xlsx(path), "xl/workbook.xml", b"<workbook>" + b"<sheet " * MANY
        ),
        "more than the 1000 read here",
    ),
    "relations.xlsx": (
        lambda path: replace_part(
            small_xlsx(path), "xl/_rels/workbook.xml.rels", b"<Relationship " * MANY
        ),
        "is damaged",
    ),
    "many_far.xlsx": (
        lambda path: many_sheets(path, FAR),
        "up to this one reach over more than 2000000 cells",
    ),
    "far_apostrophes.xlsx": (
        lambda path: small_xlsx(
            path, "<c r='B3'/></row><row r='1048576'><c r = 'XFD1048576'><v>1</v></c>"
        ),
        "1048576 rows x 16384 columns",
    ),
    "far_row.xlsx": (
        lambda path: small_xlsx(
            path, '<c r="XFD3"><v>1</v></c></row><row r="1048576"><c><v>1</v></c>'
        ),
        "1048576 rows x 16384 columns",
    ),
    "far_prefix.xlsx": (
        lambda path: small_xlsx(
            path, f'<x:c xmlns:x="{hostile._MAIN}" r="XFD1048576"><x:v>1</x:v></x:c>'
        ),
        "1048576 rows x 16384 columns",
    ),
    "far_small_letters.xlsx": (
        lambda path: small_xlsx(path, '<c r="xfd1048576"><v>1</v></c>'),
        "1048576 rows x 16384 columns",
    ),
    "same_text.xlsx": (
        lambda path: many_sheets(
            path,
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' * 3000,
            texts=f"<si><t>{'x' * 30_000}</t></si>",
        ),
        "more text than any table",
    ),
    "lying.xlsx": (lying_part, "is damaged"),
    "same_text.xls": (long_shared_texts, "more text than any table"),
    "errors.ods": (
        lambda path: ods_tables(
            path, f'<table:table-row table:number-rows-repeated="4000">{ERROR}</table:table-row>'
        ),
        "cells are errors",
    ),
    "full.ods": (
        lambda path: ods_tables(
            path,
            f'<table:table-row table:number-rows-repeated="1000">{hostile.ods_cell(1.0, WIDE)}</table:table-row>',
        ),
        "reach over more than 2000000 cells",
    ),
    "long.ods": (lambda path: hostile.ods(path, LONG), "more text than any table"),
    "open.ods": (lambda path: hostile.ods(path, "<table:table-cell " * MANY), "is damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_small_files_that_ask_for_much(tmp_path, name):
    """Each is refused in one line that says why; what is merely broken may be read for what it holds."""
    make, message = HOSTILE[name]
    (said,) = read_within_limits(make(tmp_path / name))
    assert said.startswith((name, "read"))
    assert any(part in said for part in message.split("|")), said


def test_parts_of_an_archive_are_what_they_say(tmp_path):
    """A part that no reader needs is not unpacked; one of another kind of packing, or a wrong sum, is damage."""
    path = small_xlsx(tmp_path / "a.xlsx")
    whole = read_sheets(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/media/image1.png", b"x" * 1000)
    assert read_sheets(path) == whole
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/styles.xml", b"x" * 1000)
    assert "the part xl/styles.xml is broken" in read_within_limits(path)[0]


def test_an_archive_in_an_archive(tmp_path):
    """A workbook in a .zip is read; an archive in one is not."""
    inner = small_xlsx(tmp_path / "inner.xlsx")
    for name, held in (("a.zip", inner), ("b.zip", tmp_path / "a.zip")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(held, "inner.xlsx")
    assert read_sheets(tmp_path / "a.zip")[0].file == "a.zip/inner.xlsx"
    assert "is packed inside a packed file; unpack it" in read_within_limits(tmp_path / "b.zip")[0]


@pytest.mark.parametrize(
    "data",
    [
        "<c r='B3' t='e'><v>#N/A</v></c>",
        '<c s="1" r="B3" t = "e"><v>#N/A</v></c>',
        '<c x="<" y=\'>"\' r="B3" t="e"><v>#N/A</v></c>',
        '<c x=">" r="B3" t="e"><v >#N/A</v ></c>',
        f'<x:c xmlns:x="{hostile._MAIN}" r="B3" t="e"><x:v>#N/A</x:v></x:c>',
        '<!-- <c r="B3"> --><c t="e"><v>#N/A</v></c>',
        '<c\nr="b3"\tt="e"><v>#N/A</v></c>',
    ],
)
def test_an_error_cell_is_found_however_it_is_spelt(tmp_path, data):
    """A failed formula is no blank, in whatever spelling of XML it stands."""
    assert read_sheets(small_xlsx(tmp_path / "a.xlsx", data))[0].rows[2][1] == ErrorCell("#N/A")


def test_cells_without_references_follow_one_another():
    """Where a program leaves references out, rows and columns are counted."""
    rows = (
        b'<row><c><v>1</v></c><c/><c t="e"><v>#REF!</v></c></row><row r="7"><c r="C7" t="e"/></row><row><c '
        b't="e"><v>#N/A</v></c></row>'
    )
    found = markup.inspect_sheet(Budget("a.xlsx"), "S", rows, [0])
    assert [(run.rows.start, run.columns.start, run.text) for run in found] == [
        (0, 2, "#REF!"),
        (6, 2, markup.UNCALCULATED),
        (7, 0, "#N/A"),
    ]


def test_cells_that_are_far_and_empty_do_no_harm(tmp_path):
    """A format somewhere at the end of the sheet is no cell."""
    data = (
        hostile.cell("B3", 1.0)
        + '<c r="XFD3" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/>'
    )
    assert len(read_sheets(small_xlsx(tmp_path / "a.xlsx", data))[0].rows) == 3


ENDLESS = (
    "<!",
    "<![CDATA[",
    "<!--",
    "</",
    "<?",
    "<a",
    '<a "',
    "<a '",
    '<td x="',
    "<td x='\"",
    "<td colspan=",
    "<td>",
    "<tr>",
    "<p>a</p>",
    "<h1>a",
    "<table>",
    "<script>",
    "<style></style",
    "<title>",
    "<",
    "&",
    "&#",
    "&#9999999999;",
    "&#x",
    "<!--<!-- --",
    "]]>",
    "-->",
    "<table><tr><td>1</table>",
)


def test_pages_take_time_in_proportion(tmp_path):
    """A megabyte of what never ends is read once."""
    pages = [tmp_path / f"{number}.html" for number in range(len(ENDLESS))]
    for page, unit in zip(pages, ENDLESS, strict=True):
        page.write_text(
            "<html><table><tr><td>1</td></tr></table>" + unit * (1_000_000 // len(unit)),
            encoding="utf-8",
        )
    for said in read_within_limits(*pages):
        assert said.startswith("read ") or "keep the energy balance alone" in said


def test_pages_are_cut_as_browsers_cut_them():
    """Quotes count in values alone; scripts, comments and declarations hold no cells; an open cell ends too."""
    page = """<!DOCTYPE html><?xml version="1.0"?><p title=it's>6-1 重庆<!-- <td>no</td> --></p>
    <script>"<table><tr><td>no</td>"</script><script src="a"/>
    <TABLE><tr><td title='a > b' ColSpan = "2">a &lt; b &#x7164;<br>c<td rowspan=2 colspan="x">d</tr>
    <![CDATA[ <td>no ]]><tr><td/><td>1 < 2</td>
    </table><td title="open"""
    (sheet,) = read_html("a.html", page)
    assert sheet.rows == [["6-1 重庆"], ["a < b 煤 c", "", "d"], ["", "1 < 2"]]
    assert sheet.merged == (((1, 0), (1, 1)), ((1, 2), (2, 2)))


_PIECES = [
    b"<c ",
    b"<c",
    b"<col ",
    b"<cols>",
    b"<f>",
    b"<f ",
    b"x:c>",
    b"<x:c ",
    b"<x:f/",
    b"<c\t",
    b"<c>",
    b"<cx",
    b'r="A1"',
    b"<",
    b":",
    b" ",
    b">",
    b"/",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map(b"".join))
def test_no_other_spelling_of_a_cell_hides_from_the_quick_look(xml):
    """A count of letters tells that a sheet has plain cells alone, and never where the pattern finds another one."""
    if markup._NOT_PLAIN.search(xml):
        assert markup._may_be_other(xml, xml.count(b"<c"), markup._reach(xml)[0])
