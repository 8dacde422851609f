"""Files that are packed: the tables in them are read as if they lay there unpacked, and nothing more."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import archive, packed
from carbonacct.sheets.archive import Parts, _pack
from carbonacct.sheets.raw_sheets import read_content

TABLE = b"Item,Coal\nSteel,1\n"
ROWS = [["Item", "Coal"], ["Steel", "1"]]


def packed_of(files, *, stored=False):
    """Return an archive of files by name."""
    held = io.BytesIO()
    with zipfile.ZipFile(
        held, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    ) as found:
        for name, content in files.items():
            found.writestr(name, content)
    return held.getvalue()


def read(files, **options):
    """Return the sheets of an archive."""
    return read_content("a.zip", packed_of(files), **options)


def test_each_table_of_an_archive_is_read_under_its_name():
    """In any folder and case; what a system leaves in archives is passed over, what is no table is told of once."""
    sheets = read(
        {
            "data/b.CSV": TABLE,
            "__MACOSX/data/b.csv": b"x",
            "data/.hidden.csv": b"x",
            "folder.csv/": b"",
            "d.tsv": b"Item\tCoal\nSteel\t1\n",
            "readme.md": b"about",
            "z.png": b"x",
        }
    )
    assert [(sheet.file, sheet.rows) for sheet in sheets] == [
        ("a.zip/data/b.CSV", ROWS),
        ("a.zip/d.tsv", ROWS),
    ]
    (found,) = sheets[0].findings
    assert (found.rule, found.message) == (
        "sheet-kind",
        "2 files of the archive are no tables and are not read, such as readme.md",
    )
    assert sheets[1].findings == ()
    assert read({"b.csv": TABLE})[0].findings == ()
    assert sheets[0].delimiter == ","


def test_a_name_without_an_encoding_may_be_chinese():
    """As old programs wrote it; one that is none is shown as it is."""
    shown = "能源.csv".encode("gb18030").decode("cp437")
    assert packed._shown(shown) == "能源.csv"
    assert packed._shown("能源.csv") == "能源.csv"
    assert packed._shown("b.csv") == "b.csv"


def test_a_packed_file_is_named_as_what_it_holds():
    """Members that follow one another are one file."""
    (sheet,) = read_content(
        "a.csv.GZ", gzip.compress(TABLE[:10], mtime=0) + gzip.compress(TABLE[10:])
    )
    assert (sheet.file, sheet.rows) == ("a.csv.GZ", ROWS)
    assert read_content("a.csv.gz", gzip.compress(TABLE, mtime=0))[0].file == "a.csv"
    assert read_content("a.bin", gzip.compress(TABLE, mtime=0))[0].file == "a.bin"


@pytest.mark.parametrize(
    ("limit", "most", "files", "message"),
    [
        (
            "_MAX_TABLES",
            2,
            lambda more: {f"{n}.csv": TABLE for n in range(2 + more)},
            "holds 3 files, more than the 2",
        ),
        (
            "MAX_CELLS",
            8,
            lambda more: {f"{n}.csv": TABLE for n in range(2 + more)},
            "its tables up to 2.csv have more than 8 cells",
        ),
    ],
)
def test_an_archive_is_read_up_to_a_limit_and_refused_beyond(
    monkeypatch, limit, most, files, message
):
    """All its tables together."""
    monkeypatch.setattr(packed, limit, most)
    assert len(read(files(0))) == 2
    with pytest.raises(TableError, match=rf"a\.zip: {message}"):
        read(files(1))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(TABLE, mtime=0)[:-9], "it ends early"),
        (b"\x1f\x8b" + b"x" * 20, r"is damaged \("),
    ],
)
def test_a_broken_packed_file_is_told(content, message):
    """Not read in part."""
    with pytest.raises(TableError, match=rf"a\.gz: .*{message}.*download it again"):
        read_content("a.gz", content)


def test_what_is_unpacked_is_bounded(monkeypatch):
    """As much as a plain file may hold."""
    monkeypatch.setattr(packed, "MAX_FILE", len(TABLE))
    assert read_content("a.gz", gzip.compress(TABLE, mtime=0))[0].rows == ROWS
    with pytest.raises(TableError, match="unpacks to more than 0 MB; keep the table alone"):
        read_content("a.gz", gzip.compress(TABLE + b"\n", mtime=0))


def test_nothing_is_packed_twice():
    """But a workbook in an archive."""
    for inner in (gzip.compress(TABLE, mtime=0), packed_of({"b.csv": TABLE})):
        with pytest.raises(TableError, match="is packed inside a packed file"):
            read_content("a.zip", inner, is_packed=True)
    with pytest.raises(TableError, match="is packed inside a packed file"):
        read({"b.csv": packed_of({"c.csv": TABLE})})


def test_parts_are_found_whatever_their_spelling():
    """Case, strokes of either kind, the root; deflated or stored; what was packed here opens as any archive."""
    files = {"XL\\Workbook.xml": b"<workbook/>", "b": b"x" * 100}
    for content in (packed_of(files), packed_of(files, stored=True), _pack(files)):
        parts = Parts("a.xlsx", content)
        assert "/xl/workbook.xml" in parts
        assert "c" not in parts
        assert parts.unpack("xl/workbook.XML") == b"<workbook/>"
        assert parts.unpack("B") == b"x" * 100
        assert parts.is_workbook
    with zipfile.ZipFile(io.BytesIO(_pack(files))) as found:
        assert found.testzip() is None
        assert [found.read(name) for name in found.namelist()] == list(files.values())


@pytest.mark.parametrize("at", [b"PK\x03\x04", b"x" * 100])
def test_a_part_that_is_not_what_it_says_is_broken(at):
    """Another signature, other bytes: none is read."""
    content = packed_of({"b": b"x" * 100}, stored=True)
    broken = Parts("a.zip", content.replace(at, b"?" + at[1:], 1))
    with pytest.raises(ValueError, match="the part b is broken"):
        broken.unpack("b")


@pytest.mark.parametrize(
    ("limit", "most", "message"),
    [
        ("_MAX_UNPACKED", 5, r"unpacks to 0 MB in 2 parts"),
        ("_MAX_PARTS", 2, r"unpacks to 0 MB in 3 parts"),
    ],
)
def test_an_archive_that_says_it_is_large_is_refused(monkeypatch, limit, most, message):
    """By what it says of itself, before anything is unpacked."""
    monkeypatch.setattr(archive, limit, most)
    assert Parts("a.zip", packed_of({"a": b"123", "b": b"45"})).names == ["a", "b"]
    more = (
        {"a": b"123", "b": b"456"} if limit == "_MAX_UNPACKED" else {"a": b"", "b": b"", "c": b""}
    )
    with pytest.raises(TableError, match=message):
        Parts("a.zip", packed_of(more))


@pytest.mark.parametrize("xml", [b"<a><b></b>", b"<a></b>", b'<!DOCTYPE a [<!ENTITY x "y">]><a/>'])
def test_a_spreadsheet_that_is_no_whole_xml_is_damaged(xml):
    """The reader of the format would look for the end of an open table for ever; no workbook has entities."""
    with pytest.raises(TableError, match=r"a\.ods: is damaged"):
        read_content("a.ods", _pack({"content.xml": xml}))


def test_a_spreadsheet_under_a_password_is_told():
    """By its list of parts."""
    with pytest.raises(TableError, match=r"a\.ods: is password-protected"):
        read_content(
            "a.ods",
            _pack({"META-INF/manifest.xml": b"<x encryption-data/>", "content.xml": b"<a/>"}),
        )


def test_what_is_packed_here_says_nothing_but_its_parts():
    """After APPNOTE 4.3: no date, system, comment or attribute of this machine, so that equal parts are equal bytes."""
    content = _pack({"a.xml": b"<a/>", "能.xml": b""})
    assert content == _pack({"a.xml": b"<a/>", "能.xml": b""})
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.comment == b""
        for about in found.infolist():
            assert about.date_time == (1980, 1, 1, 0, 0, 0)
            assert (about.create_system, about.create_version, about.extract_version) == (0, 20, 20)
            assert (about.flag_bits, about.compress_type, about.volume) == (
                0x800,
                zipfile.ZIP_STORED,
                0,
            )
            assert (about.internal_attr, about.external_attr, about.extra, about.comment) == (
                0,
                0,
                b"",
                b"",
            )
        assert [about.filename for about in found.infolist()] == ["a.xml", "能.xml"]
    signature, *counts, _length, _place, comment = struct.unpack("<4s4H2LH", content[-22:])
    assert (signature, counts, comment) == (b"PK\x05\x06", [0, 0, 2, 2], 0)
